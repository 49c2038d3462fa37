"""Engines over HTTP: keys go in and never come out, trials say what failed, consent decides who gets words."""

import html
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from greenroom.engines import vault
from greenroom.engines.connections import Connections
from greenroom.engines.models import EngineRow
from greenroom.engines.service import assign
from greenroom.kit.web import Context
from greenroom.providers.llm.base import ErrorKind, ProviderError
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.scripted import ScriptedModel
from tests.live import Live
from tests.room.test_turns import GOOD, start, turn

KEY = "sk-very-secret-key-0001"


def add(api: httpx.Client, **engine: object) -> dict[str, object]:
    answer = api.post(
        "/api/v1/engines", json={"vendor": "openai", "model": "gpt-5.4-mini", "key": KEY, **engine}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(autouse=True)
def no_engines(api: httpx.Client) -> Iterator[None]:
    yield
    for engine in api.get("/api/v1/engines").json()["engines"]:
        api.delete(f"/api/v1/engines/{engine['id']}")


def context_of(live: Live) -> Context:
    return live.app.state.context


def test_a_key_is_stored_sealed_and_shown_nowhere(live: Live, api: httpx.Client) -> None:
    made = add(api, purposes=["evaluator"])
    assert made["has_key"] is True

    async def sealed() -> bytes | None:
        async with context_of(live).database.read() as db:
            return await db.scalar(select(EngineRow.sealed_key).where(EngineRow.id == UUID(made["id"])))

    assert KEY.encode() not in (live.run(sealed()) or KEY.encode())
    for path in ("/api/v1/engines", "/settings/engines", "/new"):
        assert KEY not in api.get(path).text
    folder = context_of(live).settings.data_dir
    assert stat.S_IMODE((folder / vault.FILE).stat().st_mode) == 0o600
    for file in folder.rglob("*"):
        if file.is_file():
            assert KEY.encode() not in file.read_bytes()


def test_a_sealed_key_opens_for_its_own_row_and_under_its_own_file_only(tmp_path: Path) -> None:
    sealed = vault.seal(tmp_path, KEY, "row-1")
    assert vault.unseal(tmp_path, sealed, "row-1") == KEY
    with pytest.raises(vault.KeyUnreadable):
        vault.unseal(tmp_path, sealed, "row-2")
    with pytest.raises(vault.KeyUnreadable):
        vault.unseal(tmp_path, sealed[:-1] + bytes([sealed[-1] ^ 1]), "row-1")
    (tmp_path / vault.FILE).write_bytes(os.urandom(32))
    with pytest.raises(vault.KeyUnreadable):
        vault.unseal(tmp_path, sealed, "row-1")


def test_the_same_key_is_never_sealed_the_same_way_twice(tmp_path: Path) -> None:
    assert vault.seal(tmp_path, KEY, "row") != vault.seal(tmp_path, KEY, "row")


@pytest.mark.parametrize(
    ("engine", "field"),
    [
        ({"vendor": "groq", "model": "llama", "key": ""}, "key"),
        ({"vendor": "compatible", "model": "mine", "key": ""}, "address"),
        ({"vendor": "vertex", "model": "gemini-3.8-flash", "key": ""}, "project"),
        ({"vendor": "openai", "model": "gpt", "key": "two words"}, "key"),
        ({"vendor": "openai", "model": "gpt", "key": "sk-1\nX-Other: 2"}, "key"),
        ({"vendor": "openai", "model": "gpt", "key": "{ no JSON"}, "key"),
        (
            {"vendor": "compatible", "model": "m", "key": "", "address": "http://127.0.0.1:99999/v1"},
            "address",
        ),
        ({"vendor": "compatible", "model": "m", "key": "", "address": "http://localhost:abc/v1"}, "address"),
        ({"vendor": "compatible", "model": "m", "key": "", "address": "http://[::1"}, "address"),
        (
            {"vendor": "compatible", "model": "m", "key": "", "address": "http://models.example.com"},
            "address",
        ),
    ],
)
def test_an_engine_that_cannot_work_is_refused_with_its_field(
    api: httpx.Client, engine: dict[str, str], field: str
) -> None:
    answer = api.post("/api/v1/engines", json=engine)
    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["errors"]] == [field]
    assert "two words" not in answer.text
    assert api.get("/api/v1/engines").json()["engines"] == []


def test_an_unknown_vendor_is_refused_with_the_list(api: httpx.Client) -> None:
    answer = api.post("/api/v1/engines", json={"vendor": "nobody", "model": "m"})
    assert answer.status_code == 422
    assert "mistral" in answer.json()["detail"]


def script(live: Live, model: str, scripted: ScriptedModel, key: str = KEY) -> None:
    engine = Engine.model_validate({"vendor": "openai", "model": model, "key": key})
    context_of(live).one(Connections).put(engine, scripted)


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        ("credentials", 401, "refused the key"),
        ("not_found", 404, "does not know this model"),
        ("quota", 402, "no credit left"),
        ("rate_limited", 429, "too many requests"),
        ("unavailable", 500, "has a fault"),
        ("network", None, "could not be reached"),
        ("timeout", None, "no answer within"),
        ("invalid_output", None, "not in the schema"),
    ],
)
def test_a_trial_says_in_words_what_failed(
    live: Live, api: httpx.Client, kind: ErrorKind, status: int | None, says: str
) -> None:
    model = f"model-{kind}"
    script(live, model, ScriptedModel([ProviderError(kind, status=status, request_id="req_42")]))
    made = add(api, model=model)

    result = api.post(f"/api/v1/engines/{made['id']}/trials").json()

    assert (result["ok"], result["problem"]) == (False, kind)
    assert says in result["sentence"]
    assert "req_42" in result["sentence"]
    page = api.post(f"/settings/engines/{made['id']}/trial")
    assert says in page.text
    assert api.get("/api/v1/engines").json()["engines"][0]["test_problem"] == kind


