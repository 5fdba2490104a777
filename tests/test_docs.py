"""The docs are true: examples run, transcripts are what is printed, every option and figure is described."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import xentcli
from xentcli.result import ClassResult, Overall

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    info.name for info in pkgutil.walk_packages(xentcli.__path__, "xentcli.") if info.name not in {"xentcli.__main__"}
)


@pytest.mark.parametrize("name", ["xentcli", *MODULES])
def test_docstring_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_readme_transcripts_and_the_options_page_are_what_is_printed() -> None:
    done = subprocess.run(
        [sys.executable, "docs/readme_blocks.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_readme_python_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_every_figure_is_defined() -> None:
    page = (ROOT / "docs" / "definitions.md").read_text()
    for field in [*fields(Overall), *fields(ClassResult)]:
        if field.name != "class_":
            assert f"`{field.name}`" in page, field.name


def test_every_warning_and_name_in_the_schema_is_described() -> None:
    schema = json.loads((Path(xentcli.__file__).parent / "schema" / "result.schema.json").read_text())
    codes = schema["properties"]["warnings"]["items"]["properties"]["code"]["enum"]
    page = (ROOT / "docs" / "definitions.md").read_text()
    assert all(f"`{code}`" in page for code in codes)


def test_the_version_is_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", xentcli.__version__)
    assert 'path = "xentcli/__init__.py"' in (ROOT / "pyproject.toml").read_text()


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_page_has_a_gap_left_to_fill() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "sample_data").glob("*.md")]
    assert len(pages) >= 9
    for page in pages:
        assert "@@" not in page.read_text(), page
