"""From a fresh clone to the first question: cold, with every cache empty, and warm; with the sizes on disk.

usage: uv run python benchmarks/start.py [--cold]

Clones this checkout's HEAD into a temporary folder, starts `make run` there, waits until it answers, makes an interview
and reads its first question, as a person would in two clicks. Then starts a second time in the same clone: that is what
every later day is like. `--cold` gives uv and npm empty caches (it downloads some hundred megabytes); without it the
clone is fresh and the caches are this machine's. Prints one JSON line; times are seconds, sizes are megabytes.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
GIVE_UP_S = 1800


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(address: str, path: str, body: dict | None = None) -> dict:
    """One request to the API."""
    reply = (
        httpx.get(f"{address}{path}")
        if body is None
        else httpx.post(f"{address}{path}", json=body, timeout=60)
    )
    return reply.raise_for_status().json()


def start(clone: Path, environment: dict[str, str]) -> dict[str, float]:
    """Seconds until the server answers, and from there to the first question."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {"GREENROOM_PORT": str(port), "GREENROOM_OPEN_BROWSER": "false"}
    began = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env={**environment, **settings}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=sys.stderr,
    )  # fmt: skip
    try:
        while True:
            if process.poll() is not None or time.perf_counter() - began > GIVE_UP_S:
                raise SystemExit("make run did not come up; its lines above say why")
            try:
                ask(address, "/health")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        ready = time.perf_counter()
        httpx.get(f"{address}/", timeout=60, follow_redirects=True).raise_for_status()
        shown = time.perf_counter()
        interview = ask(address, "/api/v1/interviews", {})
        room = ask(address, f"/api/v1/interviews/{interview['id']}/sessions", {})
        assert room["question"]["text"]
        return {
            "ready_s": round(ready - began, 2),
            "first_page_ms": round((shown - ready) * 1000, 1),
            "first_question_ms": round((time.perf_counter() - shown) * 1000, 1),
        }
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def megabytes(folder: Path, leave_out: tuple[str, ...] = ()) -> float:
    """What a folder takes on disk, links not followed."""
    total = 0
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in leave_out]
        total += sum(os.lstat(Path(where) / name).st_size for name in files)
    return round(total / 1e6, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cold", action="store_true", help="empty caches for uv and npm")
    cold = options.parse_args().cold
    with tempfile.TemporaryDirectory(prefix="greenroom-start-") as folder:
        clone = Path(folder) / "greenroom"
        # uv sets this for what it runs; the clone has an environment of its own.
        environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
        if cold:
            caches = {"UV_CACHE_DIR": f"{folder}/uv-cache", "npm_config_cache": f"{folder}/npm-cache"}
            environment.update(caches)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = start(clone, environment)
        second = start(clone, environment)
        sizes = {
            "clone_mb": megabytes(clone, (".venv", "node_modules", ".tools", ".git", "var")),
            "environment_mb": megabytes(clone / ".venv"),
            "node_modules_mb": megabytes(clone / "web" / "node_modules"),
            "pages_mb": megabytes(clone / "src" / "greenroom" / "static"),
            "data_mb": megabytes(clone / "var"),
        }
        shutil.rmtree(clone, ignore_errors=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    result = {"benchmark": "start", "machine": machine, "caches": "empty" if cold else "of this machine"}
    print(json.dumps({**result, "fresh_clone": first, "again": second, **sizes}))


if __name__ == "__main__":
    main()
