"""Rows of two probabilities, and the hints that errors end in."""

from __future__ import annotations

LOGITS_HINT = "\n  Are these logits?\n  Try --input logits"
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."


def either(first: str, second: str) -> str:
    return f"\n  Try {first}\n  or  {second}"


def table(*rows: str) -> str:
    return "p_cat,p_dog\n" + "".join(f"{row}\n" for row in rows)
