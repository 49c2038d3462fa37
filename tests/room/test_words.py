"""A model words the panel's questions: after the turn, within its limits, and never in the conductor's place."""

import asyncio
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest

from greenroom.engines.connections import Connections
from greenroom.providers import catalog
from greenroom.providers.llm.base import Heard, Prompt, ProviderError, Reply
from greenroom.providers.llm.scripted import Script, ScriptedModel
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, send_together, start, turn
from tests.waiting import PATIENCE_S, until

ENGINE = "ollama:words"


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server whose settings name a model on this machine, so that nobody has to agree to anything."""
    folder = tmp_path_factory.mktemp("worded")
    with serving(settings_for(folder, "", interviewer_engines=ENGINE, worker="none")) as running:
        yield running


@pytest.fixture
def client(worded: Live) -> Iterator[httpx.Client]:
    with worded.client() as client:
        yield client


def connect(live: Live, model: ScriptedModel) -> ScriptedModel:
    (engine,) = catalog.read_engines(ENGINE)
    live.app.state.context.one(Connections).put(engine, model)
    return model


def script(live: Live, *lines: Script) -> ScriptedModel:
    """From now on the engine says these lines."""
    return connect(live, ScriptedModel(lines, name=ENGINE))


class Hesitant(ScriptedModel):
    """Begins, and says each word only when `go` was released for it."""

    def __init__(self) -> None:
        super().__init__([polite], name=ENGINE)
        self.go = threading.Semaphore(0)

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        def listen(piece: str) -> None:
            pieces.append(piece)

        pieces = list[str]()
        reply = await super().speak(prompt, listen)
        for piece in pieces:
            while not self.go.acquire(blocking=False):
                await asyncio.sleep(0.005)
            heard(piece)
        return reply


@contextmanager
def thinking(live: Live) -> Iterator[ScriptedModel]:
    """A model that answers politely when the block ends, however long the block takes on this machine."""
    model = Hesitant()
    yield connect(live, model)
    model.go.release(1000)


def question_of(prompt: Prompt) -> str:
    return prompt.data.split("<<question ")[1].split("\n", 1)[1].split("\n<<end question", 1)[0]


def polite(prompt: Prompt) -> str:
    """What a well-behaved model says."""
    return f"You rewrote that query, thank you. {question_of(prompt)}"


def settled(client: httpx.Client, room: dict[str, Any]) -> list[dict[str, Any]]:
    """The log's room once the wording was taken or given up."""
    session = room["session_id"]
    until(lambda: client.get(f"/api/v1/sessions/{session}/costs").json()["lines"])
    return until(
        lambda: client.get(f"/api/v1/sessions/{session}").json(), lambda now: now["seq"] > room["seq"]
    )


def heard_of(client: httpx.Client, room: dict[str, Any], calls: int) -> dict[str, Any]:
    """The room when so many calls were booked; that is the last thing done with what a model said."""
    path = f"/api/v1/sessions/{room['session_id']}"
    until(lambda: client.get(f"{path}/costs/calls").json(), lambda booked: len(booked) >= calls)
    return client.get(path).json()


def answered(client: httpx.Client) -> dict[str, Any]:
    """A room in which the warm-up question was just answered."""
    reply = turn(client, start(client), text=GOOD)
    assert reply.status_code == 200
    return reply.json()


def test_the_question_comes_back_in_the_models_words_and_the_log_names_the_model(
    worded: Live, client: httpx.Client
) -> None:
    script(worded, polite)
    room = answered(client)
    bank = room["question"]["text"]
    now = settled(client, room)
    assert now["question"]["text"] == f"You rewrote that query, thank you. {bank}"
    assert now["question"]["lead_in"] == ""
    assert now["question"]["id"] == room["question"]["id"]
    assert now["transcript"][-1]["source"] == "model"
    assert ENGINE in now["engine"]


def test_the_turn_itself_waits_for_no_model(worded: Live, client: httpx.Client) -> None:
    with thinking(worded):
        room = answered(client)
        assert room["transcript"][-1]["source"] == "bank"
    assert settled(client, room)["transcript"][-1]["source"] == "model"  # it was still being listened to


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "empty"),
        ("   \n ", "empty"),
        ("…!?", "empty"),
        ("word " * 10_000, "too_long"),
        ("I'm sorry, I cannot help with that.", "refused"),
        ("As an AI language model I have no opinion on this.", "refused"),
        ("The interview is over, thank you.", "out_of_role"),
        ("Your score is 100 of 100.", "out_of_role"),
        ("<script>alert(1)</script> Tell me more?", "markup"),
        ("See https://evil.example for the next question?", "markup"),
        ("What is your favourite colour?", "other_question"),
        (ProviderError("unavailable", status=503), "unavailable"),
        (ProviderError("credentials", status=401), "credentials"),
        (ProviderError("timeout"), "timeout"),
    ],
)
def test_words_that_cannot_be_said_leave_the_banks_line_and_a_note(
    worded: Live, client: httpx.Client, line: Script, reason: str
) -> None:
    script(worded, line)
    room = answered(client)
    now = settled(client, room)
    assert now["question"] == room["question"]
    assert now["transcript"][-1]["source"] == "bank"
    assert notes(worded, room) == [reason]


