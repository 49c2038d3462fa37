"""A real model on a real wire: whatever noise it says, every agent gives a typed object or the built-in goes on."""

import importlib.util
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel

from greenroom.advice.coach import RewriteSaid
from greenroom.advice.recap import RecapSaid
from greenroom.analyses.reading import ReadingSaid
from greenroom.documents.findings import Study
from greenroom.grading.model import Verdict
from greenroom.interviews import log
from greenroom.interviews.agents import Suggestion
from greenroom.interviews.queries import read_log
from greenroom.interviews.staging import SceneSaid
from greenroom.providers.llm.base import PURPOSES
from greenroom.writing.shaping import QuestionSaid
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, start, turn

pytestmark = pytest.mark.wire
COMMAND = "uv run --group wire pytest -m wire tests/wire"
AGENTS: dict[str, type[BaseModel]] = {
    "follow_up.v1": Suggestion,
    "answer.v1": Verdict,
    "rewrite.v1": RewriteSaid,
    "recap.v1": RecapSaid,
    "transcript.v1": ReadingSaid,
    "scene.v1": SceneSaid,
    "question.v1": QuestionSaid,
    "company.v1": Study,
}
"""Prompts, as the book of calls names them, and what their agents want."""
VAGUE = (
    "In my last job we moved the billing service to a new database. We planned it together and we tested it in "
    "the evenings, and I wrote the script that copied the old invoices. The rest of the team looked after the servers. "
    "It went well and everybody was happy with how the new system worked afterwards."
)
DESCRIPTION = (
    "On Thursday I meet the owners of our house. The old boiler in the cellar must go this winter, and Mrs Karimi from "
    "the first floor says that 40,000 is too much. Our caretaker has to keep it running until then."
)


