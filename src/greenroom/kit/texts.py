"""Text from outside, made storable: both databases and every later reader must take it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, JsonValue
from pydantic_core import PydanticCustomError

# PostgreSQL stores neither U+0000 nor half a surrogate pair; nobody types them on purpose.
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)])


def clean(text: str) -> str:
    """The text without the few code points that cannot be stored; all others stay as they were typed."""
    return text.translate(_UNSTORABLE)


def clean_all(value: JsonValue) -> JsonValue:
    """What came as JSON or as a form, with every text in it made storable."""
    match value:
        case str():
            return clean(value)
        case list():
            return [clean_all(one) for one in value]
        case dict():
            return {name: clean_all(one) for name, one in value.items()}
        case _:
            return value


Clean = Annotated[str, AfterValidator(clean)]
"""A string field of a request that may hold anything a person can type or paste."""


def shorten(text: str, most: int) -> str:
    """The text in at most `most` signs: whole, or cut between two words with an ellipsis at the end."""
    if len(text) <= most:
        return text
    cut = text[: most - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


def visible(text: str) -> str:
    """Storable text with something to see in it: a name is a link that a person must find again.

    Raises:
        PydanticCustomError: there are only spaces and characters without a shape.
    """
    cleaned = clean(text).strip()
    if all(unicodedata.category(char)[0] in "CZ" for char in cleaned):
        raise PydanticCustomError("string_too_short", "A character that can be seen is needed")
    return cleaned
