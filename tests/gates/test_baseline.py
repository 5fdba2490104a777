"""Baselines: what compares is compared, with its uncertainty where the rows are others; what does not is refused."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import SAMPLES, RunXent
from schemas import RESULT as SCHEMA

from xentcli import DataError, EvalResult, evaluate, judge
from xentcli.results.verdicts import BaselineResult, Change

FOREST, LOGISTIC, LABELS = (str(SAMPLES / f"digits_{name}.csv") for name in ("forest", "logistic", "labels"))
WINE = (str(SAMPLES / "wine_logits.csv"), str(SAMPLES / "wine_labels.csv"))
CLIP = "'2.220446049250313e-16'"
HINT = "\n  Losses that mean different things do not compare; make the baseline anew, or ask for the same here."
WRITE = "\n  Write one with xent eval ... -f json -o FILE."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def saved(result: EvalResult, change: Callable[[dict[str, Any]], None] | None = None) -> str:
    """Write a result as a baseline, changed if need be, and return the path."""
    held = json.loads(result.to_json())
    if change is not None:
        change(held)
    Path("base.json").write_text(json.dumps(held))
    return "base.json"


def forest(**options: Any) -> EvalResult:
    return evaluate(FOREST, LABELS, label="label", **{"on": "image", **options})


def against(result: EvalResult, path: str) -> BaselineResult:
    baseline = judge(result, baseline=path).baseline
    assert baseline is not None
    return baseline


def halves(low: str, high: str, *results: dict[str, Any]) -> float:
    """Return √(h² + h'²) with h = loss·ln(high/loss), the half width of an interval loss·exp(±t·se/loss)."""
    return math.hypot(*(each["loss"] * math.log(each[high] / each["loss"]) for each in results))


def test_the_same_rows_have_no_unpaired_interval() -> None:
    before = evaluate(LOGISTIC, LABELS, label="label", on="image")
    baseline = against(forest(), saved(before))
    assert (baseline.file, baseline.rows, baseline.same_rows, baseline.notes) == ("base.json", 809, True, ())
    change = baseline.change_of("loss")
    assert change == Change(
        "loss", before.overall.loss, forest().overall.loss, 0.39425101937461804 - 0.2071515591076957, None
    )
    assert all(change.half_width is None for change in baseline.changes)
    assert len({change.metric for change in baseline.changes}) == len(baseline.changes) > 60


def part(of: str, name: str) -> str:
    """Write every second record of a sample file, beginning with the first or second."""
    head, *lines = Path(of).read_text().splitlines()
    chosen = lines[int(name) :: 2]
    Path(f"{Path(of).stem}-{name}.csv").write_text("\n".join([head, *chosen]) + "\n")
    return f"{Path(of).stem}-{name}.csv"


def test_other_rows_have_the_interval_of_both() -> None:
    before = evaluate(part(FOREST, "0"), part(LABELS, "0"), label="label", on="image", by="half")
    now = evaluate(part(FOREST, "1"), part(LABELS, "1"), label="label", on="image", by="half")
    baseline = against(now, saved(before))
    assert baseline.same_rows is False
    old, new = json.loads(before.to_json()), json.loads(now.to_json())
    found = baseline.by_metric()
    pairs = [("loss", old["overall"], new["overall"])]
    pairs += [(f"class/{a['class']}/loss", a, b) for a, b in zip(old["classes"], new["classes"], strict=True)]
    pairs += [
        (f"slice/half/{a['by']['half']}/loss", a["overall"], b["overall"])
        for a in old["slices"]
        for b in new["slices"]
        if a["by"] == b["by"] and a["overall"]["loss_low"] is not None and b["overall"]["loss_low"] is not None
    ]
    assert len(pairs) >= 12
    for metric, a, b in pairs:
        change = found[metric]
        assert (change.baseline, change.value, change.change) == (a["loss"], b["loss"], b["loss"] - a["loss"])
        assert change.half_width == pytest.approx(halves("loss_low", "loss_high", a, b), rel=1e-9)
    # That of the loss is t·se of each, too.
    t = [
        math.log(each["loss_high"] / each["loss"]) * each["loss"] / each["loss_se"]
        for each in (old["overall"], new["overall"])
    ]
    assert t == pytest.approx([1.9659, 1.9659], abs=2e-3)
    assert found["accuracy"].half_width is None
    skill = found["skill"]
    assert skill.half_width == pytest.approx(
        math.hypot(*(each["overall"]["skill_se"] * of for each, of in zip((old, new), t, strict=True))), rel=1e-6
    )


def test_rows_told_apart_otherwise_may_be_the_same() -> None:
    baseline = against(forest(), saved(evaluate(FOREST, LABELS, label="label")))
    assert baseline.same_rows is None
    change = baseline.change_of("loss")
    assert change is not None and change.change == 0.0 and change.half_width is not None and change.half_width > 0.1


def test_another_confidence_gives_no_half_widths() -> None:
    before = evaluate(part(FOREST, "0"), part(LABELS, "0"), label="label", on="image", confidence=0.9)
    baseline = against(evaluate(part(FOREST, "1"), part(LABELS, "1"), label="label", on="image"), saved(before))
    assert baseline.notes == ("its intervals are for a confidence of 0.9: changes have none",)
    assert all(change.half_width is None for change in baseline.changes)


def test_what_differs_but_compares_is_said() -> None:
    baseline = against(forest(by="half", missing="drop", ignore=("x",)), saved(forest(renormalize=True)))
    assert baseline.notes == (
        "--renormalize was 'true' for the baseline",
        "--missing was 'error' for the baseline",
        "--ignore was '[]' for the baseline",
        "the baseline has no slices by 'half'",
    )


def test_undefined_figures_have_no_change() -> None:
    Path("p.csv").write_text("cat,dog\n0,1\n0.2,0.8\n")
    Path("y.csv").write_text("label\ncat\ndog\n")
    infinite = evaluate("p.csv", "y.csv", clip="none")
    Path("p.csv").write_text("cat,dog\n0.5,0.5\n0.2,0.8\n")
    finite = evaluate("p.csv", "y.csv", clip="none")
    change = against(finite, saved(infinite)).change_of("loss")
    assert change is not None and change[1:] == (math.inf, finite.overall.loss, -math.inf, None)
    change = against(infinite, saved(infinite)).change_of("loss")
    assert change is not None and change[1:] == (math.inf, math.inf, None, None)
    judged = judge(finite, max_increase={"loss": 1, "skill": 1}, baseline=saved(infinite)).gates
    assert judged is not None
    assert [gate.reason for gate in judged] == ["it is infinite in the baseline"] * 2


def test_a_figure_that_only_one_of_the_two_has_changed_by_nobody_knows_what() -> None:
    Path("p.csv").write_text("cat,dog\n0.5,0.5\n0.2,0.8\n")
    Path("y.csv").write_text("label\ncat\ndog\n")
    both = evaluate("p.csv", "y.csv")
    Path("p.csv").write_text("cat,dog\n0.5,0.5\n")
    Path("y.csv").write_text("label\ncat\n")
    one = evaluate("p.csv", "y.csv")
    dog = both.classes[1].loss
    assert against(both, saved(one)).change_of("class/dog/loss") == Change("class/dog/loss", None, dog, None, None)
    assert against(one, saved(both)).change_of("class/dog/loss") == Change("class/dog/loss", dog, None, None, None)
    # What neither has is not there.
    assert against(one, saved(one)).change_of("class/dog/loss") is None


def set_in(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    """Return what changes one place of a baseline."""

    def change(held: Any) -> None:
        for name in path[:-1]:
            held = held[name]
        if to is ...:
            del held[path[-1]]
        else:
            held[path[-1]] = to

    return change


NOT = "--baseline takes a result of xent eval as JSON; "
ODD = f"{NOT}its parts are not what they should be"
NO_VERSION = "its schema_version is no whole number from 1 up"
OTHER_CLASSES = "the baseline has other classes, so their losses do not compare"
NEWER = (
    "the baseline has schema version 2, and this xent knows them up to 1\n"
    "  A newer xent wrote it; use that one, or make the baseline anew."
)


def other(what: str, before: str, now: str) -> str:
    return f"the baseline has {what}: {before}, and here it is {now}{HINT}"


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        pytest.param(("settings", "unit"), "bits", other("another unit", "'bits'", "'nats'"), id="OF3-unit"),
        pytest.param(("settings", "clip"), 1e-7, other("another clip", "'1e-07'", CLIP), id="OF3-clip"),
        pytest.param(("settings", "clip"), None, other("another clip", "none", CLIP), id="OF3-no-clip"),
        pytest.param(("inputs", "input"), "logits", other("another input kind", "'logits'", "'probs'"), id="OF3-input"),
        pytest.param(
            ("settings", "weight_kind"),
            "count",
            other("another kind of weights", "'count'", "'importance'"),
            id="OF3-weight-kind",
        ),
        pytest.param(("settings", "weight"), "w", other("other weights", "'w'", "none"), id="OF3-weight"),
        pytest.param(
            ("settings", "class_weight"),
            {"one": 2.0},
            other("other class weights", "'{\"one\": 2.0}'", "none"),
            id="OF3-class-weight",
        ),
        pytest.param(
            ("settings", "label_smoothing"), 0.1, other("another label smoothing", "'0.1'", "'0.0'"), id="OF3-smoothing"
        ),
        pytest.param(("settings", "cluster"), "doc", other("other clusters", "'doc'", "none"), id="OF3-cluster"),
        pytest.param(
            ("inputs", "classes", 0),
            "acht",
            f"{OTHER_CLASSES}\n  only in the baseline: 'acht'\n  only here: 'eight'",
            id="OF3-classes",
        ),
        pytest.param(("schema_version",), 2, NEWER, id="OF3-newer"),
        pytest.param(("schema_version",), True, f"{NOT}{NO_VERSION}{WRITE}", id="OF3-version"),
        pytest.param(("schema_version",), 0, f"{NOT}{NO_VERSION}{WRITE}", id="OF3-version-0"),
        pytest.param(("overall", "rows"), None, f"{ODD}{WRITE}", id="OF3-null-rows"),
        pytest.param(("overall", "rows"), -1, f"{ODD}{WRITE}", id="OF3-negative-rows"),
        pytest.param(("overall", "rows"), 1.5, f"{ODD}{WRITE}", id="OF3-broken-rows"),
        pytest.param(("overall", "loss"), -5.0, f"{ODD}{WRITE}", id="OF3-negative-loss"),
        pytest.param(("overall", "brier"), 10**400, f"{ODD}{WRITE}", id="OF3-400-digits"),
        pytest.param(("overall", "brier"), True, f"{ODD}{WRITE}", id="OF3-true"),
        pytest.param(("inputs", "classes"), [1, 2], f"{ODD}{WRITE}", id="OF3-classes-of-numbers"),
        pytest.param(("inputs", "classes"), ["a", "a"], f"{ODD}{WRITE}", id="OF3-classes-twice"),
        pytest.param(("settings", "confidence"), 95, f"{ODD}{WRITE}", id="OF3-confidence"),
        pytest.param(("command",), "inspect", f"{NOT}it is of xent inspect{WRITE}", id="OF3-inspect"),
        pytest.param(("overall",), ..., f"{NOT}it has no 'overall'{WRITE}", id="OF3-no-overall"),
        pytest.param(("overall", "loss"), ..., f"{ODD}: 'loss' is missing{WRITE}", id="OF3-no-loss"),
        pytest.param(("overall", "loss"), "0.3", f"{ODD}{WRITE}", id="OF3-text"),
        pytest.param(("overall",), [], f"{ODD}: 'rows' is missing{WRITE}", id="OF3-list"),
        pytest.param(("overall",), 3, f"{ODD}{WRITE}", id="OF3-number"),
        pytest.param(("classes", 3), None, f"{ODD}{WRITE}", id="OF3-null-class"),
        pytest.param(("settings", "by"), None, f"{ODD}{WRITE}", id="OF3-by"),
        pytest.param(
            ("overall", "accuracy"),
            ...,
            "--max-decrease needs 'accuracy', which this baseline does not have",
            id="OF3-missing-metric",
        ),
    ],
)
def test_a_baseline_that_does_not_compare_is_refused(
    run_xent: RunXent, path: tuple[str | int, ...], to: Any, message: str
) -> None:
    base = saved(forest(), set_in(*path, to=to))
    gates = ("--max-increase", "loss=1", "--max-decrease", "accuracy=1")
    ran = run_xent("eval", FOREST, LABELS, "--on", "image", "--label", "label", "--baseline", base, *gates)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: base.json: {message}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", f", line 1: {NOT}it is not valid JSON: Expecting value", id="OF3-empty"),
        pytest.param(
            '{"a": 1,\n"b" 2}', f", line 2: {NOT}it is not valid JSON: Expecting ':' delimiter", id="OF3-broken"
        ),
        pytest.param('{"a": NaN}', f": {NOT}it is not valid JSON: NaN is no number of JSON", id="OF3-NaN"),
        pytest.param("[1]", f": {NOT}it is not one", id="OF3-array"),
        pytest.param("{}", f": {NOT}it is not one", id="OF3-empty-object"),
        pytest.param("é".encode("latin-1"), f": {NOT}it is not valid UTF-8", id="OF3-not-utf8"),
        pytest.param("[" * 100_000, f": {NOT}it is nested too deeply", id="OF3-deep"),
    ],
)
def test_a_file_that_is_no_result_is_refused_before_anything_is_read(
    run_xent: RunXent, content: str | bytes, message: str
) -> None:
    Path("base.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run_xent("eval", "none.csv", "--baseline", "base.json")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: base.json{message}{WRITE}\n")


