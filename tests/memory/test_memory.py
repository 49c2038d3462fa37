"""The memory over HTTP: off until asked for, searchable, said by the panel, and gone when it is told to go."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from greenroom.interviews.models import SessionRow
from greenroom.interviews.queries import plan_of, read_log
from greenroom.interviews.replay import replay
from greenroom.interviews.sessions import take_up
from greenroom.kit.web import Context
from greenroom.memory.excerpts import cut
from greenroom.memory.meaning import Meaning
from greenroom.providers.embeddings.scripted import ScriptedEmbeddings
from tests.live import Live
from tests.reports.test_report import wait_for_scores
from tests.room.test_turns import GOOD, finish, start
from tests.waiting import until

NO_NUMBER = (
    "At my last job our depot kept sending the wrong crates and the bakers waited for flour. I drew a map of the "
    "shelves, I labelled every row with Jonas, and I taught the night crew to read it. In the end the crates were right "
    "and nobody had to wait any more."
)
MANY = 100


def context_of(live: Live) -> Context:
    return live.app.state.context


@pytest.fixture(autouse=True)
def forgotten(live: Live, api: httpx.Client) -> Iterator[None]:
    api.put("/api/v1/memory", json={"on": False})
    context_of(live).one(Meaning).put(None)
    yield
    api.put("/api/v1/memory", json={"on": False})
    context_of(live).one(Meaning).put(None)


def turn_on(api: httpx.Client) -> None:
    assert api.put("/api/v1/memory", json={"on": True}).json()["on"] is True


def search(api: httpx.Client, query: str = "", limit: int = MANY) -> list[dict[str, Any]]:
    found = api.get("/api/v1/answers", params={"q": query, "limit": limit})
    assert found.status_code == 200, found.text
    return found.json()


def remembered(api: httpx.Client, session_id: str, query: str = "") -> list[dict[str, Any]]:
    """The session's own answers, once all three are there."""
    own = lambda: [one for one in search(api, query) if one["session_id"] == session_id]  # noqa: E731
    return until(own, lambda found: len(found) >= 3)


def practised(api: httpx.Client, answer: str = NO_NUMBER) -> str:
    return finish(api, start(api, type="behavioral"), answer)["session_id"]


