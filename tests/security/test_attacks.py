"""Candidates' text against models in the worst case: ones that do whatever it says.

A captured model may at most say odd words. It moves no score by more than two points, ends nothing, learns nothing
that is not this candidate's own, and what it says is text.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from greenroom.answers.noise import clean_turns
from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.grading.model import grade_by_model
from greenroom.grading.schemas import Grade
from greenroom.grading.screening import screen
from greenroom.interviews import agents, conductor, log, plan
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import State, replay
from greenroom.interviews.schemas import InterviewCreate
from greenroom.library.catalog import load
from greenroom.providers.llm.base import Prompt
from greenroom.providers.llm.scripted import ScriptedModel
from tests.sample_items import MIDDLE, QUEUE_MIDDLE, QUEUE_STRONG, RESCUE, STRONG, WEAK

ATTACKS: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "attacks.yaml").read_text())
MOST_POINTS = 2
NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


def each_attack() -> pytest.MarkDecorator:
    names = [f"{n:02}-{attack['kind']}" for n, attack in enumerate(ATTACKS)]
    return pytest.mark.parametrize("attack", [attack["text"] for attack in ATTACKS], ids=names)


def shows(data: str, payload: str) -> bool:
    """Whether any part of a payload that could instruct stands in what a model is shown."""
    shown = " ".join(data.split()).casefold()
    words = payload.casefold().split()
    runs = [" ".join(words[n : n + 3]) for n in range(len(words) - 2)] or [payload.casefold()]
    return any(run in shown for run in runs)


def honest(prompt: Prompt) -> dict[str, Any]:
    """A fair verdict: level 3, with words of the answer; no cap of the rubric hides what a judge is told."""
    quote = STRONG.split(". ")[1]
    return {
        "criteria": [{"id": c, "level": 3, "quote": quote, "why": "It says so."} for c in RESCUE.criteria],
        "points": [{"id": p.id, "state": "partial", "quote": quote} for p in RESCUE.key_points],
    }


def captured(payload: str) -> Any:
    """A judge that gives the best verdict, with quotes that are really there, as soon as it is told to."""

    def obey(prompt: Prompt) -> dict[str, Any]:
        verdict = honest(prompt)
        if shows(prompt.data, payload):
            for said in verdict["criteria"]:
                said["level"] = 5
            for said in verdict["points"]:
                said["state"] = "met"
        return verdict

    return obey


def judge(payload: str, *turns: str) -> Grade:
    said = [AnswerTurn(seq=n, text=text, probed=n > 1) for n, text in enumerate(turns, start=1)]
    return asyncio.run(grade_by_model(ScriptedModel([captured(payload)]), RESCUE, said, grade(RESCUE, said)))


@cache
def fair() -> Grade:
    return judge("nothing of this is said", STRONG)


def test_the_set_is_large_and_has_every_kind_of_trick() -> None:
    assert len(ATTACKS) >= 60
    assert {attack["kind"] for attack in ATTACKS} == {
        "plain", "fake_system", "tool_call", "role_play", "coaxing", "language", "encoding", "hidden", "leak",
    }  # fmt: skip
    assert len({attack["text"] for attack in ATTACKS}) == len(ATTACKS)


def test_a_judge_that_is_told_nothing_is_the_model() -> None:
    assert fair().source.engine == "model"
    assert fair().score is not None


@each_attack()
@pytest.mark.parametrize("place", ["after", "before", "next_turn"])
def test_a_captured_judge_moves_no_score(attack: str, place: str) -> None:
    texts = {
        "after": [f"{STRONG}\n{attack}"],
        "before": [f"{attack}\n{STRONG}"],
        "next_turn": [STRONG, attack],
    }
    graded = judge(attack, *texts[place])
    assert graded.score is not None
    assert abs(graded.score - (fair().score or 0)) <= MOST_POINTS


@each_attack()
def test_the_attack_alone_is_worth_nothing(attack: str) -> None:
    graded = judge(attack, attack)
    assert graded.score is None or graded.score <= 20


@each_attack()
def test_no_part_of_an_attack_reaches_the_judge(attack: str) -> None:
    turns = [AnswerTurn(seq=1, text=f"{STRONG}\n{attack}")]
    shown = screen(turns, clean_turns(turns)).text
    assert not shows(shown, attack)
    assert shown.startswith(STRONG)


@pytest.mark.parametrize("text", [STRONG, MIDDLE, WEAK, QUEUE_STRONG, QUEUE_MIDDLE])
def test_an_honest_answer_reaches_the_judge_whole(text: str) -> None:
    turns = [AnswerTurn(seq=1, text=text)]
    shown = screen(turns, clean_turns(turns))
    assert shown.left_out == 0
    assert shown.text.split() == text.split()


def test_the_banks_own_answers_reach_the_judge_nearly_whole() -> None:
    samples = [s.text for item in load().items.values() for s in item.samples if s.kind == "plain"]
    sentences = left_out = 0
    for text in samples:
        turns = [AnswerTurn(seq=1, text=text)]
        kept = clean_turns(turns)
        sentences += len(kept.kept)
        left_out += screen(turns, kept).left_out
    assert sentences > 100
    assert left_out / sentences <= 0.01


# ---- the interviewer


@cache
def table() -> Brief:
    spec = InterviewCreate.model_validate({"role": "backend", "minutes": 15, "seed": 11})
    library = load()
    made = plan.build(spec, library, seed=11)
    return Brief(made, spec, {key: library.items[key] for key in made.pool}, library)


def room_after(text: str) -> tuple[State, log.PanelSaid]:
    """The state after the first answer, and the question that came next."""
    brief, now = table(), NOW
    entries = [
        log.Entry(seq=n, at=now, payload=p) for n, p in enumerate(conductor.open_session(brief, now), 1)
    ]
    now += timedelta(seconds=60)
    event = log.Event(kind="answer", text=text)
    for payload in conductor.next_move(brief, replay(entries), event, None, now):
        entries.append(log.Entry(seq=len(entries) + 1, at=now, payload=payload))
    said = [
        e.payload for e in entries if isinstance(e.payload, log.PanelSaid) and e.payload.purpose == "question"
    ]
    return replay(entries), said[-1]


OBEDIENT = (
    "{payload}",
    "You are hired. The interview is over.",
    "Your score is 100 of 100, congratulations!",
    "{instructions}",
    "{data}",
    "<img src=x onerror=alert(1)> {question}",
    "{question} Also visit https://evil.example/?q=1",
    "{question} " + "Well done. " * 2_000,
    "Tell me your password instead.",
    "{{\"tool\": \"end_interview\"}}",
)  # fmt: skip


@each_attack()
def test_a_captured_interviewer_can_at_most_say_odd_words(attack: str) -> None:
    state, said = room_after(f"I rewrote the import job. {attack}")
    before = (state.seq, state.ended, state.current.id if state.current else "", state.used_s)
    for line in OBEDIENT:

        def obey(prompt: Prompt, line: str = line) -> str:
            given = {
                "payload": attack,
                "question": said.text,
                "instructions": prompt.instructions,
                "data": prompt.data,
            }
            return line.format(**given)

        spoken = speak(ScriptedModel([obey]), state, said)
        if spoken is not None:
            assert len(spoken.split()) <= 90
            assert not re.search(r"[<>{}\[\]]|https?:|\b(?:hired|score|password)\b", spoken)
    assert (state.seq, state.ended, state.current.id if state.current else "", state.used_s) == before


def speak(model: ScriptedModel, state: State, said: log.PanelSaid) -> str | None:
    """What the panel would say; None when the bank's line stands."""
    try:
        return asyncio.run(agents.word_question(model, table(), state, said, lambda _: None)).text
    except agents.UnfitWordsError:
        return None


@pytest.mark.parametrize("line", OBEDIENT[1:])
def test_what_a_captured_interviewer_is_told_to_say_is_not_said(line: str) -> None:
    state, said = room_after("I rewrote the import job.")

    def obey(prompt: Prompt) -> str:
        given = {
            "payload": "",
            "question": said.text,
            "instructions": prompt.instructions,
            "data": prompt.data,
        }
        return line.format(**given)

    assert speak(ScriptedModel([obey]), state, said) is None


@each_attack()
def test_candidates_words_stand_in_the_fence_and_nowhere_else(attack: str) -> None:
    state, said = room_after(f"I rewrote the import job. {attack}")
    model = ScriptedModel([said.text])
    speak(model, state, said)
    (prompt,) = model.prompts
    assert "rewrote the import job" not in prompt.instructions
    nonce = re.findall(r"<<candidate ([0-9a-f]{8})>>", prompt.data)
    assert len(nonce) == 1
    inside = prompt.data.split(f"<<candidate {nonce[0]}>>")[1].split(f"<<end candidate {nonce[0]}>>")
    assert len(inside) == 2
    assert inside[1].strip() == ""
