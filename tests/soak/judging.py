"""What a file that was changed holds, read a second time by the standard library, and what xent had to make of it.

Only asked where xent said a number: then whatever it took as valid must be so by these rules, too, and the number the
reference evaluator's. Parquet is read by pyarrow, in a child, with the checksums of its pages checked.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reference.comparing import scale_of, section_differences
from reference.evaluator import Settings, evaluate

from soak.forking import forked

Columns = Mapping[str, Sequence[Any]]
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_POINT_ZERO = re.compile(r"[+-]?[0-9]+(\.0+)", re.ASCII)
_WHOLE = 2**53


class Written(float):
    """A number of JSON with the text that it was written as."""

    text: str


def _written(text: str) -> Written:
    number = Written(text)
    number.text = text
    return number


class UnreadableError(Exception):
    """What xent took as valid is not."""


@dataclass(frozen=True)
class Asked:
    """The options of a run, as the judge needs them: which columns are what, and the settings."""

    pred: tuple[str, ...]
    classes: tuple[str, ...]
    label: str = "label"
    on: str | None = None
    ordered: str = "id"
    weight: str | None = None
    settings: Settings = field(default_factory=lambda: Settings(n_classes=3))


def read_csv(data: bytes) -> Columns:
    """Return the columns of a CSV file as text."""
    # Nothing is turned into another character: what is not UTF-8 may stand where no option looks.
    text = data.decode("utf-8-sig", "surrogateescape")
    csv.field_size_limit(1 << 24)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise UnreadableError(f"csv: {error}") from error
    while records and not records[-1]:
        records.pop()
    return _table(records[0], records[1:]) if records else {}


def _table(header: Sequence[str], records: Sequence[Sequence[Any]]) -> Columns:
    if any(len(record) != len(header) for record in records):
        raise UnreadableError("records of other lengths than the header")
    if len(set(header)) < len(header):
        raise UnreadableError("two columns of one name")
    return {name: [record[at] for record in records] for at, name in enumerate(header)}


def read_json_lines(data: bytes, wanted: Collection[str] | None = None) -> Columns:
    """Return the fields of the first record, from every record. What is not wanted may be twice in a later one."""

    def refuse(constant: str) -> None:
        raise UnreadableError(f"{constant} is not JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        names = [name for name, _ in pairs if wanted is None or name in wanted]
        if len(set(names)) < len(names):
            raise UnreadableError("a name twice in a record")
        return held

    try:
        lines = [line for line in data.decode("utf-8-sig").split("\n") if line.strip()]
        records = [
            json.loads(line, parse_constant=refuse, object_pairs_hook=once, parse_float=_written) for line in lines
        ]
    except ValueError as error:
        raise UnreadableError(f"json: {error}") from error
    if not all(isinstance(record, dict) for record in records):
        raise UnreadableError("a record is no object")
    return {name: [record.get(name) for record in records] for name in (records[0] if records else ())}


def read_gzip(data: bytes) -> Columns:
    """Return the columns of a compressed CSV file."""
    try:
        return read_csv(gzip.decompress(data))
    except (OSError, EOFError) as error:
        raise UnreadableError(f"gzip: {error}") from error


def read_parquet(path: str, names: Sequence[str]) -> Columns:
    """Return columns of a Parquet file as plain values, those that are there."""

    def work() -> int:
        import pyarrow.parquet as pq

        file = pq.ParquetFile(path, page_checksum_verification=True)
        here = [name for name in names if name in file.schema_arrow.names]
        table = file.read(columns=here, use_threads=False)
        print(json.dumps({name: [_plain(value) for value in table[name].to_pylist()] for name in here}))
        return 0

    ran = forked(work)
    if ran.code != 0:
        raise UnreadableError(f"pyarrow, exit code {ran.code}: {ran.stderr.decode(errors='replace')[-300:]}")
    held: Columns = json.loads(ran.stdout)
    return held


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def number(value: Any) -> float:
    """Return what a cell or field that holds a number is."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value.strip(" \t")):
            raise UnreadableError(f"{value[:50]!r} is no number")
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError(f"{value!r} is no number")
    try:
        found = float(value)
    except OverflowError as error:
        raise UnreadableError(f"{value!r} is beyond float64") from error
    if not math.isfinite(found):
        raise UnreadableError(f"{value!r} is not finite")
    return found


def underflows(value: Any) -> bool:
    """Say whether a number is 0 as float64 alone, which is counted as a value that was snapped."""
    text = value if isinstance(value, str) else getattr(value, "text", "")
    return bool(re.search("[1-9]", re.split("[eE]", text)[0])) and number(value) == 0.0


