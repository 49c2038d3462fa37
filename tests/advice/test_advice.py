"""Rewrites and recaps over HTTP, with scripted models at the port."""

import io
from collections.abc import Iterator
from typing import Any

import httpx
import pypdf
import pytest

from greenroom.engines.connections import Connections
from greenroom.providers import catalog
from greenroom.providers.llm.base import Prompt, ProviderError
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.scripted import Script, ScriptedModel
from tests.live import Live
from tests.room.test_turns import GOOD, finish, start, turn
from tests.waiting import until

ENGINE = "ollama:coach"
HONEST = {
    "sentences": [
        {"part": "result", "text": "After two weeks the export ran in forty seconds, and complaints went from thirty a week to two."},
        {"part": "situation", "text": "In my last job our nightly export kept failing and customers waited for their bills."},
        {"part": "action", "text": "I read the logs, found one query that locked the orders table for nine minutes, and rewrote it to work in batches."},
    ]
}  # fmt: skip
LINES = {
    "lines": [
        {"text": "You told how a nightly export kept failing.", "quote": "our nightly export kept failing and customers waited"},
        {"text": "You rewrote one query so that it works in batches.", "quote": "I rewrote it to work in batches"},
        {"text": "You said that it ran in forty seconds afterwards.", "quote": "the export ran in forty seconds"},
    ]
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_engines(api: httpx.Client) -> Iterator[None]:
    yield
    for engine in api.get("/api/v1/engines").json()["engines"]:
        api.delete(f"/api/v1/engines/{engine['id']}")


def connect(live: Live, api: httpx.Client, *lines: Script, vendor: str = "ollama") -> ScriptedModel:
    """From now on a coach is connected that says these lines."""
    key = "" if vendor == "ollama" else "sk-test-0001"
    made = api.post(
        "/api/v1/engines", json={"vendor": vendor, "model": "coach", "key": key, "purposes": ["coach"]}
    )
    assert made.status_code == 201, made.text
    model = ScriptedModel(lines, name=f"{vendor}:coach")
    engine = Engine.model_validate({"vendor": vendor, "model": "coach", "key": key})
    live.app.state.context.one(Connections).put(engine, model)
    return model


def answered(api: httpx.Client, **spec: Any) -> dict[str, Any]:
    """A room in which the first core question (q2) was answered and left behind."""
    room = turn(api, start(api, type="behavioral", **spec), text="I look after billing.").json()
    for _ in range(5):
        room = turn(api, room, text=GOOD).json()
        if room["counter"]["number"] > 1:
            return room
    raise AssertionError("the panel did not move on")


def ask(api: httpx.Client, room: dict[str, Any], **headers: str) -> httpx.Response:
    return api.post(f"/api/v1/sessions/{room['session_id']}/questions/q2/rewrite", headers=headers)


def written(api: httpx.Client, room: dict[str, Any]) -> dict[str, Any]:
    address = f"/api/v1/sessions/{room['session_id']}/questions/q2/rewrite"
    return until(lambda: api.get(address).json(), lambda found: found["state"] == "done")


def test_without_a_model_the_own_words_in_order_are_there_at_once(api: httpx.Client) -> None:
    room = answered(api)
    asked = ask(api, room)
    assert asked.status_code == 202
    rewrite = asked.json()
    assert (rewrite["state"], rewrite["written_by"], rewrite["reason"]) == ("done", "", "")
    said = [line["text"] for line in rewrite["lines"] if not line["blank"]]
    assert said
    assert {word.strip(".,;:").lower() for text in said for word in text.split()} <= {
        word.strip(".,;:").lower() for word in GOOD.split()
    }
    assert "A story has a situation" in rewrite["reminder"]
    assert "words, about" in rewrite["pacing"]


def test_a_models_version_is_kept_in_order_and_says_who_wrote_it(live: Live, api: httpx.Client) -> None:
    connect(live, api, HONEST)
    room = answered(api)
    assert ask(api, room).json()["state"] == "pending"
    rewrite = written(api, room)
    assert rewrite["written_by"] == ENGINE
    assert rewrite["prompt"] == "rewrite.v1"
    assert [line["part"] for line in rewrite["lines"]] == ["situation", "action", "result"]
    assert rewrite["dropped"] == []
    costs = api.get(f"/api/v1/sessions/{room['session_id']}/costs").json()["lines"]
    assert [(line["purpose"], line["calls"]) for line in costs] == [("coach", 1)]


@pytest.mark.parametrize(
    ("sentence", "invented"),
    [
        ("I cut the costs by 40 percent.", "40 percent"),
        ("I used Kafka to work in batches.", "Kafka"),
        ("Amazon thanked me for the export.", "Amazon"),
        ("Management celebrated our breakthrough with champagne.", "breakthrough"),
        ("[I saved 3 million]", "(markup)"),
    ],
)
def test_a_sentence_with_anything_new_is_left_out_and_named(
    live: Live, api: httpx.Client, sentence: str, invented: str
) -> None:
    connect(live, api, {"sentences": [*HONEST["sentences"], {"part": "result", "text": sentence}]})
    room = answered(api)
    ask(api, room)
    rewrite = written(api, room)
    assert rewrite["written_by"] == ENGINE
    assert sentence not in [line["text"] for line in rewrite["lines"]]
    assert any(invented in found for found in rewrite["dropped"])


def test_what_the_resume_says_may_be_said_though_the_resume_is_not_sent(
    live: Live, api: httpx.Client
) -> None:
    text = "Ines Vega\n\nExperience\nBackend developer, Saltmarsh Water, 2019 to 2024. Wrote the nightly export in Python."
    resume = api.post("/api/v1/resumes", json={"name": "Mine", "text": text}).json()
    until(
        lambda: api.get(f"/api/v1/resumes/{resume['id']}").json(), lambda r: r["reading"]["state"] == "ready"
    )
    named = {"part": "situation", "text": "At Saltmarsh Water our nightly export in Python kept failing."}
    model = connect(live, api, {"sentences": [*HONEST["sentences"], named]})
    room = answered(api, resume_id=resume["id"])
    ask(api, room)
    assert named["text"] in [line["text"] for line in written(api, room)["lines"]]
    assert not [asked for asked in model.prompts if "Saltmarsh" in asked.data + asked.instructions]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ProviderError("timeout"), "(timeout)"),
        (ProviderError("refused"), "(refused)"),
        ("no object at all", "(invalid_output)"),
        ({"sentences": []}, "added things"),
        ({"sentences": [{"part": "result", "text": "I won 9 prizes at Google."}] * 4}, "added things"),
    ],
)
def test_a_model_that_fails_leaves_the_built_in_version_and_says_why(
    live: Live, api: httpx.Client, line: Script, reason: str
) -> None:
    connect(live, api, line)
    room = answered(api)
    before = ask(api, room).json()
    rewrite = written(api, room)
    assert rewrite["written_by"] == ""
    assert reason in rewrite["reason"]
    assert rewrite["lines"] == before["lines"]
    assert api.get(f"/api/v1/sessions/{room['session_id']}").json()["state"] == "listening"


