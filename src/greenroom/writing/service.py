"""Ordering questions, stopping an order, and keeping what the person has looked at."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog
import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.engines import service as engines
from greenroom.interviews import bank, own_items
from greenroom.interviews.own_items import OwnItem, OwnItemsCreate
from greenroom.kit.errors import Invalid, NotFound, Problem
from greenroom.kit.prompts import fill
from greenroom.kit.web import Context
from greenroom.library import catalog
from greenroom.library.schemas import Item
from greenroom.providers import catalog as vendors
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError
from greenroom.writing.models import WritingRow
from greenroom.writing.schemas import Dropped, Kind, Writing, WritingCreate
from greenroom.writing.shaping import QuestionSaid, make_item

PROMPT = Path(__file__).parent / "prompts" / "question.v1.md"
OPEN = ("waiting", "writing")
TRIES = 2
MEANINGS: dict[Kind, str] = {
    "behavioral": "it asks for something the candidate once did, and how it ended.",
    "situational": "it describes a situation and asks what the candidate would do.",
    "technical": "it asks for knowledge of the position, with a right answer that can be checked.",
}
FAULTS = {
    "timeout": "The model did not answer in time.",
    "credentials": "The model's vendor refused the key.",
    "refused": "The model refused.",
    "quota": "The account of the model's vendor has no credit left.",
}
GAVE_UP = "Writing failed on our side. What was written until then is here."
log = structlog.get_logger()


class NoWriter(Problem):
    status = 409
    slug = "no-writer"
    title = "No model is set up to write questions"


class NotReady(Problem):
    status = 409
    slug = "not-ready"
    title = "These questions are not ready to be kept"


async def order(
    context: Context, db: AsyncSession, actor: Actor, wanted: WritingCreate, key: str | None = None
) -> WritingRow:
    """Begin to write questions in the background; the same key again gives the same order.

    Raises:
        NoWriter: no model does research here, or none that may be sent the topic.
        KeyReused: the key came with another order.
    """
    known = await engines.list_engines(context, db, "research")
    usable = [e for e in known if vendors.is_local(e) or vendors.recipient_of(e) in wanted.send_to]
    if not usable:
        raise NoWriter(
            "Connect one for research on the page Models, and tick who may get the topic. Nothing was sent."
        )

    async def make(new_id: UUID) -> None:
        db.add(
            WritingRow(
                id=new_id, user_id=actor.user_id, state="waiting", problem="", engine=usable[0].name,
                wanted=wanted.model_dump(mode="json"), done=0, drafts=[], dropped=[], created_at=context.clock(),
                finished_at=None,
            )
        )  # fmt: skip
        await db.flush()
        await context.queue.enqueue(db, "write_questions", key=str(new_id), id=str(new_id))

    made = await once(db, actor, key, f"writing:{wanted.model_dump_json()}", context.clock(), make)
    return await find(db, actor, made)


async def find(db: AsyncSession, actor: Actor, writing_id: UUID, *, lock: bool = False) -> WritingRow:
    """One order.

    Raises:
        NotFound: there is none with this id for the actor.
    """
    query = select(WritingRow).where(WritingRow.id == writing_id, WritingRow.user_id == actor.user_id)
    row = await db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("There is no such order of questions.")
    return row


async def list_orders(db: AsyncSession, actor: Actor) -> list[Writing]:
    """The actor's last orders, newest first."""
    query = select(WritingRow).where(WritingRow.user_id == actor.user_id).order_by(WritingRow.id.desc())
    return [present(row) for row in await db.scalars(query.limit(20))]


def present(row: WritingRow) -> Writing:
    """The order as it is shown."""
    return Writing.model_validate(row, from_attributes=True)


async def cancel(db: AsyncSession, actor: Actor, writing_id: UUID) -> None:
    """Stop it; what was written until now can still be kept."""
    row = await find(db, actor, writing_id, lock=True)
    if row.state in OPEN:
        row.state = "ready" if row.drafts else "cancelled"


async def remove(db: AsyncSession, actor: Actor, writing_id: UUID) -> None:
    """Forget the order and its drafts; what was kept stays in the bank."""
    await db.delete(await find(db, actor, writing_id))


