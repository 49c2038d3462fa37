"""Text from outside, made storable: both databases and every later reader must take it."""

from typing import Annotated

from pydantic import AfterValidator

# PostgreSQL stores neither U+0000 nor half a surrogate pair; nobody types them on purpose.
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)])


def clean(text: str) -> str:
    """The text without the few code points that cannot be stored; all others stay as they were typed."""
    return text.translate(_UNSTORABLE)


Clean = Annotated[str, AfterValidator(clean)]
"""A string field of a request that may hold anything a person can type or paste."""
