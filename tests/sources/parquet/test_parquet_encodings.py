"""Text in every encoding that Parquet has: read alike, as labels, keys, slices and compared columns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import DataError, evaluate

# To add to what Arrow is asked for.
from xentcli.sources.parquet.guard import _AS_DICTIONARIES

P, Y = "p.parquet", "y.parquet"
ROWS = 3000
TABLE = {
    "id": [f"key {at:05}" if at % 2 else f"k{at}" for at in range(ROWS)],
    "fold": [f"s{at % 7}" if at % 5 else None for at in range(ROWS)],
    "y": ["cät" if at % 3 else "dog" for at in range(ROWS)],
    "cät": [0.75] * ROWS,
    "dog": [0.25] * ROWS,
}
TEXTS = ("id", "fold", "y")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(path: str, encoding: str, kind: pa.DataType) -> str:
    arrays = {name: pa.array(values, type=kind if name in TEXTS else None) for name, values in TABLE.items()}
    if encoding == "dictionary":
        pq.write_table(pa.table(arrays), path, row_group_size=1000)
    else:
        columns = dict.fromkeys(TEXTS, encoding)
        options: dict[str, Any] = {"column_encoding": columns, "use_dictionary": False, "row_group_size": 1000}
        pq.write_table(pa.table(arrays), path, data_page_version="2.0", **options)
    return path


def plain(result: Any) -> dict[str, Any]:
    return {key: value for key, value in result.to_dict().items() if key not in {"run", "inputs"}}


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.string_view()], ids=str)
def test_f3_text_in_version_2_of_the_format(encoding: str, kind: pa.DataType) -> None:
    """Such columns cannot be read as dictionaries; the file was called damaged."""
    known = [written(f"known{at}.parquet", "dictionary", pa.string()) for at in (1, 2)]
    written(P, encoding, kind)
    written(Y, encoding, kind)
    two = {"label": ["labels:y"], "by": ["labels:fold"], "pred": ["cät", "dog"]}
    ways: list[tuple[int, dict[str, Any]]] = [
        (1, {"label": ["y"], "by": ["fold"], "pred": ["cät", "dog"]}),
        (2, {**two, "on": ["id"]}),
        (2, two),
    ]
    for inputs, options in ways:
        expected = plain(evaluate(*known[:inputs], **options))
        assert plain(evaluate(*[P, Y][:inputs], **options, jobs=2)) == expected


def test_a_column_that_changes_its_encoding_between_row_groups(tmp_path: Path) -> None:
    """Parts and row groups by other writers: one dictionary, one not."""
    for at, encoding in enumerate(["dictionary", "DELTA_BYTE_ARRAY", "PLAIN"]):
        Path("parts").mkdir(exist_ok=True)
        written(f"parts/{at}.parquet", encoding, pa.string())
    assert evaluate("parts", label=["y"], by=["fold"], pred=["cät", "dog"]).overall.rows == 3 * ROWS
    del tmp_path


def test_what_arrow_cannot_do_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    written(P, "DELTA_BYTE_ARRAY", pa.string())
    # Arrow is asked for what it cannot do, as xent would if an encoding were missing in its list.
    monkeypatch.setattr("xentcli.sources.parquet.guard._AS_DICTIONARIES", {*_AS_DICTIONARIES, "DELTA_BYTE_ARRAY"})
    with pytest.raises(DataError) as raised:
        evaluate(P, label=["y"], pred=["cät", "dog"])
    assert str(raised.value) == (
        "p.parquet: the Parquet file has what is not supported: "
        "DecodeArrow of DictAccumulator for DeltaByteArrayDecoder.\n"
        "  Write it anew with plain or dictionary encoding, compressed by zstd, gzip, snappy or not at all."
    )


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file whose 1,000 bytes stand for a gigabyte, as each text is what the one before was."""
    rows, path = 1000, tmp_path_factory.mktemp("repeated") / P
    long = pa.array(["x" * (1 << 20)] * rows)
    table = pa.table({"z": long, "y": ["a"] * rows, "p_a": [0.5] * rows, "p_b": [0.5] * rows})
    pq.write_table(table, path, column_encoding={"z": "DELTA_BYTE_ARRAY"}, use_dictionary=False, compression="zstd")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("role", ["label", "by", "on"])
def test_a_text_of_a_megabyte_that_every_row_repeats_in_few_bytes(role: str, repeated: Path) -> None:
    Path(P).write_bytes(repeated.read_bytes())
    assert Path(P).stat().st_size < 3000
    options = {
        "label": ["--label", "z", "--pred", "p_a,p_b"],
        "by": ["--label", "y", "--pred", "p_a,p_b", "--by", "z"],
        "on": [P, "--on", "z", "--label", "labels:y", "--pred", "p_a,p_b"],
    }
    if role == "on":
        Path("copy.parquet").write_bytes(Path(P).read_bytes())
        options["on"][0] = "copy.parquet"
    script = "import sys; from pathlib import Path; from xentcli.cli.main import main; code = main(sys.argv[1:]); "
    script += "print(code, Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    command = [sys.executable, "-c", script, "eval", P, *options[role]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    code, memory = map(int, done.stdout.split()[-2:])
    assert code == 2, done.stderr
    assert "defect" not in done.stderr
    assert memory * 1024 < 500 << 20
