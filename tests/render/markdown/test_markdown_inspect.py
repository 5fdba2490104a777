"""The Markdown of an inspection: a whole text, everything the table has, nothing from the inputs active."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, RunXent
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_reading import HOSTILE, PARSER, codes, foreign, tables

from xentcli import InspectResult, inspect
from xentcli.render.markdown.inspect import render
from xentcli.render.screen import Screen
from xentcli.render.table.inspect import render as render_table
from xentcli.results.inspection import Doubt

CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "binary": ("cancer.csv", "cancer_labels.parquet", {}),
    "keyed": ("digits_forest.parquet", "digits_labels.csv", {"on": "image", "by": "half", "weight": "weight"}),
    "logits": ("wine_logits.csv", "wine_labels.csv", {"input": "logits", "order_check": False}),
}
WORD = re.compile(r"[\w.+-]+")


@cache
def result(case: str) -> InspectResult:
    predictions, labels, options = CASES[case]
    return inspect(SAMPLES / predictions, SAMPLES / labels, **options)


def named(name: str) -> InspectResult:
    """Return an inspection in which every text of the inputs is `name`."""
    base = result("keyed")
    file, rules = base.files[0], base.rules
    assert rules is not None and base.settings is not None
    columns = tuple(replace(column, name=name, type=name, class_=name, why=f"{name}!") for column in file.columns[:3])
    labels = (
        replace(rules.labels[0], label=name, class_=name),
        replace(rules.labels[1], label=None, left_out="ignored"),
    )
    return replace(
        base,
        files=(replace(file, path=name, parts=(name, name), columns=columns), base.files[1]),
        rules=replace(
            rules,
            label=f"{name} x",
            predictions=f"{name} x",
            names=f"prefix '{name}'",
            positive=name,
            classes=tuple(replace(one, class_=name, prediction=name, label=f"{name}!") for one in rules.classes[:2]),
            labels=labels,
            alignment=replace(rules.alignment, keys=(replace(rules.alignment.keys[0], name=name),)),
        ),
        settings=replace(base.settings, weight=name, by=(name,), class_weight={name: 2.0}),
        doubts=(Doubt("a", f"{name} and '{name}' x", (f"--on {name}", name)),),
    )


@cache
def harmless() -> list[str]:
    return [token.type for token in PARSER.parse(render(named("x")))]


def test_an_inspection_from_its_heading_to_its_small_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p|.csv").write_text("p_cat,p_dog,n|\n0.5,0.5,1\n0.5,0.5,2\n0.5,0.5,3\n")
    Path("y.csv").write_text("y,w\ncat,1\n,2\ndog,2\n")
    assert (
        render(inspect("p|.csv", "y.csv", missing="drop", pred="p_*"))
        == """\
## Inspection of `p|.csv` and `y.csv`

### Predictions: `p|.csv`

CSV · 3 rows · 45 B · 3 columns

| column | type | role | class | why unused |
| :-- | :-- | :-- | :-- | :-- |
| `p_cat` | `text` | prediction | `cat` |  |
| `p_dog` | `text` | prediction | `dog` |  |
| `n\\|` | `text` | unused |  | `--pred` does not name it |

### Labels: `y.csv`

CSV · 3 rows · 19 B · 2 columns

| column | type | role | why unused |
| :-- | :-- | :-- | :-- |
| `y` | `text` | label |  |
| `w` | `text` | unused | nothing names it |

### Classes

| class | prediction | label | sample rows |
| :-- | :-- | :-- | --: |
| `cat` | `p_cat` | `cat` | 1 |
| `dog` | `p_dog` | `dog` | 1 |

### Labels in the sample

| label | is | sample rows |
| :-- | :-- | --: |
| (missing) | left out: missing | 1 |

### How it is understood

- predictions: `--pred` · probs · binary
- label: the usual name · names (by default)
- classes: 2 by prefix `p_` · positive `dog` (the second of two)
- alignment: by row order
- options: clip `2.220446049250313e-16` · unit `nats` · sum-tolerance `0.01` · missing `drop`

> [!WARNING]
> column 'w' may hold weights, but every row weighs 1 (unused) (`--weight w`)

<sub>All 3 rows were read and checked as eval does; 1 doubt. Nothing was scored.</sub>
"""
    )


@pytest.mark.parametrize("case", CASES)
def test_everything_that_the_table_has_is_there(case: str) -> None:
    table, text = render_table(result(case), Screen()), render(result(case))
    assert set(WORD.findall(table.lower())) - set(WORD.findall(text.lower())) <= {"doubt"}
    assert foreign(text) == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_comes_from_the_inputs_is_no_markup(name: str) -> None:
    text = render(named(name))
    assert foreign(text) == set()
    assert [token.type for token in PARSER.parse(text)] == harmless()
    assert [len(row) for row in tables(text)[0]] == [5] * 4


@settings(deadline=None, max_examples=examples(30))
@given(st.sampled_from(HOSTILE) | st.text(max_size=30) | st.text("`|\\'<>&[]()*_~#@:!-+=. \n1a", max_size=15))
def test_any_name_is_text_and_nothing_else(name: str) -> None:
    for unicode in (True, False):
        text = render(named(name), unicode)
        assert foreign(text) == set()
        assert [token.type for token in PARSER.parse(text)] == harmless()
        assert unicode or text.isascii()


def test_options_that_settle_a_doubt_are_code() -> None:
    text = render(result("binary"))
    (doubt,) = result("binary").doubts
    assert "\n> [!WARNING]\n> " in text
    assert set(doubt.options) <= set(codes(text))


def test_of_very_many_the_first_20_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    k = 1000
    predictions, labels = tmp_path / "p.csv", tmp_path / "l.csv"
    predictions.write_text(",".join(f"p_{at}" for at in range(k)) + "\n" + (",".join(["1e-3"] * k) + "\n") * 30)
    labels.write_text("y\n" + "".join(f"{at}\n" for at in range(30)))
    text = render(inspect(predictions, labels))
    assert "\n\n980 more columns: 980 prediction.\n\n" in text
    assert "\n\n980 more classes.\n\n" in text
    assert [len(table) for table in tables(text)] == [21, 2, 21]


@pytest.mark.parametrize("terminal", [False, True])
def test_the_command_writes_it_to_standard_output_or_a_file(terminal: bool, run_xent: RunXent, tmp_path: Path) -> None:
    files = (SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.parquet")
    ran = run_xent("inspect", *files, "-f", "markdown", terminal=terminal)
    assert (ran.code, ran.stdout, ran.stderr) == (0, render(result("binary")), "")
    written = run_xent("inspect", *files, "-f", "markdown", "-o", tmp_path / "out.md", terminal=terminal)
    assert (written.code, written.stdout, written.stderr) == (0, "", "")
    assert (tmp_path / "out.md").read_bytes().decode() == ran.stdout
    assert run_xent("inspect", *files, "-f", "markdown", encoding="ascii").stdout == render(result("binary"), False)
