"""Situation, task, action, result and reflection in an answer, found clause by clause.

Cue phrases and the shape of the verb decide; a clause without a cue belongs to the part around it.
Formative: no public set of rated behavioral answers exists to validate it against.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.answers.lexicon import FUNCTION_WORDS, IRREGULAR
from greenroom.answers.schemas import Part, PartSpan, Span
from greenroom.answers.text import Stretch, Token, split_clauses

_PHRASES: dict[Part, re.Pattern[str]] = {
    "reflection": re.compile(
        r"\b(?:i|we|it|that|this)(?: have|'ve)? (?:also )?(?:learn(?:ed|t)|realis?z?ed|taught me)\b|"
        r"\btaught me\b|"
        r"\b(?:looking back|in hindsight|in retrospect|next time|since then|from then on|"
        r"from that day|since that)\b|"
        r"\bi(?: would|'d) (?:do|have done|start|tell|ask|still|now|also|warn|call|begin|keep|change|"
        r"write|test|check|plan|involve)\b"
        r"[^.]*\b(?:earlier|differently|instead|sooner|today|again|before|first)\b|"
        r"\b(?:lesson|takeaway|these days|nowadays|ever since)\b|\b(?:now|today),? i\b|\bi now\b|"
        r"\bi still (?:use|do|keep)\b"
    ),
    "result": re.compile(
        r"\b(?:as a result|the result|in the end|the outcome|eventually|ended up|turned out|resulted|"
        r"led to|paid off)\b|"
        r"\b(?:fell|dropped|went|rose|grew|came|cut|reduced|increased|improved|decreased|shrank|"
        r"jumped|climbed|down|up|halved|doubled)\b"
        r"[^.,]{0,40}\b(?:from|to|by)\b|"
        r"\b(?:saved|reduced|increased|improved|doubled|halved|tripled|cut|recovered|avoided|"
        r"prevented|renewed|approved|"
        r"accepted|adopted|signed|thanked|praised|succeeded|delivered|shipped|launched|passed|"
        r"finished|resolved|fixed)\b|"
        r"\b(?:on time|no more|not one|zero|without (?:any|a single)|within (?:a|an|the|two|three|"
        r"\d+)|ahead of schedule|"
        r"under budget|went live|still (?:in use|used|use)|after that|afterwards|by the end|"
        r"the next (?:day|week|month|shift))\b|"
        r"\b(?:so|which meant|because of (?:that|this))\b[^.]{0,40}\b(?:could|stopped|started|stayed|"
        r"left|came back|worked)\b"
    ),
    "task": re.compile(
        r"\b(?:i|we) (?:had|needed|was asked|were asked|was supposed|was expected) to\b|\basked me to\b|"
        r"\bmy (?:job|task|role|goal|part|responsibility|aim) was\b|\b(?:the|our) (?:goal|aim|task|"
        r"target|deadline|challenge) was\b|"
        r"\b(?:i was|were|was) (?:responsible|in charge|accountable)\b|\bit was (?:my|up to me)\b|"
        r"\bi was the one\b"
    ),
    "situation": re.compile(
        r"\b(?:when i (?:was|worked|started|joined|did)|last (?:year|month|week|spring|summer|autumn|"
        r"fall|winter)|"
        r"(?:a|two|three|few|several|\d+) (?:years?|months?|weeks?) ago|one (?:day|time|evening|"
        r"morning|night|afternoon)|"
        r"once|at the time|back then|in my (?:last|previous|current|first|old)|at my (?:last|previous|"
        r"current|first|old)|"
        r"there (?:was|were)|we were|i was (?:working|a|an|the|in)|during|in (?:19|20)\d\d|(?:was|"
        r"were) \w+ing)\b"
    ),
}
_NOT_ACTION = frozenset(
    [
        "was",
        "were",
        "had",
        "been",
        "thought",
        "felt",
        "knew",
        "wanted",
        "needed",
        "liked",
        "believed",
        "hoped",
        "understood",
        "saw",
        "heard",
        "got",
        "remembered",
        "guessed",
        "supposed",
        "realised",
        "realized",
        "noticed",
        "seemed",
        "became",
        "loved",
        "hated",
        "enjoyed",
        "worked",
        "learned",
        "learnt",
        "could",
        "worried",
        "expected",
        "used",
    ]
)
_PRESENT_ACTIONS = frozenset(
    [
        "call",
        "ask",
        "write",
        "tell",
        "explain",
        "show",
        "check",
        "test",
        "build",
        "make",
        "create",
        "move",
        "set",
        "send",
        "open",
        "draw",
        "plan",
        "propose",
        "suggest",
        "offer",
        "fix",
        "change",
        "stop",
        "start",
        "talk",
        "speak",
        "meet",
        "present",
        "train",
        "help",
        "organise",
        "organize",
        "split",
        "cut",
        "add",
        "remove",
        "measure",
        "compare",
        "review",
        "run",
        "find",
        "collect",
        "order",
        "prepare",
        "take",
        "bring",
        "give",
        "put",
        "go",
        "decide",
        "choose",
        "agree",
        "apologise",
    ]
)
_SKIP = frozenset(
    [
        "then",
        "also",
        "first",
        "just",
        "quickly",
        "immediately",
        "personally",
        "simply",
        "finally",
        "only",
        "even",
        "still",
        "therefore",
        "always",
        "have",
        "'d",
        "had",
        "myself",
        "actually",
        "basically",
        "directly",
        "carefully",
        "again",
        "soon",
        "later",
        "and",
        "so",
    ]
)
_HABIT = frozenset(
    [
        "always",
        "usually",
        "often",
        "normally",
        "typically",
        "generally",
        "never",
        "sometimes",
        "would",
        "should",
        "could",
        "can",
        "will",
        "must",
    ]
)
_PAST_FORMS = frozenset(IRREGULAR) - frozenset(["am", "is", "are", "does", "has", "goes", "be"])
_BARE_PAST = frozenset(["put", "set", "cut", "let", "read", "hit", "split", "shut", "cost", "hurt", "spread"])


_NO_VERB = frozenset(
    ("are", "does", "has", "goes", "is", "were", "did", "need", "indeed", "hundred", "speed", "seed", "feed", "read",
     "cost", "left", "found", "cut", "set", "supposed", "based", "red", "bed", "children", "men", "women", "people",
     "feet", "teeth", "better", "best", "worse", "worst", "data", "felt", "tired", "bored", "excited", "given")
)  # fmt: skip
_OTHERS = frozenset(("he", "she", "they", "it", "we", "nobody", "everybody", "everyone", "this", "that"))


@dataclass(frozen=True, slots=True)
class Story:
    """Parts in order of speech, own actions, and whether the answer speaks of what one would do."""

    parts: tuple[PartSpan, ...]
    actions: tuple[Span, ...]
    hypothetical: bool

    def has(self, part: str) -> bool:
        """Whether any span shows the part."""
        return any(found.part == part for found in self.parts)


def is_past(word: str) -> bool:
    """Whether a word looks like a past form (over-accepts adjectives in -ed, which rarely follow "I")."""
    return word in _PAST_FORMS or word in _BARE_PAST or (word.endswith("ed") and len(word) > 3)


def read_story(sentences: Sequence[Stretch]) -> Story:
    """The parts of an answer, told from its sentences in order."""
    spans: list[PartSpan] = []
    actions: list[Span] = []
    told = conditional = 0
    for position, sentence in enumerate(sentences):
        clauses = split_clauses(sentence)
        habitual = any(t.word in _HABIT for t in sentence.tokens)
        labels: list[Part | None] = []
        acts = True  # a sentence that opens with a past verb is told of oneself: "Called the landlord."
        for clause in clauses:
            acts = _own_action(clause.tokens, habitual=habitual) or (acts and _verb_first(clause.tokens))
            told += acts
            conditional += _conditionals(clause.tokens)
            if acts:
                actions.append(clause.span())
            labels.append(_label(clause, acts=acts, opening=position == 0, total=len(sentences), at=position))
        if position == len(sentences) - 1 and position >= 2 and not _has(spans, "result"):
            labels = _end_as_result(clauses, labels)
        spans += _merge(sentence, clauses, _spread(labels))
    hypothetical = conditional >= 2 and conditional > 1.5 * told
    return Story(tuple(spans), tuple(actions), hypothetical)


def _has(spans: Sequence[PartSpan], part: Part) -> bool:
    return any(span.part == part for span in spans)


def _end_as_result(clauses: Sequence[Stretch], labels: list[Part | None]) -> list[Part | None]:
    """A story's last sentence that tells what others did or what happened is its ending, cue or not."""
    if "result" in labels:
        return labels
    ended = [
        any(t.word in _OTHERS for t in clause.tokens) and any(is_past(t.word) for t in clause.tokens)
        for clause in clauses
    ]
    return [
        "result" if happened and label in (None, "situation") else label
        for happened, label in zip(ended, labels, strict=True)
    ]


