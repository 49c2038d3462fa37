"""Which key points an answer states, by cues and by aligned rare words, with the words that show it.

A cue holds when the stems of all its words stand in one sentence. Alignment weighs each shared stem by
its rarity, words of the question counting a quarter. A clause with the opposite polarity does not count.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from greenroom.answers.background import load_background
from greenroom.answers.lexicon import META_STEMS, NEGATORS, STOP_STEMS
from greenroom.answers.schemas import PointEvidence, PointState, Span
from greenroom.answers.text import Stretch, Token, is_negated, split_clauses, split_words, with_readings
from greenroom.library.schemas import Item, KeyPoint

QUESTION_WEIGHT = 0.25
STATED = 0.72  # share from which a sentence states a misconception, or turns a point round
MET, PARTIAL = 0.62, 0.4  # shares of a point's weighted words
_WEAK_CUE = 0.5  # similarity given to a cue made of everyday words only that do not stand together


_OF_ALL = frozenset(("need", "reason", "point", "way", "longer", "one", "more", "use"))
"""After these "no" turns round what follows; else it belongs to its own noun ("have no ending next time I will")."""
_DENIES = re.compile(
    r"\b(?:not|n[’']t|never|hardly) (?:always |quite |really |necessarily )?(?:true|right|correct|the case|so simple)\b|"
    r"\b(?:wrong|false|untrue|incorrect)\b|\ba (?:common |frequent )?(?:mistake|myth|misconception|misunderstanding|trap)\b|"
    r"\bcontrary to\b|\b(?:many|some|most) people (?:think|believe|assume|say)\b",
    re.IGNORECASE,
)  # a sentence that says so about a statement does not make it


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement found: how sure (0-1), where, and whether it says the opposite."""

    strength: float
    span: Span
    probed: bool
    negated: bool = False
    cue: bool = False


@lru_cache(maxsize=20_000)
def weigh_text(text: str) -> tuple[tuple[str, float], ...]:
    """The content stems of a text with their rarity; report words ("describes", "names") have none."""
    rarity = load_background().rarity
    stems = dict.fromkeys(t.stem for t in split_words(text) if t.word not in STOP_STEMS)
    return tuple((stem, rarity(stem)) for stem in stems if stem not in STOP_STEMS and stem not in META_STEMS)


def overlap(wanted: Mapping[str, float], stems: Collection[str]) -> float:
    """The share of the wanted weight that the stems cover, 0-1."""
    total = sum(wanted.values())
    return sum(weight for stem, weight in wanted.items() if stem in stems) / total if total else 0.0


def demote(weights: Iterable[tuple[str, float]], question: Collection[str]) -> dict[str, float]:
    """The weights with the question's own words reduced."""
    return {stem: weight * (QUESTION_WEIGHT if stem in question else 1) for stem, weight in weights}


def find_points(
    item: Item, sentences: Sequence[Stretch], question: Collection[str]
) -> tuple[list[PointEvidence], list[str]]:
    """Evidence for every key point of the item, and flags for points stated the wrong way round."""
    readings = [(sentence, split_clauses(sentence), sentence.stems()) for sentence in sentences]
    evidence: list[PointEvidence] = []
    flags: list[str] = []
    for point in item.key_points:
        hits = list(_hits(point, readings, question))
        straight = [hit for hit in hits if not hit.negated]
        best = max(straight, key=lambda hit: hit.strength, default=None)
        evidence.append(_evidence(point.id, best))
        if _reversed(best, hits):
            flags.append("negated_reference")
    return evidence, sorted(set(flags))


def _reversed(best: Hit | None, hits: Sequence[Hit]) -> bool:
    against = max((hit.strength for hit in hits if hit.negated), default=0)
    return against >= STATED and (best is None or best.strength < PARTIAL / 2)


def _evidence(point: str, best: Hit | None) -> PointEvidence:
    if best is None or best.strength < PARTIAL:
        return PointEvidence(id=point, state="missing", similarity=round(best.strength if best else 0, 4))
    state: PointState = "met" if best.strength >= MET else "partial"
    return PointEvidence(
        id=point, state=state, similarity=round(best.strength, 4), span=best.span, probed=best.probed
    )


_Reading = tuple[Stretch, list[Stretch], frozenset[str]]


def _hits(point: KeyPoint, readings: Sequence[_Reading], question: Collection[str]) -> Iterable[Hit]:
    wanted = demote(weigh_text(point.text), question)
    for sentence, clauses, stems in readings:
        for cue in point.cues:
            hit = match_cue(cue, sentence, clauses, stems)
            if hit:
                yield hit
        if len(wanted) < 2:
            continue
        share = overlap(wanted, stems)
        if share >= 0.2:
            home = max(clauses, key=lambda clause: overlap(wanted, clause.stems()))
            yield Hit(
                share * 0.95, _cover(sentence, clauses, wanted), sentence.probed, _opposed(point.text, home)
            )


