"""Marked text: nothing is lost, every point has its letter, and the words say what the numbers say."""

import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.answers.schemas import PointEvidence
from greenroom.library.catalog import load
from greenroom.reports.assemble import say_who_asks
from greenroom.reports.cards import split_why
from greenroom.reports.pieces import find_own, letter_points, mark_text, show_blanks
from greenroom.reports.wording import say_how_judged
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import finish, start, turn

LIBRARY = load()
TEXT = "I read the logs, found the query and rewrote it."


def point(name: str, start: int, end: int, state: str = "met") -> PointEvidence:
    span = {"turn": 1, "start": start, "end": end, "text": TEXT[start:end]}
    return PointEvidence.model_validate({"id": name, "state": state, "similarity": 0.9, "span": span})


def mark(*points: PointEvidence) -> list[tuple[str, str | None, str]]:
    pieces = mark_text(1, TEXT, points, letter_points(points))
    assert "".join(piece.text for piece in pieces) == TEXT
    return [(piece.text, piece.mark, "".join(piece.letters)) for piece in pieces]


def test_two_points_on_the_same_words_show_both_letters() -> None:
    assert mark(point("one", 0, 15), point("two", 0, 15))[0] == ("I read the logs", "met", "ab")


def test_where_spans_overlap_each_letter_stands_where_its_span_ends() -> None:
    assert mark(point("long", 0, 31), point("short", 2, 15, "partial")) == [
        ("I ", "met", ""),
        ("read the logs", "met", "b"),
        (", found the quer", "met", "a"),
        ("y and rewrote it.", None, ""),
    ]


def test_evidence_of_another_turn_and_missing_points_mark_nothing() -> None:
    assert mark(point("gone", 0, 6, "missing")) == [(TEXT, None, "")]
    other = point("other", 0, 6).model_copy(
        update={"span": point("o", 0, 6).span.model_copy(update={"turn": 2})}
    )  # type: ignore[union-attr]
    assert mark(other) == [(TEXT, None, "")]


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(1, len(TEXT))).map(
    lambda pair: (min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
)


@given(st.lists(spans, max_size=8))
def test_whatever_the_spans_no_word_and_no_letter_is_lost(found: list[tuple[int, int]]) -> None:
    points = [
        point(f"p{n}", start, min(end, len(TEXT)))
        for n, (start, end) in enumerate(found)
        if start < len(TEXT)
    ]
    letters = letter_points(points)
    pieces = mark_text(1, TEXT, points, letters)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert sorted(letter for piece in pieces for letter in piece.letters) == sorted(letters.values())
    assert all(piece.mark for piece in pieces if piece.letters)


def test_a_frame_of_blanks_alone_is_not_shown_as_own_words() -> None:
    assert find_own(show_blanks("[where was this?]\n[what did you do?]\n")) == []
    assert find_own(show_blanks("I read the logs.\n[your number]")) != []


@pytest.mark.parametrize(
    ("why", "split"),
    [
        ("Why 3, not 4: no result is told.", (3, 4, "No result is told.")),
        ("The answer does not speak of it.", (None, None, "The answer does not speak of it.")),
        ("", (None, None, "")),
    ],
)
def test_the_levels_of_a_reason_are_those_it_names(why: str, split: tuple[Any, ...]) -> None:
    assert split_why(why) == split


def test_page_files_and_api_name_the_same_two_levels(api: httpx.Client) -> None:
    room = finish(
        api, start(api, mode="graded"), "We had an outage. I restarted the server. It was fine after that."
    )
    scores = {score["question_id"]: score for score in wait_for_scores(api, room["session_id"])}
    api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
    cards = [card for card in read(api, room["session_id"])["cards"] if card["why_to"]]
    assert cards
    page = api.get(f"/sessions/{room['session_id']}/report").text
    marked = api.get(f"/sessions/{room['session_id']}/report.md").text
    for card in cards:
        lead = f"Why {card['why_from']}, not {card['why_to']}"
        assert scores[card["id"]]["grade"]["why_not_higher"].startswith(f"{lead}: ")
        assert lead in page
        assert f"**{lead}:** " in marked
        assert not card["why_not_higher"].startswith("Why")


def test_titles_are_the_questions_alone(api: httpx.Client) -> None:
    """Some questions end with "Go ahead." or the like: the room says it, the report's titles do not."""
    framed = 0
    for seed in range(12):
        room = finish(api, start(api, seed=seed))
        entries = [line["text"] for line in room["transcript"] if line["kind"] == "question"]
        for card in read(api, room["session_id"])["cards"]:
            said = next(text for text in entries if card["question"] in text)
            framed += not said.endswith(card["question"])
            assert card["question"].endswith(("?", ".", ":", "”", "!", ")")), card["question"]
            assert not re.search(r"(?:Go ahead|Take your time|No rush)\.$", card["question"])
        if framed:
            return
    raise AssertionError("no question was framed in twelve interviews")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([2], "Answer 2 asks for it."),
        ([1, 3], "Answers 1 and 3 ask for it."),
        ([1, 2, 4, 5], "Answers 1, 2, 4 and 5 ask for it."),
    ],
)
def test_the_answers_that_ask_for_a_drill_are_all_named(numbers: list[int], said: str) -> None:
    assert say_who_asks(numbers) == said


def test_a_question_passed_on_without_words_shows_in_the_transcript(api: httpx.Client) -> None:
    room = start(api)
    for kind in ("skip", "end"):
        room = turn(api, room, kind).json()
    lines = read(api, room["session_id"])["transcript"]
    assert [line["who"] for line in lines[:3]] == ["panel", "you", "panel"]
    assert lines[1]["text"] == "(passed on without an answer)"


def test_a_report_never_says_that_no_model_judged_when_one_did() -> None:
    assert "no model and no guess" in say_how_judged({"builtin"})
    assert "no model and no guess" not in say_how_judged({"model"})
    assert say_how_judged({"builtin", "model"}).startswith("A language model judged some answers")


def test_every_key_point_of_the_bank_makes_a_blank_however_long_it_is() -> None:
    texts = {point.text for item in LIBRARY.items.values() for point in item.key_points}
    assert [
        text for text in texts if [p.blank for p in show_blanks(f"I read it. [{text}]")] != [False, True]
    ] == []
