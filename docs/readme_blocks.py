"""Fill README.md and pages of docs from what the commands really print: `python docs/readme_blocks.py`.

With `--check` nothing is written, and the exit code says whether anything would change. Names of pages after
it, such as `docs/gates.md`, say which; without any it is all.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A transcript, or a file with its name over it.
_BLOCK = re.compile(
    r"^`(?P<name>[^`\n]+)`\n\n```\w+\n(?P<text>.*?)^```$|^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_WIDTH = "100"
# Pages that are made, or have transcripts.
PAGES = [
    "README.md",
    *(f"docs/{name}.md" for name in ("commands", "formats", "gates", "rules", "shapes", "source", "tutorial")),
]
# Reading order: from what everything stands on, along the way of the data, to what a user sees.
_ROOMS = [
    "numerics", "spec", "sources", "columns", "alignment", "scoring", "state", "summary", "results", "gates", "engine",
    "commands", "render", "sinks", "cli",
]  # fmt: skip


def run(command: str, folder: Path = ROOT) -> str:
    """Return what a shell command prints, standard error and all, with xent found beside this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "COLUMNS": _WIDTH,
        "TERMINAL_WIDTH": _WIDTH,
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def transcripts(page: str) -> str:
    """Return a page with the real output of each command; one without any stays so.

    The commands of a page are run one after another in a folder with the sample data, where they may leave files; those
    that the page shows, each under its name, are written there.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sample_data").symlink_to(ROOT / "sample_data")

        def printed(match: re.Match[str]) -> str:
            if match["name"]:
                path = folder / match["name"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(match["text"])
                return match.group()
            lines = match.group("body").splitlines()
            commands = [line for line in lines if line.startswith("$ ")]
            texts = [f"{command}\n{run(command.removeprefix('$ '), folder)}" for command in commands]
            # What a command alone prints may be left out, as that of an installation is.
            return match.group(0) if len(commands) == len(lines) == 1 else f"```console\n{''.join(texts)}```"

        return _BLOCK.sub(printed, page)


def source_page() -> str:
    """Return docs/source.md: every package with its modules, each with the first line of its docstring."""
    package = ROOT / "xentcli"
    found = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    if found != set(_ROOMS):
        raise SystemExit(f"not in the reading order: {sorted(found ^ set(_ROOMS))}")
    parts = ["# The source, in reading order\n\nMade by `python docs/readme_blocks.py` from the docstrings.\n"]
    for name in ["", *_ROOMS]:
        folder = package / name
        # A package stands before what is in it.
        paths = sorted(folder.rglob("*.py") if name else folder.glob("*.py"), key=lambda path: (path.parent, path.stem))
        lines = [_source_line(path) for path in paths if path.parent != folder or path.name != "__init__.py"]
        said = (ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "").splitlines()[0]
        parts.append(f"## xentcli/{name}\n\n{said}\n\n" + "".join(lines))
    return "\n".join(parts)


def _source_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    shown = path.relative_to(ROOT / "xentcli")
    if path.name == "__init__.py":
        return f"- **{shown.parent}/**: {docstring.splitlines()[0]}\n"
    return f"- [{shown}](../xentcli/{shown}): {docstring.splitlines()[0]}\n"


def commands_page() -> str:
    """Return docs/commands.md."""
    pages = [("xent", "xent --help"), ("xent eval", "xent eval --help"), ("xent inspect", "xent inspect --help")]
    parts = [f"## `{name}`\n\n```text\n{run(command).strip(chr(10))}\n```\n" for name, command in pages]
    return "# Commands\n\nWhat `--help` prints; made by `python docs/readme_blocks.py`.\n\n" + "\n".join(parts)


def _steady(page: str) -> str:
    """Return a page without the digits of figures that differ between builds of NumPy."""
    return re.sub(r"[0-9]+\.[0-9]{11,}(?:e-?[0-9]+)?", lambda number: f"{float(number.group()):.10e}", page)


def text_of(name: str) -> str:
    """Return what a page should be."""
    made = {"docs/source.md": source_page, "docs/commands.md": commands_page}.get(name)
    return made() if made is not None else transcripts((ROOT / name).read_text())


def main() -> int:
    """Write or check the pages."""
    asked = [name for name in sys.argv[1:] if name != "--check"]
    pages = {ROOT / name: text_of(name) for name in asked or PAGES}
    stale = [path for path, text in pages.items() if not path.exists() or _steady(path.read_text()) != _steady(text)]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the commands print; run python docs/readme_blocks.py")
        return len(stale)
    for path in stale:
        path.write_text(pages[path])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
