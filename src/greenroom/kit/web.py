"""What every page and route shares: the context of the process, database sessions and templates."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.kit.clock import Clock, utc_now
from greenroom.kit.db import Database
from greenroom.kit.events import Event, Subscriptions
from greenroom.kit.i18n import Translations
from greenroom.kit.jobs import Queue
from greenroom.settings import Settings

Single = TypeVar("Single")


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
    _singles: dict[type[Any], Any] = field(default_factory=dict[type[Any], Any], repr=False)

    def one(self, kind: type[Single]) -> Single:
        """The one `kind` of this process, made on first use: for what lives in memory, such as open connections."""
        if kind not in self._singles:
            self._singles[kind] = kind()
        return self._singles[kind]

    async def publish(self, db: AsyncSession, event: Event) -> None:
        """Tell the event's subscribers, in the transaction of `db`."""
        await self.subscriptions.publish(db, self.queue, event)


def context_of(request: Request) -> Context:
    """The context of the application that serves this request."""
    context: Context = request.app.state.context
    return context


async def _context(request: Request) -> Context:
    # A coroutine: a plain function would cost every request a visit to a thread.
    return context_of(request)


async def _write(request: Request) -> AsyncIterator[AsyncSession]:
    async with context_of(request).database.write() as session:
        yield session


async def _read(request: Request) -> AsyncIterator[AsyncSession]:
    async with context_of(request).database.read() as session:
        yield session


# scope="function": the transaction is committed before the response is sent.
WriteDb = Annotated[AsyncSession, Depends(_write, scope="function")]
ReadDb = Annotated[AsyncSession, Depends(_read, scope="function")]
Ctx = Annotated[Context, Depends(_context)]


def locate(response: Response, path: str) -> None:
    """Say where what was just created can be read: `Location`, as RFC 9110 wants it with a 201."""
    response.headers["Location"] = path


class Assets:
    """Hashed URLs of the built front end, from Vite's manifest."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist
        self._manifest: dict[str, dict[str, Any]] = {}

    def load(self) -> None:
        """Read the manifest; a missing one is an error with the command that builds it."""
        path = self._dist / "manifest.json"
        if not path.exists():
            raise FileNotFoundError(
                "The pages are not built yet. Run `make build` (or `make run`) in the project folder."
            )
        self._manifest = json.loads(path.read_text())

    def url(self, entry: str) -> str:
        """The URL of an entry such as `islands/room.ts` or `styles/main.css`."""
        if entry not in self._manifest:
            raise LookupError(f"the built front end has no entry {entry!r}")
        return f"/static/dist/{self._manifest[entry]['file']}"


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
    shared: dict[str, Any] = environment.globals  # pyright: ignore[reportAssignmentType] - typed by Jinja's own functions
    shared["asset"] = assets.url
    return environment


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - template values
    """A page or fragment."""
    context = context_of(request)
    page = context.templates.get_template(template)
    values.setdefault("path", request.url.path)
    return HTMLResponse(
        page.render(request=request, language=context.settings.language, **values), status_code=status
    )
