"""Every error becomes RFC 9457 problem JSON for API clients and a page for browsers; nothing internal leaks."""

from typing import Any, Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from greenroom.kit.errors import Invalid, NotFound, Problem
from greenroom.kit.faults import sentence
from greenroom.kit.web import render

NO_BODY: Final = "A JSON object is needed here, sent with the header Content-Type: application/json."

log = structlog.get_logger()


class TooBusy(Problem):
    status = 503
    slug = "database-busy"
    title = "The database is busy"


class ServerError(Problem):
    status = 500
    slug = "server-error"
    title = "Something broke on our side"


class HttpProblem(Problem):
    """A plain HTTP error of the framework (404 of an unknown path, 405), as a problem."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.slug = f"http-{status}"
        self.title = title


def wants_page(request: Request) -> bool:
    """True when the client is a browser that navigates, not an API client."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


def respond(request: Request, problem: Problem) -> Response:
    """The problem as its client reads it."""
    if wants_page(request):
        return render(request, "problem.html", status=problem.status, problem=problem)
    return JSONResponse(
        problem.body(request.url.path), status_code=problem.status, media_type="application/problem+json"
    )


def list_fields(error: RequestValidationError) -> list[dict[str, str]]:
    """One entry per field: where it is, and what is wrong in a sentence. What was typed is not echoed."""
    return [_field(item) for item in error.errors()]


def _field(item: dict[str, Any]) -> dict[str, str]:
    path = item["loc"][1:]  # after where it came from: body, query or header
    if item["type"] == "json_invalid":
        message = f"This is no JSON: look at character {path[-1]}, where it breaks off or a sign is wrong."
        return {"field": "", "message": message}
    if not path and item["type"] in ("missing", "model_attributes_type"):  # no body, or not said to be JSON
        return {"field": "", "message": NO_BODY}
    return {"field": ".".join(str(part) for part in path), "message": sentence(item)}


async def on_problem(request: Request, error: Problem) -> Response:
    """A business error."""
    return respond(request, error)


async def on_invalid(request: Request, error: RequestValidationError) -> Response:
    """A request that does not fit its schema; an impossible id in the path is simply not there."""
    if any(item["loc"][:1] == ("path",) for item in error.errors()):
        return respond(request, NotFound("There is nothing at this address."))
    detail = "Some fields are missing or out of range; nothing was changed."
    return respond(request, Invalid(detail, errors=list_fields(error)))


async def on_http(request: Request, error: HTTPException) -> Response:
    """An error of the framework."""
    if error.status_code == 404:
        return respond(request, NotFound("There is nothing at this address."))
    if error.status_code == 400:  # a body that cannot be read at all
        return respond(request, Invalid("The body of the request cannot be read; nothing was changed."))
    headers = error.headers or {}
    takes = f"This address takes {headers['Allow']} only; nothing was changed." if "Allow" in headers else ""
    response = respond(request, HttpProblem(error.status_code, str(error.detail), takes))
    response.headers.update(headers)
    return response


async def on_busy(request: Request, error: OperationalError) -> Response:
    """The database did not answer in time."""
    log.warning("database.unavailable", error=type(error).__name__)
    detail = "Nothing was changed by this request and what was saved before is safe. Try again in a moment."
    response = respond(request, TooBusy(detail))
    response.headers["Retry-After"] = "2"
    return response


async def on_error(request: Request, error: Exception) -> Response:
    """A fault of ours."""
    log.error("request.failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return respond(
        request, ServerError("What was saved before this request is safe. The log of the server says more.")
    )


def install(app: FastAPI) -> None:
    """Add all handlers."""
    app.exception_handler(Problem)(on_problem)
    app.exception_handler(RequestValidationError)(on_invalid)
    app.exception_handler(HTTPException)(on_http)
    app.exception_handler(OperationalError)(on_busy)
    app.exception_handler(Exception)(on_error)
