"""One seed, one run: files of some format, changed at random, and what is wrong with what xent made of them.

python tests/soak/mutants.py SEED          what that seed is, what xent said, and what is wrong with it
python tests/soak/mutants.py FIRST LAST    a line of JSON for each seed in between at which something is wrong
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from reference.evaluator import Settings

from soak import forking, judging
from soak.judging import Asked, Columns, UnreadableError
from soak.mutating import mutated

MOST_LINES = 12
KINDS = ("csv", "csv", "csv", "jsonl", "jsonl", "gzip", "parquet", "parquet", "baseline", "toml")


@dataclass
class Mutant:
    """A run: its files by name, its options, and how the judge reads what they hold."""

    seed: int
    kind: str
    files: dict[str, bytes]
    arguments: list[str]
    asked: Asked
    read: Callable[[Path], tuple[Columns, Columns]] = field(repr=False)
    baseline: str | None = None
    config: str | None = None


def mutant(seed: int) -> Mutant:
    """Return the run of a seed."""
    rng = Random(seed)
    kind = rng.choice(KINDS)
    binary = rng.random() < 0.3
    count = rng.randrange(1, 14)
    table, labels = _tables(rng, count, binary)
    asked = Asked(("p_a", "p_b", "p_c"), ("a", "b", "c"))
    options = ["--pred", "p_a,p_b,p_c", "--label", "label"]
    if binary:
        asked = Asked(("p",), ("0", "1"), settings=Settings(n_classes=2))
        options = ["--pred", "p", "--label", "label", "--positive", "1", "--negative", "0"]
    one = rng.random() < 0.25
    if not one and rng.random() < 0.4:
        asked, options = replace(asked, on="id"), [*options, "--on", "id"]
        rng.shuffle(labels)
    if rng.random() < 0.3 and kind != "toml":
        asked, options = replace(asked, weight="w"), [*options, "--weight", "w"]
    if one:
        table = [{**row, **label} for row, label in zip(table, labels, strict=True)]
    options += ["--jobs", rng.choice(("1", "1", "2")), "-f", "json"]
    return _made(Mutant(seed, kind, {}, options, asked, lambda folder: ({}, {})), table, None if one else labels, rng)


def _tables(rng: Random, count: int, binary: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return predictions and labels, record by record."""
    predictions, labels = [], []
    for at in range(count):
        key = at if rng.random() < 0.9 else at + 1000
        draws = [rng.expovariate(1.0) + 0.01 for _ in range(3)]
        p = [draw / sum(draws) for draw in draws]
        if rng.random() < 0.3:
            p = [round(p[0], 2), round(p[1], 2), round(1 - round(p[0], 2) - round(p[1], 2), 2)]
        values = {"p": p[0]} if binary else dict(zip(("p_a", "p_b", "p_c"), p, strict=True))
        predictions.append({"id": key, **values, "note": rng.choice(("x", "y z", 'a "b"', "é"))})
        label = rng.choice((0, 1)) if binary else rng.choice("abc")
        labels.append({"id": key, "label": label, "w": rng.choice((1, 1, 0.5, 2, 0))})
    return predictions, labels


def _made(base: Mutant, table: list[dict[str, Any]], labels: list[dict[str, Any]] | None, rng: Random) -> Mutant:
    """Return the run with its files: those of its kind are changed, others are as they should be."""
    kind, ending = base.kind, {"jsonl": "jsonl", "gzip": "csv.gz", "parquet": "parquet"}.get(base.kind, "csv")
    names = [f"p.{ending}", *([] if labels is None else [f"y.{ending}"])]
    bytes_of = {"jsonl": _json_lines, "parquet": _parquet}.get(kind, _csv)
    for name, records in zip(names, (table, labels), strict=False):
        data = bytes_of(records or [])
        if kind in {"csv", "jsonl", "parquet", "gzip"} and (rng.random() < 0.7 or len(names) == 1):
            inside = kind == "gzip" and rng.random() < 0.4
            data = gzip.compress(mutated(data, rng)) if inside else mutated(_packed(data, kind), rng)
        else:
            data = _packed(data, kind)
        base.files[name] = data
    base.arguments[:0] = names
    if kind == "baseline":
        # Of the run itself, made when it is first needed.
        base.baseline = "base.json"
        base.arguments += ["--baseline", "base.json"]
    if kind == "toml":
        base.config = "x.toml"
        base.files["x.toml"] = mutated(rng.choice(_TOMLS).encode(), rng)
        base.arguments += ["--config", "x.toml"]
    base.read = _reader(names, kind, base.asked)
    return base


_TOMLS = (
    'clip = 1e-7\nunit = "bits"\nconfidence = 0.9\n',
    '# options\n"sum-tolerance" = 0.2\nlabel-smoothing = 0.125\n[eval]\nweight = "w"\ntop = 3\n',
    '[tool.xent]\nunit = "nats"\nclip = "none"\n\n[tool.xent.eval]\nconfidence = 0.5\nsort = "rows"\n[tool.x]\na=1\n',
)


def _packed(data: bytes, kind: str) -> bytes:
    return gzip.compress(data, mtime=0) if kind == "gzip" else data


def _csv(records: list[dict[str, Any]]) -> bytes:
    import csv
    import io

    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def _json_lines(records: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def _parquet(records: list[dict[str, Any]]) -> bytes:
    """Return a file whose pages have checksums: of what is changed in them, nothing is taken for another number."""

    def work() -> int:
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = {name: [float(r[name]) if name == "w" else r[name] for r in records] for name in records[0]}
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns), sink, write_page_checksum=True, row_group_size=5, compression="snappy")
        sys.stdout.buffer.write(sink.getvalue().to_pybytes())
        return 0

    return forking.forked(work).stdout


