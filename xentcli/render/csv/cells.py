"""Cells of CSV that every reader takes as they are, and no spreadsheet as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from xentcli.text import show

Cell = str | int | float | None

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TABS = re.compile(r"(\t+)")
# What a formula begins with, full width too, and what spreadsheets skip before it. Inside a cell it begins one where a
# spreadsheet, as many do by its language, separates at semicolons or tabs: it then sees no quotes around the cell.
_FORMULA = re.compile(r'\A(?=[=+\-@\t＝＋－＠])|(?<=[;\t])(?="*[=+\-@＝＋－＠])')
_IN_QUOTES = re.compile(r'[",;\t]')


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
