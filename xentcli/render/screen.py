"""Where text will be read: streams and terminal-ness are values, so that every renderer can be tested with any."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Screen:
    """width: columns of a terminal, None where it is none (nothing is then cut or wrapped). color: escape sequences
    are welcome. unicode: box-drawing characters and the like can be written.
    """

    width: int | None = None
    color: bool = False
    unicode: bool = True

    @classmethod
    def of(cls, stream: TextIO | None, environment: Mapping[str, str]) -> Screen:
        """Return what a stream is. NO_COLOR (not empty) and TERM=dumb turn colour off, FORCE_COLOR turns it on."""
        terminal = stream is not None and stream.isatty()
        color = terminal and environment.get("TERM") != "dumb"
        if environment.get("FORCE_COLOR"):
            color = True
        if environment.get("NO_COLOR"):
            color = False
        encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
        return cls(_width(environment) if terminal else None, color, encoding.startswith("utf"))


def _width(environment: Mapping[str, str]) -> int:
    asked = environment.get("COLUMNS", "")
    columns = int(asked) if asked.isdigit() and int(asked) > 0 else 0
    if not columns:
        try:
            columns = os.get_terminal_size(1).columns
        except OSError:
            columns = shutil.get_terminal_size().columns
    return max(columns, _NARROWEST)
