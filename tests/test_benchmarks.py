"""The benchmarks run: tiny files are made, the tools agree on them, and what is measured ends up in tables."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# At the end: the package that is tested stays the installed one.
sys.path.append(str(ROOT))
OPTIONAL = [name for name in ("polars", "duckdb") if importlib.util.find_spec(name) is not None]
ONE = {"label": "1", "rows": 2, "loss": 0.5, "label_p": 0.6, "right": 0.5, "deviation": 0.1}
TOOLS = ["xent", "sklearn", "floor", *OPTIONAL]


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks as they are run by hand."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(("case", "tools"), [("joined-csv", TOOLS), ("binary-parquet", ["xent", *OPTIONAL])])
def test_the_tools_agree(case: str, tools: list[str], tmp_path: Path) -> None:
    arguments = ["--folder", str(tmp_path), "--case", case, "--rounds", "1", "--scale", "0.001", "--tool", *tools]
    done = benchmarks(*arguments, "--json", str(tmp_path / "runs.json"))
    assert done.returncode == 0, done.stderr
    head, rule, row = (line for line in done.stdout.splitlines() if line.startswith("|"))
    assert head.count("|") == rule.count("|") == row.count("|") == len(tools) + 2
    written = json.loads((tmp_path / "runs.json").read_text())["cases"][0]
    assert written["case"]["name"] == case
    assert set(written["runs"]) == set(tools)
    assert all(run["peak_bytes"] > 1 << 20 for runs in written["runs"].values() for run in runs)


@pytest.mark.slow
def test_the_stages_of_a_run_are_all_of_it(tmp_path: Path) -> None:
    arguments = ["--folder", str(tmp_path), "--case", "ten-parquet", "--rounds", "1", "--scale", "0.001", "--stages"]
    done = benchmarks(*arguments, "--json", str(tmp_path / "runs.json"))
    assert done.returncode == 0, done.stderr
    seconds = json.loads((tmp_path / "runs.json").read_text())["stages"][0]["seconds"]
    assert list(seconds)[:3] == ["start-up", "to the first row", "scoring"]
    assert all(part >= 0 for part in seconds.values())
    assert "| together |" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("part", ["--parallel", "--memory"])
def test_xent_alone_is_measured_too(part: str, tmp_path: Path) -> None:
    cases = ["--case", "binary-csv", "--scale", "0.0005"] if part == "--parallel" else ["--memory-rows", "2000"]
    done = benchmarks("--folder", str(tmp_path), "--rounds", "1", part, *cases)
    assert done.returncode == 0, done.stderr
    assert len([line for line in done.stdout.splitlines() if line.startswith("|")]) == 3 + 5 * (part == "--memory")


def test_few_rounds_are_not_written_into_the_docs(tmp_path: Path) -> None:
    done = benchmarks("--folder", str(tmp_path), "--rounds", "3", "--write")
    assert done.returncode == 2
    assert "5 rounds or more" in " ".join(done.stderr.split())


def test_a_part_of_the_cases_is_not_written_into_the_docs(tmp_path: Path) -> None:
    done = benchmarks("--folder", str(tmp_path), "--case", "binary-csv", "--write")
    assert done.returncode == 2
    assert "--write is for all cases" in done.stderr


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"loss": 0.50001}, "found 0.50001"),
        ({"bad": 1}, "found 1 bad rows"),
        ({"classes": [ONE | {"deviation": 0.2}]}, "class 1"),
        ({"classes": []}, "found other classes"),
        (
            {"classes": [{"label": "1", "rows": 3, "loss": 0.5, "label_p": 0.6, "right": 0.5, "deviation": 0.1}]},
            "class 1",
        ),
    ],
)
def test_tools_that_disagree_are_an_error(changed: dict[str, object], message: str) -> None:
    from benchmarks.cases import CASES
    from benchmarks.rounds import DisagreementError, check

    one = {
        "loss": 0.5,
        "bad": 0,
        "classes": [{"label": "1", "rows": 2, "loss": 0.5, "label_p": 0.6, "right": 0.5, "deviation": 0.1}],
    }
    check(CASES[0], {"polars": json.dumps(one), "duckdb": json.dumps(one)})
    with pytest.raises(DisagreementError, match=message):
        check(CASES[0], {"polars": json.dumps(one), "duckdb": json.dumps({**one, **changed})})


def test_the_mean_is_over_the_judged_cases() -> None:
    from benchmarks.cases import CASES
    from benchmarks.measure import Run
    from benchmarks.report import geometric_mean, table, verdicts
    from benchmarks.rounds import Measured, Result

    def result(index: int, *seconds: float) -> Result:
        names = ("xent", "polars", "duckdb")
        return Result(
            CASES[index], {name: Measured([Run(took, 1, 1, "")]) for name, took in zip(names, seconds, strict=True)}
        )

    results = [result(0, 2.0, 1.0, 3.0), result(1, 1.0, 4.0, 2.0), result(-1, 100.0, 1.0, 1.0)]
    assert results[1].best_peer == "duckdb"
    lines = verdicts(results)
    assert [line for line in lines if "Worst case" in line] == [f"- Worst case: {CASES[0].text}, ×2.00 (aim: 1.25)."]
    assert lines[2].endswith(": none.")
    assert geometric_mean(results) == pytest.approx(1.0)
    assert geometric_mean(results[2:]) is None
    assert table(["case", "time"], [["a", "1.00 s"]]).splitlines()[1] == "|:-----|-------:|"


def test_a_section_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    from benchmarks.report import replace_section

    page = tmp_path / "page.md"
    page.write_text("before\n<!-- memory -->\nold\n<!-- /memory -->\nafter\n")
    replace_section(page, "memory", r"new \1")
    assert page.read_text() == "before\n<!-- memory -->\n\nnew \\1\n\n<!-- /memory -->\nafter\n"
    with pytest.raises(ValueError, match="must have <!-- parallel -->"):
        replace_section(page, "parallel", "new")


def test_the_page_has_every_section() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    for name in ("benchmarks", "start-up", "memory", "parallel"):
        assert page.count(f"<!-- {name} -->") == page.count(f"<!-- /{name} -->") == 1


def test_files_are_the_same_every_time(tmp_path: Path) -> None:
    from benchmarks.cases import JOINED
    from benchmarks.generate import make

    data = JOINED.at(0.0001)
    for name in ("one", "two"):
        make(data, tmp_path / name)
        make(data, tmp_path / name)
    names = {path.name for path in data.folder(tmp_path / "one").iterdir()}
    assert {"predictions.csv", "predictions.parquet", "labels.csv", "labels.parquet"} < names
    for name in names:
        one, two = (data.folder(tmp_path / which) / name for which in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
