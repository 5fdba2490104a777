"""What an inspection found, as text for people: inputs and columns, classes and labels, rules, options, doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.text import Text

from xentcli.inspected import Doubt, InspectedColumn, InspectedFile, InspectResult
from xentcli.render.screen import Screen
from xentcli.render.table_colors import QUIET, TITLE, WARNING
from xentcli.render.table_grid import Cells, grid
from xentcli.render.table_text import LONGEST_PATH, flow, glyphs, printed, safe, wrap
from xentcli.text import count

SHOWN = 20
_PARTS_SHOWN = 3
_MESSAGE = 4096
_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
_UNITS = ("B", "kB", "MB", "GB", "TB")
_HIDDEN_SETTINGS = {"confidence", "brier_scale", "cluster", "positive"}


def render(result: InspectResult, screen: Screen) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup. Of very many
    columns, classes or labels the first 20 are listed; JSON has them all.
    """
    sections = [
        *(section for file in result.files for section in _file(file, screen)),
        _classes(result, screen),
        _labels(result, screen),
        _understood(result, screen),
        [line for doubt in result.doubts for line in _doubt(doubt, screen)],
        _notes(result, screen),
    ]
    lines: list[Text] = []
    for section in sections:
        if section:
            lines += [Text(""), *section] if lines else section
    return printed(lines, screen)


def _file(file: InspectedFile, screen: Screen) -> list[list[Text]]:
    """Return what one input is, and its columns."""
    title = Text.assemble((safe(file.path, screen, LONGEST_PATH), TITLE), (f" ({file.input})", QUIET))
    facts = [
        _FORMATS.get(file.format, file.format),
        _rows(file),
        *([] if file.bytes is None else [_size(file.bytes)]),
        count(len(file.columns), "column"),
    ]
    if file.rows != file.sample_rows:
        facts.append(f"first {count(file.sample_rows, 'row')} read")
    head = wrap(title, screen.width) + flow([Text(fact) for fact in facts], screen, glyphs(screen).dot)
    if len(file.parts) > 1:
        first = ", ".join(safe(part, screen, LONGEST_PATH) for part in file.parts[:_PARTS_SHOWN])
        more = len(file.parts) - _PARTS_SHOWN
        parts = f"{count(len(file.parts), 'part')}: {first}" + (f" and {more:,} more" if more > 0 else "")
        head += wrap(Text(parts, QUIET), screen.width, indent=2)
    return [head, _columns(file, screen)]


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


def _columns(file: InspectedFile, screen: Screen) -> list[Text]:
    """Return the columns, those that are used first."""
    ordered = sorted(file.columns, key=lambda column: column.role == "unused")
    shown = ordered[:SHOWN]
    columns = [
        Cells("column", [safe(column.name, screen) for column in shown]),
        Cells("type", [safe(column.type, screen) for column in shown]),
        Cells("role", [", ".join((column.role, *column.also)) for column in shown]),
        Cells("class", [safe(column.class_ or "", screen) for column in shown]),
        Cells("why unused", [column.why or "" for column in shown], note=True),
    ]
    dim = [column.role == "unused" for column in shown]
    return grid(columns, dim, screen) + _more(ordered, "column", screen)


def _more(everything: Sequence[object], noun: str, screen: Screen, plural: str | None = None) -> list[Text]:
    """Return a line on what is not listed."""
    rest = len(everything) - SHOWN
    if rest <= 0:
        return []
    what = f"{rest:,} more {noun if rest == 1 else plural or noun + 's'}"
    if everything and isinstance(everything[0], InspectedColumn):
        roles: dict[str, int] = {}
        for column in everything[SHOWN:]:
            assert isinstance(column, InspectedColumn)
            roles[column.role] = roles.get(column.role, 0) + 1
        what += ": " + ", ".join(f"{number:,} {role}" for role, number in roles.items())
    return wrap(Text(what, QUIET), screen.width)


