"""docs/recipes.md as files, commands and what they print, section by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "recipes.md"
_BLOCK = re.compile(r"(?:^`(?P<name>[^`\n]+)`\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block: the file that it is (None: a command, or what one prints), what it is written in, and its text."""

    file: str | None
    kind: str
    text: str


def sections() -> dict[str, list[Block]]:
    """Return the blocks of each section; those before the first are of ''."""
    found: dict[str, list[Block]] = {}
    for part in re.split(r"^(?=## )", PAGE.read_text(), flags=re.MULTILINE):
        title = part.splitlines()[0].removeprefix("## ") if part.startswith("## ") else ""
        found[title] = [Block(one["name"], one["kind"], one["body"]) for one in _BLOCK.finditer(part)]
    return found


def commands(title: str) -> list[str]:
    """Return the commands of a section."""
    return [block.text for block in sections()[title] if block.kind == "sh"]


def printed(title: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a section that what it prints follows, with that."""
    blocks = sections()[title]
    for block, after in pairwise(blocks):
        if block.kind == "sh" and after.kind == "text":
            yield block.text, after.text


def write_files(title: str, folder: Path) -> None:
    """Write the files of a section."""
    for block in sections()[title]:
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
