"""Résumé, job target and company notes in the interview itself."""

from typing import Any

import httpx
import pytest

from tests.documents.test_api import JOB, RESUME, settled, upload
from tests.room.test_turns import GOOD, start, turn


@pytest.fixture
def resume(api: httpx.Client) -> dict[str, Any]:
    return upload(api, RESUME.upload(), "maren.txt", name="Maren")


@pytest.fixture
def job(api: httpx.Client) -> dict[str, Any]:
    made = api.post("/api/v1/jobs", json={"text": JOB.source["text"], "goals": "Say less, show more."}).json()
    return settled(api, f"/api/v1/jobs/{made['id']}")


def test_an_answer_that_differs_from_the_resume_is_asked_about_politely(
    api: httpx.Client, resume: dict[str, Any]
) -> None:
    room = turn(api, start(api, resume_id=resume["id"], type="behavioral", minutes=30), text=GOOD).json()
    position = resume["facts"]["positions"][0]
    said = f"I joined {position['employer']} in 2012 and led the whole department there. {GOOD}"
    room = turn(api, room, text=said).json()
    asked = [line["text"] for line in room["transcript"] if line["kind"] == "follow_up"]
    assert any(position["employer"] in text and "2012" in text for text in asked), asked


def test_a_job_target_fills_the_set_up_and_steers_the_questions(
    api: httpx.Client, job: dict[str, Any]
) -> None:
    page = api.get("/new", params={"job": job["id"]}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert job["id"] in page.text
    assert start(api, job_id=job["id"])["question"]


def test_another_persons_or_a_deleted_resume_does_not_exist(
    api: httpx.Client, resume: dict[str, Any]
) -> None:
    room = start(api, resume_id=resume["id"])
    assert api.delete(f"/api/v1/resumes/{resume['id']}").status_code == 204
    assert api.post("/api/v1/interviews", json={"resume_id": resume["id"]}).status_code == 404
    assert turn(api, room, text=GOOD).status_code == 200  # the session goes on, without it
