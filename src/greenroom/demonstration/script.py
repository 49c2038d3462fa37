"""What the four sample candidates say. Their answers are data, one file a candidate, keyed by bank item.

The interview's seed is fixed and its plan never asks outside its pool; a script has words for every item of that pool,
so that neither the grader nor the path through the questions can leave a candidate speechless.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict

from greenroom.interviews.schemas import InterviewCreate, Mode
from greenroom.library.schemas import Item

CandidateName = Literal["strong", "middle", "weak", "hostile"]
CANDIDATES: Final[tuple[CandidateName, ...]] = get_args(CandidateName)
HOME: Final = Path(__file__).parent
NO_MORE: Final = "No, thank you, that was all from me."


class Script(BaseModel):
    """One candidate's words. `answers` hold the answer and then what is said to follow-ups, by item or competency;
    `further` is said to follow-ups beyond those."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    about: str
    opening: str
    own_question: str
    closing: str
    further: list[str]
    answers: dict[str, list[str]]

    def lines_for(self, item: Item) -> list[str]:
        """Everything this candidate has to say about an item, in order.

        Raises:
            LookupError: the script has no answer to this item; the bank or the blueprint changed.
        """
        lines = self.answers.get(item.id) or self.answers.get(item.competency)
        if not lines:
            raise LookupError(f"the {self.name.lower()} candidate has no answer to {item.id}")
        return [*lines, *self.further]


@cache
def load_script(name: CandidateName) -> Script:
    """The words of one candidate."""
    return Script.model_validate(yaml.safe_load((HOME / "candidates" / f"{name}.yaml").read_text("utf-8")))


def load_interview(mode: Mode, seed: int | None = None) -> InterviewCreate:
    """The interview that is played; another seed may ask what the scripts have no answer to."""
    spec = yaml.safe_load((HOME / "interview.yaml").read_text("utf-8"))
    return InterviewCreate.model_validate({**spec, "mode": mode, **({} if seed is None else {"seed": seed})})


def find_item(question: str, pool: Iterable[str], items: Mapping[str, Item]) -> Item:
    """The item of the pool that a question's words come from.

    Raises:
        LookupError: none of them.
    """
    for key in pool:
        item = items.get(key)
        if item is not None and item.prompt in question:
            return item
    raise LookupError(f"no item of the plan asks {question!r}")
