"""What this slice's rows look like when they come from an export."""

from typing import Any, Final

from pydantic import TypeAdapter

from greenroom.grading.schemas import Grade

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {"scores": {"grade": TypeAdapter[Any](Grade)}}
