"""Lines of styled text for a screen: untrusted text made safe, widths in cells, wrapping by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.spelling import Spelling
from xentcli.text import LONGEST, show

LONGEST_PATH = 4096
_MESSAGE = 4096
# A number and its per cent sign stay together.
_WORD = re.compile(r"\S+(?: %\S*)?")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that a table is drawn with."""

    rule: str
    bar: str
    half_bar: str
    between: str
    cut: str
    times: str
    dot: str
    after_title: str


UNICODE = Glyphs(rule="─", bar="━", half_bar="╸", between=" … ", cut="…", times="×", dot=" · ", after_title=" · ")
ASCII = Glyphs(rule="-", bar="#", half_bar="", between=" .. ", cut="...", times="x", dot=", ", after_title=": ")


def glyphs(screen: Screen) -> Glyphs:
    """Return the characters that the screen can show."""
    return UNICODE if screen.unicode else ASCII


def safe(text: str, screen: Screen, longest: int = LONGEST) -> str:
    r"""Return untrusted text as it can be shown: nothing active in it, and only ASCII where that is all there is.

    >>> safe("漢\x1b[2J", Screen()), safe("漢", Screen(unicode=False))
    ('漢\\x1b[2J', '\\u6f22')
    """
    shown = show(text, longest)
    if screen.unicode:
        return shown
    return shown.replace(UNICODE.cut, ASCII.cut).encode("ascii", "backslashreplace").decode("ascii")


def quoted(text: str, screen: Screen) -> str:
    """Return untrusted text between single quotes, as names stand in sentences."""
    return f"'{safe(text, screen)}'"


def spelling_of(screen: Screen) -> Spelling:
    """Return how the screen spells what is no figure."""
    signs = glyphs(screen)
    return Spelling(
        name=lambda text: safe(text, screen),
        quoted=lambda text: quoted(text, screen),
        path=lambda text: safe(text, screen, LONGEST_PATH),
        message=lambda text: safe(text, screen, _MESSAGE),
        between=signs.between,
        times=signs.times,
    )


def shorten(text: str, cells: int, cut: str) -> str:
    """Return text in at most so many cells: its beginning and its end, which tell most names apart.

    >>> shorten("American_Staffordshire_terrier", 16, "…"), shorten("漢字漢字漢字", 8, "…"), shorten("cat", 12, "…")
    ('American_S…rrier', '漢字…字', 'cat')
    """
    if cell_len(text) <= cells:
        return text
    room = cells - cell_len(cut)
    # What ends with the sign was cut before: its end is not known.
    end = "" if text.endswith(cut) else _fitting(text[::-1], room // 3)[::-1]
    # A mark without its letter would stand on the sign for what is left out.
    while end and not cell_len(end[0]):
        end = end[1:]
    return _fitting(text, room - cell_len(end)) + cut + end


def _fitting(text: str, cells: int) -> str:
    """Return the longest beginning of the text that takes at most so many cells."""
    length = 0
    while length < len(text) and cell_len(text[: length + 1]) <= cells:
        length += 1
    return text[:length]


def wrap(text: Text, width: int | None, indent: int = 0) -> list[Text]:
    """Return the text in lines of at most `width` cells, broken between words; only a longer word is broken itself.

    Lines after the first are indented. Without a width it is one line.
    """
    if width is None or text.cell_len <= width:
        return [text]
    first, *rest = _ranges(text.plain, width, indent)
    return [text[slice(*first)]] + [Text(" " * indent).append_text(text[slice(*part)]) for part in rest]


def _ranges(plain: str, width: int, indent: int) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends in the text."""
    begin, end, room = 0, 0, width
    for word in _WORD.finditer(plain):
        if cell_len(plain[begin : word.end()]) > room and end > begin:
            yield begin, end
            begin, room = word.start(), width - indent
        while cell_len(plain[begin : word.end()]) > room:
            length = max(len(_fitting(plain[begin : word.end()], room)), 1)
            yield begin, begin + length
            begin, room = begin + length, width - indent
        end = word.end()
    yield begin, end


def flow(items: Iterable[Text], screen: Screen, gap: str = "  ", indent: int = 0) -> list[Text]:
    """Return the items side by side, in as many lines as it takes; lines after the first are indented."""
    lines: list[Text] = []
    for item in items:
        if lines and (screen.width is None or lines[-1].cell_len + cell_len(gap) + item.cell_len <= screen.width):
            lines[-1].append(gap, "dim").append_text(item)
        elif lines:
            lines.append(Text(" " * indent).append_text(item))
        else:
            lines.append(item.copy())
    return [part for line in lines for part in wrap(line, screen.width, indent)]


def printed(lines: Iterable[Text], screen: Screen) -> str:
    """Return the lines as text with a final newline, with escape sequences only where colours are welcome."""
    file = StringIO()
    console = Console(
        file=file,
        width=screen.width or 80,
        height=25,
        force_terminal=screen.color,
        force_jupyter=False,
        color_system="standard" if screen.color else None,
        no_color=not screen.color,
        legacy_windows=False,
        _environ={},
    )
    for line in lines:
        line.rstrip()
        # Rich neither wraps nor cuts here: every line has the width it is to have.
        console.print(line, soft_wrap=True)
    return file.getvalue()
