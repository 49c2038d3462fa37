"""Whether there is an answer to judge at all. Apart from the scorer, so that neither bends the other.

Checks run from the surest to the softest; the first that holds names the validity and says why in words.
Thresholds are set so that at most 2% of honest terse answers are stopped (measured in docs/grading.md).
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from greenroom.answers.background import load_background
from greenroom.answers.language import detect_language
from greenroom.answers.lexicon import FUNCTION_WORDS
from greenroom.answers.noise import Cleaned
from greenroom.answers.schemas import AnswerTurn, Validity
from greenroom.answers.text import Stretch, split_words

NO_NUMBER: frozenset[Validity] = frozenset(("empty", "too_short", "gibberish", "other_language", "code_only"))

_DONT_KNOW = re.compile(
    r"\b(?:i )?(?:really |honestly |just )?(?:do not|don[’']?t|dont|wouldn[’']?t) (?:really |"
    r"actually |even )?(?:know|remember|recall|have (?:an|any) (?:answer|idea|example))\b|"
    r"\b(?:no|not any|haven[’']?t a|have no) (?:idea|clue|answer)\b|\bi[’']?m (?:really )?not sure\b|"
    r"\bnot sure\b|"
    r"\b(?:can[’']?t|cannot|couldn[’']?t|could not|unable to) (?:answer|say|think of|come up with|"
    r"recall|remember)\b|"
    r"\bnothing comes to mind\b|\b(?:i[’']?d|i would|i will|let me|let[’']?s|can we|"
    r"i) (?:like to )?(?:pass|skip)\b|\bnever heard of\b|"
    r"^\s*(?:idk|pass|skip|dunno|n/?a|no comment|\?+)\s*[.!]?\s*$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"hard[- ]?work(?:er|ing)|team[- ]?player|think(?:ing)? outside the box|passionate about|110 ?%|"
    r"hundred and ten percent|"
    r"(?:excellent|strong|great|good|outstanding|exceptional) (?:communication|interpersonal|people|"
    r"leadership|problem[- ]solving|organi[sz]ational) skills|"
    r"detail[- ]oriented|results?[- ]driven|goal[- ]oriented|self[- ]starter|go[- ]getter|"
    r"fast[- ]paced|proven track record|"
    r"thank you (?:so much )?for (?:the|this|your)|great question|excellent question|excited (?:about|"
    r"to)|perfect (?:fit|candidate)|"
    r"as an ai|language model|i believe in (?:honesty|teamwork|hard work|giving)|always (?:give|do|"
    r"try) my best|valuable asset|"
    r"(?:learn|grow) (?:and grow|every day|as a professional)|add value|synerg|wear many hats|"
    r"thrive (?:in|under)|dynamic (?:team|environment)|"
    r"to the best of my abilit|highly motivated|work well (?:under pressure|with others|in a team)|"
    r"important topic|many (?:factors|aspects)|"
    r"in today[’']s (?:world|society)|it (?:really )?depends on (?:the situation|many)|"
    r"at the end of the day|quick learner|fast learner|multi-?task",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|import|from|return|if|for|while|else|elif|function|const|let|var|"
    r"public|private|static|int|"
    r"void|select|insert|update|delete|create|#include|print|console\.|try|catch|fn|func|package|"
    r"using)\b.*[(){};:=]|^\s*[\w.\[\]]+\s*[-+*/]?=\s*\S|^\s*(?:return|yield|raise|break|continue|"
    r"pass|end|else)\b[^.]{0,60}$|^\s*[)}\]]+;?\s*$|=>|->|::|^\s*</?\w+[^>]*>",
    re.IGNORECASE,
)


_BESIDE_SIGNS = 2  # words
_PICTURES = 0x2600  # signs from here on are pictures; degrees and the like come before
_KEYWORDS = frozenset(
    ["if", "for", "while", "do", "not", "and", "or", "in", "is", "as", "from", "with", "then", "this"]
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's word: `validity`, and one reason in words when it is not ok."""

    validity: Validity
    reason: str = ""


_TO_THE_GRADER = Verdict("injection_only", "The text speaks to the grader and does not answer the question.")


