"""A vendor's model of pydantic-ai behind our port: schema output, streaming, and its errors as ours."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import structlog
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput, PromptedOutput, ToolOutput, exceptions
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    BinaryContent,
    ModelRequest,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from greenroom.providers.llm.base import (
    Capabilities,
    ErrorKind,
    Heard,
    Prompt,
    ProviderError,
    Reply,
    Shape,
    Usage,
)

log = structlog.get_logger()
# The first class that fits names the kind; what is not listed is a fault of ours and stays visible as one.
_KINDS: tuple[tuple[type[Exception], ErrorKind], ...] = (
    (exceptions.ModelAuthenticationError, "credentials"),
    (exceptions.ModelNotFoundError, "not_found"),
    (exceptions.ModelQuotaExceededError, "quota"),
    (exceptions.ModelRateLimitError, "rate_limited"),
    (exceptions.ModelUnavailableError, "unavailable"),
    (exceptions.ModelServerError, "unavailable"),
    (exceptions.ModelRequestTimeout, "timeout"),
    (exceptions.ModelTimeoutError, "timeout"),
    (exceptions.ModelConnectionError, "network"),
    (exceptions.ModelRequestRejectedError, "rejected"),
    (exceptions.ContentFilterError, "refused"),
    (exceptions.UnexpectedModelBehavior, "invalid_output"),
    (exceptions.UsageLimitExceeded, "invalid_output"),
    (exceptions.ModelAPIError, "unavailable"),
    (httpx.TimeoutException, "timeout"),
    (httpx2.TimeoutException, "timeout"),
    (httpx.HTTPError, "network"),
    (httpx2.HTTPError, "network"),
    (TimeoutError, "timeout"),
    (ConnectionError, "network"),
)
# What vendors' packages raise when a body has another shape than the one they read without looking.
_UNREADABLE = (AttributeError, TypeError, LookupError, ValueError)
_PACKAGES = (
    "anthropic",
    "botocore",
    "google",
    "groq",
    "httpx",
    "httpx2",
    "huggingface_hub",
    "mistralai",
    "openai",
)
_REQUEST_IDS = (
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-goog-request-id",
    "mistral-correlation-id",
)
_SAFE = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


@dataclass(frozen=True)
class Connected:
    """A vendor's model, and what returns its connections."""

    model: Model
    close: Callable[[], Awaitable[None]]


