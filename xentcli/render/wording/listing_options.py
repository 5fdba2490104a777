"""Which classes and slices a report lists; the table, Markdown and CSV share it."""

from __future__ import annotations

from dataclasses import dataclass

SORTS = ("loss-share", "loss", "ratio", "rows", "name", "none")


@dataclass(frozen=True, slots=True)
class ListingOptions:
    """Which classes are listed: `top` of them, by `sort`; the rest are one row. slice_classes: those of slices, too.

    Of slices `top` are listed as well, always by the excess loss they carry. CSV has all, sorted.
    """

    sort: str = "loss-share"
    top: int = 20
    slice_classes: bool = False

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"sort is {self.sort!r}; it takes one of {', '.join(SORTS)}")
