"""One inspection from paths to result: open, find roles, check the first rows, describe, doubt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

from xentcli.columns.inputs import Inputs, open_sources
from xentcli.columns.roles import find_roles
from xentcli.commands.inspect.check import Checked, check
from xentcli.commands.inspect.columns import files_of
from xentcli.commands.inspect.doubts import Understood, doubts_of
from xentcli.commands.inspect.refused import files_of_refused
from xentcli.commands.inspect.rules import rules_of
from xentcli.engine.local import workers
from xentcli.errors import DataError, ResourceError, UsageError, XentError
from xentcli.memory import peak_bytes
from xentcli.results.evaluation import Run, Settings
from xentcli.results.inspection import InspectResult, Refusal
from xentcli.sources.base import Source
from xentcli.spec.choices import InputKind
from xentcli.spec.options import EvalSpec
from xentcli.summary.build_result import inputs_of, settings_of
from xentcli.version import __version__


def inspect_spec(
    spec: EvalSpec, predictions: str, labels: str | None, arguments: tuple[str, ...] = ()
) -> InspectResult:
    """Return what an evaluation would read and how it would understand it.

    Raises UsageError, DataError or ResourceError: what the evaluation would raise of headers and the first rows. The
    first two have what could be found out all the same in `inspection`, if the inputs could be opened.
    """
    began = time.perf_counter()
    try:
        with ExitStack() as stack, workers(1) as pool:
            opened: list[Source] = []
            try:
                mine, yours = open_sources(spec, predictions, labels, stack, opened)
                inputs = Inputs(mine, yours, find_roles(spec, mine, yours))
                return _result_of(check(spec, inputs, labels, pool), began, arguments)
            except (DataError, UsageError) as error:
                error.inspection = _refused(spec, opened, error, began, arguments) if opened else None
                raise
    except MemoryError as error:
        raise ResourceError("not enough memory") from error


def _result_of(checked: Checked, began: float, arguments: tuple[str, ...]) -> InspectResult:
    # Not all rows were read, so there is no fingerprint of them.
    inputs = replace(inputs_of(checked.shard, checked.names), rows_fingerprint=None)
    files = files_of(checked)
    rules = rules_of(checked, files, inputs.label_kind)
    seconds = time.perf_counter() - began
    return InspectResult(
        xent_version=__version__,
        inputs=inputs,
        settings=_settings(checked),
        files=files,
        rules=rules,
        doubts=doubts_of(Understood(checked, files, rules)),
        warnings=(),
        run=_run(seconds, arguments),
    )


def _refused(
    spec: EvalSpec, sources: Sequence[Source], error: XentError, began: float, arguments: tuple[str, ...]
) -> InspectResult | None:
    """Return what is known of inputs that an evaluation would refuse, None where not even their columns can be read."""
    try:
        files = files_of_refused(spec, sources)
    except XentError:
        return None
    return InspectResult(
        xent_version=__version__,
        inputs=None,
        settings=None,
        files=files,
        rules=None,
        doubts=(),
        warnings=(),
        error=Refusal(str(error), error.options),
        run=_run(time.perf_counter() - began, arguments),
    )


def _run(seconds: float, arguments: tuple[str, ...]) -> Run:
    return Run(
        seconds=seconds,
        rows_per_second=None,
        jobs=1,
        engine="local",
        peak_memory_bytes=peak_bytes(),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        arguments=arguments,
    )


def _settings(checked: Checked) -> Settings:
    """Return the options that would be in force."""
    spec, roles = checked.spec, checked.inputs.roles
    several = len(roles.predictions) > 1 or roles.prediction_list
    sums = several and spec.input in {InputKind.PROBS, InputKind.LOGPROBS} and not spec.renormalize
    settings = settings_of(checked.shard, 0.5 if len(checked.names.classes) == 2 else 1.0)
    return replace(settings, sum_tolerance=spec.tolerance if sums else None)
