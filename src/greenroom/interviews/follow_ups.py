"""Whether an answer is followed up, by which trigger, and what of the answer the probe takes up.

Triggers, their order and thresholds are data (library/probes.yaml). One probe a turn; each trigger once
a question; none without time. Tone changes how a probe is introduced, never whether it is asked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from greenroom.answers.schemas import Observation
from greenroom.documents.contradictions import find_contradictions
from greenroom.documents.schemas import Contradiction
from greenroom.interviews import asking
from greenroom.interviews.references import Reference, references
from greenroom.interviews.replay import Root
from greenroom.interviews.turn import Turn
from greenroom.library.schemas import Item
from greenroom.library.taxonomy import Trigger

MOST_PER_QUESTION: Final = 2
UNUSABLE: Final = frozenset({"empty", "gibberish", "other_language", "injection_only", "code_only"})
"""An answer that cannot be read is not probed for its content."""
AFTER_STRONG: Final = frozenset({"contradiction", "style"})
"""What a strong answer may still be asked, once it has been taken deeper: not for its basics."""
OUTCOMES: Final = frozenset({"outcome", "result", "effect", "impact"})
"""Key points that are a result, by id: hearing one means that the result was told."""
WHERE_AND_WHEN: Final = (
    r"\b(when|before|after|during|last|while|once|one day|at (the|our|my|a|an)|in (the|our|my|a|an))\b"
)
TOLD: Final = r"\b(was|were|had|did|came|went|took|gave|found|got|wrote|[a-z]+ed)\b"
"""Signs that an answer is set somewhere, even where no sentence is only about the situation."""
SHORT_MOST: Final = 40
"""Words from which on no answer is called short, whatever its question expects."""
WORDS_PER_SECOND: Final = 2.3
"""Spoken English: about 140 words a minute."""


@dataclass(frozen=True)
class Probe:
    """A follow-up to ask: its trigger, the words, and what of the answer it takes up."""

    trigger: str
    text: str
    lead_in: str = ""
    refers_to: str = ""


@dataclass(frozen=True)
class Heard:
    """An answer as the triggers look at it."""

    turn: Turn
    root: Root
    item: Item
    seen: Observation

    @property
    def parts(self) -> set[str]:
        return {part.part for part in self.seen.parts}

    @property
    def text(self) -> str:
        """Everything said to the question, the latest first."""
        said = [*(turn.text for turn in self.root.turns), self.turn.event.text]
        return "\n".join(reversed(said))


def next_probe(turn: Turn, root: Root, item: Item, seen: Observation) -> Probe | None:
    """The follow-up the answer calls for; None when it calls for none, or there is no time or count left."""
    if not _allowed(turn, root) or seen.validity in UNUSABLE:
        return None
    heard = Heard(turn, root, item, seen)
    called = [when for trigger in turn.brief.library.probes.triggers for when in _calls(heard, trigger)]
    open_calls = [when for when in called if when not in root.probes]
    last = turn.state.last_probe
    if len(open_calls) > 1 and open_calls[0] == last:
        open_calls = open_calls[1:]
    return _worded(heard, open_calls[0]) if open_calls else None


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
    number = len(root.probes) + 1
    turn.out[-1] = turn.out[-1].model_copy(
        update={"question_id": f"{root.id}.{number}", "why": say_why(probe.trigger)}
    )


def say_why(trigger: str) -> str:
    """Why a follow-up of this trigger is asked, in one sentence."""
    return f"Followed up because of the answer: {WHY.get(trigger, 'an essential point was not heard yet')}."


WHY: Final[dict[str, str]] = {
    "off_topic": "it went past the question",
    "too_short": "it was too short to show anything",
    "hypothetical": "it told what would be done, not what was done",
    "contradiction": "it differs from the résumé",
    "missing_situation": "the situation was not heard",
    "missing_action": "the own action was not heard",
    "missing_result": "the result was not heard",
    "we_heavy": "the own part was not clear",
    "no_measure": "the result had no measure",
    "vague": "it had no instance, name or number",
    "strong": "it was strong, so there was room to go deeper",
    "style": "this interviewer looks at one more side",
}


# which triggers are called


def _calls(heard: Heard, trigger: Trigger) -> Iterator[str]:
    item, seen = heard.item, heard.seen
    if "strong" in heard.root.probes and trigger.id not in AFTER_STRONG:
        return
    if not fits_item(trigger, item) or not trigger.from_level <= seen.level < trigger.below_level:
        return
    if trigger.id == "must_point":
        yield from _unheard_points(heard, trigger)
    elif _CALLED[trigger.id](heard, trigger):
        yield trigger.id


def _unheard_points(heard: Heard, trigger: Trigger) -> Iterator[str]:
    weights = {point.id: point.weight for point in heard.item.key_points}
    missing = {
        p.id for p in heard.seen.points if p.state == "missing" and weights.get(p.id, 0) >= trigger.weight
    }
    for followup in heard.item.followups:
        kind, _, part = followup.when.partition(".")
        if kind == "missing" and part in missing and followup.ask not in heard.root.asked:
            yield followup.when


def _off_topic(heard: Heard, _: Trigger) -> bool:
    return heard.seen.validity in ("off_topic", "boilerplate", "copied_question", "keyword_list")


def _too_short(heard: Heard, trigger: Trigger) -> bool:
    share = trigger.share_of_minimum * heard.item.duration_s.min * WORDS_PER_SECOND
    return heard.seen.words < max(trigger.words, min(share, SHORT_MOST)) and not heard.root.turns


def _hypothetical(heard: Heard, _: Trigger) -> bool:
    return heard.seen.hypothetical and heard.seen.level < 4


def _contradiction(heard: Heard, _: Trigger) -> bool:
    return _conflict(heard) is not None


def _conflict(heard: Heard) -> Contradiction | None:
    resume = heard.turn.brief.resume
    if resume is None:
        return None
    return next(iter(find_contradictions(heard.turn.event.text, resume, f"{heard.turn.now:%Y-%m}")), None)


def _missing_situation(heard: Heard, _: Trigger) -> bool:
    opening = " ".join(re.split(r"(?<=[.!?])\s+", heard.text)[:3])
    placed = re.search(WHERE_AND_WHEN, opening, re.IGNORECASE) and re.search(TOLD, opening, re.IGNORECASE)
    return not heard.parts & {"situation", "task"} and not placed


def _missing_action(heard: Heard, _: Trigger) -> bool:
    return "action" not in heard.parts


def _missing_result(heard: Heard, _: Trigger) -> bool:
    told = any(p.id in OUTCOMES and p.state == "met" for p in heard.seen.points)
    return "result" not in heard.parts and not told


def _we_heavy(heard: Heard, trigger: Trigger) -> bool:
    team = heard.seen.team_words
    return team >= trigger.words and team > trigger.ratio * max(1, heard.seen.own_words)


def _no_measure(heard: Heard, _: Trigger) -> bool:
    return "result" in heard.parts and not heard.seen.measures


def _vague(heard: Heard, _: Trigger) -> bool:
    return not heard.seen.names and not heard.seen.measures


def _always(_: Heard, __: Trigger) -> bool:
    return True


def _style(heard: Heard, _: Trigger) -> bool:
    """After a strong answer was taken deeper once, the interviewer's own way of asking on."""
    return "strong" in heard.root.probes


