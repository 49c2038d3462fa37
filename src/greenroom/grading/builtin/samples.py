"""The item's own graded samples as the grader reads them: as though somebody else had said the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_stems, question_texts, read_observation
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.alignment import Statement, prepare
from greenroom.grading.builtin.criteria import Evidence
from greenroom.library.schemas import Item, Sample

_NO_CUE = "zzqx"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sample as the grader compares an answer with it: its level, what it shows, and its words made comparable."""

    level: int
    evidence: Evidence
    statement: Statement


def read_anchors(item: Item) -> tuple[Anchor, ...]:
    """The samples an answer is compared with, in order. Reading them is more work than reading the answer, and they
    stay the same: those of the last items are kept."""
    return _read_anchors(item.model_dump_json(by_alias=True, exclude_defaults=True)) if item.samples else ()


@lru_cache(maxsize=64)
def _read_anchors(body: str) -> tuple[Anchor, ...]:
    item = Item.model_validate_json(body)
    question = question_stems(item)
    samples = [sample for sample in item.samples if sample.kind != "keyword_stuffed"]
    read = [(sample.score, read_sample(item, sample)) for sample in samples]
    return tuple(Anchor(level, seen, prepare(seen.sentences, question)) for level, seen in read)


def read_evidence(item: Item, text: str) -> Evidence:
    """What one answer shows."""
    turns = [AnswerTurn(seq=0, text=text)]
    cleaned = clean_turns(turns, question_texts(item))
    return Evidence(item, read_observation(item, turns, cleaned, ()), read_story(cleaned.kept), cleaned.kept)


def read_sample(item: Item, sample: Sample) -> Evidence:
    """What a sample shows without the cues that its own author wrote for it."""
    others = [s for s in item.samples if s is not sample]
    return read_evidence(drop_cues(item.model_copy(update={"samples": others}), sample.text), sample.text)


def drop_cues(item: Item, text: str) -> Item:
    """The item without the cues whose words all stand in the text: cues and samples are by one hand, and other
    people will say it in other words."""
    said = set(stems_of(text))
    points = [
        point.model_copy(update={"cues": _left(point.cues, said) or [_NO_CUE]}) for point in item.key_points
    ]
    return item.model_copy(update={"key_points": points})


def _left(cues: Sequence[str], said: set[str]) -> list[str]:
    return [cue for cue in cues if not set(stems_of(cue)) <= said]
