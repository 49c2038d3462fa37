"""Folds a session log into the state the conductor decides on. Same entries, same state."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from greenroom.answers.schemas import AnswerTurn, Observation
from greenroom.interviews import log
from greenroom.interviews.ability import Posterior, updated
from greenroom.interviews.schemas import BlockKind, Material, PersonaSlug, SessionState
from greenroom.library.schemas import Competency

UNSCORED = frozenset({"empty", "gibberish", "other_language", "injection_only", "copied_question"})


@dataclass
class Root:
    """A main question with all that was said to it. `probes` are the triggers of its follow-ups in order."""

    id: str
    persona: PersonaSlug
    block: int
    block_kind: BlockKind
    text: str
    item_id: str | None
    item_hash: str | None
    competency: Competency | None
    scored: bool
    difficulty: float
    discrimination: float
    why: str
    asked_s: float
    material: list[Material] = field(default_factory=list[Material])
    asked: list[str] = field(default_factory=list[str])
    turns: list[AnswerTurn] = field(default_factory=list[AnswerTurn])
    probes: list[str] = field(default_factory=list[str])
    clarified: list[str] = field(default_factory=list[str])
    repeats: int = 0
    dont_knows: int = 0
    skipped: bool = False
    observation: Observation | None = None
    frame: str = ""

    @property
    def plain(self) -> str:
        """The question alone, without what is said after it to make a start easier."""
        return self.text.removesuffix(self.frame).strip() if self.frame else self.text

    @property
    def answered(self) -> bool:
        return bool(self.turns) and not self.skipped

    @property
    def unknown(self) -> bool:
        """Passed on with "I don't know": the next question should be easier. It is not scored."""
        return self.skipped and self.dont_knows > 0


@dataclass
class Current:
    """The question that waits for an answer, in the words last shown."""

    id: str
    root_id: str
    persona: PersonaSlug
    text: str
    lead_in: str
    is_follow_up: bool
    asked_s: float
    trigger: str = ""
    frame: str = ""

    @property
    def plain(self) -> str:
        """The question alone, for saying it again."""
        return self.text.removesuffix(self.frame).strip() if self.frame else self.text


@dataclass
class State:
    """Everything the conductor knows of a session. Seconds are interview seconds (pauses and gaps left out)."""

    seq: int = 0
    started: log.Started | None = None
    started_at: datetime | None = None
    roots: dict[str, Root] = field(default_factory=dict[str, Root])
    current: Current | None = None
    floor: PersonaSlug | None = None
    block: int = 0
    block_kind: BlockKind = "opening"
    paused: bool = False
    ended: log.EndReason | None = None
    thinking: bool = False
    clock_stopped: bool = False
    used_s: float = 0
    running_since: datetime | None = None
    last_at: datetime | None = None
    panel_turns: int = 0
    said: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    referred: list[str] = field(default_factory=list[str])
    probes_used: int = 0
    last_probe: str = ""
    last_probe_words: str = ""
    nudges: int = 0
    swearing: int = 0
    conduct: int = 0
    flagged: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    own_questions: int = 0
    told: list[str] = field(default_factory=list[str])
    languages_flagged: int = 0
    injections: int = 0
    cut_announced: str = ""
    dropped: list[Competency] = field(default_factory=list[Competency])
    last_panel: log.PanelSaid | None = None

    @property
    def session_state(self) -> SessionState:
        if self.ended:
            return "ended"
        return "paused" if self.paused else "active"

    @property
    def root(self) -> Root | None:
        """The main question that is open now."""
        return self.roots.get(self.current.root_id) if self.current else None

    @property
    def used_items(self) -> set[str]:
        return {r.item_id for r in self.roots.values() if r.item_id}

    @property
    def core(self) -> list[Root]:
        """Main questions of the core, in order: the numbered ones."""
        return [r for r in self.roots.values() if r.block_kind == "core"]

    @property
    def coverage(self) -> dict[Competency, int]:
        """How many main questions of each competency were answered (skipped ones are not observed)."""
        found: dict[Competency, int] = {}
        for root in self.core:
            if root.competency and root.answered:
                found[root.competency] = found.get(root.competency, 0) + 1
        return found

    @property
    def asking_candidate(self) -> bool:
        """True while the panel takes the candidate's own questions."""
        return self.block_kind == "candidate_questions"

    @property
    def ability(self) -> Posterior:
        """Ability after the answers so far, from the prior of the first entry."""
        return self.believe({}, set())

    def believe(self, heard: Mapping[str, Observation], unknown: Collection[str]) -> Posterior:
        """The same, with observations and "I don't know"s of main questions that are only now being written."""
        belief = Posterior(self.started.prior if self.started else 0.0)
        for root in self.core:
            seen = heard.get(root.id, root.observation)
            if root.unknown or root.id in unknown:
                belief = updated(belief, 1.0, root.difficulty, root.discrimination)
            elif not root.skipped and seen is not None and seen.validity not in UNSCORED:
                belief = updated(belief, seen.level, root.difficulty, root.discrimination)
        return belief

    def root_flagged(self, event: str) -> bool:
        """Whether the open question has already met this kind of unusable message."""
        return bool(self.current) and (self.current.root_id, event) in self.flagged

    def elapsed(self, now: datetime) -> float:
        """Interview seconds at `now`."""
        if self.running_since is None:
            return self.used_s
        return self.used_s + max(0.0, (now - self.running_since).total_seconds())

    def recent_lines(self, turns: int = 6) -> set[str]:
        """Ids of the templates heard in the last `turns` utterances of the panel."""
        return {line for turn, line in self.said if turn > self.panel_turns - turns}


