"""What was measured as Markdown tables that are also legible on a terminal, and into docs/performance.md."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import startup
from benchmarks.cases import Case
from benchmarks.memory import Size
from benchmarks.parallel import Pair
from benchmarks.rounds import Measured, Result
from benchmarks.stages import Stages
from benchmarks.tools import TOOLS

PACKAGES = ("numpy", "pyarrow", "polars", "duckdb", "pandas", "scikit-learn")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with columns of equal width, the first to the left and the others to the right.

    >>> print(table(["case", "time"], [["a", "1.00 s"]]))
    | case |   time |
    |:-----|-------:|
    | a    | 1.00 s |
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        return " | ".join([f"| {first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in others)]) + " |"

    rule = "|".join([f"|:{'-' * (widths[0] + 1)}", *(f"{'-' * (width + 1)}:" for width in widths[1:])]) + "|"
    return "\n".join([line(head), rule, *(line(row) for row in rows)])


def megabytes(size: float) -> str:
    """Return a size in megabytes of a million bytes."""
    return f"{size / 1e6:,.0f} MB"


def described(case: Case, folder: Path) -> str:
    """Return a case with its rows and the size of its files."""
    return f"{case.text}, {case.data.rows:,} rows, {megabytes(sum(path.stat().st_size for path in case.files(folder)))}"


def cell(measured: Measured, ratio: float | None) -> str:
    """Return what one tool took."""
    times = "" if ratio is None else f" ×{ratio:.2f}"
    return f"{measured.seconds:.2f} s{times} {megabytes(measured.peak_bytes)}"


def case_table(results: Sequence[Result], folder: Path) -> str:
    """Return each case with each tool: median time, how many times the best peer's, highest peak memory."""
    tools = list(results[0].tools)
    rows = [
        [described(result.case, folder), *(cell(result.tools[name], result.ratio(name)) for name in tools)]
        for result in results
    ]
    return table(["case", *(TOOLS[name] for name in tools)], rows)


def geometric_mean(results: Sequence[Result]) -> float | None:
    """Return the mean of xent's ratio to the best peer over the cases that are judged by it."""
    judged = [result for result in results if result.case.judged and "xent" in result.tools]
    ratios = [ratio for result in judged if (ratio := result.ratio("xent")) is not None]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def verdicts(results: Sequence[Result]) -> list[str]:
    """Return how xent stands against what it aims at, over the cases that are judged: a line each."""
    judged = [result for result in results if result.case.judged and result.best_peer and "xent" in result.tools]
    mean = geometric_mean(judged)
    assert mean is not None
    worst = max(judged, key=lambda result: result.ratio("xent") or 0.0)
    lines = [
        f"- Geometric mean of xent's time to the best peer's, without the 1,000 rows: {mean:.2f} (aim: 1.00).",
        f"- Worst case: {worst.case.text}, ×{worst.ratio('xent'):.2f} (aim: 1.25).",
    ]

    def over(other: str, limit: float, figure: Callable[[Measured], float], of: Sequence[Result]) -> str:
        held = [result for result in of if (other or result.best_peer) in result.tools]
        ratios = {
            result.case.text: figure(result.tools["xent"]) / figure(result.tools[other or str(result.best_peer)])
            for result in held
        }
        missed = [f"{text} ({ratio:.2f})" for text, ratio in ratios.items() if ratio > limit]
        return "; ".join(missed) or "none"

    long = [result for result in judged if result.case.data.rows >= 1_000_000]
    lines += [
        f"- More peak memory than the best peer: {over('', 1.0, lambda runs: runs.peak_bytes, judged)}.",
        "- Less than five times as fast as scikit-learn, of those with a million rows or more: "
        f"{over('sklearn', 0.2, lambda runs: runs.seconds, long)}.",
        f"- More than 1.3 times as long as only reading: {over('floor', 1.3, lambda runs: runs.seconds, judged)}.",
    ]
    return lines


def startup_table(measured: dict[str, Measured]) -> str:
    """Return each of the shortest runs beside its bare imports; their memory is too little to be told from ours."""
    rows = []
    for name, runs in measured.items():
        bare = startup.BARE.get(name)
        ratio = "" if bare is None else f"×{runs.seconds / measured[bare].seconds:.2f}"
        text = (
            f"`python -c '{name}'`" if bare is None else f"`xent {name}`" + (", 1,000 rows" if name == "eval" else "")
        )
        rows.append([text, f"{runs.seconds * 1000:.0f} ms", ratio])
    return table(["run", "time", "to bare imports"], rows)


def memory_table(sizes: Sequence[Size], folder: Path) -> str:
    """Return xent's peak memory and its time a row, by shape and number of rows."""
    rows = [
        [
            described(size.case, folder),
            f"{size.measured.seconds:.2f} s",
            f"{size.measured.seconds / size.case.data.rows * 1e9:,.0f} ns",
            megabytes(size.measured.peak_bytes),
        ]
        for size in sizes
    ]
    return table(["files", "time", "a row", "peak memory"], rows)


def parallel_table(pairs: Sequence[Pair], folder: Path) -> str:
    """Return xent's time on one thread and on two."""
    rows = [
        [described(pair.case, folder), f"{pair.one.seconds:.2f} s", f"{pair.two.seconds:.2f} s", f"×{pair.ratio:.2f}"]
        for pair in pairs
    ]
    return table(["case", "one thread", "two threads", "gain"], rows)


def stages_table(found: Sequence[Stages]) -> str:
    """Return the seconds of each stage of each case."""

    def row(each: Stages) -> list[str]:
        parts = [*each.seconds.values(), sum(each.seconds.values())]
        return [each.case.text, *(f"{part:.2f} s" for part in parts)]

    return table(["case", *found[0].seconds, "together"], [row(each) for each in found])


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are installed."""
    there = {"Python": ".".join(map(str, sys.version_info[:3]))}
    for package in PACKAGES:
        try:
            there[package] = version(package)
        except PackageNotFoundError:
            continue
    return there


def machine(load: float) -> str:
    """Return the line that says where and when this was measured, and how busy the machine was before."""
    date = datetime.now(UTC).date().isoformat()
    listed = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{date}, {os.cpu_count()} cores, load {load:.1f} at the start; {listed}."


def replace_section(page: Path, name: str, text: str) -> None:
    """Put a text between the marks of a section of a page."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(before)) != 1:
        raise ValueError(f"{page} must have {begin} and {end} once")
    page.write_text(pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", before), encoding="utf-8")