def _classes(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the classes in class order: what predicts them, what labels call them, their rows in the sample."""
    classes = result.rules.classes
    if not classes:
        return []
    shown = classes[:SHOWN]
    columns = [
        Cells("class", [safe(one.class_, screen) for one in shown]),
        Cells("prediction", [_prediction(result, one.prediction, screen) for one in shown]),
        Cells("label", [safe(one.label or "", screen) for one in shown]),
        Cells("sample rows", ["" if one.rows is None else f"{one.rows:,}" for one in shown], right=True),
    ]
    return grid(columns, [one.rows == 0 for one in shown], screen) + _more(classes, "class", screen, "classes")


def _prediction(result: InspectResult, column: str | None, screen: Screen) -> str:
    if column is not None:
        return safe(column, screen)
    return "the rest" if result.inputs.task == "binary" else ""


def _labels(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the labels that are written in other ways than their classes, or left out."""
    called = {one.class_: one.label for one in result.rules.classes}
    labels = [one for one in result.rules.labels if one.label != called.get(one.class_ or "") or one.left_out]
    if not labels:
        return []
    shown = labels[:SHOWN]
    columns = [
        Cells("label", ["(missing)" if one.label is None else safe(one.label, screen) for one in shown]),
        Cells("is", [f"left out: {one.left_out}" if one.left_out else safe(one.class_ or "", screen) for one in shown]),
        Cells("sample rows", [f"{one.rows:,}" for one in shown], right=True),
    ]
    return grid(columns, [one.left_out is not None for one in shown], screen) + _more(labels, "label", screen)


def _understood(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the rules that were used, the alignment and the options in force, each with its name before it."""
    rules, inputs = result.rules, result.inputs
    names = {"exact": "the columns' names", "none": "there are none"}.get(rules.names, rules.names)
    rows: list[tuple[str, Iterable[str]]] = [
        ("predictions", [rules.predictions, inputs.input, inputs.task]),
        ("label", [rules.label or "none", *_label_kind(result)]),
        ("classes", [f"{len(inputs.classes):,} by {safe(names, screen)}", *_positive(result, screen)]),
        ("alignment", _alignment(result, screen)),
        ("options", _options(result, screen)),
    ]
    width = max(len(name) for name, _ in rows)
    lines: list[Text] = []
    for name, facts in rows:
        first, *others = facts
        start = Text.assemble((f"{name:<{width}}  ", QUIET), first)
        lines += flow([start, *map(Text, others)], screen, glyphs(screen).dot, indent=width + 2)
    return lines


def _label_kind(result: InspectResult) -> list[str]:
    rules = result.rules
    plural = {"name": "names", "index": "indices from 0", "distribution": "distributions"}
    return [] if rules.label_kind is None else [f"{plural[rules.label_kind]} ({rules.label_kind_rule})"]


def _positive(result: InspectResult, screen: Screen) -> list[str]:
    rules = result.rules
    return [] if rules.positive is None else [f"positive '{safe(rules.positive, screen)}' ({rules.positive_rule})"]


def _alignment(result: InspectResult, screen: Screen) -> list[str]:
    """Return how rows are paired, and what that was checked by."""
    alignment = result.rules.alignment
    if len(result.files) == 1:
        return ["labels stand beside the predictions" if result.inputs.label_kind else "there are no labels"]
    if alignment.kind == "row-order":
        names = ", ".join(f"'{safe(name, screen)}'" for name in alignment.compared[:SHOWN])
        same = [f"{names} agree in the {count(alignment.compared_rows, 'row')} compared"] if names else []
        return ["by row order", *same]
    keys = []
    for key in alignment.keys:
        mine, yours = " and ".join(key.predictions), " and ".join(key.labels)
        seen = mine if mine == yours else f"{mine} in predictions, {yours} in labels"
        keys.append(f"'{safe(key.name, screen)}' ({seen})")
    held = "unknown" if alignment.memory_bytes is None else f"about {_size(alignment.memory_bytes)}"
    return [f"by key {', '.join(keys)}", f"memory for labels {held}"]


def _options(result: InspectResult, screen: Screen) -> list[str]:
    """Return every option that is in force, as the command line spells it."""
    idle = _HIDDEN_SETTINGS | ({"weight_kind"} if result.settings.weight is None else set())
    idle |= {"unmatched"} if result.inputs.on is None else set()
    found = []
    for name, value in asdict(result.settings).items():
        if name in idle or value is None or value is False or value in ((), 0.0):
            continue
        if isinstance(value, dict):
            text = ",".join(f"{key}={weight:g}" for key, weight in value.items())
        else:
            text = ",".join(value) if isinstance(value, tuple) else f"{value}"
        found.append(f"{name.replace('_', '-')} {safe(text, screen)}" if value is not True else name)
    return found


def _doubt(doubt: Doubt, screen: Screen) -> list[Text]:
    """Return what is doubtful, and the options that settle it."""
    options = safe(" or ".join(doubt.options), screen, _MESSAGE)
    line = Text.assemble(("doubt: ", WARNING), safe(doubt.message, screen, _MESSAGE), " (", (options, TITLE), ")")
    return wrap(line, screen.width, indent=2)


def _notes(result: InspectResult, screen: Screen) -> list[Text]:
    """Return how much was read."""
    most = max(file.sample_rows for file in result.files)
    whole = all(file.rows == file.sample_rows for file in result.files)
    read = f"All {count(most, 'row')} were read" if whole else f"At most {count(most, 'row')} of each input were read"
    doubts = "nothing is doubtful" if not result.doubts else f"{count(len(result.doubts), 'doubt')}"
    return wrap(Text(f"{read} and checked as eval does; {doubts}. Nothing was scored.", QUIET), screen.width)
