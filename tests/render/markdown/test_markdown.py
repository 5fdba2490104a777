"""The Markdown of a result: whole texts, and every figure of the table, with the same digits."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, RunXent
from markdown_reading import codes, foreign, markdown, pets, tables, tokens
from reading import evaluated, shown

from xentcli import EvalResult, evaluate
from xentcli.render.markdown.result import render
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import Found, Warned
from xentcli.results.figures import ClassResult

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "forest": ("digits_forest", "digits_labels", {"by": "half"}),
    "weighted": ("digits_logistic", "digits_labels", {"weight": "weight", "unit": "bits", "by": "half"}),
    "class weights": ("digits_forest", "digits_labels", {"class_weight": "nine=2,one=0.5", "label_smoothing": 0.1}),
    "keys": ("digits_forest", "digits_labels", {"on": "image"}),
    "cancer": ("cancer", "cancer_labels", {}),
    "wine": ("wine_logits", "wine_labels", {"input": "logits"}),
    "infinite": ("digits_forest", "digits_labels", {"clip": None, "by": "half"}),
}
FIGURE = re.compile(r"[<>]?[+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+-][0-9]+)?|-?inf|n/a")


@cache
def result(case: str) -> EvalResult:
    predictions, labels, options = CASES[case]
    return evaluate(SAMPLES / f"{predictions}.csv", SAMPLES / f"{labels}.csv", **options)


def figures_in(text: str) -> set[str]:
    return set(FIGURE.findall(text))


def line_with(text: str, start: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith(start))
    return line


# Whole texts.


def test_a_report_from_its_heading_to_its_small_print(tmp_path: Path) -> None:
    found = pets(tmp_path, weight="w", by="home")
    found = replace(found, inputs=replace(found.inputs, predictions=("preds.csv",), labels=("labels.csv",)))
    found = replace(found, warnings=(Warned("w", "Of 'p_cat' 2 values were odd.", 2, (Found("preds.csv", 3),)),))
    heading, figures, rest = markdown(found, slice_classes=True, top=2).split("\n\n", 2)
    assert heading == "## Log loss of `preds.csv` against `labels.csv`"
    # Gold files have all of them.
    assert figures.startswith(
        "| figure | value | 95 % interval | standard error |\n"
        "| :-- | --: | --: | --: |\n"
        "| log loss | **0.4743 nats** | 0.3831 … 0.5871 | 0.0486 |\n"
        "| skill | 0.1566 | -0.3907 … 0.4885 |  |\n"
        "| prior entropy | 0.5623 nats |  |  |\n"
    )
    assert figures.endswith("\n| tied rows | 8 |  |  |")
    assert (
        rest
        == """\
24 rows · weight 32 by `w` · 21.3333 effective rows · binary, positive `dog` · probabilities · \
classes by prefix `p_` · losses in nats

### Classes

Largest loss share first.

| class | rows | weight % | pred % | loss | 95 % interval | loss % | × avg | label p | recall % | precision % |
| :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| `cat` | 16 | 75.0 | 51.2 | 0.5365 | 0.4320 … 0.6662 | 84.8 | 1.13 | 0.600 | 66.7 | 100.0 |
| `dog` | 8 | 25.0 | 48.8 | 0.2877 | n/a | 15.2 | 0.61 | 0.750 | 100.0 | 50.0 |
| **all classes** | **24** | **100.0** | **100.0** | **0.4743** | **0.3831 … 0.5871** | **100.0** | **1.00** \
| **0.637** | **75.0** |  |

### Slices by `home`

3 slices, no comparisons.

| `home` | rows | weight % | loss | 95 % interval | loss % | vs rest | by classes |
| :-- | --: | --: | --: | --: | --: | --: | --: |
| `out` | 8 | 50.0 | 0.6931 | n/a | 73.1 | +0.4377 | +0.0622 |
| (none) | 8 | 25.0 | 0.2877 | n/a | 15.2 | -0.2488 | -0.1866 |
| 1 more slice | 8 | 25.0 | 0.2231 |  | 11.8 |  |  |

<sub>vs rest: the loss less that of all other rows. by classes: what its mix of classes alone would add to the loss \
of all rows.</sub>

<details><summary>Classes of <code>home</code> <code>out</code>: 8 rows</summary>

| class | rows | weight % | pred % | loss | 95 % interval | loss % | × avg | label p | recall % | precision % |
| :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| `cat` | 8 | 100.0 | 50.0 | 0.6931 | n/a | 100.0 | 1.00 | 0.500 | 50.0 | 100.0 |
| **all classes** | **8** | **100.0** |  | **0.6931** |  | **100.0** | **1.00** | **0.500** | **50.0** |  |

</details>

<details><summary>Classes of <code>home</code> (none): 8 rows</summary>