_CALLED: Final[dict[str, Callable[[Heard, Trigger], bool]]] = {
    "off_topic": _off_topic,
    "too_short": _too_short,
    "hypothetical": _hypothetical,
    "contradiction": _contradiction,
    "missing_situation": _missing_situation,
    "missing_action": _missing_action,
    "missing_result": _missing_result,
    "we_heavy": _we_heavy,
    "no_measure": _no_measure,
    "vague": _vague,
    "strong": _always,
    "style": _style,
}


# what is said


def word_about(turn: Turn, root: Root, item: Item, seen: Observation, when: str, quote: str) -> Probe:
    """A follow-up of this trigger that takes up words of the answer."""
    return _worded(Heard(turn, root, item, seen), when, Reference("word", quote))


def fits_item(trigger: Trigger, item: Item) -> bool:
    """Whether the trigger is for questions of this type and structure."""
    of_type = not trigger.types or item.type in trigger.types
    return of_type and (not trigger.structures or item.structure in trigger.structures)


def _worded(heard: Heard, when: str, about: Reference | None = None) -> Probe:
    turn = heard.turn
    lead: list[str] = []
    if turn.brief.spec.tone == "tough" and when not in ("strong", "style", "contradiction"):
        lead.append(turn.words.say("challenge"))
    elif turn.words.chance("acknowledge", 0.5):
        lead.append(turn.words.say("heard"))
    if when == "off_topic":
        item = heard.item
        question = item.variants.simple if item.variants else item.prompt
        return Probe(when, turn.words.say("off_topic", question=question), " ".join(lead))
    if when == "contradiction":
        conflict = _conflict(heard)
        if conflict is not None:
            text = turn.words.say("contradiction", resume=conflict.resume, said=conflict.said)
            return Probe(when, text, " ".join(lead), refers_to=conflict.said)
    own = _own_question(heard, when)
    # The item's own follow-up has its subject; words of the answer before it would promise another one.
    taken = about or (None if own else _taken_up(heard, when))
    if taken is not None:
        lead.append(turn.words.say("refer", taken.kind, ref=taken.words))
    question = own or _question(heard, when)
    if _opening(" ".join([*lead, question])) == _opening(turn.state.last_probe_words):
        lead.insert(0, turn.words.say("heard"))
    return Probe(when, question, " ".join(lead), refers_to=taken.words if taken else "")


