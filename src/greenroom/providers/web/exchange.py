"""One request to a search provider and its JSON, with every fault as ours."""

from typing import Any

import httpx

from greenroom.providers.web.base import Hit, WebError, WebFault

TIMEOUT_S = 10
LARGEST = 2_000_000
_KINDS: dict[int, WebFault] = {
    400: "rejected", 401: "credentials", 403: "credentials", 422: "rejected", 429: "rate_limited", 432: "rate_limited",
    433: "rate_limited",
}  # fmt: skip


async def ask(method: str, url: str, **request: Any) -> Any:  # noqa: ANN401 - passed on to the client
    """The body of a good answer.

    Raises:
        WebError: whatever went wrong, without the provider's words.
    """
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client:
            answer = await client.request(method, url, **request)
    except httpx.TimeoutException as error:
        raise WebError("timeout") from error
    except httpx.HTTPError as error:
        raise WebError("network") from error
    if answer.status_code != 200:
        kind = _KINDS.get(answer.status_code, "unavailable" if answer.status_code >= 500 else "rejected")
        raise WebError(kind, status=answer.status_code)
    if len(answer.content) > LARGEST:
        raise WebError("too_large")
    try:
        return answer.json()
    except ValueError as error:
        raise WebError("invalid_output") from error


def read_hits(rows: Any, count: int) -> list[Hit]:  # noqa: ANN401 - whatever the JSON holds
    """Results out of a list of objects with `url` and `title`.

    Raises:
        WebError: it is no such list.
    """
    if not isinstance(rows, list):
        raise WebError("invalid_output")
    hits: list[Hit] = []
    for row in rows:  # pyright: ignore[reportUnknownVariableType]
        url, title = (row.get("url"), row.get("title")) if isinstance(row, dict) else (None, None)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(url, str) or not isinstance(title, str):
            raise WebError("invalid_output")
        hits.append(Hit(url=url[:2_000], title=title[:300]))
    return hits[:count]
