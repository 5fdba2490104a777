"""Names of columns that are many, long, and full of labels: every wrap is found, and what is too much is an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from xentcli import evaluate
from xentcli.columns import name_index, readings, wraps
from xentcli.columns.name_index import NameIndex
from xentcli.columns.wraps import Wrap, is_digits, wraps_around
from xentcli.errors import DataError, XentError
from xentcli.text import canonical

WORDS = ("a", "b", "cat", "1", "02", "True", "true", "", "p")
JOINTS = "_-.( "


def random_name(rng: Random) -> str:
    return "".join(rng.choice(WORDS) + rng.choice(JOINTS) for _ in range(rng.randint(0, 4))) + rng.choice(WORDS)


def all_wraps(labels: Sequence[str], names: Iterable[str]) -> dict[Wrap, set[str]]:
    """Return what `wraps_around` should, from every pair of places in every name."""
    digits = all(map(is_digits, labels))
    found: dict[Wrap, set[str]] = {}
    for name in names:
        for start in range(len(name)):
            for stop in range(start + 1, len(name) + 1):
                edges = [char for char in (name[start - 1 : start], name[stop : stop + 1]) if char]
                plain = all(char in wraps.SEPARATORS for char in edges)
                apt = plain or (digits and all(char in wraps.SEPARATORS or char.isalpha() for char in edges))
                middle = canonical(name[start:stop])
                if edges and apt and middle in {canonical(label) for label in labels}:
                    found.setdefault(Wrap(name[:start], name[stop:], not plain), set()).add(middle)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_labels_are_found_wherever_separators_enclose_them(seed: int) -> None:
    rng = Random(seed)
    names = [name for name in dict.fromkeys(random_name(rng) for _ in range(12)) if name]
    labels = rng.sample(["1", "02"], 2) if rng.random() < 0.3 else [random_name(rng) for _ in range(3)] + ["true", "a"]
    labels = [label for label in labels if label]
    expected = all_wraps(labels, names)
    assert wraps_around(labels, names) == expected
    shared = {
        wrap: middles
        for wrap in expected
        if len(middles := {name: middle for name in names if (middle := wrap.middle(name))}) > 1
    }
    index = NameIndex(names)
    found = wraps_around(labels, names, index.room)
    assert index.wrapped(found) == shared
    assert {wrap: found[wrap] for wrap in shared} == {wrap: expected[wrap] for wrap in shared}
    whole = NameIndex(names, whole=True)
    everywhere = {wrap: held for wrap, held in shared.items() if len(held) == len(names)}
    held = whole.wrapped(wraps_around(labels, names, whole.room))
    assert {wrap: of for wrap, of in held.items() if len(of) == len(names)} == everywhere


def repeated(columns: int) -> list[str]:
    """Return names of forty words that are all labels, each with something around it that no other name has."""
    return ["_".join(["a"] * 40) + f"_{at}" for at in range(columns)]


def test_places_that_no_other_name_shares_are_not_kept() -> None:
    """Of 4,000 columns with 40 labels each no wrap is left, where each place would be one: 160,000."""
    names = repeated(4000)
    index = NameIndex(names)
    assert wraps_around({"a"}, names, index.room) == {}
    assert len(wraps_around({"a"}, names[:10])) == 400
    found = readings.readings(names, ["a", "b"])
    assert (found.best.rule, found.lacking, found.rivals) == ("exact", ("a", "b"), ())


def test_each_name_is_looked_at_once_and_not_once_a_wrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrap for each of 500 columns: with all names looked at for each of them it would be 250,000 times."""
    names = [f"m{at}_{kind}" for at in range(500) for kind in ("a", "b")]
    looked = 0
    middle = Wrap.middle

    def counted(wrap: Wrap, name: str) -> str:
        nonlocal looked
        looked += 1
        return middle(wrap, name)

    monkeypatch.setattr(Wrap, "middle", counted)
    found = readings.readings(names, {"a", "b"})
    assert (len(found.rivals), looked) == (499, 1000)


def test_a_name_of_many_separators_is_read_like_any_other() -> None:
    names = ["_" * 300 + "cat", "_" * 300 + "dog"]
    assert readings.readings(names, {"cat", "dog"}).best.classes == ("cat", "dog")


def test_labels_in_too_many_places_are_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["p_a", "p_b", "q_a", "q_b"]
    monkeypatch.setattr(wraps, "MOST_AROUND", 12)
    assert len(readings.readings(names, {"a", "b"}).rivals) == 1
    monkeypatch.setattr(wraps, "MOST_AROUND", 11)
    with pytest.raises(DataError, match="hold labels in too many places"):
        readings.readings(names, {"a", "b"})
    monkeypatch.setattr(wraps, "MOST_AROUND", 1 << 26)
    monkeypatch.setattr(name_index, "MOST_LOOKED_UP", 3)
    with pytest.raises(DataError, match="wrap labels in too many ways"):
        readings.readings(names, {"a", "b"})


def test_long_labels_are_followed_through_names_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wraps, "MOST_AROUND", 10_000)
    with pytest.raises(DataError, match="hold labels in too many places"):
        readings.readings(["a_" * 100 + "x", "a_" * 100 + "y"], {"a_" * 60 + "b"})


def test_what_is_too_much_can_be_named_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("p_a,p_b,q_a,q_b,label\n.75,.25,.5,.5,a\n.5,.5,.5,.5,b\n")
    monkeypatch.setattr(name_index, "MOST_LOOKED_UP", 3)
    with pytest.raises(XentError) as caught:
        evaluate("p.csv")
    assert str(caught.value) == (
        "p.csv: the names of the columns wrap labels in too many ways\n"
        "  Say which column is which class with --classes COL=CLASS,...\n"
        "  The columns of p.csv are 'p_a', 'p_b', 'q_a', 'q_b', 'label'."
    )
    assert evaluate("p.csv", classes="p_a=a,p_b=b").inputs.classes == ("a", "b")


def test_hundreds_of_ways_are_counted_and_ten_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"m{at}_{kind}" for at in range(300) for kind in ("a", "b")]
    Path("p.csv").write_text(",".join([*names, "label"]) + "\n" + ",".join(["0.5"] * 600 + ["a"]) + "\n")
    with pytest.raises(XentError, match="in 300 ways") as caught:
        evaluate("p.csv")
    assert caught.value.options[:2] == ("--pred m100_a,m100_b", "--pred m101_a,m101_b")
    assert len(caught.value.options) == 10
