"""Role fit and evidence left unused: each line with the words that show it, on the page, in the API and in every file."""

import io
from typing import Any

import httpx
import pypdf
import pytest

from greenroom.documents import vocabulary
from greenroom.documents.schemas import JobFacts, Requirement, Result, ResumeFacts
from greenroom.reports.fit import Papers, fit_role, list_unused
from greenroom.reports.schemas import Piece, PointLine, QuestionCard, Spoken
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import GOOD, finish, start
from tests.waiting import until

RESUME = """Mara Lindqvist
Backend engineer

Experience
Backend engineer, Saltmarsh Water, 2019-03 to 2024-06
- Moved scheduled jobs from cron to Celery and RabbitMQ for four teams.
- Cut the nightly settlement run from 140 minutes to 22 minutes by batching writes.

Skills
Python, PostgreSQL, RabbitMQ
"""
JOB = """Backend engineer, Tidewater Rail

What you need
- Experience with message queues such as RabbitMQ
- Strong PostgreSQL
- Experience with Kubernetes
"""


def wait_until_read(api: httpx.Client, url: str) -> None:
    until(lambda: api.get(url).json()["reading"], lambda reading: reading["state"] == "ready")


@pytest.fixture(scope="module")
def papers(live) -> dict[str, Any]:
    """A finished session that was given a job target and a résumé; its answers speak of PostgreSQL only."""
    with live.client() as api:
        resume = api.post("/api/v1/resumes", json={"name": "Spring", "text": RESUME}).json()["id"]
        job = api.post("/api/v1/jobs", json={"title": "Backend engineer", "company": "Tidewater Rail", "text": JOB}).json()["id"]  # fmt: skip
        wait_until_read(api, f"/api/v1/resumes/{resume}")
        wait_until_read(api, f"/api/v1/jobs/{job}")
        room = start(api, mode="graded", type="behavioral", resume_id=resume, job_id=job)
        room = finish(api, room, f"{GOOD} I did that in PostgreSQL, where I rewrote the query myself.")
        wait_for_scores(api, room["session_id"])
        api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
        return {"session": room["session_id"], "resume": resume, "job": job}


def test_the_report_shows_what_the_job_asks_beside_the_words_that_show_it(
    api: httpx.Client, papers: dict[str, Any]
) -> None:
    fitted = read(api, papers["session"])["fit"]
    assert fitted["job"] == "Backend engineer, Tidewater Rail"
    lines = {line["requirement"]: line for line in fitted["lines"]}
    queues = lines["Experience with message queues such as RabbitMQ"]
    assert (queues["resume"], queues["answers"]) == ("covered", "missing")
    assert "Celery and RabbitMQ" in queues["resume_words"]
    spoken = lines["Strong PostgreSQL"]
    assert spoken["answers"] == "covered"
    assert spoken["answer_words"] == "I did that in PostgreSQL, where I rewrote the query myself."
    assert spoken["question"] == 1
    assert lines["Experience with Kubernetes"]["resume"] == "missing"
    assert fitted["musts_shown"] == 1


def test_evidence_of_the_resume_that_no_answer_used_is_listed(
    api: httpx.Client, papers: dict[str, Any]
) -> None:
    unused = {line["words"]: line for line in read(api, papers["session"])["unused"]}
    queues = unused["Moved scheduled jobs from cron to Celery and RabbitMQ for four teams."]
    assert queues["asked_by"] == "Experience with message queues such as RabbitMQ"
    assert "Cut the nightly settlement run from 140 minutes to 22 minutes by batching writes." in unused


def test_page_and_files_show_the_same(api: httpx.Client, papers: dict[str, Any]) -> None:
    session = papers["session"]
    page = api.get(f"/sessions/{session}/report").text
    marked = api.get(f"/sessions/{session}/report.md").text
    document = pypdf.PdfReader(io.BytesIO(api.get(f"/sessions/{session}/report.pdf").content))
    printed = " ".join("".join(page.extract_text() for page in document.pages).split())
    for shown in (page, marked, printed):
        assert "Role fit" in shown
        assert "Evidence you have and did not use" in shown
        assert "Celery and RabbitMQ" in shown
        assert "message queues such as RabbitMQ" in shown


def test_a_session_without_papers_has_neither(api: httpx.Client) -> None:
    room = finish(api, start(api))
    report = read(api, room["session_id"])
    assert report["fit"] is None
    assert report["unused"] == []


