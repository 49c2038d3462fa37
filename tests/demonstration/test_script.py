"""The sample candidates have words for whatever the interview may ask, and those words are what they claim to be."""

import pytest

from greenroom.answers.schemas import AnswerTurn
from greenroom.demonstration.script import CANDIDATES, CandidateName, find_item, load_interview, load_script
from greenroom.grading.builtin import grade
from greenroom.interviews.schemas import Mode, Plan
from greenroom.interviews.service import build_plan
from greenroom.library import catalog
from greenroom.library.schemas import Item

LIBRARY = catalog.load()


def planned(mode: Mode) -> Plan:
    spec = load_interview(mode)
    return build_plan(spec, spec.seed or 0, [])


PLAN = planned("practice")
POOL = [LIBRARY.items[key] for key in PLAN.pool]
ASKED = [item for item in POOL if item.type not in ("opening", "closing")]


@pytest.mark.parametrize("item", ASKED, ids=lambda item: item.id)
@pytest.mark.parametrize("name", CANDIDATES)
def test_every_candidate_has_an_answer_to_every_question_the_plan_can_ask(
    name: CandidateName, item: Item
) -> None:
    assert load_script(name).lines_for(item)[0].strip()


def test_no_answer_is_kept_for_a_question_that_is_never_asked() -> None:
    known = {item.id for item in ASKED} | {item.competency for item in ASKED}
    for name in CANDIDATES:
        assert set(load_script(name).answers) <= known


@pytest.mark.parametrize("item", ASKED, ids=lambda item: item.id)
def test_the_candidates_are_as_good_as_they_are_called_on_every_question(item: Item) -> None:
    levels: dict[str, float] = {}
    for name in CANDIDATES:
        judged = grade(item, [AnswerTurn(seq=1, text=load_script(name).lines_for(item)[0])])
        assert "verbatim_anchor" not in judged.flags
        levels[name] = judged.level or 1.0
    assert levels["strong"] > levels["middle"] > levels["weak"] >= levels["hostile"]


@pytest.mark.parametrize("item", POOL, ids=lambda item: item.id)
def test_a_question_is_known_by_its_words_with_anything_around_them(item: Item) -> None:
    assert find_item(f"Good. {item.prompt} Take your time.", PLAN.pool, LIBRARY.items) == item


def test_a_question_of_another_interview_is_not_taken_for_one_of_ours() -> None:
    with pytest.raises(LookupError):
        find_item("What is your favourite colour?", PLAN.pool, LIBRARY.items)


def test_both_modes_play_the_same_interview() -> None:
    assert planned("graded").pool == PLAN.pool
