"""Field F1 of what was read against the labels of the samples."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from greenroom.documents import vocabulary
from greenroom.documents.schemas import JobFacts, ResumeFacts
from greenroom.documents.terms import fold_skill


@dataclass
class Tally:
    """Hits, false finds and misses of one field over several samples."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, other: "Tally") -> None:
        self.hits += other.hits
        self.extra += other.extra
        self.missed += other.missed

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / total if total else 1.0


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.findall(r"[^\W_]+(?:\+\+|[+#])?", plain))


def words_shared(one: str, two: str) -> float:
    """Token F1 of two texts."""
    a, b = Counter(fold(one).split()), Counter(fold(two).split())
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if a and b else float(not a and not b)


def compare_sets(found: Iterable[Hashable], wanted: Iterable[Hashable]) -> Tally:
    have, need = set(found), set(wanted)
    return Tally(len(have & need), len(have - need), len(need - have))


def compare_texts(
    found: Sequence[str],
    wanted: Sequence[str],
    least: float,
    like: Callable[[str, str], float] = words_shared,
) -> Tally:
    """One to one, best pairs first; a pair counts from `least` on."""
    pairs = sorted(
        ((like(f, w), i, j) for i, f in enumerate(found) for j, w in enumerate(wanted)), reverse=True
    )
    used_found: set[int] = set()
    used_wanted: set[int] = set()
    for score, i, j in pairs:
        if score >= least and i not in used_found and j not in used_wanted:
            used_found.add(i)
            used_wanted.add(j)
    return Tally(len(used_found), len(found) - len(used_found), len(wanted) - len(used_wanted))


def contains(found: str, wanted: str) -> float:
    """Whether the wanted words stand in the found sentence."""
    return float(fold(wanted) in fold(found))


def fold_name(name: str) -> str:
    """A label's skill by the usual name that the vocabulary gives that spelling ("Postgres" is PostgreSQL)."""
    words = vocabulary.load()
    return fold_skill(words.skills.get(vocabulary.key_of(name), name))


def score_resume(facts: ResumeFacts, wanted: dict[str, Any]) -> dict[str, Tally]:
    """Fields: title with employer, dates of the position with that title, skills, years of skills, and the rest."""
    labels = wanted["positions"]
    dated = [(fold(p.title), p.start, "present" if p.current else p.end) for p in facts.positions]
    skills = [item if isinstance(item, list) else [item, None] for item in wanted["skills"]]
    with_years = {(fold_name(name), years) for name, years in skills if years}
    return {
        "positions": compare_sets(
            [(fold(p.title), fold(p.employer)) for p in facts.positions],
            [(fold(t), fold(e)) for t, e, _, _ in labels],
        ),
        "dates": compare_sets(dated, [(fold(t), start, end) for t, _, start, end in labels]),
        "skills": compare_sets(
            [fold_skill(s.name) for s in facts.skills], [fold_name(name) for name, _ in skills]
        ),
        "skill_years": compare_sets(
            {(fold_skill(s.name), s.years) for s in facts.skills if s.years}, with_years
        ),
        "education": compare_texts(
            [f"{e.degree} {e.institution}" for e in facts.education],
            [f"{d} {i}" for d, i in wanted["education"]],
            0.8,
        ),
        "results": compare_texts([r.text for r in facts.results], wanted["results"], 1.0, contains),
        "languages": compare_sets([s.name for s in facts.languages], wanted["languages"]),
        "links": compare_sets([link.url for link in facts.links], wanted["links"]),
    }


def score_job(facts: JobFacts, wanted: dict[str, Any]) -> dict[str, Tally]:
    """Title and requirements by shared words (F1 of words at least .75), the rest exactly."""
    return {
        "title": compare_texts([facts.title] if facts.title else [], [wanted["title"]], 0.75),
        "role": compare_sets([facts.role], [wanted["role"]]),
        "level": compare_sets([facts.level], [wanted["level"]]),
        "company": compare_texts(
            [facts.company] if facts.company else [], [wanted["company"]] if wanted["company"] else [], 0.99
        ),
        "must": compare_texts([r.text for r in facts.must_haves], wanted["must"], 0.75),
        "nice": compare_texts([r.text for r in facts.nice_to_haves], wanted["nice"], 0.75),
        "competencies": compare_sets([c.competency for c in facts.competencies], wanted["competencies"]),
        "stack": compare_sets(
            [fold_skill(s.name) for s in facts.stack], [fold_name(s) for s in wanted["stack"]]
        ),
    }


def sum_up(scores: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    total: dict[str, Tally] = {}
    for score in scores:
        for field, tally in score.items():
            total.setdefault(field, Tally()).add(tally)
    return total
