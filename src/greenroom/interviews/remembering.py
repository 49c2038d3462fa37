"""Answers that are left behind, told to the memory of those who want one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from greenroom.accounts.service import Actor
from greenroom.answers.schemas import Observation
from greenroom.interviews.models import SessionRow
from greenroom.interviews.queries import read_item, read_log, sessions_visible_to
from greenroom.interviews.replay import Root, replay
from greenroom.kit.web import Context
from greenroom.library.schemas import Item
from greenroom.memory import service as memory
from greenroom.memory.schemas import Lack

LEAST_WORDS = 25
"""A shorter story lacks more than one thing; none of them is worth a reminder."""


def find_lack(item: Item, seen: Observation | None) -> Lack:
    """The first thing a story had not: the own part, how it ended, or a number for that. "" for other answers."""
    if item.structure != "star" or seen is None or seen.validity != "ok" or seen.words < LEAST_WORDS:
        return ""
    heard = {found.part for found in seen.parts}
    if "action" not in heard:
        return "own_part"
    if "result" not in heard:
        return "result"
    return "" if seen.measures else "number"


async def remember(context: Context, session_id: UUID, question_id: str | None = None) -> None:
    """Tell the memory of one answer, or of all answers of a session that were left behind. A sample's are ours."""
    async with context.database.read() as db:
        row = await db.get(SessionRow, session_id)
        if row is None or row.kind == "sample" or row.deleted_at is not None:
            return
        if not await memory.is_on(db, row.user_id):
            return
        state = replay(await read_log(db, session_id))
        open_id = state.current.root_id if state.current else None
        roots = [r for r in state.core if r.scored and r.turns and r.item_hash and r.id != open_id]
        chosen = [root for root in roots if question_id in (None, root.id)]
        items = {root.id: await read_item(db, str(root.item_hash)) for root in chosen}
        at = row.started_at
    told = [_tell(session_id, root, items[root.id], at) for root in chosen]
    await memory.keep(context, row.user_id, told)


def _tell(session_id: UUID, root: Root, item: Item, at: datetime) -> memory.Told:
    answer = "\n".join(_unique(turn.text for turn in root.turns))
    lack = find_lack(item, root.observation)
    return memory.Told(session_id, root.id, root.competency or "", root.text, answer, lack, at)


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


async def remember_all(context: Context, user_id: UUID) -> None:
    """Tell the memory of every session so far."""
    async with context.database.read() as db:
        visible = sessions_visible_to(Actor(user_id)).with_only_columns(SessionRow.id).order_by(SessionRow.id)
        ids = list(await db.scalars(select(visible.subquery().c.id)))
    for session_id in ids:
        await remember(context, session_id)
