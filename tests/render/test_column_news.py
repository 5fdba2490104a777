"""What every report says of columns: which ones nothing used, and what may be taken for predictions wrongly."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import jsonschema
import pytest
from conftest import RunXent
from markdown_reading import foreign, tables
from schemas import RESULT as SCHEMA

import xentcli
from xentcli import evaluate
from xentcli.render.formats import Format

FORMATS = [str(form) for form in Format]
GATE = ("--max", "loss=9")
HOSTILE = ["[red]x[/red]", "a|b`c", "\x1b[2J", "=1+1", "<b>&", "x, y", "漢\u202e"]


def put(**contents: str) -> None:
    """Write files: `p` to p.csv."""
    for name, content in contents.items():
        Path(f"{name}.csv").write_text(content, encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def two(*unused: str) -> None:
    """Write two rows of two classes, with text in columns that nothing uses."""
    quoted = [f'"{name}"' if "," in name else name for name in unused]
    put(
        p="\n".join([",".join([*quoted, "p_cat", "p_dog"]), *[",".join([*"t" * len(unused), ".5,.5"])] * 2, ""]),
        y="label\ncat\ndog\n",
    )


def text_of(form: str, run_xent: RunXent) -> str:
    ran = run_xent("eval", "p.csv", "y.csv", "-f", form, *GATE)
    assert (ran.code, ran.stderr) == (0, "")
    return ran.stdout.replace("\u00a0", " ")


HEADERS = {
    "table": "\n2 rows · binary, positive 'dog' · probabilities · classes by prefix 'p_'{} · losses in nats\n",
    "markdown": "\n2 rows · binary, positive `dog` · probabilities · classes by prefix `p_`{} · losses in nats\n",
    "github": "\n2 rows · binary, positive `dog` · probabilities · classes by prefix `p_`{} · losses in nats\n",
    "junit": "\nbrier: 0.25\n{}</system-out>",
}


@pytest.mark.parametrize("form", HEADERS)
def test_every_header_says_which_columns_nothing_used(form: str, run_xent: RunXent) -> None:
    two()
    assert HEADERS[form].format("") in text_of(form, run_xent)
    for names in (["note"], ["note", "fold"]):
        two(*names)
        told = {
            "table": " · columns not used: " + ", ".join(f"'{name}'" for name in names),
            "junit": f"columns not used: {', '.join(names)}\n",
        }.get(form, " · columns not used: " + ", ".join(f"`{name}`" for name in names))
        assert HEADERS[form].format(told) in text_of(form, run_xent)


def test_json_has_all_of_them_in_the_order_of_the_files() -> None:
    two(*"gfedcba")
    put(y="label,z,k\ncat,1,1\ndog,1,1\n")
    result = evaluate("p.csv", "y.csv")
    assert result.inputs.unused_columns == (*"gfedcba", "z", "k")
    jsonschema.validate(result.to_dict(), SCHEMA)
    assert result.to_dict()["inputs"]["unused_columns"] == [*"gfedcba", "z", "k"]


@pytest.mark.parametrize(("form", "mark"), [("table", "'"), ("markdown", "`"), ("github", "`")])
def test_of_many_the_first_five_are_named_and_the_rest_counted(form: str, mark: str, run_xent: RunXent) -> None:
    two(*(f"c{at}" for at in range(1205)))
    named = ", ".join(f"{mark}c{at}{mark}" for at in range(5))
    assert f" · columns not used: {named} and 1,200 more · " in text_of(form, run_xent)


def test_names_of_unused_columns_are_text_and_nothing_else(run_xent: RunXent) -> None:
    two(*HOSTILE)
    assert list(evaluate("p.csv", "y.csv").inputs.unused_columns) == HOSTILE
    for names in (HOSTILE[:4], HOSTILE[4:]):
        two(*names)
        for form in ("table", "markdown", "github", "junit"):
            text = text_of(form, run_xent)
            assert not re.search("[\x1b\u202e]", text)
        shown = text_of("markdown", run_xent)
        assert foreign(shown) == set()
        assert [len(row) for row in tables(shown)[0]] == [4, 4]
        out = fromstring(text_of("junit", run_xent)).findtext("testsuite/system-out")
        assert out is not None and out.count("columns not used: ") == 1


# Three warnings: what they are of, their words, and options by which it is meant so.
WARNINGS: dict[str, tuple[str, str, list[str], str, list[str]]] = {
    "columns_left_out": (
        "margin,p_cat,p_dog,note\n.5,.75,.25,x\n1.5,.5,.5,y\n",
        "label\ncat\ndog\n",
        [],
        "column 'margin' of PREDICTIONS holds fractions, as predictions do, and nothing uses it. --pred names the "
        "prediction columns.",
        ["--weight", "margin"],
    ),
    "classes_without_labels": (
        "cat,dog,emu\n.75,.25,1.5\n.5,2.5,-.5\n",
        "label\ncat\ndog\n",
        ["--input", "logits"],
        "the prediction column 'emu' has no label: a class, or something else? Nothing sums to 1 here that would tell. "
        "--pred names the prediction columns, --classes their classes.",
        ["--classes", "cat,dog,emu"],
    ),
    "perfect": (
        "cat,dog\n1,0\n0,1\n",
        "label\ncat\ndog\n",
        [],
        "every row gives its label a probability of exactly 1: are the predictions the labels themselves?",
        [],
    ),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("code", WARNINGS)
def test_a_warning_is_said_in_every_format(code: str, form: str, run_xent: RunXent) -> None:
    p, y, options, message, _ = WARNINGS[code]
    put(p=p, y=y)
    ran = run_xent("eval", "p.csv", "y.csv", "-f", form, *options, *GATE)
    assert ran.code == 0
    out = ran.stdout.replace("\u00a0", " ")
    beside = f"warning: {message}\n"
    if form == "table":
        assert f"\n{beside}" in out
        assert ran.stderr == ""
    elif form == "markdown":
        assert "\n> [!WARNING]\n> " in out
        alert = next(line for line in out.splitlines() if line.startswith("> ") and "[!" not in line)
        assert alert.replace("`", "") == f"> {message}"
        assert ran.stderr == ""
    elif form == "github":
        # The summary has it, and the list of what a workflow said.
        assert "\n> [!WARNING]\n> " in out
        title = code.replace("_", " ")
        assert ran.stderr == f"::warning title=xent%3A {title}::{message}\n"
    elif form == "junit":
        assert beside in (fromstring(out).findtext("testsuite/system-out") or "")
        assert ran.stderr == beside
    else:
        assert ran.stderr == beside
        if form == "json":
            data = json.loads(out)
            jsonschema.validate(data, SCHEMA)
            assert [(one["code"], one["message"]) for one in data["warnings"]] == [(code, message)]


@pytest.mark.parametrize("code", WARNINGS)
def test_quietly_it_is_not_said_beside_the_result(code: str, run_xent: RunXent) -> None:
    p, y, options, _, _ = WARNINGS[code]
    put(p=p, y=y)
    assert run_xent("eval", "p.csv", "y.csv", "-f", "metrics", "-q", *options).stderr == ""


@pytest.mark.parametrize("code", ["columns_left_out", "classes_without_labels"])
def test_an_option_that_says_what_is_meant_makes_it_go(code: str, run_xent: RunXent) -> None:
    p, y, options, _, settled = WARNINGS[code]
    put(p=p, y=y)
    ran = run_xent("eval", "p.csv", "y.csv", "-f", "json", *options, *settled)
    assert (ran.code, json.loads(ran.stdout)["warnings"]) == (0, []), ran.stderr


def test_one_row_that_is_not_perfect_and_logits_are_no_warning() -> None:
    put(p="cat,dog\n1,0\n.0001,.9999\n", y="label\ncat\ndog\n")
    assert evaluate("p.csv", "y.csv").warnings == ()
    put(p="cat,dog\n100,-100\n-100,100\n")
    assert [one.code for one in evaluate("p.csv", "y.csv", input="logits").warnings] == []


@pytest.mark.parametrize(
    ("p", "options", "code", "message"),
    [
        (
            "x,y,p_a,p_b\n.5,1.5,.5,.5\n.25,1.25,.5,.5\n",
            {},
            "columns_left_out",
            "columns 'x', 'y' of PREDICTIONS hold fractions, as predictions do, and nothing uses them. --pred names "
            "the prediction columns.",
        ),
        (
            "a,b,c,d\n.5,.25,1.5,2.5\n1.5,.5,.25,.25\n",
            {"input": "logits"},
            "classes_without_labels",
            "the prediction columns 'c', 'd' have no label: classes, or something else? Nothing sums to 1 here that "
            "would tell. --pred names the prediction columns, --classes their classes.",
        ),
    ],
)
def test_of_several_columns_it_speaks_of_several(p: str, options: dict[str, Any], code: str, message: str) -> None:
    put(p=p, y="label\na\nb\n")
    (warning,) = evaluate("p.csv", "y.csv", **options).warnings
    assert (warning.code, warning.message, warning.rows, warning.first) == (code, message, None, ())


def test_every_code_that_is_given_is_in_the_schema_and_no_other() -> None:
    source = Path(xentcli.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in (source / "summary").glob("*warnings.py")]
    given = {code for text in texts for code in re.findall(r'Warned\(\s*"([a-z_]+)"', text)}
    assert given == set(SCHEMA["properties"]["warnings"]["items"]["properties"]["code"]["enum"])
    ours = json.loads(files("xentcli").joinpath("schema/inspect.schema.json").read_text(encoding="utf-8"))
    doubts = (source / "commands" / "inspect" / "doubts.py").read_text(encoding="utf-8")
    asked = set(re.findall(r'Doubt\(\s*"([a-z_]+)"', doubts))
    assert asked == set(ours["properties"]["doubts"]["items"]["properties"]["code"]["enum"])
