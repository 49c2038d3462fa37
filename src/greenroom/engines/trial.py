"""The trial request of the settings page: a sentence and an object, and in words what went wrong."""

import time
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, Field

from greenroom.engines.connections import Connections
from greenroom.engines.schemas import TestResult
from greenroom.providers import catalog
from greenroom.providers.llm.base import ErrorKind, Picture, Prompt, ProviderError, Usage
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.guarded import Call, Guarded, Limits
from greenroom.providers.prices import FREE

DEADLINE_S = 20
PROMPT = Prompt(
    "This is a trial of the connection. Give the word that stands between the marks.",
    "<<word>>\nready\n<<end word>>",
    "trial.v1",
    max_tokens=400,
)
SENTENCES: dict[ErrorKind, str] = {
    "credentials": "{vendor} refused the key. Check that it is whole, still valid, and allowed to use this model.",
    "not_found": "{vendor} does not know this model, or the address is wrong. Check the spelling of both.",
    "quota": "{vendor} says that the account has no credit left.",
    "rate_limited": "{vendor} says that there were too many requests. Try again in a minute.",
    "unavailable": "{vendor} has a fault or is overloaded right now. The key was not refused.",
    "network": "{vendor} could not be reached, or the connection broke. Check the address and the network.",
    "timeout": "There was no answer within {deadline} seconds.",
    "rejected": "{vendor} refused the request itself, which an unknown model or an unfit option can cause.",
    "invalid_output": "The model answers, but not in the schema that was asked for. It cannot judge answers; try another way of enforcing the schema, or another model.",
    "refused": "The model refused a harmless trial question.",
    "budget": "The budget is spent.",
    "no_images": "{vendor} takes no pictures over this interface. Nothing was sent; use another one to look at pictures.",
    "not_installed": "The package for {vendor} is not installed here. Run: uv sync --extra {code}",
}


BLIND = "The model answers, but did not say what is on the picture it was shown. Use another one to look at pictures."
PICTURE = Path(__file__).parent / "trial.png"  # one colour all over
COLOUR = "red"


class Trial(BaseModel):
    word: str


class PictureTrial(Trial):
    colour: str = Field(description="the colour of the picture, in one English word")


class _Purse:
    """Counts what the trial cost."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.cost: int | None = None

    async def allow(self, engine: str, *, paid: bool) -> None:
        pass

    async def note(self, call: Call) -> None:
        self.usage, self.cost = call.usage, call.cost


async def try_engine(
    connections: Connections, engine: Engine, started: float, *, sees: bool = False
) -> TestResult:
    """How a trial request went; with `sees` it has a picture to look at. Never raises for what a vendor does."""
    purse = _Purse()
    title = catalog.VENDORS[engine.vendor].title
    try:
        model = await connections.get(engine)  # may import the vendor's package: not the model's time
        started = time.monotonic()
        guarded = Guarded(
            model, "evaluator", Limits(DEADLINE_S, attempts=1), purse, catalog.price_of_engine(engine)
        )
        prompt, shape = (_show(), PictureTrial) if sees else (PROMPT, Trial)
        reply = await guarded.ask(prompt, shape)
    except ProviderError as error:
        said = SENTENCES[error.kind].format(vendor=title, deadline=DEADLINE_S, code=error.code)
        status = f" (HTTP {error.status}{f', {error.code}' if error.code else ''})" if error.status else ""
        request = f" Request {error.request_id}." if error.request_id else ""
        return TestResult(
            ok=False,
            problem=error.kind,
            sentence=f"{said}{status}{request}",
            milliseconds=_since(started),
            cost="",
        )
    cost = "cost unknown" if purse.cost is None else f"cost {purse.cost / 1_000_000:.6f} US dollars"
    if catalog.price_of_engine(engine) == FREE:
        cost = "It cost nothing."
    looked = reply.output
    blind = isinstance(looked, PictureTrial) and COLOUR not in looked.colour.lower()
    seeing = " and sees the picture it was shown" if sees else ""
    return TestResult(
        ok=not blind,
        problem="blind" if blind else "",
        sentence=BLIND if blind else f"{title} answers as {reply.model}{seeing}.",
        milliseconds=_since(started),
        cost=cost,
    )


def _show() -> Prompt:
    return replace(
        PROMPT,
        instructions=f"{PROMPT.instructions} Say also which colour the picture has.",
        version="trial_picture.v1",
        pictures=(Picture(PICTURE.read_bytes(), "image/png"),),
    )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
