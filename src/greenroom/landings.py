"""Where somebody lands who opens the address of a form: from the history of a browser, a reload, or by hand.

Such an address only takes POST. It leads to the page that the form belongs to, so that nobody meets an error.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

SEE_OTHER: Final = 303
ELSEWHERE: Final = {
    "/plan": "/new",
    "/interviews": "/new",
    "/interviews/defaults": "/new",
    "/sample": "/history",
    "/jobs": "/prepare",
    "/resumes": "/prepare",
    "/companies": "/prepare",
    "/jobs/{}/delete": "/prepare",
    "/resumes/{}/delete": "/prepare",
    "/companies/{}/delete": "/prepare",
    "/sessions/{}/rename": "/history",
    "/sessions/{}/delete": "/history",
    "/sessions/{}/restore": "/history",
    "/sessions/{}/retries": "/sessions/{}/report",
    "/sessions/{}/rating": "/sessions/{}/report",
    "/sessions/{}/questions/{}/retries": "/sessions/{}/report",
    "/sessions/{}/scores/{}/disputes": "/sessions/{}/report",
    "/sessions/{}/scores/{}/retry": "/sessions/{}/report",
}
"""Forms whose page is not the nearest one above them; parameters are `{}`."""


def build(routers: Iterable[APIRouter]) -> APIRouter:
    """A GET for every address of these routers that only takes a form."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    pages = {shape(route.path) for route in routes if "GET" in (route.methods or ())}
    forms = {
        route.path
        for route in routes
        if "POST" in (route.methods or ()) and not route.path.startswith("/api/")
    }
    landings = APIRouter(include_in_schema=False)
    for form in sorted(forms):
        if shape(form) not in pages:
            landings.add_api_route(form, _lead_to(page_of(form, pages)), methods=["GET"])
    return landings


def shape(path: str) -> str:
    """The path with every parameter alike."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def page_of(form: str, pages: Iterable[str]) -> str:
    """The page that a form belongs to, parameters as `{}` in the form's order: its own, or the nearest one above."""
    own, known = ELSEWHERE.get(shape(form)), set(pages)
    if own is not None:
        return own
    parts = shape(form).split("/")
    above = ("/".join(parts[:length]) for length in range(len(parts) - 1, 1, -1))
    return next((path for path in above if path in known), "/")


def _lead_to(page: str) -> Callable[[Request], Awaitable[RedirectResponse]]:
    async def land(request: Request) -> RedirectResponse:
        return RedirectResponse(page.format(*request.path_params.values()), SEE_OTHER)

    return land
