"""The same answer in another spelling, order or medium keeps its score."""

import random
from collections.abc import Callable
from statistics import fmean

import pytest

from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import split_sentences, stem_word
from greenroom.grading.builtin import grade
from greenroom.library import catalog
from greenroom.library.schemas import Item
from tests.sample_items import said

AMERICAN = {
    "organise": "organize", "realise": "realize", "prioritise": "prioritize", "recognise": "recognize",
    "apologise": "apologize", "minimise": "minimize", "standardise": "standardize", "analyse": "analyze",
    "colour": "color", "behaviour": "behavior", "neighbour": "neighbor", "favourite": "favorite", "centre": "center",
    "metre": "meter", "kilometre": "kilometer", "programme": "program", "licence": "license", "defence": "defense",
    "practise": "practice", "cancelled": "canceled", "travelled": "traveled", "labelled": "labeled",
    "learnt": "learned", "judgement": "judgment", "catalogue": "catalog", "cheque": "check", "tyre": "tire",
}  # fmt: skip


@pytest.mark.parametrize(("british", "american"), AMERICAN.items())
def test_british_and_american_spellings_are_the_same_word(british: str, american: str) -> None:
    assert stem_word(british) == stem_word(american)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Item, str, int]]:
    rng = random.Random(4)
    items = sorted(
        (i for i in catalog.load().items.values() if i.samples and i.key_points), key=lambda i: i.id
    )
    found: list[tuple[Item, str, int]] = []
    for _ in range(45):
        item = rng.choice(items)
        sample = rng.choice([s for s in item.samples if s.kind != "keyword_stuffed"])
        score = grade(item, said(sample.text)).score
        if score is not None:
            found.append((item, sample.text, score))
    return found


def changes(answers: list[tuple[Item, str, int]], change: Callable[[str], str]) -> list[int]:
    return [(grade(item, said(change(text))).score or 0) - score for item, text, score in answers]


def americanise(text: str) -> str:
    for british, american in AMERICAN.items():
        text = text.replace(british, american)
    return text


def reorder(text: str) -> str:
    first, *rest = (s.text for s in split_sentences(AnswerTurn(seq=1, text=text)))
    random.Random(1).shuffle(rest)
    return " ".join([first, *rest])


def speak(text: str) -> str:
    return "um " + " ".join(text.casefold().replace(".", " ").replace(",", " ").replace(";", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize("change", [americanise, reorder])
def test_spelling_and_order_of_sentences_cost_at_most_six_points(answers, change) -> None:
    found = changes(answers, change)
    assert sum(abs(one) > 6 for one in found) <= 0.05 * len(found), found


@pytest.mark.slow
def test_the_same_answer_as_a_transcript_differs_by_at_most_three_points_on_average(answers) -> None:
    found = changes(answers, speak)
    assert abs(fmean(found)) <= 3
    assert fmean(abs(one) for one in found) <= 3
