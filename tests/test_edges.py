"""Numbers at the edges of float64, and answers that must not depend on how rows are cut."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import jsonschema
import mpmath
import numpy as np
import pyarrow as pa
import pytest
from effort import examples
from evaluated import same_every_run, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemas import RESULT as SCHEMA

from xentcli import DataError, UsageError, XentError, evaluate
from xentcli.numerics.exact_sums import ExactSums


def files(folder: Path, p: dict[str, Any], y: dict[str, Any], form: str = "csv") -> tuple[str, str]:
    return write(pa.table(p), str(folder / f"p.{form}")), write(pa.table(y), str(folder / f"y.{form}"))


@pytest.mark.parametrize(
    ("mine", "yours", "fine"),
    [
        (["0", "1", "2"], ["0.0", "1.0", "2.0"], True),
        (["0.0", "1.0", "2.0"], ["2.0", "1.0", "0.0"], False),
        (["5", "6", "7"], ["5.0", "7", "6"], False),
        (["0.5", "0.25", "7"], ["0.50", "0.250", "7"], True),
        (["1e5", "abc", "d"], ["2e5", "abc", "d"], False),
        (["a", "b", "c"], ["a", "c", "b"], False),
        (["001", "2", "3"], ["1", "2", "3"], False),
    ],
)
def test_shared_columns_tell_the_order_of_rows(mine: list[str], yours: list[str], fine: bool, tmp_path: Path) -> None:
    p, y = tmp_path / "p.csv", tmp_path / "y.csv"
    p.write_text("id,p_b\n" + "".join(f"{i},0.5\n" for i in mine))
    y.write_text("id,label\n" + "".join(f"{i},b\n" for i in yours))
    for chunk in (1, 2, None):
        if fine:
            assert evaluate(p, y, chunk_rows=chunk).overall.rows == 3
        else:
            with pytest.raises(DataError, match="the rows are not in the same order"):
                evaluate(p, y, chunk_rows=chunk)


def test_fractions_are_no_key_and_a_warning_says_so(tmp_path: Path) -> None:
    paths = files(tmp_path, {"x": [0.5, 0.75], "p_b": [0.5, 0.5]}, {"x": [0.75, 0.5], "label": ["b", "b"]})
    assert [warning.code for warning in evaluate(*paths).warnings] == ["order_unchecked"]


SPEAKS_OF_0 = (
    "record 1 (line 2), column 'label': the prediction column 'p_0' seems to speak of '0', but with labels 0 and 1 a "
    "single column speaks of 1\n"
    "  Which is it?\n"
    "  Try --positive 0\n"
    "  or  --positive 1"
)


@pytest.mark.parametrize(
    ("p", "labels", "told"),
    [
        (
            {"p_a": [1.5, 0.5, 0.5], "p_b": [0.5, 0.5, 0.5]},
            ["p_a", "b", "b"],
            "record 2, column 'label': the label 'b' is not a class; the classes are 'p_a', 'p_b'\n"
            "  Is this the label column? See --label, or name the classes with --classes.",
        ),
        ({"p_0": [1.5, 0.5, 0.5]}, ["0", "1", "1"], SPEAKS_OF_0),
        ({"p_0": [0.5, 1.5, 0.5]}, ["0", "0", "1"], SPEAKS_OF_0),
        (
            {"a": [1.5, 0.5, 0.5], "b": [0.5, 0.5, 0.5]},
            ["a", "x", "y"],
            "record 2, column 'label': the label 'x' is not a class; the classes are 'a', 'b'\n"
            "  Is this the label column? See --label, or name the classes with --classes.\n"
            "  2 labels are no class:\n"
            "  'x', first in record 2\n"
            "  'y', first in record 3",
        ),
    ],
)
def test_what_the_first_labels_contradict_comes_before_the_errors_of_rows(
    p: dict[str, Any], labels: list[str], told: str, tmp_path: Path
) -> None:
    paths = files(tmp_path, p, {"label": labels})
    for chunk in (1, 2, 3, None):
        with pytest.raises(DataError) as caught:
            evaluate(*paths, chunk_rows=chunk)
        assert str(caught.value) == f"{paths[1]}, {told}"


@pytest.mark.parametrize(
    ("p", "labels"),
    [
        ({"score": [1.5, 0.5]}, ["cat", "dog"]),
        ({"score": [0.5] * 999 + [1.5, 0.5]}, ["cat"] * 1000 + ["dog"]),
        ({"p_0": [0.5] * 999 + [1.5, 0.5]}, ["0"] * 1000 + ["1"]),
        ({"a": [0.5] * 999 + [1.5, 0.5], "b": [0.5] * 1001}, ["a"] * 1000 + ["x"]),
    ],
)
def test_a_contradiction_of_later_labels_does_not_hide_an_earlier_error(
    p: dict[str, Any], labels: list[str], tmp_path: Path
) -> None:
    paths = files(tmp_path, p, {"label": labels})
    for chunk in (1, 2, 3, None):
        with pytest.raises(DataError, match=r"1\.5 is not a probability"):
            evaluate(*paths, chunk_rows=chunk)


def test_contradictions_are_told_alike_for_every_chunk(tmp_path: Path) -> None:
    paths = files(tmp_path, {"p_a": [0.5] * 4, "p_b": [0.5] * 4}, {"label": ["p_a", "p_a", "b", "x"]})
    messages = set()
    for chunk in (1, 2, 3, None):
        with pytest.raises(DataError) as caught:
            evaluate(*paths, chunk_rows=chunk)
        messages.add(str(caught.value))
    assert len(messages) == 1
    assert "record 3" in messages.pop()


@pytest.mark.parametrize("kind", ["probs", "logprobs"])
def test_rows_that_sum_to_nothing_are_refused_at_any_tolerance(kind: str, tmp_path: Path) -> None:
    low = 0.0 if kind == "probs" else -math.inf
    half = 0.5 if kind == "probs" else math.log(0.5)
    paths = files(tmp_path, {"a": [half, low], "b": [half, low]}, {"label": ["a", "b"]}, "parquet")
    for options in ({"sum_tolerance": 1.0}, {"sum_tolerance": 5.0}, {"renormalize": True}):
        with pytest.raises(DataError, match="sum to 0"):
            evaluate(*paths, input=kind, **options)


def test_log_probabilities_far_below_zero_are_renormalised_exactly(tmp_path: Path) -> None:
    paths = files(tmp_path, {"a": [-740.0, -9000.0], "b": [-741.0, -9001.0]}, {"label": ["a", "a"]}, "parquet")
    result = evaluate(*paths, input="logprobs", renormalize=True).overall
    with mpmath.workdps(40):
        exact = float(mpmath.log1p(mpmath.exp(-1)))
    assert result.loss == pytest.approx(exact, rel=1e-12)
    assert result.sum_bias == pytest.approx(-4870 + exact, rel=1e-12)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([1e308, 1e300, 1.0, 5e-324, 1e-308, 0.0])), min_size=1, max_size=6
    ),
    logit=st.sampled_from([0.0, 1.7e308, -1.7e308, 1e-300, 40.0, -math.inf]),
    unit=st.sampled_from(["nats", "bits"]),
)
@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_at_the_ends_of_float64_are_right_or_null_and_never_a_crash(
    rows: list[tuple[int, float]], logit: float, unit: str, tmp_path: Path
) -> None:
    n = len(rows)
    p = {"a": [logit] * n, "b": [0.0] * n, "c": [1.0] * n}
    paths = files(tmp_path, p, {"label": ["abc"[k] for k, _ in rows], "w": [w for _, w in rows]}, "parquet")
    if not any(w for _, w in rows):
        with pytest.raises(XentError, match="the weights sum to 0"):
            evaluate(*paths, input="logits", weight="w", unit=unit)
        return
    result = evaluate(*paths, input="logits", weight="w", unit=unit)
    jsonschema.validate(result.to_dict(), SCHEMA)
    assert same_every_run(evaluate(*paths, input="logits", weight="w", unit=unit, chunk_rows=1).to_dict()) == (
        same_every_run(result.to_dict())
    )


def test_a_skill_beyond_float64_is_null_with_a_warning(tmp_path: Path) -> None:
    x = 1.7e308
    paths = files(tmp_path, {"a": [x, 0.0], "b": [0.0, x]}, {"label": ["b", "a"]}, "parquet")
    result = evaluate(*paths, input="logits")
    assert result.overall.skill is None
    assert "overflow" in [warning.code for warning in result.warnings]


def test_predictions_of_one_class_that_are_nearly_right_are_no_warning(tmp_path: Path) -> None:
    paths = files(tmp_path, {"p_1": [0.999] * 20}, {"label": [1] * 20})
    assert evaluate(*paths).warnings == ()
    paths = files(tmp_path, {"p_1": [0.3] * 20}, {"label": [1] * 20})
    assert [warning.code for warning in evaluate(*paths).warnings] == ["share_off"]


def test_a_column_looks_reversed_by_its_own_means(tmp_path: Path) -> None:
    paths = files(tmp_path, {"a": [0.9, 0.9], "b": [0.05, 0.05]}, {"label": ["a", "b"]})
    assert "reversed_column" not in [w.code for w in evaluate(*paths, sum_tolerance=0.1).warnings]
    paths = files(tmp_path, {"p_1": [0.1, 0.2, 0.9]}, {"label": [1, 1, 0]})
    (warning,) = (w for w in evaluate(*paths).warnings if w.code == "reversed_column")
    assert "(mean 0.15) than where it is not (0.9)" in warning.message


def test_a_clip_next_to_one_still_counts_what_it_touches(tmp_path: Path) -> None:
    paths = files(tmp_path, {"a": [0.5, 0.2], "b": [0.5, 0.8]}, {"label": ["a", "b"]})
    assert evaluate(*paths, clip=0.9999999999999999).overall.clipped_rows == 2


def test_the_fingerprint_is_of_rows_and_labels_whatever_the_columns_are_called(tmp_path: Path) -> None:
    prints = set()
    for names in (("p_0", "p_1"), ("ham", "spam")):
        paths = files(tmp_path, {name: [0.5, 0.5] for name in names}, {"label": [0, 1]})
        prints.add(evaluate(*paths, label_kind="index").inputs.rows_fingerprint)
    assert len(prints) == 1
    prints = set()
    for names in (("True", "False"), ("true", "false")):
        paths = files(tmp_path, {name: [0.5, 0.5] for name in names}, {"label": ["true", "false"]})
        prints.add(evaluate(*paths).inputs.rows_fingerprint)
    assert len(prints) == 1


@pytest.mark.parametrize("labels", [["0", "true"], ["-1", "true"], ["1", "false"]])
def test_only_pairs_that_belong_together_speak_for_themselves(labels: list[str], tmp_path: Path) -> None:
    paths = files(tmp_path, {"p": [0.5, 0.5]}, {"label": labels})
    with pytest.raises(DataError, match="which class does the prediction column 'p' speak of"):
        evaluate(*paths)


def test_lists_may_be_given_as_on_the_command_line_and_numbers_must_be_numbers(tmp_path: Path) -> None:
    paths = files(tmp_path, {"x": [0.5], "y": [0.5]}, {"label": ["ham"]})
    assert evaluate(*paths, classes="ham,spam", pred="x,y").inputs.classes == ("ham", "spam")
    for option, value in (("jobs", "2"), ("chunk_rows", 1.5), ("confidence", "0.9"), ("sum_tolerance", True)):
        with pytest.raises(UsageError, match=f"--{option.replace('_', '-')} is {value!r}; it takes"):
            evaluate(*paths, **{option: value})  # type: ignore[arg-type]  # by name


def test_a_date_beyond_the_calendar_is_refused_with_its_record(tmp_path: Path) -> None:
    days = pa.array([0, 10**8], type=pa.int32()).cast(pa.date32())
    paths = files(tmp_path, {"p": [0.5, 0.5]}, {"label": days}, "parquet")
    with pytest.raises(DataError, match=r"record 2, column 'label': the label is day 100000000 since 1970"):
        evaluate(*paths, positive="1970-01-01")


def test_exact_sums_refuse_what_is_not_finite() -> None:
    for value in (math.inf, -math.inf, math.nan):
        with pytest.raises(ValueError, match="finite"):
            ExactSums(1).add(np.array([1.0, value]))


def test_a_delimiter_that_no_file_has_a_use_for_is_refused(tmp_path: Path) -> None:
    columns, labels = {"p_b": [0.5]}, {"label": ["b"]}
    parquet, csv = files(tmp_path, columns, labels, "parquet"), files(tmp_path, columns, labels)
    with pytest.raises(UsageError, match="--delimiter is for CSV, and no input is CSV"):
        evaluate(*parquet, delimiter=";")
    with pytest.raises(UsageError, match=r"--labels-delimiter is for LABELS as CSV, and LABELS is parquet$"):
        evaluate(csv[0], parquet[1], labels_delimiter=";")
    with pytest.raises(UsageError, match="and there is no LABELS"):
        evaluate(csv[1], labels_delimiter=";")


@pytest.mark.parametrize("smoothing", [1e-300, 1e-310, 1e-320, 5e-324])
def test_a_smoothing_whose_inverse_is_no_float64_has_an_entropy(smoothing: float, tmp_path: Path) -> None:
    given_files = files(tmp_path, {"a": [0.75, 0.5], "b": [0.25, 0.5]}, {"label": ["a", "b"]})
    overall = evaluate(*given_files, label_smoothing=smoothing).overall
    assert overall.loss == evaluate(*given_files).overall.loss
    # v·ln(1/v) with v = S/2, in both rows.
    v = smoothing / 2
    assert overall.label_entropy == pytest.approx(v * -(math.log(v) if v else 0.0), rel=1e-6, abs=1e-320)
