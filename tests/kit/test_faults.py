"""What does not fit a shape is said in our words: what it must be, never how a validator puts it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from greenroom.kit.faults import NOUNS, Form, explain, sentence

Year = Annotated[str, StringConstraints(max_length=6), Form(r"^\d{4}$", "a year: 2027")]


class Inner(BaseModel):
    size: int = 1


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    needed: str = Field(default="yes", min_length=1, max_length=20_000)
    topic: str = Field(default="yes", min_length=3)
    kind: Literal["star", "claim", "free"] = "star"
    minutes: Literal[15, 30] = 15
    year: Year = "2027"
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    weight: float = Field(default=0.5, ge=0.3, lt=1)
    on: bool = False
    id: UUID | None = None
    at: datetime | None = None
    day: date | None = None
    names: list[str] = Field(default_factory=list, max_length=2)
    inner: Inner = Inner()
    counts: dict[str, int] = Field(default_factory=dict)

    @field_validator("topic")
    @classmethod
    def _no_shouting(cls, topic: str) -> str:
        if topic.isupper():
            raise ValueError("“LOUD” is shouting. Write it small.")
        return topic


def faults_of(given: dict[str, Any]) -> list[Any]:
    with pytest.raises(ValidationError) as refused:
        Shape.model_validate(given)
    return list(refused.value.errors())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"needed": ""}, "something is needed here"),
        ({"needed": 3}, "this must be a text"),
        ({"needed": "a" * 20_001}, "at most 20,000 characters fit here"),
        ({"topic": "a"}, "at least 3 characters are needed here"),
        ({"topic": "LOUD"}, "“LOUD” is shouting. Write it small."),
        ({"kind": "stars"}, "this must be one of star, claim, free"),
        ({"minutes": 17}, "this must be one of 15, 30"),
        ({"year": "soon"}, "this must be written as a year: 2027"),
        ({"year": "2027-03"}, "at most 6 characters fit here"),
        ({"year": 2027}, "this must be a text"),
        ({"seed": -1}, "this must be 0 or more"),
        ({"seed": 2**31}, "this must be 2,147,483,647 or less"),
        ({"seed": "many"}, "this must be a whole number"),
        ({"seed": 1.5}, "this must be a whole number"),
        ({"weight": 0.1}, "this must be 0.3 or more"),
        ({"weight": 1}, "this must be less than 1"),
        ({"weight": "heavy"}, "this must be a number"),
        ({"on": "perhaps"}, "this must be true or false"),
        ({"id": "7"}, f"this must be {NOUNS['uuid']}"),
        ({"at": "tomorrow"}, f"this must be {NOUNS['datetime']}"),
        ({"day": "2027-03-01T18:30"}, f"this must be {NOUNS['date']}"),
        ({"names": "Ana"}, "this must be a list"),
        ({"names": ["a", "b", "c"]}, "at most 2 may stand here"),
        ({"inner": 1}, f"this must be {NOUNS['model']}"),
        ({"counts": [1]}, f"this must be {NOUNS['dict']}"),
        ({"colour": "red"}, "there is no field of this name"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_it_must_be(given: dict[str, Any], told: str) -> None:
    assert [explain(fault) for fault in faults_of(given)] == [told]


def test_a_sentence_begins_with_a_capital_and_ends_once() -> None:
    (loud,) = faults_of({"topic": "LOUD"})
    assert sentence(loud) == "“LOUD” is shouting. Write it small."
    (wrong,) = faults_of({"seed": "many"})
    assert sentence(wrong) == "This must be a whole number."


def test_a_writer_of_another_format_reads_its_own_nouns() -> None:
    (fault,) = faults_of({"names": "Ana"})
    assert explain(fault, NOUNS | {"list": "lines with a dash"}) == "this must be lines with a dash"


def test_a_form_stands_in_the_schema_for_those_who_read_it() -> None:
    going_in, coming_out = Shape.model_json_schema(), Shape.model_json_schema(mode="serialization")
    year = going_in["properties"]["year"]
    assert (year["pattern"], year["maxLength"]) == (r"^\d{4}$", 6)
    assert coming_out["properties"] == going_in["properties"]
