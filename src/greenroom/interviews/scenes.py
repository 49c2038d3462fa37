"""Running orders of meetings and presentations: an agenda, the people at the table and what each of them wants to
know. Pure.

A scene comes from the library, or is read out of the person's own description (interviews.description); whatever
makes one, this builds the plan. The questions are the library's, one for each interest, with the agenda's words in
them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from greenroom.answers.lexicon import FUNCTION_WORDS
from greenroom.interviews import description
from greenroom.interviews.pacing import TABLE, TALKS, Pace
from greenroom.interviews.schemas import InterviewCreate, PersonaCard, Plan, PlanBlock, PlanScene
from greenroom.library.contents import Library
from greenroom.library.scenes import Scene, Stakeholder
from greenroom.library.schemas import Item
from greenroom.library.taxonomy import PersonaSlug

TALK: Final = "presentation"
QUESTIONS: Final = "meeting"


@dataclass(frozen=True)
class Point:
    """One question to come: where on the agenda it belongs, what it speaks of, its item and who asks."""

    at: int
    title: str
    topic: str
    item: Item
    persona: PersonaSlug


def find_scene(spec: InterviewCreate, library: Library) -> Scene:
    """The scene of a spec: read out of its own description, the library's that it names, or the first of its kind.

    Raises KeyError when the library has none of this name and kind.
    """
    if spec.scenario == "own":
        return description.read(spec.description, library.described, library.nouns)
    if spec.scene:
        scene = library.scenes[spec.scene]
        if scene.scenario != spec.scenario:
            raise KeyError(spec.scene)
        return scene
    return next(scene for scene in library.scenes.values() if scene.scenario == spec.scenario)


def interests(library: Library) -> dict[str, list[Item]]:
    """The library's questions by the interest they serve (`mtg.cost.001` serves `cost`), sorted by id."""
    found: dict[str, list[Item]] = {}
    for _, item in sorted(library.items.items()):
        if item.type == QUESTIONS:
            found.setdefault(interest_of(item), []).append(item)
    return found


def interest_of(item: Item) -> str:
    """The interest that a question of meetings serves."""
    return item.id.split(".")[1]


def build(
    spec: InterviewCreate, scene: Scene, library: Library, *, seed: int, recent: Collection[str] = frozenset()
) -> Plan:
    """The plan of a meeting or a presentation. `recent` interests come later, where the agenda leaves a choice."""
    pace = (TALKS if scene.presents else TABLE)[spec.minutes]
    panel = [_card(stakeholder, library) for stakeholder in scene.cast[: spec.panel]]
    points = _points(scene, library, panel, pace.questions, seed, frozenset(recent))
    talk = _talk(library) if scene.presents else None
    items = [*([talk] if talk else []), *(point.item for point in points)]
    return Plan(
        seed=seed, minutes=spec.minutes, type=spec.type, level=spec.level, role=scene.slug, role_title=scene.title,
        blocks=_blocks(scene, pace, points, talk, panel[0].slug, library.described.sides), panel=panel, probes_max=pace.probes,
        pool={item.id: library.hashes[item.id] for item in sorted(items, key=lambda item: item.id)},
        notes=list(scene.notes), scenario=spec.scenario,
        scene=PlanScene(
            slug=scene.slug, presents=scene.presents, you=scene.you, situation=scene.situation, opening=scene.opening,
            invitation=scene.invitation, facts=list(scene.facts),
        ),
    )  # fmt: skip


def _card(stakeholder: Stakeholder, library: Library) -> PersonaCard:
    persona = library.personas[stakeholder.persona]
    return PersonaCard(
        slug=persona.slug, name=persona.name, role=stakeholder.title, portrait=persona.portrait
    )


def _talk(library: Library) -> Item:
    return next(item for _, item in sorted(library.items.items()) if item.type == TALK)


