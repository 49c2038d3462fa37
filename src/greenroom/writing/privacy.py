"""What this slice's rows look like when they come from an export, and what becomes of orders that were under way."""

from typing import Any, Final

from pydantic import TypeAdapter

from greenroom.library.schemas import Item
from greenroom.writing.schemas import Dropped, WritingCreate

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    "question_writings": {
        "wanted": TypeAdapter[Any](WritingCreate),
        "drafts": TypeAdapter[Any](list[Item]),
        "dropped": TypeAdapter[Any](list[Dropped]),
    }
}
