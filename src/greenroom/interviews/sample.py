"""The three-minute sample: a finished session with answers written by us, played through the real conductor.

Nothing in it is special but the answers and the clock, which runs as if the conversation had just ended.
"""

from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.interviews import log, short
from greenroom.interviews.models import InterviewRow, SessionRow
from greenroom.interviews.queries import find_session, plan_of
from greenroom.interviews.ribbon import READING_WORDS_PER_S
from greenroom.interviews.schemas import InterviewCreate
from greenroom.interviews.service import create_interview, open_session
from greenroom.interviews.sessions import Running, conduct
from greenroom.kit.web import Context
from greenroom.library import catalog

MINUTES = 5
SEED = 5  # the panel's wording is the same for everyone
SPEAKING_WORDS_PER_S = 2.6  # about 155 words a minute
THINKING_S = 3.0


class Answered(BaseModel):
    """One question of the sample: the bank item, and what is said to it and to its follow-ups."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    turns: list[str] = Field(min_length=1)


class Script(BaseModel):
    """The whole sample."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spec: InterviewCreate
    questions: list[Answered]


@lru_cache(maxsize=1)
def load() -> Script:
    """The sample as it is written in the package."""
    text = (files("greenroom.interviews") / "sample.yaml").read_text(encoding="utf-8")
    return Script.model_validate(yaml.safe_load(text))


async def create_sample(
    context: Context, db: AsyncSession, actor: Actor, key: str | None = None
) -> SessionRow:
    """A finished sample session; its answers are judged by the same jobs as everybody's.

    Raises:
        KeyReused: the key was used for another request.
    """
    script = load()

    async def make(new_id: UUID) -> None:
        interview = await create_interview(context, db, actor, script.spec.model_copy(update={"seed": SEED}))
        running = await _begin(context, db, new_id, interview, script)
        await _play(context, db, running, script)

    made = await once(db, actor, key, "sample", context.clock(), make)
    return await find_session(db, actor, made)


async def _begin(
    context: Context, db: AsyncSession, new_id: UUID, interview: InterviewRow, script: Script
) -> Running:
    library = catalog.load()
    whole = plan_of(interview)
    chosen = [
        short.Chosen(
            library.items[question.item], library.hashes[question.item],
            whole.panel[n % len(whole.panel)].slug, library.items[question.item].competency,
        )
        for n, question in enumerate(script.questions)
    ]  # fmt: skip
    plan = short.build(whole, chosen, library, minutes=MINUTES)
    begun = context.clock() - timedelta(minutes=MINUTES)
    return await open_session(db, new_id, interview, plan, begun, name=interview.name, kind="sample")


async def _play(context: Context, db: AsyncSession, running: Running, script: Script) -> None:
    """Answer until the panel says goodbye, in the time that speaking takes; what has no reply is passed."""
    said = {question.item: list(question.turns) for question in script.questions}
    now = running.row.started_at
    while not running.state.ended:
        root, current = running.state.root, running.state.current
        if root is None or current is None:
            raise RuntimeError("the sample's panel waits for nothing")
        left = said.get(root.item_id or "", [])
        event = log.Event(kind="answer", text=left.pop(0)) if left else log.Event(kind="skip")
        asked_s = len(f"{current.lead_in} {current.text}".split()) / READING_WORDS_PER_S
        spent = asked_s + THINKING_S + len(event.text.split()) / SPEAKING_WORDS_PER_S
        now += timedelta(seconds=spent)
        thinking_ms = round((asked_s + THINKING_S) * 1000)
        await conduct(context, db, running, event.model_copy(update={"thinking_ms": thinking_ms}), now)
