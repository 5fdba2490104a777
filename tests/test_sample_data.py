"""The sample data are what their README says, and their script still makes them."""

import csv
import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.special import softmax
from sklearn.metrics import log_loss

HERE = Path(__file__).parent.parent / "sample_data"
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
CULTIVARS = ["barolo", "grignolino", "barbera"]
P_DIGITS = [f"p_{name}" for name in DIGITS]
LABELS = {
    "digits_logistic": "digits_labels",
    "digits_forest": "digits_labels",
    "cancer": "cancer_labels",
    "wine_logits": "wine_labels",
}
COLUMNS = {
    "digits_logistic": ["image", *P_DIGITS],
    "digits_forest": ["image", *P_DIGITS],
    "digits_labels": ["image", "label", "weight", "half"],
    "cancer": ["patient", "p_malignant"],
    "cancer_labels": ["patient", "label"],
    "wine_logits": ["bottle", *CULTIVARS],
    "wine_labels": ["bottle", "label"],
}
ROWS = {"image": 809, "patient": 569, "bottle": 178}
TEXT = {"label", "half"}
Table = dict[str, list[Any]]


def read_csv(path: Path) -> Table:
    """Read a CSV file with the types that its columns are to have."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    types = [int if name in ROWS else str if name in TEXT else float for name in header]
    columns = zip(*rows, strict=True)
    return {name: [make(cell) for cell in cells] for name, make, cells in zip(header, types, columns, strict=True)}


def read(name: str) -> Table:
    return read_csv(HERE / f"{name}.csv")


def scores(name: str) -> npt.NDArray[np.float64]:
    return np.array(list(read(name).values())[1:], dtype=np.float64).T


def truth(name: str) -> npt.NDArray[np.intp]:
    """Give the true class of each row as the number of its column (of `cancer`: 1 for malignant)."""
    classes = {"cancer": ["benign", "malignant"], "wine_logits": CULTIVARS}.get(name, DIGITS)
    return np.array([classes.index(label) for label in read(LABELS[name])["label"]], dtype=np.intp)


def probabilities(name: str) -> npt.NDArray[np.float64]:
    """Give the probabilities as `log_loss` takes them: a column per class, or one column for two classes."""
    found = scores(name)
    if name == "cancer":
        return found[:, 0]
    return np.asarray(softmax(found, axis=1)) if name == "wine_logits" else found


def of_true_class(name: str) -> npt.NDArray[np.float64]:
    y = truth(name)
    return probabilities(name)[np.arange(len(y)), y]


def stated_losses() -> dict[str, list[float]]:
    """Read the table of log losses in the README: the plain one and, where given, the weighted one."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (0\.\d+) \| (0\.\d+)? ?\|$", text, flags=re.MULTILINE)
    return {name: [float(cell) for cell in cells if cell] for name, *cells in rows}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_rows(name: str) -> None:
    table = read(name)
    assert list(table) == COLUMNS[name]
    key = COLUMNS[name][0]
    assert len(table[key]) == len(set(table[key])) == ROWS[key]


@pytest.mark.parametrize("name", COLUMNS)
def test_csv_equals_parquet(name: str) -> None:
    table = pq.read_table(HERE / f"{name}.parquet")
    assert table.to_pydict() == read(name)
    assert table.column_names == COLUMNS[name]
    for field in table.schema:
        expected = pa.int64() if field.name in ROWS else pa.string() if field.name in TEXT else pa.float64()
        assert field.type == expected


@pytest.mark.parametrize("name", COLUMNS)
def test_csv_is_plain_text_with_unix_line_ends(name: str) -> None:
    raw = (HERE / f"{name}.csv").read_bytes()
    assert raw.isascii()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
    assert b'"' not in raw


def test_total_size() -> None:
    assert sum(path.stat().st_size for path in HERE.iterdir() if path.is_file()) < 1_000_000


@pytest.mark.parametrize("name", ["digits_logistic", "digits_forest", "wine_logits"])
def test_class_columns_are_in_no_sorted_order(name: str) -> None:
    columns = COLUMNS[name][1:]
    assert columns != sorted(columns)
    assert columns != sorted(columns, reverse=True)


@pytest.mark.parametrize("name", LABELS)
def test_keys_agree_row_by_row(name: str) -> None:
    key = COLUMNS[name][0]
    assert read(name)[key] == read(LABELS[name])[key]


@pytest.mark.parametrize("name", ["digits_logistic", "digits_forest"])
def test_digit_probabilities(name: str) -> None:
    found = scores(name)
    assert found.min() >= 0
    assert np.abs(found.sum(axis=1) - 1).max() < 1e-12


def test_all_classes_occur() -> None:
    for name, count in {"digits_forest": 10, "cancer": 2, "wine_logits": 3}.items():
        assert set(truth(name).tolist()) == set(range(count))


def test_digits_weights_and_halves() -> None:
    labels = read("digits_labels")
    assert all(weight > 0 and (4 * weight).is_integer() for weight in labels["weight"])
    assert len(set(labels["weight"])) > 1
    assert set(labels["half"]) == {"upper", "lower", "even"}
    assert labels["half"].count("even") == 9


def test_forest_gives_a_true_class_exactly_nothing() -> None:
    assert np.count_nonzero(scores("digits_forest") == 0) == 3675
    rows = np.flatnonzero(of_true_class("digits_forest") == 0)
    labels = read("digits_labels")
    assert [(labels["image"][row], labels["label"][row]) for row in rows] == [(1662, "nine")]


def test_logistic_gives_every_class_something() -> None:
    assert scores("digits_logistic").min() > 0


def test_cancer_certainties_are_right() -> None:
    found, malignant = scores("cancer")[:, 0], truth("cancer")
    assert found.min() > 0
    assert malignant[found == 1].tolist() == [1, 1]


def test_wine_logits_are_no_probabilities() -> None:
    found = scores("wine_logits")
    assert found.min() < 0
    assert found.max() > 1


def test_losses_are_those_of_the_readme() -> None:
    weights = read("digits_labels")["weight"]
    computed = {name: [log_loss(truth(name), probabilities(name))] for name in LABELS}
    for name in ("digits_logistic", "digits_forest"):
        computed[name].append(log_loss(truth(name), probabilities(name), sample_weight=weights))
    stated = stated_losses()
    assert stated.keys() == computed.keys()
    for name, losses in computed.items():
        assert losses == pytest.approx(stated[name], rel=1e-13, abs=0)


@pytest.fixture(scope="module")
def made_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the script into a new directory and give that."""
    out = tmp_path_factory.mktemp("made") / "anew"
    runpy.run_path(str(HERE / "make_sample_data.py"))["main"](["--out", str(out)])
    return out


@pytest.mark.parametrize("name", COLUMNS)
def test_script_makes_the_same_values(name: str, made_anew: Path) -> None:
    anew, old = read_csv(made_anew / f"{name}.csv"), read(name)
    assert anew.keys() == old.keys()
    for column, values in anew.items():
        if column in TEXT or column in ROWS:
            assert values == old[column]
        else:
            assert values == pytest.approx(old[column], rel=0, abs=1e-6)
    assert pq.read_table(made_anew / f"{name}.parquet").to_pydict() == anew


def test_script_makes_every_file(made_anew: Path) -> None:
    made = {path.name for path in made_anew.iterdir()}
    assert made == {f"{name}.{kind}" for name in COLUMNS for kind in ("csv", "parquet")}
    assert made == {path.name for path in HERE.iterdir() if path.suffix in {".csv", ".parquet"}}
