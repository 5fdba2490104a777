"""Both inputs, open, and what their columns are for."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from xentcli.columns.lookup import Place
from xentcli.columns.roles import Roles, find_roles
from xentcli.errors import DataError, UsageError
from xentcli.sources.base import Source
from xentcli.sources.open import open_source
from xentcli.spec.options import EvalSpec


@dataclass(frozen=True, slots=True)
class Inputs:
    """The open sources and what their columns are for."""

    predictions: Source
    labels: Source | None
    roles: Roles

    def source(self, place: Place) -> Source:
        """Return the source a column is in."""
        return self.predictions if place.side == 0 or self.labels is None else self.labels

    def located(self, error: DataError) -> DataError:
        """Return an error that knows its row with the file and the record that this is."""
        if error.row is not None:
            source = self.predictions if error.side == 0 or self.labels is None else self.labels
            error.file, error.record, error.line = source.locate(error.row)
            error.row = None
        return error


def open_inputs(spec: EvalSpec, predictions: str, labels: str | None, stack: ExitStack) -> Inputs:
    """Return both inputs, open until the stack is closed, with the roles of their columns."""
    mine, yours = open_sources(spec, predictions, labels, stack)
    return Inputs(mine, yours, find_roles(spec, mine, yours))


def open_sources(
    spec: EvalSpec, predictions: str, labels: str | None, stack: ExitStack, opened: list[Source] | None = None
) -> tuple[Source, Source | None]:
    """Return both inputs, open until the stack is closed; None for LABELS where there is none of its own.

    opened: takes them up one after the other, for whoever wants the first where the second cannot be opened.
    """
    opened = [] if opened is None else opened
    if predictions == "-" and labels == "-":
        raise UsageError("both inputs are -, and there is one standard input")
    mine = open_source(predictions, 0, spec.dialect_of(0))
    stack.callback(mine.close)
    opened.append(mine)
    yours = None
    if labels is not None and not _is_same_file(predictions, labels):
        yours = open_source(labels, 1, spec.dialect_of(1))
        stack.callback(yours.close)
        opened.append(yours)
    _refuse_idle_dialects(spec, mine, yours)
    return mine, yours


_MEANT = {"csv": {"delimiter", "header", "encoding", "decimal"}, "jsonl": {"encoding"}, "parquet": set[str]()}
_TEXT_OF = {"delimiter": "CSV", "header": "CSV", "decimal": "CSV", "encoding": "CSV or JSON Lines"}


def _refuse_idle_dialects(spec: EvalSpec, predictions: Source, labels: Source | None) -> None:
    """Raise UsageError for what is said of text files where there is none."""
    sources = [source for source in (predictions, labels) if source is not None]
    for name in spec.dialect.given():
        if not any(name in _MEANT[source.format] for source in sources):
            raise UsageError(f"--{_option_of(name)} is for {_TEXT_OF[name]}, and no input is {_TEXT_OF[name]}")
    for name in spec.labels_dialect.given():
        if labels is None or name not in _MEANT[labels.format]:
            none = ", and there is no LABELS" if labels is None else f", and LABELS is {labels.format}"
            raise UsageError(f"--labels-{_option_of(name)} is for LABELS as {_TEXT_OF[name]}{none}")


def _option_of(name: str) -> str:
    return "no-header" if name == "header" else name


def _is_same_file(predictions: str, labels: str) -> bool:
    """Say whether both paths are one file: its labels are then read with its predictions."""
    try:
        return predictions == labels or Path(predictions).samefile(labels)
    except (OSError, ValueError):
        return False
