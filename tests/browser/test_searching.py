"""Searching from any page, by keyboard, on a desk and on a phone."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_planner_finds_a_report_by_keyboard_without_accents(visit: Visit) -> None:
    planner = visit("khth.dongthap")
    page = planner.page
    field, options = page.locator("[data-find]"), page.locator(".suggestions [role=option]")

    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("bao cao thang")
    expect(options.first).to_contain_text(re.compile("báo cáo", re.IGNORECASE))
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggested-1")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q="))
    expect(page.locator(".hits mark").first).to_have_text("báo", ignore_case=True)

    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    field.fill("bao cao thang")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{planner.site.url}{chosen}")


def test_a_phone_opens_the_field_by_its_sign(visit: Visit) -> None:
    officer = visit("ctv.dongthap01", viewport={"width": 360, "height": 740})
    page = officer.page

    page.locator(".find-link").click()
    page.locator("#search-words").fill("báo cáo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q="))

    expect(page.locator(".hits li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