def text_of(value: Any) -> str:
    """Return the text that a label or key is compared by."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == int(value) and abs(value) <= _WHOLE:
        value = int(value)
    if not isinstance(value, int | str) or value == "":
        raise UnreadableError(f"{value!r} is no label and no key")
    text = str(value)
    return text.lower() if text.lower() in {"true", "false"} else text


def differences(result: Mapping[str, Any], predictions: Columns, labels: Columns, asked: Asked) -> list[str]:
    """Return a line for each figure of a result that is not the reference's, of what these columns hold.

    Raises UnreadableError for columns that xent should not have taken.
    """
    rows, indices, weights = _rows(predictions, labels, asked)
    given = None if asked.weight is None else weights
    # What sums are rounded by is never an error.
    settings = replace(asked.settings, sum_tolerance=asked.settings.sum_tolerance + 1e-12)
    try:
        overall, classes = evaluate(rows, indices, given, settings)
        scale = scale_of(rows, indices, given, settings)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(f"the reference: {error}") from error
    small = sum(underflows(predictions[name][at]) for name in asked.pred for at, w in enumerate(weights) if w)
    overall["snapped_values"] = int(overall["snapped_values"] or 0) + small
    found = section_differences(result["overall"], overall, scale, overall)
    for one, wanted in zip(result["classes"], classes, strict=True):
        found += [f"class {one['class']!r}: {line}" for line in section_differences(one, wanted, scale, overall)]
    return found


def _rows(predictions: Columns, labels: Columns, asked: Asked) -> tuple[list[list[float]], list[int], list[float]]:
    """Return values by class, label indices and weights, row by row of PREDICTIONS."""
    for name in asked.pred:
        _there(predictions, name)
    of_labels = _there(labels, asked.label)
    count = len(predictions[asked.pred[0]])
    order = list(range(len(of_labels)))
    if asked.on is not None:
        keys = [text_of(value) for value in _there(labels, asked.on)]
        found = {key: at for at, key in enumerate(keys)}
        wanted = [text_of(value) for value in _there(predictions, asked.on)]
        if len(found) < len(keys) or sorted(wanted) != sorted(keys):
            raise UnreadableError("the keys of the two inputs are not the same, each once")
        order = [found[key] for key in wanted]
    elif labels is not predictions and asked.ordered in predictions and asked.ordered in labels:
        sides = [_there(side, asked.ordered) for side in (predictions, labels)]
        # Columns of other types, and of numbers that are not whole, say nothing of the order of rows.
        if all(type(value) in {int, str} and not _is_fraction(value) for side in sides for value in side):
            first, second = ([text_of(value) for value in side] for side in sides)
            if first != second:
                raise UnreadableError(f"{asked.ordered} differs")
    if len(order) != count:
        raise UnreadableError(f"{count} predictions, {len(order)} labels")
    rows = [[number(predictions[name][at]) for name in asked.pred] for at in range(count)]
    texts = _labels([of_labels[at] for at in order], asked)
    weights = [1.0] * count
    if asked.weight is not None:
        weights = [number(value) for value in _there(labels, asked.weight)]
        weights = [weights[at] for at in order]
    return rows, [asked.classes.index(text) for text in texts], weights


def _is_fraction(value: Any) -> bool:
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value)) and bool(set(value) & set(".eE"))


def _labels(values: Sequence[Any], asked: Asked) -> list[str]:
    """Return the class of each label, by the rules that names of columns have: whole, or without what they share."""
    texts = [text_of(value) for value in values]
    ends = {match[1] if (match := _POINT_ZERO.fullmatch(text)) else "" for text in texts}
    if len(ends) == 1 and ends != {""}:
        texts = [text.removesuffix(next(iter(ends))) for text in texts]
    if set(texts) <= set(asked.classes):
        return texts
    if len(asked.pred) > 1 and set(texts) <= set(asked.pred):
        return [asked.classes[asked.pred.index(text)] for text in texts]
    raise UnreadableError(f"labels {sorted(set(texts) - set(asked.classes))[:3]!r} are no classes")


def _there(columns: Columns, name: str) -> Sequence[Any]:
    if name not in columns:
        raise UnreadableError(f"there is no column {name!r}")
    return columns[name]


def of_options(held: Mapping[str, Any], asked: Asked) -> Asked | None:
    """Return what is asked with the options of a TOML file; None where it holds others than the judge knows."""
    if "tool" in held:
        held = held["tool"].get("xent", {})
    own = held.get("eval", {})
    held = {**{key: value for key, value in held.items() if key not in {"eval", "inspect"}}, **own}
    if not held.keys() <= {"clip", "unit", "confidence", "label-smoothing", "sum-tolerance", "weight", "top", "sort"}:
        return None
    settings = replace(
        asked.settings,
        confidence=float(held.get("confidence", asked.settings.confidence)),
        label_smoothing=float(held.get("label-smoothing", 0.0)),
        sum_tolerance=float(held.get("sum-tolerance", asked.settings.sum_tolerance)),
    )
    clip = held.get("clip", "default")
    if clip != "default":
        settings = replace(settings, clip=None if clip == "none" else float(clip))
    settings = replace(settings, unit=held.get("unit", "nats"))
    return replace(asked, settings=settings, weight=held.get("weight"))
