"""What is asked for: one frozen, validated value; nothing after it sees the command line."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from xentcli.errors import UsageError
from xentcli.spec.checks import (
    class_map_flaw,
    refuse_no_number,
    refuse_outside,
    refuse_repeats,
)
from xentcli.spec.choices import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind
from xentcli.spec.dialect import Dialect
from xentcli.text import quote

DEFAULT_CLIP = 2.0**-52
DEFAULT_SUM_TOLERANCE = 0.01
DEFAULT_MOST_SLICES = 1000
MOST_JOBS = 1024
MOST_CHUNK_ROWS = 1 << 31
MOST_SLICES = 1_000_000
MOST_MEMORY = 1 << 60
_MOST = sys.float_info.max


class _Plain:
    """A value that pickles as what it is made of, and is validated again when it is read.

    Views of dicts do not pickle themselves.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        held = {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # a dataclass
        plain = {name: dict(value) if isinstance(value, MappingProxyType) else value for name, value in held.items()}
        return _made, (type(self), plain)


def _made(kind: Callable[..., Any], held: dict[str, Any]) -> Any:
    return kind(**held)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec(_Plain):
    """Which column means what; None and () mean: by the rules of `columns`.

    classes: names in the order of the prediction columns, or each after its column and `=`. class_map: in their stead
    a place by the name of each class, or a class by the name or place of each column.
    """

    on: tuple[str, ...] = ()
    unmatched: Unmatched = Unmatched.ERROR
    label: tuple[str, ...] = ()
    pred: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    class_map: Mapping[str, str | int] | None = None
    positive: str | None = None
    negative: str | None = None
    label_kind: LabelKind = LabelKind.AUTO
    weight: str | None = None
    weight_kind: WeightKind = WeightKind.IMPORTANCE
    by: tuple[str, ...] = ()
    per: str | None = None
    missing: Missing = Missing.ERROR
    ignore: tuple[str, ...] = ()
    order_check: bool = True

    def __post_init__(self) -> None:
        for option in ("classes", "pred", "label", "on", "by", "ignore"):
            refuse_repeats(f"--{option}", getattr(self, option))
        self._check_class_map()
        if self.positive is not None and self.negative is not None and _same(self.positive, self.negative):
            raise UsageError(f"--positive and --negative are both {quote(self.positive)}; they are two classes")
        for option in ("classes", "on", "by", "label"):
            if not all(getattr(self, option)):
                raise UsageError(f"--{option} has an empty name")
        if self.unmatched is not Unmatched.ERROR and not self.on:
            raise UsageError("--unmatched is for rows aligned by key; name the keys with --on")
        if self.on and not self.order_check:
            raise UsageError("--no-order-check is for rows aligned by their order; with --on keys align them")
        if self.weight_kind is WeightKind.COUNT and self.weight is None:
            raise UsageError("--weight-kind count needs the column of counts: name it with --weight")
        if len(self.label) > 1 and self.label_kind in {LabelKind.NAME, LabelKind.INDEX}:
            kind = self.label_kind.value
            raise UsageError(f"--label names several columns, which hold a distribution; --label-kind is {kind}")

    def _check_class_map(self) -> None:
        if self.class_map is None:
            return
        flaw = "has names and an object" if self.classes else class_map_flaw(self.class_map)
        if flaw:
            raise UsageError(f"--classes {flaw}")
        # Nobody changes what was validated.
        object.__setattr__(self, "class_map", MappingProxyType(dict(self.class_map)))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalSpec(_Plain):
    """The options of one evaluation, validated once."""

    columns: ColumnSpec = field(default_factory=ColumnSpec)
    input: InputKind = InputKind.PROBS
    clip: float | None = DEFAULT_CLIP
    sum_tolerance: float | None = None
    renormalize: bool = False
    class_weight: Mapping[str, float] | None = None
    label_smoothing: float = 0.0
    unit: Unit = Unit.NATS
    confidence: float = 0.95
    most_slices: int | None = None
    jobs: int | None = None
    chunk_rows: int | None = None
    memory_limit: int | None = None
    dialect: Dialect = field(default_factory=Dialect)
    labels_dialect: Dialect = field(default_factory=Dialect)

    def __post_init__(self) -> None:
        numbers = ("sum_tolerance", "confidence", "label_smoothing")
        for option in numbers:
            refuse_no_number(f"--{option.replace('_', '-')}", getattr(self, option))
        if self.clip is not None and not 0.0 < self.clip < 1.0:
            raise UsageError(f"--clip is {self.clip:g}; it takes a probability above 0 and below 1, or 'none'")
        if self.sum_tolerance is not None and not 0.0 <= self.sum_tolerance < math.inf:
            raise UsageError(f"--sum-tolerance is {self.sum_tolerance:g}; it takes a number from 0 up")
        if not 0.0 < self.confidence < 1.0:
            raise UsageError(f"--confidence is {self.confidence:g}; it takes a number between 0 and 1, such as 0.95")
        if not 0.0 <= self.label_smoothing <= 1.0:
            raise UsageError(f"--label-smoothing is {self.label_smoothing:g}; it takes a number from 0 to 1")
        refuse_outside("--jobs", self.jobs, MOST_JOBS)
        refuse_outside("--chunk-rows", self.chunk_rows, MOST_CHUNK_ROWS)
        refuse_outside("--memory-limit", self.memory_limit, MOST_MEMORY)
        refuse_outside("--max-slices", self.most_slices, MOST_SLICES)
        if self.most_slices is not None and not self.columns.by:
            raise UsageError("--max-slices is for slices; name their columns with --by")
        if self.input is InputKind.LOGITS:
            self.refuse_sum_options("logits have no sum to check: softmax makes it 1")
        if self.renormalize and self.sum_tolerance is not None:
            raise UsageError("--renormalize divides by the sums instead of checking them; leave out --sum-tolerance")
        self.dialect.refuse_oddities("--")
        self.labels_dialect.refuse_oddities("--labels-")
        self._check_class_weight()
        if self.input.label_only:
            self._refuse_other_classes()

    def _check_class_weight(self) -> None:
        if self.class_weight is None:
            return
        if not self.class_weight:
            raise UsageError("--class-weight names no class")
        for name, weight in self.class_weight.items():
            if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= _MOST:
                raise UsageError(
                    f"--class-weight gives {quote(name)} the weight {weight!r}; weights are finite and not negative"
                )
        # Nobody changes what was validated.
        object.__setattr__(self, "class_weight", MappingProxyType(dict(self.class_weight)))

    def _refuse_other_classes(self) -> None:
        """Raise UsageError for options that need the probabilities of other classes than the label's."""
        reason = f"--input {self.input.value} has the probability of the true label alone"
        self.refuse_sum_options(reason)
        columns = self.columns
        given = {
            "--label-smoothing": self.label_smoothing > 0.0,
            "--classes": bool(columns.classes) or columns.class_map is not None,
            "--positive": columns.positive is not None,
            "--negative": columns.negative is not None,
            "--label-kind": columns.label_kind in {LabelKind.INDEX, LabelKind.DISTRIBUTION},
        }
        for option, here in given.items():
            if here:
                raise UsageError(f"{option} does not apply: {reason}")
        if len(columns.label) > 1:
            raise UsageError(f"--label takes one column here: {reason}")

    def refuse_sum_options(self, reason: str) -> None:
        """Raise UsageError if an option about row sums was given where there are none."""
        if self.renormalize:
            raise UsageError(f"--renormalize does not apply: {reason}")
        if self.sum_tolerance is not None:
            raise UsageError(f"--sum-tolerance does not apply: {reason}")

    def dialect_of(self, side: int) -> Dialect:
        """Return the dialect of PREDICTIONS (side 0) or LABELS (side 1)."""
        return self.labels_dialect.or_else(self.dialect) if side else self.dialect

    def asked(self) -> dict[str, object]:
        """Return what decides figures, by option: of two evaluations whose sums can be added up it is the same.

        >>> EvalSpec(label_smoothing=0.1, jobs=4).asked()["label-smoothing"], "jobs" in EvalSpec().asked()
        (0.1, False)
        """
        columns = self.columns
        names = ("on", "unmatched", "label", "pred", "classes", "positive", "negative", "label_kind", "weight")
        more = ("weight_kind", "by", "per", "missing", "ignore")
        held: dict[str, object] = {name: getattr(columns, name) for name in (*names, *more)}
        held["class_map"] = None if columns.class_map is None else dict(columns.class_map)
        for name in ("input", "clip", "renormalize", "label_smoothing", "unit", "confidence"):
            held[name] = getattr(self, name)
        held["sum_tolerance"] = self.tolerance
        held["class_weight"] = None if self.class_weight is None else dict(self.class_weight)
        return {name.replace("_", "-"): value for name, value in held.items()}

    @property
    def tolerance(self) -> float:
        """Return the sum tolerance in force."""
        return DEFAULT_SUM_TOLERANCE if self.sum_tolerance is None else self.sum_tolerance

    @property
    def slices_allowed(self) -> int:
        """Return the most slices that are evaluated."""
        return DEFAULT_MOST_SLICES if self.most_slices is None else self.most_slices


def _same(a: str, b: str) -> bool:
    """Say whether two names are one class: `true` and `false` are, in any letter case."""
    return a == b or (a.lower() == b.lower() and a.lower() in {"true", "false"})


def default_clip(kind: InputKind) -> float | None:
    """Return the clip where none is asked for: 2^-52 for probabilities, none for logits and log-probabilities."""
    return DEFAULT_CLIP if kind in {InputKind.PROBS, InputKind.LABEL_PROBS} else None
