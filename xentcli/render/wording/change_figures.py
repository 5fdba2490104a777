"""The column `change` of the tables of classes and slices: how each loss differs from the baseline's, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.wording.baseline_text import change_text
from xentcli.render.wording.class_listing import Kind, Row
from xentcli.render.wording.figures import Figures
from xentcli.render.wording.slice_listing import SliceListing
from xentcli.render.wording.spelling import Spelling
from xentcli.results.metric_names import prefix
from xentcli.results.verdicts import BaselineResult, Change

# Of what the baseline does not have.
_MISSING = Change("", None, None, None, None)


def changes_of_classes(rows: Sequence[Row], baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of the losses of classes, and of all of them; several as one have none."""
    metrics = {Kind.ALL: "loss", Kind.REST: None}
    return _changes([metrics.get(row.kind, prefix("class", (row.figures.class_,)) + "loss") for row in rows], baseline)


def changes_of_slices(listing: SliceListing, baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of the losses of slices; the rest of them, where there is one, has none."""
    names = [prefix("slice", one.by.items()) + "loss" for one in listing.shown]
    return _changes([*names, *([] if listing.rest is None else [None])], baseline)


def _changes(metrics: Sequence[str | None], baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of these metrics; nothing where the baseline has none of them."""
    known = {} if baseline is None else baseline.by_metric()
    if not any(metric in known for metric in metrics):
        return []
    return [None if metric is None else known.get(metric, _MISSING) for metric in metrics]


def change_figures(changes: Sequence[Change | None], places: int, spelling: Spelling) -> list[Figures]:
    """Return the changes as a column, if there are any."""
    cells = (
        "" if one is None else change_text(one.change, one.half_width, places, spelling.plus_minus) for one in changes
    )
    return [Figures("change", "change", tuple(cells))] if changes else []
