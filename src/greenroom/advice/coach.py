"""The coach: an answer in better order and fewer words. A model proposes sentences; code keeps those that were said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from greenroom.advice.grounding import Known, find_inventions, find_new_words, gather
from greenroom.advice.schemas import LinePart, RewriteBody, RewriteLine
from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts
from greenroom.answers.outcome import settle_parts
from greenroom.answers.schemas import AnswerTurn, Observation, Part
from greenroom.answers.text import split_words
from greenroom.grading.builtin.own_words import split_blanks
from greenroom.grading.schemas import Grade
from greenroom.grading.screening import screen
from greenroom.interviews.spoken import fault_so_far
from greenroom.kit.prompts import fill, visible
from greenroom.library.schemas import Item, Structure
from greenroom.providers.llm.base import LanguageModel, Prompt, ProviderError

PROMPT: Final = Path(__file__).parent / "prompts" / "rewrite.v1.md"
STORY: Final[tuple[Part, ...]] = ("situation", "action", "result")
ORDER: Final[tuple[LinePart, ...]] = ("situation", "task", "action", "result", "reflection", "point")
LEAST_KEPT: Final = 0.5
"""The share of a model's sentences that must stand; with less, the built-in version does."""
SPOKEN_WORDS_A_MINUTE: Final = 140
USUAL_WORDS: Final = (90, 320)
BLANKS: Final[dict[Part, str]] = {
    "situation": "[where and when was this?]",
    "action": "[what did you do yourself?]",
    "result": "[how did it end, with your number?]",
}
REMINDERS: Final[dict[Structure, str]] = {
    "star": "A story has a situation, what you did, and what came of it.",
    "claim_evidence": "Say the claim first, then what shows it.",
    "tradeoff": "Name what you choose, why, and what it costs.",
    "steps": "Give the steps in order, and how you would check the last one.",
}
PART_WORDS: Final[dict[Part, str]] = {
    "situation": "the situation",
    "task": "the task",
    "action": "what you did yourself",
    "result": "how it ended",
    "reflection": "what you do differently now",
}


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SentenceSaid(_Said):
    part: LinePart = "point"
    text: str = Field(max_length=1_500)


class RewriteSaid(_Said):
    """What the model proposes."""

    sentences: list[SentenceSaid] = Field(max_length=20)


def write_builtin(item: Item, graded: Grade) -> RewriteBody:
    """The built-in version: the candidate's own sentences in order, with blanks."""
    lines: list[RewriteLine] = []
    for text in graded.restructured.split("\n"):
        for words, blank in split_blanks(text):
            if shown := words.strip():
                lines.append(RewriteLine(part="point", text=f"[{shown}]" if blank else shown, blank=blank))
    seen = graded.observation
    return RewriteBody(lines=lines, missing=find_missing(item, seen), words=seen.words if seen else 0)


def find_missing(item: Item, seen: Observation | None) -> list[Part]:
    """Parts of a story that were not heard; empty for questions that ask for none."""
    heard = {found.part for found in settle_parts(seen.parts, seen.points)} if seen else set[str]()
    return [part for part in STORY if part not in heard] if item.structure == "star" else []


async def rewrite(
    model: LanguageModel, item: Item, turns: Sequence[AnswerTurn], asked: Sequence[str], builtin: RewriteBody,
    resume: Sequence[str] = (),
) -> RewriteBody:  # fmt: skip
    """The model's version, or the built-in one with the reason why it stands. `resume` are sentences of the
    candidate's résumé: what they say may be said too, and they are not sent."""
    cleaned = clean_turns(turns, question_texts(item, asked), list(item.anchors.values()))
    shown = screen(turns, cleaned, item.lang).text
    if not shown.strip():
        return builtin.model_copy(update={"reason": "nothing was left that could be shown to a model"})
    story = item.structure == "star"
    filled = fill(PROMPT, question=item.prompt, answer=shown, story=story)
    prompt = Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
    try:
        reply = await model.ask(prompt, RewriteSaid)
    except ProviderError as error:
        return builtin.model_copy(update={"reason": f"{model.name} gave nothing usable ({error.kind})"})
    known = gather([shown, *resume])
    kept, dropped = _sift(reply.output.sentences, known, prompt.instructions, story=story)
    if len(kept) < 2 or len(kept) < LEAST_KEPT * len(reply.output.sentences):
        reason = f"{reply.engine} added things that were not said"
        return builtin.model_copy(update={"reason": reason, "dropped": dropped, "prompt": prompt.version})
    return builtin.model_copy(
        update={
            "written_by": reply.engine, "prompt": prompt.version, "dropped": dropped,
            "lines": _with_blanks(kept, builtin, story=story),
        }
    )  # fmt: skip


def _sift(
    sentences: Sequence[SentenceSaid], known: Known, instructions: str, *, story: bool
) -> tuple[list[RewriteLine], list[str]]:
    kept: list[RewriteLine] = []
    dropped: list[str] = []
    for said in sentences:
        text = " ".join(visible(said.text).split())
        if not text:
            continue
        if found := _objections(text, known, instructions):
            dropped += found
            continue
        part = said.part if said.part != "point" or not story else "action"
        kept.append(RewriteLine(part=part if story else "point", text=text))
    return sorted(kept, key=lambda line: ORDER.index(line.part)), list(dict.fromkeys(dropped))[:20]


def _objections(text: str, known: Known, instructions: str) -> list[str]:
    """Why a sentence is not kept: it is no plain sentence, or it brings something in."""
    fault = fault_so_far(text, instructions)
    own = all(token.stem in known.stems for token in split_words(text))
    if fault and not (fault == "out_of_role" and own):
        return [f"({fault.replace('_', ' ')})"]
    found = find_inventions(text, known)
    new = find_new_words(text, known)
    return [one[:120] for one in (*found, *([", ".join(new)] if new else []))]


def _with_blanks(kept: Sequence[RewriteLine], builtin: RewriteBody, *, story: bool) -> list[RewriteLine]:
    """The kept sentences with our own blanks where a part is missing; a model writes none."""
    if not story:
        return [*kept, *(line for line in builtin.lines if line.blank)]
    heard = {line.part for line in kept}
    blanks = [RewriteLine(part=p, text=BLANKS[p], blank=True) for p in STORY if p not in heard]
    return sorted([*kept, *blanks], key=lambda line: (ORDER.index(line.part), line.blank))


def remind(structure: Structure | None, missing: Sequence[Part]) -> str:
    """The structure the question asks for, and what of it was not heard."""
    rule = REMINDERS.get(structure, "") if structure else ""
    if not missing:
        return rule
    return f"{rule} Not heard yet: {', '.join(PART_WORDS[part] for part in missing)}.".strip()


def pace(words: int) -> str:
    """How long the answer is when spoken, and what to do about it. Usual: about 40 seconds to 2 minutes 20."""
    seconds = round(words * 60 / SPOKEN_WORDS_A_MINUTE / 5) * 5
    length = f"{words} words, about {seconds // 60}:{seconds % 60:02} when spoken at a calm pace."
    if words < USUAL_WORDS[0]:
        return f"{length} There is room: add one step of what you did, or the result."
    if words > USUAL_WORDS[1]:
        return f"{length} Long for one answer: keep the situation to two sentences and stop after the result."
    return f"{length} A good length for one answer."
