"""Criteria to dimensions to overall: bounds, direction, order, and what was not observed."""

from math import hypot, sqrt
from statistics import stdev

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.grading.dimensions import load_scheme
from greenroom.grading.folds import HALF_WIDTH_IN_SIGMAS, Estimate, Folded, combine, fold_answer, fold_answers
from greenroom.grading.rubric import state_of
from greenroom.grading.schemas import CriterionResult
from greenroom.library import catalog

SCHEME = load_scheme()
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDS = ("relevance", "structure", "specificity", "ownership", "result", "accuracy", "depth", "clarity")
levels = st.integers(4, 20).map(lambda quarters: quarters / 4)
kinds = st.sampled_from(["behavioral", "technical", "situational", "case", "hr_screen"])
families = st.sampled_from(["software", "care", "commercial", ""])


@st.composite
def estimates(draw):
    level, half = draw(levels), draw(st.integers(1, 15)) / 10
    return Estimate(level, max(1.0, level - half), min(5.0, level + half))


def criterion(name, level):
    return CriterionResult(id=name, state=state_of(level), level=level, why="It says so.")


criteria = st.lists(st.tuples(st.sampled_from(IDS), levels), max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [criterion(name, level) for name, level in pairs]
)
answers = st.lists(
    st.builds(lambda e, c, k, f: fold_answer(e, c, SCHEME, k, f), estimates(), criteria, kinds, families),
    min_size=1,
    max_size=4,
)


@patient
@given(answers)
def test_every_number_stays_on_the_scale_and_inside_its_interval(found):
    folded = fold_answers(found, SCHEME)
    for one in (folded.overall, *folded.dimensions.values()):
        if one is not None:
            assert 1 <= one.low <= one.level <= one.high <= 5


@patient
@given(answers)
def test_the_order_of_answers_changes_nothing(found):
    assert fold_answers(found, SCHEME) == fold_answers(found[::-1], SCHEME)


@patient
@given(answers)
def test_an_answer_that_was_not_observed_changes_nothing(found):
    nothing = fold_answer(None, [], SCHEME, "technical", "software")
    assert fold_answers([*found, nothing], SCHEME) == fold_answers(found, SCHEME)


@patient
@given(answers, st.floats(0, 2))
def test_a_better_answer_never_lowers_the_overall(found, more):
    first = found[0].overall
    raised = Estimate(min(5, first.level + more), first.low, 5.0)
    better = [Folded(raised, found[0].dimensions), *found[1:]]
    assert fold_answers(better, SCHEME).overall.level >= fold_answers(found, SCHEME).overall.level - 1e-9


@patient
@given(estimates(), criteria, kinds, families, st.floats(0, 4))
def test_a_better_criterion_never_lowers_its_dimension_nor_the_overall(judged, found, kind, family, more):
    if not found:
        return
    raised = [criterion(found[0].id, min(5.0, found[0].level + more)), *found[1:]]
    before, after = (fold_answer(judged, c, SCHEME, kind, family) for c in (found, raised))
    mine = [name for name, parts in SCHEME.dimensions.items() if set(parts) == {found[0].id}]
    assert after.overall == before.overall
    assert all(after.dimensions[name].level >= before.dimensions[name].level - 1e-9 for name in mine)


@patient
@given(estimates(), criteria, kinds, families)
def test_a_dimension_without_its_criteria_is_not_observed(judged, found, kind, family):
    folded = fold_answer(judged, found, SCHEME, kind, family)
    named = {one.id for one in found}
    for name, parts in SCHEME.dimensions.items():
        assert (folded.dimensions[name] is None) == named.isdisjoint(parts)


def test_a_criterion_that_was_not_observed_weighs_nothing():
    judged = Estimate(3.0, 2.0, 4.0)
    seen = [criterion("accuracy", 4.0), criterion("clarity", 2.0)]
    unseen = CriterionResult(id="depth", state="not_observed", level=None, why="Nothing shows it.")
    assert fold_answer(judged, [*seen, unseen], SCHEME, "technical") == fold_answer(
        judged, seen, SCHEME, "technical"
    )


def test_two_sure_answers_are_surer_together_and_two_different_ones_less_so():
    sure = combine([Estimate(3.0, 2.0, 4.0)] * 2)
    apart = combine([Estimate(1.5, 1.0, 2.5), Estimate(4.5, 3.5, 5.0)])
    assert sure.half < 1.0 < apart.half
    assert sure.level == apart.level == 3.0


@patient
@given(st.lists(levels, min_size=2, max_size=5), st.integers(1, 20), st.booleans())
def test_the_ends_of_the_scale_make_no_answer_surer(found, tenths, top):
    half = tenths / 10

    def around(level):
        return Estimate(level, max(1.0, level - half), min(5.0, level + half))

    end = 5.0 if top else 1.0
    assert around(end).half == pytest.approx(half)
    middle, edge = (combine([around(level)] * len(found)) for level in (3.0, end))
    assert edge.half == pytest.approx(middle.half)
    folded = combine([around(level) for level in found])
    whole = hypot(half / sqrt(len(found)), HALF_WIDTH_IN_SIGMAS * stdev(found) / sqrt(len(found)))
    assert folded.half == pytest.approx(min(whole, max(folded.level - 1, 5 - folded.level)))


def test_five_answers_at_the_top_leave_the_doubt_that_five_in_the_middle_leave():
    top, middle = combine([Estimate(5.0, 3.6, 5.0)] * 5), combine([Estimate(3.0, 1.6, 4.4)] * 5)
    assert (top.level, top.high) == (5.0, 5.0)
    assert top.low == pytest.approx(5 - 1.4 / sqrt(5))
    assert top.half == pytest.approx(middle.half)


def test_weights_by_type_and_role_say_what_the_others_are_set_against():
    found = [criterion("accuracy", 5.0), criterion("clarity", 1.0)]

    def clarity(kind, family):
        return fold_answer(Estimate(3, 2, 4), found, SCHEME, kind, family).dimensions["communication"].level

    assert clarity("technical", "") < clarity("hr_screen", "")
    assert clarity("technical", "software") < clarity("technical", "commercial")


def test_weights_name_families_that_exist():
    assert set(SCHEME.families) <= {role.family for role in catalog.load().roles.values()}
