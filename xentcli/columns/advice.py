"""Options that settle an error, computed from what the columns look like, each as it is typed in a shell."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np

from xentcli.columns.first_rows import FirstLabels
from xentcli.columns.given_classes import by_column, classes_of
from xentcli.columns.input_kinds import other_kind
from xentcli.columns.looks import Holds, Looks, looks_of
from xentcli.columns.lookup import Lookup
from xentcli.columns.proof import matrix_of, proven
from xentcli.columns.roles import Roles
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE, EvalSpec
from xentcli.spec.parsing import typed
from xentcli.text import quote

# A list of more columns than that is typed as a pattern, where few are left out of it.
_MOST_LISTED = 20
_MOST_DOUBTED = 3


class Advice:
    """What is known of the inputs where something is refused. Columns are looked at when that is asked for.

    names: the prediction columns, or those that may be. unnamed: those of them that no label of the first rows names.
    """

    def __init__(
        self, spec: EvalSpec, lookup: Lookup, roles: Roles, labels: FirstLabels | None, unnamed: Collection[str]
    ) -> None:
        self.spec, self.lookup, self.roles, self.labels = spec, lookup, roles, labels
        self.names = list(roles.predictions)
        self.unnamed = frozenset(unnamed)

    @cached_property
    def looks(self) -> Looks:
        """Return what the columns of PREDICTIONS look like that may be predictions."""
        return looks_of(self.lookup.sources[0], self.names, self.spec.dialect_of(0).decimal)

    def look(self) -> None:
        """Look at the columns now, and not when an error asks for it."""
        _ = self.looks

    @property
    def by_index(self) -> bool:
        """Say whether labels are places: indices, or of columns that have no names."""
        columns = self.spec.columns
        unnamed = self.lookup.sources[0].headerless and not columns.classes and not columns.class_map
        return columns.label_kind is LabelKind.INDEX or unnamed

    # Which columns ----------------------------------------------------------------------------------

    def pred(self, names: Sequence[str]) -> str:
        """Return --pred with these columns: as all but the others, where they are many and the others few."""
        given = self.spec.columns
        if given.classes or given.class_map is not None:
            return self._with_classes(names)
        left = [name for name in self.names if name not in set(names)]
        if len(names) > _MOST_LISTED and len(left) < len(names) // 4 and not self.spec.columns.pred:
            return typed("--pred", ["*", *(f"!{name}" for name in left)])
        return typed("--pred", names)

    def _with_classes(self, names: Sequence[str]) -> str:
        """Return these columns where --classes says what each of all is."""
        columns, everything = self.spec.columns, self.lookup.names[0]
        class_of = dict(zip(self.names, classes_of(columns, everything, self.names), strict=False))
        if by_column(columns, everything):
            return typed("--classes", [f"{name}={class_of[name]}" for name in names])
        classes = [class_of[name] for name in names if name in class_of]
        return f"{typed('--pred', names)} {typed('--classes', classes)}"

    @property
    def proven(self) -> list[str]:
        """Return the columns that the sums of the first rows prove to be the predictions, [] where none are."""
        if len(self.names) < 2:
            return []
        # Where more is let pass, less is proof.
        most = min(self.spec.tolerance, DEFAULT_SUM_TOLERANCE)
        return proven(self.names, self.unnamed, self.looks, self.spec.input, most)

    @property
    def doubted(self) -> list[str]:
        """Return the columns of whole numbers that no label names, beside others that hold fractions."""
        whole = [name for name in self.names if name in self.unnamed and self.looks[name].is_whole]
        return whole if whole and any(self.looks[name].holds is Holds.NUMBERS for name in self.names) else []

    def likely(self) -> list[str]:
        """Return --pred with the columns that are most likely meant, the likeliest first, [] where all are."""
        return [self.pred(names) for names in self.likely_columns()]

    def likely_columns(self) -> list[list[str]]:
        """Return the columns that are most likely meant, the likeliest first, [] where all are."""
        found = self.proven
        if found:
            ways = [found] if len(found) < len(self.names) else []
            # What holds nothing but zeros changes no sum, but which class an index is.
            fuller = [name for name in found if name not in self._zeros]
            return [*ways, fuller] if ways and self.by_index and 1 < len(fuller) < len(found) else ways
        # A column that a label names is a class, whatever one of its cells holds; one that lacks a number is no text.
        fine = {Holds.NUMBERS, Holds.WHOLE}
        text = [name for name in self.names if name in self.unnamed and self.looks[name].holds not in fine]
        numbers, doubted = [name for name in self.names if name not in text], self.doubted
        if not numbers or not (text or doubted):
            return []
        sure = [name for name in numbers if name not in doubted]
        some = range(len(doubted) + 1) if len(doubted) <= _MOST_DOUBTED else (0, len(doubted))
        if self.spec.input is not InputKind.LOGITS:
            # Probabilities that do not sum to 1 with them: which of them are meant is no question.
            some = range(1)
        chosen = [[*sure, *more] for number in some for more in combinations(doubted, number)]
        if self.by_index:
            # Indices count the columns as they stand.
            chosen = [[name for name in numbers if name in keep] for keep in chosen]
        return [keep for keep in chosen if keep]

    # Values and sums --------------------------------------------------------------------------------

    @property
    def spare(self) -> list[str]:
        """Return the columns that no label names and without which the first rows sum to 1, too: they hold zeros."""
        if self.spec.input is not InputKind.PROBS or self.proven != self.names:
            return []
        return self._zeros

    @property
    def _zeros(self) -> list[str]:
        """Return the columns that no label names and that hold nothing but zeros."""
        numbers = {name: self.looks[name].numbers for name in self.names if name in self.unnamed}
        return [name for name, held in numbers.items() if held is not None and not held.any()]

    def without(self, column: str, is_text: bool) -> list[str]:
        """Return --pred without a column that later turns out to be none: a spare one, or text beside logits."""
        doubtful = is_text and self.spec.input is InputKind.LOGITS and column in self.unnamed
        out = {*self.spare, column} if column in self.spare else {column} if doubtful else set()
        kept = [name for name in self.names if name not in out]
        return [self.pred(kept)] if out and len(kept) > 1 else []

    def of_value(self, column: str, value: float | None, is_text: bool = False) -> tuple[str, list[str]]:
        """Return what to ask about a value of a column that is no prediction (None: no number at all, for which text
        may stand), and what settles it.
        """
        likely = self.likely_columns()
        # Where the column is among them in any case, other columns do not settle it.
        if any(column not in names for names in likely):
            found = [self.pred(names) for names in likely]
            return self._other_columns(found), found
        if later := self.without(column, is_text):
            return f"Is {quote(column)} a prediction?", later
        if value is None or not math.isfinite(value):
            return "", []
        numbers = matrix_of(self.names, self.looks)
        numbers = numbers[np.isfinite(numbers).all(axis=1)]
        # Where not all columns could be looked at, the value stands for all.
        return other_kind(numbers if numbers.size else np.full((1, len(self.names)), value), self.spec.input)

    def _other_columns(self, found: Sequence[str]) -> str:
        if len(found) > 1:
            return "Which columns are the predictions?"
        return "Other columns sum to 1 in every row." if self.proven else "Are these the predictions?"

    @np.errstate(over="ignore", invalid="ignore")
    def of_sum(self, hint: str) -> tuple[str, list[str]]:
        """Return what to say of rows that do not sum to 1, and what settles it."""
        found = self.likely()
        if found:
            return self._other_columns(found), found
        if spare := self.spare[:1]:
            return "Other columns sum to 1 in the first rows.", self.without(spare[0], False)
        numbers = matrix_of(self.names, self.looks)
        numbers = np.exp(numbers) if self.spec.input is InputKind.LOGPROBS else numbers
        off = np.abs(numbers.sum(axis=1) - 1.0)
        far = float(off.max()) if numbers.size else math.inf
        options = ["--renormalize"] if not self.spec.renormalize else []
        rounded = hint.startswith("Rounding")
        if math.isfinite(far) and far > self.spec.tolerance:
            tolerance = f"--sum-tolerance {_above(far):g}"
            options = [tolerance, *options] if rounded else [*options, tolerance]
        strict = not self.spec.renormalize and self.spec.tolerance == DEFAULT_SUM_TOLERANCE
        if (
            self.spec.input is InputKind.PROBS
            and strict
            and not rounded
            and off.size
            and (off > DEFAULT_SUM_TOLERANCE).all()
        ):
            # Logits may all be from 0 to 1 as well.
            options.append("--input logits")
        return hint, options


def _above(value: float) -> float:
    """Return a short number that is no less.

    >>> _above(0.0213), _above(1.0), _above(0.5)
    (0.03, 1.0, 0.5)
    """
    step = 10.0 ** math.floor(math.log10(value))
    found = float(f"{math.ceil(value / step * (1 - 1e-12)) * step:.1g}")
    return found if found >= value else float(f"{2 * step + found:.1g}")
