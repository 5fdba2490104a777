"""What is said on standard error beside a result: what readers of its format do not see."""

from __future__ import annotations

from collections.abc import Iterator

from xentcli.render.formats import Format
from xentcli.results.evaluation import EvalResult
from xentcli.text import show

_LONGEST = 2000


def beside(result: EvalResult, form: Format, *, alone: bool, quiet: bool) -> Iterator[str]:
    """Yield the lines: warnings, and gates that are not met. alone: the result is on standard output, not in a file."""
    if form is Format.GITHUB:
        from xentcli.render.github import workflow_commands

        yield from workflow_commands(result, quiet)
    elif not quiet:
        if not form.shows_all:
            yield from (f"warning: {show(warning.message, _LONGEST)}" for warning in result.warnings)
        if result.gates and not (form.shows_all and alone):
            from xentcli.render.wording.gate_text import failures

            yield from failures(result.gates)