def test_a_baseline_that_is_not_there(run_xent: RunXent) -> None:
    ran = run_xent("eval", "none.csv", "--baseline", "base.json")
    assert ran.stderr == "error: base.json: --baseline cannot read it: No such file or directory\n"
    assert (ran.code, ran.stdout) == (2, "")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param(("overall", "loss"), "it is undefined in the baseline", id="OF3-null-metric"),
        pytest.param(("overall", "macro_loss"), "it is undefined in the baseline", id="OF3-null-macro"),
    ],
)
def test_a_metric_that_is_null_in_the_baseline_fails(path: tuple[str, ...], reason: str) -> None:
    base = saved(forest(), set_in(*path, to=None))
    (gate,) = judge(forest(), max_increase={path[-1]: 10}, baseline=base).gates or ()
    assert (gate.passed, gate.reason, gate.value, gate.limit, gate.baseline) == (False, reason, None, 10.0, None)


def test_an_infinite_loss_leaves_a_skill_below_every_other() -> None:
    Path("p.csv").write_text("cat,dog\n0,1\n0.2,0.8\n")
    Path("y.csv").write_text("label\ncat\ndog\n")
    infinite = evaluate("p.csv", "y.csv", clip="none")
    assert infinite.overall.skill == -math.inf
    Path("p.csv").write_text("cat,dog\n0.5,0.5\n0.2,0.8\n")
    change = against(evaluate("p.csv", "y.csv", clip="none"), saved(infinite)).change_of("skill")
    assert change is not None and (change.baseline, change.change) == (-math.inf, math.inf)


