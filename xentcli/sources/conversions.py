"""Lines for a shell that turn a file into one that is read."""

from __future__ import annotations

from pathlib import PurePath

from xentcli.parsing import shell_word
from xentcli.sources.packed import ENDINGS, named

STANDARD_INPUT = "standard input"


def filtered(command: str, path: str, ending: str) -> str:
    """Return the line that sends a file through a command that reads text and writes text.

    >>> print(filtered("jq -c '.[]'", "a b.json", ".jsonl"))
    jq -c '.[]' 'a b.json' > 'a b.jsonl'
    >>> print(filtered("sed 's/x//'", "p.csv.gz", ".csv"))
    gzip -dc p.csv.gz | sed 's/x//' > p_plain.csv
    """
    source, unpacked, tool = _names(path)
    written = shell_word(_beside(unpacked, ending, PurePath(source).name))
    if tool:
        return f"{tool} -dc {shell_word(source)} | {command} > {written}"
    return f"{command} {shell_word(source)} > {written}"


def by_python(code: str, path: str, ending: str, *more: str) -> str:
    """Return the line that runs Python code, whose arguments are a file, the file to write, and `more`.

    >>> print(by_python("print(1)", "x.dta", ".csv"))
    python -c "print(1)" x.dta x.csv
    """
    source, unpacked, tool = _names(path)
    words = [unpacked, _beside(unpacked, ending, PurePath(source).name), *more]
    line = f'python -c "{code}" {" ".join(map(shell_word, words))}'
    return f"{tool} -dc {shell_word(source)} > {shell_word(unpacked)} && {line}" if tool else line


def _names(path: str) -> tuple[str, str, str]:
    """Return what a file is called where the shell is, what it is called unpacked, and what unpacks it ('' if nothing).

    What comes from standard input has no name, and what is elsewhere is fetched first.
    """
    source = "FILE" if path == STANDARD_INPUT else PurePath(named(path)).name if "://" in path else path
    # No option of a command.
    source = f"./{source}" if source.startswith("-") else source
    suffix = PurePath(source).suffix
    tool = ENDINGS.get(suffix.lower(), "")
    return source, source.removesuffix(suffix) if tool else source, tool


def _beside(unpacked: str, ending: str, taken: str) -> str:
    """Return the name of the file to write: that of the one it is made from with another ending, and no name taken."""
    stem = unpacked.removesuffix(PurePath(unpacked).suffix)
    return f"{stem}_plain{ending}" if f"{stem}{ending}" == unpacked or f"{stem}{ending}" == taken else stem + ending
