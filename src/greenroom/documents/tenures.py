"""Times at employers and schools, with the names people call them by in speech."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from greenroom.documents.schemas import Position, ResumeFacts

_GENERIC = frozenset({
    "university", "college", "school", "hospital", "hotel", "city", "council", "ministry", "department",
    "institute", "academy", "bank", "group", "national", "royal", "general", "central", "north",
    "south", "east", "west", "new", "old", "first", "the", "st", "saint", "san", "santa", "freelance",
    "self", "various", "high", "green", "blue", "black", "white", "red",
})  # fmt: skip
_LEGAL = re.compile(
    r",?\s+(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|ab|srl|sa|bv|nv|oy|as|corp|co)\.?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Tenure:
    """An employer or school: its names in speech, and what the résumé says of the time there. Months: `YYYY-MM`."""

    name: str
    called: re.Pattern[str]
    titles: tuple[str, ...]
    start: str
    end: str
    current: bool
    teams: tuple[int, ...]


def list_jobs(facts: ResumeFacts, today: str) -> Iterator[Tenure]:
    """One tenure per employer, from the first to the last position there; `today` is `YYYY-MM`."""
    by_name: dict[str, list[Position]] = {}
    for position in facts.positions:
        if position.employer and position.start:
            by_name.setdefault(position.employer.casefold(), []).append(position)
    for held in by_name.values():
        name = _LEGAL.sub("", held[0].employer)
        pattern = _name_forms(name)
        if pattern is None:
            continue
        current = any(p.current or not p.end for p in held)
        yield Tenure(
            name=name, called=pattern, titles=tuple(p.title for p in held if p.title), start=min(p.start for p in held),
            end=today if current else max(p.end for p in held), current=current,
            teams=tuple(p.team_size for p in held if p.team_size),
        )  # fmt: skip


def list_schools(facts: ResumeFacts) -> Iterator[Tenure]:
    """Schools with the end of the time there."""
    for study in facts.education:
        pattern = _name_forms(study.institution) if study.institution and study.end else None
        if pattern:
            yield Tenure(
                study.institution, pattern, (study.degree,), study.start, study.end, current=False, teams=()
            )


def _name_forms(name: str) -> re.Pattern[str] | None:
    """How people name it: in full, by its first two words, or by the first alone when that is no common word."""
    words = name.replace("’", "'").split()
    if not words:
        return None
    forms = [" ".join(words)]
    if len(words) > 3 and words[1] in ("&", "and"):
        forms.append(" ".join(words[:3]))
    elif len(words) > 2 and words[1].casefold() not in ("of", "the", "for"):
        forms.append(" ".join(words[:2]))
    if (
        len(words) > 1
        and words[1] not in ("&", "and")
        and len(words[0]) >= 5
        and words[0].casefold() not in _GENERIC
    ):
        forms.append(words[0])
    body = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)(?:'s)?")
