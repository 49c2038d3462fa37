"""Facts of a job advertisement from its plain text: title, role, level, what it asks for, competencies, stack.

Headings and set phrases decide what is a must and what would be welcome; a sentence is quoted as it stands.
"""

import re
from collections.abc import Iterable

from greenroom.documents.blocks import Block, name_heading, read_blocks
from greenroom.documents.headline import find_headline
from greenroom.documents.lines import Row
from greenroom.documents.schemas import (
    LIST,
    CompetencyCue,
    Confidence,
    JobFacts,
    Requirement,
    RoleChoice,
    Skill,
    Span,
)
from greenroom.documents.terms import find_terms, find_years, fold_skill
from greenroom.documents.vocabulary import Vocabulary
from greenroom.library.contents import Library
from greenroom.library.schemas import Competency, Level

LEVELS: tuple[tuple[Level, str], ...] = (
    (
        "entry",
        r"\b(?:junior|jr|graduate|entry[- ]level|intern(?:ship)?|trainee|apprentice|working student|newcomer)\b",
    ),
    (
        "lead",
        r"\b(?:lead|principal|head of|staff (?:\w+ ){0,2}(?:engineer|developer|scientist|designer|architect)|director|chief|vp|group leader)\b",
    ),
    ("senior", r"\b(?:senior|snr|sr|expert|experienced)\b"),
)
_FRESH = re.compile(
    r"early career|newly qualified|career starters?|no experience (?:is )?(?:needed|required|necessary)|(?:new |recent )?graduates (?:are )?welcome|start your career|we train you|first job",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:have to be able|hear from you if|(?:applicants|candidates|you) should|someone (?:who|with)|looking for (?:people|somebody|someone) (?:who|with)|you must|must have|you(?:'ll| will)? need(?: to)?|you should have|required?|essential|mandatory|is a must|we expect|we require"
    r"|what you bring|you bring (?!them|us|it)|need to be able)\b",
    re.IGNORECASE,
)
_NICE = re.compile(
    r"\b(?:(?:is|are)(?:n't|n’t| not) (?:essential|required|necessary|a must)|(?:(?:is|are|would be|as) (?:a |an |also )?|an? )(?:plus|bonus|advantage|nice|great|welcome|helpful|asset)(?! to apply)|ideally|nice to have|good to have|preferred|preferably|desirable|desired"
    r"|bonus|advantageous|beneficial|we appreciate|would help|not required but|also like)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:.{0,60}?\b(?:hear from you if|you(?:'|’)ll need(?: to)?|you must have|you must|you need to|you need|you will need to|it would be a plus if you|it would be (?:great|nice|a plus) if you"
    r"|it would help if you(?: can)?|ideally,? you(?: also)?(?: know| have)?|we appreciate|what you bring:|bonus points:?|it's a bonus if you|advantageous:|we expect|we require)\s*)",
    re.IGNORECASE,
)
_SPLIT_NICE = re.compile(
    r"\s*[;,(]\s*(?=[^;,()]*\b(?:(?:is|are|would be) (?:an? )?(?:plus|bonus|advantage|nice|desirable|preferred)|an? (?:plus|bonus|advantage|asset))\b)",
    re.IGNORECASE,
)


_SHORT_FOR = re.compile(
    r"\b(?:e\.\s?g|i\.\s?e|incl|approx|vs|resp|min|max|etc(?=\.\s+[a-z])|no(?=\.\s+\d))\.", re.IGNORECASE
)
"""Full stops that end no sentence."""


def parse_job(text: str, vocabulary: Vocabulary, library: Library) -> JobFacts:
    """The facts of an advertisement. `text` is cleaned and masked already (`hidden.clean`, `hidden.mask`)."""
    head = find_headline(text, vocabulary, library)
    top = head.title_span.start if head.title_span else -1
    blocks = [
        block
        for block in read_blocks(text, vocabulary)
        if not (block.row.start <= top < block.row.end and len(block.row.text) < 90)
    ]
    must = _requirements(blocks, "must", vocabulary)
    nice = _requirements(blocks, "nice", vocabulary)
    duties = _requirements(blocks, "duties", vocabulary)
    level, confidence = find_level(head.title, text, [*must])
    match = library.find_role(head.title) if head.title else None
    stack = _stack(text, [*must, *nice, *duties], head.title_span, vocabulary)
    return JobFacts(
        title=head.title[:300],
        title_span=head.title_span,
        company=head.company[:300],
        role=match.role.slug if match else "",
        role_note=match.note if match else "The advertisement names no role that we know. Choose one.",
        alternatives=find_alternatives(head.title, text, library),
        level=level,
        level_confidence=confidence,
        must_haves=must[:LIST],
        nice_to_haves=nice[:LIST],
        duties=duties[:LIST],
        competencies=find_competencies(blocks, vocabulary),
        stack=stack[:LIST],
    )


def _requirements(blocks: list[Block], kind: str, vocabulary: Vocabulary) -> list[Requirement]:
    found: list[Requirement] = []
    for block in blocks:
        for text, start, own in _items(block, vocabulary):
            if own != kind or len(text) < 2:
                continue
            found.append(_requirement(text, start, "high" if block.row.bullet else "medium", vocabulary))
    return found


def _items(block: Block, vocabulary: Vocabulary) -> Iterable[tuple[str, int, str]]:
    """The items of a line, each with its place and kind; one line can ask for a must and a plus."""
    row = block.row
    if block.kind in ("must", "nice") and (row.bullet or not _is_prose(row.text)):
        pieces = _SPLIT_NICE.split(row.text) if block.kind == "must" else [row.text]
        if (
            not row.bullet
            and (block.inline or block.kind == "nice")
            and "," in row.text
            and len(row.text.split()) < (24 if block.inline else 14)
        ):
            pieces = [p for p in re.split(r",\s*", row.text) if p]
        at = 0
        for piece in pieces:
            place = row.text.index(piece, at)
            at = place + len(piece)
            yield _closed(piece), row.start + place, "nice" if _is_nice(piece) else block.kind
        return
    if block.kind == "duties" and row.bullet:
        yield row.text, row.start, "duties"
        return
    if block.kind == "offer":
        return
    yield from _sentences(row, block.kind, vocabulary)


def _is_nice(item: str) -> bool:
    """Whether all of an item is a plus; "Two years, ideally in a hospital" is a must with a wish."""
    plain = re.sub(r"\([^)]*\)", " ", item)
    cue = _NICE.search(plain)
    if cue is None:
        return False
    wish = re.match(r"ideally|prefer(?:ably|red)|desirabl[ey]", cue.group(), re.IGNORECASE)
    before = plain[: cue.start()].split()
    behind = plain[cue.end() :].strip(" .;,")
    return not (wish and len(before) >= 3 and behind)


def _closed(piece: str) -> str:
    plain = piece.strip(" ,;.")
    return plain if plain.count(")") <= plain.count("(") else plain.rstrip(") ")


def _is_prose(text: str) -> bool:
    return len(re.findall(r"[.!?](?:\s|$)", text)) > 1 or (text.count(";") > 1)


def _sentences(row: Row, kind: str, vocabulary: Vocabulary) -> Iterable[tuple[str, int, str]]:
    """Sentences of running text that ask for something, or tell what the work is."""
    shielded = _SHORT_FOR.sub(lambda short: "_" * len(short.group()), row.text)
    for match in re.finditer(r"[^.!?;]+(?:[.!?](?=\S)[^.!?;]*)*", shielded):
        text = row.text[match.start() : match.end()].strip()
        label = re.match(r"([^:.]{3,40}:)\s+(?=\S)", text)
        named = name_heading(label.group(1), vocabulary, follows=True) if label else ""
        if label and named in ("must", "nice"):
            yield from _listed(text[label.end() :], row.start + row.text.index(text) + label.end(), named)
            continue
        nice, must = _NICE.search(text), _MUST.search(text)
        own = "nice" if nice else "must" if must or kind == "must" else "duties" if kind == "duties" else ""
        if kind == "nice":
            own = "nice"
        if not own:
            continue
        lead = _LEAD_IN.match(text)
        start = lead.end() if lead and own in ("must", "nice") else 0
        body = re.sub(r"^(?:and|but)\s+", "", text[start:])
        place = row.start + row.text.index(text) + text.index(body)
        told = own == "must" and (start > 0 or re.match(r"you\b", body, re.IGNORECASE) is not None)
        for piece, at in _enumerated(body) if told else [(body, 0)]:
            again = re.match(r"you (?:must|need to|should) (?=\w)", piece) if at else None
            begin = again.end() if again else 0
            yield piece[begin:].strip(" ,:"), place + at + begin, own


def _listed(text: str, start: int, kind: str) -> Iterable[tuple[str, int, str]]:
    """What follows a label inside running text ("Nice to have: Go, Terraform")."""
    for piece in re.finditer(r"[^,]+", text):
        words = piece.group().strip(" .")
        lead = re.match(r"(?:and|or)\s+", words)
        body = words[lead.end() :] if lead else words
        if body:
            yield body, start + piece.start() + piece.group().index(body), kind


def _enumerated(text: str) -> list[tuple[str, int]]:
    """The members of "a degree, a licence and the right to work", each with its place; other text as one."""
    shielded = re.sub(r"\([^)]*\)", lambda match: "_" * len(match.group()), text)
    if "," not in shielded or not re.search(r"\b(?:and|or)\b", shielded):
        return [(text, 0)]
    edges = [*re.finditer(r",\s*(?:(?:and|or)\s+)?|\s+and\s+(?=(?:an?|the)\s)", shielded), None]
    found: list[tuple[str, int]] = []
    at = 0
    for edge in edges:
        stop = edge.start() if edge else len(text)
        found.append((text[at:stop], at))
        at = edge.end() if edge else stop
    fits = all(2 <= len(piece.split()) <= 14 for piece, _ in found)
    return found if fits else [(text, 0)]


def _requirement(text: str, start: int, confidence: Confidence, vocabulary: Vocabulary) -> Requirement:
    terms = {fold_skill(term.name): term.name for term in find_terms(text, vocabulary)}
    cues = _competencies_of(text, vocabulary)
    return Requirement(
        text=" ".join(text.split())[:2000],
        skills=list(terms.values())[:40],
        years=find_years(text),
        competency=cues[0] if cues else ("role_knowledge" if terms else None),
        span=Span(start=start, end=start + len(text)),
        confidence=confidence,
    )


def find_level(title: str, text: str, must: list[Requirement]) -> tuple[Level, Confidence]:
    """The level: from the title's words, from who may apply, else from the years asked for (5 and more: senior)."""
    for level, pattern in LEVELS:
        if re.search(pattern, title, re.IGNORECASE):
            return level, "high"
    if _FRESH.search(text):
        return "entry", "high"
    opening = text[:600]
    if title and re.search(r"\bexperienced\s+" + re.escape(title), opening, re.IGNORECASE):
        return "senior", "medium"
    years = [r.years for r in must if r.years] or ([y] if (y := find_years(text)) else [])
    if years:
        most = max(years)
        return ("senior" if most >= 5 else "mid" if most >= 2 else "entry"), "medium"
    return "mid", "low"


def _competencies_of(text: str, vocabulary: Vocabulary) -> list[Competency]:
    folded = text.casefold()
    return [slug for slug, cues in vocabulary.competencies.items() if any(cue.search(folded) for cue in cues)]


def find_competencies(blocks: list[Block], vocabulary: Vocabulary) -> list[CompetencyCue]:
    """Competencies of the library that the advertisement asks for, with the first sentence that does."""
    found: dict[Competency, CompetencyCue] = {}
    for block in blocks:
        if block.kind == "offer":
            continue
        row = block.row
        for match in re.finditer(r"[^.!?]+[.!?]?", row.text):
            sentence = match.group().strip()
            for slug in _competencies_of(sentence, vocabulary):
                at = row.start + match.start()
                cue = CompetencyCue(
                    competency=slug, text=sentence[:2000], span=Span(start=at, end=at + len(match.group()))
                )
                found.setdefault(slug, cue)
    return list(found.values())


def _stack(
    text: str, requirements: list[Requirement], title: Span | None, vocabulary: Vocabulary
) -> list[Skill]:
    found: dict[str, Skill] = {}
    short = [(t, r.span.start) for r in requirements if r.span and len(r.text.split()) <= 5 for t in [r.text]]
    places = [
        *find_terms(text, vocabulary),
        *(term for t, at in short for term in find_terms(t, vocabulary, at)),
    ]
    for term in sorted(places, key=lambda term: term.start):
        if title and title.start <= term.start < title.end and not text[title.start : term.start].count("("):
            continue
        skill = Skill(name=term.name, span=Span(start=term.start, end=term.end))
        found.setdefault(fold_skill(term.name), skill)
    return list(found.values())


def find_alternatives(title: str, text: str, library: Library) -> list[RoleChoice]:
    """Up to five other roles that the title or the text may mean, best first."""
    match = library.find_role(title) if title else None
    folded = f" {' '.join(re.findall(r'[a-z0-9&+#.-]+', f'{title} {title} {text[:3000]}'.casefold()))} "
    scores: dict[str, float] = {}
    for role in library.roles.values():
        named = sum(
            folded.count(f" {alias.casefold()} ") * len(alias)
            for alias in (role.title, *role.aliases)
            if len(alias) > 2
        )
        kin = 4 if match and role.family == match.role.family else 0
        scores[role.slug] = named + kin
    near = {slug for slug, score in scores.items() if score > 4}
    taken = match.role.slug if match else ""
    order = sorted(scores, key=lambda slug: -scores[slug])
    chosen = [slug for slug in order if slug != taken and scores[slug] > 0]
    return [
        RoleChoice(slug=slug, title=library.roles[slug].title) for slug in chosen[: max(3, min(len(near), 5))]
    ]
