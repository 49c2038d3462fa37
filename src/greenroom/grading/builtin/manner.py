"""How concretely an answer is worded, read from everyday words alone.

Amounts, times, persons and steps against general talk: weak answers say "people", "always", "good", "things",
strong ones "first", "by Friday", "she asked", "two weeks". The weights were learned on sample answers of the bank, and
only on stems that occur in answers to many different questions, so that none of them speaks of a topic. What a person
does not choose is not counted: articles, auxiliaries and fillers (second language, speech), whether a number is large
or small or written out, whether somebody is he or she.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import sqrt

from greenroom.answers.lexicon import FILLERS
from greenroom.answers.text import Stretch, Token
from greenroom.grading.builtin.weights import Head

ENOUGH = 25  # counted words from which the wording can speak for itself
NUMBER, PERSON = "#", "<person>"

_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half third
    quarter twice double""".split()
)
_PERSONS = frozenset("he she him her his hers himself herself".split())
_UNCOUNTED = (
    frozenset(
        """the a an am is are was were be been being have has had having do does did doing done will would can could not
        like so know mean just well ok okay actually basically 'd 's 'm 've 'll 're""".split()
    )
    | FILLERS
)


@dataclass(frozen=True, slots=True)
class Manner:
    """Weights of stems for one head, and the value of an answer that has none of them."""

    bias: float
    weights: Mapping[str, float]


def read_stems(tokens: Iterable[Token]) -> list[str]:
    """The stems that count, in order."""
    found: list[str] = []
    for token in tokens:
        if token.word in _NUMBERS or any(char.isdigit() for char in token.word):
            found.append(NUMBER)
        elif token.word in _PERSONS:
            found.append(PERSON)
        elif token.word not in _UNCOUNTED:
            found.append(token.stem)
    return found


def spread_stems(stems: Sequence[str]) -> dict[str, float]:
    """The root of each stem's share of the answer, so that saying it more often says less and less."""
    return {stem: sqrt(count / max(ENOUGH, len(stems))) for stem, count in Counter(stems).items()}


def measure_manner(sentences: Sequence[Stretch], manner: Manner) -> float:
    """0-1: from general talk to concrete telling. A few words alone show little either way and count less."""
    stems = read_stems(token for sentence in sentences for token in sentence.tokens)
    value = manner.bias + sum(manner.weights.get(s, 0.0) * share for s, share in spread_stems(stems).items())
    return min(1.0, max(0.0, value)) * min(1.0, len(stems) / ENOUGH)


@lru_cache(maxsize=4)
def load_manner(head: Head) -> Manner:
    """The shipped weights of one head, from `manner.json`; `benchmarks/fit_manner.py` writes it."""
    raw = json.loads(files("greenroom.grading.builtin").joinpath("manner.json").read_text(encoding="utf-8"))
    return Manner(raw[head]["bias"], raw[head]["weights"])
