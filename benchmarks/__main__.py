"""The command: make the files, let the tools take turns, print tables.

    python -m benchmarks                     # every case with every tool, and start-up
    python -m benchmarks --case ten-csv --tool xent polars --rounds 3
    python -m benchmarks --memory            # xent alone on more and more rows
    python -m benchmarks --parallel          # xent on one thread and on two
    python -m benchmarks --stages            # where xent's time goes

Run it from the root of the repository. It takes Polars, DuckDB, pandas and scikit-learn: `pip install -e '.[bench]'`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import memory, parallel, report, stages, startup
from benchmarks.cases import CASES, Case, Data
from benchmarks.rounds import Measured, Result, evaluate
from benchmarks.tools import TOOLS, generator

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
LEAST_ROUNDS = 5
Raw = dict[str, Any]


def arguments() -> argparse.ArgumentParser:
    """Return the options."""
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "xent-benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--case", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--tool", nargs="+", choices=TOOLS, default=list(TOOLS), metavar="NAME", help=", ".join(TOOLS))
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the rows")
    parser.add_argument("--threads", type=int, help="threads of every tool; by default as many as there are cores")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--memory", action="store_true", help="xent's peak memory and time a row, by rows")
    part.add_argument("--parallel", action="store_true", help="xent on CSV with one thread and with two")
    part.add_argument("--stages", action="store_true", help="where xent's time goes, stage by stage")
    part.add_argument("--start-up", action="store_true", help="the shortest runs beside bare imports")
    parser.add_argument("--memory-rows", type=int, nargs="+", default=list(memory.ROWS), metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of every run")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.parent.name}/{PAGE.name}")
    return parser


def make(data: Iterable[Data], folder: Path) -> None:
    """Make the files that are not there yet, in another process."""
    subprocess.run(generator(folder, dict.fromkeys(data)), check=True)


def raw(measured: Mapping[str, Measured]) -> Raw:
    """Return the figures of every run, without what it printed."""
    keys = ("seconds", "processor_seconds", "peak_bytes")
    return {name: [{key: getattr(run, key) for key in keys} for run in runs.runs] for name, runs in measured.items()}


def progress(text: str) -> None:
    """Say on standard error what has been measured so far."""
    print(text, file=sys.stderr, flush=True)


def over_cases(cases: list[Case], asked: argparse.Namespace) -> tuple[str, list[Raw]]:
    """Measure the tools on the cases."""
    results: list[Result] = []
    for case in cases:
        results.append(evaluate(case, asked.tool, asked.folder, asked.rounds, asked.threads))
        times = [f"{tool} {runs.seconds:.2f} s" for tool, runs in results[-1].tools.items()]
        progress(f"{case.name}: {', '.join(times)}")
    lines = [report.case_table(results, asked.folder)]
    if report.geometric_mean(results) is not None:
        lines.append("\n".join(report.verdicts(results)))
    return "\n\n".join(lines), [{"case": asdict(result.case), "runs": raw(result.tools)} for result in results]


def main() -> None:
    """Make files, measure, print, and write what is asked for."""
    parser = arguments()
    asked = parser.parse_args()
    cases = [case.at(asked.scale) if case.judged else case for case in CASES if case.name in asked.case]
    partial = len(asked.case) < len(CASES) or len(asked.tool) < len(TOOLS) or asked.scale != 1 or asked.threads
    if asked.write and not asked.memory and (partial or asked.rounds < LEAST_ROUNDS):
        parser.error(
            f"--write is for all cases with all tools at their own scale, and {LEAST_ROUNDS} rounds or more of them"
        )
    load = os.getloadavg()[0]
    sections: dict[str, str] = {}
    figures: dict[str, list[Raw]] = {}
    if asked.memory:
        flat = memory.cases(asked.memory_rows)
        make((case.data for case in flat), asked.folder)
        sizes = []
        for case in flat:
            sizes.append(memory.measure(case, asked.folder, asked.rounds, asked.threads))
            progress(f"{case.text}, {case.data.rows:,} rows: {report.megabytes(sizes[-1].measured.peak_bytes)}")
        sections["memory"] = report.memory_table(sizes, asked.folder)
        figures["memory"] = [{"case": asdict(size.case), "runs": raw({"xent": size.measured})} for size in sizes]
    elif asked.parallel:
        make((case.data for case in cases), asked.folder)
        pairs = parallel.measure(cases, asked.folder, asked.rounds)
        sections["parallel"] = report.parallel_table(pairs, asked.folder)
        figures["parallel"] = [
            {"case": asdict(pair.case), "runs": raw({"1": pair.one, "2": pair.two})} for pair in pairs
        ]
    elif asked.stages:
        make((case.data for case in cases), asked.folder)
        found = stages.measure(cases, asked.folder, asked.rounds)
        sections["stages"] = report.stages_table(found)
        figures["stages"] = [{"case": asdict(each.case), "seconds": each.seconds} for each in found]
    else:
        make((case.data for case in [*([] if asked.start_up else cases), startup.CASE]), asked.folder)
        if not asked.start_up:
            sections["benchmarks"], figures["cases"] = over_cases(cases, asked)
        if asked.start_up or not partial:
            runs = startup.measure(asked.folder, asked.rounds)
            sections["start-up"] = report.startup_table(runs)
            figures["start-up"] = [{"runs": raw(runs)}]
    where = f"{asked.rounds} rounds, {report.machine(load)}"
    for text in [*sections.values(), where]:
        print(f"\n{text}")
    if asked.json:
        asked.json.write_text(json.dumps({"machine": where, **figures}, indent=1, default=str) + "\n", encoding="utf-8")
    if asked.write:
        for name, text in sections.items():
            more = f" {startup.MORE} runs a round." if name == "start-up" else ""
            report.replace_section(PAGE, name, f"{text}\n\nMedians of {where}{more}")


if __name__ == "__main__":
    main()
