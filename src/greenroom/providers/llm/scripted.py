"""A model that says what a test wrote down; it obeys nothing and needs no vendor."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from greenroom.providers.llm.base import Heard, Prompt, ProviderError, Reply, Shape, Usage

# A line: text to say, an object to give, an error to raise, or what makes one of these from the prompt.
Line = str | BaseModel | dict[str, Any] | ProviderError
Script = Line | Callable[[Prompt], Line]


class ScriptedModel:
    """Gives its lines in order and the last one for ever. `prompts` are the requests it got.

    `first_s` is the wait before the first word and `pace_s` between words. An object that does not fit the schema
    is an invalid output, as it is with a vendor.
    """

    def __init__(
        self, lines: Sequence[Script], *, name: str = "scripted:test", first_s: float = 0, pace_s: float = 0
    ) -> None:
        self.name = name
        self.prompts: list[Prompt] = []
        self._lines, self._first_s, self._pace_s = list(lines), first_s, pace_s

    async def ask(self, prompt: Prompt, shape: type[Shape]) -> Reply[Shape]:
        """The next line as an object."""
        line = await self._next(prompt)
        try:
            if isinstance(line, str):
                made = shape.model_validate_json(line)
            else:
                made = shape.model_validate(line.model_dump() if isinstance(line, BaseModel) else line)
        except ValidationError as error:
            raise ProviderError("invalid_output", engine=self.name, usage=_count(prompt, "")) from error
        return Reply(made, self.name, self.name, _count(prompt, made.model_dump_json()))

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        """The next line, word by word."""
        line = await self._next(prompt)
        text = line if isinstance(line, str) else str(line)
        for n, word in enumerate(text.split(" ")):
            if self._pace_s and n:
                await asyncio.sleep(self._pace_s)
            heard(word if n == 0 else f" {word}")
        return Reply(text, self.name, self.name, _count(prompt, text))

    async def _next(self, prompt: Prompt) -> str | BaseModel | dict[str, Any]:
        self.prompts.append(prompt)
        if self._first_s:
            await asyncio.sleep(self._first_s)
        script = self._lines[min(len(self.prompts), len(self._lines)) - 1]
        line = script(prompt) if callable(script) else script
        if isinstance(line, ProviderError):
            raise line
        return line


def _count(prompt: Prompt, output: str) -> Usage:
    """Words for tokens."""
    return Usage(len(prompt.instructions.split()) + len(prompt.data.split()), len(output.split()))
