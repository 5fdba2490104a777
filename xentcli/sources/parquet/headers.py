"""The header of a Parquet page, as Thrift's compact protocol has it: how large the page is and what it unpacks to."""

from __future__ import annotations

import re
from typing import NamedTuple

_I32, _LIST, _SET, _MAP, _STRUCT = 5, 9, 10, 11, 12
_BOOLEANS = (1, 2)
# Of the values of other types: integers, whose length they say themselves; text, that says its; and these.
_INTEGERS, _TEXT = (4, 5, 6), 8
_FIXED = {3: 1, 7: 8, 13: 16}
_UNPACKED, _PACKED = 2, 3
_DEEPEST = 16
_HIGHEST_FIELD = 1000


def _kind(*kinds: int) -> bytes:
    """Return a pattern of the byte that a field of one of these types begins with, after one of a lower number."""
    return b"[" + b"".join(b"\\x%x%x" % (step, kind) for step in range(1, 16) for kind in kinds) + b"]"


# What most headers are: type and sizes, and then numbers, truth values, texts of 4 or 8 bytes, and structs of such in
# structs of such. In one go, as a file may have a hundred thousand. After the third field none is a size again.
_NUMBER = rb"[\x80-\xff]{0,4}+[\x00-\x7f]"
_PLAIN = rb"|".join((_kind(*_INTEGERS) + _NUMBER, _kind(_TEXT) + rb"(?:\x08.{8}|\x04.{4})", _kind(*_BOOLEANS)))
_INNER = rb"(?:%s|%s(?:%s)*+\x00)*+\x00" % (_PLAIN, _kind(_STRUCT), _PLAIN)
_USUAL = re.compile(
    rb"\x15[\x00-\x0f]\x15(%s)\x15(%s)(?:%s|%s%s)*+\x00" % (_NUMBER, _NUMBER, _PLAIN, _kind(_STRUCT), _INNER), re.DOTALL
)


class BadHeaderError(Exception):
    """What should be a header is none."""


class PageHeader(NamedTuple):
    """A header: the bytes of its page, what they unpack to, and where it ends."""

    packed: int
    unpacked: int
    end: int


def page_header(data: bytes, at: int) -> PageHeader:
    r"""Return the header that begins at a place.

    Raises IndexError where the data end before it does, and BadHeaderError.

    >>> page_header(b"\x15\x00\x15\x50\x15\x3c\x1c\x15\x0a\x00\x00...", 0)
    PageHeader(packed=30, unpacked=40, end=11)
    """
    if (found := _USUAL.match(data, at)) is not None:
        return PageHeader(_signed(_joined(found[2])), _signed(_joined(found[1])), found.end())
    sizes = {_UNPACKED: 0, _PACKED: 0}
    field = 0
    while byte := data[at]:
        field, kind, at = _field(data, at, byte, field)
        if not 0 <= field <= _HIGHEST_FIELD:
            # Readers cut a number to 16 bits, of which a size could be made.
            raise BadHeaderError
        if kind == _I32 and field in sizes:
            value, at = _varint(data, at)
            sizes[field] = _signed(value)
        else:
            at = _after(data, at, kind, 0)
    return PageHeader(sizes[_PACKED], sizes[_UNPACKED], at + 1)


def _joined(raw: bytes) -> int:
    """Return the number that bytes of seven bits each are, the lowest first."""
    number = 0
    for at, byte in enumerate(raw):
        number |= (byte & 127) << 7 * at
    return number


def _signed(number: int) -> int:
    """Return a number of 32 bits whose sign is its last bit."""
    number &= 0xFFFFFFFF
    return (number >> 1) ^ -(number & 1)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    start = at
    while data[at] & 128:
        at += 1
    if at - start > 9:
        raise BadHeaderError
    return _joined(data[start : at + 1]), at + 1


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return how many bytes or items follow, and where they begin."""
    number, at = _varint(data, at)
    if number >= 1 << 31:
        # Readers cut it to 32 bits.
        raise BadHeaderError
    return number, at


def _field(data: bytes, at: int, byte: int, before: int) -> tuple[int, int, int]:
    """Return the number of a field, its type, and where its value begins."""
    if byte >> 4:
        return before + (byte >> 4), byte & 15, at + 1
    number, at = _varint(data, at + 1)
    return (number >> 1) ^ -(number & 1), byte & 15, at


def _after(data: bytes, at: int, kind: int, depth: int) -> int:
    """Return where the value of a field ends."""
    if kind == _TEXT:
        length, at = _length(data, at)
        return at + length
    if kind in _INTEGERS:
        while data[at] & 128:
            at += 1
        return at + 1
    if kind == _STRUCT and depth < _DEEPEST:
        while byte := data[at]:
            # Most have the number of the one before and some more in the same byte as the type.
            at += 1
            if byte < 16:
                _, at = _varint(data, at)
            at = _after(data, at, byte & 15, depth + 1)
        return at + 1
    if kind in _BOOLEANS:
        return at
    if kind in _FIXED:
        return at + _FIXED[kind]
    if kind in {_LIST, _SET, _MAP} and depth < _DEEPEST:
        return _after_many(data, at, kind, depth + 1)
    raise BadHeaderError


def _after_many(data: bytes, at: int, kind: int, depth: int) -> int:
    """Return where a list, a set or a map ends."""
    count = data[at] >> 4
    kinds = [data[at] & 15]
    if kind == _MAP:
        count, at = _length(data, at)
        kinds = [data[at] >> 4, data[at] & 15] if count else []
        at += 1 if count else 0
    elif count == 15:
        count, at = _length(data, at + 1)
    else:
        at += 1
    for _ in range(count):
        for each in kinds:
            # In them, a boolean is a byte of its own.
            at = at + 1 if each in _BOOLEANS else _after(data, at, each, depth)
            if at > len(data):
                raise IndexError
    return at
