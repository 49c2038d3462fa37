"""What can go wrong around interviews and sessions, in words for the person."""

from greenroom.kit.errors import Problem


class NotOffered(Problem):
    status = 422
    slug = "not-offered"
    title = "This combination is not offered yet"


class AlreadyBegun(Problem):
    status = 409
    slug = "already-begun"
    title = "This interview has begun"


class RoundsOver(Problem):
    status = 409
    slug = "rounds-over"
    title = "There is no further round"


class RoundOpen(Problem):
    """`session_id` names the one that is open."""

    status = 409
    slug = "round-open"
    title = "A round is still open"


class Stale(Problem):
    """`room` carries the fresh view, so that a client can go on at once."""

    status = 409
    slug = "stale"
    title = "The interview has moved on"


class SessionOver(Problem):
    status = 409
    slug = "session-over"
    title = "This session has ended"


class SessionPaused(Problem):
    status = 409
    slug = "session-paused"
    title = "The session is paused"


class TooManyTurns(Problem):
    status = 409
    slug = "too-many-turns"
    title = "That is enough for this question"


class EmptyAnswer(Problem):
    status = 422
    slug = "empty-answer"
    title = "There are no words in this answer"


class NothingToRetry(Problem):
    status = 409
    slug = "nothing-to-retry"
    title = "There is nothing to practise again yet"