def _label(clause: Stretch, *, acts: bool, opening: bool, total: int, at: int) -> Part | None:
    text = " ".join(token.word for token in clause.tokens)
    conditional = _conditionals(clause.tokens) > 0
    if _PHRASES["reflection"].search(text):
        return "reflection"
    late = at >= total / 3
    result = bool(_PHRASES["result"].search(text)) and not conditional
    if result and (late or not acts) and not opening:
        return "result"
    if _PHRASES["task"].search(text):
        return "task"
    if acts:
        return "action"
    if _PHRASES["situation"].search(text) and (not late or opening):
        return "situation"
    if result and total <= 3 and not conditional:
        return "result"
    return "situation" if opening and any(is_past(t.word) for t in clause.tokens) else None


def _own_action(tokens: Sequence[Token], *, habitual: bool) -> bool:
    """Whether "I" (or "I and ...") did something: I + past verb that is an act, or the telling present."""
    for index, token in enumerate(tokens):
        if token.word != "i":
            continue
        rest = [t.word for t in tokens[index + 1 : index + 6] if t.word not in _SKIP]
        if not rest:
            continue
        if is_past(rest[0]) and rest[0] not in _NOT_ACTION:
            return True
        if rest[0] in _PRESENT_ACTIONS and not habitual:
            return True
    return False


