"""Rows aligned by key: keys that are missing, twice, on one side only, or of a type that is no key.

AL1 to AL3 and AL10, rows aligned by their order, are in test_row_order.py; AL9 is in tests/test_join.py as well.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import RunXent
from tables import Case, P, Y, accepted, accepted_files, cases, figures, parquet, place, refused, refused_files, write

import xentcli.alignment.key_join

PREDICTIONS = "id,cat,dog\n1,0.7,0.3\n2,0.2,0.8\n3,0.5,0.5\n"
LABELS = "id,label\n3,cat\n1,cat\n2,dog\n"
ON = ("--on", "id")
ONE_ROW = "\n  A key stands for one row; name more columns with --on if several together are the key."
GIVE_KEY = "\n  Give every row a key, or leave the row out."
DROP = "Left out, they are counted."
KEYS_ARE = "\n  Keys are text, whole numbers, booleans or dates."
AS_THEY_STAND = ". Keys are compared as they stand: change a file."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def by_key(id: str, predictions: str, labels: str, message: str, *options: str) -> Case:
    return Case(id, predictions, labels, message, (*ON, *options))


def of_texts(*keys: str) -> tuple[str, str]:
    """Return predictions and labels for some keys."""
    p = "id,cat,dog\n" + "".join(f"{key},0.25,0.75\n" for key in keys)
    return p, "id,label\n" + "".join(f"{key},dog\n" for key in keys)


def unmatched(mine: Sequence[str], yours: Sequence[str], hint: str = "") -> str:
    """Return the error for keys of records 1, 2, … of either side that the other has not."""

    def lack(keys: Sequence[str], path: str, other: str) -> str:
        rows = f"{len(keys)} rows of {path} have keys" if len(keys) > 1 else f"1 row of {path} has a key"
        return f"{rows} that {other} has not"

    parts = [lack(mine, P, "LABELS")] * bool(mine) + [lack(yours, Y, "PREDICTIONS")] * bool(yours)
    lines = [
        f"\n  {path}, record {at}: '{key}'"
        for path, keys in ((P, mine), (Y, yours))
        for at, key in enumerate(keys[:5], 1)
    ]
    sides = ["drop"] if mine and yours else ["drop-predictions" if mine else "drop-labels", "drop"]
    # What is only spelt otherwise is not to be left out. Ten lines at most, of which the options are the last.
    if hint.endswith(AS_THEY_STAND):
        return "; ".join(parts) + f"\n  {hint}" + "".join(lines[:10])
    lines = lines[: 10 - len(sides)] + [
        f"\n  {'or ' if at else 'Try'} --unmatched {side}" for at, side in enumerate(sides)
    ]
    return "; ".join(parts) + f"\n  {hint or DROP}" + "".join(lines)


@cases(
    by_key(
        "AL4-labels",
        PREDICTIONS,
        "id,label\n3,cat\n1,cat\n3,dog\n",
        f"{place(Y, 3, 'id')}: the key '3' is also in record 1{ONE_ROW}",
    ),
    by_key(
        "AL4-labels-text",
        *("id,cat,dog\nb,0.5,0.5\n", "id,label\na,cat\nb,cat\na,cat\n"),
        f"{place(Y, 3, 'id')}: the key 'a' is also in record 1{ONE_ROW}",
    ),
    by_key(
        "AL4-predictions",
        "id,cat,dog\n2,0.5,0.5\n1,0.5,0.5\n2,0.5,0.5\n",
        LABELS,
        f"{place(P, 3, 'id')}: the key '2' is also in record 1{ONE_ROW}",
    ),
    by_key(
        "AL4-first-of-several",
        "id,cat,dog\n2,0.5,0.5\n1,0.5,0.5\n1,0.5,0.5\n2,0.5,0.5\n",
        LABELS,
        f"{place(P, 3, 'id')}: the key '1' is also in record 2{ONE_ROW}",
    ),
    by_key(
        "AL4-both-columns",
        "doc,id,cat,dog\na,1,0.5,0.5\n",
        "doc,id,label\na,1,cat\na,2,cat\na,1,dog\n",
        f"{place(Y, 3, 'doc')}: the key 'a, 1' is also in record 1{ONE_ROW}",
        *("--on", "doc,id"),
    ),
    by_key(
        "AL4-after-an-earlier-error",
        "id,cat,dog\n2,0.5,0.5\n1,1.5,0.5\n2,0.5,0.5\n",
        LABELS,
        f"{place(P, 2, 'cat')}: 1.5 is not a probability: those are from 0 to 1\n"
        "  Most rows are what --input says; this value is not.",
    ),
    by_key(
        "AL4-after-an-earlier-label",
        PREDICTIONS,
        "id,label\n3,cat\n1,fish\n3,dog\n",
        f"{place(Y, 2, 'label')}: the label 'fish' is not a class; the classes are 'cat', 'dog'\n  Is this the label "
        "column? See --label, or name the classes with --classes.",
    ),
    by_key("AL5-predictions", of_texts("7", "8")[0], of_texts("8")[1], unmatched(["7"], [])),
    by_key("AL5-labels", of_texts("8")[0], of_texts("7", "8")[1], unmatched([], ["7"])),
    by_key("AL5-both", of_texts("7")[0], of_texts("9")[1], unmatched(["7"], ["9"])),
    by_key(
        "AL5-the-first-five",
        of_texts(*"abcdefg")[0],
        of_texts(*"tuvwxyz")[1],
        unmatched("abcdefg", "tuvwxyz"),
    ),
    by_key(
        "AL5-only-labels-are-dropped",
        of_texts("7", "8")[0],
        of_texts("9", "8")[1],
        unmatched(["7"], []),
        *("--unmatched", "drop-labels"),
    ),
    by_key(
        "AL5-only-predictions-are-dropped",
        of_texts("7", "8")[0],
        of_texts("9", "8")[1],
        unmatched([], ["9"]),
        *("--unmatched", "drop-predictions"),
    ),
    by_key(
        "AL5-all-dropped",
        of_texts("7", "8")[0],
        of_texts("9")[1],
        f"{P}: no row is left to evaluate: 2 rows with keys that only one input has",
        *("--unmatched", "drop"),
    ),
    by_key(
        "AL7-zeros",
        of_texts("1", "2")[0],
        of_texts("001", "02")[1],
        unmatched(["1", "2"], ["001", "02"], "2 of the first 2 would match as a number" + AS_THEY_STAND),
    ),
    by_key(
        "AL7-a-whole-float-in-text",
        of_texts("1")[0],
        of_texts("1.0")[1],
        unmatched(["1"], ["1.0"], "1 of the first 1 would match as a number" + AS_THEY_STAND),
    ),
    by_key(
        "AL7-spaces",
        of_texts("a", "b")[0],
        of_texts(" a", "b ")[1],
        unmatched(
            ["a", "b"], [" a", "b "], "2 of the first 2 would match without the spaces around it" + AS_THEY_STAND
        ),
    ),
    by_key(
        "AL7-case",
        of_texts("ab", "B")[0],
        of_texts("aB", "b")[1],
        unmatched(["ab", "B"], ["aB", "b"], "2 of the first 2 would match in other letter case" + AS_THEY_STAND),
    ),
    by_key(
        "AL7-NFC-NFD",
        of_texts("\u00e9")[0],
        of_texts("e\u0301")[1],
        unmatched(["\u00e9"], ["e\u0301"], "1 of the first 1 would match in another Unicode form" + AS_THEY_STAND),
    ),
    by_key(
        "AL7-several-reasons",
        of_texts("a", "7")[0],
        of_texts("A", "07")[1],
        unmatched(
            ["a", "7"],
            ["A", "07"],
            "1 of the first 2 would match in other letter case; 1 of the first 2 would match as a number"
            + AS_THEY_STAND,
        ),
    ),
    by_key(
        "AL8-labels",
        PREDICTIONS,
        "id,label\n3,cat\n,cat\n2,dog\n",
        f"{place(Y, 2, 'id')}: the key is missing (an empty cell){GIVE_KEY}",
    ),
    by_key(
        "AL8-predictions",
        "id,cat,dog\n1,0.5,0.5\n,0.5,0.5\n",
        LABELS,
        f"{place(P, 2, 'id')}: the key is missing (an empty cell){GIVE_KEY}",
    ),
    by_key(
        "AL8-of-the-slices-too",
        "id,cat,dog\n1,0.5,0.5\n,0.5,0.5\n",
        LABELS,
        f"{place(P, 2, 'id')}: the key is missing (an empty cell){GIVE_KEY}",
        *("--by", "id"),
    ),
)
def test_keys_that_do_not_join(run_xent: RunXent, case: Case) -> None:
    # The last --on counts.
    refused(run_xent, case)


@cases(
    Case(
        "AL-on-without-labels",
        PREDICTIONS,
        None,
        "--on aligns the rows of two inputs, and there is one: no LABELS, or the same file twice",
        ON,
    ),
    Case(
        "AL-on-with-no-order-check",
        PREDICTIONS,
        LABELS,
        "--no-order-check is for rows aligned by their order; with --on keys align them",
        (*ON, "--no-order-check"),
    ),
    Case(
        "AL-unmatched-without-on",
        PREDICTIONS,
        LABELS,
        "--unmatched is for rows aligned by key; name the keys with --on",
        ("--unmatched", "drop"),
    ),
    Case("AL-on-twice", PREDICTIONS, LABELS, "--on names 'id' twice", ("--on", "id,id")),
    Case(
        "AL-on-of-predictions-alone",
        PREDICTIONS,
        LABELS,
        f"{Y}: --on names 'cat', which is not a column\n  The columns of {Y} are 'id', 'label'.",
        ("--on", "cat"),
    ),
    Case(
        "AL-on-of-labels-alone",
        PREDICTIONS,
        LABELS,
        f"{P}: --on names 'label', which is not a column\n  The columns of {P} are 'id', 'cat', 'dog'.",
        ("--on", "label"),
    ),
    Case(
        "AL-on-in-other-letter-case",
        PREDICTIONS,
        LABELS,
        f"{P}: --on names 'ID', which is not a column\n  Did you mean 'id'?\n  The columns of {P} are 'id', 'cat', "
        "'dog'.",
        ("--on", "ID"),
    ),
    Case(
        "AL-a-key-is-no-weight",
        PREDICTIONS,
        LABELS,
        "column 'id' is named by --on; --weight cannot name it too",
        (*ON, "--weight", "id"),
    ),
    Case(
        "AL-a-key-is-no-prediction",
        PREDICTIONS,
        LABELS,
        "column 'id' is a key; it cannot be a prediction column too",
        (*ON, "--pred", "id,cat"),
    ),
    Case(
        "AL-no-label-left",
        PREDICTIONS,
        "id\n1\n2\n3\n",
        f"{Y}: no column of LABELS is left to be the label\n  It may be in either input.\n"
        f"  The columns of {Y} are 'id'.",
        ON,
    ),
)
def test_options_of_keys_that_contradict(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_unmatched_rows_are_counted() -> None:
    """AL5."""
    p, _ = of_texts("7", "8", "9")
    for labels, option, counts in (
        (("1", "9", "8"), "drop", (1, 1)),
        (("9", "8"), "drop-predictions", (1, 0)),
        (("9", "7", "8", "1", "2"), "drop-labels", (0, 2)),
    ):
        overall = accepted(p, of_texts(*labels)[1], on="id", unmatched=option).overall
        assert (overall.unmatched_predictions, overall.unmatched_labels) == counts
        assert overall.rows == 3 - counts[0]


INTEGERS: dict[str, pa.Array] = {
    "int8": pa.array([3, 1, 2], pa.int8()),
    "int32": pa.array([3, 1, 2], pa.int32()),
    "int64": pa.array([3, 1, 2], pa.int64()),
    "uint64": pa.array([3, 1, 2], pa.uint64()),
    "float32": pa.array([3, 1, 2], pa.float32()),
    "float64": pa.array([3, 1, 2], pa.float64()),
    "string": pa.array(["3", "1", "2"]),
    "large_string": pa.array(["3", "1", "2"], pa.large_string()),
    "dictionary": pa.array(["3", "1", "2"]).dictionary_encode(),
}


def test_integers_and_their_texts_are_one_key() -> None:
    """AL6."""
    write(P, PREDICTIONS)
    write(Y, LABELS)
    expected = figures(accepted_files(P, Y, on="id"))
    for mine, keys in INTEGERS.items():
        parquet("p.parquet", 2, id=keys, cat=[0.5, 0.7, 0.2], dog=[0.5, 0.3, 0.8])
        for yours, others in INTEGERS.items():
            parquet("y.parquet", 2, id=others, label=["cat", "cat", "dog"])
            result = xentcli.evaluate("p.parquet", "y.parquet", on="id", chunk_rows=2, jobs=2)
            assert figures(result) == expected, (mine, yours)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        pytest.param(pa.array([3, None, 1]), f"the key is missing: it is null{GIVE_KEY}", id="AL8-integer"),
        pytest.param(pa.array(["3", None, "1"]), f"the key is missing: it is null{GIVE_KEY}", id="AL8-text"),
        pytest.param(
            pa.array(["3", None, "1"]).dictionary_encode(),
            f"the key is missing: it is null{GIVE_KEY}",
            id="AL8-dictionary",
        ),
        pytest.param(pa.array([3.0, float("nan"), 1.0]), f"the key is missing: it is NaN{GIVE_KEY}", id="AL8-NaN"),
        pytest.param(
            pa.array([3.0, -0.0, 1.0]), f"the key is -0.0, not a whole number up to 2^53{KEYS_ARE}", id="AL8-minus-zero"
        ),
        pytest.param(
            pa.array([3.0, 0.5, 1.0]), f"the key is 0.5, not a whole number up to 2^53{KEYS_ARE}", id="AL8-fraction"
        ),
        pytest.param(
            pa.array([3.0, 2.0**53 + 2, 1.0]),
            f"the key is 9007199254740994.0, not a whole number up to 2^53{KEYS_ARE}",
            id="AL8-beyond-2^53",
        ),
        pytest.param(
            pa.array([3.0, float("inf"), 1.0]), f"the key is inf, not a whole number up to 2^53{KEYS_ARE}", id="AL8-inf"
        ),
    ],
)
def test_keys_of_parquet_that_are_none(run_xent: RunXent, keys: pa.Array, problem: str) -> None:
    write(P, PREDICTIONS)
    write(Y, LABELS)
    parquet("y.parquet", id=keys, label=["cat", "cat", "dog"])
    refused_files(run_xent, [P, "y.parquet", *ON], f"{place('y.parquet', 2, 'id')}: {problem}")
    parquet("p.parquet", id=keys, cat=[0.5] * 3, dog=[0.5] * 3)
    refused_files(run_xent, ["p.parquet", Y, *ON], f"{place('p.parquet', 2, 'id')}: {problem}")


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        pytest.param(pa.array([[3], [1], [2]]), "list<element: int64>", id="list"),
        pytest.param(pa.array([datetime(2020, 1, 1)] * 3), "timestamp[us]", id="timestamp"),
        pytest.param(pa.array([{"a": 1}] * 3), "struct<a: int64>", id="struct"),
    ],
)
def test_columns_whose_type_is_no_key(run_xent: RunXent, keys: pa.Array, name: str) -> None:
    write(P, PREDICTIONS)
    write(Y, LABELS)
    parquet("y.parquet", id=keys, label=["cat", "cat", "dog"])
    parquet("p.parquet", id=keys, cat=[0.5] * 3, dog=[0.5] * 3)
    told = f": the key column 'id' is of type {name}\n  Keys are whole numbers, text or dates: cast it to text "
    told += "where the file is written.\n  The columns of "
    refused_files(run_xent, [P, "y.parquet", *ON], f"y.parquet{told}y.parquet are 'id', 'label'.")
    refused_files(run_xent, ["p.parquet", Y, *ON], f"p.parquet{told}p.parquet are 'id', 'cat', 'dog'.")


def test_a_shuffled_file_is_the_sorted_one() -> None:
    """AL9: but for where rows stand."""
    plain = figures(accepted("cat,dog\n0.7,0.3\n0.2,0.8\n0.5,0.5\n", "label\ncat\ndog\ncat\n"))
    keyed = figures(accepted(PREDICTIONS, LABELS, on="id"))
    assert {name for name in plain if plain[name] != keyed[name]} == {"inputs"}
    assert {name for name in plain["inputs"] if plain["inputs"][name] != keyed["inputs"][name]} == {
        *("alignment", "on", "rows_fingerprint")
    }


def test_a_label_of_an_unmatched_row_alone_is_a_class_without_rows() -> None:
    """Where every label is a class; it ended in an internal error when that row was not the first of LABELS."""
    for labels in ("id,label\n3,b\n9,a\n", "id,label\n9,a\n3,b\n"):
        result = accepted("id,p\n1,0.5\n2,0.4\n3,0.2\n", labels, on="id", input="label-probs", unmatched="drop")
        assert [(entry.class_, entry.rows) for entry in result.classes] == [("a", 0), ("b", 1)]


@pytest.mark.parametrize("kind", ["integers", "texts"])
def test_labels_that_would_not_fit_are_refused_beforehand(
    run_xent: RunXent, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Memory is estimated from what has been read: the error comes before a row is scored."""
    write(P, PREDICTIONS)
    write(Y, LABELS if kind == "integers" else "id,label\nc,cat\na,cat\nb,dog\n")
    monkeypatch.setattr(xentcli.alignment.key_join, "free_bytes", lambda: 1000)
    ran = run_xent("eval", P, Y, *ON)
    needed = [int(word.replace(",", "")) for word in ran.stderr.split() if word.replace(",", "").isdigit()]
    assert needed[0] == 3
    assert needed[1] > 1000 == needed[2]
    message = (
        f"--on holds LABELS in memory: about 3 rows need {needed[1]:,} bytes, and 1,000 are free\n  Give the smaller "
        "input as LABELS, or sort both by the key and leave out --on, or use whole numbers as keys; parts with the "
        "same keys in both can be evaluated apart."
    )
    refused_files(run_xent, [P, Y, *ON], message)
    monkeypatch.setattr(xentcli.alignment.key_join, "free_bytes", lambda: None)
    if kind == "integers":
        assert run_xent("eval", P, Y, *ON).code == 0


def test_a_limit_of_the_address_space_is_met_before_it_is_hit() -> None:
    """A million texts against 64 MiB more than xent has when it starts: said beforehand, with the bytes."""
    rows = 1_000_000
    parquet("y.parquet", id=[f"{at:060d}" for at in range(rows)], label=["cat"] * rows)
    write(P, PREDICTIONS)
    code = (
        "import resource, sys\n"
        "import pyarrow.parquet, xentcli.cli.eval, xentcli.engine.single_pass\n"
        "from xentcli.cli.main import main\n"
        "size = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmSize'))\n"
        "limit = size * 1024 + (256 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        f"sys.exit(main(['eval', {P!r}, 'y.parquet', '--on', 'id', '--jobs', '1']))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (2, ""), ran.stderr
    assert ran.stderr.startswith("error: --on holds LABELS in memory: about 1,000,000 rows need "), ran.stderr
    assert len(ran.stderr.splitlines()) == 2
