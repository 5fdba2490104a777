"""An earlier result in a file, to be compared with: what `xent eval -f json` wrote."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xentcli.errors import DataError
from xentcli.results.evaluation import SCHEMA_VERSION, EvalResult, Settings
from xentcli.results.figures import keys_of, value_in
from xentcli.results.metric_names import Metric, prefix
from xentcli.spec.option_files import read_small
from xentcli.text import listing, quote, show

# What makes losses incomparable, and how it is called. Classes and the kind of input are compared beside.
_SETTINGS = {
    "unit": "another unit",
    "clip": "another clip",
    "weight": "other weights",
    "weight_kind": "another kind of weights",
    "class_weight": "other class weights",
    "label_smoothing": "another label smoothing",
    "cluster": "other clusters",
}
# What makes rows or figures differ and is said, but not refused.
_NOTED = {"renormalize": "--renormalize", "missing": "--missing", "ignore": "--ignore", "unmatched": "--unmatched"}
_LARGEST = int(sys.float_info.max)
_NEEDED = ("inputs", "settings", "overall", "classes", "infinite")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A result that was read: its parts as plain data, and its figures by the names of their metrics."""

    file: str
    inputs: Mapping[str, Any]
    settings: Mapping[str, Any]
    figures: Mapping[str, float | None]

    @property
    def by(self) -> tuple[str, ...]:
        """Return the columns of its slices."""
        return tuple(self.settings["by"])

    def figure(self, metric: Metric, option: str) -> tuple[float | None, str | None]:
        """Return a figure, and why it cannot be compared with (None where it can).

        Raises DataError for a metric that is not in it, and could not be.
        """
        if metric.name not in self.figures:
            if metric.kind == "slice" and self.by == tuple(column for column, _ in metric.of):
                return None, "the baseline has no such slice"
            if metric.kind == "class" and self.inputs["task"] == "label-only":
                return None, "the baseline has no rows of that class"
            raise DataError(f"{option} needs {quote(metric.name)}, which this baseline does not have", file=self.file)
        value = self.figures[metric.name]
        rows = f"{prefix(metric.kind, metric.of)}rows" if metric.kind == "class" else None
        if rows is not None and self.figures[rows] == 0 and metric.key != "rows":
            return value, "the class has no rows in the baseline"
        if metric.key == "macro_loss" and self._classes_missing(metric):
            return value, "in the baseline not all classes have rows"
        if value is None:
            return None, "it is undefined in the baseline"
        return value, "it is infinite in the baseline" if math.isinf(value) else None

    def _classes_missing(self, metric: Metric) -> bool:
        met = self.figures.get(metric.name.removesuffix("macro_loss") + "macro_classes")
        return met is not None and met < len(self.inputs["classes"])


def load_baseline(path: str) -> Baseline:
    """Return the result in a file. Raises DataError for one that is no result of `xent eval`, or of a newer xent."""
    held = _read(path)
    command, version = held.get("command"), held.get("schema_version")
    if command != "eval" or "xent_version" not in held:
        what = (
            f"it is of xent {show(command)}" if isinstance(command, str) and "xent_version" in held else "it is not one"
        )
        raise _no_result(path, what)
    if type(version) is not int or version < 1:
        raise _no_result(path, "its schema_version is no whole number from 1 up")
    if version > SCHEMA_VERSION:
        problem = f"the baseline has schema version {version}, and this xent knows them up to {SCHEMA_VERSION}"
        raise DataError(problem, file=path, hint="A newer xent wrote it; use that one, or make the baseline anew.")
    missing = [name for name in _NEEDED if name not in held]
    if missing:
        raise _no_result(path, f"it has no {quote(missing[0])}")
    try:
        return Baseline(path, _inputs(held["inputs"]), _settings(held["settings"]), dict(_figures(held)))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        name = f": {quote(str(error.args[0]))} is missing" if isinstance(error, KeyError) else ""
        raise _no_result(path, f"its parts are not what they should be{name}") from error


