"""OpenAI's chat completions over a tiny local model whose objects are held to their schema by a grammar.

usage: uv run --group wire python -m tests.wire.server   (prints its port, serves until its input is closed)

What it answers follows platform.openai.com/docs/api-reference/chat; what it says is noise. Both ways of asking for an
object become a grammar: `response_format` with a JSON schema, and a tool whose parameters are one. An object that is
not finished within `max_tokens` is cut off there, as it is with a vendor, and is no JSON then.
"""

import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from llama_cpp import Llama, LlamaGrammar

from tests.wire import tiny

MODEL = "tiny"
SHOWN_CHARS = 500  # it reads nothing in them, and reading takes time
# Left to chance, a string of noise ends after a hundred characters and is half of odd bytes, and a list never ends.
BIAS = {
    tiny.token_of('"'): 2.5,
    tiny.token_of("]"): 1.5,
    tiny.token_of("}"): 1.5,
    **dict.fromkeys(tiny.BYTES, -3.0),
}


class Tiny:
    """The model. One request at a time; `asked` are the names of the objects' fields, request by request."""

    def __init__(self, folder: Path) -> None:
        self._llama = Llama(
            str(tiny.write(folder / "tiny.gguf")), n_ctx=tiny.CONTEXT, n_batch=512, n_threads=1,
            n_threads_batch=1, verbose=False,
        )  # fmt: skip
        self._lock = threading.Lock()
        self._count = 0
        self.asked: list[list[str]] = []

    def say(self, body: dict[str, Any], schema: dict[str, Any] | None) -> list[dict[str, Any]]:
        """Pieces of llama.cpp's completion, the last one with its finish reason. Whole before any of it is sent: a
        reader who goes away must not keep the model from the next one."""
        prompt = "\n".join(f"{m['role']}: {_text_of(m)}" for m in body["messages"])[-SHOWN_CHARS:]
        with self._lock:
            self._count += 1
            self.asked.append(sorted(schema["properties"]) if schema else [])
            pieces = self._llama.create_completion(
                prompt,
                max_tokens=body.get("max_tokens") or body.get("max_completion_tokens") or 256,
                temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, seed=self._count, stream=True,
                logit_bias=BIAS if schema else None, grammar=_grammar(json.dumps(schema)) if schema else None,
            )  # fmt: skip
            return list(pieces)  # type: ignore[arg-type]


@cache
def _grammar(schema: str) -> LlamaGrammar:
    return LlamaGrammar.from_json_schema(json.dumps(_loosen(json.loads(schema))), verbose=False)


def _loosen(schema: Any) -> Any:
    """The schema without lengths of strings: a grammar would have to spell out every character. Lists keep theirs."""
    if isinstance(schema, dict):
        return {
            name: _loosen(value) for name, value in schema.items() if name not in ("maxLength", "minLength")
        }
    return [_loosen(one) for one in schema] if isinstance(schema, list) else schema


def _text_of(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else " ".join(part.get("text", "") for part in content)


def make_app(model: Tiny) -> FastAPI:
    """The server's routes."""
    app = FastAPI()

    @app.post("/v1/chat/completions")
    def complete(body: dict[str, Any]) -> Any:
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        if body.get("stream"):
            return StreamingResponse(_stream(model, body, head), media_type="text/event-stream")
        tool, schema = _wanted(body)
        pieces = model.say(body, schema)
        text = "".join(piece["choices"][0]["text"] for piece in pieces)
        finish = pieces[-1]["choices"][0]["finish_reason"] or "stop"
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if tool and finish == "stop":
            finish = "tool_calls"
        if tool:
            call = {
                "id": f"call_{uuid.uuid4().hex[:8]}",
                "type": "function",
                "function": {"name": tool, "arguments": text},
            }
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
        return JSONResponse(
            {**head, "object": "chat.completion", "choices": [choice], "usage": _usage(len(pieces))}
        )

    @app.get("/asked")
    def asked() -> list[list[str]]:
        return model.asked

    return app


def _wanted(body: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """The tool to call, if any, and the schema of the object."""
    if body.get("tools"):
        function = body["tools"][0]["function"]
        return function["name"], function["parameters"]
    shape = body.get("response_format", {})
    return "", shape["json_schema"]["schema"] if shape.get("type") == "json_schema" else None


def _usage(tokens: int) -> dict[str, int]:
    return {"prompt_tokens": 40, "completion_tokens": tokens, "total_tokens": 40 + tokens}


def _stream(model: Tiny, body: dict[str, Any], head: dict[str, Any]) -> Iterator[bytes]:
    def event(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> bytes:
        choices = (
            [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]
        )
        return f"data: {json.dumps({**head, 'object': 'chat.completion.chunk', 'choices': choices, **more})}\n\n".encode()

    yield event({"role": "assistant", "content": ""})
    said = 0
    for piece in model.say(body, _wanted(body)[1]):
        said += 1
        choice = piece["choices"][0]
        yield event({"content": choice["text"]} if choice["text"] else {}, choice["finish_reason"])
    yield event(None, usage=_usage(said))
    yield b"data: [DONE]\n\n"


def main() -> None:
    """Serve until the input is closed."""
    with tempfile.TemporaryDirectory() as folder:
        server = uvicorn.Server(uvicorn.Config(make_app(Tiny(Path(folder))), port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it reads this
        sys.stdin.read()
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    main()
