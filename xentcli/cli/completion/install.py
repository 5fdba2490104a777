"""Where completion scripts live, so that each shell finds them when it starts."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from xentcli.cli.completion.scripts import SCRIPTS
from xentcli.errors import OutputError, UsageError
from xentcli.text import path as shown
from xentcli.text import quote


def shell_in_use() -> str:
    """Return the name of the shell that xent was started from. Raises UsageError where it has no completion."""
    from shellingham import ShellDetectionFailure, detect_shell

    hint = "_XENT_COMPLETE=bash_source xent prints the completion of bash; zsh_source and fish_source likewise."
    try:
        name: str = detect_shell()[0]
    except ShellDetectionFailure:
        raise UsageError("xent was not started from a shell that it knows", hint=hint) from None
    if name not in SCRIPTS:
        raise UsageError(f"the current shell is {quote(name)}; completion is for {', '.join(SCRIPTS)}", hint=hint)
    return name


def install() -> tuple[str, str]:
    """Put completion of the current shell where it is found, and return the shell and the path.

    bash reads `~/.bashrc` and zsh `.zshrc`, which get a line that leads there; fish looks there by itself.
    """
    shell = shell_in_use()
    home = Path.home()
    if shell == "bash":
        script = home / ".bash_completions" / "xent.sh"
        startup, line = home / ".bashrc", f"source {shlex.quote(str(script))}"
    elif shell == "zsh":
        script = home / ".zfunc" / "_xent"
        startup = Path(os.environ.get("ZDOTDIR") or home) / ".zshrc"
        line = "fpath+=~/.zfunc; autoload -Uz compinit; compinit"
    else:
        settings = os.environ.get("XDG_CONFIG_HOME")
        script = (Path(settings) if settings else home / ".config") / "fish" / "completions" / "xent.fish"
        startup, line = None, ""
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(SCRIPTS[shell], encoding="utf-8")
        if startup is not None:
            _add_line(startup, line)
    except OSError as error:
        where = str(error.filename or script)
        raise OutputError(f"{shown(where)}: cannot be written: {error.strerror or error}") from error
    return shell, shown(str(script))


def _add_line(file: Path, line: str) -> None:
    """Let a file end in a line, unless it has it; nothing else in it changes."""
    before = file.read_bytes() if file.exists() else b""
    if line.encode() in before.splitlines():
        return
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    with file.open("ab") as stream:
        stream.write(gap + line.encode() + b"\n")
