"""Which files an input is made of: the parts of a directory or a glob, in order, with their `key=value` folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote_to_bytes

from xentcli.errors import DataError
from xentcli.sources.parts.trees import Entry, Tree
from xentcli.text import path as shown
from xentcli.text import quote, said

MOST_PARTS = 100_000
MOST_ENTRIES = 1_000_000
_NULL = "__HIVE_DEFAULT_PARTITION__"
_WILD = re.compile(r"[*?]|\[[^/]+\]")
# A name without an ending counts, too, as Spark names its parts: their bytes say what they are.
_ENDING = re.compile(r"(?:\.(?:csv|tsv|jsonl|ndjson))?(?:\.(?:gz|bz2|zst))?|\.(?:parquet|pq)", re.IGNORECASE)
_ENDINGS = ".csv, .tsv, .jsonl, .ndjson (also with .gz, .bz2 or .zst), .parquet or .pq, or without any ending"
_SKIPPED = "names that begin with _ or . are skipped"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of several: its path, its size, and the values that its `key=value` folders give (None: null)."""

    path: str
    size: int
    keys: tuple[tuple[str, str | None], ...]


def is_pattern(path: str) -> bool:
    """Say whether a path has wildcards: `*`, `?`, `[...]`.

    >>> is_pattern("part-*.csv"), is_pattern("a[1].csv"), is_pattern("a[.csv")
    (True, True, False)
    """
    return _WILD.search(path) is not None


def parts_of_folder(tree: Tree, folder: str, path: str, side: int) -> list[Part]:
    """Return the parts of a directory; `path` is how it was given. Raises DataError if there are none."""
    lister = _Lister(tree, folder, path, side)
    lister.everything(())
    hint = f"Files whose names end in {_ENDINGS} count; {_SKIPPED}."
    return lister.parts("the directory has no files to read", hint)


def parts_of_pattern(tree: Tree, pattern: str, path: str, side: int) -> list[Part]:
    """Return the files that a pattern matches; a folder that it matches stands for all that is below."""
    pieces = pattern.split("/")
    # An empty first piece is the root of an absolute path.
    root, rest = pieces[0] + "/" if not pieces[0] else "", pieces[1:] if not pieces[0] else pieces
    while rest and (not is_pattern(rest[0]) or tree.is_there(tree.join(root, rest[0]))):
        root, rest = tree.join(root, rest[0]), rest[1:]
    lister = _Lister(tree, root, path, side)
    names: list[str] = []
    for name in rest:
        # `**/**` is `**`, and would take long to find out.
        if name and not (name == "**" and names[-1:] == ["**"]):
            names.append(name)
    lister.matching((), names)
    return lister.parts("no file matches the pattern", f"It is looked for below {shown(tree.shown(root))}; {_SKIPPED}.")


