"""The composition root: settings in, a running application out. Routes, subscribers and jobs are wired here."""

import gc
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from greenroom import __version__, schema
from greenroom.accounts import service as accounts
from greenroom.engines import service as engines
from greenroom.engines.connections import Connections
from greenroom.kit import logs, problems
from greenroom.kit.clock import Clock, utc_now
from greenroom.kit.db import Database
from greenroom.kit.events import Subscriptions
from greenroom.kit.guards import Guard
from greenroom.kit.i18n import Translations
from greenroom.kit.jobs import Job, Queue, Worker
from greenroom.kit.web import Assets, Context, build_templates
from greenroom.library import catalog
from greenroom.settings import Settings

TURN_OF_A_THREAD_S = 0.0005
PACKAGE = Path(str(files("greenroom")))
SLICES_WITH_TEMPLATES = (
    "advice",
    "analyses",
    "engines",
    "grading",
    "interviews",
    "memory",
    "reports",
    "documents",
    "writing",
)


def subscribe(subscriptions: Subscriptions) -> None:
    """Which job hears which event."""
    from greenroom.interviews.events import AnswerCompleted, SessionEnded

    subscriptions.subscribe(AnswerCompleted, "grade_answer")
    subscriptions.subscribe(SessionEnded, "write_recap")


def list_jobs(context: Context) -> list[Job]:
    """Every background job of the product."""
    from greenroom.advice.jobs import advice_jobs
    from greenroom.analyses.jobs import analysis_jobs
    from greenroom.documents.jobs import document_jobs
    from greenroom.grading.jobs import grading_jobs
    from greenroom.interviews.jobs import interview_jobs
    from greenroom.writing.jobs import writing_jobs

    return [
        *grading_jobs(context),
        *interview_jobs(context),
        *document_jobs(context),
        *advice_jobs(context),
        *writing_jobs(context),
        *analysis_jobs(context),
    ]


def build_context(settings: Settings, clock: Clock = utc_now) -> Context:
    """The context of one process: database, queue, templates. Opens nothing yet."""
    database = Database(settings.database)
    subscriptions = Subscriptions()
    subscribe(subscriptions)
    translations = Translations(settings.language, PACKAGE / "locales")
    folders = [PACKAGE / "templates", *(PACKAGE / slice_ / "templates" for slice_ in SLICES_WITH_TEMPLATES)]
    assets = Assets(PACKAGE / "static" / "dist")
    context = Context(
        settings=settings,
        database=database,
        queue=Queue(settings.database),
        subscriptions=subscriptions,
        templates=build_templates(folders, assets, translations),
        assets=assets,
        clock=clock,
    )
    engines.check_environment(context)
    return context


def build_worker(context: Context) -> Worker:
    """The job runner of this process; start it on the loop that shall run the handlers."""
    return Worker(context.settings.database, context.settings.data_dir / "locks", list_jobs(context))


@asynccontextmanager
async def opened(context: Context) -> AsyncGenerator[Context]:
    """The context with a migrated database and an open queue."""
    context.settings.data_dir.mkdir(parents=True, exist_ok=True)
    await schema.migrate(context.database)
    async with context.database.write() as db:
        await accounts.ensure_local_user(db, context.clock())
    context.queue.open()
    try:
        yield context
    finally:
        context.queue.close()
        await context.one(Connections).close()
        await context.database.close()


def create_app(settings: Settings, clock: Clock = utc_now, *, pages: bool = True) -> FastAPI:
    """The web application: pages, API, and the job runner beside them unless the settings say otherwise.

    Without `pages` only the API is of use, and the front end need not be built.
    """
    from greenroom import routes

    logs.configure(settings.log_level, settings.log_format)
    context = build_context(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        if pages:
            context.assets.load()
        catalog.keep_own_in(settings.data_dir / "bank")
        catalog.load()  # the first question must not wait for the bank to be read
        # Answers are graded in threads beside. By default such a thread keeps the interpreter for 5 ms each time a turn
        # waits for the database, which a turn does a dozen times: it took half as long again.
        sys.setswitchinterval(TURN_OF_A_THREAD_S)
        async with opened(context):
            worker = build_worker(context) if settings.worker == "in-process" else None
            if worker:
                await worker.start()
            # What is here now stays: library, tables, routes. Looking through all of it for garbage stops every turn for a
            # fifth of a second, about once in a hundred turns.
            gc.freeze()
            try:
                yield
            finally:
                gc.unfreeze()
                if worker:
                    await worker.stop()
                catalog.keep_own_in(None)

    app = FastAPI(
        title="Greenroom",
        version=__version__,
        summary="Mock interviews with a panel that listens and follows up.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.context = context
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    routes.install(app)
    app.mount("/static", StaticFiles(directory=PACKAGE / "static", check_dir=False), name="static")
    return app
