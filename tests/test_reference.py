"""Every figure against a second implementation that shares no code with xent, and against scikit-learn.

`reference.evaluator` is plain Python over exact fractions; it is itself held against scikit-learn, SciPy and
arithmetic first (`test_reference_evaluator_*`), then `xent` against both on random small files.
"""

import ast
import csv
import math
import statistics
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reference.cases import Case, Column, random_case
from reference.evaluator import Figures, Settings, evaluate, read_pairs, student_t_quantile
from scipy.special import expit, softmax
from scipy.stats import t as student_t
from sklearn.metrics import accuracy_score, brier_score_loss, d2_log_loss_score, log_loss

import xentcli

BATCHES = 25
CASES_PER_BATCH = 14

Section = dict[str, Any]


def batch_of_cases(batch: int) -> list[Case]:
    return [random_case(batch * CASES_PER_BATCH + i) for i in range(CASES_PER_BATCH)]


# The reference shares nothing with what it checks ------------------------------------------------------


def test_the_reference_imports_nothing_but_the_standard_library_and_itself() -> None:
    sources = sorted((Path(__file__).parent / "reference").glob("**/*.py"))
    assert {"__init__.py", "cases.py", "evaluator.py"} <= {source.name for source in sources}
    for source in sources:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{source.name}:{node.lineno}: relative import"
                modules = [node.module or ""]
            else:
                # The ways around an import statement.
                name = getattr(node, "id", getattr(node, "attr", ""))
                assert name not in {"__import__", "import_module", "exec", "eval"}, f"{source.name}: {name}"
                continue
            for module in modules:
                root = module.partition(".")[0]
                assert root == "reference" or root in sys.stdlib_module_names, f"{source.name}: {module}"
                assert root not in {"importlib", "runpy", "subprocess"}, f"{source.name}: {module}"


# The reference itself is right -------------------------------------------------------------------------


@pytest.mark.one_in_three
@pytest.mark.parametrize("batch", range(BATCHES))
def test_reference_evaluator_agrees_with_scikit_learn(batch: int) -> None:
    for case in batch_of_cases(batch):
        overall, _ = evaluate(case.rows, case.indices, case.weights, case.settings)
        assert_scikit_learn_agrees(case, overall)


def test_scikit_learn_can_judge_a_fair_part_of_the_random_cases() -> None:
    """Guards the comparison above against a filter that lets nothing through."""
    cases = [case for batch in range(BATCHES) for case in batch_of_cases(batch)]
    assert len(cases) >= 250
    judged = [case for case in cases if is_ordinary(case)]
    assert len(judged) >= 60
    assert {case.settings.input for case in judged} == {"probs", "logits", "logprobs"}
    assert {case.one_column for case in judged} == {True, False}


@pytest.mark.parametrize("df", [9, 9.3, 12.5, 29, 38.7, 1e3, 1e6])
@pytest.mark.parametrize("probability", [0.5, 0.75, 0.95, 0.975, 0.995, 0.9995, 0.999999])
def test_reference_evaluator_has_the_quantiles_of_students_t(probability: float, df: float) -> None:
    expected = float(student_t.ppf(probability, df))
    assert student_t_quantile(probability, df) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert student_t_quantile(1 - probability, df) == pytest.approx(-expected, rel=1e-9, abs=1e-15)


def test_reference_evaluator_gives_the_standard_error_of_a_mean_and_its_interval() -> None:
    rows = [[0.1 + 0.07 * i, 0.9 - 0.07 * i] for i in range(12)]
    losses = [-math.log(row[0]) for row in rows]
    overall, classes = evaluate(rows, [0] * 12)
    se = statistics.stdev(losses) / math.sqrt(12)
    mean = statistics.fmean(losses)
    assert overall["loss_se"] == pytest.approx(se, rel=1e-14)
    width = float(student_t.ppf(0.975, 11)) * se / mean
    assert overall["loss_low"] == pytest.approx(mean * math.exp(-width), rel=1e-12)
    assert overall["loss_high"] == pytest.approx(mean * math.exp(width), rel=1e-12)
    assert {key: classes[0][key] for key in ("loss", "loss_se", "loss_low", "loss_high")} == {
        key: overall[key] for key in ("loss", "loss_se", "loss_low", "loss_high")
    }


