"""A pasted transcript as utterances: labelled or not, with or without times, WebVTT and SubRip included. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from greenroom.kit.texts import shorten

_TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^\s*({_TIME})\s*-->\s*({_TIME})")
_LINE = re.compile(
    rf"^\s*(?:[\[(]?(?P<before>{_TIME})[\])]?\s*[-–—]?\s*)?"
    rf"(?:(?P<name>[^\W\d_][^:\n\[\](){{}}<>\"“”?!.,;]{{0,40}}?)\s*(?:[\[(]?(?P<after>{_TIME})[\])]?)?\s*:(?=\s|$))?\s*(?P<text>.*)$"
)
_HEADER = re.compile(rf"^\s*(?P<name>[^\W\d_][^:\n]{{0,40}}?)\s+[\[(]?(?P<time>{_TIME})[\])]?\s*$")
_VOICE = re.compile(r"^<v(?:\.\w+)*\s+([^>]{1,60})>\s*")
_TAG = re.compile(r"</?[a-z][^>]{0,40}>", re.IGNORECASE)
MOST_LABELS = 12
MOST_LABEL_WORDS = 4
UNNAMED = "Speaker"
NAMED_FROM = 20_000  # signs of a transcript that are looked at for its name
MOST_SPEAKERS = 3


@dataclass(frozen=True)
class Utterance:
    """What one speaker said in a row. `seq` counts from 1; times are seconds, None where none are given."""

    seq: int
    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Transcript:
    """`labelled`: the speakers are told apart; `timed`: every utterance has a beginning."""

    utterances: tuple[Utterance, ...]
    labelled: bool
    timed: bool


@dataclass(frozen=True)
class _Piece:
    name: str
    text: str
    start_s: float | None
    end_s: float | None
    raw: str


def read_transcript(text: str) -> Transcript:
    """The utterances in order. Consecutive lines of one speaker are one utterance; words before the first label
    belong to nobody in particular."""
    pieces = _cues(text) if _CUE.search(text) or "-->" in text else _lines(text)
    labels = _labels(pieces)
    told: list[Utterance] = []
    for piece in pieces:
        known = piece.name in labels
        said = (piece.text if known or not piece.name else piece.raw).strip()
        speaker = piece.name if known else (told[-1].speaker if told else UNNAMED)
        if not said:
            if known or piece.start_s is not None:
                told.append(Utterance(0, speaker, "", piece.start_s, piece.end_s))
            continue
        if (
            told
            and told[-1].speaker == speaker
            and (not told[-1].text or piece.start_s is None or piece.end_s is not None)
        ):
            before = told[-1]
            told[-1] = replace(
                before, text=f"{before.text}\n{said}".strip(), end_s=piece.end_s or before.end_s,
                start_s=before.start_s if before.start_s is not None else piece.start_s,
            )  # fmt: skip
        else:
            told.append(Utterance(0, speaker, said, piece.start_s, piece.end_s))
    told = [one for one in told if one.text]
    timed = bool(told) and all(one.start_s is not None for one in told)
    numbered = [replace(one, seq=n) for n, one in enumerate(told, start=1)]
    return Transcript(tuple(_close(numbered)), bool(labels), timed)


def name_transcript(text: str) -> str:
    """What to call a transcript without a title: who speaks in it ("Ana and Bo"), or else how it begins."""
    told = read_transcript(text[:NAMED_FROM])
    if not told.utterances:
        return "Transcript"
    if not told.labelled:
        return shorten(" ".join(told.utterances[0].text.split()), 60)
    names = list(dict.fromkeys(one.speaker for one in told.utterances if one.speaker != UNNAMED))
    if len(names) > MOST_SPEAKERS:
        names = [*names[: MOST_SPEAKERS - 1], f"{len(names) - MOST_SPEAKERS + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)[:120]


def _close(told: list[Utterance]) -> list[Utterance]:
    """Each utterance with an end: its own, or the beginning of the next."""
    ended: list[Utterance] = []
    for one, following in zip(told, [*told[1:], None], strict=False):
        end = one.end_s if one.end_s is not None else following.start_s if following else None
        ended.append(replace(one, end_s=end))
    return ended


def _labels(pieces: list[_Piece]) -> set[str]:
    """Names that are speakers: they come again, or they are few and stand before most lines."""
    counts = Counter(piece.name for piece in pieces if piece.name)
    again = {name for name, count in counts.items() if count > 1}
    if len(counts) <= MOST_LABELS and sum(counts.values()) * 2 >= len(pieces) and len(counts) > 1:
        return set(counts)
    return again if len(again) <= MOST_LABELS else set()


def _lines(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for raw in text.splitlines():
        header = _HEADER.match(raw)
        if header and len(header["name"].split()) <= MOST_LABEL_WORDS:
            pieces.append(_Piece(header["name"].strip(), "", seconds(header["time"]), None, ""))
            continue
        found = _LINE.match(raw)
        if found is None or not raw.strip():
            continue
        name = (found["name"] or "").strip()
        name = name if len(name.split()) <= MOST_LABEL_WORDS else ""
        at = found["before"] or found["after"]
        body = found["text"] if name or found["before"] else raw
        pieces.append(_Piece(name, body, seconds(at) if at else None, None, raw.strip()))
    return pieces


def _cues(text: str) -> list[_Piece]:
    """Cues of WebVTT or SubRip: times, then lines that may begin with a voice or a name."""
    pieces: list[_Piece] = []
    start: float | None = None
    end: float | None = None
    for raw in text.splitlines():
        cue = _CUE.match(raw)
        if cue:
            start, end = seconds(cue[1]), seconds(cue[2])
            continue
        if start is None or not raw.strip() or raw.strip().isdecimal():
            continue
        voice = _VOICE.match(raw.strip())
        body = _TAG.sub("", raw.strip()[voice.end() :] if voice else raw.strip())
        found = None if voice else _LINE.match(body)
        name = voice[1].strip() if voice else (found["name"] or "").strip() if found else ""
        pieces.append(_Piece(name, found["text"] if found and name else body, start, end, body))
    return pieces


def seconds(clock: str) -> float:
    """ "1:02:03.5" or "02:03" as seconds."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
