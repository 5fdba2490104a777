"""A CSV cell as a number, by the text: the slow and strict reading behind every error and every odd value."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from xentcli.sources.base import Role
from xentcli.text import quote

_NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*")
_INFINITY = re.compile(r"[ \t]*([+-]?)inf(?:inity)?[ \t]*", re.IGNORECASE)
_MISSING = {"", "nan", "+nan", "-nan", "na", "n/a", "#n/a", "<na>", "null", "none", "nil", "nat", ".", "-", "?"}
_COMMA_DECIMAL = re.compile(r"[+-]?[0-9]+,[0-9]+")


class Verdict(NamedTuple):
    """What is wrong with a cell ('' if nothing), a hint, and whether float64 rounds a number that is not 0 to 0."""

    problem: str = ""
    hint: str = ""
    underflow: bool = False


_FINE = Verdict()


def judge(text: str, role: Role) -> Verdict:
    """Return what is wrong with the text of a cell in its role.

    >>> judge("1e-400", Role.NUMBER).underflow, judge(" +.5 ", Role.NUMBER).problem
    (True, '')
    >>> judge("50%", Role.NUMBER).problem
    "'50%' is not a number"
    """
    if role is Role.LABEL:
        return _judge_label(text)
    if role is Role.ORDER:
        return Verdict(f"{quote(text)} is not valid UTF-8", _UTF8_HINT) if _has_bad_bytes(text) else _FINE
    if _NUMBER.fullmatch(text):
        value = float(text)
        if math.isinf(value):
            return Verdict(f"{quote(text)} is beyond float64: larger than 1.8e308")
        return Verdict(underflow=value == 0.0 and _is_not_zero(text))
    return _judge_odd_number(text, role)


_UTF8_HINT = "Convert the file to UTF-8."


def _judge_label(text: str) -> Verdict:
    if not text:
        return Verdict("the label is missing (an empty cell)", "Give every row a label, or leave the row out.")
    if _has_bad_bytes(text):
        return Verdict(f"{quote(text)} is not valid UTF-8", _UTF8_HINT)
    return _FINE


def _judge_odd_number(text: str, role: Role) -> Verdict:
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
    hint = "Prediction and weight columns hold numbers; --pred says which columns are predictions."
    if _COMMA_DECIMAL.fullmatch(bare):
        hint = "Decimals are written with a point, and thousands without a separator."
    elif bare.endswith("%"):
        hint = "Probabilities are numbers from 0 to 1: write 0.5, not 50%."
    elif bare.startswith("'"):
        hint = "Apostrophes do not quote in CSV; double quotes do."
    return Verdict(f"{quote(text)} is not a number", hint)


def _is_not_zero(text: str) -> bool:
    return any(digit in "123456789" for digit in re.split("[eE]", text)[0])


def _has_bad_bytes(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)