def test_reference_evaluator_has_no_interval_below_ten_effective_rows_and_no_error_of_one_row() -> None:
    rows = [[0.25 + 0.05 * i, 0.75 - 0.05 * i] for i in range(10)]
    labels = [i % 2 for i in range(10)]
    ten, _ = evaluate(rows, labels)
    assert ten["effective_rows"] == 10
    assert None not in (ten["loss_low"], ten["loss_high"], ten["skill_low"], ten["skill_high"])
    fewer, _ = evaluate(rows, labels, [1.0] * 9 + [1.5])
    assert (fewer["loss_low"], fewer["loss_high"], fewer["skill_low"], fewer["skill_high"]) == (None,) * 4
    assert fewer["loss_se"] is not None
    one, _ = evaluate(rows[:1], [0])
    assert (one["loss_se"], one["skill"], one["skill_se"], one["prior_entropy"]) == (None, None, None, 0)


def test_reference_evaluator_has_the_skill_error_of_the_ratios_sensitivity_to_each_weight() -> None:
    """The error of R = Σaℓ/Σah is that of a sum of influences a·∂R/∂a, taken here by central differences."""
    rng = Random(0)
    rows, labels = [], []
    for _ in range(15):
        p = rng.uniform(0.05, 0.95)
        rows.append([p, 1 - p])
        labels.append(rng.randrange(2))
    weights = [rng.uniform(0.5, 2) for _ in rows]

    def ratio(changed: list[float]) -> float:
        losses = [-math.log(row[label]) for row, label in zip(rows, labels, strict=True)]
        total = math.fsum(changed)
        shares = [math.fsum(a for a, y in zip(changed, labels, strict=True) if y == k) / total for k in (0, 1)]
        prior = -math.fsum(share * math.log(share) for share in shares)
        return math.fsum(a * loss for a, loss in zip(changed, losses, strict=True)) / total / prior

    influences = []
    for i, weight in enumerate(weights):
        step = 1e-5 * weight
        up = ratio([*weights[:i], weight + step, *weights[i + 1 :]])
        down = ratio([*weights[:i], weight - step, *weights[i + 1 :]])
        influences.append(weight * (up - down) / (2 * step))
    expected = math.sqrt(math.fsum(value**2 for value in influences) * 15 / 14)
    overall, _ = evaluate(rows, labels, weights)
    assert overall["skill_se"] == pytest.approx(expected, rel=1e-7)
    assert overall["skill"] == pytest.approx(1 - ratio(weights), rel=1e-12)


def test_reference_evaluator_shares_a_tied_row_among_its_arg_maxes() -> None:
    # Row 1 is half of 'a' and half of 'b', row 2 a third of each class, row 3 all 'c'.
    settings = Settings(n_classes=3, renormalize=True)
    overall, (a, b, c) = evaluate([[0.5, 0.5, 0], [1, 1, 1], [0, 0, 1]], [0, 1, 1], None, settings)
    assert overall["tied_rows"] == 2
    assert overall["accuracy"] == pytest.approx((1 / 2 + 1 / 3 + 0) / 3)
    assert [k["predicted_rows"] for k in (a, b, c)] == pytest.approx([5 / 6, 5 / 6, 4 / 3])
    assert [k["recall"] for k in (a, b, c)] == [1 / 2, pytest.approx((1 / 3) / 2), None]
    assert [k["precision"] for k in (a, b, c)] == pytest.approx([(1 / 2) / (5 / 6), (1 / 3) / (5 / 6), 0])


def test_reference_evaluator_reads_a_row_of_weight_zero_and_counts_it_nowhere_else() -> None:
    rows = [[0.5, 0.25, 0.25], [-1e-7, 1, 0], [0.5, 0.5, 0]]
    with_it = evaluate(rows, [0, 0, 1], [1, 0, 2])
    without = evaluate([rows[0], rows[2]], [0, 1], [1, 2])
    assert with_it[0].pop("zero_weight_rows") == 1
    assert without[0].pop("zero_weight_rows") == 0
    assert with_it == without
    with pytest.raises(ValueError, match="sum"):
        evaluate([[0.5, 0.5, 0], [0.9, 0.9, 0]], [0, 1], [1, 0])


