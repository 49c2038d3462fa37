"""Tavily: POST /search (docs.tavily.com/documentation/api-reference/endpoint/search)."""

from greenroom.providers.web.base import Hit, WebError
from greenroom.providers.web.exchange import ask, read_hits

ADDRESS = "https://api.tavily.com"


class TavilySearch:
    """Needs an API key."""

    name = "Tavily"

    def __init__(self, key: str, address: str = "") -> None:
        self._key, self._address = key, address or ADDRESS

    async def search(self, query: str, count: int) -> list[Hit]:
        """Results of the web."""
        body = await ask(
            "POST",
            f"{self._address}/search",
            json={"query": query[:400], "max_results": min(count, 20), "search_depth": "basic"},
            headers={"Authorization": f"Bearer {self._key}"},
        )
        if not isinstance(body, dict):
            raise WebError("invalid_output")
        return read_hits(body.get("results"), count)  # pyright: ignore[reportUnknownMemberType]
