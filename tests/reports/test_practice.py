"""Practice coaches and graded mode grades, end to end; panelists have scorecards; objections are acknowledged."""

import json
import re
from typing import Any

import httpx
import pytest

from greenroom.grading.dataset import read_line
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import finish, start, turn

MIDDLING = (
    "Our nightly export kept failing, so I read the logs and changed the query that was slow. I think it was better "
    "afterwards, and the others were fine with it."
)


@pytest.fixture(scope="module")
def both(live) -> dict[str, dict[str, Any]]:
    """The same interview in both modes, finished, judged and opened."""
    found = {}
    with live.client() as api:
        for mode in ("practice", "graded"):
            room = finish(api, start(api, mode=mode, type="behavioral", panel=3, seed=11), MIDDLING)
            wait_for_scores(api, room["session_id"])
            api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
            found[mode] = room
    return found


def shown(api: httpx.Client, room: dict[str, Any]) -> str:
    """The report's page without what is folded away."""
    page = api.get(f"/sessions/{room['session_id']}/report").text.split("<main")[1]
    while (folded := re.sub(r"<details(?:(?!<details).)*?</details>", "", page, flags=re.DOTALL)) != page:
        page = folded
    return page


def test_practice_shows_coaching_and_folds_the_levels_away(
    api: httpx.Client, both: dict[str, dict[str, Any]]
) -> None:
    page = shown(api, both["practice"])
    assert "Key points" in page
    assert "One change" in page
    assert "What would lift it" in page
    assert "A drill for it" in page
    assert not re.search(r"\bLevel \d|\d of 100|Why \d, not \d", page)
    whole = api.get(f"/sessions/{both['practice']['session_id']}/report").text
    assert "Show levels" in whole
    assert re.search(r"\d of 100", whole)


def test_a_graded_report_shows_its_levels(api: httpx.Client, both: dict[str, dict[str, Any]]) -> None:
    page = shown(api, both["graded"])
    assert re.search(r"Level \d\.\d", page)
    assert re.search(r"\d+ of 100, between", page)
    assert "Show levels" not in page


def test_both_modes_are_judged_alike(api: httpx.Client, both: dict[str, dict[str, Any]]) -> None:
    reports = [read(api, both[mode]["session_id"]) for mode in ("practice", "graded")]
    levels = [{card["question"]: card["judged"] for card in report["cards"]} for report in reports]
    shared = levels[0].keys() & levels[1].keys()
    assert shared
    assert {question: levels[0][question] for question in shared} == {
        question: levels[1][question] for question in shared
    }


def test_hints_are_for_practice_only(api: httpx.Client) -> None:
    for mode in ("practice", "graded"):
        room = turn(api, start(api, mode=mode, type="behavioral"), text=MIDDLING).json()
        assert ("hint" in room["moves"]) == (mode == "practice")
        asked = turn(api, room, "hint")
        assert asked.status_code == 200
        assert bool(asked.json()["hint"]) == (mode == "practice")


def test_every_panelist_has_a_scorecard_of_their_own_questions(
    api: httpx.Client, both: dict[str, dict[str, Any]]
) -> None:
    report = read(api, both["graded"]["session_id"])
    scorecards = report["scorecards"]
    asked = {card["number"]: card["persona"] for card in report["cards"]}
    assert sorted(n for card in scorecards for n in card["questions"]) == sorted(asked)
    for card in scorecards:
        assert {asked[n] for n in card["questions"]} == {card["name"]}
    levels = {card["name"]: card["judged"]["level"] for card in scorecards if card["judged"]}
    spread = report["spread"]
    assert spread["levels"] == round(max(levels.values()) - min(levels.values()), 1)
    assert levels[spread["highest"]] == max(levels.values())
    assert "taste" in spread["sentence"]
    page = shown(api, both["graded"])
    assert "By panelist" in page


def test_an_objection_is_acknowledged_with_where_it_goes(
    api: httpx.Client, both: dict[str, dict[str, Any]]
) -> None:
    session = both["graded"]["session_id"]
    question = read(api, session)["cards"][0]["id"]
    said = api.post(
        f"/sessions/{session}/scores/{question}/disputes", data={"text": "I did say what came of it."}
    )
    assert said.status_code == 303
    page = api.get(f"/sessions/{session}/report").text
    assert "I did say what came of it." in page
    assert "Kept with this score" in page
    kept = next(line for line in api.get("/api/v1/disputes").json() if line["session_id"] == session)
    assert kept["objection"] == "I did say what came of it."
    assert MIDDLING in kept["answer"]
    line = read_line(json.dumps({**kept, "score": 0.75}))
    assert line.human == 0.75
    assert line.rubric