def test_losses_per_other_units_do_not_compare() -> None:
    Path("p.csv").write_text("p,label,bytes,words\n0.5,a,3,1\n0.25,b,5,2\n")
    options: dict[str, Any] = {"pred": "p", "label": "label", "input": "label-probs"}
    base = saved(evaluate("p.csv", per="bytes", **options))
    with pytest.raises(DataError) as caught:
        judge(evaluate("p.csv", per="words", **options), baseline=base)
    assert str(caught.value) == (
        f"base.json: the baseline has another unit to count by (--per): 'bytes', and here it is 'words'{HINT}"
    )
    # Without --per on one side there is nothing to compare.
    assert against(evaluate("p.csv", **options), base).change_of("loss") is not None


def test_a_loss_of_0_has_an_interval_of_no_width() -> None:
    Path("p.csv").write_text("cat,dog\n" + "1,0\n0,1\n" * 10)
    Path("y.csv").write_text("label\n" + "cat\ndog\n" * 10)
    perfect = evaluate("p.csv", "y.csv")
    Path("p.csv").write_text("cat,dog\n" + "1,0\n0,1\n" * 8)
    Path("y.csv").write_text("label\n" + "cat\ndog\n" * 8)
    found = against(evaluate("p.csv", "y.csv"), saved(perfect)).by_metric()
    assert (found["loss"].change, found["loss"].half_width) == (0.0, 0.0)
    assert (found["skill"].change, found["skill"].half_width) == (0.0, 0.0)


