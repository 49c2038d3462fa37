import math

import pytest

from greenroom.grading.agreement import (
    Pair,
    bootstrap,
    isotonic,
    kappa,
    macro_f1,
    pearson,
    recalibrate,
    rmse,
    step,
)


def pairs(*rows):
    return [Pair(question, human, given) for question, human, given in rows]


PERFECT = pairs(("a", 0, 0), ("a", 1, 1), ("b", 0.5, 0.5), ("b", 1, 1))


def test_perfect_agreement_is_one_and_errorless():
    assert pearson(PERFECT) == pytest.approx(1)
    assert kappa(PERFECT) == pytest.approx(1)
    assert rmse(PERFECT) == 0


def test_figures_match_values_worked_out_by_hand():
    rows = pairs(("a", 0, 0.5), ("a", 1, 0.5), ("b", 1, 1), ("b", 0, 0))
    assert rmse(rows) == pytest.approx(math.sqrt(0.125))
    assert pearson(rows) == pytest.approx(1 / math.sqrt(2))
    assert macro_f1(rows) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_no_variation_gives_no_correlation():
    assert math.isnan(pearson(pairs(("a", 1, 0.5), ("a", 1, 0.6))))


def test_the_bootstrap_is_repeatable_and_holds_the_value():
    rows = pairs(*[(f"q{n % 6}", n % 5 / 4, (n * 7 % 11) / 10) for n in range(60)])
    once, again = bootstrap(rows, pearson), bootstrap(rows, pearson)
    assert once == again
    assert once.low <= once.value <= once.high


def test_isotonic_fits_rise_and_pool_violators():
    assert isotonic([(0, 0), (1, 1), (2, 0), (3, 1)]) == [(0, 0), (1.5, 0.5), (3, 1)]
    assert step([(0, 0), (2, 1)], 1) == pytest.approx(0.5)
    assert step([(0, 0), (2, 1)], 9) == 1


def test_recalibration_learns_the_scale_from_other_questions_only():
    lenient = pairs(*[(q, min(1, g / 2 + 0.5), g) for q in "abcdef" for g in (0.0, 0.2, 0.4, 0.6, 0.8)])
    assert rmse(recalibrate(lenient)) < 0.02 < rmse(lenient)
    alone = pairs(("a", 1, 0.2), ("a", 0, 0.1))
    assert recalibrate(alone) == alone
