"""What the panel has on the table before and during a session: plan, questions, sentences, facts. Never changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from greenroom.documents.schemas import ResumeFacts
from greenroom.interviews.pacing import Budget, budget_of
from greenroom.interviews.references import Memory
from greenroom.interviews.schemas import InterviewCreate, PersonaCard, PersonaSlug, Plan, PlanBlock
from greenroom.interviews.selection import words
from greenroom.interviews.templates import blanks, filled
from greenroom.library.contents import Library
from greenroom.library.schemas import Competency, Item
from greenroom.library.taxonomy import Persona

Medium = Literal["text", "voice"]


@dataclass(frozen=True)
class Brief:
    """Everything the conductor may use. `items` are the frozen ones of the session (at least the plan's pool).

    `company_facts` are sentences of the person's own notes on the company; `exposure` counts earlier
    sessions an item was asked in; `weak_tags` are tags due for practice; `earlier` was told in a round before.
    """

    plan: Plan
    spec: InterviewCreate
    items: Mapping[str, Item]
    library: Library
    medium: Medium = "text"
    company_facts: Collection[str] = ()
    resume: ResumeFacts | None = None
    focus: Collection[str] = ()
    exposure: Mapping[str, int] = field(default_factory=dict[str, int])
    weak_tags: Collection[str] = ()
    earlier: Memory | None = None

    @property
    def budget(self) -> Budget:
        return budget_of(self.plan, self.spec.timing)

    @cached_property
    def job_words(self) -> frozenset[str]:
        """Stems of the job description, and of what the match with the résumé says to ask about."""
        return frozenset(words(self.spec.job_description, *self.focus))

    @property
    def hints(self) -> bool:
        """Hints are for practice only, and a tough panel gives none."""
        return self.spec.mode == "practice" and self.spec.tone != "tough"

    @cached_property
    def questions(self) -> dict[str, Item]:
        """The items with their blanks filled, without those whose blanks nothing is known for."""
        values = blanks(self.spec, self.plan.role_title)
        topics = {block.item: {"topic": block.topic} for block in self.plan.blocks if block.item}
        ready = {key: filled(item, values | topics.get(key, {})) for key, item in self.items.items()}
        return {key: item for key, item in ready.items() if item is not None}

    def item(self, key: str | None) -> Item | None:
        return self.questions.get(key) if key else None

    @property
    def manner(self) -> str:
        """How the panel speaks: as in an interview, a meeting or a presentation."""
        scene = self.plan.scene
        return "interview" if scene is None else "presentation" if scene.presents else "meeting"

    def persona(self, slug: PersonaSlug) -> Persona:
        """Who asks. At a meeting a persona plays somebody else, and knows nothing of their own house."""
        persona = self.library.personas[slug]
        return persona.model_copy(update={"facts": {}}) if self.plan.scene else persona

    def card(self, slug: PersonaSlug) -> PersonaCard:
        return next(card for card in self.plan.panel if card.slug == slug)

    def first_name(self, slug: PersonaSlug) -> str:
        return self.persona(slug).first_name

    def topic(self, competency: Competency) -> str:
        return self.library.competencies[competency].topic

    @cached_property
    def first(self) -> PersonaSlug:
        """Who opens and closes."""
        return self.plan.panel[0].slug

    def blocks(self, kind: str) -> list[tuple[int, PlanBlock]]:
        """Blocks of a kind with their index in the plan."""
        return [(at, block) for at, block in enumerate(self.plan.blocks) if block.kind == kind]