def _opposed(text: str, clause: Stretch) -> bool:
    return is_negated(split_words(text)) != is_negated(clause.tokens)


def match_cue(cue: str, sentence: Stretch, clauses: Sequence[Stretch], stems: frozenset[str]) -> Hit | None:
    """The cue found in a sentence, or None. Everyday words that stand apart give a weak hit."""
    words = _cue_words(cue)
    needed = {stem for _, stem in words}
    if not needed <= stems:
        return None
    content = [stem for word, stem in words if word not in STOP_STEMS and stem not in STOP_STEMS]
    together = stands_together([stem for _, stem in words], sentence.tokens)
    strength = 1.0 if together else 0.8 if content else _WEAK_CUE
    home = max(clauses, key=lambda clause: len(needed & clause.stems()))
    negated = not any(word in NEGATORS for word, _ in words) and _negated_before(home, needed)
    return Hit(strength, _cover(sentence, clauses, needed), sentence.probed, negated, cue=True)


@lru_cache(maxsize=20_000)
def _cue_words(cue: str) -> tuple[tuple[str, str], ...]:
    return tuple((token.word, token.stem) for token in split_words(cue))


def _negated_before(clause: Stretch, needed: Collection[str]) -> bool:
    places = [i for i, token in enumerate(clause.tokens) if token.stem in needed]
    if not places:
        return False
    start = max(0, places[0] - 4)
    before = clause.tokens[start : places[0]]
    spent = [
        n for n, token in enumerate(before[:-1]) if token.word == "no" and before[n + 1].word not in _OF_ALL
    ]
    return is_negated(
        [t for n, t in enumerate(before) if n not in spent] + list(clause.tokens[places[0] : places[-1] + 1])
    )


def stands_together(stems: Sequence[str], tokens: Sequence[Token], slack: int = 2) -> bool:
    """Whether the stems stand in this order with at most `slack` other words between them in all."""
    for start, token in enumerate(tokens):
        if stems[0] not in with_readings([token.stem]):
            continue
        at = start
        for wanted in stems[1:]:
            window = tokens[at + 1 : at + 2 + slack]
            step = next((i for i, t in enumerate(window) if wanted in with_readings([t.stem])), None)
            if step is None:
                break
            at += 1 + step
        else:
            if at - start <= len(stems) - 1 + slack:
                return True
    return False


def _cover(sentence: Stretch, clauses: Sequence[Stretch], wanted: Collection[str]) -> Span:
    """The quote from the first to the last clause that carries a wanted stem."""
    homes = [clause for clause in clauses if any(t.stem in wanted for t in clause.tokens)] or list(clauses)
    start, end = homes[0].start, homes[-1].end
    return Span(
        turn=sentence.turn,
        start=start,
        end=end,
        text=sentence.text[start - sentence.start : end - sentence.start],
    )


def find_misconceptions(item: Item, sentences: Sequence[Stretch], question: Collection[str]) -> list[Hit]:
    """Misconceptions of the item that the answer states, one hit each; `strength` is the alignment."""
    return [
        hit
        for misconception in item.misconceptions
        if (hit := _stated(misconception.text, misconception.cues, sentences, question))
    ]


def find_contradictions(item: Item, sentences: Sequence[Stretch], question: Collection[str]) -> list[Span]:
    """The words that state a misconception of the item or say the opposite of one of its points."""
    found = [hit.span for hit in find_misconceptions(item, sentences, question)]
    readings = [(sentence, split_clauses(sentence), sentence.stems()) for sentence in sentences]
    for point in item.key_points:
        hits = list(_hits(point, readings, question))
        best = max((hit for hit in hits if not hit.negated), key=lambda hit: hit.strength, default=None)
        if _reversed(best, hits):
            found.append(max((hit for hit in hits if hit.negated), key=lambda hit: hit.strength).span)
    return found


def _stated(
    text: str, cues: Sequence[str], sentences: Sequence[Stretch], question: Collection[str]
) -> Hit | None:
    wanted = demote(weigh_text(text), question)
    best: Hit | None = None
    for sentence in sentences:
        if _DENIES.search(sentence.text) and not _DENIES.search(text):
            continue
        clauses, stems = split_clauses(sentence), sentence.stems()
        share = overlap(wanted, stems) if len(wanted) >= 2 else 0.0
        cue = max(
            (
                hit.strength
                for c in cues
                if (hit := match_cue(c, sentence, clauses, stems)) and not hit.negated
            ),
            default=0,
        )
        opposed = is_negated(split_words(text)) != is_negated(sentence.tokens)
        strength = max(0.0 if opposed else share, cue if cue >= 1.0 else 0.0)
        if strength >= STATED and (best is None or strength > best.strength):
            best = Hit(strength, sentence.span(), sentence.probed)
    return best