def _opening(text: str) -> list[str]:
    return text.lower().split()[:3]


WORDED_AS: Final[dict[str, str]] = {
    "system_design": "technical", "coding": "technical", "case": "situational",
}  # fmt: skip
"""Types that are asked on in the words of another type."""


def _own_question(heard: Heard, when: str) -> str:
    """The item's own follow-up for this trigger, else its deeper variant after a strong answer, else nothing."""
    item = heard.item
    own = next(
        (f.ask for f in item.followups if f.when.replace("missing.", "missing_") == when or f.when == when),
        "",
    )
    if own and own not in heard.root.asked:
        return own
    if when == "strong" and item.variants and item.variants.deeper not in heard.root.asked:
        return item.variants.deeper
    return ""


def _question(heard: Heard, when: str) -> str:
    """The persona's words for this trigger, or those for the type of question."""
    turn = heard.turn
    kind = WORDED_AS.get(heard.item.type, heard.item.type)
    slot = "strong" if when == "style" else when
    variants = turn.brief.library.lines[slot]
    if turn.floor in variants and (when == "style" or turn.words.chance("persona", 0.5)):
        return turn.words.say(slot, turn.floor)
    return turn.words.say(slot, kind if kind in variants else "any")


def _taken_up(heard: Heard, when: str) -> Reference | None:
    """What the probe names: a claim of the answer when the trigger asks for proof, else a name, thing or number.
    Never the same words twice in a session."""
    taken = {words.lower() for words in heard.turn.state.referred}
    for reference in (*_claims(heard, when), *_named(heard, when)):
        if reference.words.lower() not in taken:
            return reference
    return None


def _claims(heard: Heard, when: str) -> Iterator[Reference]:
    probes = heard.turn.brief.library.probes
    text = heard.text
    if when == "we_heavy":
        for match in re.finditer(r"\bwe\s+([a-z']+)", text, re.IGNORECASE):
            if match.group(1).lower() not in probes.dull_verbs:
                yield Reference("word", f"we {match.group(1)}")
    for claim in sorted(probes.claims.get(when, []), key=len, reverse=True) if when in probes.claims else ():
        if match := re.search(rf"\b{re.escape(claim)}\b", text, re.IGNORECASE):
            yield Reference("word", match.group(0))


def _named(heard: Heard, when: str) -> Iterator[Reference]:
    whole = replace(heard.root, observation=heard.seen)
    for reference in references(whole, heard.turn.brief.library.nouns, heard.text):
        if reference.kind != "number" or when in ("strong", "style", "missing_action", "missing_situation"):
            yield reference
