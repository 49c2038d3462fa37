"""One person, one browser: from the first page to the report, and what may happen on the way."""

import gzip
import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import ROOT, Watched, take_picture
from tests.live import Live

pytestmark = pytest.mark.browser

ANSWERS = [
    "I look after the billing export at a small water company, and I like finding out why things are slow.",
    (
        "Last spring our nightly export failed twice a week and customers got their bills late. I took it on: I read two "
        "weeks of logs, found one query that locked the orders table for nine minutes, and rewrote it to work in batches. I "
        "tested it on a copy and told the support team each morning what had changed. In the end it ran in forty seconds, "
        "and complaints fell from thirty a week to two. Since then I measure before I change anything."
    ),
    "I would talk to the people involved and look for a compromise.",
    (
        "It was me who decided. I wrote down both options with their cost, asked the two teams which deadline was fixed, "
        "and chose the smaller change. We delivered three days early and nobody had to work on the weekend."
    ),
]


def begin(page: Page, query: str = "minutes=15&panel=3&company=Saltmarsh+Water") -> None:
    page.goto(f"/new?{query}")
    page.get_by_role("button", name="Begin the interview").click()
    expect(page.locator("greenroom-room:defined")).to_have_count(1)
    expect(page.locator("#answer")).to_be_visible()


def say(page: Page, words: str) -> None:
    before = page.locator("[data-part=asked]").inner_text()
    page.fill("#answer", words)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_have_value("")
    expect(page.locator("[data-part=asked]")).not_to_have_text(before)


def play_to_the_end(page: Page) -> None:
    for n in range(30):
        if page.get_by_role("link", name="See the report").is_visible():
            return
        say(page, ANSWERS[n % len(ANSWERS)])
    raise AssertionError("the interview did not end")


def find_violations(page: Page) -> list[str]:
    """Serious findings of axe-core (WCAG 2.2 A and AA)."""
    page.evaluate((ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))"
        ".violations.map(v => `${v.impact} ${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`)"
    )
    return [entry for entry in found if entry.startswith(("serious", "critical"))]


def test_from_the_first_page_to_the_report_in_two_clicks_and_some_answers(watched: Watched) -> None:
    page = watched.page
    page.goto("/")
    take_picture(page, "setup")
    page.get_by_role("button", name="Start with defaults").click()
    expect(page.locator("blockquote")).not_to_be_empty()
    begin(page)
    say(page, ANSWERS[0])
    page.fill("#answer", ANSWERS[1][:150])
    take_picture(page, "room")
    say(page, ANSWERS[1])
    page.get_by_role("button", name="Transcript").first.click()
    expect(page.locator("#transcript")).to_contain_text(ANSWERS[1][:40])
    page.locator("#transcript").get_by_role("button", name="Close").click()
    play_to_the_end(page)
    page.get_by_role("link", name="See the report").click()
    expect(page.get_by_role("heading", name="Your rating first")).to_be_visible()
    page.locator("label", has_text="3").first.click()
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator("[id^='answer-'], article").first).to_be_visible()
    expect(page.get_by_text("still being scored")).to_have_count(0, timeout=30_000)
    expect(page.get_by_role("heading", name="Key points").first).to_be_visible()
    take_picture(page, "report")
    page.goto("/history")
    expect(page.get_by_text("Saltmarsh Water").first).to_be_visible()
    take_picture(page, "history")
    assert watched.errors == []


def test_a_reload_and_a_second_tab_show_the_same_question_and_a_stale_send_keeps_the_words(
    watched: Watched,
) -> None:
    page = watched.page
    begin(page)
    say(page, ANSWERS[0])
    asked = page.locator("blockquote").first.inner_text()
    page.route("**/events", lambda _: None)  # this tab does not hear in time that the other one goes on
    page.reload()
    expect(page.locator("blockquote").first).to_have_text(asked)
    other = page.context.new_page()
    other.goto(page.url)
    other.context.set_offline(False)
    page.fill("#answer", "Words that are not sent yet.")
    say(other, ANSWERS[1])
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=asked]")).not_to_contain_text(asked)
    expect(page.locator("#answer")).to_have_value("Words that are not sent yet.")


