"""The one way to a model: deadline, retries, budget and bookkeeping around a vendor's single attempt."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from greenroom.providers.llm.base import (
    ErrorKind,
    Heard,
    LanguageModel,
    Prompt,
    ProviderError,
    Purpose,
    Reply,
    Shape,
    Usage,
)
from greenroom.providers.prices import FREE, Price

Got = TypeVar("Got")
FIRST_PAUSE_S = 0.3


@dataclass(frozen=True)
class Limits:
    """Seconds for everything together, retries included, and how many attempts fit in."""

    deadline_s: float = 8.0
    attempts: int = 2


@dataclass(frozen=True)
class Call:
    """One attempt as it is booked. `cost` is in millionths of a US dollar, None when unknown; `problem` "" if none."""

    purpose: Purpose
    engine: str
    model: str
    prompt: str
    usage: Usage
    cost: int | None
    problem: ErrorKind | str
    request_id: str
    milliseconds: int


class Book(Protocol):
    """Where attempts are written down, and who says when the money is spent."""

    async def allow(self, engine: str, *, paid: bool) -> None:
        """Raises ProviderError("budget") when this engine may not be asked any more; free ones always may."""
        ...

    async def note(self, call: Call) -> None:
        """Keep one attempt."""
        ...


class Guarded:
    """A model that ends in time. Retries what may succeed a moment later, waits as long as the vendor asks, and
    never starts again once a word was heard."""

    def __init__(
        self,
        model: LanguageModel,
        purpose: Purpose,
        limits: Limits,
        book: Book,
        price: Price | None,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._model, self._limits = model, limits
        self._purpose: Purpose = purpose
        self._book, self._price, self._pause = book, price, pause

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._model.name

    async def ask(self, prompt: Prompt, shape: type[Shape]) -> Reply[Shape]:
        """One object of `shape` within the deadline."""
        return await self._within(prompt, lambda: self._model.ask(prompt, shape), lambda: True)

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        """The whole text within the deadline; an attempt that already said something is not repeated."""
        said: list[bool] = []

        def listen(piece: str) -> None:
            said.append(True)
            heard(piece)

        return await self._within(prompt, lambda: self._model.speak(prompt, listen), lambda: not said)

    async def _within(
        self, prompt: Prompt, attempt: Callable[[], Awaitable[Reply[Got]]], may_repeat: Callable[[], bool]
    ) -> Reply[Got]:
        ends = time.monotonic() + self._limits.deadline_s
        tried = 0
        while True:
            await self._book.allow(self.name, paid=self._price != FREE)
            tried += 1
            try:
                return await self._once(prompt, attempt, ends)
            except ProviderError as error:
                wait = (
                    error.retry_after_s
                    if error.retry_after_s is not None
                    else FIRST_PAUSE_S * 2 ** (tried - 1)
                )
                out_of_time = time.monotonic() + wait >= ends
                if not error.retryable or tried >= self._limits.attempts or out_of_time or not may_repeat():
                    raise
            await self._pause(wait)

    async def _once(
        self, prompt: Prompt, attempt: Callable[[], Awaitable[Reply[Got]]], ends: float
    ) -> Reply[Got]:
        started = time.monotonic()
        # Booked when the attempt is cancelled, or the listener had enough.
        model, usage, problem, request_id = "", Usage(), "stopped", ""
        try:
            async with asyncio.timeout(max(0.0, ends - started)):
                reply = await attempt()
            model, usage, problem = reply.model, reply.usage, ""
        except TimeoutError as error:
            problem = "timeout"
            raise ProviderError("timeout", engine=self.name) from error
        except ProviderError as error:
            usage, problem, request_id = error.usage, error.kind, error.request_id
            raise
        else:
            return reply
        finally:
            cost = self._price.of(usage) if self._price else None
            spent_ms = round((time.monotonic() - started) * 1000)
            await self._book.note(
                Call(
                    self._purpose,
                    self.name,
                    model,
                    prompt.version,
                    usage,
                    cost,
                    problem,
                    request_id,
                    spent_ms,
                )
            )
