"""How the panel responds to what the candidate says. Every function adds to the turn what is said and noted."""

from collections.abc import Callable
from typing import Final

from greenroom.answers.schemas import Observation
from greenroom.interviews import asking, dock, facts, follow_ups, log, talks
from greenroom.interviews.intents import IntentKind, Reading, read
from greenroom.interviews.turn import Turn

OWN_QUESTIONS_MOST: Final = 6


def respond(turn: Turn, observation: Observation | None) -> None:
    """Adds the response to `turn.event`."""
    if turn.event.kind == "done" or (turn.event.kind == "answer" and talks.says_done(turn)):
        _done(turn, observation)
        return
    if turn.event.kind in ("answer", "question"):
        _words(turn, observation)
        return
    dock.BUTTONS[turn.event.kind](turn)


def _words(turn: Turn, observation: Observation | None) -> None:
    phase = "candidate_questions" if turn.state.asking_candidate else "question"
    found = read(turn.event.text, turn.brief.library.intents, phase=phase, observation=observation)
    if turn.event.kind == "question" and found.kind == "answer":
        found = Reading("own_question")
    _SAID[found.kind](turn, found, observation)


def _length(turn: Turn) -> int:
    """Words of this message; an observation counts those of the answers before it as well."""
    return len(turn.event.text.split())


def _heard(turn: Turn, counts_as: log.CountsAs, event: str) -> None:
    current, root = turn.state.current, turn.state.root
    turn.add(
        log.CandidateSaid(
            text=turn.event.text, counts_as=counts_as, event=event, question_id=current.id if current else None,
            root_id=root.id if root else None, probed=bool(root and root.probes),
            thinking_ms=turn.event.thinking_ms,
        )
    )  # fmt: skip


def _answer(turn: Turn, _: Reading, seen: Observation | None) -> None:
    _heard(turn, "answer", "answer")
    root = turn.root
    if seen is not None:
        turn.add(log.Observed(root_id=root.id, observation=seen))
        if "injection_phrase" in seen.flags or "score_request" in seen.flags:
            turn.notice("injection")
    _after_answer(turn, seen)


def _done(turn: Turn, seen: Observation | None) -> None:
    """The presentation is over; words sent with it are its last part. Without anything presented it is passed on."""
    words = turn.event.text.strip()
    if not talks.is_open(turn):
        if words:
            _words(turn, seen)
        else:
            turn.about("notice", turn.words.say("sent_empty"), trigger="empty")
        return
    only_done = talks.says_done(turn)
    if words and not only_done:
        _heard(turn, "answer", "answer")
        if seen is not None:
            turn.add(log.Observed(root_id=turn.root.id, observation=seen))
    elif words:
        _heard(turn, "move", "done")
    if not turn.root.turns and (only_done or not words):
        dock.pass_on(turn)
        return
    _after_answer(turn, seen if words and not only_done else turn.root.observation)


def _after_answer(turn: Turn, seen: Observation | None) -> None:
    """Follows up, asks the next question, or finishes."""
    root = turn.root
    if turn.budget.over(turn.elapsed):
        asking.close(turn, "time")
        return
    if turn.event.kind != "done" and talks.is_open(turn) and not talks.says_done(turn):
        talks.listen(turn)
        return
    if root.block_kind == "close":
        asking.close(turn, "complete")
        return
    item = turn.brief.item(root.item_id)
    if root.block_kind == "core" and item is not None and seen is not None:
        probe = follow_ups.next_probe(turn, root, item, seen)
        if probe is not None:
            follow_ups.ask(turn, probe)
            return
    asking.move_on(turn)


def _repeat(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "repeat")
    dock.repeat(turn, "repeat")


def _clarify(turn: Turn, found: Reading, _: Observation | None) -> None:
    _heard(turn, "move", "clarify")
    dock.clarify(turn, found.term)


def _dont_know(turn: Turn, _: Reading, __: Observation | None) -> None:
    root = turn.root
    _heard(turn, "move", "dont_know")
    turn.notice("dont_know")
    if root.block_kind == "close":
        asking.close(turn, "complete")
    elif root.dont_knows or root.block_kind != "core" or turn.current.is_follow_up:
        turn.gave_up = not root.turns
        dock.pass_on(turn)
    else:
        item = turn.brief.item(root.item_id)
        slot = "dont_know_story" if item and item.type == "behavioral" else "dont_know"
        turn.about("nudge", turn.words.say(slot), trigger="dont_know")


def _skip(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "skip")
    dock.pass_on(turn)


def _think(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "think")
    turn.add(log.Thought(question_id=turn.current.id))
    turn.about("notice", turn.words.say("think"))


def _pause(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "pause")
    dock.press_pause(turn)


def _end(turn: Turn, _: Reading, __: Observation | None) -> None:
    """Words can be misheard and an end cannot be taken back: the first time it is a pause that offers the end."""
    meant = turn.state.root_flagged("end") or turn.state.conduct > 0 or turn.root.block_kind == "close"
    _heard(turn, "move", "end")
    if turn.state.asking_candidate:
        asking.finish_questions(turn)
    elif meant:
        dock.press_end(turn)
    else:
        turn.about("notice", turn.words.say("end_offer"), trigger="end_offer")
        turn.add(log.Paused())