def _points(
    scene: Scene, library: Library, panel: list[PersonaCard], wanted: int, seed: int, recent: frozenset[str]
) -> list[Point]:
    """As many questions as there is time for, in the order of the agenda, every interest once.

    Each agenda item gets one question before any gets a second; which of its interests comes first is the seed's.
    """
    rng = Random(f"{seed}:agenda")
    order = [*library.described.order, *sorted(interests(library))]
    stock = interests(library)
    seats: list[PersonaSlug] = [card.slug for card in panel]
    queues: list[list[str]] = []
    for entry in scene.agenda:
        rest = list(entry.interests)
        rng.shuffle(rest)
        queues.append(sorted(rest, key=lambda interest: _asked(stock[interest], recent)))
    spare = [interest for interest in sorted(stock) if not any(interest in queue for queue in queues)]
    chosen: list[tuple[int, str]] = []
    while len(chosen) < wanted and any(queues):
        for at, queue in enumerate(queues):
            used = {interest for _, interest in chosen}
            following = next((interest for interest in queue if interest not in used), None)
            queue[:] = [interest for interest in queue if interest not in used and interest != following]
            if following is not None and len(chosen) < wanted:
                chosen.append((at, following))
    chosen += [(len(scene.agenda) - 1, interest) for interest in spare[: max(0, wanted - len(chosen))]]
    return [
        Point(
            at, scene.agenda[at].title, scene.agenda[at].topic, stock[interest][0],
            _asker(scene, interest, seats, nth),
        )
        for nth, (at, interest) in enumerate(sorted(chosen, key=lambda pair: (pair[0], order.index(pair[1]))))
    ]  # fmt: skip


def _asked(items: list[Item], recent: frozenset[str]) -> bool:
    return all(item.id in recent for item in items)


def _asker(scene: Scene, interest: str, seats: Sequence[PersonaSlug], nth: int) -> PersonaSlug:
    """Whose interest it is; whoever is not at the table is spoken for by the others in turn."""
    owners: list[PersonaSlug] = [
        one.persona for one in scene.cast if interest in one.interests and one.persona in seats
    ]
    return (owners or seats)[nth % len(owners or seats)]


def _explain(point: Point, who: Stakeholder, side: str) -> str:
    """Why this is asked: whose interest it is, and what an own description says of them."""
    named = who.title if who.title.split()[0].lower() in FUNCTION_WORDS else f"the {who.title}"
    told = f" (“{who.brief}”)" if who.brief else ""
    return f"{point.title}: {named}{told} cares about {side}."


def _blocks(
    scene: Scene,
    pace: Pace,
    points: list[Point],
    talk: Item | None,
    first: PersonaSlug,
    sides: Mapping[str, str],
) -> list[PlanBlock]:
    begin, warm_up, core = 60 * pace.opening, 60 * pace.warm_up, 60 * pace.core
    blocks = [PlanBlock(kind="opening", start_s=0, seconds=begin, persona=first, title="Opening")]
    if talk is None:
        blocks.append(
            PlanBlock(kind="warm_up", start_s=begin, seconds=warm_up, persona=first, title="Your opening")
        )
    else:
        blocks.append(
            PlanBlock(
                kind="core", start_s=begin, seconds=warm_up, persona=first, competency=talk.competency,
                title="Your presentation", item=talk.id, topic=scene.subject,
                talk=True, importance=9, why="The presentation itself: its point, its evidence and its request.",
            )
        )  # fmt: skip
    start = begin + warm_up
    for number, point in enumerate(points):
        seconds = core // len(points)
        who = next(one for one in scene.cast if one.persona == point.persona)
        interest = interest_of(point.item)
        side = sides.get(interest, interest.replace("_", " "))
        blocks.append(
            PlanBlock(
                kind="core", start_s=start, seconds=seconds, persona=point.persona, item=point.item.id, topic=point.topic,
                aspect=interest, side=side, competency=point.item.competency, title=point.title, importance=round(3 - 0.1 * number, 2),
                why=_explain(point, who, side),
            )
        )  # fmt: skip
        start += seconds
    start = begin + warm_up + core
    ask, end = 60 * pace.candidate_questions, 60 * pace.close
    return [
        *blocks,
        PlanBlock(
            kind="candidate_questions", start_s=start, seconds=ask, persona=first, title="Your questions"
        ),
        PlanBlock(kind="close", start_s=start + ask, seconds=end, persona=first, title="Close"),
    ]