def test_a_trial_that_goes_well_says_who_answered_and_what_it_cost(live: Live, api: httpx.Client) -> None:
    script(live, "gpt-5.4-mini", ScriptedModel([{"word": "ready"}], name="openai:gpt-5.4-mini"))
    made = add(api)
    result = api.post(f"/api/v1/engines/{made['id']}/trials").json()
    assert result["ok"] is True
    assert "OpenAI answers" in result["sentence"]
    assert result["cost"].startswith("cost 0.0")


@pytest.mark.parametrize(
    ("colour", "ok", "says"),
    [("Red", True, "sees the picture"), ("blue", False, "did not say what is on the picture")],
)
def test_a_trial_of_an_engine_that_looks_at_pictures_shows_it_one(
    live: Live, api: httpx.Client, colour: str, ok: bool, says: str
) -> None:
    model = ScriptedModel([{"word": "ready", "colour": colour}], name="openai:gpt-5.4-mini")
    script(live, "gpt-5.4-mini", model)
    made = add(api, purposes=["vision"])
    result = api.post(f"/api/v1/engines/{made['id']}/trials").json()
    assert (result["ok"], result["problem"]) == (ok, "" if ok else "blind")
    assert says in result["sentence"]
    assert [picture.media_type for picture in model.prompts[0].pictures] == ["image/png"]
    assert api.get("/api/v1/engines/recipients").json() == []  # no answers go to it


@pytest.mark.parametrize(
    ("engine", "problem"),
    [
        ({"vendor": "compatible", "key": "", "address": "http://127.0.0.1:1/v1"}, "network"),
        ({"vendor": "bedrock", "key": "", "region": "no/region"}, "rejected"),
        ({"vendor": "vertex", "key": '{"type": "service_account"}', "project": "p"}, "credentials"),
        (
            {"vendor": "mistral", "key": "k", "address": "http://127.0.0.1:1", "structured": "native"},
            "rejected",
        ),
    ],
)
def test_settings_that_cannot_work_are_told_by_the_trial_and_cost_a_candidate_nothing(
    api: httpx.Client, engine: dict[str, str], problem: str
) -> None:
    made = add(api, model="m", purposes=["interviewer"], **engine)
    trial = api.post(f"/api/v1/engines/{made['id']}/trials")
    assert (trial.status_code, trial.json()["problem"]) == (200, problem)
    assert trial.json()["sentence"] in html.unescape(api.post(f"/settings/engines/{made['id']}/trial").text)
    assert turn(api, start(api), text=GOOD).status_code == 200


def test_the_order_of_a_purpose_is_kept_and_an_unknown_id_changes_nothing(api: httpx.Client) -> None:
    one, two = add(api, model="one"), add(api, model="two")
    assert (
        api.put("/api/v1/engines/uses/interviewer", json={"engines": [two["id"], one["id"]]}).status_code
        == 200
    )
    refused = api.put(
        "/api/v1/engines/uses/interviewer", json={"engines": ["00000000-0000-7000-8000-0000000000ff"]}
    )
    assert refused.status_code == 422
    assert api.get("/api/v1/engines").json()["uses"]["interviewer"] == [two["id"], one["id"]]
    api.delete(f"/api/v1/engines/{two['id']}")
    assert api.get("/api/v1/engines").json()["uses"]["interviewer"] == [one["id"]]


def test_the_consent_row_appears_with_a_remote_engine_and_names_its_vendor(api: httpx.Client) -> None:
    assert "Send my answers to" not in api.get("/new").text
    add(api, purposes=["evaluator"])
    assert "Send my answers to OpenAI" in api.get("/new").text
    assert api.get("/api/v1/engines/recipients").json() == [{"name": "OpenAI", "purposes": ["evaluator"]}]


def test_an_engine_on_this_machine_asks_for_no_consent(api: httpx.Client) -> None:
    add(api, vendor="ollama", model="qwen3:8b", key="", purposes=["evaluator"])
    assert "Send my answers to" not in api.get("/new").text


@pytest.mark.parametrize(("agreed", "works"), [([], False), (["Groq"], False), (["OpenAI"], True)])
def test_a_remote_engine_works_only_for_those_who_agreed_to_it(
    live: Live, api: httpx.Client, agreed: list[str], works: bool
) -> None:
    add(api, purposes=["evaluator"])
    found = live.run(assign(context_of(live), "evaluator", None, agreed))
    assert (found is not None) is works


def test_the_page_keeps_what_was_typed_but_never_the_key(api: httpx.Client) -> None:
    sent = {"vendor": "compatible", "model": "my-model", "key": KEY, "purposes": ["evaluator"]}
    page = api.post("/settings/engines", data=sent)
    assert page.status_code == 422
    assert "my-model" in page.text
    assert 'value="evaluator" checked' in page.text
    assert 'value="coach" checked' not in page.text
    assert KEY not in page.text


def test_the_page_connects_an_engine_and_gives_it_work(api: httpx.Client) -> None:
    sent = {
        "vendor": "groq",
        "model": "openai/gpt-oss-120b",
        "key": KEY,
        "purposes": ["evaluator", "interviewer"],
    }
    assert api.post("/settings/engines", data=sent).status_code == 303
    kept = api.get("/api/v1/engines").json()
    assert kept["uses"]["evaluator"] == kept["uses"]["interviewer"] == [kept["engines"][0]["id"]]
    shown = api.get("/settings/engines").text
    assert "Words go to Groq" in shown
    assert "Its key is forgotten at once" in shown.partition("Remove")[2]  # said before it is done
