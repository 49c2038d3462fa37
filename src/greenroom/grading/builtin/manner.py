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
from itertools import zip_longest
from math import sqrt

from greenroom.answers.lexicon import NUMBER_WORDS, THIRD_PERSONS, UNCHOSEN
from greenroom.answers.text import Stretch, Token, without_fillers
from greenroom.grading.builtin.weights import Head

ENOUGH = 25  # counted words from which shares of words mean something
DEVELOPED = 40  # counted words of an answer that had room to be concrete
NUMBER, PERSON = "#", "<person>"


@dataclass(frozen=True, slots=True)
class Manner:
    """Weights of stems for one head, and the value of an answer that has none of them."""

    bias: float
    weights: Mapping[str, float]


def read_stems(tokens: Iterable[Token]) -> list[str]:
    """The stems that count, in order. What speech puts in does not: repeats, "you know"."""
    found: list[str] = []
    said = without_fillers(list(tokens))
    for token, following in zip_longest(said, said[1:]):
        if token.word == "you" and following and following.word == "know":
            continue
        if token.word in NUMBER_WORDS or any(char.isdigit() for char in token.word):
            found.append(NUMBER)
        elif token.word in THIRD_PERSONS:
            found.append(PERSON)
        elif token.word not in UNCHOSEN:
            found.append(token.stem)
    return found


def spread_stems(stems: Sequence[str]) -> dict[str, float]:
    """The root of each stem's share of the answer, so that saying it more often says less and less."""
    return {stem: sqrt(count / max(ENOUGH, len(stems))) for stem, count in Counter(stems).items()}


def measure_manner(sentences: Sequence[Stretch], manner: Manner) -> float:
    """0-1: from general talk to concrete telling. Few words tell little, however concrete they are."""
    stems = read_stems(token for sentence in sentences for token in sentence.tokens)
    value = manner.bias + sum(manner.weights.get(s, 0.0) * share for s, share in spread_stems(stems).items())
    return min(1.0, max(0.0, value)) * sqrt(min(1.0, len(stems) / DEVELOPED))


@lru_cache(maxsize=4)
def load_manner(head: Head) -> Manner:
    """The shipped weights of one head, from `manner.json`; `benchmarks/fit_manner.py` writes it."""
    raw = json.loads(files("greenroom.grading.builtin").joinpath("manner.json").read_text(encoding="utf-8"))
    return Manner(raw[head]["bias"], raw[head]["weights"])
