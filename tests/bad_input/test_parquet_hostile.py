"""Parquet files made to harm: few bytes that unpack to gigabytes, forged counts, code in metadata."""

from __future__ import annotations

import base64
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from effort import soak_size
from tables import SETTINGS, accepted_files, comparable, figures, parquet, refused_files

from xentcli import DataError, evaluate

P, Y = "p.parquet", "y.parquet"
MEBIBYTE = 1 << 20


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def bomb(text: str, rows: int) -> pa.Array:
    """Return a text that every row repeats: a dictionary of one entry."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array([text]))


def write_bomb(path: str, rows: int, **columns: pa.Array) -> None:
    options = {"compression": "zstd", "dictionary_pagesize_limit": 1 << 30, "store_schema": False}
    pq.write_table(pa.table({"label": pa.array(["cat", "dog"] * (rows // 2)), **columns}), path, **options)


def peak(*arguments: str) -> tuple[int, str, int]:
    """Return the exit code, standard error and the peak memory of a run of its own."""
    script = "import sys; from pathlib import Path; from xentcli.cli.main import main; code = main(sys.argv[1:]); "
    script += "print(code, Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    code, memory = done.stdout.split()[-2:]
    return int(code), done.stderr, int(memory) * 1024


def test_SE8_a_dictionary_bomb_among_labels() -> None:  # noqa: N802  # called by the id of its case
    """Labels are read as dictionaries, so the text is there once; it is longer than a label may be."""
    rows = 8192
    parquet(P, p_dog=pa.array([0.5] * rows))
    write_bomb(Y, rows)
    write_bomb("bomb.parquet", rows, label=bomb("x" * MEBIBYTE, rows))
    assert Path("bomb.parquet").stat().st_size < 3000
    code, message, memory = peak("eval", P, "bomb.parquet", "--positive", "dog")
    problem = "the label has 1,048,576 bytes; labels, keys and values of slices have at most 4,096"
    hint = "Is this the column that is meant? A short name or a hash in the place of each text is as good."
    expected = f"error: bomb.parquet, record 1, column 'label': {problem}\n  {hint}\n"
    assert (code, message) == (2, expected)
    assert memory < 300 * MEBIBYTE


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()], ids=str)
def test_SE8_a_dictionary_bomb_among_compared_columns(kind: pa.DataType) -> None:  # noqa: N802  # called by the id of its case
    rows = 8192
    held = bomb("x" * MEBIBYTE, rows).cast(pa.dictionary(pa.int32(), kind))
    table = pa.table({"id": held, "p_dog": [0.5] * rows})
    pq.write_table(table, P, compression="zstd", dictionary_pagesize_limit=1 << 30, store_schema=False)
    write_bomb(Y, rows, id=held)
    code, message, memory = peak("eval", P, Y, "--label", "label")
    problem = "8,192 of its values have 8,589,934,592 bytes: too much, 536,870,912 are the most at once"
    expected = f"error: {P}, column 'id': {problem}\n  Is this a column of keys?\n"
    assert (code, message) == (2, expected)
    assert memory < 300 * MEBIBYTE


def test_SE8_a_dictionary_that_is_only_large_is_read(monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802  # called by the id of its case
    """What might be a bomb is read as a dictionary, and is the same texts."""
    rows = 1000
    ids = [f"row {at % 500}" for at in range(rows)]
    parquet(P, p_dog=pa.array([0.5] * rows), id=pa.array(ids))
    parquet(Y, label=pa.array(["cat", "dog"] * (rows // 2)), id=pa.array(ids))
    expected = figures(accepted_files(P, Y, label=["label"]))
    monkeypatch.setattr("xentcli.sources.parquet.guard.MOST_TEXT", 1000)
    monkeypatch.setattr("xentcli.sources.parquet.source.MOST_TEXT", 30_000_000)
    assert figures(accepted_files(P, Y, label=["label"])) == expected


@pytest.mark.one_in_three
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary()], ids=str)
def test_SE9_a_text_of_512_MB(kind: pa.DataType) -> None:  # noqa: N802  # called by the id of its case
    size = 72 * MEBIBYTE
    parquet(P, p_dog=pa.array([0.5] * 2))
    for rows in (1, 1000) if kind == pa.string() else (1,):
        texts = ["cat"] * (rows - 1) + ["x" * size]
        table = pa.table({"label": pa.array(texts, type=kind)})
        pq.write_table(table, Y, compression="zstd", use_dictionary=False)
        code, message, memory = peak("eval", P, Y)
        assert code == 2
        assert message.startswith(f"error: {Y}, column 'label': ")
        assert f" bytes of row group 1 unpack to {size:,}"[:-8] in message
        assert memory < 200 * MEBIBYTE


def varint(number: int) -> bytes:
    """Return a number as Thrift's compact protocol writes it."""
    zigzag, out = number << 1, bytearray()
    while zigzag > 127:
        out.append(zigzag & 127 | 128)
        zigzag >>= 7
    return bytes([*out, zigzag])


