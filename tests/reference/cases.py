"""Random small evaluations: two tables, options, and what a reader of the definitions makes of them.

A case is a function of its seed alone. It holds each fact twice: as `xent` is told it (columns with names, in
any order, labels as text or index, options) and as the reference evaluator is told it (values in class order,
label indices, settings).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from reference.files import class_order
from reference.settings import SNAP, Settings, default_clip

Column = list[float] | list[int] | list[str]

VOCABULARIES = (
    ("cat", "dog", "eel", "fox", "gnu", "hen"),
    ("Zebra", "apple", "émeu", "zoo", "Ant", "Ötzi"),  # bytes sort them otherwise than a dictionary would
    ("0", "1", "2", "3", "4", "5"),
    ("10", "9", "-1", "2", "100", "33"),  # all integers: sorted as such
    ("10", "9", "x", "2", "100", "33"),  # not all: sorted by bytes
)
PREFIXES = ("", "p_", "prob.", "model_v2:")


@dataclass(frozen=True)
class Case:
    """One evaluation, as files and options (for `xent`) and as rows and settings (for the reference)."""

    seed: int
    predictions: dict[str, Column]
    labels: dict[str, Column]
    options: dict[str, object]
    predictions_format: str
    labels_format: str
    float32: bool  # as which type Parquet holds the predictions; the values are those of `rows` either way
    names: list[str]
    rows: list[list[float]]
    indices: list[int]
    weights: list[float] | None
    settings: Settings

    @property
    def one_column(self) -> bool:
        """Whether a single column speaks of the second of two classes."""
        return len(self.rows[0]) == 1

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {len(self.rows)} rows, {len(self.names)} classes {self.names}, "
            f"options {self.options}, {self.predictions_format} and {self.labels_format}"
        )


def random_case(seed: int) -> Case:
    """Return the case of this seed."""
    rng = Random(seed)
    one_column = rng.random() < 0.3
    n_classes = 2 if one_column else rng.randint(2, 6)
    settings = random_settings(rng, n_classes, one_column)
    n_rows = rng.choice((rng.randint(1, 3), rng.randint(4, 15), rng.randint(10, 40)))
    indices = random_indices(rng, n_rows, n_classes)
    rows = random_rows(rng, indices, settings, one_column)
    predictions_format, labels_format = rng.choice(("csv", "parquet")), rng.choice(("csv", "parquet"))
    float32 = predictions_format == "parquet" and rng.random() < 0.5
    if float32:
        rows = [[to_float32(value) for value in row] for row in rows]
    weights = random_weights(rng, n_rows)
    options = shared_options(rng, settings)
    if one_column:
        names, predictions, label_values = one_named(rng, rows, indices, options)
    else:
        names, predictions, label_values = many_named(rng, rows, indices, options)
    if rng.random() < 0.2:  # a column that nobody asked for
        options.setdefault("pred", list(predictions))
        predictions["note"] = [0.25] * n_rows
    labels: dict[str, Column] = {"label": label_values}
    if rng.random() < 0.3:
        options["label"] = "label"
    if weights is not None:
        options["weight"] = "w"
        (labels if rng.random() < 0.5 else predictions)["w"] = list(weights)
    # Indices count the columns as they stand, and --classes names them so.
    in_order = "classes" in options or options.get("label_kind") == "index"
    return Case(
        seed=seed,
        predictions=predictions if in_order else _shuffled(rng, predictions),
        labels=_shuffled(rng, labels),
        options=options,
        predictions_format=predictions_format,
        labels_format=labels_format,
        float32=float32,
        names=names,
        rows=rows,
        indices=indices,
        weights=weights,
        settings=settings,
    )


# Settings and options ---------------------------------------------------------------------------------


def random_settings(rng: Random, n_classes: int, one_column: bool) -> Settings:
    settings = Settings(
        n_classes=n_classes,
        input=rng.choice(("probs", "probs", "logits", "logprobs")),
        unit=rng.choice(("nats", "nats", "bits")),
        confidence=rng.choice((0.95, 0.95, 0.5, 0.9, 0.999)),
    )
    default = default_clip(settings.input)
    settings = replace(settings, clip=rng.choice((default, default, default, None, 1e-15, 1e-3, 0.05)))
    if settings.input != "logits" and not one_column:  # otherwise the sum is 1 by construction
        settings = replace(
            settings,
            renormalize=rng.random() < 0.2,
            sum_tolerance=rng.choice((0.01, 0.01, 0.2, 0.5)),
        )
    return settings


def shared_options(rng: Random, settings: Settings) -> dict[str, object]:
    """Return the options that ask for these settings; some that only repeat a default are among them."""
    options: dict[str, object] = {"jobs": rng.choice((1, 2)), "chunk_rows": rng.choice((1, 7, 1000))}
    default = Settings(n_classes=settings.n_classes)
    for key in ("input", "unit", "confidence"):
        if getattr(settings, key) != getattr(default, key) or rng.random() < 0.3:
            options[key] = getattr(settings, key)
    if settings.renormalize:
        options["renormalize"] = True
    elif settings.sum_tolerance != default.sum_tolerance:
        options["sum_tolerance"] = settings.sum_tolerance
    if settings.clip != default_clip(settings.input) or rng.random() < 0.3:
        options["clip"] = "none" if settings.clip is None else settings.clip
    return options


# Values -----------------------------------------------------------------------------------------------


def random_indices(rng: Random, n_rows: int, n_classes: int) -> list[int]:
    """Return labels of which, at times, some classes never occur."""
    met = rng.sample(range(n_classes), rng.choice((n_classes, n_classes, rng.randint(1, n_classes))))
    return [rng.choice(met) for _ in range(n_rows)]


def random_weights(rng: Random, n_rows: int) -> list[float] | None:
    kind = rng.choice(("none", "none", "integers", "fractions", "wide", "extreme"))
    if kind == "none":
        return None
    if kind == "integers":
        weights = [float(rng.randint(0, 4)) for _ in range(n_rows)]
    elif kind == "fractions":
        weights = [rng.random() for _ in range(n_rows)]
    elif kind == "wide":
        weights = [10 ** rng.uniform(-6, 6) for _ in range(n_rows)]
    else:  # sums leave float64 above, or products below; ratios leave it nowhere
        exponent = rng.choice((0, -2040))
        weights = [math.ldexp(rng.choice((1e308, 1.5e308)), exponent) for _ in range(n_rows)]
    weights[0] = weights[0] or 1.0  # one row has to count
    return weights


def random_rows(rng: Random, indices: list[int], settings: Settings, one_column: bool) -> list[list[float]]:
    style = rng.choice(("smooth", "smooth", "peaked", "ties", "zeros", "rounded", "mixed"))
    rows = []
    for label in indices:
        own = rng.choice(("smooth", "peaked", "ties", "zeros", "rounded")) if style == "mixed" else style
        if settings.input == "logits":
            rows.append(_logits(rng, label, settings, one_column, own))
            continue
        p = random_probabilities(rng, label, settings, one_column, own)
        if settings.input == "logprobs":
            rows.append([math.log(value) if value > 0 else -math.inf for value in p])
        else:
            rows.append(_off_by_rounding(rng, p) if own == "zeros" else p)
    return rows


def _logits(rng: Random, label: int, settings: Settings, one_column: bool, style: str) -> list[float]:
    size = 1 if one_column else settings.n_classes
    if style == "ties":
        return [float(rng.randint(-1, 1)) for _ in range(size)]
    scale = {"smooth": 1, "rounded": 5, "zeros": 30, "peaked": 300}[style]
    values = [rng.gauss(0, scale) for _ in range(size)]
    if style == "zeros" and not one_column:  # masks, but never of all classes
        values = [-math.inf if k != label and rng.random() < 0.4 else z for k, z in enumerate(values)]
    return values


def random_probabilities(rng: Random, label: int, settings: Settings, one_column: bool, style: str) -> list[float]:
    n_classes = settings.n_classes
    if style == "ties":
        cuts = sorted(rng.randint(0, 8) for _ in range(n_classes - 1))
        p = [(b - a) / 8 for a, b in zip([0, *cuts], [*cuts, 8], strict=True)]
    elif style == "zeros":
        top = label if rng.random() < 0.8 else rng.randrange(n_classes)
        p = [float(k == top) for k in range(n_classes)]
    else:
        smooth = style != "peaked"
        draws = [rng.expovariate(1) if smooth else 10 ** rng.uniform(-14, 0) for _ in range(n_classes)]
        p = [value / math.fsum(draws) for value in draws]
    if style == "rounded":
        p = [round(value, 3) for value in p]
    if one_column:
        if settings.input == "logprobs" and p[1] == 0.5:
            return [0.25]  # exp(ln(1/2)) and its complement need not tie in float64
        return [p[1]]
    if settings.renormalize:
        scale = rng.uniform(0.2, 0.9)
        return [value * scale for value in p]
    if settings.sum_tolerance > 0.01:
        scale = 1 - 0.8 * settings.sum_tolerance * rng.random()
        return [value * scale for value in p]
    return p


def _off_by_rounding(rng: Random, p: list[float]) -> list[float]:
    """Return p with some zeros and ones just outside of [0, 1], as sloppy arithmetic leaves them."""
    step = SNAP * rng.random() / 2
    sign = {0.0: -1, 1.0: 1}
    return [value + sign[value] * step if value in sign and rng.random() < 0.3 else value for value in p]


def to_float32(value: float) -> float:
    result: float = struct.unpack("f", struct.pack("f", value))[0]
    return result


# Names ------------------------------------------------------------------------------------------------


def many_named(
    rng: Random, rows: Sequence[Sequence[float]], indices: Sequence[int], options: dict[str, object]
) -> tuple[list[str], dict[str, Column], Column]:
    """Return class names in class order, prediction columns, and label values; add options that name them."""
    names = rng.sample(rng.choice(VOCABULARIES), len(rows[0]))
    prefix = rng.choice(PREFIXES)
    if rng.random() < 0.25:  # classes in an order of their own, columns named after nothing
        options["classes"] = names
        columns = [f"col {chr(ord('a') + k)}" for k in range(len(names))]
    else:
        names = class_order(names)
        columns = [prefix + name for name in names]
        if prefix == "p_" and rng.random() < 0.3:
            options["pred"] = ["p_*"]
    predictions: dict[str, Column] = {column: [row[k] for row in rows] for k, column in enumerate(columns)}
    by_index = "classes" in options or prefix
    if by_index and rng.random() < 0.3:
        options["label_kind"] = "index"
        return names, predictions, list(indices)
    return names, predictions, [names[k] for k in indices]


def one_named(
    rng: Random, rows: Sequence[Sequence[float]], indices: Sequence[int], options: dict[str, object]
) -> tuple[list[str], dict[str, Column], Column]:
    """As `many_named`, for one column: its name or its labels say what it speaks of, or an option does."""
    both_met = len(set(indices)) == 2
    negative, positive, column, named = rng.choice(
        (
            ("0", "1", "p", True),
            ("-1", "1", "score", True),
            ("false", "true", "p", True),
            ("ham", "spam", "p_spam", True),
            ("spam", "ham", "ham", True),
            ("no", "yes", "score", False),
        )
    )
    if not (named and both_met) or rng.random() < 0.3:
        options["positive"] = positive
        if not both_met or rng.random() < 0.5:
            options["negative"] = negative
    names = [negative, positive]
    return names, {column: [row[0] for row in rows]}, [names[k] for k in indices]


def _shuffled(rng: Random, table: dict[str, Column]) -> dict[str, Column]:
    columns = list(table)
    rng.shuffle(columns)
    return {column: table[column] for column in columns}
