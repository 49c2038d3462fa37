"""Business errors: each carries its status and slug, and becomes RFC 9457 problem JSON or a page."""

from typing import Any

from pydantic import BaseModel, Field


class ProblemBody(BaseModel):
    """RFC 9457 `application/problem+json`. `errors` lists fields for a 422."""

    type: str = Field(examples=["urn:greenroom:problem:not-found"])
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])


class Problem(Exception):  # noqa: N818 - a problem is RFC 9457's own word
    """Base of every error a user may see: `detail` says what happened, what was kept and what to do."""

    status: int = 400
    slug: str = "bad-request"
    title: str = "That did not work"

    def __init__(self, detail: str = "", **extra: Any) -> None:  # noqa: ANN401 - RFC 9457 extension members
        super().__init__(detail or self.title)
        self.detail = detail
        self.extra = extra

    def body(self, instance: str = "") -> dict[str, Any]:
        """The problem as a JSON object."""
        return {
            "type": f"urn:greenroom:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.extra,
        }


class NotFound(Problem):
    status = 404
    slug = "not-found"
    title = "Nothing here"


class Invalid(Problem):
    status = 422
    slug = "invalid"
    title = "Some of this cannot be used"


class KeyReused(Problem):
    status = 422
    slug = "idempotency-key-reused"
    title = "This key was used for another request"


def describe(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` entry of a route for the problems it can answer with."""
    return {p.status: {"model": ProblemBody, "description": p.title} for p in problems}
