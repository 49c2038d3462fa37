"""What research says of a company: every statement with the page it comes from and a quote that stands there. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from greenroom.documents.company import LONGEST, TOPICS, CompanyFacts, ProfileLine, Topic
from greenroom.kit.quotes import locate
from greenroom.kit.texts import clean

MOST = 24
PASTED = "pasted"
"""Stands for the address of what the person pasted."""


class PageText(BaseModel):
    """A page as it was shown to the model. `number` is what the model names it by, from 1."""

    number: int
    url: str
    title: str
    text: str


class StatementSaid(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    topic: Topic
    text: str = Field(min_length=8, max_length=400, description="one plain sentence")
    page: int = Field(description="number of the page")
    quote: str = Field(min_length=8, max_length=600, description="words copied from that page that show it")


class Study(BaseModel):
    """What a model found in the pages."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    statements: list[StatementSaid] = Field(max_length=60)


class Finding(BaseModel):
    """One statement that was checked. `url` is "pasted" for the person's own pages."""

    topic: Topic
    text: str
    url: str
    title: str
    quote: str


class Source(BaseModel):
    """A page that was asked for; `problem` says why nothing of it was used."""

    url: str
    title: str = ""
    problem: str = ""
    fetched_at: datetime | None = None


def check_study(study: Study, pages: Sequence[PageText]) -> tuple[list[Finding], int]:
    """The statements whose quote stands in the page they name, and how many were left out.

    Every figure of a statement must stand in its quote: a number is what is most easily made up.
    """
    by_number = {page.number: page for page in pages}
    found: list[Finding] = []
    for said in study.statements:
        page = by_number.get(said.page)
        place = locate(page.text, said.quote) if page else None
        text = " ".join(clean(said.text).split())
        if page is None or place is None or len(text) > LONGEST or len(found) >= MOST:
            continue
        quote = " ".join(page.text[place[0] : place[1]].split())
        if set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", quote)) or re.search(
            r"https?://|[<>{}]", text
        ):
            continue
        if all(finding.text != text for finding in found):
            found.append(Finding(topic=said.topic, text=text, url=page.url, title=page.title, quote=quote))
    return found, len(study.statements) - len(found)


def add_findings(facts: CompanyFacts, findings: Sequence[Finding]) -> CompanyFacts:
    """The profile with findings behind the person's own lines and before those of the industry."""
    added: dict[str, list[ProfileLine]] = {}
    for topic in TOPICS:
        lines: list[ProfileLine] = getattr(facts, topic)
        mine = [
            ProfileLine(
                text=f.text,
                source="research",
                url="" if f.url == PASTED else f.url,
                title=f.title,
                quote=f.quote,
            )
            for f in findings
            if f.topic == topic
        ]
        own = [line for line in lines if line.source != "industry"]
        added[topic] = [*own, *mine, *(line for line in lines if line.source == "industry")]
    return facts.model_copy(update=added)
