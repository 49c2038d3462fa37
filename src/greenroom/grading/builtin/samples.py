"""The item's own graded samples as the grader reads them: as though somebody else had said the same."""

from collections.abc import Sequence

from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts, read_observation
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.criteria import Evidence
from greenroom.library.schemas import Item, Sample

_NO_CUE = "zzqx"


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
