"""What every page and route shares: the per-request context, sessions, templates, problems and headers."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from greenroom.kit.clock import Clock, utc_now
from greenroom.kit.db import Database
from greenroom.kit.errors import Invalid, NotFound, Problem
from greenroom.kit.events import Event, Subscriptions
from greenroom.kit.i18n import Translations
from greenroom.kit.jobs import Queue
from greenroom.settings import Settings

log = structlog.get_logger()

@dataclass
class Context:
    """What a process serves with; `app.state.context` holds it."""

    settings: Settings
    database: Database
    queue: Queue
    subscriptions: Subscriptions
    templates: Environment
    assets: "Assets"
    clock: Clock = utc_now

    async def publish(self, db: AsyncSession, event: Event) -> None:
        """Tell the event's subscribers, in the transaction of `db`."""
        await self.subscriptions.publish(db, self.queue, event)


def context_of(request: Request) -> Context:
    """The context of the application that serves this request."""
    context: Context = request.app.state.context
    return context


async def _write(request: Request) -> AsyncIterator[AsyncSession]:
    async with context_of(request).database.write() as session:
        yield session


async def _read(request: Request) -> AsyncIterator[AsyncSession]:
    async with context_of(request).database.read() as session:
        yield session


# scope="function": the transaction is committed before the response is sent.
WriteDb = Annotated[AsyncSession, Depends(_write, scope="function")]
ReadDb = Annotated[AsyncSession, Depends(_read, scope="function")]
Ctx = Annotated[Context, Depends(context_of)]


class Assets:
    """Hashed URLs of the built front end, from Vite's manifest."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist
        self._manifest: dict[str, dict[str, Any]] = {}

    def load(self) -> None:
        """Read the manifest; a missing one is an error with the command that builds it."""
        path = self._dist / ".vite" / "manifest.json"
        if not path.exists():
            raise FileNotFoundError("The pages are not built yet. Run `make build` (or `make run`) in the project folder.")
        self._manifest = json.loads(path.read_text())

    def url(self, entry: str) -> str:
        """The URL of an entry such as `islands/room.ts` or `styles/main.css`."""
        if entry not in self._manifest:
            raise LookupError(f"the built front end has no entry {entry!r}")
        return f"/static/{self._manifest[entry]['file']}"


def build_templates(folders: list[Path], assets: Assets, translations: Translations) -> Environment:
    """The template environment: autoescaped, strict about undefined names, translated."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue] - added by the extension
        translations.gettext, translations.ngettext, newstyle=True
    )
    environment.globals["asset"] = assets.url
    return environment


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - template values
    """A page or fragment."""
    context = context_of(request)
    page = context.templates.get_template(template)
    values.setdefault("path", request.url.path)
    return HTMLResponse(page.render(request=request, language=context.settings.language, **values), status_code=status)


def wants_page(request: Request) -> bool:
    """True when the client is a browser that navigates, not an API client."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def problem_response(request: Request, problem: Problem) -> Response:
    """Problem JSON for API clients, a page for browsers."""
    if wants_page(request) or request.headers.get("hx-request"):
        return render(request, "problem.html", status=problem.status, problem=problem)
    return JSONResponse(
        problem.body(request.url.path), status_code=problem.status, media_type="application/problem+json"
    )


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


def field_errors(error: RequestValidationError) -> list[dict[str, str]]:
    """One entry per field: where it is and what is wrong. What was typed is not echoed."""
    return [
        {"field": ".".join(str(part) for part in item["loc"] if part not in ("body", "query", "path")), "message": item["msg"]}
        for item in error.errors()
    ]


def install_problem_handlers(app: FastAPI) -> None:
    """Turn every error into RFC 9457 or its page; nothing internal leaks."""

    async def on_problem(request: Request, error: Exception) -> Response:
        if not isinstance(error, Problem):
            raise error
        return problem_response(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        in_path = any(item["loc"][:1] == ("path",) for item in error.errors())
        if in_path:
            return problem_response(request, NotFound("There is nothing at this address."))
        return problem_response(
            request, Invalid("Some fields are missing or out of range; nothing was changed.", errors=field_errors(error))
        )

    async def on_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == 404:
            return problem_response(request, NotFound("There is nothing at this address."))
        response = problem_response(request, HttpProblem(error.status_code, str(error.detail)))
        response.headers.update(error.headers or {})
        return response

    async def on_busy(request: Request, error: Exception) -> Response:
        log.warning("database.unavailable", error=type(error).__name__)
        problem = TooBusy("Nothing was changed by this request and what was saved before is safe. Try again in a moment.")
        response = problem_response(request, problem)
        response.headers["Retry-After"] = "2"
        return response

    async def on_error(request: Request, error: Exception) -> Response:
        log.error("request.failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        return problem_response(
            request, ServerError("What was saved before this request is safe. The log of the server says more.")
        )

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(OperationalError, on_busy)
    app.add_exception_handler(Exception, on_error)
