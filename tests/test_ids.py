"""The ids by which tests are called stand in tests/README.md, each with what it means, and no others do."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS / "README.md").read_text()
KINDS = "CL|FS|CD|CC|PQ|AL|LB|PR|LG|WT|SC|OU|CS|SE|OF|K|S|F|O|W"
# Amazon's store is none of them.
OTHER = {"S3"}


def ids_of(text: str) -> set[str]:
    """Return the ids in a text of tests: in capitals anywhere, in any letters in the name of a test."""
    found = set(re.findall(rf"(?<![A-Za-z0-9])(?:{KINDS})\d+(?![A-Za-z0-9])", text))
    for name in re.findall(r"def (test_\w+)\(", text):
        found |= {part for part in name.upper().split("_") if re.fullmatch(rf"(?:{KINDS})\d+", part)}
    return found - OTHER


def test_every_id_of_the_tests_is_on_the_page_and_the_page_has_no_others() -> None:
    used = set[str]().union(*(ids_of(path.read_text()) for path in TESTS.rglob("*.py") if path != Path(__file__)))
    said = re.findall(r"^- \*\*(\w+)\*\*: \S", PAGE, re.MULTILINE)
    assert len(said) == len(set(said)) == PAGE.count("\n- ") > 150
    assert sorted(used - set(said)) == []
    assert sorted(set(said) - used) == []


def test_ids_are_seen_wherever_they_stand() -> None:
    text = 'def test_cd7_fs9_tabs() -> None:\n    # K1: id="OU2-TERM", not S3, c3 or UTF8; test_SE8_bomb\n'
    assert ids_of(text) == {"CD7", "FS9", "K1", "OU2", "SE8"}
