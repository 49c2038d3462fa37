import pytest

from greenroom.grading.builtin import grade
from tests.sample_items import RESCUE, said

LEAD = "Our van broke down last spring and a delivery was due. I called two other drivers. "


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (
            "And in the end the delivery was there on time.",
            "In the end the delivery was there on time. [your number]",
        ),
        ("So in the end the wait dropped to one day.", "In the end the wait dropped to one day."),
        ("But in the end the wait fell by half.", "In the end the wait fell by half."),
    ],
)
def test_own_words_begin_their_own_sentence_and_ask_for_a_number_only_where_there_is_none(ending, told):
    assert told in grade(RESCUE, said(LEAD + ending)).restructured.split("\n")


def test_an_answer_with_several_numbers_is_not_asked_for_another():
    told = (
        "Our van broke down with 40 boxes in it. I called 3 other drivers. In the end it was there on time."
    )
    assert "[your number]" not in grade(RESCUE, said(told)).restructured
