"""The one view of the room, built from plan, log and state. Pure."""

from datetime import datetime
from uuid import UUID

from greenroom.interviews import log
from greenroom.interviews.brief import Brief
from greenroom.interviews.dock import moves
from greenroom.interviews.follow_ups import WORDS_PER_SECOND
from greenroom.interviews.pacing import budget_of
from greenroom.interviews.replay import Root, State
from greenroom.interviews.ribbon import draw, fold_timeline
from greenroom.interviews.schemas import InterviewCreate, PersonaCard, Plan
from greenroom.library import catalog
from greenroom.room.protocol import (
    ClockView,
    Counter,
    Cue,
    CurrentQuestion,
    Line,
    RoomState,
    RoomView,
    RoundView,
)

SIDE_NOTES = frozenset({"nudge", "notice", "repeat", "clarify", "hint", "answer_to_candidate"})


def build_view(
    session_id: UUID, interview_id: UUID, title: str, spec: InterviewCreate, plan: Plan,
    entries: list[log.Entry], *, now: datetime, draft: str = "",
) -> RoomView:  # fmt: skip
    """Everything a client needs to draw the room at `now`."""
    state, timeline = fold_timeline(entries)
    panel = {card.slug: card for card in plan.panel}
    limits = budget_of(plan, spec.timing)
    used = state.elapsed(now)
    planned = sum(block.kind == "core" for block in plan.blocks)
    return RoomView(
        session_id=session_id,
        interview_id=interview_id,
        title=title,
        mode=spec.mode,
        scenario=plan.scenario,
        state=room_state(state),
        seq=state.seq,
        block=state.block_kind,
        clock=ClockView(
            total_s=round(limits.total_s),
            used_s=min(round(used), round(limits.total_s)) if limits.limited else round(used),
            running=state.running_since is not None,
            timing=spec.timing,
        ),
        counter=Counter(number=len(state.core), of=max(planned - len(state.dropped), len(state.core))),
        round=RoundView(number=plan.round, of=plan.rounds) if plan.rounds > 1 else None,
        panel=plan.panel,
        floor=state.floor,
        question=current_question(state, plan),
        notice=notice(state),
        hint=state.last_panel.marks if state.last_panel and state.last_panel.purpose == "hint" else [],
        cue=cue_of(spec, state, plan),
        moves=moves(Brief(plan=plan, spec=spec, items={}, library=catalog.load()), state),
        draft="" if state.ended else draft,
        ribbon=draw(plan, state, timeline, None if state.ended else used),
        transcript=transcript(timeline, panel),
        engine=engine_of(entries),
    )


def engine_of(entries: list[log.Entry]) -> str:
    """Who words the questions: the built-in, or the model whose words were taken last."""
    worded = [e.payload.engine for e in entries if isinstance(e.payload, log.WordingReplaced)]
    return f"Words by {worded[-1]}" if worded else "Built-in interviewer"


def room_state(state: State) -> RoomState:
    """The state the room is drawn in."""
    if state.ended:
        return "ended"
    if state.paused:
        return "paused"
    return "thinking" if state.thinking else "listening"


def current_question(state: State, plan: Plan) -> CurrentQuestion | None:
    """The question that waits; hidden while paused, so that a pause is no extra thinking time."""
    if state.current is None or state.paused:
        return None
    root = state.root
    competency = root.competency if root and root.scored and not is_talk(root, plan) else None
    return CurrentQuestion(
        id=state.current.id,
        persona=state.current.persona,
        competency=competency,
        competency_title=catalog.load().competencies[competency].title if competency else "",
        text=state.current.text,
        is_follow_up=state.current.is_follow_up,
        lead_in=state.current.lead_in,
        material=root.material if root else [],
    )


def is_talk(root: Root, plan: Plan) -> bool:
    """Whether the candidate presents here, in as many parts as they like."""
    return root.block < len(plan.blocks) and plan.blocks[root.block].talk


def cue_of(spec: InterviewCreate, state: State, plan: Plan) -> Cue | None:
    """The reminder and the range of length for the question that waits; none in graded mode, for follow-ups and for
    a talk, which is no answer."""
    root = state.root
    if spec.mode != "practice" or root is None or not root.scored or state.paused or state.ended:
        return None
    if is_talk(root, plan):
        return None
    item = catalog.load().items.get(root.item_id or "")
    if item is None or state.current is None or state.current.is_follow_up:
        return None
    least, most = (round(s * WORDS_PER_SECOND / 10) * 10 for s in (item.duration_s.min, item.duration_s.max))
    return Cue(structure=item.structure, least_words=least, most_words=most)


def notice(state: State) -> str:
    """What the panel last said beside its questions; empty when the question itself came last."""
    said = state.last_panel
    return (
        said.words if said and said.purpose in SIDE_NOTES and said.purpose not in ("repeat", "hint") else ""
    )


def transcript(timeline: list[tuple[log.Entry, float]], panel: dict[str, PersonaCard]) -> list[Line]:
    """Every utterance in order, in the words last shown."""
    reworded = log.shown_words(entry for entry, _ in timeline)
    lines: list[Line] = []
    for entry, at_s in timeline:
        match entry.payload:
            case log.PanelSaid() as said:
                is_question = said.purpose in ("question", "follow_up")
                words, source = (is_question and reworded.get(said.question_id or "")) or (
                    said.words,
                    said.source,
                )
                lines.append(
                    Line(
                        seq=entry.seq, who="panel", name=panel[said.persona].name, persona=said.persona,
                        text=words, offset_s=round(at_s), kind=said.purpose, source=source,
                    )
                )  # fmt: skip
            case log.CandidateSaid() as said:
                lines.append(
                    Line(
                        seq=entry.seq, who="you", name="You", text=said.text, offset_s=round(at_s),
                        kind=said.event, source="candidate",
                    )
                )  # fmt: skip
            case _:
                pass
    return lines
