"""Random names of classes, of the kinds that taxonomies, digits and prose have, and what they are wrapped in."""

from __future__ import annotations

from random import Random

WORDS = ("cat", "dog", "emu", "fox", "gnu", "hen", "tram", "bus", "Sports", "World", "émeu", "Ötzi")
STEMS = ("street", "not", "p", "prob", "SEX", "x", "type A", "street_corner")
TAILS = ("a", "b", "pedestrian", "traffic", "constructive", "real", "OFFENSES", "x", "1", "2")
ODD = (
    "Washington, D.C.",
    "a=b",
    "a=b=c",
    'say "hi"',
    '"quoted"',
    "it's",
    "x (y)",
    "(z)",
    "not a real question",
    "Sci/Tech",
    "R&D",
    "$5",
    "50%",
    "#1",
    "a;b",
    "back\\slash",
    "-1",
    "--help",
    "New York",
    "<none>",
    "well-known",
    "a|b",
    "~",
    "tick`s",
    "open",
)

ANY_WRAPS = (
    ("", ""),
    ("", ""),
    ("", ""),
    ("p_", ""),
    ("prob_", ""),
    ("p.", ""),
    ("", "_prob"),
    ("", " score"),
    ("P (kind=", ")"),
    ("confidence(", ")"),
    ("Probability:Class=", ""),
    ('Score "', '"'),
    ("m/2-", "_x"),
    ("[", "]"),
    ("P, ", ""),
    ("street_", ""),
)
DIGIT_WRAPS = (*ANY_WRAPS, ("p", ""), ("X", "Prob"), ("class", ""), ("", "p"))
WRAPS = {"any": ANY_WRAPS, "digits": DIGIT_WRAPS}


def random_classes(rng: Random, by_index: bool) -> list[str]:
    """Return two to six different names; where labels are indices, such as cannot be taken for them."""
    while True:
        names = _some_names(rng)
        distinct = len(set(names)) == len(names) >= 2
        if distinct and not (by_index and any(char.isdigit() for name in names for char in name)):
            return names


def wrapped(prefix: str, name: str, suffix: str) -> str:
    """Return the name of the column of a class.

    >>> wrapped("P (kind=", "cat", ")")
    'P (kind=cat)'
    """
    return prefix + name + suffix


def _some_names(rng: Random) -> list[str]:
    size = rng.randint(2, 6)
    style = rng.choice(("words", "digits", "digits", "taxonomy", "taxonomy", "nested", "odd", "odd", "tokens"))
    if style == "words":
        return rng.sample(WORDS, size)
    if style == "digits":
        start = rng.choice((0, 0, 1, 9))
        width = rng.choice((1, 1, 2))
        return [str(start + k).zfill(width) for k in range(size)]
    if style == "taxonomy":
        return [_branch(rng) for _ in range(size)]
    if style == "nested":
        return _nested(rng, size)
    if style == "odd":
        return rng.sample(ODD, size)
    return ["_".join(rng.choice("abx") for _ in range(rng.randint(1, 3))) for _ in range(size)]


def _branch(rng: Random) -> str:
    """Return a stem and a tail, or either of them."""
    joint = rng.choice(("_", "_", " ", "-", "."))
    shape = rng.random()
    if shape < 0.15:
        return rng.choice(STEMS)
    if shape < 0.3:
        return rng.choice(TAILS[:7])
    return rng.choice(STEMS) + joint + rng.choice(TAILS)


def _nested(rng: Random, size: int) -> list[str]:
    """Return names of which each begins or ends with an earlier one."""
    names = [rng.choice(WORDS)]
    while len(names) < size:
        base, more = rng.choice(names), rng.choice(("_2", "fish", " black", "-x", ".a", "_cat"))
        grown = base + more if rng.random() < 0.7 else more.strip("_-. ") + "_" + base
        if grown not in names:
            names.append(grown)
    return names
