"""Logs: event names and ids, never what people wrote."""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Final, Literal

import structlog
from fastapi.exceptions import ValidationException
from pydantic import ValidationError

QUOTING: Final = (ValidationError, ValidationException)
"""Errors whose text quotes the value they refuse, which may be an answer."""
OTHERS: Final = ("uvicorn.error", "asyncio", "dbos")
"""Loggers of libraries that write down an error of ours with its traceback."""


def configure(level: Literal["debug", "info", "warning", "error"], style: Literal["console", "json"]) -> None:
    """Set up structlog for this process; logs go to standard error."""
    renderer = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_tell_info),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in OTHERS:
        logging.getLogger(name).addFilter(hush)


def hush(record: logging.LogRecord) -> bool:
    """Give a library's record the traceback as we tell it; every record passes."""
    if record.exc_info and record.exc_info[1]:
        record.exc_text = tell(record.exc_info[1])  # what formatters use instead of their own
    return True


def tell(error: BaseException) -> str:
    """The traceback of an error and of those that led to it, first things first; of one that quotes, its kind alone."""
    return "\n".join(line for one in _chain(error) for line in _lines(one))


def _tell_info(exc_info: structlog.typing.ExcInfo) -> str:
    return tell(exc_info[1])


def _chain(error: BaseException) -> list[BaseException]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts: tuple[BaseException, ...] = error.exceptions if isinstance(error, BaseExceptionGroup) else ()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - a group of any errors
    return [*(_chain(before) if before else []), *(one for part in parts for one in _chain(part)), error]


def _lines(error: BaseException) -> Iterator[str]:
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    yield type(error).__qualname__ + ("" if isinstance(error, QUOTING) else f": {error}")
