"""An answer stands nearer to its own question than to another one of its type."""

import random
from statistics import fmean

import pytest

from greenroom.answers.observe import observe
from greenroom.answers.standing import STRAY, field_counts, load_fields
from greenroom.library import catalog
from greenroom.library.schemas import Item
from tests.sample_items import QUEUE, RESCUE, STRONG, said

FREE = ("behavioral", "situational")


def questions(kind: str) -> list[Item]:
    found = (i for i in catalog.load().items.values() if i.type == kind and i.key_points)
    return sorted(found, key=lambda item: item.id)


def best(item: Item) -> str:
    return max(item.samples, key=lambda sample: sample.score).text


@pytest.mark.parametrize("kind", FREE)
def test_the_shipped_fields_are_those_of_the_bank(kind: str) -> None:
    fields = load_fields()[kind]
    assert sorted(fields.items) == [item.id for item in questions(kind)]
    stale = [i.id for i in questions(kind) if set(field_counts(i)) != set(fields.items[i.id])]
    assert stale == [], "run benchmarks/fit_standing.py"


@pytest.mark.parametrize("kind", FREE)
def test_good_answers_stand_with_their_own_question_and_seldom_with_another(kind: str) -> None:
    rng, items = random.Random(2), questions(kind)
    own, stray = [], []
    for item in items[::4]:
        other = rng.choice([i for i in items if i.competency != item.competency])
        own.append(observe(item, said(best(item))).standing or 0.0)
        stray.append(observe(other, said(best(item))).standing or 0.0)
    assert min(own) >= STRAY
    assert fmean(one < STRAY for one in stray) >= 0.4
    assert fmean(stray) < 0.5 * fmean(own)


def test_a_question_of_facts_or_of_few_words_has_no_standing() -> None:
    bare = RESCUE.model_copy(
        update={"key_points": RESCUE.key_points[:1], "anchors": {}, "variants": None, "prompt": "Why?"}
    )
    assert observe(QUEUE, said("A queue keeps the order.")).standing is None
    assert observe(bare, said(STRONG)).standing is None


def test_a_question_of_ones_own_is_laid_beside_the_bank() -> None:
    standing = observe(RESCUE.model_copy(update={"id": "my.own.question"}), said(STRONG)).standing
    assert standing is not None
    assert standing >= STRAY
