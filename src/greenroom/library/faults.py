"""What is wrong with a bank file, in words for the person who wrote it. Pure."""

import re
from collections.abc import Sequence
from typing import Any, Final

from greenroom.kit.faults import NOUNS, explain

WRITTEN: Final = NOUNS | {
    "string": "a text; put it in quotes",
    "list": "a list: [one, two], or lines that begin with a dash",
    "dict": "names with a value each: name: value",
    "model": "names with a value each: name: value",
}
"""Kinds of values as they are written in YAML."""
YAML: Final = (
    (r"\btab\b|'\\t'", "a tab stands here; indent with spaces"),
    (r"aliases", "write it out: aliases (*name) are not read"),
    (r"mapping values are not allowed", "a second colon on this line; put the text in quotes"),
    (r"expected '-'", "this line does not belong to the list above it; check how far it is indented"),
    (r"expected key|expected <block end>", "this line fits nothing above it; check its indentation and the quotes before it"),
    (r"',' or '\]'|',' or '}'|end of stream|quoted scalar", "a bracket or a quotation mark that opens here, or before, is not closed"),
    (r"control characters|unacceptable|not allowed|reader", "a character that cannot be read stands here"),
    (r"could not determine a constructor|tag", "tags that begin with ! are not read"),
    (r"anchor|escape|start any token", "a sign with a meaning of its own in YAML stands here; put the text in quotes"),
)  # fmt: skip
"""How the YAML parser's findings sound, and what they mean for the person who wrote the line."""


def name_place(path: Sequence[int | str]) -> str:
    """Where in an item: `key_points 2, weight` is the weight of the second key point."""
    place = ""
    for part in path:
        if part == "[key]":
            continue
        if isinstance(part, int):  # anchors are named by their level, the others are lists
            place += f" {part if place.endswith('anchors') else part + 1}"
        else:
            place += f"{', ' if place else ''}{part}"
    return place


def explain_yaml(problem: str) -> str:
    """A finding of the YAML parser as a sentence of ours."""
    meant = next((words for pattern, words in YAML if re.search(pattern, problem)), "")
    return meant or "this is no YAML that can be read; check indentation, quotes and colons"


def explain_shape(detail: Any) -> str:  # noqa: ANN401 - Pydantic's error dictionary
    """A field that does not fit, as a clause of ours that begins with its place."""
    place = name_place(tuple(detail["loc"]))
    if not place and detail["type"] == "model_type":
        return "a question is a list of fields, beginning with '- id:'"
    told = explain(detail, WRITTEN)
    return f"{place}: {told}" if place else told
