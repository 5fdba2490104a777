"""Texts that options hold, for the command line and the library alike."""

from __future__ import annotations

from xentcli.errors import UsageError
from xentcli.kinds import InputKind
from xentcli.spec import default_clip
from xentcli.text import quote


def parse_clip(clip: float | str | None, kind: InputKind) -> float | None:
    """Return a clip as given: a number, its text, 'none', or 'default' for the kind of input.

    >>> (
    ...     parse_clip("none", InputKind.PROBS),
    ...     parse_clip("1e-7", InputKind.PROBS),
    ...     parse_clip("default", InputKind.LOGITS),
    ... )
    (None, 1e-07, None)
    """
    if clip == "default":
        return default_clip(kind)
    if clip is None or clip == "none":
        return None
    try:
        return float(clip)
    except ValueError:
        raise UsageError(
            f"--clip is {quote(str(clip))}; it takes a probability above 0 and below 1, or 'none'"
        ) from None


def parse_class_weight(text: str) -> dict[str, float]:
    """Return the weights in `NAME=W,...`; a name may hold `=`, as its weight follows the last one.

    >>> parse_class_weight("cat=2,dog=0.5")
    {'cat': 2.0, 'dog': 0.5}
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, separator, number = part.rpartition("=")
        try:
            weight = float(number) if number.isascii() and "_" not in number else None
        except ValueError:
            weight = None
        if not separator or weight is None:
            raise UsageError(f"--class-weight has {quote(part)}; it takes NAME=WEIGHT,... or @FILE.json")
        if name in weights:
            raise UsageError(f"--class-weight names {quote(name)} twice")
        weights[name] = weight
    return weights
