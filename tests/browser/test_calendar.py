"""A week is rescheduled by pointer and by keyboard, and prints as the official calendar: in a real browser."""

from datetime import UTC, datetime

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.serving import Site
from tests.browser.visiting import Visitor

#: The Thursday before the week that is moved; its calendar is approved, so that each move says why.
THURSDAY = datetime(2025, 9, 18, 2, 0, tzinfo=UTC)
MONDAY = "2025-09-22"


def _bar(officer: Visitor, address: str) -> Locator:
    """The bar of one task, by where it is moved."""
    return officer.page.locator(f'a[data-move="{address}"]').first


def _days(bar: Locator) -> tuple[str | None, str | None]:
    return bar.get_attribute("data-starts"), bar.get_attribute("data-due")


def _drag(officer: Visitor, bar: Locator, *, days: int, by_its_end: bool = False) -> None:
    """Take a bar, or its end, over so many days and let it go."""
    box, week = bar.bounding_box(), officer.page.locator(".week").first.bounding_box()
    assert box is not None
    assert week is not None
    x, y = box["x"] + (box["width"] - 3 if by_its_end else 20), box["y"] + box["height"] / 2
    mouse = officer.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + days * week["width"] / 7, y, steps=6)
    mouse.up()
    _say_why(officer)


def _say_why(officer: Visitor) -> None:
    """Answer the question that a calendar in force asks, and save."""
    page = officer.page
    expect(page.get_by_role("dialog")).to_be_visible()
    page.fill("#move-reason", "Hội trường bận")
    with page.expect_navigation():
        page.click("dialog button.primary")


def test_a_post_moves_a_task_of_its_week_by_pointer_and_by_keyboard_and_prints_the_week(
    visit: Visit, site: Site
) -> None:
    site.set_clock(THURSDAY)
    officer = visit("ctv.dongthap01")
    page = officer.go(f"/calendar/?day={MONDAY}").page
    movable = page.locator("a.day-bar[data-move][data-why=with_reason]")
    address = movable.first.get_attribute("data-move") or ""
    assert _days(_bar(officer, address)) == (MONDAY, MONDAY)

    _drag(officer, _bar(officer, address), days=2)
    assert _days(_bar(officer, address)) == ("2025-09-24", "2025-09-24")

    _drag(officer, _bar(officer, address), days=1, by_its_end=True)
    assert _days(_bar(officer, address)) == ("2025-09-24", "2025-09-25")

    bar, told = _bar(officer, address), page.locator("#moved-to")
    bar.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(told).to_have_text("Ngày 23/09/2025")
    page.keyboard.press("Escape")
    expect(told).to_have_text("Đã thôi: ngày giữ nguyên như cũ.")
    assert _days(bar) == ("2025-09-24", "2025-09-25")

    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    _say_why(officer)
    expect(page.locator(".toast")).to_contain_text("đã chuyển sang 24/09")
    assert _days(_bar(officer, address)) == ("2025-09-24", "2025-09-24")

    _bar(officer, address).click()  # pressed, not dragged: it opens the task
    page.wait_for_url("**/tasks/*/")

    officer.go(f"/calendar/print/?day={MONDAY}")
    page.emulate_media(media="print")
    expect(page.locator(".week-sheet")).to_contain_text("hoạt động tuần 39 năm 2025")
    expect(page.locator(".page-head")).to_be_hidden()
    expect(page.locator(".week-sheet tbody tr").first).to_contain_text("Thứ Hai, 22/09")


def test_a_move_out_of_the_plan_s_days_is_refused_in_words_and_loses_nothing(visit: Visit, site: Site) -> None:
    site.set_clock(THURSDAY)
    officer = visit("ctv.dongthap01")
    page = officer.go(f"/calendar/?day={MONDAY}&view=month").page
    bar = page.locator(f"a.day-bar[data-why=with_reason][data-starts='{MONDAY}']").first
    address = bar.get_attribute("data-move") or ""

    bar.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    _say_why(officer)

    expect(page.locator(".strip.error")).to_contain_text("việc ngoài kỳ thuộc kế hoạch dài hơn")
    expect(page.locator("input[name=starts_on]")).to_have_value("2025-09-29")
    expect(page.locator("#reason")).to_have_value("Hội trường bận")
    officer.forgive("422")
    page.get_by_role("link", name="Giữ nguyên").click()
    page.wait_for_url("**/calendar/**")
    assert _days(_bar(officer, address)) == (MONDAY, MONDAY)
