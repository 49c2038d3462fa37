"""Where somebody lands who opens the address of a form: from the history of a browser, a reload, or by hand.

These addresses only take POST. Each leads to the page whose form it is, so that nobody meets an error.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

router = APIRouter(include_in_schema=False)
SEE_OTHER: Final = 303
LANDINGS: Final = {
    "/": ("/interviews/{id}/sessions", "/interviews/{id}/planned", "/interviews/{id}/delete", "/interviews/{id}/restore"),
    "/new": ("/plan", "/interviews", "/interviews/defaults"),
    "/history": ("/sample", "/sessions/{id}/rename", "/sessions/{id}/delete", "/sessions/{id}/restore"),
    "/prepare": (
        "/jobs", "/resumes", "/companies",
        *(f"/{kind}/{{id}}/{form}" for kind in ("jobs", "resumes") for form in ("delete", "restore")), "/companies/{id}/delete",
    ),
    "/jobs/{id}": ("/jobs/{id}/facts", "/jobs/{id}/cancel"),
    "/resumes/{id}": ("/resumes/{id}/facts", "/resumes/{id}/cancel"),
    "/companies/{id}": ("/companies/{id}/refresh", "/companies/{id}/research", "/companies/{id}/research/cancel"),
    "/answers": ("/answers/memory",),
    "/sessions/{id}": ("/sessions/{id}/turns",),
    "/sessions/{id}/report": (
        "/sessions/{id}/rating", "/sessions/{id}/retries", "/sessions/{id}/questions/{question}/retries",
        "/sessions/{id}/scores/{question}/disputes", "/sessions/{id}/scores/{question}/retry",
    ),
    "/settings/engines": ("/settings/engines/{id}/delete", "/settings/engines/{id}/trial", "/settings/engines/uses/{purpose}"),
}  # fmt: skip


def _add(form: str, page: str) -> None:
    async def land(request: Request) -> RedirectResponse:
        return RedirectResponse(page.format(**request.path_params), SEE_OTHER)

    router.add_api_route(form, land, methods=["GET"])


for _page, _forms in LANDINGS.items():
    for _form in _forms:
        _add(_form, _page)
