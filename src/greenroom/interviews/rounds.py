"""Plans of an interview with several rounds: no question comes twice in one run through it. Pure."""

from collections import Counter
from collections.abc import Collection

from greenroom.interviews import plan as planning
from greenroom.interviews.leanings import Leanings
from greenroom.interviews.schemas import InterviewCreate, Plan
from greenroom.library.contents import Library
from greenroom.library.schemas import Item

SEEDS = 2**31


def build(
    spec: InterviewCreate, library: Library, *, seed: int, recent: Collection[str] = frozenset(),
    leanings: Leanings = planning.NONE,
) -> Plan:  # fmt: skip
    """The plan of the first round, with those of the rounds after it in `later`.

    Each round is planned as if the ones before it had used up their share of the bank, so that what is offered can
    be held. Raises NotOfferedError when the bank has too few questions for all rounds together.
    """
    plans: list[Plan] = []
    taken: set[str] = set()
    for number in range(1, spec.rounds + 1):
        own = spec.in_round(number)
        plan = build_round(
            own, library, seed=seed_of(seed, number), never=taken, recent=recent, leanings=leanings
        )
        plans.append(plan.model_copy(update={"round": number, "rounds": spec.rounds}))
        taken |= reserve(plan, library)
    return plans[0].model_copy(update={"later": plans[1:]})


def seed_of(seed: int, number: int) -> int:
    """The seed of a round: the panel does not greet twice in the same words."""
    return (seed + 7919 * (number - 1)) % SEEDS


def build_round(
    spec: InterviewCreate, library: Library, *, seed: int, never: Collection[str], recent: Collection[str],
    leanings: Leanings = planning.NONE,
) -> Plan:  # fmt: skip
    """The plan of one round without the items of `never`, and without recent ones where the bank has others.

    Raises NotOfferedError when too few are left.
    """
    try:
        return planning.build(spec, library, seed=seed, recent={*never, *recent}, leanings=leanings)
    except planning.NotOfferedError:
        return planning.build(spec, library, seed=seed, recent=never, leanings=leanings)


def reserve(plan: Plan, library: Library) -> set[str]:
    """As many items of each competency as the plan asks, and its opening and closing: what a round uses up."""
    needed = Counter(block.competency for block in plan.blocks if block.kind == "core")
    found: set[str] = set()
    for competency, count in needed.items():
        fitting = [key for key in plan.pool if _is_core(library.items[key]) and library.items[key].competency == competency]  # fmt: skip
        found.update(fitting[:count])
    for kind in ("opening", "closing"):
        found.update([key for key in plan.pool if library.items[key].type == kind][:1])
    return found


def without(plan: Plan, asked: Collection[str], library: Library) -> Plan | None:
    """The plan without what was asked in the rounds before; None when some competency has too few items left."""
    left = {key: content_hash for key, content_hash in plan.pool.items() if key not in asked}
    items = [library.items[key] for key in left if key in library.items]
    ready = Counter(item.competency for item in items if _is_core(item))
    needed = Counter(block.competency for block in plan.blocks if block.kind == "core" and block.competency)
    kinds = {item.type for item in items}
    if any(ready[competency] < count for competency, count in needed.items()) or not kinds >= {
        "opening",
        "closing",
    }:
        return None
    return plan.model_copy(update={"pool": left})


def _is_core(item: Item) -> bool:
    return item.type not in ("opening", "closing")
