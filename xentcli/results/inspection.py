"""What an inspection found: frozen values, in the names and order of JSON. None is unknown, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from xentcli.results.evaluation import Inputs, Run, Settings, Warned
from xentcli.results.limits import Count, CountOrNone, one_of

SCHEMA_VERSION = 1
# 1: the first. `inputs`, `settings`, `files`, `rules`, `doubts`, `warnings`, `run`.
_ROLES = ("label", "label part", "prediction", "weight", "per", "key", "slice", "order check")
_CONTENTS = one_of("numbers", "whole numbers", "text", "lists", "nothing")
_KEYS = one_of("whole numbers", "dates", "true and false", "other text")
_DOUBTS = one_of(
    *("lengths", "order_unchecked", "compared", "key_unused", "keys_never_match", "memory", "columns_left_out"),
    *("label_names", "weight_unused", "positive_unsettled", "positive_default", "no_names", "one_label"),
    *("classes_without_labels", "whole_numbers", "not_logits", "row_sums"),
)


@dataclass(frozen=True, slots=True)
class InspectedColumn:
    """A column of an input: what it looks like, and what `eval` would take it for."""

    name: str
    type: Annotated[str, "As the format calls it."]
    role: Annotated[str, one_of(*_ROLES, "unused"), "The first that it has; where eval refuses, may have."]
    class_: Annotated[str | None, "What a prediction column, or a part of the label, speaks of."]
    also: Annotated[tuple[Annotated[str, one_of(*_ROLES)], ...], "Its other roles."] = ()
    why: Annotated[str | None, "Why it is unused."] = None
    holds: Annotated[str | None, _CONTENTS, "What its first rows hold, as it is written; null if unknown."] = None
    low: Annotated[float | None, "The lowest number of the first rows."] = None
    high: Annotated[float | None, "The highest number of the first rows."] = None
    examples: Annotated[tuple[str, ...], "Three values."] = ()
    labels_matched: Annotated[
        CountOrNone, "How many labels of the first rows are among its values; null where labels are unknown."
    ] = None


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """One input: a file, or the parts of one."""

    input: Annotated[str, one_of("predictions", "labels")]
    path: str
    format: Annotated[str, one_of("csv", "jsonl", "parquet")]
    parts: Annotated[tuple[str, ...], "The files it is made of, in the order of their rows."]
    bytes: Annotated[CountOrNone, "null for a pipe."]
    rows: Annotated[CountOrNone, "From footers, or as the end was reached; null if unknown."]
    rows_estimate: Annotated[CountOrNone, "By the size of the first rows, where rows is null."]
    sample_rows: Annotated[Count, "How many of the first rows were read and checked."]
    columns: tuple[InspectedColumn, ...]


@dataclass(frozen=True, slots=True)
class InspectedClass:
    """A class: what predicts it, what labels call it, and its rows in the sample."""

    class_: str
    prediction: Annotated[str | None, "Its column, or place in a list; null where it is 1 less the other's."]
    label: Annotated[str | None, "What labels call it, or the column (or place) of its part."]
    rows: Annotated[CountOrNone, "In the sample; with distributions, those that have a part of it."]


@dataclass(frozen=True, slots=True)
class InspectedLabel:
    """A label of the sample, the class that it names, and its rows."""

    label: Annotated[str | None, "null: missing."]
    class_: str | None
    rows: Count
    left_out: Annotated[str | None, one_of("missing", "ignored"), "Why its rows would be; null: they are not."] = None


@dataclass(frozen=True, slots=True)
class InspectedKey:
    """A key column, and what its values look like in the sample of each input."""

    name: str
    predictions: tuple[Annotated[str, _KEYS], ...]
    labels: tuple[Annotated[str, _KEYS], ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How rows are paired, and what that was checked by."""

    kind: Annotated[str, one_of("row-order", "key")]
    keys: tuple[InspectedKey, ...]
    compared: Annotated[tuple[str, ...], "Shared columns that tell whether the rows are in the same order."]
    compared_rows: Annotated[Count, "Over how many rows of the sample they do."]
    memory_bytes: Annotated[CountOrNone, "About what holding LABELS by key takes; null if unknown, or none is held."]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rule found what: the label, the prediction columns, the classes and the positive one of two."""

    label: Annotated[str | None, "How the label column was found; null without one."]
    predictions: Annotated[str, "How the prediction columns were found."]
    names: Annotated[str, "How columns and labels were matched: inputs.name_rule."]
    label_kind: Annotated[str | None, one_of("name", "index", "distribution")]
    label_kind_rule: str | None
    positive: str | None
    positive_rule: str | None
    alignment: Alignment
    classes: tuple[InspectedClass, ...]
    labels: tuple[InspectedLabel, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be meant otherwise, and the options that settle it."""

    code: Annotated[str, _DOUBTS]
    message: str
    options: Annotated[tuple[str, ...], {"minItems": 1}, "Any of them settles it."]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why `eval` would refuse: the whole message, and the options that settle it, each as it is typed in a shell."""

    message: str
    options: Annotated[tuple[str, ...], "What settles it, each as it is typed in a shell, the likeliest first."]


@dataclass(frozen=True, slots=True)
class InspectResult:
    """The result of `inspect`. `to_dict()` is plain data by the contract, `to_json()` the same as text.

    Where eval would refuse, `error` says why, and inputs, settings and rules, which are not known then, are None.
    """

    xent_version: str
    inputs: Annotated[Inputs | None, "What was read and how it was understood."]
    settings: Annotated[Settings | None, "The options in force."]
    files: tuple[InspectedFile, ...]
    rules: Rules | None
    doubts: tuple[Doubt, ...]
    warnings: tuple[Warned, ...]
    run: Annotated[Run, "How it was run: the only part that differs between two runs."]
    error: Annotated[Refusal | None, "Why eval would refuse; inputs, settings and rules are then null."] = None
    schema_version: Annotated[int, {"const": SCHEMA_VERSION}] = SCHEMA_VERSION
    command: Annotated[str, {"const": "inspect"}] = "inspect"

    def to_dict(self) -> dict[str, Any]:
        """Return the result as dicts, lists, strings, numbers and None."""
        from xentcli.results.serialize import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """Return the result as JSON text, always valid."""
        from xentcli.results.serialize import to_json

        return to_json(self)
