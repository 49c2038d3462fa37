"""One session in the terminal, from its first question to its report, and from any point on."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from greenroom.client import ApiError, Client, Stale, Unreachable
from greenroom.room.protocol import ANSWER_LIMIT, MoveKind, RoomView
from greenroom.terminal.keys import Command, read_line
from greenroom.terminal.screen import Screen

BEAT_S = 10
Outcome = Literal["ended", "left"]
MOVES: dict[Command, MoveKind] = {
    "repeat": "repeat", "clarify": "clarify", "think": "think", "skip": "skip", "hint": "hint", "pause": "pause",
}  # fmt: skip


@dataclass
class Practice:
    """A session that is being held. What is written and not sent is kept as its draft, line by line."""

    client: Client
    screen: Screen
    room: RoomView
    written: list[str] = field(default_factory=list[str])
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def hold(self) -> Outcome:
        """Go on until the interview has ended or the person leaves; nothing they wrote is lost either way."""
        if self.room.draft:
            self.written = self.room.draft.split("\n")
            self.screen.say("You had written:", "dim")
            self.screen.say(self.room.draft)
        with self._present():
            try:
                while self.room.state != "ended":
                    self._step()
            except (KeyboardInterrupt, EOFError):
                self._keep()
                return "left"
        return "ended"

    def _step(self) -> None:
        if self.room.state == "paused":
            line = read_line(self.screen.read_line("Paused. Press Enter to go on; /end ends it. "))
            if line.command == "end":
                self._command("end")
            else:
                self._move("resume")  # the panel says the question again
            return
        line = read_line(self.screen.read_line("> "))
        if line.command:
            self._command(line.command)
        elif line.words or (self.written and self.screen.pasting()):
            self.written.append(line.words)
            self._keep()
        elif self.written:
            self._send()

    def _command(self, command: Command) -> None:
        match command:
            case "help":
                self.screen.help()
            case "unknown":
                self.screen.say("There is no such key; /help shows them. To begin a line with a slash, write two.", "yellow")  # fmt: skip
            case "leave":
                raise EOFError
            case "clear":
                self.written = []
                self._keep()
            case "send":
                self._send()
            case "done":
                self._finish_talk()
            case "end":
                if self.screen.ask("End the interview? What you have answered is kept.", default=False):
                    self._send(quietly=True)
                    self._move("end")
            case _:
                self._named_move(MOVES[command])

    def _finish_talk(self) -> None:
        """End a presentation, with what is written as its last part."""
        if "done" not in self.room.moves:
            self.screen.say("That belongs to a presentation. /end ends the conversation.", "yellow")
        elif self._move("done", "\n".join(self.written).strip()[:ANSWER_LIMIT]):
            self.written = []

    def _named_move(self, kind: MoveKind) -> None:
        if kind == "skip" and self.room.block == "candidate_questions":
            self._move("question", "No, thank you, that was all.")
            return
        if kind not in self.room.moves:
            reason = (
                " There are none in graded mode." if kind == "hint" and self.room.mode == "graded" else ""
            )
            self.screen.say(f"That does not fit here.{reason}", "yellow")
            return
        if kind == "skip":
            self.written = []
        self._move(kind)

    def _send(self, *, quietly: bool = False) -> None:
        text = "\n".join(self.written).strip()
        if not text:
            if not quietly:
                self.screen.say("There is nothing to hand in yet.", "yellow")
            return
        if len(text) > ANSWER_LIMIT:
            self.screen.say(f"That is longer than {ANSWER_LIMIT:,} characters. /clear begins anew.", "yellow")
            return
        kind: MoveKind = "question" if "question" in self.room.moves else "answer"
        if self._move(kind, text):
            self.written = []

    def _move(self, kind: MoveKind, text: str = "") -> bool:
        """Make a move and show what comes of it; False when it was not taken."""
        with self._turn:
            try:
                self.room = self.client.move(self.room, kind, text)
            except Stale as stale:
                self._follow(stale.room)
                return False
            except (ApiError, Unreachable) as error:
                self.screen.say(f"{error} What you wrote is still here; /send tries again.", "yellow")
                return False
            self.screen.room(self.room)
            return True

    def _follow(self, room: RoomView) -> None:
        """Take over a room that went on by itself: a nudge, or time that was up and took the draft as the answer."""
        before = self.room.question.id if self.room.question else None
        self.room = room
        if before != (room.question.id if room.question else None):
            self.written = room.draft.split("\n") if room.draft else []
        self.screen.room(room)
        if room.state == "ended":
            self.screen.say("Press Enter for your report.")

    def _keep(self) -> None:
        """Keep what is written with the session. A server that is away now gets it with the next line."""
        try:
            self.client.save_draft(self.room, "\n".join(self.written)[:ANSWER_LIMIT])
        except (ApiError, Unreachable):
            return

    @contextmanager
    def _present(self) -> Generator[None]:
        """Tell the server every 10 s that somebody is here, and show what the panel says by itself meanwhile."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(BEAT_S):
                try:
                    self.client.beat(self.room.session_id, typing=bool(self.written))
                    with self._turn:
                        room = self.client.read_room(self.room.session_id)
                        if any(line.seq > self.screen.shown for line in room.transcript):
                            self._follow(room)
                except (ApiError, Unreachable):
                    continue  # said at the next move; the clock stands still meanwhile

        thread = threading.Thread(target=beat, name="greenroom-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(timeout=5)
