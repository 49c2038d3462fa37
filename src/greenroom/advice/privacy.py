"""What this slice's rows look like when they come from an export."""

from typing import Any, Final

from pydantic import TypeAdapter

from greenroom.advice.schemas import Recap, RewriteBody

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    "rewrites": {"body": TypeAdapter[Any](RewriteBody)},
    "recaps": {"body": TypeAdapter[Any](Recap)},
}
