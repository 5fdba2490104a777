"""The layers hold: who imports whom, and which third party lives where. What a command imports: test_startup.py."""

from __future__ import annotations

import ast
import functools
import re
import sys
from pathlib import Path

import pytest

import xentcli

PACKAGE = Path(xentcli.__file__).parent

# From left to right: a module imports only from places before its own, or from its own.
LAYERS = [
    {"text", "version", "numerics"},
    {"errors"},
    {"spec", "results", "memory"},
    {"sources", "state", "gates", "render", "memory_limit"},
    {"scoring", "summary", "sinks"},
    {"columns"},
    {"alignment"},
    {"engine"},
    {"commands"},
    {"api", "cli"},
    {"xentcli", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ROOMS = {
    "pyarrow": {"sources"},
    "rich": {"cli", "render/table"},
    "typer": {"cli"},
    "shellingham": {"cli"},
    "pandas": {"results/frames", "results/evaluation"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place_of(path: Path) -> str:
    """Return the layer of a file: its folder in the package, or its own name at the top."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "xentcli" if parts == ("__init__",) else parts[0]


@functools.cache
def imports_of(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            assert node.level == 0, f"{path}: a relative import"
    return frozenset(found)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    place = place_of(path)
    assert place in RANK, f"{path} has no layer yet"
    for name in imports_of(path):
        if not name.startswith("xentcli.") or place in {"xentcli"}:
            continue
        target = name.split(".")[1]
        assert target == place or RANK[target] < RANK[place], f"{place} imports {name}, which is not on its left"


WITHOUT_FILES = [path for path in modules() if place_of(path) in {"scoring", "state", "summary"}]


@pytest.mark.parametrize("path", WITHOUT_FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_scoring_state_and_summary_know_no_files(path: Path) -> None:
    assert not any(name.startswith("xentcli.sources") for name in imports_of(path))


def modules_of(path: Path, known: set[str]) -> set[str]:
    """Return the modules of the package that a file imports, wherever in it it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found |= inside or {node.module} & known
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = {
        ".".join(("xentcli", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in modules()
    }
    left = {name: modules_of(path, set(paths)) - {name, "xentcli"} for name, path in paths.items() if name != "xentcli"}
    # What imports nothing that is left is in no circle.
    while done := {name for name, imported in left.items() if not imported & set(left)}:
        left = {name: imported for name, imported in left.items() if name not in done}
    assert sorted(left) == []


@pytest.mark.parametrize("party", sorted(ROOMS))
def test_third_parties_stay_in_their_rooms(party: str) -> None:
    importing = [path for path in modules() if any(name.split(".")[0] == party for name in imports_of(path))]
    assert importing
    for path in importing:
        inside = str(path.relative_to(PACKAGE).with_suffix(""))
        assert inside.startswith(tuple(ROOMS[party])), f"{inside} imports {party}"


NUMERIC = [path for path in modules() if place_of(path) == "numerics"] + [PACKAGE / "scoring" / "row_losses.py"]


@pytest.mark.parametrize("path", NUMERIC, ids=lambda path: path.stem)
def test_the_mathematics_sees_numpy_alone(path: Path) -> None:
    parties = {found.split(".")[0] for found in imports_of(path)} - sys.stdlib_module_names
    assert parties <= {"numpy", "xentcli"}


def test_public_names_are_sorted_and_real() -> None:
    assert xentcli.__all__ == sorted(xentcli.__all__)
    for name in xentcli.__all__:
        assert getattr(xentcli, name) is not None
    assert set(xentcli.__all__) <= set(dir(xentcli))


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'evaluation_of'"):
        _ = xentcli.evaluation_of


# An import of a private name of the package, or one that is put in the place of a private name.
PRIVATE = re.compile(r"^from xentcli\S* import .*\b_[A-Za-z]|setattr\(.*[\"'.]_[A-Za-z]", re.MULTILINE)


def test_tests_say_why_they_reach_into_private_names() -> None:
    """Beside each, or in the line before it."""
    found, bare = 0, []
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        lines = path.read_text().splitlines()
        for at, line in enumerate(lines):
            if path != Path(__file__) and PRIVATE.search(line) and "__defaults__" not in line:
                found += 1
                bare += [] if "#" in lines[at - 1] + line else [f"{path.name}:{at + 1}: {line.strip()}"]
    assert found > 20
    assert bare == []
