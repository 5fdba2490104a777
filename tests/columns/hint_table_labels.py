"""What people run that an option would settle: labels, classes, headers, and names that are hard to type."""

from __future__ import annotations

from math import log

import pyarrow as pa
from both_ways import lines
from hint_table import CAT_DOG, INDEX, LOGITS, SCORES, TWO, Slip, beside, pair

PLAIN = lines("cat,dog", ".75,.25", ".5,.5")
THREE = -(log(0.75) + 2 * log(0.5)) / 3
BINARY = lines("label", "0", "1")
# Of 0.25 for the negative class and 0.5 for the positive one.
ONE_COLUMN = -(log(0.75) + log(0.5)) / 2

LABELS = (
    Slip("another-column-matches", pair(PLAIN, lines("label,kind", "x,cat", "y,dog")), (), TWO),
    Slip(
        "another-column-matches-in-one-file",
        {"p.csv": lines("p_cat,p_dog,label,kind", ".75,.25,x,cat", ".5,.5,y,dog")},
        (),
        TWO,
    ),
    Slip("two-usual-names", pair(PLAIN, lines("y,label", "cat,4", "dog,5")), (), TWO),
    Slip("no-usual-name", pair(PLAIN, lines("a,kind", "4,cat", "5,dog")), (), TWO),
    Slip("no-label-in-one-file", {"p.csv": lines("p_cat,p_dog,kind", ".75,.25,cat", ".5,.5,dog")}, (), TWO),
    Slip(
        "missing",
        pair(lines("cat,dog", ".75,.25", ".1,.9", ".5,.5"), lines("id,label", "1,cat", "2,", "3,dog")),
        (),
        TWO,
    ),
    Slip(
        "missing-and-zeros",
        pair(lines("0,1", ".75,.25", ".1,.9", ".5,.5"), lines("id,label", "1,0.0", "2,", "3,1.0")),
        (),
        TWO,
    ),
    Slip(
        "missing-in-the-last-line-of-one-column",
        pair(lines("cat,dog", ".75,.25", ".5,.5", ".1,.9"), lines("label", "cat", "dog", "")),
        (),
        TWO,
    ),
    Slip(
        "unknown",
        pair(PLAIN, lines("label", "cat", "emu")),
        why="whether emu is wrong or lacks a column, only its owner knows",
    ),
    Slip(
        "keys-in-another-spelling",
        {
            "p.csv": lines("id,cat,dog", "01,.75,.25", "02,.1,.9", "10,.5,.5"),
            "y.csv": lines("id,label", "1,cat", "2,dog", "10,dog"),
        },
        ("--on", "id"),
        why="rows whose keys differ in zeros belong together, and --unmatched drop would score the third alone",
    ),
    Slip(
        "keys-in-another-spelling-left-out-of-predictions",
        {"p.csv": lines("id,cat,dog", "A,.75,.25", "b,.5,.5"), "y.csv": lines("id,label", "a,cat", "b,dog")},
        ("--on", "id", "--unmatched", "drop-predictions"),
        why="the row of LABELS that has no prediction has one, in another letter case",
    ),
    Slip(
        "several-endings-of-zeros",
        pair(lines("0,1", ".75,.25", ".5,.5"), lines("label", "0.0", "1.00")),
        (),
        TWO,
    ),
    Slip(
        "copy-of-labels",
        {"a.csv": lines("id,y", "1,1", "2,0"), "b.csv": lines("id,y", "1,1", "2,0")},
        ("--on", "id", "--label", "y"),
    ),
)

INDICES = (
    Slip("index", pair(PLAIN, BINARY), (), TWO),
    Slip("index-with-zeros", pair(PLAIN, lines("label", "0.0", "1.0")), (), TWO),
    Slip("index-order", pair(lines("dog,cat", ".75,.25", ".5,.5"), BINARY), INDEX, TWO),
    Slip("index-order-not-told", pair(lines("dog,cat", ".75,.25", ".5,.5"), BINARY), (), TWO),
    Slip("index-order-within-a-wrap", pair(lines("p_dog,p_cat", ".75,.25", ".5,.5"), BINARY), INDEX, TWO),
    Slip("index-order-and-an-id", pair(lines("id,dog,cat", "7,.75,.25", "9,.5,.5"), BINARY), INDEX, TWO),
    Slip("index-beside-text", pair(lines("cat,dog,note", ".75,.25,x", ".5,.5,y"), BINARY), INDEX, TWO),
    Slip("list-that-reorders", pair(PLAIN, lines("label", "dog", "cat")), ("--classes", "dog,cat"), TWO),
    Slip(
        "list-that-reorders-within-a-wrap",
        pair(lines("s.0,s.1", ".75,.25", ".5,.5"), lines("label", "1", "0")),
        ("--classes", "1,0"),
        TWO,
    ),
)

