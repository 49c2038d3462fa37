"""Answers of other voices than the bank's samples have: what to learn from, and half of `heldout.jsonl` to set the scale.

`other_voices.yaml` (terse, boasting, evading, spoken, second-language ...) counts in the fits. Of `heldout.jsonl` only
the items of `read_half` are read, and only for the two numbers of a line (`fit_items.stretch`); the other half is for
measuring.
"""

import json
from pathlib import Path

import yaml

from greenroom.library.schemas import Item

DATA = Path(__file__).parent / "data"
VOICE = 3.0  # what an answer in another voice weighs beside a sample
Voice = tuple[Item, float, str]  # item, level, answer


def read_voices(items: dict[str, Item]) -> list[Voice]:
    found = yaml.safe_load((DATA / "other_voices.yaml").read_text(encoding="utf-8"))
    return [(items[name], level, text) for name, answers in found.items() for level, text in answers]


def list_half(rows: list[dict]) -> set[str]:
    """Every second item of held-out answers, by name."""
    return set(sorted({row["item"] for row in rows})[::2])


def read_half(items: dict[str, Item]) -> list[Voice]:
    rows = [json.loads(line) for line in (DATA / "heldout.jsonl").read_text(encoding="utf-8").splitlines()]
    half = list_half(rows)
    return [(items[row["item"]], row["level"], row["answer"]) for row in rows if row["item"] in half]
