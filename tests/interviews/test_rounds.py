"""Several rounds in one interview: planned together, held one after the other, never the same question twice."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.interviews import rounds
from greenroom.interviews.forms import change_rounds, list_rounds, parse_spec
from greenroom.interviews.plan import NotOfferedError
from greenroom.interviews.schemas import InterviewCreate, Round
from greenroom.library.catalog import load
from tests.live import Live
from tests.room.test_turns import GOOD, turn

THREE = {
    "role": "backend", "type": "hr_screen", "minutes": 15, "panel": 1, "mode": "graded",
    "then": [{"type": "technical", "minutes": 15, "panel": 2}, {"type": "hr_screen", "minutes": 15, "panel": 2}],
}  # fmt: skip


def begin(api: httpx.Client, **more: object) -> dict:
    made = api.post("/api/v1/interviews", json=THREE | more)
    assert made.status_code == 201, made.text
    return api.post(f"/api/v1/interviews/{made.json()['id']}/sessions").json()


def play(api: httpx.Client, room: dict, answer: str = GOOD) -> dict:
    for _ in range(40):
        if room["state"] == "ended":
            return room
        if room["block"] == "candidate_questions":
            room = turn(api, room, kind="skip").json()
        else:
            room = turn(api, room, text=f"{answer} {uuid.uuid4().hex[:4]}").json()
    raise AssertionError("the round did not end")


def go_on(api: httpx.Client, room: dict, **body: object) -> httpx.Response:
    return api.post(f"/api/v1/sessions/{room['session_id']}/rounds", json=body or None)


def asked(room: dict) -> list[str]:
    return [line["text"] for line in room["transcript"] if line["kind"] == "question"]


def test_three_rounds_follow_each_other_and_no_question_comes_twice(api: httpx.Client) -> None:
    first = begin(api)
    assert first["round"] == {"number": 1, "of": 3}
    first = play(api, first)
    second = go_on(api, first)
    assert second.status_code == 201, second.text
    assert second.json()["round"] == {"number": 2, "of": 3}
    assert len(second.json()["panel"]) == 2
    second = play(api, second.json())
    third = play(api, go_on(api, second).json())
    cores = [question for room in (first, second, third) for question in asked(room)[1:4]]
    assert len(cores) == len(set(cores)) == 9
    assert go_on(api, third).status_code == 409
    run = api.get(f"/api/v1/sessions/{second['session_id']}/summary").json()
    assert [line["state"] for line in run["rounds"]] == ["held", "held", "held"]
    assert run["missing"] == []


def test_a_later_round_says_which_it_is(api: httpx.Client) -> None:
    second = go_on(api, play(api, begin(api))).json()
    greeting = second["transcript"][0]["text"]
    assert "second" in greeting
    assert "3" in greeting


def test_a_later_round_may_take_up_what_was_told_in_the_one_before(api: httpx.Client) -> None:
    first = begin(api, type="behavioral", then=[{"type": "technical", "minutes": 15, "panel": 1}])
    told = f"At Saltmarsh Water I planned the move of the meter database for Northgate Energy. {GOOD}"
    second = go_on(api, play(api, first, told)).json()
    greeting = second["transcript"][0]["text"]
    assert any(name in greeting for name in ("Northgate Energy", "Saltmarsh Water", "meter database")), (
        greeting
    )


def test_the_next_round_waits_for_the_end_of_the_one_before(api: httpx.Client) -> None:
    first = begin(api)
    refused = go_on(api, first)
    assert refused.status_code == 409
    assert refused.json()["session_id"] == first["session_id"]


def test_a_round_is_begun_once_however_often_it_is_asked_for(api: httpx.Client, live: Live) -> None:
    first = play(api, begin(api))

    def send(_: int) -> str:
        with live.client() as client:
            return go_on(client, first, round=2).json()["session_id"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1


def test_a_round_that_is_left_out_is_named_in_the_summary(api: httpx.Client) -> None:
    first = play(api, begin(api))
    third = play(api, go_on(api, first, round=3).json())
    run = api.get(f"/api/v1/sessions/{third['session_id']}/summary").json()
    assert [line["state"] for line in run["rounds"]] == ["held", "missing", "held"]
    assert "Round 2 of 3 is missing" in run["missing"][0]
    assert {strip["stand"] for strip in run["strips"] if not strip["answers"]} <= {"not_observed", "pending"}


def test_the_summary_adds_up_all_answers_of_all_rounds(api: httpx.Client, live: Live) -> None:
    from greenroom.client import Client

    first = play(api, begin(api, then=[{"type": "behavioral", "minutes": 15, "panel": 1}]))
    second = play(api, go_on(api, first).json())
    with Client(live.address) as client:
        reports = [client.await_report(room["session_id"]) for room in (first, second)]
        run = client.read_summary(reports[0].session_id)
    levels = [card.judged.level for report in reports for card in report.cards if card.judged]
    assert run.overall.assessed == len(levels)
    assert run.overall.judged is not None
    assert run.overall.judged.level == pytest.approx(sum(levels) / len(levels), abs=0.06)
    assert run.overall.judged.low < run.overall.judged.high
    assert run.overall.judged.low <= run.overall.judged.level <= run.overall.judged.high
    assert sum(strip.answers for strip in run.strips) == len(levels)


def test_deleting_a_round_leaves_it_missing_and_lets_it_be_held_again(api: httpx.Client) -> None:
    first = play(api, begin(api))
    second = go_on(api, first).json()
    assert api.delete(f"/api/v1/sessions/{second['session_id']}").status_code == 204
    run = api.get(f"/api/v1/sessions/{first['session_id']}/summary").json()
    assert run["rounds"][1]["state"] == "missing"
    assert go_on(api, first).json()["session_id"] != second["session_id"]


def test_the_history_names_the_rounds_and_keeps_them_together(api: httpx.Client) -> None:
    first = play(api, begin(api, name=f"Rounds {uuid.uuid4()}"))
    api.post("/interviews/defaults")
    second = go_on(api, first).json()
    rows = {row["id"]: row for row in api.get("/api/v1/sessions", params={"limit": 10}).json()}
    one, two = rows[first["session_id"]], rows[second["session_id"]]
    assert (one["round"], two["round"], one["rounds"]) == (1, 2, 3)
    assert one["run_id"] == two["run_id"] == first["session_id"]
    assert (one["type"], two["type"]) == ("hr_screen", "technical")
    page = api.get("/history").text
    between = page[page.index(second["session_id"]) : page.index(first["session_id"])]
    assert between.count("<h3>") == 1
    found = api.get("/api/v1/sessions", params={"type": "technical", "limit": 100}).json()
    assert second["session_id"] in [row["id"] for row in found]
    assert first["session_id"] not in [row["id"] for row in found]


def test_the_pages_lead_from_round_to_round(api: httpx.Client) -> None:
    first = begin(api, name=f"Paged {uuid.uuid4()}")
    ended = api.post(
        f"/sessions/{first['session_id']}/turns", data={"kind": "end", "after_seq": first["seq"]}
    )
    assert ended.headers["location"] == f"/sessions/{first['session_id']}/break"
    page = api.get(ended.headers["location"]).text
    assert "Round 1 of 3 is done" in page
    assert "Continue now" in page
    assert first["title"] in api.get("/").text
    begun = api.post(f"/sessions/{first['session_id']}/rounds", data={"round": "2", "key": str(uuid.uuid4())})
    assert "Round 2 of 3" in api.get(begun.headers["location"]).text
    assert "Round 2 is under way" in api.get(f"/sessions/{first['session_id']}/break").text
    assert "2 of 3 rounds" in api.get(f"/sessions/{first['session_id']}/summary").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/sessions/{}/rounds"), ("POST", "/sessions/{}/rounds"), ("GET", "/sessions/{}/break"),
        ("GET", "/sessions/{}/summary"), ("GET", "/api/v1/sessions/{}/summary"),
    ],
)  # fmt: skip
def test_what_is_not_mine_is_not_there(api: httpx.Client, method: str, path: str) -> None:
    assert api.request(method, path.format(uuid.uuid4())).status_code == 404


def test_an_interview_with_one_round_has_no_next(api: httpx.Client) -> None:
    room = api.post(f"/api/v1/interviews/{api.post('/api/v1/interviews', json={'minutes': 15}).json()['id']}/sessions").json()  # fmt: skip
    assert room["round"] is None
    assert go_on(api, room).status_code == 409
    assert api.get(f"/api/v1/sessions/{room['session_id']}/summary").status_code == 404


@pytest.mark.parametrize(
    ("then", "field"),
    [
        ([{"type": "guess"}], "then.0.type"),
        ([{"minutes": 17}], "then.0.minutes"),
        ([{}, {"panel": 9}], "then.1.panel"),
        ([{}] * 4, "then"),
    ],
)
def test_rounds_that_cannot_be_used_name_the_field(api: httpx.Client, then: list, field: str) -> None:
    reply = api.post("/api/v1/interviews", json={"minutes": 15, "then": then})
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_the_form_adds_and_leaves_out_rounds() -> None:
    form = change_rounds({"type": "hr_screen", "minutes": "15", "panel": "1"}, "add")
    form = change_rounds(change_rounds(form, "add"), "add")
    assert list_rounds(form) == [2, 3, 4]
    assert list_rounds(change_rounds(form, "add")) == [2, 3, 4]
    kinds = [form[f"round{n}_type"] for n in (2, 3, 4)]
    assert len(set(kinds)) == 3
    less = change_rounds(form, "drop-3")
    assert [less[f"round{n}_type"] for n in list_rounds(less)] == [kinds[0], kinds[2]]
    spec, errors = parse_spec(less)
    assert errors == {}
    assert spec is not None
    assert [round_.minutes for round_ in spec.then] == [15, 15]
    _, errors = parse_spec(form | {"round3_minutes": "17"})
    assert errors == {"round3_minutes": "Round 3, length: choose 15, 30, 45 or 60."}


def test_the_set_up_shows_the_plan_of_every_round(api: httpx.Client) -> None:
    page = api.post("/new", data={"role": "backend", "minutes": "15", "change": "add"}).text
    assert 'name="round2_type"' in page
    assert "Round 2 of 2" in page


KINDS = ("behavioral", "technical", "situational", "mixed", "hr_screen")
ROUNDS = st.builds(
    Round, type=st.sampled_from(KINDS), minutes=st.sampled_from((15, 30)), panel=st.integers(1, 3)
)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("backend", "registered_nurse", "marketing", "unheard of")),
    st.sampled_from(("entry", "mid", "senior")),
    st.lists(ROUNDS, min_size=2, max_size=4),
    st.integers(0, 2**31 - 1),
)
def test_every_plan_of_rounds_fits_its_minutes_and_can_be_held_without_a_repeat(
    role: str, level: str, wanted: list[Round], seed: int
) -> None:
    library = load()
    first = wanted[0].model_dump()
    spec = InterviewCreate.model_validate({"role": role, "level": level, **first, "then": wanted[1:]})
    try:
        plan = rounds.build(spec, library, seed=seed)
    except NotOfferedError:
        return
    assert [one.minutes for one in (plan, *plan.later)] == [one.minutes for one in wanted]
    used: set[str] = set()
    for number in range(1, len(wanted) + 1):
        one = plan.of_round(number)
        assert sum(block.seconds for block in one.blocks) == pytest.approx(60 * one.minutes, abs=10)
        left = rounds.without(one, used, library)
        assert left is not None
        taken = rounds.reserve(left, library)
        assert taken.isdisjoint(used)
        used |= taken
