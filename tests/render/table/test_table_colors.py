"""Colours can be read on light and dark screens, mean something, and are never the only way that something is said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import SAMPLES
from judging import GATES, sample, with_baseline
from reading import shown

from xentcli import inspect
from xentcli.render.screen import Screen
from xentcli.render.table.inspect import render as render_inspect
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult, Warned

# The colours of the codes 30 to 36, and what many terminals take for them where text is bold.
PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd / 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff",
    "GNOME": "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 / 5e5c64 f66151 33da7a e9ad0c 2a7bde c061cb 33c7de",
    "VS Code": "000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd / 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db",
    "macOS": "000000 c23621 25bc24 adad27 492ee1 d338d3 33bbc8 / 818383 fc391f 31e722 eaec23 5833ff f935f8 14f0f0",
}
BACKGROUNDS = ("ffffff", "000000", "1e1e1e")
# Below this a mark can hardly be seen: bright yellow on white has 1.1, blue on dark grey 1.8.
LEAST = 1.9


def everything() -> list[EvalResult]:
    """Return results in which everything is coloured that ever is."""
    forest = sample("digits_forest", by="half")
    worse, better = (with_baseline(forest, change=change) for change in (0.02, -0.02))
    return [
        replace(worse, gates=GATES, warnings=(Warned("w", "Something."),)),
        replace(better, gates=GATES[:1]),
        sample("digits_forest", clip=None),
    ]


def codes() -> set[str]:
    """Return every style that is sent to a terminal."""
    texts = [shown(of, 200, color=True, top=9) for of in everything()]
    found = inspect(SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
    texts.append(render_inspect(found, Screen(80, color=True), ListingOptions()))
    return {code for text in texts for code in re.findall(r"\x1b\[([0-9;]*)m", text)}


def contrast(color: str, background: str) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""

    def luminance(rgb: str) -> float:
        parts = [int(rgb[at : at + 2], 16) / 255.0 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(color), luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_these_and_no_other_styles_are_used() -> None:
    assert codes() == {"0", "1", "2", "31", "32", "35", "36", "1;31", "1;35"}


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("palette", PALETTES)
def test_every_colour_that_is_used_can_be_seen(palette: str, background: str) -> None:
    plain, bright = (half.split() for half in PALETTES[palette].split("/"))
    for code in codes():
        color = re.search(r"3([0-6])", code)
        if color is not None:
            assert contrast(plain[int(color[1])], background) >= LEAST
            assert "1" not in code.split(";") or contrast(bright[int(color[1])], background) >= LEAST


def test_what_is_avoided_could_not_be_seen() -> None:
    plain, bright = (half.split() for half in PALETTES["xterm"].split("/"))
    for color in (plain[3], bright[3], bright[2], bright[6]):
        assert contrast(color, "ffffff") < LEAST
    assert contrast(plain[4], "1e1e1e") < LEAST


def test_the_headline_is_the_loss() -> None:
    lines = shown(sample("digits_forest"), 80, color=True).splitlines()
    at = lines.index("") + 1
    assert "\x1b[1m0.3943 nats\x1b[0m" in lines[at]
    assert [line for line in lines[at + 1 : at + 3] if "\x1b[1m" in line] == []
    assert lines[at + 1].startswith("\x1b[2mskill     \x1b[0m0.8288 ")


def test_classes_above_the_average_are_red_and_the_others_are_not() -> None:
    lines = shown(sample("digits_forest"), 80, color=True).splitlines()
    found = {line.split()[0]: line for line in lines if "━" in line}
    assert re.findall(r"\x1b\[(\d+)m([━╸]+) *\x1b", found["nine"]) == [("31", "━" * 10)]
    assert re.findall(r"\x1b\[(\d+)m([━╸]+) *\x1b", found["three"]) == [("31", "━━━━╸")]
    assert re.findall(r"\x1b\[(\d+)m([━╸]+) *\x1b", found["five"]) == [("36", "━━━━")]
    ratios = {name: re.findall(r"\x1b\[([0-9;]*31)m +(\d\.\d\d)\x1b", line) for name, line in found.items()}
    # The whole interval of eight is above the average, that of nine is not.
    assert {name: ratio for name, ratio in ratios.items() if ratio} == {
        "nine": [("31", "2.45")],
        "eight": [("1;31", "1.51")],
        "three": [("31", "1.09")],
    }


def test_clipped_rows_have_the_colour_of_their_warning_and_none_step_back() -> None:
    lines = shown(sample("digits_forest"), color=True).splitlines()
    assert next(line for line in lines if line.startswith("nine")).endswith("\x1b[35m      1\x1b[0m")
    assert next(line for line in lines if line.startswith("two")).endswith("\x1b[2m      0\x1b[0m")
    warned = replace(sample("cancer"), warnings=(Warned("w", "Something."),))
    assert "\x1b[1;35mwarning: \x1b[0mSomething." in shown(warned, color=True)


def test_what_is_infinite_is_red_and_what_is_undefined_steps_back() -> None:
    text = shown(sample("digits_forest", clip=None), 80, color=True)
    assert "\x1b[1;31minf nats\x1b[0m" in text
    assert "\x1b[1;31m   inf\x1b[0m" in text
    assert "\x1b[2mn/a\x1b[0m" in re.sub(r" +(?=n/a)", "", text)


def test_names_have_no_colour_whatever_they_are_called() -> None:
    of = sample("cancer")
    names = [replace(entry, class_=name) for entry, name in zip(of.classes, ("inf", "n/a"), strict=True)]
    lines = shown(replace(of, classes=tuple(names)), 80, color=True).splitlines()
    assert sum(line.startswith(("inf  ", "n/a  ")) for line in lines) == 2


def test_without_colours_nothing_is_lost() -> None:
    for of in everything():
        plain = shown(of, 120)
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[[0-9;]*m", "", shown(of, 120, color=True)) == plain
