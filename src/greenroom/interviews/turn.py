"""One move being put together: collects the entries that will be appended, in order."""

from dataclasses import dataclass, field
from datetime import datetime

from greenroom.interviews import log
from greenroom.interviews.brief import Brief
from greenroom.interviews.replay import Current, Root, State
from greenroom.interviews.schemas import BlockKind, PersonaSlug
from greenroom.interviews.wording import Wording


@dataclass
class Turn:
    """The state a move starts from, the clock, and what has been decided so far (`out`).

    `gave_up` is set when the open question is passed on with "I don't know": an easier one comes next.
    """

    brief: Brief
    state: State
    event: log.Event
    now: datetime
    out: list[log.AnyPayload] = field(default_factory=list[log.AnyPayload])

    def __post_init__(self) -> None:
        seed = f"{self.brief.plan.seed}:{self.state.seq}:{self.event.kind}"
        self.words = Wording(
            self.brief.library.lines,
            self.brief.spec.tone,
            seed,
            self.state.recent_lines(),
            [line for _, line in self.state.said],
            kind=self.brief.manner,
        )
        self.elapsed = self.state.elapsed(self.now)
        self.budget = self.brief.budget
        self.floor: PersonaSlug = self.state.floor or self.brief.first
        self.block, self.block_kind = self.state.block, self.state.block_kind
        self.gave_up = False
        self._spoken = 0

    def add(self, payload: log.AnyPayload) -> None:
        self.out.append(payload)

    def notice(self, notice: log.Notice, detail: str = "") -> None:
        current = self.state.current
        self.add(log.Noticed(notice=notice, detail=detail, question_id=current.id if current else None))

    def enter(self, kind: BlockKind, at: int) -> None:
        """From here on the panel speaks in block `at` of the plan."""
        self.block, self.block_kind = at, kind

    def speak(self, purpose: log.Purpose, text: str, lead_in: str = "", **more: object) -> None:
        """Adds an utterance of the persona who has the floor; `more` are further fields of PanelSaid."""
        said = log.PanelSaid.model_validate(
            {
                "persona": self.floor,
                "purpose": purpose,
                "text": text.strip(),
                "lead_in": lead_in.strip(),
                "block": self.block,
                "block_kind": self.block_kind,
                "lines": self.words.used[self._spoken :],
                **more,
            }
        )
        self._spoken = len(self.words.used)
        self.add(said)

    def about(self, purpose: log.Purpose, text: str, lead_in: str = "", **more: object) -> None:
        """The same, belonging to the question that is open now."""
        current, root = self.current, self.root
        self.speak(
            purpose, text, lead_in, question_id=current.id, root_id=root.id, item_id=root.item_id,
            item_hash=root.item_hash, competency=root.competency, scored=root.scored, **more,
        )  # fmt: skip

    @property
    def current(self) -> Current:
        if self.state.current is None:
            raise ValueError("no question is open")
        return self.state.current

    @property
    def root(self) -> Root:
        root = self.state.root
        if root is None:
            raise ValueError("no question is open")
        return root
