"""The pieces of a position's header lines, and what each could be: a title, an employer, or neither."""

import re
from dataclasses import dataclass

from greenroom.documents.dates import DateRange, find_ranges
from greenroom.documents.lines import Row, bare
from greenroom.documents.vocabulary import Vocabulary

HEADER_WORDS = 9  # longer pieces are prose
LONGEST = 18  # words of a header line of several pieces
_STRONG = re.compile(r"\s+[|@•·/]\s+|\s+[–—-]\s+|\t+|\s{3,}|\s\|\s?|\s*—\s*|\s+at\s+(?=(?:the\s+)?[A-Z])")
_BRACKETS = re.compile(r"^[\s(\[,;:|@•·*_–—-]+|[\s(\[,;:|@•·*_–—-]+$")
_LABEL = re.compile(
    r"^(?:(?:job )?title|position(?: held)?|occupation(?: or position held)?|role|company|employer|organi[sz]ation|name (?:and address )?of employer"
    r"|period|dates?|duration|from|when|where)\s*:\s*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^[\s*_]*\([^()]*\)[\s*_.]*$")
# "Developer, Harbour Ltd, 2019 to 2024. Wrote the export in Python.": what follows the full stop is no name.
_SENTENCE = re.compile(r"^\.\s+(?=\w)(?!.*\b(?:Inc|Ltd|Co|Corp|S\.A|e\.V)\.\s*$)(?:\S+\s+)+\S*[^\W\d_]\.\s*$")
_TERMS = re.compile(
    r"\d+ (?:yrs?|mos?|years?|months?)\b|(?:full|part)[- ]time\b|remote\b|hybrid\b|on-?site\b|contract\b|permanent\b|temporary\b|fixed[- ]term\b|zero[- ]hours\b|seasonal\b|voluntary\b",
    re.IGNORECASE,
)
_COUNTRIES = (
    "UK|U\\.K\\.|United Kingdom|United States|Northern Ireland|USA|U\\.S\\.A?\\.|US|UAE|England|Scotland|Wales|Ireland|Germany|France|Spain|Italy|Portugal|Poland|Netherlands|the Netherlands"
    "|Belgium|Austria|Switzerland|Sweden|Norway|Denmark|Finland|Estonia|Latvia|Lithuania|Czechia|Czech Republic|Slovakia|Hungary|Romania|Bulgaria|Greece"
    "|Turkey|Türkiye|Ukraine|Russia|Israel|Egypt|Morocco|Tunisia|Nigeria|Ghana|Kenya|Ethiopia|South Africa|India|Pakistan|Bangladesh|Sri Lanka|Nepal"
    "|China|Hong Kong|Taiwan|Japan|South Korea|Korea|Vietnam|Thailand|Malaysia|Singapore|Indonesia|Philippines|Australia|New Zealand|Canada|Mexico"
    "|Brazil|Argentina|Chile|Colombia|Peru|Lebanon|Jordan|Saudi Arabia|Qatar|Iran|Iraq|Syria|Serbia|Croatia|Slovenia|Luxembourg|Malta|Cyprus|Iceland"
)
_PLACE = re.compile(
    rf"[^,]+,\s*(?:[A-Z]{{2,3}}|{_COUNTRIES})(?:\s+\d{{4,6}})?|[^,]+,[^,]+,\s*United (?:Kingdom|States)"
)
# Endings of words for people by what they do.
_DOER = re.compile(r"[^\W\d_]{3,}(?:ers?|ors?|ists?|ians?|eur|euse)")


@dataclass(frozen=True)
class Part:
    """A piece of a header: the words and their row."""

    text: str
    row: Row
    on_anchor: bool


def parts_of(row: Row, found: DateRange | None = None) -> list[Part]:
    """The pieces of a line, its dates taken out; what stands in brackets or as a sentence behind the dates is an aside."""
    text = row.text
    if found:
        after = text[found.stop :]
        aside = _ASIDE.match(after.lstrip(" )*_")) or _SENTENCE.match(after)
        text = f"{text[: found.at]}\t{'' if aside else after}"
    pieces = [
        _BRACKETS.sub("", bare(_LABEL.sub("", f"{piece.replace('**', '').replace('__', '').strip()} ")))
        for piece in _STRONG.split(text)
    ]
    return [Part(close(piece), row, on_anchor=found is not None) for piece in pieces if len(close(piece)) > 1]


def close(piece: str) -> str:
    """A piece whose closing bracket was stripped gets it back; a lone closing one goes."""
    if re.search(r"[^\W\d_]{4}\.$", piece):
        piece = piece[:-1]
    if piece.count("(") > piece.count(")"):
        return piece + ")"
    return piece.rstrip(")").rstrip() if piece.count(")") > piece.count("(") else piece


def is_header(row: Row) -> bool:
    """Whether a line could name a job: short pieces that begin like a name and do not end like a sentence."""
    text = bare(row.text)
    if row.blank or row.bullet or not text or len(text.split()) > LONGEST:
        return False
    if re.match(r"[^\W\d_]+(?: [^\W\d_]+)?:\s", text) and not _LABEL.match(text):  # "Clients: two publishers"
        return False
    if max(len(piece.split()) for piece in _STRONG.split(text)) > HEADER_WORDS:
        return False
    ends_like_prose = text.endswith((".", ";")) and not re.search(
        r"\b(?:Inc|Ltd|Co|Corp|S\.A|e\.V|Dept|U\.S\.A)\.$", text
    )
    return not ends_like_prose and (text[0].isupper() or text[0].isdigit()) and not find_ranges(text)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w'-]*", text.casefold())


def has_title(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a known word for a job is in it."""
    return any(word in vocabulary.titles for word in _words(text))


def could_be_title(text: str, vocabulary: Vocabulary) -> bool:
    """Whether it ends like a word for somebody who does something ("Pipe Lagger"), known or not."""
    head = re.split(r",|\(|\bof\b|\bfor\b", text, maxsplit=1)[0]
    words = _words(head)
    return bool(words) and words[-1] not in vocabulary.no_titles and _DOER.fullmatch(words[-1]) is not None


def has_employer(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a word that names of employers hold is in it."""
    return any(word in vocabulary.employers for word in _words(text)) or "&" in text


def is_noise(text: str) -> bool:
    """No name: no letters, a place with its state or country, the terms of work, or a sentence."""
    if not re.search(r"[^\W\d_]{2}", text) or _TERMS.match(text):
        return True
    if text[0].islower() and not re.match(r"self|freelance|various|\w+[A-Z.]", text):
        return True
    return bool(_PLACE.fullmatch(text)) or (text.endswith(".") and len(text.split()) > 3)


def trim_place(part: Part, vocabulary: Vocabulary) -> str:
    """The employer without the place behind it; "Inc" and the like stay with the name."""
    pieces = [piece.strip() for piece in part.text.split(",")]
    if len(pieces) > 1 and pieces[1].casefold().rstrip(".") in ("inc", "ltd", "llc", "gmbh", "plc"):
        return f"{pieces[0]}, {pieces[1]}"
    named = [piece for piece in pieces if has_employer(piece, vocabulary)]
    return named[0] if named and not has_employer(pieces[0], vocabulary) and len(pieces) > 2 else pieces[0]
