"""Metric names: the figures of a result under flat names, which gates, DVC and MLflow take.

`loss`, `class/NAME/KEY`, `slice/COL/VALUE[/COL/VALUE…]/KEY`. In names, each byte of UTF-8 that is no ASCII letter,
digit, `_`, `.` or `-` is written `_xHH`; so is what could be taken for that, for a folder, or for nothing at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xentcli.errors import UsageError
from xentcli.results.figures import Figures, figure_of, keys_of
from xentcli.text import nearest, quote

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_ODD = re.compile(rb"_(?=x)|[^A-Za-z0-9_.-]")
_WRITTEN = re.compile(rb"_x([0-9A-F]{2})")
_EMPTY, _NULL = "_xempty", "_xnull"
# What others call them: nearer in meaning than in letters.
_SYNONYMS = {
    **dict.fromkeys(("log_loss", "logloss", "cross_entropy", "nll", "mean_loss"), "loss"),
    **dict.fromkeys(("acc", "top1"), "accuracy"),
    **dict.fromkeys(("brier_score", "brier_score_loss"), "brier"),
    "d2_log_loss_score": "skill",
    "ppl": "perplexity",
}
_DOTS = {".": "_x2E", "..": "_x2E_x2E"}


def escaped(name: str | None) -> str:
    """Return a name as a part of a metric's name; None is a missing value of a slice.

    >>> [escaped(name) for name in ("cat", "a b", "p_x", "漢", ".", "", None)]
    ['cat', 'a_x20b', 'p_x5Fx', '_xE6_xBC_xA2', '_x2E', '_xempty', '_xnull']
    """
    if name is None:
        return _NULL
    if not name:
        return _EMPTY
    if name in _DOTS:
        return _DOTS[name]
    data = name.encode("utf-8", "surrogateescape")
    return _ODD.sub(lambda found: b"_x%02X" % found.group()[0], data).decode("ascii")


def unescaped(part: str) -> str | None:
    """Return the name that a part of a metric's name stands for. Raises ValueError if it stands for none.

    >>> [unescaped(part) for part in ("cat", "a_x20b", "p_x5Fx", "_xempty", "_xnull")]
    ['cat', 'a b', 'p_x', '', None]
    """
    if part == _NULL:
        return None
    if part == _EMPTY:
        return ""
    data = _WRITTEN.sub(lambda found: bytes([int(found.group(1), 16)]), part.encode("utf-8", "surrogateescape"))
    name = data.decode("utf-8", "surrogateescape")
    if not _PLAIN.fullmatch(part) or escaped(name) != part:
        raise ValueError(f"{part!r} is no escaped name")
    return name


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: of everything, of the class `of[0]`, or of the slice with the pairs of column and value in `of`."""

    kind: str
    of: tuple[Any, ...]
    key: str

    @property
    def name(self) -> str:
        """Return the metric's name.

        >>> Metric("class", ("a b",), "loss").name, Metric("slice", (("half", None),), "rows").name
        ('class/a_x20b/loss', 'slice/half/_xnull/rows')
        """
        if self.kind == "overall":
            return self.key
        return f"{prefix(self.kind, self.of)}{self.key}"


def prefix(kind: str, of: Iterable[Any]) -> str:
    """Return what the names of the metrics of a class or a slice begin with."""
    parts = [part for pair in of for part in pair] if kind == "slice" else of
    return "/".join([kind, *map(escaped, parts)]) + "/"


def metrics_of(result: Figures) -> Iterator[tuple[str, float | None]]:
    """Yield every metric by name: of everything, of classes in class order, of slices; None is undefined."""
    for key in keys_of("overall"):
        yield key, figure_of(result.overall, key)
    for entry in result.classes:
        start = prefix("class", (entry.class_,))
        for key in keys_of("class"):
            yield start + key, figure_of(entry, key)
    for one in result.slices or ():
        start = prefix("slice", one.by.items())
        for key in keys_of("slice"):
            yield start + key, figure_of(one, key)


def parse_metric(name: str, option: str, by: Sequence[str]) -> Metric:
    """Return the metric of that name, in a result with slices by the columns `by`.

    Raises UsageError for one that cannot exist, with the nearest that can; which classes there are is not known yet.

    >>> parse_metric("class/a_x20b/loss", "--max", ()).of
    ('a b',)
    """
    kind, _, rest = name.partition("/")
    parts = rest.split("/")
    if "/" not in name:
        return Metric("overall", (), _key(name, name, option, "overall", ""))
    if kind == "class":
        if len(parts) != 2:
            raise _no_metric(name, option, "A class's metric is class/NAME/KEY; a / in NAME is written _x2F.")
        class_ = _name(parts[0], name, option)
        if class_ is None:
            raise _no_metric(name, option, "A class is never missing; one that is called null is class/null/KEY.")
        return Metric("class", (class_,), _key(parts[1], name, option, "class", f"class/{parts[0]}/"))
    if kind == "slice":
        return _slice_metric(name, parts, option, by)
    raise _no_metric(name, option, nearest(name, [*keys_of("overall"), "class/", "slice/"]))


def _slice_metric(name: str, parts: Sequence[str], option: str, by: Sequence[str]) -> Metric:
    if not by:
        raise _no_metric(name, option, "There are no slices; name their columns with --by.")
    shape = "/".join(["slice", *(part for column in by for part in (escaped(column), "VALUE")), "KEY"])
    columns = [_name(part, name, option) for part in parts[:-1:2]]
    if len(parts) != 2 * len(by) + 1 or columns != list(by):
        raise _no_metric(name, option, f"With this --by, a slice's metric is {shape}.")
    pairs = tuple((column, _name(value, name, option)) for column, value in zip(by, parts[1::2], strict=False))
    return Metric("slice", pairs, _key(parts[-1], name, option, "slice", prefix("slice", pairs)))


def _key(key: str, name: str, option: str, kind: str, start: str) -> str:
    if key not in keys_of(kind):
        known = keys_of(kind)
        meant = start + _SYNONYMS.get(key, key)
        hint = f"Did you mean {quote(meant)}?" if key in _SYNONYMS and _SYNONYMS[key] in known else ""
        raise _no_metric(name, option, hint or nearest(meant, [start + other for other in known]))
    return key


def _name(part: str, name: str, option: str) -> str | None:
    try:
        return unescaped(part)
    except ValueError:
        right = "/".join(escaped(one) if one == part else one for one in name.split("/"))
        hint = f"In names of metrics, {quote(part)} is written {quote(escaped(part))}: {quote(right)}."
        raise _no_metric(name, option, hint) from None


def _no_metric(name: str, option: str, hint: str) -> UsageError:
    return UsageError(f"{option} names {quote(name)}, which is no metric", hint=hint or "-f metrics lists the metrics.")


def to_metrics(result: Figures) -> dict[str, float]:
    """Return every finite figure by the name of its metric; what is undefined or infinite is not there."""
    return {name: value for name, value in metrics_of(result) if value is not None and math.isfinite(value)}
