"""Forms of the set-up as the shapes of the API, and what is wrong with them in words, field by field."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from greenroom.interviews.schemas import MOST_ROUNDS, InterviewCreate, Planned
from greenroom.kit.texts import clean

Shape = TypeVar("Shape", bound=BaseModel)
LABELS: Final = {
    "role": "Role", "company": "Company", "level": "Level", "minutes": "Length", "type": "Type of questions",
    "panel": "Panel size", "tone": "Tone", "difficulty": "Difficulty", "mode": "Practice or graded",
    "timing": "Clock", "name": "Name", "seed": "Seed", "job_id": "Job", "resume_id": "Résumé",
    "job_description": "Job description", "planned_at": "Date and time", "planned_zone": "Time zone",
    "planned": "Date and time", "scenario": "What you practise", "scene": "Which one",
    "description": "Your description", "": "Set-up", "send_answers_to": "Recipients",
}  # fmt: skip
NUMBERS: Final = ("minutes", "panel")
ROUND_PARTS: Final = ("type", "minutes", "panel")
ROUND_FIELD: Final = re.compile(r"round[2-4]_")
USUAL_ORDER: Final = ("hr_screen", "technical", "behavioral", "situational", "mixed")
"""What the rounds of an interview usually are about: a round that is added takes the first not yet there."""
LEFT_EMPTY: Final = ("seed", "job_id", "resume_id")
"""Fields that a form sends empty and a spec leaves out."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as text; files are not taken here."""
    form = await request.form(max_files=0, max_fields=60, max_part_size=200_000)
    fields = {clean(name): clean(value) for name, value in form.items() if isinstance(value, str)}
    if agreed := [clean(name) for name in form.getlist("send_answers_to") if isinstance(name, str)]:
        fields["send_answers_to"] = "\n".join(agreed)
    return fields


def parse_spec(form: dict[str, str]) -> tuple[InterviewCreate | None, dict[str, str]]:
    """The spec of a submitted form, or the message for each field that cannot be used."""
    known: dict[str, Any] = {
        name: value
        for name, value in form.items()
        if name in InterviewCreate.model_fields and not (name in LEFT_EMPTY and not value)
    }
    for name in NUMBERS:
        known |= {name: _number(form[name])} if name in known else {}
    known["then"] = [
        {part: _number(form.get(f"round{number}_{part}", "")) for part in ("type", *NUMBERS)}
        for number in list_rounds(form)
    ]
    if form.get("when") == "later":
        known["planned"] = _planned(form)
    return _parse(InterviewCreate, known)


def list_rounds(form: Mapping[str, object]) -> list[int]:
    """Numbers of the further rounds that a form has."""
    return [number for number in range(2, MOST_ROUNDS + 1) if f"round{number}_type" in form]


def change_rounds(form: dict[str, str], change: str) -> dict[str, str]:
    """The form with a round added (`add`) or taken out (`drop-3`); later ones move up."""
    rows = [[form.get(f"round{n}_{part}", "") for part in ROUND_PARTS] for n in list_rounds(form)]
    rest = {name: value for name, value in form.items() if not ROUND_FIELD.match(name)}
    dropped = int(change[5:]) - 2 if re.fullmatch(r"drop-[2-4]", change) else -1
    rows = [row for at, row in enumerate(rows) if at != dropped]
    if change == "add" and len(rows) < MOST_ROUNDS - 1:
        used = [form.get("type", "mixed"), *(row[0] for row in rows)]
        following = next((kind for kind in USUAL_ORDER if kind not in used), "mixed")
        rows.append([following, form.get("minutes", "30"), form.get("panel", "2")])
    for number, row in enumerate(rows, start=2):
        rest |= {f"round{number}_{part}": value for part, value in zip(ROUND_PARTS, row, strict=True)}
    return rest


def parse_planned(form: dict[str, str]) -> tuple[Planned | None, dict[str, str]]:
    """The time of a submitted form, or the message for each field that cannot be used."""
    found, errors = _parse(Planned, _planned(form))
    return found, {f"planned_{name}" if name in ("at", "zone") else "planned_at": told for name, told in errors.items()}  # fmt: skip


def _planned(form: dict[str, str]) -> dict[str, str]:
    at = f"{form.get('planned_date', '').strip()}T{form.get('planned_time', '').strip()}"
    return {"at": at, "zone": form.get("planned_zone", "").strip() or "UTC"}


def _number(text: str) -> int | str:
    """A choice among numbers, which a form can only send as text."""
    return int(text) if text.isdecimal() and len(text) < 6 else text


def _parse(shape: type[Shape], known: dict[str, Any]) -> tuple[Shape | None, dict[str, str]]:
    try:
        return shape.model_validate(known), {}
    except ValidationError as error:
        return None, {name_of(item["loc"]): explain(item) for item in error.errors()}


def name_of(place: tuple[int | str, ...]) -> str:
    """The form's field for a place in the spec."""
    if len(place) == 3 and place[0] == "then":
        return f"round{int(place[1]) + 2}_{place[2]}"
    return "_".join(str(part) for part in place) or "description"


def explain(item: Any) -> str:  # noqa: ANN401 - Pydantic's error dictionary
    """What is wrong with a field, in words that begin with its label."""
    name = name_of(item["loc"])
    if ROUND_FIELD.match(name):
        return f"Round {name[5]}, {LABELS[name[7:]].lower()}: {_reason(item)}"
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    return f"{label}: {_reason(item)}"


def _reason(item: Any) -> str:  # noqa: ANN401 - Pydantic's error dictionary
    given = item.get("ctx", {})
    match item["type"]:
        case "string_too_long":
            return f"at most {given['max_length']:,} characters fit here. What you wrote is still here: shorten it."
        case "string_too_short" | "missing":
            return "something is needed here."
        case "literal_error":
            return f"choose {given['expected'].replace(chr(39), '').replace('_', ' ')}."
        case "less_than_equal" | "greater_than_equal" | "int_parsing" | "int_type":
            return "this number is not offered. Choose one of the list."
        case "datetime_from_date_parsing" | "datetime_parsing" | "datetime_type":
            return "choose a day and a time."
        case "value_error":
            return str(given.get("error", item["msg"]))
        case _:
            return "choose one of the offered values."
