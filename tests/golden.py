"""Gold files: the exact output of a run, but for what no two runs have in common.

Numbers with many digits may differ in the last of them: the logarithms of two builds of NumPy do.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

GOLD = Path(__file__).parent / "gold"
BLANK = "…"
_RUN = re.compile(r'(?<=^  "run": \{\n).*?(?=^  \})', re.MULTILINE | re.DOTALL)
_KEY = re.compile(r'^    "(\w+)": ', re.MULTILINE)
# What stands in a text once: the version, and how long and when it ran.
_OTHERS = (
    re.compile(r'(?<=^  "xent_version": ")[^"]*', re.MULTILINE),
    re.compile(r'(?<= time=")\d+\.\d{3}(?=")'),
    re.compile(r'(?<= timestamp=")[^"]*'),
    re.compile(r"(?<=<system-out>xent )[\d.]+(?=,)"),
)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)(?![\w.])")
_DIGITS = 12


def blanked(text: str) -> str:
    r"""Return an output without what differs from run to run; of `run` in JSON the keys are left.

    >>> blanked('{\n  "xent_version": "0.1",\n  "run": {\n    "seconds": 0.5,\n    "jobs": 2\n  }\n}')
    '{\n  "xent_version": "…",\n  "run": {\n    seconds, jobs\n  }\n}'
    """
    text = _RUN.sub(lambda block: f"    {', '.join(_KEY.findall(block.group()))}\n", text)
    for pattern in _OTHERS:
        text = pattern.sub(BLANK, text)
    return text


def settled(text: str, gold: str) -> str:
    """Return a text with the numbers of `gold` where it has the same but for digits after the twelfth.

    >>> settled("0.30000000000000004, 0.1", "0.3, 0.2")
    '0.3, 0.1'
    """
    expected = _NUMBER.findall(gold)
    if len(expected) != len(_NUMBER.findall(text)):
        return text
    numbers = iter(expected)

    def settle(found: re.Match[str]) -> str:
        mine, other = found.group(), next(numbers)
        return other if _long(mine, other) and math.isclose(float(mine), float(other), rel_tol=10.0**-_DIGITS) else mine

    return _NUMBER.sub(settle, text)


def _long(*numbers: str) -> bool:
    """Say whether one of these has more digits than builds agree in."""
    return any(len(re.sub(r"^-?0*\.?0*|e.*|\.", "", number)) > _DIGITS for number in numbers)