SPELLING = (
    Slip("in-other-case", pair(PLAIN, lines("label", "Cat", "Dog")), (), TWO),
    Slip("spaces", pair(PLAIN, lines("label", " cat", "dog ")), (), TWO),
    Slip("apostrophes", pair(PLAIN, lines("label", "'cat'", "'dog'")), (), TWO),
    Slip("one-of-them", pair(PLAIN, lines("label", "CAT", "dog")), (), TWO),
    Slip("within-a-wrap", pair(lines("p_cat,p_dog", ".75,.25", ".5,.5"), lines("label", "Cat", "Dog")), (), TWO),
    Slip("beside-an-id", pair(lines("id,cat,dog", "7,.75,.25", "8,.5,.5"), lines("label", "Cat", "Dog")), (), TWO),
    Slip(
        "logits-beside-others",
        pair(lines("cat,dog,margin", "1.5,.5,.75", ".25,1.25,.5"), lines("label", "Cat", "Dog")),
        LOGITS,
        why="with --classes nothing would ask whether margin, which no label names, is a class",
    ),
    Slip(
        "logits-in-other-case",
        pair(lines("cat,dog", "1.5,.5", ".25,1.25"), lines("label", "Cat", "Dog")),
        LOGITS,
        SCORES,
    ),
    Slip("leading-zeros", pair(lines("p_1,p_2", ".75,.25", ".5,.5"), lines("label", "01", "02")), (), TWO),
    Slip(
        "one-that-is-ignored",
        pair(lines("cat,dog", ".75,.25", ".1,.9", ".5,.5"), lines("label", "Cat", "NA", "Dog")),
        ("--ignore", "NA"),
        TWO,
    ),
    Slip(
        "more-than-are-shown",
        pair(
            lines("a,b,c,d,e,f,g", *([".5,.5,0,0,0,0,0"] * 2), *(["0,0,.5,0,0,0,.5"] * 5)),
            lines("label", "A", "B", "C", "G", "C", "G", "C"),
        ),
        ("--pred", "a,b,c,d,e,f,g"),
        log(2),
    ),
    Slip(
        "two-spellings-of-one-class",
        pair(lines("cat,dog", ".75,.25", ".5,.5"), lines("label", "Cat", "CAT")),
        why="one class cannot be called two things, so the file is to be mended",
    ),
)

LISTED = {"p.parquet": pa.table({"p": [[0.75, 0.25], [0.5, 0.5]]})}
WITHOUT_NAMES = (
    Slip("list", {**LISTED, "y.csv": CAT_DOG}, (), TWO),
    Slip("list-in-other-order", {**LISTED, "y.csv": lines("label", "dog", "cat")}, (), TWO),
    Slip(
        "list-in-one-file", {"p.jsonl": lines('{"p":[0.75,0.25],"label":"a"}', '{"p":[0.5,0.5],"label":"b"}')}, (), TWO
    ),
    Slip("no-header", pair(lines(".75,.25", ".5,.5"), CAT_DOG), ("--no-header", "--labels-header"), TWO),
    Slip("too-few-labels", {**LISTED, "y.csv": lines("label", "cat", "cat")}, (), why="what the other class is called"),
    Slip("no-header-in-one-file", {"p.csv": lines(".75,.25,cat", ".5,.5,dog", ".5,.5,dog")}, (), THREE),
    Slip("no-header-in-labels", pair(lines("y,n", ".75,.25", ".5,.5", ".5,.5"), lines("y", "n", "y")), (), THREE),
    Slip("classes-beside-an-id", pair(lines("id,x,y", "7,.75,.25", "8,.5,.5")), ("--classes", "cat,dog"), TWO),
)

