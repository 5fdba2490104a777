"""What readers of formats ask of a file that is no file of this machine's: whether it can be read, and where it is."""

from __future__ import annotations

import io


class ReadOnly(io.RawIOBase):
    """Bytes that can be read from any place. `seek` and what reads are left to each; both keep `_at`."""

    _at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._at
