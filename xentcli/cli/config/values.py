"""Values in a file of options as the command line would give them: texts, switches, and lists of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from xentcli.cli.config.toml import Number, line_of
from xentcli.cli.summaries import SUMMARIES
from xentcli.errors import DataError
from xentcli.spec.choices import Bound
from xentcli.spec.parsing import join_names
from xentcli.text import nearest, quote

_LISTS = {"on", "by", "label", "pred", "classes"}
_NUMBERS = {
    *("clip", "sum-tolerance", "label-smoothing", "confidence"),
    *("jobs", "chunk-rows", "memory-limit", "top", "max-slices"),
}
_PATHS = {"baseline", "output"}
# On the command line alone: what says which file this is, and what is done instead of evaluating.
_NEVER = {"help", "config", "show-config", "verbose"}
_TYPES = {bool: "a switch", int: "a whole number", Number: "a number", str: "a text", list: "an array", dict: "a table"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a key stands, for what is said of it."""

    file: str
    text: str
    table: tuple[str, ...]
    key: str

    def error(self, problem: str, hint: str = "") -> DataError:
        """Return an error about the key, with its line."""
        line = line_of(self.text, (*self.table, self.key))
        return DataError(f"{self.key} {problem}", file=self.file, line=line, hint=hint)

    def wrong_type(self, value: Any, allowed: str) -> DataError:
        """Return the error for a value of a type that the option does not take."""
        return self.error(f"is {_TYPES.get(type(value), 'a date or time')}; it takes {allowed}")


