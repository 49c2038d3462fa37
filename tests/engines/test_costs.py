"""What models cost: estimated before, metered during, added up after, and ended by the budget."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from greenroom.engines.connections import Connections
from greenroom.engines.estimates import LOADS, READING
from greenroom.grading.model import Verdict, build_prompt
from greenroom.interviews import scenarist
from greenroom.interviews.staging import INTERESTS, PERSONAS, SceneSaid
from greenroom.kit.prompts import fill
from greenroom.library import catalog as library
from greenroom.providers import catalog
from greenroom.providers.llm.base import ProviderError
from greenroom.providers.llm.scripted import Script, ScriptedModel
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, start, turn
from tests.room.test_words import polite
from tests.waiting import until

PAID = "openai:gpt-5.4-mini"
FREE = "ollama:words"
AGREED = {"send_answers_to": ["OpenAI"]}


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server whose questions are worded by a model that costs money."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "key-1")
        folder = tmp_path_factory.mktemp("paid")
        settings = settings_for(
            folder, "", interviewer_engines=f"{PAID}, {FREE}", evaluator_engines=PAID,
            session_budget_usd=0.001, worker="none",
        )  # fmt: skip
        with serving(settings) as running:
            yield running


@pytest.fixture
def client(paid: Live) -> Iterator[httpx.Client]:
    with paid.client() as client:
        yield client


def script(live: Live, engine: str, *lines: Script) -> ScriptedModel:
    model = ScriptedModel(lines, name=engine)
    (named,) = catalog.read_engines(engine)
    live.app.state.context.one(Connections).put(named, model)
    return model


def answered(client: httpx.Client, calls: int, room: dict[str, Any] | None = None) -> dict[str, Any]:
    """A room in which one more answer was given and `calls` calls are booked."""
    room = turn(client, room or start(client, **AGREED), text=GOOD).json()
    until(lambda: len(booked(client, room)) >= calls)
    return client.get(f"/api/v1/sessions/{room['session_id']}").json()


def booked(client: httpx.Client, room: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls of a session: the ones after a turn are booked together, when their words were taken or given up."""
    return client.get(f"/api/v1/sessions/{room['session_id']}/costs/calls").json()


def test_a_session_is_estimated_for_the_engines_that_are_agreed_to(paid: Live, client: httpx.Client) -> None:
    spec = {"role": "backend", "minutes": 30, "type": "behavioral"}
    without = client.post("/api/v1/estimates", json=spec).json()
    assert [(line["engine"], line["usd"]) for line in without["lines"]] == [(FREE, 0)]
    given = client.post("/api/v1/estimates", json={**spec, **AGREED}).json()
    assert {line["purpose"]: line["engine"] for line in given["lines"]} == {
        "interviewer": PAID,
        "evaluator": PAID,
    }
    assert 0.02 < given["usd"] < 0.2
    assert given["prices_as_of"] == "2026-11-10"
    shorter = client.post("/api/v1/estimates", json={**spec, **AGREED, "minutes": 15}).json()
    assert shorter["usd"] < given["usd"]


def test_the_estimate_stands_under_the_running_order_and_follows_the_consent(client: httpx.Client) -> None:
    form = {"role": "backend", "minutes": "15", "level": "mid", "type": "behavioral"}
    asked = {"hx-request": "true"}
    assert f"With {FREE}: costs nothing." in client.post("/plan", data=form, headers=asked).text
    agreed = client.post("/plan", data={**form, "send_answers_to": "OpenAI"}, headers=asked).text
    assert f"With {PAID}: about 0." in agreed
    assert "prices of 2026-11-10" in agreed
    assert "the built-in takes over" in agreed  # the budget of this server is smaller


