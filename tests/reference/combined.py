"""Random small evaluations in which weights, labels, inputs, units, slices and left-out rows meet.

Like `cases`, and from its parts: each fact is there twice, as `xent` is told it and as the reference is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from reference import cases
from reference.files import class_order
from reference.settings import Label, Settings, default_clip
from reference.slices import Key

Table = dict[str, list[Any]]

IGNORED = "-100"
WEIGHTS_OF_CLASSES = (1.0, 1.0, 0.5, 2.0, 0.125, 3.5, 96.0, 0.1, 0.0)


@dataclass(frozen=True)
class Combined:
    """One evaluation, as files and options (for `xent`) and as rows and settings (for the reference)."""

    seed: int
    predictions: Table
    labels: Table | None
    options: dict[str, Any]
    formats: tuple[str, str]
    narrow: tuple[str, ...]  # columns that Parquet holds as float32; the values are those of `rows` either way
    names: list[str]
    rows: list[list[float]]
    given: list[Label] | None
    weights: list[float] | None
    per: list[float] | None
    keys: list[Key] | None
    settings: Settings
    left_out: dict[str, int]

    def __str__(self) -> str:
        held = "no labels" if self.labels is None else f"{list(self.labels)} in {self.formats[1]}"
        return (
            f"seed {self.seed}: {len(self.rows)} rows, classes {self.names}, options {self.options}, "
            f"{list(self.predictions)} in {self.formats[0]}, {held}"
        )


def combined_case(seed: int) -> Combined:
    """Return the case of this seed."""
    return _Maker(Random(seed), seed).case()


class _Maker:
    """Draws one case; the parts are drawn in the order of the methods."""

    def __init__(self, rng: Random, seed: int) -> None:
        self.rng, self.seed = rng, seed
        self.formats = (rng.choice(("csv", "parquet")), rng.choice(("csv", "parquet")))
        self.n_rows = rng.choice((rng.randint(1, 6), rng.randint(10, 30), rng.randint(20, 30)))
        self.label_only = rng.random() < 0.2
        self.unlabelled = self.label_only and rng.random() < 0.4
        self.single = not self.label_only and rng.random() < 0.25
        self.soft = not self.label_only and rng.random() < 0.5
        self.lists = not self.label_only and not self.single and self.formats == ("parquet", "parquet")
        self.lists = self.lists and rng.random() < 0.5
        self.left_out = dict.fromkeys(("ignored_rows", "dropped_rows", "unmatched_predictions", "unmatched_labels"), 0)

    def case(self) -> Combined:
        settings = self._settings()
        indices = cases.random_indices(self.rng, self.n_rows, settings.n_classes)
        rows = self._rows(indices, settings)
        options = cases.shared_options(self.rng, settings)
        names, predictions, values = self._named(rows, indices, options)
        labels: Table = {"label": values}
        given: list[Label] = list(indices)
        if self.label_only:
            names = class_order(sorted({str(value) for value in values}))
            given = [names.index(str(value)) for value in values]
            settings = replace(settings, n_classes=len(names))
        elif self.soft:
            distributions = [self._distribution(label, settings.n_classes) for label in indices]
            given = list(distributions)
            labels = self._label_columns(names, distributions, options)
        elif len(labels) == 1 and self.rng.random() < 0.5:
            options["label"] = "label"
        narrow = tuple(predictions) if self.narrow else ()
        weights, settings = self._weights(names, given, settings, options)
        if self.unlabelled:
            settings = replace(settings, n_classes=0)
        sides = [predictions] if self.unlabelled else [predictions, labels]
        per, keys = self._units(sides, options), self._slices(sides, options)
        if weights is not None:
            options["weight"] = "w"
            self.rng.choice(sides)["w"] = [int(w) for w in weights] if settings.counts else list(weights)
        if not self.unlabelled:
            self._leave_out(predictions, labels, options)
            self._by_key(predictions, labels, options)
        return Combined(
            seed=self.seed,
            predictions=predictions,
            labels=None if self.unlabelled else labels,
            options=options,
            formats=self.formats,
            narrow=narrow,
            names=[] if self.unlabelled else names,
            rows=rows,
            given=None if self.unlabelled else given,
            weights=weights,
            per=per,
            keys=keys,
            settings=settings,
            left_out=self.left_out,
        )

    def _settings(self) -> Settings:
        rng = self.rng
        n_classes = 2 if self.single else rng.randint(2, 5)
        settings = cases.random_settings(rng, n_classes, self.single or self.label_only)
        if self.label_only:
            settings = replace(settings, input=rng.choice(("label-probs", "label-logprobs")))
            return replace(settings, clip=rng.choice((default_clip(settings.input), None, 1e-3, 0.05)))
        return replace(settings, label_smoothing=rng.choice((0.0, 0.0, 0.1, 0.25, 0.01)))

    def _rows(self, indices: list[int], settings: Settings) -> list[list[float]]:
        if self.label_only:
            p = [self.rng.choice((self.rng.random(), 10 ** self.rng.uniform(-9, 0), 1.0)) for _ in indices]
            rows = [[math.log(value)] if settings.input == "label-logprobs" else [value] for value in p]
        else:
            rows = cases.random_rows(self.rng, indices, settings, self.single)
        self.narrow = self.formats[0] == "parquet" and self.rng.random() < 0.3
        return [[cases.to_float32(value) for value in row] for row in rows] if self.narrow else rows

    def _named(
        self, rows: list[list[float]], indices: list[int], options: dict[str, Any]
    ) -> tuple[list[str], Table, list[Any]]:
        """Return class names, prediction columns and label values; add the options that name them."""
        rng = self.rng
        if self.label_only:
            column = rng.choice(("p", "score of label"))
            options["pred"] = rng.choice((column, [column]))
            words = rng.choice(cases.VOCABULARIES)
            return [], {column: [row[0] for row in rows]}, [words[k] for k in indices]
        if self.lists:
            names = [str(k) for k in range(len(rows[0]))]
            if rng.random() < 0.5:
                options["classes"] = names = rng.sample(cases.VOCABULARIES[0], len(names))
            options["pred"] = "all of them"
            if not self.soft:
                options["label_kind"] = "index"
            return names, {"all of them": [list(row) for row in rows]}, list(indices)
        if not self.single:
            names, predictions, values = cases.many_named(rng, rows, indices, options)
        else:
            names, predictions, values = cases.one_named(rng, rows, indices, options)
            if self.soft or options.get("positive"):
                options |= {"positive": names[1], "negative": names[0]}
        if self.soft:
            options.pop("label_kind", None)
        return names, dict(predictions), list(values)

    # Labels, weights, units, slices -------------------------------------------------------------------

    def _distribution(self, label: int, n_classes: int) -> list[float]:
        """Return a row that sums to 1; now and then one that names a single class."""
        rng = self.rng
        kind = rng.choice(("hard", "even", "tenths", "smooth", "sharp"))
        if kind == "hard":
            parts = [float(k == label) for k in range(n_classes)]
        elif kind == "even":
            parts = [1.0] * n_classes
        elif kind == "tenths":
            cuts = sorted(rng.randint(0, 10) for _ in range(n_classes - 1))
            parts = [float(b - a) for a, b in zip([0, *cuts], [*cuts, 10], strict=True)]
        elif kind == "smooth":
            parts = [rng.expovariate(1) for _ in range(n_classes)]
        else:
            parts = [1e6 if k == label else rng.random() for k in range(n_classes)]
        return [part / math.fsum(parts) for part in parts]

    def _label_columns(self, names: list[str], rows: list[list[float]], options: dict[str, Any]) -> Table:
        rng = self.rng
        if self.lists:  # in the order of the classes, like the predictions
            options["label"] = rng.choice(("truth", ["truth"]))
            return {"truth": [list(row) for row in rows]}
        before, after = rng.choice((("y_", ""), ("truth.", ""), ("", "_y")))
        columns = {f"{before}{name}{after}": [row[k] for row in rows] for k, name in enumerate(names)}
        order = rng.sample(list(columns), len(columns))
        options["label"] = order
        if rng.random() < 0.3:
            options["label_kind"] = "distribution"
        return {column: columns[column] for column in columns}

    def _weights(
        self, names: list[str], given: list[Label], settings: Settings, options: dict[str, Any]
    ) -> tuple[list[float] | None, Settings]:
        """Return sample weights; add what weighs classes and what weights mean. The first row always counts."""
        rng = self.rng
        counts = rng.random() < 0.25
        weights = [float(rng.randint(0, 4)) for _ in given] if counts else cases.random_weights(rng, len(given))
        extreme = weights is not None and not 1e-100 < max(weights) < 1e100
        if extreme and (self.soft or self.label_only):
            weights = [1.0] * len(given)
        if weights is not None:
            weights[0] = weights[0] or 1.0
        if counts:
            options["weight_kind"] = "count"
            settings = replace(settings, weight_kind="count")
        if settings.label_smoothing:
            options["label_smoothing"] = settings.label_smoothing
        if not self.unlabelled and not extreme and rng.random() < 0.5:
            of_class = [rng.choice(WEIGHTS_OF_CLASSES) for _ in names]
            first = given[0]
            at = first if isinstance(first, int) else max(range(len(names)), key=first.__getitem__)
            of_class[at] = of_class[at] or 1.0
            settings = replace(settings, class_weights=tuple(of_class))
            told = {name: c for name, c in zip(names, of_class, strict=True) if c != 1 or rng.random() < 0.5}
            if told:
                text = ",".join(f"{name}={c}" for name, c in told.items())
                options["class_weight"] = text if rng.random() < 0.3 else told
        return weights, settings

    def _units(self, sides: list[Table], options: dict[str, Any]) -> list[float] | None:
        if self.rng.random() < 0.6:
            return None
        options["per"] = "bytes"
        whole = self.rng.random() < 0.5
        per = [float(self.rng.randint(1, 9)) if whole else self.rng.uniform(0.1, 40) for _ in range(self.n_rows)]
        self.rng.choice(sides)["bytes"] = [int(unit) for unit in per] if whole else list(per)
        return per

    def _slices(self, sides: list[Table], options: dict[str, Any]) -> list[Key] | None:
        rng = self.rng
        if rng.random() < 0.6:
            return None
        columns: Table = {}
        for name, values in rng.sample((("region", ("north", "süd", "0")), ("year", (7, 1999)), ("all", ("x",))), 2):
            side = rng.randrange(len(sides))
            nothing = (None,) if self.formats[side if len(sides) == 2 else 0] == "parquet" else ()
            # The first is a value: of nulls alone Parquet would not know the type.
            columns[name] = [values[0], *(rng.choice((*values, *nothing)) for _ in range(self.n_rows - 1))]
            sides[side][name] = columns[name]
            if rng.random() < 0.7:
                break
        options["by"] = list(columns)
        texts = [[None if value is None else str(value) for value in column] for column in columns.values()]
        return list(zip(*texts, strict=True))

    # Rows that are in the files and in no figure ------------------------------------------------------

    def _leave_out(self, predictions: Table, labels: Table, options: dict[str, Any]) -> None:
        """Put in copies of the first row with a label that means none."""
        rng = self.rng
        if "label" not in labels:
            return
        typed = isinstance(labels["label"][0], int)
        missing = "" if self.formats[1] == "csv" else None
        for counter, mark, option in (
            ("ignored_rows", int(IGNORED) if typed else IGNORED, ("ignore", [IGNORED])),
            ("dropped_rows", missing, ("missing", "drop")),
        ):
            if rng.random() < 0.75:
                continue
            options[option[0]] = option[1]
            first = [0]  # where the first row is by now
            for _ in range(rng.randint(1, 3)):
                at = rng.randint(1, len(labels["label"]))
                for table in (predictions, labels):
                    for column in table.values():
                        column.insert(at, column[first[0]])
                labels["label"][at] = mark
                self.left_out[counter] += 1

    def _by_key(self, predictions: Table, labels: Table, options: dict[str, Any]) -> None:
        """Give rows keys, shuffle one side, and put in rows that the other side does not have."""
        rng = self.rng
        if rng.random() < 0.7:
            return
        n = len(next(iter(predictions.values())))
        numbers = rng.sample(range(10, 1000), n + 4)
        as_text = rng.random() < 0.3
        predictions["id"], labels["id"] = list(numbers[:n]), [str(i) if as_text else i for i in numbers[:n]]
        options["on"] = ["id"]
        for i, (table, counter) in enumerate(((predictions, "unmatched_predictions"), (labels, "unmatched_labels"))):
            for extra in numbers[n + 2 * i : n + rng.choice((0, 0, 1, 2)) + 2 * i]:
                for column in table.values():
                    column.append(column[0])
                table["id"][-1] = type(table["id"][0])(extra)
                self.left_out[counter] += 1
        sides = [key for key in ("unmatched_predictions", "unmatched_labels") if self.left_out[key]]
        if len(sides) == 1:
            options["unmatched"] = rng.choice(("drop", "drop-" + sides[0].removeprefix("unmatched_")))
        elif sides:
            options["unmatched"] = "drop"
        for table in (predictions, labels):
            order = rng.sample(range(len(table["id"])), len(table["id"]))
            table.update({name: [column[i] for i in order] for name, column in table.items()})
