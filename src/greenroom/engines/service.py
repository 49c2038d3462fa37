"""Keeping engines, trying them, and giving the work a model: by purpose, in order, to those the person agreed to."""

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from pydantic import SecretStr, ValidationError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.engines import vault
from greenroom.engines.books import SessionBook, open_book
from greenroom.engines.connections import Connections
from greenroom.engines.models import EngineRow, EngineUseRow
from greenroom.engines.schemas import EngineCreate, Recipient, TestResult
from greenroom.engines.trial import try_engine
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.faults import sentence
from greenroom.kit.ids import uuid7
from greenroom.kit.web import Context
from greenroom.providers import catalog
from greenroom.providers.llm.base import OF_ANSWERS, PURPOSES, LanguageModel, ProviderError, Purpose
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.fallbacks import Fallbacks
from greenroom.providers.llm.guarded import Guarded, Limits

log = structlog.get_logger()

# Seconds for all engines of a purpose together. An interviewer that needs longer is slower than the built-in one.
DEADLINES_S: dict[Purpose, float] = {
    "interviewer": 8,
    "evaluator": 60,
    "coach": 30,
    "research": 90,
    "vision": 60,
}


class UnknownVendor(Invalid):
    slug = "unknown-vendor"
    title = "There is no such vendor"


async def add_engine(context: Context, db: AsyncSession, new: EngineCreate) -> EngineRow:
    """Keep an engine, its key sealed, and put it first for its purposes.

    Raises:
        Invalid: a field the vendor needs is empty or cannot be used.
    """
    engine = _check(new)
    row = EngineRow(
        id=uuid7(), vendor=engine.vendor, model=engine.model, address=engine.address, region=engine.region,
        project=engine.project, structured=engine.structured, sealed_key=None, created_at=context.clock(),
        tested_at=None, test_problem="",
    )  # fmt: skip
    if secret := engine.key.get_secret_value():
        row.sealed_key = await asyncio.to_thread(vault.seal, context.settings.data_dir, secret, str(row.id))
    db.add(row)
    await db.flush()
    for purpose in new.purposes:
        await use_engines(db, purpose, [row.id, *(await _ids_used(db, purpose))][:5])
    return row


def _check(new: EngineCreate) -> Engine:
    if new.vendor not in catalog.VENDORS:
        raise UnknownVendor(f"Vendors are: {', '.join(catalog.VENDORS)}. Nothing was kept.")
    try:
        engine = Engine.model_validate(new.model_dump(exclude={"purposes"}))
    except ValidationError as error:
        fields = [{"field": str(item["loc"][0]), "message": sentence(item)} for item in error.errors()]
        raise Invalid("This engine cannot be used as it is; nothing was kept.", errors=fields) from None
    if missing := catalog.missing_of(engine):
        fields = [{"field": name, "message": "Something is needed here."} for name in missing]
        raise Invalid("This vendor needs more; nothing was kept.", errors=fields)
    return engine


async def find_engine(db: AsyncSession, engine_id: UUID) -> EngineRow:
    """One engine.

    Raises:
        NotFound: there is none.
    """
    row = await db.get(EngineRow, engine_id)
    if row is None:
        raise NotFound("There is no such engine.")
    return row


async def remove_engine(db: AsyncSession, engine_id: UUID) -> None:
    """Forget an engine and its key; its place in every order goes with it."""
    await db.delete(await find_engine(db, engine_id))


async def use_engines(db: AsyncSession, purpose: Purpose, ids: list[UUID]) -> None:
    """Set the order for a purpose.

    Raises:
        Invalid: an id is unknown or stands twice.
    """
    wanted = list(dict.fromkeys(ids))
    known = set(await db.scalars(select(EngineRow.id).where(EngineRow.id.in_(wanted))))
    if len(wanted) != len(ids) or not set(wanted) <= known:
        raise Invalid("Name each engine once, by the id of one that is kept. Nothing was changed.")
    await db.execute(delete(EngineUseRow).where(EngineUseRow.purpose == purpose))
    db.add_all(EngineUseRow(purpose=purpose, position=n, engine_id=id_) for n, id_ in enumerate(wanted))
    await db.flush()


async def _ids_used(db: AsyncSession, purpose: Purpose) -> list[UUID]:
    query = (
        select(EngineUseRow.engine_id).where(EngineUseRow.purpose == purpose).order_by(EngineUseRow.position)
    )
    return list(await db.scalars(query))


def opened(context: Context, row: EngineRow) -> Engine:
    """The engine of a row with its key.

    Raises:
        KeyUnreadable: the key was sealed with another key file.
    """
    secret = vault.unseal(context.settings.data_dir, row.sealed_key, str(row.id)) if row.sealed_key else ""
    return Engine.model_validate(
        {
            "vendor": row.vendor, "model": row.model, "key": SecretStr(secret), "address": row.address,
            "region": row.region, "project": row.project, "structured": row.structured,
        }
    )  # fmt: skip


