"""Options that settle labels that are no classes, computed from the labels and from what the columns look like."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xentcli.columns.advice import Advice
from xentcli.columns.affixes import last_part
from xentcli.columns.looks import Floats, Holds, looks_of
from xentcli.columns.many_columns import Rule
from xentcli.columns.readings import EXACT, readings
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.parsing import shell_word, typed
from xentcli.text import canonical

# Labels that mean that there is none.
_NO_LABELS = {"-1", "-100", "na", "n/a", "nan", "none", "null", "?", "-", "unlabeled", "unlabelled", "unknown"}
_TOLD = {"0", "1", "-1", "true", "false"}


def of_labels(advice: Advice, lacking: Sequence[str], rule: Rule) -> tuple[str, list[str]]:
    """Return what to ask where labels are no classes, and what settles it.

    lacking: the labels that are none of the rule, which most labels fit.
    """
    labels = advice.labels.texts if advice.labels is not None else {}
    narrower = readings(advice.names, labels)
    if labels and not narrower.lacking and advice.spec.columns.pred:
        fitting = [advice.pred(reading.columns) for reading in (narrower.best, *narrower.rivals)]
        return "Some of the columns are named after the labels.", fitting
    if lacking and all(canonical(label).casefold() in _NO_LABELS for label in lacking):
        return "Does it mean that there is no label?", [" ".join(f"--ignore {shell_word(label)}" for label in lacking)]
    # Several columns that sum to 1, logits, or columns that are called alike around labels, are the classes of each
    # row more often than scores of one.
    several = bool(advice.proven) or advice.spec.input is InputKind.LOGITS or rule.name != EXACT
    named = {rule.columns[code] for text in labels if (code := rule.code(text)) is not None}
    # Where labels name some of them, they are no scores: a label is wrong, or a class has no column.
    single = _single(advice, named) if not (several and named) else []
    places, other = _by_place(advice), _other_label(advice)
    found = [*places, *single] if several else [*single, *places]
    if other and not found:
        return "Is this the label column? The values of another one are names of the columns.", other
    if found:
        index = found[0].startswith("--label-kind")
        asked = "Are they places, in the order of the columns?" if index else "What do the labels name?"
        return asked, [*found, *other]
    # Neither what lacks a class that labels name nor the rule's own columns settle it.
    return "", [advice.pred(kept) for kept in advice.likely_columns() if named <= set(kept) != set(rule.columns)]


def _other_label(advice: Advice) -> list[str]:
    """Return --label with each other column whose values are names of the prediction columns."""
    side = advice.roles.label[0].side
    source = advice.lookup.sources[side]
    here = {place.name for place in advice.roles.label}
    options: list[str] = []
    looks = looks_of(source, [column.name for column in source.columns], advice.spec.dialect_of(side).decimal)
    for name, look in looks.items():
        if name in here or look.holds not in {Holds.TEXT, Holds.WHOLE} or not 1 < len(look.values) <= len(looks):
            continue
        names = [other for other in advice.names if side or other != name]
        found = readings(names, [value for value in look.values if value])
        if not found.lacking and not found.rivals:
            # A column that both inputs have is taken from LABELS.
            options.append(typed("--label", [name]))
    return options


def _single(advice: Advice, named: Collection[str]) -> list[str]:
    """Return --pred with one column, of those that labels name if they name any, for labels of two classes."""
    labels = list(advice.labels.texts) if advice.labels is not None else []
    if not 0 < len({canonical(label) for label in labels}) <= 2 or advice.spec.columns.label_kind is LabelKind.INDEX:
        return []
    found: list[str] = []
    for name in [name for name in advice.names if not named or name in named]:
        look = advice.looks[name]
        if look.numbers is None or look.holds is not Holds.NUMBERS or not _is_kind(look.numbers, advice.spec.input):
            continue
        told = {canonical(last_part(name)), canonical(name)}
        if any(canonical(label) in told for label in labels) or {canonical(label) for label in labels} <= _TOLD:
            found.append(typed("--pred", [name]))
        else:
            found += [f"{typed('--pred', [name])} --positive {shell_word(label)}" for label in labels]
    return found


def _is_kind(numbers: Floats, kind: InputKind) -> bool:
    if not numbers.size or kind is InputKind.LOGITS:
        return bool(numbers.size)
    return bool((numbers <= 0).all() if kind is InputKind.LOGPROBS else ((numbers >= 0) & (numbers <= 1)).all())


def _by_place(advice: Advice) -> list[str]:
    """Return --label-kind index where labels are whole numbers that count the columns, and both ways for two."""
    labels = list(advice.labels.texts) if advice.labels is not None else []
    names = advice.proven or [
        name for name in advice.names if advice.looks[name].numbers is not None and name not in advice.doubted
    ]
    index = {str(at) for at in range(len(names))}
    if advice.spec.columns.label_kind is LabelKind.INDEX or not labels or not set(labels) <= index or len(names) < 2:
        return []
    pred = f" {advice.pred(names)}" if len(names) < len(advice.names) else ""
    if len(names) == 2:
        pairs = (names, names[::-1])
        return [typed("--classes", [f"{one}=0", f"{other}=1"]) for one, other in pairs]
    return [f"--label-kind index{pred}"]
