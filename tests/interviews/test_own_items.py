"""Own questions over HTTP and on their page: added whole or not at all, asked, listed and removed."""

import uuid

import httpx
import pytest

from greenroom.interviews.offers import list_choices
from greenroom.interviews.own_items import EXAMPLE
from greenroom.library import catalog
from tests.live import Live

BROKEN = EXAMPLE.replace("difficulty: 0", "difficulty: 9").replace("structure: star", "structure: stars")


def named(slug: str) -> str:
    """The example under another id, with words of its own: no two questions may be alike."""
    return EXAMPLE.replace("own.returns.001", f"own.{slug}.001").replace(
        "Think of a time when someone brought something back to you.",
        f"Which {slug} parcel did a neighbour carry to your door last, and why?",
    )


@pytest.fixture(autouse=True)
def leave_nothing(api: httpx.Client):
    yield
    for item in api.get("/api/v1/items").json():
        api.delete(f"/api/v1/items/{item['id']}")


def add(api: httpx.Client, text: str = EXAMPLE, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return api.post("/api/v1/items", json={"text": text, "name": "yard.yaml"}, headers=headers)


def test_an_added_question_is_listed_read_and_removed(api: httpx.Client) -> None:
    made = add(api)
    assert made.status_code == 201, made.text
    assert [item["id"] for item in made.json()] == ["own.returns.001"]
    assert [item["id"] for item in api.get("/api/v1/items").json()] == ["own.returns.001"]
    assert api.get("/api/v1/items/own.returns.001").json()["key_points"][0]["id"] == "reason"
    assert api.delete("/api/v1/items/own.returns.001").status_code == 204
    assert api.get("/api/v1/items").json() == []
    assert api.delete("/api/v1/items/own.returns.001").status_code == 404
    assert api.get("/api/v1/items/own.returns.001").status_code == 404


def test_a_removed_question_comes_back_whole_within_ten_seconds_and_not_later(
    live: Live, api: httpx.Client
) -> None:
    add(api)
    whole = api.get("/api/v1/items/own.returns.001").json()
    api.delete("/api/v1/items/own.returns.001")
    assert api.post("/api/v1/items/own.returns.001/restore").status_code == 204
    assert api.get("/api/v1/items/own.returns.001").json() == whole
    api.delete("/api/v1/items/own.returns.001")
    live.clock.advance(11)
    assert api.post("/api/v1/items/own.returns.001/restore").status_code == 404
    assert api.post("/api/v1/items/own.nobody.001/restore").status_code == 404


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ("difficulty: 0", "difficulty: 9", 6, "difficulty: this must be 2 or less"),
        ("structure: star", "structure: stars", 14, "structure: this must be one of star, claim_evidence"),
        ("weight: 2,", "weight: two,", 16, "key_points 1, weight: this must be a whole number"),
        ("own.returns.001", "own.returns", 1, "id: this must be written as small letters"),
        ("  criteria:", "  crit:", 20, "crit: there is no field of this name"),
        ('1: "Complains', '7: "Complains', 22, "anchors 7: this must be one of 1, 3, 5"),
        ("missing.result", "lacks", 26, "followups 1, when: this must be written as missing."),
        ("  type:", "\ttype:", 2, "a tab stands here"),
        ('"Complains', '"Complains "x', 22, "the quotes before it"),
    ],
)
def test_every_fault_of_a_file_is_told_in_our_words_with_its_line(
    api: httpx.Client, written: str, instead: str, line: int, told: str
) -> None:
    assert written in EXAMPLE
    refused = add(api, EXAMPLE.replace(written, instead, 1))
    assert refused.status_code == 422
    faults = [fault for fault in refused.json()["errors"] if told in fault["message"]]
    assert [fault["line"] for fault in faults] == [line]
    assert not any(
        words in refused.text for words in ("Input should", "String should", "Extra inputs", "Value error")
    )


def test_a_question_of_the_packaged_bank_is_not_an_own_one(api: httpx.Client) -> None:
    assert api.get("/api/v1/items/beh.communication.001").status_code == 404
    assert api.delete("/api/v1/items/beh.communication.001").status_code == 404
    assert "beh.communication.001" in catalog.load().items


def test_a_broken_file_changes_nothing_and_names_every_line(api: httpx.Client) -> None:
    reply = add(api, named("green") + BROKEN)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    shift = len(EXAMPLE.splitlines())
    assert [(error["line"], error["rule"]) for error in reply.json()["errors"]] == [
        (6 + shift, "schema"),
        (14 + shift, "schema"),
    ]
    assert api.get("/api/v1/items").json() == []


