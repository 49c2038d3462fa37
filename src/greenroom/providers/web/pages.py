"""Pages of the open web as text. A request never reaches this machine or its network, whatever a name resolves to.

Every address a name has is checked, and the connection goes to the address that was checked, so that a name which
resolves differently a moment later gains nothing. Redirects are followed by hand and checked anew.
"""

import asyncio
import codecs
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from greenroom.providers.web.base import WebError, WebFault

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
LARGEST = 1_000_000
MOST_TEXT = 30_000
MOST_REDIRECTS = 3
DEADLINE_S = 10
PORTS = frozenset({80, 443})
AGENT = "Greenroom/0.1 (interview practice; asked for by one person)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "header", "footer", "form", "iframe"}
)
_ENCODINGS = re.compile(
    r"utf-?(8|16).*|ascii|iso(8859-\d+|2022_jp)|cp(125\d|866|874|932|949)|koi8-[ru]|mac-\w+|gb.+|big5.*|(euc|shift)_\w+"
)
_BLOCKS = frozenset({"p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "section", "article", "td"})


@dataclass(frozen=True)
class Page:
    """What a person would read of a page. `url` is where it was found after redirects."""

    url: str
    title: str
    text: str


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the machine's own resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_open(address: Address) -> bool:
    """Whether an address belongs to the open internet: not private, loopback, link-local, reserved or a tunnel to one."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return is_open(mapped)
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or site_local)


class PageReader:
    """Fetches pages. Tests give their own resolver, and say which addresses and ports are open."""

    def __init__(
        self,
        resolve: Resolve = resolve,
        is_open: Callable[[Address], bool] = is_open,
        ports: frozenset[int] | None = PORTS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._resolve, self._is_open, self._ports, self._deadline_s = resolve, is_open, ports, deadline_s

    async def read(self, url: str) -> Page:
        """The page.

        Raises:
            WebError: it cannot be had, or may not be asked for.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._follow(url)
        except TimeoutError as error:
            raise WebError("timeout") from error
        except httpx.TimeoutException as error:
            raise WebError("timeout") from error
        except (httpx.HTTPError, OSError) as error:
            raise WebError("network") from error

    async def _follow(self, url: str) -> Page:
        led_to = ""
        for _ in range(MOST_REDIRECTS + 1):
            try:
                url = urljoin(url, led_to)
                checked, host, sni = await self._check(url)
            except ValueError as error:  # no address at all: brackets, a port or a name that cannot be
                raise WebError("forbidden_address") from error
            async with (
                httpx.AsyncClient(trust_env=False, timeout=self._deadline_s) as client,
                client.stream(
                    "GET", checked, headers={"Host": host, "User-Agent": AGENT, "Accept": "text/html, text/plain"},
                    extensions={"sni_hostname": sni}, follow_redirects=False,
                ) as answer,
            ):  # fmt: skip
                if answer.status_code in _REDIRECTS and "location" in answer.headers:
                    led_to = answer.headers["location"]
                    continue
                return await _take(url, answer)
        raise WebError("redirects")

    async def _check(self, url: str) -> tuple[str, str, str]:
        """The URL with the checked address in the place of its name, the name for the Host line, and for TLS."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname or ""
        closed = self._ports is not None and port not in self._ports
        if parts.scheme not in ("http", "https") or not host or parts.username or parts.password or closed:
            raise WebError("forbidden_address")
        addresses = [
            ipaddress.ip_address(found.partition("%")[0]) for found in await self._resolve(host, port)
        ]
        if not addresses or not all(self._is_open(address) for address in addresses):
            raise WebError("forbidden_address")
        first = f"[{addresses[0]}]" if addresses[0].version == 6 else str(addresses[0])
        netloc = f"{first}:{port}"
        return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")), parts.netloc, host


async def _take(url: str, answer: httpx.Response) -> Page:
    if answer.status_code != 200:
        kinds: dict[int, WebFault] = {401: "credentials", 403: "credentials", 429: "rate_limited"}
        fallback: WebFault = "unavailable" if answer.status_code >= 500 else "rejected"
        raise WebError(kinds.get(answer.status_code, fallback), status=answer.status_code)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml", "text/plain"):
        raise WebError("not_a_page")
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise WebError("too_large")
    written = body.decode(name_encoding(answer.charset_encoding or ""), errors="replace")
    if kind == "text/plain":
        return Page(url, "", written[:MOST_TEXT])
    return await asyncio.to_thread(read_html, url, written)


def name_encoding(said: str) -> str:
    """The encoding a page says it has, where the web uses it; UTF-8 for all others.

    Python knows more than those: some are no text, and a page of punycode would take minutes to decode.
    """
    try:
        found = codecs.lookup(said).name
    except LookupError:
        return "utf-8"
    return found if _ENCODINGS.fullmatch(found) else "utf-8"


def read_html(url: str, written: str) -> Page:
    """Title and visible text of an HTML page, a line for each block."""
    reader = _Text()
    reader.feed(written)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return Page(
        url,
        " ".join("".join(reader.title).split())[:300],
        "\n".join(line for line in lines if line)[:MOST_TEXT],
    )


class _Text(HTMLParser):
    """Collects what is shown. Hidden parts are left out as far as the markup itself says so."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.title: list[str] = []
        self._skipping: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        style = (given.get("style") or "").replace(" ", "").lower()
        hidden = "hidden" in given or "display:none" in style or given.get("aria-hidden") == "true"
        if self._skipping:
            if tag == self._skipping[0]:
                self._skipping.append(tag)
        elif tag in _SKIPPED or (hidden and tag not in ("br", "img", "input", "meta", "link", "hr")):
            self._skipping.append(tag)
        if tag in _BLOCKS:
            self.said.append("\n")
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        if self._skipping and tag == self._skipping[0]:
            self._skipping.pop()
        if tag in _BLOCKS:
            self.said.append("\n")
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._skipping:
            self.said.append(data)
