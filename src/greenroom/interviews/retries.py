"""Asking some questions of a session again: a short session with the same frozen items and the same people."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.interviews import short
from greenroom.interviews.errors import NothingToRetry
from greenroom.interviews.models import SessionRow
from greenroom.interviews.queries import find_interview, find_session, plan_of, read_item, read_log
from greenroom.interviews.replay import Root, replay
from greenroom.interviews.service import open_session
from greenroom.kit.errors import NotFound
from greenroom.kit.web import Context
from greenroom.library import catalog


async def start_retry(
    context: Context,
    db: AsyncSession,
    actor: Actor,
    session_id: UUID,
    question_ids: Sequence[str],
    key: str | None = None,
) -> SessionRow:
    """Begin a short session that asks exactly these questions again, in the words of the bank.

    A retry of a retry belongs to the first session, so every difference is one to the first answer.

    Raises:
        NotFound: no such session, or no such question in it.
        NothingToRetry: no question is named, or one of them is still open.
        KeyReused: the key was used for another request.
    """
    session = await find_session(db, actor, session_id)
    state = replay(await read_log(db, session_id))
    open_id = state.current.root_id if state.current else None
    roots = [find_question(state.core, question_id) for question_id in dict.fromkeys(question_ids)]
    if not roots or any(root.id == open_id for root in roots):
        raise NothingToRetry(
            "Answer the question first, or end the interview; then it can be practised again."
        )

    async def make(new_id: UUID) -> None:
        interview = await find_interview(db, actor, session.interview_id)
        chosen = [
            short.Chosen(await read_item(db, root.item_hash), root.item_hash, root.persona, root.competency)
            for root in roots
            if root.item_hash and root.competency
        ]
        plan = short.build(plan_of(session), chosen, catalog.load())
        first = session.of_session_id or session.id
        await open_session(
            db, new_id, interview, plan, context.clock(),
            name=session.name, kind="retry", of_session_id=first,
        )  # fmt: skip

    wanted = ",".join(root.id for root in roots)
    made = await once(db, actor, key, f"retry:{session_id}:{wanted}", context.clock(), make)
    return await find_session(db, actor, made)


def find_question(core: Sequence[Root], question_id: str) -> Root:
    """The scored question with this id.

    Raises:
        NotFound: the session has none.
    """
    found = next((root for root in core if root.id == question_id and root.scored and root.item_hash), None)
    if found is None:
        raise NotFound("There is no such question in this session.")
    return found