@pytest.fixture(scope="module")
def tiny() -> Iterator[str]:
    """The address of the model's server, which runs in a process of its own."""
    if not all(importlib.util.find_spec(name) for name in ("llama_cpp", "gguf")):
        pytest.skip(
            f"the tiny model is not installed; it is compiled once, for a quarter of an hour: {COMMAND}"
        )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.wire.server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "the server did not start"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def wired(tiny: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(settings_for(tmp_path_factory.mktemp("wired"), "")) as running:
        yield running


def until(look: Callable[[], dict[str, Any]], done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    ends = time.monotonic() + 180
    while not done(found := look()):
        assert time.monotonic() < ends, found
        time.sleep(0.05)
    return found


def said_last(live: Live, session: str) -> log.AnyPayload:
    async def read() -> log.AnyPayload:
        async with live.app.state.context.database.read() as db:
            return (await read_log(db, UUID(session)))[-1].payload

    return live.run(read())


def answer_all(live: Live, client: httpx.Client) -> str:
    """An interview to its end, each answer after the model has said what it had to say to the one before."""
    room = start(client, type="behavioral", minutes=15, seed=7)
    session = room["session_id"]
    for n in range(40):
        if room["state"] == "ended":
            return session
        kind = "question" if "question" in room["moves"] else "answer"
        words = "What would I do in the first month?" if kind == "question" else (VAGUE, GOOD)[n % 2]
        reply = turn(client, room, kind, words)
        assert reply.status_code == 200, reply.text
        asked = reply.json()["question"]
        if kind == "answer" and asked and reply.json()["state"] != "ended":
            settle(live, session)
        room = client.get(f"/api/v1/sessions/{session}").json()
        assert room["state"] == "ended" or room["question"]["text"].strip()
    raise AssertionError("the interview did not end")


def settle(live: Live, session: str) -> None:
    """Until a model's words, or a note why there are none, are the last thing in the log; not all lines get any."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        last = said_last(live, session)
        if isinstance(last, log.WordingReplaced) or (
            isinstance(last, log.Noticed) and last.notice == "wording_kept"
        ):
            return
        if isinstance(last, log.PanelSaid) and last.purpose not in ("question", "follow_up"):
            return
        time.sleep(0.05)
    raise AssertionError("the model was waited for longer than its deadline")


def walk(live: Live, client: httpx.Client, mark: str) -> None:
    """Everything that asks a model, over HTTP; whatever it says, no answer is an error."""
    for _ in range(4):
        own = {"scenario": "own", "description": DESCRIPTION, "minutes": 30, "panel": 3}
        assert client.post("/api/v1/interviews", json=own).status_code == 201
    session = answer_all(live, client)
    address = f"/api/v1/sessions/{session}"
    scores = until(
        lambda: {"all": client.get(f"{address}/scores").json()},
        lambda found: all(score["state"] not in ("pending", "grading") for score in found["all"]),
    )["all"]
    assert scores
    for score in scores:
        place = f"{address}/questions/{score['question_id']}/rewrite"
        assert client.post(place).status_code < 300
        rewrite = until(lambda place=place: client.get(place).json(), lambda found: found["state"] == "done")
        assert rewrite["lines"]
    assert client.post(f"{address}/recap").status_code < 300
    until(lambda: client.get(f"{address}/recap").json(), lambda found: bool(found["at"]))
    assert client.get(f"/sessions/{session}/report").status_code == 200
    for n in range(4):
        made = client.post("/api/v1/analyses", json={"text": f"Ana: How did it go?\nBo: {VAGUE} {n}"}).json()
        read = until(
            lambda made=made: client.get(f"/api/v1/analyses/{made['id']}").json(),
            lambda found: found["state"] in ("ready", "failed"),
        )
        assert read["state"] == "ready"
    order = client.post("/api/v1/question-writings", json={"topic": "Handing over shifts", "count": 1}).json()
    written = until(
        lambda: client.get(f"/api/v1/question-writings/{order['id']}").json(),
        lambda found: found["state"] in ("ready", "failed"),
    )
    assert written["problem"] in (
        "",
        "No question passed the checks of the bank.",
        "The model did not answer in time.",
    )
    for n in range(4):
        company = {
            "name": f"Saltmarsh {mark} {n}",
            "notes": "A water utility.",
            "pages": f"{DESCRIPTION} {GOOD}",
        }
        place = f"/api/v1/companies/{client.post('/api/v1/companies', json=company).json()['id']}/research"
        assert client.post(place, json={}).status_code < 300
        until(
            lambda place=place: client.get(place).json(),
            lambda found: found["state"] not in ("waiting", "reading", "working"),
        )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("structured", ["native", "tool"])
def test_every_agent_gets_a_typed_object_or_the_built_in_goes_on(
    tiny: str, wired: Live, structured: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with wired.client() as client:
        engine = {
            "vendor": "compatible", "model": "tiny", "address": f"{tiny}/v1", "structured": structured,
            "purposes": list(PURPOSES[:4]),
        }  # fmt: skip
        made = client.post("/api/v1/engines", json=engine).json()
        trial = client.post(f"/api/v1/engines/{made['id']}/trials").json()
        assert trial["problem"] in ("", "invalid_output")
        before = len(httpx.get(f"{tiny}/asked").json())
        known = {call["id"] for call in client.get("/api/v1/engines/calls", params={"limit": 200}).json()}
        walk(wired, client, structured)
        calls = list_calls(client, known)
        client.delete(f"/api/v1/engines/{made['id']}")
    asked = Counter(tuple(fields) for fields in httpx.get(f"{tiny}/asked").json()[before:])
    lines = [count(prompt, shape, calls, asked) for prompt, shape in AGENTS.items()]
    words = [call["problem"] for call in calls if call["prompt"].startswith("turn.")]
    with capsys.disabled():
        print(f"\n{structured}: valid at once, after a retry, fell back, of how many")  # noqa: T201 - the figures are what one comes for
        for prompt, *numbers in [*lines, ("all objects", *(sum(n) for n in zip(*[x[1:] for x in lines], strict=True)))]:  # fmt: skip
            print(f"  {prompt:15} {' '.join(f'{number:4}' for number in numbers)}")  # noqa: T201
        print(f"  words: {len(words)}, of which {words.count('')} were heard to their end")  # noqa: T201
    assert {call["problem"] for call in calls} <= {"", "invalid_output", "stopped", "timeout"}
    assert words
    assert [prompt for prompt, *_, whole in lines if not whole] == []  # every agent was asked
    at_once, again, failed, whole = (sum(line[n] for line in lines) for n in range(1, 5))
    assert at_once + again + failed == whole
    assert at_once + again > whole / 2


def list_calls(client: httpx.Client, known: set[str]) -> list[dict[str, Any]]:
    """The calls since, all pages of them."""
    found: list[dict[str, Any]] = []
    page: list[dict[str, Any]] = client.get("/api/v1/engines/calls", params={"limit": 200}).json()
    while page:
        found += [call for call in page if call["id"] not in known]
        page = client.get("/api/v1/engines/calls", params={"limit": 200, "before": page[-1]["id"]}).json()
    return found


def count(
    prompt: str, shape: type[BaseModel], calls: list[dict[str, Any]], asked: Counter[tuple[str, ...]]
) -> tuple[str, int, int, int, int]:
    """How often the agent's object was valid at once, after it was asked for again, or not at all, and of how many.

    An object that is invalid was asked for twice, so what is left of the requests are the retries that helped. What
    took longer than its deadline fell back too.
    """
    problems = [call["problem"] for call in calls if call["prompt"] == prompt]
    failed = len(problems) - problems.count("")
    requests = asked[tuple(sorted(shape.model_json_schema()["properties"]))]
    helped = max(0, requests - len(problems) - problems.count("invalid_output"))
    return prompt, problems.count("") - helped, helped, failed, len(problems)
