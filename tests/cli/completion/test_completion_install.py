"""Where completion is put, and what becomes of the start-up files of the shells."""

from __future__ import annotations

from pathlib import Path

import pytest
import shellingham
from conftest import Ran, RunXent

from xentcli.cli.completion.scripts import SCRIPTS

HINT = "\n  _XENT_COMPLETE=bash_source xent prints the completion of bash; zsh_source and fish_source likewise.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ZDOTDIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def started_from(monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setattr(shellingham, "detect_shell", lambda: (shell, f"/bin/{shell}"))


def installed(shell: str, path: Path) -> Ran:
    text = f"{shell} completion installed in {path}\nCompletion will take effect once you restart the terminal\n"
    return Ran(0, text, "")


@pytest.mark.parametrize(
    ("shell", "script", "startup", "line"),
    [
        ("bash", ".bash_completions/xent.sh", ".bashrc", "source {home}/.bash_completions/xent.sh\n"),
        ("zsh", ".zfunc/_xent", ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit\n"),
        ("fish", ".config/fish/completions/xent.fish", None, None),
    ],
)
def test_the_script_is_put_where_the_shell_finds_it(
    home: Path,
    run_xent: RunXent,
    monkeypatch: pytest.MonkeyPatch,
    shell: str,
    script: str,
    startup: str | None,
    line: str | None,
) -> None:
    started_from(monkeypatch, shell)
    for _ in range(2):
        assert run_xent("--install-completion") == installed(shell, home / script)
        assert (home / script).read_text() == SCRIPTS[shell]
        if startup is not None and line is not None:
            assert (home / startup).read_text() == line.format(home=home)
    made = {script.partition("/")[0]} | ({startup} if startup else set())
    assert {path.name for path in home.iterdir()} == made


def test_what_a_startup_file_holds_stays_as_it_is(
    home: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_from(monkeypatch, "zsh")
    (home / ".zshrc").write_bytes(b"# caf\xe9\nalias x=xent")
    assert run_xent("--install-completion").code == 0
    added = b"\nfpath+=~/.zfunc; autoload -Uz compinit; compinit\n"
    assert (home / ".zshrc").read_bytes() == b"# caf\xe9\nalias x=xent" + added


def test_an_odd_home_stays_one_word(home: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = home / "o'hara $HOME"
    odd.mkdir()
    monkeypatch.setenv("HOME", str(odd))
    started_from(monkeypatch, "bash")
    assert run_xent("--install-completion").code == 0
    words = "source '" + str(odd).replace("'", "'\"'\"'") + "/.bash_completions/xent.sh'\n"
    assert (odd / ".bashrc").read_text() == words


def test_other_places_of_settings_are_known(home: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZDOTDIR", str(home / "zsh"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    (home / "zsh").mkdir()
    started_from(monkeypatch, "zsh")
    assert run_xent("--install-completion").code == 0
    assert (home / "zsh" / ".zshrc").is_file()
    started_from(monkeypatch, "fish")
    path = home / "settings" / "fish" / "completions" / "xent.fish"
    assert run_xent("--install-completion") == installed("fish", path)
    assert path.read_text() == SCRIPTS["fish"]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_of_the_shell_is_shown(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    started_from(monkeypatch, shell)
    assert run_xent("--show-completion") == Ran(0, SCRIPTS[shell], "")


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_a_shell_without_completion_is_an_error(
    home: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    started_from(monkeypatch, "tcsh")
    problem = "error: the current shell is 'tcsh'; completion is for bash, zsh, fish"
    assert run_xent(option) == Ran(2, "", problem + HINT)

    def detect() -> tuple[str, str]:
        raise shellingham.ShellDetectionFailure

    monkeypatch.setattr(shellingham, "detect_shell", detect)
    assert run_xent(option) == Ran(2, "", "error: xent was not started from a shell that it knows" + HINT)
    assert list(home.iterdir()) == []


def test_a_place_that_cannot_be_written_is_an_error(
    home: Path, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_from(monkeypatch, "bash")
    (home / ".bash_completions").write_text("no folder")
    problem = f"error: {home}/.bash_completions: cannot be written: File exists\n"
    assert run_xent("--install-completion") == Ran(2, "", problem)
