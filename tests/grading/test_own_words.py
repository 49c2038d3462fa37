import re

import pytest

from greenroom.answers.text import split_words
from greenroom.grading.builtin import grade
from greenroom.grading.builtin.own_words import split_blanks
from tests.sample_items import QUEUE, RESCUE, said

STORY = (
    "Our van broke down last spring and a delivery was due. In the end the wait dropped to one day, as a result of what "
    "I did. And I called two other drivers and I moved the boxes. Both took some. Since then I keep their numbers."
)
CLAIMS = (
    "The queue can be delivered twice to a worker, so it must be idempotent. That surprised us once. "
    "The request returns immediately. And then a worker does it in the background. Nobody here writes that down."
)


def words_of(text: str) -> list[str]:
    return sorted(
        t.word for t in split_words(re.sub(r"\[[^]]*\]", " ", text)) if t.word not in ("and", "then")
    )


@pytest.mark.parametrize(("item", "told"), [(RESCUE, STORY), (QUEUE, CLAIMS)])
def test_no_sentence_is_lost_and_none_is_made_up(item, told):
    assert words_of(grade(item, said(told)).restructured) == words_of(told)


def test_a_story_is_told_in_order_and_a_sentence_stays_behind_the_one_it_followed():
    assert grade(RESCUE, said(STORY)).restructured.split("\n") == [
        "Our van broke down last spring and a delivery was due.",
        "I called two other drivers and I moved the boxes. Both took some.",
        "In the end the wait dropped to one day, as a result of what I did.",
        "Since then I keep their numbers.",
    ]


def test_what_opens_an_answer_sets_the_scene_even_where_it_tells_a_step():
    told = "I split the order in two because the van broke down. It was last spring. In the end both parts came in time."
    assert grade(RESCUE, said(told)).restructured.startswith("I split the order")


def test_what_shows_no_key_point_opens_the_answer_and_missing_points_are_blanks():
    lines = grade(QUEUE, said("Let me think about that for a second. " + CLAIMS)).restructured.split("\n")
    assert lines[0].startswith("Let me think")
    assert any(line.startswith("[") for line in lines[1:])


def test_brackets_of_the_candidate_are_no_blanks():
    said_so = "I swap values[0] with [0, 1] and read [x]."
    assert split_blanks(f"{said_so} [your number]\n[Cost]") == [
        (f"{said_so} ", False), ("your number", True), ("\n", False), ("Cost", True),
    ]  # fmt: skip
