"""A job target shapes the plan: what it asks for and what its goals name come up, and the plan says why."""

import httpx
import pytest

from greenroom.interviews.leanings import ASKED, NAMED, lean
from greenroom.library.catalog import load

COMPETENCIES = load().competencies


def make_job(api: httpx.Client, **fields: object) -> str:
    given = {"title": "Backend developer", "company": "Saltmarsh Water", "level": "mid", "role": "backend"}
    return api.post("/api/v1/jobs", json=given | fields).json()["id"]


def test_what_the_job_asks_for_gains_by_its_rank_and_goals_gain_more() -> None:
    found = lean(["planning", "teamwork", "learning", "integrity"], "Handle conflict better.", COMPETENCIES)
    assert [found[slug].weight for slug in ("planning", "teamwork", "learning")] == list(ASKED)
    assert "integrity" not in found
    assert found["conflict"].weight == NAMED
    assert "goals" in found["conflict"].why


@pytest.mark.parametrize("goals", ["", "Get the role.", "More knowledge and focus", "Make a good start"])
def test_words_that_name_no_competency_move_nothing(goals: str) -> None:
    assert lean([], goals, COMPETENCIES) == {}


def test_goals_of_a_job_target_bring_their_competency_into_the_plan(api: httpx.Client) -> None:
    job = make_job(api, goals="I want to practise influence and integrity.")
    spec = {"role": "backend", "minutes": 15, "type": "behavioral", "seed": 3}
    plain = api.post("/api/v1/plans", json=spec).json()
    shaped = api.post("/api/v1/plans", json=spec | {"job_id": job}).json()
    topics = {block["competency"] for block in shaped["blocks"]}
    assert not {"influence", "integrity"} & {block["competency"] for block in plain["blocks"]}
    assert {"influence", "integrity"} <= topics
    assert any("your goals name it" in block["why"] for block in shaped["blocks"])


def test_the_set_up_of_a_job_target_is_filled_and_begins_with_the_shaped_plan(api: httpx.Client) -> None:
    job = make_job(
        api, goals="Influence", text="You run our billing services. Must have: Python, PostgreSQL."
    )
    page = api.get("/new", params={"job": job, "minutes": "15", "type": "behavioral"}).text
    assert "Saltmarsh Water" in page
    assert "your goals name it" in page
    assert f'name="job_id" value="{job}"' in page
    read = make_job(api, goals="Influence")  # without a text there is nothing to be read first
    assert f"job={read}" in api.get(f"/jobs/{read}").text


def test_a_job_that_was_deleted_leaves_the_plan_as_it_is(api: httpx.Client) -> None:
    job = make_job(api, goals="Influence")
    api.delete(f"/api/v1/jobs/{job}")
    plan = api.post("/api/v1/plans", json={"role": "backend", "minutes": 15, "job_id": job})
    assert plan.status_code == 200
    assert not any("goals" in block["why"] for block in plan.json()["blocks"])
