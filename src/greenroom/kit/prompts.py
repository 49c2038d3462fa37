"""Prompts as files beside their users: `<folder>/<name>.v<n>.md`, front matter, instructions, then the data.

The line `=== data ===` parts what we instruct from what others wrote. In the data part `fenced(name, text)`
puts a text between marks with a nonce of this one request, so that no text can close its own fence or open another.
A released version never changes; a change is a new file.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, Template
from pydantic import BaseModel, ConfigDict

_PARTS = re.compile(r"\A---\n(.*?)\n---\n(.*?)\n=== data ===\n(.*)\Z", re.DOTALL)


class FrontMatter(BaseModel):
    """What a prompt says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str
    max_tokens: int = 1_500
    temperature: float = 0.0


@dataclass(frozen=True)
class Filled:
    """A prompt ready to be sent. `version` is the file's name without its ending, as derived rows store it."""

    instructions: str
    data: str
    version: str
    max_tokens: int
    temperature: float


def fill(path: Path, **values: Any) -> Filled:  # noqa: ANN401 - template values
    """The prompt of a file with its values; a value that is missing is an error, not an empty text."""
    meta, instructions, data = _read(path)
    nonce = secrets.token_hex(4)

    def fenced(name: str, text: str) -> str:
        return fence(text, name, nonce)

    given: dict[str, Any] = {"nonce": nonce, "fenced": fenced, **values}
    return Filled(
        instructions.render(given).strip(),
        data.render(given).strip(),
        path.name.removesuffix(".md"),
        meta.max_tokens,
        meta.temperature,
    )


def fence(text: str, name: str, nonce: str) -> str:
    """The text between marks that it cannot contain."""
    shown = visible(text)
    while nonce in shown:  # leaving one out can join another
        shown = shown.replace(nonce, "")
    return f"<<{name} {nonce}>>\n{shown}\n<<end {name} {nonce}>>"


def visible(text: str) -> str:
    """The text as a person sees it: no control, zero-width, bidirectional or tag characters, and nothing that looks
    like a fence of ours."""
    seen = "".join(
        char
        for char in text
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn", "Cs")
    )
    return seen.replace("<<", "‹‹").replace(">>", "››")


@cache
def _read(path: Path) -> tuple[FrontMatter, Template, Template]:
    found = _PARTS.match(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path.name} has no front matter or no data part")
    # A text for a model, never a page: escaping would change what was said.
    options: dict[str, Any] = {"autoescape": False, "trim_blocks": True, "lstrip_blocks": True}
    make = Environment(undefined=StrictUndefined, **options).from_string  # noqa: S701
    return FrontMatter.model_validate(yaml.safe_load(found[1])), make(found[2]), make(found[3])
