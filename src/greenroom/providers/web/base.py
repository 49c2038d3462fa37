"""The port to web searches, and its one error."""

from dataclasses import dataclass
from typing import Literal, Protocol

WebFault = Literal[
    "credentials", "rate_limited", "unavailable", "network", "timeout", "rejected", "invalid_output",
    "forbidden_address", "redirects", "too_large", "not_a_page",
]  # fmt: skip


class WebError(Exception):
    """A search or page that gave nothing usable. Its text is ours."""

    def __init__(self, kind: WebFault, *, status: int | None = None) -> None:
        super().__init__(f"web: {kind}{f' (HTTP {status})' if status else ''}")
        self.kind: WebFault = kind
        self.status = status


@dataclass(frozen=True)
class Hit:
    """One result of a search."""

    url: str
    title: str


class WebSearch(Protocol):
    """A search provider."""

    @property
    def name(self) -> str:
        """Who is asked, as the consent names them."""
        ...

    async def search(self, query: str, count: int) -> list[Hit]:
        """At most `count` results, best first. Raises WebError."""
        ...
