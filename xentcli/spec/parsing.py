"""Texts that options hold, for the command line and the library alike."""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Iterable

from xentcli.errors import UsageError
from xentcli.spec.choices import InputKind
from xentcli.spec.options import default_clip
from xentcli.text import quote, show


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

    >>> parse_class_weight("cat=2,dog=0.5"), parse_class_weight('"Washington, D.C.=2"')
    ({'cat': 2.0, 'dog': 0.5}, {'Washington, D.C.': 2.0})
    """
    weights: dict[str, float] = {}
    for part in _fields("--class-weight", text):
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


def split_names(option: str, text: str) -> tuple[str, ...]:
    """Return the names in a list: separated by commas, and quoted as in CSV where a name holds one.

    A quote that is not the first character of its name is a part of it. Raises UsageError for an empty name, and for
    a quote that is not closed.

    >>> split_names("--pred", 'cat,"p_Washington, D.C."'), split_names("--pred", 'a"b,c')
    (('cat', 'p_Washington, D.C.'), ('a"b', 'c'))
    """
    names = _fields(option, text)
    if not all(names):
        raise UsageError(f"{option} is {quote(text)}, which has an empty name; names are separated by single commas")
    return tuple(names)


def _fields(option: str, text: str) -> list[str]:
    fields: list[str] = []
    at = 0
    while True:
        if text[at : at + 1] == '"':
            field, at = _quoted(option, text, at)
        else:
            end = text.find(",", at)
            field, at = (text[at:], len(text)) if end < 0 else (text[at:end], end)
        fields.append(field)
        if at == len(text):
            return fields
        at += 1


def _quoted(option: str, text: str, at: int) -> tuple[str, int]:
    """Return the name whose quote opens at a place, and where the comma or the end after it is."""
    parts: list[str] = []
    while True:
        end = text.find('"', at + 1)
        if end < 0:
            problem = f"{option} is {quote(text)}, in which a quote is opened and never closed"
            raise UsageError(
                problem, hint="As in CSV, a name that begins with a quote is in quotes, and has its own doubled."
            )
        parts.append(text[at + 1 : end])
        at = end + 1
        if text[at : at + 1] != '"':
            break
    if at < len(text) and text[at] != ",":
        problem = f"{option} is {quote(text)}, in which {quote(text[at:])} follows a closing quote"
        raise UsageError(problem, hint='Quotes stand around the whole of what is between two commas: "a, b=c, d".')
    return '"'.join(parts), at


def join_names(names: Iterable[str]) -> str:
    """Return names as a list that `split_names` reads, and that is no `@FILE`.

    >>> join_names(["cat", "p_Washington, D.C.", "@x"])
    'cat,"p_Washington, D.C.","@x"'
    """
    return ",".join(_as_field(name) for name in names)


def _as_field(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if "," in name or name[:1] in {'"', "@"} else name


def typed(option: str, names: Iterable[str]) -> str:
    """Return an option with a list of names as it is typed in a shell.

    >>> print(typed("--pred", ["cat", "dog"]), typed("--pred", ["p_Washington, D.C.", "it's"]))
    --pred cat,dog --pred '"p_Washington, D.C.",it'"'"'s'
    """
    return f"{option} {shell_word(join_names(names))}"


def shell_word(text: str) -> str:
    r"""Return a text as a word of a POSIX shell; in the `$'...'` of bash and zsh where it cannot be shown as it is.

    Bytes that were not UTF-8 (`surrogateescape`) are written as they are. A NUL can stand in no word.

    >>> print(shell_word("my file.csv"), shell_word("a\tb"), shell_word("a\udcff'"))
    'my file.csv' $'a\x09b' $'a\xff\''
    """
    if show(text, len(text)) == text:
        # zsh takes a word that begins with = for the path of a command.
        return f"'{text}'" if text.startswith("=") and shlex.quote(text) == text else shlex.quote(text)
    return "$'" + "".join(map(_in_dollar_quotes, text)) + "'"


def _in_dollar_quotes(char: str) -> str:
    if char in "\\'":
        return "\\" + char
    # Marks are shown or not by what stands before them.
    if show(char) == char and not unicodedata.combining(char) and unicodedata.category(char) not in {"Mn", "Me"}:
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
