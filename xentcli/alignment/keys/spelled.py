"""Keys as they are compared and as they are shown: columns together, texts of them, booleans in lower case."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xentcli.alignment.keys.decimals import from_integers
from xentcli.alignment.keys.store import key_hashes
from xentcli.alignment.keys.table import Keys
from xentcli.alignment.keys.texts import equal_rows, joined
from xentcli.sources.base import Strings, Texts


def keys_of(columns: Sequence[Keys]) -> Keys:
    """Return the key of each row: of one column, or of several together."""
    if len(columns) == 1:
        return columns[0]
    return joined([column if isinstance(column, Strings) else from_integers(column) for column in columns])


def texts_of(keys: Keys) -> Texts:
    """Return keys as codes into their distinct texts.

    >>> texts = texts_of(np.array([7, 8, 7]))
    >>> texts.values, texts.codes.tolist()
    (['7', '8'], [0, 1, 0])
    """
    _, firsts, codes = np.unique(key_hashes(keys), return_index=True, return_inverse=True)
    values = [key_text(keys, row) for row in firsts.tolist()]
    if isinstance(keys, Strings) and not equal_rows(keys, np.arange(len(keys)), keys, firsts[codes]).all():
        # Two texts of one hash, which nobody will ever see: one by one.
        numbers: dict[str, int] = {}
        texts = [key_text(keys, row) for row in range(len(keys))]
        codes = np.array([numbers.setdefault(text, len(numbers)) for text in texts])
        values = list(numbers)
    return Texts(codes, values)


def folded(strings: Strings) -> Strings:
    """Return texts in lower case (ASCII), as they are compared with booleans."""
    upper = (strings.data >= ord("A")) & (strings.data <= ord("Z"))
    return Strings(strings.offsets, np.where(upper, strings.data | np.uint8(0x20), strings.data))


def key_text(keys: Keys, row: int) -> str:
    """Return a key as it is shown: its text, or the texts of several columns."""
    return shown_key(raw_key(keys, row))


def raw_key(keys: Keys, row: int) -> str:
    """Return a key as it is compared, as text: what stands between several columns is the surrogate of its byte."""
    if not isinstance(keys, Strings):
        return str(int(keys[row]))
    raw = keys.data[keys.offsets[row] : keys.offsets[row + 1]].tobytes()
    return raw.decode("utf-8", "surrogateescape")


def shown_key(raw: str) -> str:
    r"""Return a key as it is shown.

    >>> shown_key("doc 7"), shown_key("a\udcffb")
    ('doc 7', 'a, b')
    """
    return raw.replace("\udcff", ", ")
