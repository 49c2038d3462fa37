"""What the product says about itself, and what the browser keeps for the time when the server does not answer."""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from greenroom import __version__
from greenroom.kit.web import render

router = APIRouter(include_in_schema=False)
SERVICE_WORKER = Path(__file__).parent / "static" / "dist" / "service-worker.js"


@router.get("/about")
async def show_about(request: Request) -> Response:
    """Version, licences and privacy."""
    return render(request, "about.html", version=__version__)


@router.get("/offline")
async def show_offline(request: Request) -> Response:
    """The page that the service worker shows while nothing answers."""
    return render(request, "offline.html")


@router.get("/service-worker.js")
async def read_service_worker() -> FileResponse:
    """The service worker; it must come from the root to stand before every page, and be asked for again each time."""
    return FileResponse(SERVICE_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
