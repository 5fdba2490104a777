"""Formats that are known but not read, and what turns each into one that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from xentcli.sources.files.conversions import by_python, filtered

PICKLES = {".pkl", ".pickle"}
READ = "CSV, JSON Lines and Parquet are."


class Unread(NamedTuple):
    """A format that is not read: what a file of it is, a hint, and the line that turns it into one that is read."""

    name: str
    hint: str
    convert: Callable[[str], str]

    def said(self, path: str) -> tuple[str, str, str]:
        """Return what is wrong with a file of the format, the hint, and the line with its name."""
        return f"the file is {self.name}, which is not read", self.hint, self.convert(path)


def _frame(reading: str) -> Callable[[str], str]:
    """Return what makes a CSV file of what pandas reads by an expression."""
    code = f"import sys, pandas; pandas.{reading}.to_csv(sys.argv[2], index=False)"
    return lambda path: by_python(code, path, ".csv")


_TABLE = f"TABLE stands for the name of its table. {READ}"
_SQLITE = (
    "import sys, sqlite3, pandas; d = pandas.read_sql('SELECT * FROM ' + sys.argv[3], sqlite3.connect(sys.argv[1])); "
    "d.to_csv(sys.argv[2], index=False)"
)
_DUCKDB = "import sys, duckdb; duckdb.connect(sys.argv[1]).table(sys.argv[3]).write_parquet(sys.argv[2])"
_ORC = "import sys; from pyarrow import orc, parquet; parquet.write_table(orc.read_table(sys.argv[1]), sys.argv[2])"
_AVRO = "import sys, polars; polars.read_avro(sys.argv[1]).write_parquet(sys.argv[2])"
_ARFF = (
    "import sys, pandas; from scipy.io import arff; d = pandas.DataFrame(arff.loadarff(sys.argv[1])[0]); "
    "d.map(lambda v: v.decode() if isinstance(v, bytes) else v).to_csv(sys.argv[2], index=False)"
)
_ORC_FILE = Unread("ORC", READ, lambda path: by_python(_ORC, path, ".parquet"))
_AVRO_FILE = Unread("Avro", READ, lambda path: by_python(_AVRO, path, ".parquet"))
_SQLITE_FILE = Unread("SQLite", _TABLE, lambda path: by_python(_SQLITE, path, ".csv", "TABLE"))
_DUCKDB_FILE = Unread("DuckDB", _TABLE, lambda path: by_python(_DUCKDB, path, ".parquet", "TABLE"))
_STATA_FILE = Unread("Stata", READ, _frame("read_stata(sys.argv[1])"))
_EXCEL_FILE = Unread("an Excel workbook", READ, _frame("read_excel(sys.argv[1])"))
_PICKLE_FILE = Unread(
    "a pickle",
    f"Unpickling runs whatever code it holds: do it only to files of those you trust. {READ}",
    _frame("DataFrame(pandas.read_pickle(sys.argv[1]))"),
)
_ARFF_FILE = Unread("ARFF", READ, lambda path: by_python(_ARFF, path, ".csv"))
_HEADERLESS = f"{READ} The line writes one without a header: --no-header."
_OBJECTS = Unread("a JSON array", READ, lambda path: filtered("jq -c '.[]'", path, ".jsonl"))
_LISTS = Unread("a JSON array", _HEADERLESS, lambda path: filtered("jq -r '.[] | @csv'", path, ".csv"))
_VALUES = Unread("a JSON array", _HEADERLESS, lambda path: filtered("jq -r '.[]'", path, ".csv"))

_BEGINS = {
    b"ORC": _ORC_FILE,
    b"Obj\x01": _AVRO_FILE,
    b"SQLite format 3\0": _SQLITE_FILE,
    b"<stata_dta>": _STATA_FILE,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _EXCEL_FILE,
}
_RELATION = re.compile(rb"(?:[ \t]*(?:%[^\r\n]*)?[\r\n]+)*[ \t]*@relation\s", re.IGNORECASE)
_ARRAY = re.compile(rb"\[\s*([^\s]?)")


def unread(head: bytes, ending: str) -> Unread | None:
    """Return the format that the first bytes of a file that is no text are of, None for another.

    >>> unread(b"Obj\\x01...", "").name, unread(b"cat,dog", ".csv")
    ('Avro', None)
    """
    found = next((one for magic, one in _BEGINS.items() if head.startswith(magic)), None)
    if found is not None:
        # A name of a column may begin so.
        return found if any(byte < 9 or byte > 126 for byte in head) or found is _STATA_FILE else None
    if head[8:12] == b"DUCK":
        return _DUCKDB_FILE
    # The version, the order of bytes, and that it is data.
    if 105 <= head[0] <= 115 and head[1:4] in {b"\x01\x01\0", b"\x02\x01\0"}:
        return _STATA_FILE
    if head[0] == 0x80 and 2 <= head[1:2].ljust(1)[0] <= 5:
        return _PICKLE_FILE
    if head.startswith(b"PK\x03\x04") and (ending in {".xlsx", ".xlsm"} or b"[Content_Types].xml" in head[:64]):
        return _EXCEL_FILE
    return _PICKLE_FILE if ending in PICKLES and not head.startswith(b"PK") else None


def unread_text(head: bytes, ending: str) -> Unread | None:
    """Return the format that the first bytes of a text are of, None for one that is read.

    >>> unread_text(b'[{"cat": 0.7}', ".json").name, unread_text(b"[0.7, 0.3]\\n[0.2, 0.8]\\n", "")
    ('a JSON array', None)
    """
    if ending == ".arff" or _RELATION.match(head):
        return _ARFF_FILE
    array = _ARRAY.match(head)
    if array is None or _are_lists(head):
        return None
    inside = array.group(1)
    if inside == b"{" or (inside == b"[" and ending not in {".csv", ".tsv"}):
        return _OBJECTS if inside == b"{" else _LISTS
    return _VALUES if ending == ".json" else None


def _are_lists(head: bytes) -> bool:
    """Say whether each line is a list, and not all lines are one."""
    lines = head.split(b"\n")
    return lines[0].rstrip().endswith(b"]") and any(line.strip() for line in lines[1:])


_FLOAT = r"[+-]?(?:[01]|[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)"
_ONE_PAIR = rf"[^\s:;,][^\s;,]*:{_FLOAT}"
STARRED = re.compile(r"\*[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
STARS = "A star marks the class that WEKA predicts."
PAIR = re.compile(rf"{_ONE_PAIR}(?:[\s;,]+{_ONE_PAIR})*")
PAIRS = "Names beside their numbers are written as an object of JSON Lines for each row."


def without_stars(path: str, classes: int = 0) -> str:
    """Return the line that takes WEKA's stars away; `classes` numbers stand below the one name `distribution`.

    >>> print(without_stars("p.csv", 2))
    sed -e '1s/distribution/1,2/' -e 's/[*]//g' p.csv > p_plain.csv
    """
    names = ",".join(str(at + 1) for at in range(classes))
    command = f"sed -e '1s/distribution/{names}/' -e 's/[*]//g'" if classes else "sed 's/[*]//g'"
    return filtered(command, path, ".csv")


def without_last_delimiter(path: str, delimiter: str) -> str:
    r"""Return the line that takes a delimiter away from the end of each line.

    >>> print(without_last_delimiter("p.csv", ","))
    sed 's/[,]\r*$//' p.csv > p_plain.csv
    """
    char = {"\t": r"\t", "^": r"\^"}.get(delimiter, f"[{delimiter}]")
    return filtered(rf"sed 's/{char}\r*$//'", path, ".csv")


def pairs_to_objects(path: str, headed: bool) -> str:
    r"""Return the line that makes an object of each line of pairs `name:0.3`; the first line is a header if `headed`.

    >>> print(pairs_to_objects("p", False))
    jq -cR '[splits("[ ,;\t]+") | capture("(?<key>.+):(?<value>.+)") | .value |= tonumber] | from_entries' p > p.jsonl
    """
    pairs = r'[splits("[ ,;\t]+") | capture("(?<key>.+):(?<value>.+)") | .value |= tonumber] | from_entries'
    return filtered(f"jq -ncR 'input | inputs | {pairs}'" if headed else f"jq -cR '{pairs}'", path, ".jsonl")
