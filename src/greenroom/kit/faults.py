"""What is wrong with a value that does not fit its shape, in our own words instead of the validator's. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

NOUNS: Final = {
    "string": "a text",
    "bool": "true or false",
    "list": "a list",
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a number",
    "dict": "an object: names with a value each",
    "model": "an object: names with a value each",
    "uuid": "an id, as this server gives them",
    "datetime": "a day and a time, such as 2027-03-01T18:30",
    "date": "a day, such as 2027-03-01",
}
"""What a value must be, by how the validator's name of the fault begins: `int_type`, `int_parsing`."""
_NOT_ONE: Final = re.compile(
    rf"({'|'.join(NOUNS)})(?:_(?:\w+_)?type|_parsing|_from_\w+|_object_invalid|_version)?"
)


@dataclass(frozen=True)
class Form:
    """Annotation of a text that must match `pattern`; `words` name what to write where it does not.

    `Annotated[str, Form(r"^\\d{4}$", "a year: 2027")]`
    """

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - Pydantic's hook
        matching = core_schema.custom_error_schema(
            core_schema.str_schema(pattern=self.pattern),
            custom_error_type="form",
            custom_error_message="{words}",
            custom_error_context={"words": self.words},
        )
        return core_schema.chain_schema([handler(source), matching])

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        inner = (
            schema["steps"][0] if schema["type"] == "chain" else schema
        )  # the same going in and coming out
        return handler(inner) | {"pattern": self.pattern}


def explain(detail: Mapping[str, Any], nouns: Mapping[str, str] = NOUNS) -> str:
    """Why a value cannot be used, as a clause: "this must be a whole number".

    `detail` is an entry of `ValidationError.errors()`; `nouns` may name kinds of values as their writer knows them.
    What a validator of ours says stays as it is. A fault that no shape of ours can have gets a general clause.
    """
    kind, given = str(detail["type"]), detail.get("ctx", {})
    if found := _NOT_ONE.fullmatch(kind):
        return f"this must be {nouns[found.group(1)]}"
    clause = CLAUSES.get(kind)
    return clause(given) if clause else "this does not fit here"


def sentence(detail: Mapping[str, Any]) -> str:
    """The same as a sentence: with a capital, and a full stop where it has none."""
    told = explain(detail)
    return told[:1].upper() + told[1:] + ("" if told.endswith((".", "!", "?")) else ".")


def _number(value: float) -> str:
    return f"{value:,.12g}"


def _one_of(given: Mapping[str, Any]) -> str:
    return f"this must be one of {str(given['expected']).replace(' or ', ', ').replace(chr(39), '')}"


def _more_text(given: Mapping[str, Any]) -> str:
    least = given.get("min_length", 1)
    return "something is needed here" if least == 1 else f"at least {least:,} characters are needed here"


CLAUSES: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _: "this is missing",
    "extra_forbidden": lambda _: "there is no field of this name",
    "value_error": lambda given: str(given["error"]),
    "form": lambda given: f"this must be written as {given['words']}",
    "literal_error": _one_of,
    "enum": _one_of,
    "greater_than": lambda given: f"this must be more than {_number(given['gt'])}",
    "greater_than_equal": lambda given: f"this must be {_number(given['ge'])} or more",
    "less_than": lambda given: f"this must be less than {_number(given['lt'])}",
    "less_than_equal": lambda given: f"this must be {_number(given['le'])} or less",
    "string_too_short": _more_text,
    "string_too_long": lambda given: f"at most {given['max_length']:,} characters fit here",
    "too_short": lambda given: f"at least {given['min_length']:,} must stand here",
    "too_long": lambda given: f"at most {given['max_length']:,} may stand here",
    "int_parsing_size": lambda _: "this number is too large",
    "string_unicode": lambda _: "a character that cannot be read stands here",
}
"""What is said of the other faults, given the limits that the validator names."""
