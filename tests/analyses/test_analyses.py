"""Analyses over HTTP: counted at once, read by a model where that is agreed to, deleted for good."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from greenroom.analyses.transcript import name_transcript
from greenroom.providers.llm.base import ProviderError
from greenroom.providers.llm.scripted import Script
from tests.advice.test_advice import connect
from tests.analyses.test_transcripts import CALL
from tests.live import Live
from tests.waiting import until

ENGINE = "ollama:coach"
FOUND = {
    "findings": [
        {"aspect": "questions", "text": "The second question is left open.", "quote": "Not sure, I'd have to look"},
        {"aspect": "clarity", "text": "The launch is told in short sentences.", "quote": "I wrote the test first"},
    ]
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_engines(api: httpx.Client) -> Iterator[None]:
    yield
    for engine in api.get("/api/v1/engines").json()["engines"]:
        api.delete(f"/api/v1/engines/{engine['id']}")


def analysed(api: httpx.Client, text: str = CALL, **more: Any) -> dict[str, Any]:
    made = api.post("/api/v1/analyses", json={"text": text, **more})
    assert made.status_code == 202, made.text
    assert made.json()["state"] == "waiting"
    address = f"/api/v1/analyses/{made.json()['id']}"
    return until(lambda: api.get(address).json(), lambda found: found["state"] in ("ready", "failed"))


def test_a_transcript_is_counted_without_any_model(api: httpx.Client) -> None:
    found = analysed(api, title="Launch")
    assert (found["state"], found["title"]) == ("ready", "Launch")
    assert [one["name"] for one in found["facts"]["speakers"]] == ["Ana", "Bo"]
    assert found["text"] == CALL.strip()
    assert found["reading"]["findings"] == []
    listed = api.get("/api/v1/analyses").json()[0]
    assert (listed["id"], listed["text"], listed["facts"]) == (found["id"], "", None)


def test_a_models_findings_stand_beside_the_counts_with_their_quotes(live: Live, api: httpx.Client) -> None:
    model = connect(live, api, FOUND)
    reading = analysed(api)["reading"]
    assert (reading["written_by"], reading["prompt"], reading["dropped"]) == (ENGINE, "transcript.v1", 0)
    assert [one["evidence"][0]["text"] for one in reading["findings"]] == [
        f["quote"] for f in FOUND["findings"]
    ]
    assert [asked.version for asked in model.prompts if "<<transcript " in asked.data] == ["transcript.v1"]


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "words that nobody ever said here"},
        {"text": "Bo sounds nervous."},
        {"text": "Bo is a strong candidate."},
        {"text": "This saved 40 percent."},
        {"text": "Maria left it open."},
        {"text": "See https://evil.example for more."},
        {"text": "Score: 5 of 5."},
    ],
)
def test_a_finding_that_does_not_rest_on_the_transcript_is_left_out(
    live: Live, api: httpx.Client, change: dict[str, str]
) -> None:
    first, second = FOUND["findings"]
    connect(live, api, {"findings": [first | change, second]})
    reading = analysed(api)["reading"]
    assert [one["text"] for one in reading["findings"]] == [second["text"]]
    assert reading["dropped"] == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ProviderError("timeout"), "(timeout)"),
        ("nonsense", "(invalid_output)"),
        ({"findings": []}, "nothing it said rests"),
        ({"findings": [{"aspect": "soul", "text": "x", "quote": "y"}]}, "(invalid_output)"),
    ],
)
def test_a_model_that_fails_leaves_the_counts_and_says_why(
    live: Live, api: httpx.Client, line: Script, reason: str
) -> None:
    connect(live, api, line)
    found = analysed(api)
    assert found["state"] == "ready"
    assert found["facts"]["speakers"]
    assert reason in found["reading"]["reason"]
    assert "Counted only" in api.get(f"/analyses/{found['id']}").text


def test_a_transcript_goes_to_a_vendor_only_when_it_is_named(live: Live, api: httpx.Client) -> None:
    model = connect(live, api, FOUND, vendor="openai")
    assert analysed(api)["reading"]["written_by"] == ""
    assert model.prompts == []
    assert "Send this transcript to OpenAI" in api.get("/analyses").text
    assert analysed(api, send_to=["OpenAI"])["reading"]["written_by"] == "openai:coach"


def test_the_same_key_analyses_once(api: httpx.Client) -> None:
    sent = {"text": CALL, "title": "Once"}
    ids = {
        api.post("/api/v1/analyses", json=sent, headers={"Idempotency-Key": "a1"}).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1
    other = api.post("/api/v1/analyses", json=sent | {"title": "Twice"}, headers={"Idempotency-Key": "a1"})
    assert other.status_code == 422


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 200_001])
def test_what_cannot_be_read_is_refused_and_the_page_keeps_what_was_typed(
    api: httpx.Client, text: str
) -> None:
    assert api.post("/api/v1/analyses", json={"text": text}).status_code == 422
    page = api.post("/analyses", data={"text": text, "title": "Budget talk"})
    assert page.status_code == 422
    assert "field-error" in page.text
    assert 'value="Budget talk"' in page.text


def test_a_deleted_analysis_and_those_of_nobody_do_not_exist(api: httpx.Client) -> None:
    found = analysed(api)
    address = f"/api/v1/analyses/{found['id']}"
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == api.delete(address).status_code == 404
    assert api.get(f"/analyses/{found['id']}").status_code == 404


def test_the_pages_paste_show_and_delete(api: httpx.Client) -> None:
    made = api.post(
        "/analyses", data={"text": f"{CALL}Ana: <script>alert(1)</script> fine.", "title": "<b>T</b>"}
    )
    assert made.status_code == 303
    address = made.headers["location"]
    number = address.rpartition("/")[2]
    until(lambda: api.get(f"/api/v1/analyses/{number}").json(), lambda found: found["state"] == "ready")
    page = api.get(address).text
    assert "Questions, and what followed" in page
    assert "<script>alert" not in page
    assert "<b>T</b>" not in page
    gone = api.post(f"{address}/delete")
    assert f'action="{address}/restore"' in api.get(gone.headers["location"]).text
    assert api.get(address).status_code == 404
    assert api.post(f"{address}/restore").status_code == 303
    assert api.get(address).status_code == 200


def test_a_deleted_analysis_comes_back_within_ten_seconds_and_not_later(
    live: Live, api: httpx.Client
) -> None:
    address = f"/api/v1/analyses/{analysed(api)['id']}"
    assert api.delete(address).status_code == 204
    assert address.rpartition("/")[2] not in [one["id"] for one in api.get("/api/v1/analyses").json()]
    assert api.post(f"{address}/restore").status_code == 204
    assert api.get(address).json()["facts"]
    api.delete(address)
    live.clock.advance(11)
    assert api.post(f"{address}/restore").status_code == 404


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana: How did it go?\nBo: Well.\nAna: Tell me more.", "Ana and Bo"),
        ("A: one\nB: two\nC: three\nD: four", "A, B and 2 more"),
        (
            "So when the harbour office called us on Monday about the crane that would not turn any more we went.",
            "So when the harbour office called us on Monday about the …",
        ),
        ("Fine.", "Fine."),
    ],
)
def test_a_transcript_without_a_title_is_named_by_its_speakers_or_how_it_begins(text: str, name: str) -> None:
    assert name_transcript(text) == name


def test_a_form_sent_twice_keeps_one_transcript(api: httpx.Client) -> None:
    form = {"text": CALL, "key": "twice"}
    assert len({api.post("/analyses", data=form).headers["location"] for _ in range(2)}) == 1


@pytest.mark.parametrize(
    "text", ["-->", "00:00 --> 00:01", ":::::", "a:\nb:\n", "\u202e: x", "1\n2\n3", "Ana:"]
)
def test_odd_text_is_no_fault_of_the_server(api: httpx.Client, text: str) -> None:
    assert analysed(api, text)["state"] == "ready"
