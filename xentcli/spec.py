"""What is asked for: one frozen, validated value; nothing after it sees the command line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from xentcli.errors import UsageError
from xentcli.text import quote

DEFAULT_CLIP = 2.0**-52
DEFAULT_SUM_TOLERANCE = 0.01
MOST_THREADS = 1024
MOST_CHUNK_ROWS = 1 << 31


class InputKind(StrEnum):
    """What the numbers in the prediction columns are; stated, never guessed."""

    PROBS = "probs"
    LOGITS = "logits"
    LOGPROBS = "logprobs"


class LabelKind(StrEnum):
    """How labels name classes."""

    AUTO = "auto"
    NAME = "name"
    INDEX = "index"


class Unit(StrEnum):
    """The unit of losses; everything inside is in nats."""

    NATS = "nats"
    BITS = "bits"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """Which column means what; None and () mean: by the rules of `columns`."""

    label: str | None = None
    pred: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    positive: str | None = None
    negative: str | None = None
    label_kind: LabelKind = LabelKind.AUTO
    weight: str | None = None
    order_check: bool = True

    def __post_init__(self) -> None:
        _refuse_repeats("--classes", self.classes)
        _refuse_repeats("--pred", self.pred)
        if self.positive is not None and self.negative is not None and _same(self.positive, self.negative):
            raise UsageError(f"--positive and --negative are both {quote(self.positive)}; they are two classes")
        for name in self.classes:
            if not name:
                raise UsageError("--classes has an empty name")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalSpec:
    """The options of one evaluation, validated once."""

    columns: ColumnSpec = field(default_factory=ColumnSpec)
    input: InputKind = InputKind.PROBS
    clip: float | None = DEFAULT_CLIP
    sum_tolerance: float | None = None
    renormalize: bool = False
    unit: Unit = Unit.NATS
    confidence: float = 0.95
    threads: int | None = None
    chunk_rows: int | None = None
    delimiter: str | None = None
    labels_delimiter: str | None = None

    def __post_init__(self) -> None:
        for option, number in (("--sum-tolerance", self.sum_tolerance), ("--confidence", self.confidence)):
            _refuse_no_number(option, number)
        if self.clip is not None and not 0.0 < self.clip < 1.0:
            raise UsageError(f"--clip is {self.clip:g}; it takes a probability above 0 and below 1, or 'none'")
        if self.sum_tolerance is not None and not 0.0 <= self.sum_tolerance < math.inf:
            raise UsageError(f"--sum-tolerance is {self.sum_tolerance:g}; it takes a number from 0 up")
        if not 0.0 < self.confidence < 1.0:
            raise UsageError(f"--confidence is {self.confidence:g}; it takes a number between 0 and 1, such as 0.95")
        _refuse_outside("--threads", self.threads, MOST_THREADS)
        _refuse_outside("--chunk-rows", self.chunk_rows, MOST_CHUNK_ROWS)
        if self.input is InputKind.LOGITS:
            self.refuse_sum_options("logits have no sum to check: softmax makes it 1")
        if self.renormalize and self.sum_tolerance is not None:
            raise UsageError("--renormalize divides by the sums instead of checking them; leave out --sum-tolerance")
        for option, value in (("--delimiter", self.delimiter), ("--labels-delimiter", self.labels_delimiter)):
            _refuse_bad_delimiter(option, value)

    def refuse_sum_options(self, reason: str) -> None:
        """Raise UsageError if an option about row sums was given where there are none."""
        if self.renormalize:
            raise UsageError(f"--renormalize does not apply: {reason}")
        if self.sum_tolerance is not None:
            raise UsageError(f"--sum-tolerance does not apply: {reason}")

    @property
    def tolerance(self) -> float:
        """Return the sum tolerance in force."""
        return DEFAULT_SUM_TOLERANCE if self.sum_tolerance is None else self.sum_tolerance


def _same(a: str, b: str) -> bool:
    """Say whether two names are one class: `true` and `false` are, in any letter case."""
    return a == b or (a.lower() == b.lower() and a.lower() in {"true", "false"})


def default_clip(kind: InputKind) -> float | None:
    """Return the clip where none is asked for: 2^-52 for probabilities, none for logits and log-probabilities."""
    return DEFAULT_CLIP if kind is InputKind.PROBS else None


def _refuse_no_number(option: str, value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise UsageError(f"{option} is {value!r}; it takes a number")


def _refuse_outside(option: str, value: int | None, most: int) -> None:
    if value is not None and (type(value) is not int or not 1 <= value <= most):
        raise UsageError(f"{option} is {value!r}; it takes a whole number from 1 to {most}")


def _refuse_repeats(option: str, names: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UsageError(f"{option} names {quote(name)} twice")
        seen.add(name)


def _refuse_bad_delimiter(option: str, value: str | None) -> None:
    if value is None:
        return
    if len(value) != 1 or not value.isascii() or value in '"\n\r\0' or value.isalnum() or value in "+-.":
        raise UsageError(
            f"{option} is {quote(value)}; it takes one ASCII character that is no quote, line end, letter, digit, "
            "sign or point, such as ';' or a tab (written $'\\t' in the shell)"
        )