def replay(entries: Iterable[log.Entry], state: State | None = None) -> State:
    """Gives the state after `entries`; with `state`, goes on from there (it is changed in place)."""
    state = State() if state is None else state
    for entry in entries:
        if entry.seq != state.seq + 1:
            raise ValueError(f"log has a gap: entry {entry.seq} follows {state.seq}")
        _FOLDS[entry.kind](state, entry.at, entry.payload)
        state.seq = entry.seq
        state.last_at = entry.at
    return state


def _stop(state: State, at: datetime) -> None:
    if state.running_since is not None:
        state.used_s = state.elapsed(at)
        state.running_since = None


def _run(state: State, at: datetime) -> None:
    if state.running_since is None and not (state.paused or state.clock_stopped or state.ended):
        state.running_since = at


def _started(state: State, at: datetime, payload: log.Started) -> None:
    state.started, state.started_at, state.running_since = payload, at, at


def _panel_said(state: State, at: datetime, said: log.PanelSaid) -> None:
    state.panel_turns += 1
    state.said += [(state.panel_turns, line) for line in said.lines]
    if said.refers_to:
        state.referred.append(said.refers_to)
    state.last_panel, state.floor = said, said.persona
    state.block, state.block_kind = said.block, said.block_kind
    if said.purpose == "nudge":
        state.nudges += 1
    fold = {
        "question": _asked,
        "follow_up": _probed,
        "repeat": _reworded,
        "clarify": _clarified,
        "answer_to_candidate": _told,
    }.get(said.purpose)
    if fold:
        fold(state, state.elapsed(at), said)


def _asked(state: State, at_s: float, said: log.PanelSaid) -> None:
    assert said.question_id  # noqa: S101 - a question without an id cannot be written by the conductor
    state.roots[said.question_id] = Root(
        id=said.question_id, persona=said.persona, block=said.block, block_kind=said.block_kind,
        text=said.text.removesuffix(said.frame).strip() if said.frame else said.text,
        item_id=said.item_id, item_hash=said.item_hash, competency=said.competency, scored=said.scored,
        difficulty=said.difficulty, discrimination=said.discrimination, why=said.why, asked_s=at_s,
        material=said.material, asked=[said.text], frame=said.frame,
    )  # fmt: skip
    _open(state, said.question_id, said, at_s)


def _probed(state: State, at_s: float, said: log.PanelSaid) -> None:
    root = state.roots[str(said.root_id)]
    root.probes.append(said.trigger)
    root.asked.append(said.text)
    state.probes_used += 1
    state.last_probe, state.last_probe_words = said.trigger, said.words
    _open(state, root.id, said, at_s)


def _open(state: State, root_id: str, said: log.PanelSaid, at_s: float) -> None:
    state.current = Current(
        id=str(said.question_id), root_id=root_id, persona=said.persona, text=said.text, lead_in=said.lead_in,
        is_follow_up=said.purpose == "follow_up", asked_s=at_s, trigger=said.trigger, frame=said.frame,
    )  # fmt: skip
    state.nudges, state.thinking = 0, False


