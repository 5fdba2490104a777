"""What is refused before memory is taken for it, and how that is said; docs/limits.md has the reasons."""

from __future__ import annotations

# Columns, fields of a JSON record and numbers of a list: each is a class, of which every statistic holds sums.
MOST_COLUMNS = 250_000
# Values of one JSON record, in whatever lists and objects: as Python objects they take 100 bytes each.
MOST_VALUES = 4 * MOST_COLUMNS
# Bytes of a label, of a key and of a value of a slice.
LONGEST_TEXT = 4096

_NOT_MEANT = "Is this the column that is meant? A short name or a hash in the place of each text is as good."


def byte_length(text: str) -> int:
    """Return how many bytes a text has as UTF-8; of a short one, at most `LONGEST_TEXT`.

    >>> byte_length("é" * 4000), byte_length("x" * 5000)
    (8000, 5000)
    """
    if 4 * len(text) <= LONGEST_TEXT:
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def text_too_long(size: int, noun: str) -> tuple[str, str]:
    """Return what is wrong with a label, key or slice's value of so many bytes, and a hint.

    >>> text_too_long(50_000_000, "label")[0]
    'the label has 50,000,000 bytes; labels, keys and values of slices have at most 4,096'
    """
    rule = f"labels, keys and values of slices have at most {LONGEST_TEXT:,}"
    return f"the {noun} has {size:,} bytes; {rule}", _NOT_MEANT


def list_too_long(size: int) -> tuple[str, str]:
    """Return what is wrong with a list of so many elements, and a hint."""
    problem = f"the list has {size:,} elements, and {MOST_COLUMNS:,} are the most"
    return problem, "A list of predictions or labels has one number for each class. Is this the column that is meant?"


def columns_too_many(most: int = MOST_COLUMNS, noun: str = "columns") -> tuple[str, str]:
    """Return what is wrong with a file of more columns than are read, and a hint."""
    problem = f"it has more than {most:,} {noun}"
    return problem, "Was the table transposed, or has it another delimiter? Rows are cases, columns are classes."
