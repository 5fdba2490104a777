"""Metric names: the figures of a result under flat names, which gates, DVC and MLflow take.

`loss`, `class/NAME/KEY`, `slice/COL/VALUE[/COL/VALUE…]/KEY`. In names, each byte of UTF-8 that is no ASCII letter, digit,
`_`, `.` or `-` is written `_xHH`; so is what could be taken for that, for a folder, or for nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from xentcli.result import ClassResult, EvalResult, LossPer, Overall, SliceResult

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_ODD = re.compile(rb"_(?=x)|[^A-Za-z0-9_.-]")
_WRITTEN = re.compile(rb"_x([0-9A-F]{2})")
_EMPTY, _NULL = "_xempty", "_xnull"
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


@cache
def keys_of(kind: str) -> tuple[str, ...]:
    """Return the keys of metrics of a kind: overall, class or slice.

    >>> keys_of("class")[:3], "loss_per_value" in keys_of("overall"), "delta_rest" in keys_of("slice")
    (('rows', 'weight', 'weight_share'), True, True)
    """
    if kind == "class":
        return tuple(field.name for field in fields(ClassResult) if field.name != "class_")
    whole: list[str] = []
    for field in fields(Overall):
        per = field.name == "loss_per"
        whole += [f"loss_per_{part.name}" for part in fields(LossPer)[1:]] if per else [field.name]
    if kind == "overall":
        return tuple(whole)
    own = [field.name for field in fields(SliceResult) if field.name not in {"by", "overall", "classes"}]
    return (*own, *whole)


def value_in(entry: Mapping[str, Any], key: str) -> Any:
    """Return a figure by its key out of an `overall` or a class as plain data; KeyError if there is none of that name."""
    part = key.removeprefix("loss_per_")
    if part != key:
        return None if entry["loss_per"] is None else entry["loss_per"][part]
    return entry[key]


def figure_of(entry: Overall | ClassResult | SliceResult, key: str) -> float | None:
    """Return a figure by its key."""
    if isinstance(entry, SliceResult):
        own = key in {field.name for field in fields(SliceResult)}
        return getattr(entry, key) if own else figure_of(entry.overall, key)
    part = key.removeprefix("loss_per_")
    if part != key:
        return None if entry.loss_per is None else getattr(entry.loss_per, part)  # type: ignore[union-attr]
    value: float | None = getattr(entry, key)
    return value


def metrics_of(result: EvalResult) -> Iterator[tuple[str, float | None]]:
    """Yield every metric of a result by name: of everything, of classes in class order, of slices; None is undefined."""
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
