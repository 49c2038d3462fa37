"""A company profile out of the person's own notes, pasted pages and a general profile of the industry.

Nothing is looked up here and nothing is made up: own sentences are sorted by what they speak of and quoted as they
stand, and every line says where it comes from. What research finds in pages is added with its quotes (`findings`).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from greenroom.documents.schemas import JobFacts

Topic = Literal["style", "question_types", "values", "tips", "practices"]
LineSource = Literal["notes", "pages", "research", "industry"]
TOPICS: tuple[Topic, ...] = ("style", "question_types", "values", "tips", "practices")
FRESH = timedelta(days=30)
LONGEST = 260  # code points of a sentence that can be read out
_CUES: tuple[tuple[Topic, str], ...] = (
    ("question_types", r"\b(?:questions?|case (?:study|interview)|coding (?:test|round|task)|take[- ]home|whiteboard|assessment|brain ?teaser|star\b|competency[- ]based|behaviou?ral|technical (?:round|test|interview)|role[- ]play|presentation task|portfolio review|they ask(?:ed)?)\b"),
    ("style", r"\b(?:interview(?:s|ers?|ed)?|rounds?|panel|stages?|recruiter|hiring manager|phone screen|on-?site|assessment (?:day|centre|center)|video call|minutes long|hours long)\b"),
    ("values", r"\b(?:values?|believe|mission|principles?|culture|care about|stand for|purpose|committed to|integrity|respect|diversity|sustainab\w+)\b"),
    ("tips", r"\b(?:tips?|remember|prepare|bring|read up|make sure|avoid|don'?t|be ready|advice|practi[sc]e|research)\b"),
    ("practices", r"\b(?:we use|they use|stand-?ups?|retrospectives?|pair(?:ing| programming)|on[- ]call|remote|hybrid|office|flexib\w+|four[- ]day|shifts?|training budget|mentor\w*|reviews?|onboarding|deploy\w*|agile|scrum|holiday|benefits?)\b"),
)  # fmt: skip


class Industry(BaseModel):
    """How interviews usually go in an industry, in general and in our words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: str
    title: str
    keywords: list[str] = Field(min_length=2)
    style: list[str] = Field(min_length=1)
    question_types: list[str] = Field(min_length=2)
    values: list[str] = Field(min_length=2)
    tips: list[str] = Field(min_length=2)
    practices: list[str] = Field(min_length=1)


class ProfileLine(BaseModel):
    """One line of a profile and where it comes from."""

    text: str
    source: LineSource
    url: str = Field(default="", description="of research: the page; empty: a page that was pasted")
    title: str = ""
    quote: str = Field(default="", description="of research: the words of the page that show it")


class CompanyFacts(BaseModel):
    """The profile: lines by topic, own ones first. `other` holds own sentences of no topic."""

    style: list[ProfileLine] = Field(default_factory=list[ProfileLine])
    question_types: list[ProfileLine] = Field(default_factory=list[ProfileLine])
    values: list[ProfileLine] = Field(default_factory=list[ProfileLine])
    tips: list[ProfileLine] = Field(default_factory=list[ProfileLine])
    practices: list[ProfileLine] = Field(default_factory=list[ProfileLine])
    other: list[ProfileLine] = Field(default_factory=list[ProfileLine])


def build_profile(notes: str, pages: str, industry: Industry | None) -> CompanyFacts:
    """The profile of a company. `notes` and `pages` are cleaned and masked (`hidden.clean`, `hidden.mask`)."""
    facts = CompanyFacts()
    for text, source in ((notes, "notes"), (pages, "pages")):
        for sentence in split_sentences(text):
            lines = facts.other
            for topic, cue in _CUES:
                if re.search(cue, sentence, re.IGNORECASE):
                    lines = _lines(facts, topic)
                    break
            if len(lines) < 40 and all(line.text != sentence for line in lines):
                lines.append(ProfileLine(text=sentence, source="notes" if source == "notes" else "pages"))
    if industry:
        for topic in TOPICS:
            _lines(facts, topic).extend(
                ProfileLine(text=t, source="industry") for t in _general(industry, topic)
            )
    return facts


def _lines(facts: CompanyFacts, topic: Topic) -> list[ProfileLine]:
    return {
        "style": facts.style, "question_types": facts.question_types, "values": facts.values, "tips": facts.tips,
        "practices": facts.practices,
    }[topic]  # fmt: skip


def _general(industry: Industry, topic: Topic) -> list[str]:
    return {
        "style": industry.style, "question_types": industry.question_types, "values": industry.values,
        "tips": industry.tips, "practices": industry.practices,
    }[topic]  # fmt: skip


def split_sentences(text: str) -> list[str]:
    """Sentences and list lines that can be read out; longer ones and single words are left out."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    plain = [re.sub(r"^[\s\-*•·#>]+|\s+$", "", part) for part in parts]
    return [part for part in plain if 12 <= len(part) <= LONGEST and len(part.split()) >= 3]


def guess_industry(text: str, industries: Mapping[str, Industry]) -> str:
    """The industry whose words the text uses most, or "" when none is named twice."""
    folded = text.casefold()
    scores = {
        slug: sum(min(len(re.findall(rf"\b{re.escape(word)}", folded)), 3) for word in industry.keywords)
        for slug, industry in industries.items()
    }
    best = max(scores, key=lambda slug: scores[slug], default="")
    return best if best and scores[best] >= 2 else ""


def is_stale(built_at: datetime, now: datetime) -> bool:
    """Whether a profile is older than 30 days."""
    return now - built_at > FRESH


def brief_panel(job: JobFacts | None, advertisement: str, profile: CompanyFacts | None) -> list[str]:
    """Sentences that the panel may answer the candidate's own questions with: the company's own first, then the
    advertisement's. General lines of an industry are left out: they are not facts of this company."""
    own: list[str] = []
    if profile:
        for lines in (profile.practices, profile.values, profile.style, profile.other):
            own += [line.text for line in lines if line.source != "industry"]
    said = split_sentences(advertisement)
    asked = {requirement.text for requirement in job.nice_to_haves} if job else set[str]()
    return [*dict.fromkeys([*own, *(sentence for sentence in said if sentence not in asked)])][:200]


def company_key(name: str) -> str:
    """A company's name for comparing: without its legal form, case and punctuation."""
    folded = re.sub(r"[^\w& ]+", " ", name.casefold())
    plain = re.sub(r"\b(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|srl|sa|bv|nv|ab|oy|corp|co)\b\.?", " ", folded)
    return " ".join(plain.split()) or " ".join(folded.split())
