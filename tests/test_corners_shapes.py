"""Corners of keys, slices, distributions and labels that no plain case comes to."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scored import random_rows, varied_rows

import xentcli.alignment.batch_maker
from xentcli import UsageError, XentError, evaluate
from xentcli.alignment.slice_index import Combinations
from xentcli.columns.label_mapper import LabelPlace
from xentcli.columns.label_only import LabelOnly
from xentcli.engine.local import workers
from xentcli.results.figures import Later
from xentcli.sources.csv.source import CsvSource
from xentcli.sources.files.input_file import InputFile
from xentcli.spec.dialect import Dialect
from xentcli.state import class_pairs as pairs
from xentcli.state.class_pairs import MOST_CLASSES, PairsState


def write(folder: Path, **tables: dict[str, Any]) -> list[str]:
    for name, table in tables.items():
        pq.write_table(pa.table(table), folder / f"{name}.parquet")
    return [str(folder / f"{name}.parquet") for name in tables]


def refusal(*paths: str, **options: Any) -> str:
    with pytest.raises(XentError) as caught:
        evaluate(*paths, **options)
    return str(caught.value)


def test_every_label_is_a_class_where_only_its_probability_is_known(tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("label\na\n")
    source = CsvSource(InputFile(str(tmp_path / "y.csv"), 1), Dialect())
    mapper = LabelOnly("p", LabelPlace(source, "label"), {})
    assert mapper.could_name("anything")
    assert mapper.nearly() == (set(), "", "")
    assert mapper.headless_if_apt() is None
    assert not mapper._names_are_columns()
    source.close()


def test_what_is_made_later_is_a_sequence_like_any_other() -> None:
    made: list[int] = []

    def make() -> tuple[str, ...]:
        made.append(1)
        return ("a", "b")

    later = Later(make)
    assert not made
    assert (len(later), later[0], later[1:], list(later)) == (2, "a", ("b",), ["a", "b"])
    assert later == ("a", "b")
    assert later != ("a",)
    assert later != 3
    assert hash(later) == hash(("a", "b"))
    assert repr(later) == "('a', 'b')"
    assert made == [1]


def test_an_interrupt_does_not_wait_for_what_is_under_way() -> None:
    with pytest.raises(KeyboardInterrupt), workers(1) as pool:
        pool.submit(int)
        raise KeyboardInterrupt


@pytest.mark.parametrize("sizes", [(3, 4), (1 << 11, 1 << 11)])
def test_combinations_are_numbered_in_the_order_of_their_first_rows(sizes: tuple[int, int]) -> None:
    found = Combinations()
    one, two = np.array([2, 0, 2, 1]), np.array([1, 3, 1, 1])
    assert found.numbers([one, two], sizes, 10).tolist() == [0, 1, 0, 2]
    assert found.tuples == [(2, 1), (0, 3), (1, 1)]
    assert found.numbers([one[::-1], two[::-1]], sizes, 10).tolist() == [2, 0, 1, 0]
    # Above `most` the rows before the first new one are given.
    assert found.numbers([np.array([1, 0, 1]), np.array([1, 0, 1])], sizes, 3).tolist() == [2]


def test_pairs_of_slices_and_labels_have_a_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xentcli.alignment.batch_maker, "MOST_CELLS", 3)
    path = write(tmp_path, p={"p": [0.5] * 4, "label": ["a", "b", "c", "d"], "doc": ["x", "x", "y", "y"]})[0]
    said = {refusal(path, pred="p", input="label-probs", by="doc", chunk_rows=chunk) for chunk in (1, 3, None)}
    assert said == {
        f"{path}, record 4, column 'doc': there are more than 3 pairs of a slice and a label\n  Choose columns "
        f"with fewer "
        "values."
    }


def test_products_of_parts_are_added_up_where_slices_would_take_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limit is small, so that few slices are beyond it.
    monkeypatch.setattr(pairs, "_MOST_SUMS", 20)
    sliced = varied_rows(4, 30, "soft sliced")
    plain = replace(sliced, slices=None)
    few, whole = PairsState(3), PairsState(3)
    few.update(sliced.scored())
    whole.update(plain.scored())
    assert few.totals() == whole.totals() | {"by_slice": []}
    # One that has met few slices so far joins one that has given up telling them apart.
    monkeypatch.setattr(pairs, "_MOST_SUMS", 1 << 16)
    other = PairsState(3)
    other.update(sliced.scored())
    doubled = whole.merge(whole).totals()
    assert few.merge(other).totals()["pairs"] == other.merge(few).totals()["pairs"] == doubled["pairs"]


def test_products_of_parts_are_left_out_for_many_classes() -> None:
    state = PairsState(MOST_CLASSES + 1)
    state.update(random_rows(1, 5, MOST_CLASSES + 1).scored())
    assert state.of() is None
    assert state.totals() == {}
    assert state.merge(state.empty()).of() is None


def test_distributions_over_many_classes_have_a_skill_without_an_error(tmp_path: Path) -> None:
    k = MOST_CLASSES + 1
    rng = np.random.default_rng(2)
    p, y = rng.dirichlet(np.ones(k), 30), rng.dirichlet(np.ones(k), 30)
    tables = [{f"{side}_{at:02d}": part[:, at] for at in range(k)} for side, part in (("p", p), ("y", y))]
    result = evaluate(*write(tmp_path, p=tables[0], y=tables[1]), label="y_*")
    assert result.overall.skill is not None
    assert result.overall.skill_se is None
    assert result.overall.loss_se is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"classes": ["a", "b"]}, "--classes names 2 classes, but there are 3 predictions a row"),
        ({"label_kind": "name"}, "--label-kind is name, but the predictions have no names; give them with --classes"),
    ],
)
def test_options_that_do_not_fit_lists(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    paths = write(tmp_path, p={"p": [[0.2, 0.3, 0.5]]}, y={"label": ["0"]})
    with pytest.raises(UsageError) as caught:
        evaluate(*paths, **options)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            [0.5, math.nan],
            "number 2 of the list: the part is missing: it is NaN\n  Every class needs a part in the label",
        ),
        ([0.0, 3.0], "number 2 of the list: 3.0 is no part of a distribution: those are from 0 to 1\n  If these are"),
        ([-0.5, 0.5], "number 1 of the list: -0.5 is no part of a distribution: those are from 0 to 1"),
        ([0.25, 0.25], "the parts of the label sum to 0.5, not to 1\n  Divide each row by its sum"),
    ],
)
def test_lists_that_are_no_distributions(parts: list[float], message: str, tmp_path: Path) -> None:
    paths = write(tmp_path, p={"p": [[0.5, 0.5]] * 2, "id": [1, 2]}, y={"y": [[0.5, 0.5], parts], "id": [2, 1]})
    for options, record in (({"order_check": False, "pred": "p", "label": "y"}, 2), ({"on": "id"}, 2)):
        said = refusal(*paths, **options)
        assert f"y.parquet, record {record}, column 'y': {message}" in said


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (
            "label-probs",
            -3.5,
            "-3.5 is not a probability: those are from 0 to 1\n  Try --input label-logprobs",
        ),
        (
            "label-logprobs",
            0.5,
            "0.5 is not a log-probability: those are 0 or below\n  Try --input label-probs",
        ),
        (
            "label-logprobs",
            math.nan,
            "the value is missing: it is NaN\n  Every row needs a number here; leave out rows without one.",
        ),
    ],
)
def test_values_that_are_no_probability_of_a_label(kind: str, value: float, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, p={"p": [value]})[0]
    told = refusal(path, pred="p", input=kind)
    assert told == f"{path}, record 1, column 'p': {message}"


def test_smoothing_everything_away_costs_every_row_the_same_labels(tmp_path: Path) -> None:
    paths = write(tmp_path, p={"p_a": [0.5, 0.25], "p_b": [0.5, 0.75]}, y={"label": ["a", "b"]})
    expected = -(2 * math.log(0.5) + math.log(0.25) + math.log(0.75)) / 4
    assert evaluate(*paths, label_smoothing=1).overall.loss == pytest.approx(expected, rel=1e-15)


def test_labels_of_which_none_is_there_are_all_left_out(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        p={"id": [1, 2], "p_a": [0.5, 0.25], "p_b": [0.5, 0.75]},
        y={"id": [2, 1], "label": pa.array([None, None], pa.string())},
    )
    said = refusal(*paths, on="id", missing="drop")
    assert "no row is left to evaluate: 2 rows without a label" in said


def test_a_label_beyond_those_that_are_known_ends_only_what_comes_after(tmp_path: Path) -> None:
    p = {"p_a": [0.5] * 6, "p_b": [0.5] * 6}
    paths = write(tmp_path, p=p, y={"label": ["a", "b", "zz", "a", "zz", "q"]})
    said = {refusal(*paths, chunk_rows=chunk) for chunk in (1, 2, 4, None)}
    (message,) = said
    assert "record 3" in message
    assert "'q', first in record 6" in message
