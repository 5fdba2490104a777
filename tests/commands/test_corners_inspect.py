"""Corners of inspect, of keys and of reading that no plain case comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xentcli.alignment.keys.spelled
import xentcli.commands.inspect.inspect
from xentcli import XentError, evaluate, inspect
from xentcli.alignment.keys.spelled import texts_of
from xentcli.alignment.keys.texts import from_texts
from xentcli.errors import ResourceError
from xentcli.sources.files.raw import LocalFile


def text(folder: Path, name: str, content: str) -> str:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    return str(folder / name)


def test_memory_for_keys_is_not_estimated_where_rows_are_unknown(tmp_path: Path) -> None:
    p = text(tmp_path, "p.csv", "id,p_a,p_b\n1,0.5,0.5\n")
    for part in (0, 1):
        rows = "".join(f"{at * 2 + part},a\n" for at in range(3000))
        text(tmp_path, f"y/{part}.csv", "id,label\n" + rows)
    found = inspect(p, str(tmp_path / "y"), on="id")
    assert found.rules is not None and found.rules.alignment.memory_bytes is None


def test_slices_by_a_key_are_said_on_both_sides(tmp_path: Path) -> None:
    p, y = text(tmp_path, "p.csv", "id,p_a,p_b\n1,0.5,0.5\n"), text(tmp_path, "y.csv", "id,label\n1,a\n")
    found = inspect(p, y, on="id", by="id")
    assert ["slice" in column.also for file in found.files for column in file.columns if column.name == "id"] == [
        True
    ] * 2


def test_one_column_by_index_and_one_row(tmp_path: Path) -> None:
    p = text(tmp_path, "p.csv", "p,label\n0.5,1\n")
    found = inspect(p, label_kind="index")
    assert found.rules is not None and found.rules.positive == "1"
    assert found.inputs is not None and found.inputs.label_kind == "index"


def test_inspect_says_when_memory_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(xentcli.commands.inspect.inspect, "check", fail)
    with pytest.raises(ResourceError, match="not enough memory"):
        inspect(text(tmp_path, "p.csv", "p,label\n0.5,1\n"))


def test_texts_of_keys_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xentcli.alignment.keys.spelled, "key_hashes", lambda keys: np.zeros(len(keys), dtype=np.uint64))
    texts = texts_of(from_texts(["b", "a", "b"]))
    assert [texts.values[code] for code in texts.codes] == ["b", "a", "b"]


def test_a_first_key_that_is_missing_ends_labels_before_a_row_is_held(tmp_path: Path) -> None:
    p, y = text(tmp_path, "p.csv", "id,p_a,p_b\n1,0.5,0.5\n"), text(tmp_path, "y.csv", "id,label\n,a\n1,a\n")
    with pytest.raises(XentError, match=r"record 1 \(line 2\), column 'id': the key is missing"):
        evaluate(p, y, on="id")


def test_json_lines_whose_first_byte_cannot_be_decoded(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_bytes(b'\xff{"p": 0.5, "label": 1}\n')
    with pytest.raises(XentError, match="ascii"):
        evaluate(tmp_path / "p.jsonl", encoding="ascii")


def test_a_file_whose_state_cannot_be_asked_for_at_the_end_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, original, asked = text(tmp_path, "p.csv", "p,label\n0.5,1\n"), LocalFile.stamp, [0]

    def stamp(self: LocalFile) -> tuple[int, int] | None:
        asked[0] += 1
        if asked[0] > 1:
            raise OSError(5, "Input/output error")
        return original(self)

    monkeypatch.setattr(LocalFile, "stamp", stamp)
    with pytest.raises(XentError, match="Input/output error"):
        evaluate(path)
