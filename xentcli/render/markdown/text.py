r"""Text in GitHub-flavoured Markdown: what comes from the inputs is never markup, a mention, a link or an emoji.

A name is a code span, in which neither GitHub nor GitLab look for anything. A sentence that quotes names is escaped
word by word: what is not plainly a word or a number becomes a code span, as escapes with \\ do not stop mentions and
emoji codes, which are looked for in the finished HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from xentcli.render.wording.spelling import Spelling
from xentcli.text import LONGEST, show

# In names it is written as an escape.
NO_BREAK = "\u00a0"
_LONGEST_PATH = 4096
_LONGEST_MESSAGE = 4096
# What cannot be seen, or could be taken for a missing value, stands in quotes.
_UNSEEN = {"", "(none)"}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"[<>+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?|[%=±…≤≥×·–]")
# GitHub links what may be the name of a commit.
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_AROUND = re.compile(r"(?P<before>['(]*)(?P<core>.*?)(?P<after>['.,;:)]*)", re.DOTALL)


def spelling_of(unicode: bool = True) -> Spelling:
    """Return how Markdown spells what is no figure. unicode: not only ASCII can be written."""
    return Spelling(
        name=lambda text: code(text, unicode=unicode),
        quoted=lambda text: code(text, unicode=unicode),
        path=lambda text: code(text, _LONGEST_PATH, unicode=unicode),
        message=lambda text: prose(text, unicode=unicode),
        between=" … " if unicode else " .. ",
        times="×" if unicode else "x",
        plus_minus=" ± " if unicode else " +/- ",
    )


def code(text: str, longest: int = LONGEST, unicode: bool = True) -> str:
    r"""Return untrusted text as a code span; where it could not be seen it stands in quotes.

    >>> print(code("cat"), code("a`b"), code("`"), code(""), code(" a"), code("<b>\n"))
    `cat` ``a`b`` `` ` `` `''` `' a'` `<b>\n`
    """
    shown = _shown(text, longest, unicode)
    unseen = shown in _UNSEEN or shown != shown.strip() or shown.startswith("'")
    return _span(f"'{shown}'" if unseen else shown)


def _span(shown: str) -> str:
    """Return text in a fence of as many backticks as do not stand together in it."""
    fence = "`"
    while re.search(f"(?<!`){fence}(?!`)", shown):
        fence += "`"
    # One space at both ends belongs to the fence.
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def html_code(text: str, unicode: bool = True) -> str:
    """Return untrusted text as code in HTML, for where Markdown is not looked for.

    >>> print(html_code("a<b>&"))
    <code>a&lt;b&gt;&amp;</code>
    """
    return f"<code>{html.escape(_shown(text, LONGEST, unicode))}</code>"


def _shown(text: str, longest: int, unicode: bool) -> str:
    # GitHub's runner takes ##[ for the beginning of a command, wherever it stands in a line (see render/github.py).
    shown = show(text, longest).replace("##[", "#\\x23[")
    return shown if unicode else shown.replace("…", "...").encode("ascii", "backslashreplace").decode("ascii")


def prose(text: str, unicode: bool = True) -> str:
    """Return a sentence that may quote names, with nothing active in it.

    >>> print(prose("'a*b', <i>x of 'p_cat': 11.3 % and @user"))
    `a*b`, `<i>x` of `p_cat`: 11.3 % and `@user`
    """
    words = _shown(text, _LONGEST_MESSAGE, unicode).strip(" ").split(" ")
    return " ".join(_word(word, first=not at) for at, word in enumerate(words))


def _word(word: str, first: bool) -> str:
    """Return a word as it is, or its core as a code span. first: it must not begin a list or a quotation either."""
    around = _AROUND.fullmatch(word)
    assert around is not None
    before, core, after = around.group("before", "core", "after")
    if first and core.isdigit() and after:
        core, after = core + after, ""
    plain = _WORD.fullmatch(core) or (_NUMBER.fullmatch(core) and not (first and core[0] in "=>"))
    if not core or (plain and not _COMMIT.fullmatch(core)):
        return word
    if before.endswith("'") and after.startswith("'"):
        before, after = before[:-1], after[1:]
    return f"{before}{_span(core)}{after}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], sides: str = "l") -> list[str]:
    r"""Return a table. sides: l or r for each column; those that follow are figures, at the right and never broken.

    Cells are not padded: a longer name changes its own line alone.

    >>> print("\n".join(table(["class", "loss"], [["`a|b`", "0.5"]])))
    | class | loss |
    | :-- | --: |
    | `a\|b` | 0.5 |
    """
    sides = sides.ljust(len(headings), "r")
    rule = [":--" if side == "l" else "--:" for side in sides[: len(headings)]]
    whole = ([unbroken(cell) if side == "r" else cell for side, cell in zip(sides, row, strict=False)] for row in rows)
    return [_line(headings), _line(rule), *map(_line, whole)]


def unbroken(text: str) -> str:
    """Return text of ours, such as a figure with its unit, so that a narrow column keeps it on one line."""
    return text if "`" in text else text.replace(" ", NO_BREAK)


def _line(cells: Sequence[str]) -> str:
    # A table is cut into cells before anything in them is looked at.
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def finished(sections: Iterable[Sequence[str]], unicode: bool) -> str:
    """Return the sections that have lines as one text, with a final newline."""
    text = "\n\n".join("\n".join(section) for section in sections if section) + "\n"
    return text if unicode else text.replace(NO_BREAK, " ")


def bold(text: str) -> str:
    """Return text of ours in bold; nothing where there is none."""
    return f"**{text}**" if text else ""


def small(text: str) -> str:
    """Return text of ours in small print; nothing where there is none."""
    return f"<sub>{text}</sub>" if text else ""
