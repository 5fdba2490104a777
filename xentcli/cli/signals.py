"""SIGINT and SIGTERM: each is raised in the main thread, so that what is half written is removed on the way out."""

from __future__ import annotations

import signal
from types import FrameType

_ASKED: list[BaseException] = []


class Terminated(BaseException):
    """SIGTERM arrived."""


def listen() -> None:
    """Let both end the process; an interrupt that whoever started it lets it ignore stays ignored."""
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def heed() -> None:
    """Raise again what was asked for and got lost: libraries in C that are being loaded drop what is raised in them."""
    if _ASKED:
        raise _ASKED[0]


def _terminate(number: int, frame: FrameType | None) -> None:
    _end(Terminated())


def _interrupt(number: int, frame: FrameType | None) -> None:
    _end(KeyboardInterrupt())


def _end(asked: BaseException) -> None:
    """Raise it, and let no second signal break into the removal of what is half written."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _ASKED.append(asked)
    raise asked
