"""The port to language models: what is asked, what comes back, and the one error.

Two verbs. `ask` gives one object of a schema; `speak` gives text and passes on every piece as it arrives. Vendors
implement one attempt; time-outs, retries, budget and cost are `guarded.Guarded`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

Purpose = Literal["interviewer", "evaluator", "coach", "research", "vision"]
PURPOSES: tuple[Purpose, ...] = ("interviewer", "evaluator", "coach", "research", "vision")
OF_ANSWERS: tuple[Purpose, ...] = ("interviewer", "evaluator", "coach")
"""Purposes whose models get what a candidate said."""
ErrorKind = Literal[
    "credentials", "not_found", "quota", "rate_limited", "unavailable", "network", "timeout", "rejected",
    "invalid_output", "refused", "budget", "not_installed", "no_images",
]  # fmt: skip
RETRYABLE: frozenset[ErrorKind] = frozenset(("rate_limited", "unavailable", "network", "timeout"))

Shape = TypeVar("Shape", bound=BaseModel)
Out = TypeVar("Out")
Heard = Callable[[str], None]


@dataclass(frozen=True)
class Capabilities:
    """What a vendor's interface can carry. `structured` is how a schema is enforced unless the engine says otherwise.
    With `images` it takes pictures; whether the model sees them is the model's own affair.
    """

    structured: Literal["native", "tool", "prompted"] = "tool"
    images: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture for a model, whole; `media_type` is one that every vendor's interface with pictures takes."""

    content: bytes
    media_type: Literal["image/png", "image/jpeg"]


@dataclass(frozen=True)
class Prompt:
    """One request: our `instructions`, and `data` with everything others wrote, fenced. `version` names the prompt.
    `pictures` come after the data; they are as little to be obeyed as it.
    """

    instructions: str
    data: str
    version: str
    temperature: float = 0.0
    max_tokens: int = 1_500
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens of one request; None where the vendor did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True)
class Reply(Generic[Out]):
    """What came back. `model` is the name the vendor says it used, `engine` our name of the engine."""

    output: Out
    engine: str
    model: str
    usage: Usage = field(default_factory=Usage)


class ProviderError(Exception):
    """A request that gave nothing usable. Its text is ours: a vendor's body may repeat keys or candidates' words."""

    def __init__(
        self,
        kind: ErrorKind,
        *,
        engine: str = "",
        status: int | None = None,
        request_id: str = "",
        code: str = "",
        retry_after_s: float | None = None,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(f"{engine or 'model'}: {kind}{f' (HTTP {status})' if status else ''}")
        self.kind: ErrorKind = kind
        self.engine, self.status, self.request_id, self.code = engine, status, request_id, code
        self.retry_after_s = retry_after_s
        self.usage = usage or Usage()

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed a moment later."""
        return self.kind in RETRYABLE


class LanguageModel(Protocol):
    """One attempt at a model, or a wrapper that makes several."""

    @property
    def name(self) -> str:
        """`vendor:model`, as scores and the log name it."""
        ...

    async def ask(self, prompt: Prompt, shape: type[Shape]) -> Reply[Shape]:
        """One object of `shape`. Raises ProviderError."""
        ...

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        """The whole text; `heard` gets each piece as it arrives and may raise to stop. Raises ProviderError."""
        ...
