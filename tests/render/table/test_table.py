"""What the table says: the header, the main figures, classes, warnings, and what intervals leave out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rich.cells import cell_len
from table_reading import WIDTHS, class_lines, headings, result, shown, words

from xentcli.results.evaluation import Found, Warned


def test_the_header_says_what_was_evaluated_and_how() -> None:
    lines = shown(result("forest")).splitlines()
    assert lines[0].endswith("digits_labels.csv")
    told = "809 rows · 10 classes · probabilities · classes by prefix 'p_' · columns not used: 'weight', 'half'"
    assert lines[1] == f"{told} · losses in nats"
    assert shown(result("wine")).splitlines()[1] == "178 rows · 3 classes · logits · losses in nats"
    weighted = shown(result("weighted")).splitlines()[1]
    assert weighted.startswith("809 rows · weight 804 by 'weight' · 795.0 effective rows · 10 classes")
    assert weighted.endswith("losses in bits")
    assert "569 rows · binary, positive 'malignant' · " in shown(result("cancer"))


def test_the_header_without_labels_with_many_files_and_with_rows_left_out() -> None:
    cancer = result("cancer")
    changed = replace(
        cancer,
        inputs=replace(cancer.inputs, predictions=("a.csv", "b.csv", "c.csv"), labels=(), input="label-probs"),
        settings=replace(cancer.settings, positive=None),
        overall=replace(cancer.overall, rows=1234567, zero_weight_rows=1, renormalized_rows=2000),
    )
    lines = shown(changed).splitlines()
    assert lines[0] == "a.csv and 2 more files"
    assert lines[1].startswith("1,234,567 rows · binary · probabilities of the label · ")
    assert lines[1].endswith(" · 1 row of weight 0 left out · 2,000 rows renormalized")


def test_the_loss_comes_with_its_interval_the_skill_and_the_accuracy() -> None:
    text = shown(result("forest"))
    assert "log loss  0.3943 nats  95 % interval 0.3133 … 0.4961  standard error 0.0462" in text
    assert "skill     0.8288       95 % interval 0.7845 … 0.8639  prior entropy 2.3025 nats" in text
    (line,) = re.findall("\n(accuracy  95.61 %      Brier score 0.1379  .*)\n", text)
    assert "  macro loss 0.3948 nats" in line and line.endswith("  6 rows tied")
    assert "tied" not in shown(result("wine"))


def test_the_interval_names_the_confidence_asked_for() -> None:
    cancer = result("cancer")
    text = shown(replace(cancer, settings=replace(cancer.settings, confidence=0.999)))
    assert "99.9 % interval" in headings(text)
    assert "95 %" not in text


def test_an_infinite_loss_is_inf_what_is_undefined_is_not_available_and_the_infinite_class_comes_first() -> None:
    text = shown(result("infinite"))
    assert "log loss  inf nats  95 % interval n/a  standard error n/a" in text
    assert "skill     -inf " in text
    first, *_, last = class_lines(text)
    assert words(first).startswith("nine 81 10.0 9.7 inf n/a n/a n/a 0.639")
    assert words(last) == "all classes 809 100.0 100.0 inf 0.745 95.6"
    rest = class_lines(shown(result("infinite"), sort="name", top=3))
    assert words(rest[3]).startswith("7 more classes 567 70.1 69.7 inf 0.762 95.5")


def test_a_class_without_rows_is_undefined_not_zero() -> None:
    names = ("loss", "loss_se", "loss_low", "loss_high", "loss_share", "loss_ratio", "label_probability")
    nothing: dict[str, Any] = dict.fromkeys(names)
    cancer = result("cancer")
    empty = replace(cancer.classes[0], rows=0, weight=0.0, weight_share=0.0, recall=None, precision=None)
    empty = replace(empty, **nothing)
    changed = replace(cancer, classes=(empty, cancer.classes[1]))
    lines = class_lines(shown(changed))
    assert words(lines[0]).startswith("malignant 212")
    assert words(lines[1]) == "benign 0 0.0 62.9 n/a n/a n/a n/a n/a n/a n/a"
    # As the rest: 0 rows, and nothing that could be a mean.
    assert words(class_lines(shown(changed, top=1))[1]) == "1 more class 0 0.0 62.9"


def test_a_perfect_prediction_costs_zero_and_has_no_shares() -> None:
    cancer = result("cancer")
    classes = tuple(
        replace(entry, loss=0.0, loss_low=0.0, loss_high=0.0, loss_share=None, loss_ratio=None)
        for entry in cancer.classes
    )
    whole = replace(cancer.overall, loss=0.0, loss_se=0.0, loss_low=0.0, loss_high=0.0, skill=1.0, accuracy=1.0)
    text = shown(replace(cancer, classes=classes, overall=whole))
    assert "log loss 0 nats 95 % interval 0 … 0 standard error 0" in words(text)
    assert "accuracy  100.00 %" in text
    assert "skill     1 " in text
    assert "━" not in text.replace("─", "")
    assert words(class_lines(text)[-1]) == "all classes 569 100.0 100.0 0 0 … 0 0.956 100.0"


def test_undefined_overall_figures_are_not_available() -> None:
    cancer = result("cancer")
    names = ("loss", "loss_se", "loss_low", "loss_high", "skill", "skill_low", "skill_high", "accuracy", "brier")
    nothing: dict[str, Any] = dict.fromkeys(names)
    whole = replace(cancer.overall, **nothing, macro_loss=None)
    classes = tuple(replace(entry, loss=None, loss_share=None, loss_low=None) for entry in cancer.classes)
    text = shown(replace(cancer, overall=whole, classes=classes))
    assert "log loss  n/a nats  95 % interval n/a  standard error n/a" in text
    assert "accuracy  n/a " in text
    assert "Not listed" not in shown(replace(cancer, overall=whole, classes=classes), top=1)


def test_clipped_rows_have_a_column_only_where_there_are_any() -> None:
    assert headings(shown(result("forest")))[-1] == "clipped"
    assert words(class_lines(shown(result("forest")))[-1]).endswith(" 95.6 1")
    assert "clipped" not in headings(shown(result("cancer")))


def test_a_warning_is_in_plain_words_and_says_where_it_begins() -> None:
    text = shown(result("forest"))
    assert re.search(r"^warning: 1 row gives the label less than 2.22e-16 .* In record 750 of .*csv\.$", text, re.M)


def test_the_first_places_of_a_warning_are_listed_by_file() -> None:
    first = (Found("a.csv", 3), Found("a.csv", 17), Found("b\x1b.csv", 20))
    changed = replace(result("cancer"), warnings=(Warned("w", "Something.", 9, first), Warned("v", "Nowhere.")))
    text = shown(changed)
    assert "\nwarning: Something. First in records 3, 17 of a.csv; record 20 of b\\x1b.csv.\n" in text
    assert "\nwarning: Nowhere.\n" in text


def test_warnings_are_wrapped_between_words_and_never_inside_a_number() -> None:
    message = " ".join(["123456.789 12.5 % of"] * 20)
    changed = replace(result("cancer"), warnings=(Warned("w", message),))
    for width in WIDTHS:
        lines = shown(changed, width).splitlines()
        start = next(at for at, line in enumerate(lines) if line.startswith("warning:"))
        wrapped = lines[start : lines.index("", start)]
        assert words(" ".join(wrapped)) == "warning: " + message
        assert not any(re.match(r" *%", line) for line in wrapped)


def test_a_word_that_is_too_long_is_folded_whole() -> None:
    word = "漢" * 100
    changed = replace(result("cancer"), warnings=(Warned("w", f"The class '{word}'."),))
    text = shown(changed, 41)
    assert word in text.replace("\n  ", "")
    assert max(cell_len(line) for line in text.splitlines()) <= 41


def test_the_last_line_says_what_intervals_do_not_cover() -> None:
    last = shown(result("forest")).splitlines()[-1]
    assert "not retraining, wrong labels or drift." in last
    assert "effective rows" not in last
    few = replace(
        result("wine"), classes=tuple(replace(c, loss_low=None, loss_high=None) for c in result("wine").classes)
    )
    assert shown(few).splitlines()[-1].endswith("There are none below 10 effective rows.")
    assert "effective rows" not in shown(result("infinite")).splitlines()[-1]
