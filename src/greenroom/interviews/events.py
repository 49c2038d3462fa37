"""What slices above hear of a session."""

from uuid import UUID

from greenroom.kit.events import Event


class AnswerCompleted(Event):
    """The panel has left a question behind: its answer, follow-ups included, can be judged."""

    session_id: UUID
    question_id: str


class SessionEnded(Event):
    """A session is over, for whatever reason."""

    session_id: UUID
