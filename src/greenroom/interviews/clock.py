"""What time and silence call for. Seconds are interview seconds."""

from datetime import datetime
from typing import Final, Literal

from greenroom.interviews.brief import Brief, Medium
from greenroom.interviews.replay import State

Due = Literal["", "wrap_up", "cut", "end"]
Rung = Literal["encourage", "rephrase", "offer_skip", "pause"]

LADDER: Final[dict[Medium, tuple[tuple[float, Rung], ...]]] = {
    "voice": ((8, "encourage"), (20, "rephrase"), (45, "offer_skip"), (120, "pause")),
    "text": ((60, "encourage"), (120, "rephrase"), (240, "pause")),
}
"""Seconds of silence and what is done; in text they count from the last keystroke."""
FRIENDLY_WAIT_S: Final = 0.5
THINKING: Final = 2.0
"""After "let me think" every rung takes this many times as long."""
WRAP_UP: Final = 0.85
"""Part of the allowed time after which the panel asks for the ending."""
CLOSING_S: Final = 30
"""Left of the candidate's part when even an answer under way is stopped."""
DEFAULT_MAX_S: Final = 240
TALK_OVERRUN: Final = 1.1
"""A presentation is stopped at this many times its time in the plan."""


def due(brief: Brief, state: State, now: datetime) -> Due:
    """What time calls for at `now`; empty with the timer off, while paused, and after the end."""
    budget = brief.budget
    if not budget.limited or state.ended or state.paused or state.started is None:
        return ""
    elapsed = state.elapsed(now)
    if budget.over(elapsed):
        return "end"
    root, current = state.root, state.current
    if root is None or current is None or root.block_kind not in ("warm_up", "core"):
        return ""
    item = brief.item(root.item_id)
    longest = item.duration_s.max if item else DEFAULT_MAX_S
    block = brief.plan.blocks[root.block]
    talking = block.talk and not current.is_follow_up
    allowed = TALK_OVERRUN * block.seconds * budget.factor if talking else budget.cut_after_s(longest)
    latest = budget.questions_end_s - CLOSING_S * budget.factor
    until = min(current.asked_s + allowed, latest) if allowed else latest
    if elapsed >= until:
        return "cut"
    announced = state.cut_announced == current.id
    start = current.asked_s
    return "wrap_up" if not announced and elapsed >= start + WRAP_UP * (until - start) else ""


def rung(brief: Brief, state: State, idle_s: float) -> Rung | None:
    """The step of the silence ladder that is reached and not yet taken.

    `idle_s` starts anew when the panel speaks, so a later step waits only for the rest of its time.
    """
    ladder = LADDER[brief.medium]
    if state.nudges >= len(ladder):
        return None
    wait, step = ladder[state.nudges]
    if state.nudges:
        wait -= ladder[state.nudges - 1][0]
    if brief.spec.tone == "friendly":
        wait += FRIENDLY_WAIT_S
    return step if idle_s >= wait * (THINKING if state.thinking else 1) else None
