"""The classes and slices of a result as pandas DataFrames; pandas is imported here and nowhere on the default path."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from xentcli.results.figures import ClassResult, Overall, SliceResult, figure_of, keys_of

if TYPE_CHECKING:
    import pandas as pd

# Counts are whole numbers in every class and slice; anything else may be undefined somewhere.
_COUNTS = {name for kind in (ClassResult, Overall) for name, held in get_type_hints(kind).items() if held is int}


def classes_frame(classes: Sequence[ClassResult]) -> pd.DataFrame:
    """Return one row a class, in class order; undefined figures are NaN, infinite ones inf."""
    import pandas as pd

    data: dict[str, pd.Series] = {}
    for field in fields(ClassResult):
        values = [getattr(entry, field.name) for entry in classes]
        data[field.name.rstrip("_")] = pd.Series(values, dtype=object if field.name == "class_" else _kind(field.name))
    return pd.DataFrame(data)


def slices_frame(slices: Sequence[SliceResult] | None, by: Sequence[str], overall: Overall) -> pd.DataFrame:
    """Return one row a slice, in the order of their values: the values (None if missing), then the figures.

    A column of values that is called as a figure is has `by_` before its name, as often as it takes. Raises ValueError
    for a result without slices.
    """
    import pandas as pd

    if slices is None:
        raise ValueError("the result has no slices; name their columns with `by`")
    figures = dict(_figures(overall, slices))
    data: dict[str, pd.Series] = {}
    for column, name in zip(by, by_names(by, figures), strict=True):
        data[name] = pd.Series([one.by[column] for one in slices], dtype=object)
    data |= {name: pd.Series(values, dtype=_kind(name)) for name, values in figures.items()}
    return pd.DataFrame(data)


def by_names(by: Sequence[str], taken: Container[str]) -> list[str]:
    """Return what columns of values are called beside others: `by_` is put before a name that is taken.

    >>> by_names(["half", "loss"], {"loss"}), by_names(["loss", "by_loss"], {"loss"})
    (['half', 'by_loss'], ['by_by_loss', 'by_loss'])
    """
    names: list[str] = []
    for column in by:
        name = column
        while name in taken or name in names or (name != column and name in by):
            name = f"by_{name}"
        names.append(name)
    return names


def _figures(overall: Overall, slices: Sequence[SliceResult]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the figures of slices by name, those of their rows first; of `loss_per` as `loss_per_value` and so on."""
    for key in dict.fromkeys((*keys_of("overall"), *keys_of("slice"))):
        if overall.loss_per is not None or not key.startswith("loss_per_"):
            yield key, [figure_of(one, key) for one in slices]


def _kind(name: str) -> str:
    return "int64" if name in _COUNTS else "float64"
