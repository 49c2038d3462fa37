"""Practice reminds of the form and the length of an answer; graded mode has no hints, no cues and no reminder."""

from typing import Any

import httpx
import pytest

from tests.room.test_turns import GOOD, finish, start, turn


def walk(api: httpx.Client, **spec: Any) -> list[dict[str, Any]]:
    """The room before every move of a whole interview."""
    room, rooms = start(api, **spec), list[dict[str, Any]]()
    for _ in range(60):
        rooms.append(room)
        if room["state"] == "ended":
            return rooms
        kind = "question" if "question" in room["moves"] else "answer"
        room = turn(api, room, kind, "What comes next?" if kind == "question" else GOOD).json()
    raise AssertionError("the interview did not end")


def test_practice_reminds_at_main_questions_only(api: httpx.Client) -> None:
    rooms = walk(api, mode="practice", type="behavioral", seed=7)
    main = [room for room in rooms if room["block"] == "core" and not room["question"]["is_follow_up"]]
    assert main
    for room in rooms:
        assert bool(room["cue"]) == (room in main)
    for room in main:
        assert room["cue"]["structure"] == "star"
        assert 0 < room["cue"]["least_words"] < room["cue"]["most_words"]


def test_graded_mode_has_no_hint_no_cue_and_no_reminder(api: httpx.Client) -> None:
    for room in walk(api, mode="graded", type="behavioral", seed=7):
        assert room["cue"] is None
        assert room["hint"] == []
        assert "hint" not in room["moves"]


@pytest.mark.parametrize("mode", ["practice", "graded"])
def test_the_page_shows_reminder_pace_and_hint_in_practice_only(api: httpx.Client, mode: str) -> None:
    room = turn(api, start(api, mode=mode, type="behavioral", seed=7), text=GOOD).json()
    page = api.get(f"/sessions/{room['session_id']}").text
    shown = mode == "practice"
    assert ("A story in four steps." in page) == shown
    assert ("Most good answers take" in page) == shown
    assert ('id="key-hint"' in page) == shown
    assert ("Coach" in page) == shown
    assert ('data-move="hint" hidden' not in page) == shown


def test_a_hint_asked_for_in_words_is_refused_in_graded_mode(api: httpx.Client) -> None:
    room = turn(api, start(api, mode="graded", type="behavioral", seed=7), text=GOOD).json()
    after = turn(api, room, text="Could you give me a hint, please?").json()
    assert after["hint"] == []
    assert after["question"]["id"] == room["question"]["id"]


def test_practice_report_coaches_and_graded_report_grades(api: httpx.Client) -> None:
    for mode, coached in (("practice", True), ("graded", False)):
        room = finish(api, start(api, mode=mode, type="behavioral", seed=7))
        api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
        page = api.get(f"/sessions/{room['session_id']}/report").text
        assert ("this was practice: the words above come first" in page) == coached
