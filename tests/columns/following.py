"""Errors that offer options: read from the text, typed as they stand, and followed to a number."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from conftest import Ran

Run = Callable[..., Ran]

ALONE = {"--renormalize", "--no-order-check", "--no-header", "--labels-header", "--labels-no-header"}
FIRST, OTHER = "  Try ", "  or  "


def options_of(text: str) -> list[str]:
    """Return the options in which an error's text ends, as they are written: `  Try OPTION`, then `  or  OPTION`.

    >>> options_of("error: x\\n  Try --pred cat,dog\\n  or  --pred 'cat,dog,id'\\n")
    ['--pred cat,dog', "--pred 'cat,dog,id'"]
    >>> options_of("error: x\\n  Try --pred cat\\n  Something else.\\n")
    []
    """
    found: list[str] = []
    for line in reversed(text.rstrip("\n").split("\n")):
        if line.startswith(FIRST):
            return [line.removeprefix(FIRST), *found]
        if not line.startswith(OTHER):
            break
        found.insert(0, line.removeprefix(OTHER))
    return []


def typed(option: str) -> list[str]:
    """Return the words that a POSIX shell makes of an option.

    >>> typed("--pred 'a b,c' --classes x")
    ['--pred', 'a b,c', '--classes', 'x']
    """
    return shlex.split(option) if "$'" not in option else typed_in_bash(option)


def typed_in_bash(option: str) -> list[str]:
    """Return the words that bash makes of an option."""
    script = f"printf '%s\\0' {option}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=20)
    return done.stdout.decode().split("\0")[:-1]


def flags(words: Sequence[str]) -> dict[str, list[str]]:
    """Return each option with the words of its value, which may begin as an option does.

    >>> flags(["--pred", "-1,1", "--renormalize", "--input", "logits"])
    {'--pred': ['-1,1'], '--renormalize': [], '--input': ['logits']}
    """
    found: dict[str, list[str]] = {}
    i = 0
    while i < len(words):
        alone = words[i] in ALONE
        found[words[i]] = [] if alone else [words[i + 1]]
        i += 1 if alone else 2
    return found


def added(before: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return options with others added, of which one of the same name takes the place of the former.

    >>> added(["--pred", "a,b", "--input", "logits"], ["--pred", "a"])
    ['--pred', 'a', '--input', 'logits']
    """
    merged = {**flags(before), **flags(more)}
    return [word for name, value in merged.items() for word in (name, *value)]


@dataclass(frozen=True)
class Answer:
    """What a run answers: a number with warnings by their code, or an error with its options."""

    code: int
    loss: float | None
    result: dict[str, Any]
    text: str
    options: list[str]

    @property
    def warnings(self) -> dict[str, str]:
        """The messages of the warnings by their codes."""
        return {warning["code"]: warning["message"] for warning in self.result.get("warnings", [])}

    @property
    def warned(self) -> bool:
        """Whether a warning says that columns may not be what they were taken for."""
        return bool(
            self.warnings.keys()
            & {"classes_without_labels", "columns_left_out", "perfect", "predicted_label", "no_label_zero"}
        )

    def right(self, loss: float) -> bool:
        """Whether the number is this one, at 1e-12 relative."""
        return self.loss is not None and isclose(self.loss, loss, rel_tol=1e-12, abs_tol=1e-15)


def asked(run: Run, arguments: Sequence[str]) -> Answer:
    """Return what `xent eval` answers to these arguments."""
    ran = run("eval", *arguments, "-f", "json")
    if ran.code == 0:
        result = json.loads(ran.stdout)
        return Answer(0, result["overall"]["loss"], result, ran.stderr, [])
    return Answer(ran.code, None, {}, ran.stderr, options_of(ran.stderr))


@dataclass
class Followed:
    """Where options led: how the number was found, the steps as text, and other numbers met on the way.

    `first` and `last` are the first answer and the one that is right; `misled` are steps that led to another number
    without a warning, `others` the answers of other numbers.
    """

    how: str
    first: Answer
    last: Answer | None = None
    steps: list[str] = field(default_factory=list)
    misled: list[str] = field(default_factory=list)
    others: list[Answer] = field(default_factory=list)


def follow(run: Run, files: Sequence[str], options: Sequence[str], loss: float, depth: int = 3) -> Followed:
    """Return how the right number is found: at once, or by typing options that errors offer, likeliest first."""
    first = asked(run, [*files, *options])
    followed = Followed("at once", first, first)
    if first.right(loss):
        return followed
    if first.code == 0:
        followed.how = "another number"
        return followed
    followed.steps.append(_step(options, first))
    found = _search(run, files, options, loss, first, depth, followed)
    followed.last = None if found is None else found[1]
    ways: dict[tuple[int, ...], str] = {(0,): "by the first option", (1,): "by the second option"}
    followed.how = "no option leads to it" if found is None else ways.get(found[0], "later")
    return followed


def _search(
    run: Run, files: Sequence[str], options: Sequence[str], loss: float, answer: Answer, depth: int, followed: Followed
) -> tuple[tuple[int, ...], Answer] | None:
    """Return which options lead to the number, by their places, and the answer that has it."""
    for number, option in enumerate(answer.options if depth else []):
        together = added(options, typed(option))
        after = asked(run, [*files, *together])
        followed.steps.append(_step(together, after))
        if after.right(loss):
            return (number,), after
        if after.code == 0:
            followed.others.append(after)
            if not after.warned:
                followed.misled.append(followed.steps[-1])
            continue
        deeper = _search(run, files, together, loss, after, depth - 1, followed)
        if deeper is not None:
            return (number, *deeper[0]), deeper[1]
    return None


def _step(options: Sequence[str], answer: Answer) -> str:
    told = f"{answer.loss!r} {answer.warnings}" if answer.code == 0 else f"exit {answer.code}\n{answer.text}"
    return f"$ xent eval ... {shlex.join(options)}\n{told}"
