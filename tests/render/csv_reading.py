"""CSV as its readers take it, and what the JSON of the same result says should be in it."""

from __future__ import annotations

import csv
import io
import math
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pyarrow.csv

from xentcli import EvalResult
from xentcli.render.csv import render
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions

Record = dict[str, Any]
TEXTS = ("row", "class")


def csv_of(result: EvalResult, **options: Any) -> str:
    """Return a result as CSV; the other arguments are those of `ListingOptions`."""
    return render(result, Screen(), ListingOptions(**options))


def cells_of(text: str) -> list[list[str]]:
    """Return the cells of every record, headings included, as Python's own reader takes them."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def by_csv(text: str, texts: tuple[str, ...] = TEXTS) -> list[Record]:
    headings, *records = cells_of(text)
    return [
        {
            name: cell if name in texts else float(cell) if cell else None
            for name, cell in zip(headings, one, strict=True)
        }
        for one in records
    ]


def by_pandas(text: str, texts: tuple[str, ...] = TEXTS) -> list[Record]:
    with warnings.catch_warnings():
        # Without it an older pandas misses the last bit; a newer one does not, and says that it is not needed.
        warnings.simplefilter("ignore")
        frame = pd.read_csv(
            io.StringIO(text),
            dtype=dict.fromkeys(texts, str),
            keep_default_na=False,
            na_values={name: [""] for name in cells_of(text)[0] if name not in texts},
            float_precision="round_trip",
        )
    return [
        {str(name): None if pd.isna(value) else value for name, value in one.items()}
        for one in frame.astype(object).to_dict("records")
    ]


def by_arrow(text: str, texts: tuple[str, ...] = TEXTS) -> list[Record]:
    convert = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(texts, "string"))
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(io.BytesIO(text.encode()), convert_options=convert, parse_options=parse)
    found: list[Record] = table.to_pylist()
    return found


READERS: dict[str, Callable[..., list[Record]]] = {"csv": by_csv, "pandas": by_pandas, "pyarrow": by_arrow}


def same(cell: Any, figure: Any) -> bool:
    """Say whether a cell is what JSON says; of an infinite figure that does not say the sign."""
    return bool(abs(cell) == math.inf) if figure == math.inf else bool(cell == figure)


def in_json(result: EvalResult) -> Iterator[Record]:
    """Yield the records that the JSON of a result makes, in its order: everything, classes, slices with theirs."""
    data = result.to_dict()
    infinite = set(data["infinite"])
    yield {"row": "overall"} | _figures(data["overall"], "overall", infinite)
    for at, entry in enumerate(data["classes"]):
        yield {"row": "class"} | _figures(entry, f"classes.{at}", infinite)
    for at, one in enumerate(data.get("slices", ())):
        place = f"slices.{at}"
        own = {name: value for name, value in one.items() if name not in {"overall", "classes"}}
        yield {"row": "slice"} | _figures(own, place, infinite) | _figures(one["overall"], f"{place}.overall", infinite)
        for number, entry in enumerate(one["classes"]):
            figures = _figures(entry, f"{place}.classes.{number}", infinite)
            yield {"row": "slice-class", "by": one["by"]} | figures


def _figures(entry: Record, place: str, infinite: set[str]) -> Record:
    """Return figures by their columns; what is listed as infinite is inf again."""
    found: Record = {}
    for name, value in entry.items():
        if name == "loss_per":
            per = _figures(value, f"{place}.loss_per", infinite) if value else {}
            found |= {f"loss_per_{part}": held for part, held in per.items() if part != "column"}
        else:
            found[name] = float("inf") if f"{place}.{name}" in infinite else value
    return found
