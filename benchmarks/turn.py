"""How long a keyless turn takes over HTTP, beside a bare Starlette route in the same run.

usage: uv run python benchmarks/turn.py [--turns 200]

One server process on this machine, SQLite on disk, jobs enabled. Each figure is the time a client waits for
`POST /sessions/{id}/turns`; the bare route takes the same body and answers a small JSON. Prints one JSON line.
"""

import argparse
import concurrent.futures
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import httpx

SERVER = """
import sys, uvicorn
from starlette.responses import JSONResponse
from starlette.routing import Route
from greenroom.app import create_app
from greenroom.settings import Settings
from pathlib import Path

async def bare(request):
    body = await request.json()
    return JSONResponse({"seq": body["after_seq"]})

app = create_app(Settings(_env_file=None, data_dir=Path(sys.argv[1]), log_level="error"), pages=False)
app.router.routes.insert(0, Route("/bare", bare, methods=["POST"]))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""
ANSWER = (
    "I was asked to find out why invoices went out late. I read the logs of two weeks and saw that one query held a lock "
    "for nine minutes. I rewrote it in batches of five hundred, tested it on a copy and rolled it out on a Sunday. "
    "Since then the export takes forty seconds, and complaints fell from thirty a week to two."
)


def measure_bare(client: httpx.Client, count: int) -> list[float]:
    waits: list[float] = []
    for n in range(count):
        began = time.perf_counter()
        client.post("/bare", json={"kind": "answer", "text": ANSWER, "after_seq": n}).raise_for_status()
        waits.append(time.perf_counter() - began)
    return waits


def start_session(client: httpx.Client) -> dict:
    spec = {"role": "backend", "minutes": 30, "timing": "off"}
    interview = client.post("/api/v1/interviews", json=spec).raise_for_status().json()
    return client.post(f"/api/v1/interviews/{interview['id']}/sessions").raise_for_status().json()


def measure_turns(client: httpx.Client, count: int) -> list[float]:
    waits: list[float] = []
    room = start_session(client)
    while len(waits) < count:
        body = {
            "kind": "question" if "question" in room["moves"] else "answer",
            "text": ANSWER,
            "after_seq": room["seq"],
        }
        began = time.perf_counter()
        reply = client.post(f"/api/v1/sessions/{room['session_id']}/turns", json=body)
        waits.append(time.perf_counter() - began)
        room = reply.raise_for_status().json()
        if room["block"] in ("candidate_questions", "close") or room["state"] == "ended":
            room = start_session(client)
    return waits


def together(address: str, clients: int, count: int, measure) -> list[float]:
    def one(_: int) -> list[float]:
        with httpx.Client(base_url=address, timeout=60) as client:
            return measure(client, count // clients)

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return [wait for waits in pool.map(one, range(clients)) for wait in waits]


def describe(waits: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(waits, n=20)
    return {
        "p50_ms": round(statistics.median(waits) * 1000, 2),
        "p95_ms": round(cuts[18] * 1000, 2),
        "n": len(waits),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=200)
    turns = options.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([sys.executable, "-c", SERVER, folder, str(port)])
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    httpx.get(f"{address}/health").raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            together(address, 1, 20, measure_turns)  # warm-up
            result: dict[str, object] = {
                "benchmark": "turn",
                "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            }
            for clients in (1, 16):
                bare = describe(together(address, clients, max(turns, clients * 20), measure_bare))
                ours = describe(together(address, clients, max(turns, clients * 20), measure_turns))
                ratio = round(ours["p50_ms"] / bare["p50_ms"], 2)
                result[f"clients_{clients}"] = {**ours, "ratio_to_bare": ratio, "bare": bare}
            print(json.dumps(result))
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
