"""A model's findings on a transcript: typed, each resting on a quote that code has found."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from greenroom.advice.grounding import Known, find_inventions, gather
from greenroom.advice.persons import speaks_of_person
from greenroom.analyses.schemas import Aspect, Finding, Reading
from greenroom.analyses.transcript import Utterance
from greenroom.answers.quotes import find_quote
from greenroom.answers.schemas import AnswerTurn
from greenroom.interviews.spoken import fault_so_far
from greenroom.kit.prompts import fill, visible
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError

PROMPT: Final = Path(__file__).parent / "prompts" / "transcript.v1.md"
SHOWN_CHARS: Final = 60_000
MOST: Final = 8
MOST_WORDS: Final = 45


class FindingSaid(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    aspect: Aspect
    text: str = Field(max_length=1_000)
    quote: str = Field(max_length=1_000)


class ReadingSaid(BaseModel):
    """What the model proposes."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    findings: list[FindingSaid] = Field(max_length=20)


async def read_by_model(model: LanguageModel, said: Sequence[Utterance]) -> Reading:
    """The findings that stand, or none and why. Never raises for what a model does."""
    told = "\n".join(f"{one.speaker}: {one.text}" for one in said)[:SHOWN_CHARS]
    filled = fill(PROMPT, transcript=told)
    prompt = Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
    try:
        reply = await model.ask(prompt, ReadingSaid)
    except ProviderError as error:
        return Reading(reason=f"{model.name} gave nothing usable ({error.kind})", prompt=prompt.version)
    turns = [AnswerTurn(seq=one.seq, text=one.text) for one in said]
    known = gather([told])
    kept = [
        found for one in reply.output.findings if (found := _check(one, turns, known, prompt.instructions))
    ]
    kept = kept[:MOST]
    dropped = len(reply.output.findings) - len(kept)
    if not kept:
        reason = f"{reply.engine} was asked, but nothing it said rests on the transcript"
        return Reading(prompt=prompt.version, dropped=dropped, reason=reason)
    return Reading(written_by=reply.engine, prompt=prompt.version, findings=kept, dropped=dropped)


def _check(said: FindingSaid, turns: Sequence[AnswerTurn], known: Known, instructions: str) -> Finding | None:
    text = " ".join(visible(said.text).split())
    span = find_quote(turns, said.quote)
    if span is None or not text or len(text.split()) > MOST_WORDS:
        return None
    if fault_so_far(text, instructions) or speaks_of_person(text) or find_inventions(text, known):
        return None
    return Finding(aspect=said.aspect, text=text, evidence=[span])
