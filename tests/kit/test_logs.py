"""A log says where something broke, and nothing of what people said."""

import logging

import pytest
from pydantic import BaseModel

from greenroom.kit import logs

SAID = "My manager in Lisbon is called Ines"


class Shape(BaseModel):
    number: int


def break_with(text: str) -> BaseException:
    """What comes of a text where a number belongs, wrapped as it would be on its way up."""
    try:
        try:
            Shape.model_validate({"number": text})
        except ValueError as error:
            raise ExceptionGroup("two things", [RuntimeError("the plan is empty")]) from error
    except ExceptionGroup as error:
        return error
    raise AssertionError("a text is no number")


def test_a_traceback_names_every_error_and_line_without_what_was_refused() -> None:
    error = break_with(SAID)
    assert SAID in str(error.__cause__)
    told = logs.tell(error)
    assert SAID not in told
    assert "break_with" in told
    kinds = [
        told.index(kind)
        for kind in ("ValidationError", "RuntimeError: the plan is empty", "ExceptionGroup: two")
    ]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize("name", logs.OTHERS)
def test_a_library_that_writes_down_an_error_of_ours_tells_it_the_same_way(name: str) -> None:
    error = break_with(SAID)
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, "It broke", None, (type(error), error, None))
    assert logs.hush(record)
    written = logging.Formatter().format(record)
    assert written.startswith("It broke")
    assert "RuntimeError: the plan is empty" in written
    assert SAID not in written
