"""Keys that are nearly whole numbers, and errors of both inputs, on one thread and on several, whatever the chunks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluated import same_everywhere
from forms import write_form

from xentcli import evaluate
from xentcli.errors import DataError

FORMATS = ["csv", "jsonl", "parquet"]
ROUTES = [(chunk, threads) for chunk in (None, 1, 3) for threads in (1, 2)]
LOW, HIGH = -(2**63), 2**63 - 1
WHOLE = ["7", "-7", "0", "10", "70", "-70", str(HIGH), str(LOW), "8", "99999999", "100000000"]
NEARLY = ["07", "+7", " 7", "7 ", "-0", "007", "-07", "7.0", "7e0", "0x7", "0xFFFFFFFF", "4294967295", "--7", "-"]
NEARLY += [str(HIGH + 1), str(LOW - 1), "9" * 20, "-" + "9" * 19, "٧"]


def written(folder: Path, form: str, keys: list[Any], shuffled: list[int]) -> list[str]:
    """Write predictions by key, and their labels in another order; return both paths."""
    p = [(at + 1) / (len(keys) + 1) for at in range(len(keys))]
    y = [at % 2 for at in range(len(keys))]
    predictions: dict[str, list[Any]] = {"id": keys, "p": p}
    labels: dict[str, list[Any]] = {"id": [keys[at] for at in shuffled], "y": [y[at] for at in shuffled]}
    return [write_form(predictions, str(folder / f"p.{form}")), write_form(labels, str(folder / f"y.{form}"))]


def shuffle(rows: int, seed: int = 0) -> list[int]:
    return [int(at) for at in np.random.default_rng(seed).permutation(rows)]


def plain(folder: Path, rows: int) -> dict[str, Any]:
    """Return the figures of the same rows in one file."""
    table: dict[str, Any] = {"p": [(at + 1) / (rows + 1) for at in range(rows)], "y": [at % 2 for at in range(rows)]}
    return figures(evaluate(write_form(table, str(folder / "both.csv")), label="y", pred="p").to_dict())


def figures(result: dict[str, Any]) -> dict[str, Any]:
    kept = same_everywhere(result)
    return {name: kept[name] for name in ("overall", "classes") if name in kept}


def without_counts(kept: dict[str, Any]) -> dict[str, Any]:
    overall = {name: value for name, value in kept["overall"].items() if not name.startswith("unmatched")}
    return {**kept, "overall": overall}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("keys", [WHOLE, NEARLY, WHOLE + NEARLY], ids=["whole", "nearly", "both"])
def test_texts_that_are_nearly_whole_numbers_are_keys_of_their_own(form: str, keys: list[str], tmp_path: Path) -> None:
    paths = written(tmp_path, form, keys, shuffle(len(keys)))
    expected = without_counts(plain(tmp_path, len(keys)))
    prints = set()
    for chunk, threads in ROUTES:
        found = evaluate(*paths, on="id", label="y", pred="p", chunk_rows=chunk, jobs=threads)
        assert without_counts(figures(found.to_dict())) == expected, (chunk, threads)
        prints.add(found.inputs.rows_fingerprint)
    assert len(prints) == 1


@pytest.mark.parametrize("mine", FORMATS)
@pytest.mark.parametrize("yours", FORMATS)
def test_whole_numbers_are_the_same_keys_in_every_format(mine: str, yours: str, tmp_path: Path) -> None:
    keys = [int(key) for key in WHOLE]
    paths = [
        written(tmp_path, mine, keys, shuffle(len(keys)))[0],
        written(tmp_path, yours, WHOLE if yours == "csv" else keys, shuffle(len(keys)))[1],
    ]
    expected = without_counts(plain(tmp_path, len(keys)))
    for chunk, threads in ROUTES:
        found = evaluate(*paths, on="id", label="y", pred="p", chunk_rows=chunk, jobs=threads).to_dict()
        assert without_counts(figures(found)) == expected


@pytest.mark.parametrize("odd", ["007", "x", str(HIGH + 1)])
@pytest.mark.parametrize("side", [0, 1])
def test_blocks_of_whole_numbers_and_blocks_of_texts(odd: str, side: int, tmp_path: Path) -> None:
    """A column is numbers in one block and texts in the next, where one text is no number; in either file."""
    rows = 6_000
    keys = [str(at) for at in range(rows)]
    # Whichever file is cut into blocks, the odd key is in its last one, and in no block of the other's alone.
    keys[-1] = odd
    order = [*shuffle(rows - 1), rows - 1]
    paths = written(tmp_path, "csv", keys, order if side else shuffle(rows))
    lines = Path(paths[side]).read_text(encoding="utf-8").splitlines()
    filler = "f" * 900
    Path(paths[side]).write_text(
        "\n".join(f"{line},{filler if at else 'filler'}" for at, line in enumerate(lines)) + "\n", encoding="utf-8"
    )
    expected = without_counts(plain(tmp_path, rows))
    for threads in (1, 2):
        found = evaluate(*paths, on="id", label="y", pred="p", jobs=threads).to_dict()
        assert without_counts(figures(found)) == expected


BAD_PREDICTIONS = {
    "a cell": ["1,x", "2,0.5", "3,0.5"],
    "an empty key": [",0.5", "2,0.5", "3,0.5"],
    "a duplicate": ["1,0.5", "1,0.5", "3,0.5"],
    "a value": ["1,1.5", "2,0.5", "3,0.5"],
    "fields": ["1", "2,0.5", "3,0.5"],
}
BAD_LABELS = {
    "an empty key": (["3,1", "2,0", ",1"], "record 3 (line 4), column 'id': the key is missing"),
    "a duplicate": (["3,1", "2,0", "2,1"], "record 3 (line 4), column 'id': the key '2' is also in record 2"),
    "fields": (["3,1", "2,0", "1"], "record 3"),
    "a label": (["3,1", "2,0", "1,9"], "record 3 (line 4), column 'y'"),
}


def error_of_every_route(p: Path, y: Path) -> str:
    """Return what all routes say is wrong."""
    messages = set()
    for chunk, threads in ROUTES:
        with pytest.raises(DataError) as caught:
            evaluate(p, y, on="id", label="y", pred="p", chunk_rows=chunk, jobs=threads)
        messages.add(str(caught.value))
    (message,) = messages
    return message


@pytest.mark.parametrize("mine", BAD_PREDICTIONS)
@pytest.mark.parametrize("yours", BAD_LABELS)
def test_what_is_wrong_with_labels_comes_first(mine: str, yours: str, tmp_path: Path) -> None:
    p, y = tmp_path / "p.csv", tmp_path / "y.csv"
    p.write_text("\n".join(["id,p", *BAD_PREDICTIONS[mine]]) + "\n", encoding="utf-8")
    lines, problem = BAD_LABELS[yours]
    y.write_text("\n".join(["id,y", *lines]) + "\n", encoding="utf-8")
    assert f"{y}, {problem}" in error_of_every_route(p, y)


@pytest.mark.parametrize("mine", BAD_PREDICTIONS)
def test_what_is_wrong_with_predictions_is_the_same_on_every_route(mine: str, tmp_path: Path) -> None:
    p, y = tmp_path / "p.csv", tmp_path / "y.csv"
    good = [f"{at},0.5" for at in range(4, 24)]
    y.write_text("\n".join(["id,y", *(f"{at},{at % 2}" for at in range(24, 0, -1))]) + "\n", encoding="utf-8")
    p.write_text("\n".join(["id,p", *good, *BAD_PREDICTIONS[mine]]) + "\n", encoding="utf-8")
    assert f"{p}, record 2" in error_of_every_route(p, y)


@pytest.mark.parametrize("form", FORMATS)
def test_of_two_duplicates_in_predictions_the_first_is_named(form: str, tmp_path: Path) -> None:
    keys = [*range(12), 3, 12, 5]
    p = write_form({"id": keys, "p": [0.5] * len(keys)}, str(tmp_path / f"p.{form}"))
    y = write_form({"id": [*range(12, -1, -1)], "y": [at % 2 for at in range(13)]}, str(tmp_path / f"y.{form}"))
    for chunk, threads in ROUTES:
        with pytest.raises(DataError, match=r"record 13.*the key '3' is also in record 4"):
            evaluate(p, y, on="id", label="y", pred="p", chunk_rows=chunk, jobs=threads)
