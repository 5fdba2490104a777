"""Which renderer writes which format; each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xentcli.render.screen import Screen
    from xentcli.render.wording.listing_options import ListingOptions
    from xentcli.results.evaluation import EvalResult
    from xentcli.results.inspection import InspectResult


def text_of(result: EvalResult, form: str, screen: Screen, options: ListingOptions) -> str:
    """Return the result of an evaluation in a format, with a final newline."""
    match form:
        case "json":
            from xentcli.results.serialize import to_json

            return to_json(result, ascii_only=not screen.unicode)
        case "csv":
            from xentcli.render.csv.result import render as render_csv

            return render_csv(result, options)
        case "markdown" | "github":
            from xentcli.render.markdown.result import render as render_markdown

            return render_markdown(result, options, screen.unicode)
        case "metrics":
            from xentcli.render.metrics import render as render_flat

            return render_flat(result)
        case "junit":
            from xentcli.render.junit import render as render_junit

            return render_junit(result)
    from xentcli.render.table.result import render

    return render(result, screen, options)


def inspect_text_of(result: InspectResult, form: str, screen: Screen) -> str:
    """Return what an inspection found in a format, with a final newline."""
    match form:
        case "json":
            from xentcli.results.serialize_inspection import to_json

            return to_json(result, ascii_only=not screen.unicode)
        case "csv":
            from xentcli.render.csv.inspect import render as render_csv

            return render_csv(result)
        case "markdown":
            from xentcli.render.markdown.inspect import render as render_markdown

            return render_markdown(result, screen.unicode)
    from xentcli.render.table.inspect import render

    return render(result, screen)
