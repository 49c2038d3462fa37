"""Scenes: meetings and presentations to practise, with agenda, people and what each of them wants to know."""

from collections.abc import Collection, Mapping
from typing import Literal

from pydantic import Field

from greenroom.library.schemas import Slug, Strict, Text
from greenroom.library.taxonomy import PersonaSlug

SHORTEST_SITUATION = 200


class Stakeholder(Strict):
    """Somebody at the table, played by one of our personas. `interests` are what their questions are about, `brief` is
    what an own description says of them."""

    persona: PersonaSlug
    title: Text
    interests: list[Slug] = Field(min_length=1)
    brief: str = ""


class AgendaItem(Strict):
    """A point of the agenda. `topic` stands in questions: "What would {topic} cost us?"."""

    title: Text
    topic: Text
    interests: list[Slug] = Field(min_length=1)


class Scene(Strict):
    """A meeting or a presentation. `you` is the person's part, `situation` the facts they may use, `invitation` the
    words that give them the floor, `facts` what the table answers to their questions."""

    slug: Slug
    scenario: Literal["meeting", "presentation", "own"]
    title: Text
    field: Text
    you: Text
    subject: Text
    situation: Text
    opening: Text
    invitation: Text
    facts: list[Text] = Field(default_factory=list[Text])
    cast: list[Stakeholder] = Field(min_length=2, max_length=4)
    agenda: list[AgendaItem] = Field(min_length=1, max_length=6)
    presents: bool = False
    notes: list[Text] = Field(default_factory=list[Text])


class Reading(Strict):
    """How an own description is read (library/described.yaml)."""

    presents: list[Text]
    cues: list[Text]
    ends: list[Text]
    people: dict[str, Text]
    others: list[Text] = Field(min_length=4)
    interests: dict[Slug, list[Text]]
    order: list[Slug]
    sides: dict[Slug, Text]


def check_scenes(scenes: Mapping[str, Scene], interests: Collection[str]) -> list[tuple[str, str]]:
    """(slug, what is wrong) of every scene: interests nobody asks about, people without a seat, thin situations."""
    wrong: list[tuple[str, str]] = []
    for slug, scene in scenes.items():
        named = {interest for entry in scene.agenda for interest in entry.interests}
        owned = [interest for one in scene.cast for interest in one.interests]
        wrong += [
            (slug, f"there is no question about {name!r}")
            for name in sorted({*named, *owned} - set(interests))
        ]
        wrong += [(slug, f"nobody at the table owns {name!r}") for name in sorted(named - set(owned))]
        if len(owned) != len(set(owned)):
            wrong.append((slug, "an interest has two owners"))
        if len({one.persona for one in scene.cast}) != len(scene.cast):
            wrong.append((slug, "one persona sits on two chairs"))
        if len(scene.situation) < SHORTEST_SITUATION:
            wrong.append((slug, "the situation gives too little to speak of"))
        if scene.presents != (scene.scenario == "presentation"):
            wrong.append((slug, "a presentation presents, a meeting does not"))
    return wrong
