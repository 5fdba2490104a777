"""Shell completion: what the scripts of scripts.py ask, and what they are told.

A script runs `xent` with `_XENT_COMPLETE=SHELL_complete` and the line up to the cursor as the first argument. It reads
lines: in bash and zsh what to do, then in zsh what to set aside, and then what may stand at the cursor, one a line.
`_XENT_COMPLETE=SHELL_source xent` prints the script.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from xentcli.cli.completion.line import read_line
from xentcli.cli.completion.values import Item, Offer, offer_of
from xentcli.cli.completion.words import Typed, is_cut, quoted, split
from xentcli.cli.streams import say, write_stdout
from xentcli.errors import ExitStatus
from xentcli.text import quote, show

VARIABLE = "_XENT_COMPLETE"
_JOINER = "\u200d"  # Of emoji such as families.
_SET_ASIDE = {"=": "option", "@": "file", ",": "list", "/": "path"}


def run(instruction: str, arguments: Sequence[str]) -> int:
    """Print what a script asked for and return the exit status."""
    from xentcli.cli.completion.scripts import SCRIPTS

    shell, _, what = instruction.partition("_")
    if shell not in SCRIPTS or what not in {"source", "complete"}:
        known = ", ".join(f"{name}_source" for name in SCRIPTS)
        say(f"error: {VARIABLE} is {quote(instruction)}; it takes one of {known}")
        return ExitStatus.ERROR
    if what == "source":
        write_stdout(SCRIPTS[shell])
        return ExitStatus.OK
    line, *rest = arguments or [""]
    # Whoever presses TAB sees no error, only that there is nothing.
    with suppress(Exception):
        answer = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](line, rest[0] if rest else "")
        write_stdout("".join(f"{one}\n" for one in answer))
    return ExitStatus.OK


def _offer(typed: Typed) -> Offer:
    """Return what may stand at the cursor."""
    if typed.redirected:
        return Offer("", typed.current, files=True)
    from typer.main import get_command

    from xentcli.cli.app import app

    offer = offer_of(read_line(get_command(app), typed.words[1:], typed.current))
    # What the shell will put in place of a variable is not known here.
    return Offer("", typed.current) if typed.live and not offer.files else offer


def _bash(line: str, word: str) -> list[str]:
    """Return what to do, then what goes in place of `word`, which is the end of the line as bash splits it."""
    typed = split(line)
    if is_cut(line) and typed.quote != "'":
        return []
    offer = _offer(typed)
    if offer.files and split(word).current == offer.leaf:
        return ["files"]
    items = [item for item in _items(offer) if item.value.startswith(offer.leaf)]
    more = offer.more or (offer.files and all(item.value.endswith("/") for item in items))
    words = [word + quoted(item.value[len(offer.leaf) :], typed.quote) for item in items]
    if len(words) == 1 and typed.quote and words[0].endswith(typed.quote):
        # readline closes the quotes, but not after what it takes for the closing one.
        words[0] += typed.quote
    return ["more" if more else "space", *words]


def _zsh(line: str, _: str) -> list[str]:
    """Return what to do, what to set aside, and then the names, with a colon before what they are."""
    offer = _offer(split(line))
    aside = _SET_ASIDE.get(offer.prefix[-1:], "letter") if offer.prefix else "nothing"
    if offer.files:
        return ["files", aside]
    described = [f"{_colons(value)}:{_colons(text)}".removesuffix(":") for value, text in _items(offer)]
    return ["more" if offer.more else "space", aside, *described]


def _colons(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")


def _fish(line: str, _: str) -> list[str]:
    """Return whole words, with a tab before what they are."""
    offer = _offer(split(line, fish=True))
    return [f"{offer.prefix}{value}\t{text}".removesuffix("\t") for value, text in _items(offer)]


def _items(offer: Offer) -> list[Item]:
    """Return what may be offered, paths too; not what a terminal cannot show, or hides."""
    items = list(offer.items)
    if offer.files:
        from xentcli.cli.completion.files import listed

        items = [Item(path + "/" if folder else path) for path, folder in listed(offer.leaf)]
    encoding = sys.stdout.encoding
    return [item for item in items if _is_plain(item.value, encoding)]


def _is_plain(name: str, encoding: str) -> bool:
    """Say whether a name is what it looks like, and can be typed."""
    text = name.replace(_JOINER, "")
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return False
    return bool(name) and show(text, len(text)) == text
