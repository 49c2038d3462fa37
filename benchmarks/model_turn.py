"""What we add to a model that words a question: over real sockets, on models that take 0 ms and 300 ms.

The slower one spends half of its time before the first word and the rest between the words, as models do.

usage: uv run python benchmarks/model_turn.py [--turns 40]

`turn_ms`: until the answer to the turn is there, which waits for no model. `overhead_ms`: from there to the final
words on the stream, less the time the model itself took from request to last token. `first_word_ms`: from the model's
first token leaving its socket to our first `words` event at the client. One process, so the machine's load counts.
Prints one JSON line.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from tests.contracts.dialects import Dialect
from tests.contracts.wire import Answer, Request, Stub
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, start, turn

DIALECT = Dialect("compatible")


class Model:
    """A stub server in a thread of its own that repeats the question word by word within `delay_s`."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self.served: list[tuple[Request, Answer]] = []
        self._ready = threading.Event()
        self._stop: asyncio.Event
        self.address = ""
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait(10)

    async def _serve(self) -> None:
        async with Stub(self._answer).running() as stub:
            self.address = stub.address
            self._ready.set()
            await asyncio.Event().wait()

    def _answer(self, request: Request) -> Answer:
        data = request.json["messages"][-1]["content"]
        question = data.split("<<question ")[1].split("\n", 1)[1].split("\n<<end question", 1)[0]
        answer = DIALECT.text([f"{word} " for word in question.split()])
        answer.first_s = self._delay_s / 2
        answer.pace_s = self._delay_s / 2 / len(answer.chunks)
        self.served.append((request, answer))
        return answer


class Listener:
    """Reads the session's stream and notes when words came."""

    def __init__(self, live: Live, session: str) -> None:
        self.first = self.done = 0.0
        self._finished = threading.Event()
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(live, session), daemon=True)
        self._thread.start()
        self.listening.wait(10)

    def _read(self, live: Live, session: str) -> None:
        with live.client() as client, client.stream("GET", f"/api/v1/sessions/{session}/events") as stream:
            event = ""
            for line in stream.iter_lines():
                self.listening.set()
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                if event == "words" and line.startswith("data: "):
                    self.first = self.first or time.monotonic()
                    if json.loads(line.removeprefix("data: "))["done"]:
                        self.done = time.monotonic()
                        self._finished.set()
                        return

    def wait(self) -> None:
        if not self._finished.wait(15):
            raise RuntimeError("the model's words did not come")


def measure(turns: int, delay_s: float) -> dict[str, Any]:
    """Medians and 95th percentiles in milliseconds."""
    model = Model(delay_s)
    took: dict[str, list[float]] = {"turn": [], "overhead": [], "first_word": []}
    engine = f"compatible:bench@{model.address}/v1"
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(settings_for(Path(folder), "", interviewer_engines=engine)) as live,
        live.client() as client,
    ):
        for n in range(turns + 3):
            figures = one_turn(live, client, model)
            if n >= 3:  # the first ones import the vendor's package
                for name, value in figures.items():
                    took[name].append(value * 1000)
    return {
        f"{name}_ms": {
            "p50": round(statistics.median(v), 1),
            "p95": round(statistics.quantiles(v, n=20)[-1], 1),
        }
        for name, v in took.items()
    }


def one_turn(live: Live, client: httpx.Client, model: Model) -> dict[str, float]:
    """Seconds of one first answer in a fresh session."""
    room = start(client)
    listener = Listener(live, room["session_id"])
    began = time.monotonic()
    turn(client, room, text=GOOD).raise_for_status()
    answered = time.monotonic()
    listener.wait()
    request, answer = model.served[-1]
    return {
        "turn": answered - began,
        "overhead": (listener.done - answered) - (answer.sent[-1] - request.at),
        "first_word": listener.first - answer.sent[1],  # the first chunk has no words
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=40)
    turns = parser.parse_args().turns
    found = {f"model_{round(delay * 1000)}_ms": measure(turns, delay) for delay in (0.0, 0.3)}
    print(json.dumps({"benchmark": "model_turn", "turns": turns, **found}))


if __name__ == "__main__":
    main()
