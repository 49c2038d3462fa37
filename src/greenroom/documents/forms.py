"""Forms of facts: rows of fields such as `positions-0-title`, to facts and back."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from greenroom.documents.schemas import JobFacts, ResumeFacts
from greenroom.kit.faults import explain as reason

BLANK_ROWS = 2  # empty rows offered for adding
RESUME_FIELDS: dict[str, tuple[str, ...]] = {
    "positions": ("title", "employer", "start", "end", "team_size"),
    "skills": ("name", "years"),
    "education": ("degree", "institution", "start", "end"),
    "results": ("text",),
    "languages": ("name", "level"),
    "links": ("url",),
}
JOB_FIELDS: dict[str, tuple[str, ...]] = {"must_haves": ("text",), "nice_to_haves": ("text",)}
NUMBERS = {"years", "team_size"}
_NAME = re.compile(r"(?P<kind>[a-z_]+)-(?P<row>\d{1,3})-(?P<field>[a-z_]+)")


def read_rows(
    form: Mapping[str, str], fields: Mapping[str, tuple[str, ...]]
) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """The filled rows of each kind with their number; a row whose fields are all empty was taken out."""
    rows: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in fields}
    for name, value in form.items():
        match = _NAME.fullmatch(name)
        if match and match.group("field") in fields.get(match.group("kind"), ()):
            rows[match.group("kind")].setdefault(int(match.group("row")), {})[match.group("field")] = (
                value.strip()
            )
    return {
        kind: [(n, row) for n, row in sorted(found.items()) if any(row.values())]
        for kind, found in rows.items()
    }


def resume_facts(form: Mapping[str, str], before: ResumeFacts) -> ResumeFacts:
    """The facts of a submitted form. A row keeps the place in the document of the fact it was.

    Raises:
        ValidationError: a field cannot be used, such as a date that is none.
    """
    changed: dict[str, list[dict[str, Any]]] = {}
    for kind, rows in read_rows(form, RESUME_FIELDS).items():
        known = getattr(before, kind)
        changed[kind] = []
        for number, row in rows:
            old: dict[str, Any] = known[number].model_dump() if number < len(known) else {}
            values = {field: (value or None) if field in NUMBERS else value for field, value in row.items()}
            if kind == "positions":
                values["current"] = not row.get("end")
            changed[kind].append({**old, **values})
    return ResumeFacts.model_validate(changed)


def job_facts(form: Mapping[str, str], before: JobFacts) -> JobFacts:
    """The requirements of a submitted form; a changed one loses the known names found in its old words.

    Raises:
        ValidationError: a field cannot be used.
    """
    changed: dict[str, list[dict[str, Any]]] = {}
    for kind, rows in read_rows(form, JOB_FIELDS).items():
        known = getattr(before, kind)
        changed[kind] = []
        for number, row in rows:
            old: dict[str, Any] = known[number].model_dump() if number < len(known) else {}
            same = old.get("text") == row["text"]
            changed[kind].append(old if same else {"text": row["text"], "origin": "person"})
    return JobFacts.model_validate({**before.model_dump(), **changed})


def explain(error: ValidationError) -> list[str]:
    """What cannot be used, in words."""
    told: list[str] = []
    for item in error.errors():
        field = str(item["loc"][-1]).replace("_", " ")
        told.append(f"{field.capitalize()}: {reason(item)}.")
    return list(dict.fromkeys(told))
