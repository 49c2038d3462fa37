"""The buttons of the dock and the ticks of the clock: what the panel does when nothing was said."""

from collections.abc import Callable
from typing import Final, Literal

from greenroom.interviews import asking, clock, hints, log
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import State
from greenroom.interviews.turn import Turn

MoveKind = Literal[
    "answer", "question", "repeat", "clarify", "think", "skip", "hint", "pause", "resume", "end",
    "done",
]  # fmt: skip


def moves(brief: Brief, state: State) -> list[MoveKind]:
    """The moves the room offers now."""
    if state.ended:
        return []
    if state.paused:
        return ["resume", "end"]
    if state.asking_candidate:
        return ["question", "repeat", "skip", "pause", "end"]
    offered: list[MoveKind] = ["answer", "repeat", "clarify", "think", "skip"]
    root = state.root
    if root and state.current and not state.current.is_follow_up and _presents(brief, root.block):
        offered.insert(1, "done")
    if brief.hints and state.root and state.root.scored:
        offered.append("hint")
    return [*offered, "pause", "end"]


def _presents(brief: Brief, block: int) -> bool:
    return block < len(brief.plan.blocks) and brief.plan.blocks[block].talk


def repeat(turn: Turn, slot: str) -> None:
    """The open question again: the first time in the same words, then in easier ones."""
    root, current = turn.root, turn.current
    item = turn.brief.item(root.item_id)
    simple = bool(item and item.variants and root.repeats and not current.is_follow_up)
    plain = item.variants.simple if simple and item and item.variants else current.plain
    turn.about("repeat", plain, turn.words.say(slot, "simple" if simple else "same"))
    turn.out[-1] = turn.out[-1].model_copy(update={"question_id": current.id})


def clarify(turn: Turn, term: str) -> None:
    """What is meant: the item's own clarification of the word, else of the scope, else it is left open."""
    root = turn.root
    item = turn.brief.item(root.item_id)
    known = item.clarify if item else {}
    key = _clarification(list(known), root.clarified, term)
    if key is None:
        turn.about("clarify", turn.words.say("clarify_open"), trigger="open")
        return
    turn.about("clarify", known[key], turn.words.say("clarify"), trigger=key)


def _clarification(keys: list[str], used: list[str], term: str) -> str | None:
    word = term.replace(" ", "_").replace("-", "_")
    stem = word[:5]
    for key in keys:
        if word and (key in word or word in key or (len(stem) == 5 and stem in key)):
            return key
    return next((key for key in keys if key not in used), None)


def pass_on(turn: Turn, reason: str = "candidate") -> None:
    """Leaves the open question: not observed when nothing was said to it. A follow-up passed keeps its answer."""
    root = turn.root
    if turn.state.asking_candidate:
        asking.finish_questions(turn)
        return
    turn.add(log.Skipped.model_validate({"root_id": root.id, "reason": reason}))
    if root.block_kind == "close":
        asking.close(turn, "complete")
        return
    asking.move_on(turn, acknowledge="cut" if reason == "time" else "acknowledge_move")


def _press_repeat(turn: Turn) -> None:
    repeat(turn, "repeat")


def _press_clarify(turn: Turn) -> None:
    clarify(turn, "")


def _press_think(turn: Turn) -> None:
    turn.add(log.Thought(question_id=turn.current.id))
    turn.about("notice", turn.words.say("think"))


def _press_skip(turn: Turn) -> None:
    pass_on(turn)


def press_hint(turn: Turn) -> None:
    """What the answer has so far, where hints are given at all."""
    marks = hints.marks(turn.brief, turn.root)
    if not turn.brief.hints or not marks:
        turn.about("notice", turn.words.say("hint_none"), trigger="hint")
        return
    begun = any(state != "miss" for _, state in marks)
    turn.about("hint", turn.words.say("hint_some" if begun else "hint_first"), marks=marks, trigger="hint")


def press_pause(turn: Turn) -> None:
    """Stops the clock until the candidate comes back."""
    if turn.state.paused:
        return
    turn.about("notice", turn.words.say("pause"), trigger="pause")
    turn.add(log.Paused())


def _press_resume(turn: Turn) -> None:
    if not turn.state.paused:
        return
    turn.add(log.Resumed())
    turn.about("repeat", turn.current.plain, turn.words.say("resume"), trigger="resume")


def press_end(turn: Turn) -> None:
    """Ends the session at the candidate's wish."""
    asking.close(turn, "candidate", "close_early")


def _tick(turn: Turn) -> None:
    state = turn.state
    if state.paused or state.current is None:
        return
    called = clock.due(turn.brief, state, turn.now)
    if called:
        _TIME[called](turn)
        return
    if turn.event.typing or state.clock_stopped:
        return
    step = clock.rung(turn.brief, state, turn.event.idle_s)
    if step:
        _SILENCE[step](turn)


def _time_wrap_up(turn: Turn) -> None:
    turn.notice("cut")
    turn.about("nudge", turn.words.say("wrap_up"), trigger="wrap_up")


def _time_cut(turn: Turn) -> None:
    pass_on(turn, "time")


def _time_end(turn: Turn) -> None:
    asking.close(turn, "time")


def _encourage(turn: Turn) -> None:
    turn.about("nudge", turn.words.say("nudge_one"), trigger="silence")


def _rephrase(turn: Turn) -> None:
    item = turn.brief.item(turn.root.item_id)
    easier = item.variants.simple if item and item.variants and not turn.current.is_follow_up else ""
    simple = easier or turn.current.plain
    offer = f" {turn.words.say('nudge_three')}" if turn.brief.medium == "text" else ""
    turn.about(
        "nudge",
        f"{simple}{offer}",
        turn.words.say("nudge_two" if easier else "nudge_again"),
        trigger="silence",
    )


def _offer_skip(turn: Turn) -> None:
    turn.about("nudge", turn.words.say("nudge_three"), trigger="silence")


def _silence_pause(turn: Turn) -> None:
    turn.about("nudge", turn.words.say("nudge_four"), trigger="silence")
    turn.add(log.Paused(reason="silence"))


_TIME: Final[dict[str, Callable[[Turn], None]]] = {
    "wrap_up": _time_wrap_up,
    "cut": _time_cut,
    "end": _time_end,
}
_SILENCE: Final[dict[str, Callable[[Turn], None]]] = {
    "encourage": _encourage,
    "rephrase": _rephrase,
    "offer_skip": _offer_skip,
    "pause": _silence_pause,
}
BUTTONS: Final[dict[str, Callable[[Turn], None]]] = {
    "repeat": _press_repeat,
    "clarify": _press_clarify,
    "think": _press_think,
    "skip": _press_skip,
    "hint": press_hint,
    "pause": press_pause,
    "resume": _press_resume,
    "end": press_end,
    "tick": _tick,
}
