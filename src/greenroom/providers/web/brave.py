"""Brave Search: GET /res/v1/web/search (api-dashboard.search.brave.com/app/documentation/web-search)."""

from greenroom.providers.web.base import Hit, WebError
from greenroom.providers.web.exchange import ask, read_hits

ADDRESS = "https://api.search.brave.com"


class BraveSearch:
    """Needs a subscription token."""

    name = "Brave Search"

    def __init__(self, key: str, address: str = "") -> None:
        self._key, self._address = key, address or ADDRESS

    async def search(self, query: str, count: int) -> list[Hit]:
        """Results of the web."""
        body = await ask(
            "GET",
            f"{self._address}/res/v1/web/search",
            params={"q": query[:400], "count": min(count, 20), "safesearch": "strict"},
            headers={"X-Subscription-Token": self._key, "Accept": "application/json"},
        )
        if not isinstance(body, dict):
            raise WebError("invalid_output")
        web = body.get("web") or {}  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        # Without a result the part is left out.
        return read_hits(web.get("results", []) if isinstance(web, dict) else None, count)  # pyright: ignore[reportUnknownMemberType]
