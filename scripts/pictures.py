"""Photograph every page into docs/pictures: light, dark, on a phone and printed, and write docs/pages.md around them.

usage: uv run python scripts/pictures.py [NAME ...]     needs Chromium and pdftoppm (poppler-utils)

A server of its own shows the sessions of `greenroom demo`, a résumé, a job and a company. Pictures are WebP; a page
longer than `LONGEST` is cut there.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.live import serving, settings_for  # noqa: E402

OUT = ROOT / "docs" / "pictures" / "pages"
LONGEST = {1280: 2600, 390: 2400}
SHOWN = {1280: 900, 390: 390}  # width of the kept picture
RESUME = """Mara Lindqvist
Backend engineer, Gothenburg

Experience
Backend engineer, Saltmarsh Water, 2019-03 to 2024-06
- Moved scheduled jobs from cron to Celery and RabbitMQ for four teams.
- Cut the nightly settlement run from 140 minutes to 22 minutes by batching writes.
- Led five engineers who own the billing service in Python and PostgreSQL.

Developer, Northgate Ferries, 2016-08 to 2019-02
- Built the tracking API in Python, used by 340 carriers.

Education
BSc Computer science, Chalmers, 2016

Skills
Python, PostgreSQL, RabbitMQ, Docker, Git
"""
JOB = """Backend engineer, Tidewater Rail

Tidewater Rail sells eight million tickets a year.

What you need
- Strong Python and PostgreSQL
- Experience with message queues such as RabbitMQ
- You explain trade-offs to colleagues who do not write code

