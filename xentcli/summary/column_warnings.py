"""Warnings about which columns and labels were taken for what, judged from the sums over all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xentcli.results.evaluation import Warned
from xentcli.spec.choices import InputKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE
from xentcli.summary.evaluated import Evaluated
from xentcli.text import listing, quote

_SHOWN = 5


def without_labels(found: Evaluated) -> Iterator[Warned]:
    """Classes that no label names, where no sum proves that they are classes: logits, and what was renormalized."""
    spec = found.spec
    if not found.read.named or not _unproven(found) or spec.columns.classes or spec.columns.class_map is not None:
        return
    columns = dict(zip(found.names.classes, found.names.columns, strict=True))
    without = [columns[entry.class_] for entry in found.classes if not entry.rows]
    if without and found.names.rule.startswith("index"):
        # Indices count columns: a stray one moves the others, and the last ones are left without a label.
        yield Warned(
            "classes_without_labels",
            f"labels are indices, and of {len(columns)} prediction columns {len(without)} "
            f"{'has' if len(without) == 1 else 'have'} none: is each of "
            f"{listing(list(columns.values()), _SHOWN)} a class? Nothing sums to 1 here that would tell. --pred names "
            "the prediction columns.",
        )
    elif without:
        verb, what = ("has", "a class") if len(without) == 1 else ("have", "classes")
        yield Warned(
            "classes_without_labels",
            f"the prediction {_columns(without)} {verb} no label: {what}, or something else? Nothing sums to 1 here "
            "that would tell. --pred names the prediction columns, --classes their classes.",
        )


def _unproven(found: Evaluated) -> bool:
    """Say whether no sum shows that the prediction columns are all the classes there are, and nothing else."""
    spec, rows = found.spec, found.state.rows
    if spec.input is InputKind.LOGITS or rows.number("renormalized"):
        return True
    return spec.tolerance > DEFAULT_SUM_TOLERANCE and found.state.row_sums.off > 0


def left_out(found: Evaluated) -> Iterator[Warned]:
    """Columns of PREDICTIONS that hold fractions, as predictions do, and that nothing uses."""
    names = found.read.left_out
    if names:
        verb, them = ("holds", "it") if len(names) == 1 else ("hold", "them")
        yield Warned(
            "columns_left_out",
            f"{_columns(names)} of PREDICTIONS {verb} fractions, as predictions do, and nothing uses {them}. --pred "
            "names the prediction columns.",
        )


def predicted(found: Evaluated) -> Iterator[Warned]:
    """A score beside columns of labels: it may be of the class that was predicted, another one in each row."""
    if found.read.predicted:
        score, class_ = quote(found.names.columns[0]), quote(found.names.classes[1])
        verb = "holds" if len(found.read.predicted) == 1 else "hold"
        yield Warned(
            "predicted_label",
            f"{_columns(found.read.predicted)} of PREDICTIONS {verb} labels: is {score} the score of that class in "
            f"each row? It was taken for that of {class_} in all of them.",
        )


def perfect(found: Evaluated) -> Iterator[Warned]:
    """Every row gives its label a probability of exactly 1, as labels do that are taken for predictions."""
    if found.overall.rows and found.overall.loss == 0.0 and found.spec.input is not InputKind.LOGITS:
        message = "every row gives its label a probability of exactly 1: are the predictions the labels themselves?"
        yield Warned("perfect", message)


def no_label_zero(found: Evaluated) -> Iterator[Warned]:
    """Labels that are indices, of which none is 0: they may count from 1."""
    names = found.names
    places = names.rule.startswith("index") and len(names.columns) == len(names.classes)
    if places and found.overall.rows and not found.classes[0].rows:
        yield Warned(
            "no_label_zero",
            f"no label is 0, the index of class {quote(names.classes[0])}: do they count from 1? --classes with 1, 2, "
            "… names the columns so.",
        )


def ignored_nothing(found: Evaluated) -> Iterator[Warned]:
    """Labels that are to be left out, and are not there, as where they are spelled in another way."""
    names = found.spec.columns.ignore
    if names and not found.overall.ignored_rows:
        them = "a label that is not there" if len(names) == 1 else "labels that are not there"
        yield Warned(
            "ignored_nothing", f"--ignore names {them}: {listing(names, _SHOWN)}. Labels are compared as text."
        )


def _columns(names: Sequence[str]) -> str:
    return f"column{'' if len(names) == 1 else 's'} {listing(names, _SHOWN)}"
