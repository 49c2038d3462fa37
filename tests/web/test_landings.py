"""Nobody meets an error who opens the address of a form; what was created says where it is; limits read as numbers."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.architecture.test_twins import routes_of
from tests.reports.test_report import wait_for_scores
from tests.room.test_turns import finish, start

from greenroom.landings import ELSEWHERE, page_of, shape


def test_every_address_that_only_takes_a_form_leads_to_a_page(tmp_path: Path) -> None:
    routes = routes_of(tmp_path)
    pages = {shape(route.removeprefix("GET ")) for route in routes if route.startswith("GET ")}
    forms = {
        route.removeprefix("POST ") for route in routes if route.startswith("POST /") and "/api/" not in route
    }
    assert {shape(form) for form in forms} <= pages
    assert set(ELSEWHERE.values()) <= pages
    assert all(page_of(form, pages) in pages for form in forms)


@pytest.mark.parametrize(
    ("form", "page"), [("/plan", "/new"), ("/sample", "/history"), ("/jobs", "/prepare")]
)
def test_opening_a_form_by_hand_lands_on_its_page(api: httpx.Client, form: str, page: str) -> None:
    reply = api.get(form, headers={"Accept": "text/html"})
    assert (reply.status_code, reply.headers["location"]) == (303, page)
    assert api.get(page).status_code == 200


def test_a_form_of_a_session_leads_to_that_session(api: httpx.Client) -> None:
    number = uuid4()
    assert api.get(f"/sessions/{number}/rating").headers["location"] == f"/sessions/{number}/report"
    assert api.get("/sessions/%0d%0aSet-Cookie:x/turns").headers["location"].startswith("/sessions/%0D%0A")


def test_what_was_created_says_where_it_is(api: httpx.Client) -> None:
    made = api.post("/api/v1/interviews", json={"role": "backend", "minutes": 15})
    begun = api.post(f"/api/v1/interviews/{made.json()['id']}/sessions")
    company = api.post("/api/v1/companies", json={"name": "Saltmarsh Water", "notes": "They value calm."})
    room = finish(api, start(api))
    scores = wait_for_scores(api, room["session_id"])
    session, question = f"/api/v1/sessions/{room['session_id']}", scores[0]["question_id"]
    replies = [
        made, begun, company, api.post("/api/v1/sample"), api.post(f"{session}/retries", json={}),
        api.post(f"{session}/questions/{question}/retries"),
        api.post(f"{session}/scores/{question}/disputes", json={"text": "I did say it."}),
    ]  # fmt: skip
    for reply in replies:
        assert reply.status_code == 201, reply.text
        assert api.get(reply.headers["location"]).status_code == 200


def test_limits_are_written_as_people_write_numbers(api: httpx.Client) -> None:
    room = start(api)
    body = {"kind": "answer", "text": "x" * 20_001, "after_seq": room["seq"]}
    refused = api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body)
    assert refused.status_code == 422
    assert "20,000" in refused.text
    assert "20000" not in refused.text
