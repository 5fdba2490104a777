"""The result as CSV: everything in a row, then each class, then each slice and its classes; every figure a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from xentcli.render.csv.cells import Cell, line, safe
from xentcli.render.screen import Screen
from xentcli.render.wording.class_listing import in_order
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.slice_listing import by_excess
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall, SliceResult, figure_of, keys_of
from xentcli.results.frames import by_names
from xentcli.results.metric_names import Metric
from xentcli.results.verdicts import Change

_CHANGE = ("loss_baseline", "loss_change", "loss_change_half_width")
_BEFORE_CHANGE = "loss_high"


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return all classes in the order asked for, and all slices as the table has them, with a line of headings.

    Which columns there are depends on --by, --per and --baseline alone, never on what the inputs hold.
    """
    keys = _keys(result)
    by = by_names([safe(name) for name in result.settings.by], {"row", "class", *keys}) if _sliced(result) else []
    lines = [line(["row", *by, "class", *keys])]
    for row in _rows(result, options.sort):
        values = [None] * len(by) if row.by is None else list(row.by.values())
        lines.append(line([row.kind, *values, row.class_, *map(row.figures.get, keys)]))
    return "".join(lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a line is about, and its figures by key; what it does not have is left empty."""

    kind: str
    by: Mapping[str, str | None] | None
    class_: str | None
    figures: dict[str, Cell]


def _sliced(result: EvalResult) -> bool:
    return result.slices is not None


def _keys(result: EvalResult) -> list[str]:
    """Return the names of the figures: those that classes have first, then those that slices and then rows add."""
    kinds = ("class", "slice", "overall") if _sliced(result) else ("class", "overall")
    keys = list(dict.fromkeys(key for kind in kinds for key in keys_of(kind)))
    if result.overall.loss_per is None:
        keys = [key for key in keys if not key.startswith("loss_per_")]
    if result.baseline is not None:
        at = keys.index(_BEFORE_CHANGE) + 1
        keys[at:at] = _CHANGE
    return keys


def _rows(result: EvalResult, sort: str) -> Iterator[_Row]:
    """Yield the rows from top to bottom."""
    changes = {} if result.baseline is None else result.baseline.by_metric()

    def changed(kind: str, of: tuple[Any, ...] = ()) -> dict[str, Cell]:
        return _changed(changes.get(Metric(kind, of, "loss").name)) if changes else {}

    yield _Row("overall", None, None, _figures(result.overall, "overall") | changed("overall"))
    for entry in in_order(result, sort):
        yield _Row("class", None, entry.class_, _figures(entry, "class") | changed("class", (entry.class_,)))
    for one in by_excess(result):
        yield _Row("slice", one.by, None, _figures(one, "slice") | changed("slice", tuple(one.by.items())))
        for entry in in_order(replace(result, overall=one.overall, classes=tuple(one.classes)), sort):
            yield _Row("slice-class", one.by, entry.class_, _figures(entry, "class"))


def _figures(entry: Overall | ClassResult | SliceResult, kind: str) -> dict[str, Cell]:
    if isinstance(entry, ClassResult):
        # There may be a great many.
        return {key: getattr(entry, key) for key in keys_of(kind)}
    return {key: figure_of(entry, key) for key in keys_of(kind)}


def _changed(change: Change | None) -> dict[str, Cell]:
    """Return how the loss differs from the baseline's."""
    if change is None:
        return {}
    return dict(zip(_CHANGE, (change.baseline, change.change, change.half_width), strict=True))
