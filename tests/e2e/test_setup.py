"""The set-up in a browser: every kind, several rounds, kept for later, from there to the room and back."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Watched, take_picture
from tests.e2e.test_journey import find_violations
from tests.live import Live

pytestmark = pytest.mark.browser

TALK = "I propose that we open on Mondays as well. We counted 210 visitors a week in March, and they wait fifty minutes."


def end_here(page: Page, title: str) -> None:
    expect(page.locator("greenroom-room:defined")).to_have_count(1)
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="End and see the report").click()


def test_an_interview_in_two_rounds_has_a_break_and_a_summary(watched: Watched) -> None:
    page = watched.page
    page.goto("/new?minutes=15&type=hr_screen&panel=1")
    page.get_by_role("button", name="Add a round").click()
    expect(page.locator("#plan")).to_contain_text("Round 2 of 2")
    page.get_by_label("Type of round 2").select_option("technical")
    expect(page.locator("#plan")).to_contain_text("Round 2 of 2: technical")
    take_picture(page, "setup_rounds")
    page.get_by_role("button", name="Begin the interview").last.click()
    expect(page.get_by_text("Round 1 of 2")).to_be_visible()
    end_here(page, "End the interview here?")
    expect(page.get_by_role("heading", name="Round 1 of 2 is done")).to_be_visible()
    take_picture(page, "break")
    assert find_violations(page) == []
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("heading", name="The next round")).to_be_visible()
    page.get_by_role("button", name="Begin round 2").click()
    expect(page.get_by_text("Round 2 of 2")).to_be_visible()
    end_here(page, "End the interview here?")
    page.get_by_role("link", name="All rounds together").click()
    expect(page.get_by_role("heading", name="Round by round")).to_be_visible()
    take_picture(page, "summary")
    assert find_violations(page) == []
    assert watched.errors == []


def test_a_presentation_is_given_in_parts(watched: Watched) -> None:
    page = watched.page
    page.goto("/new")
    page.get_by_role("link", name="A presentation").click()
    page.get_by_label("Which presentation").select_option("food_bank")
    expect(page.locator("#briefing")).to_contain_text("food bank's volunteers")
    order, button = page.locator("#plan").bounding_box(), page.locator(".go").bounding_box()
    assert order
    assert button
    assert order["y"] + order["height"] <= button["y"]  # nothing lies on the running order
    take_picture(page, "setup_presentation")
    page.get_by_role("button", name="Begin the presentation").last.click()
    expect(page.locator("greenroom-room:defined")).to_have_count(1)
    expect(page.get_by_role("button", name="Send this part")).to_be_visible()
    question = page.locator("[data-part=asked]").inner_text()
    page.fill("#answer", TALK)
    page.get_by_role("button", name="Send this part").click()
    expect(page.locator("#answer")).to_have_value("")
    assert page.locator("[data-part=asked]").inner_text() == question
    take_picture(page, "room_presentation")
    page.fill("#answer", "My request is that you decide on six months today.")
    page.get_by_role("button", name="I am done").click()
    expect(page.locator("[data-part=asked]")).not_to_have_text(question)
    expect(page.get_by_role("button", name="I am done")).to_be_hidden()
    expect(page.get_by_role("button", name="Send answer")).to_be_visible()
    assert find_violations(page) == []
    assert watched.errors == []


def test_an_own_description_shows_what_was_understood(watched: Watched) -> None:
    page = watched.page
    page.goto("/new?scenario=own")
    page.get_by_label("Describe what you want to practise").fill(
        "Next week I ask my boss for a raise. Somebody from finance will be there, and the budget is tight."
    )
    expect(page.locator("#plan")).to_contain_text("A raise")
    expect(page.locator("#plan")).to_contain_text("without a model")
    take_picture(page, "setup_own")
    page.get_by_role("button", name="Begin", exact=True).last.click()
    expect(page.get_by_role("list", name="The panel")).to_contain_text("your boss")
    assert watched.errors == []


def test_an_interview_is_kept_for_later_moved_and_given_up(watched: Watched) -> None:
    page = watched.page
    page.goto("/new?minutes=15")
    page.get_by_text("Keep it for later").click()
    assert page.get_by_label("Time zone").input_value() != ""
    day = datetime.now(UTC) + timedelta(days=3)
    page.get_by_label("Day").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("09:15")
    page.get_by_role("button", name="Keep it for this time").click()
    expect(page.get_by_role("heading", name="Planned", exact=True)).to_be_visible()
    take_picture(page, "home")
    page.get_by_text("Change the time").first.click()
    page.get_by_label("Day").first.fill("2020-01-01")
    page.get_by_role("button", name="Keep it for this time").first.click()
    expect(page.get_by_text("This time has passed").first).to_be_visible()
    assert find_violations(page) == []
    page.get_by_role("button", name="Cancel it").first.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Start now").first).to_be_visible()
    page.goto("/history")
    expect(page.get_by_role("heading", name="Planned", exact=True)).to_be_visible()
    assert watched.errors[:1] == [] or all("422" in error for error in watched.errors)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(
    "path", ["/new", "/new?scenario=meeting", "/new?scenario=presentation", "/new?scenario=own", "/"]
)
def test_the_set_up_has_no_barriers_and_no_sideways_scroll(
    browser: Browser, site: Live, path: str, width: int, scheme: str
) -> None:
    day = f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%dT09:00}"
    with site.client() as api:
        api.post("/api/v1/interviews", json={"minutes": 15, "planned": {"at": day, "zone": "Europe/Lisbon"}})
    context = browser.new_context(
        base_url=site.address, viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert find_violations(page) == []
    name = path.strip("/").replace("?scenario=", "_") or "home"
    take_picture(page, f"{name}_{width}_{scheme}")
    context.close()
