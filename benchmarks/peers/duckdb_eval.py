"""Log loss by class with DuckDB. PREDICTIONS LABELS CLASSES KEY SINGLE THREADS (see `benchmarks.tools`).

What was tried, on two cores. Explicit types beat `read_csv` that looks for itself by little. Labels as an enum take
less memory than text and as much time. `preserve_insertion_order = false` changes nothing that can be measured.
Reading into tables first takes twice the memory and no less time. For a thousand classes one list a row (1.4 s for
Parquet, 2.8 s for CSV) beats a `case` of a thousand branches (3.2, 4.3) and `unpivot` with a row number (3.3 for CSV).
"""

import json
import sys

import duckdb

predictions, labels, classes, key, single, threads = sys.argv[1:]
MANY = 50
K = int(classes)
names = [f"c{k}" for k in range(K)]
columns = ["p"] if K == 2 else [f"p_{name}" for name in names]
listed = ", ".join(columns)
number = "float" if single else "double"
class_type = "bigint" if K == 2 else "class"
key_type = {} if not key else {"id": "varchar" if key == "text" else "bigint"}


def read(path: str, types: dict[str, str]) -> str:
    """Return SQL that reads a file, with the types that its columns are known to have."""
    if not path.endswith(".csv"):
        return f"read_parquet('{path}')"
    given = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())
    return f"read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '', columns = {{{given}}})"


db = duckdb.connect()
db.execute("set enable_progress_bar = false")
if threads:
    db.execute(f"set threads = {threads}")
if K > 2:
    db.execute(f"create type class as enum ({str(names)[1:-1]})")
p = read(predictions, key_type | dict.fromkeys(columns, number))
y = read(labels, key_type | {"label": class_type})
if K > 2:
    y = f"(select * replace (label::class as label) from {y})"
pairs = f"{p} full outer join {y} using (id)" if key else f"{p} positional join {y}"
good = "low >= 0 and top <= 1 and abs(total - 1) <= 0.01 and label_p is not null"
if K == 2:
    good = "p between 0 and 1 and label_p is not null"
    found = f"""
        select label, p, case label when 1 then p when 0 then 1 - p end as label_p,
            (p >= 0.5) = (label = 1) as hit
        from {pairs}"""
elif K > MANY:
    # A sum over a list passes over nulls, so they are counted.
    good += f" and present = {K}"
    found = f"""
        select label, cells[enum_code(label)::int + 1]::double as label_p, list_sum(cells) as total,
            list_max(cells) as top, list_min(cells) as low, list_count(cells) as present, label_p = top as hit
        from (select label, [{listed}] as cells from {pairs})"""
else:
    branches = " ".join(f"when '{name}' then p_{name}" for name in names)
    found = f"""
        select label, case label {branches} end as label_p,
            {" + ".join(columns)} as total, greatest({listed}) as top, least({listed}) as low, label_p = top as hit
        from {pairs}"""
rows = db.execute(f"""
    select label, count(*), avg(loss), stddev(loss), avg(label_p), avg(hit::int),
        count(*) filter (where not coalesce(good, false))
    from (select *, -ln(greatest(label_p, power(2.0, -52))) as loss, {good} as good from ({found}))
    group by label order by label""").fetchall()
heads = ("rows", "loss", "deviation", "label_p", "right", "bad")
figures = [{"label": str(row[0]), **dict(zip(heads, row[1:], strict=True))} for row in rows]
loss = sum(row["rows"] * (row["loss"] or 0) for row in figures) / sum(row["rows"] for row in figures)
print(json.dumps({"loss": loss, "bad": sum(row["bad"] for row in figures), "classes": figures}))