| class | rows | weight % | pred % | loss | 95 % interval | loss % | × avg | label p | recall % | precision % |
| :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| `dog` | 8 | 100.0 | 75.0 | 0.2877 | n/a | 100.0 | 1.00 | 0.750 | 100.0 | 100.0 |
| **all classes** | **8** | **100.0** |  | **0.2877** |  | **100.0** | **1.00** | **0.750** | **100.0** |  |

</details>

> [!WARNING]
> Of `p_cat` 2 values were odd. First in record 3 of `preds.csv`.

<sub>Intervals tell what another draw of test rows would change, not retraining, wrong labels or drift. There are none \
below 10 effective rows.</sub>
"""
    )


def test_without_labels_there_are_no_classes_and_the_loss_per_unit_has_its_lines(tmp_path: Path) -> None:
    found = evaluated(
        tmp_path, {"p": [0.5, 0.25, 0.125] * 8, "n|n": [1, 2, 4] * 8}, input="label-probs", pred="p", per="n|n"
    )
    found = replace(found, inputs=replace(found.inputs, predictions=("preds.csv", "b", "c")))
    assert (
        markdown(found)
        == """\
## Log loss of `preds.csv` and 2 more files

| figure | value | 95 % interval | standard error |
| :-- | --: | --: | --: |
| log loss | **1.3863 nats** | 1.1625 … 1.6532 | 0.1180 |
| perplexity | 4.0000 | 3.1978 … 5.2238 |  |
| per unit | 0.5941 nats per `n\\|n` | 0.5559 … 0.6350 | 0.0191 |
| perplexity per unit | 1.8114 |  |  |
| units in all | 56 `n\\|n` |  |  |

24 rows · probabilities of the label · losses in nats

