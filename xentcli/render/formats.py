"""Which renderer writes which format; each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xentcli.inspected import InspectResult
    from xentcli.render.listing import ListingOptions
    from xentcli.render.screen import Screen
    from xentcli.result import EvalResult


def text_of(result: EvalResult, form: str, screen: Screen, options: ListingOptions) -> str:
    """Return the result of an evaluation in a format, with a final newline."""
    match form:
        case "json":
            from xentcli.render.data import to_json

            return to_json(result, ascii_only=not screen.unicode)
        case "csv":
            from xentcli.render.csv_text import render as render_csv

            return render_csv(result, options)
        case "markdown" | "github":
            from xentcli.render.markdown import render as render_markdown

            return render_markdown(result, options, screen.unicode)
        case "metrics":
            from xentcli.render.flat import render as render_flat

            return render_flat(result)
        case "junit":
            from xentcli.render.junit import render as render_junit

            return render_junit(result)
    from xentcli.render.table import render

    return render(result, screen, options)


def inspect_text_of(result: InspectResult, form: str, screen: Screen) -> str:
    """Return what an inspection found in a format, with a final newline."""
    match form:
        case "json":
            from xentcli.render.data_inspect import to_json

            return to_json(result, ascii_only=not screen.unicode)
        case "csv":
            from xentcli.render.csv_inspect import render as render_csv

            return render_csv(result)
        case "markdown":
            from xentcli.render.markdown_inspect import render as render_markdown

            return render_markdown(result, screen.unicode)
    from xentcli.render.table_inspect import render

    return render(result, screen)
