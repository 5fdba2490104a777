"""What a reader of the figures should know, in plain words; no message names a file or a record."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xentcli.numerics.dyadic import ratio, total
from xentcli.results.evaluation import Warned
from xentcli.results.figures import ClassResult
from xentcli.spec.choices import InputKind, Unit
from xentcli.summary.column_warnings import ignored_nothing, left_out, no_label_zero, perfect, predicted, without_labels
from xentcli.summary.evaluated import Evaluated
from xentcli.summary.skill import Smoothed
from xentcli.text import count, quote

_FAR = 3.0


def warnings_of(found: Evaluated) -> tuple[Warned, ...]:
    """Return the warnings, the gravest first."""
    return tuple(warning for source in _SOURCES for warning in source(found))


def amount(value: float | None) -> str:
    """Return a figure for prose: four significant digits.

    >>> amount(0.123456), amount(None), amount(float("inf"))
    ('0.1235', 'undefined', 'infinite')
    """
    if value is None:
        return "undefined"
    return "infinite" if math.isinf(value) else f"{value:.4g}"


def percent(share: float | None) -> str:
    """Return a share for prose: `61.2 %`."""
    return "an undefined part" if share is None else f"{100.0 * share:.3g} %"


def _unit(found: Evaluated) -> str:
    return "bits" if found.scale.unit is Unit.BITS else "nats"


def _infinite(found: Evaluated) -> Iterator[Warned]:
    rows = found.sums.rows.infinite
    if not rows:
        return
    verb = "gives" if rows == 1 else "give"
    if found.spec.input is InputKind.LOGITS:
        why = f"{verb} the label no probability: its logit is -inf, or so far below another that float64 overflows"
    else:
        why = f"{verb} the label a probability of 0"
    finite = found.overall.rows - rows
    mean = None
    if finite and not found.state.rows.weighted and not found.sums.mixed and found.basis.how == Smoothed():
        whole = found.sums.whole
        mean = found.scale.of(ratio(whole.s, type(whole.s)(finite)))
    rest = f" Without them the loss is {amount(mean)} {_unit(found)}." if mean is not None else ""
    message = f"{count(rows, 'row')} {why}, so the loss is infinite.{rest} --clip EPS bounds what one row can cost."
    yield Warned("infinite_loss", message, rows)


def _clipping(found: Evaluated) -> Iterator[Warned]:
    clipped = found.overall.clipped_rows
    if not clipped or found.clip is None:
        return
    each = found.scale.of(-math.log(found.clip))
    whole = found.sums.whole
    other = found.state.clipping.loss_at_other_clip(whole.s)
    verb, pronoun = ("gives", "costs") if clipped == 1 else ("give", "cost")
    if found.sums.mixed or found.basis.how.smoothing:
        message = (
            f"{count(clipped, 'row')} {verb} a class that they are charged for less than {found.clip:.4g}, which "
            f"costs {amount(each)} {_unit(found)} each time: {percent(found.overall.clipped_loss_share)} of the loss."
        )
    else:
        message = (
            f"{count(clipped, 'row')} {verb} the label less than {found.clip:.4g} and {pronoun} {amount(each)} "
            f"{_unit(found)}{'' if clipped == 1 else ' each'}: {percent(found.overall.clipped_loss_share)} of the loss."
        )
    message += f" With --clip {other[0]:.4g} the loss would be {amount(found.scale.of(ratio(other[1], whole.a)))}"
    message += f" instead of {amount(found.overall.loss)}."
    yield Warned("clipped", message, clipped, found.read.clipped)


def _reversed(found: Evaluated) -> Iterator[Warned]:
    """Two classes: is the mean probability of the positive class lower among positives than among negatives?"""
    positive = found.names.positive
    if len(found.classes) != 2 or positive is None:
        return
    at = found.names.classes.index(positive)
    shares, plain = found.state.shares, found.sums.plain
    among_positives = found.classes[at].label_probability
    among_negatives = ratio(shares.all()[at] - shares.label()[at], plain.u[1 - at])
    if among_positives is None or among_negatives is None:
        return
    if among_positives < among_negatives:
        yield Warned(
            "reversed_column",
            f"the probability of {quote(positive)} is lower where the label is {quote(positive)} (mean "
            f"{amount(among_positives)}) than where it is not ({amount(among_negatives)}): the column looks reversed. "
            "See --positive.",
        )


def _row_sums(found: Evaluated) -> Iterator[Warned]:
    sums = found.state.row_sums
    if not sums.off or found.spec.renormalize:
        return
    verb = "sums" if sums.off == 1 else "sum"
    bias = found.overall.sum_bias
    yield Warned(
        "row_sums",
        f"{count(sums.off, 'row')} {verb} to something other than 1, by at most {amount(sums.largest)}. "
        f"--renormalize would add sum_bias = {amount(bias)} {_unit(found)} to the loss.",
        sums.off,
        found.read.off,
    )


def _snapped(found: Evaluated) -> Iterator[Warned]:
    rows = found.state.rows
    snapped = rows.number("snapped")
    if snapped:
        verb = "was" if snapped == 1 else "were"
        yield Warned(
            "snapped",
            f"{count(snapped, 'value')} within 1e-6 of the allowed range, or too small for float64, {verb} taken "
            "as the nearest value in it.",
            None,
            found.read.snapped,
        )


def _share_off(found: Evaluated) -> Iterator[Warned]:
    """Is a class predicted, on average, with a share far from the one observed?

    The standard error of the observed share s of class k is sqrt(Σw²(y_k − s)²)/Σw; where no row has the class, or all
    have it, the one that the predicted share would have.
    """
    plain = found.sums.plain
    everything, squares = total(list(plain.u)), total(list(plain.u2))
    effective = ratio(everything * everything, squares)
    if not effective or effective < 10.0 or found.sums.mixed or found.spec.input.label_only:
        return
    far: list[tuple[float, float, ClassResult]] = []
    for u, u2, entry in zip(plain.u, plain.u2, found.classes, strict=True):
        share, predicted = ratio(u, everything) or 0.0, entry.predicted_share or 0.0
        inside = ratio(u2, squares) or 0.0
        spread = inside * (1.0 - share) ** 2 + (1.0 - inside) * share**2
        if not spread:
            spread = predicted * (1.0 - predicted)
        error = math.sqrt(spread / effective)
        distance = abs(predicted - share)
        if distance > _FAR * error and distance > 0.0:
            far.append((distance / error if error else math.inf, share, entry))
    if not far:
        return
    _, share, worst = max(far, key=lambda item: item[0])
    others = f" ({count(len(far), 'class', 'classes')} in all)" if len(far) > 1 else ""
    yield Warned(
        "share_off",
        f"the predictions give {quote(worst.class_)} {percent(worst.predicted_share)} on average, but "
        f"{percent(share)} of the labels are it: over 3 standard errors apart{others}.",
    )


def _overflow(found: Evaluated) -> Iterator[Warned]:
    overall = found.overall
    names = ("weight", "loss", "loss_sum", *(["macro_loss"] if found.basis.labelled else []))
    lost = [name for name in names if getattr(overall, name) is None]
    if overall.skill is None and overall.prior_entropy:
        lost.append("skill")
    if lost:
        yield Warned("overflow", f"{', '.join(lost)} left float64 and cannot be given; the others are right.")


def _blank_end(found: Evaluated) -> Iterator[Warned]:
    for place in found.read.blank_ended:
        yield Warned(
            "trailing_blank_line",
            "a one-column file ends in a blank line; it was taken as the end and not as an empty cell, since the other "
            "input has as many rows without it.",
            None,
            (place,),
        )


def _unchecked(found: Evaluated) -> Iterator[Warned]:
    for name in found.read.unchecked:
        yield Warned(
            "order_unchecked",
            f"both inputs have a column {quote(name)} with different fractions in a row; fractions are no key, so "
            "it does not say whether the rows are in the same order.",
        )


_SOURCES = (
    _infinite,
    without_labels,
    left_out,
    predicted,
    perfect,
    no_label_zero,
    ignored_nothing,
    _clipping,
    _reversed,
    _row_sums,
    _snapped,
    _share_off,
    _overflow,
    _blank_end,
    _unchecked,
)
