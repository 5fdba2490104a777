"""Every shape of the same rows gives the same bits as the plain one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evaluated import Result, same_every_run, same_everywhere
from forms import write_form

from xentcli import EvalResult, evaluate

NAMES = ["ant", "bee", "cat"]
ROWS = 29
# Every chunking with every number of threads is in test_routes.py.
ROUTES = [(1, 2), (7, 1), (None, 2)]
Columns = dict[str, list[Any]]


def made(seed: int = 0, rows: int = ROWS) -> tuple[list[list[float]], list[int], Columns]:
    """Return probabilities that float32 holds exactly and sum to 1, labels, and weights, counts and slices."""
    rng = np.random.default_rng(seed)
    sixteenths = np.array([rng.multinomial(16, rng.dirichlet([0.8] * 3)) for _ in range(rows)]) / 16.0
    rest: Columns = {
        "w": rng.choice([0.0, 0.1, 1.0, 2.5], rows).tolist(),
        "n": rng.integers(0, 4, rows).tolist(),
        "g": [["x", "y", None][at] for at in rng.integers(0, 3, rows)],
    }
    return sixteenths.tolist(), rng.integers(0, 3, rows).tolist(), rest


P, Y, REST = made()
COLUMNS: Columns = {name: [row[k] for row in P] for k, name in enumerate(NAMES)}
LABEL: Columns = {"label": [NAMES[label] for label in Y]}


def every_route(*paths: Any, **options: Any) -> EvalResult:
    """Return the result, after asserting that chunks and threads do not change it."""
    result = evaluate(*paths, **options)
    for chunk, threads in ROUTES:
        other = evaluate(*paths, chunk_rows=chunk, jobs=threads, **options)
        assert same_every_run(other.to_dict()) == same_every_run(result.to_dict()), (chunk, threads)
    return result


def figures(result: EvalResult, *without: str) -> Result:
    """Return a result without how classes are called and settings, which shapes may change."""
    plain = same_everywhere(result.to_dict())
    plain["classes"] = [{key: value for key, value in one.items() if key != "class"} for one in plain["classes"]]
    return {key: value for key, value in plain.items() if key not in {"settings", *without}}


@pytest.fixture
def plain(tmp_path: Path) -> EvalResult:
    """Return the result of columns of probabilities and names of labels, both in CSV."""
    paths = write_form(COLUMNS, str(tmp_path / "plain.csv")), write_form(LABEL, str(tmp_path / "plain_y.csv"))
    return every_route(*paths)


# Predictions -------------------------------------------------------------------------------------


def lists(kind: pa.DataType) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        pq.write_table(pa.table({"p": pa.array(P, kind)}), folder / "p.parquet", row_group_size=5)
        return str(folder / "p.parquet")

    return write


def text(ending: str, sign: str = ",", decimal: str = ".", header: bool = True) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        records = [NAMES] * header + [[repr(value).replace(".", decimal) for value in row] for row in P]
        content = "".join(sign.join(record) + "\n" for record in records).encode()
        (folder / f"p.{ending}").write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
        return str(folder / f"p.{ending}")

    return write


def typed(kind: pa.DataType) -> Callable[[Path], str]:
    return lambda folder: write_form(COLUMNS, str(folder / "p.parquet"), dict.fromkeys(NAMES, kind))


def permuted(*order: int) -> Callable[[Path], str]:
    return lambda folder: write_form({NAMES[k]: COLUMNS[NAMES[k]] for k in order}, str(folder / "p.jsonl"))


def prefixed(folder: Path) -> str:
    return write_form({f"p_{name}": COLUMNS[name] for name in NAMES}, str(folder / "p.csv"))


CLASSES = {"classes": NAMES}
NO_HEADER = {"no_header": True, "classes": NAMES}


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("write", "options"),
    [
        pytest.param(lists(pa.list_(pa.float64())), CLASSES, id="lists"),
        pytest.param(lists(pa.large_list(pa.float64())), CLASSES, id="large-lists"),
        pytest.param(lists(pa.list_(pa.float32())), CLASSES, id="lists-of-float32"),
        pytest.param(lists(pa.list_(pa.float64(), 3)), CLASSES, id="lists-of-one-size"),
        pytest.param(lambda folder: write_form({"p": P}, str(folder / "p.jsonl")), CLASSES, id="JSON-Lines-lists"),
        pytest.param(lambda folder: write_form(COLUMNS, str(folder / "p.jsonl")), {}, id="JSON-Lines"),
        pytest.param(text("csv", header=False), NO_HEADER, id="no-header"),
        pytest.param(text("tsv", "\t"), {}, id="TSV"),
        pytest.param(text("csv", ";", ","), {"delimiter": ";", "decimal": ","}, id="decimal-comma"),
        pytest.param(text("csv.gz"), {}, id="gzip"),
        pytest.param(typed(pa.float64()), {}, id="float64"),
        pytest.param(typed(pa.float32()), {}, id="float32"),
        pytest.param(typed(pa.float16()), {}, id="float16"),
        pytest.param(permuted(2, 0, 1), {}, id="permuted"),
        pytest.param(permuted(1, 0, 2), {}, id="swapped"),
        pytest.param(prefixed, {}, id="prefixed"),
    ],
)
def test_predictions_of_every_shape(
    write: Callable[[Path], str], options: dict[str, Any], plain: EvalResult, tmp_path: Path
) -> None:
    y = write_form(LABEL, str(tmp_path / "y.parquet"))
    result = every_route(write(tmp_path), y, **options)
    assert [one.class_ for one in result.classes] == NAMES
    assert figures(result) == figures(plain)
    assert result.inputs.rows_fingerprint == plain.inputs.rows_fingerprint


# Labels ------------------------------------------------------------------------------------------

ONE_HOT = [[float(k == label) for k in range(3)] for label in Y]
HOT_COLUMNS: Columns = {f"y_{name}": [row[k] for row in ONE_HOT] for k, name in enumerate(NAMES)}
INDEX: Columns = {"label": Y}


@pytest.mark.one_in_three
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("columns", "options"),
    [
        pytest.param(LABEL, {"label_kind": "name"}, id="names"),
        pytest.param(INDEX, {"label_kind": "index"}, id="indices"),
        pytest.param(HOT_COLUMNS, {"label": [f"y_{name}" for name in NAMES]}, id="one-hot"),
        pytest.param(HOT_COLUMNS, {"label": "y_*"}, id="one-hot-by-pattern"),
        pytest.param({"label": ONE_HOT}, {}, id="one-hot-lists"),
    ],
)
@pytest.mark.parametrize(
    "more", [{}, {"weight": "w"}, {"by": "g"}, {"class_weight": "ant=2,cat=0.5"}, {"label_smoothing": 0.1}]
)
def test_labels_of_every_shape(
    columns: Columns, options: dict[str, Any], form: str, more: dict[str, Any], tmp_path: Path
) -> None:
    if form == "csv" and isinstance(next(iter(columns.values()))[0], list):
        form = "parquet"
    p = write_form(COLUMNS, str(tmp_path / "p.csv"))
    y = write_form({**columns, **REST}, str(tmp_path / f"y.{form}"))
    named = write_form({**LABEL, **REST}, str(tmp_path / "named.csv"))
    expected = evaluate(p, named, label="label", **more)
    result = every_route(p, y, **{"label": "label", **options}, **more)
    assert result.overall == expected.overall
    assert (result.classes, result.slices) == (expected.classes, expected.slices)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_booleans_are_the_two_classes(form: str, tmp_path: Path) -> None:
    p = write_form({"p": [row[0] for row in P]}, str(tmp_path / "p.csv"))
    expected = evaluate(p, write_form({"label": [int(label == 0) for label in Y]}, str(tmp_path / "y.csv")))
    result = every_route(p, write_form({"label": [label == 0 for label in Y]}, str(tmp_path / f"b.{form}")))
    assert [one.class_ for one in result.classes] == ["false", "true"]
    assert figures(result, "warnings") == figures(expected, "warnings")


@pytest.mark.parametrize("options", [{}, {"weight": "w"}, {"by": "g"}, {"class_weight": {"bee": 3.0}}, {"per": "n"}])
def test_the_probability_of_the_label_is_charged_as_that_of_all_classes(
    options: dict[str, Any], tmp_path: Path
) -> None:
    alone = {"p": [row[label] for row, label in zip(P, Y, strict=True)]}
    y = write_form({**LABEL, **REST}, str(tmp_path / "y.csv"))
    expected = evaluate(write_form(COLUMNS, str(tmp_path / "p.csv")), y, label="label", **options)
    result = every_route(
        write_form(alone, str(tmp_path / "alone.csv")), y, label="label", input="label-probs", **options
    )
    same = ("rows", "weight", "loss", "loss_sum", "loss_se", "loss_low", "loss_high", "macro_loss", "effective_rows")
    for name in (*same, "loss_per", "clipped_rows", "clipped_loss_share", "prior_entropy", "skill"):
        assert getattr(result.overall, name) == getattr(expected.overall, name), name
    for one, two in zip(result.classes, expected.classes, strict=True):
        for name in ("class_", "rows", "weight", "loss", "loss_se", "loss_share", "loss_ratio", "label_probability"):
            assert getattr(one, name) == getattr(two, name), name
    for mine, yours in zip(result.slices or (), expected.slices or (), strict=True):
        assert (mine.by, mine.overall.loss, mine.loss_share) == (yours.by, yours.overall.loss, yours.loss_share)
    # Logarithms round once more than probabilities do.
    with np.errstate(divide="ignore"):
        logarithms = {"p": [float(np.log(value)) if value else -800.0 for value in alone["p"]]}
    path = write_form(logarithms, str(tmp_path / "logarithms.csv"))
    logs = every_route(path, y, label="label", input="label-logprobs", clip=2.0**-52, **options)
    assert logs.overall.loss == pytest.approx(expected.overall.loss, rel=1e-15)
    losses = [one.loss for one in logs.classes]
    assert losses == pytest.approx([one.loss for one in expected.classes], rel=1e-15)


# Weights and rows --------------------------------------------------------------------------------


def taken(columns: Columns, rows: list[int]) -> Columns:
    return {name: [values[row] for row in rows] for name, values in columns.items()}


def evaluated(folder: Path, rows: list[int] | None = None, labels: Columns | None = None, **options: Any) -> EvalResult:
    """Return the result of some rows, with every column that options may name."""
    rows = list(range(ROWS)) if rows is None else rows
    p = write_form(taken(COLUMNS, rows), str(folder / "some_p.parquet"))
    y = write_form(taken({**(labels or LABEL), **REST}, rows), str(folder / "some_y.csv"))
    return every_route(p, y, label="label", **options)


@pytest.mark.parametrize("options", [{}, {"by": "g"}, {"class_weight": {"ant": 2.0}}, {"label_smoothing": 0.2}])
def test_a_count_is_so_many_equal_rows(options: dict[str, Any], tmp_path: Path) -> None:
    repeated = [row for row in range(ROWS) for _ in range(REST["n"][row])]
    result = evaluated(tmp_path, weight="n", weight_kind="count", **options)
    expected = evaluated(tmp_path, repeated, **options)
    numbers = {"rows", "zero_weight_rows", "tied_rows", "clipped_rows", "snapped_values", "predicted_rows"}

    def without(found: Any) -> Any:
        if isinstance(found, dict):
            return {key: without(value) for key, value in found.items() if key not in numbers}
        return [without(value) for value in found] if isinstance(found, list) else found

    kept = ("overall", "classes", "slices")
    mine, yours = (without(one.to_dict()) for one in (result, expected))
    assert {name: mine.get(name) for name in kept} == {name: yours.get(name) for name in kept}


@pytest.mark.parametrize("options", [{}, {"weight": "w"}, {"by": "g"}])
def test_ignored_rows_are_as_rows_that_are_not_there(options: dict[str, Any], tmp_path: Path) -> None:
    chosen = [row for row in range(ROWS) if row % 4]
    labels = {"label": [NAMES[label] if row % 4 else ["-100", ""][row % 8 == 0] for row, label in enumerate(Y)]}
    result = evaluated(tmp_path, labels=labels, ignore="-100", missing="drop", **options).to_dict()
    expected = evaluated(tmp_path, chosen, **options).to_dict()
    left_out = {"ignored_rows", "dropped_rows"}
    assert (result["overall"]["ignored_rows"], result["overall"]["dropped_rows"]) == (4, 4)
    for one in (result, expected):
        for overall in (one["overall"], *(each["overall"] for each in one.get("slices", []))):
            for name in left_out:
                overall.pop(name)
    for name in ("overall", "classes", "slices"):
        assert result.get(name) == expected.get(name)


@pytest.mark.parametrize("options", [{}, {"weight": "w"}, {"class_weight": {"bee": 3.0}}, {"label_smoothing": 0.1}])
def test_slices_are_their_rows_alone_and_together_the_whole(options: dict[str, Any], tmp_path: Path) -> None:
    result = evaluated(tmp_path, by="g", **options)
    whole = evaluated(tmp_path, **options)
    assert (result.overall, result.classes) == (whole.overall, whole.classes)
    slices = result.slices or ()
    assert [one.by["g"] for one in slices] == ["x", "y", None]
    for one in slices:
        alone = evaluated(tmp_path, [row for row in range(ROWS) if REST["g"][row] == one.by["g"]], **options)
        assert one.overall == alone.overall
        mine, yours = (
            [
                {key: value for key, value in each.items() if "share" not in key and key != "loss_ratio"}
                for each in classes
                if each["rows"]  # a slice has the classes that it has rows of
            ]
            for classes in (
                next(each for each in result.to_dict()["slices"] if each["by"] == one.by)["classes"],
                alone.to_dict()["classes"],
            )
        )
        assert mine == yours
    assert sum(one.overall.rows for one in slices) == whole.overall.rows
    assert sum(one.loss_share or 0.0 for one in slices) == pytest.approx(1.0, rel=1e-15)


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "idle",
    [{"class_weight": {"ant": 1.0, "bee": 1, "cat": 1.0}}, {"class_weight": {"ant": 1}}, {"label_smoothing": 0.0}],
)
@pytest.mark.parametrize("options", [{}, {"weight": "w"}, {"by": "g"}, {"unit": "bits"}])
def test_options_that_change_nothing_change_nothing(
    idle: dict[str, Any], options: dict[str, Any], tmp_path: Path
) -> None:
    result, expected = evaluated(tmp_path, **idle, **options), evaluated(tmp_path, **options)
    assert figures(result) == figures(expected)
    assert result.inputs.rows_fingerprint == expected.inputs.rows_fingerprint


# Many labels and slices --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "labels", "slices"), [(7_000, 5_000, 30), pytest.param(60_000, 50_000, 300, marks=pytest.mark.slow)]
)
def test_thousands_of_labels_in_many_slices_add_up(rows: int, labels: int, slices: int, tmp_path: Path) -> None:
    """Labels as language models have them: every token is a class, every document a slice."""
    rng = np.random.default_rng(5)
    tokens = np.concatenate([np.arange(labels), rng.integers(0, labels, rows - labels)])
    documents = rng.integers(0, slices, rows)
    p = rng.uniform(1e-6, 1.0, rows)
    table = pa.table({"p": p, "label": tokens, "doc": [f"d{at:03d}" for at in documents.tolist()]})
    pq.write_table(table, tmp_path / "p.parquet")
    path = str(tmp_path / "p.parquet")
    options: dict[str, Any] = {"input": "label-probs", "by": "doc"}
    result, other = evaluate(path, jobs=2, **options), evaluate(path, jobs=1, chunk_rows=999, **options)
    assert (result.overall, result.classes) == (other.overall, other.classes)
    assert [one.overall for one in result.slices or ()] == [one.overall for one in other.slices or ()]
    found = result.slices or ()
    assert (len(result.classes), len(found), result.overall.rows) == (labels, slices, rows)
    assert [one.class_ for one in result.classes[:3]] == ["0", "1", "2"]
    assert result.overall.loss == pytest.approx(float(-np.log(p).mean()), rel=1e-13)
    assert sum(one.overall.rows for one in found) == rows
    assert sum(one.overall.loss_sum or 0.0 for one in found) == pytest.approx(result.overall.loss_sum, rel=1e-13)
    assert sum(one.rows for one in result.classes) == rows
    for at in (0, slices - 1):
        mine = documents == at
        assert found[at].overall.loss == pytest.approx(float(-np.log(p[mine]).mean()), rel=1e-13)
        assert len(found[at].classes) == len(set(tokens[mine].tolist()))
        assert sum(one.rows for one in found[at].classes) == mine.sum()