def test_a_model_without_a_price_is_estimated_as_unknown(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = "compatible:mine@https://models.example.org/v1"
    with (
        serving(
            settings_for(tmp_path_factory.mktemp("own"), "", evaluator_engines=engine, worker="none")
        ) as live,
        live.client() as client,
    ):
        spec = {"role": "backend", "minutes": 15, "send_answers_to": ["models.example.org"]}
        given = client.post("/api/v1/estimates", json=spec).json()
        assert (given["usd"], given["unknown"], given["lines"][0]["usd"]) == (0, 1, None)
        page = client.get("/new", params={"send_answers_to": "models.example.org", "minutes": 15}).text
    assert "cost unknown, there is no price in our list" in page


def test_an_estimate_counts_tokens_as_the_prompts_have_them() -> None:
    bank = library.load()
    items = [item for item in bank.items.values() if item.type in ("behavioral", "technical")][::40]
    sizes = [len(p.instructions) + len(p.data) for p in (build_prompt(i, "word " * 150, 0) for i in items)]
    schema = len(json.dumps(Verdict.model_json_schema()))
    tokens = (sum(sizes) / len(sizes) + schema) / 4
    assert 0.6 < tokens / LOADS["evaluator"].input_tokens < 1.4


def test_the_estimate_of_a_description_counts_tokens_as_its_prompt_has_them() -> None:
    prompt = fill(
        scenarist.PROMPT, interests=INTERESTS.items(), personas=PERSONAS.items(), again=False, description="word " * 120
    )  # fmt: skip
    size = len(prompt.instructions) + len(prompt.data) + len(json.dumps(SceneSaid.model_json_schema()))
    assert 0.6 < size / 4 / (READING.input_tokens or 0) < 1.4


def test_the_room_shows_no_meter_while_nothing_costs(paid: Live, client: httpx.Client) -> None:
    script(paid, FREE, polite)
    room = turn(client, start(client), text=GOOD).json()
    assert room["meter"] is None
    assert 'data-part="meter" hidden' in client.get(f"/sessions/{room['session_id']}").text


def test_the_room_meters_a_model_that_costs(paid: Live, client: httpx.Client) -> None:
    script(paid, PAID, polite)
    room = answered(client, 1)
    assert room["meter"]["usd"] > 0
    assert room["meter"]["unknown"] == 0
    page = client.get(f"/sessions/{room['session_id']}").text
    assert f"Models so far: {room['meter']['usd']:.4f} US dollars." in page


def test_a_spent_budget_is_said_in_room_report_and_history_and_what_is_free_goes_on(
    paid: Live, client: httpx.Client
) -> None:
    script(paid, PAID, polite)
    free = script(paid, FREE, polite)
    room = start(client, **AGREED)
    for _ in range(6):
        room = answered(client, len(booked(client, room)) + 1, room)
        if free.prompts:
            break
    assert free.prompts, "the free engine takes over when the budget is spent"
    room = client.get(f"/api/v1/sessions/{room['session_id']}").json()
    assert room["meter"]["budget_spent"] is True
    assert "are spent: the built-in goes on" in client.get(f"/sessions/{room['session_id']}").text
    costs = client.get(f"/api/v1/sessions/{room['session_id']}/costs").json()
    assert costs["budget_spent"] is True
    assert costs["usd"] >= costs["budget_usd"] == 0.001
    turn(client, room, "end")
    report = client.get(f"/api/v1/sessions/{room['session_id']}/report").json()
    assert any("was spent: the built-in went on" in note for note in report["judged"]["notes"])
    assert {line["engine"] for line in report["judged"]["costs"]["lines"]} == {PAID, FREE}
    history = client.get("/settings/engines/calls").text
    assert "not asked: the budget is spent" in history


def test_the_report_says_where_the_banks_line_stood(paid: Live, client: httpx.Client) -> None:
    script(paid, PAID, ProviderError("timeout"))
    script(paid, FREE, ProviderError("timeout"))
    room = answered(client, 2)
    turn(client, room, "end")
    report = client.get(f"/api/v1/sessions/{room['session_id']}/report").json()
    assert any("the bank's line stood: no answer in time (1)" in note for note in report["judged"]["notes"])


def test_calls_are_listed_without_words_and_by_month(paid: Live, client: httpx.Client) -> None:
    script(paid, PAID, polite)
    room = answered(client, 2, answered(client, 1))
    calls = client.get("/api/v1/engines/calls", params={"limit": 200}).json()
    assert {call["session_id"] for call in calls} >= {room["session_id"]}
    assert calls[0]["at"] >= calls[-1]["at"]
    assert GOOD[:40] not in client.get("/api/v1/engines/calls", params={"limit": 200}).text
    months = client.get("/api/v1/engines/months").json()
    assert next(line for line in months if line["engine"] == PAID)["usd"] > 0
    older = client.get("/api/v1/engines/calls", params={"before": calls[0]["id"], "limit": 1}).json()
    assert older[0]["id"] == calls[1]["id"]


def test_calls_of_a_session_that_is_not_there_do_not_exist(client: httpx.Client) -> None:
    answer = client.get("/api/v1/sessions/00000000-0000-7000-8000-00000000dead/costs/calls")
    assert answer.status_code == 404


def test_a_budget_of_nothing_leaves_paid_models_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "key-1")
        folder = tmp_path_factory.mktemp("nothing")
        settings = settings_for(folder, "", interviewer_engines=PAID, session_budget_usd=0, worker="none")
        with serving(settings) as live, live.client() as client:
            model = script(live, PAID, polite)
            room = answered(client, 1)
    assert model.prompts == []
    assert room["transcript"][-1]["source"] == "bank"
