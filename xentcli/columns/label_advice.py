"""Options that settle labels that are no classes, computed from the labels and from what the columns look like."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xentcli.columns.advice import Advice
from xentcli.columns.affixes import last_part
from xentcli.columns.given_classes import rule_of_index
from xentcli.columns.looks import Floats, Holds, Looks, looks_of
from xentcli.columns.many_columns import INDEX, Rule
from xentcli.columns.readings import EXACT, readings
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.parsing import shell_word, typed
from xentcli.text import canonical, quote

# Labels that mean that there is none.
_NO_LABELS = {"-1", "-100", "na", "n/a", "nan", "none", "null", "?", "-", "unlabeled", "unlabelled", "unknown"}
# Of these, the ones that are never the name of a class.
_NEVER_CLASSES = _NO_LABELS - {"-1", "none", "-", "unknown"}
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
    if lacking and all(_means_none(label) for label in lacking):
        return _without_label(advice, lacking, rule)
    # Several columns that sum to 1, logits, or columns that are called alike around labels, are the classes of each
    # row more often than scores of one.
    several = bool(advice.proven) or advice.spec.input is InputKind.LOGITS or rule.name != EXACT
    named = {rule.columns[code] for text in labels if (code := rule.code(text)) is not None}
    # Where labels name some of them, they are no scores: a label is wrong, or a class has no column.
    single = _single(advice, named) if not (several and named) else []
    places = _by_place(advice) if rule.name == INDEX or not named else []
    other = _other_label(advice)
    found = [*places, *single] if several else [*single, *places]
    if other and not found:
        return "Is this the label column? The values of another one are names of the columns.", other
    if found:
        index = any(option.startswith("--label-kind index") for option in found[:3])
        asked = "Are they places, in the order of the columns?" if index else "What do the labels name?"
        if single and (predicted := of_predicted(advice.names, advice.looks, labels)):
            asked = (
                f"Is the score of the class in {quote(predicted[0])}? Then no column speaks of one class in all rows."
            )
        return asked, [*found, *other]
    # Neither what lacks a class that labels name nor the rule's own columns settle it.
    return "", [advice.pred(kept) for kept in advice.likely_columns() if named <= set(kept) != set(rule.columns)]


def of_later_labels(advice: Advice, rule: Rule, lacking: Sequence[str]) -> tuple[str, list[str]]:
    """Return what settles labels that come after the first rows, which fit the rule: none of them may be a label."""
    return _without_label(advice, lacking, rule) if all(_means_none(label) for label in lacking) else ("", [])


def of_a_third_label(lacking: Sequence[str]) -> tuple[str, list[str]]:
    """Return what settles labels beside the two of a single prediction column: they may mean that there is none."""
    if not all(_means_none(label) for label in lacking):
        return "", []
    return "Does it mean that there is no label?", [_ignored(lacking)]


def _ignored(lacking: Sequence[str]) -> str:
    return " ".join(f"--ignore {shell_word(label)}" for label in lacking)


def _means_none(label: str) -> bool:
    return canonical(label).casefold() in _NO_LABELS


def _without_label(advice: Advice, lacking: Sequence[str], rule: Rule) -> tuple[str, list[str]]:
    """Return what to ask where a label may mean that there is none, or the one class that no label names."""
    ignored = _ignored(lacking)
    paired = _paired(advice, lacking, rule)
    if not paired:
        return "Does it mean that there is no label?", [ignored]
    likelier = [ignored, paired] if canonical(lacking[0]).casefold() in _NEVER_CLASSES else [paired, ignored]
    return "Does it mean that there is no label, or the class that no label names?", likelier


def _paired(advice: Advice, lacking: Sequence[str], rule: Rule) -> str:
    """Return --classes where one label is no class and one class, of a column that may well be one, has no label."""
    labels = advice.labels.texts if advice.labels is not None else {}
    class_of = dict(zip(rule.columns, rule.classes, strict=True))
    named = {rule.columns[code] for text in labels if (code := rule.code(text)) is not None}
    numbers = [name for name in advice.names if advice.looks[name].numbers is not None and name not in advice.doubted]
    kept = [name for name in advice.proven or numbers if name in class_of]
    left = set(kept) - named
    if rule.name == INDEX or len(lacking) != 1 or len(left) != 1 or not named <= set(kept):
        return ""
    return typed("--classes", [f"{name}={lacking[0] if name in left else class_of[name]}" for name in kept])


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
    """Return what says so where labels are whole numbers that count columns, from 1 or from 0: both ways for two."""
    labels = list(advice.labels.texts) if advice.labels is not None else []
    names = advice.proven or [
        name for name in advice.names if advice.looks[name].numbers is not None and name not in advice.doubted
    ]
    if not labels or len(names) < 2:
        return []
    wanted = {canonical(label) for label in labels}
    told = next((pair for pair in (("-1", "1"), ("false", "true")) if wanted == set(pair)), None)
    if told is not None and len(names) == 2:
        return _typed_orders([names, names[::-1]], [next(x for x in labels if canonical(x) == name) for name in told])
    from_1 = _from_1(advice, labels, names)
    if advice.spec.columns.label_kind is LabelKind.INDEX or not set(labels) <= {str(at) for at in range(len(names))}:
        return from_1
    pred = f" {advice.pred(names)}" if len(names) < len(advice.names) else ""
    if len(names) == 2:
        return _typed_orders([names, names[::-1]], ("0", "1"))
    # Whether 0 or the last place is the class without a label, nothing says; a warning tells of the former.
    return [f"--label-kind index{pred}", *from_1]


def _from_1(advice: Advice, labels: Collection[str], names: Sequence[str]) -> list[str]:
    """Return --classes that count from 1, in the order of the columns and, where that is another, of their names."""
    # A single label 1 of two classes is more often the second one of 0 and 1.
    if not set(labels) <= {str(at + 1) for at in range(len(names))} or (len(names) == 2 and "2" not in labels):
        return []
    by_name = list(rule_of_index(names).columns)
    orders = [names, names[::-1] if len(names) == 2 else by_name]
    found = _typed_orders(orders, [str(at + 1) for at in range(len(names))])
    by_index = advice.spec.columns.label_kind is LabelKind.INDEX
    return [f"{option} --label-kind name" if by_index else option for option in found]


def _typed_orders(orders: Sequence[Sequence[str]], classes: Sequence[str]) -> list[str]:
    """Return --classes for columns in some orders, each once."""
    pairs = [[f"{name}={class_}" for name, class_ in zip(names, classes, strict=True)] for names in orders]
    return list(dict.fromkeys(typed("--classes", held) for held in pairs))


def of_predicted(names: Collection[str], looks: Looks, labels: Collection[str]) -> tuple[str, ...]:
    """Return the columns of text whose values are all labels: the class that each row was predicted to be."""
    wanted = {canonical(label) for label in labels}
    text = [name for name in names if looks[name].holds is Holds.TEXT]
    return tuple(name for name in text if {canonical(value) for value in looks[name].values} <= wanted)
