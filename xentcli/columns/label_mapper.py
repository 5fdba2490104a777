"""Labels to class numbers, by what their first rows settled: what several and one prediction column have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.first_rows import without_ending
from xentcli.columns.near_names import NEAR
from xentcli.errors import DataError
from xentcli.numerics.hashing import text_hash
from xentcli.results.class_names import ClassNames
from xentcli.scoring.batch import Left
from xentcli.sources.base import Source, Texts, error_at
from xentcli.text import canonical, count, listing, path, quote

# Below every `Left`.
_NEW = -12
_UNKNOWN = -11
UNKNOWN_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where labels come from, for messages and for the order of errors."""

    source: Source
    column: str

    def record(self, row: int) -> str:
        """Return the record that a row stands in, with its file where there are several."""
        spot = self.source.locate(row)
        return f"record {spot.record}" + (f" of {path(spot.file)}" if len(self.source.files) > 1 else "")

    def error(
        self, problem: str, row: int, hint: str = "", details: Sequence[str] = (), options: Sequence[str] = ()
    ) -> DataError:
        """Return an error about the label of a row, counted from 0."""
        return error_at(self.source, row, problem, column=self.column, hint=hint, details=details, options=options)


class LabelMapper(ABC):
    """Maps label texts to class numbers. What a text means never changes.

    `met` holds each distinct text with the first row it stands in. Distinct texts are learnt in row order, so that
    what is refused does not depend on how rows are cut into pieces. ending: whole numbers lose it before anything else
    looks at them (`first_rows.FirstLabels`).
    """

    def __init__(self, place: LabelPlace, left: Mapping[str, Left], ending: str = "") -> None:
        self.place = place
        # Texts that name no class but say why a row is left out, as they stand and as they are compared.
        self.left = {**left, **{without_ending(text, ending): why for text, why in left.items() if ending}}
        self.ending = ending
        self.met: dict[str, int] = {}
        # Raised instead of an error about labels: the header of the predictions looks like data.
        self.headless: DataError | None = None
        # What to ask about labels that are no classes, and what settles that, as it is typed.
        self.asked = ""
        self.options: Sequence[str] = ()
        # Says so of labels that come after the first rows.
        self.later: Callable[[Sequence[str]], tuple[str, Sequence[str]]] | None = None
        self._codes: dict[str, int] = {}
        self._hashes: dict[str, int] = {}
        # The hashes of all classes, after so many labels were met.
        self._hashed: tuple[int, NDArray[np.uint64]] | None = None
        # The error of a label that contradicts earlier ones, to be raised once the rows before it are validated.
        self.contradiction: DataError | None = None
        self._table: tuple[Sequence[str], NDArray[np.intp]] = ((), np.zeros(0, dtype=np.intp))

    @abstractmethod
    def learn(self, text: str, row: int) -> int | None:
        """Return the class number of a text that is met for the first time, None if it names no class.

        Raises DataError if it contradicts the others.
        """

    @abstractmethod
    def names(self) -> ClassNames:
        """Return the classes, as far as they are known."""

    @abstractmethod
    def finish(self) -> ClassNames:
        """Return the classes after all labels. Raise DataError if these do not say what they are called."""

    @property
    @abstractmethod
    def n_classes(self) -> int:
        """Return the number of classes."""

    def codes(self, texts: Texts, source_rows: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the class numbers, shape (n,), of the rows before the first label that names no class.

        source_rows: (n,) which row of their source the labels stand in. A row that is left out has a `Left` in place of
        a class number. A label that contradicts earlier ones ends them likewise, and its error is kept in
        `contradiction`.
        """
        if self._table[0] is not texts.values:
            self._table = (texts.values, self._known(texts.values, _NEW))
        codes: NDArray[np.intp] = self._table[1].take(texts.codes)
        if codes.size and codes.min() <= _UNKNOWN:
            self._learn_new(texts, codes, source_rows)
            codes = self._table[1][texts.codes]
            unknown = codes == _UNKNOWN
            if unknown.any():
                codes = codes[: int(np.argmax(unknown))]
        return codes

    def _known(self, values: Sequence[str], new: int) -> NDArray[np.intp]:
        """Return the class number of each text, `new` where it has none yet; the last, which −1 picks, is missing."""
        known = [self.why_left(value) or self._codes.get(self.compared(value), new) for value in values]
        return np.array([*known, Left.MISSING], dtype=np.intp)

    def compared(self, text: str) -> str:
        """Return a label as it is compared."""
        return without_ending(text, self.ending) if self.ending else text

    def known(self, text: str) -> int | None:
        """Return the class number of a label that was met, None for any other."""
        return self._codes.get(self.compared(text))

    def why_left(self, text: str) -> Left | None:
        """Return why rows of a label are left out, None where they are not."""
        why = self.left.get(text)
        return self.left.get(self.compared(text)) if why is None else why

    def _learn_new(self, texts: Texts, codes: NDArray[np.intp], source_rows: NDArray[np.int64]) -> None:
        """Learn the texts that are new, in row order, up to the first that names no class."""
        rows = np.flatnonzero(codes == _NEW)
        rows = np.sort(rows[np.unique(texts.codes[rows], return_index=True)[1]])
        unknown = False
        for row, at in zip(rows.tolist(), texts.codes[rows].tolist(), strict=True):
            text = self.compared(texts.values[at])
            if text not in self._codes:
                try:
                    code = self.learn(text, int(source_rows[row]))
                except DataError as error:
                    self.contradiction, code = error, None
                if code is None:
                    unknown = True
                    break
                self._codes[text] = code
            self.met.setdefault(text, int(source_rows[row]))
        # Texts that come after an unknown one are not learnt: nothing after it is scored.
        self._table = (texts.values, self._known(texts.values, _UNKNOWN if unknown else _NEW))

    def hashes(self) -> NDArray[np.uint64]:
        """Return one 64-bit hash a class, of the text of its labels as compared, shape (n_classes,)."""
        if self._hashed is None or self._hashed[0] != len(self.met):
            texts = self.label_texts()
            self._hashes.update((text, text_hash(text)) for text in texts if text not in self._hashes)
            self._hashed = (len(self.met), np.array([self._hashes[text] for text in texts], dtype=np.uint64))
        return self._hashed[1]

    def label_texts(self) -> list[str]:
        """Return the text that labels of each class have, as compared, in class order."""
        return [canonical(name) for name in self.names().classes]

    def refusal(self, problem: str, row: int, hint: str, options: Sequence[str] = ()) -> DataError:
        """Return the error for labels that do not fit the prediction columns, or what lies behind it."""
        return self.place.error(problem, row, hint, options=options) if self.headless is None else self.headless

    @abstractmethod
    def could_name(self, text: str) -> bool:
        """Return whether a text names a class, or may come to; changes nothing."""

    @abstractmethod
    def nearly(self) -> tuple[set[str], str, str]:
        """Return every text that names a class, or would without a wrap, what to do instead of changing the file, and a
        first remark.
        """

    def headless_if_apt(self) -> DataError | None:
        """Return the error for a header that looks like data, unless the labels met so far say that it is none."""
        return self.headless if self.headless is not None and not self._names_are_columns() else None

    @abstractmethod
    def _names_are_columns(self) -> bool:
        """Return whether the labels met so far are names of prediction columns."""

    def unknown_error(self, unknown: Sequence[tuple[str, int]]) -> DataError:
        """Return the error for labels that name no class, given with their first rows in row order."""
        if self.headless is not None:
            return self.headless
        text, row = unknown[0]
        details: list[str] = []
        if len(unknown) > 1:
            most = "or more " if len(unknown) == UNKNOWN_SHOWN else ""
            details = [f"{len(unknown)} {most}labels are no class:"]
            details += [f"{quote(label)}, first in {self.place.record(first)}" for label, first in unknown]
        (near, number), doubt = self._near(unknown), self.place.source.doubt
        if near:
            hint = near
            options = tuple(self.respelt([text for text, _ in unknown]) if number == len(unknown) else self.options)
        elif doubt is not None:
            hint, options = doubt.question, (doubt.option,)
        else:
            asked, offered = self.asked, self.options
            if self.later is not None and not offered:
                asked, offered = self.later([text for text, _ in unknown])
            hint, options = asked or self._advice(unknown), tuple(offered)
        return self.place.error(f"the label {quote(text)} is {self._is_no_class()}", row, hint, details, options)

    def respelt(self, unknown: Sequence[str]) -> Sequence[str]:
        """Return the option by which classes are called as labels spell them, none where that is not one thing."""
        return ()

    def _is_no_class(self) -> str:
        return f"not a class; the classes are {listing(self.names().classes, 10)}"

    def _near(self, unknown: Sequence[tuple[str, int]]) -> tuple[str, int]:
        """Return what trimming, letter case or leading zeros would match, and how many labels those are.

        xent changes no label itself.
        """
        known, instead, _ = self.nearly()
        hits = dict.fromkeys(NEAR, 0)
        for text, _ in unknown:
            reason = next((why for why, plain in NEAR.items() if plain(text) in {plain(name) for name in known}), None)
            # What is a name without a wrap, beside labels that are names with it, is no near miss.
            if reason is not None and text not in known:
                hits[reason] += 1
        near = "; ".join(f"{count(number, 'label')} would match {why}" for why, number in hits.items() if number)
        hint = f"{near}. Labels are compared as they stand: change the file{instead}." if near else ""
        return hint, sum(hits.values())

    def _advice(self, unknown: Sequence[tuple[str, int]]) -> str:
        """Return what to ask where nothing is known that settles it."""
        _, instead, remark = self.nearly()
        if all(is_fraction(text) for text, _ in unknown):
            return "A distribution needs one column for each class."
        return f"{remark}Is this the label column? See --label{instead}."


def is_fraction(text: str) -> bool:
    """Return whether a text is a number between 0 and 1, as the parts of a distribution are.

    >>> is_fraction("0.5"), is_fraction("1"), is_fraction("cat")
    (True, False, False)
    """
    try:
        return 0.0 < float(text) < 1.0
    except ValueError:
        return False
