"""What the set-up offers: only what the bank can carry for the role and level at hand."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import get_args

from pydantic import BaseModel

from greenroom.engines.estimates import estimate
from greenroom.engines.schemas import Estimate
from greenroom.interviews.plan import carries
from greenroom.interviews.schemas import InterviewCreate, Minutes, Plan, Timing
from greenroom.library import catalog
from greenroom.library.schemas import InterviewType, Level
from greenroom.library.taxonomy import Tone
from greenroom.providers.llm.base import Purpose
from greenroom.providers.llm.engine import Engine


class RoleOption(BaseModel):
    slug: str
    title: str
    family: str


class Offer(BaseModel):
    """The choices of the set-up for one role and level."""

    roles: list[RoleOption]
    levels: list[Level]
    types: list[InterviewType]
    minutes: list[Minutes]
    panels: list[int]
    tones: list[Tone]
    timings: list[Timing]


@lru_cache(maxsize=512)
def _carried(role: str, level: Level, _: catalog.Version) -> tuple[tuple[InterviewType, Minutes], ...]:
    library = catalog.load()
    return tuple(
        (kind, minutes)
        for kind in library.blueprints.types
        for minutes in get_args(Minutes)
        if carries(InterviewCreate(role=role, level=level, type=kind, minutes=minutes), library)
    )


def list_choices(role: str, level: Level) -> Offer:
    """The offer for a role (slug, alias or free title) and level."""
    library = catalog.load()
    carried = _carried(
        library.find_role(role).role.slug if role.strip() else "backend", level, catalog.version()
    )
    return Offer(
        roles=[RoleOption(slug=r.slug, title=r.title, family=r.family) for r in library.roles.values()],
        levels=list(get_args(Level)),
        types=[kind for kind in library.blueprints.types if any(kind == k for k, _ in carried)],
        minutes=[minutes for minutes in get_args(Minutes) if any(minutes == m for _, m in carried)],
        panels=[1, 2, 3, 4],
        tones=list(get_args(Tone)),
        timings=list(get_args(Timing)),
    )


def estimate_plan(
    plan: Plan, engines: Mapping[Purpose, Sequence[Engine]], agreed: Collection[str], budget_usd: float
) -> Estimate:
    """What the models of a session of this plan are likely to cost."""
    questions = sum(block.kind == "core" for block in plan.blocks)
    return estimate(
        engines, agreed, questions=questions, follow_ups=plan.probes_max, budget_usd=budget_usd,
        descriptions=int(plan.scenario == "own"),
    )  # fmt: skip
