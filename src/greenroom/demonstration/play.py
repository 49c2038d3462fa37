"""Plays a script against a server, at the pace of someone who speaks, on a clock of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from greenroom.client import Client, Stale
from greenroom.demonstration.script import NO_MORE, Script, find_item
from greenroom.interviews.schemas import Interview
from greenroom.library.contents import Library
from greenroom.reports.schemas import Report
from greenroom.room.protocol import RoomView

WORDS_PER_SECOND = 2.3  # spoken English: about 140 words a minute
PAUSE_S = 6  # before an answer begins
BEAT_S = 20  # a page that is silent for 30 s stops the clock
MOST_TURNS = 80


class PlayedTime:
    """A clock that stands still until told how long something took."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def let_pass(self, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)


def start_of(candidates: int, minutes: int, now: datetime | None = None) -> datetime:
    """When the first interview has to begin so that the last one is over by now."""
    return (now or datetime.now(UTC)) - timedelta(minutes=candidates * (minutes + 1))


@dataclass
class Player:
    """One candidate in one session. `on_room` is called with the room before every reply, `on_reply` with the words."""

    client: Client
    script: Script
    interview: Interview
    library: Library
    time: PlayedTime
    on_room: Callable[[RoomView], None]
    on_reply: Callable[[RoomView, str], None]
    _said: dict[str, int] = field(default_factory=dict[str, int])
    _items: dict[str, str] = field(default_factory=dict[str, str])

    def play(self) -> Report:
        """The whole interview, and its report when every answer has been judged.

        Raises:
            LookupError: the panel asked what the script has no answer to.
        """
        room = self.client.start(self.interview.id)
        for _ in range(MOST_TURNS):
            if room.state == "ended":
                break
            self.on_room(room)
            room = self._reply(room)
        else:
            room = self.client.move(room, "end")
        self.client.rate_own(
            room.session_id, {}
        )  # the page shows the report at once, without the candidate's own guess
        return self.client.await_report(room.session_id)

    def _reply(self, room: RoomView) -> RoomView:
        try:
            if room.state == "paused":
                return self.client.move(room, "resume")
            words = self._words(room)
            if words is None:
                return self.client.move(room, "skip")
            self.on_reply(room, words)
            self._speak(room, words)
            asks = room.block == "candidate_questions" and words == self.script.own_question
            return self.client.move(room, "question", words) if asks else self.client.answer(room, words)
        except Stale as stale:  # time was up while they spoke: the draft was taken as the answer
            return stale.room

    def _speak(self, room: RoomView, words: str) -> None:
        self.client.save_draft(room, words)
        left = PAUSE_S + len(words.split()) / WORDS_PER_SECOND
        while left > 0:
            self.time.let_pass(min(left, BEAT_S))
            left -= BEAT_S
            self.client.beat(room.session_id, typing=True)

    def _words(self, room: RoomView) -> str | None:
        """What is said next to the question on the table; None when there is nothing left to say to it."""
        question = room.question
        if question is None:
            return None
        root = question.id.partition(".")[0]
        lines = self._lines(root, question.text, room.block)
        count = self._said[root] = self._said.get(root, 0) + 1
        return lines[count - 1] if count <= len(lines) else None

    def _lines(self, root: str, text: str, block: str) -> list[str]:
        script = self.script
        if block == "candidate_questions":
            return [script.own_question, NO_MORE, NO_MORE]
        if block == "core":
            if root not in self._items:
                self._items[root] = find_item(text, self.interview.plan.pool, self.library.items).id
            return script.lines_for(self.library.items[self._items[root]])
        return [script.closing if block == "close" else script.opening, *script.further]
