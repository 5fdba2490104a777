"""How a medium spells what is no figure: names from the inputs, sentences that quote them, and a few signs.

What a report says is put together once, in facts.py, whole_figures.py, class_figures.py and slice_figures.py;
a screen and Markdown each hand in their spelling of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """Untrusted text as a medium writes it, with nothing active in it.

    name: a name that stands alone, in a cell or a list; quoted: a name inside a sentence; path: the name of a file,
    whole; message: a sentence that may quote names. between: the sign between the ends of an interval; times: that of
    a product; plus_minus: that before half an interval.
    """

    name: Callable[[str], str]
    quoted: Callable[[str], str]
    path: Callable[[str], str]
    message: Callable[[str], str]
    between: str
    times: str
    plus_minus: str = " ± "