class _Lister:
    """Collects parts below a root. Places are tuples of the names that lead there."""

    def __init__(self, tree: Tree, root: str, path: str, side: int) -> None:
        self.tree, self.root, self.path, self.side = tree, root, path, side
        self.found: dict[tuple[str, ...], Entry] = {}
        self.met = 0
        self._seen: dict[tuple[int, int], tuple[str, bool]] = {}
        identity = tree.identity(root)
        if identity is not None:
            self._seen[identity] = (tree.shown(root), False)

    def error(self, path: str, problem: str, hint: str = "") -> DataError:
        """Return an error about a path."""
        return DataError(problem, file=path, order=(0, self.side, -1), hint=hint)

    def where(self, place: Sequence[str]) -> str:
        """Return the path of a place as it stands in messages."""
        return self.tree.shown(self.full(place))

    def full(self, place: Sequence[str]) -> str:
        """Return the path of a place."""
        path = self.root
        for name in place:
            path = self.tree.join(path, name)
        return path

    def _entries(self, place: tuple[str, ...], deep: bool) -> Iterator[tuple[tuple[str, ...], Entry]]:
        """Yield what a folder holds; nothing where it is not there."""
        folder = self.full(place)
        if deep and self.tree.is_root(folder):
            raise self.error(
                self.tree.shown(folder), "this is the root of the whole file system", "Name a directory below it."
            )
        try:
            entries = self.tree.entries(folder, deep)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return
        except OSError as error:
            why = (
                "no permission to list it" if isinstance(error, PermissionError) else f"cannot be listed: {said(error)}"
            )
            raise self.error(self.tree.shown(folder), why) from error
        self.met += len(entries)
        if self.met > MOST_ENTRIES:
            raise self._too_many(MOST_ENTRIES)
        for entry in entries:
            yield (*place, entry.name), entry

    def _too_many(self, most: int) -> DataError:
        return self.error(self.path, f"more than {most:,} files are below it", "Name a smaller part of them.")

    def everything(self, place: tuple[str, ...]) -> None:
        """Collect every file below a folder; one whose ending is not known is an error."""
        waiting = [place]
        while waiting:
            for at, entry in self._entries(waiting.pop(), deep=True):
                if entry.name.startswith(("_", ".")):
                    continue
                self._refuse_twice(at, entry)
                if entry.is_folder:
                    waiting.append(at)
                    continue
                if not _ENDING.fullmatch(_ending(entry.name)):
                    problem = "the ending of its name is none that counts in a directory"
                    hint = f"Names that end in {_ENDINGS} do. Move the file away, or name the parts by a pattern."
                    raise self.error(self.where(at), problem, hint)
                self._take(at, entry)

    def matching(self, place: tuple[str, ...], pattern: list[str]) -> None:
        """Collect what a pattern matches below a folder, name by name; `**` is any number of folders."""
        if not pattern:
            self.everything(place)
            return
        name, rest = pattern[0], pattern[1:]
        if name == "**":
            self.matching(place, rest)
            if rest:
                self._below(place, pattern)
            return
        for at, entry in self._entries(place, deep=False):
            if not _matches(entry.name, name):
                continue
            self._refuse_twice(at, entry)
            if entry.is_folder:
                self.matching(at, rest)
            elif not rest:
                self._take(at, entry)

    def _below(self, place: tuple[str, ...], pattern: list[str]) -> None:
        for at, entry in self._entries(place, deep=True):
            if entry.is_folder and not entry.name.startswith(("_", ".")):
                self._refuse_twice(at, entry)
                self.matching(at, pattern)

    def _take(self, place: tuple[str, ...], entry: Entry) -> None:
        if not entry.is_file:
            raise self.error(self.where(place), "it is a pipe or a device; parts are regular files")
        self.found[place] = entry
        if len(self.found) > MOST_PARTS:
            raise self._too_many(MOST_PARTS)

    def _refuse_twice(self, place: tuple[str, ...], entry: Entry) -> None:
        """Raise DataError where a symbolic link leads to what is read anyway: its rows would count twice."""
        if entry.identity is None:
            return
        path = self.where(place)
        other, was_link = self._seen.setdefault(entry.identity, (path, entry.is_link))
        if other != path and (entry.is_link or was_link or entry.is_folder):
            hint = "One of them is a symbolic link: delete it, or name the parts by a pattern without it."
            raise self.error(path, f"it leads to what is read already as {quote(other, 4096)}", hint)

    def parts(self, problem: str, hint: str) -> list[Part]:
        """Return the parts that were found, by the bytes of their relative paths."""
        if not self.found:
            raise self.error(self.path, problem, hint)
        ordered = sorted(self.found, key=lambda place: os.fsencode("/".join(place)))
        parts = [Part(self.where(place), self.found[place].size, self._keys(place)) for place in ordered]
        first = parts[0]
        for part in parts:
            ours, theirs = ({key for key, _ in one.keys} for one in (first, part))
            if ours != theirs:
                missing = sorted(ours ^ theirs)[0]
                here, there = (first, part) if missing in ours else (part, first)
                problem = f"a folder gives {quote(missing)}, but none does for {quote(there.path, 4096)}"
                raise self.error(here.path, problem, "Every part needs the same key=value folders.")
        return parts

    def _keys(self, place: tuple[str, ...]) -> tuple[tuple[str, str | None], ...]:
        """Return what the folders of a place say, as Hive writes it: percent-encoded, with a name for null."""
        keys: dict[str, str | None] = {}
        for folder in place[:-1]:
            key, separator, value = (_decoded(text) for text in folder.partition("="))
            if not separator or not key:
                continue
            if key in keys:
                raise self.error(self.where(place), f"two of its folders give {quote(key)}")
            if any("\udc80" <= char <= "\udcff" for char in key + value):
                raise self.error(self.where(place), f"its folder {quote(folder)} is not valid UTF-8")
            keys[key] = None if value == _NULL else value
        return tuple(keys.items())


def _matches(name: str, pattern: str) -> bool:
    """Say whether a name matches; hidden ones only a pattern that begins as they do."""
    return (not name.startswith(("_", ".")) or pattern.startswith(name[0])) and fnmatchcase(name, pattern)


def _ending(name: str) -> str:
    r"""Return the ending of a name, with the one of its compression.

    >>> _ending("a.b.csv.gz"), _ending("a.csv"), _ending("README")
    ('.csv.gz', '.csv', '')
    """
    found = re.search(r"(?:\.[^.]*)?\.(?:gz|bz2|zst)$|\.[^.]*$", name, re.IGNORECASE)
    return found.group() if found else ""


def _decoded(text: str) -> str:
    return unquote_to_bytes(os.fsencode(text)).decode("utf-8", "surrogateescape")
