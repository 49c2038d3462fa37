"""Engines in order: the next one is asked when one gives nothing usable."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from greenroom.providers.llm.base import Heard, LanguageModel, Prompt, ProviderError, Reply, Shape

Got = TypeVar("Got")


class Fallbacks:
    """One model made of several. The reply names the engine that gave it; the last error is raised when all failed."""

    def __init__(self, models: Sequence[LanguageModel]) -> None:
        if not models:
            raise ValueError("at least one model is needed")
        self._models = models

    @property
    def name(self) -> str:
        """The name of the first engine."""
        return self._models[0].name

    async def ask(self, prompt: Prompt, shape: type[Shape]) -> Reply[Shape]:
        """One object of `shape` from the first engine that gives one."""
        return await self._first(lambda model: model.ask(prompt, shape), lambda: True)

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        """The whole text from the first engine that gives one; once a word was heard no other engine takes over."""
        said: list[bool] = []

        def listen(piece: str) -> None:
            said.append(True)
            heard(piece)

        return await self._first(lambda model: model.speak(prompt, listen), lambda: not said)

    async def _first(
        self, ask: Callable[[LanguageModel], Awaitable[Reply[Got]]], may_go_on: Callable[[], bool]
    ) -> Reply[Got]:
        *before, last = self._models
        for model in before:
            try:
                return await ask(model)
            except ProviderError:
                if not may_go_on():
                    raise
        return await ask(last)
