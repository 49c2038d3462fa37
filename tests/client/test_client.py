"""The Python client against a live server, and against one that loses connections."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from greenroom.client import ApiError, Client, Stale, Unreachable
from greenroom.interviews.schemas import InterviewCreate
from greenroom.room.protocol import RoomView
from tests.live import Live

SPEC = InterviewCreate(role="backend", minutes=15, seed=3)
WORDS = "I read the logs, found the slow query and rewrote it, and since then the export takes forty seconds."


class Lossy(httpx.BaseTransport):
    """Carries requests to the server and loses the answers to the first `losses` of those that `matches` picks."""

    def __init__(self, losses: int, matches: Callable[[httpx.Request], bool]) -> None:
        self._inner, self._losses, self._matches = httpx.HTTPTransport(), losses, matches
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if self._matches(request):
            self.sent += 1
            if self.sent <= self._losses:
                response.close()
                raise httpx.ReadError("connection lost", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


def is_turn(request: httpx.Request) -> bool:
    return request.url.path.endswith("/turns")


def begin(client: Client) -> RoomView:
    return client.start(client.create_interview(SPEC).id)


@pytest.fixture
def client(live: Live):
    with Client(live.address) as made:
        yield made


def test_an_answer_whose_reply_was_lost_is_sent_again_and_stored_once(live: Live) -> None:
    lossy = Lossy(2, is_turn)
    with Client(live.address, transport=lossy) as client:
        room = client.answer(begin(client), WORDS)
    assert lossy.sent == 3
    assert [line.text for line in room.transcript].count(WORDS) == 1


def test_an_interview_whose_reply_was_lost_is_made_once(live: Live) -> None:
    lossy = Lossy(1, lambda request: request.method == "POST")
    with Client(live.address, transport=lossy) as client:
        before = {one.interview_id for one in client.list_sessions(limit=100)}
        interview = client.create_interview(SPEC)
        client.start(interview.id)
        after = {one.interview_id for one in client.list_sessions(limit=100)} - before
    assert after == {interview.id}


def test_a_server_that_stays_away_is_reported_as_such() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(Unreachable):
        client.read_room(uuid4())


def test_what_is_refused_says_why_in_a_sentence(client: Client) -> None:
    with pytest.raises(ApiError) as refused:
        client.read_room(uuid4())
    assert refused.value.status == 404
    assert refused.value.slug == "not-found"
    assert "no such session" in str(refused.value)


def test_a_stale_room_comes_back_with_the_fresh_one(client: Client) -> None:
    room = begin(client)
    fresh = client.answer(room, WORDS)
    with pytest.raises(Stale) as stale:
        client.answer(room, "The same question again.")
    assert stale.value.room.seq == fresh.seq


def test_events_show_the_room_and_each_score_and_end_when_the_session_is_gone(client: Client) -> None:
    room = client.answer(begin(client), "I have worked with data for six years.")
    room = client.answer(room, WORDS)
    client.move(room, "end")
    kinds: list[str] = []
    for event in client.events(room.session_id):
        kinds.append(event.kind)
        if event.kind == "score" and event.score and event.score.state != "pending":
            client.delete_interview(room.interview_id)
    assert kinds[0] == "room"
    assert "score" in kinds
    assert kinds[-1] == "gone"


def test_the_report_waits_for_the_last_judgement(client: Client) -> None:
    room = client.answer(begin(client), "I have worked with data for six years.")
    room = client.move(client.answer(room, WORDS), "end")
    report = client.await_report(room.session_id)
    assert report.pending == 0
    assert report.cards[0].state != "pending"


def test_a_question_can_be_practised_again(client: Client) -> None:
    room = client.answer(begin(client), "I have worked with data for six years.")
    question = room.question
    assert question is not None
    ended = client.move(client.answer(room, WORDS), "end")
    again = client.retry_question(ended.session_id, question.id)
    assert again.session_id != ended.session_id
    assert again.question is not None