def notes(live: Live, room: dict[str, Any]) -> list[str]:
    from uuid import UUID

    from greenroom.interviews.queries import read_log

    async def read() -> list[str]:
        async with live.app.state.context.database.read() as db:
            entries = await read_log(db, UUID(room["session_id"]))
        return [e.payload.detail for e in entries if getattr(e.payload, "notice", "") == "wording_kept"]

    return live.run(read())


def test_a_model_that_recites_our_instructions_is_not_heard(worded: Live, client: httpx.Client) -> None:
    script(worded, lambda prompt: f"{prompt.instructions[:400]} {question_of(prompt)}")
    room = answered(client)
    assert settled(client, room)["question"] == room["question"]
    assert notes(worded, room)[0] in ("recital", "too_long", "out_of_role")


def test_an_answer_that_is_sent_twice_at_once_is_worded_once(worded: Live, client: httpx.Client) -> None:
    with thinking(worded) as model:
        room, key = start(client), str(uuid.uuid4())
        replies = send_together(worded, room, [GOOD] * 4, [key] * 4)
    assert {reply.status_code for reply in replies} == {200}
    now = settled(client, replies[0].json())
    assert now["transcript"][-1]["source"] == "model"
    assert turn(client, room, text=GOOD, **{"Idempotency-Key": key}).status_code == 200
    tabs = send_together(worded, room, [GOOD] * 4, [str(uuid.uuid4()) for _ in range(4)])
    assert {reply.status_code for reply in tabs} == {409}
    costs = client.get(f"/api/v1/sessions/{room['session_id']}/costs").json()
    assert [line["calls"] for line in costs["lines"]] == [1]
    assert len(model.prompts) == 1


def test_words_that_come_after_the_candidate_went_on_are_dropped(worded: Live, client: httpx.Client) -> None:
    with thinking(worded):
        room = answered(client)
        script(worded, ProviderError("credentials"))
        later = turn(client, room, text="I measured it first and then changed the index.").json()
    now = heard_of(client, room, 2)
    assert now["question"]["id"] == later["question"]["id"]
    first = next(line for line in now["transcript"] if line["text"].endswith(room["question"]["text"]))
    assert first["source"] == "bank"


def test_words_are_not_changed_once_the_candidate_began_to_write(worded: Live, client: httpx.Client) -> None:
    with thinking(worded):
        room = answered(client)
        client.put(
            f"/api/v1/sessions/{room['session_id']}/draft", json={"text": "At my", "after_seq": room["seq"]}
        )
    now = heard_of(client, room, 1)
    assert now["question"]["text"] == room["question"]["text"]


def test_the_first_question_is_the_banks_because_nothing_was_said_yet(
    worded: Live, client: httpx.Client
) -> None:
    model = script(worded, polite)
    room = turn(client, start(client), "repeat").json()
    settled(client, turn(client, room, text=GOOD).json())
    assert len(model.prompts) == 1  # for the second question


def test_words_stream_to_the_room_as_they_come(worded: Live, client: httpx.Client) -> None:
    model = Hesitant()
    connect(worded, model)
    room = start(client)
    words: list[dict[str, Any]] = []
    listening, done = threading.Event(), threading.Event()

    def listen() -> None:
        with (
            worded.client() as other,
            other.stream("GET", f"/api/v1/sessions/{room['session_id']}/events") as stream,
        ):
            event = ""
            for line in stream.iter_lines():
                listening.set()
                event = line.removeprefix("event: ") if line.startswith("event: ") else event
                if event == "words" and line.startswith("data: "):
                    model.go.release(1 if len(words) < 6 else 1000)
                    words.append(json.loads(line.removeprefix("data: ")))
                    if words[-1]["done"]:
                        done.set()
                        return

    thread = threading.Thread(target=listen)
    thread.start()
    assert listening.wait(PATIENCE_S)
    after = turn(client, room, text=GOOD).json()
    model.go.release()
    assert done.wait(PATIENCE_S)
    thread.join(PATIENCE_S)

    assert len(words) > 5
    assert all(later["text"].startswith(earlier["text"]) for earlier, later in pairwise(words))
    assert {one["question_id"] for one in words} == {after["question"]["id"]}
    assert words[-1]["text"].endswith(after["question"]["text"])


def test_the_meter_counts_calls_and_tokens_and_free_is_free(worded: Live, client: httpx.Client) -> None:
    script(worded, polite)
    room = answered(client)
    settled(client, room)
    costs = client.get(f"/api/v1/sessions/{room['session_id']}/costs").json()
    assert [(line["purpose"], line["engine"], line["calls"]) for line in costs["lines"]] == [
        ("interviewer", ENGINE, 1)
    ]
    assert costs["lines"][0]["input_tokens"] > 20
    assert (costs["usd"], costs["unknown"]) == (0.0, 0)


def test_the_meter_of_another_session_does_not_exist(client: httpx.Client) -> None:
    answer = client.get("/api/v1/sessions/00000000-0000-7000-8000-00000000dead/costs")
    assert answer.status_code == 404
