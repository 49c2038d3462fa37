"""Models that speak for the panel. The conductor has decided what is asked; a model gives the words or none."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from greenroom.interviews import log
from greenroom.interviews.brief import Brief
from greenroom.interviews.proposals import MEANINGS, Subject
from greenroom.interviews.replay import State
from greenroom.interviews.spoken import Fault, fault_of, fault_so_far
from greenroom.kit.prompts import fill
from greenroom.providers.llm.base import Heard, LanguageModel, Prompt

PROMPTS = Path(__file__).parent / "prompts"
HEARD_CHARS = 3_000
EARLIER_CHARS = 1_200


class UnfitWordsError(Exception):
    """The model's words cannot be the panel's; the fault says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@dataclass(frozen=True)
class Words:
    """What the panel says, and the engine that worded it."""

    text: str
    engine: str


async def word_question(
    model: LanguageModel, brief: Brief, state: State, said: log.PanelSaid, heard: Heard
) -> Words:
    """A question of the panel in a model's words; `heard` gets the text so far, each time it grows.

    Raises:
        UnfitWordsError: the words cannot be said; the bank's line stands.
        ProviderError: the model gave none.
    """
    prompt = _prompt(brief, state, said)
    so_far: list[str] = []

    def listen(piece: str) -> None:
        so_far.append(piece)
        text = "".join(so_far)
        if fault := fault_so_far(text, prompt.instructions):
            raise UnfitWordsError(fault)
        heard(text)

    reply = await model.speak(prompt, listen)
    text = " ".join(reply.output.split())
    if fault := fault_of(text, said.text, prompt.instructions):
        raise UnfitWordsError(fault)
    return Words(text, reply.engine)


class Suggestion(BaseModel):
    """What a model would follow up. Anything but a trigger that was offered and words that were said is declined."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    trigger: str = Field(max_length=40, description="one of the triggers, or none")
    quote: str = Field(default="", max_length=400, description="three to twenty words copied from the answer")


async def propose_follow_up(model: LanguageModel, brief: Brief, subject: Subject) -> log.FollowUpProposed:
    """A model's proposal for the follow-up that is open, as it goes into the log.

    Raises:
        ProviderError: the model gave none that fits the schema.
    """
    filled = fill(
        PROMPTS / "follow_up.v1.md", position=brief.plan.role_title, question=subject.root.text,
        offered=[(trigger, MEANINGS[trigger]) for trigger in subject.offered],
        said=subject.root.turns[-1].text[-HEARD_CHARS:],
    )  # fmt: skip
    prompt = Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
    reply = await model.ask(prompt, Suggestion)
    said = reply.output
    return log.FollowUpProposed(
        question_id=str(subject.said.question_id), trigger=said.trigger.strip().lower(), quote=said.quote,
        engine=reply.engine,
    )  # fmt: skip


def _prompt(brief: Brief, state: State, said: log.PanelSaid) -> Prompt:
    card, persona = brief.card(said.persona), brief.persona(said.persona)
    answered = [root for root in state.roots.values() if root.turns]
    latest = answered[-1].turns[-1].text if answered else ""
    before = [f"{root.text}\n{root.turns[-1].text}" for root in answered[:-1]][-2:]
    filled = fill(
        PROMPTS / "turn.v1.md", persona=card.name, role=card.role, position=brief.plan.role_title,
        tone=brief.spec.tone, style=persona.style, question=said.text, said=latest[-HEARD_CHARS:],
        earlier="\n\n".join(before)[-EARLIER_CHARS:],
    )  # fmt: skip
    return Prompt(filled.instructions, filled.data, filled.version, filled.temperature, filled.max_tokens)
