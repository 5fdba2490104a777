"""Branches that ordinary files do not reach: failures of libraries and of the machine, and odd combinations."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from evaluated import write

import xentcli.sources.csv.source
import xentcli.sources.parquet.source
from xentcli import DataError, UsageError, XentError, evaluate
from xentcli.columns.affixes import affixes
from xentcli.columns.readings import readings
from xentcli.errors import ResourceError
from xentcli.numerics.dyadic import ZERO
from xentcli.numerics.intervals import around
from xentcli.sources.files.input_file import InputFile
from xentcli.state.moments import NO_ROWS
from xentcli.summary.skill import Plain, Prior, Smoothed


def texts(folder: Path, p: str, y: str) -> tuple[str, str]:
    (folder / "p.csv").write_bytes(p.encode("utf-8", "surrogateescape"))
    (folder / "y.csv").write_bytes(y.encode("utf-8", "surrogateescape"))
    return str(folder / "p.csv"), str(folder / "y.csv")


def refusal(*paths: str, **options: Any) -> str:
    """Return the error, which must be the same for every chunking."""
    messages = set()
    for chunk in (1, 2, None):
        with pytest.raises(XentError) as caught:
            evaluate(*paths, chunk_rows=chunk, **options)
        messages.add(str(caught.value))
    (message,) = messages
    return message


def test_no_rows_have_no_figures() -> None:
    assert NO_ROWS.loss_sum() is None
    assert NO_ROWS.mean() is None
    assert NO_ROWS.standard_error() is None
    assert Prior.of(Plain.of([NO_ROWS]), ZERO, ZERO, Smoothed()).entropy is None


def test_an_interval_wider_than_float64_has_no_upper_end_but_infinity() -> None:
    assert around(1.0, 1e300, 2.0) == (0.0, math.inf)


def test_one_name_shares_nothing_and_letters_after_digits_are_a_suffix() -> None:
    assert affixes(["p_cat"]) == []
    assert readings(["id", "0p", "1p"], ["0"]).best.columns == ("0p", "1p")


@pytest.mark.parametrize("kind", ["MemoryError", "ArrowMemoryError"])
def test_memory_that_a_library_cannot_have_is_a_resource_error(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = MemoryError("no") if kind == "MemoryError" else pa.ArrowMemoryError("no")

    def fails(*arguments: Any, **options: Any) -> Any:
        raise error

    csv = texts(tmp_path, "p_b\n0.5\n", "label\nb\n")
    parquet = write(pa.table({"p_b": [0.5]}), str(tmp_path / "p.parquet"))
    with monkeypatch.context() as patch:
        patch.setattr(pyarrow.csv, "read_csv", fails)
        with pytest.raises(ResourceError, match="not enough memory"):
            evaluate(*csv)
    with monkeypatch.context() as patch:
        patch.setattr(pq, "ParquetFile", fails)
        with pytest.raises(ResourceError, match="not enough memory to read"):
            evaluate(parquet, csv[1])

    class Failing:
        def __next__(self) -> Any:
            raise error

    class Opened(pq.ParquetFile):  # type: ignore[misc]  # pyarrow has no types
        def iter_batches(self, *arguments: Any, **options: Any) -> Any:
            return Failing()

    monkeypatch.setattr(pq, "ParquetFile", Opened)
    with pytest.raises(ResourceError, match="not enough memory to read"):
        evaluate(parquet, csv[1])


def test_what_arrow_refuses_and_the_strict_reading_does_not_is_still_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: Any, **options: Any) -> Any:
        raise pa.ArrowInvalid("for a reason of its own")

    paths = texts(tmp_path, "p_b\n0.5\n", "label\nb\n")
    monkeypatch.setattr(pyarrow.csv, "read_csv", fails)
    with pytest.raises(DataError, match="lines from 2: for a reason of its own"):
        evaluate(*paths)


def test_a_footer_that_promises_other_rows_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [
        write(pa.table(table), str(tmp_path / name))
        for name, table in (("p.parquet", {"p_b": [0.5]}), ("y.parquet", {"label": ["b"]}))
    ]
    original = xentcli.sources.parquet.source.ParquetSource.__init__

    def promising(self: Any, file: InputFile, metadata: Any = None) -> None:
        original(self, file, metadata)
        self.rows = 7

    monkeypatch.setattr(xentcli.sources.parquet.source.ParquetSource, "__init__", promising)
    with pytest.raises(DataError, match="its footer promises 7 rows, but 1 could be read"):
        evaluate(*paths)


def test_more_columns_than_we_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [
        write(pa.table({"p_b": [0.5], "p_a": [0.5]}), str(tmp_path / "p.parquet")),
        *texts(tmp_path, "x\n1\n", "label\nb\n")[1:],
    ]
    monkeypatch.setattr(xentcli.sources.parquet.source, "MOST_COLUMNS", 1)
    with pytest.raises(DataError, match="it has more than 1 columns"):
        evaluate(*paths)


def test_the_first_record_of_parquet_may_be_the_bad_one(tmp_path: Path) -> None:
    p = write(pa.table({"p_b": pa.array([None, 0.5])}), str(tmp_path / "p.parquet"))
    y = write(pa.table({"label": ["b", "b"]}), str(tmp_path / "y.parquet"))
    assert "record 1, column 'p_b': the value is missing: it is null" in refusal(p, y)


def test_a_mark_and_nothing_else_is_an_empty_file(tmp_path: Path) -> None:
    paths = texts(tmp_path, "\ufeff", "label\nb\n")
    assert refusal(*paths) == f"{paths[0]}: the file is empty"


def test_headerless_predictions_are_told_before_counts_that_differ(tmp_path: Path) -> None:
    paths = texts(tmp_path, "0.7,0.2\n0.5,0.5\n", "label\nb\na\n")
    assert "the first row looks like data: '0.7', '0.2'" in refusal(*paths)
    paths = texts(tmp_path, "5,3\n0.5,0.5\n", "label\n5\n3\n")
    assert "has 1 row, but" in refusal(*paths)
    paths = texts(tmp_path, "0.7\n0.5\n", "label\n1\n")
    assert "the first row looks like data: '0.7'" in refusal(*paths)


def test_the_other_letter_case_of_the_one_column_is_suggested(tmp_path: Path) -> None:
    paths = texts(tmp_path, "p_cat\n0.5\n0.5\n", "label\nCat\ndog\n")
    assert refusal(*paths) == (
        f"{paths[1]}, record 1 (line 2), column 'label': which class does the prediction column 'p_cat' speak of? The "
        "labels are 'Cat' and 'dog', and its name is neither\n"
        "  In other letter case or without spaces it is 'Cat'.\n"
        "  Try --positive Cat\n"
        "  or  --positive dog"
    )


def test_later_labels_change_no_reading_of_a_file_or_a_pipe(tmp_path: Path) -> None:
    p = "a_1-1_a,a_1-1-_a,a_a_a\n" + "0.2,0.3,0.5\n" * 3
    paths = texts(tmp_path, p, "label\na_a\na_a\na_1-1\n")
    classes = evaluate(*paths).to_dict()["classes"]
    assert evaluate(*paths, chunk_rows=1).to_dict()["classes"] == classes
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(pipe.write_text, p)
        assert evaluate(pipe, paths[1], chunk_rows=1).to_dict()["classes"] == classes
        assert written.result() == len(p)


def test_a_column_of_fractions_is_left_alone_from_then_on(tmp_path: Path) -> None:
    paths = texts(tmp_path, "x,p_b\n0.5,0.5\n0.6,0.5\n0.7,0.5\n", "x,label\n0.1,b\n0.2,b\nz,b\n")
    for chunk in (1, 2, None):
        result = evaluate(*paths, chunk_rows=chunk)
        assert [warning.code for warning in result.warnings] == ["order_unchecked"]


def test_a_bad_weight_to_the_left_comes_before_a_bad_prediction(tmp_path: Path) -> None:
    paths = texts(tmp_path, "id,w,p_b\n1,1,0.5\n2,-1,x\n", "label\nb\nb\n")
    assert "column 'w': the weight is -1.0" in refusal(*paths, weight="w", pred=["p_b"])
    paths = texts(tmp_path, "id,w,label,p_b\n1,1,b,0.5\n2,1,b,x\n", "id\n1\n2\n")
    assert "column 'p_b': 'x' is not a number" in refusal(*paths, weight="w", label="label", pred=["p_b"])


def test_labels_that_are_no_class_end_where_the_file_cannot_be_read(tmp_path: Path) -> None:
    paths = texts(tmp_path, "a,b\n" + "0.5,0.5\n" * 4, "label\nx\ny\n\nz\n")
    told = (
        f"{paths[1]}, record 1 (line 2), column 'label': the label 'x' is not a class; the classes are 'a', 'b'\n"
        "  Is this the label column? See --label, or name the classes with --classes.\n"
        "  3 labels are no class:\n"
        "  'x', first in record 1\n"
        "  'y', first in record 2\n"
        "  'z', first in record 4"
    )
    # One that is missing is another error, and not the first one.
    assert refusal(*paths) == told
    # These are in a block of their own; what cannot be read comes after it.
    rows = 40_000
    paths = texts(tmp_path, "a,b\n" + "0.5,0.5\n" * rows, "label\nx\ny\n" + "a\n" * (rows - 4) + "b,b\nz\n")
    assert refusal(*paths) == told.replace("3 labels", "2 labels").removesuffix("\n  'z', first in record 4")


def test_shared_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    paths = texts(tmp_path, "id,p_b\n\udcff,0.5\n", "id,label\nz,b\n")
    assert "record 1 (line 2), column 'id': '\\xff' is not valid UTF-8" in refusal(*paths)


def test_memory_is_asked_of_the_system_where_linux_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: Any, **options: Any) -> str:
        raise OSError

    monkeypatch.setattr(Path, "read_text", fails)
    paths = texts(tmp_path, "p_b\n0.5\n", "label\nb\n")
    assert (evaluate(*paths).run.peak_memory_bytes or 0) > 1 << 20


def test_usage_errors_are_usage_errors(tmp_path: Path) -> None:
    paths = texts(tmp_path, "a,b\n0.5,0.5\n", "label\n1\n")
    result = evaluate(*paths, classes=["x", "y"], label_kind="index", positive="x")
    assert result.settings.positive == "x"
    with pytest.raises(UsageError, match="--positive is 'z'"):
        evaluate(*paths, label_kind="index", positive="z")
    assert result.overall.loss == math.log(2)


def test_one_label_that_the_column_does_not_speak_of_is_ambiguous(tmp_path: Path) -> None:
    paths = texts(tmp_path, "p_malignant\n0.5\n0.5\n", "label\nbenign\nbenign\n")
    assert refusal(*paths) == (
        f"{paths[1]}, record 1 (line 2), column 'label': which class does the prediction column 'p_malignant' speak "
        "of? The only label is 'benign', and its name is another\n"
        "  Which class does it speak of?\n"
        "  Try --positive malignant\n"
        "  or  --positive benign"
    )
    assert evaluate(*paths, positive="malignant").inputs.classes == ("benign", "malignant")


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(self: Path, *arguments: Any, **options: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(DataError, match=r"p\.csv: no permission to read it"):
        evaluate("p.csv", "y.csv")


def test_rows_held_for_a_chunk_are_looked_at_before_the_record_that_cannot_be_read(tmp_path: Path) -> None:
    p = "p_a,p_b\n0.3,0.75\n0.5,0.5\n7,0.5\n0.5,0.5\n"
    paths = texts(tmp_path, p, "label\na\nb\nb,b\na\n")
    for chunk in (1, 2, 3, 4, None):
        with pytest.raises(DataError, match=r"record 1 \(line 2\): the probabilities sum to 1\.05"):
            evaluate(*paths, chunk_rows=chunk)


def test_a_class_that_a_label_names_is_not_offered_to_be_left_out(tmp_path: Path) -> None:
    paths = texts(tmp_path, "a,b\n0.5,0.5\n0.5,x\n", "label\na\nb\n")
    assert refusal(*paths) == (
        f"{paths[0]}, record 2 (line 3), column 'b': 'x' is not a number\n"
        "  The column is read as numbers; --pred says which columns are predictions."
    )
    paths = texts(tmp_path, "a,b,c\n0.5,0.5,x\n0.5,0.5,y\n", "label\na\nb\n")
    assert refusal(*paths) == (
        f"{paths[0]}, record 1 (line 2), column 'c': 'x' is not a number\n"
        "  Other columns sum to 1 in every row.\n"
        "  Try --pred a,b"
    )
