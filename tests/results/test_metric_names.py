"""Names of metrics: each stands for one name and no other, and every tool takes them; and every figure has one."""

from __future__ import annotations

import json
import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES, RunXent
from hypothesis import example, given
from hypothesis import strategies as st

from xentcli import EvalResult, evaluate
from xentcli.results.metric_names import escaped, metrics_of, parse_metric, to_metrics, unescaped

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
# MLflow's rule for names of metrics, and for what it could take for a path out of its folder.
MLFLOW = re.compile(r"[/\w.\- :]*")
HOSTILE = [
    ".",
    "..",
    "...",
    "",
    "a/b",
    "../../etc",
    "_x",
    "_x41",
    "_xempty",
    "_xnull",
    "=cmd()",
    "\x1b[2J",
    "漢",
    "\udcff",
]

# Names are bytes of UTF-8, or what Python makes of bytes that are none.
any_name = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=12)
    | st.binary(max_size=8).map(lambda data: data.decode("utf-8", "surrogateescape"))
)


def mlflow_takes(name: str) -> bool:
    """Say whether MLflow's check of a metric's name passes, but for its length: it takes 250 characters."""
    path = posixpath.normpath(name)
    return bool(MLFLOW.fullmatch(name)) and path == name and path != "." and not path.startswith(("..", "/"))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("cat", "cat"),
        ("A-Z_0.9", "A-Z_0.9"),
        ("a b", "a_x20b"),
        ("a/b", "a_x2Fb"),
        ("a:b", "a_x3Ab"),
        ("a=b", "a_x3Db"),
        ("é", "_xC3_xA9"),
        ("漢", "_xE6_xBC_xA2"),
        ("\x00\n", "_x00_x0A"),
        ("\udcff", "_xFF"),
        ("_x", "_x5Fx"),
        ("p_x41", "p_x5Fx41"),
        ("__x", "__x5Fx"),
        ("_X", "_X"),
        ("x_", "x_"),
        ("_", "_"),
        (".", "_x2E"),
        ("..", "_x2E_x2E"),
        ("...", "..."),
        (".a", ".a"),
        ("", "_xempty"),
        ("_xempty", "_x5Fxempty"),
        (None, "_xnull"),
        ("_xnull", "_x5Fxnull"),
    ],
    ids=ascii,
)
def test_a_name_is_written_so_and_read_back(name: str | None, part: str) -> None:
    assert escaped(name) == part
    assert unescaped(part) == name


@given(any_name | st.none())
def test_every_name_reads_back_and_is_one_part_that_all_take(name: str | None) -> None:
    part = escaped(name)
    assert unescaped(part) == name
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", part)
    assert part not in {".", ".."}
    assert mlflow_takes(f"class/{part}/loss")


@given(any_name | st.none(), any_name | st.none())
@example("_x41", "A")
@example("", "_xempty")
@example(None, "_xnull")
@example(".", "_x2E")
def test_two_names_are_never_written_the_same(one: str | None, other: str | None) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@given(st.text(alphabet="_xX.-/ aE2F5éemptynull", max_size=10) | st.text(max_size=5))
@example("_x41")
@example("_x2f")
@example("_x5F")
def test_a_part_is_read_as_the_name_that_is_written_so_or_refused(part: str) -> None:
    try:
        name = unescaped(part)
    except ValueError:
        return
    assert escaped(name) == part


@pytest.mark.parametrize("part", ["", ".", "..", "a b", "a/b", "_x2f", "_x41", "_xZZ", "_x5F", "_x", "漢"], ids=ascii)
def test_what_no_name_is_written_as_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="is no escaped name"):
        unescaped(part)


# The figures of a result ---------------------------------------------------------------------------------------


@cache
def forest(**options: Any) -> EvalResult:
    return evaluate(*FOREST, **options)


def hostile(folder: Path) -> EvalResult:
    """Return slices by two columns and classes with hostile names, of probabilities of the label alone."""
    names = [name for name in HOSTILE if name not in {"", "\udcff"}]
    columns = {
        "p": [0.5] * len(names) * 2,
        "label": names * 2,
        "a/b": [*names, *[None] * len(names)],
        "_x": [""] * len(names) * 2,
        "bytes": [2] * len(names) * 2,
    }
    pq.write_table(pa.table(columns), folder / "p.parquet")
    return evaluate(folder / "p.parquet", input="label-probs", pred="p", label="label", by="a/b,_x", per="bytes")


