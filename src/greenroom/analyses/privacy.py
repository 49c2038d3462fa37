"""What this slice's rows look like when they come from an export."""

from typing import Any, Final

from pydantic import TypeAdapter

from greenroom.analyses.schemas import Facts, Reading

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    "analyses": {
        "facts": TypeAdapter[Any](Facts | None),
        "reading": TypeAdapter[Any](Reading),
        "send_to": TypeAdapter[Any](list[str]),
    }
}