def test_reference_evaluator_takes_integer_weights_for_repeated_rows_in_every_mean() -> None:
    rng = Random(1)
    draws = [[rng.expovariate(1) for _ in range(3)] for _ in range(12)]
    rows = [[value / math.fsum(draw) for value in draw] for draw in draws]
    labels = [rng.randrange(3) for _ in rows]
    counts = [rng.randint(1, 3) for _ in rows]
    repeated = [i for i, count in enumerate(counts) for _ in range(count)]
    weighted, weighted_classes = evaluate(rows, labels, counts)
    plain, plain_classes = evaluate([rows[i] for i in repeated], [labels[i] for i in repeated])
    means = ["loss", "loss_sum", "weight", "macro_loss", "perplexity", "prior_entropy", "skill", "accuracy"]
    for key in [*means, "brier", "sum_bias", "excess_loss"]:
        assert weighted[key] == plain[key]
    for one, other in zip(weighted_classes, plain_classes, strict=True):
        for key in (
            "weight",
            "weight_share",
            "loss",
            "loss_share",
            "loss_ratio",
            "predicted_share",
            "recall",
        ):
            assert one[key] == other[key]


def test_reference_evaluator_agrees_with_itself_on_probabilities_their_logarithms_and_logits() -> None:
    rows = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.0625, 0.0625, 0.875], [0.25, 0.25, 0.5]] * 3
    labels = [0, 1, 2, 0] * 3
    logs = [[math.log(p) for p in row] for row in rows]
    shifted = [[x + 3 for x in row] for row in logs]
    expected = evaluate(rows, labels, None, Settings(3))
    for values, kind in ((logs, "logprobs"), (shifted, "logits")):
        actual = evaluate(values, labels, None, Settings(3, input=kind, clip=None))
        for one, other in zip([actual[0], *actual[1]], [expected[0], *expected[1]], strict=True):
            assert_close(one, other, rel=1e-13)


@pytest.mark.parametrize("kind", ["probs", "logits", "logprobs"])
def test_reference_evaluator_takes_one_column_for_the_second_of_two(kind: str) -> None:
    p = [0.0625, 0.3, 0.5, 0.8, 0.999]
    labels = [0, 1, 1, 0, 1]
    if kind == "logits":
        single = [math.log(q / (1 - q)) for q in p]
    else:
        single = [math.log(q) for q in p] if kind == "logprobs" else p
    one = evaluate([[value] for value in single], labels, None, Settings(2, input=kind, clip=None))
    two = evaluate([[1 - q, q] for q in p], labels)
    for mine, theirs in zip([one[0], *one[1]], [two[0], *two[1]], strict=True):
        if kind == "logprobs":  # exp(ln(1/2)) and its complement need not tie in float64
            for figures in (mine, theirs):
                for key in ("tied_rows", "accuracy", "recall", "precision", "predicted_rows"):
                    figures.pop(key, None)
        assert_close(mine, theirs, rel=1e-12)


def assert_close(actual: Figures, expected: Figures, *, rel: float) -> None:
    assert actual.keys() == expected.keys()
    for key, value in expected.items():
        wanted = value if value is None else pytest.approx(value, rel=rel, abs=1e-15)
        assert actual[key] == wanted, key


@pytest.mark.parametrize(
    ("kind", "value", "label", "expected"),
    [
        ("probs", [1e-17], 0, 1e-17),  # −ln(1 − p) would be 0
        ("probs", [1.0], 1, 0.0),
        ("logits", [40.0, 0.0, 0.0], 0, 2 * math.exp(-40)),
        ("logits", [1e4], 0, 1e4),
        ("logits", [1e4], 1, 0.0),
        ("logits", [-math.inf, 3.0], 1, 0.0),
        ("logprobs", [-1e-17], 0, -math.log(1e-17)),
        ("logprobs", [-1e3], 1, 1e3),
        ("logprobs", [-math.inf], 0, 0.0),
        ("probs", [5e-324], 1, 744.4400719213812),
        ("probs", [0.0], 1, math.inf),
        ("probs", [1.0], 0, math.inf),
    ],
)
def test_reference_evaluator_is_accurate_where_naive_forms_are_not(
    kind: str, value: list[float], label: int, expected: float
) -> None:
    settings = Settings(max(2, len(value)), input=kind, clip=None)
    loss = evaluate([value], [label], None, settings)[0]["loss"]
    assert loss == pytest.approx(expected, rel=1e-15)
    # A loss of 0 is never −0.
    assert isinstance(loss, float) and math.copysign(1, loss) == 1


def test_reference_evaluator_converts_what_is_in_a_unit_and_nothing_else() -> None:
    rows = [[0.5, 0.25, 0.249], [0.125, 0.75, 0.125]] * 6
    nats = evaluate(rows, [0, 1] * 6)
    bits = evaluate(rows, [0, 1] * 6, None, Settings(3, unit="bits"))
    changed = {key for key in nats[0] if nats[0][key] != bits[0][key]}
    in_unit = ["loss", "loss_sum", "loss_se", "loss_low", "loss_high", "macro_loss", "excess_loss"]
    in_unit += ["prior_entropy", "sum_bias"]
    assert changed == set(in_unit)
    for key in in_unit:
        value = nats[0][key]
        assert value is not None
        assert bits[0][key] == value / math.log(2)


