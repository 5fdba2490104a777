"""Recipes are run as written, with the tools that they are for: make, dvc, mlflow, pre-commit, jq, awk, pandas.

What is not installed is skipped; with XENT_ALL_TOOLS=1, as in .ci/run, it is a failure.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from conftest import SAMPLES, Ran
from golden import settled
from page import commands, printed, sections, write_files

# They run again, with every tool, where .ci/run says so.
pytestmark = pytest.mark.slow
_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


def needs(*tools: str) -> None:
    """Skip the test where a program, or a module of Python, is missing."""
    missing = [tool for tool in tools if shutil.which(tool, path=_path()) is None and find_spec(tool) is None]
    if missing and os.environ.get("XENT_ALL_TOOLS"):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def run(script: str, folder: Path, **more: str) -> Ran:
    """Run a script as the runners of GitHub and GitLab do, with this Python's programs first."""
    names = ("HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    clean = {name: os.environ[name] for name in names if name in os.environ}
    git = {f"GIT_{who}_{what}": "someone@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**clean, "PATH": _path(), "HOME": str(folder.parent), "DVC_NO_ANALYTICS": "1", **git, **more}
    done = subprocess.run(
        [*_BASH, script], cwd=folder, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=300, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def done(script: str, folder: Path, **more: str) -> Ran:
    """Run a script that has to end well."""
    ran = run(script, folder, **more)
    assert ran.code == 0, ran.stdout + ran.stderr
    return ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository with predictions, labels, options and a baseline, as the page begins."""
    place = tmp_path / "repository"
    place.mkdir()
    shutil.copy(SAMPLES / "digits_logistic.csv", place / "predictions.csv")
    shutil.copy(SAMPLES / "digits_labels.csv", place / "labels.csv")
    write_files("", place)
    (command,) = commands("")
    done(command, place)
    done("git init --quiet . && git add . && git commit --quiet -m 'The model in use'", place)
    return place


def worsen(folder: Path) -> None:
    """Put the predictions of a worse model in place."""
    shutil.copy(SAMPLES / "digits_forest.csv", folder / "predictions.csv")


def ruin(folder: Path) -> None:
    """Break one number of the predictions."""
    path = folder / "predictions.csv"
    head, first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([head, first.replace(",0.", ",O.", 1), *rest]) + "\n")


def test_every_section_is_tested_here() -> None:
    assert list(sections()) == [
        *("", "Makefile", "GitHub Actions", "GitLab", "DVC", "MLflow", "pre-commit", "jq and awk", "pandas")
    ]


def test_a_gate_on_a_baseline_passes_then_fails_then_cannot_be_evaluated(folder: Path) -> None:
    needs("make")
    write_files("Makefile", folder)
    gate = "make --silent gate"
    ran = done(gate, folder)
    assert ran.stdout.endswith("\n✓ 3 gates met\n")
    worsen(folder)
    ran = run(gate, folder)
    assert (ran.code, "Error 1" in ran.stderr) == (2, True)
    assert run("xent eval predictions.csv labels.csv", folder).code == 1
    ruin(folder)
    ran = run(gate, folder)
    assert (ran.code, ran.stdout, "Error 2" in ran.stderr) == (2, "", True)
    assert "error: predictions.csv, record 1 (line 2), column 'p_zero': 'O." in ran.stderr
    assert run("xent eval predictions.csv labels.csv", folder).code == 2
    shutil.copy(SAMPLES / "digits_forest.csv", folder / "predictions.csv")
    done("make --silent baseline", folder)
    ran = run("xent eval predictions.csv labels.csv -f json -q", folder)
    gates = json.loads(ran.stdout)["gates"]
    assert [gate["passed"] for gate in gates] == [False, False, True]


def test_github_gets_a_summary_and_annotations(folder: Path) -> None:
    write_files("GitHub Actions", folder)
    job = yaml.safe_load((folder / ".github/workflows/evaluate.yml").read_text())["jobs"]["evaluate"]
    assert [step.get("uses", step.get("run", "")).split()[0] for step in job["steps"]] == [
        *("actions/checkout@v4", "actions/setup-python@v5", "pip", "xent")
    ]
    script = job["steps"][-1]["run"]
    summary = folder.parent / "summary.md"
    ran = run(script, folder, GITHUB_STEP_SUMMARY=str(summary), GITHUB_ACTIONS="true", CI="true")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert "| log loss " in summary.read_text()
    worsen(folder)
    ran = run(script, folder, GITHUB_STEP_SUMMARY=str(summary), GITHUB_ACTIONS="true", CI="true")
    assert (ran.code, ran.stdout) == (1, "")
    lines = ran.stderr.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::error", "::error", "::error"] or [
        line.split(" ")[0] for line in lines
    ] == ["::error", "::error", "::error", "::warning"]
    # The summary of a step grows: what was there stays.
    assert summary.read_text().count("| log loss ") == 2


def test_gitlab_gets_a_test_case_for_each_gate(folder: Path) -> None:
    write_files("GitLab", folder)
    job = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["evaluate"]
    install, script = job["script"]
    assert install == "pip install xentcli"
    report = folder / job["artifacts"]["reports"]["junit"]
    done(script, folder)
    cases = ET.parse(report).getroot().findall(".//testcase")
    assert [case.get("name") for case in cases] == [
        *("loss <= 0.3", "class/nine/loss <= 0.5", "increase in loss <= 2 %")
    ]
    assert not any(case.findall("failure") for case in cases)
    worsen(folder)
    assert run(script, folder).code == 1
    failures = [case.find("failure") for case in ET.parse(report).getroot().findall(".//testcase")]
    assert all(failure is not None for failure in failures)


def test_dvc_keeps_metrics_and_shows_what_changed(folder: Path) -> None:
    needs("dvc", "git")
    write_files("DVC", folder)
    begin, again = commands("DVC")
    done(begin, folder)
    before = json.loads((folder / "metrics.json").read_text())
    worsen(folder)
    ran = done(again, folder)
    assert "class/nine/loss" in ran.stdout
    after = json.loads((folder / "metrics.json").read_text())
    found = json.loads(done("dvc metrics diff --json", folder).stdout)["metrics.json"]
    assert {name: (one["old"], one["new"]) for name, one in found.items()} == {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }


def test_dvc_evaluates_again_where_options_change(folder: Path) -> None:
    needs("dvc", "git")
    write_files("DVC", folder)
    done(commands("DVC")[0], folder)
    nats = json.loads((folder / "metrics.json").read_text())["loss"]
    (folder / "pyproject.toml").write_text('[tool.xent]\non = "image"\nlabel = "label"\nunit = "bits"\n')
    done("dvc repro", folder)
    assert json.loads((folder / "metrics.json").read_text())["loss"] == pytest.approx(nats / math.log(2), rel=1e-12)


def test_mlflow_takes_every_metric(folder: Path) -> None:
    needs("mlflow", "sqlalchemy")
    write_files("MLflow", folder)
    for script in commands("MLflow"):
        done(script, folder)
    read = (
        "import json, mlflow; "
        "print(json.dumps([run.data.metrics for run in mlflow.search_runs(output_format='list')], sort_keys=True))"
    )
    logged = json.loads(done(f'python -c "{read}"', folder).stdout.splitlines()[-1])
    assert logged == [json.loads((folder / "metrics.json").read_text())] * 2
    assert len(logged[0]) > 150


def test_pre_commit_runs_where_files_change_and_stops_the_commit(folder: Path) -> None:
    needs("pre-commit", "git")
    write_files("pre-commit", folder)
    done("pre-commit install && git add .", folder)
    ran = done("git commit -m 'Hooks'", folder)
    assert "(no files to check)Skipped" in ran.stderr
    worsen(folder)
    ran = run("git commit --all -m 'A worse model'", folder)
    assert ran.code == 1
    assert "log loss within its gates" in ran.stderr and "Failed" in ran.stderr and "exit code: 1" in ran.stderr
    done("git checkout --quiet HEAD -- . && pre-commit run --all-files", folder)
    # A tighter gate is a change that counts, too.
    options = folder / "pyproject.toml"
    options.write_text(options.read_text().replace("loss = 0.3", "loss = 0.0001"))
    assert run("git commit --all -m 'A gate'", folder).code == 1


@pytest.mark.parametrize("command", range(3))
def test_pipelines_print_what_the_page_says(folder: Path, command: int) -> None:
    needs("jq", "awk")
    script, expected = list(printed("jq and awk"))[command]
    assert settled(done(script, folder).stdout, expected) == expected


def test_pandas_reads_the_json(folder: Path) -> None:
    write_files("pandas", folder)
    found = list(printed("pandas"))
    assert len(found) == len(commands("pandas")) == 2
    for script, expected in found:
        assert settled(done(script, folder).stdout, expected) == expected
