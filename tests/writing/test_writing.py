"""A model writes questions: checked as the bank checks, looked at by the person, and only then kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from greenroom import settings
from greenroom.engines.connections import Connections
from greenroom.providers import catalog
from greenroom.providers.llm.base import Prompt, ProviderError
from greenroom.providers.llm.scripted import Script, ScriptedModel
from greenroom.writing.jobs import writing_jobs
from tests.live import Live, serving, settings_for

ENGINE = "ollama:writer"
TOPIC = {"topic": "Handing over on-call shifts at night", "role": "backend", "type": "behavioral"}
GOOD: dict[str, Any] = {
    "prompt": "Think of a night when you handed a live fault to the next shift. What did you say to them?",
    "simple": "When did you last give a fault to the next shift, and how?",
    "deeper": "What did the next shift still have to ask you, and why?",
    "clarification": "Any work that goes on after your shift will do.",
    "competency": "communication",
    "points": [
        {"name": "State", "text": "Says what was broken and since when", "essential": True, "cues": ["was broken", "since when", "the fault was"]},
        {"name": "Done", "text": "Says what had been tried", "essential": False, "cues": ["i had tried", "already tried", "ruled out"]},
        {"name": "Next", "text": "Names the next step and who does it", "essential": False, "cues": ["next step", "i asked them to", "who would"]},
        {"name": "End", "text": "Says how the night ended", "essential": True, "cues": ["in the end", "by morning", "was fixed"]},
    ],
    "weak": "Says that handing over matters, without a night.",
    "fair": "Tells one handover without what came of it.",
    "strong": "Tells what was said, what was open and how it ended.",
    "follow_up": "Which fault was that, and what were your first words?",
}  # fmt: skip
OTHER = {**GOOD, "prompt": "Tell me about a report you wrote for people who had not been there. How did you choose what to leave out?"}  # fmt: skip


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("writing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GREENROOM_DATA_DIR", str(folder))  # where the bank looks for own questions
        settings.load.cache_clear()
        with serving(settings_for(folder, "", research_engines=ENGINE, worker="none")) as running:
            yield running
    settings.load.cache_clear()


@pytest.fixture
def client(writing: Live) -> Iterator[httpx.Client]:
    with writing.client() as client:
        yield client


def script(live: Live, *lines: Script, engine: str = ENGINE) -> ScriptedModel:
    model = ScriptedModel(lines, name=engine)
    (named,) = catalog.read_engines(engine)
    live.app.state.context.one(Connections).put(named, model)
    return model


def work_off(live: Live, done: set[str]) -> None:
    context = live.app.state.context
    handlers = {job.name: job.handler for job in writing_jobs(context)}

    async def run() -> None:
        async with context.database.read() as db:
            rows = await db.execute(text("select workflow_uuid, inputs from workflow_input"))
            waiting = [(key, json.loads(inputs)) for key, inputs in rows]
        for key, inputs in waiting:
            name, ids = inputs["positionalArgs"]
            if name in handlers and key not in done:
                done.add(key)
                await handlers[name](**ids)

    live.run(run())


@pytest.fixture
def order(writing: Live, client: httpx.Client) -> Any:
    done: set[str] = set()

    def make(**wanted: Any) -> dict[str, Any]:
        answer = client.post("/api/v1/question-writings", json={**TOPIC, **wanted})
        assert answer.status_code == 202, answer.text
        assert answer.json()["state"] == "waiting"
        work_off(writing, done)
        return client.get(f"/api/v1/question-writings/{answer.json()['id']}").json()

    return make


def test_a_question_that_passes_the_banks_checks_waits_for_the_persons_look_and_is_then_kept(
    writing: Live, client: httpx.Client, order: Any
) -> None:
    model = script(writing, GOOD)
    made = order(count=1)
    assert (made["state"], made["engine"], len(made["drafts"])) == ("ready", ENGINE, 1)
    draft = made["drafts"][0]
    assert draft["id"].startswith("own.w")
    assert (draft["roles"], draft["levels"], draft["structure"]) == (["backend"], ["mid"], "star")
    assert TOPIC["topic"] in model.prompts[0].data
    assert draft["id"] not in client.get("/api/v1/items").text, "nothing is kept unseen"
    page = client.get("/questions/written").text
    assert GOOD["prompt"] in page
    kept = client.post(f"/api/v1/question-writings/{made['id']}/keep", json={"items": [draft["id"]]})
    assert kept.status_code == 200, kept.text
    assert [item["id"] for item in client.get("/api/v1/items").json()] == [draft["id"]]
    again = client.post(f"/api/v1/question-writings/{made['id']}/keep", json={"items": [draft["id"]]})
    assert again.json() == kept.json()
    assert client.get(f"/api/v1/question-writings/{made['id']}").json()["state"] == "kept"
    client.delete(f"/api/v1/items/{draft['id']}")


def test_a_question_that_fails_a_check_is_written_once_more_with_what_was_wrong(
    writing: Live, order: Any
) -> None:
    model = script(
        writing, {**GOOD, "prompt": "How old are your children, and does that leave you time?"}, GOOD
    )
    made = order(count=1)
    assert [draft["prompt"] for draft in made["drafts"]] == [GOOD["prompt"]]
    assert "asks about" in model.prompts[1].instructions
    assert made["dropped"] == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"prompt": "How old are your children, and does that leave you time?"}, "asks about"),
        ({"prompt": "What " + "very " * 120 + "thing did you do?"}, "schema"),
        ({"prompt": "Say {company} in a sentence that you wrote."}, "braces"),
        ({"points": GOOD["points"][:3]}, "schema"),
        ({"points": [{**point, "essential": False} for point in GOOD["points"]]}, "must: true"),
    ],
)
def test_a_question_that_fails_twice_is_dropped_with_the_reason(
    writing: Live, client: httpx.Client, order: Any, wrong: dict[str, Any], reason: str
) -> None:
    script(writing, {**GOOD, **wrong})
    made = order(count=1)
    assert (made["state"], made["drafts"]) == ("failed", [])
    assert reason in " ".join(made["dropped"][0]["reasons"])
    assert "No question passed" in made["problem"]
    assert "Dropped" in client.get("/questions/written").text


def test_the_same_question_twice_is_no_second_question(writing: Live, order: Any) -> None:
    script(writing, GOOD)
    made = order(count=2)
    assert len(made["drafts"]) == 1
    assert "almost the same question" in made["dropped"][0]["reasons"][0]


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (ProviderError("timeout"), "did not answer in time"),
        (ProviderError("credentials", status=401), "refused the key"),
    ],
)
def test_a_model_that_fails_says_so_and_what_was_written_can_still_be_kept(
    writing: Live, client: httpx.Client, order: Any, failure: ProviderError, says: str
) -> None:
    script(writing, GOOD, failure)
    made = order(count=3)
    assert (made["state"], len(made["drafts"])) == ("failed", 1)
    assert says in made["problem"]
    chosen = {"items": [made["drafts"][0]["id"]]}
    assert client.post(f"/api/v1/question-writings/{made['id']}/keep", json=chosen).status_code == 200
    client.delete(f"/api/v1/items/{chosen['items'][0]}")


def test_after_a_crash_it_goes_on_where_it_was(writing: Live, client: httpx.Client) -> None:
    def crash(_: Prompt) -> Any:
        raise RuntimeError("the process dies here")

    script(writing, GOOD, crash)
    made = client.post("/api/v1/question-writings", json={**TOPIC, "count": 2}).json()
    with pytest.raises(RuntimeError):
        work_off(writing, set())
    half = client.get(f"/api/v1/question-writings/{made['id']}").json()
    assert (half["state"], half["done"], len(half["drafts"])) == ("writing", 1, 1)
    refused = client.post(
        f"/api/v1/question-writings/{made['id']}/keep", json={"items": [half["drafts"][0]["id"]]}
    )
    assert refused.status_code == 409
    script(writing, OTHER)
    work_off(writing, set())
    whole = client.get(f"/api/v1/question-writings/{made['id']}").json()
    assert (whole["state"], len(whole["drafts"])) == ("ready", 2)


def test_an_order_that_is_stopped_writes_nothing_more(writing: Live, client: httpx.Client) -> None:
    model = script(writing, GOOD)
    made = client.post("/api/v1/question-writings", json={**TOPIC, "count": 2}).json()
    assert client.post(f"/api/v1/question-writings/{made['id']}/cancel").status_code == 204
    work_off(writing, set())
    assert client.get(f"/api/v1/question-writings/{made['id']}").json()["state"] == "cancelled"
    assert model.prompts == []
    assert client.delete(f"/api/v1/question-writings/{made['id']}").status_code == 204
    assert client.get(f"/api/v1/question-writings/{made['id']}").status_code == 404


def test_a_topic_goes_to_a_vendor_only_when_it_is_named(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "key-1")
        remote = "openai:gpt-5.4-mini"
        with (
            serving(settings_for(tmp_path, "", research_engines=remote, worker="none")) as live,
            live.client() as client,
        ):
            refused = client.post("/api/v1/question-writings", json=TOPIC)
            assert refused.status_code == 409
            assert refused.json()["type"].endswith("no-writer")
            page = client.post("/questions/written", data={**TOPIC, "level": "mid", "count": "2"})
            assert page.status_code == 409
            assert TOPIC["topic"] in page.text, "what was typed is still there"
            assert "Send this to OpenAI" in page.text
            sent = client.post("/questions/written", data={**TOPIC, "count": "1", "send_to": "OpenAI"})
            assert sent.status_code == 303
            script(live, GOOD, engine=remote)
            work_off(live, set())
            assert GOOD["prompt"] in client.get("/questions/written").text
