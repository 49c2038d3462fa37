"""Meetings, presentations and own descriptions: their agendas, how they run, and what is made of them."""

import re
import uuid

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.interviews import conductor, description, log, scenes
from greenroom.interviews.brief import Brief
from greenroom.interviews.forms import parse_spec
from greenroom.interviews.schemas import InterviewCreate
from greenroom.library.catalog import load
from greenroom.library.scenes import check_scenes
from tests.interviews.candidates import START
from tests.live import Live
from tests.room.test_turns import turn

LIBRARY = load()
GOOD = (
    "The problem is that callers wait twelve minutes between nine and eleven, and one in four gives up. We counted it over "
    "two weeks in March. It costs us six hours a week, and if we wait until autumn it gets worse. I ask you to release six "
    "thousand by Friday, and in return I report every month."
)
TALK = (
    "I propose that we open the food bank on Mondays as well. Let me make three points. First, the queue: 210 people come "
    "each week, and we counted fifty minutes of waiting in March."
)
OWN = (
    "Next week I ask my boss for a raise, because I have taken over the billing project. Somebody from finance will be "
    "there, and the budget is tight. They may disagree about the timing."
)


def begin(api: httpx.Client, **spec: object) -> dict:
    made = api.post("/api/v1/interviews", json={"minutes": 15, "panel": 2, **spec})
    assert made.status_code == 201, made.text
    return api.post(f"/api/v1/interviews/{made.json()['id']}/sessions").json()


def play(api: httpx.Client, room: dict) -> dict:
    for n in range(40):
        if room["state"] == "ended":
            return room
        kind = (
            "done"
            if "done" in room["moves"]
            else "skip"
            if room["block"] == "candidate_questions"
            else "answer"
        )
        text = "" if kind == "skip" else f"{GOOD} It was case {n}."
        room = turn(api, room, kind=kind, text=text).json()
    raise AssertionError("it did not end")


SPECS = st.builds(
    dict, scene=st.sampled_from(list(LIBRARY.scenes)), minutes=st.sampled_from((15, 30, 45, 60)),
    panel=st.integers(1, 4), seed=st.integers(0, 2**31 - 1),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(SPECS)
def test_every_plan_of_a_scene_fits_its_minutes_and_asks_nothing_twice(asked: dict) -> None:
    scene = LIBRARY.scenes[asked["scene"]]
    spec = InterviewCreate(scenario=scene.scenario, **asked)
    plan = scenes.build(spec, scene, LIBRARY, seed=asked["seed"])
    assert 60 * spec.minutes - 12 <= sum(block.seconds for block in plan.blocks) <= 60 * spec.minutes
    core = [block for block in plan.blocks if block.kind == "core"]
    assert len({block.item for block in core}) == len(core)
    assert {block.item for block in core} == set(plan.pool)
    assert all(block.topic and block.why for block in core)
    seats = {card.slug for card in plan.panel}
    assert {block.persona for block in plan.blocks} <= seats
    assert len(seats) == min(spec.panel, len(scene.cast))
    order = [entry.title for entry in scene.agenda]
    asked_order = [order.index(block.title) for block in core if not block.talk]
    assert asked_order == sorted(asked_order)
    if spec.minutes >= 30:
        assert set(asked_order) == set(range(len(order)))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=600), st.integers(0, 9), st.sampled_from((15, 60)))
def test_every_description_gives_a_plan_that_fits(text: str, seed: int, minutes: int) -> None:
    scene = description.read(f"A talk about {text}", LIBRARY.described, LIBRARY.nouns)
    spec = InterviewCreate(scenario="own", description="about " * 9, minutes=minutes, panel=4)
    plan = scenes.build(spec, scene, LIBRARY, seed=seed)
    assert sum(block.seconds for block in plan.blocks) <= 60 * minutes
    assert scene == description.read(f"A talk about {text}", LIBRARY.described, LIBRARY.nouns)


