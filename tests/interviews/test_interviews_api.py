"""Interviews over HTTP: create, list, rename, delete with undo, and what cannot be had."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from greenroom.interviews.models import SessionRow
from tests.live import Live
from tests.room.test_turns import GOOD, finish, start, turn
from tests.waiting import until


def create(api: httpx.Client, **spec: object) -> dict:
    made = api.post("/api/v1/interviews", json={"role": "backend", "minutes": 15, **spec})
    assert made.status_code == 201, made.text
    return made.json()


def test_a_plan_fits_its_minutes_and_names_its_panel(api: httpx.Client) -> None:
    plan = create(api, minutes=30, panel=3)["plan"]
    assert sum(block["seconds"] for block in plan["blocks"]) == 30 * 60
    assert len(plan["panel"]) == 3
    assert {block["persona"] for block in plan["blocks"]} <= {card["slug"] for card in plan["panel"]}


def test_a_preview_keeps_nothing(api: httpx.Client) -> None:
    before = api.get("/api/v1/interviews", params={"limit": 100}).json()
    assert api.post("/api/v1/plans", json={"role": "registered_nurse", "minutes": 30}).status_code == 200
    assert api.get("/api/v1/interviews", params={"limit": 100}).json() == before


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"job_description": "x" * 50_001}, "job_description"),
        ({"panel": 5}, "panel"),
        ({"panel": 0}, "panel"),
        ({"minutes": 20}, "minutes"),
        ({"level": "guru"}, "level"),
        ({"role": ""}, "role"),
        ({"company": "x" * 121}, "company"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_spec_that_cannot_be_used_names_the_field(api: httpx.Client, spec: dict, field: str) -> None:
    reply = api.post("/api/v1/interviews", json=spec)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_the_longest_job_description_is_taken(api: httpx.Client) -> None:
    assert create(api, job_description="x" * 50_000)["id"]


def test_the_same_key_creates_one_interview(api: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = api.post("/api/v1/interviews", json={"minutes": 15}, headers=key)
    again = api.post("/api/v1/interviews", json={"minutes": 15}, headers=key)
    other = api.post("/api/v1/interviews", json={"minutes": 30}, headers=key)
    assert first.json()["id"] == again.json()["id"]
    assert other.status_code == 422


def test_the_same_key_at_the_same_moment_creates_one_interview(live: Live) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def send(_: int) -> httpx.Response:
        with live.client() as client:
            return client.post("/api/v1/interviews", json={"minutes": 15}, headers=key)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(send, range(6)))
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json()["id"] for reply in replies}) == 1


def test_pages_of_interviews_follow_each_other(api: httpx.Client) -> None:
    made = [create(api)["id"] for _ in range(3)]
    first = api.get("/api/v1/interviews", params={"limit": 2}).json()
    second = api.get("/api/v1/interviews", params={"limit": 1, "before": first[-1]["id"]}).json()
    assert [row["id"] for row in (*first, *second)] == made[::-1]


def test_an_interview_can_be_renamed_and_its_new_name_is_trimmed(api: httpx.Client) -> None:
    made = create(api)
    renamed = api.patch(f"/api/v1/interviews/{made['id']}", json={"name": "  Dress rehearsal "})
    assert renamed.json()["name"] == "Dress rehearsal"
    assert api.patch(f"/api/v1/interviews/{made['id']}", json={"name": "   "}).status_code == 422


def test_a_deleted_session_can_be_brought_back_for_ten_seconds(api: httpx.Client) -> None:
    room = start(api)
    url = f"/api/v1/sessions/{room['session_id']}"
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404
    assert turn(api, room, text=GOOD).status_code == 404
    assert room["session_id"] not in [row["id"] for row in api.get("/api/v1/sessions").json()]
    assert api.post(f"{url}/restore").status_code == 204
    assert api.get(url).status_code == 200


@pytest.mark.parametrize("kind", ["sessions", "interviews"])
def test_the_undo_closes_after_ten_seconds_though_no_worker_has_deleted_yet(
    live: Live, api: httpx.Client, kind: str
) -> None:
    room = start(api)
    url = f"/api/v1/{kind}/{room['session_id' if kind == 'sessions' else 'interview_id']}"
    assert api.delete(url).status_code == 204
    live.clock.advance(11)
    refused = api.post(f"{url}/restore")
    assert refused.status_code == 404
    assert "ten seconds are over" in refused.json()["detail"]


@pytest.mark.slow
def test_after_ten_seconds_a_deleted_session_is_gone_for_good_and_a_restored_one_is_not(
    live: Live, api: httpx.Client
) -> None:
    gone, back = finish(api, start(api)), start(api)
    for room in (gone, back):
        assert api.delete(f"/api/v1/sessions/{room['session_id']}").status_code == 204
    assert api.post(f"/api/v1/sessions/{back['session_id']}/restore").status_code == 204
    for room in (gone, back):
        until(lambda: live.open_jobs(room["session_id"]) == 0)  # noqa: B023 - called at once
    assert api.post(f"/api/v1/sessions/{gone['session_id']}/restore").status_code == 404
    assert api.get(f"/api/v1/sessions/{gone['session_id']}/scores").status_code == 404
    assert live.run(count_rows(live, gone)) == 0
    assert api.get(f"/api/v1/sessions/{back['session_id']}").status_code == 200


async def count_rows(live: Live, room: dict) -> int:
    async with live.app.state.context.database.read() as db:
        session = SessionRow.id == UUID(room["session_id"])
        return await db.scalar(select(func.count()).select_from(SessionRow).where(session)) or 0


def test_practising_again_asks_other_questions(api: httpx.Client) -> None:
    rooms = [finish(api, start(api))]
    for _ in range(3):  # more than the bank can fill without coming back to earlier ones
        again = api.post(f"/api/v1/interviews/{rooms[0]['interview_id']}/sessions").json()
        rooms.append(finish(api, again))

    def asked(room: dict) -> set[str]:
        return {line["text"] for line in room["transcript"] if line["kind"] == "question"}

    for room, following in pairwise(rooms):
        assert not asked(room) & asked(following)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "'; drop table sessions; --", "{{ 8191 * 131071 }}"]
)
def test_hostile_words_are_shown_as_text(api: httpx.Client, words: str) -> None:
    room = start(api, company=words)
    room = turn(api, room, text=f"{words} {GOOD}").json()
    page = api.get(f"/sessions/{room['session_id']}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text
    assert str(8191 * 131071) not in page.text.split("<main")[1].split("</main>")[0]
    history = api.get("/api/v1/sessions", params={"q": words}).json()
    assert room["session_id"] in [row["id"] for row in history]


@pytest.mark.parametrize("name", ["\u0000", "  ", "\u200b\u200e", "\u202e"])
def test_a_name_with_nothing_to_see_keeps_the_old_one(api: httpx.Client, name: str) -> None:
    made = create(api)
    session = api.post(f"/api/v1/interviews/{made['id']}/sessions").json()["session_id"]
    assert api.patch(f"/api/v1/interviews/{made['id']}", json={"name": name}).status_code == 422
    assert api.patch(f"/api/v1/sessions/{session}", json={"name": name}).status_code == 422
    assert api.post(f"/sessions/{session}/rename", data={"name": name}).status_code == 303
    assert api.get(f"/api/v1/sessions/{session}").json()["title"] == made["name"]


@pytest.mark.parametrize("path", ["/api/v1/sessions?q=%00", "/api/v1/sessions?role=a%00", "/history?q=%00"])
def test_a_search_for_what_cannot_be_stored_finds_or_misses(api: httpx.Client, path: str) -> None:
    assert api.get(path).status_code == 200


def test_a_form_with_a_null_character_is_taken_on_both_databases(api: httpx.Client) -> None:
    key = f"{uuid.uuid4()}\u0000"
    reply = api.post(
        "/interviews", data={"role": "backend", "company": "A\u0000B", "minutes": "15", "key": key}
    )
    assert reply.status_code == 303
