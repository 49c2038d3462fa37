"""What a request cost, by the dated price table; unknown stays unknown."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from greenroom.providers.llm.base import Usage

TABLE = Path(__file__).parent / "costs.yaml"
_DATED = re.compile(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2})$")


class PriceTable(BaseModel):
    """US dollars for a million input and output tokens, by vendor and model; `as_of` is when they were looked up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: date
    source: str
    vendors: dict[str, dict[str, tuple[Decimal, Decimal]]]


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, which is also millionths of a dollar for one token."""

    input: Decimal
    output: Decimal

    def of(self, usage: Usage) -> int | None:
        """Millionths of a dollar; None when the vendor did not count the tokens."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        return round(usage.input_tokens * self.input + usage.output_tokens * self.output)


FREE = Price(Decimal(0), Decimal(0))


@cache
def load() -> PriceTable:
    """The packaged table."""
    return PriceTable.model_validate(yaml.safe_load(TABLE.read_text(encoding="utf-8")))


def price_of(vendor: str, model: str) -> Price | None:
    """The list price of a vendor's model, with or without a date behind its name; None when it is not in the table."""
    models = load().vendors.get(vendor, {})
    found = models.get(model) or models.get(_DATED.sub("", model))
    return Price(*found) if found else None
