"""Decides what the panel does next. Pure: same brief, same log, same event, same clock, same words.

Use: `open_session` once; then for every event `answer_turns` (what to observe, if anything), `observe`
in the answers slice, and `next_move`, whose payloads are appended in order. `due` says ahead of a tick
whether the time cuts in, so that a draft can be handed in before it is lost.
"""

from datetime import datetime
from typing import Literal

from greenroom.answers.schemas import AnswerTurn, Observation
from greenroom.interviews import asking, clock, dock, intents, log, responses
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import State
from greenroom.interviews.turn import Turn

Due = Literal["", "wrap_up", "cut", "end"]


def open_session(brief: Brief, now: datetime) -> list[log.AnyPayload]:
    """The first entries of a session: started, greeting, warm-up question."""
    turn = Turn(brief, State(), log.Event(kind="resume"), now)
    asking.open_interview(turn)
    return turn.out


def reading(
    brief: Brief, state: State, event: log.Event, observation: Observation | None = None
) -> intents.Reading:
    """What the words of an `answer` or `question` event are taken for."""
    phase = "candidate_questions" if state.asking_candidate else "question"
    return intents.read(event.text, brief.library.intents, phase=phase, observation=observation)


def answer_turns(brief: Brief, state: State, event: log.Event) -> list[AnswerTurn]:
    """The turns of the open question's answer including this event, for `observe`; empty when there is nothing
    to observe (a button, a tick, the candidate's own questions, or words that are a move)."""
    root = state.root
    spoken = event.kind == "answer" or (event.kind == "done" and bool(event.text.strip()))
    if not spoken or root is None or state.ended or state.asking_candidate:
        return []
    if reading(brief, state, event).kind not in ("answer", "swearing", "injection", "own_question"):
        return []
    probed = bool(root.probes)
    return [*root.turns, AnswerTurn(seq=state.seq + 1, text=event.text, probed=probed)]


def due(brief: Brief, state: State, now: datetime) -> Due:
    """What time itself calls for at `now`: wrap_up (announce), cut (stop this answer), end (stop the session)."""
    return clock.due(brief, state, now)


def next_move(
    brief: Brief, state: State, event: log.Event, observation: Observation | None, now: datetime
) -> list[log.AnyPayload]:
    """The entries to append for an event. `observation` belongs to `answer_turns` of the same event.

    An ended session takes nothing more: the result is empty.
    """
    if state.ended or state.started is None:
        return []
    turn = Turn(brief, state, event, now)
    if state.paused and event.kind not in ("resume", "end", "tick", "pause"):
        turn.add(log.Resumed())
    responses.respond(turn, observation)
    return turn.out


moves = dock.moves
