"""What each vendor's API answers, written after its published reference and checked against its own SDK's types.

A dialect makes the answers of one vendor: streamed text, an object by schema or by tool call, and errors.
"""

import base64
import binascii
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contracts.wire import Answer, Request, of_events, of_json

KEY = "key-0123456789abcdef"
TOKEN = "token-of-the-stub"  # noqa: S105 - made up
WRONG_KEY_WORDS = f"Incorrect API key provided: {KEY}. The candidate said: my employer cheats."


@dataclass(frozen=True)
class Dialect:
    """OpenAI's chat completions: platform.openai.com/docs/api-reference/chat, types openai.types.chat.*."""

    vendor: str
    model: str = "test-model"
    path: str = "/chat/completions"
    base: str = "/v1"
    modes: tuple[str, ...] = ("native", "tool")
    tls: bool = False
    images: bool = True

    def address(self, stub: str) -> str:
        """The engine's address for a stub."""
        return stub + self.base

    def key(self, stub: str) -> str:
        """The key the engine is given."""
        return KEY

    def key_of(self, request: Request) -> str:
        """The key as it arrived."""
        return request.headers.get("authorization", "").removeprefix("Bearer ")

    def is_call(self, request: Request) -> bool:
        """Whether this is a request to the model, not for a token."""
        return request.path.endswith(self.path)

    def schema_of(self, request: Request) -> Any:
        """The JSON schema of the object, wherever this API carries it."""
        body = request.json
        if "response_format" in body:
            return body["response_format"]["json_schema"]["schema"]
        return body["tools"][0]["function"]["parameters"]

    def picture_of(self, request: Request) -> tuple[str, bytes]:
        """Media type and bytes of the picture in the last message."""
        (part,) = [part for part in request.json["messages"][-1]["content"] if part["type"] == "image_url"]
        return read_data_url(part["image_url"]["url"])

    def text(self, pieces: Sequence[str]) -> Answer:
        deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces), {}]
        events = [
            self._chunk(delta, "stop" if n == len(deltas) - 1 else None) for n, delta in enumerate(deltas)
        ]
        return of_events(
            [*events, {**self._chunk({}, None), "choices": [], "usage": self.usage()}], done=True
        )

    def object(self, request: Request, text: str) -> Answer:
        body = request.json
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if body.get("tools"):
            call = {"name": body["tools"][0]["function"]["name"], "arguments": text}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "call_abc123", "type": "function", "function": call}],
            }
        finish = "tool_calls" if body.get("tools") else "stop"
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        return of_json({**self._head("chat.completion"), "choices": [choice], "usage": self.usage()})

    def error(self, status: int, **headers: str) -> Answer:
        kinds = {401: "invalid_api_key", 429: "rate_limit_exceeded", 500: None}
        error = {"message": WRONG_KEY_WORDS, "type": "error", "param": None, "code": kinds[status]}
        return of_json({"error": error}, status, x_request_id="req_42", **headers)

    def usage(self) -> dict[str, Any]:
        return {"prompt_tokens": 40, "completion_tokens": 7, "total_tokens": 47}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 1_790_000_000, "model": f"{self.model}-served"}

    def _chunk(self, delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}


class Compatible(Dialect):
    """The subset of platform.openai.com/docs/api-reference/chat that docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    and github.com/ggml-org/llama.cpp/tree/master/tools/server describe."""


class Cerebras(Dialect):
    """inference-docs.cerebras.ai/api-reference/chat-completions, through OpenAI's client and its types."""


class Ollama(Dialect):
    """docs.ollama.com/api/openai-compatibility, through OpenAI's client and its types."""


class Groq(Dialect):
    """console.groq.com/docs/api-reference, types groq.types.chat.*; usage of a stream comes in x_groq."""

    def text(self, pieces: Sequence[str]) -> Answer:
        deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces)]
        last = {**self._chunk({}, "stop"), "x_groq": {"id": "req_1", "usage": self.usage()}}
        return of_events([*(self._chunk(delta, None) for delta in deltas), last], done=True)


class HuggingFace(Dialect):
    """huggingface.co/docs/inference-providers/tasks/chat-completion, types huggingface_hub ChatCompletionOutput."""

    def _head(self, kind: str) -> dict[str, Any]:
        return {**super()._head(kind), "system_fingerprint": "3.0.0-sha"}


class Mistral(Dialect):
    """docs.mistral.ai/api, types mistralai ChatCompletionResponse and CompletionChunk."""

    def text(self, pieces: Sequence[str]) -> Answer:
        deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces)]
        last = {**self._chunk({"content": ""}, "stop"), "usage": self.usage()}
        return of_events([*(self._chunk(delta, None) for delta in deltas), last], done=True)

    def error(self, status: int, **headers: str) -> Answer:
        return of_json(
            {"object": "error", "message": WRONG_KEY_WORDS, "type": "error", "code": "3000"},
            status,
            mistral_correlation_id="req_42",
            **headers,
        )


