"""What an inspection found, as text for people: inputs and columns, classes and labels, rules, options, doubts."""

from __future__ import annotations

from dataclasses import asdict

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET, TITLE, WARNING
from xentcli.render.table.inspect_lists import SHOWN, class_lines, column_lines, label_lines, refused_lines
from xentcli.render.table.lines import flow, glyphs, printed, spelling_of, wrap
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.spelling import Spelling
from xentcli.results.inspection import Alignment, Doubt, InspectedFile, InspectResult, Rules
from xentcli.text import count

_PARTS_SHOWN = 3
_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
_UNITS = ("B", "kB", "MB", "GB", "TB")
_HIDDEN_SETTINGS = {"confidence", "brier_scale", "cluster", "positive"}


def render(result: InspectResult, screen: Screen, options: ListingOptions) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup. Of very many
    columns, classes or labels the first 20 are listed; JSON has them all.
    """
    sections = [
        *(section for file in result.files for section in _file(file, result.error is not None, screen)),
        class_lines(result, screen),
        label_lines(result, screen),
        _understood(result, screen),
        [line for doubt in result.doubts for line in _doubt(doubt, screen)],
        wrap(Text(_summary(result), QUIET), screen.width),
    ]
    return printed(sections, screen)


def _file(file: InspectedFile, refused: bool, screen: Screen) -> list[list[Text]]:
    """Return what one input is, and its columns: as they look, where they would be refused."""
    spelling = spelling_of(screen)
    title = Text.assemble((spelling.path(file.path), TITLE), (f" ({file.input})", QUIET))
    head = wrap(title, screen.width) + flow(map(Text, _facts(file)), screen, glyphs(screen).dot)
    parts = _parts(file, spelling)
    if parts:
        head += wrap(Text(parts, QUIET), screen.width, indent=2)
    return [head, (refused_lines if refused else column_lines)(file, screen)]


def _facts(file: InspectedFile) -> list[str]:
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


def _parts(file: InspectedFile, spelling: Spelling) -> str:
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


def _understood(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the rules that were used, the alignment and the options in force, each with its name before it."""
    rows = _rules(result, spelling_of(screen))
    width = max((len(name) for name, _ in rows), default=0)
    lines: list[Text] = []
    for name, (first, *others) in rows:
        start = Text.assemble((f"{name:<{width}}  ", QUIET), first)
        lines += flow([start, *map(Text, others)], screen, glyphs(screen).dot, indent=width + 2)
    return lines


def _rules(result: InspectResult, spelling: Spelling) -> list[tuple[str, list[str]]]:
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


def _doubt(doubt: Doubt, screen: Screen) -> list[Text]:
    """Return what is doubtful, and the options that settle it."""
    message = spelling_of(screen).message
    options = message(" or ".join(doubt.options))
    line = Text.assemble(("doubt: ", WARNING), message(doubt.message), " (", (options, TITLE), ")")
    return wrap(line, screen.width, indent=2)


def _summary(result: InspectResult) -> str:
    """Return how much was read."""
    if result.error is not None:
        return "eval would refuse this. Nothing was scored."
    most = max(file.sample_rows for file in result.files)
    whole = all(file.rows == file.sample_rows for file in result.files)
    read = f"All {count(most, 'row')} were read" if whole else f"At most {count(most, 'row')} of each input were read"
    doubts = "nothing is doubtful" if not result.doubts else f"{count(len(result.doubts), 'doubt')}"
    return f"{read} and checked as eval does; {doubts}. Nothing was scored."
