"""Lints bank items: ids, duplicates, protected topics, readability, key points, texts that follow each other.

Pure. Schema errors are found when a file is read (`bankfile.read`), coverage by the plan of interviews.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from greenroom.library.schemas import Item, ItemType, Slug, Strict, Text

UNSCORED: Final = frozenset({"opening", "closing"})
SAMPLES: Final[dict[str, int]] = {
    "behavioral": 3, "situational": 3, "technical": 5, "hr_screen": 3, "meeting": 3, "presentation": 3,
}  # fmt: skip
"""Plain graded samples an item of a type has at least."""
STUFFED: Final = frozenset({"behavioral", "situational", "hr_screen", "meeting", "presentation"})


class Readability(Strict):
    """The longest prompt and sentence in words, and the least reading ease (Flesch) by type."""

    words: int
    sentence_words: int
    ease: dict[ItemType, float]


class Rules(Strict):
    """library/protected.yaml."""

    questions: dict[Slug, Text]
    brands: Text
    readability: Readability
    near_duplicate: float


@dataclass(frozen=True)
class Violation:
    """One thing to correct: where it is, which rule, and what to do."""

    rule: str
    message: str
    item: str = ""
    file: str = ""
    line: int = 0

    def shown(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{self.item + ': ' if self.item else ''}{self.message} [{self.rule}]"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


Satisfied = Callable[[Item, str], Collection[str]]
"""Ids of the key points an answer text meets, as the grader sees it."""


def check_items(
    items: Sequence[Item],
    rules: Rules,
    *,
    roles: Collection[str],
    satisfied: Satisfied,
    beside: Sequence[Item] = (),
) -> list[Violation]:
    """Everything wrong with these items, in their order; empty when they can be used. `beside` are items that are
    in the bank already: only duplicates of them are looked for."""
    found: list[Violation] = []
    for item in items:
        found += _check_references(item, roles)
        found += _check_topics(item, rules)
        found += _check_readability(item, rules.readability)
        found += _check_samples(item, satisfied)
    found += _check_duplicates(items, rules.near_duplicate, beside)
    return found


def spoken(item: Item) -> list[str]:
    """Every text of an item that the panel may say."""
    variants = [item.variants.simple, item.variants.deeper] if item.variants else []
    return [item.prompt, *variants, *item.clarify.values(), *(f.ask for f in item.followups)]


def _check_references(item: Item, roles: Collection[str]) -> Iterable[Violation]:
    for role in item.roles:
        if role != "*" and not role.startswith("family:") and role not in roles:
            yield Violation("role", f"role {role!r} is not known", item.id)
    prefixes = {
        "behavioral": "beh",
        "situational": "sit",
        "technical": "tech",
        "hr_screen": "hr",
        "meeting": "mtg",
        "presentation": "prs",
    }
    wanted = prefixes.get(item.type)
    if wanted and not item.id.startswith((f"{wanted}.", "own.")):
        yield Violation("id", f"the id of a {item.type} item begins with {wanted}.", item.id)
    seen: dict[str, str] = {}
    for point in item.key_points:
        for cue in point.cues:
            if seen.setdefault(cue.lower(), point.id) != point.id:
                yield Violation("cue", f"cue {cue!r} stands in two key points", item.id)


def _check_topics(item: Item, rules: Rules) -> Iterable[Violation]:
    for text in spoken(item):
        for topic, pattern in rules.questions.items():
            if re.search(pattern, text.lower()):
                yield Violation("protected", f"asks about {topic.replace('_', ' ')}: {text!r}", item.id)
    for text in [*spoken(item), *(sample.text for sample in item.samples)]:
        if match := re.search(rules.brands, text.lower()):
            yield Violation("brand", f"names {match.group(0)!r}", item.id)


def _check_readability(item: Item, limits: Readability) -> Iterable[Violation]:
    count = len(item.prompt.split())
    if count > limits.words:
        yield Violation("readability", f"the prompt has {count} words, {limits.words} are the most", item.id)
    for sentence in re.split(r"(?<=[.!?])\s+", item.prompt):
        if len(sentence.split()) > limits.sentence_words:
            yield Violation("readability", f"a sentence has more than {limits.sentence_words} words", item.id)
    ease, least = reading_ease(item.prompt), limits.ease.get(item.type, 0)
    if ease < least:
        yield Violation(
            "readability", f"reading ease {ease:.0f} is below {least:.0f}: shorter words", item.id
        )


def reading_ease(text: str) -> float:
    """Flesch reading ease (1948): about 100 is very easy, 30 is academic prose. Syllables are counted by vowels."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[.!?]+", text)))
    if not words:
        return 100.0
    syllables = sum(_syllables(word.lower()) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def _check_samples(item: Item, satisfied: Satisfied) -> Iterable[Violation]:
    if item.type in UNSCORED:
        return
    plain = [sample for sample in item.samples if sample.kind == "plain"]
    least = SAMPLES.get(item.type, 0)
    if len(plain) < least and not item.id.startswith("own."):
        yield Violation("samples", f"{len(plain)} graded samples, {least} are needed", item.id)
    if (
        item.type in STUFFED
        and not any(s.kind == "keyword_stuffed" for s in item.samples)
        and not item.id.startswith("own.")
    ):
        yield Violation("samples", "a keyword-stuffed sample is missing", item.id)
    for sample in plain:
        if sample.score != 5:
            continue
        met = satisfied(item, sample.text)
        missing = [point.id for point in item.key_points if point.id not in met]
        if missing:
            yield Violation("key_points", f"the level-5 sample does not meet {', '.join(missing)}", item.id)


def _check_duplicates(items: Sequence[Item], threshold: float, beside: Sequence[Item]) -> Iterable[Violation]:
    seen = {item.id for item in beside}
    shingled = [(item, _shingles(item.prompt)) for item in beside]
    for item in items:
        if item.id in seen:
            yield Violation("duplicate", "this id is used already", item.id)
        seen.add(item.id)
        shingles = _shingles(item.prompt)
        for other, others in shingled:
            both = len(shingles & others)
            if both >= threshold * max(1, len(shingles) + len(others) - both):
                yield Violation("duplicate", f"almost the same question as {other.id}", item.id)
        shingled.append((item, shingles))


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset([*words, *(" ".join(pair) for pair in pairwise(words))])
