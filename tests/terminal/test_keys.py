"""What a typed line means."""

import pytest

from greenroom.terminal.keys import EXPLAINED, SPELLINGS, Command, Line, read_line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Line()),
        ("   ", Line()),
        ("I led the team.  ", Line(words="I led the team.")),
        ("  indented", Line(words="  indented")),
        ("/r", Line(command="repeat")),
        ("/Repeat ", Line(command="repeat")),
        ("/ skip", Line(command="skip")),
        ("/?", Line(command="help")),
        ("/etc/hosts was wrong", Line(command="unknown")),
        ("//etc/hosts was wrong", Line(words="/etc/hosts was wrong")),
        ("1/2 of the time", Line(words="1/2 of the time")),
    ],
)
def test_a_line_is_words_or_a_move(typed: str, meant: Line) -> None:
    assert read_line(typed) == meant


def test_every_key_is_explained() -> None:
    explained = " ".join(keys for keys, _ in EXPLAINED)
    commands: set[Command] = {command for command in SPELLINGS.values() if command != "help"}
    assert all(f"/{command}" in explained for command in commands)