class Anthropic(Dialect):
    """docs.anthropic.com/en/api/messages and /streaming, types anthropic.types.*."""

    def address(self, stub: str) -> str:
        return stub

    def key_of(self, request: Request) -> str:
        return request.headers.get("x-api-key", "") or super().key_of(request)

    def schema_of(self, request: Request) -> Any:
        return request.json["tools"][0]["input_schema"]

    def picture_of(self, request: Request) -> tuple[str, bytes]:
        (part,) = [part for part in request.json["messages"][-1]["content"] if part["type"] == "image"]
        assert part["source"]["type"] == "base64"
        return part["source"]["media_type"], base64.b64decode(part["source"]["data"])

    def text(self, pieces: Sequence[str]) -> Answer:
        start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        deltas = [
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ]
        end = {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}}
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": self._message([], None)},
            start,
            {"type": "ping"},
            *deltas,
            {"type": "content_block_stop", "index": 0},
            {**end, "usage": {"output_tokens": 7}},
            {"type": "message_stop"},
        ]
        return of_events(events, named=True)

    def object(self, request: Request, text: str) -> Answer:
        if not request.json.get("tools"):
            return of_json(self._message([{"type": "text", "text": text}], "end_turn"))
        name = request.json["tools"][0]["name"]
        try:
            made = json.loads(text)
        except json.JSONDecodeError:
            made = {"broken": text}  # this API carries tool input as an object: what is invalid is its shape
        use = {"type": "tool_use", "id": "toolu_01", "name": name, "input": made}
        return of_json(self._message([use], "tool_use"))

    def error(self, status: int, **headers: str) -> Answer:
        kinds = {401: "authentication_error", 429: "rate_limit_error", 500: "api_error"}
        error = {"type": kinds[status], "message": WRONG_KEY_WORDS}
        return of_json(
            {"type": "error", "error": error, "request_id": "req_42"}, status, request_id="req_42", **headers
        )

    def _message(self, content: list[dict[str, Any]], stop: str | None) -> dict[str, Any]:
        return {
            "id": "msg_01", "type": "message", "role": "assistant", "model": f"{self.model}-served",
            "content": content, "stop_reason": stop, "stop_sequence": None,
            "usage": {"input_tokens": 40, "output_tokens": 7 if stop else 1},
        }  # fmt: skip


