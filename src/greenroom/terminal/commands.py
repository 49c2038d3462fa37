"""`greenroom practise`: begin or take up, hold the session, show the report."""

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import UUID

import typer
from pydantic import ValidationError

from greenroom.client import ApiError, Client, Unfinished, Unreachable
from greenroom.interviews.schemas import InterviewCreate, SessionSummary
from greenroom.kit.faults import explain
from greenroom.loopback import serving
from greenroom.readiness import CannotStart
from greenroom.reports.markdown import write_markdown
from greenroom.reports.schemas import Report
from greenroom.room.protocol import RoomView
from greenroom.schema import UnusableDatabase
from greenroom.settings import Settings
from greenroom.terminal.practise import Practice
from greenroom.terminal.screen import Screen

LATER = "Your place is kept: `greenroom practise` goes on from here, and so do the pages."

OPTIONS = {"then": "--round", "job_description": "--job", "description": "--describe"}


def run(
    settings: Settings, spec: InterviewCreate, *, new: bool = False, server: str = "", out: Path | None = None
) -> int:
    """Hold an interview in this terminal: the last unfinished one, or a new one as `spec` says; the exit code."""
    screen = Screen()
    if out and not out.parent.is_dir():
        print(f"greenroom: There is no folder {out.parent} for the report of --out.", file=sys.stderr)  # noqa: T201
        return 1
    try:
        with ExitStack() as stack:
            address = server or stack.enter_context(serving(settings))
            client = stack.enter_context(Client(address))
            room = _find_room(client, screen, spec, new=new)
            following: RoomView | None = room
            while following is not None:
                if Practice(client, screen, following).hold() == "left":
                    screen.say(f"\n{LATER}")
                    return 0
                _show_report(client, screen, following.session_id, out)
                following = _next_round(client, screen, following)
    except (KeyboardInterrupt, EOFError):
        screen.say(f"\n{LATER}")
    except (ApiError, CannotStart, UnusableDatabase, Unreachable, Unfinished, OSError) as error:
        print(f"greenroom: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def read_spec(given: dict[str, object]) -> InterviewCreate:
    """What the options ask for. Raises typer.BadParameter, with the option and what is wrong."""
    if given.get("scene") and given.get("scenario") not in ("meeting", "presentation"):
        raise typer.BadParameter("--scene goes with --scenario meeting or --scenario presentation")
    if given.get("description") and given.get("scenario") != "own":
        raise typer.BadParameter("--describe goes with --scenario own")
    try:
        return InterviewCreate.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = (
            str(first["loc"][0]) if first["loc"] else "description" if given.get("scenario") == "own" else ""
        )
        where = f"{OPTIONS.get(place, f'--{place}')}: " if place else ""
        raise typer.BadParameter(f"{where}{explain(first)}") from error


def read_round(text: str, minutes: int, panel: int) -> dict[str, str | int]:
    """A round as it is typed, `technical` or `technical:45`, as the shape of the API; length and panel of the first
    where none is given."""
    kind, _, length = text.partition(":")
    return {
        "type": kind.strip(),
        "minutes": int(length) if length.isdecimal() else length or minutes,
        "panel": panel,
    }


def _next_round(client: Client, screen: Screen, room: RoomView) -> RoomView | None:
    """The room of the round after this one, when there is one and the person wants it now."""
    if room.round is None:
        return None
    run = client.read_summary(room.session_id)
    waiting = next((line for line in run.rounds if line.state == "missing"), None)
    if waiting is None:
        screen.say(f"That was the last of {room.round.of} rounds. In the pages: /sessions/{room.session_id}/summary", "dim")  # fmt: skip
        return None
    kind = waiting.type.replace("_", " ")
    if not screen.ask(f"Round {waiting.number} of {room.round.of} ({kind}, {waiting.minutes} minutes) now?", default=True):  # fmt: skip
        screen.say(f"It waits: {LATER}")
        return None
    return _begin_round(client, screen, room.session_id, waiting.number)


def _begin_round(client: Client, screen: Screen, session_id: UUID, number: int) -> RoomView:
    room = client.start_round(session_id, number)
    screen.shown = 0
    screen.room(room)
    return room


def _find_waiting(client: Client) -> tuple[SessionSummary, int] | None:
    """The newest run whose rounds so far have all ended, and the number of its next round."""
    recent = [one for one in client.list_sessions(limit=20) if one.run_id and one.kind == "interview"]
    for newest in recent:
        held = [one for one in recent if one.run_id == newest.run_id]
        number = max(one.round for one in held) + 1
        if number <= newest.rounds and all(one.state == "ended" for one in held):
            return newest, number
    return None


def _find_room(client: Client, screen: Screen, spec: InterviewCreate, *, new: bool) -> RoomView:
    waiting = None if new else _find_unfinished(client)
    if waiting is not None:
        asked = f"{waiting.questions_asked} of {waiting.questions_planned} questions"
        if screen.ask(f"{waiting.name} is not finished ({asked}). Go on with it?", default=True):
            room = client.read_room(waiting.id)
            if room.state == "paused":
                room = client.move(room, "resume")
            screen.again(room)
            return room
    if not new and (found := _find_waiting(client)):
        last, number = found
        if screen.ask(f"Round {number} of {last.rounds} of {last.name} waits. Begin it?", default=True):
            return _begin_round(client, screen, last.id, number)
    interview = client.create_interview(spec)
    screen.plan(interview)
    room = client.start(interview.id)
    screen.room(room)
    return room


def _find_unfinished(client: Client) -> SessionSummary | None:
    """The newest session that has not ended."""
    return next((one for one in client.list_sessions(limit=20) if one.state != "ended"), None)


def _show_report(client: Client, screen: Screen, session_id: UUID, out: Path | None) -> None:
    """Ask for the person's own levels first, then show ours."""
    room = client.read_room(session_id)
    report = client.read_report(session_id)
    if report.own.state == "open":
        _rate_own(client, screen, report)
    screen.say("Judging your answers …", "dim")
    report = client.await_report(room.session_id)
    screen.report(report)
    if out is not None:
        out.write_text(write_markdown(report), "utf-8")
        screen.say(f"Written to {out}.")
    screen.say(f"In the pages: greenroom serve, then /sessions/{session_id}/report", "dim")


def _rate_own(client: Client, screen: Screen, report: Report) -> None:
    """Own levels before ours are seen: people learn more from a report they have guessed at."""
    screen.say("\nBefore you see ours: how good was each answer, from 1 to 5? Enter skips.")
    levels: dict[str, int | None] = {}
    with suppress(EOFError, KeyboardInterrupt):  # the rest is skipped
        for row in report.own.rows:
            screen.say(f"  {row.number}. {row.title}")
            reply = screen.read_line("  1-5: ").strip()
            levels[row.question_id] = int(reply) if reply in {"1", "2", "3", "4", "5"} else None
    client.rate_own(report.session_id, levels)