def test_the_library_has_scenes_of_different_fields_and_nothing_is_wrong_with_them() -> None:
    kinds = [scene.scenario for scene in LIBRARY.scenes.values()]
    assert kinds.count("meeting") >= 4
    assert kinds.count("presentation") >= 3
    assert len({scene.field for scene in LIBRARY.scenes.values()}) == len(kinds)
    assert check_scenes(LIBRARY.scenes, scenes.interests(LIBRARY)) == []


@pytest.mark.parametrize(
    ("text", "topics", "people", "presents"),
    [
        (OWN, ["a raise", "the timing"], ["your boss", "somebody from finance"], False),
        (
            "I present my thesis on bird migration to three professors. I am afraid of questions about the method.",
            ["your thesis on bird migration", "the method"], ["one of the professors"], True,
        ),
        (
            "Meeting of the owners of our house:\n- the noise in the yard\n- the costs of the new heating",
            ["the noise in the yard", "the costs of the new heating"], [], False,
        ),
        ("Something that I cannot put into words at all today, sorry.", ["what you described"], [], False),
    ],
)  # fmt: skip
def test_a_description_is_read_by_its_own_words(
    text: str, topics: list[str], people: list[str], presents: bool
) -> None:
    scene = description.read(text, LIBRARY.described, LIBRARY.nouns)
    assert [entry.topic for entry in scene.agenda] == topics
    assert [one.title for one in scene.cast][: len(people)] == people
    assert scene.presents is presents
    assert "without a model" in scene.notes[0]


def test_who_sits_at_an_own_table_is_introduced_with_one_article_and_cares_in_plain_words() -> None:
    text = (
        "Tomorrow I tell my landlord that the heating is broken. I want a lower rent. The board will listen."
    )
    scene = description.read(text, LIBRARY.described, LIBRARY.nouns)
    spec = InterviewCreate(scenario="own", description=text, minutes=15, panel=2)
    for seed in range(12):
        plan = scenes.build(spec, scene, LIBRARY, seed=seed)
        brief = Brief(plan, spec, {key: LIBRARY.items[key] for key in plan.pool}, LIBRARY)
        opening = conductor.open_session(brief, START)
        said = " ".join(entry.text for entry in opening if isinstance(entry, log.PanelSaid))
        assert "the landlord" in said
        assert not re.search(r"\bthe (the|a|an|your|one|somebody)\b", said), said
        core = [block for block in plan.blocks if block.kind == "core"]
        assert all(block.side == LIBRARY.described.sides[block.aspect] for block in core)
        assert all(block.why.endswith(f"cares about {block.side}.") for block in core)


def test_a_meeting_follows_its_agenda_and_asks_with_its_words(api: httpx.Client) -> None:
    room = begin(api, scenario="meeting", scene="late_release")
    assert room["scenario"] == "meeting"
    assert "18th" in room["question"]["material"][0]["body"]
    room = play(api, room)
    asked = [line["text"] for line in room["transcript"] if line["kind"] == "question"]
    assert any("the delay" in text or "shipping without refunds" in text for text in asked)
    said = " ".join(line["text"] for line in room["transcript"] if line["who"] == "panel").lower()
    assert "interview" not in said
    assert "{" not in said


def test_people_at_the_table_have_their_part_in_the_meeting(api: httpx.Client) -> None:
    room = begin(api, scenario="meeting", scene="supplier_talk", panel=4)
    assert next(card["role"] for card in room["panel"]) == "owner of the mill"
    assert len(room["panel"]) == 4


def test_the_table_answers_from_the_facts_of_the_scene(api: httpx.Client) -> None:
    room = begin(api, scenario="meeting", scene="supplier_talk")
    for _ in range(30):
        if room["block"] == "candidate_questions":
            break
        room = turn(api, room, kind="skip").json()
    room = turn(api, room, kind="question", text="Do you have a free slot for a third delivery?").json()
    assert "Thursdays" in room["notice"]


