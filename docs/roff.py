r"""Plain text as roff, for man pages: what means something to roff is escaped, options are bold.

>>> print(prose("Give --top 5 or 'p_*'. A \\ is a backslash."))
Give \fB\-\-top\fR 5 or \(aqp_*\(aq.
A \e is a backslash.
"""

from __future__ import annotations

import re
import textwrap

_CHARACTERS = {"\\": r"\e", "'": r"\(aq", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
# Options, and numbers with a minus: a hyphen in them is one to copy.
_TO_COPY = re.compile(r"(?<![\w\-<])--?[a-zA-Z0-9][\w\-]*|\d[\w.]*e-\d+|\d\^-\d+")
_OPTION = re.compile(r"--[a-z][\w\-]*|-[a-z]")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z@])")
_COLUMNS = 76


def escaped(text: str) -> str:
    r"""Return text that stands for itself, with hyphens as they are.

    >>> print(escaped("a\\b 'c' ×"))
    a\eb \(aqc\(aq \[u00D7]
    """
    plain = "".join(_CHARACTERS.get(char, char) for char in text)
    return "".join(char if char.isascii() else rf"\[u{ord(char):04X}]" for char in plain)


def literal(text: str) -> str:
    r"""Return text to be copied: a hyphen is the one of the keyboard.

    >>> print(literal("drop-labels"))
    drop\-labels
    """
    return escaped(text).replace("-", r"\-")


def bold(text: str) -> str:
    """Return what is typed as it is."""
    return rf"\fB{literal(text)}\fR"


def italic(text: str) -> str:
    """Return what stands for something else."""
    return rf"\fI{literal(text)}\fR"


def prose(text: str) -> str:
    """Return lines of running text, a new one for each sentence; none begins with what roff takes for a request."""
    lines: list[str] = []
    for sentence in _SENTENCE.split(" ".join(text.split())):
        parts, end = [], 0
        for found in _TO_COPY.finditer(sentence):
            word = found.group()
            parts += [escaped(sentence[end : found.start()]), bold(word) if _OPTION.fullmatch(word) else literal(word)]
            end = found.end()
        marked = "".join([*parts, escaped(sentence[end:])])
        lines += textwrap.wrap(marked, _COLUMNS, break_long_words=False, break_on_hyphens=False)
    return "\n".join(_no_request(line) for line in lines)


def example(command: str) -> str:
    """Return lines that are shown as they are."""
    return "\n".join([".RS 4", ".EX", *(_no_request(literal(line)) for line in command.splitlines()), ".EE", ".RE"])


def _no_request(line: str) -> str:
    return rf"\&{line}" if line.startswith((".", "'")) else line
