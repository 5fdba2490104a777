"""Real shells on a terminal of their own: keys go in, and what the line became comes out."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
from tools import tool

SHELLS = ("bash", "zsh", "fish")
_PROMPT, _READ, _RAN = "ready> ", "(line read)", "(xent ran)"
_SECONDS = 60
# What start-up files say: the prompt, and that Ctrl-T writes the line as it stands to $XENT_LINE.
_BASH = rf"""
PS1='{_PROMPT}'
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set page-completions off'
_read_line() {{ printf '%s' "$READLINE_LINE" >"$XENT_LINE"; printf '{_READ}'; }}
bind -x '"\C-t": _read_line'
"""
# Folders below /usr/local may belong to a group, about which compinit would ask.
_ZSH = rf"""
fpath=(${{fpath:#/usr/local/*}})
autoload -Uz compinit; compinit -D
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
    "bash": (_BASH, ".bashrc", ["--noprofile", "--rcfile", "{home}/.bashrc", "-i"]),
    "zsh": (_ZSH, ".zshrc", ["-d", "-i"]),
    "fish": (_FISH, ".config/fish/config.fish", ["-i"]),
}
# Evaluations are not run: what they were given is written down.
_XENT = f"""#!/bin/sh
if [ -z "$_XENT_COMPLETE" ] && [ "$1" = eval ]; then
    printf '%s\\0' "$@" >"$XENT_GIVEN"
    printf '{_RAN}'
else
    exec '{sys.executable}' -m xentcli "$@"
fi
"""


class Shell:
    """An interactive shell in a folder, with a home of its own and `xent` on its path."""

    def __init__(self, name: str, home: Path, cwd: Path) -> None:
        executable = tool(name)
        start, file, arguments = _STARTS[name]
        self.name, self.home = name, home
        self._line, self._given = home / "line", home / "given"
        startup = home / file
        startup.parent.mkdir(parents=True, exist_ok=True)
        before = startup.read_text() if startup.exists() else ""
        startup.write_text(before if start in before else start + before)
        program = home / "bin" / "xent"
        program.parent.mkdir(exist_ok=True)
        program.write_text(_XENT)
        program.chmod(0o755)
        self.screen = ""
        with warnings.catch_warnings():
            # From Python 3.12 on: a fork beside threads, which NumPy has; what is forked becomes a shell at once.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.child: Any = pexpect.spawn(
                executable,
                [argument.format(home=home) for argument in arguments],
                cwd=cwd,
                env={
                    "HOME": str(home),
                    "PATH": f"{program.parent}:/usr/bin:/bin",
                    "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
                    "TERM": "xterm",
                    "LC_ALL": "C.UTF-8",
                    "XENT_LINE": str(self._line),
                    "XENT_GIVEN": str(self._given),
                },
                encoding="utf-8",
                codec_errors="replace",
                dimensions=(60, 200),
                timeout=_SECONDS,
            )
        # Every wait is for something that comes; the pauses of pexpect are for programs that ask for passwords.
        self.child.delaybeforesend = None
        self.child.expect_exact(_PROMPT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.child.close(force=True)

    def typed(self, keys: str) -> str:
        """Return what an empty line becomes by these keys; `screen` is what was on the terminal meanwhile."""
        self._line.unlink(missing_ok=True)
        self.child.send("\x15" + keys + "\x14")
        self.child.expect_exact(_READ)
        self.screen = self.child.before
        return self._line.read_text().removesuffix("\n")

    def submitted(self, keys: str) -> list[str]:
        """Return what `xent` is given where these keys and Enter are pressed on an empty line."""
        self._given.unlink(missing_ok=True)
        self.child.send("\x15" + keys + "\r")
        self.child.expect_exact(_RAN)
        self.child.expect_exact(_PROMPT)
        return self._given.read_text().split("\0")[:-1]

    def run(self, command: str) -> None:
        """Run a command to its end."""
        self.child.send(f"\x15{command}; printf '(%s)' ended\r")
        self.child.expect_exact("(ended)")
        self.child.expect_exact(_PROMPT)