def undefined(folder: Path) -> EvalResult:
    """Return a result with an infinite loss, a class without rows and slices without intervals."""
    columns = {"p_a": [0.0, 0.5], "p_b": [1.0, 0.5], "p_c": [0.0, 0.0], "label": ["a", "a"], "s": ["x", "y"]}
    pq.write_table(pa.table(columns), folder / "p.parquet")
    return evaluate(folder / "p.parquet", by="s", clip="none")


CASES = {
    "ten classes": lambda _: forest(),
    "slices": lambda _: forest(by="half", weight="weight", per="weight"),
    "infinite": lambda _: forest(by="half", clip="none"),
    "hostile": hostile,
    "undefined": undefined,
}


def numbers_in(result: EvalResult) -> Iterator[tuple[str, float]]:
    """Yield every number in the JSON of a result, by the name that it should have."""
    data = result.to_dict()
    parts: list[tuple[str, dict[str, Any]]] = [("", data["overall"])]
    parts += [(f"class/{escaped(one['class'])}/", one) for one in data["classes"]]
    for one in data.get("slices", ()):
        start = "/".join(["slice", *(escaped(part) for pair in one["by"].items() for part in pair)]) + "/"
        parts += [(start, one), (start, one["overall"])]
    for start, entry in parts:
        per = entry.get("loss_per") or {}
        figures = entry | {f"loss_per_{name}": value for name, value in per.items()}
        yield from ((start + name, value) for name, value in figures.items() if isinstance(value, int | float))


@pytest.mark.parametrize("case", CASES)
def test_every_number_of_json_is_a_metric_and_nothing_else_is(case: str, tmp_path: Path) -> None:
    result = CASES[case](tmp_path)
    expected = list(numbers_in(result))
    assert to_metrics(result) == dict(expected)
    assert len(to_metrics(result)) == len(expected)


@pytest.mark.parametrize("case", CASES)
def test_gates_and_mlflow_take_every_name(case: str, tmp_path: Path) -> None:
    result = CASES[case](tmp_path)
    names = [name for name, _ in metrics_of(result)]
    assert len(names) == len(set(names))
    for name in names:
        assert parse_metric(name, "--max", result.settings.by).name == name
        assert mlflow_takes(name)
        assert name.isascii()


def test_what_is_undefined_or_infinite_is_not_there(tmp_path: Path) -> None:
    found = to_metrics(undefined(tmp_path))
    everything = dict(metrics_of(undefined(tmp_path)))
    assert {name for name, value in everything.items() if value in (math.inf, -math.inf)} >= {"loss", "class/a/loss"}
    assert not {"loss", "loss_sum", "class/a/loss", "class/c/loss", "slice/s/x/loss", "loss_low"} & set(found)
    # Nothing is 0 that is not.
    assert (found["class/c/rows"], found["class/c/predicted_share"]) == (0, 0.0)
    assert (found["slice/s/y/loss"], found["slice/s/y/rows"]) == (math.log(2), 1)
    assert all(math.isfinite(value) for value in found.values())


def test_the_metrics_of_a_class_and_a_slice_have_their_names(tmp_path: Path) -> None:
    result = hostile(tmp_path)
    found = to_metrics(result)
    assert found["loss"] == found["class/_x2E_x2E/loss"] == math.log(2)
    assert found["slice/a_x2Fb/_xnull/_x5Fx/_xempty/rows"] == len(result.classes)
    assert found["slice/a_x2Fb/.../_x5Fx/_xempty/rows"] == 1
    assert found["loss_per_value"] == math.log(2) / 2


def test_the_format_is_one_flat_object_in_the_order_of_the_result(run_xent: RunXent) -> None:
    ran = run_xent("eval", *FOREST, "--by", "half", "-f", "metrics")
    found = json.loads(ran.stdout)
    assert (ran.code, found) == (0, to_metrics(forest(by="half")))
    kinds = [name.split("/")[0] if "/" in name else "" for name in found]
    assert list(dict.fromkeys(kinds)) == ["", "class", "slice"]
    assert kinds == sorted(kinds)
    classes = [name.split("/")[1] for name in found if name.startswith("class/")]
    assert list(dict.fromkeys(classes)) == [entry.class_ for entry in forest().classes]
    assert ran.stdout.startswith('{\n  "rows": 809,\n  "weight": 809.0,\n  "loss": ')
    assert ran.stdout.endswith("\n}\n")
    assert ran.stderr.startswith("warning: 1 row gives the label less than 2.22e-16")


def test_a_name_that_no_stream_could_carry_is_ascii() -> None:
    result = forest()
    classes = tuple(replace(entry, class_=f"漢\udcff{at}") for at, entry in enumerate(result.classes))
    names = set(to_metrics(replace(result, classes=classes)))
    assert "class/_xE6_xBC_xA2_xFF3/loss" in names
