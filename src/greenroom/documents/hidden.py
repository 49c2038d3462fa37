"""Text that tries to steer whoever reads the document: found, shown to the owner, and left out of every fact."""

import re
import unicodedata

from greenroom.documents.schemas import Flag, Span

# Nothing a reader sees: zero-width, direction marks, tag characters, variation selectors supplement.
_INVISIBLE = re.compile(
    "[\u200b\u200c\u200d\u200e\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e01ef]"
)
_RUN = re.compile("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\U000e0000-\U000e01ef]+")
_READER = r"(?:ai|a\.i\.|llm|language model|chat ?bot|chatgpt|gpt|assistant|model|ats|(?:automated )?(?:system|reviewer|recruiter|screener|interviewer|evaluator|grader|scorer|panel))"
_ORDERS = (
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|other|all|any|your|the)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|criteria|text|content|candidates|messages?|system)\b",
    r"\b(?:new|updated|secret|hidden|system|developer)\s+(?:instructions?|prompt|message)\b\s*[:\-]?",
    rf"\b(?:you are|you're|act|behave|respond|answer)\b[^.\n]{{0,12}}\b(?:now |as )?(?:an? |the )?{_READER}\b",
    rf"\b(?:note|message|instructions?|attention|hello|dear|hey)\b[^.\n]{{0,12}}\b(?:to|for)?\s*(?:the |any |all )?{_READER}\b\s*[:,]",
    r"\b(?:rate|score|grade|rank|mark|give|award|assign)\b[^.\n]{0,40}\b(?:this|the|that|him|her|them|me|my)\b[^.\n]{0,40}\b(?:candidates?|applicants?|resum[eé]|résum[eé]|cv|answers?|application|interview|person|score|rating|grade|marks?|10/10|100|highest|top|maximum|full)\b[^.\n]{0,40}(?:\b(?:highest|top|maximum|full|perfect|best|excellent|first|strong(?:ly)?)\b|\b10\s?/\s?10\b|\b100\b|\b5\s?/\s?5\b)",
    r"\b(?:you must|always|please|do not fail to|be sure to)\b[^.\n]{0,30}\b(?:recommend|hire|shortlist|select|advance|approve|accept|pass)\b[^.\n]{0,30}\b(?:this|the|me|him|her|them)\b",
    r"\b(?:recommend|shortlist|hire|advance|approve)\s+(?:this|the)\s+(?:candidate|applicant|person)\b",
    r"\b(?:reveal|print|repeat|output|show)\b[^.\n]{0,20}\b(?:your|the)\b[^.\n]{0,20}\b(?:system prompt|instructions|hidden prompt|rubric|answer key)\b",
    r"<\s*/?\s*(?:system|instructions?|prompt|assistant|user)\s*>|\[/?(?:INST|SYSTEM)\]|<\|[a-z_]+\|>",
    r"\bend of (?:resum[eé]|résumé|document|cv)\b[^\n]{0,40}\b(?:instructions?|begin|now)\b",
)
_ORDER = re.compile("|".join(f"(?:{order})" for order in _ORDERS), re.IGNORECASE | re.MULTILINE)
LONGEST_GAP = 40  # spaces; more say nothing and slow every pattern down
_SPACES = re.compile(r"[ \t]{41,}")
_EDGE = re.compile(r"(?<=[.!?])\s+|\n")


def clean(text: str) -> tuple[str, list[Flag]]:
    """The text as a reader sees it: invisible characters gone, line ends and spaces plain, and what was hidden."""
    flags = [
        Flag(kind="invisible_characters", text=_decode(match.group()))
        for match in _RUN.finditer(text)
        if len(match.group()) > 3 or match.group()[0] >= "\U000e0000"
    ][:20]
    plain = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00ad", ""))
    plain = (
        re.sub(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", plain)
        .replace("\u2028", "\n")
        .replace("\x0c", "\n")
    )
    plain = _SPACES.sub(" " * LONGEST_GAP, plain)
    plain = re.sub(r"\n(?:[ \t]*\n){3,}", "\n\n\n", plain)
    kept = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    return unicodedata.normalize("NFC", kept), flags


def _decode(run: str) -> str:
    """Tag characters spell plain letters; other invisible ones only have a number."""
    letters = "".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) <= 0xE007E)
    return letters[:300] or f"{len(run)} invisible characters"


def find_commands(text: str) -> list[Flag]:
    """Sentences that give orders to a reader or a machine, each with its place."""
    flags: list[Flag] = []
    last = -1
    for match in _ORDER.finditer(text):
        start, end = _sentence_around(text, match.start(), match.end())
        if start < last:
            continue
        last = end
        flags.append(
            Flag(kind="command", text=text[start:end].strip()[:300], span=Span(start=start, end=end))
        )
    return flags[:50]


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = [edge.end() for edge in _EDGE.finditer(text, 0, start)]
    after = _EDGE.search(text, max(end - 1, start))
    return (before[-1] if before else 0), (after.start() if after else len(text))


def mask(text: str, flags: list[Flag]) -> str:
    """The text with the flagged stretches blanked, every other character at its old place."""
    letters = list(text)
    for flag in flags:
        if flag.span:
            for at in range(flag.span.start, min(flag.span.end, len(letters))):
                if letters[at] != "\n":
                    letters[at] = " "
    return "".join(letters)
