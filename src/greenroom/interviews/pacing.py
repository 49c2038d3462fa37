"""How the minutes of an interview are spent, and what there is still time for. Seconds are interview seconds."""

from dataclasses import dataclass
from typing import Final

from greenroom.interviews.schemas import Plan, Timing

LAST_QUESTION_S: Final = 90
"""No new question with less than this left of the core."""
PROBE_S: Final = 60
"""What a follow-up and its answer take."""
OVERRUN: Final = 1.5
"""An answer longer than this many times its maximum is cut."""


@dataclass(frozen=True)
class Pace:
    """Minutes of each part, how many core questions, and how many follow-ups at most."""

    opening: int
    warm_up: int
    core: int
    candidate_questions: int
    close: int
    questions: int
    probes: int
    competencies: int


TABLE: Final[dict[int, Pace]] = {
    15: Pace(1, 2, 9, 2, 1, 3, 2, 3),
    30: Pace(2, 3, 19, 4, 2, 5, 5, 5),
    45: Pace(3, 4, 29, 6, 3, 7, 8, 6),
    60: Pace(3, 5, 40, 8, 4, 9, 11, 8),
}
TALKS: Final[dict[int, Pace]] = {
    15: Pace(1, 5, 6, 2, 1, 2, 2, 2),
    30: Pace(2, 10, 13, 3, 2, 4, 3, 4),
    45: Pace(2, 15, 22, 4, 2, 6, 5, 6),
    60: Pace(3, 18, 31, 5, 3, 8, 7, 8),
}
"""The same for presentations: what is the warm-up elsewhere is the presentation."""
FACTOR: Final[dict[Timing, float]] = {"on": 1.0, "x1.5": 1.5, "x2": 2.0, "off": 1.0}


@dataclass(frozen=True)
class Budget:
    """The time of one session. With the timer off nothing is ever cut: `limited` is false."""

    pace: Pace
    factor: float
    limited: bool

    @property
    def total_s(self) -> float:
        p = self.pace
        return 60 * self.factor * (p.opening + p.warm_up + p.core + p.candidate_questions + p.close)

    @property
    def core_end_s(self) -> float:
        return 60 * self.factor * (self.pace.opening + self.pace.warm_up + self.pace.core)

    @property
    def questions_end_s(self) -> float:
        """When the candidate's own questions end and the close begins."""
        return self.core_end_s + 60 * self.factor * self.pace.candidate_questions

    @property
    def slot_s(self) -> float:
        """Time planned for one core question with its follow-ups."""
        return 60 * self.factor * self.pace.core / self.pace.questions

    def room_for(self, elapsed_s: float) -> int:
        """How many more core questions there is time for."""
        if not self.limited:
            return self.pace.questions
        return max(0, int((self.core_end_s - elapsed_s) // (LAST_QUESTION_S * self.factor)))

    def may_probe(self, elapsed_s: float, waiting: int) -> bool:
        """Whether a follow-up still leaves `waiting` core questions most of their planned time."""
        if not self.limited:
            return True
        left = self.core_end_s - elapsed_s - PROBE_S * self.factor
        return left >= 0.6 * self.slot_s * waiting

    def over(self, elapsed_s: float) -> bool:
        """Whether the whole session is over its time."""
        return self.limited and elapsed_s >= self.total_s

    def cut_after_s(self, longest_s: float) -> float | None:
        """Seconds after which an answer is cut politely; none with the timer off."""
        return OVERRUN * longest_s * self.factor if self.limited else None


def budget(minutes: int, timing: Timing) -> Budget:
    """The time budget of a session of `minutes` (15, 30, 45 or 60)."""
    return Budget(TABLE[minutes], FACTOR[timing], limited=timing != "off")


def budget_of(plan: Plan, timing: Timing) -> Budget:
    """The time budget of a plan. One without a warm-up is short: all of its minutes are for its core questions."""
    if any(block.talk for block in plan.blocks):
        return Budget(TALKS[plan.minutes], FACTOR[timing], limited=timing != "off")
    if any(block.kind == "warm_up" for block in plan.blocks):
        return budget(plan.minutes, timing)
    questions = sum(block.kind == "core" for block in plan.blocks)
    pace = Pace(0, 0, plan.minutes, 0, 0, questions, plan.probes_max, questions)
    return Budget(pace, FACTOR[timing], limited=timing != "off")