async def keep(
    context: Context, db: AsyncSession, actor: Actor, writing_id: UUID, chosen: Sequence[str]
) -> list[OwnItem]:
    """Put the chosen drafts into the bank; the same choice again gives the same questions.

    Raises:
        NotReady: it is still being written.
        Invalid: a chosen id is none of the drafts, or a check of the bank fails by now.
    """
    row = await find(db, actor, writing_id, lock=True)
    if row.state not in ("ready", "kept", "failed"):
        raise NotReady("Wait until they are written, or stop the order first.")
    drafts = {item.id: item for item in present(row).drafts}
    if not chosen or any(item_id not in drafts for item_id in chosen):
        raise Invalid("Choose at least one of the drafts, by its id. Nothing was kept.")
    rows = [
        drafts[item_id].model_dump(mode="json", by_alias=True, exclude_defaults=True) for item_id in chosen
    ]
    choice = hashlib.sha256(" ".join(chosen).encode()).hexdigest()[:16]
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)
    kept = await own_items.add_items(
        context, db, actor, OwnItemsCreate(text=text, name=f"{row.id.hex}.yaml"), key=f"{row.id}:{choice}"
    )
    row.state = "kept"
    return kept


async def write(context: Context, writing_id: UUID) -> None:
    """Write an order's questions one by one; after a crash it goes on where it was. A question that fails the bank's
    checks is asked for once more with what was wrong, and dropped if that does not help."""
    while True:
        async with context.database.write() as db:
            row = await db.get(WritingRow, writing_id)
            if row is None or row.state not in OPEN:
                return
            wanted = WritingCreate.model_validate(row.wanted)
            written = present(row)
            if row.done >= wanted.count:
                row.state, row.finished_at = "ready" if row.drafts else "failed", context.clock()
                row.problem = row.problem or (
                    "" if row.drafts else "No question passed the checks of the bank."
                )
                return
            row.state = "writing"
        assigned = await engines.assign(context, "research", None, wanted.send_to)
        if assigned is None:
            await _end(context, writing_id, "No model is set up to write questions any more.")
            return
        try:
            item, dropped = await _write_one(assigned.model, wanted, writing_id, written)
        except ProviderError as error:
            await _end(context, writing_id, FAULTS.get(error.kind, "The model could not be had."))
            return
        await _note(context, writing_id, written.done, item, dropped)


async def _write_one(
    model: LanguageModel, wanted: WritingCreate, writing_id: UUID, written: Writing
) -> tuple[Item | None, Dropped | None]:
    """A question that passes the bank's checks, or the last one with what is wrong with it."""
    library = catalog.load()
    role = library.find_role(wanted.role).role
    item_id = f"own.w{writing_id.hex[-12:]}.{written.done + 1:03}"
    others = [item.prompt for item in written.drafts] + [found.prompt for found in written.dropped]
    wrong: list[str] = []
    prompt_said = ""
    for _ in range(TRIES):
        filled = fill(
            PROMPT, position=role.title, level=wanted.level, kind=wanted.type, meaning=MEANINGS[wanted.type],
            wrong=wrong, others=others or ["(none yet)"], topic=wanted.topic,
        )  # fmt: skip
        prompt = Prompt(
            filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens
        )
        try:
            said = (await model.ask(prompt, QuestionSaid)).output
        except ProviderError as error:
            if error.kind != "invalid_output":
                raise
            wrong = ["it did not fit the schema"]
            continue
        prompt_said = said.prompt
        item, wrong = make_item(said, item_id, wanted.type, wanted.level, role.slug)
        if item is not None:
            found = await asyncio.to_thread(bank.check_new, [*written.drafts, item])
            wrong = [violation.message for violation in found if violation.item == item_id]
            if not wrong:
                return item, None
    return None, Dropped(prompt=" ".join(prompt_said.split())[:300], reasons=wrong[:6])


async def _note(
    context: Context, writing_id: UUID, done: int, item: Item | None, dropped: Dropped | None
) -> None:
    """Keep what was written, once: a step that was done twice adds nothing."""
    async with context.database.write() as db:
        row = await db.get(WritingRow, writing_id)
        if row is None or row.state not in OPEN or row.done != done:
            return
        row.done = done + 1
        if item is not None:
            row.drafts = [*row.drafts, item.model_dump(mode="json", by_alias=True, exclude_defaults=True)]
        if dropped is not None:
            row.dropped = [*row.dropped, dropped.model_dump(mode="json")]


async def _end(context: Context, writing_id: UUID, problem: str) -> None:
    """What was written until now can still be kept."""
    async with context.database.write() as db:
        row = await db.get(WritingRow, writing_id)
        if row is not None and row.state in OPEN:
            row.state, row.problem, row.finished_at = "failed", problem, context.clock()
    log.info("writing.ended", id=str(writing_id))


async def give_up(context: Context, writing_id: UUID) -> None:
    """All attempts of the job failed."""
    await _end(context, writing_id, GAVE_UP)
