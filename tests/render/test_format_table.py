"""The table of formats: each has a module that writes it, and all are called alike."""

from __future__ import annotations

from importlib import import_module
from inspect import signature

import pytest

from xentcli.render.formats import Format, InspectFormat


@pytest.mark.parametrize("form", [*Format, *InspectFormat], ids=lambda form: f"{type(form).__name__}-{form}")
def test_every_format_is_written_by_a_module_with_the_one_signature(form: Format | InspectFormat) -> None:
    assert list(signature(import_module(form.module).render).parameters) == ["result", "screen", "options"]
    assert form == type(form)(str(form)) == form.value
