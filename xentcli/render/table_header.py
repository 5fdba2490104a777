"""What was evaluated, over the table: files, rows, task, and how the input was understood."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from xentcli.render.numbers import quantity
from xentcli.render.screen import Screen
from xentcli.render.table_colors import QUIET, TITLE
from xentcli.render.table_text import LONGEST_PATH, flow, glyphs, quoted, safe
from xentcli.result import EvalResult
from xentcli.text import count

_INPUTS = {
    "probs": "probabilities",
    "logits": "logits",
    "logprobs": "log-probabilities",
    "label-probs": "probabilities of the label",
    "label-logprobs": "log-probabilities of the label",
}
_LABEL_KINDS = {"index": "labels are 0-based indices", "distribution": "labels are distributions"}
# How classes were named, where that says no more than the task or the kind of label.
_PLAIN_RULES = {"exact", "index", "labels", "none", ""}
_LEFT_OUT = (
    ("zero_weight_rows", "of weight 0 left out"),
    ("dropped_rows", "without a label dropped"),
    ("ignored_rows", "ignored"),
    ("renormalized_rows", "renormalized"),
    ("unmatched_predictions", "of predictions unmatched"),
    ("unmatched_labels", "of labels unmatched"),
)
_MOST_WEIGHTS = 3


def header(result: EvalResult, screen: Screen) -> list[Text]:
    """Return the lines over the table: the files, then one fact after another."""
    inputs = result.inputs
    files = [Text(_files(inputs.predictions, screen), TITLE)]
    if inputs.labels:
        files.append(Text.assemble(("against ", QUIET), (_files(inputs.labels, screen), TITLE)))
    facts = [Text(fact) for fact in _facts(result, screen)]
    return flow(files, screen, " ", indent=2) + flow(facts, screen, glyphs(screen).dot)


def _files(paths: tuple[str, ...], screen: Screen) -> str:
    first = safe(paths[0], screen, LONGEST_PATH)
    return first if len(paths) == 1 else f"{first} and {count(len(paths) - 1, 'more file')}"


def _facts(result: EvalResult, screen: Screen) -> Iterator[str]:
    inputs, settings, overall = result.inputs, result.settings, result.overall
    yield count(overall.rows, "row")
    if inputs.on:
        yield f"by {'key' if len(inputs.on) == 1 else 'keys'} {', '.join(quoted(name, screen) for name in inputs.on)}"
    yield from _weights(result, screen)
    if inputs.task == "binary":
        yield "binary" if settings.positive is None else f"binary, positive {quoted(settings.positive, screen)}"
    elif inputs.classes:
        yield count(len(inputs.classes), "class", "classes")
    yield _INPUTS.get(inputs.input, inputs.input)
    if inputs.name_rule not in _PLAIN_RULES:
        yield f"classes by {safe(inputs.name_rule, screen)}"
    if inputs.label_kind in _LABEL_KINDS:
        yield _LABEL_KINDS[inputs.label_kind]
    if settings.label_smoothing:
        yield f"label smoothing {settings.label_smoothing:g}"
    yield f"losses in {settings.unit}"
    for name, what in _LEFT_OUT:
        if getattr(overall, name):
            yield f"{count(getattr(overall, name), 'row')} {what}"


def _weights(result: EvalResult, screen: Screen) -> Iterator[str]:
    """Yield what rows and classes weigh, where they do not all weigh the same."""
    settings, overall = result.settings, result.overall
    if settings.weight is not None:
        what = "counts" if settings.weight_kind == "count" else "weight"
        # With class weights the sum is not that of the column alone.
        by = quoted(settings.weight, screen) + (" and class" if settings.class_weight else "")
        yield f"{what} {quantity(overall.weight)} by {by}"
    if settings.class_weight:
        named = list(settings.class_weight.items())
        some = ", ".join(f"{quoted(name, screen)} {weight:g}" for name, weight in named[:_MOST_WEIGHTS])
        more = f" and {len(named) - _MOST_WEIGHTS:,} more" if len(named) > _MOST_WEIGHTS else ""
        yield f"class weights {some}{more}"
    # Counts are as many rows as they say.
    if overall.effective_rows != overall.weight and (settings.weight is not None or settings.class_weight):
        yield f"{quantity(overall.effective_rows)} effective rows"
