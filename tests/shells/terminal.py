"""Real shells on a terminal of their own: keys go in, and what the line became comes out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
import pytest

_PROMPT, _READ = "ready> ", "(line read)"
_SECONDS = 60
# Each start-up file says what the prompt is and lets Ctrl-T write the line as it stands to $XENT_LINE.
_BASH = rf"""
PS1='{_PROMPT}'
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set page-completions off'
_read_line() {{ printf '%s' "$READLINE_LINE" >"$XENT_LINE"; printf '{_READ}'; }}
bind -x '"\C-t": _read_line'
"""
_ZSH = rf"""
autoload -Uz compinit; compinit -u -D
PS1='{_PROMPT}'; unsetopt beep; LISTMAX=0
_read_line() {{ print -rn -- "$BUFFER" >"$XENT_LINE"; print -n '{_READ}' >/dev/tty; }}
zle -N _read_line; bindkey '^T' _read_line
"""
_FISH = rf"""
set -g fish_greeting; set -g fish_autosuggestion_enabled 0
function fish_prompt; echo -n '{_PROMPT}'; end
function _read_line; commandline | string collect >$XENT_LINE; printf '{_READ}' >/dev/tty; end
bind \ct _read_line
"""
_STARTS = {
    "bash": (_BASH, ".testrc", ["--noprofile", "--rcfile", "{home}/.testrc", "-i"]),
    "zsh": (_ZSH, ".zshrc", ["-i"]),
    "fish": (_FISH, ".config/fish/config.fish", ["-i"]),
}


def shell_here(name: str) -> str:
    """Return the path of a shell. Without it the test is skipped, where all tools are due (.ci/run) it fails."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed"
        if os.environ.get("XENT_ALL_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Shell:
    """An interactive shell in a folder, with a home of its own and `xent` on the path.

    script: what its start-up file does beside; afterwards: bash alone reads ~/.bashrc as well, where it is there.
    """

    def __init__(self, name: str, home: Path, cwd: Path, path: str, script: str = "") -> None:
        start, file, arguments = _STARTS[name]
        self.name, self.home = name, home
        self.line_file = home / "line"
        startup = home / file
        startup.parent.mkdir(parents=True, exist_ok=True)
        before = startup.read_text() if startup.exists() else ""
        startup.write_text(f"{start}\n{before}\n{script}\n")
        self.child: Any = pexpect.spawn(
            shell_here(name),
            [argument.format(home=home) for argument in arguments],
            cwd=cwd,
            env={
                "HOME": str(home),
                "PATH": path,
                "TERM": "xterm",
                "LC_ALL": "C.UTF-8",
                "XENT_LINE": str(self.line_file),
                "PYTHONWARNINGS": "error",
            },
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(60, 200),
            timeout=_SECONDS,
        )
        self.child.expect_exact(_PROMPT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.child.close(force=True)

    def typed(self, text: str) -> str:
        """Return what the line becomes by these keys; the screen meanwhile is `screen`."""
        self.child.send(text + "\x14")
        self.child.expect_exact(_READ)
        self.screen: str = self.child.before
        # What is left of the line goes, whatever it says.
        line = self.line_file.read_text().removesuffix("\n")
        self.child.send("\x03")
        self.child.expect_exact(_PROMPT)
        return line

    def run(self, command: str) -> str:
        """Return what a command prints."""
        self.child.sendline(f"{command}; echo end''ed")
        self.child.expect_exact("ended")
        printed: str = self.child.before
        self.child.expect_exact(_PROMPT)
        return printed
