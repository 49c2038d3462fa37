"""A session over HTTP: what is acknowledged is there once, and the interview goes on where it was."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.live import Live

GOOD = (
    "In my last job our nightly export kept failing and customers waited for their bills. I owned the problem: I read the "
    "logs, found that one query locked the orders table for nine minutes, and I rewrote it to work in batches. I told the "
    "support team each morning what had changed. After two weeks the export ran in forty seconds and complaints went from "
    "thirty a week to two. I learned to measure before I change anything."
)


def start(api: httpx.Client, **spec: Any) -> dict[str, Any]:
    made = api.post("/api/v1/interviews", json={"role": "backend", "minutes": 15, "panel": 2, **spec})
    assert made.status_code == 201, made.text
    begun = api.post(f"/api/v1/interviews/{made.json()['id']}/sessions")
    assert begun.status_code == 201, begun.text
    return begun.json()


def turn(
    api: httpx.Client, room: dict[str, Any], kind: str = "answer", text: str = "", **headers: str
) -> httpx.Response:
    body = {"kind": kind, "text": text, "after_seq": room["seq"]}
    return api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body, headers=headers)


def finish(api: httpx.Client, room: dict[str, Any], text: str = GOOD) -> dict[str, Any]:
    for _ in range(60):
        if room["state"] == "ended":
            return room
        kind = "question" if "question" in room["moves"] else "answer"
        reply = turn(api, room, kind, "What would I do in the first month?" if kind == "question" else text)
        assert reply.status_code == 200, reply.text
        room = reply.json()
        if room["block"] == "candidate_questions" and kind == "question":
            reply = turn(api, room, "answer", "No, thank you, that was all.")
            assert reply.status_code == 200, reply.text
            room = reply.json()
    raise AssertionError("the interview did not end")


def test_the_first_question_is_there_at_once(api: httpx.Client) -> None:
    room = start(api)
    assert room["state"] == "listening"
    assert room["question"]["text"].strip()
    assert [line["who"] for line in room["transcript"]] == ["panel", "panel"]
    assert room["clock"]["total_s"] == 15 * 60


def test_an_interview_runs_to_its_end_and_covers_its_plan(api: httpx.Client) -> None:
    room = finish(api, start(api))
    assert room["counter"]["number"] == room["counter"]["of"] == 3
    assert room["moves"] == []
    said = [line["text"] for line in room["transcript"] if line["kind"] == "question"]
    assert len(said) == len(set(said))


def test_reading_the_room_again_gives_the_same_words(api: httpx.Client) -> None:
    room = turn(api, start(api), text=GOOD).json()
    again = api.get(f"/api/v1/sessions/{room['session_id']}").json()
    for part in ("seq", "question", "transcript", "counter", "floor"):
        assert again[part] == room[part]


def test_the_same_key_stores_an_answer_once(api: httpx.Client) -> None:
    room, key = start(api), str(uuid.uuid4())
    first = turn(api, room, text=GOOD, **{"Idempotency-Key": key})
    second = turn(api, room, text=GOOD, **{"Idempotency-Key": key})
    assert first.status_code == second.status_code == 200
    assert first.json()["transcript"] == second.json()["transcript"]
    assert [line["text"] for line in second.json()["transcript"]].count(GOOD) == 1


def send_together(
    live: Live, room: dict[str, Any], texts: list[str], keys: list[str]
) -> list[httpx.Response]:
    def send(n: int) -> httpx.Response:
        with live.client() as client:
            return turn(client, room, text=texts[n], **{"Idempotency-Key": keys[n]})

    with ThreadPoolExecutor(len(texts)) as pool:
        return list(pool.map(send, range(len(texts))))


def test_a_double_click_stores_the_answer_once(live: Live, api: httpx.Client) -> None:
    room, key = start(api), str(uuid.uuid4())
    replies = send_together(live, room, [GOOD] * 5, [key] * 5)
    assert {reply.status_code for reply in replies} == {200}
    assert [line["text"] for line in replies[-1].json()["transcript"]].count(GOOD) == 1


def test_of_two_tabs_that_send_at_once_one_is_taken_and_the_others_are_told(
    live: Live, api: httpx.Client
) -> None:
    room = start(api)
    texts = [f"{GOOD} From tab {n}." for n in range(5)]
    replies = send_together(live, room, texts, [str(uuid.uuid4()) for _ in texts])
    assert sorted(reply.status_code for reply in replies) == [200, 409, 409, 409, 409]
    said = [
        line
        for line in api.get(f"/api/v1/sessions/{room['session_id']}").json()["transcript"]
        if line["who"] == "you"
    ]
    assert len(said) == 1


def test_a_key_cannot_carry_other_words_later(api: httpx.Client) -> None:
    room, key = start(api), str(uuid.uuid4())
    assert turn(api, room, text=GOOD, **{"Idempotency-Key": key}).status_code == 200
    other = turn(api, room, text="Something else entirely.", **{"Idempotency-Key": key})
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-key-reused")


def test_the_key_of_a_button_cannot_swallow_an_answer(api: httpx.Client) -> None:
    room, key = start(api), str(uuid.uuid4())
    thinking = turn(api, room, "think", **{"Idempotency-Key": key}).json()
    reply = turn(api, thinking, text=GOOD, **{"Idempotency-Key": key})
    assert reply.status_code == 422
    assert reply.json()["type"].endswith("idempotency-key-reused")


def test_words_begun_survive_a_button_and_are_used_up_by_the_answer(api: httpx.Client) -> None:
    room = start(api)
    url = f"/api/v1/sessions/{room['session_id']}"
    api.put(f"{url}/draft", json={"text": "I began to", "after_seq": room["seq"]})
    room = turn(api, room, "repeat").json()
    assert room["draft"] == "I began to"
    assert turn(api, room, text=GOOD).json()["draft"] == ""


def test_the_form_keeps_words_begun_when_another_button_is_pressed(api: httpx.Client) -> None:
    room = start(api)
    url = f"/sessions/{room['session_id']}"
    form = {"kind": "think", "text": "I began to", "after_seq": str(room["seq"]), "key": "one"}
    page = api.post(f"{url}/turns", data=form, follow_redirects=True)
    assert page.status_code == 200
    assert "I began to</textarea>" in page.text


def test_the_form_of_an_old_page_gives_its_words_back(api: httpx.Client) -> None:
    room = start(api)
    url = f"/sessions/{room['session_id']}"
    form = {"kind": "think", "text": "", "after_seq": str(room["seq"]), "key": "one"}
    assert api.post(f"{url}/turns", data=form).status_code == 303
    reply = api.post(f"{url}/turns", data={**form, "kind": "answer", "text": "Words of the old page."})
    assert reply.status_code == 422
    assert "Words of the old page.</textarea>" in reply.text


@pytest.mark.parametrize("after", [2**31, 2**63, 10**30])
def test_a_number_that_no_database_can_hold_is_refused(api: httpx.Client, after: int) -> None:
    room = start(api)
    reply = api.put(
        f"/api/v1/sessions/{room['session_id']}/draft", json={"text": "hello", "after_seq": after}
    )
    assert reply.status_code == 422


def test_a_stale_tab_is_refused_and_gets_the_fresh_room(api: httpx.Client) -> None:
    room = start(api)
    fresh = turn(api, room, text=GOOD).json()
    late = turn(api, room, text="The same question, answered in another tab.")
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert late.json()["room"]["seq"] == fresh["seq"]
    assert len(late.json()["room"]["transcript"]) == len(fresh["transcript"])


@pytest.mark.parametrize("after", [999, 10**9])
def test_a_seq_from_the_future_is_stale(api: httpx.Client, after: int) -> None:
    room = start(api)
    body = {"kind": "answer", "text": GOOD, "after_seq": after}
    assert api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body).status_code == 409


def test_a_pause_hides_the_question_and_stops_the_clock(api: httpx.Client, live: Live) -> None:
    room = start(api)
    paused = turn(api, room, "pause").json()
    assert paused["state"] == "paused"
    assert paused["question"] is None
    assert not paused["clock"]["running"]
    assert turn(api, paused, text=GOOD).status_code == 409
    live.clock.advance(3600)
    resumed = turn(api, paused, "resume").json()
    assert resumed["state"] == "listening"
    assert resumed["question"]["text"] == room["question"]["text"]
    assert resumed["clock"]["used_s"] <= paused["clock"]["used_s"] + 5


def test_time_away_from_the_page_does_not_count(api: httpx.Client, live: Live) -> None:
    room = start(api)
    live.clock.advance(24 * 3600)
    back = api.get(f"/api/v1/sessions/{room['session_id']}").json()
    assert back["clock"]["used_s"] < 60  # who comes back the next day is not shown an empty clock
    after = turn(api, room, text=GOOD).json()
    assert after["state"] == "listening"
    assert after["clock"]["used_s"] < 60


def test_heartbeats_make_time_count_and_long_silence_is_met_kindly(api: httpx.Client, live: Live) -> None:
    room = start(api)
    url = f"/api/v1/sessions/{room['session_id']}"
    for _ in range(7):
        live.clock.advance(10)
        assert api.post(f"{url}/heartbeat", json={}).status_code == 204
    later = api.get(url).json()
    assert 60 <= later["clock"]["used_s"] <= 90
    assert later["notice"]
    assert (
        turn(api, {**room, "seq": room["seq"]}, text=GOOD).status_code == 200
    )  # a nudge does not make a page stale


@pytest.mark.parametrize("kind", ["repeat", "clarify", "think", "hint", "skip"])
def test_the_moves_of_the_dock_are_answered(api: httpx.Client, kind: str) -> None:
    room = start(api, mode="practice")
    done = turn(api, room, kind)
    assert done.status_code == 200
    assert done.json()["seq"] > room["seq"]
    assert done.json()["question"]


def test_a_skipped_question_is_not_observed_rather_than_low(api: httpx.Client) -> None:
    room = turn(api, start(api), text=GOOD).json()
    first = room["question"]["id"]
    room = turn(api, room, "skip").json()
    assert room["question"]["id"] != first
    scores = {
        score["question_id"]: score
        for score in api.get(f"/api/v1/sessions/{room['session_id']}/scores").json()
    }
    assert scores[first]["state"] == "not_observed"
    assert scores[first]["grade"] is None


def test_ending_early_keeps_everything(api: httpx.Client) -> None:
    room = turn(api, turn(api, start(api), text=GOOD).json(), text=GOOD).json()
    ended = turn(api, room, "end").json()
    assert ended["state"] == "ended"
    assert [line["text"] for line in ended["transcript"]].count(GOOD) == 2
    assert turn(api, ended, text=GOOD).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "answer", "text": "   ", "after_seq": 3}, 422),
        ({"kind": "answer", "text": "x" * 20_001, "after_seq": 3}, 422),
        ({"kind": "dance", "text": "", "after_seq": 3}, 422),
        ({"kind": "answer", "text": "hello"}, 422),
        ({"kind": "answer", "text": "hello", "after_seq": -1}, 422),
        ({"kind": "answer", "text": "hello", "after_seq": 3, "score": 100}, 422),
    ],
)
def test_a_turn_that_cannot_be_used_changes_nothing(
    api: httpx.Client, body: dict[str, Any], status: int
) -> None:
    room = start(api)
    reply = api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert api.get(f"/api/v1/sessions/{room['session_id']}").json()["seq"] == room["seq"]


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"kind": "answer", "text": "\xff", "after_seq": 3}', b"[]", b"null", b""]
)
def test_broken_json_is_a_clear_error(api: httpx.Client, raw: bytes) -> None:
    room = start(api)
    reply = api.post(
        f"/api/v1/sessions/{room['session_id']}/turns",
        content=raw,
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_text_with_a_null_character_is_stored_on_both_databases(api: httpx.Client) -> None:
    room = start(api)
    reply = turn(api, room, text=f"\u0000{GOOD}\ud7ff 🎉")
    assert reply.status_code == 200
    assert (
        next(line["text"] for line in reply.json()["transcript"] if line["who"] == "you")
        == f"{GOOD}\ud7ff 🎉"
    )
    assert start(api, company="Nul\u0000l & Söhne")["title"].endswith("Null & Söhne")


@pytest.mark.parametrize("path", ["", "/scores", "/report", "/events"])
def test_what_does_not_exist_is_404(api: httpx.Client, path: str) -> None:
    assert api.get(f"/api/v1/sessions/{uuid.uuid4()}{path}").status_code == 404
    assert api.get(f"/api/v1/sessions/not-an-id{path}").status_code == 404


def test_a_draft_comes_back_anywhere_and_an_old_page_does_not_overwrite_it(api: httpx.Client) -> None:
    room = start(api)
    url = f"/api/v1/sessions/{room['session_id']}"
    assert api.put(f"{url}/draft", json={"text": "I began to", "after_seq": room["seq"]}).status_code == 204
    assert api.get(url).json()["draft"] == "I began to"
    fresh = turn(api, room, text=GOOD).json()
    assert fresh["draft"] == ""
    assert api.put(f"{url}/draft", json={"text": "late words", "after_seq": room["seq"]}).status_code == 204
    assert api.get(url).json()["draft"] == ""


def test_sixty_turns_to_one_question_are_enough(api: httpx.Client) -> None:
    room = start(api, timing="off")
    for _ in range(60):
        reply = turn(api, room, "think")
        assert reply.status_code == 200
        room = reply.json()
    refused = turn(api, room, "think")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("too-many-turns")
    assert turn(api, room, "skip").status_code == 200