def test_words_typed_before_the_script_is_there_stay_and_are_kept(browser: Browser, site: Live) -> None:
    context = browser.new_context(base_url=site.address, service_workers="block")
    page = context.new_page()
    held: list[Route] = []
    page.goto("/new?minutes=15&panel=1")
    page.route("**/*.js", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks its handler)
    page.get_by_role("button", name="Begin the interview").click()
    page.locator("#answer").press_sequentially("I was early")
    expect(page.locator("greenroom-room:defined")).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**/*.js")
    expect(page.locator("greenroom-room:defined")).to_have_count(1)
    expect(page.locator("#answer")).to_have_value("I was early")
    expect(page.locator("[data-part=saved]")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator("#answer")).to_have_value("I was early")
    context.close()


def test_a_draft_survives_a_reload(watched: Watched) -> None:
    page = watched.page
    begin(page)
    page.fill("#answer", "Half a sentence, and then the battery")
    page.locator("#answer").blur()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#answer")).to_have_value("Half a sentence, and then the battery")


def test_the_transcript_leaves_the_question_free(watched: Watched) -> None:
    page = watched.page
    begin(page)
    say(page, ANSWERS[0])
    page.get_by_role("button", name="Transcript").click()
    drawer = page.locator("#transcript").bounding_box()
    question = page.locator("[data-part=asked]").bounding_box()
    assert drawer is not None
    assert question is not None
    assert question["x"] + question["width"] <= drawer["x"]


def test_the_end_of_an_interview_warns_of_words_that_are_not_sent(watched: Watched) -> None:
    page = watched.page
    begin(page)
    page.fill("#answer", "Half an answer")
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_text("What is written in the box is not sent.")).to_be_visible()


def test_send_is_in_sight_on_a_phone_however_long_the_panel_speaks(browser, site: Live) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)  # fmt: skip
    page = context.new_page()
    begin(page)
    page.locator("[data-part=asked]").evaluate("node => node.append('And one thing more. '.repeat(60))")
    page.evaluate("scrollTo(0, 0)")
    for part in ("[data-part=send]", ".moves"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844
    context.close()


def test_losing_the_network_says_so_and_loses_nothing(watched: Watched) -> None:
    page = watched.page
    begin(page)
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    page.fill("#answer", ANSWERS[0])
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Connection lost.").first).to_be_visible(timeout=15_000)
    expect(page.locator("#answer")).to_have_value(ANSWERS[0])
    page.context.set_offline(False)
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#transcript")).to_contain_text(ANSWERS[0], timeout=15_000)
    assert page.locator("#transcript").inner_text().count(ANSWERS[0]) <= 1


def test_the_whole_interview_by_keyboard_alone(watched: Watched) -> None:
    page = watched.page
    page.goto("/new")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Start with defaults":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.type(ANSWERS[0])
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#answer")).to_be_visible()
    page.locator("h1").first.click()
    page.keyboard.press("p")
    expect(page.get_by_text("The question is covered while you pause.")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("The question is covered while you pause.")).to_be_hidden()


def test_the_room_works_without_javascript(browser, site: Live) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/new")
    page.get_by_role("button", name="Start with defaults").click()
    for n in range(3):
        page.fill("#answer", ANSWERS[n % len(ANSWERS)])
        page.get_by_role("button", name="Send answer").click()
        expect(page.locator("#answer")).to_have_value("")
    expect(page.locator("#transcript")).to_contain_text(ANSWERS[1][:60])
    context.close()


def prepare_finished(site: Live) -> str:
    """The id of a session that has ended and is judged, made over the API."""
    from tests.reports.test_report import wait_for_scores
    from tests.room.test_turns import finish, start

    with httpx.Client(base_url=site.address, timeout=30) as api:
        room = finish(api, start(api), ANSWERS[1])
        wait_for_scores(api, room["session_id"])
        api.post(f"/api/v1/sessions/{room['session_id']}/rating", json={"levels": {}})
        return str(room["session_id"])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_fits_and_axe_finds_nothing_serious(browser, site: Live, theme: str, width: int) -> None:
    done = prepare_finished(site)
    context = browser.new_context(
        base_url=site.address,
        color_scheme=theme,
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
    )
    page = context.new_page()
    begin(page, "minutes=15&panel=2")
    say(page, ANSWERS[0])
    room = re.sub(r"^https?://[^/]+", "", page.url)
    paths = {
        "setup": "/new", "room": room, "report": f"/sessions/{done}/report", "ended": f"/sessions/{done}",
        "history": "/history", "about": "/about", "missing": "/nowhere",
    }  # fmt: skip
    problems: list[str] = []
    for name, path in paths.items():
        page.goto(path)
        page.wait_for_load_state("networkidle") if name not in ("room", "ended") else page.wait_for_timeout(
            300
        )
        take_picture(page, f"{name}-{width}-{theme}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems.append(f"{name}: scrolls sideways")
        problems += [f"{name}: {entry}" for entry in find_violations(page)]
    context.close()
    assert problems == []


def test_the_first_page_carries_little_script(watched: Watched) -> None:
    bodies: list[bytes] = []
    page = watched.page
    page.on("response", lambda reply: bodies.append(reply.body()) if reply.url.endswith(".js") else None)
    page.goto("/new")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(len(gzip.compress(body)) for body in bodies) <= 60_000