@pytest.mark.one_in_three
@pytest.mark.parametrize("seed", range(60))
def test_an_edited_baseline_is_compared_or_refused_but_never_a_defect(run_xent: RunXent, seed: int) -> None:
    rng = random.Random(seed)
    held: Any = json.loads(forest(by="half").to_json())
    place: Any = held
    while True:
        key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or rng.random() < 0.2:
            break
        place = place[key]
    odd: list[Any] = [None, -1, 0, 1.5, True, "x", [], {}, 10**400, [1], {"a": 1}]
    if isinstance(place, dict) and rng.random() < 0.3:
        del place[key]
    else:
        place[key] = rng.choice(odd)
    Path("base.json").write_text(json.dumps(held))
    gates = [f"--max-increase={name}=1" for name in ("loss", "macro_loss", "class/nine/loss", "slice/half/upper/loss")]
    arguments = ("eval", FOREST, LABELS, "--on", "image", "--label", "label", "--by", "half", "-f", "json", "-q")
    ran = run_xent(*arguments, "--baseline", "base.json", *gates)
    assert "internal error" not in ran.stderr
    assert (ran.code == 2) is ran.stderr.startswith("error: base.json: ")
    if ran.code != 2:
        jsonschema.validate(json.loads(ran.stdout), SCHEMA)


