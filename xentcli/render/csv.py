"""The result as CSV: everything in a row, then each class, then each slice and its classes; every figure a column.

Every reader takes the cells as they are, and no spreadsheet takes one for a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from xentcli.render.screen import Screen
from xentcli.render.wording.class_listing import in_order
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.slice_listing import by_excess
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall, SliceResult, figure_of, keys_of
from xentcli.results.frames import by_names
from xentcli.results.metric_names import Metric
from xentcli.results.verdicts import Change
from xentcli.text import show

Cell = str | int | float | None

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TABS = re.compile(r"(\t+)")
# What a formula begins with, full width too, and what spreadsheets skip before it. Inside a cell it begins one where a
# spreadsheet, as many do by its language, separates at semicolons or tabs: it then sees no quotes around the cell.
_FORMULA = re.compile(r'\A(?=[=+\-@\t＝＋－＠])|(?<=[;\t])(?="*[=+\-@＝＋－＠])')
_IN_QUOTES = re.compile(r'[",;\t]')
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


def line(cells: Iterable[Cell]) -> str:
    r"""Return a record: cells separated by commas, and a line feed.

    >>> line(["a, b", "", None, 3, 0.1, float("inf"), "=1+1", "-1"])
    '"a, b","",,3,0.1,inf,\'=1+1,-1\n'
    """
    return ",".join([cell(value) for value in cells]) + "\n"


def cell(value: Cell) -> str:
    """Return a value as one cell: every digit of a number, nothing for None, and quotes around a text that is empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return float.__repr__(value)
    return _text(value) if isinstance(value, str) else str(value)


# The names of classes come again with every slice.
@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    shown = safe(value)
    return '"' + shown.replace('"', '""') + '"' if not shown or _IN_QUOTES.search(shown) else shown


def safe(text: str) -> str:
    r"""Return a text without anything active: invisible characters as escapes, a `'` before what may be a formula.

    Tabs stay, line ends do not: a record is one line, and none begins with text of a file, which in the log of GitHub's
    runner may be a command. A number is none, whatever its sign. What is safe stays as it is.

    >>> [safe(text) for text in ("-1", "-x", "@x", "=1+1", "\x1b[2J", "a\tb", "\ta", "a;=1", "a\n::error::b")]
    ['-1', "'-x", "'@x", "'=1+1", '\\x1b[2J', 'a\tb', "'\ta", "a;'=1", 'a\\n::error::b']
    """
    parts = [part if part[:1] == "\t" else show(part, len(part)) for part in _TABS.split(text)]
    shown = "".join(parts)
    return shown if _NUMBER.fullmatch(shown) else _FORMULA.sub("'", shown)
