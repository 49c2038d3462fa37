"""Dimensions of a session over HTTP: a level with its interval where answers show it, words where they do not."""

import io
import re
from types import SimpleNamespace
from typing import Any

import httpx
import pypdf
import pytest

from greenroom.grading.dimensions import load_scheme
from greenroom.grading.schemas import ScoreView
from greenroom.library import catalog
from greenroom.reports.dimensions import build_dimensions
from greenroom.reports.schemas import QuestionCard
from tests.reports.test_practice import shown
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import GOOD, finish, start, turn

ORDER = [
    "Content", "Depth", "Structure", "Communication", "Soft skills", "Timing", "Technical accuracy", "Role fit",
    "Company fit",
]  # fmt: skip


@pytest.fixture(scope="module")
def held(live) -> dict[str, dict[str, Any]]:
    """Finished and judged sessions by what they are; their own rating is still open."""
    specs = {
        "graded": {"mode": "graded", "type": "behavioral", "seed": 11},
        "practice": {"mode": "practice", "type": "behavioral", "seed": 11},
        "mixed": {"mode": "graded", "type": "mixed", "seed": 3},
    }
    found = {}
    with live.client() as api:
        for name, spec in specs.items():
            found[name] = finish(api, start(api, **spec))
            wait_for_scores(api, found[name]["session_id"])
    return found


def page_of(api: httpx.Client, room: dict[str, Any]) -> str:
    return api.get(f"/sessions/{room['session_id']}/report").text


def skip_rating(api: httpx.Client, room: dict[str, Any]) -> None:
    reply = api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
    assert reply.status_code == 204, reply.text


def show_answers(report: dict[str, Any], dimension: str) -> int:
    """How many judged answers have an observed criterion of a dimension."""
    parts = load_scheme().dimensions[dimension]  # type: ignore[index]
    return sum(
        any(
            line["id"] in parts and line["level"] is not None and line["state"] != "not_observed"
            for line in card["criteria"]
        )
        for card in report["cards"]
        if card["judged"]
    )


@pytest.mark.parametrize("kind", ["graded", "practice", "mixed"])
def test_each_dimension_stands_once_with_an_interval_or_with_words(
    api: httpx.Client, held: dict[str, dict[str, Any]], kind: str
) -> None:
    report = read(api, held[kind]["session_id"])
    assert [line["title"] for line in report["dimensions"]] == ORDER
    for line in report["dimensions"]:
        assert line["answers"] == show_answers(report, line["dimension"])
        if line["answers"] >= 2:
            judged = line["judged"]
            assert 1 <= judged["low"] < judged["high"] <= 5
            assert judged["low"] <= judged["level"] <= judged["high"]
            assert judged["target"] == report["overall"]["judged"]["target"]
        else:
            assert line["judged"] is None
            assert line["stand"] == ("few" if line["answers"] else "not_observed")
            assert bool(line["note"]) != bool(line["answers"])
    assert any(line["judged"] for line in report["dimensions"])


def test_a_dimension_that_one_answer_shows_has_no_level(
    api: httpx.Client, held: dict[str, dict[str, Any]]
) -> None:
    skip_rating(api, held["mixed"])
    lines = read(api, held["mixed"]["session_id"])["dimensions"]
    few = [line for line in lines if line["answers"] == 1]
    assert few, [(line["title"], line["answers"]) for line in lines]
    assert all(line["stand"] == "few" and line["judged"] is None for line in few)
    assert "too few answers" in page_of(api, held["mixed"])


def test_one_assessed_answer_says_nothing_of_any_dimension(api: httpx.Client) -> None:
    room = turn(api, start(api, mode="graded", type="behavioral"), text=GOOD).json()
    while room["counter"]["number"] < 2:
        room = turn(api, room, text=GOOD).json()
    turn(api, room, "end")
    wait_for_scores(api, room["session_id"])
    skip_rating(api, room)
    report = read(api, room["session_id"])
    assert report["overall"]["state"] == "not_enough"
    assert {line["stand"] for line in report["dimensions"]} == {"few", "not_observed"}
    assert all(line["judged"] is None for line in report["dimensions"])
    assert 'id="h-dim"' not in page_of(api, room)
    assert "## Dimensions" not in api.get(f"/sessions/{room['session_id']}/report.md").text


@pytest.mark.parametrize("reason", ["pending", "versions"])
def test_no_dimension_has_a_level_where_the_overall_has_none(
    api: httpx.Client, held: dict[str, dict[str, Any]], reason: str
) -> None:
    session = held["graded"]["session_id"]
    scores = [
        ScoreView.model_validate(score) for score in api.get(f"/api/v1/sessions/{session}/scores").json()
    ]
    cards = [QuestionCard.model_validate(card) for card in read(api, session)["cards"]]
    library = catalog.load()
    facts: Any = SimpleNamespace(
        scores=scores, scheme=load_scheme(), library=library, spec=SimpleNamespace(role="backend", level="mid"),
        items=dict.fromkeys((card.id for card in cards), next(iter(library.items.values()))),
    )  # fmt: skip
    assert build_dimensions(facts, cards)[0].judged
    if reason == "pending":
        cards[0] = cards[0].model_copy(update={"state": "pending"})
    else:
        grade = scores[0].grade
        assert grade
        other = grade.source.model_copy(update={"engine_version": "another"})
        scores[0] = scores[0].model_copy(update={"grade": grade.model_copy(update={"source": other})})
    lines = build_dimensions(facts, cards)
    assert all(line.judged is None for line in lines)
    assert {line.stand for line in lines} == {reason, "not_observed"}


def test_the_page_shows_dimensions_after_the_own_rating_and_practice_folds_them_away(
    api: httpx.Client, held: dict[str, dict[str, Any]]
) -> None:
    for kind in ("graded", "practice"):
        assert "Soft skills" not in page_of(api, held[kind])
        skip_rating(api, held[kind])
        page = page_of(api, held[kind])
        assert [page.index(f"<span>{title}<small>") for title in ORDER] == sorted(
            page.index(f"<span>{title}<small>") for title in ORDER
        )
        assert "Part of no score. No question is judged by it." in page
        assert ("Soft skills" in shown(api, held[kind])) == (kind == "graded")
        content = read(api, held[kind]["session_id"])["dimensions"][0]
        low, high = content["judged"]["low"], content["judged"]["high"]
        assert f"probably {low:.1f} to {high:.1f}, from {content['answers']} answers" in page


def test_the_files_show_the_same_dimensions(api: httpx.Client, held: dict[str, dict[str, Any]]) -> None:
    session = held["graded"]["session_id"]
    lines = read(api, session)["dimensions"]
    assert api.get(f"/sessions/{session}/report.json").json()["dimensions"] == lines
    marked = api.get(f"/sessions/{session}/report.md").text
    document = pypdf.PdfReader(io.BytesIO(api.get(f"/sessions/{session}/report.pdf").content))
    printed = " ".join("".join(page.extract_text() for page in document.pages).split())
    assert re.findall(r"^\| ([A-Z][a-z ]+) \|", marked.split("## Dimensions")[1], re.MULTILINE)[1:] == ORDER
    for line in lines:
        judged = line["judged"]
        if judged:
            assert (
                f"| {line['title']} | {judged['level']:g} ({judged['low']:g} to {judged['high']:g}) |"
                in marked
            )
            assert (
                f"level {judged['level']:.1f} of 5, probably {judged['low']:.1f} to {judged['high']:.1f}"
                in printed
            )
        elif line["stand"] == "not_observed":
            assert f"| {line['title']} | no level | not observed |" in marked
            assert line["note"] in marked
            assert line["note"] in printed
