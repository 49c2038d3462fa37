"""What the panel says of an earlier session: that an answer lacked something, never its words. Pure.

What it may say is frozen into the plan when the session begins, so a replay says the same whatever was forgotten since.
"""

from typing import Final

from greenroom.interviews.turn import Turn
from greenroom.library.schemas import Item

PREFIX: Final = "earlier:"
MOST: Final = 2
"""Reminders in one session; more would be nagging."""


def remind(turn: Turn, item: Item) -> tuple[str, str]:
    """A sentence about the latest answer to the item's competency, and what the log notes as taken up; two empty
    texts when there is nothing to say. Only stories are reminded of, each competency once."""
    said = [words for words in turn.state.referred if words.startswith(PREFIX)]
    if item.structure != "star" or len(said) >= MOST:
        return "", ""
    for known in turn.brief.plan.reminders:
        key = f"{PREFIX}{known.competency}"
        if known.competency == item.competency and key not in said:
            return turn.words.say("last_time", known.lack, topic=turn.brief.topic(known.competency)), key
    return "", ""
