"""What is kept of interviews, used as a person would: history, comparison, retry, files, the sample, and deleting it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.e2e.conftest import Watched, take_picture
from tests.e2e.test_journey import ANSWERS, find_violations
from tests.live import Live
from tests.reports.test_report import wait_for_scores
from tests.room.test_turns import finish, start
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.browser

WEAK = "I would talk to the people involved and look for a compromise, because teamwork matters to me."
STRONG = ANSWERS[1]
SCORED_MS = PATIENCE_S * 1000


def keep(site: Live, words: str, **spec: Any) -> dict[str, str]:
    """Session and interview of a finished, judged and rated interview, made over the API."""
    with site.client() as api:
        room = finish(api, start(api, **{"mode": "graded", "type": "behavioral", "seed": 7, **spec}), words)
        wait_for_scores(api, room["session_id"])
        api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
        return {"session": str(room["session_id"]), "interview": str(room["interview_id"])}


@pytest.fixture(scope="module")
def kept(site: Live) -> dict[str, dict[str, str]]:
    """A weak and a strong session of two companies, and one of another role."""
    return {
        "weak": keep(site, WEAK, company="Saltmarsh Water", name="Weak one"),
        "strong": keep(site, STRONG, company="Tidewater Rail", name="Strong one"),
        "nurse": keep(site, WEAK, role="registered nurse", type="situational", name="Nurse"),
    }


def names(page: Page) -> list[str]:
    return page.locator(".runs h3 a").all_inner_texts()


def test_the_sample_opens_from_an_empty_history_and_goes_again(watched: Watched) -> None:
    """First in this file: the history is still empty."""
    page = watched.page
    page.goto("/history")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    page.get_by_role("button", name="Open the 3-minute sample").click()
    expect(page.get_by_text("This is the sample")).to_be_visible()
    expect(page.get_by_text("still being scored")).to_have_count(0, timeout=SCORED_MS)
    expect(page.locator(".quote").first).to_be_visible()
    take_picture(page, "sample")
    page.goto("/history")
    assert len(names(page)) == 1
    expect(page.locator(".runs .badge")).to_have_text("Sample")
    page.locator(".runs h3 a").click()
    page.get_by_role("button", name="Delete the sample").click()
    expect(page.get_by_text("The session was deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert watched.errors == []


def test_filters_narrow_the_history_and_say_so(watched: Watched, kept: dict[str, dict[str, str]]) -> None:
    page = watched.page
    page.goto("/history")
    assert sorted(names(page)) == ["Nurse", "Strong one", "Weak one"]
    page.get_by_label("Role").select_option(label="Registered nurse")
    expect(page.locator(".runs h3 a")).to_have_text(["Nurse"])
    page.goto("/history")
    page.get_by_label("Find").fill("nine minutes")
    page.get_by_label("Find").press("Enter")
    expect(page.locator(".runs h3 a")).to_have_text(["Strong one"])
    page.goto("/history")
    page.get_by_text("More filters").click()
    page.get_by_label("Company").fill("Saltmarsh")
    page.get_by_label("Company").press("Enter")
    expect(page.locator(".runs h3 a")).to_have_text(["Weak one"])
    page.goto("/history?type=situational")
    assert names(page) == ["Nurse"]
    page.goto("/history?from=2001-01-01&to=2001-12-31")
    assert names(page) == []
    expect(page.get_by_role("link", name=re.compile("all|clear", re.IGNORECASE)).first).to_be_visible()
    page.goto("/history?least=50")
    assert names(page) == ["Strong one"]
    page.goto("/history?order=score")
    assert names(page)[0] == "Strong one"
    page.goto("/history?order=oldest")
    assert names(page)[0] == "Weak one"


def test_two_sessions_are_compared_from_the_list(watched: Watched, kept: dict[str, dict[str, str]]) -> None:
    page = watched.page
    page.goto("/history")
    row = page.locator(".runs > li", has_text="Weak one")
    row.locator("summary").click()
    row.get_by_role("link", name="Compare with another").click()
    expect(page.get_by_text("Choose the session to compare with")).to_be_visible()
    page.locator(".runs > li", has_text="Strong one").get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Two sessions side by side")).to_be_visible()
    overall = page.locator(".rate > li").nth(1)
    expect(overall).to_contain_text("improved")
    assert len(overall.locator(".notches").all()) == 2
    take_picture(page, "compare")
    assert watched.errors == []


def await_room(page: Page) -> None:
    """Until the room's script listens: before that nobody hears a key."""
    expect(page.locator("greenroom-room:defined")).to_have_count(1)
    expect(page.locator("#answer")).to_be_visible()


