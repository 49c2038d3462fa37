"""The stubs' answers fit the types in which the vendors' own packages describe their protocols."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts.dialects import DIALECTS, Dialect
from tests.contracts.wire import Answer, Request

TOOL = {"type": "function", "function": {"name": "final_result", "parameters": {}}}
PIECES = ["What ", "then?"]


def dialect_of(vendor: str) -> Dialect:
    return next(dialect for dialect in DIALECTS if dialect.vendor == vendor)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.vendor)
def test_a_stub_names_the_document_it_follows(dialect: Dialect) -> None:
    assert re.search(r"[a-z0-9-]+(\.[a-z0-9-]+)+/\S", type(dialect).__doc__ or "")


def events_of(answer: Answer) -> list[Any]:
    lines = b"".join(answer.chunks).decode().splitlines()
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return [json.loads(line) for line in data if line != "[DONE]"]


def strict(read: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A check that what was read has nothing the type does not know."""

    def check(body: Any) -> None:
        unknown = getattr(read(body), "model_extra", None) or {}
        assert not unknown

    return check


def openai_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    return strict(ChatCompletion.model_validate), strict(ChatCompletionChunk.model_validate)


def groq_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from groq.types.chat import ChatCompletion, ChatCompletionChunk

    return strict(ChatCompletion.model_validate), strict(ChatCompletionChunk.model_validate)


def mistral_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from mistralai.client.models import ChatCompletionResponse, CompletionChunk

    return strict(ChatCompletionResponse.model_validate), strict(CompletionChunk.model_validate)


def huggingface_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from huggingface_hub import ChatCompletionOutput, ChatCompletionStreamOutput

    return strict(ChatCompletionOutput.parse_obj_as_instance), strict(
        ChatCompletionStreamOutput.parse_obj_as_instance
    )


def anthropic_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from anthropic.types import Message, RawMessageStreamEvent
    from pydantic import TypeAdapter

    def event(body: Any) -> None:
        if body["type"] != "ping":  # documented, and dropped by the client before it reaches the types
            TypeAdapter(RawMessageStreamEvent).validate_python(body)

    return strict(Message.model_validate), event


def google_types() -> tuple[Callable[[Any], None], Callable[[Any], None]]:
    from google.genai.types import GenerateContentResponse

    return GenerateContentResponse.model_validate, GenerateContentResponse.model_validate


@pytest.mark.parametrize(
    ("vendor", "types", "request_body"),
    [
        ("openai", openai_types, {"tools": [TOOL]}),
        ("groq", groq_types, {"tools": [TOOL]}),
        ("mistral", mistral_types, {"tools": [TOOL]}),
        ("huggingface", huggingface_types, {"tools": [TOOL]}),
        ("anthropic", anthropic_types, {"tools": [{"name": "final_result"}]}),
        ("compatible", openai_types, {"tools": [TOOL]}),
        ("cerebras", openai_types, {"tools": [TOOL]}),
        ("ollama", openai_types, {"tools": [TOOL]}),
        ("vertex", google_types, {"tools": [{"functionDeclarations": [{"name": "final_result"}]}]}),
        ("gemini", google_types, {"tools": [{"functionDeclarations": [{"name": "final_result"}]}]}),
    ],
)
def test_a_stub_speaks_the_types_of_the_vendor(
    vendor: str, types: Callable[[], Any], request_body: Any
) -> None:
    dialect = dialect_of(vendor)
    whole, piece = types()
    request = Request("POST", "/", {}, json.dumps(request_body).encode())
    whole(json.loads(b"".join(dialect.object(request, "{}").chunks)))
    events = events_of(dialect.text(PIECES))
    assert len(events) > len(PIECES) - 1
    for event in events:
        piece(event)
