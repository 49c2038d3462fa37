"""Deadline, retries, budget and fall-backs, on scripted models and a clock of its own."""

import asyncio
from decimal import Decimal

import pytest
from pydantic import BaseModel

from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError
from greenroom.providers.llm.fallbacks import Fallbacks
from greenroom.providers.llm.guarded import Call, Guarded, Limits
from greenroom.providers.llm.scripted import Script, ScriptedModel
from greenroom.providers.prices import Price

PROMPT = Prompt("Ask.", "data", "test.v1")
PRICE = Price(Decimal(3), Decimal(15))


class Line(BaseModel):
    text: str


class Purse:
    """A book with a budget in attempts."""

    def __init__(self, attempts: int = 100) -> None:
        self.left = attempts
        self.calls: list[Call] = []

    async def allow(self, engine: str, *, paid: bool) -> None:
        if self.left <= 0:
            raise ProviderError("budget")
        self.left -= 1

    async def note(self, call: Call) -> None:
        self.calls.append(call)


class Waits:
    """Pauses that take no time and are remembered."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def guard(
    *lines: Script, limits: Limits | None = None, purse: Purse | None = None, waits: Waits | None = None
) -> tuple[Guarded, ScriptedModel, Purse]:
    model, purse = ScriptedModel(lines), purse or Purse()
    made = Guarded(model, "evaluator", limits or Limits(), purse, PRICE, pause=waits or Waits())
    return made, model, purse


def say(model: LanguageModel, heard: list[str] | None = None) -> str:
    listen = (heard if heard is not None else []).append
    return asyncio.run(model.speak(PROMPT, listen)).output


@pytest.mark.parametrize(
    "kind", ["credentials", "not_found", "quota", "rejected", "invalid_output", "refused"]
)
def test_an_error_that_will_come_again_is_not_tried_again(kind: str) -> None:
    guarded, model, _ = guard(ProviderError(kind), "never said")  # type: ignore[arg-type]
    with pytest.raises(ProviderError, match=kind):
        say(guarded)
    assert len(model.prompts) == 1


@pytest.mark.parametrize("kind", ["rate_limited", "unavailable", "network", "timeout"])
def test_an_error_that_may_pass_is_tried_once_more(kind: str) -> None:
    guarded, model, purse = guard(ProviderError(kind), "Tell me more?")  # type: ignore[arg-type]
    assert say(guarded) == "Tell me more?"
    assert [call.problem for call in purse.calls] == [kind, ""]
    assert len(model.prompts) == 2


def test_a_wait_longer_than_the_deadline_is_not_waited_for() -> None:
    waits = Waits()
    guarded, model, _ = guard(ProviderError("rate_limited", retry_after_s=60), "late", waits=waits)
    with pytest.raises(ProviderError, match="rate_limited"):
        say(guarded)
    assert waits.seconds == []
    assert len(model.prompts) == 1


def test_a_model_that_does_not_answer_in_time_is_a_timeout() -> None:
    model = ScriptedModel(["too late"], first_s=30)
    purse = Purse()
    guarded = Guarded(model, "interviewer", Limits(deadline_s=0.05), purse, PRICE)
    with pytest.raises(ProviderError, match="timeout"):
        say(guarded)
    assert [call.problem for call in purse.calls] == ["timeout"]


def test_nothing_is_repeated_once_a_word_was_heard() -> None:
    class Breaking(ScriptedModel):
        async def speak(self, prompt, heard):  # type: ignore[no-untyped-def]
            self.prompts.append(prompt)
            heard("Tell ")
            raise ProviderError("network", engine=self.name)

    breaking, heard = Breaking(["x"]), list[str]()
    guarded = Guarded(breaking, "interviewer", Limits(attempts=3), Purse(), PRICE, pause=Waits())
    with pytest.raises(ProviderError, match="network"):
        say(Fallbacks([guarded, ScriptedModel(["another voice"])]), heard)
    assert heard == ["Tell "]
    assert len(breaking.prompts) == 1


def test_a_spent_budget_asks_no_engine_at_all() -> None:
    purse = Purse(attempts=0)
    first, one, _ = guard("a", purse=purse)
    second, two, _ = guard("b", purse=purse)
    with pytest.raises(ProviderError, match="budget"):
        say(Fallbacks([first, second]))
    assert one.prompts == two.prompts == []


def test_retries_are_paid_for_too() -> None:
    guarded, model, _ = guard(ProviderError("network"), "b", purse=Purse(attempts=1))
    with pytest.raises(ProviderError, match="budget"):
        say(guarded)
    assert len(model.prompts) == 1


def test_the_next_engine_answers_when_one_fails_and_the_reply_says_which() -> None:
    first = ScriptedModel([ProviderError("credentials")], name="one:a")
    second = ScriptedModel(["From the second."], name="two:b")
    heard: list[str] = []
    reply = asyncio.run(Fallbacks([first, second]).speak(PROMPT, heard.append))
    assert (reply.engine, reply.output) == ("two:b", "From the second.")
    assert "".join(heard) == "From the second."


def test_the_last_error_is_told_when_all_engines_fail() -> None:
    chain = Fallbacks(
        [
            ScriptedModel([ProviderError("credentials")]),
            ScriptedModel([ProviderError("unavailable", status=503)]),
        ]
    )
    with pytest.raises(ProviderError, match="unavailable"):
        asyncio.run(chain.ask(PROMPT, Line))


def test_a_call_costs_its_tokens_at_the_list_price() -> None:
    guarded, _, purse = guard(Line(text="one two three"))
    reply = asyncio.run(guarded.ask(PROMPT, Line))
    spent = reply.usage.input_tokens * 3 + reply.usage.output_tokens * 15  # type: ignore[operator]
    assert [call.cost for call in purse.calls] == [spent]
    assert spent > 0


def test_an_object_of_another_shape_is_an_invalid_output() -> None:
    guarded, _, purse = guard('{"words": 1}')
    with pytest.raises(ProviderError, match="invalid_output"):
        asyncio.run(guarded.ask(PROMPT, Line))
    assert [call.problem for call in purse.calls] == ["invalid_output"]


def test_a_listener_that_has_enough_stops_the_model_and_the_attempt_is_booked() -> None:
    class EnoughError(Exception):
        pass

    def listen(piece: str) -> None:
        if "three" in piece:
            raise EnoughError

    guarded, _, purse = guard("one two three four")
    with pytest.raises(EnoughError):
        asyncio.run(guarded.speak(PROMPT, listen))
    assert [call.problem for call in purse.calls] == ["stopped"]