def say_all(page: Page, words: str) -> None:
    """Answer with the same words until the interview is over."""
    await_room(page)
    for _ in range(20):
        if page.get_by_role("link", name="See the report").is_visible():
            break
        page.fill("#answer", words)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer")).to_have_value("")
    page.get_by_role("link", name="See the report").click()
    page.wait_for_url("**/report")


def test_one_question_again_shows_the_difference_on_both_reports(
    watched: Watched, kept: dict[str, dict[str, str]]
) -> None:
    page = watched.page
    first = f"/sessions/{kept['weak']['session']}/report"
    page.goto(first)
    card = page.locator("article.q").first
    question = card.locator("h3").inner_text()
    card.get_by_role("button", name="Retry this question").click()
    expect(page.locator("blockquote").first).to_contain_text(question[:40])
    say_all(page, STRONG)
    page.get_by_role("button", name="Skip this").click()
    expect(page.locator("article.q")).to_have_count(1)
    expect(page.get_by_text("still being scored")).to_have_count(0, timeout=SCORED_MS)
    expect(page.locator("article.q h3")).to_have_text(question)
    expect(page.locator("article.q .delta")).to_be_visible(timeout=SCORED_MS)
    expect(page.get_by_role("link", name="The first answer")).to_be_visible()
    take_picture(page, "retry")
    page.get_by_role("link", name="The first time").click()
    expect(page.locator("article.q").first.get_by_text("Practised again")).to_be_visible()
    expect(page.locator("article.q").first.locator(".delta")).to_be_visible()
    assert watched.errors == []


def test_practising_again_is_a_new_session_of_the_same_interview(
    watched: Watched, kept: dict[str, dict[str, str]], site: Live
) -> None:
    page = watched.page
    page.goto(f"/sessions/{kept['nurse']['session']}/report")
    page.get_by_role("button", name="Practise again").click()
    await_room(page)
    assert kept["nurse"]["session"] not in page.url
    with site.client() as api:
        sessions = api.get(f"/api/v1/interviews/{kept['nurse']['interview']}").json()["sessions"]
    assert len(sessions) == 2


