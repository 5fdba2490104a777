"""What may stand at the cursor: commands, options, choices, files, columns, classes and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from xentcli.cli.completion.line import Line, Wanted, options_of, unlisted
from xentcli.cli.summaries import SUMMARIES
from xentcli.spec.choices import Bound


class Item(NamedTuple):
    """What may stand there, and what it is; zsh and fish show that beside it."""

    value: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may stand at the cursor.

    prefix: what of the word is settled; items and paths stand after it, in place of `leaf`. files: any path may stand
    there. more: every item goes on, so no space follows it.
    """

    prefix: str
    leaf: str
    items: tuple[Item, ...] = ()
    files: bool = False
    more: bool = False


# By the names of options. `test_every_option_with_a_value_is_known_here` names those whose values nobody can know.
FILES = {"--output", "--baseline", "--config"}
NAMES = {"--on", "--by", "--label", "--pred"}
COLUMNS = NAMES | {"--weight", "--per"}
CLASSES = {"--positive", "--negative"}
METRICS = {f"--{bound}" for bound in Bound}
OTHERS = {"--class-weight", "--ignore"}
# A file after an @.
AT = NAMES | {"--classes", "--class-weight"}
WORDS = {
    "--clip": ("none",),
    "--decimal": (".", ","),
    "--encoding": ("utf-8", "utf-16", "latin-1", "cp1252"),
}


def offer_of(line: Line) -> Offer:
    """Return what may stand at the cursor; nothing where that takes files that cannot be read."""
    match line.wanted:
        case Wanted.COMMAND:
            return Offer("", line.leaf, tuple(Item(*one) for one in SUMMARIES.items()))
        case Wanted.OPTION:
            return Offer("", line.leaf, tuple(_options(line)))
        case Wanted.ARGUMENT:
            return Offer("", line.leaf, files=True)
        case Wanted.VALUE:
            # A key press is no place for errors: who runs the command will see them.
            with suppress(Exception):
                return _value(line, long_name(line.parameter))
    return Offer(line.prefix, line.leaf)


def _options(line: Line) -> Iterable[Item]:
    """Yield the options that may still be given, with the first sentence of their help."""
    for option in options_of(line.parameters):
        if option.name not in line.values or option.multiple:
            text = " ".join((option.help or "").split())
            first = text.partition(". ")[0].removesuffix(".")
            # The parser has the names of --help in no order.
            yield from (Item(name, first) for name in sorted(option.opts, key=lambda name: not name.startswith("--")))
            others = [*option.secondary_opts, *(unlisted(option) if line.leaf.startswith("--no-") else [])]
            yield from (Item(name, f"The opposite of {option.opts[0]}") for name in others)


def _value(line: Line, option: str) -> Offer:
    if option in AT and line.leaf.startswith("@"):
        return Offer(line.prefix + "@", line.leaf[1:], files=True)
    if option in FILES:
        return Offer(line.prefix, line.leaf, files=True)
    if option in METRICS | COLUMNS | CLASSES | OTHERS:
        return _from_files(line.with_config(), option)
    words = WORDS.get(option) or choices_of(line.parameter)
    return Offer(line.prefix, line.leaf, tuple(map(Item, words)))


def _from_files(line: Line, option: str) -> Offer:
    """Return what the files on the line tell, and the names of metrics."""
    if option in METRICS:
        return _metrics(line)
    if option in COLUMNS:
        return _columns(line, option)
    if option == "--class-weight":
        from xentcli.cli.completion.files import classes

        return _list(line, lambda: [Item(f"{name}=") for name in classes(line)], weighted=True)
    return Offer(line.prefix, line.leaf, tuple(map(Item, _label_names(line, option))))


def _metrics(line: Line) -> Offer:
    from xentcli.cli.completion.metrics import next_parts

    if "=" in line.leaf:
        return Offer(line.prefix, line.leaf)
    start, slash, leaf = line.leaf.rpartition("/")
    items = tuple(map(Item, next_parts(line, start + slash)))
    return Offer(line.prefix + start + slash, leaf, items, more=True)


def _columns(line: Line, option: str) -> Offer:
    from xentcli.cli.completion.files import columns

    def items() -> list[Item]:
        mine, yours = columns(line)
        leaf = line.leaf.rpartition(",")[2]
        for side, names in (("predictions:", mine), ("labels:", yours)):
            if leaf.startswith(side):
                return [Item(side + name, f"of {side[:-1]}") for name in names]
        if option == "--pred":
            yours = []
        elif option == "--label" and len(line.arguments) > 1:
            mine = []
        elif option == "--on" and mine and yours:
            mine = yours = [name for name in mine if name in yours]
        return [Item(name, _whose(name, mine, yours)) for name in dict.fromkeys([*mine, *yours])]

    return _list(line, items) if option in NAMES else Offer(line.prefix, line.leaf, tuple(items()))


def _whose(name: str, mine: list[str], yours: list[str]) -> str:
    if not mine or not yours:
        return ""
    if name in mine and name in yours:
        return "of both inputs"
    return "of predictions" if name in mine else "of labels"


def _list(line: Line, items: Callable[[], list[Item]], weighted: bool = False) -> Offer:
    """Return what may stand after the last comma of a list: what does not stand before it."""
    start, comma, leaf = line.leaf.rpartition(",")
    taken = {one.partition("=")[0] if weighted else one for one in start.split(",")}
    if weighted and "=" in leaf:
        return Offer(line.prefix, line.leaf)
    left = tuple(item for item in items() if "," not in item.value and item.value.removesuffix("=") not in taken)
    return Offer(line.prefix + start + comma, leaf, left, more=weighted)


def _label_names(line: Line, option: str) -> list[str]:
    """Return the classes; the labels of the first rows where they do not tell the classes yet."""
    from xentcli.cli.completion.files import classes, labels

    if option in CLASSES:
        with suppress(Exception):
            return classes(line)
    return labels(line)


def choices_of(parameter: Any) -> tuple[str, ...]:
    """Return the choices of an option; () where it has none."""
    described = getattr(parameter, "type_descriptor", None) or parameter.type
    return tuple(map(str, getattr(described, "choices", None) or ()))


def long_name(option: Any) -> str:
    """Return the long name of an option."""
    return next((name for name in option.opts if name.startswith("--")), "")
