"""The summariser: what was said in a session, line by line, each resting on a quote that code has found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from greenroom.advice.grounding import find_inventions, gather
from greenroom.advice.persons import speaks_of_person
from greenroom.advice.schemas import Recap, RecapLine
from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts
from greenroom.answers.quotes import find_quote
from greenroom.answers.schemas import AnswerTurn, Span
from greenroom.grading.screening import screen
from greenroom.interviews.replay import Root
from greenroom.interviews.spoken import fault_so_far
from greenroom.kit.prompts import fill, visible
from greenroom.library.schemas import Item
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError

PROMPT: Final = Path(__file__).parent / "prompts" / "recap.v1.md"
ANSWER_CHARS: Final = 4_000
WHOLE_CHARS: Final = 40_000
LEAST_LINES: Final = 2
MOST_LINES: Final = 6
MOST_WORDS: Final = 45


class LineSaid(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    text: str = Field(max_length=1_000)
    quote: str = Field(max_length=1_000)


class RecapSaid(BaseModel):
    """What the model proposes."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    lines: list[LineSaid] = Field(max_length=12)


async def summarise(model: LanguageModel, roots: Sequence[Root], items: Mapping[str, Item]) -> Recap:
    """The lines that stand, or none and why. Never raises for what a model does."""
    shown = {root.id: text for root in roots if (text := _shown(root, items.get(root.id)))}
    if not shown:
        return Recap(reason="nothing was left that could be shown to a model")
    told = "\n\n".join(
        f"Question: {root.text}\nAnswer: {shown[root.id][:ANSWER_CHARS]}" for root in roots if root.id in shown
    )  # fmt: skip
    filled = fill(PROMPT, interview=told[:WHOLE_CHARS])
    prompt = Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
    try:
        reply = await model.ask(prompt, RecapSaid)
    except ProviderError as error:
        return Recap(reason=f"{model.name} gave nothing usable ({error.kind})", prompt=prompt.version)
    return _sift(reply.output.lines, roots, shown, prompt, reply.engine)


def _shown(root: Root, item: Item | None) -> str:
    """The answer without whatever speaks to a model."""
    questions = question_texts(item, root.asked) if item else root.asked
    anchors = list(item.anchors.values()) if item else []
    return screen(root.turns, clean_turns(root.turns, questions, anchors), item.lang if item else "en").text


def _sift(
    lines: Sequence[LineSaid], roots: Sequence[Root], shown: Mapping[str, str], prompt: Prompt, engine: str
) -> Recap:
    known = gather([*shown.values(), *(root.text for root in roots)])
    kept: list[RecapLine] = []
    for said in lines:
        text = " ".join(visible(said.text).split())
        placed = _place(said.quote, roots, shown)
        if not text or placed is None or len(text.split()) > MOST_WORDS:
            continue
        if fault_so_far(text, prompt.instructions) or speaks_of_person(text) or find_inventions(text, known):
            continue
        question_id, span = placed
        kept.append(RecapLine(text=text, quote=span.text, seq=span.turn, question_id=question_id))
    kept = kept[:MOST_LINES]
    dropped = len(lines) - len(kept)
    if len(kept) < LEAST_LINES:
        return Recap(
            prompt=prompt.version, dropped=dropped,
            reason=f"{engine} was asked, but its sentences did not rest on what was said",
        )  # fmt: skip
    return Recap(written_by=engine, prompt=prompt.version, lines=kept, dropped=dropped)


def _place(quote: str, roots: Sequence[Root], shown: Mapping[str, str]) -> tuple[str, Span] | None:
    """The question and the place of a quote in an answer that the model was shown."""
    for root in roots:
        span = find_quote(root.turns, quote)
        if span and root.id in shown and find_quote([AnswerTurn(seq=0, text=shown[root.id])], span.text):
            return root.id, span
    return None
