"""What is remembered, rewritten, summed up and analysed travels with an export and is erased by a reset."""

from pathlib import Path

import httpx
import pytest

from greenroom.app import build_context, opened
from greenroom.privacy import commands
from tests.analyses.test_transcripts import CALL
from tests.apart import serving_apart
from tests.live import settings_for
from tests.memory.test_memory import NO_NUMBER
from tests.room.test_turns import finish, start
from tests.waiting import PATIENCE_S, until


def kept_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.mark.slow
def test_memory_and_analyses_travel_and_are_erased(tmp_path: Path) -> None:
    here, there = settings_for(tmp_path / "here", ""), settings_for(tmp_path / "there", "")
    with serving_apart(here) as address, httpx.Client(base_url=address, timeout=PATIENCE_S) as api:
        api.put("/api/v1/memory", json={"on": True})
        session = finish(api, start(api, type="behavioral"), NO_NUMBER)["session_id"]
        found = until(lambda: api.get("/api/v1/answers", params={"q": "crates"}).json())
        until(lambda: len(api.get("/api/v1/answers").json()) == 3)
        api.post(f"/api/v1/sessions/{session}/questions/q2/rewrite")
        number = api.post("/api/v1/analyses", json={"text": CALL}).json()["id"]
        until(lambda: api.get(f"/api/v1/analyses/{number}").json()["state"] == "ready")
    path = tmp_path / "mine.zip"
    assert commands.export(here, lambda: opened(build_context(here)), path) == 0
    for _ in range(2):
        assert commands.bring_in(there, lambda: opened(build_context(there)), path) == 0
    with serving_apart(there) as address, httpx.Client(base_url=address, timeout=PATIENCE_S) as api:
        assert api.get("/api/v1/memory").json()["on"] is True
        brought = api.get("/api/v1/answers", params={"q": "crates"}).json()
        assert {one["session_id"] for one in brought} == {found[0]["session_id"]} == {session}
        assert len(brought) == 3
        assert api.get(f"/api/v1/sessions/{session}/rewrites").json()[0]["question_id"] == "q2"
        assert api.get(f"/api/v1/analyses/{number}").json()["facts"]["speakers"]
    assert b"crates" in kept_bytes(tmp_path / "there")
    assert commands.reset(there, lambda: opened(build_context(there)), lambda _: True) == 0
    left = kept_bytes(tmp_path / "there")
    assert not [word for word in (b"crates", b"crate", b"the bakers", b"the launch go") if word in left]
