"""Warnings about which columns were taken for predictions, judged from the sums over all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xentcli.results.evaluation import Warned
from xentcli.spec.choices import InputKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE
from xentcli.text import listing

if TYPE_CHECKING:
    from xentcli.summary.warnings import Evaluated

_SHOWN = 5


def without_labels(found: Evaluated) -> Iterator[Warned]:
    """Classes that no label names, where no sum proves that they are classes: logits, and what was renormalized."""
    spec = found.spec
    if not found.named or not _unproven(found) or spec.columns.classes or spec.columns.class_map is not None:
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
    names = found.left_out
    if names:
        verb, them = ("holds", "it") if len(names) == 1 else ("hold", "them")
        yield Warned(
            "columns_left_out",
            f"{_columns(names)} of PREDICTIONS {verb} fractions, as predictions do, and nothing uses {them}. --pred "
            "names the prediction columns.",
        )


def perfect(found: Evaluated) -> Iterator[Warned]:
    """Every row gives its label a probability of exactly 1, as labels do that are taken for predictions."""
    if found.overall.rows and found.overall.loss == 0.0 and found.spec.input is not InputKind.LOGITS:
        message = "every row gives its label a probability of exactly 1: are the predictions the labels themselves?"
        yield Warned("perfect", message)


def _columns(names: Sequence[str]) -> str:
    return f"column{'' if len(names) == 1 else 's'} {listing(names, _SHOWN)}"
