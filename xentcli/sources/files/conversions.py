"""Lines for a shell that turn a file into one that is read."""

from __future__ import annotations

import os
from pathlib import PurePath

from xentcli.sources.files.compressed import ENDINGS, named
from xentcli.spec.parsing import shell_word

STANDARD_INPUT = "standard input"


def filtered(command: str, path: str, ending: str) -> str:
    """Return the line that sends a file through a command that reads text and writes text.

    >>> print(filtered("jq -c '.[]'", "a b.json", ".jsonl"))
    jq -c '.[]' 'a b.json' > 'a b.jsonl'
    >>> print(filtered("sed 's/x//'", "p.csv.gz", ".csv"))
    gzip -dc p.csv.gz | sed 's/x//' > p.csv
    >>> print(filtered("sed 's/x//'", "p.csv", ".csv"))
    sed 's/x//' p.csv > p_plain.csv
    """
    source = _called(path)
    unpacked, tool = _unpacked(source)
    written = shell_word(_free(_stem(unpacked), ending, source))
    if tool:
        return f"{tool} -dc {shell_word(source)} | {command} > {written}"
    return f"{command} {shell_word(source)} > {written}"


def by_python(code: str, path: str, ending: str, *more: str) -> str:
    """Return the line that runs Python code, whose arguments are a file, the file to write, and `more`.

    >>> print(by_python("print(1)", "x.dta", ".csv"))
    python -c "print(1)" x.dta x.csv
    """
    source = _called(path)
    unpacked, tool = _unpacked(source)
    if tool:
        unpacked = _free(_stem(unpacked), PurePath(unpacked).suffix, source)
    words = [unpacked, _free(_stem(unpacked), ending, unpacked), *more]
    line = f'python -c "{code}" {" ".join(map(shell_word, words))}'
    return f"{tool} -dc {shell_word(source)} > {shell_word(unpacked)} && {line}" if tool else line


def _called(path: str) -> str:
    """Return what a file is called where the shell is.

    What comes from standard input has no name, and what is elsewhere is fetched first.
    """
    source = "FILE" if path == STANDARD_INPUT else PurePath(named(path)).name if "://" in path else path
    # No option of a command.
    return f"./{source}" if source.startswith("-") else source


def _unpacked(source: str) -> tuple[str, str]:
    """Return what a file is called without the ending of its compression, and what unpacks it ('' if nothing)."""
    suffix = PurePath(source).suffix
    tool = ENDINGS.get(suffix.lower(), "")
    return (source.removesuffix(suffix) if tool else source), tool


def _stem(name: str) -> str:
    return name.removesuffix(PurePath(name).suffix)


def _free(stem: str, ending: str, source: str) -> str:
    """Return a name for a file to write: nothing is there yet, as nobody should lose a file by a line of ours."""
    tried = (f"{stem}{more}{ending}" for more in ("", "_plain", *(f"_plain{at}" for at in range(2, 100))))
    # Which is no error for names that cannot be.
    return next((name for name in tried if name != source and not os.path.lexists(name)), f"{stem}_plain{ending}")
