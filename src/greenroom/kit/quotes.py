"""Whether a quote stands in a text, and where. Pure.

Quotes match after NFKC, case, white-space and quotation-mark folding; the place found is in code points of the text
as it is stored.
"""

import unicodedata
from collections.abc import Container

LEAST_WORDS = 3
_MARKS = str.maketrans({**dict.fromkeys("‘’ʼ‛`´′", "'"), **dict.fromkeys("“”„‟«»″", '"')})


def locate(text: str, quote: str, *, unseen: Container[str] = "") -> tuple[int, int] | None:
    """Start and end of the first place where the quote stands; None when it stands nowhere or has fewer than three
    words, which show nothing. Characters of `unseen` do not count."""
    wanted, _ = _fold(quote, unseen)
    wanted = wanted.strip(" .…\"'")
    if len(wanted.split()) < LEAST_WORDS:
        return None
    folded, places = _fold(text, unseen)
    at = folded.find(wanted)
    if at < 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1


def _fold(text: str, unseen: Container[str]) -> tuple[str, list[int]]:
    """The text made comparable, and for each of its characters the place in the text it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char in unseen:
            continue
        for part in unicodedata.normalize("NFKC", char.translate(_MARKS)).casefold():
            if part.isspace():
                if not folded or folded[-1] == " ":
                    continue
                part = " "  # noqa: PLW2901 - every kind of white space is one blank
            folded.append(part)
            places.append(place)
    return "".join(folded), places
