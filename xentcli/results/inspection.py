"""What an inspection found: frozen values, in the names and order of JSON. None is unknown, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xentcli.results.evaluation import Inputs, Run, Settings, Warned

SCHEMA_VERSION = 1
# 1: the first. `inputs`, `settings`, `files`, `rules`, `doubts`, `warnings`, `run`.


@dataclass(frozen=True, slots=True)
class InspectedColumn:
    """A column: its name, its type as the format calls it, and what `eval` would take it for.

    role: the first of label, label part, prediction, weight, per, key, slice and order check that it is, or unused;
    also: the others. class_: the class of a prediction column or of a part of the label (`class` in JSON). why: why it
    is unused. holds: what its first rows hold (numbers, whole numbers, text, lists, nothing), None where that is not
    known; low, high: of numbers; examples: three values; labels_matched: how many of the labels of the first rows are
    among its values, None where those are not known. Where eval would refuse, the role is what the column may be for.
    """

    name: str
    type: str
    role: str
    class_: str | None
    also: tuple[str, ...] = ()
    why: str | None = None
    holds: str | None = None
    low: float | None = None
    high: float | None = None
    examples: tuple[str, ...] = ()
    labels_matched: int | None = None


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """One input: a file, or the parts of one.

    rows: from footers, or as its end was reached; else rows_estimate, from the size of the first rows. bytes: None of a
    pipe. sample_rows: how many of its first rows were read and checked.
    """

    input: str
    path: str
    format: str
    parts: tuple[str, ...]
    bytes: int | None
    rows: int | None
    rows_estimate: int | None
    sample_rows: int
    columns: tuple[InspectedColumn, ...]


@dataclass(frozen=True, slots=True)
class InspectedClass:
    """A class: the prediction column that it has (a place in a list), the part of a label, and its rows in the sample.

    rows: with labels that are distributions, those that have a part of it.
    """

    class_: str
    prediction: str | None
    label: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class InspectedLabel:
    """A label of the sample: its text (None: missing), the class it names, and its rows.

    left_out: why its rows would be left out; None where they are not.
    """

    label: str | None
    class_: str | None
    rows: int
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class InspectedKey:
    """A key column, and what its values look like in the sample of each input."""

    name: str
    predictions: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How rows are paired. compared: shared columns that tell whether the order agrees, and over how many rows of the
    sample they do. memory_bytes: what holding LABELS takes, None where its rows are not known, or nothing is held.
    """

    kind: str
    keys: tuple[InspectedKey, ...]
    compared: tuple[str, ...]
    compared_rows: int
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rule found what: the label, the prediction columns, the classes and the positive one of two."""

    label: str | None
    predictions: str
    names: str
    label_kind: str | None
    label_kind_rule: str | None
    positive: str | None
    positive_rule: str | None
    alignment: Alignment
    classes: tuple[InspectedClass, ...]
    labels: tuple[InspectedLabel, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be meant otherwise, and the options that settle it."""

    code: str
    message: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why `eval` would refuse: the whole message, and the options that settle it, each as it is typed in a shell."""

    message: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectResult:
    """The result of `inspect`. `to_dict()` is plain data by the contract, `to_json()` the same as text.

    Where eval would refuse, `error` says why, and inputs, settings and rules, which are not known then, are None.
    """

    xent_version: str
    inputs: Inputs | None
    settings: Settings | None
    files: tuple[InspectedFile, ...]
    rules: Rules | None
    doubts: tuple[Doubt, ...]
    warnings: tuple[Warned, ...]
    run: Run
    error: Refusal | None = None
    schema_version: int = SCHEMA_VERSION
    command: str = "inspect"

    def to_dict(self) -> dict[str, Any]:
        """Return the result as dicts, lists, strings, numbers and None."""
        from xentcli.results.serialize import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """Return the result as JSON text, always valid."""
        from xentcli.results.serialize import to_json

        return to_json(self)
