"""The library in memory: everything the product knows, looked up by slug, and roles found by what people type."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from greenroom.library.scenes import Reading, Scene
from greenroom.library.schemas import Competency, Family, Item
from greenroom.library.taxonomy import (
    Blueprints,
    CompetencyInfo,
    Drill,
    FamilyInfo,
    Intent,
    Lines,
    Nouns,
    Persona,
    PersonaSlug,
    Probes,
    Role,
)

_RANKS = re.compile(
    r"\b(senior|snr|sr|junior|jr|jnr|lead|principal|staff|entry[- ]level|mid[- ]level|mid|graduate|trainee|intern|"
    r"associate|experienced|interim|part[- ]time|full[- ]time|remote|hybrid|i{1,3}|iv|[1-4])\b"
)
TYPO_CUTOFF = 0.84


@dataclass(frozen=True)
class RoleMatch:
    """What a typed title was taken for.

    With `known` false the role only stands for its family: shared questions are asked, not those made
    for that role. `note` tells the person in one sentence, and is empty when nothing needs telling.
    """

    role: Role
    known: bool
    title: str
    note: str = ""


@dataclass(frozen=True)
class Library:
    """All validated data. `items` by id, `hashes` by id (canonical JSON, SHA-256), `lines` by slot.
    `own_problems` says which own files were left out, and why."""

    families: Mapping[Family, FamilyInfo]
    roles: Mapping[str, Role]
    competencies: Mapping[Competency, CompetencyInfo]
    personas: Mapping[PersonaSlug, Persona]
    drills: Mapping[str, Drill]
    blueprints: Blueprints
    lines: Lines
    intents: Mapping[str, Intent]
    probes: Probes
    nouns: Nouns
    items: Mapping[str, Item]
    hashes: Mapping[str, str]
    attribution: str
    scenes: Mapping[str, Scene]
    described: Reading
    own_problems: Sequence[str] = ()

    @cached_property
    def _aliases(self) -> dict[str, Role]:
        found: dict[str, Role] = {}
        for role in self.roles.values():
            for alias in (role.slug, role.title, *role.aliases):
                found.setdefault(folded_title(alias), role)
        return found

    def find_role(self, text: str) -> RoleMatch:
        """Gives the role a person means: by slug, title or alias ("SWE", "full stack dev", "RN"), small typos
        included; else the nearest family by its words; else questions for any role, each time saying so.
        """
        typed = folded_title(text)
        bare = folded_title(_RANKS.sub(" ", typed))
        role = (
            self._aliases.get(typed)
            or self._aliases.get(bare)
            or self._contained(bare)
            or self._misspelt(bare)
        )
        if role:
            title = role.title if typed in {folded_title(role.slug), ""} else text.strip()
            return RoleMatch(role, known=True, title=title)
        return self._by_family(text.strip(), bare)

    def _contained(self, title: str) -> Role | None:
        padded = f" {title} "
        inside = [alias for alias in self._aliases if len(alias) > 2 and f" {alias} " in padded]
        return self._aliases[max(inside, key=len)] if inside else None

    def _misspelt(self, title: str) -> Role | None:
        long_enough = [alias for alias in self._aliases if len(alias) >= 6]
        close = get_close_matches(title, long_enough, n=1, cutoff=TYPO_CUTOFF)
        return self._aliases[close[0]] if close else None

    def _by_family(self, text: str, title: str) -> RoleMatch:
        padded = f" {title} "
        scores: dict[Family, int] = {
            family.slug: sum(len(word) for word in family.keywords if f" {folded_title(word)} " in padded)
            for family in self.families.values()
        }
        best = max(scores, key=lambda slug: scores[slug])
        if not scores[best]:
            anchor = self.roles["operations_manager"]
            note = f"“{text}” is not a role we know. The questions are those that suit any role."
            return RoleMatch(anchor, known=False, title=text, note=note)
        anchor = next(role for role in self.roles.values() if role.family == best)
        note = (
            f"“{text}” is not a role we know. The nearest family is {self.families[best].title.lower()}, "
            "so the questions are those that suit the whole family."
        )
        return RoleMatch(anchor, known=False, title=text, note=note)


def folded_title(text: str) -> str:
    """A job title for comparing: lower case, `&` kept, other punctuation as single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9&+#.]+", " ", text.casefold().replace("_", " "))).strip(" .")
