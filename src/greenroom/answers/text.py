"""Words, sentences and clauses of an answer, each with its exact place in the stored text.

Positions are Unicode code points of one turn's text. Nothing here rewrites what was said: folding
happens on the words taken out, and every word remembers where it stood.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from greenroom.answers.lexicon import CLAUSE_OPENERS, CONTRACTIONS, FILLERS, IRREGULAR, NEGATORS, SPELLINGS
from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.kit.stems import stem_english

HIDDEN = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u202a\u202b\u202c\u202d\u202e"
)
_QUOTES = dict.fromkeys(map(ord, "‘’ʼ‛`´′"), "'") | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_APOSTROPHES = "'’‘ʼ"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{HIDDEN}])*(?:[{_APOSTROPHES}](?:[^\W_]|[{HIDDEN}])+)*")
_HIDDEN_TABLE = dict.fromkeys(map(ord, HIDDEN))
# An initial is a capital letter of its own: neither the "t" of "isn't" nor the word "I".
_ABBREVIATION = re.compile(r"(?:\b(?i:e\.g|i\.e|mr|mrs|ms|dr|vs|etc|approx|no|fig|cf)|(?<!['’])\b[A-HJ-Z])$")
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s|$)|\n+|[。！？]")
_CLAUSE_MARK = re.compile(r"[,;:()\[\]–—]|\s-\s")
_TELLERS = frozenset(
    ("i", "we", "he", "she", "they")
)  # where one stands apart, a new sentence begins in speech
_LEANING = frozenset(
    ("that", "what", "which", "who", "how", "like", "as", "than", "said", "thing", "think", "say")
)
LONG_SENTENCE = 38  # words; longer runs are speech without punctuation and are cut at joining words


class Token(NamedTuple):
    """One word: folded form, stem, and the code points it covers in its turn."""

    word: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence or clause of one turn; `text` is the stored text between start and end."""

    turn: int
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    probed: bool = False

    def span(self) -> Span:
        """The stretch as a quote."""
        return Span(turn=self.turn, start=self.start, end=self.end, text=self.text)

    def stems(self) -> frozenset[str]:
        """The set of stems; `'d` counts as would and had."""
        return with_readings(t.stem for t in self.tokens)


def with_readings(stems: Iterable[str]) -> frozenset[str]:
    """The stems, with both readings of a contracted 'd."""
    found = frozenset(stems)
    return found | {"would", "had", "have"} if "'d" in found else found


@lru_cache(maxsize=50_000)
def stem_word(word: str) -> str:
    """The stem of a folded word: irregular past forms first, then the Snowball English stemmer; British and
    American spellings have the same stem."""
    word = IRREGULAR.get(word, word)
    stem = stem_english(word)
    return SPELLINGS.get(stem, stem)


def fold(text: str) -> str:
    """Text made comparable: NFKC, case folded, plain quotation marks, hidden characters gone,
    single spaces."""
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES).translate(_HIDDEN_TABLE)).casefold()
    return " ".join(plain.split())


