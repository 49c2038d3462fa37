"""The words of a grade never contradict its numbers: 200 reports of simulated candidates, answer by answer."""

import random
import re

import pytest

from greenroom.answers.observe import observe
from greenroom.grading.attacks import add_fillers, as_transcript, half, misspell
from greenroom.grading.builtin import grade
from greenroom.grading.rubric import STRAY_WORDS
from greenroom.grading.schemas import Grade
from greenroom.library import catalog
from greenroom.library.schemas import Item
from tests.sample_items import QUEUE, RESCUE, STRONG, WEAK, said

REPORTS, ANSWERS = 200, 2
PERSON = re.compile(
    r"\b(?:you are|you're|you seem|you lack|your (?:personality|character|attitude|accent|voice)|"
    r"the candidate (?:is|seems|lacks)|as a person|type of person)\b",
    re.IGNORECASE,
)
SPOKEN = re.compile(r"\b(?:spoken|said aloud|pronounc\w+|voice|speaking|accent)\b", re.IGNORECASE)


def simulate() -> list[tuple[Item, str]]:
    """Answers of 200 candidates to two questions each: honest of every level, stuffed, halved, transcribed, mistyped,
    and told to another question."""
    rng = random.Random(11)
    items = sorted(
        (i for i in catalog.load().items.values() if i.samples and i.key_points), key=lambda i: i.id
    )
    found: list[tuple[Item, str]] = []
    for _ in range(REPORTS * ANSWERS):
        item = rng.choice(items)
        told = rng.choice([i for i in items if i.type == item.type]) if rng.random() < 0.15 else item
        text = rng.choice(told.samples).text
        change = rng.choice((None, None, half, as_transcript, add_fillers, misspell))
        if change in (add_fillers, misspell):
            text = change(text, rng)
        elif change:
            text = change(text)
        if rng.random() < 0.1:
            text = f"{text} {rng.choice(rng.choice(items).samples).text}"
        found.append((item, text))
    return found


@pytest.fixture(scope="module")
def graded() -> list[tuple[Item, str, Grade]]:
    return [(item, text, grade(item, said(text))) for item, text in simulate()]


def contradictions(item: Item, text: str, found: Grade) -> list[str]:
    """What in the words of a grade its numbers or its evidence do not carry."""
    if found.level is None:
        return ["praise without a number"] if found.keep else []
    words = " ".join((found.change, found.why_not_higher, *found.reasons, *(c.why for c in found.criteria)))
    checks = {
        f"praise at level {found.level}": found.keep and found.level < 2,
        "about the person": PERSON.search(words),
        "a written answer called spoken": SPOKEN.search(words),
        "no result, and a result that is met": "no result" in " ".join(found.reasons)
        and any(c.id == "result" and c.state == "met" for c in found.criteria),
        "held as stray, and every point of the question heard": STRAY_WORDS in " ".join(found.reasons)
        and all(point.state == "met" for point in found.points),
        "held as stray, and praised for relevance": STRAY_WORDS in " ".join(found.reasons)
        and any(c.id == "relevance" and c.state == "met" for c in found.criteria),
        "a quote that is not in the answer": any(
            span.text not in text for c in found.criteria for span in c.evidence
        ),
        "a contradiction without the words that make it": any(
            "contradicts" in c.why and not c.evidence for c in found.criteria
        ),
    }
    wrong = [name for name, holds in checks.items() if holds]
    return [*wrong, *_about_points(item, found), *_about_levels(found), *_about_criteria(found)]


def _about_points(item: Item, found: Grade) -> list[str]:
    states = {point.id: point.state for point in found.points}
    texts = {point.text: point.id for point in item.key_points}
    missing = re.findall(r"missing: “([^”]+)”", found.change)
    unheard = re.findall(r"“([^”]+)”", found.why_not_higher)
    return [
        *(
            f"{q!r} is called missing and was heard"
            for q in missing
            if states.get(texts.get(q, "")) != "missing"
        ),
        *(f"{q!r} is called unheard and was heard" for q in unheard if states.get(texts.get(q, "")) == "met"),
    ]


def _about_levels(found: Grade) -> list[str]:
    level = found.level or 0
    held = re.findall(r"Held at level ([\d.]+)", " ".join(found.reasons))
    named = re.findall(r"^Why (\d), not", found.why_not_higher)
    shown = f"{level:.1f}"  # what stands beside it
    return [
        *(f"held at {h}, at level {level}" for h in held if abs(float(h) - level) > 0.01),
        *(
            f"why {n}, at level {shown}"
            for n in named
            if not -0.5 <= float(shown) - int(n) < 0.5 and int(n) < 4
        ),
    ]


PRAISES = (
    "The answer joins claims to reasons.", "Reasons are given for what is said.",
    "What is stated agrees with the reference.", "Sentences are short enough to follow.",
)  # fmt: skip


def _about_criteria(found: Grade) -> list[str]:
    return [
        f"{c.id} is {c.state}: {c.why}"
        for c in found.criteria
        if (c.state == "met" and re.match(r"No |Nothing |0 of", c.why))
        or (c.state == "not_met" and c.why in PRAISES)
    ]


@pytest.mark.slow
def test_no_report_of_two_hundred_contradicts_itself(graded: list[tuple[Item, str, Grade]]) -> None:
    wrong = [
        (item.id, said_wrong)
        for item, text, found in graded
        for said_wrong in contradictions(item, text, found)
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_two_hundred_reports_hold_stray_answers_among_them(graded: list[tuple[Item, str, Grade]]) -> None:
    stray = [found for _, _, found in graded if STRAY_WORDS in " ".join(found.reasons)]
    assert len(stray) >= 8
    assert all(found.level is not None and found.level <= 3 for found in stray)


def test_a_misconception_is_seen_when_it_is_stated_and_not_when_it_is_denied() -> None:
    known = [(item, one) for item in catalog.load().items.values() for one in item.misconceptions]
    stated = [_fires(item, one.id, one.text) for item, one in known]
    denied = [(item.id, one.text) for item, one in known if _fires(item, one.id, _deny(one.text))]
    assert sum(stated) >= 0.95 * len(known)
    assert len(denied) <= 0.01 * len(known), denied


def _fires(item: Item, misconception: str, text: str) -> bool:
    return f"misconception.{misconception}" in observe(item, said(text)).flags


def _deny(text: str) -> str:
    return f"It is not true that {text[:1].lower()}{text[1:]}"


def test_an_answer_at_the_bottom_is_given_nothing_to_keep() -> None:
    assert grade(RESCUE, said(WEAK)).keep == ""
    assert grade(RESCUE, said(STRONG)).keep.startswith("Keep “")


@pytest.mark.parametrize("text", ["مرحبا queue", "😀 database", "你好 yes", "😀😀😀 ok 😀"])
@pytest.mark.parametrize("item", [RESCUE, QUEUE])
def test_a_single_word_beside_another_script_or_pictures_is_not_enough_to_judge(
    item: Item, text: str
) -> None:
    found = grade(item, said(text))
    assert (found.status, found.score) == ("not_enough", None)


def test_a_sentence_with_a_picture_in_it_is_judged() -> None:
    assert grade(RESCUE, said(f"{STRONG} 😀")).score == grade(RESCUE, said(STRONG)).score
