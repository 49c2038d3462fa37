"""What one answer shows, as one observation: the conductor probes by it and the grader starts from it."""

from collections.abc import Sequence
from functools import lru_cache

from greenroom.answers.background import load_background
from greenroom.answers.language import detect_language
from greenroom.answers.lexicon import OWN_WORDS, STOP_STEMS, TEAM_WORDS
from greenroom.answers.mentions import find_hedges, find_measures, find_names
from greenroom.answers.noise import Cleaned, clean_turns
from greenroom.answers.parts import Story, read_story
from greenroom.answers.points import find_misconceptions, find_points, weigh_text
from greenroom.answers.schemas import AnswerTurn, Observation, PointEvidence
from greenroom.answers.standing import STRAY, measure_standing
from greenroom.answers.text import Stretch, read_turns, stems_of
from greenroom.answers.validity import NO_NUMBER, judge_validity
from greenroom.library.schemas import Item

_CREDIT = {"met": 1.0, "partial": 0.5, "missing": 0.0}
_OFF_TOPIC = {
    "behavioral": 0.12, "situational": 0.12, "opening": 0.0, "closing": 0.0, "hr_screen": 0.04, "meeting": 0.02,
    "presentation": 0.0,
}  # fmt: skip
_MIN_WORDS = {"behavioral": 5, "situational": 5}


def observe(item: Item, turns: Sequence[AnswerTurn], *, asked: Sequence[str] = ()) -> Observation:
    """Facts of one answer with all its follow-ups. `asked` are further lines of the interviewer that the
    answer may echo (follow-ups, clarifications); the item's own wordings are known. Pure and
    deterministic."""
    cleaned = clean_turns(turns, question_texts(item, asked), list(item.anchors.values()))
    return read_observation(item, turns, cleaned, asked)


def read_observation(
    item: Item, turns: Sequence[AnswerTurn], cleaned: Cleaned, asked: Sequence[str]
) -> Observation:
    """The observation of an answer that was cleaned before."""
    question = question_stems(item, asked)
    everything = read_turns(turns)
    points, flags = find_points(item, cleaned.kept, question)
    story = read_story(cleaned.kept)
    relevance = measure_relevance(item, cleaned.kept, points)
    standing = measure_standing(item, cleaned.kept, points)
    below = _OFF_TOPIC.get(item.type, 0.08) if standing is None or standing < STRAY else 0.0
    flags += [
        f"misconception.{m.id}"
        for m in item.misconceptions
        if find_misconceptions(_only(item, m.id), cleaned.kept, question)
    ]
    verdict = judge_validity(
        turns,
        cleaned,
        touched=any(point.state != "missing" for point in points),
        relevance=relevance,
        off_topic_below=below,
        acts=bool(story.actions),
        min_words=_MIN_WORDS.get(item.type, 2),
        lang=item.lang,
    )
    words = [token.word for sentence in everything for token in sentence.tokens]
    return Observation(
        validity=verdict.validity,
        reasons=[verdict.reason] if verdict.reason else [],
        flags=[*cleaned.flags, *flags],
        language=detect_language("\n".join(turn.text for turn in turns)),
        words=len(words),
        sentences=len(everything),
        relevance=relevance,
        standing=standing,
        parts=list(story.parts) if item.structure == "star" else [],
        points=points,
        own_words=sum(word in OWN_WORDS for word in words),
        team_words=sum(word in TEAM_WORDS for word in words),
        hedges=find_hedges(turns),
        measures=find_measures(turns),
        names=find_names(turns, everything),
        hypothetical=story.hypothetical,
        level=_quick_level(item, points, story, voided=verdict.validity != "ok"),
    )


def has_number(observation: Observation) -> bool:
    """Whether the gate lets the answer have a number at all."""
    return observation.validity not in NO_NUMBER


def _only(item: Item, misconception: str) -> Item:
    return item.model_copy(
        update={"misconceptions": [m for m in item.misconceptions if m.id == misconception]}
    )


def question_texts(item: Item, asked: Sequence[str] = ()) -> list[str]:
    """Everything the interviewer may have said about the item: repeating it is no answer."""
    variants = [item.variants.simple, item.variants.deeper] if item.variants else []
    return [item.prompt, *variants, *(f.ask for f in item.followups), *item.clarify.values(), *asked]


def question_stems(item: Item, asked: Sequence[str] = ()) -> frozenset[str]:
    """Stems of the prompt and of what else was asked: sharing them shows little."""
    return frozenset(stem for text in (item.prompt, *asked) for stem in stems_of(text)) - STOP_STEMS


def measure_relevance(item: Item, kept: Sequence[Stretch], points: Sequence[PointEvidence]) -> float:
    """0-1: the weighted share of the answer's content words that belong to the question's field, raised by
    key points that were touched."""
    rarity = load_background().rarity
    stems = {t.stem for s in kept for t in s.tokens if t.word not in STOP_STEMS and t.stem not in STOP_STEMS}
    total = sum(rarity(stem) for stem in stems)
    if not total:
        return 0.0
    field = _field(item.prompt, _field_text(item))
    shared = sum(rarity(stem) for stem in stems & field) / total
    touched = sum(_CREDIT[point.state] for point in points) / max(1, len(points))
    return round(min(1.0, 1.6 * shared + 0.6 * touched), 4)


def _field_text(item: Item) -> str:
    good = [sample.text for sample in item.samples if sample.score >= 3]
    points = [text for point in item.key_points for text in (point.text, *point.cues)]
    wrong = [text for m in item.misconceptions for text in (m.text, *m.cues)]
    return "\n".join([*item.anchors.values(), *points, *good, *wrong, item.reference or ""])


@lru_cache(maxsize=2_000)
def _field(prompt: str, text: str) -> frozenset[str]:
    return frozenset(stem for part in (prompt, text) for stem, _ in weigh_text(part))


def _quick_level(item: Item, points: Sequence[PointEvidence], story: Story, *, voided: bool) -> float:
    if voided or not item.key_points:
        return 1.0
    weights = {point.id: point.weight for point in item.key_points}
    heard = sum(_CREDIT[p.state] * weights[p.id] for p in points) / sum(weights.values())
    level = 1 + 4 * min(1.0, heard * 1.15)
    reasons = {
        "hypothetical": story.hypothetical,
        "no_result": item.structure == "star" and not story.has("result"),
        "no_action": item.structure == "star" and not story.has("action"),
        "no_own_action": item.structure == "star" and not story.actions,
    }
    caps = [cap.max for cap in item.caps if reasons.get(cap.if_)]
    return round(min([level, *caps]), 2)
