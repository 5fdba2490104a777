"""What an inspection found, put together as texts: inputs and columns, classes and labels, rules, options, doubts.

Of very many columns, classes or labels the first 20 are listed; JSON has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from xentcli.render.wording.spelling import Spelling
from xentcli.results.inspection import Alignment, InspectedColumn, InspectedFile, InspectResult, Rules
from xentcli.text import count

SHOWN = 20
_PARTS_SHOWN = 3
_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
_UNITS = ("B", "kB", "MB", "GB", "TB")
_HIDDEN_SETTINGS = {"confidence", "brier_scale", "cluster", "positive"}


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of a list: its heading and one text a row. right: figures. note: what is least needed; spare: what is
    needed less than a name that can be read.
    """

    heading: str
    cells: tuple[str, ...]
    right: bool = False
    note: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its columns, which of its rows are left out of the evaluation, and what is not listed."""

    columns: tuple[Texts, ...]
    left_out: tuple[bool, ...]
    more: str


def file_facts(file: InspectedFile) -> list[str]:
    """Return what one input is."""
    facts = [
        _FORMATS.get(file.format, file.format),
        _rows(file),
        *([] if file.bytes is None else [_size(file.bytes)]),
        count(len(file.columns), "column"),
    ]
    if file.rows != file.sample_rows:
        facts.append(f"first {count(file.sample_rows, 'row')} read")
    return facts


def parts_text(file: InspectedFile, spelling: Spelling) -> str:
    """Return the parts of an input that has several."""
    if len(file.parts) < 2:
        return ""
    more = len(file.parts) - _PARTS_SHOWN
    first = ", ".join(map(spelling.path, file.parts[:_PARTS_SHOWN]))
    return f"{count(len(file.parts), 'part')}: {first}" + (f" and {more:,} more" if more > 0 else "")


def _rows(file: InspectedFile) -> str:
    if file.rows is not None:
        return count(file.rows, "row")
    return "unknown rows" if file.rows_estimate is None else f"{about(file.rows_estimate)} rows"


def about(number: int) -> str:
    """Return an estimate in words, with two significant digits.

    >>> about(1_234_567), about(45_678), about(950), about(2_500_000_000)
    ('about 1.2 million', 'about 46,000', 'about 950', 'about 2.5 billion')
    """
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if number >= size:
            return f"about {number / size:,.1f} {word}"
    step = max(1, 10 ** (len(str(number)) - 2))
    return f"about {round(number / step) * step:,}"


def _size(size: int) -> str:
    """Return a number of bytes with a unit that is easy to read.

    >>> _size(999), _size(13_804), _size(2_500_000_000)
    ('999 B', '13.8 kB', '2.5 GB')
    """
    value, at = float(size), 0
    while value >= 999.95 and at < len(_UNITS) - 1:
        value, at = value / 1000.0, at + 1
    return f"{size} B" if at == 0 else f"{value:.1f} {_UNITS[at]}"


def refused_columns(file: InspectedFile, spelling: Spelling) -> Listed:
    """Return the columns as they look where eval would refuse, and what each may be for."""
    shown = file.columns[:SHOWN]
    matched = ("" if column.labels_matched is None else f"{column.labels_matched:,}" for column in shown)
    columns = (
        Texts("column", tuple(spelling.name(column.name) for column in shown)),
        Texts("holds", tuple(column.holds or "" for column in shown)),
        Texts("from", tuple(_number(column.low) for column in shown), right=True, spare=True),
        Texts("to", tuple(_number(column.high) for column in shown), right=True, spare=True),
        Texts("labels matched", tuple(matched), right=True, spare=True),
        Texts("may be", tuple("" if column.role == "unused" else column.role for column in shown)),
        Texts("such as", tuple(", ".join(map(spelling.name, column.examples)) for column in shown), note=True),
    )
    return Listed(columns, (False,) * len(shown), _more(file.columns, "column"))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def columns_list(file: InspectedFile, spelling: Spelling) -> Listed:
    """Return the columns, those that are used first."""
    ordered = sorted(file.columns, key=lambda column: column.role == "unused")
    shown = ordered[:SHOWN]
    columns = (
        Texts("column", tuple(spelling.name(column.name) for column in shown)),
        Texts("type", tuple(spelling.name(column.type) for column in shown)),
        Texts("role", tuple(", ".join((column.role, *column.also)) for column in shown)),
        Texts("class", _names((column.class_ for column in shown), spelling)),
        Texts("why unused", tuple(spelling.message(column.why or "") for column in shown), note=True),
    )
    return Listed(columns, tuple(column.role == "unused" for column in shown), _more(ordered, "column"))


def _names(names: Iterable[str | None], spelling: Spelling) -> tuple[str, ...]:
    return tuple("" if name is None else spelling.name(name) for name in names)


def _more(everything: Sequence[object], noun: str, plural: str | None = None) -> str:
    """Return what is not listed."""
    rest = len(everything) - SHOWN
    if rest <= 0:
        return ""
    what = f"{rest:,} more {noun if rest == 1 else plural or noun + 's'}"
    if everything and isinstance(everything[0], InspectedColumn):
        roles: dict[str, int] = {}
        for column in everything[SHOWN:]:
            assert isinstance(column, InspectedColumn)
            roles[column.role] = roles.get(column.role, 0) + 1
        what += ": " + ", ".join(f"{number:,} {role}" for role, number in roles.items())
    return what


def classes_list(result: InspectResult, spelling: Spelling) -> Listed | None:
    """Return the classes in class order: what predicts them, what labels call them, their rows in the sample."""
    classes = () if result.rules is None else result.rules.classes
    if not classes:
        return None
    shown = classes[:SHOWN]
    columns = (
        Texts("class", tuple(spelling.name(one.class_) for one in shown)),
        Texts("prediction", tuple(_prediction(result, one.prediction, spelling) for one in shown)),
        Texts("label", _names((one.label for one in shown), spelling)),
        Texts("sample rows", tuple("" if one.rows is None else f"{one.rows:,}" for one in shown), right=True),
    )
    return Listed(columns, tuple(one.rows == 0 for one in shown), _more(classes, "class", "classes"))


def _prediction(result: InspectResult, column: str | None, spelling: Spelling) -> str:
    if column is not None:
        return spelling.name(column)
    return "the rest" if result.inputs is not None and result.inputs.task == "binary" else ""


def labels_list(result: InspectResult, spelling: Spelling) -> Listed | None:
    """Return the labels that are written in other ways than their classes, or left out."""
    if result.rules is None:
        return None
    called = {one.class_: one.label for one in result.rules.classes}
    labels = [one for one in result.rules.labels if one.label != called.get(one.class_ or "") or one.left_out]
    if not labels:
        return None
    shown = labels[:SHOWN]
    meanings = ((one.left_out, one.class_ or "") for one in shown)
    columns = (
        Texts("label", tuple("(missing)" if one.label is None else spelling.name(one.label) for one in shown)),
        Texts("is", tuple(f"left out: {why}" if why else spelling.name(name) for why, name in meanings)),
        Texts("sample rows", tuple(f"{one.rows:,}" for one in shown), right=True),
    )
    return Listed(columns, tuple(one.left_out is not None for one in shown), _more(labels, "label"))


def understood(result: InspectResult, spelling: Spelling) -> list[tuple[str, list[str]]]:
    """Return the rules that were used, the alignment and the options in force, each with its name before it."""
    rules, inputs = result.rules, result.inputs
    if rules is None or inputs is None:
        return []
    names = {"exact": "the columns' names", "none": "there are none"}.get(rules.names, rules.names)
    return [
        ("predictions", [spelling.message(rules.predictions), inputs.input, inputs.task]),
        ("label", [spelling.message(rules.label or "none"), *_label_kind(rules)]),
        ("classes", [f"{len(inputs.classes):,} by {spelling.message(names)}", *_positive(rules, spelling)]),
        ("alignment", _alignment(result, rules.alignment, spelling)),
        ("options", _options(result, spelling)),
    ]


def _label_kind(rules: Rules) -> list[str]:
    plural = {"name": "names", "index": "indices from 0", "distribution": "distributions"}
    return [] if rules.label_kind is None else [f"{plural[rules.label_kind]} ({rules.label_kind_rule})"]


def _positive(rules: Rules, spelling: Spelling) -> list[str]:
    return [] if rules.positive is None else [f"positive {spelling.quoted(rules.positive)} ({rules.positive_rule})"]


def _alignment(result: InspectResult, alignment: Alignment, spelling: Spelling) -> list[str]:
    """Return how rows are paired, and what that was checked by."""
    if len(result.files) == 1:
        labelled = result.inputs is not None and result.inputs.label_kind
        return ["labels stand beside the predictions" if labelled else "there are no labels"]
    if alignment.kind == "row-order":
        names = ", ".join(map(spelling.quoted, alignment.compared[:SHOWN]))
        same = [f"{names} agree in the {count(alignment.compared_rows, 'row')} compared"] if names else []
        return ["by row order", *same]
    keys = []
    for key in alignment.keys:
        mine, yours = " and ".join(key.predictions), " and ".join(key.labels)
        seen = mine if mine == yours else f"{mine} in predictions, {yours} in labels"
        keys.append(f"{spelling.quoted(key.name)} ({seen})")
    held = "unknown" if alignment.memory_bytes is None else f"about {_size(alignment.memory_bytes)}"
    return [f"by key {', '.join(keys)}", f"memory for labels {held}"]


def _options(result: InspectResult, spelling: Spelling) -> list[str]:
    """Return every option that is in force, as the command line spells it."""
    settings = result.settings
    if settings is None:
        return []
    idle = _HIDDEN_SETTINGS | ({"weight_kind"} if settings.weight is None else set())
    idle |= {"unmatched"} if result.inputs is None or result.inputs.on is None else set()
    found = []
    for name, value in asdict(settings).items():
        if name in idle or value is None or value is False or value in ((), 0.0):
            continue
        if isinstance(value, dict):
            text = ",".join(f"{key}={weight:g}" for key, weight in value.items())
        else:
            text = ",".join(value) if isinstance(value, tuple) else f"{value}"
        found.append(f"{name.replace('_', '-')} {spelling.name(text)}" if value is not True else name)
    return found


def summary(result: InspectResult) -> str:
    """Return how much was read."""
    if result.error is not None:
        return "eval would refuse this. Nothing was scored."
    most = max(file.sample_rows for file in result.files)
    whole = all(file.rows == file.sample_rows for file in result.files)
    read = f"All {count(most, 'row')} were read" if whole else f"At most {count(most, 'row')} of each input were read"
    doubts = "nothing is doubtful" if not result.doubts else f"{count(len(result.doubts), 'doubt')}"
    return f"{read} and checked as eval does; {doubts}. Nothing was scored."