def _read(path: str) -> dict[str, Any]:
    try:
        text = read_small(path, "--baseline").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_result(path, "it is not valid UTF-8") from error
    try:
        held = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _no_result(path, f"it is not valid JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise _no_result(path, "it is nested too deeply") from error
    except ValueError as error:
        raise _no_result(path, f"it is not valid JSON: {show(str(error))}") from error
    if not isinstance(held, dict):
        raise _no_result(path, "it is not one")
    return held


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _no_result(path: str, why: str, line: int | None = None) -> DataError:
    hint = "Write one with xent eval ... -f json -o FILE."
    return DataError(f"--baseline takes a result of xent eval as JSON; {why}", file=path, line=line, hint=hint)


def _inputs(held: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in ("classes", "input", "task", "alignment", "on", "rows_fingerprint"):
        _ = held[name]
    classes = held["classes"]
    if not all(isinstance(name, str) for name in classes) or len(set(classes)) < len(classes):
        raise TypeError
    return held


def _settings(held: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in (*_SETTINGS, *_NOTED, "by", "per", "confidence"):
        _ = held[name]
    if not all(isinstance(name, str) for name in held["by"]):
        raise TypeError
    if type(held["confidence"]) is not float or not 0.0 < held["confidence"] < 1.0:
        raise TypeError
    return held


def _figures(held: Mapping[str, Any]) -> dict[str, float | None]:
    """Return every figure by the name of its metric; infinite ones, which are null in JSON, as inf."""
    infinite = set(held["infinite"])
    found: dict[str, float | None] = {}

    def take(kind: str, start: str, places: list[tuple[str, Mapping[str, Any]]]) -> None:
        for key in keys_of(kind):
            place, part = next(((place, part) for place, part in places if key in part), places[-1])
            if key not in part and not (key.startswith("loss_per_") and "loss_per" in part):
                # An older xent did not know it: only who asks for it misses it.
                continue
            value = value_in(part, key)
            inside = f"{place}.{key}".replace(".loss_per_", ".loss_per.")
            if value is None and inside in infinite:
                # The only one without a lower end.
                value = -math.inf if key == "skill" else math.inf
            found[start + key] = _number(value)

    take("overall", "", [("overall", held["overall"])])
    rows: Any = found["rows"]
    if type(rows) is not int or rows < 0 or (found["loss"] or 0.0) < 0.0:
        raise ValueError
    for at, entry in enumerate(held["classes"]):
        take("class", prefix("class", (entry["class"],)), [(f"classes.{at}", entry)])
    for at, one in enumerate(held.get("slices", ())):
        places = [(f"slices.{at}", one), (f"slices.{at}.overall", one["overall"])]
        take("slice", prefix("slice", one["by"].items()), places)
    return found


def _number(value: Any) -> float | None:
    """Return a figure. Raises TypeError or ValueError for what is none: a text, or a number beyond float64."""
    if value is None or (type(value) is float and not math.isnan(value)):
        return value
    if type(value) is not int:
        raise TypeError
    if abs(value) > _LARGEST:
        raise ValueError
    return value


def refuse_different(baseline: Baseline, settings: Settings | Mapping[str, Any], kind: str) -> None:
    """Raise DataError for a baseline whose losses mean something else than those with these settings and input kind."""
    here: Mapping[str, Any] = settings if isinstance(settings, Mapping) else _plain(settings)
    if baseline.inputs["input"] != kind:
        raise _different(baseline, "another input kind", baseline.inputs["input"], kind)
    for name, called in _SETTINGS.items():
        if name in here and baseline.settings[name] != here[name]:
            raise _different(baseline, called, baseline.settings[name], here[name])
    per, other = baseline.settings["per"], here.get("per")
    if per is not None and other is not None and per != other:
        raise _different(baseline, "another unit to count by (--per)", per, other)


def refuse_other_classes(baseline: Baseline, result: EvalResult) -> None:
    """Raise DataError for a baseline with other classes. Without prediction columns, classes are the labels met."""
    before, now = set(baseline.inputs["classes"]), set(result.inputs.classes)
    if before != now and result.inputs.task != "label-only":
        details = [
            f"{where}: {listing(sorted(names), 5)}"
            for where, names in (("only in the baseline", before - now), ("only here", now - before))
            if names
        ]
        raise DataError(
            "the baseline has other classes, so their losses do not compare", file=baseline.file, details=details
        )


def _different(baseline: Baseline, what: str, before: Any, now: Any) -> DataError:
    problem = f"the baseline has {what}: {_shown(before)}, and here it is {_shown(now)}"
    hint = "Losses that mean different things do not compare; make the baseline anew, or ask for the same here."
    return DataError(problem, file=baseline.file, hint=hint)


def _shown(value: Any) -> str:
    return "none" if value is None else quote(value if isinstance(value, str) else json.dumps(value))


def _plain(settings: Settings) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(settings)


def notes_on(baseline: Baseline, settings: Settings) -> tuple[str, ...]:
    """Return what else differs, in plain words: what changes rows or figures, but not what a loss means."""
    here = _plain(settings)
    notes = [
        f"{option} was {_shown(before)} for the baseline"
        for name, option in _NOTED.items()
        if _listed(before := baseline.settings[name]) != _listed(here[name])
    ]
    if settings.by and baseline.by != tuple(settings.by):
        notes.append("the baseline has no slices by " + listing(settings.by))
    return tuple(notes)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
