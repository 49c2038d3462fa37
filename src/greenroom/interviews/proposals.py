"""A model's proposal what to follow up: a trigger of a closed list, and the words of the answer it is about. Pure.

The conductor has followed up already when a model is asked, so a proposal can change what a follow-up is about and
nothing else: no follow-up is added, and limits, time and coverage stay as they were decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from greenroom.answers.quotes import find_quote
from greenroom.answers.schemas import Observation
from greenroom.interviews import follow_ups, log
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import Root, State
from greenroom.interviews.spoken import fault_so_far
from greenroom.interviews.turn import Turn
from greenroom.library.schemas import Item

NOTHING: Final = "none"
MEANINGS: Final[dict[str, str]] = {
    "hypothetical": "it tells what one would do, not what was done",
    "missing_situation": "it is not clear where, when or why this was",
    "missing_action": "it is not clear what the candidate did",
    "missing_result": "it is not clear how it ended",
    "we_heavy": "it speaks of the team, and the candidate's own part is not clear",
    "no_measure": "a result is claimed without saying how large it was or how one knew",
    "vague": "it stays general: no instance, name or number",
    "strong": "it is strong, and there is more behind it worth hearing",
}
"""What a model may propose, in the words it is asked in."""
DECIDED: Final = frozenset({"off_topic", "too_short", "contradiction"})
"""What code alone decides: another follow-up would leave the question unanswered."""
ESSENTIAL: Final = "missing."
"""How triggers begin that ask for an essential point of the question: nothing goes before it."""
STRONG_FROM: Final = 3.5
"""The least level of an answer so far that can be taken deeper."""
MOST_WORDS: Final = 20

Declined = Literal[
    "nothing_proposed",
    "not_offered",
    "quote_not_found",
    "quote_too_long",
    "quote_unfit",
    "quote_taken",
]


@dataclass(frozen=True)
class Subject:
    """The follow-up that is open, the answer it is about, and the triggers a model may name instead."""

    said: log.PanelSaid
    root: Root
    item: Item
    seen: Observation
    offered: tuple[str, ...]


def subject_of(brief: Brief, state: State, said: log.PanelSaid | None) -> Subject | None:
    """What may be proposed about the follow-up just asked (`said`); None when nothing may."""
    root = state.root
    if said is None or said.purpose != "follow_up" or root is None:
        return None
    if said.trigger in DECIDED or said.trigger.startswith(ESSENTIAL):
        return None
    item = brief.item(root.item_id)
    if item is None or root.observation is None or not root.turns:
        return None
    offered = _offered(brief, root, item, root.observation, said.trigger)
    return Subject(said, root, item, root.observation, offered) if offered else None


def _offered(brief: Brief, root: Root, item: Item, seen: Observation, asked: str) -> tuple[str, ...]:
    """Triggers that fit the question and were not used for it yet, the open one among them."""
    used = set(root.probes) - {asked}
    return tuple(
        trigger.id
        for trigger in brief.library.probes.triggers
        if trigger.id in MEANINGS
        and trigger.id not in used
        and follow_ups.fits_item(trigger, item)
        and (trigger.id != "strong" or seen.level >= STRONG_FROM)
    )


def decide(
    brief: Brief, state: State, subject: Subject, proposed: log.FollowUpProposed, now: datetime
) -> Sequence[log.AnyPayload]:
    """The entries that follow the proposal in the log: the follow-up changed, or why the bank's stands."""
    found = _judge(state, subject, proposed)
    if not found.quote:
        return [
            log.Noticed(notice="proposal_declined", detail=found.fault, question_id=subject.said.question_id)
        ]
    turn = Turn(brief, state, log.Event(kind="tick"), now)
    turn.floor = subject.said.persona
    probe = follow_ups.word_about(
        turn, subject.root, subject.item, subject.seen, proposed.trigger, found.quote
    )
    return [
        log.FollowUpChanged(
            question_id=str(subject.said.question_id), trigger=probe.trigger, text=probe.text, lead_in=probe.lead_in,
            refers_to=probe.refers_to, lines=turn.words.used, why=follow_ups.say_why(probe.trigger),
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class _Found:
    quote: str = ""
    fault: Declined = "nothing_proposed"


def _judge(state: State, subject: Subject, proposed: log.FollowUpProposed) -> _Found:
    """The quote as the candidate wrote it, or why the proposal is not taken up."""
    if proposed.trigger == NOTHING:
        return _Found(fault="nothing_proposed")
    if proposed.trigger not in subject.offered:
        return _Found(fault="not_offered")
    span = find_quote(subject.root.turns[-1:], proposed.quote)
    if span is None:
        return _Found(fault="quote_not_found")
    quote = " ".join(span.text.split())
    if len(quote.split()) > MOST_WORDS:
        return _Found(fault="quote_too_long")
    if fault_so_far(quote, "") or '"' in quote:
        return _Found(fault="quote_unfit")
    if quote.casefold() in {words.casefold() for words in state.referred}:
        return _Found(fault="quote_taken")
    return _Found(quote=quote)
