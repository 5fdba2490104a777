"""Answers that other projects publish.

Every one names where it was published. Its expected value is written as arithmetic that a reader can redo,
next to the digits as published (or as the tool named there prints them).
"""

import math
import statistics

from oracles import LN2, Figure, entropy, ln, logit_loss, mean, oracle, weighted_mean

SPAM = [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]
SPAM_LOSSES = [-ln(0.9), -ln(0.9), -ln(0.8), -ln(0.65)]
SPAM_WEIGHTS = [1.0, 2.0, 3.0, 4.0]
SPAM_MEAN = weighted_mean(SPAM_LOSSES, SPAM_WEIGHTS)
SPAM_RESIDUALS = [w * (loss - SPAM_MEAN) for w, loss in zip(SPAM_WEIGHTS, SPAM_LOSSES, strict=True)]
SPAM_SQUARES = math.fsum(residual**2 for residual in SPAM_RESIDUALS)
KAGGLE = [[0.5, 0.5], [0.1, 0.9], [0.01, 0.99], [0.9, 0.1], [0.75, 0.25], [0.001, 0.999]]
D2 = [[0.5, 0.5], [0.9, 0.1], [0.4, 0.6], [0.6, 0.4], [0.35, 0.65], [0.01, 0.99]]
D2_LOSSES = [-ln(0.5), -ln(0.9), -ln(0.4), -ln(0.4), -ln(0.65), -ln(0.99)]
D2_WEIGHTS = [2.0, 1.0, 3.0, 4.0, 3.0, 1.0]
HALF_SUMS = [[0.2, 0.3], [0.2, 0.3]]
HARD = [[0, 1], [0, 1], [1, 0], [1, 0]]
TORCH: list[list[float]] = [[2, 1, 0.1], [0.5, 2, 0.3], [0.1, 0.2, 3], [1, 1, 1]]
TORCH_LOSSES = [logit_loss(TORCH[i], label) for i, label in enumerate((0, 1, 2, 0))]
LABEL_SHARES = [[0.5, 0.25, 0.25]] * 4
SURE = [[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.01, 0.98]]