<sub>Intervals tell what another draw of test rows would change, not retraining, wrong labels or drift; and rows were \
taken as independent: tokens of a document are not.</sub>
"""
    )
    assert tables(markdown(found))[0][3][1] == "0.5941 nats per n|n"
    assert foreign(markdown(found)) == set()


def test_warnings_are_one_alert_with_a_line_each() -> None:
    found = replace(result("wine"), warnings=(Warned("a", "1. One."), Warned("b", "Two.", 9, (Found("x|y", 1),))))
    assert "\n> [!WARNING]\n> - `1.` One.\n> - Two. First in record 1 of `x|y`.\n" in markdown(found)
    assert "[!WARNING]" not in markdown(replace(found, warnings=()))


# The same figures as in the table.


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_the_table_is_there_with_the_same_digits(case: str) -> None:
    table = shown(result(case), slice_classes=True, top=4)
    text = markdown(result(case), slice_classes=True, top=4)
    assert figures_in(table) - figures_in(text) == set()
    assert len(figures_in(text)) > 20


@pytest.mark.parametrize("case", CASES)
def test_it_is_made_of_nothing_but_headings_paragraphs_tables_and_an_alert(case: str) -> None:
    text = markdown(result(case), slice_classes=True)
    assert foreign(text) == set()
    widths = [{len(row) for row in table} for table in tables(text)]
    assert all(len(found) == 1 for found in widths)


def test_every_class_has_a_line_with_its_figures_and_all_of_them_are_bold() -> None:
    found = result("cancer")
    heading, *rows = tables(markdown(found))[1]
    assert heading[:6] == ["class", "rows", "rows %", "pred %", "loss", "95 % interval"]
    for entry, row in zip(found.classes[::-1], rows, strict=False):
        assert row[:2] == [entry.class_, str(entry.rows)]
        assert row[4:6] == [f"{entry.loss:.4f}", f"{entry.loss_low:.4f} … {entry.loss_high:.4f}"]
    last = line_with(markdown(found), "| **all classes** |")
    assert last.split(" | ")[1] == "**569**"
    assert all(cell.startswith("**") for cell in last.strip("| ").split(" | ") if cell)


def test_names_are_at_the_left_and_figures_at_the_right_and_never_broken() -> None:
    text = render(result("forest"), Screen(), ListingOptions())
    assert "| 0.3876\u00a0…\u00a02.4009 |" in text
    assert "| **0.3943\u00a0nats** |" in text
    assert "| **all\u00a0classes** |" in text
    sides = {(token.type, token.attrs.get("style")) for token in tokens(text) if token.type in {"th_open", "td_open"}}
    assert ("td_open", "text-align:left") in sides
    assert ("td_open", "text-align:right") in sides


# Order, the rest, slices.


def test_the_listing_is_that_of_the_table() -> None:
    found = result("forest")
    rows = tables(markdown(found, sort="rows", top=2))[1]
    assert [row[0] for row in rows] == ["class", "five", "four", "8 more classes", "all classes"]
    assert "\n2 of 10, most rows first; half the loss in 3 classes.\n" in markdown(found, sort="rows", top=2)
    assert "\nNot listed: `nine` has the highest loss, 0.9646 nats (81 rows).\n" in markdown(found, sort="rows", top=2)
    assert "Not listed" not in markdown(found, top=1)


def test_a_thousand_classes_are_a_short_table_that_names_the_rest() -> None:
    found = result("wine")
    classes = tuple(replace(found.classes[at % 3], class_=f"c{at}") for at in range(1000))
    text = markdown(replace(found, classes=classes))
    rows = tables(text)[1]
    assert len(rows) == 23
    assert [rows[21][0], rows[22][0]] == ["980 more classes", "all classes"]
    assert len(text) < 5000


def test_slices_stand_as_in_the_table_and_a_hidden_one_with_the_highest_loss_is_named(tmp_path: Path) -> None:
    values = [None, "(none)", "", " north", "north", "'north'"]
    columns = {"p_a": [0.5, 0.4] * 30, "p_b": [0.5, 0.6] * 30, "label": ["a", "b"] * 30, "s": values * 10}
    text = markdown(evaluated(tmp_path, columns, by="s"))
    _, *rows = tables(text)[2]
    assert {row[0] for row in rows} == {"''", "''north''", "' north'", "'(none)'", "(none)", "north"}
    assert "| (none) | 10 |" in text
    assert "| `'(none)'` | 10 |" in text
    assert "\nNot listed: `half` `even` has the highest loss, " not in markdown(result("forest"), top=2)
    one, two, three = result("forest").slices or ()
    worst = replace(one, weight_share=1e-9, overall=replace(one.overall, loss=9.0, rows=1))
    hidden = replace(result("forest"), slices=(replace(worst, by={"half": None}), two, three))
    assert "\nNot listed: `half` (none) has the highest loss, 9.0000 nats (1 row).\n" in markdown(hidden, top=1)


# What is undefined, infinite or not there.


def test_an_infinite_loss_is_inf_and_what_is_undefined_is_not_available() -> None:
    text = markdown(result("infinite"))
    assert "| log loss | **inf nats** | n/a | n/a |" in text
    assert "| `nine` | 81 | 10.0 | 9.7 | inf | n/a | n/a | n/a | 0.639 |" in text
    assert "| skill | -inf | n/a |" in text
    nothing: dict[str, Any] = dict.fromkeys(("loss", "loss_low", "loss_high", "skill", "accuracy", "brier"))
    empty = replace(result("cancer"), overall=replace(result("cancer").overall, **nothing))
    assert "| accuracy | n/a |" in markdown(empty)


def test_a_class_without_rows_is_undefined_not_zero() -> None:
    found = result("cancer")
    known = {"class_", "rows", "weight", "weight_share", "predicted_share", "predicted_rows", "clipped_rows"}
    nothing: dict[str, Any] = dict.fromkeys(set(ClassResult.__slots__) - known)
    empty = replace(found.classes[0], **nothing, rows=0, weight=0.0, weight_share=0.0)
    text = markdown(replace(found, classes=(empty, found.classes[1])))
    assert "| `benign` | 0 | 0.0 | 62.9 | n/a | n/a | n/a | n/a | n/a | n/a | n/a |" in text


def test_ascii_streams_get_ascii(run_xent: RunXent, tmp_path: Path) -> None:
    found = replace(pets(tmp_path), warnings=(Warned("w", "caf\u00e9 \u2026"),))
    named = replace(found, classes=(replace(found.classes[0], class_="漢"), found.classes[1]))
    text = markdown(named, unicode=False)
    assert text.isascii()
    assert "| `\\u6f22` |" in text
    assert "| 0.3209 .. 0.5019 |" in text
    assert "\n> [!WARNING]\n> `caf\\xe9` ...\n" in text
    ran = run_xent("eval", *FOREST, "-f", "markdown", encoding="ascii")
    assert (ran.code, ran.stderr) == (0, "")
    assert "| log loss | **0.3943 nats** | 0.3133 .. 0.4961 | 0.0462 |\n" in ran.stdout


# The command.


@pytest.mark.parametrize("terminal", [False, True])
def test_the_command_writes_it_to_standard_output_or_a_file(terminal: bool, run_xent: RunXent, tmp_path: Path) -> None:
    ran = run_xent("eval", *FOREST, "-f", "markdown", "--top", "2", terminal=terminal)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == render(evaluate(*FOREST), Screen(), ListingOptions(top=2))
    written = run_xent("eval", *FOREST, "-f", "markdown", "--top", "2", "-o", tmp_path / "out.md", terminal=terminal)
    assert (written.code, written.stdout, written.stderr) == (0, "", "")
    assert (tmp_path / "out.md").read_bytes().decode() == ran.stdout


def test_the_files_are_named_as_they_were_given(
    run_xent: RunXent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a`|b.csv").write_text("p_a,p_b,y\n" + "0.5,0.5,a\n0.5,0.5,b\n" * 6)
    ran = run_xent("eval", "a`|b.csv", "-f", "markdown")
    assert ran.stdout.startswith("## Log loss of ``a`|b.csv``\n\n")
    assert codes(ran.stdout)[0] == "a`|b.csv"
