"""What is typed as what an option holds, without pydantic.

From 0.29 on typer has pydantic check every value, defaults too, of whatever type. To import pydantic and build a
checker an option takes longer than to import NumPy, and all that `xent` has are texts, choices and flags: numbers and
names are read by `values.py`, which words their errors. What is not so simple is left to typer, and everything is where
its parameters are not the ones known here.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import typer


class _Missing(typer.BadParameter):
    """A required argument that was not given."""

    def format_message(self) -> str:
        """Return typer's own words."""
        return f"Missing argument '{self.message}'."


def quicken(parameter: Any) -> Any:
    """Let a parameter of a command convert simple values itself; return it."""
    known = hasattr(parameter, "get_runtime_param") and hasattr(parameter, "type_descriptor")
    if known and "process_value" not in vars(parameter):
        parameter.process_value = _processor(parameter, parameter.process_value)
    return parameter


def _processor(parameter: Any, typers: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return what stands in for `process_value` of a parameter: convert, see that it is there, call back."""
    kind = parameter.type_descriptor.annotation

    def process(context: Any, value: Any) -> Any:
        if not _is_simple(kind, value):
            return typers(context, value)
        if value is None and parameter.required:
            raise _Missing(parameter.display_name_raw, ctx=context, param=parameter)
        if isinstance(value, str) and issubclass(kind, StrEnum):
            value = _choice(kind, value, context, parameter)
        return value if parameter.callback is None else parameter.callback(context, parameter, value)

    return process


def _is_simple(kind: Any, value: Any) -> bool:
    """Say whether a value of the command line, or a default, needs no more than is done here."""
    if value is None or (isinstance(value, bool) and kind is bool):
        return True
    if kind == list[str]:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and (kind is str or (isinstance(kind, type) and issubclass(kind, StrEnum)))


def _choice(kind: type[StrEnum], value: str, context: Any, parameter: Any) -> StrEnum:
    names = [str(choice) for choice in kind]
    if value not in names:
        choices = ", ".join(map(repr, names))
        raise typer.BadParameter(f"{value!r} is not one of {choices}.", ctx=context, param=parameter)
    return kind(value)