# Of .5,.5 against .75,.25 and 0,1 against .5,.5.
SOFT = (-(log(0.75) + log(0.25)) / 2 + log(2)) / 2
P_SOFT, Y_SOFT = ((".75,.25", ".5,.5"), (".5,.5", "0,1"))
BESIDE = [f"{one},{other}" for one, other in zip(P_SOFT, Y_SOFT, strict=True)]
DISTRIBUTIONS = (
    Slip("one-hot", pair(lines("p_cat,p_dog", ".75,.25", ".5,.5"), lines("y_cat,y_dog", "1,0", "0,1")), (), TWO),
    Slip("soft", pair(lines("p_cat,p_dog", *P_SOFT), lines("y_cat,y_dog", *Y_SOFT)), (), SOFT),
    Slip("soft-called-alike", pair(lines("cat,dog", *P_SOFT), lines("cat,dog", *Y_SOFT)), (), SOFT),
    Slip("soft-with-an-id", pair(lines("cat,dog", *P_SOFT), lines("id,cat,dog", "7,.5,.5", "8,0,1")), (), SOFT),
    Slip("soft-in-one-file", {"p.csv": lines("p_cat,p_dog,y_cat,y_dog", *BESIDE)}, (), SOFT),
    Slip("soft-in-one-file-plain", {"p.csv": lines("p_cat,p_dog,cat,dog", *BESIDE)}, (), SOFT),
    Slip("one-hot-in-one-file", {"p.csv": lines("q_a,q_b,p_a,p_b", "1,0,.75,.25", "0,1,.5,.5")}, (), TWO),
    Slip("suffixes-in-one-file", {"p.csv": lines("a_true,b_true,a_p,b_p", ".5,.5,.75,.25", "0,1,.5,.5")}, (), SOFT),
    Slip(
        "list-beside-an-id",
        {
            "p.csv": lines("id,cat,dog", "7,.75,.25", "8,.5,.5"),
            "y.parquet": pa.table({"label": [[0.5, 0.5], [0.0, 1.0]]}),
        },
        (),
        SOFT,
    ),
)

SINGLE = (
    Slip("positive-not-known", pair(lines("score", ".25", ".5"), lines("label", "ham", "spam")), (), ONE_COLUMN),
    Slip("positive-contradicted", pair(lines("p_0", ".75", ".5"), BINARY), (), ONE_COLUMN),
    Slip("one-beside-an-id", pair(lines("id,p_sick", "7,.25", "9,.5"), lines("label", "well", "sick")), (), ONE_COLUMN),
    Slip("one-of-1-beside-a-fold", pair(lines("score,fold", ".25,7", ".5,9"), BINARY), (), ONE_COLUMN),
    Slip("one-and-no-label", pair(lines("p_1", ".75", ".5", ".5"), lines("label", "1", "0", "NA")), (), ONE_COLUMN),
)

FILES = (
    Slip("tabs", pair(PLAIN.replace(",", "\t")), (), TWO),
    Slip("semicolons", pair(PLAIN.replace(",", ";")), (), TWO),
    Slip("bars", pair(PLAIN.replace(",", "|")), (), TWO),
    Slip("semicolons-in-labels", pair(PLAIN, lines("id;label", "1;cat", "2;dog")), (), TWO),
    Slip("no-header", pair(lines(".75,.25", ".5,.5"), lines("0", "1")), (), TWO),
    Slip("header-in-labels", pair(lines(".75,.25", ".5,.5"), BINARY), ("--no-header",), TWO),
)

HARD = (
    "Washington, D.C.",
    "two words",
    "$HOME",
    "it's",
    'say "hi"',
    '"quoted"',
    "back\\slash",
    "line\nbreak",
    "tab\there",
    "`id`",
    "!bang",
    "*",
    "a=b",
    "-n",
    "--help",
    "~",
    "émeu",
    "\u202egnu",
    "@file",
    "a;b&c|d>e",
    " padded ",
    "[x]",
    "#7",
)
NAMES = (
    *(Slip(f"class {name!r}", beside("id", "cat", name), LOGITS, SCORES) for name in HARD),
    *(Slip(f"column {name!r}", beside(name), LOGITS, SCORES) for name in HARD),
    Slip(
        "label column",
        pair(lines("cat,dog", ".75,.25", ".5,.5"), lines('label,"the kind, really"', "x,cat", "y,dog")),
        (),
        TWO,
    ),
    Slip("index order", pair(lines('"b, c",$a', ".75,.25", ".5,.5"), BINARY), INDEX, TWO),
    Slip("labels alone", pair(lines("score", ".25", ".5"), lines("label", '"h, m"', "it's")), (), ONE_COLUMN),
    Slip(
        "pattern",
        pair(lines("p id,p cat,p dog", "7,1.5,.5", "9,.25,1.25"), CAT_DOG),
        (*LOGITS, "--pred", "p *"),
        SCORES,
    ),
)
