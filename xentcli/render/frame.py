"""The classes of a result as a pandas DataFrame; pandas is imported here and nowhere on the default path."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from xentcli.result import ClassResult, EvalResult

if TYPE_CHECKING:
    import pandas as pd


def classes_frame(result: EvalResult) -> pd.DataFrame:
    """Return one row a class, in class order; undefined figures are NaN, infinite ones inf."""
    import pandas as pd

    columns = [field.name for field in fields(ClassResult)]
    counts = {"rows", "clipped_rows"}
    data: dict[str, pd.Series] = {}
    for name in columns:
        values = [getattr(entry, name) for entry in result.classes]
        kind = "str" if name == "class_" else ("int64" if name in counts else "float64")
        data[name.rstrip("_")] = pd.Series(values, dtype=object if kind == "str" else kind)
    return pd.DataFrame(data)
