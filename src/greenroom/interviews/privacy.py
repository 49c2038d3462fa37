"""What this slice's rows look like when they come from an export, and which bank items belong to them."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from greenroom.interviews import log
from greenroom.interviews.schemas import InterviewCreate, Plan, RibbonQuestion
from greenroom.library.schemas import Item

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    "interviews": {"spec": TypeAdapter[Any](InterviewCreate), "plan": TypeAdapter[Any](Plan)},
    "sessions": {
        "plan": TypeAdapter[Any](Plan),
        "ribbon": TypeAdapter[Any](list[RibbonQuestion] | None),
    },
    "session_log": {"payload": TypeAdapter[Any](log.AnyPayload)},
    "frozen_items": {"body": TypeAdapter[Any](Item)},
}


def list_frozen(sessions: Iterable[dict[str, Any]]) -> set[str]:
    """Hashes of the bank items that sessions (as rows) were frozen with; they belong to nobody alone."""
    return {content_hash for session in sessions for content_hash in session["plan"]["pool"].values()}
