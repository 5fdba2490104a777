"""The choices that options have, by the names they have on the command line."""

from __future__ import annotations

from enum import StrEnum


class InputKind(StrEnum):
    """What the numbers in the prediction columns are; stated, never guessed."""

    PROBS = "probs"
    LOGITS = "logits"
    LOGPROBS = "logprobs"
    LABEL_PROBS = "label-probs"
    LABEL_LOGPROBS = "label-logprobs"

    @property
    def label_only(self) -> bool:
        """Say whether there is one number a row: the (log-)probability given to its true label."""
        return self in {InputKind.LABEL_PROBS, InputKind.LABEL_LOGPROBS}

    @property
    def may_be_masked(self) -> bool:
        """Say whether −inf is a value: a logit or a log-probability of a masked class."""
        return self not in {InputKind.PROBS, InputKind.LABEL_PROBS}


class LabelKind(StrEnum):
    """How labels name classes."""

    AUTO = "auto"
    NAME = "name"
    INDEX = "index"
    DISTRIBUTION = "distribution"


class WeightKind(StrEnum):
    """What a weight means: how much a row matters, or how many equal rows it stands for."""

    IMPORTANCE = "importance"
    COUNT = "count"


class Missing(StrEnum):
    """What becomes of a row without a label."""

    ERROR = "error"
    DROP = "drop"


class Unmatched(StrEnum):
    """What becomes of a key that only one input has."""

    ERROR = "error"
    DROP = "drop"
    DROP_LABELS = "drop-labels"
    DROP_PREDICTIONS = "drop-predictions"


class Unit(StrEnum):
    """The unit of losses; everything inside is in nats."""

    NATS = "nats"
    BITS = "bits"


class Bound(StrEnum):
    """What a gate bounds, by the name of its option: a figure, or its change from the baseline."""

    MAX = "max"
    MIN = "min"
    MAX_INCREASE = "max-increase"
    MAX_DECREASE = "max-decrease"

    @property
    def of_change(self) -> bool:
        """Say whether it needs a baseline."""
        return self in {Bound.MAX_INCREASE, Bound.MAX_DECREASE}
