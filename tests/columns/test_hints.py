"""Errors that an option can settle end in it, and it can be typed as it stands: through bash, to the right number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from both_ways import keywords, save
from conftest import RunXent
from following import Answer, added, asked, options_of, typed_in_bash
from hint_table import COLUMNS, SUMS, VALUES, Slip
from hint_table_labels import DISTRIBUTIONS, FILES, INDICES, LABELS, NAMES, SINGLE, SPELLING, WITHOUT_NAMES
from hint_table_places import COUNTED, NO_NAMES

import xentcli
from xentcli.errors import XentError

DEPTH = 3
GROUPS = {
    "columns": COLUMNS,
    "sums": SUMS,
    "values": VALUES,
    "labels": LABELS,
    "indices": INDICES,
    "single": SINGLE,
    "spelling": SPELLING,
    "distributions": DISTRIBUTIONS,
    "without-names": WITHOUT_NAMES,
    "files": FILES,
    "names": NAMES,
    "no-names": NO_NAMES,
    "counted": COUNTED,
}
SLIPS = [pytest.param(slip, id=f"{group}-{slip.id}") for group, slips in GROUPS.items() for slip in slips]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.one_in_three
@pytest.mark.parametrize("slip", SLIPS)
def test_an_error_ends_in_options_that_lead_to_the_number(slip: Slip, run_xent: RunXent) -> None:
    for path, content in slip.files.items():
        save(path, content)
    first = asked(run_xent, [*slip.files, *slip.options])
    assert first.code == 2, (first.loss, first.warnings)
    # What no option settles says in the table why.
    assert bool(first.options) != bool(slip.why), first.text
    with pytest.raises(XentError) as caught:
        xentcli.evaluate(*slip.files, **keywords(slip.options))
    error: object = caught.value
    assert list(getattr(error, "options", ())) == first.options
    told: list[str] = [f"{list(slip.options)}\n{first.text}"]
    found = walked(run_xent, slip, slip.options, first, DEPTH, told)
    assert found or slip.loss is None, "\n".join(told)


def walked(run_xent: RunXent, slip: Slip, options: Sequence[str], answer: Answer, depth: int, told: list[str]) -> bool:
    """Return whether an option leads to the number, after asserting that none leads to another without a warning."""
    found = False
    for option in answer.options if depth else []:
        together = added(options, typed_in_bash(option))
        after = asked(run_xent, [*slip.files, *together])
        told.append(f"{together}: {after.loss} {after.warnings}\n{after.text}")
        if slip.loss is not None and after.right(slip.loss):
            found = True
        elif after.code == 0:
            assert after.warned or "reversed_column" in after.warnings, "\n".join(told)
        elif not found:
            found = walked(run_xent, slip, together, after, depth - 1, told)
    return found


def test_the_table_is_long_and_its_names_differ() -> None:
    for slips in GROUPS.values():
        assert len({slip.id for slip in slips}) == len(slips)
    assert sum(map(len, GROUPS.values())) > 90


def test_options_are_read_from_the_end_of_an_error() -> None:
    assert options_of("error: a\n  b\n  Try --x 'y z'\n") == ["--x 'y z'"]
    assert options_of("error: a\n  Try --x\n  or  --z\n  or  --y\n") == ["--x", "--z", "--y"]
    assert options_of("error: a\n") == []
    assert typed_in_bash(r"--pred $'a\nb',c 'd e'") == ["--pred", "a\nb,c", "d e"]
