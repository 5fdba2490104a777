"""Which rule found the label, the predictions, the classes and the alignment, and what the labels of the sample are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from xentcli.columns.affixes import last_part
from xentcli.columns.one_column import OneColumn
from xentcli.commands.inspect.check import Checked
from xentcli.commands.inspect.columns import NO_CLASS
from xentcli.commands.inspect.keys import keys_of
from xentcli.results.inspection import Alignment, InspectedClass, InspectedFile, InspectedLabel, Rules
from xentcli.scoring.batch import Left
from xentcli.spec.choices import LabelKind
from xentcli.text import canonical

_LEFT = {Left.MISSING: "missing", Left.IGNORED: "ignored"}


def rules_of(checked: Checked, files: Sequence[InspectedFile], label_kind: str | None) -> Rules:
    """Return what was found by which rule."""
    shared = checked.inputs.roles.shared
    on = bool(checked.inputs.roles.on)
    labels = _labels(checked)
    return Rules(
        label=_label_rule(checked, files),
        predictions=_prediction_rule(checked, files[0]),
        names=checked.names.rule,
        label_kind=label_kind,
        label_kind_rule=_kind_rule(checked, label_kind),
        positive=checked.names.positive,
        positive_rule=_positive_rule(checked),
        alignment=Alignment(
            kind="key" if on else "row-order",
            keys=keys_of(checked),
            compared=tuple(name for name in shared if name not in checked.shard.read.unchecked),
            compared_rows=checked.rows if shared else 0,
            memory_bytes=checked.memory,
        ),
        classes=_classes(checked, labels),
        labels=labels,
    )


def _label_rule(checked: Checked, files: Sequence[InspectedFile]) -> str | None:
    """Return how the label was found, None without one."""
    label = checked.inputs.roles.label
    if not label or checked.spec.columns.label:
        return "--label" if label else None
    if len(files) == 1:
        return "the usual name"
    left = [column.name for column in files[1].columns if column.role in {"label", "order check", "unused"}]
    if len(left) == 1:
        return "the one column left over in LABELS"
    mine = {column.name for column in files[0].columns}
    alone = [name for name in left if name not in mine]
    return "the one column that PREDICTIONS does not have" if alone == [label[0].name] else "the usual name"


def _prediction_rule(checked: Checked, predictions: InspectedFile) -> str:
    if checked.spec.columns.pred:
        return "--pred"
    if any(column.why == NO_CLASS for column in predictions.columns):
        return f"the columns left over with the {checked.names.rule}"
    return "the columns left over"


def _kind_rule(checked: Checked, label_kind: str | None) -> str | None:
    """Return why labels are names, indices or distributions."""
    roles = checked.inputs.roles
    if label_kind is None:
        return None
    if checked.spec.columns.label_kind is not LabelKind.AUTO:
        return "--label-kind"
    if label_kind == LabelKind.DISTRIBUTION:
        return "several label columns" if len(roles.label) > 1 else "a label column of lists"
    return "the predictions have no names" if label_kind == LabelKind.INDEX else "by default"


def _positive_rule(checked: Checked) -> str | None:
    """Return which rule says that the positive class is that; None where there is no such class."""
    names, spec = checked.names, checked.spec.columns
    if names.positive is None:
        return None
    if names.rule == "index" and len(names.columns) == 1:
        return "index"
    if spec.positive is not None or spec.negative is not None:
        return "--positive" if spec.positive is not None else "--negative"
    positive = canonical(names.positive)
    if len(names.columns) == 1:
        column = names.columns[0]
        return "column name" if positive in {canonical(last_part(column)), canonical(column)} else "1 or true"
    return "1 or true" if positive in {"1", "true"} else "the second of two"


def _labels(checked: Checked) -> tuple[InspectedLabel, ...]:
    """Return the distinct labels of the sample in the order in which they come; none for distributions."""
    roles, mapper = checked.inputs.roles, checked.classes.mapper
    if mapper is None or not roles.label:
        return ()
    place = roles.label[0]
    counts: Counter[str | None] = Counter()
    at = 0
    for piece in checked.samples[place.side if len(checked.samples) == 2 else 0].pieces:
        texts = piece.labels[place.name].slice(0, max(0, checked.rows - at))
        at += piece.rows
        codes, firsts, numbers = np.unique(texts.codes, return_index=True, return_counts=True)
        for which in np.argsort(firsts).tolist():
            code = int(codes[which])
            counts[texts.values[code] if code >= 0 else None] += int(numbers[which])
    found = []
    for text, rows in counts.items():
        left = Left.MISSING if text is None else mapper.why_left(text)
        number = None if text is None else mapper.known(text)
        class_ = None if number is None else mapper.names().classes[number]
        found.append(InspectedLabel(text, class_, rows, None if left is None else _LEFT[left]))
    return tuple(found)


def _classes(checked: Checked, labels: Sequence[InspectedLabel]) -> tuple[InspectedClass, ...]:
    """Return each class with its prediction, what labels call it, and its rows in the sample."""
    names, roles = checked.names, checked.inputs.roles
    predictions = _prediction_of(checked)
    rows: list[int | None]
    called: list[str | None]
    if roles.distribution:
        called, rows = list(_target_names(checked)), list(_target_rows(checked))
    else:
        numbers: Counter[str | None] = Counter()
        for one in labels:
            numbers[one.class_] += one.rows
        rows = [numbers[name] if labels else None for name in names.classes]
        mapper = checked.classes.mapper
        texts = mapper.label_texts() if mapper is not None and not checked.spec.input.label_only else names.classes
        called = [None if _is_unknown(checked, text) else text for text in texts]
    return tuple(
        InspectedClass(name, column, label, number)
        for name, column, label, number in zip(names.classes, predictions, called, rows, strict=True)
    )


def _is_unknown(checked: Checked, text: str) -> bool:
    """Say whether a class is only called what it is not: of one prediction column, the class that was not met."""
    mapper, spec = checked.classes.mapper, checked.spec.columns
    if not isinstance(mapper, OneColumn) or text in {"0", "1", "true", spec.positive, spec.negative}:
        return False
    return text not in {canonical(met) for met in mapper.met}


def _prediction_of(checked: Checked) -> list[str | None]:
    """Return the prediction column of each class; None where it is 1 less the other's, or not known."""
    names, roles = checked.names, checked.inputs.roles
    if checked.spec.input.label_only:
        return [None] * len(names.classes)
    if roles.prediction_list:
        return [f"{roles.predictions[0]}[{place}]" for place in names.columns]
    if len(names.columns) == 1:
        return [names.columns[0] if name == names.positive else None for name in names.classes]
    return list(names.columns)


def _target_names(checked: Checked) -> list[str]:
    place = checked.inputs.roles.label[0]
    if place in checked.inputs.roles.lists:
        return [f"{place.name}[{at}]" for at in checked.classes.targets]
    return list(checked.classes.targets)


def _target_rows(checked: Checked) -> list[int]:
    """Return how many rows of the sample have a part of each class."""
    roles, targets = checked.inputs.roles, checked.classes.targets
    place = roles.label[0]
    totals = np.zeros(len(targets), dtype=np.int64)
    left = checked.rows
    for piece in checked.samples[place.side if len(checked.samples) == 2 else 0].pieces:
        if place in roles.lists:
            parts = [piece.numbers[place.name][:left, int(at)] for at in targets]
        else:
            parts = [piece.numbers[name][:left] for name in targets]
        totals += [int((np.asarray(part) != 0).sum()) for part in parts]
        left = max(0, left - piece.rows)
    return totals.tolist()
