"""What the terminal shows: lines that scroll, no drawing over what was there, so that it works in any terminal, with a
screen reader and in a pipe."""

import select
import sys
from dataclasses import dataclass, field

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from greenroom.interviews.schemas import EvidenceMark, Interview
from greenroom.reports.markdown import clock, write_markdown
from greenroom.reports.schemas import Report
from greenroom.room.protocol import CurrentQuestion, RoomView
from greenroom.terminal.keys import EXPLAINED

PASTE_S = 0.05  # further lines that come within this time were pasted, not typed
MARKS: dict[EvidenceMark, str] = {"met": "yes", "part": "partly", "miss": "not yet"}


@dataclass
class Screen:
    """Where lines go to and come from. `shown` is the last entry of the log that was shown."""

    console: Console = field(default_factory=lambda: Console(highlight=False))
    shown: int = 0

    def say(self, text: str, style: str = "") -> None:
        """One line of our own."""
        self.console.print(escape(text), style=style or None, soft_wrap=False)

    def plan(self, interview: Interview) -> None:
        """What is coming: who asks, about what, how long."""
        plan = interview.plan
        self.console.rule(f"[bold]{escape(interview.name)}[/]", align="left")
        panel = "; ".join(f"{card.name}, {card.role}" for card in plan.panel)
        topics = ", ".join(block.title.lower() for block in plan.blocks if block.kind == "core")
        self.say(f"{plan.minutes} minutes, {interview.spec.mode} mode. With you: {panel}.")
        self.say(f"Topics: {topics}.")
        for later in plan.later:
            self.say(f"Then round {later.round}: {later.type.replace('_', ' ')}, {later.minutes} minutes.")
        for note in plan.notes:
            self.say(note)
        self.say("Write your answer and hand it in with an empty line. /help shows the other keys.", "dim")

    def room(self, room: RoomView) -> None:
        """What the panel has said since the last look, and where the interview stands."""
        for line in room.transcript:
            if line.seq > self.shown and line.who == "panel":
                self.console.print()
                self.console.print(f"[bold cyan]{escape(line.name)}[/]")
                self.console.print(Padding(escape(line.text), (0, 0, 0, 2)))
                if line.kind == "question":
                    self.material(room.question)
        self.shown = max(self.shown, room.seq)
        if room.hint:
            parts = ", ".join(f"{label.lower()}: {MARKS[mark]}" for label, mark in room.hint)
            self.say(f"  So far in your answer: {parts}.", "yellow")
        self.status(room)

    def again(self, room: RoomView) -> None:
        """Where a session that is taken up again stands: the question on the table, as it was asked."""
        question = room.question
        if question is not None:
            who = next(card.name for card in room.panel if card.slug == question.persona)
            self.console.print(f"\n[bold cyan]{escape(who)}[/]")
            self.console.print(Padding(escape(question.text), (0, 0, 0, 2)))
            self.material(question)
        self.shown = room.seq
        self.status(room)

    def material(self, question: CurrentQuestion | None) -> None:
        """What the question speaks of, its lines as they are."""
        for one in question.material if question else []:
            self.console.print(Padding(f"\n[bold]{escape(one.title)}[/]\n{escape(one.body)}", (0, 0, 0, 2)))

    def status(self, room: RoomView) -> None:
        """The clock and the counter."""
        used = clock(room.clock.used_s)
        time = used if room.clock.timing == "off" else f"{used} of {clock(room.clock.total_s)}"
        of = f"round {room.round.number} of {room.round.of}, " if room.round else ""
        where = f"question {max(1, room.counter.number)} of {room.counter.of}"
        names = {"opening": "opening", "warm_up": "warm-up", "candidate_questions": "your questions", "close": "close"}  # fmt: skip
        self.say(f"  {time}, {of}{names.get(room.block, where)}", "dim")

    def read_line(self, prompt: str) -> str:
        """A typed line without its end. Raises EOFError when there are no more."""
        sys.stdout.flush()
        return input(prompt)

    def pasting(self) -> bool:
        """Whether more lines are already there: then an empty one is a paragraph of pasted text."""
        if not sys.stdin.isatty():
            return False
        return bool(select.select([sys.stdin], [], [], PASTE_S)[0])

    def ask(self, question: str, *, default: bool) -> bool:
        """A yes or no."""
        reply = self.read_line(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        return default if not reply else reply.startswith("y")

    def help(self) -> None:
        """The keys."""
        table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        for keys, meaning in EXPLAINED:
            table.add_row(escape(keys), escape(meaning))
        self.console.print(Padding(table, (0, 0, 0, 2)))

    def report(self, report: Report) -> None:
        """The report without its transcript, which is above already."""
        text = write_markdown(report).partition("\n## Transcript")[0]
        self.console.print()
        self.console.print(Markdown(text))