def _hint(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "hint")
    dock.press_hint(turn)


def _nothing(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "nothing")
    asking.finish_questions(turn)


def _remark(turn: Turn, _: Reading, __: Observation | None) -> None:
    """In the candidate's own part, words that ask nothing: taken in, and one more chance to ask."""
    again = turn.state.root_flagged("remark")
    _heard(turn, "move", "remark")
    if again:
        asking.finish_questions(turn)
        return
    turn.about("notice", turn.words.say("remark"), trigger="remark")


def _go_ahead(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "go_ahead")
    turn.about("notice", turn.words.say("go_ahead"), trigger="go_ahead")


def _own_question(turn: Turn, _: Reading, seen: Observation | None) -> None:
    state = turn.state
    if not state.asking_candidate:
        _early_question(turn, seen)
        return
    _heard(turn, "own_question", "own_question")
    reply = facts.reply(
        turn.brief, turn.event.text, turn.floor, turn.words, already=state.own_questions, earlier=state.told
    )
    late = turn.budget.limited and turn.elapsed >= turn.budget.questions_end_s
    if late or state.own_questions + 1 >= OWN_QUESTIONS_MOST:
        turn.about("answer_to_candidate", reply)
        asking.finish_questions(turn)
        return
    turn.about("answer_to_candidate", f"{reply} {turn.words.say('anything_else')}")


def _early_question(turn: Turn, seen: Observation | None) -> None:
    """An own question in the middle of the interview is kept for the candidate's part."""
    if seen is not None and _length(turn) > 40:
        _answer(turn, Reading("answer"), seen)
        return
    _heard(turn, "move", "own_question")
    turn.about(
        "notice", turn.words.say("own_question_now", question=turn.current.plain), trigger="own_question"
    )


def _swearing(turn: Turn, _: Reading, seen: Observation | None) -> None:
    """Mild swearing inside an answer is ignored; without an answer in it, one boundary is drawn."""
    if seen is not None and _length(turn) >= 12:
        _answer(turn, Reading("answer"), seen)
        return
    _heard(turn, "move", "swearing")
    turn.notice("swearing")
    slot = "swearing" if not turn.state.swearing else "own_question_now"
    text = turn.words.say("swearing") if slot == "swearing" else turn.current.text
    turn.about("notice", text, trigger="swearing")


def _abuse(turn: Turn, _: Reading, __: Observation | None) -> None:
    """Aimed at someone: an offer to end; the third time the panel ends it."""
    _heard(turn, "move", "abuse")
    turn.notice("conduct")
    if turn.state.conduct >= 2:
        asking.close(turn, "conduct", "conduct_end")
        return
    turn.about("notice", turn.words.say("conduct"), trigger="conduct")


def _injection(turn: Turn, _: Reading, seen: Observation | None) -> None:
    """The text is data. With an answer beside it the answer counts; alone, the panel stays with its question."""
    if seen is not None and seen.validity != "injection_only" and _length(turn) > 40:
        _answer(turn, Reading("answer"), seen)
        return
    _heard(turn, "move", "injection")
    turn.notice("injection")
    turn.about("notice", turn.words.say("injection", question=turn.current.plain), trigger="injection")


def _other_language(turn: Turn, _: Reading, seen: Observation | None) -> None:
    language = seen.language if seen and seen.language else ""
    if turn.state.asking_candidate and turn.state.root_flagged("other_language"):
        _own_question(turn, Reading("own_question"), seen)
        return
    if turn.state.languages_flagged and turn.state.root_flagged("other_language"):
        _answer(turn, Reading("answer"), seen)
        return
    _heard(turn, "move", "other_language")
    turn.notice("other_language", language)
    turn.about("notice", turn.words.say("other_language"), trigger="other_language")


def _distress(turn: Turn, _: Reading, __: Observation | None) -> None:
    _heard(turn, "move", "distress")
    turn.notice("distress")
    turn.about("notice", turn.words.say("distress"), trigger="distress")
    turn.add(log.Paused(reason="distress"))


def _empty(turn: Turn, _: Reading, __: Observation | None) -> None:
    turn.about("notice", turn.words.say("sent_empty"), trigger="empty")


def _unreadable(turn: Turn, _: Reading, seen: Observation | None) -> None:
    if turn.state.root_flagged("unreadable"):
        _answer(turn, Reading("answer"), seen)
        return
    _heard(turn, "move", "unreadable")
    turn.about("notice", turn.words.say("unreadable"), trigger="unreadable")


_SAID: Final[dict[IntentKind, Callable[[Turn, Reading, Observation | None], None]]] = {
    "answer": _answer,
    "repeat": _repeat,
    "clarify": _clarify,
    "dont_know": _dont_know,
    "skip": _skip,
    "think": _think,
    "pause": _pause,
    "end": _end,
    "hint": _hint,
    "nothing": _nothing,
    "own_question": _own_question,
    "remark": _remark,
    "go_ahead": _go_ahead,
    "swearing": _swearing,
    "abuse": _abuse,
    "injection": _injection,
    "other_language": _other_language,
    "distress": _distress,
    "empty": _empty,
    "unreadable": _unreadable,
}
