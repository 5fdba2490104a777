"""Cases of CSV that is refused, and the hints that errors end in."""

from __future__ import annotations

from files import LABELS, PREDICTIONS
from tables import Case, P, Y, write

from xentcli import evaluate

GOOD_LABELS = "label\ncat\ndog\n"
GOOD = "p_cat,p_dog\n0.7,0.3\n0.2,0.8\n"
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
NUMBER_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
LABEL_HINT = "\n  Is this the label column? See --label, or name the classes with --classes."
BLANK_HINT = "\n  Blank lines may only follow the last record."
STRAY = "a quote stands inside a field: a field with quotes in it is quoted as a whole, and they are doubled"
OPEN = "a quote opened in this record is never closed"
BOM = "\ufeff"
ONE_LABELS = "y\n1\n0\n"


def bad(name: str, predictions: str | bytes, message: str, *given: str) -> Case:
    """Predictions that are refused, with labels that are fine."""
    return Case(name, predictions, LABELS, message, given)


def bad_labels(name: str, labels: str | bytes, message: str, *given: str) -> Case:
    """Labels that are refused, with predictions that are fine."""
    return Case(name, PREDICTIONS, labels, message, given)


def both(name: str, table: str | bytes, message: str, *given: str) -> Case:
    """One file with predictions and labels that is refused."""
    return Case(name, table, None, message, given)


def width(where: str, fields: int, begins: str, header: str, more: str = "") -> str:
    """Return the message for a record of another width than the header's."""
    return (
        f"{where}: it has {fields:,} {'field' if fields == 1 else 'fields'}, but the header has "
        f"{header.count(',') + 1}\n  The record begins '{begins}'; the header begins '{header}'.{more}"
    )


def accepted_quickly(predictions: str, labels: str) -> tuple[int, float | None]:
    overall = evaluate(write(P, predictions), write(Y, labels)).overall
    return overall.rows, overall.loss_sum
