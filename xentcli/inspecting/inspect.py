"""One inspection from paths to result: open, find roles, check the first rows, describe, doubt."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

from xentcli import __version__
from xentcli.engine.local import workers
from xentcli.errors import ResourceError
from xentcli.inspected import InspectResult
from xentcli.inspecting.check import Checked, check
from xentcli.inspecting.columns import files_of
from xentcli.inspecting.doubts import Understood, doubts_of
from xentcli.inspecting.rules import rules_of
from xentcli.kinds import InputKind
from xentcli.memory import peak_bytes
from xentcli.outcome import inputs_of, settings_of
from xentcli.result import Run, Settings
from xentcli.spec import EvalSpec


def inspect_spec(
    spec: EvalSpec, predictions: str, labels: str | None, arguments: tuple[str, ...] = ()
) -> InspectResult:
    """Return what an evaluation would read and how it would understand it.

    Raises UsageError, DataError or ResourceError: what the evaluation would raise of headers and the first rows.
    """
    began = time.perf_counter()
    try:
        with ExitStack() as stack, workers(1) as pool:
            return _result_of(check(spec, predictions, labels, stack, pool), began, arguments)
    except MemoryError as error:
        raise ResourceError("not enough memory") from error


def _result_of(checked: Checked, began: float, arguments: tuple[str, ...]) -> InspectResult:
    # Not all rows were read, so there is no fingerprint of them.
    inputs = replace(inputs_of(checked.outcome, checked.names), rows_fingerprint=None)
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
        run=Run(
            seconds=seconds,
            rows_per_second=None,
            threads=1,
            engine="local",
            peak_memory_bytes=peak_bytes(),
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            arguments=arguments,
        ),
    )


def _settings(checked: Checked) -> Settings:
    """Return the options that would be in force."""
    spec, roles = checked.spec, checked.inputs.roles
    several = len(roles.predictions) > 1 or roles.prediction_list
    sums = several and spec.input in {InputKind.PROBS, InputKind.LOGPROBS} and not spec.renormalize
    settings = settings_of(checked.outcome, 0.5 if len(checked.names.classes) == 2 else 1.0)
    return replace(settings, sum_tolerance=spec.tolerance if sums else None)