def judge_validity(
    turns: Sequence[AnswerTurn],
    cleaned: Cleaned,
    *,
    touched: bool,
    relevance: float,
    off_topic_below: float,
    acts: bool,
    min_words: int,
    lang: str = "en",
    known: Collection[str] = (),
) -> Verdict:
    """The gate. `touched` says whether any key point has evidence, `relevance` is 0-1, `acts` whether own
    past actions are told; `min_words` is the shortest answer that can be judged for this kind of question,
    `known` are stems of the question's own field, which are words however strange they look."""
    text = "\n".join(turn.text for turn in turns)
    return (
        _check_form(text, cleaned, lang, touched=touched)
        or _check_words(text, cleaned, known)
        or _check_content(cleaned, touched=touched, acts=acts)
        or _check_topic(
            cleaned, touched=touched, relevance=relevance, below=off_topic_below, min_words=min_words
        )
        or Verdict("ok")
    )


def _check_form(text: str, cleaned: Cleaned, lang: str, *, touched: bool) -> Verdict | None:
    if not any(char.isalnum() for char in text):
        return Verdict("empty", "There are no words to judge.")
    if cleaned.removed.get("injection") and not cleaned.kept:
        return _TO_THE_GRADER
    if is_code_only(text) and not (touched and "\n" not in text.strip()):
        return Verdict("code_only", "This is code without a sentence that answers the question.")
    if _is_word_beside_signs(text):
        return Verdict(
            "too_short", "One or two words beside signs or another script are not enough to judge."
        )
    found = detect_language(text)
    if found == "la":
        return Verdict("gibberish", "This is filler text, not an answer.")
    if found not in (None, lang):
        return Verdict(
            "other_language",
            f"The answer is in another language ({found}); it is not scored across languages.",
        )
    return None


def _is_word_beside_signs(text: str) -> bool:
    """Whether a word or two of our script stand beside pictures or letters of another one, and nothing else."""
    if text.isascii():
        return False
    others = sum(
        (unicodedata.category(char) == "So" and ord(char) >= _PICTURES)
        or (char.isalpha() and not _is_latin(char))
        for char in text
    )
    latin = [t for t in split_words(text) if any(char.isalpha() and _is_latin(char) for char in t.word)]
    return others > 0 and 0 < len(latin) <= _BESIDE_SIGNS


def _is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").startswith("LATIN")


_DEFINITION = re.compile(
    r"\s*(?:(?:async\s+)?def\s+\w+\([^)]{0,200}\)[^:]{0,80}:|class\s+[A-Z]\w*\s*(?:\([^)]{0,80}\))?:)"
)
_QUERY = re.compile(
    r"\s*(?:select\s.+\sfrom\s.+|insert\s+into\s.+|update\s+\S+\s+set\s.+|delete\s+from\s.+|"
    r"create\s+(?:table|index|view)\s.+)",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = frozenset(["a", "i", "self", "all", "any", "have", "no"])
_QUERY_WORDS = frozenset(["where", "by", "set", "on", "all", "into", "having", "between"])
_PAGE_TAG = re.compile(
    r"</?(?:p|div|span|br|b|i|u|em|strong|ul|ol|li|a|h[1-6]|table|tbody|tr|td|th|body|html)\b[^<>]{0,200}>",
    re.IGNORECASE,
)


def is_code_only(text: str) -> bool:
    """Whether nearly all of it is program code. Prose that was pasted with the tags of a web page is not."""
    prose = _PAGE_TAG.sub(" ", text)
    if prose != text and _function_share(prose) >= 0.15:
        text = prose
    defined = _DEFINITION.match(text) and _function_share(text, _NAMES) < 0.2
    if defined or (_QUERY.fullmatch(text) and _function_share(text, _QUERY_WORDS) < 0.15):
        return len(split_words(text)) >= 3
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("```")]
    if not lines:
        return False
    code = sum(len(line) for line in lines if _CODE_LINE.search(line))
    words = split_words(text)
    function = _function_share(text)
    marks = sum(text.count(char) for char in "(){}[];=<>") / max(1, len(words))
    fenced = text.strip().startswith("```") and text.strip().endswith("```")
    several = len(lines) > 1 or fenced
    dense = several and marks >= 0.25
    return len(words) >= 3 and (fenced or code > 0.8 * sum(map(len, lines))) and function < 0.15 and dense