def test_a_table_that_does_not_know_speaks_of_no_job_and_no_employer(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="food_bank", panel=1, minutes=15)
    room = turn(api, room, text=TALK).json()
    while room["block"] != "candidate_questions":
        room = turn(api, room, kind="done" if "done" in room["moves"] else "skip").json()
    room = turn(api, room, kind="question", text="What colour is the moon tonight?").json()
    said = " ".join(line["text"] for line in room["transcript"][-2:])
    assert any(line in said for line in LIBRARY.lines["answer_unknown_meeting"]["any"]), said


def test_a_presentation_of_many_parts_can_still_be_finished(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="food_bank", timing="off")
    question = room["question"]["id"]
    for _ in range(60):
        room = turn(api, room, "think").json()
    assert turn(api, room, text="One more part.").status_code == 409
    finished = turn(api, room, "done", "My request is that you decide on six months today.")
    assert finished.status_code == 200
    assert finished.json()["question"]["id"] != question
    assert finished.json()["question"]["is_follow_up"]
    assert turn(api, finished.json(), text=GOOD).status_code == 200  # it has turns of its own


def test_a_presentation_comes_in_parts_until_it_is_done(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="food_bank")
    assert "done" in room["moves"]
    assert room["cue"] is None  # a talk has no length of an answer
    question = room["question"]["id"]
    room = turn(api, room, text=TALK).json()
    assert room["question"]["id"] == question
    room = turn(
        api, room, text="Second, eleven of our volunteers would come on Mondays, and nine are needed."
    ).json()
    assert room["question"]["id"] == question
    room = turn(api, room, kind="done", text="My request is that you decide on six months today.").json()
    assert room["question"]["id"] != question
    while room["question"]["id"].startswith(question):  # a follow-up to the presentation itself
        room = turn(api, room, text=GOOD).json()
    said = [line["text"] for line in room["transcript"] if line["who"] == "you"]
    assert len([text for text in said if "Second, eleven" in text]) == 1
    assert "done" not in room["moves"]
    again = api.get(f"/api/v1/sessions/{room['session_id']}").json()
    for part in ("seq", "question", "transcript", "moves"):
        assert again[part] == room[part]


def test_the_questions_take_up_what_was_presented(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="food_bank", minutes=30)
    room = turn(api, room, text=TALK).json()
    room = turn(api, room, kind="done").json()
    room = play(api, room)
    said = " ".join(line["text"] for line in room["transcript"] if line["who"] == "panel")
    assert any(words in said for words in ("the queue", "three points", "fifty minutes", "each week"))


@pytest.mark.parametrize(
    "words",
    [
        "That was it.",
        "I'm done, thank you for listening!",
        "Thank you for your attention.",
        "That’s all from my side.",
    ],
)
def test_saying_that_it_is_over_ends_the_presentation_and_is_no_part_of_it(
    api: httpx.Client, words: str
) -> None:
    room = begin(api, scenario="presentation", scene="fewer_returns")
    room = turn(api, room, text=TALK).json()
    before = room["question"]["id"]
    after = turn(api, room, text=words).json()
    assert after["question"]["id"] != before
    report = api.get(f"/api/v1/sessions/{room['session_id']}/report").json()
    answered = [
        piece["text"] for card in report["cards"] for line in card["turns"] for piece in line["pieces"]
    ]
    assert words not in answered


def test_nothing_presented_is_not_observed(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="fewer_returns")
    after = turn(api, room, kind="done").json()
    assert after["question"]["id"] != room["question"]["id"]
    assert api.get(f"/api/v1/sessions/{room['session_id']}").json()["seq"] == after["seq"]


def test_the_end_of_a_presentation_is_taken_once_with_the_same_key(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="food_bank")
    room = turn(api, room, text=TALK).json()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"kind": "done", "after_seq": room["seq"]}
    replies = [
        api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body, headers=key) for _ in range(2)
    ]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json()["seq"] == replies[1].json()["seq"]


