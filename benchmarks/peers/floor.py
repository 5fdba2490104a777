"""Read the files of a case with Arrow and do nothing with them: what parsing and decoding alone cost.

PREDICTIONS LABELS CLASSES KEY SINGLE THREADS (see `benchmarks.tools`).

What was tried for CSV, on two cores: `read_csv` on all threads (as fast for one column, a fifth slower for ten, a
quarter for a thousand), `open_csv` (a third slower: it parses ahead on one thread), and a pool of threads that parse
blocks of 8 MB cut at a newline, which is what is here. Mapped files, no quotes, smaller or larger blocks and other
allocators change nothing that can be measured. For Parquet: the whole table on all threads, `iter_batches` on all
threads, and one reader a row group, which is what is here; the three differ by a tenth, and buffering ahead by nothing.
"""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

predictions, labels, classes, key, single, threads = sys.argv[1:]
BLOCK = 8 << 20
BATCH = 1 << 16
K = int(classes)
columns = ["p"] if K == 2 else [f"p_c{k}" for k in range(K)]
key_type = {} if not key else {"id": pa.string() if key == "text" else pa.int64()}
class_type = pa.int64() if K == 2 else pa.string()
TYPES = {
    predictions: key_type | dict.fromkeys(columns, pa.float32() if single else pa.float64()),
    labels: key_type | {"label": class_type},
}


def blocks(path: str) -> Iterator[tuple[str, int, int]]:
    """Yield a file, from where and to where, for each of its blocks: they end with a line."""
    with open(path, "rb") as file:  # noqa: PTH123  # pathlib is not what is measured
        size, start = os.fstat(file.fileno()).st_size, len(file.readline())
        while start < size:
            file.seek(min(start + BLOCK, size))
            file.readline()
            yield path, start, file.tell()
            start = file.tell()


def parse(job: tuple[str, int, int]) -> int:
    """Parse one block and return its rows."""
    from pyarrow import csv

    path, start, end = job
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # as above
        block = pa.py_buffer(os.pread(file.fileno(), end - start, start))
    types = TYPES[path]
    # The whole block is one piece for Arrow, too, and parsed on this thread.
    reading = csv.ReadOptions(block_size=end - start + 1, use_threads=False, column_names=list(types))
    converting = csv.ConvertOptions(column_types=types)
    parsed = csv.read_csv(pa.BufferReader(block), read_options=reading, convert_options=converting)
    return int(parsed.num_rows)


def groups(path: str) -> Iterator[tuple[str, int]]:
    """Yield a file and the number of each of its row groups."""
    from pyarrow import parquet

    for group in range(parquet.ParquetFile(path).num_row_groups):
        yield path, group


def decode(job: tuple[str, int]) -> int:
    """Decode one row group, some rows at a time, and return its rows."""
    from pyarrow import parquet

    path, group = job
    # Class names repeat: as a dictionary they cost what whole numbers do.
    file = parquet.ParquetFile(path, read_dictionary=["label"] if path == labels and K > 2 else None)
    return sum(batch.num_rows for batch in file.iter_batches(BATCH, row_groups=[group], use_threads=False))


text = predictions.endswith(".csv")
by_block = [job for path in TYPES if text for job in blocks(path)]
by_group = [job for path in TYPES if not text for job in groups(path)]
with ThreadPoolExecutor(int(threads) if threads else os.cpu_count()) as pool:
    rows = sum(pool.map(parse, by_block) if text else pool.map(decode, by_group))
print(json.dumps({"rows": rows // 2}))
