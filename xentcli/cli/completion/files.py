"""What the files on the line say: columns, classes, labels. Only here are files opened, and Arrow imported.

Standard input, pipes and what is not on this machine are never touched: a key press must not take them, or wait.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, closing, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xentcli.cli.completion.line import Line
from xentcli.cli.completion.paths import expanded, is_file

if TYPE_CHECKING:
    from xentcli.spec.dialect import Dialect
    from xentcli.spec.options import EvalSpec


def columns(line: Line) -> tuple[list[str], list[str]]:
    """Return the names of the columns of PREDICTIONS and of LABELS, each as far as its files can be read."""
    from xentcli.sources.open import open_source

    found: tuple[list[str], list[str]] = ([], [])
    for side, path in enumerate(line.arguments[:2]):
        # Whatever is wrong with a file, `xent eval` says it.
        with suppress(Exception), closing(open_source(_readable(path), side, _dialect(line, side))) as source:
            found[side].extend(column.name for column in source.columns)
    return found


def classes(line: Line) -> list[str]:
    """Return the classes in class order: those of --classes, else as `xent inspect` finds them."""
    named = _named_classes(line)
    if named:
        return named
    from xentcli.commands.inspect.inspect import inspect_spec

    found = inspect_spec(_spec(line), *_inputs(line)).inputs
    return [] if found is None else list(found.classes)


def names(line: Line, option: str) -> list[str]:
    """Return the names that an option holds, of its file if it holds `@FILE`; [] without them."""
    from xentcli.cli.values import names_of

    return list(names_of(option, _held(line, option)))


def _named_classes(line: Line) -> list[str]:
    """Return the names that --classes holds, likewise; its file may be JSON."""
    from xentcli.cli.classes import classes_of, names_in_order

    return list(names_in_order(*classes_of(_held(line, "--classes"))))


def _held(line: Line, option: str) -> str | None:
    """Return what an option holds, None where that is a file that is not to be opened."""
    held = line.last(option) or ""
    if held.startswith("@"):
        held = f"@{expanded(held[1:])}" if is_file(held[1:]) else ""
    return held or None


def labels(line: Line) -> list[str]:
    """Return the labels of the first rows, sorted; they are there before anything says what they mean."""
    from xentcli.columns.inputs import open_inputs
    from xentcli.commands.inspect.sample import SAMPLE_ROWS, Sample
    from xentcli.engine.local import workers
    from xentcli.sources.base import Role

    with ExitStack() as stack, workers(1) as pool:
        inputs = open_inputs(_spec(line), *_inputs(line), stack)
        (place,) = inputs.roles.label
        sample = Sample(inputs.source(place), {place.name: Role.NULLABLE}, pool, SAMPLE_ROWS)
        pieces = [piece.labels[place.name] for piece in sample.pieces]
        return sorted({texts.values[code] for texts in pieces for code in set(texts.codes.tolist()) if code >= 0})


def _inputs(line: Line) -> tuple[str, str | None]:
    """Return the paths of PREDICTIONS and LABELS. Raises ValueError for one that is better left alone."""
    paths = [_readable(path) for path in line.arguments[:2]]
    if not paths:
        raise ValueError("no files yet")
    return paths[0], paths[1] if len(paths) > 1 else None


def _readable(path: str) -> str:
    """Return the path of an input. Raises ValueError for one that is better left alone."""
    from xentcli.sources.parts.listing import is_pattern

    path = expanded(path)
    # Which is no error for names that cannot be.
    if path == "-" or "://" in path or not (is_file(path) or os.path.isdir(path) or is_pattern(path)):  # noqa: PTH112  # a Path would tidy up what was typed
        raise ValueError("not to be opened")
    return path


def _dialect(line: Line, side: int) -> Dialect:
    """Return how the text files of one input are written."""
    from xentcli.spec.dialect import Dialect

    def said(start: str) -> Dialect:
        header = line.last(f"{start}no-header")
        return Dialect(
            delimiter=line.last(f"{start}delimiter"),
            header=None if header is None else header == f"{start}header",
            encoding=line.last(f"{start}encoding"),
            decimal=line.last(f"{start}decimal"),
        )

    both, of_labels = said("--"), said("--labels-")
    both.refuse_oddities("--")
    of_labels.refuse_oddities("--labels-")
    return of_labels.or_else(both) if side else both


def _spec(line: Line) -> EvalSpec:
    """Return the options on the line, validated. Raises UsageError, or ValueError for no choice."""
    from xentcli.cli.specs import Given, spec_of

    given: dict[str, Any] = dict.fromkeys(Given.__slots__)
    given["confidence"] = "0.95"
    for parameter in line.parameters:
        if parameter.name not in Given.__slots__:
            continue
        held = line.values.get(parameter.name)
        if held is None:
            given[parameter.name] = parameter.default
        elif parameter.is_flag:
            given[parameter.name] = held[-1] in parameter.opts
        else:
            kind = type(parameter.default)
            last = kind(held[-1]) if issubclass(kind, StrEnum) else held[-1]
            if last.startswith("@") and not is_file(last[1:]):
                raise ValueError("not to be opened")
            given[parameter.name] = held if parameter.multiple else last
    return spec_of(Given(**given))


def listed(start: str) -> list[tuple[str, bool]]:
    """Return the files and folders whose paths may go on from what is typed, and whether each is a folder.

    Hidden ones only where that is typed.
    """
    folder, slash, name = start.rpartition("/")
    base = Path(expanded(folder + slash) or ".")
    entries = sorted(os.scandir(base), key=lambda entry: entry.name)
    shown = [entry for entry in entries if name.startswith(".") or not entry.name.startswith(".")]
    return [(folder + slash + entry.name, entry.is_dir()) for entry in shown]
