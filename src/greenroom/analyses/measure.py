"""What code counts in a transcript: shares, pace, fillers, hedges, I and we, questions and what followed. Pure.

Observable facts with their places; nothing about who somebody is. Fillers and hedges are the lists of `answers`;
a usual pace of speech is 110 to 160 words a minute, and a sentence above 30 words is long for a listener.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from greenroom.analyses.schemas import Exchange, Facts, Finding, Handling, SpeakerFacts, Tally
from greenroom.analyses.transcript import Transcript, Utterance
from greenroom.answers.lexicon import FILLERS, OWN_WORDS, STOP_STEMS, TEAM_WORDS
from greenroom.answers.mentions import find_hedges
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.answers.text import Stretch, read_turns, split_words, stems_of

LONG_SENTENCE: Final = 30
LONG_UTTERANCE: Final = 320
STORY_WORDS: Final = 40
MOST_PLACES: Final = 10
SHORT_ANSWER: Final = 6
_PHRASES: Final = re.compile(r"\b(?:you know|i mean)\b", re.IGNORECASE)
_OPEN: Final = re.compile(
    r"\b(?:i(?:'d| would)? (?:don't|do not|can't|cannot) (?:know|say|tell|remember)|no idea|not sure|get back to you|"
    r"let me check|have to look|find out)\b",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|for example|for instance|because|in short|to sum up|the reason|"
    r"on the one hand|in the end|as a result)\b",
    re.IGNORECASE,
)


def measure(told: Transcript) -> Facts:
    """The facts of a transcript."""
    names = list(dict.fromkeys(one.speaker for one in told.utterances))
    total = sum(_count(one.text) for one in told.utterances)
    exchanges = _exchanges(told.utterances) if told.labelled else []
    ends = [one.end_s or one.start_s for one in told.utterances]
    whole = (ends[-1] or 0) - (told.utterances[0].start_s or 0) if told.timed and ends else None
    return Facts(
        words=total, utterances=len(told.utterances), labelled=told.labelled, timed=told.timed,
        minutes=round(whole / 60, 1) if whole and whole > 0 else None,
        speakers=[_describe(name, [u for u in told.utterances if u.speaker == name], total) for name in names],
        exchanges=exchanges, notes=_notes(told, total),
    )  # fmt: skip


def _notes(told: Transcript, total: int) -> list[str]:
    notes: list[str] = []
    if not told.labelled:
        notes.append("The speakers are not named, so shares and answers to questions are not told apart.")
    if not told.timed:
        notes.append("There are no times in it, so the pace of speech is not known.")
    if total < 150:
        notes.append("It is short: counts say little below about 150 words.")
    return notes


def _describe(name: str, said: Sequence[Utterance], total: int) -> SpeakerFacts:
    turns = [AnswerTurn(seq=one.seq, text=one.text) for one in said]
    words = [token.word for one in said for token in split_words(one.text)]
    sentences = read_turns(turns)
    count = sum(_count(one.text) for one in said)
    lengths = [_count(s.text) for s in sentences]
    return SpeakerFacts(
        name=name, utterances=len(said), words=count, share=round(count / total, 3) if total else 0.0,
        longest_words=max((_count(one.text) for one in said), default=0), words_per_minute=_pace(said),
        fillers=_tally(_fillers(said), count), hedges=_tally(find_hedges(turns), count),
        own_words=sum(word in OWN_WORDS for word in words), team_words=sum(word in TEAM_WORDS for word in words),
        questions=sum("?" in one.text for one in said),
        sentence_words=round(sum(lengths) / len(lengths), 1) if lengths else 0.0,
        parts=_parts(turns), findings=_findings(said, turns, sentences),
    )  # fmt: skip


def _count(text: str) -> int:
    return len(text.split())


def _pace(said: Sequence[Utterance]) -> int | None:
    """Words a minute over the utterances whose length is known and plausible; None below 10 seconds in all."""
    spoken = [
        (_count(one.text), one.end_s - one.start_s)
        for one in said
        if one.start_s is not None and one.end_s is not None and one.end_s > one.start_s
    ]
    length = sum(seconds for _, seconds in spoken)
    return round(60 * sum(words for words, _ in spoken) / length) if length >= 10 else None


def _fillers(said: Sequence[Utterance]) -> list[Span]:
    found: list[Span] = []
    for one in said:
        places = [(t.start, t.end) for t in split_words(one.text) if t.word in FILLERS]
        places += [match.span() for match in _PHRASES.finditer(one.text)]
        found += [Span(turn=one.seq, start=a, end=b, text=one.text[a:b]) for a, b in sorted(places)]
    return found


def _tally(found: Sequence[Span], words: int) -> Tally:
    rate = round(100 * len(found) / words, 1) if words else 0.0
    return Tally(count=len(found), per_100_words=rate, evidence=list(found[:MOST_PLACES]))


def _parts(turns: Sequence[AnswerTurn]) -> dict[str, int]:
    counts = {"utterances": 0, "situation": 0, "action": 0, "result": 0}
    for turn in turns:
        if _count(turn.text) < STORY_WORDS:
            continue
        counts["utterances"] += 1
        story = read_story(read_turns([turn]))
        for part in ("situation", "action", "result"):
            counts[part] += story.has(part)
    return counts


def _findings(
    said: Sequence[Utterance], turns: Sequence[AnswerTurn], sentences: Sequence[Stretch]
) -> list[Finding]:
    found: list[Finding] = []
    long = sorted((s for s in sentences if _count(s.text) > LONG_SENTENCE), key=lambda s: -_count(s.text))
    if long:
        count = "1 sentence has" if len(long) == 1 else f"{len(long)} sentences have"
        text = f"{count} more than {LONG_SENTENCE} words; a listener loses the beginning."
        found.append(Finding(aspect="clarity", text=text, evidence=[s.span() for s in long[:3]]))
    signs = [
        Span(turn=t.seq, start=m.start(), end=m.end(), text=m.group())
        for t in turns
        for m in _SIGNS.finditer(t.text)
    ]
    if signs:
        count = "1 word tells" if len(signs) == 1 else f"{len(signs)} words tell"
        text = f"{count} the listener where it goes."
        found.append(Finding(aspect="structure", text=text, evidence=signs[:5]))
    elif any(_count(t.text) >= STORY_WORDS for t in turns):
        found.append(
            Finding(
                aspect="structure",
                text="No word tells the listener where it goes: first, because, in the end.",
            )
        )
    lengthy = [one for one in said if _count(one.text) > LONG_UTTERANCE]
    if lengthy:
        opening = [
            s.span() for s in (read_turns([AnswerTurn(seq=o.seq, text=o.text)])[0] for o in lengthy[:3])
        ]
        count = "Once" if len(lengthy) == 1 else f"{len(lengthy)} times"
        text = f"{count} more than {LONG_UTTERANCE} words without a pause for the others."
        found.append(Finding(aspect="conciseness", text=text, evidence=opening))
    return found


def _exchanges(said: Sequence[Utterance]) -> list[Exchange]:
    """Every utterance that ends with a question, and what another speaker said next."""
    found: list[Exchange] = []
    for asked, reply in pairwise(said):
        question = _last_question(asked)
        if question is None:
            continue
        if reply.speaker == asked.speaker:
            continue
        sentences = read_turns([AnswerTurn(seq=reply.seq, text=reply.text)])
        first = sentences[0].span() if sentences else None
        found.append(
            Exchange(
                asked_by=asked.speaker, question=question, answered_by=reply.speaker, answer=first,
                words=_count(reply.text), handling=_handle(question.text, reply.text, first.text if first else ""),
            )
        )  # fmt: skip
    return found


def _last_question(one: Utterance) -> Span | None:
    """The utterance's last sentence, if it asks."""
    sentences = read_turns([AnswerTurn(seq=one.seq, text=one.text)])
    return sentences[-1].span() if sentences and sentences[-1].text.rstrip("\"”' )").endswith("?") else None


def _handle(question: str, reply: str, first: str) -> Handling:
    if _OPEN.search(reply) and _count(reply) < STORY_WORDS:
        return "open"
    if reply.rstrip().endswith("?") and _count(reply) < STORY_WORDS:
        return "asked_back"
    if _count(reply) < SHORT_ANSWER:
        return "short"
    wanted = set(stems_of(question)) - STOP_STEMS
    return "direct" if wanted & set(stems_of(first)) else "indirect"
