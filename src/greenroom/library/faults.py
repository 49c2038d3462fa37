"""What is wrong with a bank file, in words for the person who wrote it. Pure."""

import re
from collections.abc import Sequence
from typing import Any, Final

FORMS: Final = {
    "id": "small letters, digits and _, parts apart by full stops, three digits at the end: own.returns.001",
    "roles": "'*' for all, a role as `greenroom bank` names it (backend), or family: and its name (family:care)",
    "tags": "two parts or more, apart by a full stop: topic.returns",
    "drills": "drill. and its name: drill.result_line",
    "when": "missing. and the id of a key point (missing.result), or one of off_topic, too_short, hypothetical, "
    "we_heavy, no_measure, vague, strong",
}
"""How the texts of some fields must look."""
NAME: Final = "small letters, digits and _, a letter first"
NOUNS: Final = {
    "string_type": "a text; put it in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list: [one, two], or lines that begin with a dash",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "dict_type": "names with a value each: name: value",
    "model_type": "names with a value each: name: value",
}
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
    """A field that does not fit, as a sentence of ours that begins with its place."""
    path = tuple(detail["loc"])
    told, place = explain_reason(detail), name_place(path)
    return f"{place}: {told}" if place else told


def explain_reason(detail: Any) -> str:  # noqa: ANN401 - Pydantic's error dictionary
    """Why a field cannot be used, in a clause of ours."""
    field = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "this is missing"
    if kind == "extra_forbidden":
        return "there is no field of this name"
    if kind in NOUNS:
        return (
            f"this must be {NOUNS[kind]}"
            if detail["loc"]
            else "a question is a list of fields, beginning with '- id:'"
        )
    if kind == "string_pattern_mismatch":
        return f"this must be written as {FORMS.get(field, NAME)}"
    if kind == "value_error":
        return str(limits.get("error", "this does not fit"))
    return _limit(kind, limits)


def _limit(kind: str, limits: dict[str, Any]) -> str:
    """What a field may hold, of those with a choice or a bound."""
    if kind in ("literal_error", "enum"):
        return f"this must be one of {str(limits['expected']).replace(' or ', ', ').replace(chr(39), '')}"
    if kind in ("greater_than_equal", "less_than_equal"):
        most = kind == "less_than_equal"
        return f"this must be {limits['le' if most else 'ge']:g} or {'less' if most else 'more'}"
    if kind == "string_too_short":
        return "something is needed here"
    if kind == "string_too_long":
        return f"at most {limits['max_length']:,} characters fit here"
    if kind in ("too_short", "too_long"):
        least = kind == "too_short"
        count = limits["min_length" if least else "max_length"]
        return f"at least {count} must stand here" if least else f"at most {count} may stand here"
    return "this does not fit here"
