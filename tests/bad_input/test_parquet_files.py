"""Parquet files that are damaged, of another kind or oddly laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from effort import soak_size
from tables import SETTINGS, accepted_files, comparable, figures, parquet, refused_files, write

from xentcli import DataError, evaluate

TRANSPOSED = "Was the table transposed, or has it another delimiter? Rows are cases, columns are classes."
P, Y = "p.parquet", "y.parquet"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def good(rows: int = 300) -> bytes:
    rng = np.random.default_rng(0)
    parquet(Y, label=pa.array(np.array(["cat", "dog"])[rng.integers(0, 2, rows)].tolist()))
    pq.write_table(pa.table({"p_dog": rng.random(rows)}), P, write_page_checksum=True)
    return Path(P).read_bytes()


def told(run_xent: RunXent, *arguments: str) -> str:
    """Return the error of a run, the same in every setting, without a word on standard output."""
    found = {(ran.code, ran.stdout, ran.stderr) for ran in (run_xent("eval", *arguments, *s) for s in SETTINGS)}
    ((code, out, message),) = found
    assert (code, out) == (2, "")
    assert message.startswith("error: ")
    assert "Traceback" not in message
    return message


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        pytest.param(lambda data: data[:-1], "the Parquet file cannot be read: ", id="PQ5-last-byte-cut"),
        pytest.param(lambda data: data[: len(data) // 2], "the Parquet file cannot be read: ", id="PQ5-tail-cut"),
        pytest.param(lambda data: data[:1000] + data[1400:], "the Parquet file cannot be read: ", id="PQ5-middle-cut"),
        pytest.param(lambda data: data[:4], "the Parquet file cannot be read: ", id="PQ5-magic-alone"),
        pytest.param(lambda data: data[:-8] + b"\0\0\0\0PAR1", "the Parquet file cannot be read: ", id="PQ5-footer-0"),
        pytest.param(
            lambda data: data[:-8] + b"\xff\xff\xff\x7fPAR1", "the Parquet file cannot be read: ", id="PQ5-footer-2GB"
        ),
        pytest.param(lambda data: b"\n" + data, "", id="PQ5-leading-byte"),
        pytest.param(lambda data: data + b"\n", "the Parquet file cannot be read: ", id="PQ5-trailing-newline"),
        pytest.param(lambda data: b"PARE" + data[4:-4] + b"PARE", "encrypted", id="PQ6-PARE"),
        pytest.param(lambda data: b"PAR1" + data[4:-4] + b"PARE", "encrypted", id="PQ6-PARE-at-the-end"),
        pytest.param(lambda data: b"p_dog\n0.5\n", "the name says Parquet", id="PQ7-csv-named-parquet"),
    ],
)
def test_damage_is_an_error_that_names_the_file(damage: Any, problem: str, run_xent: RunXent) -> None:
    write(P, damage(good()))
    message = told(run_xent, P, Y)
    assert message.startswith(f"error: {P}: ")
    assert problem in message


@pytest.mark.parametrize("column", ["p_dog", "id", "label", "other"])
def test_PQ6_encrypted_columns(column: str, run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    """A footer that everybody can read, over columns that nobody can without a key; asked of them it ends a process."""
    encryption = pytest.importorskip("pyarrow.parquet.encryption")

    class Vault(encryption.KmsClient):  # type: ignore[misc, name-defined]  # pyarrow has no types
        def __init__(self, _: Any) -> None:
            encryption.KmsClient.__init__(self)

        def wrap_key(self, key: bytes, _: str) -> bytes:
            return key.hex().encode()

        def unwrap_key(self, key: bytes, _: str) -> bytes:
            return bytes.fromhex(key.decode())

    good()
    configuration = encryption.EncryptionConfiguration(
        footer_key="footer", column_keys={"column": [column]}, plaintext_footer=True
    )
    factory = encryption.CryptoFactory(Vault)
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), configuration)
    table = pa.table({"p_dog": [0.5] * 300, "id": ["x"] * 300, "label": ["cat", "dog"] * 150, "other": ["x"] * 300})
    with pq.ParquetWriter(P, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    hint = "\n  Write it without encryption."
    by = ["--by", "id"] if column == "id" else []
    ran = run_xent("eval", P, "--label", "label", "--pred", "p_dog", *by)
    if column == "other":
        assert (ran.code, ran.stderr) == (0, "")  # nothing uses it
    else:
        message = f"error: {P}: the Parquet file is encrypted, which is not read{hint}\n"
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", message)


def test_PQ7_other_formats_under_the_wrong_name(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    data = good()
    with pa.OSFile("q.parquet", "wb") as sink, pa.ipc.new_file(sink, pa.schema([("p_dog", pa.float64())])) as writer:
        writer.write_table(pa.table({"p_dog": [0.5]}))
    assert "the content is Arrow IPC" in told(run_xent, "q.parquet", Y)
    write("q.csv", data)
    assert "the content is Parquet" in told(run_xent, "q.csv", Y)


def test_PQ9_no_rows_and_no_columns(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    good()
    parquet(P, p_dog=pa.array([], type=pa.float64()))
    refused_files(run_xent, [P, Y], f"{P}: the file has no rows")
    pq.write_table(pa.table({}), P)
    assert told(run_xent, P, Y).startswith(f"error: {P}: no column is left to be a prediction")


def flipped(data: bytes, bits: list[int]) -> list[int]:
    """Return which single-bit flips change the result without an error."""
    write(P, data)
    expected = comparable(evaluate(P, Y))
    silent = []
    for bit in bits:
        raw = bytearray(data)
        raw[bit // 8] ^= 1 << (bit % 8)
        write(P, bytes(raw))
        try:
            if comparable(evaluate(P, Y, jobs=1)) != expected:
                silent.append(bit)
        except DataError as error:
            assert P in str(error) or Y in str(error)  # most flips raise, some do not
    return silent


def mixed(rows: int = 400) -> bytes:
    """Return a Parquet file with numbers, texts and keys; its labels are in a file of their own, too."""
    rng = np.random.default_rng(1)
    labels = np.array(["cat", "dog"])[rng.integers(0, 2, rows)].tolist()
    parquet(Y, label=pa.array(labels), id=pa.array(list(range(rows))))
    table = pa.table({"p_dog": rng.random(rows), "id": pa.array(list(range(rows)))})
    pq.write_table(table, P, write_page_checksum=True, row_group_size=150)
    return Path(P).read_bytes()


def test_PQ8_flipped_bits() -> None:  # noqa: N802  # called by the id of its case
    data = mixed()
    bits = np.random.default_rng(2).integers(0, 8 * len(data), 40).tolist()
    assert flipped(data, bits) == []


@pytest.mark.soak
def test_PQ8_many_flipped_bits() -> None:  # noqa: N802  # called by the id of its case
    """What no checksum covers is the footer: a flip there may rename a column that is not used, and no more."""
    data = mixed()
    bits = np.random.default_rng(3).integers(0, 8 * len(data), soak_size(60, 600)).tolist()
    assert flipped(data, bits) == []


def test_PQ20_many_columns(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802  # called by the id of its case
    good(3)
    parquet(P, **{f"c{at}": pa.array([0.0, 0.0, 0.0]) for at in range(300)}, p_dog=pa.array([0.25, 0.5, 0.75]))
    assert accepted_files(P, Y, pred=["p_dog"]).overall.rows == 3
    monkeypatch.setattr("xentcli.sources.parquet.source.MOST_COLUMNS", 300)
    refused_files(run_xent, [P, Y], f"{P}: it has more than 300 columns\n  {TRANSPOSED}")


def test_PQ20_a_row_group_for_every_row() -> None:  # noqa: N802  # called by the id of its case
    rows = 500
    good(rows)
    expected = figures(accepted_files(P, Y))
    table, labels = pq.read_table(P), pq.read_table(Y)
    pq.write_table(table, P, row_group_size=1)
    pq.write_table(labels, Y, row_group_size=1)
    found = evaluate(P, Y)
    assert figures(found)["overall"] == expected["overall"]
    assert figures(found)["classes"] == expected["classes"]


@pytest.mark.soak
def test_PQ20_a_hundred_thousand_columns_and_twenty_thousand_groups() -> None:  # noqa: N802  # called by the id of its case
    good(3)
    parquet(
        P,
        **{f"c{at}": pa.array([0.0] * 3) for at in range(soak_size(20_000, 100_000))},
        p_dog=pa.array([0.25, 0.5, 0.75]),
    )
    assert evaluate(P, Y, pred=["p_dog"]).overall.rows == 3
    groups = soak_size(4_000, 20_000)
    good(groups)
    pq.write_table(pq.read_table(P), P, row_group_size=1)
    assert evaluate(P, Y).overall.rows == groups
