"""Answers the candidate's own questions: from the job description and company notes, then from the persona, else
says plainly that it is not known. Nothing is invented."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from greenroom.interviews.brief import Brief
from greenroom.interviews.schemas import PersonaSlug
from greenroom.interviews.selection import words
from greenroom.interviews.wording import Wording

LONGEST: Final = 260
TOPICS: Final[dict[str, str]] = {
    "success": r"succe(ss|ed)|first (weeks?|months?|year|90 days|three months)|expect|good look|measure|goals?",
    "management": r"manage|boss|lead(er|ing)? style|feedback|one.to.one|supervis",
    "priorities": r"priorit|focus|challenge|problem|most important|at the moment|goal of the (team|department)",
    "process": r"next step|what happens (next|after|now)|when (will|do|can) (i|we) hear|timeline|decision|process",
    "hiring": r"how (do|will|are) you (decide|judge|score|choose|select|compare)|look for|criteria",
    "onboarding": r"onboard|start(ing)? out|first day|introduc|settle in|mentor",
    "stack": r"stack|tools?|technolog|languages?|framework|equipment|software|systems?",
    "quality": r"quality|review|test(ing|s)?|mistakes?|incident|error|standard|safety",
    "learning": r"learn|train|course|grow|develop|career|progress|promot",
    "role_of_panel": r"your role|why are you|what do you do|who are you|your part",
    "day": r"typical day|usual day|day.to.day|daily|day look|ordinary (day|week)|typical week",
    "team": r"team|colleagues?|culture|people|work(ing)? together|atmosphere|who would i (work|share|sit)",
    "hardest": r"hard(est)?|difficult|like (best|most|least)|enjoy|favou?rite|why (do|did) you (stay|join|work)",
}
"""How a question about each topic of the personas' facts sounds."""


_REPORTING: Final = re.compile(
    r"\breport(s|ing)? (directly )?(to|into)\b|\bline manager\b|"
    r"\bwho('s| is| will be| would be|'ll be)? (my|the|your new) (direct |future |new )?(boss|manager|supervisor|lead)\b"
)
"""A reporting line is a fact: read out where the job description has it, never guessed."""

_FIGURE: Final = re.compile(
    r"\bhow (many|much|often|long|big|large|late|early|far)\b|\bsalar(y|ies)\b|\bpay\b|\bwages?\b|\bbonus\b|\bpension\b|"
    r"\bholidays?\b|\bparking\b|\brota\b|\bon.call\b|\bshifts?\b|\bovertime\b|\bbudget\b|\bcontract\b|\bhours\b"
)
"""So is whatever has an amount or stands in a contract."""
_ABOUT_THIS: Final[dict[str, re.Pattern[str]]] = {
    "answer_report": re.compile(
        r"\bhow (did|have|was|am) i (do|done|doing)?\b|\b(did|have|do|will|would) i (get|got|pass|passed|succeed|make it)\b|"
        r"\bmy (score|result|level|grade|feedback|report|performance)\b|\bwas (i|that|it) (good|ok|okay|bad|enough)\b|"
        r"\bany feedback (for me|on (me|my))\b"
    ),
    "answer_machine": re.compile(
        r"\bare (you|u) (really |actually |just )?(a |an )?(real|human|person|people|bots?|robots?|ai|machine|computer|program|chatbot|"
        r"language model|llm)\b|\bam i (talking|speaking|writing) (to|with) (a |an )?(real|human|person|bot|robot|ai|machine|computer|"
        r"program)\b|\bwho (made|built|programmed) you\b"
    ),
}
"""Questions about the practice itself, by the slot that answers them."""


def reply(
    brief: Brief, question: str, floor: PersonaSlug, say: Wording, *, already: int, earlier: Sequence[str]
) -> str:
    """The panel's answer to a question of the candidate. `already` counts the questions before; `earlier` are the
    answers given to them: who asks the same again hears that it is the same."""
    folded = question.casefold()
    for slot, sound in _ABOUT_THIS.items():
        if sound.search(folded):
            return say.say(slot)
    facts = [*sentences(brief.spec.job_description), *brief.company_facts]
    unknown = "answer_unknown" if brief.spec.scenario == "interview" else "answer_unknown_meeting"
    written = _written(question, facts)
    if written:
        return say.say("answer_from_job", fact=written)
    if _REPORTING.search(folded):
        line = next((fact for fact in facts if _REPORTING.search(fact.casefold())), "")
        return say.say("answer_from_job", fact=line) if line else say.say(unknown)
    told = "" if _FIGURE.search(folded) else _told(brief, question, floor, already)
    if told:
        again = any(told in answer for answer in earlier)
        return say.say("answer_again" if again else "answer_from_persona", fact=told)
    return say.say(unknown)


def sentences(text: str) -> list[str]:
    """Sentences and list lines of a text that are short enough to be read out."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    return [part.strip(" \t-*•·") for part in parts if 20 <= len(part.strip()) <= LONGEST]


def _written(question: str, facts: Iterable[str]) -> str:
    asked = words(question)
    if not asked:
        return ""
    best, score = "", 0.0
    for fact in facts:
        shared = asked & words(fact)
        overlap = len(shared) / len(asked)
        if shared and overlap > score:
            best, score = fact, overlap
    return best if score >= 0.5 else ""


def _told(brief: Brief, question: str, floor: PersonaSlug, already: int) -> str:
    folded = question.casefold()
    wanted = [topic for topic, sound in TOPICS.items() if re.search(rf"\b({sound})", folded)]
    speakers: list[PersonaSlug] = [floor, *[card.slug for card in brief.plan.panel if card.slug != floor]]
    for topic in wanted:
        for slug in speakers:
            told = brief.persona(slug).facts.get(topic)
            if told:
                text = told[already % len(told)]
                return text if slug == floor else f"{brief.first_name(slug)} would say this. {text}"
    return ""
