"""A CSV cell as a number, by the text: the slow and strict reading behind every error and every odd value."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from xentcli.sources.base import NOUNS, Role
from xentcli.sources.files.unread_formats import PAIR, PAIRS, STARRED, STARS, pairs_to_objects, without_stars
from xentcli.sources.limits import LONGEST_TEXT, byte_length, text_too_long
from xentcli.text import quote

_NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*")
_INFINITY = re.compile(r"[ \t]*([+-]?)inf(?:inity)?[ \t]*", re.IGNORECASE)
_MISSING = {"", "nan", "+nan", "-nan", "na", "n/a", "#n/a", "<na>", "null", "none", "nil", "nat", ".", "-", "?"}
LEAVE_OUT = ("--missing drop",)
COMMA_DECIMAL = re.compile(r"[+-]?[0-9]+,[0-9]+")


class Writing(NamedTuple):
    """How the cells of a file are written.

    options: what the options about it begin with. headed: whether its first record is the names of the columns. path:
    the file, for what can be done to it.
    """

    delimiter: str = ","
    decimal: str = "."
    options: str = "--"
    headed: bool = True
    path: str = "FILE.csv"

    @property
    def first(self) -> str:
        """Return what the first record is called."""
        return "header" if self.headed else "first record"

    def number(self, text: str) -> str:
        """Return the text of a number with a point."""
        return text.replace(self.decimal, ".")


_PLAIN = Writing()


class Verdict(NamedTuple):
    """What is wrong with a cell ('' if nothing), a hint, and whether float64 rounds a number that is not 0 to 0.

    options: what can be typed about it.
    """

    problem: str = ""
    hint: str = ""
    underflow: bool = False
    options: tuple[str, ...] = ()


_FINE = Verdict()


def judge(text: str, role: Role, writing: Writing = _PLAIN) -> Verdict:
    """Return what is wrong with the text of a cell in its role.

    >>> judge("1e-400", Role.NUMBER).underflow, judge(" +.5 ", Role.NUMBER).problem
    (True, '')
    >>> judge("50%", Role.NUMBER).problem, judge("0,5", Role.NUMBER, Writing(";", ",")).problem
    ("'50%' is not a number", '')
    """
    if role in {Role.NUMBER, Role.SCORE}:
        return _judge_number(text, role, writing)
    if not text and role is Role.LABEL:
        hint = "Give every row a label, or leave the row out."
        return Verdict("the label is missing (an empty cell)", hint, options=LEAVE_OUT)
    if not text and role is Role.KEY:
        return Verdict("the key is missing (an empty cell)", "Give every row a key, or leave the row out.")
    if role is not Role.ORDER and (size := byte_length(text)) > LONGEST_TEXT:
        return Verdict(*text_too_long(size, NOUNS.get(role, "value")))
    if any("\udc80" <= char <= "\udcff" for char in text):
        return Verdict(f"{quote(text)} is not valid UTF-8", utf8_hint(writing))
    return _FINE


def utf8_hint(writing: Writing) -> str:
    """Return what to do about text that is not UTF-8."""
    return f"If it is in another encoding, name that with {writing.options}encoding, such as latin-1."


def _judge_number(text: str, role: Role, writing: Writing) -> Verdict:
    """Return what is wrong with a number; a point beside decimal commas is."""
    plain = writing.number(text)
    if _NUMBER.fullmatch(plain) and (writing.decimal == "." or "." not in text):
        value = float(plain)
        if math.isinf(value):
            return Verdict(f"{quote(text)} is beyond float64: larger than 1.8e308")
        return Verdict(underflow=value == 0.0 and _is_not_zero(plain))
    return _judge_odd_number(text, role, writing)


def _judge_odd_number(text: str, role: Role, writing: Writing) -> Verdict:
    bare = text.strip(" \t")
    if bare.lower() in _MISSING:
        shown = f"is {quote(text)}" if bare else "is an empty cell"
        return Verdict(
            f"the value is missing: it {shown}", "Every row needs a number here; leave out rows without one."
        )
    infinite = _INFINITY.fullmatch(text)
    if infinite:
        if role is Role.SCORE and infinite.group(1) == "-":
            return _FINE
        allowed = "only -inf, which masks a class, is allowed" if role is Role.SCORE else "it must be finite"
        return Verdict(f"{quote(text)} is infinite; {allowed}")
    hint, options = _number_hint(bare, writing)
    return Verdict(f"{quote(text)} is not a number", hint, options=options)


def _number_hint(bare: str, writing: Writing) -> tuple[str, tuple[str, ...]]:
    """Return what the text of no number may be, and what can be typed about it."""
    if STARRED.fullmatch(bare):
        return STARS, (without_stars(writing.path),)
    if PAIR.fullmatch(bare):
        return PAIRS, (pairs_to_objects(writing.path, writing.headed),)
    if writing.decimal == "." and COMMA_DECIMAL.fullmatch(bare) and writing.delimiter != ",":
        return "Decimals are written with a point, and thousands without a separator.", (
            f"{writing.options}decimal ','",
        )
    return _plain_hint(bare, writing), ()


def _plain_hint(bare: str, writing: Writing) -> str:
    if writing.decimal == "," and _NUMBER.fullmatch(writing.number(bare)):
        return f"Decimals are written with a comma here ({writing.options}decimal), and thousands without a separator."
    if writing.decimal == "." and COMMA_DECIMAL.fullmatch(bare):
        return (
            "Decimals are written with a point, and thousands without a separator; "
            f"{writing.options}decimal ',' with another {writing.options}delimiter reads decimal commas."
        )
    if bare.endswith("%"):
        return "Probabilities are numbers from 0 to 1: write 0.5, not 50%."
    if bare.startswith("'"):
        return "Apostrophes do not quote in CSV; double quotes do."
    return "The column is read as numbers; --pred says which columns are predictions."


def _is_not_zero(text: str) -> bool:
    return any(digit in "123456789" for digit in re.split("[eE]", text)[0])
