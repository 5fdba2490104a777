"""One evaluation from paths to result."""

from __future__ import annotations

import time

from xentcli.engine.local import available_cores
from xentcli.engine.single_pass import Job, Progress, run_pass
from xentcli.errors import ResourceError
from xentcli.results.evaluation import EvalResult
from xentcli.spec.options import EvalSpec
from xentcli.summary.build_result import Running, result_of


def evaluate_spec(
    spec: EvalSpec,
    predictions: str,
    labels: str | None,
    progress: Progress | None = None,
    arguments: tuple[str, ...] = (),
) -> EvalResult:
    """Return the result of an evaluation. `progress` is called with the bytes read and the bytes in all.

    Raises UsageError, DataError or ResourceError.
    """
    began = time.perf_counter()
    threads = spec.threads or available_cores()
    try:
        outcome = run_pass(Job(spec, predictions, labels, progress, threads))
        return result_of(outcome, Running(began, threads, arguments))
    except MemoryError as error:
        hint = "Fewer --threads or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error