@pytest.mark.parametrize("forged", [12_344, 12_346, 8192, 1_000_000])
def test_SE10_forged_counts(forged: int) -> None:  # noqa: N802  # called by the id of its case
    """The counts of values in the footer, each alone and all at once, are not believed, and some are never needed."""
    rows = 12_345
    parquet(Y, label=pa.array(["cat", "dog", "dog"] * (rows // 3)))
    pq.write_table(pa.table({"p_dog": np.random.default_rng(0).random(rows)}), P, write_page_checksum=True)
    data, expected = Path(P).read_bytes(), comparable(evaluate(P, Y))
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    true, false = varint(rows), varint(forged)
    assert len(true) == len(false)
    places = [at for at in range(footer, len(data)) if data.startswith(true, at)]
    # Of the file, of values in a page, of its statistics, and of the row group.
    assert len(places) == 4
    refused = []
    for chosen in [[at] for at in places] + [places]:
        raw = bytearray(data)
        for at in chosen:
            raw[at : at + len(true)] = false
        Path(P).write_bytes(raw)
        try:
            found = comparable(evaluate(P, Y))
        except DataError as error:
            assert P in str(error)
            assert re.search(r" (promises|has) [\d,]+ rows, but ", str(error))
            refused.append(chosen)
        else:
            assert found == expected
    few = [[places[3]]] if forged < rows else []
    assert refused == [[places[0]], *few, places]


class Payload:
    """What unpickles to a file in the working folder."""

    def __reduce__(self) -> tuple[Any, ...]:
        return open, ("unpickled", "w")


CODE = pickle.dumps(Payload())


@pytest.mark.parametrize("name", [b"arrow.py_extension_type", b"some.type"])
def test_SE12_a_pickle_in_an_extension_type(name: bytes) -> None:  # noqa: N802  # called by the id of its case
    metadata = {b"ARROW:extension:name": name, b"ARROW:extension:metadata": CODE}
    parquet(P, p_dog=pa.array([0.5, 0.25]))
    parquet(Y, label=pa.array(["cat", "dog"]))
    expected = figures(accepted_files(P, Y))
    for path, column in ((P, "p_dog"), (Y, "label")):
        table = pq.read_table(path)
        schema = pa.schema([table.schema.field(column).with_metadata(metadata)])
        pq.write_table(table.cast(schema), path)
    assert figures(accepted_files(P, Y)) == expected
    assert not Path("unpickled").exists()


@pytest.mark.parametrize("name", ["arrow.json", "arrow.uuid", "arrow.bool8", "arrow.opaque"])
def test_SE12_extension_types_that_arrow_knows(name: str, run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    held = {
        "arrow.json": pa.array(["1", "0"]),
        "arrow.uuid": pa.array([b"0" * 16] * 2, type=pa.binary(16)),
        "arrow.bool8": pa.array([1, 0], type=pa.int8()),
        "arrow.opaque": pa.array([1.0, 0.0]),
    }[name]
    content = json.dumps({"type_name": "t", "vendor_name": "v"}) if name == "arrow.opaque" else ""
    metadata = {"ARROW:extension:name": name, "ARROW:extension:metadata": content}
    schema = pa.schema([pa.field("p_dog", held.type, metadata=metadata)])
    pq.write_table(pa.Table.from_arrays([held], schema=schema), P)
    parquet(Y, label=pa.array(["cat", "dog"]))
    shown = f"extension<{name}" + ("[storage_type=double, type_name=t, vendor_name=v]>" if content else ">")
    message = f"{P}: column 'p_dog' is of type {shown}, not a prediction\n  Predictions are numbers."
    refused_files(run_xent, [P, Y], f"{message}\n  The columns of {P} are 'p_dog'.")


def arrow_schema(*fields: tuple[str, pa.DataType]) -> bytes:
    return base64.b64encode(pa.schema(fields).serialize().to_pybytes())


@pytest.mark.parametrize(
    "metadata",
    [
        {b"pandas": b'{"index_columns": ["x", {"kind": "range"}], "columns": 3}'},
        {b"pandas": CODE},
        {b"pandas": b"\xff" * 100},
        {b"ARROW:schema": b"no base64 at all!"},
        {b"ARROW:schema": base64.b64encode(b"\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x" * 64)},
        {b"ARROW:schema": base64.b64encode(CODE)},
        {b"ARROW:schema": arrow_schema(("p_dog", pa.string()))},
        {b"ARROW:schema": arrow_schema(("p_dog", pa.timestamp("s")))},
        {b"ARROW:schema": arrow_schema(("p_dog", pa.list_(pa.float64())))},
        {b"ARROW:schema": arrow_schema(("x", pa.float64()), ("p_dog", pa.float64()), ("z", pa.float64()))},
        {b"ARROW:schema": arrow_schema(*((f"c{at}", pa.float64()) for at in range(10_000)))},
    ],
)
def test_SE13_hostile_metadata_are_ignored(metadata: dict[bytes, bytes], run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    parquet(Y, label=pa.array(["cat", "dog"]))
    table = pa.table({"p_dog": [0.5, 0.25]})
    pq.write_table(table, P)
    expected = figures(accepted_files(P, Y))
    pq.write_table(table.replace_schema_metadata(metadata), P, store_schema=False)
    for setting in SETTINGS:
        ran = run_xent("eval", P, Y, "-q", "-f", "json", *setting)
        assert (ran.code, ran.stderr) == (0, "")
        assert json.loads(ran.stdout)["overall"] == expected["overall"]
    assert not Path("unpickled").exists()


@pytest.mark.soak
def test_PQ21_one_row_group_of_ten_million_rows() -> None:  # noqa: N802  # called by the id of its case
    rows = soak_size(200_000, 10_000_000)
    rng = np.random.default_rng(0)
    labels = pa.DictionaryArray.from_arrays(
        pa.array(rng.integers(0, 2, rows).astype(np.int32)), pa.array(["cat", "dog"])
    )
    pq.write_table(pa.table({"p_dog": rng.random(rows), "label": labels}), P, row_group_size=rows)
    code, message, memory = peak("eval", P)
    assert (code, message) == (0, "")
    assert memory < 250 * MEBIBYTE
