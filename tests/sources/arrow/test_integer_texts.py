"""Texts that are whole numbers by Arrow: the same as by array operations, in which Arrow takes no part."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pyarrow as pa
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from xentcli.alignment.keys.decimals import to_integers
from xentcli.sources.arrow.buffers import strings_column
from xentcli.sources.arrow.integer_texts import whole_or_texts
from xentcli.sources.base import Strings

LOW, HIGH = -(2**63), 2**63 - 1
INTEGERS = st.one_of(
    st.integers(LOW, HIGH),
    st.integers(-20, 20),
    st.sampled_from([LOW, LOW + 1, HIGH - 1, HIGH, *(10**k for k in range(19)), *(-(10**k) for k in range(19))]),
).map(str)
NEARLY = st.one_of(
    INTEGERS,
    st.from_regex(r"[-+ ]{0,2}[0-9]{0,22}[ .e-]?", fullmatch=True),
    st.integers(HIGH - 20, HIGH + 20).map(str),
    st.integers(LOW - 20, LOW + 20).map(str),
    st.text(alphabet="-+0123456789:/.,xXeE_ \t\r\n٣\x00\x80", max_size=6),
)
SINGLE = [
    *["", "-", "+", "+1", " 1", "1 ", "01", "00", "-0", "-01", "--1", "1-", "-1-", "1.0", "1.", ".1", "1e3", "0x1"],
    *["0XFFFFFFFF", "1_000", "٣", "1234567:", "/", "1/1", "1\n", "\t1", "1\x00"],
    *[str(LOW - 1), str(HIGH + 1), str(2**64), "9" * 20, "1" * 21, "-" + "9" * 20],
]


def taken(texts: list[str], before: int = 0) -> Strings | np.ndarray:
    array = pa.array(["x"] * before + texts, type=pa.utf8()).slice(before)
    return whole_or_texts(array, strings_column(array))


@given(st.lists(NEARLY, min_size=1, max_size=20), st.integers(0, 3))
@settings(deadline=None, max_examples=examples(300))
def test_as_by_array_operations(texts: list[str], before: int) -> None:
    array = pa.array(texts, type=pa.utf8())
    integers, canonical = to_integers(strings_column(array))
    found = taken(texts, before)
    if canonical.all():
        assert isinstance(found, np.ndarray)
        assert found.dtype == np.int64
        assert found.tolist() == integers.tolist() == list(map(int, texts))
    else:
        assert isinstance(found, Strings)
        assert [found.text(row) for row in range(len(found))] == texts


@given(st.lists(INTEGERS, min_size=1, max_size=20), st.integers(0, 3))
@settings(deadline=None)
def test_whole_numbers(texts: list[str], before: int) -> None:
    found = taken(texts, before)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == list(map(int, texts))


@pytest.mark.parametrize("text", SINGLE)
@pytest.mark.parametrize("others", [[], ["7"], ["-7", "0"]], ids=str)
def test_one_text_that_is_none_leaves_all_as_texts(text: str, others: list[str]) -> None:
    found = taken([*others, text])
    assert isinstance(found, Strings)
    assert [found.text(row) for row in range(len(found))] == [*others, text]


def test_no_rows() -> None:
    assert isinstance(taken([]), Strings)


def test_the_public_module_does_where_the_private_one_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    array = pa.StringArray.from_buffers(2, pa.py_buffer(np.array([0, 1, 4], dtype=np.int32)), pa.py_buffer(b"7-12"))
    importlib.import_module("pyarrow.compute")
    monkeypatch.setitem(sys.modules, "pyarrow._compute", None)
    found = whole_or_texts(array, strings_column(array))
    assert not isinstance(found, Strings)
    assert found.tolist() == [7, -12]
