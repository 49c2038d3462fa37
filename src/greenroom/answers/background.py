"""What ordinary answers look like: word rarity, word order and letter pairs, counted over texts we may ship.

The counts come from `benchmarks/fit_background.py` over the SAF answers (MIT) and our own bank samples.
The file is package data, read once; it is as constant as a table in code.
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from greenroom.answers.lexicon import FUNCTION_WORDS
from greenroom.answers.text import Token

_PRIOR = 6.0  # pseudo-counts toward the unigram when a pair was rarely seen
_FLOOR = -2.5  # one odd pair says little
_SUFFIXES = ("ing", "ed", "ly", "tion", "ment", "ness", "able", "er", "al", "ive", "ous", "es", "s")


@dataclass(frozen=True, slots=True)
class Background:
    """Counts: documents per stem, words per class and in all, pairs of classes, pairs of letters."""

    documents: int
    stems: dict[str, int]
    classes: dict[str, int]
    pairs: dict[str, int]
    letters: dict[str, float]
    words: int

    def rarity(self, stem: str) -> float:
        """Inverse document frequency, scaled unseen words have 1."""
        return math.log((self.documents + 1) / (self.stems.get(stem, 0) + 1)) / math.log(self.documents + 1)

    def word_order(self, tokens: list[Token]) -> float:
        """Mean information (nats) that each word's class carries about the next; 0 when shuffled."""
        kinds = ["<s>", *(word_class(token.word) for token in tokens)]
        gain = 0.0
        for before, after in pairwise(kinds):
            share = (self.classes.get(after, 0) + 0.5) / self.words
            seen = self.pairs.get(f"{before} {after}", 0)
            ratio = (seen + _PRIOR * share) / (self.classes.get(before, 0) + _PRIOR) / share
            gain += max(_FLOOR, math.log(ratio))
        return gain / max(1, len(tokens))

    def spelling(self, word: str) -> float:
        """Mean log probability of a word's letter pairs: below about -3.4 it is hardly English."""
        padded = f"^{word}$"
        pairs = [padded[i : i + 2] for i in range(len(padded) - 1)]
        return sum(self.letters.get(pair, self.letters["??"]) for pair in pairs) / len(pairs)


@lru_cache(maxsize=50_000)
def word_class(word: str) -> str:
    """A function word is its own class; other words fall into classes by ending, numbers into one."""
    if word in FUNCTION_WORDS:
        return word
    if any(char.isdigit() for char in word):
        return "#"
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) > len(suffix) + 2:
            return f"-{suffix}"
    return "*"


@lru_cache(maxsize=1)
def load_background() -> Background:
    """The shipped counts."""
    raw = json.loads(files("greenroom.answers").joinpath("background.json").read_text(encoding="utf-8"))
    return Background(**raw, words=sum(raw["classes"].values()))
