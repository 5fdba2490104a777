"""Fill README.md and pages of docs from what the commands really print: `python docs/readme_blocks.py`.

With `--check` nothing is written, and the exit code says whether anything would change.
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
_BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_WIDTH = "100"
# Pages of docs with transcripts.
_PAGES = {"formats.md", "gates.md", "rules.md"}
# Reading order: from where data enter to where text leaves, as docs/architecture.md draws it.
_ORDER = [
    "errors.py", "text.py", "kinds.py", "checks.py", "spec.py", "parsing.py", "small.py", "sources/base.py",
    "sources/wide.py",
    "sources/limits.py",
    "sources/raw.py", "sources/packed.py", "sources/encoded.py", "sources/conversions.py",
    "sources/unread_formats.py", "sources/files.py", "sources/blocks.py", "sources/csv.py",
    "sources/csv_header.py", "sources/csv_explain.py", "sources/gather.py", "sources/whole.py", "sources/cells.py",
    "sources/jsonl.py", "sources/parquet.py", "sources/values.py", "sources/arrow.py", "sources/typed.py",
    "sources/uuids.py",
    "sources/lists.py", "sources/pool.py", "sources/trees.py", "sources/listing.py", "sources/stores.py",
    "sources/uris.py", "sources/parts.py", "sources/folders.py", "sources/places.py", "sources/ahead.py",
    "sources/open.py", "columns/places.py", "columns/wraps.py", "columns/readings.py", "columns/affixes.py",
    "columns/first_rows.py", "columns/looks.py", "columns/defaults.py", "columns/roles.py", "columns/inputs.py",
    "columns/headless.py", "columns/labels.py", "columns/many.py", "columns/one.py", "columns/label_only.py",
    "columns/given_classes.py", "columns/proof.py", "columns/input_kinds.py",
    "columns/advice.py", "columns/settle.py", "columns/distribution.py",
    "columns/classes.py", "batch.py", "agreement.py", "keys/texts.py", "keys/decimals.py", "keys/chunks.py",
    "keys/table.py", "keys/store.py", "keys/seen.py", "keys/even.py", "keys/near.py", "keys/spelled.py", "memory.py",
    "limit.py",
    "held.py", "keyed.py", "lookups.py", "slicing.py", "batching.py", "stream.py", "align.py", "loss.py", "validity.py",
    "refusals.py", "terms.py", "exact.py", "limbs.py", "products.py", "runs.py", "squares.py", "dyadic.py",
    "validating.py", "scoring.py", "state/base.py", "state/moments.py", "state/loss.py", "state/shares.py",
    "state/accuracy.py", "state/brier.py", "state/entropy.py", "state/pairs.py", "state/per.py", "state/clipping.py",
    "state/row_sums.py", "state/rows.py", "state/evaluation.py", "engine/local.py", "student.py", "interval.py",
    "judged.py", "result.py", "metrics.py", "undefined.py", "baseline.py", "changes.py", "gate.py",
    "prior.py", "summary.py", "slices.py", "warned.py", "warned_columns.py", "outcome.py", "planning.py",
    "evaluation.py", "inspected.py", "inspecting/sample.py", "inspecting/check.py", "inspecting/looking.py",
    "inspecting/columns.py", "inspecting/refused.py",
    "inspecting/rules.py", "inspecting/keys.py", "inspecting/doubts.py", "inspecting/inspect.py", "api.py",
    "render/formats.py", "render/data.py", "render/json_text.py", "render/flat.py", "render/frame.py",
    "render/gate_text.py", "render/baseline_text.py", "render/listing.py", "render/screen.py", "render/spelling.py",
    "render/facts.py", "render/figures.py", "render/whole_figures.py", "render/class_figures.py",
    "render/slice_figures.py", "render/slice_classes.py", "render/change_figures.py", "render/notes.py",
    "render/inspect_parts.py", "render/table.py", "render/markdown.py", "render/annotations.py", "render/csv_cells.py",
    "render/csv_text.py", "render/csv_inspect.py", "render/junit.py", "sinks/whole.py",
    "cli/main.py", "cli/app.py", "cli/summaries.py", "cli/commands.py", "cli/parameters.py", "cli/help.py",
    "cli/options/files.py", "cli/options/columns.py", "cli/options/rows.py", "cli/options/scoring.py",
    "cli/options/report.py", "cli/options/gates.py", "cli/options/running.py", "cli/config.py", "cli/toml.py",
    "cli/show_config.py", "cli/eval.py", "cli/inspect.py", "cli/specs.py", "cli/values.py", "cli/classes.py",
    "cli/gating.py", "cli/streams.py", "cli/report.py", "cli/progress.py", "cli/limiting.py",
    "cli/garbage.py", "cli/completion.py",
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

    The commands of a page are run one after another in a folder with the sample data, where they may leave files.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "sample_data").symlink_to(ROOT / "sample_data")

        def printed(match: re.Match[str]) -> str:
            lines = match.group("body").splitlines()
            commands = [line for line in lines if line.startswith("$ ")]
            texts = [f"{command}\n{run(command.removeprefix('$ '), folder)}" for command in commands]
            # What a command alone prints may be left out, as that of an installation is.
            return match.group(0) if len(commands) == len(lines) == 1 else f"```console\n{''.join(texts)}```"

        return _BLOCK.sub(printed, page)


def source_list() -> str:
    """Return the source files in reading order, each with the first line of its docstring."""
    lines = []
    package = ROOT / "xentcli"
    others = {str(path.relative_to(package)) for path in package.rglob("*.py") if "__" not in path.name} - set(_ORDER)
    rest = {
        name: [other for other in sorted(others) if other.startswith(name.removesuffix(".py") + "_")] for name in _ORDER
    }
    rest["render/table.py"] = sorted(other for other in others if other.startswith(("render/table_", "render/numbers")))
    for name in [one for first in _ORDER for one in [first, *rest[first]]]:
        docstring = ast.get_docstring(ast.parse((package / name).read_text())) or ""
        lines.append(f"- [xentcli/{name}](xentcli/{name}): {docstring.splitlines()[0]}")
        others.discard(name)
    if others:
        raise SystemExit(f"not in the reading order: {sorted(others)}")
    return "\n".join(lines) + "\n"


def filled(readme: str) -> str:
    """Return the README with every transcript and the list of source files made anew."""
    head, title, _ = readme.partition("## The source, in reading order\n")
    return transcripts(head) + title + "\n" + source_list()


def options_page() -> str:
    """Return docs/options.md."""
    pages = [("xent", "xent --help"), ("xent eval", "xent eval --help"), ("xent inspect", "xent inspect --help")]
    parts = [f"## `{name}`\n\n```text\n{run(command).strip(chr(10))}\n```\n" for name, command in pages]
    return "# Options\n\nWhat `--help` prints; made by `python docs/readme_blocks.py`.\n\n" + "\n".join(parts)


def _steady(page: str) -> str:
    """Return a page without the digits of figures that differ between builds of NumPy."""
    return re.sub(r"[0-9]+\.[0-9]{11,}(?:e-?[0-9]+)?", lambda number: f"{float(number.group()):.10e}", page)


def main() -> int:
    """Write or check the pages."""
    pages = {
        ROOT / "README.md": filled((ROOT / "README.md").read_text()),
        ROOT / "docs" / "options.md": options_page(),
        **{page: transcripts(page.read_text()) for page in sorted((ROOT / "docs").glob("*.md")) if page.name in _PAGES},
    }
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
