"""Lines of styled text for a screen: untrusted text made safe, widths in cells, wrapping by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from rich.console import Console
from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET
from xentcli.render.table.widths import END_OF_RIGHT_TO_LEFT, beginning, ended, pinned, width_of
from xentcli.render.wording.spelling import Spelling
from xentcli.text import LONGEST, show

LONGEST_PATH = 4096
_MESSAGE = 4096
# A number stays with its per cent sign, and with a sign before it.
_WORD = re.compile(r"(?:(?:[≤≥±…]|[<>]=|\+/-|\.\.) )?\S+(?: %\S*)?")


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
    plus_minus: str
    met: str
    not_met: str


UNICODE = Glyphs(
    rule="─",
    bar="━",
    half_bar="╸",
    between=" … ",
    cut="…",
    times="×",
    dot=" · ",
    after_title=" · ",
    plus_minus=" ± ",
    met="✓",
    not_met="✗",
)
ASCII = Glyphs(
    rule="-",
    bar="#",
    half_bar="",
    between=" .. ",
    cut="...",
    times="x",
    dot=", ",
    after_title=": ",
    plus_minus=" +/- ",
    met="ok  ",
    not_met="FAIL",
)


def glyphs(screen: Screen) -> Glyphs:
    """Return the characters that the screen can show."""
    return UNICODE if screen.unicode else ASCII


def safe(text: str, screen: Screen, longest: int = LONGEST) -> str:
    r"""Return untrusted text as it can be shown: nothing active in it, and only ASCII where that is all there is.

    >>> safe("漢\x1b[2J", Screen()), safe("漢", Screen(unicode=False)), safe("::a##[b", Screen())
    ('漢\\x1b[2J', '\\u6f22', ':\\x3aa#\\x23[b')
    """
    # In the log of a run on GitHub, lines that begin with :: and what follows ##[ are commands.
    shown = show(text, longest).replace("##[", "#\\x23[")
    shown = f":\\x3a{shown[2:]}" if shown.startswith("::") else shown
    if screen.unicode:
        return shown
    return shown.replace(UNICODE.cut, ASCII.cut).encode("ascii", "backslashreplace").decode("ascii")


def quoted(text: str, screen: Screen) -> str:
    """Return untrusted text between single quotes, as names stand in sentences."""
    return f"'{ended(safe(text, screen))}'"


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
        plus_minus=signs.plus_minus,
    )


def wrap(text: Text, width: int | None, indent: int = 0) -> list[Text]:
    """Return the text in lines of at most `width` cells, broken between words; only a longer word is broken itself.

    Lines after the first are indented. Without a width it is one line.
    """
    if width is None or width_of(text.plain) <= width:
        return [text]
    first, *rest = _ranges(text.plain, width, indent)
    return [text[slice(*first)]] + [Text(" " * indent).append_text(text[slice(*part)]) for part in rest]


def _ranges(plain: str, width: int, indent: int) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends in the text."""
    begin, end, room = 0, 0, width
    for word in _WORD.finditer(plain):
        here = plain[begin : word.end()]
        if width_of(here) > room and end > begin:
            fold = _fold(here, room)
            too_long = width_of(word.group()) > width - indent
            # A path that is too long for any line begins on this one, if a folder of it fits.
            if not (too_long and here[fold - 1] == "/" and begin + fold > word.start()):
                yield begin, end
                begin, room = word.start(), width - indent
        while width_of(plain[begin : word.end()]) > room:
            length = _fold(plain[begin : word.end()], room)
            yield begin, begin + length
            begin, room = begin + length, width - indent
        end = word.end()
    yield begin, end


def _fold(text: str, room: int) -> int:
    """Return where a text that is too long is broken: after the last folder of a path, if that is not far back."""
    fitting = beginning(text, room)
    slash = fitting.rfind("/") + 1
    return max(slash if slash > len(fitting) // 2 else len(fitting), 1)


def flow(items: Iterable[Text], screen: Screen, gap: str = "  ", indent: int = 0) -> list[Text]:
    """Return the items side by side, in as many lines as it takes; lines after the first are indented."""
    lines: list[Text] = []
    for item in items:
        if lines and (screen.width is None or width_of(lines[-1].plain + gap + item.plain) <= screen.width):
            lines[-1].append(gap, QUIET if gap.strip() else "").append_text(item)
        elif lines:
            lines.append(Text(" " * indent).append_text(item))
        else:
            lines.append(item.copy())
    return [part for line in lines for part in wrap(line, screen.width, indent)]


def printed(sections: Iterable[list[Text]], screen: Screen) -> str:
    """Return the sections that have lines, an empty one between them, as text with a final newline.

    There are escape sequences only where colours are welcome.
    """
    lines: list[Text] = []
    for section in sections:
        if section:
            lines += [Text(""), *section] if lines else section
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
        console.print(pinned(line) if screen.color and screen.width is not None else line, soft_wrap=True)
    # Only a terminal turns text around. (What stands so in the inputs is written as an escape.)
    return file.getvalue() if screen.width is not None else file.getvalue().replace(END_OF_RIGHT_TO_LEFT, "")