def test_classes_and_slices_that_are_missing_on_either_side_fail() -> None:
    def empty_class(held: dict[str, Any]) -> None:
        held["classes"][0] |= {"rows": 0, "loss": None}
        held["overall"]["macro_classes"] = 9
        del held["slices"][0]

    result = forest(by="half")
    slices = [one["by"]["half"] for one in json.loads(result.to_json())["slices"]]
    base = saved(result, empty_class)
    limits = {"class/eight/loss": 1, "class/eight/recall": 1, "macro_loss": 1, f"slice/half/{slices[0]}/loss": 1}
    gates = judge(result, max_increase={**limits, "slice/half/nowhere/loss": 1}, baseline=base).gates or ()
    assert [(gate.passed, gate.reason) for gate in gates] == [
        (False, "the class has no rows in the baseline"),
        (False, "the class has no rows in the baseline"),
        (False, "in the baseline not all classes have rows"),
        (False, "the baseline has no such slice"),
        (False, "no row has half 'nowhere'"),
    ]


def test_labels_that_one_run_did_not_meet_fail() -> None:
    options: dict[str, Any] = {"pred": "p", "label": "label", "input": "label-probs"}
    Path("p.csv").write_text("p,label\n0.5,a\n0.25,b\n")
    base = saved(evaluate("p.csv", **options))
    Path("p.csv").write_text("p,label\n0.5,a\n0.25,c\n")
    limits: dict[str, float | str] = {"loss": "5%", "class/a/loss": 0, "class/b/loss": 0, "class/c/loss": "5%"}
    gates = judge(evaluate("p.csv", **options), max_increase=limits, baseline=base).gates or ()
    assert [(gate.passed, gate.reason, gate.limit) for gate in gates[1:]] == [
        (True, None, 0.0),
        (False, "class 'b' has no rows", 0.0),
        (False, "the baseline has no rows of that class", None),
    ]
    assert gates[0].passed