def test_a_pasted_description_is_enough_for_role_fit(api: httpx.Client) -> None:
    description = "You need experience with PostgreSQL. You need knowledge of message queues."
    room = finish(api, start(api, job_description=description), f"{GOOD} I did it in PostgreSQL myself.")
    fitted = read(api, room["session_id"])["fit"]
    assert [line["resume"] for line in fitted["lines"]] == [None, None]
    assert fitted["lines"][0]["answers"] == "covered"


def test_a_deleted_resume_leaves_the_report(api: httpx.Client, papers: dict[str, Any]) -> None:
    url = f"/api/v1/resumes/{papers['resume']}"
    assert api.delete(url).status_code == 204
    report = read(api, papers["session"])
    assert report["unused"] == []
    assert report["fit"]["lines"][0]["resume"] is None
    assert api.post(f"{url}/restore").status_code == 204
    assert read(api, papers["session"])["unused"]


def card(number: int, said: str, **more: Any) -> QuestionCard:
    pieces = [Piece(text=said)]
    turns = [Spoken(seq=number, who="you", name="You", offset_s=0, pieces=pieces)] if said else []
    return QuestionCard.model_validate(
        {
            "id": f"q{number}", "number": number, "state": "assessed", "persona": "A", "competency": None,
            "competency_title": "", "offset_s": 0, "question": "What went wrong?", "turns": turns, "words": 1, "spoken_s": 1,
            **more,
        }
    )  # fmt: skip


def given(*musts: str, resume: ResumeFacts | None = None, text: str = "") -> Papers:
    facts = JobFacts(must_haves=[Requirement(text=must) for must in musts])
    return Papers(facts if musts else None, "", resume, text, vocabulary.load())


@pytest.mark.parametrize(
    ("asked", "said", "coverage"),
    [
        ("Keeps releases calm for eight developers", "I keep releases calm for the eight developers.", "covered"),
        ("Keeps releases calm for eight developers", "Our developers argued about who may interrupt whom.", "missing"),
        ("Experience in payments", "The law on accessible payment was due in June.", "missing"),
        ("Anything at all", "", "missing"),
    ],
)  # fmt: skip
def test_one_word_in_common_shows_nothing(asked: str, said: str, coverage: str) -> None:
    found = fit_role(given(asked), [card(1, said)])
    assert found
    assert found.lines[0].answers == coverage
    assert (found.lines[0].question == 1) == (coverage != "missing")


def test_what_an_answer_said_is_not_unused_and_what_serves_a_question_comes_first() -> None:
    results = [
        "Cut waiting from 9 days to 2.",
        "Raised turnover of the harbour kiosk by 30%.",
        "Halved scrap of the press line.",
    ]
    resume = ResumeFacts(results=[Result(text=text) for text in results])
    cards = [
        card(1, "We cut the waiting of nine days down to two days.", question="Tell me about a queue."),
        card(2, "I do not recall.", points=[PointLine(text="scrap of the press line falls", state="miss")]),
    ]
    unused = list_unused(given(resume=resume, text="\n".join(results)), cards)
    assert [(line.words, line.questions) for line in unused] == [(results[2], [2]), (results[1], [])]


def test_without_any_answer_nothing_was_left_unused() -> None:
    resume = ResumeFacts(results=[Result(text="Halved scrap of the press line.")])
    assert list_unused(given(resume=resume), [card(1, "")]) == []
    assert list_unused(None, [card(1, "Yes.")]) == []


def test_a_requirement_that_a_narrow_column_broke_is_shown_whole(api: httpx.Client) -> None:
    text = """Backend engineer

What you need
- At least three years of running services in
  production where an outage costs money
- You explain trade-offs to colleagues who do not
write code, e.g. Sales and support
- Kubernetes
"""
    made = api.post("/api/v1/jobs", json={"title": "Backend engineer", "text": text}).json()
    wait_until_read(api, f"/api/v1/jobs/{made['id']}")
    found = api.get(f"/api/v1/jobs/{made['id']}").json()["facts"]["must_haves"]
    assert [line["text"] for line in found] == [
        "At least three years of running services in production where an outage costs money",
        "You explain trade-offs to colleagues who do not write code, e.g. Sales and support",
        "Kubernetes",
    ]
    places = [found[0]["span"]["start"], found[0]["span"]["end"]]
    assert "\n" in text[slice(*places)]
    assert " ".join(text[slice(*places)].split()) == found[0]["text"]


def test_a_long_sentence_is_whole_in_the_api_and_a_press_away_on_the_page() -> None:
    sentence = "I moved " + "another of the many nightly jobs and " * 20 + "the last one to RabbitMQ."
    fitted = fit_role(given("Moved nightly jobs to RabbitMQ"), [card(1, sentence)])
    assert fitted is not None
    assert fitted.lines[0].answer_words == sentence
