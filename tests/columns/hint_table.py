"""What people run that an option would settle: files, the command, and the number that they were after."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import pyarrow as pa
from both_ways import Content, lines


@dataclass(frozen=True)
class Slip:
    """A command that is refused; `loss` is what was meant, None where no option leads to it: `why` says why none is
    offered at all.
    """

    id: str
    files: dict[str, Content]
    options: tuple[str, ...] = ()
    loss: float | None = None
    why: str = ""


CAT_DOG = lines("label", "cat", "dog")
TWO = -(log(0.75) + log(0.5)) / 2
LOGITS = ("--input", "logits")
INDEX = ("--label-kind", "index")
# Of the logits 1.5, 0.5 for the first class and 0.25, 1.25 for the second.
SCORES = log(1 + exp(-1.0))


def pair(predictions: str, labels: str = CAT_DOG) -> dict[str, Content]:
    """Return two CSV files."""
    return {"p.csv": predictions, "y.csv": labels}


def columns(**held: object) -> dict[str, Content]:
    """Return predictions as Parquet beside labels as CSV."""
    return {"p.parquet": pa.table(held), "y.csv": CAT_DOG}


def beside(name: str, first: str = "cat", second: str = "dog") -> dict[str, Content]:
    """Return logits beside whole numbers, with names that are quoted where CSV wants it."""
    header = ",".join('"' + text.replace('"', '""') + '"' for text in (name, first, second))
    labels = lines("label", *('"' + text.replace('"', '""') + '"' for text in (first, second)))
    return pair(lines(header, "7,1.5,0.5", "9,0.25,1.25"), labels)


COLUMNS = (
    Slip(
        "text",
        {"p.csv": lines("obs,pred,VF,F", "VF,VF,.75,.25", "F,F,.5,.5")},
        ("--label", "obs"),
        TWO,
    ),
    Slip("text-and-ids", pair(lines("id,note,cat,dog", "7,x,1.5,0.5", "9,y,0.25,1.25")), LOGITS, SCORES),
    Slip("text-in-a-pattern", pair(lines("note,cat,dog", "x,.75,.25", "y,.5,.5")), ("--pred", "*"), TWO),
    Slip("text-in-parquet", columns(cat=[0.75, 0.5], dog=[0.25, 0.5], note=["x", "y"]), (), TWO),
    Slip("list-beside-scalars", columns(cat=[0.75, 0.5], dog=[0.25, 0.5], e=[[1.5], [2.5]]), (), TWO),
    Slip(
        "list-named-beside-scalars",
        columns(cat=[0.75, 0.5], dog=[0.25, 0.5], e=[[1.5], [2.5]]),
        ("--pred", "cat,dog,e"),
        TWO,
    ),
    Slip("id", beside("id"), LOGITS, SCORES),
    Slip("fold-in-one-file", {"p.csv": lines("cat,dog,fold,label", "1.5,.5,1,cat", ".25,1.25,2,dog")}, LOGITS, SCORES),
    Slip(
        "id-in-a-pattern", pair(lines("p_id,p_cat,p_dog", "7,1.5,.5", "9,.25,1.25")), (*LOGITS, "--pred", "p_*"), SCORES
    ),
    Slip("booleans-in-parquet", columns(cat=[1.5, 0.25], dog=[0.5, 1.25], hit=[True, False]), LOGITS, SCORES),
    Slip(
        "id-by-index",
        pair(lines("id,cat,dog", "7,1.5,.5", "9,.25,1.25"), lines("label", "0", "1")),
        (*LOGITS, *INDEX),
        SCORES,
    ),
    Slip("unnamed-first", pair(lines(",cat,dog", "0,.75,.25", "1,.5,.5")), (), TWO),
    Slip("unnamed-last", pair(lines("cat,dog,", ".75,.25,", ".5,.5,")), (), TWO),
    Slip("unnamed-in-parquet", columns(cat=[0.75, 0.5], dog=[0.25, 0.5], __index_level_0__=[4, 5]), (), TWO),
    Slip("one-hot-beside", pair(lines("cat,dog,p_cat,p_dog", "1,0,.75,.25", "0,1,.5,.5")), (), TWO),
    Slip("one-hot-beside-logits", pair(lines("cat,dog,p_cat,p_dog", "1,0,1.5,.5", "0,1,.25,1.25")), LOGITS, SCORES),
    Slip("another-model-after", pair(lines("p_cat,p_dog,q_cat,q_dog", ".75,.25,.6,.4", ".5,.5,.1,.9")), (), TWO),
    Slip("another-model-before", pair(lines("p_cat,p_dog,q_cat,q_dog", ".6,.4,.75,.25", ".1,.9,.5,.5")), (), TWO),
    Slip("another-model-wrapped", pair(lines("old_cat,cat,old_dog,dog", ".6,.75,.4,.25", ".1,.5,.9,.5")), (), TWO),
    Slip(
        "another-model-of-logits",
        pair(lines("old_cat,cat,old_dog,dog", ".6,1.5,.4,.5", ".1,.25,.9,1.25")),
        LOGITS,
        SCORES,
    ),
)

SUMS = (
    Slip("predicted-label", pair(lines("0,1,predicted", ".75,.25,1", ".5,.5,1"), lines("label", "0", "1")), (), TWO),
    Slip("confidence", pair(lines("cat,dog,conf", ".75,.25,.75", ".5,.5,.5")), (), TWO),
    Slip("confidence-renormalized", pair(lines("cat,dog,conf", ".75,.25,.75", ".5,.5,.5")), ("--renormalize",), TWO),
    Slip("confidence-and-entropy", pair(lines("h,cat,dog,conf", ".6,.75,.25,.75", ".7,.5,.5,.5")), (), TWO),
    Slip("margin-beyond-1", pair(lines("cat,dog,margin", ".75,.25,3.5", ".5,.5,2.5")), (), TWO),
    Slip("negative-margin", pair(lines("margin,cat,dog", "-3.5,.75,.25", "2.5,.5,.5")), (), TWO),
    Slip("within-a-wrap", pair(lines("p_cat,p_dog,p_value", ".75,.25,.05", ".5,.5,.5")), (), TWO),
    Slip("named-too-many", pair(lines("cat,dog,conf", ".75,.25,.75", ".5,.5,.5")), ("--pred", "cat,dog,conf"), TWO),
    Slip("percent", pair(lines("cat,dog", "75,25", "50,50")), why="nothing divides by 100 but who writes the file"),
)

VALUES = (
    Slip("logits", pair(lines("cat,dog", "1.5,-.5", "-.25,.75")), (), (log(1 + exp(-2)) + log(1 + exp(-1))) / 2),
    Slip("logits-above-1", pair(lines("cat,dog", "1.5,0.5", "0.25,1.25")), (), SCORES),
    Slip(
        "log-probabilities",
        pair(lines("cat,dog", f"{log(0.75)!r},{log(0.25)!r}", f"{log(0.5)!r},{log(0.5)!r}")),
        (),
        TWO,
    ),
    Slip("probabilities-as-logprobs", pair(lines("cat,dog", ".75,.25", ".5,.5")), ("--input", "logprobs"), TWO),
    Slip("logits-as-logprobs", pair(lines("cat,dog", "1.5,0.5", "0.25,1.25")), ("--input", "logprobs"), SCORES),
    Slip("decimal-comma", pair("cat;dog\n0,75;0,25\n0,5;0,5\n"), (), TWO),
)
