"""How text files are written: delimiter, header, encoding, decimal sign."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.errors import UsageError
from xentcli.spec.checks import (
    refuse_bad_delimiter,
    refuse_bad_encoding,
)
from xentcli.text import quote

_TABS = {"tab", "\\t"}
_OPEN = ("delimiter", "header", "encoding", "decimal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the text files of one input are written.

    None means the default: a comma (a tab in .tsv), a header, UTF-8, a point; in what is said of LABELS alone it means
    as is said of both inputs.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        # As it is typed where nobody can type a tab.
        if self.delimiter in _TABS:
            object.__setattr__(self, "delimiter", "\t")

    def or_else(self, other: Dialect) -> Dialect:
        """Return this dialect with what it leaves open filled in from another."""
        return Dialect(
            **{name: value if (value := getattr(self, name)) is not None else getattr(other, name) for name in _OPEN}
        )

    def given(self) -> tuple[str, ...]:
        """Return the names of what is said, such as `delimiter`."""
        return tuple(name for name in _OPEN if getattr(self, name) is not None)

    def refuse_oddities(self, prefix: str) -> None:
        """Raise UsageError for a dialect that cannot be; `prefix` is what its options begin with."""
        refuse_bad_delimiter(f"{prefix}delimiter", self.delimiter)
        if self.decimal not in {None, ".", ","}:
            raise UsageError(f"{prefix}decimal is {quote(self.decimal or '')}; it takes '.' or ','")
        if self.encoding is not None:
            refuse_bad_encoding(f"{prefix}encoding", self.encoding)
