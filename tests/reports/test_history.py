"""The history over HTTP: results, order, filters, pages, comparison and the sample."""

import itertools
import uuid
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.live import Live
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import finish, start

_companies = itertools.count(1)


def practise(api: httpx.Client, **spec: Any) -> dict[str, Any]:
    room = finish(api, start(api, **spec))
    wait_for_scores(api, room["session_id"])
    return room


def listed(api: httpx.Client, **params: Any) -> list[dict[str, Any]]:
    reply = api.get("/api/v1/sessions", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture(scope="module")
def company() -> str:
    """A name no other test uses: the sessions of this module, and nothing else, carry it."""
    return f"Ferry {next(_companies)} {uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def three(live: Live, company: str) -> list[dict[str, Any]]:
    """Three finished sessions: good answers, poor ones, and one without any."""
    poor = (
        "I would talk to the people involved and look for a compromise, because communication is important."
    )
    with live.client() as api:
        good = practise(api, company=company, role="backend")
        weak = finish(api, start(api, company=company, role="registered_nurse", type="behavioral"), poor)
        wait_for_scores(api, weak["session_id"])
        empty = start(api, company=company, role="data_analyst", type="behavioral")
        reply = api.post(
            f"/api/v1/sessions/{empty['session_id']}/turns",
            json={"kind": "end", "text": "", "after_seq": empty["seq"]},
        )
        assert reply.status_code == 200
        return [good, weak, empty]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["session_id"] if "session_id" in row else row["id"] for row in rows]


def test_the_list_shows_the_overall_of_the_report(
    api: httpx.Client, three: list[dict[str, Any]], company: str
) -> None:
    for row in listed(api, company=company):
        report = read(api, row["id"])
        judged = report["overall"]["judged"]
        assert row["overall"] == (judged["score"] if judged else None)
        levels = [card["judged"] for card in report["cards"] if card["judged"]]
        assert row["assessed"] == len(levels)
        assert row["at_target"] == sum(level["level"] >= level["target"] - 0.25 for level in levels)
        assert bool(row["ribbon"]) == bool(row["questions_asked"])


def test_sessions_come_in_the_order_asked_for(
    api: httpx.Client, three: list[dict[str, Any]], company: str
) -> None:
    good, weak, empty = ids(three)
    assert ids(listed(api, company=company)) == [empty, weak, good]
    assert ids(listed(api, company=company, order="oldest")) == [good, weak, empty]
    assert ids(listed(api, company=company, order="role")) == [good, empty, weak]
    assert ids(listed(api, company=company, order="score")) == [good, weak, empty]


@pytest.mark.parametrize("order", ["newest", "oldest", "role", "score"])
def test_pages_follow_each_other_without_gap_or_repeat(
    api: httpx.Client, three: list[dict[str, Any]], company: str, order: str
) -> None:
    whole = ids(listed(api, company=company, order=order))
    first = api.get("/api/v1/sessions", params={"company": company, "order": order, "limit": 2})
    following = first.links["next"]["url"]
    second = api.get(following)
    assert ids(first.json()) + ids(second.json()) == whole
    assert "next" not in second.links


def test_filters_leave_what_fits(api: httpx.Client, three: list[dict[str, Any]], company: str) -> None:
    good, weak, empty = ids(three)
    overall = {row["id"]: row["overall"] for row in listed(api, company=company)}
    assert ids(listed(api, company=company[:10].lower(), role="backend", q=company)) == [good]
    assert set(ids(listed(api, company=company, type="behavioral"))) == {weak, empty}
    assert ids(listed(api, company=company, least=overall[good])) == [good]
    assert set(ids(listed(api, company=company, least=overall[weak]))) == {good, weak}
    assert ids(listed(api, company=company, least=100)) == []
    assert listed(api, company=company, to="2020-01-01") == []
    assert listed(api, company=company, **{"from": "2199-01-01"}) == []
    assert len(listed(api, company=company, **{"from": "2020-01-01", "to": "2199-01-01"})) == 3


@pytest.mark.parametrize(
    "params", [{"order": "loudest"}, {"least": 101}, {"from": "yesterday"}, {"type": "chess"}, {"limit": 0}]
)
def test_a_filter_that_cannot_be_used_is_refused_by_the_api_and_named_on_the_page(
    api: httpx.Client, params: dict[str, Any]
) -> None:
    assert api.get("/api/v1/sessions", params=params).status_code == 422
    page = api.get("/history", params=params)
    assert page.status_code == 200
    assert next(iter(params)) in page.text.split('role="alert"')[1].split("</p>")[0]


