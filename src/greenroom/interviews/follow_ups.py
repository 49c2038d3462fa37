"""Whether an answer is followed up, by which trigger, and what the probe refers to."""

from dataclasses import dataclass

from greenroom.answers.schemas import Observation
from greenroom.interviews import asking
from greenroom.interviews.replay import Root
from greenroom.interviews.turn import Turn
from greenroom.library.schemas import Item

MOST_PER_QUESTION = 2


@dataclass(frozen=True)
class Probe:
    """A follow-up to ask: its trigger, the words, and what of the answer it takes up."""

    trigger: str
    text: str
    lead_in: str = ""
    refers_to: str = ""


def next_probe(turn: Turn, root: Root, item: Item, seen: Observation) -> Probe | None:
    """The follow-up the answer calls for; None when it calls for none, or there is no time or count left."""
    if not _allowed(turn, root):
        return None
    heard = {p.part for p in seen.parts}
    missing = {p.id for p in seen.points if p.state == "missing"}
    for followup in item.followups:
        _, _, part = followup.when.partition(".")
        unheard = part in missing or (part in ("situation", "action", "result") and part not in heard)
        if unheard and followup.when not in root.probes:
            return Probe(followup.when, followup.ask, turn.words.say("acknowledgement"))
    return None


def _allowed(turn: Turn, root: Root) -> bool:
    return (
        turn.state.probes_used < turn.brief.plan.probes_max
        and len(root.probes) < MOST_PER_QUESTION
        and turn.budget.may_probe(turn.elapsed, len(asking.waiting(turn)))
    )


def ask(turn: Turn, probe: Probe) -> None:
    """Adds the follow-up."""
    root = turn.root
    turn.about("follow_up", probe.text, probe.lead_in, trigger=probe.trigger, refers_to=probe.refers_to)
    turn.out[-1] = turn.out[-1].model_copy(update={"question_id": f"{root.id}.{len(root.probes) + 1}"})
