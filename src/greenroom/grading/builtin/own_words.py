"""The candidate's own sentences in a clear order, with blanks where something is missing. Nothing is made up, and no
sentence is left out: what shows no part of a story and no key point stays behind the sentence it followed."""

import re
from collections.abc import Sequence

from greenroom.answers.lexicon import NUMBER_WORDS
from greenroom.answers.outcome import settle_parts
from greenroom.answers.schemas import Observation, Part, PartSpan, PointEvidence, Span
from greenroom.answers.text import Stretch, split_words
from greenroom.library.schemas import Item

_JOINT = re.compile(
    r"^(?:(?:and|but|so(?! (?:that|far|much|many|long|few|little|as)\b)|or)\b[\s,]*)+(?:then\b[\s,]*)?",
    re.IGNORECASE,
)
_ORDER: tuple[Part, ...] = ("situation", "task", "action", "result", "reflection")
_LATE: tuple[Part, ...] = ("result", "reflection")
_BLANKS: dict[Part, str] = {
    "situation": "[where and when was this?]",
    "action": "[what did you do yourself?]",
    "result": "[how did it end, with your number?]",
    "reflection": "[what do you do differently now?]",
}  # a task is often told with the situation: no blank asks for it
# A blank fills its line, or is a question behind a sentence; "values[0]" and "[0]" are the candidate's own.
_BLANK = re.compile(r"^\[[^\[\]\n]+\]$|(?<!\S)\[[A-Za-z][^\[\]\n]* [^\[\]\n]*\](?!\S)", re.MULTILINE)
_NUMBERS = 2  # measures from which an answer is not asked for another one


def order_words(item: Item, sentences: Sequence[Stretch], seen: Observation) -> str:
    """One line a part (or key point), each a blank in brackets, own sentences, or both; "" without sentences."""
    if not sentences:
        return ""
    if item.structure == "star":
        return "\n".join(_tell_story(sentences, seen))
    return "\n".join(_make_points(item, sentences, seen.points))


def split_blanks(text: str) -> list[tuple[str, bool]]:
    """Ordered words in pieces, each with whether it is a blank; a blank comes without its brackets."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in _BLANK.finditer(text):
        pieces += [(text[at : found.start()], False), (found.group()[1:-1], True)]
        at = found.end()
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _tell_story(sentences: Sequence[Stretch], seen: Observation) -> list[str]:
    parts = settle_parts(seen.parts, seen.points)
    heard = {found.part for found in parts}
    labels = _label(sentences, parts)
    measured = _is_measured([found.span.text for found in parts if found.part == "result"], seen)
    lines: list[str] = []
    for part in _ORDER:
        told = _join(sentences, [n for n, label in enumerate(labels) if label == part])
        ask = _BLANKS.get(part, "") if part not in heard else ""
        if part == "result" and told and not measured:
            ask = "[your number]"
        if told or ask:
            lines.append(" ".join(words for words in (told, ask) if words))
    return lines


def _label(sentences: Sequence[Stretch], parts: Sequence[PartSpan]) -> list[Part]:
    """The part that each sentence is told with: the one that most of its words show. One without any goes with the
    sentence before it. What opens the answer sets the scene, unless it is the outcome."""
    shares = [
        {part: sum(_overlap(s, found.span) for found in parts if found.part == part) for part in _ORDER}
        for s in sentences
    ]
    labels: list[Part] = []
    for share in shares:
        part = max(_ORDER, key=share.__getitem__)
        if not labels:
            labels.append(part if share[part] and part in _LATE else "situation")
        else:
            labels.append(part if share[part] else labels[-1])
    for part in _LATE:  # told in the lesser half of a sentence
        best = max(range(len(labels)), key=lambda n: shares[n][part])
        if part not in labels and shares[best][part] and labels.count(labels[best]) > 1:
            labels[best] = part
    return labels


def _overlap(sentence: Stretch, span: Span | None) -> int:
    if span is None or sentence.turn != span.turn:
        return 0
    return max(0, min(sentence.end, span.end) - max(sentence.start, span.start))


def _make_points(item: Item, sentences: Sequence[Stretch], points: Sequence[PointEvidence]) -> list[str]:
    spans = {point.id: point.span for point in points if point.span}
    heads: dict[int, str] = {}  # the first key point that a sentence shows
    for point in item.key_points:
        shares = [_overlap(sentence, spans.get(point.id)) for sentence in sentences]
        if any(shares):
            heads.setdefault(shares.index(max(shares)), point.id)
    groups: dict[str, list[int]] = {"": []}  # what opens the answer, then the sentences of each key point
    head = ""
    for n in range(len(sentences)):
        head = heads.get(n, head)
        groups.setdefault(head, []).append(n)
    lines = [_join(sentences, groups[""])]
    for point in item.key_points:
        if point.id in groups:
            lines.append(_join(sentences, groups[point.id]))
        elif point.id not in spans:
            lines.append(f"[{point.text}]")
    return [line for line in lines if line]


def _join(sentences: Sequence[Stretch], places: Sequence[int]) -> str:
    """Sentences side by side; one that stands behind another than in the answer begins without its joint."""
    return " ".join(
        _sentence(sentences[n].text, moved=n > 0 and (i == 0 or places[i - 1] != n - 1))
        for i, n in enumerate(places)
    )


def _sentence(text: str, *, moved: bool) -> str:
    text = text.strip(" ,;:–-")
    if moved:
        text = _JOINT.sub("", text) or text
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else f"{text}."


def _is_measured(results: Sequence[str], seen: Observation) -> bool:
    """Whether the result holds a number, "one day" included, or the answer gives several elsewhere."""
    words = split_words(" ".join(results))
    counted = any(t.word in NUMBER_WORDS or any(c.isdigit() for c in t.word) for t in words)
    return counted or len(seen.measures) >= _NUMBERS
