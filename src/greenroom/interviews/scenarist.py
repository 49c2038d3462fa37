"""A model that reads an own description, for those who agreed to send it; the fixed rules stand whenever it fails."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import structlog

from greenroom.accounts.requests import was_made
from greenroom.accounts.service import Actor
from greenroom.documents import hidden
from greenroom.engines import service as engines
from greenroom.interviews import description
from greenroom.interviews.schemas import LEAST_DESCRIBED, InterviewCreate
from greenroom.interviews.staging import INTERESTS, PERSONAS, Checks, SceneSaid, make_scene
from greenroom.kit.prompts import fill
from greenroom.kit.web import Context
from greenroom.library import catalog
from greenroom.library.contents import Library
from greenroom.library.scenes import Scene
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError

PROMPT = Path(__file__).parent / "prompts" / "scene.v1.md"
TRIES = 2
KEPT_S = 30
FAULTS = {
    "timeout": "did not answer in time",
    "refused": "refused",
    "invalid_output": "gave nothing of the form that was asked for",
    "credentials": "was refused by its vendor, because of the key",
    "quota": "has no credit left with its vendor",
    "unfit": "named no point that stands in your words, twice",
    "nothing": "was not asked: without the parts that speak to machines, too little is left of it",
}
log = structlog.get_logger()


@dataclass(frozen=True)
class SceneRead:
    """An own description as it was read, and the calls to models that this took."""

    scene: Scene
    calls: tuple[UUID, ...] = ()


Mark = tuple[UUID, str, str]
Task = asyncio.Task[SceneRead | None]


@dataclass
class Readings:
    """Readings of this process by person, key and description: a form that is sent twice at once is read once."""

    under_way: dict[Mark, Task] = field(default_factory=dict[Mark, Task])


async def read_own(
    context: Context, actor: Actor, spec: InterviewCreate, key: str | None
) -> SceneRead | None:
    """The scene of an own description as a model reads it, or as the fixed rules do with a note why the model did not.
    None when no model is to be asked: another scenario, nobody agreed to, or a request that was answered before.

    Call it before a writing transaction has begun: it may take eight seconds, and books what it costs.
    """
    if spec.scenario != "own":
        return None
    if not key:
        return await _read(context, actor, spec, key)
    under_way = context.one(Readings).under_way
    mark = (actor.user_id, key, spec.model_dump_json())
    if mark not in under_way:
        under_way[mark] = asyncio.create_task(_read(context, actor, spec, key))
        under_way[mark].add_done_callback(lambda _: _let_go(under_way, mark))
    return await asyncio.shield(under_way[mark])


def _let_go(under_way: dict[Mark, Task], mark: Mark) -> None:
    """Forget a failed reading at once, and a good one when the interview it was for must have been stored."""
    reading = under_way[mark]
    failed = reading.cancelled() or reading.exception() is not None
    asyncio.get_running_loop().call_later(0 if failed else KEPT_S, under_way.pop, mark, None)


async def _read(context: Context, actor: Actor, spec: InterviewCreate, key: str | None) -> SceneRead | None:
    ends = time.monotonic() + engines.DEADLINES_S["interviewer"]
    async with context.database.read() as db:
        agreed = await engines.list_agreed(context, db, "interviewer", spec.send_answers_to)
        if not agreed or await was_made(db, actor, key):
            return None
    assigned = await engines.assign(context, "interviewer", None, spec.send_answers_to, later=True)
    if assigned is None:
        return SceneRead(read_by_rules(spec.description, catalog.load(), "unavailable"))
    try:
        scene = await _read_in_time(assigned.model, spec.description, ends)
    finally:
        await assigned.book.close()
    return SceneRead(scene, tuple(assigned.book.written))


async def _read_in_time(model: LanguageModel, text: str, ends: float) -> Scene:
    try:
        async with asyncio.timeout(max(0.0, ends - time.monotonic())):
            return await read_by_model(model, text, catalog.load())
    except TimeoutError:
        fault = "timeout"
    except UnfitSceneError as error:
        fault = error.fault
    except ProviderError as error:
        fault = error.kind
    log.info("scene.by_rules", fault=fault)
    return read_by_rules(text, catalog.load(), fault)


class UnfitSceneError(Exception):
    """No scene came of it; `fault` is a key of FAULTS."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


async def read_by_model(model: LanguageModel, text: str, library: Library) -> Scene:
    """The scene that a model reads out of a description; it is asked once more when nothing of it stands there.

    Raises:
        UnfitSceneError: nothing stands there again, or there is too little to read.
        ProviderError: the model gave nothing.
    """
    cleaned, _ = hidden.clean(text)
    shown = hidden.mask(cleaned, hidden.find_commands(cleaned))
    if len(shown.split()) < LEAST_DESCRIBED:
        raise UnfitSceneError("nothing")
    protected = catalog.read_rules().questions.values()
    for attempt in range(TRIES):
        filled = fill(
            PROMPT,
            interests=INTERESTS.items(),
            personas=PERSONAS.items(),
            again=attempt > 0,
            description=shown,
        )
        prompt = Prompt(
            filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens
        )
        reply = await model.ask(prompt, SceneSaid)
        checks = Checks(filled.instructions, protected)
        scene = make_scene(reply.output, text, shown, library.described, checks, reply.engine)
        if scene is not None:
            return scene
    raise UnfitSceneError("unfit")


def read_by_rules(text: str, library: Library, fault: str) -> Scene:
    """The scene that the fixed rules read, with a note that a model was to do it."""
    scene = description.read(text, library.described, library.nouns)
    note = f"A model that you agreed to {FAULTS.get(fault, 'could not be had')}; the fixed rules did the reading."
    return scene.model_copy(update={"notes": [*scene.notes, note]})
