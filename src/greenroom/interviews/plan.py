"""Builds the running order of an interview from the library, and says which interviews the bank can carry."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import Final, get_args

from greenroom.interviews.leanings import Leanings, explain
from greenroom.interviews.pacing import TABLE, Pace
from greenroom.interviews.schemas import InterviewCreate, Minutes, PersonaCard, PersonaSlug, Plan, PlanBlock
from greenroom.library.contents import Library, RoleMatch
from greenroom.library.schemas import Competency, InterviewType, Item, ItemType, Level
from greenroom.library.taxonomy import Persona, TypePlan

NONE: Final[Leanings] = {}
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
MINUTES: Final[tuple[Minutes, ...]] = get_args(Minutes)
REPEAT_FREE: Final[dict[int, int]] = {15: 3, 30: 3, 45: 2, 60: 2}
"""How many sessions in a row the bank must carry without a repeated question."""
SHORT_S: Final = 200
"""What a short question beside a long task takes."""
CRAFT: Final[frozenset[Competency]] = frozenset({"role_knowledge"})
JITTER: Final = 0.6
"""How far a seed may shift a competency's weight: practising again is not the same interview."""


class NotOfferedError(ValueError):
    """The bank has too few questions for this role, level, type and length; `minutes` and `types` are what it has."""

    def __init__(
        self, spec: InterviewCreate, title: str, types: list[InterviewType], minutes: list[Minutes]
    ) -> None:
        kind = spec.type.replace("_", " ")
        super().__init__(f"There are not enough {kind} questions for {title} at {spec.minutes} minutes yet.")
        self.types, self.minutes = types, minutes


@dataclass(frozen=True)
class Combination:
    """An interview that can be had: role slug, level, type and minutes."""

    role: str
    level: Level
    type: InterviewType
    minutes: Minutes


@dataclass(frozen=True)
class Slot:
    """One core question to come: its competency, how much it matters, and the items that can fill it."""

    competency: Competency
    importance: float
    items: tuple[str, ...]
    seconds: int = 0


def near(level: Level) -> set[Level]:
    """The level and its neighbours."""
    at = LEVELS.index(level)
    return set(LEVELS[max(0, at - 1) : at + 2])


def fits_role(item: Item, match: RoleMatch) -> bool:
    """Whether an item is meant for everyone, for the family, or (when the role is known) for the role itself."""
    wanted = {"*", f"family:{match.role.family}"} | ({match.role.slug} if match.known else set[str]())
    return not wanted.isdisjoint(item.roles)


Stocks = dict[ItemType, dict[Competency, list[str]]]
"""Ids of the items that may be asked, by type and competency, sorted."""


def stocks(library: Library, match: RoleMatch, level: Level) -> Stocks:
    """What may be asked of a role at a level (neighbouring levels included)."""
    levels = near(level)
    found: Stocks = {}
    for key, item in sorted(library.items.items()):
        if not levels.isdisjoint(item.levels) and fits_role(item, match):
            found.setdefault(item.type, {}).setdefault(item.competency, []).append(key)
    return found


def build(
    spec: InterviewCreate, library: Library, *, seed: int, recent: Collection[str] = frozenset(),
    leanings: Leanings = NONE,
) -> Plan:  # fmt: skip
    """The plan of an interview: blocks in order, panel, and every item that may be asked.

    `recent` are items asked in the person's last sessions; they stay out. Raises NotOfferedError when the
    bank cannot fill the blueprint with fresh questions (callers may then try again without `recent`).
    """
    match = library.find_role(spec.role)
    pace = TABLE[spec.minutes]
    stock = stocks(library, match, spec.level)
    slots = core_slots(spec, library, match, stock, seed=seed, recent=frozenset(recent), leanings=leanings)
    if not enough(slots, spec, library):
        raise NotOfferedError(spec, match.title, *_alternatives(spec, library))
    panel = [library.personas[slug] for slug in library.blueprints.types[spec.type].panel[: spec.panel]]
    owners = _owners([slot.competency for slot in slots], panel)
    return Plan(
        seed=seed,
        minutes=spec.minutes,
        type=spec.type,
        level=spec.level,
        role=match.role.slug,
        role_title=match.title,
        role_note=match.note,
        blocks=explain(_blocks(pace, _by_persona(slots, owners, panel), owners, panel[0], library), leanings),
        panel=[_card(persona, match) for persona in panel],
        probes_max=pace.probes,
        pool=_pool(slots, library, stock, recent),
        notes=[match.note] if match.note else [],
    )


