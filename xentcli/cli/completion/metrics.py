"""Names of metrics for gates, a part at a time: `loss=`, `class/`, `class/cat/`, `class/cat/recall=`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xentcli.cli.completion import files, paths
from xentcli.cli.completion.line import Line
from xentcli.results.figures import keys_of
from xentcli.results.metric_names import escaped

if TYPE_CHECKING:
    from xentcli.gates.baseline import Baseline


def next_parts(line: Line, start: str) -> list[str]:
    """Return what may follow the first parts of a metric's name, `start`, which is empty or ends in a slash.

    What ends in `/` goes on, what ends in `=` is a whole name. Classes and values of slices come from the baseline, or
    else from what the line says of classes. Raises what reading those files raises.
    """
    if not start:
        return [*_keys(line, "overall"), "class/", *(["slice/"] if _by(line) else [])]
    kind, *parts = start.removesuffix("/").split("/")
    if kind == "class":
        return _keys(line, "class") if parts else [f"{escaped(name)}/" for name in _classes(line)]
    by = _by(line)
    if kind != "slice" or not by:
        return []
    if len(parts) == 2 * len(by):
        return _keys(line, "slice")
    if len(parts) % 2 == 0:
        return [f"{escaped(by[len(parts) // 2])}/"]
    return _values(line, start)


def _keys(line: Line, kind: str) -> list[str]:
    """Return the keys of a kind; those that need --per only with it."""
    per = line.last("--per") is not None
    return [f"{key}=" for key in keys_of(kind) if per or not key.startswith("loss_per_")]


def _classes(line: Line) -> Iterable[str]:
    baseline = _baseline(line)
    return files.classes(line) if baseline is None else baseline.inputs["classes"]


def _by(line: Line) -> Sequence[str]:
    """Return the columns of slices: those of --by, or else of the baseline."""
    named = [name.removeprefix("predictions:").removeprefix("labels:") for name in files.names(line, "--by")]
    if named:
        return named
    baseline = _baseline(line)
    return () if baseline is None else baseline.by


def _values(line: Line, start: str) -> list[str]:
    """Return the values that slices of the baseline have after `start`."""
    baseline = _baseline(line)
    names = () if baseline is None else baseline.figures
    values = (name[len(start) :].partition("/")[0] for name in names if name.startswith(start))
    return [f"{value}/" for value in dict.fromkeys(values)]


def _baseline(line: Line) -> Baseline | None:
    """Return what --baseline holds; None where there is none, or it is no result."""
    path = line.last("--baseline")
    if path is None or not paths.is_file(path):
        return None
    from xentcli.errors import DataError
    from xentcli.gates.baseline import load_baseline

    try:
        return load_baseline(paths.expanded(path))
    except DataError:
        return None
