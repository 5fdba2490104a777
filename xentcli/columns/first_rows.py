"""The first rows of an input, read apart from the pass over it and before it begins."""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import cast

import numpy as np

from xentcli.errors import DataError
from xentcli.sources.base import Piece, Role, Source
from xentcli.sources.pool import Idle

ROWS = 1000
_WHOLE = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.0+)")


@dataclass(frozen=True, slots=True)
class FirstLabels:
    """The labels of the first 1,000 rows that have one.

    texts: each as it is compared, with its first row. ending: what all of them end in where they are whole numbers as
    pandas writes them beside a missing one, `.0`; '' otherwise. texts have it no more. source: where they were read,
    which knows the places of rows. whole: no rows follow.
    """

    texts: Mapping[str, int]
    ending: str
    source: Source
    whole: bool


def first_labels(source: Source, column: str, left: Collection[str], classes: Sequence[str]) -> FirstLabels:
    """Return the labels of the first rows that have one, which is not among those that are `left` out.

    classes: the names of columns, or of classes, any of which may be written with a `.0` of its own.
    """
    found: dict[str, int] = {}
    labelled, row, whole = 0, 0, True
    again = source.again()
    with closing(again), closing(pieces_of(again, {column: Role.NULLABLE})) as pieces:
        try:
            for piece in pieces:
                texts = piece.labels[column]
                out = [not value or value in left or without_ending(value) in left for value in texts.values]
                counts = np.cumsum((texts.codes >= 0) & ~np.array([*out, True])[texts.codes])
                stop = int(np.searchsorted(counts, ROWS - labelled)) + 1
                codes = texts.codes[:stop]
                for code, at in zip(*np.unique(codes, return_index=True), strict=True):
                    if code >= 0 and texts.values[code]:
                        found.setdefault(texts.values[code], row + int(at))
                if stop <= len(texts.codes):
                    whole = False
                    break
                labelled, row = labelled + int(counts[-1]), row + piece.rows
        except DataError:
            # Whatever it is, the pass meets it in its turn.
            whole = False
    # What is left out as it stands says nothing of how the others are written: `NA` beside `1.0`.
    labels = {text: at for text, at in found.items() if text not in left}
    ending = _ending_of(labels, classes) if source.format == "csv" else ""
    texts_of: dict[str, int] = {}
    for text, at in sorted(labels.items(), key=lambda item: item[1]):
        plain = without_ending(text, ending) if ending else text
        if plain not in left:
            texts_of.setdefault(plain, at)
    return FirstLabels(texts_of, ending, again, whole)


def _ending_of(texts: Collection[str], classes: Sequence[str]) -> str:
    """Return the ending that all of some texts share as whole numbers, '' where there is none or a class has it."""
    endings = {match.group(2) if (match := _WHOLE.fullmatch(text)) else "" for text in texts}
    ending = endings.pop() if len(endings) == 1 else ""
    written_so = [name for name in classes if ending in name] if ending else []
    return "" if any(text in name for name in written_so for text in texts) else ending


def without_ending(text: str, ending: str | None = None) -> str:
    """Return a whole number without the `.0` that it ends in (`.00` and the like, too, where that is not said which),
    other text as it is.

    >>> (
    ...     without_ending("3.0", ".0"),
    ...     without_ending("3.00", ".0"),
    ...     without_ending("cat", ".0"),
    ...     without_ending("3.00"),
    ... )
    ('3', '3.00', 'cat', '3')
    """
    match = _WHOLE.fullmatch(text)
    return match.group(1) if match and ending in {None, match.group(2)} else text


def pieces_of(source: Source, wanted: Mapping[str, Role]) -> Generator[Piece]:
    """Yield the rows of a source of which only the first are wanted."""
    source.read_little()
    # Every source yields from a generator: closed, it stops what it reads ahead.
    return cast("Generator[Piece]", source.pieces(wanted, Idle(), 0))
