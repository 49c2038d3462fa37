"""Export, import and erasure of everything that belongs to a person, each in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.models import RequestKeyRow
from greenroom.accounts.service import Actor
from greenroom.advice import privacy as advice
from greenroom.analyses import privacy as analyses
from greenroom.documents import privacy as documents
from greenroom.grading import privacy as grading
from greenroom.grading.models import GradedAnswerRow
from greenroom.interviews import privacy as interviews
from greenroom.interviews.models import FrozenItemRow, SessionRow
from greenroom.kit.web import Context
from greenroom.library.catalog import content_hash
from greenroom.library.schemas import Item
from greenroom.memory.service import tidy
from greenroom.privacy.archive import Refused, Rows
from greenroom.privacy.belongings import Belonging, find_belongings
from greenroom.privacy.rows import Row, Unreadable, read_row, write_row
from greenroom.schema import metadata
from greenroom.writing import privacy as writing

SHAPES: Final[dict[str, dict[str, TypeAdapter[Any]]]] = {
    **interviews.SHAPES,
    **grading.SHAPES,
    **documents.SHAPES,
    **advice.SHAPES,
    **writing.SHAPES,
    **analyses.SHAPES,
}
FROZEN: Final[Table] = metadata.tables[FrozenItemRow.__tablename__]
CHUNK: Final = 200  # rows an insert; both databases limit the number of values


@dataclass
class Brought:
    """How many rows of each table were new, and how many were there already and stay as they are."""

    added: dict[str, int] = field(default_factory=dict[str, int])
    kept: dict[str, int] = field(default_factory=dict[str, int])


async def collect(db: AsyncSession, actor: Actor) -> dict[str, list[Row]]:
    """Every row of the person by table, as JSON values, and the bank items their sessions were frozen with."""
    rows: dict[str, list[Row]] = {}
    for belonging in find_belongings(metadata):
        table = belonging.table
        found = await db.execute(
            select(table).where(belonging.owned_by(actor.user_id)).order_by(*table.primary_key.columns)
        )
        rows[table.name] = [write_row(table, row) for row in found.mappings()]
    hashes = interviews.list_frozen(rows[SessionRow.__tablename__])
    frozen = await db.execute(select(FROZEN).where(FROZEN.c.hash.in_(hashes)).order_by(FROZEN.c.hash))
    rows[FROZEN.name] = [write_row(FROZEN, row) for row in frozen.mappings()]
    return rows


async def bring_in(context: Context, db: AsyncSession, actor: Actor, rows: Rows) -> Brought:
    """Add what an archive has and the database has not; what is there already stays as it is, with all its parts.

    Raises:
        Refused: a row does not fit. The caller's transaction must not be committed.
    """
    belongings = {belonging.name: belonging for belonging in find_belongings(metadata)}
    unknown = set(rows) - set(belongings) - {FROZEN.name}
    if unknown:
        raise Refused(
            f"The export has {min(unknown)!r}, which this version does not know. Nothing was changed."
        )
    try:
        read = {name: [read_row(metadata.tables[name], row, SHAPES.get(name, {})) for row in found] for name, found in rows.items()}  # fmt: skip
        _check_frozen(read)
        brought = Brought()
        await _insert(db, FROZEN, read.get(FROZEN.name, []))
        there: dict[str, set[Any]] = {}
        for name, belonging in belongings.items():
            await _bring_table(db, actor, belonging, read.get(name, []), there, brought)
        await _assess_pending(context, db, brought, read)
        await documents.close_readings(db, actor)
    except Unreadable as error:
        raise Refused(f"The export cannot be used: {error}. Nothing was changed.") from error
    except IntegrityError as error:
        raise Refused("The export does not fit what is here already. Nothing was changed.") from error
    return brought


def _check_frozen(read: Mapping[str, list[Row]]) -> None:
    """Items are named by their content: one that is not what its name says would change what was asked."""
    for row in read.get(FROZEN.name, []):
        if content_hash(Item.model_validate(row["body"])) != row["hash"]:
            raise Unreadable(f"{FROZEN.name}: an item is not the one that was asked")
    missing = interviews.list_frozen(read.get(SessionRow.__tablename__, [])) - {
        row["hash"] for row in read.get(FROZEN.name, [])
    }
    if missing:
        raise Unreadable(f"{FROZEN.name}: an item that was asked is missing")


async def _bring_table(
    db: AsyncSession, actor: Actor, belonging: Belonging, rows: list[Row], there: dict[str, set[Any]],
    brought: Brought,
) -> None:  # fmt: skip
    """Insert the new rows of one table. `there` collects what was in the database before, for the parts of it."""
    table, key = belonging.table, belonging.key
    known = set(await db.scalars(select(key).where(key.in_({row[key.name] for row in rows}))))
    there[table.name] = known if belonging.owner is not None else set()
    fresh: list[Row] = []
    for row in rows:
        if belonging.owner is not None:
            if row[key.name] not in known:
                fresh.append({**row, belonging.owner.name: actor.user_id})
            continue
        parents = [(parent.name, row.get(column.name)) for column, parent in belonging.parents]
        if any(value in there[name] for name, value in parents):
            there[table.name].add(row[key.name])
        else:
            fresh.append(row)
    brought.added[table.name] = await _insert(db, table, fresh)
    brought.kept[table.name] = len(rows) - brought.added[table.name]


async def _insert(db: AsyncSession, table: Table, rows: list[Row]) -> int:
    build = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    before = await db.scalar(select(func.count()).select_from(table))
    for at in range(0, len(rows), CHUNK):
        await db.execute(build(table).values(rows[at : at + CHUNK]).on_conflict_do_nothing())
    return (await db.scalar(select(func.count()).select_from(table)) or 0) - (before or 0)


async def _assess_pending(
    context: Context, db: AsyncSession, brought: Brought, read: Mapping[str, list[Row]]
) -> None:
    """Answers whose judgement was under way when they were exported are judged here."""
    name = GradedAnswerRow.__tablename__
    if not brought.added.get(name):
        return
    for row in read.get(name, []):
        if row["state"] == "pending":
            await context.queue.enqueue(
                db, "grade_answer", key=f"{row['session_id']}:{row['question_id']}:{row['attempts']}:import",
                session_id=str(row["session_id"]), question_id=row["question_id"], attempt=str(row["attempts"]),
            )  # fmt: skip


async def erase(db: AsyncSession, actor: Actor) -> int:
    """Delete everything of the person, for good; gives the number of rows. The person and the settings stay."""
    erased = 0
    for belonging in reversed(find_belongings(metadata)):
        done = await db.execute(
            delete(belonging.table)
            .where(belonging.owned_by(actor.user_id, deleted=True))
            .returning(belonging.key)
        )
        erased += len(done.all())
    await tidy(db)
    await db.execute(delete(RequestKeyRow).where(RequestKeyRow.user_id == actor.user_id))
    if await db.scalar(select(SessionRow.id).limit(1)) is None:
        await db.execute(delete(FrozenItemRow))  # nobody's sessions need them any more
    return erased


async def count_sessions(db: AsyncSession, user_id: UUID) -> int:
    """How many sessions the person has."""
    return await db.scalar(select(func.count()).where(SessionRow.user_id == user_id)) or 0