def test_a_presentation_that_runs_over_its_time_is_stopped(api: httpx.Client, live: Live) -> None:
    room = begin(api, scenario="presentation", scene="food_bank")
    room = turn(api, room, text=TALK).json()
    for _ in range(14):
        live.clock.advance(28)
        api.post(f"/api/v1/sessions/{room['session_id']}/heartbeat", json={"typing": True})
    after = api.get(f"/api/v1/sessions/{room['session_id']}").json()
    assert after["question"]["id"] != room["question"]["id"]


@pytest.mark.parametrize("scene", list(LIBRARY.scenes))
def test_every_scene_can_be_held_and_is_judged(api: httpx.Client, live: Live, scene: str) -> None:
    from greenroom.client import Client

    kind = LIBRARY.scenes[scene].scenario
    room = play(api, begin(api, scenario=kind, scene=scene, mode="graded"))
    with Client(live.address) as client:
        report = client.await_report(room["session_id"])
    assert report.scenario == kind
    assert {card.state for card in report.cards} == {"assessed"}
    assert report.overall.judged is not None
    page = api.get(f"/sessions/{room['session_id']}/report").text
    assert "{topic}" not in page


def test_an_own_description_is_held_in_its_own_words(api: httpx.Client) -> None:
    room = begin(api, scenario="own", description=OWN)
    assert [card["role"] for card in room["panel"]] == ["your boss", "somebody from finance"]
    room = play(api, room)
    asked = " ".join(line["text"] for line in room["transcript"] if line["kind"] == "question")
    assert "a raise" in asked


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"scenario": "meeting", "scene": "nowhere"}, "scene"),
        ({"scenario": "meeting", "scene": "food_bank"}, "scene"),
        ({"scenario": "own"}, ""),
        ({"scenario": "own", "description": "x " * 3000}, "description"),
        ({"scenario": "meeting", "then": [{}]}, ""),
        ({"scenario": "opera"}, "scenario"),
        ({"scenario": "meeting", "scene": "../x"}, "scene"),
    ],
)
def test_a_scene_that_cannot_be_used_names_the_field(api: httpx.Client, spec: dict, field: str) -> None:
    reply = api.post("/api/v1/interviews", json={"minutes": 15, **spec})
    assert reply.status_code == 422, reply.text
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_the_history_can_be_narrowed_to_a_kind(api: httpx.Client) -> None:
    room = begin(api, scenario="presentation", scene="energy_school")
    ids = {
        kind: [
            row["id"] for row in api.get("/api/v1/sessions", params={"scenario": kind, "limit": 100}).json()
        ]
        for kind in ("interview", "presentation")
    }
    assert room["session_id"] in ids["presentation"]
    assert room["session_id"] not in ids["interview"]
    typed = api.get("/api/v1/sessions", params={"type": "mixed", "limit": 100}).json()
    assert room["session_id"] not in [row["id"] for row in typed]
    assert "Saving energy at a school" in api.get("/history?scenario=presentation").text


@pytest.mark.parametrize("kind", ["meeting", "presentation", "own"])
def test_the_set_up_of_each_kind_has_its_own_words(api: httpx.Client, kind: str) -> None:
    page = api.get("/new", params={"scenario": kind})
    assert page.status_code == 200
    assert f'value="{kind}"' in page.text
    assert "Begin the interview" not in page.text


def test_a_form_begins_a_meeting(api: httpx.Client) -> None:
    form = {
        "scenario": "meeting",
        "scene": "market_square",
        "minutes": "15",
        "panel": "3",
        "key": str(uuid.uuid4()),
    }
    reply = api.post("/interviews", data=form)
    assert reply.status_code == 303
    assert "End the meeting here?" in api.get(reply.headers["location"]).text
    wrong = api.post("/interviews", data=form | {"scene": "nowhere", "key": str(uuid.uuid4())})
    assert wrong.status_code == 422
    assert "Which one: There is no meeting" in wrong.text
    assert "clinic_rota, late_release" in wrong.text
    spec, errors = parse_spec({"scenario": "own", "description": "too short"})
    assert spec is None
    assert list(errors) == ["description"]
