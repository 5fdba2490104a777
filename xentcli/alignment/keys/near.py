"""What keys without a match would match if they were spelt otherwise: for the hint of an error, nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from xentcli.alignment.keys.table import Keys, KeyTable
from xentcli.alignment.keys.texts import SEPARATOR, from_texts
from xentcli.sources.base import Strings

_SCANNED = 1_000_000
_BLOCK = 1 << 16
_BREAK = bytes([SEPARATOR]).decode("utf-8", "surrogateescape")  # between the columns of a key
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?")
_PLAIN_DIGITS = 20


def _as_number(text: str) -> str:
    """Return one spelling for all that are the same number, exactly; other text as it is.

    >>> [_as_number(text) for text in ("007", "+7.0", "-0", "0.50", "5e-1", "1e3", "7a", ".")]
    ['7', '7', '0', '5e-1', '5e-1', '1000', '7a', '.']
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        return text
    sign, whole, fraction, power = found.groups("")
    digits = (whole + fraction).rstrip("0")
    exponent = int(power or 0) + len(whole) - len(digits)
    digits = digits.lstrip("0")
    if not digits:
        return "0"
    if 0 <= exponent <= _PLAIN_DIGITS:
        digits, exponent = digits + "0" * exponent, 0
    return ("-" if sign == "-" else "") + digits + (f"e{exponent}" if exponent else "")


def _as_normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_NEAR: dict[str, Callable[[str], str]] = {
    "without the spaces around it": str.strip,
    "in other letter case": lambda text: text.strip().casefold(),
    "as a number": _as_number,
    "in another Unicode form": _as_normal,
}


def near_matches(unmatched_texts: Sequence[str], table: KeyTable) -> dict[str, int]:
    """Return how many of some texts without a match would have one, by what would have to be different.

    Each text counts once, for the first reason that does, which may hold for any of its columns (a joined key is
    given as its bytes, decoded with `surrogateescape`). Of stored texts the first million are looked at.

    >>> near_matches([" 7", "07", "8"], KeyTable(from_texts(["7"])))
    {'without the spaces around it': 1, 'as a number': 1}
    """
    forms = {why: [_spelt(text, plain) for text in unmatched_texts] for why, plain in _NEAR.items()}
    found = {why: _that_are_keys(spelt, table) for why, spelt in forms.items()}
    wanted = {why: set(spelt) for why, spelt in forms.items()}
    for stored in _texts(table.keys):
        for why, plain in _NEAR.items():
            form = _spelt(stored, plain)
            if form in wanted[why]:
                found[why].add(form)
    counts = dict.fromkeys(_NEAR, 0)
    for i in range(len(unmatched_texts)):
        reason = next((why for why in _NEAR if forms[why][i] in found[why]), None)
        if reason is not None:
            counts[reason] += 1
    return {why: number for why, number in counts.items() if number}


def _spelt(text: str, plain: Callable[[str], str]) -> str:
    return _BREAK.join(map(plain, text.split(_BREAK))) if _BREAK in text else plain(text)


def _that_are_keys(texts: Sequence[str], table: KeyTable) -> set[str]:
    rows = table.find(from_texts(texts)).tolist()
    return {text for text, row in zip(texts, rows, strict=True) if row >= 0}


def _texts(keys: Keys) -> Iterator[str]:
    """Yield the first texts; nothing for integers, which have one spelling each."""
    rows = min(len(keys), _SCANNED) if isinstance(keys, Strings) else 0
    for start in range(0, rows, _BLOCK):
        assert isinstance(keys, Strings)
        offsets = keys.offsets[start : min(start + _BLOCK, rows) + 1]
        raw = keys.data[offsets[0] : offsets[-1]].tobytes()
        ends = (offsets - offsets[0]).tolist()
        for first, last in pairwise(ends):
            yield raw[first:last].decode("utf-8", "surrogateescape")