def test_a_page_after_a_session_that_is_gone_is_a_clear_error(api: httpx.Client) -> None:
    gone = api.get("/api/v1/sessions", params={"order": "score", "before": str(uuid.uuid4())})
    assert gone.status_code == 404


def test_two_sessions_are_compared_and_a_change_needs_intervals_that_do_not_touch(
    api: httpx.Client, three: list[dict[str, Any]]
) -> None:
    good, weak, _ = ids(three)
    found = api.get("/api/v1/comparisons", params={"a": weak, "b": good}).json()
    assert [found["earlier"]["session_id"], found["later"]["session_id"]] == [good, weak]
    assert found["comparable"]
    for row in [found["overall"], *found["rows"]]:
        before, after = row["earlier"], row["later"]
        if before and after:
            assert row["difference"] == round(after["level"] - before["level"], 1)
            claimed = (
                "higher"
                if after["low"] > before["high"]
                else "lower"
                if after["high"] < before["low"]
                else "unclear"
            )
            assert row["change"] == claimed
        else:
            assert row["change"] == "unseen"
            assert row["difference"] is None
    page = api.get("/history/compare", params={"a": good, "b": weak})
    assert page.status_code == 200
    assert page.text.count("improved") == 0


def test_comparing_needs_two_different_sessions_of_ones_own(
    api: httpx.Client, three: list[dict[str, Any]]
) -> None:
    good, *_ = ids(three)
    assert api.get("/api/v1/comparisons", params={"a": good, "b": good}).status_code == 422
    assert api.get("/api/v1/comparisons", params={"a": good, "b": str(uuid.uuid4())}).status_code == 404
    assert api.get("/api/v1/comparisons", params={"a": good}).status_code == 422
    assert api.get("/history/compare", params={"a": good}).headers["location"] == f"/history?pick={good}"
    assert api.get("/history/compare").headers["location"] == "/history"


def test_renaming_keeps_the_result_in_the_row(api: httpx.Client, three: list[dict[str, Any]]) -> None:
    good, *_ = ids(three)
    before = next(row for row in listed(api) if row["id"] == good)
    renamed = api.patch(f"/api/v1/sessions/{good}", json={"name": "Ferry one"}).json()
    assert renamed == {**before, "name": "Ferry one"}


def test_the_sample_is_a_finished_session_that_says_what_it_is(api: httpx.Client, live: Live) -> None:
    key = str(uuid.uuid4())
    made = api.post("/api/v1/sample", headers={"Idempotency-Key": key})
    now = live.clock()
    assert made.status_code == 201, made.text
    again = api.post("/api/v1/sample", headers={"Idempotency-Key": key})
    sample = made.json()
    assert again.json()["id"] == sample["id"]
    assert (sample["kind"], sample["state"], sample["questions_asked"]) == ("sample", "ended", 3)
    assert 150 <= sample["used_s"] <= 240
    assert datetime.fromisoformat(sample["ended_at"]) <= now
    scores = wait_for_scores(api, sample["id"])
    asked = {score["grade"]["level"]: score["competency"] for score in scores}
    assert asked[max(asked)] == "planning"
    assert asked[min(asked)] == "problem_solving"
    report = read(api, sample["id"])
    assert report["kind"] == "sample"
    assert report["overall"]["state"] == "assessed"
    assert report["own"]["state"] == "skipped"
    assert "This is the sample" in api.get(f"/sessions/{sample['id']}/report").text
    room = api.get(f"/api/v1/sessions/{sample['id']}").json()
    kinds = [line["kind"] for line in room["transcript"] if line["who"] == "you"]
    assert kinds.count("answer") >= 3


def test_the_sample_is_no_practice_and_goes_like_any_other(api: httpx.Client) -> None:
    before = api.get("/history").text.split('id="role"')[1].split("</select>")[0]
    sample = api.post("/api/v1/sample").json()
    assert api.get("/history").text.split('id="role"')[1].split("</select>")[0] == before
    interviews = [row["id"] for row in api.get("/api/v1/interviews").json()]
    assert sample["interview_id"] in interviews
    url = f"/api/v1/sessions/{sample['id']}"
    assert api.delete(url).status_code == 204
    assert sample["id"] not in ids(listed(api))
    assert sample["interview_id"] not in [row["id"] for row in api.get("/api/v1/interviews").json()]
    assert api.get(f"{url}/report").status_code == 404
    assert api.post(f"{url}/restore").status_code == 204
    assert sample["id"] in ids(listed(api))
    assert sample["interview_id"] in [row["id"] for row in api.get("/api/v1/interviews").json()]
    assert api.delete(url).status_code == 204
