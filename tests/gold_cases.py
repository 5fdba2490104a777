"""The runs whose output is kept in gold files: the command line, and the files that it reads."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import SAMPLES

from xentcli.render.formats import Format, InspectFormat

# What a format's file is called, if not after it. GitHub gets the Markdown; what it is told beside that is said on
# standard error.
FILES = {
    "table": "table.txt",
    "json": "result.json",
    "csv": "figures.csv",
    "markdown": "summary.md",
    "github": "summary.md",
    "metrics": "metrics.json",
    "junit": "junit.xml",
}
HOSTILE = ["=cmd()", "\x1b[2J", "[red]x[/red]", "a\u202eb", 'say "hi", | `x` & <b>', "漢😀\r\n"]


@dataclass(frozen=True)
class Case:
    """A run in an empty folder: what is written into it, the arguments, the exit code."""

    name: str
    write: Callable[[], None]
    arguments: tuple[str, ...]
    code: int = 0

    @property
    def gated(self) -> bool:
        """Say whether there are gates, which JUnit needs."""
        return any(argument in {"--max", "--min", "--max-increase", "--max-decrease"} for argument in self.arguments)

    def forms(self, command: str) -> tuple[Format | InspectFormat, ...]:
        """Return the formats that the case is written in: all that the command has."""
        forms = tuple(Format) if command == "eval" else tuple(InspectFormat)
        return tuple(form for form in forms if self.gated or not form.needs_gates)


def copied(*names: str) -> Callable[[], None]:
    """Return what copies sample data."""

    def write() -> None:
        for name in names:
            shutil.copy(SAMPLES / name, name)

    return write


def table(name: str, headings: Sequence[str], *records: Sequence[Any]) -> None:
    """Write CSV; None is an empty cell, an empty text a quoted one."""
    with Path(name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for record in (headings, *records):
            writer.writerow(record)


def lines(name: str, *records: dict[str, Any]) -> None:
    """Write JSON Lines."""
    Path(name).write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")


def keyed() -> None:
    """Forty rows of three classes, labels in another order, in slices by two columns; some values are missing."""
    chances = [(0.75, 0.125, 0.125), (0.25, 0.5, 0.25), (0.0625, 0.1875, 0.75), (0.0, 0.5, 0.5)]
    table("p.csv", ["id", "p_cat", "p_dog", "p_emu"], *[(f"k{at}", *chances[at % 4]) for at in range(40)])
    labels = ["cat", "dog", "emu", "emu", "cat"]
    rows = [
        (f"k{at}", labels[at % 5], 1 + at % 3, "s" if at % 3 else "n", 2024 if at % 4 else None) for at in range(39)
    ]
    table("y.csv", ["id", "label", "weight", "site", "year"], *reversed([*rows, ("k39", "dog", 0.5, "n", 2023)]))


def label_only() -> None:
    """Probabilities of the label alone, and how many bytes each stands for."""
    records = [
        {"p": p, "token": token, "bytes": size}
        for p, token, size in [(0.5, "the", 3), (0.125, "cat", 3), (0.25, "s", 1)] * 5
    ]
    lines("tokens.jsonl", *records)


def distributions() -> None:
    """Labels that are distributions over three classes."""
    table("p.csv", ["p_a", "p_b", "p_c"], *[(0.5, 0.25, 0.25), (0.125, 0.75, 0.125), (0.25, 0.25, 0.5)] * 4)
    table("y.csv", ["y_a", "y_b", "y_c"], *[(1, 0, 0), (0.25, 0.75, 0), (0.25, 0.25, 0.5)] * 4)


def hostile() -> None:
    """Classes and slices that are no friends of terminals, spreadsheets, Markdown and XML."""
    chances = dict.fromkeys(HOSTILE, 1 / 8) | {HOSTILE[0]: 3 / 8}
    slices = ["=1+1", None, "", "(none)", "| `y`", "\x9b31m"]
    lines("p.jsonl", *({**chances, "label": name, "a|<b>": by} for name, by in zip(HOSTILE, slices, strict=True)))


def without_rows() -> None:
    """Three classes, one of which no row has."""
    table("p.csv", ["cat", "dog", "emu", "label"], *[(0.5, 0.25, 0.25, "cat"), (0.25, 0.5, 0.25, "dog")] * 6)


def rounded() -> None:
    """Rows that sum to something other than 1."""
    table("p.csv", ["cat", "dog", "label"], *[(0.5, 0.25, "cat"), (0.5, 0.75, "dog"), (0.5, 0.5, "cat")] * 4)


def halves() -> None:
    """Two halves of the rows of a forest, the first evaluated."""
    _from_json("digits_labels.csv", "digits_forest.csv", slice(0, 400), "old.json")
    for name in ("digits_labels.csv", "digits_forest.csv"):
        head, *rows = (SAMPLES / name).read_text().splitlines(keepends=True)
        Path(name).write_text("".join([head, *rows[400:]]))


def earlier() -> None:
    """The rows of two models, one of which was evaluated."""
    copied("digits_logistic.csv", "digits_labels.csv")()
    _from_json("digits_labels.csv", "digits_forest.csv", slice(0, None), "old.json")


def _from_json(labels: str, predictions: str, rows: slice, target: str) -> None:
    """Evaluate some rows of the sample data, and write what came of it as JSON."""
    from xentcli import evaluate

    for name in (labels, predictions):
        head, *others = (SAMPLES / name).read_text().splitlines(keepends=True)
        Path(f"old_{name}").write_text("".join([head, *others[rows]]))
    Path(target).write_text(evaluate(f"old_{predictions}", f"old_{labels}", by="half").to_json())


FOREST = ("digits_forest.csv", "digits_labels.csv")
CANCER = ("cancer.csv", "cancer_labels.csv")
CASES = {
    "eval": [
        Case("binary", copied(*CANCER), CANCER),
        Case("ten-classes", copied(*FOREST), (*FOREST, "--top", "3", "--sort", "ratio")),
        Case(
            "slices",
            keyed,
            ("p.csv", "y.csv", "--on", "id", "--by", "site,year", "--weight", "weight", "--slice-classes"),
        ),
        Case(
            "logits",
            copied("wine_logits.csv", "wine_labels.csv"),
            ("wine_logits.csv", "wine_labels.csv", "--input", "logits", "--unit", "bits", "--confidence", "0.9"),
        ),
        Case(
            "label-only",
            label_only,
            ("tokens.jsonl", "--pred", "p", "--input", "label-probs", "--label", "token", "--per", "bytes"),
        ),
        Case(
            "distributions", distributions, ("p.csv", "y.csv", "--label", "y_a,y_b,y_c", "--label-smoothing", "0.125")
        ),
        Case("baseline-other-rows", halves, (*FOREST, "--baseline", "old.json", "--by", "half")),
        Case(
            "baseline-same-rows",
            earlier,
            ("digits_logistic.csv", "digits_labels.csv", "--baseline", "old.json", "--max-increase", "loss=0"),
        ),
        Case("gates-met", copied(*CANCER), (*CANCER, "--max", "loss=0.08", "--min", "class/benign/recall=0.9")),
        Case(
            "gates-not-met",
            earlier,
            (
                *("digits_logistic.csv", "digits_labels.csv", "--by", "half", "--baseline", "old.json"),
                *("--max", "loss=0.125", "--min", "slice/half/even/loss_low=0", "--max", "slice/half/none/loss=1"),
                *("--max-decrease", "loss=10%", "--max-increase", "accuracy=0.5"),
            ),
            1,
        ),
        Case("hostile-names", hostile, ("p.jsonl", "--by", "a|<b>", "--max", "loss=0.5", "--label", "label"), 1),
        Case("class-without-rows", without_rows, ("p.csv", "--sort", "name")),
        Case("infinite", copied(*FOREST), (*FOREST, "--clip", "none", "--on", "image", "--by", "half", "--top", "2")),
        Case("renormalized", rounded, ("p.csv", "--renormalize")),
    ],
    "inspect": [
        Case("binary", copied(*CANCER), CANCER),
        Case("keys", keyed, ("p.csv", "y.csv", "--on", "id", "--by", "site,year", "--label", "label")),
        Case(
            "label-only",
            label_only,
            ("tokens.jsonl", "--pred", "p", "--input", "label-probs", "--label", "token", "--per", "bytes"),
        ),
        Case("distributions", distributions, ("p.csv", "y.csv", "--label", "y_a,y_b,y_c")),
        Case("hostile-names", hostile, ("p.jsonl", "--by", "a|<b>", "--label", "label")),
        Case("doubts", copied(*FOREST), FOREST),
    ],
}
