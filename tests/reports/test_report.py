"""The report over HTTP: evidence for every score, honest gaps, and nothing lost."""

from typing import Any

import httpx
import pytest

from tests.room.test_turns import GOOD, finish, start, turn
from tests.waiting import until


def wait_for_scores(api: httpx.Client, session_id: str) -> list[dict[str, Any]]:
    return until(
        lambda: api.get(f"/api/v1/sessions/{session_id}/scores").json(),
        lambda scores: all(score["state"] != "pending" for score in scores),
    )


def read(api: httpx.Client, session_id: str) -> dict[str, Any]:
    reply = api.get(f"/api/v1/sessions/{session_id}/report")
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_every_score_has_verbatim_evidence_and_its_source(api: httpx.Client) -> None:
    room = finish(api, start(api))
    words = {line["seq"]: line["text"] for line in room["transcript"]}
    assessed = [score for score in wait_for_scores(api, room["session_id"]) if score["state"] == "assessed"]
    assert assessed
    for score in assessed:
        grade = score["grade"]
        assert grade["source"]["engine"] == "builtin"
        assert grade["source"]["rubric_version"]
        assert 0 <= grade["score_low"] <= grade["score"] <= grade["score_high"] <= 100
        spans = [point["span"] for point in grade["points"] if point["span"]]
        spans += [span for criterion in grade["criteria"] for span in criterion["evidence"]]
        for span in spans:
            assert words[span["turn"]][span["start"] : span["end"]] == span["text"]


def test_the_report_shows_every_question_with_its_answer_in_whole(api: httpx.Client) -> None:
    room = finish(api, start(api))
    wait_for_scores(api, room["session_id"])
    report = read(api, room["session_id"])
    assert len(report["cards"]) == room["counter"]["of"]
    for card in report["cards"]:
        own = [
            "".join(piece["text"] for piece in turn["pieces"])
            for turn in card["turns"]
            if turn["who"] == "you"
        ]
        assert own
        assert set(own) == {GOOD}
    assert report["overall"]["state"] == "assessed"
    assert report["overall"]["judged"]["score_low"] <= report["overall"]["judged"]["score"]
    assert report["own"]["state"] == "open"
    assert len(report["plan"]) <= 3


@pytest.mark.parametrize(
    "words",
    [
        "asdf qwer zxcv uiop hjkl bnmq wert sdfg",
        "Trabajé en el equipo de facturación y arreglé el problema que teníamos con las exportaciones nocturnas.",
    ],
)
def test_what_cannot_be_judged_has_no_number(api: httpx.Client, words: str) -> None:
    room = turn(api, start(api), text=GOOD).json()
    for _ in range(4):
        if room["counter"]["number"] != 1:
            break
        room = turn(api, room, text=words).json()
    else:
        room = turn(api, room, "skip").json()
    turn(api, room, "end")
    first = wait_for_scores(api, room["session_id"])[0]
    assert first["state"] == "not_enough"
    assert first["grade"]["score"] is None
    assert first["grade"]["reasons"]
    report = read(api, room["session_id"])
    assert report["overall"]["judged"] is None
    assert report["overall"]["reason"]


def test_a_running_session_already_has_a_report_of_what_was_left_behind(api: httpx.Client) -> None:
    room = turn(api, start(api), text=GOOD).json()
    while room["counter"]["number"] < 2:
        room = turn(api, room, text=GOOD).json()
    report = read(api, room["session_id"])
    assert [card["number"] for card in report["cards"]] == [1]
    assert report["ended_at"] is None


def test_own_ratings_are_kept_once_and_can_be_skipped(api: httpx.Client) -> None:
    room = finish(api, start(api))
    questions = [score["question_id"] for score in wait_for_scores(api, room["session_id"])]
    url = f"/api/v1/sessions/{room['session_id']}/rating"
    assert api.post(url, json={"levels": {"q999": 3}}).status_code == 422
    assert api.post(url, json={"levels": {questions[0]: 9}}).status_code == 422
    assert api.post(url, json={"levels": {questions[0]: 4}}).status_code == 204
    assert api.post(url, json={"levels": {questions[0]: 1}}).status_code == 204
    own = read(api, room["session_id"])["own"]
    assert own["state"] == "given"
    assert own["rows"][0]["own"] == 4


def test_a_dispute_is_kept_with_the_score_it_is_about(api: httpx.Client) -> None:
    room = finish(api, start(api))
    question = next(s["question_id"] for s in wait_for_scores(api, room["session_id"]) if s["score_id"])
    url = f"/api/v1/sessions/{room['session_id']}/scores/{question}/disputes"
    assert api.post(url, json={"text": ""}).status_code == 422
    assert api.post(url, json={"text": "I did name the outcome."}).status_code == 201
    card = next(card for card in read(api, room["session_id"])["cards"] if card["id"] == question)
    assert card["disputes"] == ["I did name the outcome."]


def test_an_answer_can_be_judged_again_and_the_first_score_is_kept(api: httpx.Client) -> None:
    room = finish(api, start(api))
    first = wait_for_scores(api, room["session_id"])[0]
    url = f"/api/v1/sessions/{room['session_id']}/scores/{first['question_id']}"
    again = api.post(f"{url}/retry")
    assert again.status_code == 202
    assert again.json()["state"] == "pending"
    assert again.json()["score_id"] == first["score_id"]
    second = wait_for_scores(api, room["session_id"])[0]
    assert second["attempts"] == 2
    assert second["score_id"] != first["score_id"]
    assert second["grade"] == first["grade"]


def test_events_bring_the_room_and_each_score(api: httpx.Client) -> None:
    room = start(api)
    room = finish(api, room)
    seen: dict[str, list[str]] = {"room": [], "score": []}
    url = f"/api/v1/sessions/{room['session_id']}/events"
    with api.stream("GET", url, headers={"Last-Event-ID": "0"}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event:"):
                kind = line.removeprefix("event:").strip()
            if line.startswith("data:"):
                seen[kind].append(line)
            done = [entry for entry in seen["score"] if '"state":"pending"' not in entry]
            if seen["room"] and len(done) >= room["counter"]["of"]:
                break
    assert f'"seq":{room["seq"]}' in seen["room"][-1]
