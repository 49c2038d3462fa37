"""Where an answer and the résumé do not agree: dates, titles, tools, team size. Precision comes before recall.

Only set forms of speech in the first person count ("I joined X in 2015"), with one employer named; reported speech,
wishes and conditions are left alone. A difference must be larger than loose talk explains: two calendar years, two
steps of rank, half or double the number. The question asks to line the two up and accuses nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.documents.schemas import Contradiction, ContradictionKind, ResumeFacts, Span
from greenroom.documents.tenures import Tenure, list_jobs, list_schools
from greenroom.documents.terms import NUMBERS, read_count

_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\S))+[.!?]?")
_UNREAL = re.compile(
    r"\b(?:if (?:i|we)|would have|i(?:'d| would) (?:like|love|want)|i want to|i hope|in (?:\w+) years|someday|imagine|acting|interim|deputi[sz]|stood in|stand-in|temporar)",
    re.IGNORECASE,
)
_COUNT = (
    r"(?P<n>\d{1,3}(?:\.\d)?|"
    + "|".join(word for word in NUMBERS if word not in ("a", "zero", "several"))
    + r")"
)
_YEAR = r"(?:19[6-9]\d|20[0-4]\d)"
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ANY_COUNT = re.compile(
    r"\b(?:\d{1,3}|" + "|".join(w for w in NUMBERS if w not in ("a", "several")) + r")\b", re.IGNORECASE
)
# A title that the speaker takes back in the same breath, and sizes of one day or shift.
_LOOSELY = re.compile(
    r"\b(?:basically|kind of|sort of|more or less|practically|effectively|in effect|unofficial|officially|on paper|in all but name|my (?:card|contract|title|badge) said|like a|felt like|some kind)\b",
    re.IGNORECASE,
)
_SOMETIMES = re.compile(
    r"\b(?:on (?:a|an|the|some|most|busy|quiet) (?:\w+ )?(?:day|night|shift|weekend|morning|evening|\w+day)s?|depending|sometimes|some days|at weekends|that (?:day|night|evening|week)|per shift|at first|in the beginning|back then)\b",
    re.IGNORECASE,
)
YEARS_APART = 1  # calendar years that loose talk may be off
# After a denial the sentence must end or turn: "I have never used Python for embedded work" denies little.
_ENDS = re.compile(
    r"(?:\s+(?:at all|at work|before|myself|yet|professionally|in my life|either|really)\b)?\s*(?:[,.;:!?]|$|\b(?:so|and|but|because|only)\b)"
    r"(?!\s*(?:I|we) (?:joined|started))"
)
RANKS = {
    4: r"\b(?:director|head of|head ?teacher|head ?master|head ?mistress|chief|managing partner|executive chef|consultant surgeon|cto|ceo|cfo|coo|vp|vice president|president|regional manager|general manager|owner|founder)\b",
    3: r"\b(?:manager|matron|head chef|headmaster|professor|controller)\b",
    2: r"\b(?:lead|leader|deputy|assistant manager|sous chef|supervisor|principal|charge|foreman|captain)\b",
}
TRADES = {
    "engineering": r"\b(?:engineer|developer|programmer|sre|architect|devops)\b",
    "data": r"\b(?:data scientist|data analyst|statistician)\b",
    "medicine": r"\b(?:doctor|physician|surgeon|consultant physician)\b",
    "nursing": r"\b(?:nurse|midwife|healthcare assistant|carer|caregiver)\b",
    "teaching": r"\b(?:teacher|lecturer|professor|tutor)\b",
    "shop": r"\b(?:cashier|sales associate|shop assistant|sales assistant|store manager|shift supervisor)\b",
    "kitchen": r"\b(?:chef|cook|waiter|waitress|barista)\b",
    "accounts": r"\b(?:accountant|auditor|bookkeeper)\b",
    "design": r"\b(?:designer|illustrator)\b",
    "law": r"\b(?:lawyer|solicitor|attorney|barrister)\b",
}


@dataclass(frozen=True)
class _Spoken:
    text: str
    start: int


def find_contradictions(answer: str, facts: ResumeFacts, today: str) -> list[Contradiction]:
    """What in the answer does not agree with the résumé, at most one of a kind, in the order of the answer.

    `today` is `YYYY-MM`: the end of what still lasts. Spans are code points of `answer`.
    """
    houses = list(list_jobs(facts, today))
    schools = list(list_schools(facts))
    found: dict[ContradictionKind, Contradiction] = {}
    for match in _SENTENCE.finditer(answer):
        said = _Spoken(
            match.group().strip().replace("’", "'"),
            match.start() + len(match.group()) - len(match.group().lstrip()),
        )
        if _UNREAL.search(said.text):
            continue
        named = [house for house in houses if house.called.search(said.text)]
        house = named[0] if len(named) == 1 else None
        checks = (
            _check_dates(said, house) if house else None,
            _check_school(said, schools),
            _check_title(said, house) if house else None,
            _check_team(said, house, houses) if len(named) <= 1 else None,
            _check_tool(said, facts),
        )
        for contradiction in checks:
            if contradiction:
                found.setdefault(contradiction.kind, contradiction)
    return list(found.values())


def _year(point: str) -> int:
    return int(point[:4])


def _period(house: Tenure) -> str:
    end = "now" if house.current else _words(house.end)
    return f"{house.name}, {_words(house.start)} to {end}" if house.start else f"{house.name}, {end}"


def _make(kind: ContradictionKind, said: _Spoken, resume: str, ask: str) -> Contradiction:
    words = said.text.rstrip(".!; ")  # it is quoted inside a sentence
    span = Span(start=said.start, end=said.start + len(words))
    return Contradiction(kind=kind, said=words[:2000], span=span, resume=resume[:300], ask=ask[:2000])


# dates


def _check_dates(said: _Spoken, house: Tenure) -> Contradiction | None:
    here = house.called.pattern
    first, last = _year(house.start), _year(house.end)
    for pattern, low, high in (
        (
            rf"\bI (?:first |originally )?(?:joined|started (?:\w+ )?(?:at|with|for)|began (?:at|with)|moved to|came to) {here}(?:[^,]{{0,30}}?\b(?:in|since)|,? back in) (?P<y>{_YEAR})",
            first,
            first,
        ),
        (rf"\bIt was (?P<y>{_YEAR}) and I had just (?:joined|started at) {here}", first, first),
        (rf"\bI (?:left|quit|resigned from) {here}[^,]{{0,30}}?\bin (?P<y>{_YEAR})", last, last),
        (
            rf"\bI(?:'ve| have) (?:been|worked) (?:\w+ )?(?:at|with|for) {here} since (?P<y>{_YEAR})",
            first,
            first,
        ),
        (
            rf"\b[Ii]n (?P<y>{_YEAR}),? (?:when|while) I (?:was|worked)(?: working| employed| still)?(?: at| with| for) {here}",
            first,
            last,
        ),
        (rf"\b[Aa]t {here},? (?:back )?in (?P<y>{_YEAR}),? I\b", first, last),
        (rf"\b[Ii]n (?P<y>{_YEAR}),? (?:at|with) {here},? I\b", first, last),
        (rf"\bI was (?:working |employed )?(?:at|with|for) {here} in (?P<y>{_YEAR})", first, last),
    ):
        match = re.search(pattern, said.text)
        if match and not low - YEARS_APART <= int(match.group("y")) <= high + YEARS_APART:
            return _ask_dates(said, house, match.group("y"))
    span = re.search(
        rf"\bI (?:was|worked)(?: working)?(?: at| with| for) {here} from (?P<a>{_YEAR}) (?:to|until|till) (?P<b>{_YEAR})",
        said.text,
    )
    if span and (
        abs(int(span.group("a")) - first) > YEARS_APART or abs(int(span.group("b")) - last) > YEARS_APART
    ):
        return _ask_dates(said, house, f"{span.group('a')} to {span.group('b')}")
    return _check_duration(said, house)


def _check_duration(said: _Spoken, house: Tenure) -> Contradiction | None:
    here = house.called.pattern
    about = r"(?:about |around |almost |nearly |over |more than |roughly )?"
    forms = (
        rf"\bI(?:'ve| have)? (?:been|worked|was)(?: working)? (?:at|with|for) {here} for {about}{_COUNT} years?\b",
        rf"\bI(?:'ve| have)? (?:spent|worked|had) {about}{_COUNT} years? (?:at|with) {here}",
    )
    for form in forms:
        match = re.search(form, said.text)
        if not match or re.match(r"\s+(?:or|to|of)\b", said.text[match.end("n") :]):
            continue
        held = (_year(house.end) - _year(house.start)) + (
            _months(house.end, 12) - _months(house.start, 1)
        ) / 12
        claimed = read_count(match.group("n"))
        # "three years as a tester" may be a part of the time; three years and then away are all of it.
        whole = re.match(
            r"\s*(?:[,.;]|$|and then\b|before I (?:left|moved)\b|until\b)", said.text[match.end() :]
        )
        if claimed > held * 1.3 + 1 or claimed < held * 0.5 - (0 if whole else 1):
            return _ask_dates(said, house, f"{match.group('n')} years")
    return None


def _months(point: str, missing: int) -> int:
    return int(point[5:7]) if len(point) > 4 else missing


def _ask_dates(said: _Spoken, house: Tenure, heard: str) -> Contradiction:
    ask = (
        f"I have you at {house.name} from {_words(house.start)} to {'now' if house.current else _words(house.end)} here, "
        f"and I think I heard {heard}. Could you line the two up for me?"
    )
    return _make("dates", said, _period(house), ask)


def _words(point: str) -> str:
    return f"{MONTH_NAMES[int(point[5:7]) - 1]} {point[:4]}" if len(point) > 4 else point


def _check_school(said: _Spoken, schools: Sequence[Tenure]) -> Contradiction | None:
    named = [school for school in schools if school.called.search(said.text)]
    if len(named) != 1:
        return None
    school = named[0]
    match = re.search(
        rf"\bI (?:graduated|finished|completed|got my degree|took my degree|qualified)\b[^,]*?{school.called.pattern}[^,]*?\bin (?P<y>{_YEAR})",
        said.text,
    )
    if not match or abs(int(match.group("y")) - _year(school.end)) <= YEARS_APART:
        return None
    ask = f"My notes have {_words(school.end)} as the year you finished at {school.name}, and I heard {match.group('y')}. Which one should I go by?"
    return _make("dates", said, _period(school), ask)


# titles


def _check_title(said: _Spoken, house: Tenure) -> Contradiction | None:
    if _LOOSELY.search(said.text):
        return None
    here = house.called.pattern
    title = r"(?:an? |the |their )?(?P<t>[a-zA-Z][a-zA-Z -]{2,40}?)"
    forms = (
        rf"\bI (?:was|worked as|am|served as) {title} (?:at|of|for|with) {here}",
        rf"\b(?:As|as|was) {title} (?:at|of) {here},? I\b",
        rf"\b[Ww]hen I was {title} (?:at|of) {here}",
        rf"\b[Aa]t {here},? I (?:was|worked as|am) {title}(?=[,.;]|$| when\b| so\b| and\b| for\b)",
    )
    for form in forms:
        match = re.search(form, said.text)
        claimed = match.group("t").casefold() if match else ""
        if claimed and house.titles and _differs(claimed, [t.casefold() for t in house.titles]):
            held = " and ".join(house.titles[:2])
            ask = (
                f"I have {held} at {house.name} on paper, and you said {claimed}. How did the role look in practice, and "
                "how do the two fit together?"
            )
            return _make("title", said, f"{held}, {house.name}", ask)
    return None


def _differs(claimed: str, held: list[str]) -> bool:
    rank = _rank(claimed)
    if rank >= 3 and rank - max(_rank(title) for title in held) >= 2:
        return True
    trades = _trades(claimed)
    known = [_trades(title) for title in held]
    return bool(trades) and all(known) and not any(trades & other for other in known)


def _rank(title: str) -> int:
    if re.search(r"\b(?:deputy|assistant|associate|junior|trainee|apprentice|(?:pa|secretary) to)\b", title):
        return 2 if re.search("|".join(RANKS.values()), title) else 0
    return next((rank for rank, pattern in RANKS.items() if re.search(pattern, title)), 0)


def _trades(title: str) -> set[str]:
    return {trade for trade, pattern in TRADES.items() if re.search(pattern, title)}


# team size


def _check_team(said: _Spoken, house: Tenure | None, houses: Sequence[Tenure]) -> Contradiction | None:
    current = [h for h in houses if h.current]
    place = house or (
        current[0] if len(current) == 1 and re.search(r"\bI (?:lead|manage|supervise)\b", said.text) else None
    )
    if place is None or not place.teams:
        return None
    verb = r"(?:lead|led|manage|managed|supervise|supervised|run|ran|head|headed)"
    match = re.search(
        rf"\bI {verb} (?:a |the |my )?(?:team|group|staff|crew|ward|shift) of (?:about |around )?{_COUNT}\b",
        said.text,
    )
    match = match or re.search(
        rf"\bI {verb} (?:about |around |over )?{_COUNT} (?:people|engineers|nurses|developers|staff|employees|agents|teachers|analysts)\b",
        said.text,
    )
    match = match or re.search(
        rf"\b[Mm]y team (?:at|with) {place.called.pattern} (?:has|had|is) (?:about |around )?{_COUNT}\b",
        said.text,
    )
    match = match or re.search(
        rf"\bI(?:'ve| have) (?:got )?(?:about |around )?{_COUNT} people (?:under|reporting to) me\b",
        said.text,
    )
    if not match:
        return None
    claimed = int(read_count(match.group("n")))
    others = {int(read_count(n.group())) for n in _ANY_COUNT.finditer(said.text)} - {claimed}
    if _SOMETIMES.search(said.text) or others & set(place.teams):
        return None
    if any(0.55 <= claimed / size <= 1.8 or abs(claimed - size) < 3 for size in place.teams):
        return None
    size = place.teams[0]
    ask = f"You spoke of {claimed} people at {place.name}, and my notes say {size}. Were these two different times or teams?"
    return _make("team_size", said, f"a team of {size}, {place.name}", ask)


# tools


def _check_tool(said: _Spoken, facts: ResumeFacts) -> Contradiction | None:
    text = said.text
    for skill in facts.skills:
        name = rf"(?<![\w-]){re.escape(skill.name)}(?![\w+#-])"
        if not re.search(name, text):
            continue
        denied = re.search(
            rf"\bI(?:'ve| have)? (?:never|not) (?:really )?(?:used|worked with|touched|tried|learned) {name}"
            rf"|\bI haven't (?:ever )?(?:used|worked with|touched|tried|learned) {name}"
            rf"|\bI (?:have|had|'ve) no experience (?:with|in|of) {name}|\bI (?:don't|do not) know {name}|\bI never (?:used|worked with|touched) {name}",
            text,
        )
        denied = denied or re.search(
            rf"{name},? I(?:'ve| have) never (?:used|worked with|touched|tried|learned)\b", text
        )
        if denied and _ENDS.match(text, denied.end()):
            ask = f"{skill.name} is among your skills here, and you said that you have not worked with it. Where did you come across it?"
            return _make("tool", said, skill.name, ask)
        heard = _heard_years(text, name)
        if skill.years and heard is not None and abs(heard - skill.years) > max(2, 0.4 * skill.years):
            ask = f"I have {skill.years:g} years of {skill.name} here, and I heard {heard:g}. How do you count them?"
            return _make("tool", said, f"{skill.name}, {skill.years:g} years", ask)
    return None


def _heard_years(text: str, name: str) -> float | None:
    about = r"(?:about |around |almost |nearly |over |more than |roughly )?"
    match = re.search(
        rf"\bI(?:'ve| have)?(?: been)? (?:used|using|worked with|working with|written|programmed in) {name} for {about}{_COUNT} years?\b",
        text,
    )
    match = match or re.search(
        rf"\bI(?:'ve| have)? (?:got )?{about}{_COUNT} years?(?: of)?(?: experience)? (?:with|in|of) {name}",
        text,
    )
    return read_count(match.group("n")) if match else None