def core_slots(
    spec: InterviewCreate,
    library: Library,
    match: RoleMatch,
    stock: Stocks,
    *,
    seed: int,
    recent: Collection[str],
    leanings: Leanings = NONE,
) -> list[Slot]:
    """The core questions by competency, most important first; fewer than planned when the bank runs dry."""
    pace = TABLE[spec.minutes]
    kind = library.blueprints.types[spec.type]
    weights = _weights(spec, library, match, seed)
    for competency, leaning in leanings.items():
        weights[competency] += leaning.weight
    ranked: list[Competency] = sorted(weights, key=lambda c: -weights[c])
    if kind.long_s:
        return _long_slots(kind, pace, stock, ranked, weights, recent)
    fresh: dict[Competency, list[str]] = {c: _fresh(kind, stock, c, spec.minutes, recent) for c in ranked}
    if not any(library.items[key].type in kind.item_types for keys in fresh.values() for key in keys):
        return []
    wanted: dict[Competency, int] = {}
    for competency, share in kind.shares.items():
        afford = len(fresh[competency]) // (1 if recent else REPEAT_FREE[spec.minutes])
        wanted[competency] = min(math.ceil(pace.questions * share), max(1, afford))
    _spread(wanted, ranked, fresh, pace)
    return [Slot(c, weights[c] - 2 * nth, tuple(fresh[c])) for c in ranked for nth in range(wanted.get(c, 0))]