def test_answers_go_to_a_vendor_only_where_the_person_agreed(live: Live, api: httpx.Client) -> None:
    model = connect(live, api, HONEST, vendor="openai")
    room = answered(api)
    assert ask(api, room).json()["state"] == "done"
    assert model.prompts == []
    agreed = answered(api, send_answers_to=["OpenAI"])
    ask(api, agreed)
    assert written(api, agreed)["written_by"] == "openai:coach"


def test_the_same_key_asks_once_and_a_pending_one_is_not_asked_again(live: Live, api: httpx.Client) -> None:
    model = connect(live, api, HONEST)
    room = answered(api)
    for _ in range(2):
        assert ask(api, room, **{"Idempotency-Key": f"k-{room['session_id']}"}).status_code == 202
    written(api, room)
    assert ask(api, room, **{"Idempotency-Key": f"k-{room['session_id']}"}).json()["state"] == "done"
    # A session of an earlier test may be summed up by this model meanwhile.
    assert [asked.version for asked in model.prompts if asked.version == "rewrite.v1"] == ["rewrite.v1"]


def test_nobody_is_coached_in_a_graded_run_before_its_end(api: httpx.Client) -> None:
    room = answered(api, mode="graded")
    assert ask(api, room).status_code == 409
    assert api.get(f"/sessions/{room['session_id']}/coach").status_code == 404
    turn(api, room, "end")
    assert ask(api, room).status_code == 202


def test_the_open_question_and_unknown_ones_have_no_rewrite(api: httpx.Client) -> None:
    room = answered(api)
    base = f"/api/v1/sessions/{room['session_id']}/questions"
    open_id = room["question"]["id"].partition(".")[0]
    assert api.post(f"{base}/{open_id}/rewrite").status_code == 409
    assert api.post(f"{base}/q99/rewrite").status_code == 404
    assert api.get(f"{base}/q2/rewrite").status_code == 404
    elsewhere = "/api/v1/sessions/00000000-0000-7000-8000-00000000dead"
    assert api.get(f"{elsewhere}/rewrites").status_code == 404
    assert api.get(f"{elsewhere}/recap").status_code == 404
    assert api.post(f"{elsewhere}/recap").status_code == 404


