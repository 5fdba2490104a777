"""Random tables whose classes are known: the right number, or an option that leads to it, or a warning that says why.

`pytest -s tests/columns/test_rules_property.py` prints how many ended how. With `-m soak`, XENT_CASES=10000 tries that
many, XENT_SOAK=short a few. `PYTHONPATH=tests python tests/columns/made_tables.py SEED` writes the files of a case.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from conftest import RunXent
from effort import examples, soak_size
from following import Answer, Followed, follow
from made_tables import reproduction, written
from reference.rule_cases import RuleCase, random_rule_case
from reference.rules import Question, Reading, Refused, settle
from reference.shaped_cases import SHAPES

FAST = examples(200)
MANY = int(os.environ.get("XENT_CASES", soak_size(100, 2000)))

# Cases that nothing in the files can tell, each with its reason.
EXCUSED: Mapping[int, str] = {}


def test_random_columns_become_their_classes(
    tmp_path: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(range(FAST), run_xent)


@pytest.mark.parametrize("shape", SHAPES)
def test_columns_of_files_of_other_shapes_do_too(
    shape: str, tmp_path: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(range(FAST // 4), run_xent, SHAPES[shape])


@pytest.mark.soak
def test_many_random_columns_become_their_classes(
    tmp_path: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(range(FAST, FAST + MANY), run_xent)


@pytest.mark.soak
@pytest.mark.parametrize("shape", SHAPES)
def test_many_columns_of_files_of_other_shapes_do_too(
    shape: str, tmp_path: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(range(FAST, FAST + MANY // 4), run_xent, SHAPES[shape])


def check(seeds: Iterable[int], run_xent: RunXent, made: Callable[[int], RuleCase] = random_rule_case) -> None:
    """Assert that no case ends in a wrong number or without a way, and print how many ended how."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for seed in seeds:
        case = made(seed)
        files = written(case)
        followed = follow(run_xent, files, case.options, case.loss)
        how = _judged(case, followed)
        counts[f"excused: {EXCUSED[seed]}" if seed in EXCUSED else how] += 1
        if how.startswith("FAULT") and seed not in EXCUSED:
            faults.append(f"{how}\n{reproduction(case)}\n" + "\n".join(followed.steps))
    print()
    for how, count in counts.most_common():
        print(f"{count:6}  {how}")
    assert not faults, f"{len(faults)} of {sum(counts.values())} cases\n\n" + "\n\n".join(faults[:5])


def _judged(case: RuleCase, followed: Followed) -> str:
    """Return how a case ended; what begins with FAULT must not be."""
    if followed.misled:
        return "FAULT: an option led to another number without a warning"
    if followed.how == "no option leads to it":
        if case.logits and any(_names_a_stray(answer, case) for answer in followed.others):
            return "warned after an option"
        return "FAULT: no option leads to the number"
    last = followed.last
    assert last is not None
    if followed.how == "another number":
        if case.logits and _names_a_stray(last, case):
            return "warned"
        return "FAULT: another number without a word"
    # What the reference is asked is a table of several named columns.
    asked = followed.how == "at once" and len(case.truth) > 1 and "--no-header" not in case.options
    differing = _differs_from_reference(case, last) if asked else ""
    return f"FAULT: {differing}" if differing else f"right {followed.how}"


def _names_a_stray(answer: Answer, case: RuleCase) -> bool:
    """Whether the warning names a column that is no class: it names columns, and not classes."""
    message = answer.warnings.get("classes_without_labels", "")
    return any(f"'{name}'" in message for name in case.strays)


def _differs_from_reference(case: RuleCase, answer: Answer) -> str:
    """Return in what a result differs from the reading that the reference makes of the same table, '' if in nothing."""
    try:
        reading = settle(question(case))
    except Refused as refused:
        return f"a number where the reference has none: {refused.why}"
    inputs = answer.result["inputs"]
    if tuple(inputs["classes"]) != reading.classes:
        return f"classes {inputs['classes']}, of the reference {reading.classes}"
    if not case.by_index and not rule_is(inputs["name_rule"], reading):
        return f"name_rule {inputs['name_rule']!r}, of the reference {reading.rule!r}"
    if not set(reading.left_out) <= set(inputs.get("unused_columns", [])):
        return f"unused_columns {inputs.get('unused_columns')}, of the reference {reading.left_out}"
    return ""


def rule_is(name_rule: str, reading: Reading) -> bool:
    """Whether a rule's name says the same as the reference's: exact, or the prefix and the suffix."""
    if reading.rule == "exact":
        return name_rule.startswith("exact")
    parts = {"prefix": reading.wrap.prefix, "suffix": reading.wrap.suffix}
    return all((f"{kind} '{text}'" in name_rule) if text else (kind not in name_rule) for kind, text in parts.items())


def question(case: RuleCase) -> Question:
    """Return a case as the reference is asked it: without what LABELS have too and what options name."""
    options = dict(zip(case.options[::2], case.options[1::2], strict=True))
    shared = set(case.labels or ()) | {"label"}
    columns = {name: column.cells for name, column in case.predictions.items() if name not in shared}
    return Question(
        columns,
        case.label_cells,
        pred=options["--pred"].split(",") if "--pred" in options else (),
        by_index=case.told_index,
        logits=case.logits,
    )