def test_the_report_is_downloaded_in_three_forms(
    watched: Watched, kept: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    page = watched.page
    page.goto(f"/sessions/{kept['strong']['session']}/report")
    bodies: dict[str, bytes] = {}
    for name, suffix in (("PDF", "pdf"), ("Markdown", "md"), ("JSON", "json")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name, exact=True).click()
        assert re.fullmatch(rf"strong-one-\d{{4}}-\d\d-\d\d\.{suffix}", waiting.value.suggested_filename)
        waiting.value.save_as(tmp_path / suffix)
        bodies[suffix] = (tmp_path / suffix).read_bytes()
    assert bodies["pdf"].startswith(b"%PDF-")
    assert bodies["md"].startswith(b"# Strong one\n")
    assert json.loads(bodies["json"])["session_id"] == kept["strong"]["session"]


def test_the_printed_report_has_its_folded_parts_and_no_buttons(
    watched: Watched, kept: dict[str, dict[str, str]]
) -> None:
    page = watched.page
    page.goto(f"/sessions/{kept['strong']['session']}/report")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Practise again")).to_be_hidden()
    expect(page.get_by_role("button", name="Retry this question").first).to_be_hidden()
    expect(page.locator(".own-words").first).to_be_visible()
    expect(page.get_by_label("What did it miss?").first).to_be_hidden()


FINISHED = ("workflow_", "operation_outputs")  # the record of finished jobs: ids only, and gone after a week


def traces(site: Live, session: str) -> dict[str, int]:
    """Rows of each table that still name a session, by any column; the record of finished jobs is left out."""

    async def look() -> dict[str, int]:
        found: dict[str, int] = {}
        async with site.app.state.context.database.read() as db:
            tables = await db.scalars(text("select name from sqlite_master where type = 'table'"))
            for table in tables.all():
                columns = [row[1] for row in await db.execute(text(f"pragma table_info({table})"))]
                if table.startswith(("sqlite_", *FINISHED)) or not columns:
                    continue
                tests = " or ".join(
                    f"lower(replace(cast({name} as text), '-', '')) like :id" for name in columns
                )
                count = await db.scalar(
                    text(f"select count(*) from {table} where {tests}"),  # noqa: S608 - names of our own tables
                    {"id": f"%{session.replace('-', '')}%"},
                )
                if count:
                    found[table] = count
        return found

    return site.run(look())


def test_a_deleted_session_is_gone_from_list_comparison_files_and_jobs(
    watched: Watched, kept: dict[str, dict[str, str]], site: Live
) -> None:
    page = watched.page
    gone = keep(site, WEAK, company="Gone Ltd", name="To be deleted")["session"]
    page.goto("/history")
    row = page.locator(".runs > li", has_text="To be deleted")
    row.locator("summary").click()
    row.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The session was deleted.")).to_be_visible()
    assert "To be deleted" not in names(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".runs h3 a", has_text="To be deleted")).to_be_visible()
    row.locator("summary").click()
    row.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The session was deleted.")).to_be_visible()
    strong = kept["strong"]["session"]
    addresses = [
        f"/sessions/{gone}", f"/sessions/{gone}/report", f"/history/compare?a={gone}&b={strong}", f"/history?pick={gone}",
        *(f"/sessions/{gone}/report.{kind}" for kind in ("pdf", "md", "json")),
        f"/api/v1/sessions/{gone}", f"/api/v1/sessions/{gone}/scores", f"/api/v1/comparisons?a={gone}&b={strong}",
        f"/api/v1/sessions/{gone}/report.pdf",
    ]  # fmt: skip
    with site.client() as api:
        for address in addresses:
            assert api.get(address).status_code == 404, address
        until(lambda: (traces(site, gone), site.open_jobs(gone)), lambda left: left == ({}, 0))
        assert api.post(f"/api/v1/sessions/{gone}/restore").status_code == 404


PAGES = {
    "empty": "/history?q=nothing-has-these-words", "history": "/history", "pick": "/history?pick={weak}",
    "compare": "/history/compare?a={weak}&b={strong}", "report": "/sessions/{strong}/report",
    "report-weak": "/sessions/{weak}/report", "report-practice": "/sessions/{practice}/report",
    "gate": "/sessions/{gate}/report",
}  # fmt: skip


@pytest.fixture(scope="module")
def shown(site: Live, kept: dict[str, dict[str, str]]) -> dict[str, str]:
    """Ids for `PAGES`."""
    with site.client() as api:
        gate = finish(api, start(api), STRONG)["session_id"]
        wait_for_scores(api, gate)
    practice = keep(site, STRONG, mode="practice", name="Practice")["session"]
    return {
        "gate": gate,
        "practice": practice,
        **{name: ids["session"] for name, ids in kept.items()},
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_of_what_is_kept_fit_and_axe_finds_nothing_serious(
    browser: Browser, site: Live, shown: dict[str, str], theme: str, width: int
) -> None:
    context = browser.new_context(
        base_url=site.address,
        color_scheme=theme,
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
    )  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    for name, path in PAGES.items():
        page.goto(path.format(**shown))
        page.wait_for_load_state("networkidle")
        page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        take_picture(page, f"keep-{name}-{width}-{theme}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append(f"{name}: scrolls sideways")
        problems += [f"{name}: {entry}" for entry in find_violations(page)]
    context.close()
    assert problems == []
