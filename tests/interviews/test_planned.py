"""Interviews that are kept for later: the time that is meant, where they are listed, and what becomes of them."""

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.interviews.appointments import comes_twice, list_zones, refuse_time, resolve
from tests.live import Live

START = datetime.fromisoformat("2026-01-01T00:00")
LISBON = {"zone": "Europe/Lisbon"}


def soon(live: Live, days: int = 3) -> str:
    return f"{(live.clock() + timedelta(days=days)):%Y-%m-%dT18:30}"


def keep(api: httpx.Client, at: str, **more: object) -> httpx.Response:
    spec = {"role": "backend", "minutes": 15, "name": f"Kept {uuid.uuid4()}", "planned": {"at": at, **LISBON}}
    return api.post("/api/v1/interviews", json=spec | more)


@pytest.mark.parametrize(
    ("at", "zone", "meant"),
    [
        ("2027-01-15T18:30", "Europe/Lisbon", "2027-01-15T18:30+00:00"),
        ("2027-07-15T18:30", "Europe/Lisbon", "2027-07-15T17:30+00:00"),
        ("2027-03-28T00:30", "Europe/Lisbon", "2027-03-28T00:30+00:00"),
        ("2027-03-28T02:30", "Europe/Lisbon", "2027-03-28T01:30+00:00"),
        ("2027-10-31T01:30", "Europe/Lisbon", "2027-10-31T00:30+00:00"),  # comes twice: the first
        ("2027-11-07T01:30", "America/New_York", "2027-11-07T05:30+00:00"),
        ("2027-06-01T09:00", "Asia/Kolkata", "2027-06-01T03:30+00:00"),
        ("2027-06-01T09:00+02:00", "Asia/Kolkata", "2027-06-01T07:00+00:00"),
    ],
)
def test_a_local_time_is_the_instant_its_zone_makes_of_it(at: str, zone: str, meant: str) -> None:
    assert resolve(datetime.fromisoformat(at), zone) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("at", "zone"), [("2027-03-28T01:30", "Europe/Lisbon"), ("2027-03-14T02:15", "America/New_York")]
)
def test_a_time_that_the_clocks_skip_is_refused(at: str, zone: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        resolve(datetime.fromisoformat(at), zone)


def test_an_hour_that_comes_twice_is_known() -> None:
    assert comes_twice(datetime.fromisoformat("2027-10-31T01:30"), "Europe/Lisbon")
    assert not comes_twice(datetime.fromisoformat("2027-10-31T03:30"), "Europe/Lisbon")


@given(st.integers(0, 2_100_000).map(lambda n: START + timedelta(minutes=n)), st.sampled_from(list_zones()))
def test_every_time_that_is_taken_reads_the_same_in_its_zone(at: datetime, zone: str) -> None:
    try:
        instant = resolve(at, zone)
    except ValueError:
        return
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == at


def test_only_a_time_to_come_within_two_years_is_taken() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert refuse_time(now, now)
    assert refuse_time(now + timedelta(days=800), now)
    assert refuse_time(now + timedelta(minutes=1), now) == ""


def test_a_planned_interview_is_listed_until_it_begins(api: httpx.Client, live: Live) -> None:
    made = keep(api, soon(live)).json()
    assert made["planned"]["zone"] == "Europe/Lisbon"
    assert made["planned"]["local"].endswith("18:30:00")
    listed = api.get("/api/v1/interviews", params={"planned": True, "limit": 100}).json()
    assert made["id"] in [row["id"] for row in listed]
    assert made["name"] in api.get("/").text
    assert made["name"] in api.get("/history").text
    begun = api.post(f"/api/v1/interviews/{made['id']}/sessions")
    assert begun.status_code == 201
    listed = api.get("/api/v1/interviews", params={"planned": True, "limit": 100}).json()
    assert made["id"] not in [row["id"] for row in listed]
    assert api.get(f"/api/v1/interviews/{made['id']}").json()["planned"] is None


def test_what_was_shown_when_it_was_planned_is_what_is_asked(api: httpx.Client, live: Live) -> None:
    made = keep(api, soon(live)).json()
    api.post(f"/api/v1/interviews/{made['id']}/sessions")
    assert api.get(f"/api/v1/interviews/{made['id']}").json()["plan"] == made["plan"]


def test_the_soonest_comes_first(api: httpx.Client, live: Live) -> None:
    late, early = (keep(api, soon(live, days)).json()["id"] for days in (90, 1))
    ids = [row["id"] for row in api.get("/api/v1/interviews", params={"planned": True, "limit": 100}).json()]
    assert ids.index(early) < ids.index(late)


@pytest.mark.parametrize(
    ("planned", "field"),
    [
        ({"at": "2020-01-01T10:00", "zone": "UTC"}, "planned.at"),
        ({"at": "2199-01-01T10:00", "zone": "UTC"}, "planned.at"),
        ({"at": "soon", "zone": "UTC"}, "planned.at"),
        ({"at": "0001-01-01T10:00", "zone": "Asia/Tokyo"}, "planned.at"),
        ({"at": "2027-06-01T10:00", "zone": "Europe/Atlantis"}, "planned.zone"),
        ({"at": "2027-06-01T10:00", "zone": "../../etc/passwd"}, "planned.zone"),
        ({"at": "2027-03-28T01:30", "zone": "Europe/Lisbon"}, "planned"),
    ],
)
def test_a_time_that_cannot_be_used_names_the_field(api: httpx.Client, planned: dict, field: str) -> None:
    reply = api.post("/api/v1/interviews", json={"minutes": 15, "planned": planned})
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_planned_interview_can_be_moved(api: httpx.Client, live: Live) -> None:
    made = keep(api, soon(live)).json()
    moved = api.put(
        f"/api/v1/interviews/{made['id']}/planned", json={"at": soon(live, 9), "zone": "Asia/Tokyo"}
    ).json()
    assert moved["planned"]["zone"] == "Asia/Tokyo"
    assert moved["plan"] == made["plan"]
    past = api.put(f"/api/v1/interviews/{made['id']}/planned", json={"at": "2020-01-01T10:00", **LISBON})
    assert past.status_code == 422
    assert api.get(f"/api/v1/interviews/{made['id']}").json()["planned"] == moved["planned"]


def test_what_has_begun_cannot_be_planned(api: httpx.Client, live: Live) -> None:
    made = keep(api, soon(live)).json()
    api.post(f"/api/v1/interviews/{made['id']}/sessions")
    again = api.put(f"/api/v1/interviews/{made['id']}/planned", json={"at": soon(live), **LISBON})
    assert again.status_code == 409


def test_a_planned_interview_that_is_given_up_can_be_brought_back(api: httpx.Client, live: Live) -> None:
    made = keep(api, soon(live)).json()
    reply = api.post(f"/interviews/{made['id']}/delete")
    assert reply.headers["location"] == f"/?deleted={made['id']}"
    assert made["name"] not in api.get("/history").text
    assert "Undo" in api.get(reply.headers["location"]).text
    assert api.post(f"/interviews/{made['id']}/restore").status_code == 303
    assert made["name"] in api.get("/history").text


@pytest.mark.parametrize("path", ["/api/v1/interviews/{}/calendar", "/interviews/{}/calendar.ics"])
def test_the_calendar_file_holds_the_instant_and_the_length(api: httpx.Client, live: Live, path: str) -> None:
    made = keep(api, soon(live), name="Käthe; the second, try\nwith a line").json()
    reply = api.get(path.format(made["id"]))
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    event = icalendar.Calendar.from_ical(reply.content).walk("VEVENT")[0]
    assert event.decoded("dtstart") == datetime.fromisoformat(made["planned"]["at"])
    assert event.decoded("duration") == timedelta(minutes=15)
    assert str(event["uid"]).startswith(made["id"])
    assert str(event["summary"]) == made["name"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/interviews/{}/calendar"),
        ("GET", "/interviews/{}/calendar.ics"),
        ("PUT", "/api/v1/interviews/{}/planned"),
        ("POST", "/interviews/{}/planned"),
        ("POST", "/interviews/{}/delete"),
        ("POST", "/interviews/{}/restore"),
    ],
)
def test_what_is_not_mine_is_not_there(api: httpx.Client, live: Live, method: str, path: str) -> None:
    body = {"json": {"at": soon(live), **LISBON}} if method == "PUT" else {}
    assert api.request(method, path.format(uuid.uuid4()), **body).status_code == 404


