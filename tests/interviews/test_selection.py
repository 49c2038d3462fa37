"""Which question comes next."""

import pytest

from greenroom.interviews.ability import Posterior, learned, updated
from greenroom.interviews.selection import Situation, choose, misfit, within_reach
from greenroom.library.catalog import load
from greenroom.library.schemas import Item

ITEM = load().items["beh.communication.001"]


def variant(key: str, difficulty: float, discrimination: float = 0.8) -> Item:
    return ITEM.model_copy(
        update={"id": f"own.{key}.001", "difficulty": difficulty, "discrimination": discrimination}
    )


def test_the_question_that_tells_more_is_chosen_where_both_suit() -> None:
    dull, sharp = variant("dull", -0.2, 0.4), variant("sharp", -0.2, 1.2)
    chosen = choose([dull, sharp], Situation(Posterior(0.0), []))
    assert chosen is not None
    assert chosen.item == sharp


def test_a_question_that_tells_little_does_not_suit_everybody() -> None:
    assert misfit(0.0, 1.5, 0.4) == pytest.approx(2.0)
    assert misfit(0.0, 1.5, 1.2) < misfit(0.0, 1.5, 0.4)


def test_what_is_learned_is_the_share_of_the_variance_an_answer_takes_away() -> None:
    belief = Posterior(0.0, 0.8)
    after = updated(belief, 4.0, 0.5, 0.9)
    assert learned(belief.variance, 0.9) == pytest.approx(1 - after.variance / belief.variance)


def test_difficulty_moves_by_one_unit_at_most() -> None:
    last = variant("last", -1.0)
    far, near = variant("far", 1.5), variant("near", -0.2)
    assert within_reach([far, near], last) == [near]
    chosen = choose([far, near], Situation(Posterior(2.0), [], last=last))
    assert chosen is not None
    assert chosen.item == near


def test_a_question_seen_before_gives_way_to_a_fresh_one() -> None:
    seen, fresh = variant("seen", 0.0), variant("fresh", 0.0)
    chosen = choose([seen, fresh], Situation(Posterior(0.0), [], exposure={seen.id: 2}))
    assert chosen is not None
    assert chosen.item == fresh


def test_the_reason_is_told_in_words() -> None:
    chosen = choose([variant("one", 0.0)], Situation(Posterior(0.0), ["communication"], weak_tags=ITEM.tags))
    assert chosen is not None
    assert "communication" in chosen.why
    assert "weak before" in chosen.why
