"""Dates and date ranges as people write them in résumés, with their place in the text."""

import re
from dataclasses import dataclass

# English first, then the other spellings that people leave in: German, French, Spanish, Italian, Portuguese, Dutch, Polish.
MONTHS = (
    r"jan(?:uary|uar|uari|vier|v)?|enero|ene|gennaio|gen|janeiro|styczeń|januar",
    r"feb(?:ruary|ruar|ruari|rero|braio)?|févr?(?:ier)?|fevereiro|luty",
    r"mar(?:ch|s|zo|ço)?|märz|maart|mrt|marzec",
    r"apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|kwiecień",
    r"may|mai|mayo|maggio|maio|mei|maj",
    r"june?|juni|juin|junio|giugno|junho|czerwiec",
    r"july?|juli|juil(?:let)?|julio|luglio|julho|lipiec",
    r"aug(?:ust|ustus)?|août|agosto|ago|sierpień",
    r"sept?(?:ember|embre|iembre|iembre)?|settembre|setembro|wrzesień",
    r"oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre|outubro|październik",
    r"nov(?:ember|embre|iembre|embro)?|listopad",
    r"dec(?:ember|embre)?|dez(?:ember|embro)?|déc(?:embre)?|dic(?:iembre|embre)?|grudzień",
)
_NAME = f"(?:{'|'.join(MONTHS)})"
_SEASON = r"(?:early|mid|late|spring|summer|autumn|fall|winter|q[1-4])s?"
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_POINT = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+)?{_NAME}\b[.,]?(?:\s+of)?[\s/-]{{0,3}}(?:{_YEAR}|['’‘]\d\d)"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}"
    rf"|{_YEAR}[-./](?:1[0-2]|0[1-9])(?:[-./]\d\d)?(?!\d)"
    rf"|(?:1[0-2]|0?[1-9])\s?[./-]\s?{_YEAR}"
    rf"|{_SEASON}[\s-]+{_YEAR}"
    rf"|{_YEAR})"
)
_SHORT = r"(?:(?:1[0-2]|0[1-9])/\d\d)"
_PRESENT = r"(?:presents?|the present|now|current(?:ly)?|today|to\s?date|date|ongoing|heute|jetzt|aujourd'hui|présent|presente|(?:la )?actualidad|actual|oggi|heden|obecnie|atual)"
_TO = r"(?:\s*(?:[-–—−‑~→]|->|➔|⇒|to\b|bis\b|until\b|till\b|through\b|up\s+to\b)\s*)"
_RANGE = re.compile(
    rf"(?<![^\W_])(?<!\.)(?:from\s+)?(?P<start>{_POINT}){_TO}+(?P<end>{_POINT}|{_PRESENT}|\d\d(?!\s?%))(?![^\W_]|/)"
    rf"|(?<![\w/.])(?P<short>{_SHORT}){_TO}(?P<short_end>{_SHORT}|{_PRESENT})(?![^\W_]|/)"
    rf"|\b(?:since|seit|depuis|desde|dal)\s+(?P<since>{_POINT})(?!\w)"
    rf"|(?<![^\W_])(?<!\.)(?P<open>{_POINT})\s+(?:and\s+)?(?:to\s?date|onwards?|ongoing)\b"
    rf"|(?<![^\W_])(?<!\.)(?P<list>(?:{_SEASON}\s+)?{_YEAR})(?:\s*(?:,|&|and|/)\s*(?:{_SEASON}\s+)?(?P<last>{_YEAR}))+(?!\w)"
    rf"|(?<![^\W_])(?<!\.)(?P<dangling>{_POINT})\s*[-–—](?:\s*$|(?=[ ]{{3,}}|\t))",
    re.IGNORECASE | re.MULTILINE,
)
_ALONE = re.compile(rf"(?<![^\W_])(?<!\.){_POINT}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class DateRange:
    """`start` and `end` as `YYYY` or `YYYY-MM`; `end` is empty while it lasts. Place: code points."""

    start: str
    end: str
    current: bool
    at: int
    stop: int


def find_ranges(text: str) -> list[DateRange]:
    """All date ranges of a text, in order. A year may be followed by the last two digits of another (2016-18)."""
    return [found for match in _RANGE.finditer(text) if (found := _read(match))]


def find_points(text: str) -> list[tuple[str, int, int]]:
    """All single dates of a text with their place, those inside ranges included."""
    return [(read_point(match.group()), match.start(), match.end()) for match in _ALONE.finditer(text)]


def _read(match: re.Match[str]) -> DateRange | None:
    for name in ("since", "open", "dangling"):
        if match.group(name):
            return DateRange(read_point(match.group(name)), "", True, match.start(), match.end())
    if match.group("list"):
        first, last = read_point(match.group("list")), match.group("last")
        return DateRange(first, last, False, match.start(), match.end()) if last > first else None
    start, end = match.group("start") or match.group("short"), match.group("end") or match.group("short_end")
    first = read_point(start)
    if re.fullmatch(_PRESENT, end, re.IGNORECASE):
        return DateRange(first, "", True, match.start(), match.end())
    last = _short_end(start, end) if re.fullmatch(r"\d\d", end) else read_point(end)
    if not last or last < first[: len(last)]:
        return None
    return DateRange(first, last, False, match.start(), match.end())


def _short_end(start: str, end: str) -> str:
    year = re.fullmatch(_YEAR, start.strip())
    full = f"{start.strip()[:2]}{end}"
    return full if year and end > start.strip()[2:] and re.fullmatch(_YEAR, full) else ""


def read_point(text: str) -> str:
    """One date as `YYYY-MM`, or `YYYY` when it names no month."""
    folded = text.casefold()
    year = re.search(_YEAR, folded)
    full = year.group() if year else _century(re.findall(r"\d\d", folded)[-1])
    rest = folded.replace(full, " ", 1)
    name = re.search(_NAME, folded)
    if name:
        number = next(n for n, form in enumerate(MONTHS, 1) if re.fullmatch(form, name.group()))
        return f"{full}-{number:02d}"
    numbers = [int(number) for number in re.findall(r"\d+", rest)]
    if re.search(_SEASON, folded) or not numbers:
        return full
    if year and len(numbers) == 2 and not folded.startswith(full):
        numbers = numbers[1:]  # day.month.year
    return f"{full}-{numbers[0]:02d}" if 1 <= numbers[0] <= 12 else full


def _century(two: str) -> str:
    return f"{'20' if int(two) < 50 else '19'}{two}"