Nice to have
- Kubernetes and Terraform
"""
NOTES = "Two rounds, the second with the product manager. They value calm releases and care for travellers."
CALL = """Priya: How did the move to the new depot go?
Tom: Well, I think it went fine in the end. We moved 340 pallets in two nights, and I wrote the plan for the second one.
Priya: What went wrong on the first?
Tom: Um, the labels. I had not checked that the scanners read them, so we stood still for an hour.
Priya: What would you do differently?
Tom: I'd test ten labels a week before. Since then I do that with every change.
"""
ANSWER = (
    "Last spring our nightly export in PostgreSQL failed twice a week and customers got their bills late. I took it on: "
    "I read two weeks of logs, found one query that locked the orders table for nine minutes, and rewrote it to work in "
    "batches. I told the support team each morning what had changed. In the end it ran in forty seconds, and complaints "
    "fell from thirty a week to two. Since then I measure before I change anything."
)
PAGES = {
    "home": ("The first page", "/"),
    "setup": ("Set-up, with the live plan", "/new?job={job}"),
    "meeting": ("Set-up of a meeting, with what you know", "/new?scenario=meeting"),
    "room": ("The room", "/sessions/{room}"),
    "ended": ("The end of an interview", "/sessions/{strong}"),
    "gate": ("Own rating first", "/sessions/{gate}/report"),
    "report": ("The report", "/sessions/{strong}/report"),
    "report-papers": ("The report with role fit and unused evidence", "/sessions/{papers}/report"),
    "report-practice": ("The report of a practice run", "/sessions/{practice}/report"),
    "report-hostile": ("The report of answers that attack the evaluator", "/sessions/{hostile}/report"),
    "history": ("History", "/history"),
    "compare": ("Two sessions side by side", "/history/compare?a={weak}&b={strong}"),
    "prepare": ("Résumés, jobs and companies", "/prepare"),
    "resume": ("A résumé as it was read", "/resumes/{resume}"),
    "job": ("A job target with its match", "/jobs/{job}"),
    "company": ("A company", "/companies/{company}"),
    "questions": ("Own questions", "/questions"),
    "analysis": ("A transcript of a talk elsewhere", "/analyses/{analysis}"),
    "models": ("Models", "/settings/engines"),
    "about": ("About", "/about"),
    "missing": ("Nothing at this address", "/nowhere"),
    "offline": ("Offline", "/offline"),
}
PARTS = {"report-papers": "#rest"}  # of a long page, the part that its picture begins with
LOOKS = ("light", "dark", "phone", "phone-dark", "print")


def post(api: httpx.Client, path: str, body: dict[str, Any] | None = None) -> Any:
    """The answer to a POST that worked."""
    reply = api.post(f"/api/v1{path}", json=body or {})
    reply.raise_for_status()
    return reply.json() if reply.content else None


def await_state(api: httpx.Client, path: str) -> None:
    """Wait until a document is read."""
    while api.get(f"/api/v1{path}").json()["reading"]["state"] != "ready":
        time.sleep(0.1)


def play(api: httpx.Client, *, until_cue: bool = False, **spec: Any) -> str:
    """A session of this interview, answered to its end, or until a question of practice waits."""
    made = post(api, "/interviews", {"role": "backend", "minutes": 15, "panel": 2, "seed": 7, **spec})
    room = post(api, f"/interviews/{made['id']}/sessions")
    while not (until_cue and room["cue"]):
        if room["state"] == "ended":
            break
        words = "No, thank you, that was all." if room["block"] == "candidate_questions" else ANSWER
        room = post(api, f"/sessions/{room['session_id']}/turns", {"kind": "answer", "text": words, "after_seq": room["seq"]})  # fmt: skip
    return str(room["session_id"])


def await_scores(api: httpx.Client, session: str) -> None:
    """Wait until every answer is judged."""
    while any(score["state"] == "pending" for score in api.get(f"/api/v1/sessions/{session}/scores").json()):
        time.sleep(0.1)


def furnish(api: httpx.Client) -> dict[str, str]:
    """Ids of everything the addresses of `PAGES` name."""
    ids = {
        "resume": post(api, "/resumes", {"name": "Spring", "text": RESUME})["id"],
        "job": post(api, "/jobs", {"title": "Backend engineer", "company": "Tidewater Rail", "text": JOB})[
            "id"
        ],
        "company": post(api, "/companies", {"name": "Tidewater Rail", "notes": NOTES})["id"],
    }
    ids["analysis"] = post(api, "/analyses", {"title": "Call about the depot", "text": CALL})["id"]
    await_state(api, f"/resumes/{ids['resume']}")
    await_state(api, f"/jobs/{ids['job']}")
    for row in api.get("/api/v1/sessions?order=oldest").json():  # the demo's, in the order they were played
        graded = (name for name in ("strong", "weak", "hostile") if name not in ids)
        ids["practice" if row["mode"] == "practice" else next(graded)] = row["id"]
    known = {"job_id": ids["job"], "resume_id": ids["resume"], "company": "Tidewater Rail"}
    ids["papers"] = play(api, mode="graded", type="behavioral", name="Tidewater Rail, second round", **known)
    ids["gate"] = play(api, mode="graded", type="behavioral", name="Before the report")
    for name in ("papers", "gate"):
        await_scores(api, ids[name])
    post(api, f"/sessions/{ids['papers']}/rating", {"levels": {}})
    return {name: str(value) for name, value in ids.items()}


def keep(shot: bytes | Image.Image, width: int, name: str) -> None:
    """Store a picture, made small."""
    image = Image.open(io.BytesIO(shot)) if isinstance(shot, bytes) else shot
    image = image.convert("RGB").crop(
        (0, 0, image.width, min(image.height, LONGEST.get(width, image.height)))
    )
    shown = SHOWN.get(width, image.width)
    image = image.resize((shown, round(image.height * shown / image.width)), Image.Resampling.LANCZOS)
    image.save(OUT / f"{name}.webp", quality=62, method=6)


def print_page(page: Page, name: str) -> None:
    """The first two sheets of the printed page beside each other."""
    with tempfile.TemporaryDirectory(prefix="greenroom-print-") as folder:
        sheet = Path(folder) / "page.pdf"
        page.pdf(path=sheet, format="A4", prefer_css_page_size=True)
        subprocess.run(["pdftoppm", "-r", "58", "-l", "2", "-png", sheet, Path(folder) / "sheet"], check=True)
        sheets = [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("sheet*.png"))]
        both = Image.new(
            "RGB", (sum(sheet.width + 6 for sheet in sheets), max(s.height for s in sheets)), "#75827d"
        )
        at = 0
        for one in sheets:
            both.paste(one, (at, 0))
            at += one.width + 6
        keep(both, 0, f"{name}-print")


def photograph(browser: Browser, api: httpx.Client, ids: dict[str, str], names: list[str]) -> None:
    """Every page in every look."""
    for look, width, theme in (
        ("light", 1280, "light"), ("dark", 1280, "dark"), ("phone", 390, "light"), ("phone-dark", 390, "dark"),
    ):  # fmt: skip
        context = browser.new_context(
            base_url=str(api.base_url), color_scheme=theme, viewport={"width": width, "height": 844}, reduced_motion="reduce",
            locale="en-GB", timezone_id="Europe/London",
        )  # type: ignore[arg-type]  # fmt: skip
        page = context.new_page()
        ids["room"] = play(api, until_cue=True, panel=3, company="Tidewater Rail") if "room" in names else ""
        for name in sorted(
            names, key=lambda name: name != "room"
        ):  # a room left alone pauses after half a minute
            page.goto(PAGES[name][1].format(**ids))
            page.wait_for_timeout(700)
            if name == "room":
                page.fill("#answer", ANSWER[:180])
            if name in PARTS:
                above = page.locator(PARTS[name]).evaluate(
                    "node => node.getBoundingClientRect().top + scrollY"
                )
                shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
                keep(shot.crop((0, round(above), shot.width, shot.height)), width, f"{name}-{look}")
            else:
                keep(page.screenshot(full_page=True), width, f"{name}-{look}")
            if look == "light" and name not in ("room", "offline", "missing"):
                print_page(page, name)
        context.close()


def write_index() -> None:
    """docs/pages.md, from what was photographed."""
    lines = [
        "# Every page", "",
        ("On a screen in light and dark, on a phone of 390 px, and printed (the first two sheets). Made by "
        "`uv run python scripts/pictures.py`; long pages are cut. The people, the companies and the answers are invented."),
    ]  # fmt: skip
    for name, (title, _) in PAGES.items():
        shots = [
            f'<img src="pictures/pages/{name}-{look}.webp" alt="{title}: {look.replace("-", ", ")}" height="420">'
            for look in LOOKS
            if (OUT / f"{name}-{look}.webp").exists()
        ]
        lines += ["", f"## {title}", "", *shots]
    (ROOT / "docs" / "pages.md").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    names = sys.argv[1:] or list(PAGES)
    OUT.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory(prefix="greenroom-pictures-") as folder:
        settings = settings_for(Path(folder) / "data", "")
        own = {**os.environ, "GREENROOM_DATA_DIR": str(settings.data_dir), "GREENROOM_DATABASE_URL": ""}
        for candidate, mode in (
            ("strong", "graded"),
            ("weak", "graded"),
            ("hostile", "graded"),
            ("middle", "practice"),
        ):
            demo = [
                sys.executable,
                "-m",
                "greenroom",
                "demo",
                "--keep",
                "--json",
                "--candidate",
                candidate,
                "--mode",
                mode,
            ]
            subprocess.run([*demo, "--out", folder], env=own, check=True, stdout=subprocess.DEVNULL)
        with serving(settings) as live, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            with httpx.Client(base_url=live.address, timeout=60) as api:
                photograph(browser, api, furnish(api), names)
            browser.close()
    write_index()
    size = sum(path.stat().st_size for path in OUT.glob("*.webp"))
    print(f"{len(list(OUT.glob('*.webp')))} pictures, {size / 1e6:.1f} MB in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
