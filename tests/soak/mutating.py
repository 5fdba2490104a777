"""Bytes changed at random by a seed: flipped, cut, moved, doubled, and what readers of text stumble over put in."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

# What quoting, decoding, numbers, JSON, TOML, terminals and logs each take for something else.
TOKENS = (
    *(b",", b'"', b'""', b"'", b"\\", b"\n", b"\r", b"\r\n", b"\t", b";", b" ", b"#", b"=", b"\0", b"\x1a"),
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\xa0"),
    *(b"\x1b[2J", b"\x1b]0;x\x07", b"::error::x", b"\n::error::x\n", b"##[error]x", b"[red]", b":skull:"),
    *(b"nan", b"NaN", b"inf", b"-inf", b"Infinity", b"1e400", b"1e-400", b"-0.0", b"0x1", b"1_0", b"9" * 400, b"%"),
    *(b"null", b"true", b"False", b"NA", b"None", b"{", b"}", b"[", b"]", b"{}", b"[[", b":", b'"a":1,', b"[" * 3000),
    *(b"[eval]\n", b"a.b = 1\n", b'"""', b"2020-01-01", b"PAR1", b"\x1f\x8b", b"BZh9", b"PK\x03\x04", b"x" * 5000),
)
NUMBERS = (
    *(b"0", b"1", b"-1", b"0.5", b"1.0", b"2", b"1e-7", b"1.0000001", b"1.1", b"-1e-9", b"-1e-5", b"1e308", b"5e-324"),
    *(b"1e-320", b"9007199254740993", b"18446744073709551616", b".5", b"5.", b"+0.5", b"5E-1", b"00.5", b"1e5", b"-0"),
)
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def mutated(data: bytes, rng: Random) -> bytes:
    """Return the bytes with one to four changes; now and then with none."""
    raw = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 4))):
        rng.choice(_CHANGES)(raw, rng)
    return bytes(raw)


def _place(raw: bytearray, rng: Random) -> int:
    return rng.randrange(len(raw) + 1)


def _flip(raw: bytearray, rng: Random) -> None:
    for _ in range(rng.choice((1, 1, 1, 3))):
        if raw:
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)


def _overwrite(raw: bytearray, rng: Random) -> None:
    at = _place(raw, rng)
    raw[at : at + 1] = bytes([rng.randrange(256)])


def _cut_end(raw: bytearray, rng: Random) -> None:
    del raw[max(0, len(raw) - rng.choice((1, 2, rng.randrange(40), rng.randrange(len(raw) + 1)))) :]


def _cut_start(raw: bytearray, rng: Random) -> None:
    del raw[: rng.choice((1, 2, rng.randrange(40)))]


def _remove(raw: bytearray, rng: Random) -> None:
    at = _place(raw, rng)
    del raw[at : at + rng.choice((1, 1, 2, 4, 20))]


def _double(raw: bytearray, rng: Random) -> None:
    at = _place(raw, rng)
    raw[at:at] = raw[at : at + rng.choice((1, 2, 8, 30))]


def _move(raw: bytearray, rng: Random) -> None:
    at, length = _place(raw, rng), rng.choice((1, 3, 10, 60))
    part = raw[at : at + length]
    del raw[at : at + length]
    to = _place(raw, rng)
    raw[to:to] = part


def _splice(raw: bytearray, rng: Random) -> None:
    at, to, length = _place(raw, rng), _place(raw, rng), rng.choice((1, 5, 25))
    raw[to : to + length] = raw[at : at + length]


def _token(raw: bytearray, rng: Random) -> None:
    at = _place(raw, rng)
    raw[at : at + rng.choice((0, 0, 1, 3))] = rng.choice(TOKENS)


def _number(raw: bytearray, rng: Random) -> None:
    found = list(_NUMBER.finditer(raw))
    if found:
        one = rng.choice(found)
        raw[one.start() : one.end()] = rng.choice((*NUMBERS, repr(rng.random()).encode()))


def _lines(raw: bytearray, rng: Random) -> None:
    """Remove a line, double it, or put it elsewhere."""
    lines = raw.split(b"\n")
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.choice((0, 1, 2))):
        lines.insert(rng.randrange(len(lines) + 1), line)
    raw[:] = b"\n".join(lines)


_CHANGES: tuple[Callable[[bytearray, Random], None], ...] = (
    *(_flip, _overwrite, _cut_end, _cut_start, _remove, _double, _move, _splice, _lines),
    *(_token, _token, _number, _number, _number),
)
