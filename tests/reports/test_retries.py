"""Practising questions again over HTTP: the same frozen item, and the difference to the first answer."""

import uuid
from typing import Any

import httpx
import pytest

from tests.reports.test_history import listed
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import GOOD, finish, start, turn

POOR = "I would talk to the people involved and look for a compromise, because communication is important."


@pytest.fixture(scope="module")
def first(live) -> dict[str, Any]:
    """A finished session with poor answers to three questions."""
    with live.client() as api:
        room = finish(api, start(api, type="behavioral", seed=7), POOR)
        wait_for_scores(api, room["session_id"])
        return room


def test_one_question_is_asked_again_and_nothing_else(api: httpx.Client, first: dict[str, Any]) -> None:
    report = read(api, first["session_id"])
    card = report["cards"][1]
    begun = api.post(f"/api/v1/sessions/{first['session_id']}/questions/{card['id']}/retries")
    assert begun.status_code == 201, begun.text
    room = begun.json()
    assert room["counter"] == {"number": 1, "of": 1}
    assert room["question"]["text"].startswith(card["question"].split("  ")[0][:60])
    assert room["question"]["competency"] == card["competency"]
    assert room["clock"]["total_s"] <= 10 * 60
    done = finish(api, room, GOOD)
    assert [line["kind"] for line in done["transcript"]].count("question") == 1
    wait_for_scores(api, done["session_id"])
    again = read(api, done["session_id"])
    assert (again["kind"], again["of_session_id"]) == ("retry", first["session_id"])
    mine = again["cards"][0]
    before, after = mine["first"]["judged"], mine["judged"]
    assert before == card["judged"]
    assert mine["first"]["question_id"] == card["id"]
    assert mine["first"]["difference"] == round(after["level"] - before["level"], 1)
    assert mine["first"]["change"] == ("higher" if after["low"] > before["high"] else "unclear")
    told = next(c for c in read(api, first["session_id"])["cards"] if c["id"] == card["id"])["retries"]
    assert told[-1]["session_id"] == done["session_id"]
    assert told[-1]["change"] == mine["first"]["change"]
    page = api.get(f"/sessions/{done['session_id']}/report", headers={"Accept": "text/html"}).text
    assert f"/sessions/{first['session_id']}/report" in page


def test_a_retry_of_a_retry_is_measured_against_the_first_answer(
    api: httpx.Client, first: dict[str, Any]
) -> None:
    question = read(api, first["session_id"])["cards"][0]["id"]
    url = "/api/v1/sessions/{}/questions/{}/retries"
    once = finish(api, api.post(url.format(first["session_id"], question)).json(), POOR)
    own = read(api, once["session_id"])["cards"][0]["id"]
    twice = finish(api, api.post(url.format(once["session_id"], own)).json(), GOOD)
    wait_for_scores(api, twice["session_id"])
    report = read(api, twice["session_id"])
    assert report["of_session_id"] == first["session_id"]
    assert report["cards"][0]["first"]["session_id"] == first["session_id"]


def test_the_three_weakest_are_the_ones_with_the_lowest_levels(api: httpx.Client) -> None:
    room = finish(api, start(api, minutes=30, type="behavioral"))
    scores = wait_for_scores(api, room["session_id"])
    weakest = {
        score["question_id"] for score in sorted(scores, key=lambda s: (s["grade"]["level"], s["number"]))[:3]
    }
    wanted = {card["question"] for card in read(api, room["session_id"])["cards"] if card["id"] in weakest}
    key = str(uuid.uuid4())
    url = f"/api/v1/sessions/{room['session_id']}/retries"
    begun = api.post(url, json={}, headers={"Idempotency-Key": key}).json()
    assert (
        api.post(url, json={}, headers={"Idempotency-Key": key}).json()["session_id"] == begun["session_id"]
    )
    done = finish(api, begun, GOOD)
    wait_for_scores(api, done["session_id"])
    asked = read(api, done["session_id"])["cards"]
    assert len(asked) == 3
    assert all(card["first"] for card in asked)
    frames = {question[:50] for question in wanted}
    assert {card["question"][:50] for card in asked} == frames
    row = next(row for row in listed(api) if row["id"] == done["session_id"])
    assert (row["kind"], row["of_session_id"]) == ("retry", room["session_id"])


def test_what_was_never_asked_or_is_still_open_cannot_be_retried(api: httpx.Client) -> None:
    room = start(api)
    url = f"/api/v1/sessions/{room['session_id']}"
    assert api.post(f"{url}/questions/q99/retries").status_code == 404
    assert api.post(f"{url}/questions/q1/retries").status_code == 404  # the warm-up is not scored
    assert api.post(f"{url}/retries", json={}).status_code == 409
    room = turn(api, room, text=GOOD).json()
    open_one = room["question"]["id"]
    assert api.post(f"{url}/questions/{open_one}/retries").status_code == 409
    assert api.post(f"{url}/retries", json={"questions": [open_one]}).status_code == 409
    assert api.post(f"{url}/retries", json={"questions": "all"}).status_code == 422
    assert api.post(f"/api/v1/sessions/{uuid.uuid4()}/retries", json={}).status_code == 404


def test_a_skipped_question_can_be_tried_after_all(api: httpx.Client) -> None:
    room = turn(api, start(api), text=GOOD).json()
    question = room["question"]["id"]
    room = turn(api, room, "skip").json()
    begun = api.post(f"/api/v1/sessions/{room['session_id']}/questions/{question}/retries")
    assert begun.status_code == 201
    done = finish(api, begun.json())
    wait_for_scores(api, done["session_id"])
    assert read(api, done["session_id"])["cards"][0]["first"] is None


def test_a_deleted_first_session_leaves_the_retry_without_a_difference(api: httpx.Client) -> None:
    room = finish(api, start(api, type="behavioral"), POOR)
    wait_for_scores(api, room["session_id"])
    question = read(api, room["session_id"])["cards"][0]["id"]
    begun = api.post(f"/api/v1/sessions/{room['session_id']}/questions/{question}/retries").json()
    done = finish(api, begun)
    wait_for_scores(api, done["session_id"])
    assert read(api, done["session_id"])["cards"][0]["first"]
    assert api.delete(f"/api/v1/sessions/{room['session_id']}").status_code == 204
    report = read(api, done["session_id"])
    assert report["cards"][0]["judged"]
    assert report["cards"][0]["first"] is None
    assert report["of_session_id"] is None
