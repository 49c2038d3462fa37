"""Own questions with blanks: {company}, {role} and {requirement} are filled from the set-up and the job description,
{topic} from the agenda of a meeting."""

import re
from collections.abc import Mapping
from typing import Final

from greenroom.interviews.schemas import InterviewCreate
from greenroom.library.schemas import Item

BLANK: Final = re.compile(r"\{(company|role|requirement|topic)\}")
_NEEDED: Final = re.compile(
    r"\b(?:experience (?:with|in|of)|knowledge of|skilled in|skills in|able to|you will|you know|familiar with|"
    r"responsible for|must have|proficient in|expertise in)\s+([a-z0-9][^.;:\n]{4,70})",
    re.IGNORECASE,
)


def requirements(job_description: str) -> list[str]:
    """What a job description asks for, in its words and order, each at most eight words long."""
    found: list[str] = []
    for match in _NEEDED.finditer(job_description):
        phrase = " ".join(match.group(1).split()[:8]).strip(" ,")
        if phrase and phrase.lower() not in (other.lower() for other in found):
            found.append(phrase)
    return found


def blanks(spec: InterviewCreate, role_title: str) -> dict[str, str]:
    """What the blanks stand for in this interview; a blank with nothing to say is left out."""
    needed = requirements(spec.job_description)
    values = {"company": spec.company, "role": role_title, "requirement": needed[0] if needed else ""}
    return {key: value for key, value in values.items() if value}


def filled(item: Item, values: Mapping[str, str]) -> Item | None:
    """The item with its blanks filled; the same item when it has none; None when one cannot be filled."""
    needed = {name for text in _texts(item) for name in BLANK.findall(text)}
    if not needed:
        return item
    if not needed <= set(values):
        return None
    row = item.model_dump(by_alias=True)
    row["prompt"] = _fill(item.prompt, values)
    row["variants"] = (
        {key: _fill(text, values) for key, text in row["variants"].items()} if item.variants else None
    )
    row["clarify"] = {key: _fill(text, values) for key, text in item.clarify.items()}
    row["followups"] = [{**followup, "ask": _fill(followup["ask"], values)} for followup in row["followups"]]
    return Item.model_validate(row)


def _texts(item: Item) -> list[str]:
    variants = [item.variants.simple, item.variants.deeper] if item.variants else []
    return [item.prompt, *variants, *item.clarify.values(), *(f.ask for f in item.followups)]


def _fill(text: str, values: Mapping[str, str]) -> str:
    return BLANK.sub(lambda blank: values[blank.group(1)], text)
