"""Integers and their texts against Python's own."""

from __future__ import annotations

import re

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import HIGH, INTEGER, LOW, TEXT, column, loose, texts_of

from xentcli.alignment.keys.decimals import from_integers, to_integers

NEARLY = st.one_of(
    st.from_regex(r"[-+ ]?[0-9]{0,22}[ .e]?", fullmatch=True),
    st.integers(HIGH - 20, HIGH + 20).map(str),
    st.integers(LOW - 20, LOW + 20).map(str),
    st.integers(2**64 - 20, 2**65).map(str),
    INTEGER.map(str),
    TEXT,
    st.text(alphabet="-0123456789:/٣\x00\x80\xff", max_size=10),
)


def expected(text: str) -> int | None:
    right = re.fullmatch(r"0|-?[1-9][0-9]*", text, re.ASCII)
    return int(text) if right and LOW <= int(text) <= HIGH else None


@given(st.lists(INTEGER, max_size=40))
@settings(deadline=None)
def test_integers_become_their_texts_and_come_back(integers: list[int]) -> None:
    texts = from_integers(column(integers))
    assert texts_of(texts) == list(map(str, integers))
    back, canonical = to_integers(texts)
    assert back.tolist() == integers
    assert canonical.all()


@given(st.lists(NEARLY, max_size=30), st.integers(0, 9), st.integers(0, 5))
@settings(deadline=None, max_examples=examples(300))
def test_only_canonical_texts_are_integers(texts: list[str], shift: int, start: int) -> None:
    start = min(start, len(texts))
    integers, canonical = to_integers(loose(texts, shift).slice(start, len(texts)))
    wanted = [expected(text) for text in texts[start:]]
    assert canonical.tolist() == [value is not None for value in wanted]
    assert integers.tolist() == [value or 0 for value in wanted]


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            "-",
            "+1",
            " 1",
            "1 ",
            "01",
            "00",
            "-0",
            "-01",
            "--1",
            "1-",
            "1.0",
            "1e3",
            "0x1",
            "1_000",
            "٣",
            "1234567:",
        ],
        *["9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999", "1" * 21],
    ],
)
def test_not_canonical(text: str) -> None:
    assert [array.tolist() for array in to_integers(loose([text, "7"]))] == [[0, 7], [False, True]]


def test_every_number_of_digits_in_one_array_of_many_blocks() -> None:
    integers = [sign * (10**power + less) for power in range(19) for less in (-1, 0, 1) for sign in (1, -1)] * 300
    texts = from_integers(column(integers))
    assert texts_of(texts) == list(map(str, integers))
    back, canonical = to_integers(texts)
    assert np.array_equal(back, integers)
    assert canonical.all()
