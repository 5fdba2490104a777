"""Make docs/screens/*.png and docs/screens.md, the table as a terminal shows it: `python docs/screens.py`.

Needs Xvfb, xterm and ImageMagick, and fonts for names in other scripts. `python docs/screens.py gates 1000` makes only
the screens in whose names one of these words is.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
PAGE = ROOT / "docs" / "screens.md"
NEEDED = ("Xvfb", "xterm", "import", "convert")
PACKAGES = "xvfb xterm imagemagick fonts-dejavu fonts-noto-cjk fonts-noto-color-emoji"
THEMES = {"light": ("white", "black"), "dark": ("#1e1e1e", "#d4d4d4")}
# More than any table here; what stays empty is cut off.
_ROWS = 95
_SHOT = """
xent() {{ {python} -m xentcli "$@"; }}
printf '\\033[?25l$ %s\\n' {quoted}
{command}
sleep 0.5  # xterm paints when nothing more comes
import -window $WINDOWID {out}
"""
_ABOUT = """# Screens

The table in xterm, light and dark. `python docs/screens.py` makes these pictures; it needs Xvfb, xterm and ImageMagick.

A wider screen only adds columns, and no figure is ever cut. Red is what costs more than the average (bold where all of
its interval does), what is infinite, a gate that is not met, and a loss that rose beyond its interval; green is a gate
that is met, and a loss that fell beyond it; magenta is what a warning speaks of. Dim is what is not looked at first.
Nothing is said by a colour alone: with `NO_COLOR=1`, and in a file, the text is the same."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A command on a screen of so many columns."""

    name: str
    command: str
    columns: int


def screens() -> Iterator[tuple[str, list[Screen]]]:
    """Yield every heading of the page with its screens."""
    data = {
        "2": ("2 classes", "xent eval cancer.csv cancer_labels.csv"),
        "10": ("10 classes, and slices", "xent eval digits_forest.csv digits_labels.csv --by half"),
        "1000": ("1,000 classes", "xent eval thousand.csv thousand_labels.csv"),
    }
    for name, (heading, command) in data.items():
        yield heading, [Screen(f"{name}-classes", command, columns) for columns in (80, 120, 200)]
    names = "xent eval names.csv names_labels.csv --by region"
    yield (
        "Names in Latin, Chinese, Korean, Hebrew and Arabic, and emoji",
        [Screen("names", names, columns) for columns in (80, 120)],
    )
    gates = (
        "xent eval digits_forest.csv digits_labels.csv --by half --baseline half.json"
        " --max loss=0.4 --max-increase loss=5% --min class/nine/recall=0.9"
    )
    yield "A baseline of other rows, and gates", [Screen("baseline-gates", gates, columns) for columns in (80, 120)]
    same = "xent eval digits_logistic.csv digits_labels.csv --baseline forest.json --max-increase loss=0"
    yield "A baseline of the same rows", [Screen("baseline-same-rows", same, 80)]
    yield (
        "An infinite loss",
        [Screen("infinite", "xent eval digits_forest.csv digits_labels.csv --clip none --top 5 --max loss=0.5", 80)],
    )
    tokens = "xent eval tokens.csv --input label-logprobs --pred logprob --label token --per bytes --top 5"
    yield "Tokens of a language model", [Screen("tokens", tokens, 80)]
    yield "Forty columns", [Screen("narrow", "xent eval digits_forest.csv digits_labels.csv --by half", 40)]
    inspect = "xent inspect cancer.csv cancer_labels.csv"
    yield "What would be read", [Screen("inspect", inspect, 80)]


def make_data(folder: Path) -> None:
    """Write what the commands read: the samples, and made-up predictions of many classes, odd names and tokens."""
    for path in (ROOT / "sample_data").glob("*.csv"):
        shutil.copy(path, folder)
    for stem in ("digits_logistic", "digits_labels"):
        lines = (folder / f"{stem}.csv").read_text().splitlines(keepends=True)
        (folder / f"half_{stem}.csv").write_text("".join(lines[:400]))
    xent("eval", "half_digits_logistic.csv", "half_digits_labels.csv", "--by", "half", out="half.json", folder=folder)
    xent("eval", "digits_forest.csv", "digits_labels.csv", out="forest.json", folder=folder)
    numbers = np.random.default_rng(11)
    words = ["abyss", "amber", "birch", "cedar", "comet", "coral", "ember", "falcon", "fjord", "heron", "ivy"]
    many = [f"n{2_000_000 + 17 * at:08d}_{words[at % 11]}_{words[at * 7 % 10]}" for at in range(1000)]
    predict(folder, "thousand", many, 6000, numbers)
    some = [
        "American_Staffordshire_terrier_or_pit_bull_terrier", "plain", "日本語のとても長いクラス名", "简体中文",
        "한국어 클래스", "😀 grinning face", "👩\u200d👩\u200d👧 family", "❤\ufe0f heart", "👍🏽 thumb",
        "cafe\u0301 with a combining mark", "שלום עולם", "مرحبا بالعالم", "Ελληνικά", "[red]markup[/red] \x1b[2J",
    ]  # fmt: skip
    predict(folder, "names", some, 1500, numbers, regions=("north", "東京", "שלום", "❤\ufe0f", ""))
    lines = [
        f"{-numbers.exponential(1.6):.5f},{numbers.choice(['the', ' cat', ' sat', ' on', '漢字', '!'])},{at % 6 + 1}"
        for at in range(900)
    ]
    (folder / "tokens.csv").write_text("\n".join(["logprob,token,bytes", *lines]) + "\n")


