r"""How many cells of a terminal a text takes, and what keeps columns where they are when terminals disagree.

Terminals do not agree on ❤ followed by a variation selector (1 cell or 2), on a thumb with a skin tone (2 or 4), nor on
the marks of Indic scripts that have a place of their own (0 or 1). The most that any of them takes is counted, and
behind such a sign the cursor is put where it was counted to be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

_SELECTORS = {"\ufe0f", "\u20e3"}
_SELECTED = re.compile("[^\ufe0f]\ufe0f")
_FIRST_TONE, _LAST_TONE = "\U0001f3fb", "\U0001f3ff"
# What a terminal that turns right-to-left text around takes as the end of it: without a mark the figures that follow
# would be turned around, too. It has no width.
END_OF_RIGHT_TO_LEFT = "\u200e"


def width_of(text: str) -> int:
    """Return the cells that a text takes in the terminal that needs most.

    >>> width_of("cat"), width_of("漢字"), width_of("❤\ufe0f"), width_of("👍🏽"), width_of("e\u0301"), width_of("हि")
    (3, 4, 2, 4, 1, 2)
    """
    if text.isascii():
        return len(text)
    # Stand-ins of their own width keep the sign before them from swallowing them; versions of Rich differ on selectors.
    text = _SELECTED.sub("漢", text)
    return cell_len("".join("漢" if _tone(char) else "a" if _spacing(char) else char for char in text))


def _tone(char: str) -> bool:
    return _FIRST_TONE <= char <= _LAST_TONE


def _spacing(char: str) -> bool:
    return char > "\u0900" and unicodedata.category(char) == "Mc"


def shorten(text: str, most: int, cut: str) -> str:
    """Return text in at most so many cells: its beginning and its end, which tell most names apart.

    >>> shorten("American_Staffordshire_terrier", 16, "…"), shorten("漢字漢字漢字", 8, "…"), shorten("cat", 12, "…")
    ('American_S…rrier', '漢字…字', 'cat')
    """
    if width_of(text) <= most:
        return text
    room = most - width_of(cut)
    # What ends with the sign was cut before: its end is not known.
    end = "" if text.endswith(cut) else beginning(text[::-1], room // 3)[::-1]
    # A mark without its letter would stand on the sign for what is left out.
    while end and (not width_of(end[0]) or _tone(end[0])):
        end = end[1:]
    return beginning(text, room - width_of(end)) + cut + end


def beginning(text: str, most: int) -> str:
    """Return the longest beginning of the text that takes at most so many cells."""
    if text.isascii():
        return text[: max(most, 0)]
    length = 0
    while length < len(text) and width_of(text[: length + 1]) <= most:
        length += 1
    return text[:length]


def ended(text: str) -> str:
    """Return the text, with a mark behind it where it is written from right to left."""
    if text.isascii() or not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text):
        return text
    return text + END_OF_RIGHT_TO_LEFT


def padded(texts: Sequence[str], left: bool) -> list[str]:
    """Return texts of one width, at the left or the right.

    >>> padded(["class", "漢"], True), padded(["loss", "0.5"], False)
    (['class', '漢   '], ['loss', ' 0.5'])
    """
    width = max(map(width_of, texts))
    spaces = [(text, " " * (width - width_of(text))) for text in texts]
    return [ended(text) + space if left else space + text for text, space in spaces]


def pinned(line: Text) -> Text:
    """Return the line with the cursor put where it was counted to be, behind each sign that terminals disagree on."""
    plain = line.plain
    unsure = [at for at, char in enumerate(plain, 1) if char in _SELECTORS or _tone(char) or _spacing(char)]
    # Of several in a row the last one is enough.
    ends = [at for at in unsure if at + 1 not in unsure]
    out, begin = Text(style=line.style), 0
    for end in ends:
        out.append_text(line[begin:end]).append(f"\x1b[{width_of(plain[:end]) + 1}G")
        begin = end
    return out.append_text(line[begin:]) if ends else line
