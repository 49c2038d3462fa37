"""`greenroom demo` as a person runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import PATIENCE_S


def run_demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    settings = {"GREENROOM_DATA_DIR": str(folder / "own"), "GREENROOM_DATABASE_URL": "", "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, "-m", "greenroom", "demo", "--out", str(folder / "out"), *options],
        capture_output=True, text=True, timeout=5 * PATIENCE_S, env={**os.environ, **settings}, cwd=folder, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["practice", "graded"])
def test_the_better_candidate_scores_higher_and_the_hostile_one_gains_nothing(
    tmp_path: Path, mode: str
) -> None:
    done = run_demo(tmp_path, "--json", "--mode", mode)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)["candidates"]
    assert list(found) == ["strong", "middle", "weak", "hostile"]
    overall = {name: one["overall"] for name, one in found.items()}
    assert overall["strong"] > overall["middle"] > overall["weak"]
    assert overall["hostile"] is None or overall["hostile"] <= overall["weak"]
    for name, one in found.items():
        assert len(one["questions"]) == 3
        unjudged = [question["id"] for question in one["questions"] if question["score"] is None]
        assert one["not_judged"] == unjudged
        kept = json.loads((tmp_path / "out" / f"{name}.json").read_text())
        assert (tmp_path / "out" / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
        assert kept["session_id"] == one["session"]
        assert kept["mode"] == mode
    assert not (tmp_path / "own").exists()


@pytest.mark.slow
def test_one_candidate_is_shown_question_by_question_and_kept_on_request(tmp_path: Path) -> None:
    done = run_demo(tmp_path, "--candidate", "middle", "--keep")
    assert done.returncode == 0, done.stderr
    assert "follow-up" in done.stdout
    assert "of 100" in done.stdout
    assert (tmp_path / "own" / "greenroom.db").exists()
    text = (tmp_path / "out" / "middle.md").read_text()
    assert text.startswith("# Demo: lead developer, Tidewater Rail\n")
    assert "## Transcript" in text


def test_an_unknown_candidate_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = run_demo(tmp_path, "--candidate", "perfect")
    assert done.returncode == 2
    assert not (tmp_path / "own").exists()
    assert not (tmp_path / "out").exists()
