"""The docs are true: examples run, transcripts are what is printed, every option and figure is described."""

from __future__ import annotations

import csv
import doctest
import importlib.util
import inspect
import io
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from test_imports import LAYERS

import xentcli
from xentcli import EvalResult, evaluate
from xentcli.render.csv import render
from xentcli.render.formats import Format, InspectFormat
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.figures import ClassResult, Overall, keys_of
from xentcli.results.metric_names import escaped, metrics_of
from xentcli.results.verdicts import BaselineResult, Change

ROOT = Path(__file__).parent.parent
FILES = (ROOT / "sample_data" / "digits_forest.csv", ROOT / "sample_data" / "digits_labels.csv")
# Modules with examples in their docstrings; of helpers of the tests, their own tests run them.
MODULES = sorted(
    name
    for name in ("xentcli", *(info.name for info in pkgutil.walk_packages(xentcli.__path__, "xentcli.")))
    if ">>> " in inspect.getsource(importlib.import_module(name))
)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def pages_that_are_made() -> list[str]:
    spec = importlib.util.spec_from_file_location("readme_blocks", ROOT / "docs" / "readme_blocks.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: list[str] = module.PAGES
    return pages


# Those of many runs.
LONG = {"docs/formats.md", "docs/rules.md", "docs/shapes.md", "docs/tutorial.md"}
PAGES = [pytest.param(page, marks=[pytest.mark.slow] if page in LONG else []) for page in pages_that_are_made()]


def test_every_page_with_a_transcript_is_held_against_what_is_printed() -> None:
    with_transcripts = {
        str(page.relative_to(ROOT))
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        if "\n```console\n" in page.read_text()
    }
    assert with_transcripts <= set(pages_that_are_made())


@pytest.mark.parametrize("page", PAGES)
def test_transcripts_and_the_page_of_commands_are_what_is_printed(page: str) -> None:
    done = subprocess.run(
        [sys.executable, "docs/readme_blocks.py", "--check", page],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_readme_python_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_every_figure_is_defined() -> None:
    page = (ROOT / "docs" / "definitions.md").read_text()
    for field in [*fields(Overall), *fields(ClassResult)]:
        if field.name != "class_":
            assert f"`{field.name}`" in page, field.name


def test_every_warning_and_name_in_the_schema_is_described() -> None:
    schema = json.loads((Path(xentcli.__file__).parent / "schema" / "result.schema.json").read_text())
    codes = schema["properties"]["warnings"]["items"]["properties"]["code"]["enum"]
    page = (ROOT / "docs" / "definitions.md").read_text()
    assert all(f"`{code}`" in page for code in codes)


def cells(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under those headings."""
    below = page.partition(heading + "\n")[2].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in below]


def test_the_page_of_formats_has_them_all() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    rows = cells(page, "| `-f` | who reads it | of `eval` | of `inspect` |")
    assert {row[0].strip("`") for row in rows} == {str(form) for form in Format}
    assert {row[0].strip("`") for row in rows if row[3]} == {str(form) for form in InspectFormat}


def test_the_columns_of_csv_are_described_and_filled_as_the_page_says() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    rows = cells(page, "| columns | filled in | there with |")
    described = {
        name: kinds.split(", ") for row in rows for name in re.findall("`([a-z_]+)`", row[0]) for kinds in [row[1]]
    }
    result = evaluate(*FILES, by="half", per="weight")
    baseline = BaselineResult("old.json", 1, False, (), tuple(changes(result)))
    headings, *records = csv.reader(io.StringIO(render(replace(result, baseline=baseline), Screen(), ListingOptions())))
    del described["by_"]
    for kind, part in (("class", "classes"), ("overall", "overall")):
        described |= dict.fromkeys(set(keys_of(kind)) - set(described), described.pop(part))
    assert set(headings) - {"half"} == set(described)
    filled: dict[str, set[str]] = {name: set() for name in headings}
    for record in records:
        for name, cell in zip(headings, record, strict=True):
            if cell:
                filled[name].add(record[0])
    assert {name: filled[name] for name in described} == {name: set(kinds) for name, kinds in described.items()}
    assert filled["half"] == {"slice", "slice-class"}


def changes(result: EvalResult) -> Iterator[Change]:
    """Yield a change of each loss that can have one."""
    for name, value in metrics_of(result):
        if name.endswith("/loss") or name == "loss":
            yield Change(name, value, value, 0.0, 0.5)


def test_the_names_of_metrics_are_written_as_the_page_says() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    rows = cells(page, "| name | written |")
    words: dict[str, str | None] = {"the empty text": "", "a missing value": None}
    assert len(rows) == 9
    for name, written in rows:
        assert escaped(words.get(name, name.strip("`"))) == written.strip("`")


def test_python_on_the_page_of_formats_runs(tmp_path: Path) -> None:
    (block,) = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs" / "formats.md").read_text(), re.MULTILINE | re.DOTALL
    )
    (tmp_path / "figures.csv").write_text(render(evaluate(*FILES, by="half"), Screen(), ListingOptions()))
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[1] for line in done.stdout.splitlines()[1:]] == ["nine", "eight", "three"]


def test_the_version_is_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", xentcli.__version__)
    assert 'path = "xentcli/version.py"' in (ROOT / "pyproject.toml").read_text()


# What takes names of distributions, with `xent` among them; what runs a command from the one that it names is none.
RUN_FROM = re.compile(r"--(?:spec|from)[ =](?:xentcli|\.) +xent\b")
INSTALLS = re.compile(
    r"\b(?:(?:pip3?|pipx|uv|uvx|conda|mamba|poetry|pdm|hatch)[ \t][^\n|;&`]*?|install\s+)['\"]?xent(?![\w./:-])"
)
# The same as a requirement: `"xent[test]"`, `xent>=0.1`, an item of a list.
REQUIRES = re.compile(
    r"(?<![\w.-])xent(?:\[\w+\]|\s*(?:[=~!]=|[<>]=?)\s*\d)|(?:dependencies|requirements)[^\n]*\bxent\b"
)


def installs_the_other_xent(text: str) -> list[str]:
    """Return where a text would have a package manager fetch `xent`, which on PyPI is another project."""
    text = RUN_FROM.sub("", text.replace("\\-", "-"))
    return [match.group() for pattern in (INSTALLS, REQUIRES) for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("pip install xent", "pip install --quiet 'xent[test]'", "python -m pip install numpy xent==0.1.0"),
        *("pipx run xent eval p.csv", "pipx install xent", "uvx xent", "uv tool install xent", "uv add xent"),
        *(
            "pip install\nxent",
            "additional_dependencies: [xent]",
            'dev = ["xent[test]"]',
            "xent>=0.1",
            "conda install xent",
        ),
        "pip install \\-\\-quiet xent",
    ],
)
def test_what_would_fetch_the_other_xent_is_seen(text: str) -> None:
    assert installs_the_other_xent(f"Say `{text}` first.")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pip install xentcli\nxent eval p.csv",
            "pip install xentcli && xent eval p.csv",
            "pipx run --spec xentcli xent",
        ),
        *(
            "uvx --from xentcli xent eval p.csv",
            "pipx run --spec . xent",
            "pip install --quiet . && .venv/bin/xent eval",
        ),
        "xent --install-completion",
    ],
)
def test_what_fetches_xentcli_is_not(text: str) -> None:
    assert not installs_the_other_xent(text)


def test_nothing_says_to_install_the_other_xent() -> None:
    texts = [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *ROOT.glob("*.txt"), ROOT / ".ci" / "run"]
    for folder, endings in {
        "docs": ("md", "py", "1"),
        "sample_data": ("md", "py"),
        "benchmarks": ("py",),
        "xentcli": ("py",),
    }.items():
        texts += [path for ending in endings for path in sorted((ROOT / folder).rglob(f"*.{ending}"))]
    found = {str(path.relative_to(ROOT)): installs_the_other_xent(path.read_text()) for path in texts}
    assert len(found) > 100
    assert not {name: said for name, said in found.items() if said}


def test_the_distribution_is_xentcli_and_its_command_xent() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (project["name"], list(project["scripts"])) == ("xentcli", ["xent"])


def test_links_lead_somewhere() -> None:
    followed = 0
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
            followed += 1
        for target, place in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
            headings = re.findall(r"^#+ (.*)$", (page.parent / (target or page.name)).read_text(), re.MULTILINE)
            names = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert place in names, f"{page.name} links to {target}#{place}"
    assert followed > 100


# A file by its path in the package or in the project, anywhere in a page; a folder, where it is set as code.
NAMED = re.compile(r"(?<![\w./])(?:(?:\w+/)*[\w.]+\.(?:py|json)\b|(?<=`)(?:\w+/)+(?=`))")


@pytest.mark.parametrize("name", ["architecture.md", "decisions.md"])
def test_files_and_folders_that_a_page_names_exist(name: str) -> None:
    named = set(NAMED.findall((ROOT / "docs" / name).read_text()))
    assert len(named) > 30
    there = {
        str(path.relative_to(top)) + "/" * path.is_dir()
        for top in (ROOT, ROOT / "xentcli")
        for room in ("xentcli", "tests", "docs")
        for path in [ROOT / room, *(ROOT / room).rglob("*")]
        # A folder of which only caches are left is gone.
        if path.is_relative_to(top) and (path.is_file() or any(path.glob("*.py")))
    }
    assert named <= there, sorted(named - there)


def packages_by_layer() -> list[set[str]]:
    """Return the packages and modules that the page has for each layer, as paths in the package."""
    layers: list[set[str]] = []
    for number, names, _ in cells(
        (ROOT / "docs" / "architecture.md").read_text(), "| layer | package | what is in it |"
    ):
        if number:
            layers.append(set())
            assert int(number) == len(layers)
        layers[-1] |= set(re.findall("`([^`]+)`", names))
    return layers


def test_every_package_and_every_module_beside_them_has_a_line_in_the_page_of_the_architecture() -> None:
    package = ROOT / "xentcli"
    packages = {f"{path.parent.relative_to(package)}/" for path in package.rglob("*/__init__.py")}
    assert set().union(*packages_by_layer()) == packages | {path.name for path in package.glob("*.py")}


def test_the_layers_of_the_page_are_those_that_imports_are_held_to() -> None:
    shown = [{name.partition("/")[0].removesuffix(".py") for name in names} for names in packages_by_layer()]
    assert shown == [{"__init__" if name == "xentcli" else name for name in layer} for layer in LAYERS]


def test_no_page_has_a_gap_left_to_fill() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "sample_data").glob("*.md")]
    assert len(pages) >= 9
    for page in pages:
        assert "@@" not in page.read_text(), page