def test_gates_on_slices_that_the_baseline_was_not_cut_into_are_an_error() -> None:
    with pytest.raises(DataError) as caught:
        judge(forest(by="half"), max_increase={"slice/half/upper/loss": 1}, baseline=saved(forest()))
    assert (
        str(caught.value)
        == "base.json: --max-increase needs 'slice/half/upper/loss', which this baseline does not have"
    )


def test_an_older_baseline_without_a_figure_still_compares() -> None:
    base = saved(forest(), set_in("overall", "brier", to=...))
    assert against(forest(), base).change_of("brier") is None
    assert judge(forest(), max_increase={"loss": 0}, baseline=base).gates[0].passed  # type: ignore[index]  # one gate


def test_other_order_of_classes_is_no_difference() -> None:
    names = ["eight", "five", "four", "nine", "one", "seven", "six", "three", "two", "zero"]
    columns = [f"p_{name}" for name in names]
    other = [9, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    before = forest(pred=columns, classes=names)
    now = forest(pred=[columns[at] for at in other], classes=[names[at] for at in other])
    change = against(now, saved(before)).change_of("loss")
    assert change is not None and change.change == 0.0


def test_json_with_a_baseline_and_gates_is_by_the_schema(run_xent: RunXent) -> None:
    base = saved(evaluate(LOGISTIC, LABELS, label="label", on="image"))
    ran = run_xent(
        *("eval", FOREST, LABELS, "--on", "image", "--label", "label", "--baseline", base, "-f", "json"),
        *("--max-increase", "loss=5%", "--max-decrease", "accuracy=0.01", "-q"),
    )
    assert (ran.code, ran.stderr) == (1, "")
    held = json.loads(ran.stdout)
    jsonschema.validate(held, SCHEMA)
    assert held["gates"] == [
        {
            "metric": "loss",
            "bound": "max-increase",
            "limit": 0.010357577955384785,
            "value": 0.18709946026692234,
            "passed": False,
            "reason": "it rose by 0.18709946026692234, from 0.2071515591076957 to 0.39425101937461804; "
            "the limit is 5% of that",
            "baseline": 0.2071515591076957,
            "percent": 5.0,
            "limit_text": "5%",
        },
        {
            "metric": "accuracy",
            "bound": "max-decrease",
            "limit": 0.01,
            "value": -0.0018541409147095,
            "passed": True,
            "reason": None,
            "baseline": 0.9542645241038319,
            "percent": None,
            "limit_text": "0.01",
        },
    ]
    assert list(held["baseline"]) == ["file", "rows", "same_rows", "notes", "changes"]
    assert held["baseline"]["changes"][0] == {
        "metric": "loss",
        "baseline": 0.2071515591076957,
        "value": 0.39425101937461804,
        "change": 0.39425101937461804 - 0.2071515591076957,
        "half_width": None,
    }


def test_a_result_of_a_gated_run_is_a_baseline_too(run_xent: RunXent) -> None:
    base = saved(forest())
    arguments = ("eval", FOREST, LABELS, "--on", "image", "--label", "label", "--baseline", base, "-f", "json")
    assert run_xent(*arguments, "--max", "loss=1", "-o", "next.json").code == 0
    assert run_xent(*arguments[:-4], "--baseline", "next.json", "--max-increase", "loss=0").code == 0


def test_the_output_is_not_the_baseline(run_xent: RunXent) -> None:
    base = saved(forest())
    text = Path(base).read_text()
    ran = run_xent("eval", FOREST, LABELS, "--baseline", base, "-f", "json", "-o", base)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == "error: --output is 'base.json', which is an input\n"
    assert Path(base).read_text() == text