def lengths(kind: TypePlan, pace: Pace) -> tuple[int, int]:
    """How many long tasks and how many short questions fill the core; no long one fits: (0, 0)."""
    if not kind.long_s:
        return 0, pace.questions
    long = 60 * pace.core // kind.long_s
    return (long, (60 * pace.core - long * kind.long_s) // SHORT_S) if long else (0, 0)


def enough(slots: list[Slot], spec: InterviewCreate, library: Library) -> bool:
    """Whether the slots are as many as an interview of this type and length has."""
    wanted = sum(lengths(library.blueprints.types[spec.type], TABLE[spec.minutes]))
    return 0 < wanted <= len(slots)


def _long_slots(
    kind: TypePlan,
    pace: Pace,
    stock: Stocks,
    ranked: list[Competency],
    weights: dict[Competency, float],
    recent: Collection[str],
) -> list[Slot]:
    """Long tasks by weight, as often as there are fresh ones, then short questions on other competencies."""
    long, short = lengths(kind, pace)
    slots: list[Slot] = []
    for competency in ranked:
        tasks = _unseen(stock, kind.item_types, competency, recent)
        slots += [
            Slot(competency, weights[competency] + 10 - nth, tuple(tasks), kind.long_s)
            for nth in range(min(len(tasks), long - len(slots)))
        ]
    if len(slots) < long:
        return []
    taken = {slot.competency for slot in slots}
    seconds = (60 * pace.core - long * kind.long_s) // max(1, short)
    for competency in ranked:
        keys = _unseen(stock, kind.fallback_types, competency, recent)
        if keys and competency not in taken and len(slots) < long + short:
            slots.append(Slot(competency, weights[competency], tuple(keys), seconds))
    return slots


def _unseen(
    stock: Stocks, types: Collection[ItemType], competency: Competency, recent: Collection[str]
) -> list[str]:
    return [key for type_ in types for key in stock.get(type_, {}).get(competency, []) if key not in recent]


def _spread(
    wanted: dict[Competency, int], ranked: list[Competency], stock: dict[Competency, list[str]], pace: Pace
) -> None:
    """Takes competencies by weight until the blueprint's number is reached, then second questions by weight."""
    for sharing in list(wanted):
        wanted[sharing] = min(wanted[sharing], len(stock[sharing]))
    for competency in ranked:
        full = sum(wanted.values()) >= pace.questions
        if full or len([c for c in wanted if wanted[c]]) >= pace.competencies:
            break
        if stock[competency] and not wanted.get(competency):
            wanted[competency] = 1
    for again in (*ranked, *ranked):
        if sum(wanted.values()) >= pace.questions:
            return
        if wanted.get(again) and len(stock[again]) > wanted[again]:
            wanted[again] += 1


def _weights(spec: InterviewCreate, library: Library, match: RoleMatch, seed: int) -> dict[Competency, float]:
    prints = library.blueprints
    weights = dict(prints.types[spec.type].weights)
    shifts = [prints.levels[spec.level], prints.families[match.role.family]]
    if match.known:
        shifts.append(prints.roles.get(match.role.slug, {}))
    for shift in shifts:
        for competency, by in shift.items():
            weights[competency] += by
    rng = Random(f"{seed}:blueprint")
    return {c: weight + rng.uniform(0, JITTER) for c, weight in sorted(weights.items())}


def _fresh(
    kind: TypePlan, stock: Stocks, competency: Competency, minutes: Minutes, recent: Collection[str]
) -> list[str]:
    """Fresh items of a competency: of the preferred type, filled up from the next one when there are few."""
    keys: list[str] = []
    for tier in _tiers(kind, competency):
        for type_ in tier:
            keys += [key for key in stock.get(type_, {}).get(competency, []) if key not in recent]
        if len(keys) >= REPEAT_FREE[minutes] or (keys and recent):
            break
    return keys


def _tiers(kind: TypePlan, competency: Competency) -> list[list[ItemType]]:
    own = kind.own_types.get(competency)
    return [[t] for t in own] if own else [kind.item_types, *([t] for t in kind.fallback_types)]


def _owners(competencies: list[Competency], panel: list[Persona]) -> dict[Competency, PersonaSlug]:
    """Who asks about what: who owns it first in their list, the less busy one when two do; nobody sits idle."""
    load: dict[PersonaSlug, int] = dict.fromkeys((p.slug for p in panel), 0)
    owners: dict[Competency, PersonaSlug] = {}
    different: list[Competency] = list(dict.fromkeys(competencies))
    for competency in different:
        costs = [_affinity(persona, competency) + 2 * load[persona.slug] for persona in panel]
        owner = panel[costs.index(min(costs))].slug
        owners[competency] = owner
        load[owner] += competencies.count(competency)
    for persona in panel[1:]:
        if load[persona.slug] == 0:
            _share_with(persona, owners, load)
    return owners


def _affinity(persona: Persona, competency: Competency) -> int:
    return persona.owns.index(competency) if competency in persona.owns else 20


def _share_with(
    persona: Persona, owners: dict[Competency, PersonaSlug], load: dict[PersonaSlug, int]
) -> None:
    movable: list[Competency] = [
        c for c, owner in owners.items() if len([o for o in owners.values() if o == owner]) > 1
    ]
    # The craft of the job stays with those who practise it; anything else can be asked by anybody.
    fitting: list[Competency] = [c for c in movable if c in persona.owns or c not in CRAFT]
    if not fitting:
        return
    best = min(fitting, key=lambda c: _affinity(persona, c))
    load[owners[best]] -= 1
    owners[best] = persona.slug
    load[persona.slug] += 1


def _by_persona(slots: list[Slot], owners: dict[Competency, PersonaSlug], panel: list[Persona]) -> list[Slot]:
    """Slots in speaking order: one interviewer after the other, inside by importance."""
    order = {persona.slug: at for at, persona in enumerate(panel)}
    return sorted(slots, key=lambda s: (order[owners[s.competency]], -s.importance))


def _blocks(
    pace: Pace,
    slots: list[Slot],
    owners: dict[Competency, PersonaSlug],
    first: Persona,
    library: Library,
) -> list[PlanBlock]:
    blocks = [
        PlanBlock(kind="opening", start_s=0, seconds=60 * pace.opening, persona=first.slug, title="Opening"),
        PlanBlock(
            kind="warm_up",
            start_s=60 * pace.opening,
            seconds=60 * pace.warm_up,
            persona=first.slug,
            title="Warm-up",
        ),
    ]
    start = 60 * (pace.opening + pace.warm_up)
    evenly = 60 * pace.core // len(slots)
    for slot in slots:
        info = library.competencies[slot.competency]
        blocks.append(
            PlanBlock(
                kind="core",
                start_s=start,
                seconds=slot.seconds or evenly,
                persona=owners[slot.competency],
                competency=slot.competency,
                title=info.title,
                importance=round(slot.importance, 2),
                why=f"{info.title}: {info.why}.",
            )
        )
        start += slot.seconds or evenly
    start = 60 * (pace.opening + pace.warm_up + pace.core)
    ask, end = 60 * pace.candidate_questions, 60 * pace.close
    blocks.append(
        PlanBlock(
            kind="candidate_questions", start_s=start, seconds=ask, persona=first.slug, title="Your questions"
        )
    )
    blocks.append(
        PlanBlock(kind="close", start_s=start + ask, seconds=end, persona=first.slug, title="Close")
    )
    return blocks


def _card(persona: Persona, match: RoleMatch) -> PersonaCard:
    title = persona.titles.get(match.role.family, persona.title)
    return PersonaCard(slug=persona.slug, name=persona.name, role=title, portrait=persona.portrait)


def _pool(slots: list[Slot], library: Library, stock: Stocks, recent: Collection[str]) -> dict[str, str]:
    keys = {key for slot in slots for key in slot.items}
    kinds: tuple[ItemType, ...] = ("opening", "closing")
    for kind in kinds:
        found = [key for ids in stock.get(kind, {}).values() for key in ids]
        keys.update([key for key in found if key not in recent] or found)
    return {key: library.hashes[key] for key in sorted(keys)}


def carries(spec: InterviewCreate, library: Library, stock: Stocks | None = None) -> bool:
    """Whether the bank fills this interview's blueprint several times in a row without repeating a question."""
    match = library.find_role(spec.role)
    stock = stocks(library, match, spec.level) if stock is None else stock
    used: set[str] = set()
    for session in range(REPEAT_FREE[spec.minutes]):
        slots = core_slots(spec, library, match, stock, seed=session, recent=used)
        if not enough(slots, spec, library) or not _take(slots, used):
            return False
    return True


def _take(slots: list[Slot], used: set[str]) -> bool:
    for slot in slots:
        fresh = next((key for key in slot.items if key not in used), None)
        if fresh is None:
            return False
        used.add(fresh)
    return True


def offered(library: Library) -> frozenset[Combination]:
    """Every (role, level, type, minutes) the bank can carry; all others are not shown to anyone."""
    found: set[Combination] = set()
    for role in library.roles:
        match = library.find_role(role)
        for level in LEVELS:
            stock = stocks(library, match, level)
            for kind in library.blueprints.types:
                for minutes in MINUTES:
                    spec = InterviewCreate(role=role, level=level, type=kind, minutes=minutes)
                    if carries(spec, library, stock):
                        found.add(Combination(role, level, kind, minutes))
    return frozenset(found)


def _alternatives(spec: InterviewCreate, library: Library) -> tuple[list[InterviewType], list[Minutes]]:
    types: list[InterviewType] = [
        t for t in library.blueprints.types if carries(spec.model_copy(update={"type": t}), library)
    ]
    minutes: list[Minutes] = [m for m in MINUTES if carries(spec.model_copy(update={"minutes": m}), library)]
    return types, minutes