class BridgedModel:
    """One vendor model. An invalid object is asked for once more with what was wrong; nothing else is retried here."""

    def __init__(self, name: str, connected: Connected, capabilities: Capabilities) -> None:
        self.name = name
        self.capabilities = capabilities
        self.close = connected.close
        self._model = connected.model
        self._agents: dict[type[BaseModel], Agent[object, Any]] = {}

    async def ask(self, prompt: Prompt, shape: type[Shape]) -> Reply[Shape]:
        """One object of `shape`."""
        usage = RunUsage()
        shown = self._shown(prompt)
        async with self._translated(usage):
            result = await self._agent(shape).run(
                shown,
                instructions=prompt.instructions,
                model_settings=self._settings(prompt),
                usage=usage,
            )
            model = result.response.model_name or self._model.model_name
            return Reply(result.output, self.name, model, _usage(usage))

    async def speak(self, prompt: Prompt, heard: Heard) -> Reply[str]:
        """The whole text, passed on piece by piece."""
        # Below the agent: its graph does nothing for plain text, and costs half a millisecond a piece.
        messages = [
            ModelRequest(parts=[UserPromptPart(self._shown(prompt))], instructions=prompt.instructions)
        ]
        usage = RunUsage()
        pieces: list[str] = []
        async with (
            self._translated(usage),
            model_request_stream(self._model, messages, model_settings=self._settings(prompt)) as stream,
        ):
            async for event in stream:
                if piece := _text_of(event):
                    pieces.append(piece)
                    heard(piece)
            counted, finish = stream.usage, stream.finish_reason
            usage = RunUsage(input_tokens=counted.input_tokens, output_tokens=counted.output_tokens)
            model = stream.model_name or self._model.model_name
        if finish == "content_filter":
            raise ProviderError("refused", engine=self.name, usage=_usage(usage))
        return Reply("".join(pieces), self.name, model, _usage(usage))

    def _agent(self, shape: type[BaseModel]) -> Agent[object, Any]:
        """The agent for a shape.

        Raises:
            ProviderError: the engine is set to a way of enforcing schemas that this model does not have.
        """
        native = self._model.profile.get("supports_json_schema_output", False)
        if self.capabilities.structured == "native" and not native:
            raise ProviderError("rejected", engine=self.name, code="json_schema")
        if shape not in self._agents:
            modes: dict[str, Any] = {"native": NativeOutput, "tool": ToolOutput, "prompted": PromptedOutput}
            output = modes[self.capabilities.structured](shape)
            self._agents[shape] = Agent(self._model, output_type=output, retries=1)
        return self._agents[shape]

    def _shown(self, prompt: Prompt) -> str | list[UserContent]:
        """The data with the pictures behind it.

        Raises:
            ProviderError: the vendor's interface takes none; nothing was sent.
        """
        if not prompt.pictures:
            return prompt.data
        if not self.capabilities.images:
            raise ProviderError("no_images", engine=self.name)
        return [
            prompt.data,
            *(BinaryContent(one.content, media_type=one.media_type) for one in prompt.pictures),
        ]

    def _settings(self, prompt: Prompt) -> ModelSettings:
        settings = ModelSettings(temperature=prompt.temperature, max_tokens=prompt.max_tokens)
        # Retries are the wrapper's; a vendor's client must not make its own.
        if "max_retries" not in self._model.unsupported_settings:
            settings["max_retries"] = 0
        return settings

    @asynccontextmanager
    async def _translated(self, usage: RunUsage) -> AsyncGenerator[None]:
        try:
            yield
        except tuple(kind for kind, _ in _KINDS) as error:
            raise translate(error, self.name, _usage(usage)) from error
        except Exception as error:
            if not is_theirs(error):
                raise
            log.warning("engine.unreadable", engine=self.name, error=type(error).__name__)
            kind: ErrorKind = "credentials" if _is_about_credentials(error) else "invalid_output"
            raise ProviderError(kind, engine=self.name, usage=_usage(usage)) from error


def is_theirs(error: Exception) -> bool:
    """Whether a vendor's package raised it, or stumbled over what it was given."""
    return isinstance(error, _UNREADABLE) or type(error).__module__.split(".")[0] in _PACKAGES


def _is_about_credentials(error: Exception) -> bool:
    """Whether the machine's own credentials were looked for and are not there, as google-auth and botocore say it."""
    return type(error).__module__.startswith("google.auth") or "Credentials" in type(error).__name__


def translate(error: Exception, engine: str, usage: Usage) -> ProviderError:
    """The library's error as ours, without the vendor's words."""
    kind: ErrorKind = next(kind for class_, kind in _KINDS if isinstance(error, class_))
    code = getattr(error, "provider_error_code", None) or getattr(error, "provider_error_type", None) or ""
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    return ProviderError(
        kind,
        engine=engine,
        status=getattr(error, "status_code", None),
        request_id=_safe(next((headers[name] for name in _REQUEST_IDS if name in headers), "")),
        code=_safe(str(code)),
        retry_after_s=getattr(error, "retry_after", None),
        usage=usage,
    )


def _safe(text: str) -> str:
    """An identifier a vendor sent, or nothing when it does not look like one."""
    return text if _SAFE.fullmatch(text) else ""


def _text_of(event: ModelResponseStreamEvent) -> str:
    """The text an event of the stream adds."""
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _usage(usage: RunUsage) -> Usage:
    if not (usage.input_tokens or usage.output_tokens):
        return Usage()
    return Usage(usage.input_tokens, usage.output_tokens)