def _reader(names: Sequence[str], kind: str, asked: Asked) -> Callable[[Path], tuple[Columns, Columns]]:
    sides = [[*asked.pred, "id"], [asked.label, *([asked.weight] if asked.weight else []), "id"]]
    if len(names) == 1:
        # Nothing asks for the keys of a file whose rows need not be aligned, and damage in them is nobody's.
        sides = [[*asked.pred, *sides[1][:-1]]]

    def read(folder: Path) -> tuple[Columns, Columns]:
        found = []
        for name, wanted in zip(names, sides, strict=True):
            data = (folder / name).read_bytes()
            if kind == "parquet":
                found.append(judging.read_parquet(str(folder / name), wanted))
            elif kind == "jsonl":
                found.append(judging.read_json_lines(data, wanted))
            else:
                found.append((judging.read_gzip if kind == "gzip" else judging.read_csv)(data))
        return found[0], found[-1]

    return read


def faults(one: Mutant, folder: Path) -> tuple[list[str], forking.Ran]:
    """Write the files of a run into the folder, run it, and return what is wrong with what came of it."""
    for name, data in one.files.items():
        (folder / name).write_bytes(data)
    paths = [str(folder / name) if name in {*one.files, "base.json"} else name for name in one.arguments]
    if one.baseline is not None:
        before = forking.run_xent(["eval", *paths[: paths.index("--baseline")]])
        if before.code == 0:
            one.files["base.json"] = mutated(before.stdout, Random(one.seed + 1))
            (folder / "base.json").write_bytes(one.files["base.json"])
    ran = forking.run_xent(["eval", *paths])
    found = _of_the_process(ran)
    if not found and ran.code == 0:
        try:
            found = _of_the_figures(one, json.loads(ran.stdout, parse_constant=_refuse), folder)
        except UnreadableError as error:
            found = [f"taken as valid: {error}"]
    if not found and one.seed % 8 == 0:
        allowed = [at for at, name in enumerate(paths) if name in {"--baseline", "--jobs"}]
        shorter = [path for at, path in enumerate(paths) if at not in {*allowed, *(at + 1 for at in allowed)}]
        found = [f"inspect: {line}" for line in _of_the_process(forking.run_xent(["inspect", *shorter]), True)]
    return found, ran


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def _of_the_process(ran: forking.Ran, inspecting: bool = False) -> list[str]:
    """Return what is wrong with how a run ended, and with its streams. Inspection may show what it refuses."""
    found = []
    stderr = ran.stderr.decode("utf-8", "replace")
    if ran.code not in {0, 2}:
        found.append(f"exit code {ran.code}")
    if ran.code == 2:
        found += ["something on standard output"] if ran.stdout and not inspecting else []
        found += (
            []
            if (stderr if not inspecting else stderr[stderr.find("error: ") :]).startswith("error: ")
            else ["no error on standard error"]
        )
        found += [] if 1 <= stderr.count("\n") <= MOST_LINES else [f"{stderr.count(chr(10))} lines of error"]
    found += [f"{word!r} on standard error" for word in ("internal error", "Traceback") if word in stderr]
    stdout = ran.stdout.decode("utf-8", "replace")
    for text in (stderr, "" if _is_json(stdout) else stdout):
        odd = {char for char in text if not char.isprintable() and char != "\n"}
        found += [f"raw on a stream: {sorted(odd)!r}"] if odd else []
    found += [] if ran.peak < forking.MEMORY else [f"{ran.peak:,} bytes of memory"]
    found += [] if ran.seconds < forking.SECONDS else [f"{ran.seconds:.1f} s"]
    return found


def _is_json(text: str) -> bool:
    """Say whether a stream is JSON as a whole, which holds names and values as they are in the file."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _of_the_figures(one: Mutant, result: Any, folder: Path) -> list[str]:
    """Return what is wrong with the figures of a result. Raises UnreadableError."""
    asked: Asked | None = one.asked
    if one.config is not None:
        assert asked is not None
        asked = judging.of_options(tomllib.loads(one.files["x.toml"].decode("utf-8-sig")), asked)
        if asked is None:
            return []
    assert asked is not None
    found = judging.differences(result, *one.read(folder), asked)
    if one.baseline is not None:
        held = json.loads(one.files["base.json"].decode("utf-8-sig"))
        loss = next(change for change in result["baseline"]["changes"] if change["metric"] == "loss")
        if loss["baseline"] != held["overall"]["loss"] or loss["value"] != result["overall"]["loss"]:
            found.append(f"the loss of the baseline is {loss['baseline']!r}, not {held['overall']['loss']!r}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Run one seed and tell all of it, or many and tell what is wrong."""
    forking.import_everything()
    first, last = int(arguments[0]), int(arguments[-1])
    with tempfile.TemporaryDirectory() as place:
        for seed in range(first, max(last, first + 1)):
            one = mutant(seed)
            found, ran = faults(one, Path(place))
            if len(arguments) == 1:
                print(one, f"exit code {ran.code}, {ran.peak:,} bytes, {ran.seconds:.2f} s", sep="\n")
                print(ran.stdout.decode()[:2000], ran.stderr.decode(), *found, sep="\n")
            elif found:
                print(json.dumps({"seed": seed, "kind": one.kind, "found": found[:5]}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
