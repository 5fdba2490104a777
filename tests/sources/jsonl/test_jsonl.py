"""JSON Lines: columns by the first record, the quick and the slow reading alike, blocks that end with lines."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from effort import examples
from held import column, opened, pieces, plain, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from xentcli import DataError, evaluate
from xentcli.errors import ResourceError
from xentcli.sources.base import ColumnKind, Piece, Role
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.jsonl import explain as jsonl_explain
from xentcli.sources.jsonl import quick as jsonl_quick
from xentcli.sources.jsonl import source as jsonl
from xentcli.sources.jsonl.lines import LineReader
from xentcli.sources.jsonl.record import Field, fields_of

NOT_WHOLE = "not a whole number up to 2^53\n  Keys are text, whole numbers, booleans or dates."
KEY_HINT = "\n  Give every row a key, or leave the row out."


def lines(folder: Path, *texts: str) -> Path:
    path = folder / "c.jsonl"
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


def values(folder: Path, *texts: str) -> Path:
    return lines(folder, *(f'{{"c": {text}}}' if text else '{"d": 0}' for text in texts))


@pytest.mark.parametrize("ending", ["jsonl", "ndjson", "JSONL"])
def test_columns_are_the_fields_of_the_first_record(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"c.{ending}"
    first = (
        '{"t": "x", "i": -3, "f": 1e0, "n": NaN, "b": false, "l": [1, null], "o": {}, "m": [[1]], "z": null, "e": []}'
    )
    path.write_text(first + '\n{"z": null}\n{"z": 4, "new": 5}\n')
    with opened(path) as source:
        assert (source.format, source.headerless, source.rows) == ("jsonl", False, None)
        assert {found.name: (str(found.kind), found.type_name) for found in source.columns} == {
            "t": ("text", "text"),
            "i": ("integer", "integer"),
            "f": ("float", "number"),
            "n": ("float", "number"),
            "b": ("boolean", "boolean"),
            "l": ("list", "list of numbers"),
            "o": ("other", "object"),
            "m": ("other", "list"),
            "z": ("integer", "integer"),
            "e": ("list", "list of numbers"),
        }
        assert [source.width_of(name) for name in "tle"] == [1, 2, 0]
        assert source.locate(6) == (str(path), 7, 7)
        assert source.width_of("z") == 1


@pytest.mark.parametrize("rest", ["", '{"c": null, "d": 1}\n', '{"c"\n{"c": 5}\n'])
def test_a_field_without_a_value_is_text(rest: str, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"c": null}\n' + rest)
    with opened(path) as source:
        assert (source.columns[0].kind, source.columns[0].type_name) == (ColumnKind.TEXT, "null")


BIG = 2**63
TYPED: list[tuple[list[str], list[Any], list[Any]]] = [
    # as they are written; as keys; as texts with gaps
    (['"b"', '""', '"a"', '"ä漢"'], ["b", "", "a", "ä漢"], ["b", "", "a", "ä漢"]),
    (["3", "-7", "-0", str(BIG - 1)], [3, -7, 0, BIG - 1], ["3", "-7", "0", str(BIG - 1)]),
    (["3", str(BIG)], ["3", str(BIG)], ["3", str(BIG)]),
    (["3", str(-BIG - 1)], ["3", str(-BIG - 1)], ["3", str(-BIG - 1)]),
    (["3", "1" * 4096], ["3", "1" * 4096], ["3", "1" * 4096]),
    (["3.0", "-4e0", "25e-1"[:2]], [3, -4, 25], ["3", "-4", "25"]),
    (["3.0", str(2**53 + 1), "4"], [3, 2**53 + 1, 4], ["3", str(2**53 + 1), "4"]),
    (["true", "false"], ["true", "false"], ["true", "false"]),
    (["true", '"false"', "1"], ["true", "false", "1"], ["true", "false", "1"]),
    (["1", '"1"', '"01"'], ["1", "1", "01"], ["1", "1", "01"]),
    (['"1"', "1", "9007199254740992.0"], ["1", "1", str(2**53)], ["1", "1", str(2**53)]),
]


@pytest.mark.parametrize(("written", "keys", "texts"), TYPED)
def test_keys_and_texts(written: list[str], keys: list[Any], texts: list[Any], tmp_path: Path) -> None:
    path = values(tmp_path, *written)
    assert column(path, "c", Role.KEY) == keys
    assert column(path, "c", Role.NULLABLE) == texts
    path = values(tmp_path, *written, "null", "")
    assert column(path, "c", Role.NULLABLE) == [*texts, None, None]
    after = len(written) + 1
    place = f", record {after} (line {after}), column 'c': the"
    assert refusal(path, "c", Role.KEY) == f"{place} key is missing: it is null{KEY_HINT}"
    assert refusal(path, "c", Role.ORDER).startswith(f"{place} value is missing: it is null")
    path = values(tmp_path, *written, "")
    assert refusal(path, "c", Role.KEY) == f"{place} key is missing: the record has no such field{KEY_HINT}"


def test_order_columns_keep_fractions_as_they_are_written(tmp_path: Path) -> None:
    assert column(values(tmp_path, "1", "2"), "c", Role.ORDER) == [1, 2]
    assert column(values(tmp_path, "1", "1.50", "2e3"), "c", Role.ORDER) == ["1", "1.50", "2e3"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0.5", f"the key is 0.5, {NOT_WHOLE}"),
        ("-0.0", f"the key is -0.0, {NOT_WHOLE}"),
        ("1e400", f"the key is 1e400, {NOT_WHOLE}"),
        ("NaN", f"the key is missing: it is NaN{KEY_HINT}"),
        ("-Infinity", f"the key is -Infinity, {NOT_WHOLE}"),
        (
            "[1]",
            "the key is a list, not a text or a number\n  Write the value itself, without a list or an object "
            "around it.",
        ),
    ],
)
def test_values_that_are_no_keys(text: str, problem: str, tmp_path: Path) -> None:
    for first in ("1.0", "1", '"1"', "true"):
        path = values(tmp_path, first, text)
        assert refusal(path, "c", Role.KEY) == f", record 2 (line 2), column 'c': {problem}"


@pytest.mark.parametrize(("text", "kind"), [("{}", "object"), ('["a"]', "list"), ("[1]", "list of numbers")])
@pytest.mark.parametrize("role", [Role.LABEL, Role.KEY, Role.ORDER, Role.NULLABLE])
def test_what_cannot_be_text_is_refused_at_once(text: str, kind: str, role: Role, tmp_path: Path) -> None:
    assert f"column 'c' is of type {kind}\n" in refusal(values(tmp_path, text), "c", role)


def same(left: Piece, right: Piece) -> bool:
    names = [*left.numbers, *left.labels, *left.order]
    mine, yours = ({**piece.numbers, **piece.labels, **piece.order} for piece in (left, right))
    return left.rows == right.rows and all(repr(plain(mine[name])) == repr(plain(yours[name])) for name in names)


WANTED = {"p": Role.NUMBER, "s": Role.SCORE, "l": Role.NUMBER, "y": Role.LABEL, "g": Role.NULLABLE, "k": Role.KEY}
NUMBER = st.sampled_from(
    ["0", "1", "0.5", "-0.0", "1e-3", "1E+2", "1e400", "1e-400", "null", "NaN", '"0.5"', "true", "[]"]
)
TEXT = st.sampled_from(['"a"', '"b"', '""', '"\\u00e9"', '"\\ud800"', "1", "1.0", "null", "false", "0.5", "{}", "[1]"])
RECORD = st.tuples(
    NUMBER,
    st.one_of(NUMBER, st.sampled_from(["-Infinity", "-Inf", "Infinity"])),
    st.one_of(st.just("[0.5, 1]"), st.lists(NUMBER, max_size=3).map(lambda held: f"[{', '.join(held)}]")),
    TEXT,
    TEXT,
    st.sampled_from(["1", "-0", "2.0", '"1"', str(BIG), "0.5", "null"]),
)
FIRST = b'{"p": 0.5, "s": -1, "l": [1, 0], "y": "a", "g": "b", "k": 1}'


def alike(data: bytes, fields: dict[str, Field]) -> bool:
    """Say whether a block was trusted to the quick reading, after asserting that the slow one reads the same."""
    quick = jsonl_quick.read_quickly(data, WANTED, fields)
    slow, problem = jsonl_explain.read_slowly(data, WANTED, fields)
    if quick is None:
        return False
    assert problem is None, problem
    assert not len(slow.snapped)
    assert same(quick, slow)
    return True


@given(st.lists(RECORD, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", " \n", "\n\n", ""]))
@settings(max_examples=examples(400), deadline=None)
def test_what_is_read_quickly_is_what_is_written(records: list[tuple[str, ...]], end: str) -> None:
    fields = fields_of([FIRST])
    rows = ["{" + ", ".join(f'"{n}": {v}' for n, v in zip("pslygk", row, strict=True)) + "}" for row in records]
    alike((end.join([FIRST.decode(), *rows]) + "\n").encode(), fields)


def test_damaged_text_is_never_trusted_more_than_it_should_be() -> None:
    rng = random.Random(0)
    fields = fields_of([FIRST])
    parts = [b"{", b"}", b",", b'"', b"\n", b"\r", b"\\", b" ", b"0", b"e", b"-", b"\xff", b"null", b"NaN", b"1e-400"]
    parts += [b'"p": 0.25, ', b"}\n{", b"} {", b"\xef\xbb\xbf", b"\0", b"[", b"]", b":", b"."]
    good = b"\n".join([FIRST] * 3) + b"\n"
    trusted = 0
    for _ in range(4000):
        raw = bytearray(good)
        for _ in range(rng.choice([1, 1, 2])):
            at = rng.randrange(len(raw) - 1)
            raw[at : at + rng.choice([0, 0, 1, 3])] = rng.choice(parts)
        if raw.rstrip() and raw.endswith(b"\n"):
            trusted += alike(bytes(raw), fields)
    assert trusted > 50
    assert alike(good, fields)


ROWS = [{"p": (at % 10) / 10, "y": "cat" if at % 3 else "dog", "pad": "x" * (at % 97)} for at in range(3000)]


def test_blocks_of_any_size_are_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lines(tmp_path, *(json.dumps(row) for row in ROWS))
    for size in (1, 5000, 7919, 1 << 20):
        monkeypatch.setattr(jsonl, "LineReader", lambda file, size=size: LineReader(file, size))
        with opened(path) as source:
            held = list(pieces(source, {"p": Role.NUMBER, "y": Role.LABEL}))
            assert source.rows == len(ROWS)
            assert source.position() == (path.stat().st_size, path.stat().st_size)
        assert (len(held) > 10) == (size < 10_000)
        assert np.concatenate([piece.numbers["p"] for piece in held]).tolist() == [row["p"] for row in ROWS]
        assert [text for piece in held for text in plain(piece.labels["y"])] == [row["y"] for row in ROWS]


@given(st.lists(st.sampled_from(["{}", '{"a": "\\n"}', "", " ", "\r"]), max_size=40), st.integers(1, 60))
@settings(max_examples=examples(200), deadline=None)
def test_blocks_hold_whole_lines(tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int) -> None:
    path = tmp_path_factory.mktemp("lines") / "c.jsonl"
    content = "\n".join([*texts, "{}"]).encode()
    path.write_bytes(content)
    file = InputFile(str(path), 0)
    reader = LineReader(file, size)
    reader.carry, start = bytearray(), file.head
    file.handle.seek(0)
    assert start == content[: len(start)]
    blocks = [block.data for block in reader.blocks()]
    file.close()
    assert b"".join(blocks) == content.rstrip(b" \t\r\n") + b"\n"
    assert all(block.endswith(b"\n") for block in blocks)


def test_an_error_comes_after_the_good_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = [json.dumps(row) for row in ROWS[:2500]]
    path = lines(tmp_path, *good, '{"p": 0.25, "y": null, "pad": ""}', "{")
    read = 0
    monkeypatch.setattr(jsonl, "LineReader", lambda file: LineReader(file, 5000))
    with opened(path) as source, pytest.raises(DataError) as caught:
        for piece in pieces(source, {"p": Role.NUMBER, "y": Role.LABEL}):
            read += piece.rows
    assert (read, caught.value.record, caught.value.line, caught.value.order) == (2500, 2501, 2501, (2500, 0, 1))
    partial = caught.value.partial
    assert isinstance(partial, Piece)
    assert partial.numbers["p"].tolist() == [0.25]


def test_an_error_in_the_first_wanted_field_leaves_nothing_before_it(tmp_path: Path) -> None:
    path = lines(tmp_path, '{"p": 0.25}', '{"p": 1e-400}', '{"p": null}')
    with opened(path) as source, pytest.raises(DataError) as caught:
        for piece in pieces(source, {"p": Role.NUMBER}):
            assert piece.snapped.tolist() == [1]
    assert caught.value.partial is None


def test_no_memory_and_changed_files_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lines(tmp_path, *(json.dumps({**row, "y": row["y"]}) for row in ROWS))
    with opened(path) as source, pytest.raises(DataError, match="changed while it was read"):
        for _ in pieces(source, {"p": Role.NUMBER}):
            path.write_text("{}\n")

    def fail(*_: Any) -> None:
        raise MemoryError

    path = lines(tmp_path, '{"p": 0.25}')
    monkeypatch.setattr(jsonl, "read_quickly", fail)
    with opened(path) as source, pytest.raises(ResourceError, match="not enough memory"):
        list(pieces(source, {"p": Role.NUMBER}))


def test_too_many_fields_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MOST_COLUMNS", 2)
    path = lines(tmp_path, '{"a": 1, "b": 2, "c": 3}')
    with (
        pytest.raises(DataError, match="it has more than 2 fields\n  Was the table transposed"),
        opened(path),
    ):
        pass


def test_a_first_line_longer_than_a_block(tmp_path: Path) -> None:
    path = lines(tmp_path, json.dumps({"t": "x" * 9_000_000, "p": 0.5}), '{"p": 0.25}')
    assert column(path, "p", Role.NUMBER) == [0.5, 0.25]


def test_labels_in_a_file_of_their_own(tmp_path: Path) -> None:
    left = lines(tmp_path, *(json.dumps({"id": at, "p_dog": row["p"]}) for at, row in enumerate(ROWS)))
    right = tmp_path / "y.csv"
    right.write_text("id,label\n" + "".join(f"{at},{row['y']}\n" for at, row in enumerate(ROWS)))
    assert evaluate(left, right, label="label").overall.rows == len(ROWS)
    right.write_text("id,label\n" + "".join(f"{at + (at > 9)},{row['y']}\n" for at, row in enumerate(ROWS)))
    with pytest.raises(DataError, match=r"record 11 .line 11., column 'id': the rows are not in the same order"):
        evaluate(left, right, label="label")


def test_a_null_in_the_place_of_a_record_never_reaches_arrow() -> None:
    """It ends the process there: a segmentation fault in pyarrow 26."""
    fields = fields_of([FIRST])
    for data in (
        b"null\n",
        b"null\n" + FIRST + b"\n",
        b"null" + FIRST + b"\n",
        FIRST + b"\nnull\n",
        FIRST + b" null\n",
    ):
        assert jsonl_quick.read_quickly(data, WANTED, fields) is None


def test_blank_lines_and_long_lines_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LineReader", lambda file: LineReader(file, 1))
    monkeypatch.setattr("xentcli.sources.jsonl.lines.LONGEST_RECORD", 6000)
    rows = ['{"p": 0.25}', json.dumps({"pad": "x" * 5900, "p": 0.5}), json.dumps({"pad": "x" * 5900, "p": 0.75})]
    path = lines(tmp_path, *rows, *[""] * 5000)
    assert column(path, "p", Role.NUMBER) == [0.25, 0.5, 0.75]
    path = lines(tmp_path, *rows, *[""] * 7000)
    with pytest.raises(DataError, match=r"record 4 .line 4.: there are 0 MiB of blank lines"):
        column(path, "p", Role.NUMBER)