class Gemini(Dialect):
    """ai.google.dev/api/generate-content, type google.genai.types.GenerateContentResponse."""

    def address(self, stub: str) -> str:
        return stub

    def key_of(self, request: Request) -> str:
        return request.headers.get("x-goog-api-key", "")

    def is_call(self, request: Request) -> bool:
        return "enerateContent" in request.path

    def schema_of(self, request: Request) -> Any:
        body = request.json
        if "tools" in body:
            found = body["tools"][0]["functionDeclarations"][0]
            return found.get("parameters_json_schema") or found["parameters"]
        config = body["generationConfig"]
        return config.get("responseJsonSchema") or config["responseSchema"]

    def picture_of(self, request: Request) -> tuple[str, bytes]:
        (part,) = [part for part in request.json["contents"][-1]["parts"] if "inlineData" in part]
        # JSON of protocol buffers takes both spellings of names and both alphabets: protobuf.dev/programming-guides/json.
        blob = {name.replace("_t", "T"): value for name, value in part["inlineData"].items()}
        return blob["mimeType"], base64.urlsafe_b64decode(blob["data"].replace("+", "-").replace("/", "_"))

    def text(self, pieces: Sequence[str]) -> Answer:
        events = [self._response([{"text": piece}], None) for piece in pieces[:-1]]
        return of_events([*events, self._response([{"text": pieces[-1]}], "STOP")])

    def object(self, request: Request, text: str) -> Answer:
        if "tools" not in request.json:
            return of_json(self._response([{"text": text}], "STOP"))
        name = request.json["tools"][0]["functionDeclarations"][0]["name"]
        try:
            made = json.loads(text)
        except json.JSONDecodeError:
            made = {"broken": text}
        return of_json(self._response([{"functionCall": {"name": name, "args": made}}], "STOP"))

    def error(self, status: int, **headers: str) -> Answer:
        kinds = {401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}
        return of_json(
            {"error": {"code": status, "message": WRONG_KEY_WORDS, "status": kinds[status]}},
            status,
            **headers,
        )

    def _response(self, parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        usage = {"promptTokenCount": 40, "candidatesTokenCount": 7, "totalTokenCount": 47}
        return {
            "candidates": [candidate], "usageMetadata": usage, "modelVersion": f"{self.model}-served", "responseId": "r1",
        }  # fmt: skip


class Vertex(Gemini):
    """cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference; tokens by RFC 7523 as in google-auth."""

    def key(self, stub: str) -> str:
        return service_account(stub)

    def key_of(self, request: Request) -> str:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return KEY if token == TOKEN else token

    def token(self) -> Answer:
        return of_json({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})


class Bedrock(Dialect):
    """docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse and _ConverseStream, through botocore's model.

    Streams are application/vnd.amazon.eventstream: smithy.io/2.0/aws/amazon-eventstream.html.
    """

    def address(self, stub: str) -> str:
        return stub

    def is_call(self, request: Request) -> bool:
        return "/converse" in request.path

    def schema_of(self, request: Request) -> Any:
        return request.json["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]

    def picture_of(self, request: Request) -> tuple[str, bytes]:
        (part,) = [part for part in request.json["messages"][-1]["content"] if "image" in part]
        return f"image/{part['image']['format']}", base64.b64decode(part["image"]["source"]["bytes"])

    def text(self, pieces: Sequence[str]) -> Answer:
        events: list[tuple[str, dict[str, Any]]] = [
            ("messageStart", {"role": "assistant"}),
            *(("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}}) for piece in pieces),
            ("contentBlockStop", {"contentBlockIndex": 0}),
            ("messageStop", {"stopReason": "end_turn"}),
            ("metadata", {"usage": self.usage(), "metrics": {"latencyMs": 12}}),
        ]
        frames = [eventstream_frame(kind, payload) for kind, payload in events]
        return Answer(200, {"content-type": "application/vnd.amazon.eventstream"}, frames)

    def object(self, request: Request, text: str) -> Answer:
        part: dict[str, Any] = {"text": text}
        if tools := request.json.get("toolConfig"):
            try:
                made = json.loads(text)
            except json.JSONDecodeError:
                made = {"broken": text}
            name = tools["tools"][0]["toolSpec"]["name"]
            part = {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": made}}
        return of_json(
            {
                "output": {"message": {"role": "assistant", "content": [part]}},
                "stopReason": "tool_use" if tools else "end_turn",
                "usage": self.usage(),
                "metrics": {"latencyMs": 12},
            },
            x_amzn_requestid="req_42",
        )

    def error(self, status: int, **headers: str) -> Answer:
        kinds = {
            401: "UnrecognizedClientException",
            429: "ThrottlingException",
            500: "InternalServerException",
        }
        return of_json(
            {"message": WRONG_KEY_WORDS},
            status,
            x_amzn_ErrorType=kinds[status],
            x_amzn_requestid="req_42",
            **headers,
        )

    def usage(self) -> dict[str, Any]:
        return {"inputTokens": 40, "outputTokens": 7, "totalTokens": 47}


def read_data_url(url: str) -> tuple[str, bytes]:
    """Media type and bytes of a data URL (RFC 2397)."""
    head, _, data = url.partition(",")
    assert head.startswith("data:")
    assert head.endswith(";base64")
    return head.removeprefix("data:").removesuffix(";base64"), base64.b64decode(data)


def eventstream_frame(kind: str, payload: dict[str, Any]) -> bytes:
    """One frame: lengths and their checksum, headers, payload, checksum of it all."""
    headers = b""
    for name, value in (
        (":event-type", kind),
        (":content-type", "application/json"),
        (":message-type", "event"),
    ):
        headers += (
            struct.pack("!B", len(name))
            + name.encode()
            + b"\x07"
            + struct.pack("!H", len(value))
            + value.encode()
        )
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", binascii.crc32(prelude)) + headers + body
    return message + struct.pack("!I", binascii.crc32(message))


_account: dict[str, Any] = {}


def service_account(stub: str) -> str:
    """The JSON of a service account whose tokens come from the stub."""
    if not _account:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _account.update(
            type="service_account", project_id="project-1", private_key_id="1", private_key=pem.decode(),
            client_email="greenroom@project-1.iam.gserviceaccount.com", client_id="1",
        )  # fmt: skip
    return json.dumps({**_account, "token_uri": f"{stub}/token"})


DIALECTS: tuple[Dialect, ...] = (
    Dialect("openai"),
    Compatible("compatible"),
    Cerebras("cerebras", modes=("tool",), images=False),  # inference-docs.cerebras.ai: content is text
    Ollama("ollama"),
    Groq("groq", base="", path="/openai/v1/chat/completions", modes=("tool",)),
    HuggingFace("huggingface", modes=("tool",)),
    Mistral("mistral", base="", path="/v1/chat/completions", modes=("tool",)),
    Anthropic("anthropic", path="/v1/messages", modes=("tool",)),
    Gemini("gemini", modes=("native", "tool")),
    Vertex("vertex", modes=("native", "tool")),
    Bedrock("bedrock", modes=("tool",), tls=True),  # boto3 sends a bearer key over TLS only
)
