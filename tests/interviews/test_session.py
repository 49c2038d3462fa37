"""A session from the first word to the last, on the packaged library."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from greenroom.answers.observe import observe
from greenroom.interviews import conductor, log, plan
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import State, replay
from greenroom.interviews.schemas import InterviewCreate
from greenroom.library.catalog import load
from greenroom.room.view import build_view

START = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


class Room:
    """Appends what the conductor decides, as the service does."""

    def __init__(self, **spec: object) -> None:
        self.spec = InterviewCreate.model_validate({"role": "backend", "minutes": 15, **spec})
        library = load()
        self.plan = plan.build(self.spec, library, seed=11)
        self.brief = Brief(self.plan, self.spec, {k: library.items[k] for k in self.plan.pool}, library)
        self.now = START
        self.entries: list[log.Entry] = []
        self.append(conductor.open_session(self.brief, self.now))

    def append(self, payloads: list[log.AnyPayload]) -> list[log.AnyPayload]:
        for payload in payloads:
            self.entries.append(log.Entry(seq=len(self.entries) + 1, at=self.now, payload=payload))
        return payloads

    @property
    def state(self) -> State:
        return replay(self.entries)

    def do(self, kind: str, text: str = "", after_s: float = 20, **event: object) -> list[log.AnyPayload]:
        self.now += timedelta(seconds=after_s)
        made = log.Event.model_validate({"kind": kind, "text": text, **event})
        return self.append(conductor.next_move(self.brief, self.state, made, None, self.now))

    def panel(self, purpose: str) -> list[log.PanelSaid]:
        said = [e.payload for e in self.entries if isinstance(e.payload, log.PanelSaid)]
        return [s for s in said if s.purpose == purpose]


def test_a_session_goes_from_greeting_to_close() -> None:
    room = Room(panel=2)
    assert [p.kind for p in [e.payload for e in room.entries]] == ["started", "panel_said", "panel_said"]
    for _ in range(3 + 1):
        room.do("answer", "I wrote the import job and it ran every night without errors.")
    assert room.state.asking_candidate
    room.do("answer", "No questions, thank you.")
    room.do("answer", "I have nothing to add.")
    assert room.state.ended == "complete"
    assert len(room.state.core) == 3
    assert room.do("answer", "One more thing") == []


def test_the_same_log_gives_the_same_words() -> None:
    first, second = Room(panel=3), Room(panel=3)
    for room in (first, second):
        room.do("answer", "I wrote the import job.")
        room.do("repeat")
        room.do("skip")
    assert [e.payload for e in first.entries] == [e.payload for e in second.entries]


def test_pause_takes_no_interview_time() -> None:
    room = Room()
    room.do("pause", after_s=30)
    room.do("resume", after_s=3600)
    assert room.state.elapsed(room.now) == 30


def test_a_gap_of_the_heartbeat_takes_no_interview_time() -> None:
    room = Room()
    gone = room.now + timedelta(seconds=12)
    room.now += timedelta(seconds=400)
    room.append([log.ClockStopped(since=gone), log.ClockRan()])
    room.now += timedelta(seconds=5)
    assert room.state.elapsed(room.now) == 17


def test_a_log_with_a_gap_is_refused() -> None:
    room = Room()
    with pytest.raises(ValueError, match="gap"):
        replay([room.entries[0], room.entries[2]])


def test_entries_survive_storing_as_json() -> None:
    room = Room(panel=2)
    room.do("answer", "I moved the payments to a queue.")
    again = [log.Entry.model_validate_json(entry.model_dump_json()) for entry in room.entries]
    assert again == room.entries


def test_skipping_leaves_the_competency_not_observed() -> None:
    room = Room()
    room.do("answer", "I work as a developer.")
    skipped = room.state.current
    assert skipped is not None
    room.do("skip")
    assert room.state.roots[skipped.root_id].skipped
    assert room.state.coverage == {}


def test_time_over_ends_the_session() -> None:
    room = Room()
    room.do("answer", "I work as a developer.")
    room.do("tick", after_s=15 * 60)
    assert room.state.ended == "time"


def test_with_the_timer_off_nothing_is_cut() -> None:
    room = Room(timing="off")
    room.do("answer", "I work as a developer.")
    assert room.do("tick", after_s=3 * 3600, typing=True) == []
    assert conductor.due(room.brief, room.state, room.now) == ""


def test_silence_in_text_waits_a_minute_and_never_interrupts_typing() -> None:
    room = Room()
    assert room.do("tick", idle_s=59) == []
    assert room.do("tick", idle_s=61, typing=True) == []
    assert [p.purpose for p in room.do("tick", idle_s=61) if isinstance(p, log.PanelSaid)] == ["nudge"]


@pytest.mark.parametrize(
    ("kind", "role", "shown"),
    [
        ("case", "product_manager", "exhibits"),
        ("system_design", "backend", "requirements"),
        ("coding", "backend", "starter"),
    ],
)
def test_what_a_question_speaks_of_is_shown_and_not_said(kind: str, role: str, shown: str) -> None:
    room = Room(type=kind, role=role, minutes=30)
    for _ in range(40):
        if room.state.ended:
            break
        room.do(
            "answer",
            "I would begin with the numbers, because they decide it. Then I would ask who is affected.",
        )
    scored = [said for said in room.panel("question") if said.scored]
    items = [room.brief.items[str(said.item_id)] for said in scored]
    assert any(getattr(item, shown) for item in items)
    for said, item in zip(scored, items, strict=True):
        bodies = [material.body for material in said.material]
        assert all(exhibit.body.rstrip() in bodies for exhibit in item.exhibits)
        assert all(code.rstrip() in bodies for code in item.starter.values())
        assert all(any(need in body for body in bodies) for need in item.requirements)
        assert not any(body in said.words for body in bodies)


def test_material_stays_on_the_table_through_follow_ups() -> None:
    room = Room(type="case", role="product_manager", minutes=30)
    for _ in range(40):
        current, root = room.state.current, room.state.root
        if current and current.is_follow_up and root and root.scored:
            view = build_view(uuid4(), uuid4(), "Case", room.spec, room.plan, room.entries, now=room.now)
            assert view.question is not None
            assert view.question.material == root.material != []
            return
        event = log.Event(kind="answer", text="We looked at it together and it was fine.")
        item = room.brief.item(root.item_id if root else None)
        seen = observe(item, conductor.answer_turns(room.brief, room.state, event)) if item else None
        room.now += timedelta(seconds=20)
        room.append(conductor.next_move(room.brief, room.state, event, seen, room.now))
    raise AssertionError("no follow-up was asked")
