"""Shapes of engines as the API and the settings page show them. Keys go in and never come out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from greenroom.providers.llm.base import Purpose
from greenroom.providers.llm.engine import Structured

Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class EngineCreate(BaseModel):
    """An engine to add. Which fields a vendor needs is in `GET /api/v1/engines/vendors`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"vendor": "ollama", "model": "qwen3:8b", "address": "http://127.0.0.1:11434/v1"}]
        },
    )

    vendor: Word
    model: Word
    key: SecretStr = Field(
        default=SecretStr(""), max_length=10_000, description="kept encrypted, never shown again"
    )
    address: Word = Field(default="", description="instead of the vendor's own")
    region: Word = ""
    project: Word = ""
    structured: Structured | None = None
    purposes: list[Purpose] = Field(default_factory=list[Purpose], description="used first for these")


class EngineView(BaseModel):
    """An engine as it is kept. `recipient` is who gets the words; empty: nobody outside this machine."""

    id: UUID | None = Field(description="none for engines of the environment, which are changed there")
    name: str
    vendor: str
    vendor_title: str
    model: str
    address: str
    has_key: bool
    recipient: str
    price: str = Field(
        description="US dollars for a million tokens in and out, 'free on this machine' or 'unknown'"
    )
    tested_at: datetime | None = None
    test_problem: str = ""


class EngineList(BaseModel):
    """All engines, and for each purpose the ids in the order they are asked; without any, the built-in works."""

    engines: list[EngineView]
    uses: dict[Purpose, list[UUID]]
    environment: dict[Purpose, list[EngineView]]
    prices_as_of: str


class VendorView(BaseModel):
    """How a vendor is set up."""

    slug: str
    title: str
    example: str
    key: str
    key_optional: bool
    needs: list[str]
    extra: str


class UseUpdate(BaseModel):
    """Ids of engines, the first is asked first; an empty list gives the work back to the built-in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"engines": []}]})
    engines: list[UUID] = Field(max_length=5)


class TestResult(BaseModel):
    """What a trial request showed. `problem` is a slug, `sentence` says what happened and what to do."""

    ok: bool
    problem: str = ""
    sentence: str
    milliseconds: int
    cost: str


class Recipient(BaseModel):
    """Someone outside this machine to whom answers go when the person agrees."""

    name: str
    purposes: list[Purpose]


class CostLine(BaseModel):
    """Calls of one engine for one purpose. Dollars are none when any of it is unknown."""

    purpose: str
    engine: str
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    usd: float | None


class Costs(BaseModel):
    """What a session's models have cost so far. `usd` is what is known; `unknown` counts calls without a price."""

    lines: list[CostLine]
    usd: float
    unknown: int
    budget_usd: float | None = Field(default=None, description="what models may cost in a session")
    budget_spent: bool = Field(
        default=False, description="whether a model was left out because of the budget"
    )
    prices_as_of: str


class Meter(BaseModel):
    """What a running session has cost so far in US dollars; `unknown` counts calls without a price."""

    usd: float
    unknown: int
    budget_usd: float
    budget_spent: bool


class CallView(BaseModel):
    """One attempt at a model as it was booked. No words are kept. `usd` is none where the price is unknown."""

    id: UUID
    session_id: UUID | None
    at: datetime
    purpose: str
    engine: str
    model: str = Field(description="as the vendor named it")
    prompt: str
    input_tokens: int | None
    output_tokens: int | None
    usd: float | None
    problem: str
    milliseconds: int


class MonthLine(BaseModel):
    """One engine in one month (2026-11)."""

    month: str
    engine: str
    calls: int
    usd: float
    unknown: int


class EstimateLine(BaseModel):
    """What one purpose is likely to need in one session. Dollars are none where the price is unknown."""

    purpose: Purpose
    engine: str
    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None


class Estimate(BaseModel):
    """What the models of one session are likely to cost, at the list prices of `prices_as_of`. `usd` is what is known;
    `unknown` counts purposes without a price. Without lines no model takes part."""

    lines: list[EstimateLine]
    usd: float
    unknown: int
    budget_usd: float
    prices_as_of: str
