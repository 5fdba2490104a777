"""JSON Lines cut into blocks of whole lines: a line end is never inside a record, as JSON writes it escaped."""

from __future__ import annotations

from collections.abc import Iterator

from xentcli.sources.files.input_file import InputFile
from xentcli.sources.text_blocks import BLOCK_BYTES, LONGEST_RECORD, Block, BlockReader, Data

BLANK = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LineReader(BlockReader):
    """Cuts a file into blocks after line ends; blank lines are left to the next block, and at the end away."""

    def __init__(self, file: InputFile, block_bytes: int = BLOCK_BYTES) -> None:
        super().__init__(file, block_bytes)
        if not self.carry:
            # Of text that is decoded first, nothing may have been read yet.
            self.fill(1)
        if self.carry.startswith(_BYTE_ORDER_MARK):
            self.carry = self.carry[len(_BYTE_ORDER_MARK) :]
            file.consumed += len(_BYTE_ORDER_MARK)

    def first_lines(self) -> list[bytes]:
        """Return the whole lines at the start of the file, about as many as a block has; they are read again."""
        size = self.block_bytes
        while True:
            self.fill(size)
            self._refuse_endless()
            end = self.carry.rfind(b"\n") + 1
            if end or self.ended:
                return bytes(self.carry[: end or None]).split(b"\n")
            size = 2 * len(self.carry)

    def blocks(self) -> Iterator[Block]:
        """Yield the file from where it is, every line with its end."""
        size = self.block_bytes
        while True:
            self.fill(size)
            self._refuse_endless()
            if self.ended:
                body = self.carry.rstrip(BLANK)
                rest = self.take(len(self.carry))
                if body:
                    yield rest._replace(data=body + b"\n")
                return
            cut = _last_end(self.carry)
            if cut:
                yield self.take(cut)
                size = self.block_bytes
                continue
            size = 2 * len(self.carry)

    def _refuse_endless(self) -> None:
        """Raise DataError where the next line, or the blank ones before it, are too long."""
        if len(self.carry) <= LONGEST_RECORD:
            return
        start = self.carry[:LONGEST_RECORD]
        blank = not start.strip(BLANK)
        if b"\n" in start and not blank:
            return
        size = f"{LONGEST_RECORD >> 20} MiB"
        problem = f"there are {size} of blank lines" if blank else f"a record is longer than {size}: it has no line end"
        error = self.file.error(problem)
        error.line = self.line
        raise error


def _last_end(data: Data) -> int:
    r"""Return where the last whole line that is not blank ends, 0 where there is none.

    >>> _last_end(b"{}\n\n{"), _last_end(b"{}")
    (3, 0)
    """
    held = len(data[: data.rfind(b"\n") + 1].rstrip(BLANK))
    return data.index(b"\n", held) + 1 if held else 0