def values_of(
    context: Any, file: str, text: str, table: tuple[str, ...], held: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """Return the values by the names of parameters, and where each stands. Raises DataError with file and line."""
    known = _options(context.command)
    values: dict[str, Any] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for inside, key, value in _entries(context, _Place(file, text, table, ""), held):
        place = _Place(file, text, inside, key)
        if key in _NEVER or key.upper() in {"PREDICTIONS", "LABELS"}:
            raise place.error("is given on the command line alone")
        if key not in known:
            _refuse_unknown(context, place, known)
            continue
        parameter = known[key]
        if value == [] and (parameter.multiple or key in _LISTS):
            continue
        values[parameter.name] = _converted(parameter, place, value)
        keys[parameter.name] = (*inside, key)
    return values, keys


def _entries(context: Any, top: _Place, held: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield the keys for this command with the tables that they are in: those for all commands, then its own."""
    own: Mapping[str, Any] = {}
    for key, value in held.items():
        if key not in SUMMARIES:
            yield top.table, key, value
        elif not isinstance(value, dict):
            raise _Place(top.file, top.text, top.table, key).wrong_type(value, "a table of options of that command")
        elif key == context.info_name:
            own = value
    yield from (((*top.table, str(context.info_name)), key, value) for key, value in own.items())


def _options(command: Any) -> dict[str, Any]:
    """Return the options of a command by the long name that comes first."""
    found = {}
    for parameter in command.params:
        long = [name for name in parameter.opts if name.startswith("--")]
        if long:
            found[long[0].removeprefix("--")] = parameter
    return found


def _refuse_unknown(context: Any, place: _Place, known: Iterable[str]) -> None:
    """Raise DataError for a key that no command has; one of another command is for that alone."""
    program = context.parent.command if context.parent is not None else None
    others = [program.get_command(context.parent, name) for name in program.commands] if program is not None else []
    everything = {name for command in others for name in _options(command)} | set(known)
    if place.key not in everything:
        hint = nearest(place.key, sorted(everything - _NEVER)) or "xent eval --help lists the options."
        raise DataError(
            f"{quote(place.key)} is no option",
            file=place.file,
            line=line_of(place.text, (*place.table, place.key)),
            hint=hint,
        )


def _converted(parameter: Any, place: _Place, value: Any) -> Any:
    """Return a value as the command line would give it."""
    for applies, convert in _CONVERTERS:
        if applies(parameter, place.key):
            return convert(parameter, place, value)
    return _text(parameter, place, value)


def _switch(parameter: Any, place: _Place, value: Any) -> bool:
    if not isinstance(value, bool):
        raise place.wrong_type(value, "true or false")
    return value


def _gates(parameter: Any, place: _Place, value: Any) -> list[str]:
    """Return gates: a table of limits by metric, or an array of METRIC=VALUE."""
    if isinstance(value, dict):
        for metric, limit in value.items():
            if isinstance(limit, bool) or not isinstance(limit, int | str):
                raise place.error(
                    f"holds {quote(metric)}, which is {_TYPES.get(type(limit), 'a date or time')}, no limit"
                )
        return [f"{metric}={limit}" for metric, limit in value.items()]
    if isinstance(value, list) and all(type(item) is str for item in value):
        return list(value)
    raise place.wrong_type(value, "a table of limits by metric, or an array of METRIC=VALUE")


def _several(parameter: Any, place: _Place, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if not all(type(item) in {str, int} for item in items):
        raise place.wrong_type(value, "a text or an array of texts")
    return [str(item) for item in items]


def _commas(parameter: Any, place: _Place, value: Any) -> str:
    """Return names as the command line has them, separated by commas."""
    if type(value) is str:
        return _at_file(place, value)
    if not isinstance(value, list) or not all(type(item) in {str, int} for item in value):
        raise place.wrong_type(value, "a text or an array of names")
    if not all(map(str, value)):
        raise place.error("has '' in it; names are not empty")
    return join_names(map(str, value))


def _weights(parameter: Any, place: _Place, value: Any) -> str:
    """Return class weights: a table of numbers by class, or a text."""
    if type(value) is str:
        return _at_file(place, value)
    if not isinstance(value, dict) or not all(type(item) in {int, Number} for item in value.values()):
        raise place.wrong_type(value, "a table of numbers by class, or a text")
    return join_names(f"{name}={weight}" for name, weight in value.items())


def _number(parameter: Any, place: _Place, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise place.wrong_type(value, "a number")
    return str(value)


def _choice(parameter: Any, place: _Place, value: Any) -> str:
    names = _names(parameter)
    if type(value) is not str:
        raise place.wrong_type(value, f"one of {', '.join(names)}")
    if value not in names:
        hint = nearest(value, names) or "A table with the name of a command, such as eval, holds options of that alone."
        raise place.error(f"is {quote(value)}; it takes one of {', '.join(names)}", hint)
    return value


def _text(parameter: Any, place: _Place, value: Any) -> str:
    if type(value) not in {str, int}:
        raise place.wrong_type(value, "a text")
    return str(value)


def _path(parameter: Any, place: _Place, value: Any) -> str:
    return _beside(place.file, _text(parameter, place, value))


def _at_file(place: _Place, value: str) -> str:
    return f"@{_beside(place.file, value[1:])}" if value.startswith("@") and value != "@" else value


def _beside(file: str, path: str) -> str:
    """Return a path that a file names, from where that file stands."""
    folder = Path(file).parent
    # A pipe, or the standard input under its name, stands nowhere.
    nowhere = str(folder).startswith(("/dev", "/proc")) or not Path(file).is_file()
    return path if nowhere or Path(path).is_absolute() or folder == Path() else str(folder / path)


def _names(parameter: Any) -> Sequence[str]:
    """Return the choices of an option, () for one that takes any text."""
    kind = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [str(choice) for choice in kind]
    return [str(choice) for choice in getattr(parameter.type, "choices", ())] if hasattr(parameter, "type") else ()


_CONVERTERS: tuple[tuple[Callable[[Any, str], bool], Callable[[Any, _Place, Any], Any]], ...] = (
    (lambda parameter, key: bool(parameter.is_flag), _switch),
    (lambda parameter, key: key in tuple(Bound), _gates),
    (lambda parameter, key: bool(parameter.multiple), _several),
    (lambda parameter, key: key in _LISTS, _commas),
    (lambda parameter, key: key == "class-weight", _weights),
    (lambda parameter, key: key in _NUMBERS, _number),
    (lambda parameter, key: key in _PATHS, _path),
    (lambda parameter, key: bool(_names(parameter)), _choice),
)
