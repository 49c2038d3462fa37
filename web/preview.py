"""Render every template with the fixtures of the tests, and look at them: pictures and findings.

`uv run python web/preview.py` writes HTML pages to `var/preview/`; `--shots` also photographs them in
Chromium at 1280, 390 and 320 px, light and dark; `--axe` runs axe-core over them. Any finding exits with 1.
Names after the options choose pages: `web/preview.py --shots room report`.
"""

import json
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "web")]

from pages import pages  # noqa: E402

OUT = ROOT / "var" / "preview"
DIST = ROOT / "src" / "greenroom" / "static" / "dist"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def write(names: list[str]) -> dict[str, Path]:
    OUT.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for name, html in pages().items():
        if names and not any(name.startswith(wanted) for wanted in names):
            continue
        written[name] = OUT / f"{name}.html"
        written[name].write_text(html, encoding="utf-8")
    return written


class Handler(SimpleHTTPRequestHandler):
    """Serves the pages and the built front end under the product's Content-Security-Policy."""

    def translate_path(self, path: str) -> str:
        if path.startswith("/static/dist/"):
            return str(DIST / path.removeprefix("/static/dist/"))
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the parent's)
        """Quiet."""


def serve() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(OUT)))
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def accessibility(page: Page) -> list[str]:
    """What axe-core finds on the page that is open, one line a rule."""
    page.evaluate((ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate(f"axe.run({{runOnly: {json.dumps(AXE_TAGS)}}})")
    if len(result["passes"]) < 10:
        return ["axe-core checked next to nothing"]
    return [
        f"{v['impact']} {v['id']} " + " | ".join(n["html"][:160] for n in v["nodes"][:3])
        for v in result["violations"]
    ]


def watch(page: Page, findings: list[str]) -> None:
    page.on("console", lambda m: findings.append(m.text) if "Security Policy" in m.text else None)
    page.on("pageerror", lambda e: findings.append(f"script: {e}"))


def look(names: list[str], shots: bool, axe: bool) -> list[str]:
    """Opens every page at every width and theme; returns sideways scroll, script errors, axe's findings."""
    base = serve()
    findings: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for theme in ("light", "dark"):
            for width in (1280, 390, 320):
                page = browser.new_page(
                    viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=axe
                )
                watch(page, findings)
                for name in names:
                    page.goto(f"{base}/{name}.html")
                    page.evaluate("document.fonts.ready")
                    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    found = [f"{overflow} px of sideways scroll"] if overflow > 0 else []
                    if shots:
                        page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=True)
                    if axe:
                        found += accessibility(page)
                    findings += [f"{name} {width} {theme}: {one}" for one in found]
                page.close()
        browser.close()
    return sorted(set(findings))


def main() -> int:
    options = {a for a in sys.argv[1:] if a.startswith("--")}
    written = write([a for a in sys.argv[1:] if not a.startswith("--")])
    sys.stdout.write(f"{len(written)} pages in {OUT}\n")
    if not options:
        return 0
    findings = look(list(written), "--shots" in options, "--axe" in options)
    sys.stdout.write(("\n".join(findings) or "no findings") + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
