"""The wrapper around the program: exceptions to exit codes, signals to a quiet end."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Never

from xentcli.cli import garbage
from xentcli.cli.signals import Terminated, listen
from xentcli.cli.streams import Closed, keep_places, say, say_error, speak, to_nowhere
from xentcli.errors import ExitStatus, XentError
from xentcli.text import path, show

_CHOICE = re.compile(
    r"Invalid value for '(?P<option>--[a-z-]+)'[^:]*: (?:Value error, )?(?P<value>'.*') is not one of (?P<names>'.*')\."
)


def run() -> Never:
    """Run `xent` on the process's arguments and exit."""
    keep_places()
    garbage.put_off()
    # NumPy's BLAS starts a thread a core when it is imported, each with memory of its own; nothing here uses them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    listen()
    status = main(sys.argv[1:])
    if status in {ExitStatus.INTERRUPTED, ExitStatus.TERMINATED}:
        # Threads may be busy in C with a block nobody wants; what has to be removed has been.
        _flush()
        os._exit(status)
    garbage.forget()
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:  # noqa: PLR0911  # one return a way to end
    """Run `xent` and return its exit status; everything that can go wrong is said on standard error.

    Without arguments the help is printed there too: nothing was asked for, so nothing goes to standard output.
    """
    _prepare_streams()
    _drop_odd_environment()
    speak(as_commands=_wants_commands(arguments))
    try:
        if os.environ.get("_XENT_COMPLETE"):
            from xentcli.cli.completion.protocol import run as complete

            return complete(os.environ["_XENT_COMPLETE"], arguments)
        if not arguments:
            with redirect_stdout(sys.stderr):
                _run_app(["--help"])
            return ExitStatus.ERROR
        return _run_app(list(arguments))
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return ExitStatus.INTERRUPTED
    except Terminated:
        return ExitStatus.TERMINATED
    except XentError as error:
        return _fail(str(error), arguments)
    except BrokenPipeError:
        to_nowhere(sys.stdout)
        return ExitStatus.OK
    except OSError as error:
        return _fail(_of_system(error), arguments)
    except Exception as error:
        from xentcli.memory import lack

        lacking = lack(error)
        if lacking is not None:
            return _fail(str(lacking), arguments)
        # A defect of ours: one line, and where with -v.
        problem = f"internal error: {type(error).__name__}: {show(str(error))}"
        return _fail(problem + "\n  This is a defect of xent; -v shows where it is.", arguments)


def _run_app(arguments: list[str]) -> int:
    """Run the commands; usage errors of the command line parser become one or two lines of ours."""
    from xentcli.cli.app import app

    try:
        status = app(args=arguments, prog_name="xent", standalone_mode=False)
    except SystemExit as end:
        # The parser ends so when nobody reads its help any more.
        to_nowhere(sys.stdout)
        return ExitStatus.OK if end.code == 1 else int(end.code or 0)
    except Exception as error:
        # The parser's errors, whichever package it comes from, know how to say what was wrong.
        if not hasattr(error, "format_message"):
            if type(error).__name__ == "Abort":
                return ExitStatus.INTERRUPTED
            raise
        return _fail_usage(error)
    return int(status or ExitStatus.OK)


def _fail_usage(error: Exception) -> int:
    message = error.format_message()  # type: ignore[attr-defined]  # asked for before the call
    context = getattr(error, "ctx", None)
    choices = _CHOICE.fullmatch(message)
    if choices:
        message = f"{choices['option']} is {choices['value']}; it takes one of {choices['names'].replace(chr(39), '')}"
    # Bytes that are not UTF-8 stand in the message as the escapes of surrogates.
    message = re.sub(r"\\udc([89a-f][0-9a-f])", r"\\x\1", message)
    hint = "" if context is None else f"\n  {context.command_path} --help lists the options."
    return say_error(f"{show(message, 1000)}{hint}")


def _fail(message: str, arguments: Sequence[str]) -> int:
    if _is_verbose(arguments):
        say(_trace())
    return say_error(message)


def _trace() -> str:
    """Return where the error arose; its message in one line and shown, like every text that may come from a file."""
    import traceback

    parts = [part.rstrip("\n") for part in traceback.format_exception(sys.exception())]
    # Of Python are the headings, and frames, which are indented.
    return "\n".join(part if part.startswith(("  ", "\n", "Traceback")) else show(part, 2000) for part in parts)


def _of_system(error: OSError) -> str:
    """Return what the system says, of which file if it says that."""
    what = show(error.strerror or str(error))
    if error.filename is not None:
        return f"{path(os.fsdecode(error.filename))}: {what}"
    try:
        Path.cwd()
    except FileNotFoundError:
        return "the working directory does not exist any more\n  Change to one that does."
    except OSError:
        return f"the working directory: {what}"
    return what


def _wants_commands(arguments: Sequence[str]) -> bool:
    """Say whether -f github is asked for, also on a command line that could not be understood."""
    before = _options(arguments)
    for one, after in zip(before, [*before[1:], ""], strict=False):
        if re.fullmatch("--format=github|-[qv]*fgithub", one):
            return True
        if after == "github" and re.fullmatch("--format|-[qv]*f", one):
            return True
    return False


def _options(arguments: Sequence[str]) -> list[str]:
    """Return the arguments before `--`."""
    return list(arguments)[: list(arguments).index("--")] if "--" in arguments else list(arguments)


def _is_verbose(arguments: Sequence[str]) -> bool:
    return any(argument == "--verbose" or re.match("-[hq]*v", argument) for argument in _options(arguments))


def _prepare_streams() -> None:
    """Let every character be written: as an escape where the stream's encoding lacks it. Nothing is lost in silence."""
    if sys.stdout is None:
        sys.stdout = Closed()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _drop_odd_environment() -> None:
    """Forget widths that are no number, which libraries read at import and fail; NO_COLOR also means no bold help."""
    if os.environ.get("NO_COLOR"):
        os.environ["TERM"] = "dumb"
        os.environ.pop("FORCE_COLOR", None)
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        if not re.fullmatch(r"0*[1-9][0-9]{0,3}", os.environ.get(name, "1"), re.ASCII):
            del os.environ[name]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            if stream is not None:
                stream.flush()
