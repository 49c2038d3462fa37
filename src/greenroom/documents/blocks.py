"""The lines of a job advertisement, each with what it is: a must, a plus, a duty, an offer, or about the company."""

import re
from collections.abc import Iterable

from greenroom.documents.lines import Row, bare, join_wrapped, split_rows
from greenroom.documents.vocabulary import Vocabulary

# How the end of an advertisement begins, where nothing sets it apart from the list before it.
_CLOSING = re.compile(
    r"(?:please\s+)?(?:send|e-?mail|apply|to apply|interested\?|sounds? good\?|contact|closing date|salary|hours|pay\b|part[- ]time\b|full[- ]time\b|we (?:offer|are an equal)|equal opportunit)",
    re.IGNORECASE,
)


class Block:
    """A line of an advertisement and what kind of line it is: must, nice, duties, offer, about, or "". `inline`: after its label on one line."""

    __slots__ = ("inline", "kind", "row")

    def __init__(self, row: Row, kind: str, *, inline: bool = False) -> None:
        self.row, self.kind, self.inline = row, kind, inline


def read_blocks(text: str, vocabulary: Vocabulary) -> Iterable[Block]:
    """The lines of an advertisement that are no headings, each with the kind of the list it stands in."""
    kind = ""
    rows = join_wrapped(split_rows(text), text)
    for index, row in enumerate(rows):
        if row.blank:
            continue
        found = "" if row.bullet else name_heading(row.text, vocabulary, _next_is_list(rows, index))
        if found:
            kind = found
            continue
        inline = re.match(r"(?P<label>[^:.]{3,40}):\s+(?=\S)", row.text)
        own = (
            name_heading(inline.group("label") + ":", vocabulary, follows=True)
            if inline and not row.bullet
            else ""
        )
        if own and inline:
            at = inline.end()
            yield Block(Row(row.text[at:], row.start + at, row.end), own, inline=True)
            continue
        if kind and _leaves_list(rows, index, kind):
            kind = ""
        yield Block(row, kind)


def _leaves_list(rows: list[Row], index: int, kind: str) -> bool:
    """A paragraph after a gap behind a list is no item of it."""
    row = rows[index]
    if kind in ("must", "nice") and not row.bullet and _CLOSING.match(row.text):
        return True
    if row.bullet or index == 0 or not rows[index - 1].blank or kind in ("about", "offer"):
        return False
    before = next((r for r in reversed(rows[: index - 1]) if not r.blank), None)
    return bool(before and before.bullet)


def _next_is_list(rows: list[Row], index: int) -> bool:
    following = [row for row in rows[index + 1 : index + 3] if not row.blank]
    return bool(following) and following[0].bullet


def name_heading(text: str, vocabulary: Vocabulary, follows: bool) -> str:
    """The kind of list a line opens, or "". `follows` says that a list comes next."""
    plain = bare(text).rstrip(":").casefold().replace("’", "'")
    words = plain.split()
    styled = text.strip().startswith(("#", "**")) or text.strip().endswith(":") or text.isupper()
    if not words or len(words) > (9 if follows or styled else 4) or re.search(r"[.!?]$|\d", plain):
        return ""
    if plain.count(",") > 1 and not text.strip().endswith(":"):
        return ""
    if "description" in words or "descriptions" in words:
        return "duties"
    _, _, rest = plain.partition(":")
    if rest.strip() and ("," in rest or len(rest.split()) > 2 or not _names_kind(rest.strip(), vocabulary)):
        return ""
    for kind in ("nice", "must", "duties", "offer", "about"):
        if any(pattern.search(plain) for pattern in vocabulary.job_headings[kind]):
            return kind
    return ""


def _names_kind(text: str, vocabulary: Vocabulary) -> bool:
    return any(pattern.search(text) for kind in ("nice", "must") for pattern in vocabulary.job_headings[kind])
