"""When Python looks for garbage: not while a command starts, and not when it ends.

Importing makes some hundred thousand objects that live as long as the process. Looking through all of them, once in the
middle and again at the end, took a third of the time of a small run.
"""

from __future__ import annotations

import gc


def put_off() -> None:
    """Look for no garbage until `resume`: what is imported is none."""
    gc.disable()


def resume() -> None:
    """Look for garbage again, but no more in what was there before; nothing happens if it was not put off.

    Long runs make garbage like any other program, and are to stay as small.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def forget() -> None:
    """Leave everything to the end of the process, which gives all of it back at once."""
    gc.freeze()
