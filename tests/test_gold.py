"""The output of every command in every format, as it was when somebody last looked at it.

`pytest tests/test_gold.py --update-gold` writes it anew; what changed is then in the diff.
"""

from __future__ import annotations

import doctest
from pathlib import Path

import golden
import pytest
from conftest import RunXent
from gold_cases import CASES, FILES, Case
from golden import GOLD, blanked, settled

from xentcli.render.formats import Format, InspectFormat

RUNS = [(command, case, form) for command, cases in CASES.items() for case in cases for form in case.forms(command)]


def place_of(command: str, case: Case, form: Format | InspectFormat) -> Path:
    return GOLD / command / case.name / FILES.get(form, f"{form}.txt")


def said_place(command: str, case: Case, form: Format | InspectFormat) -> Path:
    """Return the file of what is said on standard error, which is the same beside most formats."""
    return GOLD / command / case.name / ("annotations.txt" if form == "github" else "stderr.txt")


@pytest.fixture
def held(request: pytest.FixtureRequest) -> Held:
    return Held(bool(request.config.getoption("--update-gold")))


class Held:
    """What compares a text with its gold file, or writes that."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def against(self, place: Path, text: str) -> None:
        """Compare; no file stands for no text."""
        gold = place.read_bytes().decode("utf-8") if place.exists() else ""
        # Last digits are left as they are, too, when a file is written anew.
        text = settled(blanked(text), gold)
        if self.update:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8")) if text else place.unlink(missing_ok=True)
        else:
            assert text == gold


@pytest.mark.parametrize(("command", "case", "form"), RUNS, ids=[f"{run[0]}-{run[1].name}-{run[2]}" for run in RUNS])
def test_the_output_is_as_it_was(
    command: str,
    case: Case,
    form: Format | InspectFormat,
    held: Held,
    run_xent: RunXent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    case.write()
    ran = run_xent(command, *case.arguments, "-f", form)
    assert ran.code == case.code
    assert ran.stdout
    held.against(place_of(command, case, form), ran.stdout)
    if form.shows_all:
        assert ran.stderr == ""
    else:
        held.against(said_place(command, case, form), ran.stderr)


def test_there_is_no_gold_file_that_no_run_is_held_against(held: Held) -> None:
    expected = {place_of(*run) for run in RUNS}
    expected |= {said_place(*run) for run in RUNS}
    unexpected = sorted(
        set(GOLD.rglob("*")) - expected - {path.parent for path in expected} - {GOLD / name for name in CASES}
    )
    if held.update:
        for path in reversed(unexpected):
            path.rmdir() if path.is_dir() else path.unlink()
    else:
        assert unexpected == []


# How texts are compared ----------------------------------------------------------------------------------------


def test_a_gold_file_is_written_anew_and_held_against_from_then_on(tmp_path: Path) -> None:
    place = tmp_path / "case" / "figures.csv"
    for text in ("loss 0.25\r\n", "漢 0.5\n"):
        Held(update=True).against(place, text)
        assert place.read_bytes() == text.encode()
        Held(update=False).against(place, text)
        with pytest.raises(AssertionError):
            Held(update=False).against(place, f"{text}.")
    Held(update=True).against(place, "")
    assert not place.exists()
    Held(update=False).against(place, "")


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(golden).failed == 0


JSON = """{
  "schema_version": 1,
  "xent_version": "%s",
  "inputs": {
    "seconds": 3
  },
  "run": {
    "seconds": %s,
    "finished_at": "%s",
    "arguments": [
      "%s"
    ]
  }
}
"""


def test_what_differs_from_run_to_run_is_blanked_and_nothing_else() -> None:
    blank = blanked(JSON % ("0.1.0", "0.5", "2026-01-02T03:04:05+00:00", "eval"))
    assert blank == blanked(JSON % ("1.2.3", "1e-05", "2026-12-31T03:04:05+00:00", "--x\\n  }"))
    assert '"inputs": {\\n    "seconds": 3\\n  }' in blank.replace("\n", "\\n")
    assert '"run": {\\n    seconds, finished_at, arguments\\n  }\\n}' in blank.replace("\n", "\\n")
    suite = '<testsuite name="time=" time="0.104" timestamp="2026-01-02T03:04:05+00:00"><testcase time="0" />'
    assert blanked(suite) == '<testsuite name="time=" time="…" timestamp="…"><testcase time="0" />'
    assert blanked("<system-out>xent 0.1.0, 1 gate met") == "<system-out>xent …, 1 gate met"
    for plain in ("log loss  0.3943 nats\n", "row,seconds\noverall,0.5\n", '{\n  "loss": 0.1\n}\n', ""):
        assert blanked(plain) == plain


@pytest.mark.parametrize(
    ("text", "gold", "same"),
    [
        ("0.39425101937461804", "0.39425101937461799", True),
        ("0.39425101937461804", "0.394251019375", True),
        ("0.394251019374", "0.394251019375", False),
        ("0.39425101937461804", "0.39425101837461804", False),
        ("-1.2345678901234567e-09", "-1.2345678901234569e-09", True),
        ("-1.2345678901234567e-09", "1.2345678901234567e-09", False),
        ("0.30000000000000004", "0.3", True),
        ("1234567890123.25", "1234567890123.5", True),
        ("123456789012.25", "123456789012.5", False),
        ("0.00012345678901234567", "0.00012345678901234569", True),
        ("0.3", "0.30", False),
        ("809", "810", False),
        ("12345678901234567", "12345678901234568", False),
        ("a1.2345678901234567", "a1.2345678901234569", False),
        ("0.39425101937461804,1", "0.39425101937461799", False),
        ("0.39425101937461804 x", "0.39425101937461799 y", False),
        ("loss 0.3943", "loss 0.3944", False),
    ],
)
def test_numbers_agree_in_twelve_digits_and_all_else_to_the_letter(text: str, gold: str, same: bool) -> None:
    assert (settled(text, gold) == gold) is same
