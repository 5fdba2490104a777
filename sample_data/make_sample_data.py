"""Make the sample data: real outputs of real models on three public data sets.

Every model is fitted with scikit-learn on the copy of the data set that scikit-learn brings along, so
nothing is downloaded. Each set is written twice, as CSV and as Parquet, with exactly the same values.
All splits and models are seeded: the same library versions on the same kind of processor write the same
CSV files, byte for byte. Elsewhere the last digits of a probability may differ, as BLAS rounds otherwise.

    python sample_data/make_sample_data.py             # rewrite the files beside this script
    python sample_data/make_sample_data.py --out DIR   # write them into DIR instead
"""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import sklearn
from scipy.special import softmax
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = dict[str, list[int] | list[float] | list[str]]

HERE = Path(__file__).parent
SPLIT_SEED = 2
# A forest of 50 trees seldom leaves the true class without a single vote. With these two seeds it does,
# once, and that is why they were taken: the set is there to show what an exact zero does to a log loss.
FOREST_SEED = 4
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TUMOURS = ("benign", "malignant")
CULTIVARS = ("barolo", "grignolino", "barbera")


@dataclass(frozen=True)
class Digits:
    """The digits set, split: what the models are fitted on, and the images they then predict."""

    train_x: Floats
    train_y: Ints
    test_x: Floats
    test_y: Ints
    image: Ints
    average_ink: float


def load_split_digits() -> Digits:
    """Split the digits, stratified by class: 55 % to fit on, 45 % held out in the order of the data set."""
    data = load_digits()
    x, y = np.asarray(data.data, dtype=np.float64), np.asarray(data.target, dtype=np.int64)
    parts = train_test_split(np.arange(len(y)), test_size=0.45, random_state=SPLIT_SEED, stratify=y)
    train, test = (np.sort(part) for part in parts)
    return Digits(x[train], y[train], x[test], y[test], test, float(x.sum(axis=1).mean()))


def logistic_regression(strength: float) -> Any:
    """Standardised features, then logistic regression with an L2 penalty of the given inverse strength.

    The tight tolerance is there for the outputs to agree to many digits whichever BLAS computes them.
    """
    model = LogisticRegression(C=strength, solver="newton-cg", tol=1e-10, max_iter=1000)
    return make_pipeline(StandardScaler(), model)


def fit_predict(model: Any, digits: Digits) -> Floats:
    """Fit a model on one part of the digits; give its probabilities for the other."""
    model.fit(digits.train_x, digits.train_y)
    return np.asarray(model.predict_proba(digits.test_x), dtype=np.float64)


def cross_validate(x: Floats, y: Ints, method: str) -> Floats:
    """Give each row the output of a logistic regression that was fitted on the four folds without it."""
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=SPLIT_SEED)
    outputs = cross_val_predict(logistic_regression(1.0), x, y, cv=folds, method=method)
    return np.asarray(outputs, dtype=np.float64)


def ink_weights(pixels: Floats, average_ink: float) -> list[float]:
    """Weigh each image by its ink relative to the average image's, to the nearest quarter and never 0."""
    quarters = np.rint(4 * pixels.sum(axis=1) / average_ink)
    return [max(quarter, 1.0) / 4 for quarter in quarters.tolist()]


def heavier_halves(pixels: Floats) -> list[str]:
    """Say of each 8 x 8 image which half holds more ink, its upper or its lower four rows."""
    excess = pixels[:, :32].sum(axis=1) - pixels[:, 32:].sum(axis=1)
    return ["upper" if ink > 0 else "lower" if ink < 0 else "even" for ink in excess.tolist()]


def score_table(key: str, keys: Ints, names: Sequence[str], scores: Floats) -> Table:
    """Lay out a prediction file: the key, then one column for each class in the order of `names`."""
    table: Table = {key: keys.tolist()}
    for name, column in zip(names, scores.T, strict=True):
        table[name] = column.tolist()
    return table


def label_table(key: str, keys: Ints, names: Sequence[str], truth: Ints) -> Table:
    """Lay out a label file: the key, then the name of the true class."""
    return {key: keys.tolist(), "label": [names[k] for k in truth.tolist()]}


def digits_tables() -> tuple[dict[str, Table], dict[str, float]]:
    """Make the digits sets and their log losses, with and without the weights."""
    digits = load_split_digits()
    labels = label_table("image", digits.image, DIGITS, digits.test_y)
    labels["weight"] = weights = ink_weights(digits.test_x, digits.average_ink)
    labels["half"] = heavier_halves(digits.test_x)
    models = {
        "digits_logistic": logistic_regression(0.1),
        "digits_forest": RandomForestClassifier(n_estimators=50, random_state=FOREST_SEED),
    }
    columns = [f"p_{name}" for name in DIGITS]
    tables, losses = {"digits_labels": labels}, {}
    for name, model in models.items():
        scores = fit_predict(model, digits)
        tables[name] = score_table("image", digits.image, columns, scores)
        losses[name] = float(log_loss(digits.test_y, scores))
        losses[f"{name}, weighted"] = float(log_loss(digits.test_y, scores, sample_weight=weights))
    return tables, losses


def cancer_tables() -> tuple[dict[str, Table], dict[str, float]]:
    """Make the breast cancer set, one column for the class `malignant`, and its log loss."""
    data = load_breast_cancer()
    truth = np.asarray(data.target == list(data.target_names).index("malignant"), dtype=np.int64)
    patient = np.arange(len(truth))
    scores = cross_validate(data.data, truth, "predict_proba")[:, 1]
    tables = {
        "cancer": score_table("patient", patient, ["p_malignant"], scores[:, np.newaxis]),
        "cancer_labels": label_table("patient", patient, TUMOURS, truth),
    }
    return tables, {"cancer": float(log_loss(truth, scores))}


def wine_tables() -> tuple[dict[str, Table], dict[str, float]]:
    """Make the wine set, raw logits of three cultivars, and the log loss of their softmax."""
    data = load_wine()
    truth = np.asarray(data.target, dtype=np.int64)
    bottle = np.arange(len(truth))
    logits = cross_validate(data.data, truth, "decision_function")
    tables = {
        "wine_logits": score_table("bottle", bottle, CULTIVARS, logits),
        "wine_labels": label_table("bottle", bottle, CULTIVARS, truth),
    }
    return tables, {"wine_logits": float(log_loss(truth, softmax(logits, axis=1)))}


def write_csv(table: Table, path: Path) -> None:
    """Write a table as CSV; floats are written so that reading them gives back the very same float64."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def write_parquet(table: Table, path: Path) -> None:
    """Write a table as Parquet: int64, float64 and string columns."""
    pq.write_table(pa.table(table), path, compression="zstd")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every set in both formats and print the log losses that the README states."""
    parser = argparse.ArgumentParser(description="Make the sample data.")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="default: beside this script")
    out: Path = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    print(f"log losses by scikit-learn {sklearn.__version__}")
    for make in (digits_tables, cancer_tables, wine_tables):
        with threadpool_limits(1):  # BLAS adds up in another order with another number of threads
            tables, losses = make()
        for name, table in tables.items():
            write_csv(table, out / f"{name}.csv")
            write_parquet(table, out / f"{name}.parquet")
        for name, loss in losses.items():
            print(f"{name}: {loss!r}")


if __name__ == "__main__":
    main()
