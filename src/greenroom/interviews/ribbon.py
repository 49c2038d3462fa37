"""The conversation ribbon: who held the floor and for how long, to scale. Pure."""

from collections.abc import Iterable

from greenroom.interviews import log
from greenroom.interviews.replay import State, replay
from greenroom.interviews.schemas import Plan, RibbonQuestion, RibbonSegment

READING_WORDS_PER_S = 3.5  # silent reading, 200-250 words a minute: the length of a written question
THINKING_S = 8  # a shorter gap before an answer is no thinking, it is a breath


def fold_timeline(entries: Iterable[log.Entry]) -> tuple[State, list[tuple[log.Entry, float]]]:
    """The state after all entries, and every entry with its interview second."""
    state = State()
    timeline: list[tuple[log.Entry, float]] = []
    for entry in entries:
        replay([entry], state)
        timeline.append((entry, state.elapsed(entry.at)))
    return state, timeline


def draw(
    plan: Plan, state: State, timeline: list[tuple[log.Entry, float]], now_s: float | None
) -> list[RibbonQuestion]:
    """The ribbon of a session; with `now_s` it ends in the cursor and the planned rest."""
    groups: dict[int, list[RibbonSegment]] = {}
    previous: tuple[int, log.PanelSaid] | None = None
    clock = 0.0
    for entry, at_s in timeline:
        payload = entry.payload
        if isinstance(payload, log.PanelSaid):
            previous, clock = (payload.block, payload), at_s
        elif isinstance(payload, log.CandidateSaid) and previous:
            block, said = previous
            groups.setdefault(block, []).extend(_exchange(said, payload, at_s - clock))
            previous, clock = None, at_s
    if now_s is not None and previous:
        block, said = previous
        groups.setdefault(block, []).extend(_open_question(said, now_s - clock))
    return _label(plan, state, groups, rest=now_s is not None)


def draw_plan(plan: Plan) -> list[RibbonQuestion]:
    """The ribbon of a session that has not begun: all of it is rest."""
    return _label(plan, State(block=-1), {}, rest=True)


def _exchange(asked: log.PanelSaid, said: log.CandidateSaid, seconds: float) -> list[RibbonSegment]:
    seconds = max(2.0, seconds)
    asking = min(len(asked.words.split()) / READING_WORDS_PER_S, seconds * 0.4)
    pause = max(0.0, (said.thinking_ms or 0) / 1000 - asking)
    pause = min(pause, max(0.0, seconds - asking - 1))
    kind = "probe" if asked.purpose == "follow_up" else "ask"
    return [
        RibbonSegment(kind=kind, seconds=max(1, round(asking))),
        RibbonSegment(kind="think" if pause >= THINKING_S else "gap", seconds=max(1, round(pause))),
        RibbonSegment(kind="you", seconds=max(1, round(seconds - asking - pause))),
    ]


def _open_question(asked: log.PanelSaid, seconds: float) -> list[RibbonSegment]:
    asking = len(asked.words.split()) / READING_WORDS_PER_S
    kind = "probe" if asked.purpose == "follow_up" else "ask"
    segments = [RibbonSegment(kind=kind, seconds=max(1, round(asking)))]
    if seconds > asking:
        segments.append(RibbonSegment(kind="gap", seconds=max(1, round(seconds - asking))))
    return segments


def _order(plan: Plan, state: State) -> tuple[list[int], dict[int, int]]:
    """Indexes of the blocks in the order of the conversation, and the number each main question is shown under.

    Who has the floor asks their own questions first, so questions can come in another order than planned.
    """
    core = [index for index, block in enumerate(plan.blocks) if block.kind == "core"]
    asked = dict.fromkeys(root.block for root in state.core)
    told = iter([*asked, *(index for index in core if index not in asked)])
    order = [next(told) if block.kind == "core" else index for index, block in enumerate(plan.blocks)]
    return order, {index: n for n, index in enumerate((i for i in order if i in core), start=1)}


def _label(
    plan: Plan, state: State, groups: dict[int, list[RibbonSegment]], *, rest: bool
) -> list[RibbonQuestion]:
    order, numbers = _order(plan, state)
    here = order.index(state.block) if state.block in order else -1
    ribbon: list[RibbonQuestion] = []
    for place, index in enumerate(order):
        block = plan.blocks[index]
        segments = groups.get(index, [])
        spent = sum(segment.seconds for segment in segments)
        if rest and index == state.block:
            segments = [*segments, RibbonSegment(kind="now", seconds=0)]
        if rest and place >= here and spent < block.seconds:
            segments = [*segments, RibbonSegment(kind="rest", seconds=block.seconds - spent)]
        if segments:
            total = sum(segment.seconds for segment in segments)
            ribbon.append(
                RibbonQuestion(label=block.title, number=numbers.get(index), seconds=total, segments=segments)
            )
    return ribbon