ORACLES = [
    oracle(
        "W0",
        "textbook",
        "A B C",
        [[0.7, 0.2, 0.1]],
        "A",
        expected={"overall/loss": Figure(-ln(0.7), "0.356674943938732"), "classes/B/loss": None},
    ),
    oracle(
        "W1",
        "PyTorch tutorial",
        "cat dog owl",
        [[2.0, 1.0, 0.1]],
        "0",
        expected={"overall/loss": Figure(ln(1 + math.exp(-1) + math.exp(-1.9)), "0.41703001627783")},
        input="logits",
        label_kind="index",
    ),
    oracle(
        "O1",
        "scikit-learn, documentation of log_loss",
        "p_ham p_spam",
        SPAM,
        "spam ham ham spam",
        expected={
            "overall/loss": Figure(-ln(0.9 * 0.9 * 0.8 * 0.65) / 4, "0.216161874680579"),
            "overall/loss_sum": Figure(-ln(0.9 * 0.9 * 0.8 * 0.65), "0.864647498722317"),
            "overall/loss_se": Figure(statistics.stdev(SPAM_LOSSES) / 2, "0.076738092207582"),
            "overall/loss_low": None,  # four rows are too few for an interval
            "overall/effective_rows": Figure(4),
            "classes/ham/loss": Figure(-ln(0.9 * 0.8) / 2),
            "classes/spam/loss": Figure(-ln(0.9 * 0.65) / 2),
        },
    ),
    oracle(
        "O1 weighted",
        "scikit-learn, documentation of log_loss, weights 1 to 4",
        "p_ham p_spam",
        SPAM,
        "spam ham ham spam",
        expected={
            "overall/loss": Figure(-ln(0.9**3 * 0.8**3 * 0.65**4) / 10, "0.270864386528593"),
            "overall/loss_se": Figure(math.sqrt(SPAM_SQUARES * (4 / 3)) / 10, "0.086920357182419"),
            "overall/effective_rows": Figure(10 / 3),
            "overall/weight": Figure(10),
            "classes/ham/weight_share": Figure(0.5),
        },
        weights=SPAM_WEIGHTS,
        weight="w",
    ),
    oracle(
        "O2",
        "scikit-learn, user guide",
        "0 1",
        [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.01, 0.99]],
        "0 0 1 1",
        expected={"overall/loss": Figure(-ln(0.9 * 0.8 * 0.7 * 0.99) / 4, "0.173807336691067")},
    ),
    oracle(
        "O3",
        "scikit-learn, test_log_loss; Kaggle wiki",
        "no yes",
        KAGGLE,
        "no no no yes yes yes",
        expected={
            "overall/loss": Figure(-ln(0.5 * 0.1 * 0.01 * 0.1 * 0.25 * 0.999) / 6, "1.881797068998267"),
            "overall/macro_loss": Figure(-ln(0.5 * 0.1 * 0.01 * 0.1 * 0.25 * 0.999) / 6),
        },
    ),
    oracle(
        "O4",
        "scikit-learn, test_log_loss",
        "p_0 p_1 p_2",
        [[0.2, 0.7, 0.1], [0.6, 0.2, 0.2], [0.6, 0.1, 0.3]],
        "1 0 2",
        expected={
            "overall/loss": Figure(-ln(0.7 * 0.6 * 0.3) / 3, "0.69049112401022"),
            "classes/0/loss": Figure(-ln(0.6), "0.510825623766"),
            "classes/1/loss": Figure(-ln(0.7), "0.356674943939"),
            "classes/2/loss": Figure(-ln(0.3), "1.203972804326"),
        },
    ),
    oracle(
        "O6",
        "scikit-learn, test_log_loss: a class without rows",
        "1 2 3",
        [[0.7, 0.1, 0.2], [0.2, 0.7, 0.1], [0.1, 0.7, 0.2]],
        "1 2 2",
        expected={
            "overall/loss": Figure(-ln(0.7), "0.356674943939"),
            "overall/macro_classes": Figure(2),
            "overall/macro_loss": Figure(-ln(0.7)),
            "classes/3/rows": Figure(0),
            "classes/3/weight": Figure(0),
            "classes/3/weight_share": Figure(0),
            "classes/3/loss": None,
            "classes/3/loss_share": None,
            "classes/3/recall": None,
            "classes/3/label_probability": None,
            "classes/3/predicted_share": Figure((0.2 + 0.1 + 0.2) / 3),
        },
    ),
    oracle(
        "O8",
        "scikit-learn issue 23059, its one-hot labels as names",
        "p_0 p_1 p_2",
        [[0.1, 0.8, 0.1], [0.9, 0.1, 0.0]],
        "1 0",
        expected={"overall/loss": Figure(-ln(0.8 * 0.9) / 2, "0.164252033486018")},
    ),
    oracle(
        "O8 by index",
        "scikit-learn issue 23059, its one-hot labels as indices",
        "p_x p_y p_z",
        [[0.1, 0.8, 0.1], [0.9, 0.1, 0.0]],
        "1 0",
        expected={"overall/loss": Figure(-ln(0.8 * 0.9) / 2, "0.164252033486018")},
        classes="x y z",
        label_kind="index",
    ),
    oracle(
        "O9",
        "scikit-learn issue 30910: 36.04 where columns are taken by sorted position",
        "dog cat",
        [[1, 0], [0, 1]],
        "dog cat",
        expected={
            "overall/loss": Figure(0),
            "overall/accuracy": Figure(1),
            "overall/clipped_rows": Figure(0),
        },
        classes="cat dog",
    ),
    oracle(
        "O10 within the tolerance",
        "after scikit-learn pull request 24515",
        "p_0 p_1",
        HALF_SUMS,
        "0 1",
        expected={
            "overall/loss": Figure(-(ln(0.2) + ln(0.3)) / 2, "1.4067053583800182"),
            "overall/sum_bias": Figure(ln(0.5)),
        },
        sum_tolerance=1,
    ),
    oracle(
        "O10 renormalized",
        "after scikit-learn pull request 24515",
        "p_0 p_1",
        HALF_SUMS,
        "0 1",
        expected={
            "overall/loss": Figure(-(ln(0.4) + ln(0.6)) / 2, "0.7135581778200728"),
            "overall/renormalized_rows": Figure(2),
        },
        renormalize=True,
    ),
    oracle(
        "O11 clip 1e-15",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={
            "overall/loss": Figure(-ln(1e-15) / 4, "8.634694098727671"),
            "overall/clipped_rows": Figure(1),
            "overall/clipped_loss_share": Figure(1),
            "classes/0/clipped_rows": Figure(1),
            "classes/1/clipped_rows": Figure(0),
        },
        clip=1e-15,
    ),
    oracle(
        "O11 default clip",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={
            "overall/loss": Figure(52 * LN2 / 4, "9.01091334727929"),
            "overall/clipped_rows": Figure(1),
        },
    ),
    oracle(
        "O11 no clip",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={"overall/loss": None, "overall/clipped_rows": Figure(0), "classes/1/loss": Figure(0)},
        clip="none",
    ),
    oracle(
        "O12 label shares",
        "scikit-learn, documentation of d2_log_loss_score",
        "p_1 p_2 p_3",
        LABEL_SHARES,
        "1 1 2 3",
        expected={
            "overall/skill": Figure(0, at_zero=1e-15),
            "overall/prior_entropy": Figure(entropy(2, 1, 1)),
        },
    ),
    oracle(
        "O12 sure",
        "scikit-learn, test of d2_log_loss_score",
        "p_1 p_2 p_3",
        SURE,
        "1 2 3",
        expected={"overall/skill": Figure(1 + ln(0.98) / ln(3), "0.981610703315533")},
    ),
    oracle(
        "O13",
        "scikit-learn, test of d2_log_loss_score",
        "p_0 p_1",
        D2,
        "0 0 0 1 1 1",
        expected={"overall/skill": Figure(1 - mean(*D2_LOSSES) / LN2, "0.261358795056473")},
    ),
    oracle(
        "O13 weighted",
        "scikit-learn, test of d2_log_loss_score",
        "p_0 p_1",
        D2,
        "0 0 0 1 1 1",
        expected={
            "overall/skill": Figure(
                1 - weighted_mean(D2_LOSSES, D2_WEIGHTS) / entropy(2 + 1 + 3, 4 + 3 + 1), "0.0368826430203227"
            )
        },
        weights=D2_WEIGHTS,
        weight="w",
    ),
    oracle(
        "O14 binary",
        "scikit-learn, documentation of brier_score_loss",
        "p",
        [[0.1], [0.9], [0.8], [0.3]],
        "0 1 1 0",
        expected={"overall/brier": Figure((0.1**2 + 0.1**2 + 0.2**2 + 0.3**2) / 4, "0.0375")},
        classes="0 1",
    ),
    oracle(
        "O14 three classes",
        "scikit-learn, documentation of brier_score_loss",
        "p_eggs p_ham p_spam",
        [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]],
        "eggs ham spam",
        expected={"overall/brier": Figure((0.06 + 0.14 + 0.24) / 3, "0.146666666666667")},
    ),
    oracle(
        "O17 without class weights",
        "PyTorch issue 25571",
        "p_0 p_1 p_2",
        [[0.2, 0.3, 0.5], [0.5, 0.2, 0.3]],
        "2 1",
        expected={
            "overall/loss": Figure(
                mean(logit_loss([0.2, 0.3, 0.5], 2), logit_loss([0.5, 0.2, 0.3], 1)), "1.08983106084446"
            )
        },
        input="logits",
    ),
    oracle(
        "O19 without class weights and smoothing",
        "torch.nn.functional.cross_entropy",
        "p_0 p_1 p_2",
        TORCH,
        "0 1 2 0",
        expected={
            "overall/loss": Figure(mean(*TORCH_LOSSES), "0.491465009820527"),
            "classes/0/loss": Figure(mean(TORCH_LOSSES[0], ln(3))),
            "classes/1/loss": Figure(TORCH_LOSSES[1], "0.340616269814699"),
            "classes/2/loss": Figure(TORCH_LOSSES[2], "0.109601464521465"),
            "overall/tied_rows": Figure(1),
            "overall/accuracy": Figure((3 + 1 / 3) / 4),
        },
        input="logits",
    ),
    oracle(
        "O19 first row",
        "torch.nn.functional.cross_entropy, reduction none",
        "p_0 p_1 p_2",
        TORCH[:1],
        "0",
        expected={"overall/loss": Figure(TORCH_LOSSES[0], "0.417030016277834")},
        input="logits",
    ),
    oracle(
        "O19 last row",
        "torch.nn.functional.cross_entropy, reduction none",
        "p_0 p_1 p_2",
        TORCH[3:],
        "0",
        expected={"overall/loss": Figure(ln(3), "1.098612288668110")},
        input="logits",
    ),
    oracle(
        "O20 with the ignored rows left out",
        "torch.nn.functional.cross_entropy, ignore_index",
        "p_0 p_1 p_2",
        TORCH[0::2],
        "0 2",
        expected={"overall/loss": Figure(mean(TORCH_LOSSES[0], TORCH_LOSSES[2]), "0.26331574039965")},
        input="logits",
    ),
    oracle(
        "O22",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "z",
        [[1.5]],
        "1",
        expected={"overall/loss": Figure(math.log1p(math.exp(-1.5)), "0.201413277982752")},
        classes="0 1",
        input="logits",
        positive="1",
        negative="0",
    ),
    oracle(
        "O28",
        "yardstick, test of mn_log_loss",
        "p_A",
        [[1], [0.8], [0.51], [0.1], [0.2], [0.3]],
        "A A A B B B",
        expected={"overall/loss": Figure(-ln(1 * 0.8 * 0.51 * 0.9 * 0.8 * 0.7) / 6, "0.263611185914791")},
        classes="B A",
    ),
]