def test_the_coach_in_the_room_speaks_of_the_last_answer_and_offers_a_rewrite(
    live: Live, api: httpx.Client
) -> None:
    first = start(api, type="behavioral")
    assert "when the panel has moved on" in api.get(f"/sessions/{first['session_id']}/coach").text
    assert 'id="coach"' in api.get(f"/sessions/{first['session_id']}").text
    connect(live, api, HONEST)
    room = answered(api)
    page = api.get(f"/sessions/{room['session_id']}/coach").text
    assert "Suggest a rewrite" in page
    assert "Structure." in page
    address = f"/sessions/{room['session_id']}/questions/q2/rewrite"
    assert "is writing" in api.post(address, data={"back": "room"}, headers={"HX-Request": "true"}).text
    written(api, room)
    assert "Written by ollama:coach" in api.get(address).text
    gone = api.post(address, data={"back": "room"})
    assert (gone.status_code, gone.headers["location"]) == (303, f"/sessions/{room['session_id']}")


def test_the_report_has_the_coachs_version_and_the_recap_with_its_quotes(
    live: Live, api: httpx.Client
) -> None:
    def both(prompt: Prompt) -> dict[str, Any]:
        return LINES if "sum up" in prompt.instructions else HONEST

    connect(live, api, both)
    room = finish(api, start(api, type="behavioral"))
    session = f"/api/v1/sessions/{room['session_id']}"
    recap = until(lambda: api.get(f"{session}/recap").json(), lambda found: bool(found["written_by"]))
    assert [line["quote"] for line in recap["lines"]] == [line["quote"] for line in LINES["lines"]]
    assert all(line["quote"] in GOOD for line in recap["lines"])
    ask(api, room)
    written(api, room)
    api.post(f"{session}/rating", json={"levels": {}})
    report = api.get(f"{session}/report").json()
    assert report["recap"]["lines"] == recap["lines"]
    assert report["cards"][0]["rewrite"]["written_by"] == ENGINE
    page = api.get(f"/sessions/{room['session_id']}/report").text
    assert "Written by ollama:coach" in page
    assert "our nightly export kept failing" in page
    marked = api.get(f"{session}/report.md").text
    document = pypdf.PdfReader(io.BytesIO(api.get(f"{session}/report.pdf").content))
    printed = " ".join("".join(page.extract_text() for page in document.pages).split())
    for text in (marked, printed):
        assert "What was said" in text
        assert "You told how a nightly export kept failing. “our nightly export kept failing" in text
        assert "Written by ollama:coach" in text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ProviderError("unavailable"), "(unavailable)"),
        ({"lines": [{"text": "You told of a fire.", "quote": "the whole building was on fire"}] * 3}, "did not rest on"),
        ({"lines": [{"text": "You seemed nervous.", "quote": line["quote"]} for line in LINES["lines"]]}, "did not rest on"),
        ({"lines": [{"text": "You scored 5 of 5.", "quote": line["quote"]} for line in LINES["lines"]]}, "did not rest on"),
        ({"lines": [{"text": "You cut costs by 80 percent.", "quote": line["quote"]} for line in LINES["lines"]]}, "did not rest on"),
    ],
)  # fmt: skip
def test_a_summary_that_fails_harms_nothing_and_the_report_says_that_the_built_in_stands(
    live: Live, api: httpx.Client, line: Script, reason: str
) -> None:
    connect(live, api, line)
    room = finish(api, start(api, type="behavioral"))
    session = f"/api/v1/sessions/{room['session_id']}"
    recap = until(lambda: api.get(f"{session}/recap").json(), lambda found: bool(found["reason"]))
    assert recap["lines"] == []
    assert reason in recap["reason"]
    api.post(f"{session}/rating", json={"levels": {}})
    until(lambda: api.get(f"{session}/report").json(), lambda report: report["pending"] == 0)
    page = api.get(f"/sessions/{room['session_id']}/report").text
    assert "Built-in summary." in page
    assert "It stands alone because" in page


def test_a_finished_session_is_summed_up_again_on_request(live: Live, api: httpx.Client) -> None:
    room = start(api, type="behavioral")
    session = f"/api/v1/sessions/{room['session_id']}"
    assert api.post(f"{session}/recap").status_code == 409
    finish(api, room)
    assert api.get(f"{session}/recap").json()["written_by"] == ""
    connect(live, api, LINES)
    assert api.post(f"{session}/recap").status_code == 202
    until(lambda: api.get(f"{session}/recap").json(), lambda found: bool(found["written_by"]))


def test_words_a_model_wrote_are_shown_as_text(live: Live, api: httpx.Client) -> None:
    shout = "In my last job our nightly export kept failing <script>alert(1)</script>."
    connect(live, api, {"sentences": [*HONEST["sentences"], {"part": "action", "text": shout}]})
    room = answered(api)
    ask(api, room)
    written(api, room)
    page = api.get(f"/sessions/{room['session_id']}/questions/q2/rewrite").text
    assert "<script>" not in page


def test_the_settings_name_the_coach() -> None:
    (engine,) = catalog.read_engines(ENGINE)
    assert engine.model == "coach"
