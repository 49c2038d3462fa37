"""`greenroom practise` as a person runs it: a whole interview, leaving, being killed, coming back."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from greenroom.client import Client
from tests.live import Live
from tests.waiting import PATIENCE_S, until

WORDS = (
    "I read the logs of two weeks and found that one query held a lock for nine minutes.",
    "I rewrote it in batches and tested it on a copy. Since then the export takes forty seconds.",
)


class Terminal:
    """A terminal with `greenroom practise` in it: type lines, wait for words."""

    def __init__(self, live: Live, *options: str) -> None:
        # Where the tests run as a background job of a shell, Ctrl+C is ignored, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "greenroom", "practise", "--server", live.address, *options],
            stdin=slave, stdout=slave, stderr=slave, close_fds=True, start_new_session=True,
            env={**os.environ, "TERM": "dumb", "COLUMNS": "200", "NO_COLOR": "1"},
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def type(self, *lines: str) -> None:
        os.write(self._master, "".join(f"{line}\n" for line in lines).encode())

    def wait_for(self, words: str, since: int = 0, within_s: float = PATIENCE_S) -> int:
        """Where the words end that were shown after `since`, once they were."""
        deadline = time.monotonic() + within_s
        while words not in self.seen[since:]:
            assert time.monotonic() < deadline, f"{words!r} was not shown:\n{self.seen[since:]}"
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._master, 65536).decode(errors="replace").replace("\r", "")
                except OSError:  # the other end is closed
                    assert words in self.seen[since:], f"{words!r} was not shown:\n{self.seen[since:]}"
        return self.seen.index(words, since) + len(words)

    def ends(self) -> int:
        """The exit code, once all that the program says was taken from it: a full terminal would hold it up."""
        with suppress(OSError):  # the other end is closed
            while select.select([self._master], [], [], PATIENCE_S)[0]:
                self.seen += os.read(self._master, 65536).decode(errors="replace").replace("\r", "")
        return self.process.wait(timeout=PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=PATIENCE_S)
        os.close(self._master)


@contextmanager
def terminal(live: Live, *options: str) -> Iterator[Terminal]:
    made = Terminal(live, *options)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.slow
def test_a_whole_interview_ends_with_its_report(live: Live, tmp_path: Path) -> None:
    out = tmp_path / "report.md"
    with terminal(live, "--new", "--minutes", "15", "--out", str(out)) as screen:
        at = screen.wait_for("warm-up")
        for number in (1, 2, 3):
            screen.type("/skip") if number > 1 else screen.type("I have worked with data for six years.", "")
            at = screen.wait_for(f"question {number} of 3", at)
            if number == 1:
                screen.type(*WORDS, "/hint")
                at = screen.wait_for("So far in your answer", at)
                with Client(live.address) as client:
                    asked = client.read_room(client.list_sessions()[0].id).question
                assert asked is not None
                screen.type("/pause")
                at = screen.wait_for("Paused. Press Enter", at)
                screen.type("")
                at = screen.wait_for("question 1 of 3", at)
                seen = " ".join(screen.seen.split())
                assert seen.count(asked.text[:40]) == 2  # asked, and once more after the pause
        screen.type("/skip")
        at = screen.wait_for("your questions", at)
        screen.type("/skip")
        at = screen.wait_for("close", at)
        screen.type("/pause")
        at = screen.wait_for("Paused. Press Enter", at)
        screen.type("/end")
        at = screen.wait_for("End the interview?", at)
        screen.type("y")
        at = screen.wait_for("How this was judged", at)
        assert screen.ends() == 0
    assert "## How this was judged" in out.read_text()


@pytest.mark.slow
def test_an_interview_that_was_killed_goes_on_with_the_same_question_and_the_words_written_so_far(
    live: Live,
) -> None:
    with terminal(live, "--new", "--minutes", "15", "--company", "Killed & Sons") as screen:
        at = screen.wait_for("warm-up")
        screen.type("I have worked with data for six years.", "")
        screen.wait_for("question 1 of 3", at)
        screen.type(WORDS[0])
        with Client(live.address) as client:
            session = client.list_sessions(query="Killed & Sons")[0].id
            before = until(lambda: client.read_room(session), lambda room: room.draft == WORDS[0])
        os.kill(screen.process.pid, signal.SIGKILL)
    with terminal(live) as screen:
        at = screen.wait_for("Go on with it?")
        screen.type("y")
        at = screen.wait_for("You had written:", at)
        screen.wait_for(WORDS[0][:40], at)
        assert before.question is not None
        screen.type(WORDS[1], "")
        with Client(live.address) as client:
            said = lambda: [line.text for line in client.read_room(session).transcript if line.who == "you"]  # noqa: E731
            until(said, lambda lines: lines[-1] == "\n".join(WORDS))


@pytest.mark.slow
def test_ctrl_c_leaves_without_losing_anything(live: Live) -> None:
    with terminal(live, "--new", "--minutes", "15", "--company", "Left Behind") as screen:
        at = screen.wait_for("warm-up")
        screen.type("Half a thought,")
        at = screen.wait_for("Half a thought,", at)
        with Client(live.address) as client:
            session = client.list_sessions(query="Left Behind")[0].id
            until(lambda: client.read_room(session).draft)
        os.kill(screen.process.pid, signal.SIGINT)
        screen.wait_for("Your place is kept", at)
        assert screen.ends() == 0
        assert "Traceback" not in screen.seen
    with Client(live.address) as client:
        room = client.read_room(session)
        assert room.draft == "Half a thought,"
        assert room.state == "listening"


def test_what_cannot_be_had_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "practise", "--minutes", "20"],
        capture_output=True, text=True, timeout=PATIENCE_S, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "minutes" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists()


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "practise", "--server", "http://127.0.0.1:9"],
        capture_output=True, text=True, timeout=PATIENCE_S, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr
