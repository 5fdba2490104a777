"""Nothing from the inputs is markup: hostile names and messages through a parser, wherever they may stand."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import cache

import pytest
from conftest import SAMPLES
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_reading import HOSTILE, PARSER, codes, foreign, markdown, tables, tokens, words_of

from xentcli import EvalResult, evaluate
from xentcli.render.markdown.text import code, html_code, prose, table
from xentcli.results.evaluation import Found, Warned
from xentcli.results.figures import LossPer
from xentcli.results.verdicts import BaselineResult, Change
from xentcli.text import show

any_text = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=30)
    | st.text("`|\\'<>&[]()*_~#@:!-+=. \n1a", max_size=15)
    | st.lists(st.sampled_from(HOSTILE), max_size=4).map(" ".join)
)


@cache
def halves() -> EvalResult:
    return evaluate(SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv", by="half")


def named(name: str, value: str | None = None) -> EvalResult:
    """Return a result in which every text of the inputs is `name`, and the values of slices are `value`."""
    found = halves()
    (one, *others) = found.slices or ()
    classes = (replace(found.classes[0], class_=name), *found.classes[1:])
    return replace(
        found,
        inputs=replace(
            found.inputs, predictions=(name, name), labels=(name,), on=(name, name), task="binary", name_rule=name
        ),
        settings=replace(
            found.settings, weight=name, positive=name, class_weight={name: 2.0, "b": 1.0}, by=(name, "b")
        ),
        overall=replace(found.overall, loss_per=LossPer(name, 5.0, 0.5, 0.1, 0.4, 0.6, 1.6)),
        classes=classes,
        slices=(
            replace(one, by={name: value, "b": name}, classes=classes),
            *(replace(each, by={name: f"{at}", "b": "z"}) for at, each in enumerate(others)),
        ),
        warnings=(
            Warned("w", f"It is about '{name}', {name} and ({name}).", 3, (Found(name, 1), Found("b", 2))),
            Warned("v", f"{name} x"),
        ),
        baseline=BaselineResult(name, 5, False, (f"'{name}' was another",), (Change("loss", 1.0, 2.0, 1.0, 0.5),)),
    )


def seen(name: str) -> set[str]:
    """Return how a name may be seen."""
    shown = show(name).replace("##[", "#\\x23[")
    return {shown, f"'{shown}'"}


@cache
def harmless(value: str | None) -> tuple[list[str], list[list[int]]]:
    """Return what a report is made of in which all names are harmless, and the shape of its tables."""
    text = markdown(named("x", value), slice_classes=True)
    return [token.type for token in PARSER.parse(text)], shape(text)


def shape(text: str) -> list[list[int]]:
    return [[len(row) for row in table] for table in tables(text)]


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_wherever_it_stands(name: str) -> None:
    text = markdown(named(name, name), slice_classes=True)
    assert foreign(text) == set()
    assert ([token.type for token in PARSER.parse(text)], shape(text)) == harmless("x")


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    text = markdown(named(name, name), sort="none")
    assert tables(text)[1][1][0] in seen(name)
    assert tables(text)[2][0][0] in seen(name)
    (row,) = (row for row in tables(text)[2] if row[1] in seen(name))
    assert row[0] in seen(name)
    assert tables(text)[0][2][0] == "per unit"
    assert len([each for each in codes(text) if each in seen(name)]) > 8 or len(name) > 200


@settings(deadline=None, max_examples=examples(30))
@given(any_text, st.none() | any_text, st.booleans())
def test_any_name_is_text_and_nothing_else(name: str, value: str | None, unicode: bool) -> None:
    text = markdown(named(name, value), unicode, slice_classes=True)
    assert foreign(text) == set()
    assert shape(text) == harmless(value and "x")[1]
    assert unicode or text.isascii()
    assert "##[" not in text


@settings(deadline=None)
@given(any_text, any_text)
def test_any_text_is_one_code_span_in_a_sentence_and_in_a_table(name: str, other: str) -> None:
    (inline,) = PARSER.parseInline(f"before {code(name)} {code(other)} after")
    kinds = [(child.type, child.content) for child in inline.children or []]
    assert [kind for kind, _ in kinds] == ["text", "code_inline", "text", "code_inline", "text"]
    assert (kinds[1][1] in seen(name), kinds[3][1] in seen(other)) == (True, True)
    lines = "\n".join(table([code(other), "x"], [[code(name), code(other)]] * 2, "ll"))
    heading, first, second = tables(lines)[0]
    assert (heading[0] in seen(other), first[0] in seen(name), first[1] in seen(other)) == (True, True, True)
    assert first == second


@settings(deadline=None)
@given(any_text)
def test_any_sentence_keeps_its_words_and_has_no_markup(message: str) -> None:
    for line in (prose(message), f"> {prose(message)}", f"> - {prose(message)}", f"> [!WARNING]\n> {prose(message)}"):
        assert foreign(line) == set()
    (inline,) = PARSER.parseInline(f"x {prose(message)}")
    shown = show(message, 4096).replace("##[", "#\\x23[").strip(" ")
    quotes = str.maketrans("", "", "' ")
    assert words_of(inline).removeprefix("x").translate(quotes) == shown.translate(quotes)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("2 rows of 'cat' cost 36.04 nats: 11.3 % of it.", "2 rows of 'cat' cost 36.04 nats: 11.3 % of it."),
        ("With --clip 1e-07 it is -0.5, +3, <0.1 or >99.9.", "With `--clip` 1e-07 it is -0.5, +3, <0.1 or >99.9."),
        ("(see 'p_*', 'a b' and 'x@y.z')", "(see `p_*`, 'a b' and `x@y.z`)"),
        ("the label's row-by-row half-life isn't", "the label's row-by-row half-life isn't"),
        ("cats GH-12 JIRA-7 www.e.x v1.2 a/b#3", "cats `GH-12` `JIRA-7` `www.e.x` `v1.2` `a/b#3`"),
        ("commit 0123456789 or deadbeef, 1,234,567 rows", "commit `0123456789` or `deadbeef`, 1,234,567 rows"),
        ("> x", "`>` x"),
        ("1. x", "`1.` x"),
        ("= x", "`=` x"),
        ("a = b ± 5%", "a = b ± 5%"),
        ("漢字 e\u0301 😀", "漢字 `e\u0301` `😀`"),
        ("  x  ", "x"),
    ],
)
def test_in_a_sentence_only_what_is_no_plain_word_or_number_is_code(message: str, expected: str) -> None:
    assert prose(message) == expected


def test_an_element_of_html_has_its_names_escaped_as_html() -> None:
    assert html_code('<b title="&lt;">') == "<code>&lt;b title=&quot;&amp;lt;&quot;&gt;</code>"
    for name in HOSTILE:
        inside = html_code(name).removeprefix("<code>").removesuffix("</code>")
        assert "<" not in inside
        assert html.unescape(inside) in seen(name)


def test_what_would_be_a_command_of_githubs_runner_is_broken_up() -> None:
    text = markdown(named("##[add-mask]a"), slice_classes=True)
    assert "##[" not in text
    assert "#\\x23[add-mask]a" in text
    assert not any(line.lstrip().startswith("::") for line in markdown(named("::error::x", "::x")).splitlines())


def test_only_our_own_html_is_there() -> None:
    found = [token.content for token in tokens(markdown(named("<b>", "<i>"))) if token.type.startswith("html")]
    assert found == ["<sub>", "</sub>"] * 2
