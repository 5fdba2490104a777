"""Log loss by class with pandas and scikit-learn.

PREDICTIONS LABELS CLASSES KEY SINGLE THREADS (see `benchmarks.tools`).

Arrow parses CSV for pandas (`engine="pyarrow"`), several times as fast as pandas' own parser, which is the default.
"""

import json
import sys

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss

predictions, labels, classes, key, single, threads = sys.argv[1:]
K = int(classes)
names: list[int | str] = [0, 1] if K == 2 else [f"c{k}" for k in range(K)]
columns = ["p"] if K == 2 else [f"p_{name}" for name in names]


def read(path: str, types: dict[str, str]) -> pd.DataFrame:
    """Read a file whole."""
    return pd.read_csv(path, engine="pyarrow", dtype=types) if path.endswith(".csv") else pd.read_parquet(path)


p = read(predictions, dict.fromkeys(columns, "float32" if single else "float64"))
y = read(labels, {})
bad = 0
if key:
    both = p.merge(y, on="id", how="outer", indicator=True)
    bad = int((both["_merge"] != "both").sum())
    cells, label = both[columns].to_numpy(), both["label"]
else:
    bad = abs(len(p) - len(y))
    cells, label = p[columns].to_numpy(), y["label"]
if K == 2:
    cells, codes = cells[:, 0], label.to_numpy()
    good = (cells >= 0) & (cells <= 1) & ((codes == 0) | (codes == 1))
    label_p = np.where(codes == 1, cells, 1 - cells)
    right = (cells >= 0.5) == (codes == 1)
else:
    codes = pd.Categorical(label, categories=names).codes.astype(np.int64)
    total, low, top = cells.sum(axis=1), cells.min(axis=1), cells.max(axis=1)
    good = (codes >= 0) & (low >= 0) & (top <= 1) & (abs(total - 1) <= 0.01)
    label_p = cells[np.arange(len(codes)), codes].astype(np.float64)
    right = cells.argmax(axis=1) == codes
bad += int((~good).sum())
frame = pd.DataFrame({"code": codes, "label_p": label_p, "right": right})
frame["loss"] = -np.log(frame["label_p"].clip(2.0**-52))
by_class = frame.groupby("code").agg(
    rows=("loss", "size"), loss=("loss", "mean"), deviation=("loss", "std"), label_p=("label_p", "mean"),
    right=("right", "mean"),
)  # fmt: skip
figures = [{"label": str(names[row["code"]]), **row} for row in by_class.reset_index().to_dict(orient="records")]
print(json.dumps({"loss": log_loss(codes, cells, labels=range(K)), "bad": bad, "classes": figures}))
