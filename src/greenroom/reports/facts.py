"""What a report is folded from. Plain data, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from greenroom.advice.schemas import Recap, Rewrite
from greenroom.engines.schemas import Costs
from greenroom.grading.folds import Scheme
from greenroom.grading.schemas import ScoreView
from greenroom.interviews.log import Entry
from greenroom.interviews.schemas import InterviewCreate, Plan, SessionKind
from greenroom.library.contents import Library
from greenroom.library.schemas import Item
from greenroom.reports.fit import Papers
from greenroom.reports.levels import Mean, Version


@dataclass(frozen=True)
class OtherAnswer:
    """The current judgement of the same frozen item in another session of the same retries."""

    session_id: UUID
    question_id: str
    item_hash: str
    is_first: bool
    started_at: datetime
    mean: Mean
    version: Version


@dataclass(frozen=True)
class Facts:
    """One session with its scores. `items` are the frozen ones by question id; `own` is None until it was offered."""

    session_id: UUID
    interview_id: UUID
    name: str
    spec: InterviewCreate
    plan: Plan
    started_at: datetime
    ended_at: datetime | None
    entries: Sequence[Entry]
    scores: Sequence[ScoreView]
    items: Mapping[str, Item]
    library: Library
    scheme: Scheme
    own: Mapping[str, int | None] | None = None
    disputes: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    kind: SessionKind = "interview"
    of_session_id: UUID | None = None
    others: Sequence[OtherAnswer] = ()
    papers: Papers | None = None
    costs: Costs | None = None
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict[str, Rewrite])
    recap: Recap = field(default_factory=Recap)
