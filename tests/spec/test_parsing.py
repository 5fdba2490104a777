"""Lists of names as they are typed: what is printed to be typed is read back as the same names."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import tool

from xentcli import UsageError
from xentcli.spec.checks import class_map_flaw
from xentcli.spec.parsing import join_names, parse_class_weight, shell_word, split_names, typed
from xentcli.text import show

# Whatever bytes an argument may have: text, and what was no UTF-8.
ANYTHING = st.binary(min_size=1).map(lambda data: data.replace(b"\0", b"0").decode("utf-8", "surrogateescape"))
TELLING = st.text("a,\"'@ =!$\\\t\n`~é漢\u200b\u0301\u00a0", min_size=1)
NAMES = st.lists(ANYTHING | TELLING, min_size=1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cat,dog", ("cat", "dog")),
        (" cat, dog ", (" cat", " dog ")),
        ('"p_Washington, D.C.",p_a', ("p_Washington, D.C.", "p_a")),
        ('a"b,c""d,"', ('a"b', 'c""d', None)),
        ('"""a"""', ('"a"',)),
        ('"a""b, c"', ('a"b, c',)),
        ('"a\nb"', ("a\nb",)),
        ('"Score.0=a, b"', ("Score.0=a, b",)),
    ],
)
def test_a_list_is_separated_by_commas_and_quoted_as_in_csv(text: str, names: tuple[str | None, ...]) -> None:
    if None in names:
        with pytest.raises(UsageError, match="a quote is opened and never closed"):
            split_names("--pred", text)
        text, names = text[:-2], names[:-1]
    assert split_names("--pred", text) == names


@pytest.mark.parametrize("text", ["", ",", "a,", ",a", "a,,b", '""', 'a,""'])
def test_an_empty_name_is_an_error(text: str) -> None:
    with pytest.raises(UsageError) as error:
        split_names("--on", text)
    assert str(error.value) == f"--on is '{text}', which has an empty name; names are separated by single commas"


def test_text_after_a_closing_quote_is_an_error() -> None:
    with pytest.raises(UsageError) as error:
        split_names("--classes", '"a, b"="c, d"')
    message = '--classes is \'"a, b"="c, d"\', in which \'="c, d"\' follows a closing quote\n'
    assert str(error.value) == f'{message}  Quotes stand around the whole of what is between two commas: "a, b=c, d".'


@given(NAMES)
def test_what_is_joined_is_split_into_the_same_names(names: list[str]) -> None:
    assert split_names("--pred", join_names(names)) == tuple(names)
    assert not join_names(names).startswith("@")


@given(NAMES)
def test_what_is_typed_is_one_word_of_printable_text(names: list[str]) -> None:
    line = typed("--pred", names)
    assert show(line, len(line)) == line
    if "$'" not in line:
        option, word = shlex.split(line)
        assert (option, split_names("--pred", word)) == ("--pred", tuple(names))


@settings(max_examples=examples(30))
@given(st.lists(ANYTHING | TELLING, min_size=1, max_size=40))
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shells_read_words_as_they_were_meant(shell: str, texts: list[str]) -> None:
    words = [shell_word(text) for text in texts]
    script = f"printf '%s\\0' {' '.join(words)}".encode()
    ran = subprocess.run(
        [tool(shell), *(["-f"] if shell == "zsh" else []), "-c", script], capture_output=True, check=True
    )
    assert [word.decode("utf-8", "surrogateescape") for word in ran.stdout.split(b"\0")[:-1]] == texts


def test_names_that_need_no_quotes_have_none() -> None:
    assert typed("--pred", ["cat", "p_0.5", "a-b"]) == "--pred cat,p_0.5,a-b"


def test_class_weights_of_names_with_commas() -> None:
    assert parse_class_weight('"Washington, D.C.=2",a=b=0.5') == {"Washington, D.C.": 2.0, "a=b": 0.5}


@pytest.mark.parametrize(
    ("held", "flaw"),
    [
        ({}, "has an empty object"),
        ({"": 0}, "has an empty name"),
        ({0: "cat"}, "has 0 for a name"),
        ({"cat": True}, "gives 'cat' True, neither a whole number from 0 up nor a name"),
        ({"cat": -1}, "gives 'cat' -1, neither a whole number from 0 up nor a name"),
        ({"0": ""}, "gives '0' '', neither a whole number from 0 up nor a name"),
        ({"cat": 0, "dog": 0}, "gives 'cat' and 'dog' the same: '0'"),
        ({"0": "cat", "1": 1}, "has both whole numbers and names as values"),
    ],
)
def test_objects_that_cannot_say_which_class_is_which(held: dict[str, object], flaw: str) -> None:
    assert class_map_flaw(held) == flaw
