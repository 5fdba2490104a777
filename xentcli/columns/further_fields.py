"""Fields of JSON Lines that the first record lacks: no columns, though some may be classes."""

from __future__ import annotations

from contextlib import closing

from xentcli.columns.advice import Advice
from xentcli.columns.first_rows import ROWS
from xentcli.errors import DataError
from xentcli.sources.base import Source, Spot
from xentcli.spec.parsing import typed
from xentcli.text import quote

Further = list[tuple[str, Spot]]


def further_fields(source: Source) -> Further:
    """Return the fields that hold fractions in the first rows, but not in the first one."""
    if source.format != "jsonl":
        return []
    with closing(source.again()) as again:
        return again.further(ROWS)


def refuse_further(found: Further, advice: Advice) -> None:
    """Raise DataError for such a field where it may be a class: options name no predictions, and no sum proves that the
    others are all of them.
    """
    columns = advice.spec.columns
    told = columns.pred or columns.classes or columns.class_map
    if not found or told or len(advice.proven) == len(advice.names):
        return
    name, spot = found[0]
    raise DataError(
        f"the first record has no field {quote(name)}; the fields of the first record are the columns",
        file=spot.file,
        record=spot.record,
        line=spot.line,
        hint="If it is a class give the first record a value of it, too; if not name the predictions.",
        options=[typed("--pred", advice.names)],
    )
