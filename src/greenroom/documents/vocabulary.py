"""The words documents are read with: skills, headings, titles, spoken languages; loaded once from data/*.yaml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter

from greenroom.library.schemas import Competency

HOME = Path(__file__).parent / "data"
SkillKind = Literal["open", "cased", "listed"]


@dataclass(frozen=True)
class Vocabulary:
    """Everything the readers know of words; immutable.

    `skills` maps the lower-case words of a spelling to the usual name; `kinds` says how freely a name may be found
    (see data/skills.yaml); `spellings` holds the exact forms of those that are ordinary words too.
    """

    skills: Mapping[tuple[str, ...], str]
    kinds: Mapping[str, SkillKind]
    spellings: Mapping[str, frozenset[str]]
    resume_words: Mapping[str, str]
    fillers: frozenset[str]
    job_headings: Mapping[str, tuple[re.Pattern[str], ...]]
    titles: frozenset[str]
    no_titles: frozenset[str]
    employers: frozenset[str]
    breaks: tuple[str, ...]
    degrees: frozenset[str]
    institutions: frozenset[str]
    spoken: Mapping[str, str]
    competencies: Mapping[Competency, tuple[re.Pattern[str], ...]]

    @property
    def longest(self) -> int:
        """Words in the longest spelling of a skill."""
        return max(len(words) for words in self.skills)


def split_terms(text: str) -> list[tuple[str, int, int]]:
    """Word pieces with their place, lower case; `+`, `#` and a leading dot stay with their word (C++, C#, .NET)."""
    return [
        (m.group().casefold(), m.start(), m.end())
        for m in re.finditer(r"(?<!\w)\.net\b|[^\W_]+(?:\+\+?|#)?|&", text, re.IGNORECASE)
    ]


def key_of(spelling: str) -> tuple[str, ...]:
    """The word pieces a spelling is looked up by."""
    return tuple(word for word, _, _ in split_terms(spelling))


@cache
def load() -> Vocabulary:
    """The packaged vocabulary, read once per process."""
    skills = _read("skills")
    sections, titles, cues = _read("sections"), _read("titles"), _read("competencies")
    by_competency: dict[Competency, list[str]] = TypeAdapter(dict[Competency, list[str]]).validate_python(
        cues
    )
    names: dict[tuple[str, ...], str] = {}
    kinds: dict[str, SkillKind] = {}
    spellings: dict[str, frozenset[str]] = {}
    for kind in ("open", "cased", "listed"):
        for entry in skills[kind]:
            name, forms = _forms(str(entry))
            kinds.setdefault(name, kind)
            spellings.setdefault(name, frozenset([name, *forms]))
            for form in (name, *forms):
                names.setdefault(key_of(form), name)
    headings = sections["resume"]
    return Vocabulary(
        skills=names,
        kinds=kinds,
        spellings=spellings,
        resume_words={word: section for section, words in headings["words"].items() for word in words},
        fillers=frozenset(headings["fillers"]),
        job_headings={section: _patterns(forms) for section, forms in sections["job"].items()},
        titles=frozenset(titles["words"]),
        no_titles=frozenset(titles["no_titles"]),
        employers=frozenset(map(str, titles["employers"])),
        breaks=tuple(titles["breaks"]),
        degrees=frozenset(titles["degrees"]),
        institutions=frozenset(titles["institutions"]),
        spoken={name.casefold(): name for name in titles["spoken"]}
        | {own.casefold(): name for own, name in titles["spoken_own"].items()},
        competencies={slug: _patterns(forms) for slug, forms in by_competency.items()},
    )


def _read(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((HOME / f"{name}.yaml").read_text(encoding="utf-8"))
    return parsed


def _forms(entry: str) -> tuple[str, list[str]]:
    name, _, others = entry.partition(" = ")
    return name.strip(), [other.strip() for other in others.split(",") if other.strip()]


def _patterns(forms: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form) for form in forms)
