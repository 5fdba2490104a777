"""docs/screens.md shows what docs/screens.py makes, and who lacks what that needs is told."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
PICTURES = sorted((DOCS / "screens").glob("*.png"))


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screens", DOCS / "screens.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["screens"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_one_that_the_program_writes(program: ModuleType) -> None:
    assert (DOCS / "screens.md").read_text() == program.page()


def test_every_picture_is_on_the_page_and_the_other_way_round() -> None:
    named = re.findall(r"\(screens/([^)]+)\)", (DOCS / "screens.md").read_text())
    assert sorted(named) == [path.name for path in PICTURES]


def test_screens_are_there_at_every_width_in_light_and_dark() -> None:
    names = {path.stem for path in PICTURES}
    assert names >= {
        f"{k}-classes-{columns}-{theme}"
        for k in (2, 10, 1000)
        for columns in (80, 120, 200)
        for theme in ("light", "dark")
    }


def test_the_pictures_are_small() -> None:
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in PICTURES)
    assert sum(path.stat().st_size for path in PICTURES) < 1_500_000


def test_whoever_lacks_what_it_needs_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, DOCS / "screens.py"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "docs/screens.py needs Xvfb, xterm, import, convert; on Debian: "
        "apt-get install xvfb xterm imagemagick fonts-dejavu fonts-noto-cjk fonts-noto-color-emoji\n"
    )
