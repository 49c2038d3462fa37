"""A small typed client of the REST API: what a page can do, from Python.

    with Client("http://127.0.0.1:8460") as greenroom:
        interview = greenroom.create_interview(InterviewCreate(role="backend", minutes=15))
        room = greenroom.start(interview.id)
        room = greenroom.answer(room, "I led the migration of our billing service …")

Shapes are the product's own. Every call that creates something carries an idempotency key, so that a lost connection is
tried again without doing anything twice.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel, TypeAdapter

from greenroom.grading.schemas import ScoreView
from greenroom.interviews.schemas import Interview, InterviewCreate, Plan, Planned, SessionSummary
from greenroom.reports.rounds import RunSummary
from greenroom.reports.schemas import Report
from greenroom.room.protocol import MoveKind, RoomView, RoundStart, TurnCreate

TRIES = 4
WAIT_S = 0.25  # before the second try; doubled for each further one
M = TypeVar("M", bound=BaseModel)
Json = dict[str, Any]


class ApiError(Exception):
    """The server refused. `slug` names the problem (`stale`, `not-found` …), `detail` is its sentence for people."""

    def __init__(self, status: int, body: Json) -> None:
        self.status = status
        self.slug = str(body.get("type", "")).rpartition(":")[2]
        self.title = str(body.get("title", "The server refused"))
        self.detail = str(body.get("detail", ""))
        self.body = body
        super().__init__(f"{self.title}. {self.detail}".strip())


class Stale(ApiError):  # noqa: N818 - the problem's own name
    """The session has gone on since the room was read; `room` is how it is now."""

    @property
    def room(self) -> RoomView:
        """The room as it is now."""
        return RoomView.model_validate(self.body["room"])


class Unreachable(Exception):  # noqa: N818 - reads as what it is
    """The server did not answer, several times in a row."""


class Unfinished(Exception):  # noqa: N818 - reads as what it is
    """Answers are still being assessed after the time that was given."""


@dataclass(frozen=True)
class StreamEvent:
    """One event of a session: `room` with the room after a change, `score` with one judgement, or `gone`."""

    kind: Literal["room", "score", "gone"]
    room: RoomView | None = None
    score: ScoreView | None = None


class Client:
    """One connection to a Greenroom server; close it, or use it in a `with` block."""

    def __init__(
        self, address: str, *, timeout_s: float = 30, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1", timeout=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Return the connections."""
        self._http.close()

    def preview(self, spec: InterviewCreate) -> Plan:
        """The plan this interview would get; nothing is kept."""
        return self._read(Plan, "POST", "/plans", spec)

    def create_interview(self, spec: InterviewCreate, key: str | None = None) -> Interview:
        """A new interview with its frozen plan."""
        return self._read(Interview, "POST", "/interviews", spec, key or str(uuid4()))

    def read_interview(self, interview_id: UUID) -> Interview:
        """An interview and the ids of its sessions."""
        return self._read(Interview, "GET", f"/interviews/{interview_id}")

    def plan_for(self, interview_id: UUID, planned: Planned) -> Interview:
        """The interview, kept for this time."""
        return self._read(Interview, "PUT", f"/interviews/{interview_id}/planned", planned)

    def list_planned(self) -> list[Interview]:
        """What is kept for later and not begun, the soonest first."""
        reply = self._send("GET", "/interviews", params={"planned": "true", "limit": 100})
        return TypeAdapter(list[Interview]).validate_json(reply.content)

    def delete_interview(self, interview_id: UUID) -> None:
        """Take the interview and its sessions off every list; for good after ten seconds."""
        self._send("DELETE", f"/interviews/{interview_id}")

    def start(self, interview_id: UUID, key: str | None = None) -> RoomView:
        """A new session of an interview: the room with the first question."""
        return self._read(RoomView, "POST", f"/interviews/{interview_id}/sessions", None, key or str(uuid4()))

    def start_round(self, session_id: UUID, number: int | None = None, key: str | None = None) -> RoomView:
        """The room of the next round of the run a session belongs to, or of the one named."""
        wanted = RoundStart(round=number)
        return self._read(RoomView, "POST", f"/sessions/{session_id}/rounds", wanted, key or str(uuid4()))

    def read_summary(self, session_id: UUID) -> RunSummary:
        """All rounds of the run a session belongs to, together."""
        return self._read(RunSummary, "GET", f"/sessions/{session_id}/summary")

    def list_sessions(self, *, query: str = "", limit: int = 50) -> list[SessionSummary]:
        """The history, newest first."""
        reply = self._send("GET", "/sessions", params={"q": query, "limit": limit})
        return TypeAdapter(list[SessionSummary]).validate_json(reply.content)

    def read_room(self, session_id: UUID) -> RoomView:
        """The room as it is now."""
        return self._read(RoomView, "GET", f"/sessions/{session_id}")

    def take_turn(self, session_id: UUID, turn: TurnCreate, key: str | None = None) -> RoomView:
        """The room after one move of the candidate.

        Raises:
            Stale: the panel or another client has gone on since `turn.after_seq`; nothing was stored.
        """
        return self._read(RoomView, "POST", f"/sessions/{session_id}/turns", turn, key or str(uuid4()))

    def answer(self, room: RoomView, text: str, *, thinking_ms: int | None = None) -> RoomView:
        """The room after an answer to what it shows."""
        turn = TurnCreate(kind="answer", text=text, after_seq=room.seq, thinking_ms=thinking_ms)
        return self.take_turn(room.session_id, turn)

    def move(self, room: RoomView, kind: MoveKind, text: str = "") -> RoomView:
        """The room after a move such as `repeat`, `skip`, `pause` or `end`."""
        return self.take_turn(room.session_id, TurnCreate(kind=kind, text=text, after_seq=room.seq))

    def save_draft(self, room: RoomView, text: str) -> None:
        """Keep unsent words; they are shown wherever the room is opened next."""
        self._send("PUT", f"/sessions/{room.session_id}/draft", {"text": text, "after_seq": room.seq})

    def beat(self, session_id: UUID, *, typing: bool = False) -> None:
        """Say that the candidate is here: time counts only while somebody says so at least every 30 s."""
        self._send("POST", f"/sessions/{session_id}/heartbeat", {"typing": typing})

    def list_scores(self, session_id: UUID) -> list[ScoreView]:
        """Where each answer's judgement stands, in order."""
        reply = self._send("GET", f"/sessions/{session_id}/scores")
        return TypeAdapter(list[ScoreView]).validate_json(reply.content)

    def retry_score(self, session_id: UUID, question_id: str) -> ScoreView:
        """Have one answer assessed again."""
        return self._read(ScoreView, "POST", f"/sessions/{session_id}/scores/{question_id}/retry")

    def retry_question(self, session_id: UUID, question_id: str, key: str | None = None) -> RoomView:
        """A new short session with one question of an earlier one: the room with the question."""
        path = f"/sessions/{session_id}/questions/{question_id}/retries"
        return self._read(RoomView, "POST", path, None, key or str(uuid4()))

    def rate_own(self, session_id: UUID, levels: dict[str, int | None]) -> None:
        """Keep own levels (1-5 by question id, None for skipped), before ours are looked at."""
        self._send("POST", f"/sessions/{session_id}/rating", {"levels": levels})

    def read_report(self, session_id: UUID) -> Report:
        """The report as of now."""
        return self._read(Report, "GET", f"/sessions/{session_id}/report")

    def await_report(self, session_id: UUID, *, timeout_s: float = 60) -> Report:
        """The report once no answer is pending any more.

        Raises:
            Unfinished: the time is over; `read_report` still gives what is there.
        """
        deadline = time.monotonic() + timeout_s
        while any(score.state == "pending" for score in self.list_scores(session_id)):
            if time.monotonic() > deadline:
                raise Unfinished(f"Answers are still being assessed after {timeout_s:g} s.")
            time.sleep(0.1)
        return self.read_report(session_id)

    def events(self, session_id: UUID, last_seq: int = 0) -> Iterator[StreamEvent]:
        """What happens in a session, as it happens; ends when the session is deleted or the connection is lost.

        `last_seq` is the `seq` of the last room seen: the stream goes on from there.
        """
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last_seq)}
        with self._http.stream(
            "GET", f"/sessions/{session_id}/events", headers=headers, timeout=None
        ) as reply:
            if reply.is_error:
                reply.read()
                raise _error_of(reply)
            for kind, data in _read_events(reply.iter_lines()):
                if kind == "room":
                    yield StreamEvent("room", room=RoomView.model_validate_json(data))
                elif kind == "score":
                    yield StreamEvent("score", score=ScoreView.model_validate_json(data))
                elif kind == "gone":
                    yield StreamEvent("gone")
                    return

    def _read(
        self, model: type[M], method: str, path: str, body: BaseModel | Json | None = None, key: str = ""
    ) -> M:
        return model.model_validate_json(self._send(method, path, body, key).content)

    def _send(
        self,
        method: str,
        path: str,
        body: BaseModel | Json | None = None,
        key: str = "",
        params: dict[str, str | int] | None = None,
    ) -> httpx.Response:
        """One request. It is sent again after a lost connection or a busy database when it can do no harm twice:
        reads, and whatever carries an idempotency key."""
        json = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
        headers = {"Idempotency-Key": key} if key else {}
        repeatable = bool(key) or method in ("GET", "PUT", "DELETE")
        for attempt in range(TRIES):
            last = attempt == TRIES - 1 or not repeatable
            try:
                reply = self._http.request(method, path, json=json, headers=headers, params=params)
            except httpx.TransportError as error:
                if last:
                    raise Unreachable(f"The server at {self._http.base_url} does not answer.") from error
            else:
                if reply.status_code != 503 or last:
                    if reply.is_error:
                        raise _error_of(reply)
                    return reply
            time.sleep(WAIT_S * 2**attempt)
        raise AssertionError("unreachable")  # pragma: no cover - the last attempt returns or raises


def _error_of(reply: httpx.Response) -> ApiError:
    try:
        found = reply.json()
    except ValueError:
        found = {}
    body: Json = found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType] - any JSON
    kind = Stale if reply.status_code == 409 and "room" in body else ApiError
    return kind(reply.status_code, body)


def _read_events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(event, data) pairs of a text/event-stream; comments and ids are passed over."""
    kind = ""
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield kind, "\n".join(data)
            kind = ""
            data = []
        elif line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
