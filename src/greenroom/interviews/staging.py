"""What a model reads out of an own description, made into a scene: its words stand in the description. Pure.

A model points: at the words that name the points and the people, and at entries of closed lists. No word of its own
gets into a plan, so a captured one can choose odd words of the person's own and nothing else.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from greenroom.answers.lexicon import FUNCTION_WORDS
from greenroom.documents.hidden import find_commands
from greenroom.interviews.description import CAST, TOPIC_WORDS, TOPICS, address, set_scene
from greenroom.interviews.spoken import fault_so_far
from greenroom.kit.quotes import locate
from greenroom.library.scenes import AgendaItem, Reading, Scene, Stakeholder

INTERESTS: Final[Mapping[str, str]] = {
    "need": "what the problem is, and why now",
    "evidence": "how one knows",
    "cost": "money, and what one gets for it",
    "objection": "why one should not do it",
    "alternatives": "other ways",
    "people": "what it means for those who do the daily work",
    "risk": "what can go wrong",
    "timing": "when, and in which order",
    "commitment": "what is wanted from those in the room",
    "customer": "what those it is done for notice",
    "measure": "how one sees that it worked",
    "fallback": "what to do with half of it",
}
"""What a model may choose for people to ask about, in the words it is asked in."""
PERSONAS: Final[Mapping[str, str]] = {
    "hiring_manager": "decides",
    "peer": "has to live with what is decided",
    "bar_raiser": "looks at it from outside, and hard",
    "hr": "looks after the people",
}
QUOTE_WORDS: Final = 30
OF_A_POINT: Final = 4
OF_A_PERSON: Final = 3
"""The most interests of a point and of a person; three leave enough for each of four."""

_CALL = re.compile(r"[_=]|\w\(")


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PointSaid(_Said):
    """A point as a model names it."""

    quote: str = Field(max_length=400, description="words in a row, copied exactly from the description")
    name: str = Field(max_length=120, description="one to nine words in a row of the quote")
    interests: list[str] = Field(default_factory=list[str], max_length=12)


class PersonSaid(PointSaid):
    """Somebody at the table as a model names them."""

    persona: str = Field(default="", max_length=40)


class SceneSaid(_Said):
    """What a model reads out of a description."""

    kind: Literal["meeting", "presentation"]
    points: list[PointSaid] = Field(max_length=TOPICS)
    people: list[PersonSaid] = Field(default_factory=list[PersonSaid], max_length=len(CAST))


@dataclass(frozen=True)
class Checks:
    """What the words are held against: our own instructions, and patterns of what nobody is asked about."""

    instructions: str
    protected: Collection[str]


@dataclass(frozen=True)
class _Named:
    """Words of the description that name something, spoken to who wrote them, and those around them."""

    name: str
    quote: str
    interests: tuple[str, ...]
    persona: str = ""


def make_scene(
    said: SceneSaid, text: str, shown: str, rules: Reading, checks: Checks, engine: str
) -> Scene | None:
    """The scene of what a model said of a description (`text`; `shown` is what the model got of it). Points and
    people that do not stand in it are left out; None when no point is left."""
    points = _distinct([found for one in said.points if (found := _find(one, shown, checks))])
    if not points:
        return None
    people = _distinct(
        [found for one in said.people if (found := _find(one, shown, checks)) and _fit(found.quote, checks)]
    )
    order = [*rules.order, *(name for name in INTERESTS if name not in rules.order)]
    agenda = [
        AgendaItem(title=f"{one.name[:1].upper()}{one.name[1:]}", topic=one.name, interests=interests)
        for one, interests in zip(
            points, _share([p.interests[:OF_A_POINT] for p in points], order), strict=True
        )
    ]
    presents = said.kind == "presentation"
    note = _explain(points, people, engine, presents=presents)
    return set_scene(text, agenda, _cast(people, rules, order), note, presents=presents)


def _find(said: PointSaid, shown: str, checks: Checks) -> _Named | None:
    """The words where they stand; None when they stand nowhere, or cannot be said by anybody here."""
    place = locate(shown, said.quote)
    if place is None:
        return None
    quote = " ".join(shown[place[0] : place[1]].split()).strip(" -–•*.,;:")
    wanted = [re.escape(word) for word in said.name.strip(" -–•*.,;:\"'").split()]
    named = re.search(rf"(?<!\w){' '.join(wanted)}(?!\w)", quote, re.IGNORECASE)
    if not 0 < len(wanted) <= TOPIC_WORDS or named is None or len(quote.split()) > QUOTE_WORDS:
        return None
    words = named.group().split()
    name = address([words[0].lower() if words[0].lower() in FUNCTION_WORDS else words[0], *words[1:]])
    if not _tells(words) or not _fit(name, checks):
        return None
    interests = tuple(dict.fromkeys(name for name in said.interests if name in INTERESTS))
    return _Named(name, quote, interests, said.persona if isinstance(said, PersonSaid) else "")


def _tells(words: Sequence[str]) -> bool:
    return any(len(word) > 2 and word.lower() not in FUNCTION_WORDS and word[0].isalpha() for word in words)


def _fit(words: str, checks: Checks) -> bool:
    """Whether the panel may say them: no markup, code, verdict, order or recital, and nothing nobody is asked about."""
    spoken = f"about {words}"  # a number may begin it
    asked = address(words.split()).lower()
    return (
        fault_so_far(spoken, checks.instructions) is None
        and not _CALL.search(words)
        and not find_commands(words)
        and not any(re.search(pattern, asked) for pattern in checks.protected)
    )


def _distinct(found: Sequence[_Named]) -> list[_Named]:
    return list({one.name.casefold(): one for one in reversed(found)}.values())[::-1]


def _share(wanted: Sequence[Sequence[str]], order: Sequence[str]) -> list[list[str]]:
    """Interests for each, none twice: one for everybody first, of their own where it is free, then the rest."""
    given: list[list[str]] = [[] for _ in wanted]
    taken: set[str] = set()

    def give(at: int, names: Sequence[str], most: int) -> None:
        free = [name for name in names if name not in taken][:most]
        given[at] += free
        taken.update(free)

    for at, names in enumerate(wanted):
        give(at, names, 1)
    for at, mine in enumerate(given):
        if not mine:
            give(at, order, 1)
    for at, names in enumerate(wanted):
        give(at, names, len(names))
    return given


def _cast(people: Sequence[_Named], rules: Reading, order: Sequence[str]) -> list[Stakeholder]:
    """Those who are named, then others, each with a persona of their own; every interest has an owner."""
    others = [
        _Named(title, "", ()) for title in rules.others if title not in {person.name for person in people}
    ]
    seats = [*people, *others][: len(CAST)]
    free = [slug for slug in CAST if slug not in {seat.persona for seat in seats}]
    personas: list[str] = []
    for seat in seats:
        wanted = seat.persona in CAST and seat.persona not in personas
        personas.append(seat.persona if wanted else free.pop(0))
    owned = _share([seat.interests[:OF_A_PERSON] for seat in seats], order)
    for name in order:
        if not any(name in interests for interests in owned):
            min(owned, key=len).append(name)
    return [
        Stakeholder.model_validate(
            {"persona": persona, "title": seat.name, "interests": interests, "brief": seat.quote}
        )
        for persona, seat, interests in zip(personas, seats, owned, strict=True)
    ]


def _explain(points: Sequence[_Named], people: Sequence[_Named], engine: str, *, presents: bool) -> str:
    kind = "a presentation" if presents else "a meeting"
    who = (
        f" At the table: {', '.join(one.name for one in people)}."
        if people
        else " Nobody in particular is named, so the table is made up."
    )
    return (
        f"Read out of your description by a model ({engine}): {kind} about {'; '.join(p.name for p in points)}.{who} "
        "Every point and person is in words of yours; what they ask about comes from our list."
    )