def predict(
    folder: Path, stem: str, names: list[str], rows: int, numbers: np.random.Generator, *, regions: tuple[str, ...] = ()
) -> None:
    """Write predictions of classes of which some are harder than others, and their labels."""
    k = len(names)
    labels = numbers.integers(0, k, rows)
    scores = numbers.normal(size=(rows, k))
    scores[np.arange(rows), labels] += (3.0 if k < 100 else 8.0) - 4.0 * (np.arange(k) % 7 / 7.0)[labels]
    weights = np.exp(scores)
    table = weights / weights.sum(axis=1, keepdims=True)
    head = ",".join(names)
    body = "\n".join(",".join(f"{value:.9f}" for value in row) for row in table)
    (folder / f"{stem}.csv").write_text(f"{head}\n{body}\n")
    region = [f",{regions[at % len(regions)]}" if regions else "" for at in range(rows)]
    lines = [f"{names[label]}{where}" for label, where in zip(labels, region, strict=True)]
    (folder / f"{stem}_labels.csv").write_text("\n".join(["label" + (",region" if regions else ""), *lines]) + "\n")


def xent(*arguments: str, out: str, folder: Path) -> None:
    """Write what a command says as JSON."""
    command = [sys.executable, "-m", "xentcli", *arguments, "-f", "json", "-q", "-o", out]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)


@contextmanager
def display() -> Iterator[str]:
    """Start an X server without a screen, and yield its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1700x1900x24"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        yield f":{os.read(read, 16).decode().strip()}"
        server.terminate()


def shoot(screen: Screen, theme: str, folder: Path, server: str) -> Path:
    """Return the picture of a command in a terminal of its own."""
    out = FOLDER / f"{screen.name}-{screen.columns}-{theme}.png"
    background, text = THEMES[theme]
    lines = textwrap.wrap(screen.command, screen.columns - 4, break_long_words=False, break_on_hyphens=False)
    quoted = shlex.quote(" \\\n    ".join(lines))
    script = _SHOT.format(python=sys.executable, quoted=quoted, command=screen.command, out=out)
    looks = ["-fa", "DejaVu Sans Mono", "-fd", "Noto Color Emoji", "-fs", "10", "-bg", background, "-fg", text, "+sb"]
    environment = {**os.environ, "DISPLAY": server, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        environment.pop(name, None)
    subprocess.run(
        ["xterm", *looks, "-geometry", f"{screen.columns}x{_ROWS}", "-e", "sh", "-c", script],
        cwd=folder, env=environment, stderr=subprocess.DEVNULL, timeout=300, check=True,
    )  # fmt: skip
    cropped(out, background)
    return out


def cropped(picture: Path, background: str) -> None:
    """Cut off the rows of the screen that stayed empty, and leave 64 colours."""
    asked = ["convert", str(picture), "-trim", "-format", "%W %h %Y", "info:"]
    width, height, top = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    area = f"{width}x{int(height) + int(top)}+0+0"
    looks = ["+repage", "-bordercolor", background, "-border", "8", "+dither", "-colors", "64", "-strip"]
    subprocess.run(["convert", str(picture), "-crop", area, *looks, f"PNG8:{picture}"], check=True)


def page() -> str:
    """Return docs/screens.md."""
    lines = [_ABOUT]
    for heading, shown in screens():
        lines += ["", f"## {heading}", "", f"`{shown[0].command}`"]
        for screen in shown:
            for theme in THEMES:
                name = f"{screen.name}-{screen.columns}-{theme}.png"
                lines += ["", f"![{heading}, {screen.columns} columns, {theme}](screens/{name})"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Make the screens that are asked for, and the page."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        print(f"docs/screens.py needs {', '.join(missing)}; on Debian: apt-get install {PACKAGES}", file=sys.stderr)
        return 2
    wanted = [
        one
        for _, shown in screens()
        for one in shown
        if not sys.argv[1:] or any(word in f"{one.name}-{one.columns}" for word in sys.argv[1:])
    ]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, display() as server:
        make_data(Path(folder))
        for screen in wanted:
            for theme in THEMES:
                picture = shoot(screen, theme, Path(folder), server)
                print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size:,} bytes")
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