def test_nothing_is_remembered_until_it_is_asked_for(live: Live, api: httpx.Client) -> None:
    assert api.get("/api/v1/memory").json() == {"on": False, "since": None, "answers": 0, "by_meaning": False}
    session = practised(api)
    refused = api.get("/api/v1/answers", params={"q": "crates"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:greenroom:problem:memory-off")
    wait_for_scores(api, session)
    assert rows(live, session) == (0, 0)
    assert jobs(live, "remember_answer", session) == 0
    assert jobs(live, "grade_answer", session) > 0
    page = api.get("/answers").text
    assert "Shall Greenroom remember your answers?" in page
    assert "crates" not in page


def rows(live: Live, session_id: str) -> tuple[int, int]:
    """How many answers of a session are kept, and how many entries the index of words has in all."""

    async def count() -> tuple[int, int]:
        context = context_of(live)
        key = UUID(session_id).hex if context.database.is_sqlite else session_id
        async with context.database.read() as db:
            kept = await db.scalar(
                text("select count(*) from remembered_answers where cast(session_id as text) = :id"),
                {"id": key},
            )
            indexed = await db.scalar(text("select count(*) from remembered_words"))
        return kept or 0, indexed or 0

    return live.run(count())


def jobs(live: Live, name: str, session_id: str) -> int:
    """How many jobs of this name were ever put in the queue for a session."""

    async def count() -> int:
        context = context_of(live)
        table = "workflow_status" if context.database.is_sqlite else "dbos.workflow_status"
        async with context.database.read() as db:
            query = text(f"select count(*) from {table} where workflow_uuid like :id")  # noqa: S608 - our own names
            return await db.scalar(query, {"id": f"{name}:{session_id}:%"}) or 0

    return live.run(count())


def test_answers_so_far_and_later_ones_are_found_by_their_words(api: httpx.Client) -> None:
    before = practised(api)
    turn_on(api)
    found = remembered(api, before, "crates")
    later = practised(api, GOOD)
    assert {one["session_id"] for one in remembered(api, later, "nightly exports")} == {later}
    first = found[0]
    assert first["found_by"] == "words"
    assert [piece["text"] for piece in first["excerpt"] if piece["hit"]] == ["crates", "crates"]
    assert "number" in {one["lack"] for one in found}
    assert [one["question_id"] for one in remembered(api, before, "crates")] == [
        one["question_id"] for one in found
    ]
    assert "".join(piece["text"] for piece in first["excerpt"]).strip(" …") in NO_NUMBER
    assert search(api, "zeppelin") == []


@pytest.mark.parametrize(
    "query",
    ['"', "* OR *", "crates) OR (1=1", "NEAR(a b)", "-crates", "a:b", "' or 1=1 --", "\x00", "%", "!&|"],
)
def test_a_query_is_words_and_never_an_expression(api: httpx.Client, query: str) -> None:
    turn_on(api)
    assert api.get("/api/v1/answers", params={"q": query}).status_code == 200


def test_with_embeddings_answers_are_found_by_meaning(live: Live, api: httpx.Client) -> None:
    fields = {"goods": ["crates", "shipment"], "computing": ["query", "database"]}
    context_of(live).one(Meaning).put(ScriptedEmbeddings(fields))
    turn_on(api)
    assert api.get("/api/v1/memory").json()["by_meaning"] is True
    goods, computing = practised(api), practised(api, GOOD)
    remembered(api, goods), remembered(api, computing)
    found = search(api, "shipment")
    assert {one["found_by"] for one in found} == {"meaning"}
    assert goods in {one["session_id"] for one in found}
    assert computing not in {one["session_id"] for one in found}


def plan_and_words(live: Live, session_id: str) -> tuple[list[Any], list[str]]:
    async def read() -> tuple[list[Any], list[str]]:
        async with context_of(live).database.read() as db:
            row = await db.get_one(SessionRow, UUID(session_id))
            said = [e.payload for e in await read_log(db, row.id) if e.kind == "panel_said"]
            return plan_of(row).reminders, [p.words for p in said if p.refers_to.startswith("earlier:")]

    return live.run(read())


def test_the_panel_says_what_an_earlier_answer_lacked_and_never_its_words(
    live: Live, api: httpx.Client
) -> None:
    turn_on(api)
    remembered(api, practised(api))
    said: list[str] = []
    for _ in range(4):
        session = practised(api, GOOD)
        earlier, words = plan_and_words(live, session)
        said += words
        assert len(words) <= 2
        if words:
            assert earlier
            break
        remembered(api, practised(api))
    assert said
    assert any("number" in line or "figure" in line or "how" in line or "measure" in line for line in said)
    assert not any(word in line for line in said for word in ("crates", "Jonas", "flour"))


def test_without_consent_the_panel_refers_to_nothing(live: Live, api: httpx.Client) -> None:
    practised(api)
    assert plan_and_words(live, practised(api)) == ([], [])


def test_what_the_panel_may_say_is_frozen_with_the_session(live: Live, api: httpx.Client) -> None:
    turn_on(api)
    remembered(api, practised(api))
    room = start(api, type="behavioral")
    frozen, _ = plan_and_words(live, room["session_id"])
    assert frozen
    api.put("/api/v1/memory", json={"on": False})
    finish(api, room, GOOD)
    assert plan_and_words(live, room["session_id"])[0] == frozen

    async def replayed() -> bool:
        async with context_of(live).database.read() as db:
            row = await db.get_one(SessionRow, UUID(room["session_id"]))
            running = await take_up(db, row)
            return replay(running.entries) == running.state

    assert live.run(replayed())


def test_turning_it_off_erases_the_index_and_keeps_the_sessions(live: Live, api: httpx.Client) -> None:
    turn_on(api)
    session = practised(api)
    remembered(api, session)
    assert rows(live, session)[0] == 3
    asked = api.post("/answers/memory", data={"on": ""})  # it cannot be undone: one more step
    assert asked.headers["location"] == "/answers/forget"
    assert rows(live, session)[0] == 3
    held = api.get("/api/v1/memory").json()["answers"]  # answers of other sessions may still be added
    told = re.search(r"(\d+) remembered answers are erased now", api.get("/answers/forget").text)
    assert told
    assert int(told.group(1)) >= held >= 3
    assert api.post("/answers/memory", data={"sure": "yes"}).status_code == 303
    assert rows(live, session) == (0, 0)
    assert api.get(f"/api/v1/sessions/{session}/report").status_code == 200
    assert words_left(live) == []


def words_left(live: Live) -> list[str]:
    """Words of the erased answers that still stand in the index itself."""

    async def read() -> list[str]:
        context = context_of(live)
        if not context.database.is_sqlite:
            return []
        async with context.database.read() as db:
            blocks = await db.scalars(text("select block from remembered_words_data"))
            return [word for block in blocks for word in ("crate", "jona", "flour") if word.encode() in block]

    return live.run(read())


def test_what_is_remembered_of_a_session_goes_with_it(live: Live, api: httpx.Client) -> None:
    turn_on(api)
    session = practised(api, f"{NO_NUMBER} We called it Operation Zebrafish.")
    assert len(remembered(api, session, "zebrafish")) == 3
    api.delete(f"/api/v1/sessions/{session}")
    assert search(api, "zebrafish") == []
    until(lambda: rows(live, session)[0] == 0)
    assert indexed_alone(live) == 0


def indexed_alone(live: Live) -> int:
    """Entries of the index of words whose answer is gone."""

    async def count() -> int:
        async with context_of(live).database.read() as db:
            orphans = "select count(*) from remembered_words where answer_id not in (select id from remembered_answers)"
            return await db.scalar(text(orphans)) or 0

    return live.run(count())


def test_a_deleted_session_that_is_restored_is_found_again(api: httpx.Client) -> None:
    turn_on(api)
    session = practised(api)
    remembered(api, session)
    api.delete(f"/api/v1/sessions/{session}")
    api.post(f"/api/v1/sessions/{session}/restore")
    assert len(remembered(api, session)) == 3


def test_the_page_searches_and_shows_words_as_text(api: httpx.Client) -> None:
    turn_on(api)
    word = f"quokka{uuid4().hex[:8]}"  # the page shows the best few, and other sessions told of crates too
    session = practised(api, f"{NO_NUMBER} <b>{word}</b> <script>alert(1)</script>")
    remembered(api, session, word)
    page = api.get("/answers", params={"q": word}).text
    assert f'<mark class="quote">{word}</mark>' in page
    assert f"/sessions/{session}/report#" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("answer", "query", "expected"),
    [
        ("short and sweet", "sweet", ["short and ", "[sweet]"]),
        ("nothing here", "other", ["nothing here"]),
        ("", "x", []),
    ],
)
def test_an_excerpt_is_the_answers_own_words(answer: str, query: str, expected: list[str]) -> None:
    pieces = cut(answer, query)
    assert [f"[{p.text}]" if p.hit else p.text for p in pieces] == expected


def test_a_long_answer_is_cut_around_the_word() -> None:
    answer = (
        "one two three four five six seven eight nine ten " * 20 + "the zebra was there " + "and more " * 100
    )
    shown = "".join(piece.text for piece in cut(answer, "zebras"))
    assert "zebra" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert shown.strip("… ") in answer
