"""Stems of English words, alike from every thread."""

import threading

import snowballstemmer

_stemmer = snowballstemmer.stemmer("english")
# The stemmer keeps the word it works on in itself. Answers are observed on the event loop while others are graded in
# threads: without turns two words were mixed up now and then, and a cache of stems kept the wrong one for good.
_turn = threading.Lock()


def stem_english(word: str) -> str:
    """The stem of a word in small letters, by the Snowball English stemmer."""
    with _turn:
        return str(_stemmer.stemWord(word))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
