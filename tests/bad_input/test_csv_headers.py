"""First lines that are no header, or not the only one: preambles, second headers, data, a second table."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import BLANK_HINT, LABEL_HINT, NUMBER_HINT, bad, bad_labels, both, width
from files import LABELS, PREDICTIONS
from tables import Case, P, Y, cases, place, refused

HEADER_HINT = (
    "\n  Is there no header? Else give the columns names that are no numbers and no classes.\n  Try --no-header"
)
LABELS_HEADER_HINT = HEADER_HINT.replace("--no", "--labels-no")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@cases(
    bad("CD9-preamble", "# made by me\n" + PREDICTIONS, width(place(P, 1), 2, "cat,dog", "# made by me")),
    bad(
        "CD9-preamble-of-two-cells",
        "# a,b\n" + PREDICTIONS,
        f"{place(P, 1, '# a')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad("CD9-comment", "cat,dog\n0.7,0.3\n# c\n0.2,0.8\n", width(place(P, 2), 1, "# c", "cat,dog")),
    bad("CD9-comment-at-the-end", PREDICTIONS + "# end\n", width(place(P, 3), 1, "# end", "cat,dog")),
    bad_labels(
        "CD9-labels",
        "label\n# c\ncat\ndog\n",
        f"{place(Y, 1, 'label')}: the label '# c' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    bad(
        "CD10",
        "p,q\ncat,dog\n0.7,0.3\n0.2,0.8\n",
        f"{place(P, 1, 'p')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD10-three",
        "p,q\ncat,dog\nx,y\n0.7,0.3\n",
        f"{place(P, 1, 'p')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD10-pandas",
        "class,class\ncat,dog\n0.7,0.3\n",
        "p.csv, line 1: two columns are called 'class'\n  Rename one of them.",
    ),
    bad(
        "CD10-units",
        "cat,dog\n%,%\n0.7,0.3\n",
        f"{place(P, 1, 'cat')}: '%' is not a number\n  Probabilities are numbers from 0 to 1: write 0.5, not 50%.",
    ),
    bad_labels(
        "CD10-labels",
        "label\nlabel\ncat\n",
        f"{place(Y, 1, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    *(
        bad(f"CD11-{name}", text, f"p.csv, line 1: the first row looks like data: {shown}{HEADER_HINT}")
        for name, text, shown in [
            ("predictions", "0.7,0.3\n0.2,0.8\n", "'0.7', '0.3'"),
            ("exponents", "7e-1,3e-1\n0.2,0.8\n", "'7e-1', '3e-1'"),
            ("beside-an-id", "id1,0.7,0.3\nid2,0.2,0.8\n", "'0.7', '0.3'"),
            ("one-column", "0.7\n0.2\n", "'0.7'"),
            ("one-column-as-long", "0.7\n0.2\n0.4\n", "'0.7'"),
            (
                "many",
                "0.1,0.2,0.3,0.15,0.25,0\n0.1,0.2,0.3,0.15,0.25,0\n",
                "'0.1', '0.2', '0.3', '0.15', '0.25' and 1 more",
            ),
        ]
    ),
    bad(
        "CD11-same-numbers",
        "0.5,0.5\n0.2,0.8\n",
        "p.csv, line 1: the first row looks like data: '0.5', '0.5'\n  Is there no header?\n  Try --no-header",
    ),
    *(
        bad_labels(
            f"CD11-labels-{name}", text, f"y.csv, line 1: the first row looks like data: '{shown}'{LABELS_HEADER_HINT}"
        )
        for name, text, shown in [
            ("class", "cat\ndog\n", "cat"),
            ("class-as-long", "cat\ncat\ndog\n", "cat"),
            ("quoted", '"cat"\n"dog"\n', "cat"),
            ("number", "0\n1\n", "0"),
        ]
    ),
    bad(
        "CD12",
        PREDICTIONS + PREDICTIONS,
        f"{place(P, 3, 'cat')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD12-after-a-blank-line",
        PREDICTIONS + "\n" + PREDICTIONS,
        f"{place(P, 3)}: the line is blank{BLANK_HINT}",
    ),
    Case(
        "CD12-labels",
        PREDICTIONS + "0.5,0.5\n" * 3,
        LABELS + LABELS,
        f"{place(Y, 3, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    both(
        "CD12-one-file",
        "label,cat,dog\ncat,0.7,0.3\nlabel,cat,dog\ncat,0.7,0.3\n",
        f"{place(P, 2, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)
