"""Gates as JUnit's XML, for the test reports of GitLab, Jenkins and the like: a test case a gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xentcli.render.screen import Screen
from xentcli.render.wording.gate_text import asked, verdict
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.numbers import NONE, confidence_percent
from xentcli.results.evaluation import EvalResult, Found, Warned
from xentcli.results.verdicts import GateResult
from xentcli.text import count, show, singular

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return an XML document of one suite, with a final newline: ASCII alone, so that any stream carries it.

    A case is called what its gate asks, and its class after the inputs, so that readers that keep a history of cases
    find it again. A gate that is not met is a failure of the type of its bound. Without gates there are no cases.
    """
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    gates = result.gates or ()
    evaluated = _evaluated(result)
    title = f"xent {result.command}"
    totals = {
        "tests": str(len(gates)),
        "failures": str(sum(not gate.passed for gate in gates)),
        "errors": "0",
        "time": f"{result.run.seconds:.3f}",
    }
    root = Element("testsuites", {"name": title, **totals})
    # Jenkins's schema has these of a suite alone.
    moment = {"skipped": "0", "timestamp": result.run.finished_at}
    suite = SubElement(root, "testsuite", {"name": evaluated, **totals, **moment})
    for gate in gates:
        _add_case(suite, gate, f"{title}: {evaluated}")
    SubElement(suite, "system-out").text = "\n".join(_main_figures(result)) + "\n"
    indent(root)
    body: bytes = tostring(root, encoding="us-ascii", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body.decode("ascii")}\n'


def _add_case(suite: Element, gate: GateResult, where: str) -> None:
    """Add the case of a gate. Its time is that of the evaluation, which the suite has."""
    from xml.etree.ElementTree import SubElement

    case = SubElement(suite, "testcase", {"classname": where, "name": _safe(asked(gate)), "time": "0"})
    if not gate.passed:
        reason = _safe(gate.reason or "not met")
        failure = SubElement(case, "failure", {"message": reason, "type": gate.bound})
        # Some readers show the text alone, others the message alone.
        failure.text = "\n".join([f"{_safe(asked(gate))}: {reason}", *_figures(gate)]) + "\n"


def _figures(gate: GateResult) -> Iterator[str]:
    """Yield the figures of a gate, every digit of them."""
    known = (("value", gate.value), ("limit", gate.limit), ("baseline", gate.baseline), ("per cent", gate.percent))
    for name, value in known:
        if value is not None:
            yield f"{name}: {value!r}"


def _evaluated(result: EvalResult) -> str:
    """Return what was evaluated: `preds.csv against labels.csv`."""
    files = [_files(paths) for paths in (result.inputs.predictions, result.inputs.labels) if paths]
    return " against ".join(files)


def _files(paths: Sequence[str]) -> str:
    more = f" and {count(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
    return _safe(paths[0]) + more


def _main_figures(result: EvalResult) -> Iterator[str]:
    """Yield what came of the evaluation, gate by gate or not, every digit of it."""
    overall, unit = result.overall, result.settings.unit
    yield f"xent {result.xent_version}, {verdict(result.gates or ())}"
    yield f"rows: {overall.rows}"
    if result.inputs.classes:
        yield f"classes: {len(result.inputs.classes)}"
    confidence = confidence_percent(result.settings.confidence)
    ends = f"{_number(overall.loss_low)} to {_number(overall.loss_high)}" if overall.loss_low is not None else NONE
    yield f"loss: {_number(overall.loss)} {unit} ({confidence} % interval {ends})"
    if overall.loss_per is not None:
        yield f"loss_per_value: {_number(overall.loss_per.value)} {unit} per {_safe(singular(overall.loss_per.column))}"
    for key in ("macro_loss", "excess_loss", "skill", "accuracy", "brier"):
        if getattr(overall, key) is not None:
            yield f"{key}: {_number(getattr(overall, key))}"
    if result.baseline is not None:
        yield f"baseline: {_safe(result.baseline.file)}"
        change = result.baseline.change_of("loss")
        if change is not None:
            sure = "" if change.half_width is None else f" ± {change.half_width!r}"
            yield f"change of loss: {_number(change.change)}{sure} {unit}"
    if result.inputs.unused_columns:
        yield f"columns not used: {', '.join(map(_safe, result.inputs.unused_columns))}"
    for warning in result.warnings:
        yield f"warning: {_safe(warning.message)}{_places(warning)}"


def _number(value: float | None) -> str:
    return NONE if value is None else repr(value)


def _places(warning: Warned) -> str:
    """Return where the first rows that a warning is about are."""
    if not warning.first:
        return ""
    return f" First: {', '.join(map(_place, warning.first))}."


def _place(place: Found) -> str:
    return f"record {place.record} of {_safe(place.file)}"


def _safe(text: str) -> str:
    """Return a text that XML can hold: what it cannot, and whatever is invisible, as escapes."""
    return show(text, len(text))
