"""Which engine judged, over HTTP: by the settings, by consent, again by another engine, and visibly so."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from greenroom.engines.connections import Connections
from greenroom.grading.jobs import grading_jobs
from greenroom.providers import catalog
from greenroom.providers.llm.base import Prompt, ProviderError
from greenroom.providers.llm.scripted import Script, ScriptedModel
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, start, turn

ENGINE = "ollama:judge"
REMOTE = "openai:gpt-5.4-mini"
QUOTE = "one query locked the orders table for nine minutes"


@pytest.fixture(scope="module", params=[ENGINE, REMOTE])
def judged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Live, str]]:
    """A server with a model as evaluator: on this machine, or at a vendor."""
    engine = str(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "key-1")
        folder = tmp_path_factory.mktemp("judged")
        with serving(settings_for(folder, "", evaluator_engines=engine, worker="none")) as running:
            yield running, engine


def script(live: Live, engine: str, line: Script) -> ScriptedModel:
    model = ScriptedModel([line], name=engine)
    (named,) = catalog.read_engines(engine)
    live.app.state.context.one(Connections).put(named, model)
    return model


def fair(prompt: Prompt) -> dict[str, Any]:
    """A verdict for whatever criteria and key points were asked."""

    def ids(part: str) -> list[str]:
        body = re.split(rf"<<{part} [0-9a-f]{{8}}>>\n", prompt.data)[1].split("\n<<end")[0]
        return [line.split(":")[0] for line in body.splitlines()]

    return {
        "criteria": [{"id": c, "level": 4, "quote": QUOTE, "why": "It says so."} for c in ids("criteria")],
        "points": [{"id": p, "state": "met", "quote": QUOTE} for p in ids("key points")],
    }


def work_off(live: Live) -> None:
    """Run what waits in the queue here: two workers in one process would share the job library."""
    context = live.app.state.context
    handlers = {job.name: job.handler for job in grading_jobs(context)}

    async def run() -> None:
        async with context.database.read() as db:
            rows = await db.execute(
                text(
                    "select workflow_uuid, inputs from workflow_input order by retention_timestamp, workflow_uuid"
                )
            )
            waiting = [(key, json.loads(inputs)) for key, inputs in rows]
        for key, inputs in waiting:
            name, ids = inputs["positionalArgs"]
            if name in handlers and key not in done:
                done.add(key)
                await handlers[name](**ids)

    live.run(run())


done: set[str] = set()


def first_score(live: Live, client: httpx.Client, **spec: Any) -> dict[str, Any]:
    """The score of the first core question of a fresh session."""
    room = start(client, **spec)
    while room["counter"]["number"] < 2:  # the warm-up, then a core question with whatever it is probed for
        reply = turn(client, room, text=GOOD)
        assert reply.status_code == 200, reply.text
        room = reply.json()
    return score_of(live, client, room["session_id"])


def score_of(live: Live, client: httpx.Client, session: str) -> dict[str, Any]:
    work_off(live)
    return {"session": session, **client.get(f"/api/v1/sessions/{session}/scores").json()[0]}


def agreeing(engine: str) -> dict[str, Any]:
    return {"send_answers_to": ["OpenAI"]} if engine == REMOTE else {}


def test_the_model_judges_where_it_is_set_up_and_agreed_to(judged: tuple[Live, str]) -> None:
    live, engine = judged
    script(live, engine, fair)
    with live.client() as client:
        score = first_score(live, client, **agreeing(engine))
        costs = client.get(f"/api/v1/sessions/{score['session']}/costs").json()
    assert (score["grade"]["source"]["engine"], score["grade"]["source"]["tier"]) == ("model", engine)
    assert {(line["purpose"], line["engine"]) for line in costs["lines"]} == {("evaluator", engine)}
    assert (costs["usd"] > 0) is (engine == REMOTE)


def test_without_consent_no_word_goes_to_a_vendor(judged: tuple[Live, str]) -> None:
    live, engine = judged
    model = script(live, engine, fair)
    with live.client() as client:
        score = first_score(live, client)
    assert (score["grade"]["source"]["engine"] == "builtin") is (engine == REMOTE)
    assert bool(model.prompts) is (engine == ENGINE)


def test_a_model_that_fails_leaves_the_built_in_grade_and_says_so(judged: tuple[Live, str]) -> None:
    live, engine = judged
    script(live, engine, ProviderError("credentials", status=401))
    with live.client() as client:
        score = first_score(live, client, **agreeing(engine))
    assert score["grade"]["source"]["engine"] == "builtin"
    assert any(
        f"{engine} was asked, but its key was refused" in reason for reason in score["grade"]["reasons"]
    )


def test_an_answer_is_judged_again_by_the_built_in_and_by_the_model(judged: tuple[Live, str]) -> None:
    live, engine = judged
    script(live, engine, fair)
    with live.client() as client:
        score = first_score(live, client, **agreeing(engine))
        path = f"/api/v1/sessions/{score['session']}/scores/{score['question_id']}/retry"
        assert client.post(path, params={"engine": "builtin"}).status_code == 202
        again = score_of(live, client, score["session"])
        assert client.post(path).status_code == 202
        third = score_of(live, client, score["session"])
        assert client.post(path, params={"engine": "nobody"}).status_code == 422
    assert again["grade"]["source"]["engine"] == "builtin"
    assert again["score_id"] != score["score_id"]
    assert third["grade"]["source"]["engine"] == "model"
    assert third["grade"]["score"] == score["grade"]["score"]


def test_the_budget_of_a_session_ends_the_use_of_models(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "key-1")
        folder = tmp_path_factory.mktemp("budget")
        settings = settings_for(folder, "", evaluator_engines=REMOTE, session_budget_usd=0.002, worker="none")
        with serving(settings) as live, live.client() as client:
            script(live, REMOTE, fair)
            score = first_score(live, client, send_answers_to=["OpenAI"])
            path = f"/api/v1/sessions/{score['session']}/scores/{score['question_id']}/retry"
            client.post(path)
            again = score_of(live, client, score["session"])
    assert score["grade"]["source"]["engine"] == "model"
    assert again["grade"]["source"]["engine"] == "builtin"
    assert any("budget is spent" in reason for reason in again["grade"]["reasons"])
