"""What the documents promise is what the program has."""

import re
from pathlib import Path

import pytest
import typer

from greenroom.cli import cli
from greenroom.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    names = {f"GREENROOM_{name.upper()}" for name in Settings.model_fields}
    documented = {
        word.strip("`|")
        for line in text.splitlines()
        if line.startswith("| `GREENROOM_")
        for word in line.split()[1:2]
    }
    assert documented == names


def test_every_setting_says_what_it_does() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]


def test_every_command_is_documented_and_no_other() -> None:
    groups = {f"{group.typer_instance.info.name} {name}" for group in cli.registered_groups if group.typer_instance for name in names_of(group.typer_instance)}  # fmt: skip
    documented: set[str] = set()
    for line in (ROOT / "docs" / "operations.md").read_text().splitlines():
        if line.startswith("| `greenroom "):
            first, *others = (part.split("`")[1].split() for part in line.split("|")[1].split(", "))
            documented |= {" ".join(word for word in first[1:] if word.islower())}
            documented |= {f"{first[1]} {other[0]}" for other in others}
    assert documented == groups | names_of(cli)


def names_of(commands: typer.Typer) -> set[str]:
    return {str(one.name or getattr(one.callback, "__name__", "")) for one in commands.registered_commands}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_is_there(path: Path) -> None:
    text = path.read_text()
    links = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link}
    named = set(re.findall(r"`((?:tests|benchmarks|web|src|docs)/[\w./-]+\.\w+)`", text))
    assert not [link for link in links if link and not (path.parent / link).exists()]
    assert not [name for name in named if not (ROOT / name).exists()]


def test_every_decision_that_the_code_names_is_there() -> None:
    named = {
        found for source in SOURCES for found in re.findall(r"docs/decisions/(\d{4})", source.read_text())
    }
    assert named
    assert named <= {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")}
