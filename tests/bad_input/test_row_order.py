"""Labels that stand in other rows than the predictions, or in other numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from tables import Case, P, Y, accepted, accepted_files, cases, comparable, figures, parquet, place, refused, write

KEY_HINT = "\n  Is it a key, or does it mean something else in each?\n  Try --on id\n  or  --no-order-check"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Alignment by row order.


def labels(*texts: str) -> str:
    return "label\n" + "".join(f"{text}\n" for text in texts)


def differing(predictions: int, labels_: int) -> str:
    first = f"{predictions} row" + ("" if predictions == 1 else "s")
    return (
        f"'p.csv' has {first}, but 'y.csv' has {labels_}\n  Row i of one belongs to row i of the other, "
        "unless a key that both have is named."
    )


@cases(
    *(
        Case(f"{name}-{n}-{m}", "p_a,p_b\n" + "0.5,0.5\n" * n, labels(*["a"] * m), differing(n, m))
        for name, n, m in (
            ("AL1", 5, 7),
            ("AL1", 7, 5),
            ("AL1", 1, 2),
            ("AL1", 2, 1),
            # A chunk of 3 rows: one less, as many, one more.
            ("AL2", 2, 3),
            ("AL2", 3, 2),
            ("AL2", 3, 4),
            ("AL2", 4, 3),
            ("AL2", 6, 3),
        )
    ),
    Case(
        "AL1-thousands",
        "p_a,p_b\n" + "0.5,0.5\n" * 1234,
        labels(*["a"] * 1235),
        "'p.csv' has 1,234 rows, but 'y.csv' has 1,235\n  Row i of one belongs to row i of the other, "
        "unless a key that both have is named.",
    ),
    Case(
        "AL1-earlier-error",
        "p_a,p_b\n0.5,0.5\n0.5,0.9\n",
        labels("a", "a", "a"),
        f"{place(P, 2)}: the probabilities sum to 1.4, further than 0.01 from 1\n"
        "  Labels that do not exclude each other are one binary row each.\n"
        "  Try --renormalize\n  or  --sum-tolerance 0.4",
    ),
    Case(
        "AL10",
        "id,p_a,p_b\nx,0.5,0.5\ny,0.5,0.5\nz,0.5,0.5\n",
        "id,label\nx,a\nz,b\ny,a\n",
        f"{place(P, 2, 'id')}: the rows are not in the same order: it is 'y' here and 'z' in 'y.csv'" + KEY_HINT,
    ),
    Case(
        "AL10-integers",
        "id,p_a,p_b\n1,0.5,0.5\n2,0.5,0.5\n",
        "id,label\n1,a\n02,b\n",
        f"{place(P, 2, 'id')}: the rows are not in the same order: it is '2' here and '02' in 'y.csv'" + KEY_HINT,
    ),
    Case(
        "AL10-before-a-bad-value",
        "id,p_a,p_b\n1,0.5,0.5\n2,0.5,0.5\n3,1.5,0.5\n",
        "id,label\n1,a\n4,b\n3,a\n",
        f"{place(P, 2, 'id')}: the rows are not in the same order: it is '2' here and '4' in 'y.csv'" + KEY_HINT,
    ),
    Case(
        "AL10-after-a-bad-value",
        "id,p_a,p_b\n1,-1.5,0.5\n2,0.5,0.5\n3,0.5,0.5\n",
        "id,label\n1,a\n4,b\n3,a\n",
        f"{place(P, 1, 'p_a')}: -1.5 is not a probability: those are from 0 to 1\n"
        "  Most rows are what --input says; this value is not.",
    ),
)
def test_rows_that_do_not_belong_together(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize("rows", [pytest.param(n, id=f"AL2-{n}") for n in (1, 2, 3, 4, 5, 6, 7)])
def test_any_number_of_rows_against_a_chunk_of_three(rows: int) -> None:
    result = accepted("p_a,p_b\n" + "0.25,0.75\n" * rows, labels(*["b"] * rows))
    assert (result.overall.rows, result.overall.loss) == (rows, accepted("p\n0.75\n", labels("1")).overall.loss)


def test_batch_boundaries_change_nothing() -> None:
    """AL3: row groups of 2, 3, 7 and all rows on either side, and CSV."""
    n = 23
    p = [(k % 7 + 1) / 8 for k in range(n)]
    names = [("b", "a", "a")[k % 3] for k in range(n)]
    write(P, "p_a,p_b\n" + "".join(f"{value!r},{1 - value!r}\n" for value in p))
    write(Y, labels(*names))
    expected = figures(accepted_files(P, Y))
    for first in (2, 3, 7, n):
        for second in (3, 5, n):
            parquet("p.parquet", first, p_a=p, p_b=[1 - value for value in p])
            parquet("y.parquet", second, label=names)
            assert figures(accepted_files("p.parquet", "y.parquet")) == expected
            assert figures(accepted_files("p.parquet", Y)) == expected
            assert figures(accepted_files(P, "y.parquet")) == expected


def test_order_check_can_be_switched_off() -> None:
    """AL10."""
    shuffled = accepted("id,p_a,p_b\nx,0.5,0.5\ny,0.25,0.75\n", "id,label\ny,a\nx,b\n", order_check=False)
    plain = accepted("p_a,p_b\n0.5,0.5\n0.25,0.75\n", labels("a", "b"))
    held, expected = comparable(shuffled), comparable(plain)
    assert held["inputs"].pop("unused_columns") == ["id"]
    assert expected["inputs"].pop("unused_columns") == []
    assert held == expected


def test_columns_that_agree_are_no_predictions() -> None:
    """AL10: what both files have is there to check the order, and is nothing else."""
    checked = accepted("id,p_a,p_b\n7,0.5,0.5\n9,0.25,0.75\n", "id,label\n7,a\n9,b\n")
    assert comparable(checked) == comparable(accepted("p_a,p_b\n0.5,0.5\n0.25,0.75\n", labels("a", "b")))


def test_shared_fractions_are_not_compared() -> None:
    """AL10: a score in both files is no key."""
    assert accepted("s,a,b\n0.5,0.5,0.5\n", "s,label\n0.50,a\n").overall.rows == 1
    assert accepted("s,a,b\n0.5,0.5,0.5\n", "s,label\n0.75,a\n").overall.rows == 1


def test_an_integer_in_parquet_equals_its_text() -> None:
    """AL10: types differ between the files, values do not."""
    parquet("p.parquet", id=[7, 9], p_a=[0.5, 0.25], p_b=[0.5, 0.75])
    write(Y, "id,label\n7,a\n9,b\n")
    assert accepted_files("p.parquet", Y).overall.rows == 2
