"""How the rows of opened inputs are scored and refused: the plan of each batch, and what no batch can tell alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xentcli.alignment.batch_maker import BatchMaker
from xentcli.alignment.held_columns import HeldColumns
from xentcli.columns.classes import Classes
from xentcli.columns.inputs import Inputs
from xentcli.columns.lookup import Place
from xentcli.columns.many_columns import ManyColumns
from xentcli.errors import DataError, UsageError
from xentcli.scoring.batch import Left
from xentcli.scoring.rejections import Cells
from xentcli.scoring.row_validation import Rows, bad_numbers, bad_targets
from xentcli.scoring.score_plan import ScorePlan
from xentcli.spec.options import EvalSpec
from xentcli.state.eval_state import EvalState
from xentcli.text import count, listing, nearest, quote

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels


@dataclass(frozen=True, slots=True)
class Planner:
    """What is asked of some inputs, and what is known of their classes so far."""

    spec: EvalSpec
    inputs: Inputs
    classes: Classes
    maker: BatchMaker

    def plan(self) -> ScorePlan:
        """Return how all batches of a pass are scored."""
        roles = self.inputs.roles
        predictions = roles.predictions if roles.prediction_list else self.maker.names()
        return ScorePlan(
            spec=self.spec,
            predictions=self._cells(0, predictions, roles.prediction_list),
            weight=self._cell(roles.weight),
            per=self._cell(roles.per),
            targets=self._targets(),
        )

    def empty(self) -> EvalState:
        """Return the state of no rows."""
        # Labels that are learnt as they come have cells as they come.
        label_only = self.spec.input.label_only
        n_classes = 1 if label_only else self.classes.n_classes(label_only)
        return EvalState.empty(n_classes, self.spec.clip, self.spec.class_weight is not None)

    def _cells(self, side: int, names: tuple[str, ...], is_list: bool = False) -> Cells:
        columns = self.inputs.source(Place(side, "")).columns
        place = {column.name: at for at, column in enumerate(columns)}
        return Cells(side, names, (*(place[name] for name in names), len(columns)), is_list)

    def _cell(self, places: tuple[Place, ...]) -> Cells | None:
        return self._cells(self.inputs.source(places[0]).side, (places[0].name,)) if places else None

    def _targets(self) -> Cells | None:
        roles = self.inputs.roles
        if not roles.distribution:
            return None
        place = roles.label[0]
        is_list = place in roles.lists
        return self._cells(self.inputs.source(place).side, (place.name,) if is_list else self.classes.targets, is_list)

    def refuse_certain_errors(self) -> None:
        """Raise UsageError for a class weight of what is no class."""
        if isinstance(self.classes.mapper, ManyColumns):
            self.refuse_unknown_weights(self.classes.names.classes)

    def refuse_unknown_weights(self, names: Sequence[str]) -> None:
        """Raise UsageError for a class weight of what is no class; a label that is not met has one, too."""
        for name in self.spec.class_weight or ():
            if name not in names:
                problem = f"--class-weight names {quote(name)}, which is no class; the classes are {listing(names, 10)}"
                raise UsageError(problem, hint=nearest(name, names))

    def refuse_labels(self, keyed: KeyedLabels, failure: DataError | None) -> None:
        """Of everything wrong with LABELS, held in memory, raise what is in the lowest row.

        failure: the error that ended its reading early, if one did.
        """
        found = [failure] if failure is not None else []
        roles = self.inputs.roles
        if keyed.held.rows:
            label = roles.label[0].name if roles.label and roles.label[0].side == 1 else None
            found += keyed.problems(self.maker.mapper if label is not None else None, label)
            found += refuse_bad_labels(self.plan(), keyed.held)
        if found:
            raise self.inputs.located(min(found, key=lambda error: error.order))

    def refuse_nothing(self, state: EvalState) -> None:
        """Raise DataError where no row is left to be scored, and say why."""
        rows = state.rows
        if rows.number("read"):
            return
        left = {
            "without a label": rows.number("dropped"),
            "ignored": rows.number("ignored"),
            "with keys that only one input has": rows.unmatched,
        }
        weight = self.inputs.roles.weight
        source, column = self.inputs.predictions, None
        if not any(left.values()):
            if weight:
                source, column = self.inputs.source(weight[0]), weight[0].name
            raise DataError("the weights sum to 0: no row has a weight above 0", file=source.path, column=column)
        why = ", ".join(f"{count(number, 'row')} {what}" for what, number in left.items() if number)
        raise DataError(f"no row is left to evaluate: {why}", file=source.path)


def refuse_bad_labels(plan: ScorePlan, held: HeldColumns) -> list[DataError]:
    """Return what is wrong with the numbers of LABELS that are held in memory: weights, units, distributions."""
    found: list[DataError] = []
    rows = np.arange(held.rows, dtype=np.int64)
    here = [cells if cells is not None and cells.side == 1 else None for cells in (plan.weight, plan.per)]
    numbers = [None if cells is None else held.number(cells.names[0]).astype(np.float64) for cells in here]
    nothing = np.zeros((held.rows, 1), order="F")
    # Which class a row has is not known here, so no weight of one is asked for.
    left = np.full(held.rows, int(Left.UNMATCHED), dtype=np.intp)
    part = Rows(rows, rows, rows.view(np.uint64), nothing, left, None, numbers[0], numbers[1], None, None, None)
    found += bad_numbers(part, plan)
    if plan.targets is not None and plan.targets.side == 1:
        names = plan.targets.names
        matrix = held.number(names[0]) if plan.targets.is_list else np.stack([held.number(n) for n in names], axis=1)
        found += bad_targets(np.asfortranarray(matrix.astype(np.float64)), rows, plan.targets, rows)
    return found
