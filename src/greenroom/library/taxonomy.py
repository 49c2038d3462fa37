"""Shapes of what the library knows beside questions: roles, competencies, personas, drills, blueprints, lines."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from greenroom.library.schemas import (
    Competency,
    DrillId,
    Family,
    InterviewType,
    ItemType,
    Level,
    Slug,
    Strict,
    Structure,
    Text,
)

Tone = Literal["friendly", "neutral", "tough"]
PersonaSlug = Literal["hr", "hiring_manager", "tech_lead", "bar_raiser", "peer"]


class FamilyInfo(Strict):
    """A family of roles. `workplace` completes "a day in …", `team` names who works there."""

    slug: Family
    title: Text
    keywords: list[Text] = Field(default_factory=list[Text])


class Role(Strict):
    """A job. `onet` is its O*NET-SOC 2019 code; `nearest` says that the code is the nearest fit, not the job itself."""

    slug: Slug
    title: Text
    family: Family
    onet: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{4}\.\d{2}$")]
    onet_title: Text
    nearest: bool = False
    aliases: list[Text] = Field(min_length=1)


class CompetencyInfo(Strict):
    """A competency. `topic` is how an interviewer speaks of it, `why` completes "asked because …"."""

    slug: Competency
    title: Text
    topic: Text
    description: Text
    why: Text


class Persona(Strict):
    """An interviewer: fictional, the same grading for all. `titles` by family, else `title`.

    `facts` answer the candidate's own questions in the persona's voice: topic -> sentence.
    """

    slug: PersonaSlug
    name: Text
    title: Text
    titles: dict[Family, Text] = Field(default_factory=dict[Family, Text])
    portrait: Slug
    voice: Slug
    tone: Tone
    style: Text
    owns: list[Competency] = Field(min_length=2)
    facts: dict[Slug, list[Text]]

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class Drill(Strict):
    """A short exercise of 2-5 minutes."""

    id: DrillId
    title: Text
    minutes: int = Field(ge=2, le=5)
    goal: Text
    steps: list[Text] = Field(min_length=2)
    example: Text
    tags: list[Text] = Field(default_factory=list[Text])


class TypePlan(Strict):
    """How an interview type is filled: weights of competencies, item types in order of preference, panel order.

    `shares` are competencies that take more than one question: the share of all core questions. With
    `long_s` the items of `item_types` are long tasks of that many seconds: as many as fit are asked, and
    short questions of `fallback_types` fill the rest.
    """

    title: Text
    item_types: list[ItemType] = Field(min_length=1)
    fallback_types: list[ItemType] = Field(default_factory=list[ItemType])
    weights: dict[Competency, float]
    own_types: dict[Competency, list[ItemType]] = Field(default_factory=dict[Competency, list[ItemType]])
    long_s: int = Field(default=0, ge=0)
    shares: dict[Competency, float] = Field(default_factory=dict[Competency, float])
    panel: list[PersonaSlug] = Field(min_length=4)


class Blueprints(Strict):
    """Which competencies an interview covers, by type, shifted by level, family and role."""

    types: dict[InterviewType, TypePlan]
    levels: dict[Level, dict[Competency, float]]
    families: dict[Family, dict[Competency, float]]
    roles: dict[Slug, dict[Competency, float]]


class Intent(Strict):
    """How a move of the candidate sounds: regular expressions over the folded text.

    `within` is the most words a text may have to be taken as this move alone. `all` must match the
    whole text, `some` anywhere in it, `never` anywhere in it forbids. `signs` are sets of ideas: every
    pattern of a set must be found, in any order, in words that do not tell of something that happened (`told`).
    """

    all: tuple[Text, ...] = ()
    some: tuple[Text, ...] = ()
    signs: tuple[tuple[Text, ...], ...] = ()
    told: str = ""
    never: tuple[Text, ...] = ()
    within: int = Field(default=18, ge=1)

    def __hash__(self) -> int:
        """By its rules: what a text was read as is remembered for the turn."""
        return hash((self.all, self.some, self.signs, self.told, self.never, self.within))


Lines = dict[str, dict[str, list[Text]]]
"""slot -> tone (or `any`, or another key of the slot) -> variants with {placeholders}."""


TriggerId = Literal[
    "off_topic", "too_short", "hypothetical", "contradiction", "missing_situation", "missing_action",
    "missing_result", "we_heavy", "no_measure", "vague", "must_point", "strong", "style",
]  # fmt: skip


class Trigger(Strict):
    """When a follow-up is called for. Fields that do not concern a trigger are left out of its row.

    `types` and `structures` limit it to such items; `words`, `share_of_minimum` and `ratio` are its own
    thresholds; it holds only below or from a level of the answer so far.
    """

    id: TriggerId
    types: list[ItemType] = Field(default_factory=list[ItemType])
    structures: list[Structure] = Field(default_factory=list[Structure])
    words: int = 0
    share_of_minimum: float = 0
    ratio: float = 0
    weight: int = 0
    below_level: float = 9
    from_level: float = 0


class Probes(Strict):
    """The follow-up rules. `claims` are words worth taking up, by trigger; `dull_verbs` are not."""

    triggers: list[Trigger]
    claims: dict[TriggerId, list[Text]]
    dull_verbs: list[Text]


class Nouns(Strict):
    """Word lists by which "the payment service" is told from "the little" (library/nouns.yaml)."""

    empty: frozenset[str]
    weak: frozenset[str]
    not_nouns: frozenset[str]
    not_alone: frozenset[str]
    ing_nouns: frozenset[str]
    units: frozenset[str]
