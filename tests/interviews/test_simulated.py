"""Simulated candidates of every manner: what must hold in each session, whatever they do."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.interviews import log
from greenroom.interviews.pacing import TABLE, budget
from greenroom.interviews.plan import Combination, offered
from greenroom.interviews.replay import replay
from greenroom.interviews.schemas import InterviewCreate
from greenroom.library.catalog import load
from tests.interviews.candidates import MANNERS, START, Candidate, Session

COMBINATIONS = sorted(offered(load()), key=lambda c: (c.role, c.level, c.type, c.minutes))
SLACK_S = 11  # the page beats every 10 s: time can run over by one beat


def session_of(combination: Combination, seed: int, manner: str, **spec: object) -> Session:
    asked = InterviewCreate.model_validate(
        {"role": combination.role, "level": combination.level, "type": combination.type, "minutes": combination.minutes, **spec}
    )  # fmt: skip
    ability = Random(seed).gauss(0, 1)
    return Candidate(ability, manner, seed).take(Session(asked, seed=seed))


def check(session: Session) -> None:
    check_end(session)
    check_questions(session)
    check_probes(session)
    check_lines(session)
    assert replay(session.entries) == session.state


def check_end(session: Session) -> None:
    assert session.state.ended
    allowed = budget(session.spec.minutes, session.spec.timing)
    if allowed.limited:
        assert session.state.used_s <= allowed.total_s + SLACK_S
    assert isinstance(session.entries[-1].payload, log.Ended)


def check_questions(session: Session) -> None:
    asked = session.said("question")
    items = [said.item_id for said in asked if said.item_id]
    assert len(items) == len(set(items))
    assert all(said.why for said in session.said("question", "follow_up"))
    core = [root.competency for root in session.state.core]
    planned = [block.competency for block in session.plan.blocks if block.kind == "core"]
    if session.state.ended == "complete":
        assert sorted([*core, *session.state.dropped]) == sorted(c for c in planned if c)
    check_steps(session)


def check_steps(session: Session) -> None:
    """Difficulty moves by one unit at most, but for the rare case that no open block has such a question."""
    asked = [session.brief.items[str(root.item_id)] for root in session.state.core]
    for at, (before, after) in enumerate(pairwise(asked)):
        if abs(after.difficulty - before.difficulty) <= 1:
            continue
        used = {item.id for item in asked[: at + 1]}
        later = {item.competency for item in asked[at + 1 :]}
        open_items = [i for i in session.brief.items.values() if i.competency in later and i.id not in used]
        core = [i for i in open_items if i.type not in ("opening", "closing")]
        assert not [i for i in core if abs(i.difficulty - before.difficulty) <= 1]


def check_probes(session: Session) -> None:
    probes = session.said("follow_up")
    allowed = budget(session.spec.minutes, session.spec.timing)
    assert len(probes) <= TABLE[session.spec.minutes].probes
    at: dict[str, float] = {}
    state = None
    for entry in session.entries:
        state = replay([entry], state)
        if isinstance(entry.payload, log.PanelSaid) and entry.payload.purpose == "follow_up":
            at[str(entry.payload.question_id)] = state.elapsed(entry.at)
    if allowed.limited:
        assert all(seconds <= allowed.core_end_s - 60 * allowed.factor for seconds in at.values())
    for before, after in pairwise(probes):
        assert (before.trigger, before.text) != (after.trigger, after.text)
        assert before.words.split()[:4] != after.words.split()[:4]
    taken_up = [said.refers_to for said in session.said() if said.refers_to]
    assert len(taken_up) == len(set(taken_up))


def check_lines(session: Session) -> None:
    said = session.said()
    for at, here in enumerate(said):
        near = [line for other in said[max(0, at - 5) : at] for line in other.lines]
        assert not set(near) & set(here.lines)
        assert "{" not in here.words
        assert here.words == here.words.strip()


SETTINGS = st.fixed_dictionaries(
    {
        "panel": st.integers(1, 4),
        "tone": st.sampled_from(["friendly", "neutral", "tough"]),
        "timing": st.sampled_from(["on", "on", "x1.5", "x2", "off"]),
        "difficulty": st.sampled_from(["easy", "standard", "hard"]),
        "mode": st.sampled_from(["practice", "graded"]),
    }
)


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(COMBINATIONS), st.integers(0, 10_000), st.sampled_from(MANNERS), SETTINGS)
def test_every_session_ends_in_time_and_asks_no_question_twice(
    combination: Combination, seed: int, manner: str, spec: dict[str, object]
) -> None:
    check(session_of(combination, seed, manner, **spec))


@pytest.mark.slow
@pytest.mark.parametrize("manner", MANNERS)
def test_four_hundred_sessions_of_each_manner_hold_the_same_rules(manner: str) -> None:
    rng = Random(manner)
    for seed in range(400):
        spec = {"panel": rng.randint(1, 4), "tone": rng.choice(["friendly", "neutral", "tough"])}
        check(session_of(rng.choice(COMBINATIONS), seed, manner, **spec))


def test_a_steady_candidate_gets_the_whole_blueprint() -> None:
    for seed, combination in enumerate(Random(5).sample(COMBINATIONS, 60)):
        spec = InterviewCreate.model_validate(vars(combination))
        session = Candidate(0.0, "steady", seed, silence=0).take(Session(spec, seed=seed))
        planned = {block.competency for block in session.plan.blocks if block.kind == "core"}
        assert {root.competency for root in session.state.core} == planned, combination


def test_the_tone_does_not_change_how_often_evidence_is_sought() -> None:
    for seed, combination in enumerate(Random(6).sample(COMBINATIONS, 25)):
        probes: list[list[tuple[str | None, str]]] = []
        for tone in ("neutral", "tough", "friendly"):
            session = Session(
                InterviewCreate(
                    role=combination.role, level=combination.level, type=combination.type,
                    minutes=combination.minutes, tone=tone,
                ),
                seed=seed,
            )  # fmt: skip
            Candidate(0.2, "steady", seed, silence=0).take(session)
            probes.append([(said.item_id, said.trigger) for said in session.said("follow_up")])
        assert probes[0] == probes[1] == probes[2]


def test_pauses_and_gaps_leave_the_interview_time_alone() -> None:
    session = session_of(COMBINATIONS[0], 3, "evasive")
    wall = (session.entries[-1].at - START).total_seconds()
    assert session.state.used_s <= wall