def test_reference_evaluator_finds_columns_by_name_and_orders_classes(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("p_10,p_9\n.2,.8\n.7,.3\n")
    (tmp_path / "y.csv").write_text("w,label\n1,9\n.5,10\n")
    names, rows, indices, weights = read_pairs(tmp_path / "p.csv", tmp_path / "y.csv", weight="w", prefix="p_")
    assert (names, rows) == (["9", "10"], [[0.8, 0.2], [0.3, 0.7]])
    assert (indices, weights) == ([0, 1], [1, 0.5])
    assert evaluate(rows, indices)[0]["loss"] == pytest.approx(-(math.log(0.8) + math.log(0.7)) / 2, rel=1e-15)


# xent against the reference ----------------------------------------------------------------------------


@pytest.mark.one_in_three
@pytest.mark.parametrize("batch", range(BATCHES))
def test_xent_gives_the_figures_of_the_reference_on_random_files(batch: int, tmp_path: Path) -> None:
    for case in batch_of_cases(batch):
        result = run(case, tmp_path)
        overall, classes = evaluate(case.rows, case.indices, case.weights, case.settings)
        assert_figures("overall", result["overall"], overall, case)
        assert [figures["class"] for figures in result["classes"]] == case.names, str(case)
        for name, actual, expected in zip(case.names, result["classes"], classes, strict=True):
            assert_figures(f"class {name}", actual, expected, case)
        assert_infinite_figures_are_listed(result, overall, case)


@pytest.mark.one_in_three
@pytest.mark.parametrize("batch", range(BATCHES))
def test_xent_agrees_with_scikit_learn_on_random_files(batch: int, tmp_path: Path) -> None:
    for case in filter(is_ordinary, batch_of_cases(batch)):
        assert_scikit_learn_agrees(case, run(case, tmp_path)["overall"])


def run(case: Case, folder: Path) -> Section:
    """Return the result of `xent` on the files of a case, as the dictionary that JSON would hold."""
    predictions = folder / f"predictions_{case.seed}.{case.predictions_format}"
    labels = folder / f"labels_{case.seed}.{case.labels_format}"
    write_table(predictions, case.predictions, float32=case.float32)
    write_table(labels, case.labels)
    options: dict[str, Any] = dict(case.options)
    try:
        result: Section = xentcli.evaluate(predictions, labels, **options).to_dict()
    except xentcli.XentError as error:
        raise AssertionError(f"{case}: {error}") from error
    return result


def write_table(path: Path, table: dict[str, Column], *, float32: bool = False) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))  # csv writes floats as repr, which is exact
        return
    columns = {name: pa.array(values) for name, values in table.items()}
    for name in columns.keys() - {"w"} if float32 else ():
        columns[name] = columns[name].cast(pa.float32())
    pq.write_table(pa.table(columns), path)


# Comparing ---------------------------------------------------------------------------------------------

NOT_COMPARED = {"ece", "ece_by_chance", "mce", "loss_per", "clusters"}
FROM_OTHER_OPTIONS = {"dropped_rows", "ignored_rows", "unmatched_predictions", "unmatched_labels"}
UNDEFINED_WITH_AN_INFINITE_LOSS = {"loss_share", "loss_ratio", "clipped_loss_share"}


def assert_figures(where: str, actual: Section, expected: Figures, case: Case) -> None:
    missing = expected.keys() - actual.keys()
    assert not missing, f"{where} lacks {sorted(missing)}: {case}"
    unknown = actual.keys() - expected.keys() - NOT_COMPARED - FROM_OTHER_OPTIONS - {"class"}
    assert not unknown, f"{where} has {sorted(unknown)}: {case}"
    infinite = math.isinf(largest_loss(case.seed))
    for key, value in expected.items():
        if infinite and key in UNDEFINED_WITH_AN_INFINITE_LOSS:
            continue
        seen = f"{where} {key} is {actual[key]!r}, the reference has {value!r}: {case}"
        if value is None or math.isinf(value):
            assert actual[key] is None, seen
        elif isinstance(value, int):
            assert actual[key] == value, seen
        else:
            assert actual[key] is not None, seen
            close = math.isclose(actual[key], value, rel_tol=1e-12, abs_tol=allowance(key, expected, case))
            assert close, seen


