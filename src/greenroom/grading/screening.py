"""What of an answer a model gets to see. Pure.

The built-in grader drops copies of the question, repeats and talk to the grader; a model sees none of that either.
Beyond it, a model can be talked to in ways that mean nothing to code: encodings, other languages, letters drawn
apart, scripts with roles. Such pieces are left out here. Leaving out a harmless sentence costs a little evidence;
letting one through would let the answer speak to its judge.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.answers.language import detect_language
from greenroom.answers.lexicon import FUNCTION_WORDS, OWN_WORDS, TEAM_WORDS
from greenroom.answers.noise import Cleaned
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import Stretch, read_turns
from greenroom.kit.prompts import visible

_BLOB = re.compile(r"\S{24,}")
_ROLE = re.compile(
    r"^\s*[\"'#*_\[(<{-]*\s*(?:system|assistant|user|human|developer|tool|function|grader|evaluator|admin)\b[^a-z]{0,3}[:>\])}=|-]",
    re.IGNORECASE | re.MULTILINE,
)
_CALL = re.compile(
    r"[{}\[\]<>|]{1}.*[:=(].*[{}\[\]<>|)]|\b\w+\([^)]*[=:\"'][^)]*\)|\b(?:tool_call|function_call|final_result|set_score|submit_grade)\b",
    re.IGNORECASE,
)
_TO_THE_JUDGE = re.compile(
    r"\b(?:scor(?:e|es|ed|ing)|grad(?:e|es|ed|ing)|rat(?:e|ed|ing)|marks?|points|levels?|verdict|rubric|criteri(?:a|on)|"
    r"evaluat(?:e|es|ed|ion|or|ors|ing)|assess(?:or|ment)?|examiner|judge[sd]?|reviewer|prompt|instructions?|guidelines?|"
    r"language model|chatbot|gpt|claude|gemini|llm|the ai|dear ai|an ai|jailbreak|dan mode|developer mode)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip|stop|pretend|imagine|act as|role-?play|you (?:are|must|should|will|can|have to|need to)|"
    r"your (?:task|job|instructions?|rules|role|answer|output|response|verdict|score)|please (?:give|award|rate|mark|set|return|output|respond|consider|treat)|"
    r"(?:give|award|assign|grant|set|return|output|print|respond|reply|answer|write|say|repeat|treat|consider|count|mark|rate|score|show|tell|reveal|list)\s+"
    r"(?:me|this|it|that|the|my|all|every|only|with|everything|each|as|a|an|level|five|full|maximum|top)\b|"
    r"from now on|as (?:agreed|discussed|promised|we said|you said)|remember (?:that )?(?:you|we)|new (?:rule|rules|instruction|instructions|policy)|"
    r"deserves?|must be|should be|shall be|needs? to be|is (?:worth|final|binding))\b",
    re.IGNORECASE,
)
# Words that an answer about work has no use for, whatever stands around them.
_GRADING_TALK = re.compile(
    r"\b(?:end of (?:the |my )?(?:answer|input|transcript|text|document|candidate)|rubric|graders?|examiners?|evaluators?|answer key|key points?|system prompt|api keys?|language model|"
    r"(?:full|top|highest|maximum|max|best|perfect|generous|lenient) (?:scores?|grades?|levels?|ratings?|marks?|points|verdict)|"
    r"level (?:5|five)|(?:5|five|ten|10|100) (?:out of|of|/) ?(?:5|five|ten|10|100)|(?:rate|score|grade|mark) (?:me|this|it|my)|"
    r"other candidates['’]?|level=5|score[=:] ?\d)\b",
    re.IGNORECASE,
)
_FOREIGN = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "bitte",
        "alle",
        "gib",
        "diese",
        "dieser",
        "eine",
        "einen",
        "mit",
        "für",
        "auf",
        "le",
        "la",
        "les",
        "et",
        "est",
        "toutes",
        "tous",
        "cette",
        "ces",
        "une",
        "des",
        "du",
        "à",
        "donne",
        "pour",
        "dans",
        "el",
        "los",
        "las",
        "y",
        "todas",
        "todos",
        "esta",
        "este",
        "una",
        "dale",
        "para",
        "del",
        "que",
        "il",
        "lo",
        "gli",
        "tutte",
        "tutti",
        "questa",
        "questo",
        "una",
        "assegna",
        "per",
        "che",
        "di",
        "os",
        "as",
        "e",
        "todas",
        "uma",
        "esta",
        "para",
        "não",
        "de",
        "o",
        "het",
        "een",
        "en",
        "alle",
        "deze",
        "geef",
        "niet",
        "van",
        "tüm",
        "ve",
        "bu",
        "önceki",
        "say",
        "ver",
        "tam",
        "bir",
        "wszystkie",
        "i",
        "nie",
        "tej",
        "oraz",
        "jest",
    ]
)
TAIL_WORDS = 7
_SPACED = re.compile(r"(?:\b[^\W\d_][\s._*-]){6,}")
_ROTATED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM",
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)


@dataclass(frozen=True)
class Screened:
    """What a model sees, and how many stretches it does not."""

    text: str
    left_out: int


def screen(turns: Sequence[AnswerTurn], kept: Cleaned, lang: str = "en") -> Screened:
    """The sentences of an answer that speak to the question and to nobody else.

    A sentence is judged whole, with what the built-in grader dropped of it; a short one that hangs on to a dropped
    sentence and tells of nothing goes with it.
    """
    wholes = read_turns(turns)
    dropped: set[int] = set()
    for n, whole in enumerate(wholes):
        hangs_on = n - 1 in dropped and len(whole.tokens) <= TAIL_WORDS and not _tells(whole)
        if _speaks_elsewhere(whole, lang) or hangs_on:
            dropped.add(n)
    gone = [wholes[n] for n in dropped]
    shown = [s for s in kept.kept if not any(_within(s, whole) for whole in gone)]
    return Screened(_join(shown), len(kept.kept) - len(shown))


def _within(part: Stretch, whole: Stretch) -> bool:
    return part.turn == whole.turn and whole.start <= part.start < whole.end


def _tells(stretch: Stretch) -> bool:
    """Whether somebody does something in it."""
    return any(token.word in OWN_WORDS or token.word in TEAM_WORDS for token in stretch.tokens)


def _join(stretches: Sequence[Stretch]) -> str:
    """Sentences of one turn on one line, turns apart."""
    turns: dict[int, list[str]] = {}
    for stretch in stretches:
        turns.setdefault(stretch.turn, []).append(" ".join(visible(stretch.text).split()))
    return "\n\n".join(" ".join(parts) for parts in turns.values())


def _speaks_elsewhere(stretch: Stretch, lang: str) -> bool:
    text = unicodedata.normalize("NFKC", visible(stretch.text))
    if _ROLE.search(text) or _CALL.search(text) or _SPACED.search(text):
        return True
    if _GRADING_TALK.search(text) or any(_hides(blob) for blob in _BLOB.findall(text)):
        return True
    if detect_language(text) not in (None, lang) or _foreign_letters(text) or _foreign_words(stretch):
        return True
    readings = (text, text.translate(_LEET), text.translate(_ROTATED), text[::-1])
    return any(
        _GRADING_TALK.search(reading) or (_TO_THE_JUDGE.search(reading) and _COMMAND.search(reading))
        for reading in readings
    )


def _hides(blob: str) -> bool:
    """Whether an unbroken run of characters is an encoding rather than a word or an address."""
    if blob.startswith(("http://", "https://", "www.")) and len(blob) < 80:
        return False
    squeezed = re.sub(r"[^A-Za-z0-9+/=_-]", "", blob)
    if len(squeezed) < 24:
        return False
    if re.fullmatch(r"[0-9a-fA-F]+", squeezed):
        return True
    try:
        base64.b64decode(
            squeezed.translate(str.maketrans("-_", "+/")) + "=" * (-len(squeezed) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        return False
    return bool(re.search(r"\d|[A-Z].*[a-z].*[A-Z]|=$", squeezed))


def _foreign_words(stretch: Stretch) -> bool:
    """Whether a sentence too short for the detector stands on another language's small words."""
    words = [token.word for token in stretch.tokens]
    foreign = sum(word in _FOREIGN and word not in FUNCTION_WORDS for word in words)
    english = sum(word in FUNCTION_WORDS for word in words)
    return len(words) >= 4 and foreign >= 2 and foreign > english


def _foreign_letters(text: str) -> bool:
    """Whether most letters are of another script than Latin."""
    letters = [char for char in text if char.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(char, "") for char in letters)
    return bool(letters) and foreign > 0.1 * len(letters)
