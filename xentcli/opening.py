"""The inputs of an evaluation, opened, with what their columns are for and which class is which."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xentcli.agreement import Inputs
from xentcli.batch import Left
from xentcli.batching import BatchMaker
from xentcli.columns.distribution import Side, match_targets
from xentcli.columns.headless import headless_predictions, refuse_headless_labels
from xentcli.columns.label_only import LabelOnly
from xentcli.columns.labels import ClassNames, LabelMapper, LabelPlace
from xentcli.columns.many import ManyColumns
from xentcli.columns.one import OneColumn
from xentcli.columns.places import Place
from xentcli.columns.roles import find_roles
from xentcli.errors import DataError, UsageError
from xentcli.kinds import LabelKind, Missing
from xentcli.slicing import MOST_CELLS, Combinations, SliceTable
from xentcli.sources.base import Source
from xentcli.sources.open import open_source
from xentcli.spec import EvalSpec
from xentcli.state.rows import text_hash
from xentcli.text import canonical, count, quote


@dataclass(frozen=True, slots=True)
class Classes:
    """How labels and predictions name classes.

    mapper: learns hard labels; None where `names` says everything, as labels are distributions, or there are none.
    targets: the label column of each class, in class order, where labels are distributions.
    """

    mapper: LabelMapper | None
    names: ClassNames
    targets: tuple[str, ...] = ()

    def hashes(self) -> NDArray[np.uint64]:
        """Return a hash of the labels of each class, shape (n_classes,)."""
        if self.mapper is not None and self.mapper.n_classes:
            return self.mapper.hashes()
        return np.array([text_hash(canonical(name)) for name in self.names.classes] or [0], dtype=np.uint64)

    def finish(self) -> ClassNames:
        """Return the classes by the rule that all labels fit. Raise DataError if there is none, or two."""
        return self.names if self.mapper is None else self.mapper.finish()

    def n_classes(self, label_only: bool) -> int:
        """Return the number of classes; of those learnt as they come, 1 at least."""
        held = len(self.names.classes) if self.mapper is None else self.mapper.n_classes
        return max(1, held) if label_only else held


def open_inputs(spec: EvalSpec, predictions: str, labels: str | None, stack: ExitStack) -> Inputs:
    """Return both inputs, open until the stack is closed, with the roles of their columns."""
    if predictions == "-" and labels == "-":
        raise UsageError("both inputs are -, and there is one standard input")
    mine = open_source(predictions, 0, spec.dialect_of(0))
    stack.callback(mine.close)
    yours = None
    if labels is not None and not _is_same_file(predictions, labels):
        yours = open_source(labels, 1, spec.dialect_of(1))
        stack.callback(yours.close)
    _refuse_idle_dialects(spec, mine, yours)
    return Inputs(mine, yours, find_roles(spec, mine, yours))


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


def find_classes(inputs: Inputs, spec: EvalSpec) -> Classes:
    """Return how labels and predictions name classes.

    Raises UsageError or DataError where that is clear before any row is read.
    """
    roles, columns = inputs.roles, spec.columns
    if roles.distribution:
        return _distribution(inputs, spec)
    if spec.input.label_only:
        if not roles.label:
            _refuse_idle_label_options(spec)
            return Classes(None, ClassNames((), roles.predictions, "none", None))
        label_only = LabelOnly(roles.predictions[0], _place(inputs, roles.label[0]), _left(spec))
        return Classes(label_only, label_only.names())
    place, left = _place(inputs, roles.label[0]), _left(spec)
    named = not (inputs.predictions.headerless or roles.prediction_list)
    mapper: LabelMapper
    if len(roles.predictions) == 1 and not roles.prediction_list:
        spec.refuse_sum_options("one prediction column has no sum to check")
        mapper = OneColumn(roles.predictions[0], columns, place, left, named)
    else:
        mapper = ManyColumns(_prediction_columns(inputs), columns, place, left, named)
    mapper.headless = headless_predictions(columns, roles, inputs.predictions)
    refuse_headless_labels(columns, roles, mapper.names().classes, inputs.labels)
    return Classes(mapper, mapper.names())


def _refuse_idle_label_options(spec: EvalSpec) -> None:
    """Raise UsageError for what is said of labels where there are none."""
    columns = spec.columns
    given = {
        "--class-weight": spec.class_weight is not None,
        "--ignore": bool(columns.ignore),
        "--missing": columns.missing is Missing.DROP,
        "--label-kind": columns.label_kind is not LabelKind.AUTO,
    }
    for option, here in given.items():
        if here:
            raise UsageError(f"{option} is about labels, and there are none", hint="Name their column with --label.")


def _place(inputs: Inputs, place: Place) -> LabelPlace:
    return LabelPlace(inputs.source(place), place.name)


def _left(spec: EvalSpec) -> dict[str, Left]:
    """Return the label texts whose rows are left out, and why."""
    left = dict.fromkeys(spec.columns.ignore, Left.IGNORED)
    return left | {"": Left.MISSING} if spec.columns.missing is Missing.DROP else left


def _prediction_columns(inputs: Inputs) -> tuple[str, ...]:
    """Return the prediction columns, or the places in a column of lists."""
    roles = inputs.roles
    if not roles.prediction_list:
        return roles.predictions
    name = roles.predictions[0]
    width = inputs.predictions.width_of(name)
    if not width:
        spot = inputs.predictions.locate(0)
        problem, hint = "the list is missing or empty", "Every row needs a list with a number for each class."
        raise DataError(problem, file=spot.file, record=1, column=name, hint=hint)
    if width < 2:
        numbers = count(width, "number")
        problem = f"the lists of column {quote(name)} have {numbers}; a list has one for each class"
        raise DataError(problem, file=inputs.predictions.path, hint="Say which columns are with --pred.")
    return tuple(str(at) for at in range(width))


def _distribution(inputs: Inputs, spec: EvalSpec) -> Classes:
    roles = inputs.roles
    for option, here in (("--ignore", spec.columns.ignore), ("--missing drop", spec.columns.missing is Missing.DROP)):
        if here:
            raise UsageError(f"{option} is for labels that are names or indices; these are distributions")
    if spec.columns.label_kind in {LabelKind.NAME, LabelKind.INDEX}:
        # A pattern may stand for several columns; options alone do not say so.
        kind = spec.columns.label_kind.value
        raise UsageError(f"--label names several columns, which hold a distribution; --label-kind is {kind}")
    if spec.input.label_only:
        raise UsageError(f"--input {spec.input.value} has the probability of the true label alone; its label is a name")
    source = inputs.source(roles.label[0])
    is_list = roles.label[0] in roles.lists
    names = tuple(place.name for place in roles.label)
    if is_list:
        names = tuple(str(at) for at in range(source.width_of(roles.label[0].name)))
    mine = Side(_prediction_columns(inputs), not (inputs.predictions.headerless or roles.prediction_list))
    if len(mine.columns) == 1:
        spec.refuse_sum_options("one prediction column has no sum to check")
    found = match_targets(mine, Side(names, not (is_list or source.headerless)), spec.columns, source)
    return Classes(None, found.names, found.columns)


def make_batches(inputs: Inputs, classes: Classes, spec: EvalSpec) -> BatchMaker:
    """Return what makes batches of aligned rows."""
    label_only = spec.input.label_only
    n_classes = classes.n_classes(label_only)
    slices = None
    if inputs.roles.by:
        most = spec.slices_allowed if label_only else min(spec.slices_allowed, max(1, MOST_CELLS // n_classes))
        slices = SliceTable([one[0].name for one in inputs.roles.by], most)
    return BatchMaker(
        inputs, classes.mapper, classes.names.columns, classes.targets, slices, label_only, Combinations(), n_classes
    )
