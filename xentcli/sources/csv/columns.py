"""The wanted columns of a CSV block, parsed by Arrow with every type stated and nothing inferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from xentcli.sources.arrow.buffers import plain_numbers, strings_column, text_column
from xentcli.sources.arrow.integer_texts import whole_or_texts
from xentcli.sources.base import Numbers, OrderValues, Piece, Role, Texts
from xentcli.sources.number_text import Writing
from xentcli.sources.text_blocks import Data

_FLOAT64 = np.dtype(np.float64)
_TYPES = {
    Role.NUMBER: pa.float64(),
    Role.SCORE: pa.float64(),
    Role.LABEL: pa.dictionary(pa.int32(), pa.utf8()),
    Role.NULLABLE: pa.dictionary(pa.int32(), pa.utf8()),
    Role.ORDER: pa.utf8(),
    Role.KEY: pa.utf8(),
}


class WantedColumns:
    """All columns of a file by name, and the roles of those that are wanted."""

    def __init__(self, names: Sequence[str], roles: Mapping[str, Role], writing: Writing) -> None:
        self.names = list(names)
        self.roles = roles
        self.types = {name: _TYPES[role] for name, role in roles.items()}
        self.writing = writing
        keys = [name for name, role in roles.items() if role is Role.KEY]
        # Several columns are one key as text.
        self._only_key = keys[0] if len(keys) == 1 else None

    def _parsed(self, data: Data) -> pa.Table:
        """Return the wanted columns of whole records, parsed on this thread."""
        return pacsv.read_csv(
            pa.BufferReader(data),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=self.names, block_size=len(data) + 1),
            parse_options=pacsv.ParseOptions(
                delimiter=self.writing.delimiter, ignore_empty_lines=False, newlines_in_values=b'"' in data
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=self.types,
                include_columns=list(self.types),
                null_values=[],
                strings_can_be_null=False,
                decimal_point=self.writing.decimal,
            ),
        )

    def read(self, data: Data) -> Piece:
        """Return the wanted columns of whole records. Raises ArrowInvalid or UnicodeDecodeError."""
        table = self._parsed(data)
        numbers: dict[str, Numbers] = {}
        labels: dict[str, Texts] = {}
        order: dict[str, OrderValues] = {}
        parts = table.to_batches()
        whole = parts[0].columns if len(parts) == 1 else [column.combine_chunks() for column in table.columns]
        columns = dict(zip(table.column_names, whole, strict=True))
        for name, kind in self.types.items():
            array = columns[name]
            if kind == _TYPES[Role.NUMBER]:
                numbers[name] = plain_numbers(array, _FLOAT64) if len(array) else np.zeros(0)
            elif kind == pa.utf8():
                strings = strings_column(array)
                order[name] = whole_or_texts(array, strings) if name == self._only_key else strings
            else:
                texts = text_column(array)
                labels[name] = _without_empty(texts) if self.roles[name] is Role.NULLABLE else texts
        return Piece(table.num_rows, numbers, labels, order)


def _without_empty(texts: Texts) -> Texts:
    """Return texts with code −1 for those that are empty, which are then not among the values."""
    if "" not in texts.values:
        return texts
    at = texts.values.index("")
    codes = np.where(texts.codes == at, -1, texts.codes - (texts.codes > at))
    return Texts(codes, [text for text in texts.values if text])
