"""`--ignore` names labels as the file writes them, or as they are compared."""

from __future__ import annotations

from math import log

import pyarrow as pa
import pytest
from both_ways import Ask, lines, put, right

BOTH = ["p.csv", "y.csv"]
THREE = lines("0,1,2", ".8,.1,.1", ".2,.7,.1", ".5,.3,.2")
FIRST_TWO = -(log(0.8) + log(0.7)) / 2
ALL = -(log(0.8) + log(0.7) + log(0.2)) / 3
# Of .1,.9 and .8,.2 with labels 1 and 0.
NUMBERS = lines("0,1", ".1,.9", ".8,.2", ".3,.7")
ONE_ZERO = -(log(0.9) + log(0.8)) / 2


@pytest.mark.parametrize(
    ("ending", "name", "loss"),
    [
        ("", "2", FIRST_TWO),
        (".0", "2", FIRST_TWO),
        (".0", "2.0", FIRST_TWO),
        (".00", "2.00", FIRST_TWO),
        # Another text than any label.
        ("", "2.0", ALL),
        (".00", "2.0", ALL),
    ],
)
def test_either_spelling_where_labels_end_in_zeros(ask: Ask, ending: str, name: str, loss: float) -> None:
    put(p_csv=THREE, y_csv=lines("label", *(f"{k}{ending}" for k in range(3))))
    answer = right(ask(BOTH, ["--ignore", name]), loss)
    assert ("ignored_nothing" in answer.warnings) == (loss == ALL)


@pytest.mark.parametrize("name", ["2", "2.0"])
def test_either_spelling_where_labels_are_numbers_by_type(ask: Ask, name: str) -> None:
    put(p_csv=THREE, y_parquet=pa.table({"label": [0.0, 1.0, 2.0]}))
    right(ask(["p.csv", "y.parquet"], ["--ignore", name]), FIRST_TWO)
    put(y_jsonl='{"label":0.0}\n{"label":1.0}\n{"label":2.0}\n')
    right(ask(["p.csv", "y.jsonl"], ["--ignore", name]), FIRST_TWO)
    put(y_parquet=pa.table({"label": ["0", "1", "2"]}))
    right(ask(["p.csv", "y.parquet"], ["--ignore", name]), FIRST_TWO if name == "2" else ALL)


@pytest.mark.parametrize("name", ["2", "2.0"])
def test_either_spelling_where_labels_are_indices_or_in_one_file(ask: Ask, name: str) -> None:
    put(p_csv=lines("a,b,c,label", ".8,.1,.1,0.0", ".2,.7,.1,1.0", ".5,.3,.2,2.0"))
    right(ask(["p.csv"], ["--label-kind", "index", "--ignore", name]), FIRST_TWO)
    put(p_csv=lines("score,label", ".8,1.0", ".3,0.0", ".5,2.0"))
    right(ask(["p.csv"], ["--ignore", name]), -(log(0.8) + log(0.7)) / 2)


@pytest.mark.parametrize("name", ["NA", "-100", "?"])
def test_what_is_ignored_may_be_written_otherwise_than_whole_numbers(ask: Ask, name: str) -> None:
    put(p_csv=NUMBERS, y_csv=lines("label", "1.0", "0.0", name))
    answer = right(ask(BOTH, ["--ignore", name]), ONE_ZERO)
    assert answer.result["inputs"]["name_rule"] == "exact, labels without '.0'"
    assert not answer.warnings


def test_a_name_that_is_no_label_is_a_warning(ask: Ask) -> None:
    put(p_csv=NUMBERS, y_csv=lines("label", "1", "0", "1"))
    answer = ask(BOTH, ["--ignore", "NA"])
    assert answer.warnings["ignored_nothing"].startswith("--ignore names a label that is not there: 'NA'.")
    assert "ignored_nothing" not in ask(BOTH, ["--ignore", "0"]).warnings