def test_an_interview_without_a_time_has_no_calendar_file(api: httpx.Client) -> None:
    made = api.post("/api/v1/interviews", json={"minutes": 15}).json()
    assert api.get(f"/api/v1/interviews/{made['id']}/calendar").status_code == 404


def test_the_set_up_keeps_an_interview_for_later(api: httpx.Client, live: Live) -> None:
    name = f"From the form {uuid.uuid4()}"
    day = soon(live).split("T")[0]
    form = {
        "role": "backend", "minutes": "15", "when": "later", "planned_date": day, "planned_time": "09:15",
        "planned_zone": "Asia/Kolkata", "name": name,
    }  # fmt: skip
    reply = api.post("/interviews", data=form)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    kept = next(
        row
        for row in api.get("/api/v1/interviews", params={"planned": True, "limit": 100}).json()
        if row["name"] == name
    )
    assert kept["planned"]["at"] == f"{day}T03:45:00Z"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"planned_date": ""}, "Date and time: choose a day and a time."),
        ({"planned_date": "2020-02-02"}, "Date and time: This time has passed."),
        ({"planned_zone": "Mars/Base"}, "Time zone:"),
        ({"planned_date": "2027-03-28", "planned_time": "01:30", "planned_zone": "Europe/Lisbon"}, "does not exist"),
    ],
)  # fmt: skip
def test_the_set_up_says_what_is_wrong_with_the_time_and_keeps_what_was_typed(
    api: httpx.Client, live: Live, changed: dict[str, str], said: str
) -> None:
    form = {
        "role": "baker", "minutes": "15", "when": "later", "planned_date": soon(live).split("T")[0],
        "planned_time": "09:15", "planned_zone": "UTC",
    }  # fmt: skip
    reply = api.post("/interviews", data=form | changed)
    assert reply.status_code == 422
    assert said in reply.text
    assert "baker" in reply.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("minutes=17", "Length: choose 15, 30, 45 or 60."),
        ("minutes=many", "Length: choose 15, 30, 45 or 60."),
        ("panel=9", "Panel size: this number is not offered."),
        ("level=guru", "Level: choose entry, mid, senior or lead."),
        ("role=", "Role: something is needed here."),
    ],
)
def test_a_set_up_that_cannot_be_used_says_which_field(api: httpx.Client, query: str, said: str) -> None:
    assert said in api.get(f"/new?{query}").text
