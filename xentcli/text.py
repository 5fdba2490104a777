r"""Text from files, made safe to show: control characters are written as escapes, never sent to a terminal.

>>> show("\x1b[2Jcat")
'\\x1b[2Jcat'
>>> quote("  cat")
"'  cat'"
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

LONGEST = 200
_MARKS_IN_A_ROW = 4
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def show(text: str, longest: int = LONGEST) -> str:
    r"""Return `text` with everything invisible or active escaped, and cut after `longest` characters.

    Escaped are control, format (bidirectional, zero-width), private, unassigned and surrogate code points, the
    line and paragraph separators, and combining marks after the fourth in a row. Bytes that were not UTF-8
    arrive as surrogates (`surrogateescape`) and are shown as the byte: `\xff`. A no-break space is escaped, as
    it cannot be told from a space.

    >>> show("a\u202eb\u00a0c"), show("x" * 300, 5)
    ('a\\u202eb\\xa0c', 'xxxxx…')
    """
    if len(text) > longest:
        return show(text[:longest], longest) + "…"
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        hidden = category in _HIDDEN or (category == "Zs" and char != " ") or marks > _MARKS_IN_A_ROW
        out.append(_escape(char) if hidden else char)
    return "".join(out)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def quote(text: str, longest: int = 80) -> str:
    """Return `text` shown and in single quotes, as names and raw values stand in messages."""
    return f"'{show(text, longest)}'"


def said(error: BaseException) -> str:
    """Return what an error of a library says: its first line, shown, or the name of its kind where it says nothing.

    Messages of Arrow's quote names and values of files, raw and in any length.

    >>> said(ValueError("no field '\\x1b[2J'\\nin detail: ...")), said(MemoryError())
    ("no field '\\\\x1b[2J'", 'MemoryError')
    """
    reason = error.strerror if isinstance(error, OSError) and isinstance(error.strerror, str) else str(error)
    return show(reason.strip().partition("\n")[0].rstrip()) or type(error).__name__


def path(name: str) -> str:
    """Return a path, shown whole (up to the longest that Linux has)."""
    return show(name, 4096) or "''"


def listing(names: Iterable[str], most: int = 20) -> str:
    """Return the first `most` names, quoted and joined by commas, and how many more there are.

    >>> listing(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    everything = list(names)
    shown = ", ".join(quote(name) for name in everything[:most])
    rest = len(everything) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `number` with its noun, in the plural where it wants one: `1 row`, `1,797 rows`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


# Of what a loss is taken per unit of.
_PLURALS = frozenset(
    {
        "bits",
        "bytes",
        "chars",
        "characters",
        "words",
        "tokens",
        "subwords",
        "symbols",
        "sentences",
        "lines",
        "pixels",
        "frames",
        "samples",
        "seconds",
    }
)


def singular(word: str) -> str:
    """Return what there is one of, of a word that plainly is a plural; any other as it is.

    >>> singular("bytes"), singular("Tokens"), singular("mass"), singular("n_bytes")
    ('byte', 'Token', 'mass', 'n_bytes')
    """
    return word[:-1] if word.lower() in _PLURALS else word


def canonical(text: str) -> str:
    """Return the text that is compared: `true` and `false` in any letter case are one each.

    >>> canonical("True"), canonical("Cat")
    ('true', 'Cat')
    """
    lower = text.lower()
    return lower if lower in {"true", "false"} else text


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a question that names the known text most like `name`, '' if none is like it."""
    from difflib import get_close_matches
    from unicodedata import normalize

    alike = next((other for other in known if normalize("NFKC", other) == normalize("NFKC", name)), None)
    if alike is not None:
        return f"Did you mean {alike!a}? It looks the same but is written in other characters."
    folded = {other.strip().casefold(): other for other in known}
    near = folded.get(name.strip().casefold()) or next(iter(get_close_matches(name, known, 1)), None)
    return f"Did you mean {quote(near)}?" if near is not None else ""
