"""What people run that an option would settle: columns without names, columns that count, labels that are places."""

from __future__ import annotations

from both_ways import lines
from hint_table import INDEX, LOGITS, SCORES, TWO, Slip, pair

HEADLESS = ("--no-header",)
ZERO_ONE = lines("0", "1")

NO_NAMES = (
    Slip("id-of-logits", pair(lines("7,1.5,.5", "9,.25,1.25"), ZERO_ONE), (*HEADLESS, *LOGITS), SCORES),
    Slip(
        "id-of-logits-by-index", pair(lines("7,1.5,.5", "9,.25,1.25"), ZERO_ONE), (*HEADLESS, *LOGITS, *INDEX), SCORES
    ),
    Slip(
        "id-in-one-file", {"p.csv": lines("7,1.5,.5,0", "9,.25,1.25,1")}, (*HEADLESS, *LOGITS, "--label", "4"), SCORES
    ),
    Slip("predicted-label-after", pair(lines("1.5,.5,0", ".25,1.25,1"), ZERO_ONE), (*HEADLESS, *LOGITS), SCORES),
    Slip("id-of-probabilities", pair(lines("0,.75,.25", "1,.5,.5"), ZERO_ONE), HEADLESS, TWO),
    Slip("id-renormalized", pair(lines("0,.75,.25", "1,.5,.5"), ZERO_ONE), (*HEADLESS, "--renormalize"), TWO),
    Slip("text-of-probabilities", pair(lines("x,.75,.25", "y,.5,.5"), ZERO_ONE), HEADLESS, TWO),
    Slip("text-of-logits", pair(lines("x,1.5,.5", "y,.25,1.25"), ZERO_ONE), (*HEADLESS, *LOGITS), SCORES),
)

PLAIN = pair(lines("dog,cat", ".25,.75", ".5,.5"), lines("label", "0", "1"))

COUNTED = (
    Slip("from-1", pair(lines("2,1", ".25,.75", ".5,.5")), ("--classes", "cat,dog"), TWO),
    Slip("the-other-way", pair(lines("p_1,p_0", ".75,.25", ".5,.5")), ("--classes", "cat,dog"), TWO),
    Slip("by-a-pattern", pair(lines("p_1,p_0", ".25,.75", ".5,.5")), ("--classes", "cat,dog", "--pred", "p_*"), TWO),
    Slip("index-in-the-order-of-pred", PLAIN, (*INDEX, "--pred", "cat,dog"), TWO),
    Slip("index-of-classes-in-the-order-of-pred", PLAIN, (*INDEX, "--pred", "cat,dog", "--classes", "a,b"), TWO),
)
