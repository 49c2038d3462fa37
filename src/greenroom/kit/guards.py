"""What stands before every request: host and origin checks, body limits and the security headers.

A server on a laptop is reachable from every page the person's browser opens: a foreign name that resolves to
127.0.0.1 (DNS rebinding) and a form on another site are both refused here.
"""

import json
from html import escape
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from greenroom.kit.errors import Problem
from greenroom.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
BODY_LIMIT = 1_000_000  # bytes; the longest JSON body is a job description of 50,000 characters
# Paths that take documents: 10 MB, and what the form around them needs.
UPLOAD_PATHS = ("/resumes", "/jobs", "/api/v1/resumes/upload", "/api/v1/jobs/upload")
UPLOAD_LIMIT = 10_200_000


class Refused(Problem):
    status = 403
    slug = "refused"
    title = "Not allowed"


class TooLarge(Problem):
    status = 413
    slug = "too-large"
    title = "That is too large"


def host_of(value: str) -> str:
    """The host name of a Host header or an origin, without its port; empty when it has none."""
    try:
        return (urlsplit(value if "//" in value else f"//{value}").hostname or "").lower()
    except ValueError:
        return ""


PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
    'initial-scale=1"><meta name="color-scheme" content="light dark"><title>{title} · Greenroom</title></head>'
    '<body style="max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem; font: 1.06rem/1.55 system-ui, sans-serif">'
    '<main><h1 style="font-size: 1.6rem; line-height: 1.2">{title}</h1><p>{detail}</p>'
    "<p>{advice}</p><p><small>{status} {slug}</small></p></main></body></html>"
)
"""A page that needs nothing from this address: its styles and scripts would be refused as well."""
ADVICE = {
    "refused": "Greenroom answers only to its own pages on its own address. If this name is right, the one who runs "
    "the server can add it to GREENROOM_ALLOWED_HOSTS.",
    "too-large": "Go back: what you wrote is still there. Shorten it, and send it again.",
}


def show_refusal(refusal: Problem, path: str, accept: str) -> tuple[bytes, bytes]:
    """The refusal as its client reads it, with its media type: a page for a browser, else problem JSON."""
    if "text/html" in accept and not path.startswith("/api/"):
        said = {"title": refusal.title, "detail": refusal.detail, "advice": ADVICE[refusal.slug]}
        body = PAGE.format(
            status=refusal.status, slug=refusal.slug, **{k: escape(v) for k, v in said.items()}
        )
        return body.encode(), b"text/html; charset=utf-8"
    return json.dumps(refusal.body(path)).encode(), b"application/problem+json"


def body_limit(path: str) -> int:
    """The most bytes a request to this path may carry."""
    return UPLOAD_LIMIT if path in UPLOAD_PATHS else BODY_LIMIT


def too_large(path: str) -> TooLarge:
    """The refusal of a larger request."""
    return TooLarge(
        f"A request to this address may carry {body_limit(path) // 1_000_000} MB. Nothing was changed."
    )


def find_refusal(method: str, path: str, headers: Headers, allowed: set[str]) -> Problem | None:
    """Why this request must not be served, or None."""
    host = headers.get("host", "")
    if "*" not in allowed and host_of(host) not in allowed:
        return Refused("This address is not served here. Open the address that the server printed.")
    if int(headers.get("content-length") or 0) > body_limit(path):
        return too_large(path)
    if method in SAFE_METHODS:
        return None
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin", "")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != host):
        return Refused("Another site tried to change something here. Nothing was changed.")
    return None


class Guard:
    """ASGI middleware: refuse first, then add the security headers to whatever is answered."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._allowed = {name.strip("[]").lower() for name in settings.allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cacheable = scope["path"].startswith("/static/dist/assets/")  # their names carry a hash
        read = 0

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > body_limit(scope["path"]):  # a body without a length is counted as it comes
                raise too_large(scope["path"])
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault(
                    "Cache-Control", "public, max-age=31536000, immutable" if cacheable else "no-store"
                )
            await send(message)

        refusal = find_refusal(scope["method"], scope["path"], Headers(scope=scope), self._allowed)
        if refusal is None:
            await self._app(scope, receive_limited, send_with_headers)
            return
        body, media_type = show_refusal(refusal, scope["path"], Headers(scope=scope).get("accept", ""))
        await send_with_headers(
            {
                "type": "http.response.start",
                "status": refusal.status,
                "headers": [
                    (b"content-type", media_type),
                    (b"content-length", str(len(body)).encode()),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})