def split_words(text: str) -> list[Token]:
    """The words of a text in order. Contractions give two words with the same place ("hadn't": had,
    not)."""
    return list(_words(text))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[Token, ...]:
    """Cached: cues, points and the answer's own sentences are looked at again with every turn."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        tokens.extend([Token(word, stem, start, end) for word, stem in _read_word(match.group())])
    return tuple(tokens)


@lru_cache(maxsize=50_000)
def _read_word(written: str) -> tuple[tuple[str, str], ...]:
    """The folded words in a word as written, each with its stem: most words of an answer were met before."""
    return tuple((word, stem_word(word)) for word in _expand(fold(written)))


def _expand(word: str) -> tuple[str, ...]:
    if "'" not in word:
        return (word,) if word else ()
    if word in CONTRACTIONS:
        return CONTRACTIONS[word]
    head, _, tail = word.rpartition("'")
    if tail == "t" and head.endswith("n"):
        return (head[:-1], "not")
    if tail in ("ll", "ve", "re", "m", "d"):
        return (head, {"ll": "will", "ve": "have", "re": "are", "m": "am", "d": "'d"}[tail])
    if tail == "s":
        return (head, "is") if head in ("it", "that", "there", "he", "she", "what", "who") else (head,)
    return tuple(part for part in word.split("'") if part)


def stems_of(text: str) -> list[str]:
    """The stems of a text in order, with repeats."""
    return [token.stem for token in split_words(text)]


def read_turns(turns: Sequence[AnswerTurn]) -> list[Stretch]:
    """All sentences of an answer in order. Text without any word gives no sentence."""
    return [sentence for turn in turns for sentence in split_sentences(turn)]


def split_sentences(turn: AnswerTurn) -> list[Stretch]:
    """The sentences of one turn; speech without punctuation is cut at joining words."""
    sentences: list[Stretch] = []
    start = 0
    for match in _SENTENCE_END.finditer(turn.text):
        if match.group()[0] == "." and _ABBREVIATION.search(
            turn.text[max(0, match.start() - 8) : match.start()]
        ):
            continue
        sentences += _stretches(turn, start, match.end())
        start = match.end()
    return sentences + _stretches(turn, start, len(turn.text))


def _stretches(turn: AnswerTurn, start: int, end: int) -> list[Stretch]:
    """The piece as one sentence, or as several when it is a long run of speech."""
    made = make_stretch(turn.seq, turn.text, start, end, probed=turn.probed)
    if made is None:
        return []
    if len(made.tokens) <= LONG_SENTENCE:
        return [made]
    cuts = [made.start]
    since, before = 0, ""
    for token in made.tokens:
        since += 1
        opens = token.word in CLAUSE_OPENERS
        told = token.word in _TELLERS and before not in _LEANING and before not in CLAUSE_OPENERS
        if (since > 9 and opens) or (since > 11 and told):
            cuts.append(token.start)
            since = 0
        before = token.word
    cuts.append(made.end)
    pieces = (make_stretch(turn.seq, turn.text, a, b, probed=turn.probed) for a, b in pairwise(cuts))
    return [piece for piece in pieces if piece]


def make_stretch(turn: int, text: str, start: int, end: int, *, probed: bool = False) -> Stretch | None:
    """The stretch between two places without surrounding space; None where there is no word."""
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    tokens = tuple(
        Token(t.word, t.stem, t.start + start, t.end + start) for t in split_words(text[start:end])
    )
    return Stretch(turn, start, end, text[start:end], tokens, probed) if tokens else None


def split_clauses(sentence: Stretch) -> list[Stretch]:
    """The clauses of a sentence: cut at commas, brackets, dashes and joining words, none under two
    words."""
    marks = {m.start() + sentence.start for m in _CLAUSE_MARK.finditer(sentence.text)}
    cuts: list[int] = []
    since = 0
    previous_end = sentence.start
    for token in sentence.tokens:
        marked = any(previous_end <= mark < token.start for mark in marks) if marks else False
        if since >= 2 and (marked or (since >= 3 and token.word in CLAUSE_OPENERS)):
            cuts.append(token.start)
            since = 0
        since += 1
        previous_end = token.end
    edges = [sentence.start, *cuts, sentence.end]
    made = (_slice(sentence, a, b) for a, b in pairwise(edges))
    return [clause for clause in made if clause.tokens]


def _slice(sentence: Stretch, start: int, end: int) -> Stretch:
    text = sentence.text[start - sentence.start : end - sentence.start].rstrip(" ,;:")
    tokens = tuple(t for t in sentence.tokens if start <= t.start < end)
    return Stretch(sentence.turn, start, start + len(text), text, tokens, sentence.probed)


def is_negated(tokens: Sequence[Token]) -> bool:
    """Whether an odd number of negators stands in the words ("not only" is none)."""
    count = 0
    for index, token in enumerate(tokens):
        following = tokens[index + 1].word if index + 1 < len(tokens) else ""
        count += token.word in NEGATORS and following not in ("only", "just", "surprisingly")
    return count % 2 == 1


def without_fillers(tokens: Sequence[Token]) -> list[Token]:
    """The words without um, uh and immediate repeats, as a listener would take them."""
    kept: list[Token] = []
    for token in tokens:
        if token.word in FILLERS or (
            kept and kept[-1].word == token.word and token.word not in ("had", "that")
        ):
            continue
        kept.append(token)
    return kept


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text after folding both, as code points of the text; None when it
    does not."""
    folded: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        piece = unicodedata.normalize("NFKC", char.translate(_QUOTES).translate(_HIDDEN_TABLE)).casefold()
        for part in piece:
            if part.isspace():
                if folded and folded[-1] == " ":
                    continue
                part = " "  # noqa: PLW2901
            folded.append(part)
            places.append(index)
    wanted = fold(quote)
    at = "".join(folded).find(wanted) if wanted else -1
    if at < 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1