def _reworded(state: State, _: float, said: log.PanelSaid) -> None:
    if state.current and state.current.id == said.question_id:
        state.current.text, state.current.lead_in = said.text, said.lead_in
        if root := state.root:
            root.repeats += 1
            root.asked.append(said.text)


def _clarified(state: State, _: float, said: log.PanelSaid) -> None:
    if root := state.root:
        root.clarified.append(said.trigger)


def _told(state: State, _: float, said: log.PanelSaid) -> None:
    state.told.append(said.text)


def _candidate_said(state: State, _: datetime, said: log.CandidateSaid) -> None:
    state.nudges, state.thinking = 0, False
    if said.counts_as == "own_question":
        state.own_questions += 1
    root = state.roots.get(said.root_id) if said.root_id else None
    if root and said.event in ("other_language", "unreadable", "remark", "end"):
        state.flagged.add((root.id, said.event))
    if root and said.event == "dont_know":
        root.dont_knows += 1
    if root and said.counts_as == "answer":
        root.turns.append(AnswerTurn(seq=state.seq + 1, text=said.text, probed=said.probed))


def _thought(state: State, _: datetime, __: log.Thought) -> None:
    state.thinking, state.nudges = True, 0


def _skipped(state: State, _: datetime, payload: log.Skipped) -> None:
    state.roots[payload.root_id].skipped = not state.roots[payload.root_id].turns


def _paused(state: State, at: datetime, _: log.Paused) -> None:
    _stop(state, at)
    state.paused = True


def _resumed(state: State, at: datetime, _: log.Resumed) -> None:
    state.paused = False
    state.nudges = 0
    _run(state, at)


def _clock_stopped(state: State, _: datetime, payload: log.ClockStopped) -> None:
    _stop(state, payload.since)
    state.clock_stopped = True


def _clock_ran(state: State, at: datetime, _: log.ClockRan) -> None:
    state.clock_stopped = False
    _run(state, at)


def _observed(state: State, _: datetime, payload: log.Observed) -> None:
    state.roots[payload.root_id].observation = payload.observation


def _wording_replaced(state: State, _: datetime, payload: log.WordingReplaced) -> None:
    if state.current and state.current.id == payload.question_id:
        state.current.text, state.current.lead_in = payload.text, ""
    root = state.roots.get(payload.question_id.partition(".")[0])
    if root:
        root.asked.append(payload.text)
        if root.id == payload.question_id:
            root.text = payload.text


def _follow_up_changed(state: State, _: datetime, changed: log.FollowUpChanged) -> None:
    state.said += [(state.panel_turns, line) for line in changed.lines]
    if changed.refers_to:
        state.referred.append(changed.refers_to)
    state.last_probe, state.last_probe_words = changed.trigger, changed.words
    if state.current and state.current.id == changed.question_id:
        state.current.text, state.current.lead_in = changed.text, changed.lead_in
        state.current.trigger = changed.trigger
    root = state.roots.get(changed.question_id.partition(".")[0])
    if root and root.probes:
        root.probes[-1] = changed.trigger
        root.asked.append(changed.text)


def _nothing(_: State, __: datetime, ___: log.Payload) -> None:
    """An entry that is only told."""


def _noticed(state: State, _: datetime, payload: log.Noticed) -> None:
    match payload.notice:
        case "dropped":
            if payload.competency:
                state.dropped.append(payload.competency)
        case "swearing":
            state.swearing += 1
        case "conduct":
            state.conduct += 1
        case "other_language":
            state.languages_flagged += 1
        case "injection":
            state.injections += 1
        case "cut":
            state.cut_announced = payload.question_id or ""
        case _:
            pass


def _ended(state: State, at: datetime, payload: log.Ended) -> None:
    _stop(state, at)
    state.ended, state.current, state.paused = payload.reason, None, False


_FOLDS: dict[str, Callable[[State, datetime, Any], None]] = {
    "started": _started,
    "panel_said": _panel_said,
    "candidate_said": _candidate_said,
    "thought": _thought,
    "skipped": _skipped,
    "paused": _paused,
    "resumed": _resumed,
    "clock_stopped": _clock_stopped,
    "clock_ran": _clock_ran,
    "observed": _observed,
    "wording_replaced": _wording_replaced,
    "follow_up_proposed": _nothing,
    "follow_up_changed": _follow_up_changed,
    "noticed": _noticed,
    "ended": _ended,
}
