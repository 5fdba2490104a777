"""Text in other encodings than UTF-8: told by its first bytes where it says so, and read as UTF-8."""

from __future__ import annotations

import codecs
from typing import NamedTuple, Protocol

_AT_ONCE = 1 << 20
_UTF8 = {"utf-8", "utf-8-sig"}
# The marks that text may begin with, the longer ones first, and the encodings in which they are one.
_MARKS = {
    b"\xff\xfe\x00\x00": ("UTF-32", "utf-32", "utf-32-le"),
    b"\x00\x00\xfe\xff": ("UTF-32", "utf-32", "utf-32-be"),
    b"\xff\xfe": ("UTF-16", "utf-16", "utf-16-le"),
    b"\xfe\xff": ("UTF-16", "utf-16", "utf-16-be"),
    b"\xef\xbb\xbf": ("UTF-8", "utf-8", "utf-8-sig"),
}
# How NULs lie in ASCII text of the encodings that have no mark.
_NULS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


class UndecodableError(Exception):
    """Bytes that mean nothing in the encoding."""


def plain(encoding: str | None) -> bool:
    """Say whether text in an encoding is read as it is: UTF-8, by whatever name."""
    return encoding is None or codecs.lookup(encoding).name in _UTF8


def told_by(head: bytes) -> tuple[str, str] | None:
    """Return what text is instead of UTF-8 and how to name that, by its first bytes; None if nothing says so.

    >>> told_by("a,b".encode("utf-16")), told_by("a,b".encode("utf-16-be")), told_by(b"a,b")
    (('UTF-16', 'utf-16'), ('UTF-16', 'utf-16-be'), None)
    """
    marked = _mark_of(head)
    if marked is not None:
        return None if marked[1] in _UTF8 else marked[:2]
    name = _NULS.get(tuple(byte == 0 for byte in head[:4]))  # type: ignore[arg-type]  # as many as there are
    return None if name is None else (name[:6].upper(), name)


class Contradiction(NamedTuple):
    """What speaks against an encoding, and what to do; `{option}` stands for the option that names it."""

    problem: str
    hint: str


_SAY_WHICH = "{option} says what it is, such as utf-16-le or utf-16-be."


def contradiction(head: bytes, encoding: str) -> Contradiction | None:
    """Return what speaks against an encoding in the first bytes of text, None if nothing does."""
    name = codecs.lookup(encoding).name
    marked = _mark_of(head)
    if marked is not None and name not in marked:
        return Contradiction(f"the text begins with the mark of {marked[0]}, which {encoding} is not", _SAY_WHICH)
    told = told_by(head)
    if marked is None and told is not None and name not in {told[1], told[1][:6]}:
        return Contradiction(f"the text is {told[0]}, not {encoding}", f"Use {{option}} {told[1]}.")
    if _has_other_line_ends(head, name):
        problem = f"the text is not {encoding}: read so, its line ends would be none"
        return Contradiction(problem, "Is it UTF-8? Then leave {option} away; otherwise it says what the text is.")
    if marked is None and name in {"utf-16", "utf-32"}:
        problem = f"the text does not begin with the mark of {name.upper()}: name the order of bytes too"
        return Contradiction(problem, _SAY_WHICH)
    return None


def _has_other_line_ends(head: bytes, name: str) -> bool:
    """Say whether line ends are written as in ASCII and not as an encoding has them: two bytes, or another one.

    A byte that looks like ASCII's line end may be half of a character of UTF-16, but not where no byte is 0: its
    delimiters would have one.
    """
    try:
        marks = "".encode(name)
        ends = ["\n".encode(name).removeprefix(marks), "\r".encode(name).removeprefix(marks)]
    except UnicodeError:
        return False
    return 0 not in head and (b"\n" in head or b"\r" in head) and not any(end in head for end in ends)


def _mark_of(head: bytes) -> tuple[str, str, str] | None:
    return next((names for mark, names in _MARKS.items() if head.startswith(mark)), None)


class Recoded:
    """Text in another encoding, as UTF-8, which may have three times as many bytes: what is too many is kept."""

    def __init__(self, inner: Readable, encoding: str) -> None:
        self.inner = inner
        self.encoding = encoding
        self.decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.taken = 0
        self.failure: UndecodableError | None = None
        self.held = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes of the text, none at the end.

        Raises UndecodableError, after all that is good was returned.
        """
        held = self.held or self._more(size)
        self.held = held[size:]
        return held[:size]

    def _more(self, size: int) -> bytes:
        """Return the text of the next bytes, at most `size` of them; none at the end."""
        while self.failure is None:
            data = self.inner.read(min(size, _AT_ONCE))
            text = self._decode(data)
            self.taken += len(data)
            if text or (not data and self.failure is None):
                # A half of a surrogate pair, which UTF-7 may spell, is refused where it is met, as no valid UTF-8.
                return text.encode("utf-8", "surrogatepass")
        raise self.failure

    def _decode(self, data: bytes) -> str:
        before = self.decoder.getstate()
        try:
            return self.decoder.decode(data, not data)
        except UnicodeError:
            self.decoder.setstate(before)
            return self._up_to_the_bad_one(data)

    def _up_to_the_bad_one(self, data: bytes) -> str:
        """Return the text before the bytes that mean nothing, and keep what to say about those."""
        good: list[str] = []
        fed = 0
        while self.failure is None:
            byte = data[fed : fed + 1]
            assert byte or fed == 0, "a decoder that fails at once fails byte by byte too"
            fed += 1
            try:
                good.append(self.decoder.decode(byte, not data))
            except UnicodeDecodeError as error:
                bad = error.object[error.start : error.end]
                at = self.taken + min(fed, len(data)) - len(error.object) + error.start
                shown = " ".join(f"{value:02x}" for value in bad)
                what = "is no character" if data else "ends in the middle of a character"
                self.failure = UndecodableError(
                    f"byte {at + 1:,} of the text ({shown} in hexadecimal) {what} in {self.encoding}"
                )
        return "".join(good)