def allowance(key: str, expected: Figures, case: Case) -> float:
    """Return how far off a figure may be because terms that are right to an ulp cancel; mostly not at all."""
    if key.endswith("_se"):  # a spread of losses that agree to an ulp
        most = 4e-15 * largest_loss(case.seed)
        prior = expected.get("prior_entropy")
        return most / float(prior) if key == "skill_se" and prior else most
    if key in {"skill", "skill_low", "skill_high"}:  # 1 − R
        return 1e-12 * (1 + abs(float(expected[key] or 0.0)))
    if key == "sum_bias":  # ln Σp where Σp is 1 to an ulp
        return 4e-15
    if key == "brier":  # 1 − p where p is 1 to an ulp
        return 1e-16
    if case.settings.renormalize and "loss" in key:  # ln of a quotient that is 1 to an ulp
        return 4e-15
    return 1e-323  # what tiny weights leave of a sum


@cache
def largest_loss(seed: int) -> float:
    """Return the largest loss of a row that counts, in the unit of the case."""
    case = random_case(seed)
    losses = []
    for i, (row, label) in enumerate(zip(case.rows, case.indices, strict=True)):
        if case.weights is None or case.weights[i] > 0:
            losses.append(evaluate([row], [label], None, case.settings)[0]["loss"])
    return max(float(loss) for loss in losses if loss is not None)


def assert_infinite_figures_are_listed(result: Section, overall: Figures, case: Case) -> None:
    """An infinite figure is null for JSON's sake; what is undefined, or left float64, is null only."""
    if math.isfinite(largest_loss(case.seed)):
        assert "overall.loss" not in result["infinite"], str(case)
        return
    for key in ("loss", "loss_sum", "macro_loss", "perplexity", "excess_loss", "skill"):
        if overall[key] is not None:
            assert f"overall.{key}" in result["infinite"], f"overall.{key} is not listed: {case}"


def is_ordinary(case: Case) -> bool:
    """Whether scikit-learn means the same by this case: normalised finite rows, its own clip and weights."""
    settings = case.settings
    probabilities = probability_matrix(case)
    own = [probabilities[i, label] for i, label in enumerate(case.indices)]
    return (
        settings.unit == "nats"
        and not settings.renormalize
        and not case.float32
        and 0 <= probabilities.min() <= probabilities.max() <= 1
        and bool(np.all(np.abs(probabilities.sum(axis=1) - 1) < 1e-13))
        and min(own) > max(settings.clip or 0.0, 1e-12)
        and (case.weights is None or 1e-9 < max(case.weights) < 1e9)
    )


def assert_scikit_learn_agrees(case: Case, overall: Section | Figures) -> None:
    if not is_ordinary(case):
        return
    probabilities = probability_matrix(case)
    weights = None if case.weights is None else np.array(case.weights)
    classes = list(range(len(case.names)))
    shared = {"sample_weight": weights, "labels": classes}
    expected_loss = log_loss(case.indices, probabilities, **shared)
    assert overall["loss"] == pytest.approx(expected_loss, rel=1e-10, abs=1e-12), str(case)
    halved = len(classes) == 2
    expected_brier = brier_score_loss(case.indices, probabilities, scale_by_half=halved, **shared)
    assert overall["brier"] == pytest.approx(expected_brier, rel=1e-10, abs=1e-12), str(case)
    # scikit-learn takes ln of a rounded share: of a share close to 1, few digits are left.
    if (overall["prior_entropy"] or 0) > 1e-3 and len(case.indices) > 1:
        expected_skill = d2_log_loss_score(case.indices, probabilities, **shared)
        assert overall["skill"] == pytest.approx(expected_skill, rel=1e-10, abs=1e-10), str(case)
    if not overall["tied_rows"]:
        predicted = probabilities.argmax(axis=1)
        expected_accuracy = accuracy_score(case.indices, predicted, sample_weight=weights)
        assert overall["accuracy"] == pytest.approx(expected_accuracy, rel=1e-10, abs=1e-12), str(case)


def probability_matrix(case: Case) -> Any:
    """Return the probabilities of a case, (rows, classes), by SciPy's functions."""
    values = np.array(case.rows)
    kind = case.settings.input
    if kind == "logprobs":
        values = np.exp(values)
    elif kind == "logits":
        values = expit(values) if case.one_column else softmax(values, axis=1)
    return np.hstack([1 - values, values]) if case.one_column else values
