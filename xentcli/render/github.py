r"""What GitHub shows beside a run: `::error` for gates that are not met, `::warning` for warnings.

They go to standard error, so that the Markdown can go to $GITHUB_STEP_SUMMARY alone. The runner reads commands from
both streams: ScriptHandler.cs of actions/runner gives each an OutputManager of its own, over one ActionCommandManager.
That looks for a line that begins with `::` (ActionCommand.TryParseV2) and only then for `##[` anywhere in it (TryParse,
of an older kind): in a line of ours what is quoted is never reached. Values are escaped as ActionCommand.cs unescapes
them. GitHub shows 10 errors and 10 warnings of a step; the log has them all.
"""

from __future__ import annotations

from xentcli.render.wording.facts import places_text
from xentcli.render.wording.gate_text import asked
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.text import path, quote, show

_LONGEST = 4096
_PLAIN = Spelling(name=show, quoted=quote, path=path, message=show, between=" .. ", times="x")


def workflow_commands(result: EvalResult, quiet: bool = False) -> list[str]:
    """Return a line for each gate that is not met, then for each warning; quiet: no warnings."""
    failed = [gate for gate in result.gates or () if not gate.passed]
    lines = [
        _command("error", "xent: gate not met", show(f"{asked(gate)}: {gate.reason}", _LONGEST)) for gate in failed
    ]
    if not quiet:
        for each in result.warnings:
            message = f"{show(each.message, _LONGEST)} {places_text(each, _PLAIN)}".rstrip()
            lines.append(_command("warning", f"xent: {each.code.replace('_', ' ')}", message))
    return lines


def error_annotation(message: str) -> str:
    r"""Return the line for an evaluation that failed; what is more than one line stays so.

    >>> error_annotation("p.csv: record 3: 120 % is no probability\n  See --input.")
    '::error title=xent%3A cannot evaluate::p.csv: record 3: 120 %25 is no probability%0A  See --input.'
    """
    return _command("error", "xent: cannot evaluate", "\n".join(show(line, _LONGEST) for line in message.split("\n")))


def _command(name: str, title: str, message: str) -> str:
    return f"::{name} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    """Return text as the message of a command.

    >>> _data("100 %\\r\\n::error::x")
    '100 %25%0D%0A::error::x'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return text as a property of a command.

    >>> _property("a: b, c")
    'a%3A b%2C c'
    """
    return _data(text).replace(":", "%3A").replace(",", "%2C")
