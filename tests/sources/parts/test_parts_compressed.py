"""Compressed parts, here and behind URIs: the same figures as from one file of text."""

from __future__ import annotations

import bz2
import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.fs
import pytest
from evaluated import same_everywhere
from remote import s3_store

from xentcli import evaluate

HEADER = b"p_yes,label\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


def rows(count: int) -> list[bytes]:
    rng = random.Random(2)
    return [f"{rng.random():.9f},{rng.choice(['no', 'yes'])}\n".encode() for _ in range(count)]


@pytest.mark.parametrize("ending", PACKED)
def test_compressed_parts_give_the_figures_of_one_file(ending: str, tmp_path: Path) -> None:
    held = rows(5000)
    whole = tmp_path / "whole.csv"
    whole.write_bytes(HEADER + b"".join(held))
    for at, (start, stop) in enumerate([(0, 2000), (2000, 2000), (2000, 5000)]):
        (tmp_path / f"d/day={at}").mkdir(parents=True)
        data = PACKED[ending](HEADER + b"".join(held[start:stop]))
        (tmp_path / f"d/day={at}/part.csv.{ending}").write_bytes(data)
    (tmp_path / f"d/day=2/nothing.csv.{ending}").write_bytes(PACKED[ending](b""))
    expected = same_everywhere(evaluate(whole).to_dict())
    for given in (tmp_path / "d", f"{tmp_path}/d/*/*.csv.{ending}"):
        for threads in (1, 3):
            result = evaluate(given, pred="p_yes", label="label", jobs=threads).to_dict()
            assert same_everywhere(result) == expected


def test_a_compressed_file_behind_a_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = HEADER + b"".join(rows(5000))
    (tmp_path / "whole.csv").write_bytes(data)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with s3_store() as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        store = pyarrow.fs.S3FileSystem(
            endpoint_override=f"127.0.0.1:{port}", scheme="http", region="us-east-1", allow_bucket_creation=True
        )
        store.create_dir("bucket")
        with store.open_output_stream("bucket/whole.csv.gz", compression=None) as out:
            out.write(gzip.compress(data))
        there = evaluate("s3://bucket/whole.csv.gz").to_dict()
    assert same_everywhere(there) == same_everywhere(evaluate(tmp_path / "whole.csv").to_dict())