def _verb_first(tokens: Sequence[Token]) -> bool:
    """Whether the clause begins with a past act and leaves its subject to what stands before."""
    words = [t.word for t in tokens if t.word not in _SKIP]
    return bool(words) and is_past(words[0]) and words[0] not in _NOT_ACTION | _NO_VERB


def _conditionals(tokens: Sequence[Token]) -> int:
    count = 0
    for index, token in enumerate(tokens):
        if token.word not in ("would", "'d", "will", "should", "could", "might") or index == 0:
            continue
        subject = tokens[index - 1].word
        following = tokens[index + 1].word if index + 1 < len(tokens) else ""
        if token.word == "'d" and (is_past(following) or following in ("better", "been")):
            continue
        if following in ("have", "say", "like", "call") or following in FUNCTION_WORDS - {"be", "do"}:
            continue
        count += subject in ("i", "you", "one", "we")
    return count


def _spread(labels: list[Part | None]) -> list[Part | None]:
    """Unlabelled clauses take the label of the clause before, or after at the start of a sentence."""
    filled = list(labels)
    for index, label in enumerate(filled):
        if label is None and index:
            filled[index] = filled[index - 1]
    for index in range(len(filled) - 2, -1, -1):
        filled[index] = filled[index] or filled[index + 1]
    return filled


def _merge(sentence: Stretch, clauses: Sequence[Stretch], labels: Sequence[Part | None]) -> list[PartSpan]:
    spans: list[PartSpan] = []
    begin = 0
    for index in range(1, len(clauses) + 1):
        if index < len(clauses) and labels[index] == labels[begin]:
            continue
        label = labels[begin]
        if label is not None:
            start, end = clauses[begin].start, clauses[index - 1].end
            text = sentence.text[start - sentence.start : end - sentence.start]
            spans.append(PartSpan(part=label, span=Span(turn=sentence.turn, start=start, end=end, text=text)))
        begin = index
    return spans
