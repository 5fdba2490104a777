"""Markdown as a reader of it sees it: through a parser of GitHub's flavour, with HTML allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from reading import evaluated

from xentcli.render.markdown.result import render
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# All that a report is made of. What is not here would be markup out of a name.
OURS = {
    *("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "strong"),
    *("blockquote", "bullet_list", "list_item"),
}
PLAIN = {"inline", "text", "code_inline", "html_inline", "html_block", "softbreak"}
HTML = {"<sub>", "</sub>"}
HOSTILE = [
    *("<b>x</b>", "[x](http://e.x)", "![x](http://e.x)", "@user", "#12", "GH-12", "!34", ":skull:", "a|b", "|", "||"),
    *("\\|", "\\\\|", "a\\", "`", "``", "` `", "a`b``c", "```", "~~x~~", "**x**", "_x_", "<!-- x -->", "-->", "&lt;"),
    *("http://e.x", "www.e.x", "a@b.co", "</details>", "</code>", "<script>", "\n\n# x", "\r\n| a |", "\t", "\x1b[2J"),
    *("a\u202eb", "\udcff", "", " ", "  x  ", "(none)", "'x'", "x" * 5000, "漢字", "😀", "::error::x", "##[error]x"),
    *("1. x", "- x", "> x", "# x", "---", "$x$", "0123456789abcdef0123456789abcdef01234567", "[^1]"),
    *("[ ] x", "7 more classes"),
]  # fmt: skip


def markdown(of: EvalResult, unicode: bool = True, **options: Any) -> str:
    """Return a result as Markdown, with ordinary spaces; the other arguments are those of `ListingOptions`."""
    return render(of, Screen(unicode=unicode), ListingOptions(**options)).replace("\u00a0", " ")


def tokens(text: str) -> Iterator[Token]:
    """Yield what a text is made of, what is inside other things after them."""
    for token in PARSER.parse(text):
        yield token
        yield from token.children or []


def foreign(text: str) -> set[str]:
    """Return what is in a text and not of our making."""
    found = set()
    for token in tokens(text):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        known = kind in OURS | PLAIN
        if kind == "html_inline":
            known = token.content in HTML
        if kind == "html_block":
            known = token.content.startswith(("<details><summary>Classes of <code>", "</details>"))
            known &= token.content.count("<details>") + token.content.count("</details>") == 1
        if not known:
            found.add(f"{token.type} {token.content}")
    return found


def words_of(inline: Token) -> str:
    """Return what a reader of a line sees."""
    return "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})


def codes(text: str) -> list[str]:
    """Return every code span."""
    return [token.content for token in tokens(text) if token.type == "code_inline"]


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of every table, the headings first."""
    found: list[list[list[str]]] = []
    inside = False
    for token in PARSER.parse(text.replace("\u00a0", " ")):
        if token.type == "table_open":
            found.append([])
        if token.type == "tr_open":
            found[-1].append([])
        inside = token.type in {"td_open", "th_open"} or (inside and token.type == "inline")
        if inside and token.type == "inline":
            found[-1][-1].append(words_of(token))
    return found


def pets(folder: Path, **options: Any) -> EvalResult:
    """Return 24 rows of cats and dogs, at home in three places of which one is not known."""
    columns = {
        "p_cat": [0.8, 0.5, 0.25] * 8,
        "p_dog": [0.2, 0.5, 0.75] * 8,
        "label": ["cat", "cat", "dog"] * 8,
        "home": ["in", "out", None] * 8,
        "w": [1.0, 2.0, 1.0] * 8,
    }
    return evaluated(folder, columns, **options)