def environment_engines(context: Context, purpose: Purpose) -> list[Engine]:
    """Engines named by the settings.

    Raises:
        ValueError: a setting cannot work; it says why.
    """
    return catalog.read_engines(getattr(context.settings, f"{purpose}_engines"))


def check_environment(context: Context) -> None:
    """Raises ValueError, with the setting's name, when the settings name an engine that cannot work."""
    for purpose in PURPOSES:
        try:
            environment_engines(context, purpose)
        except ValueError as error:
            raise ValueError(f"GREENROOM_{purpose.upper()}_ENGINES: {error}") from error


# Built once, because every turn reads it.
_IN_ORDER = (
    select(EngineRow)
    .join(EngineUseRow, EngineUseRow.engine_id == EngineRow.id)
    .where(EngineUseRow.purpose == bindparam("purpose"))
    .order_by(EngineUseRow.position)
)


async def list_engines(context: Context, db: AsyncSession, purpose: Purpose) -> list[Engine]:
    """Engines of a purpose in order: those of the settings page, else those of the environment. One whose key cannot
    be read is left out and logged."""
    found: list[Engine] = []
    for row in await db.scalars(_IN_ORDER, {"purpose": purpose}):
        try:
            found.append(opened(context, row))
        except vault.KeyUnreadable:
            log.warning("engine.key_unreadable", engine=str(row.id))
    return found or environment_engines(context, purpose)


async def list_all(context: Context, db: AsyncSession) -> dict[Purpose, list[Engine]]:
    """The engines of every purpose in order."""
    return {purpose: await list_engines(context, db, purpose) for purpose in PURPOSES}


async def list_agreed(
    context: Context, db: AsyncSession, purpose: Purpose, agreed: Collection[str]
) -> list[Engine]:
    """Engines of a purpose that run on this machine or whose recipient the person agreed to, in order."""
    return [
        engine
        for engine in await list_engines(context, db, purpose)
        if catalog.is_local(engine) or catalog.recipient_of(engine) in agreed
    ]


async def list_recipients(context: Context, db: AsyncSession) -> list[Recipient]:
    """Who outside this machine would get answers, for the consent rows; empty in an installation without such engines."""
    found: dict[str, list[Purpose]] = {}
    for purpose in OF_ANSWERS:
        for engine in await list_engines(context, db, purpose):
            if name := catalog.recipient_of(engine):
                purposes = found.setdefault(name, [])
                if purpose not in purposes:
                    purposes.append(purpose)
    return [Recipient(name=name, purposes=purposes) for name, purposes in found.items()]


@dataclass(frozen=True)
class Assigned:
    """The model that does a piece of work, and the names of the engines it is made of."""

    model: LanguageModel
    engines: tuple[str, ...]
    deadline_s: float
    book: SessionBook


async def assign(
    context: Context,
    purpose: Purpose,
    session_id: UUID | None,
    agreed: Collection[str],
    *,
    later: bool = False,
) -> Assigned | None:
    """The model for a purpose, or None when the built-in does the work. Engines whose recipient the person did not
    agree to are left out. With `later` the caller closes the book when nobody waits any more."""
    async with context.database.read() as db:
        engines = await list_agreed(context, db, purpose, agreed)
        if not engines:
            return None
        book = await open_book(context, db, purpose, session_id, later=later)
    limits = Limits(deadline_s=DEADLINES_S[purpose] / len(engines))
    models: list[LanguageModel] = []
    for engine in engines:
        try:
            model = await context.one(Connections).get(engine)
        except ProviderError as error:
            log.warning("engine.unusable", engine=engine.name, problem=error.kind, install=error.code)
            continue
        models.append(Guarded(model, purpose, limits, book, catalog.price_of_engine(engine)))
    if not models:
        return None
    return Assigned(Fallbacks(models), tuple(model.name for model in models), DEADLINES_S[purpose], book)


async def warm(context: Context, purpose: Purpose) -> None:
    """Connect the engines of a purpose before they are needed: the first use imports the vendor's package, which takes
    seconds. Nothing is sent."""
    async with context.database.read() as db:
        known = await list_engines(context, db, purpose)
    for engine in known:
        with suppress(ProviderError):  # said when it is used
            await context.one(Connections).get(engine)


async def try_row(context: Context, engine_id: UUID) -> TestResult:
    """Send an engine a trial request, with a picture if it is to look at any, and keep how it went. No database connection is held meanwhile."""
    async with context.database.read() as db:
        engine = opened(context, await find_engine(db, engine_id))
        uses = set(await db.scalars(select(EngineUseRow.purpose).where(EngineUseRow.engine_id == engine_id)))
    started = time.monotonic()
    result = await try_engine(context.one(Connections), engine, started, sees="vision" in uses)
    async with context.database.write() as db:
        row = await db.get(EngineRow, engine_id)
        if row is not None:
            row.tested_at, row.test_problem = context.clock(), result.problem
    return result
