"""What a typed line means."""

import io

import pytest
from rich.console import Console

from greenroom.terminal.keys import EXPLAINED, SPELLINGS, Command, Line, read_line
from greenroom.terminal.screen import Screen


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


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_keys_are_explained_in_a_column_of_their_own_at_any_width(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    Screen(console).help()
    assert isinstance(console.file, io.StringIO)
    lines = [line for line in console.file.getvalue().splitlines() if line.strip()]
    first = lines[0].index("hand in")
    assert all(line[first - 2 : first].strip() == "" for line in lines)
    assert all(len(line.rstrip()) <= width for line in lines)