def test_the_same_key_adds_a_file_once(api: httpx.Client) -> None:
    key = str(uuid.uuid4())
    first, again, other = add(api, key=key), add(api, key=key), add(api, named("other"), key=key)
    assert first.json() == again.json()
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert len(api.get("/api/v1/items").json()) == 1


def test_two_requests_keep_two_files_of_one_name(api: httpx.Client) -> None:
    assert add(api).status_code == add(api, named("second")).status_code == 201
    assert len(api.get("/api/v1/items").json()) == 2


def test_an_id_that_is_there_is_refused(api: httpx.Client) -> None:
    add(api)
    reply = add(api)
    assert reply.status_code == 422
    assert {error["rule"] for error in reply.json()["errors"]} == {"duplicate"}


def test_one_question_of_a_file_leaves_and_the_others_stay(api: httpx.Client) -> None:
    add(api, EXAMPLE + named("second"))
    api.delete("/api/v1/items/own.returns.001")
    assert [item["id"] for item in api.get("/api/v1/items").json()] == ["own.second.001"]


def test_a_few_aliases_that_stand_for_millions_of_values_are_refused(api: httpx.Client) -> None:
    bomb = "- &a [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(
        f"- &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    reply = add(api, bomb)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["line"] == 2


@pytest.mark.parametrize("text", ["", " ", "hello", "- 1", "- id: [", "a: 2001-99-99", "[" * 3000, "\x07"])
def test_text_that_is_no_list_of_questions_is_refused(api: httpx.Client, text: str) -> None:
    reply = add(api, text)
    assert reply.status_code == 422
    assert reply.json()["errors"]


def test_a_file_can_be_uploaded_and_must_be_text(api: httpx.Client) -> None:
    sent = {"file": ("yard.yaml", EXAMPLE.encode(), "application/yaml")}
    assert api.post("/api/v1/items/upload", files=sent).status_code == 201
    wrong = {"file": ("yard.yaml", b"- id: own\n  prompt: \xff", "application/yaml")}
    reply = api.post("/api/v1/items/upload", files=wrong)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["line"] == 2


def test_an_own_question_is_planned_with_its_blanks_filled_and_outlives_its_removal(
    api: httpx.Client,
) -> None:
    text = EXAMPLE.replace('roles: ["*"]', "roles: [registered_nurse]").replace(
        "What did you do as a {role}?", "What did you do about {requirement}, as a {role}?"
    )
    assert add(api, text).status_code == 201
    job = "You will keep the shelves of the ward in order. Must have experience with stock lists."
    spec = {
        "role": "registered_nurse",
        "type": "behavioral",
        "minutes": 60,
        "seed": 4,
        "job_description": job,
    }
    made = api.post("/api/v1/interviews", json=spec).json()
    assert "own.returns.001" in made["plan"]["pool"]
    api.delete("/api/v1/items/own.returns.001")
    assert "own.returns.001" not in api.post("/api/v1/plans", json=spec).json()["pool"]
    room = api.post(f"/api/v1/interviews/{made['id']}/sessions")
    assert room.status_code == 201, room.text


def test_the_offer_follows_the_bank_at_once(live: Live, api: httpx.Client) -> None:
    before = list_choices("backend", "mid")
    version = catalog.version()
    add(api)
    assert catalog.version() != version
    assert list_choices("backend", "mid") == before


def test_the_page_lists_adds_and_removes(api: httpx.Client) -> None:
    page = {"accept": "text/html"}
    reply = api.post(
        "/questions",
        data={"text": EXAMPLE.replace("\n", "\r\n"), "key": "k"},
        headers=page,
        follow_redirects=True,
    )
    assert "own.returns.001" in reply.text
    broken = api.post("/questions", data={"text": BROKEN, "key": "k2"}, headers=page)
    assert broken.status_code == 422
    assert "Line 6" in broken.text
    assert "structure: stars" in broken.text
    empty = api.post("/questions", data={"text": "", "key": "k3"}, headers=page)
    assert empty.status_code == 422
    gone = api.post("/questions/own.returns.001/delete", headers=page, follow_redirects=True)
    assert "own.returns.001</span></td>" not in gone.text
    assert 'action="/questions/own.returns.001/restore"' in gone.text
    back = api.post("/questions/own.returns.001/restore", headers=page, follow_redirects=True)
    assert "own.returns.001</span></td>" in back.text
    assert 'href="/questions"' in api.get("/new", headers=page).text