def _function_share(text: str, keywords: Collection[str] = ()) -> float:
    """The share of words that hold sentences together, without those that are keywords of programs."""
    words = split_words(text)
    ours = FUNCTION_WORDS - _KEYWORDS - set(keywords)
    return sum(token.word in ours for token in words) / max(1, len(words))


def _check_words(text: str, cleaned: Cleaned, known: Collection[str]) -> Verdict | None:
    tokens = split_words(text)
    background = load_background()
    letters = [t for t in tokens if t.word.isascii() and t.word.isalpha()]
    unmet = [t for t in letters if t.stem not in background.stems and t.stem not in known]
    strange = [t for t in unmet if background.spelling(t.word) < -3.6 and len(t.word) > 3]
    unknown = sum(t.word not in FUNCTION_WORDS for t in unmet)
    if not letters and not any(char.isdigit() for t in tokens for char in t.word):
        return Verdict("gibberish", "The text has no readable words.")
    if letters and len(strange) >= max(1, 0.4 * len(letters)):
        return Verdict("gibberish", "Most of this is not words.")
    function = sum(t.word in FUNCTION_WORDS for t in letters)
    if len(letters) >= 6 and not function and unknown >= 0.7 * len(letters):
        return Verdict("gibberish", "Most of this is not words.")
    distinct = len({t.word for t in tokens})
    if (
        len(tokens) >= 12
        and distinct <= max(3, 0.12 * len(tokens))
        and cleaned.share("repeat") > 0.5
        and distinct < 8
    ):
        return Verdict("gibberish", "The same words are repeated without an answer.")
    return None


def _check_content(cleaned: Cleaned, *, touched: bool, acts: bool) -> Verdict | None:
    left = sum(len(s.tokens) for s in cleaned.kept)
    if cleaned.removed.get("injection") and left < 6 and not touched:
        return _TO_THE_GRADER
    unknown = [s for s in cleaned.kept if _DONT_KNOW.search(s.text) and (len(s.tokens) <= 14 or not touched)]
    rest = left - sum(len(s.tokens) for s in unknown)
    if unknown and rest < 8 and left <= 40 and not (touched and left > 8):
        return Verdict("dont_know", "The answer says that it is not known.")
    if cleaned.share("question") > 0.5 and not touched and not _says_more(cleaned.kept):
        return Verdict("copied_question", "The question is repeated without an answer to it.")
    if cleaned.removed.get("list", 0) >= 8 and left < 12:
        return Verdict("keyword_list", "These are words side by side; no sentence says anything with them.")
    if _is_boilerplate(cleaned.kept) and not acts:
        return Verdict(
            "boilerplate", "General phrases that would fit any question; nothing in them answers this one."
        )
    return None


def _says_more(sentences: Sequence[Stretch]) -> bool:
    """Whether words other than function words are left, numbers included."""
    words = [t.word for s in sentences for t in s.tokens]
    return any(word not in FUNCTION_WORDS for word in words) or bool({"one", "no", "none"} & set(words))


def _is_boilerplate(sentences: Sequence[Stretch]) -> bool:
    hits = [s for s in sentences if _BOILERPLATE.search(s.text)]
    words = sum(len(s.tokens) for s in sentences)
    phrases = sum(len(_BOILERPLATE.findall(s.text)) for s in sentences)
    return phrases >= 2 and sum(len(s.tokens) for s in hits) >= 0.5 * words and phrases >= words / 30


def _check_topic(
    cleaned: Cleaned, *, touched: bool, relevance: float, below: float, min_words: int
) -> Verdict | None:
    left = sum(len(s.tokens) for s in cleaned.kept)
    if left == 0 and cleaned.share("question") > 0.3:
        return Verdict("copied_question", "The question is repeated without an answer to it.")
    if left == 0 and cleaned.removed.get("quote"):
        return None
    if left < min_words and not touched:
        return Verdict("too_short", f"{left} {'word is' if left == 1 else 'words are'} not enough to judge.")
    if not touched and relevance < below and left >= 10:
        return Verdict("off_topic", "Nothing in the answer connects to the question.")
    return None
