"""Which item is asked next, and why. The weights are those of the content specification."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

from greenroom.interviews.ability import Posterior, expected_level, learned
from greenroom.library.schemas import Competency, Item

TARGET_LEVEL: Final = 3.2
"""The level an answer should be expected to reach: neither a floor answer nor an easy one."""
SUITS: Final = 1.5
"""What a unit of difficulty away from the best one costs."""
TELLS: Final = 2.0
"""What an item is worth that would tell all there is to know about ability; see docs/decisions/0003."""
MAX_STEP: Final = 1.0
"""Difficulty never moves by more than this from one question to the next."""
JITTER: Final = 0.5


@dataclass(frozen=True)
class Situation:
    """What selection looks at. `uncovered` competencies of the blueprint, `weak_tags` that are due for practice,
    `job_words` (stems of the job description), `exposure` (how often the person saw an item before). `easier` asks for an easier question than the last."""

    belief: Posterior
    uncovered: Collection[Competency]
    last: Item | None = None
    easier: bool = False
    weak_tags: Collection[str] = ()
    job_words: Collection[str] = ()
    exposure: Mapping[str, int] = field(default_factory=dict[str, int])
    seed: str = ""


@dataclass(frozen=True)
class Choice:
    """An item, the sum of its reasons, and the reasons in words."""

    item: Item
    score: float
    why: str


def choose(items: Sequence[Item], situation: Situation) -> Choice | None:
    """The best item to ask now, or None when there is none. Same items, same situation: same choice."""
    near = within_reach(items, situation.last)
    pool = near or _closest(items, situation.last)
    if situation.easier:
        pool = within_reach(items, situation.last, easier=True) or _easiest(near) or pool
    scored = [(_score(item, situation), item) for item in sorted(pool, key=lambda i: i.id)]
    if not scored:
        return None
    score, item = max(scored, key=lambda pair: pair[0])
    return Choice(item, score, _why(item, situation))


def within_reach(items: Sequence[Item], last: Item | None, *, easier: bool = False) -> Sequence[Item]:
    """Items whose difficulty is at most one unit from the last question's; with `easier` only easier ones."""
    if last is None:
        return items
    steps = [(item.difficulty - last.difficulty, item) for item in items]
    return [item for step, item in steps if abs(step) <= MAX_STEP and not (easier and step >= 0)]


def _closest(items: Sequence[Item], last: Item | None) -> Sequence[Item]:
    """Only the items nearest in difficulty to the last one: what is left when none is in reach."""
    if not items or last is None:
        return items
    nearest = min(abs(item.difficulty - last.difficulty) for item in items)
    return [item for item in items if abs(item.difficulty - last.difficulty) == nearest]


def _easiest(items: Sequence[Item]) -> Sequence[Item]:
    least = min((item.difficulty for item in items), default=0.0)
    return [item for item in items if item.difficulty == least]


def _score(item: Item, situation: Situation) -> float:
    belief, last = situation.belief, situation.last
    uncovered = item.competency in situation.uncovered
    weak = not situation.weak_tags or set(item.tags).isdisjoint(situation.weak_tags)
    match = min(1.0, len(_shared(item, situation.job_words)) / 2)
    again = last is not None and last.competency == item.competency
    seen = situation.exposure.get(item.id, 0)
    jitter = JITTER * crc32(f"{situation.seed}:{item.id}".encode()) / 2**32
    fit = SUITS * misfit(belief.mean, item.difficulty, item.discrimination)
    tells = TELLS * learned(belief.variance, item.discrimination)
    return 3 * uncovered + 1.5 * (not weak) + match - fit + tells - again - 0.5 * seen + jitter


def misfit(mean: float, difficulty: float, discrimination: float) -> float:
    """How far an item's difficulty is from the one at which an answer of TARGET_LEVEL is expected.

    In units of difficulty, not of levels: a question that tells little moves the expected level little, and would
    seem to suit everybody.
    """
    return abs(mean - difficulty - (TARGET_LEVEL - 3) / discrimination)


def _shared(item: Item, job_words: Collection[str]) -> list[str]:
    """Words the question has in common with the job description."""
    if not job_words:
        return []
    return sorted(
        words(item.prompt, *item.stacks, *(tag.partition(".")[2] for tag in item.tags)) & set(job_words)
    )


def _why(item: Item, situation: Situation) -> str:
    shared = _shared(item, situation.job_words)
    expected = expected_level(situation.belief.mean, item.difficulty, item.discrimination)
    competency = item.competency.replace("_", " ")
    reasons = [
        f"the plan covers {competency} and had no question on it yet"
        if item.competency in situation.uncovered
        else f"the plan has a second question on {competency}"
    ]
    if not set(item.tags).isdisjoint(situation.weak_tags):
        reasons.append("it practises something that was weak before")
    if shared:
        reasons.append("the job description speaks of " + ", ".join(shared[:3]))
    reached = min(5.0, max(1.0, expected))
    reasons.append(f"its difficulty suits the answers so far (expected level {reached:.1f} of 5)")
    return "Asked because " + "; ".join(reasons) + "."


_COMMON: Final = frozenset(
    [
        "about",
        "above",
        "after",
        "again",
        "against",
        "also",
        "always",
        "another",
        "because",
        "been",
        "before",
        "being",
        "between",
        "both",
        "could",
        "does",
        "doing",
        "done",
        "down",
        "each",
        "either",
        "else",
        "even",
        "ever",
        "every",
        "first",
        "from",
        "give",
        "given",
        "goes",
        "have",
        "having",
        "here",
        "into",
        "just",
        "keep",
        "know",
        "last",
        "like",
        "made",
        "make",
        "many",
        "more",
        "most",
        "much",
        "must",
        "never",
        "next",
        "often",
        "only",
        "other",
        "others",
        "over",
        "people",
        "question",
        "same",
        "should",
        "since",
        "some",
        "someone",
        "something",
        "still",
        "such",
        "take",
        "tell",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "think",
        "this",
        "those",
        "time",
        "through",
        "today",
        "together",
        "told",
        "under",
        "until",
        "very",
        "want",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "within",
        "without",
        "work",
        "working",
        "would",
        "year",
        "years",
        "your",
        "yours",
        "team",
        "role",
        "good",
        "help",
        "need",
        "company",
        "candidate",
        "experience",
        "skills",
        "ability",
        "strong",
        "looking",
        "join",
        "responsibilities",
        "requirements",
    ]
)


def words(*texts: str) -> set[str]:
    """Content words of texts, lower case, crude plural and -ing stems, for matching a job description."""
    found = re.findall(r"[a-z][a-z+#]{2,}", " ".join(texts).casefold())
    return {_stem(word) for word in found if word not in _COMMON and len(word) > 3}


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
