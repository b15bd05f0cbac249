"""The bench by keyboard: what is proposed is accepted, taken apart, put together and worded, without a mouse."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visiting import Visitor

BEFORE, MONTH = "2024-09", "Tháng 9/2024"
SECTION = "IX"  # shortcomings: two provinces say some alike


def _begins(officer: Visitor) -> str:
    """The synthesis of a month that lies behind, as its unit begins it."""
    officer.go(f"/synthesis/?period={BEFORE}")
    officer.page.locator("main tbody tr", has_text=MONTH).locator("td:last-child button").click()
    officer.page.wait_for_url("**/synthesis/*/")
    return officer.address


def _groups(officer: Visitor) -> Locator:
    return officer.page.locator("article[data-item]", has=officer.page.locator(".unit-chip:nth-child(2)"))


def test_an_officer_goes_through_a_section_by_keys(visit: Visit) -> None:
    officer = visit("khth.btl")
    bench = _begins(officer)
    page = officer.go(f"{bench}?section={SECTION}").page
    sentences = page.locator("article[data-item]")
    before = sentences.count()
    group = _groups(officer).first
    expect(group.locator(".chip.proposal")).to_be_visible()
    said = group.locator(".says").inner_text()

    # j goes to the first sentence, which most units say; Enter accepts it, and the next that waits is gone to
    page.keyboard.press("j")
    expect(sentences.first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(sentences.first.locator(".chip.good")).to_be_visible()
    expect(page.locator(".paper p:not(.proposal)", has_text=said)).to_have_count(1)
    expect(sentences.nth(1)).to_be_focused()

    # s opens the members; one is taken out and stands alone behind its group
    page.keyboard.press("k")
    page.keyboard.press("s")
    expect(sentences.first.locator('input[name="source"]').first).to_be_focused()
    page.keyboard.press("Space")
    with page.expect_navigation():
        sentences.first.locator('button[value="split"]').press("Enter")
    expect(sentences).to_have_count(before + 1)

    # m marks two, Shift and m puts them together again
    page.keyboard.press("j")
    sentences.first.focus()
    page.keyboard.press("m")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator(".join-bar")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Shift+M")
    expect(sentences).to_have_count(before)

    # r rewrites; the sentence keeps its units and says that it was rewritten
    sentences.first.focus()
    page.keyboard.press("r")
    page.keyboard.press("Control+a")
    page.keyboard.type("Các đơn vị chủ động nắm tình hình.")
    with page.expect_navigation():
        sentences.first.locator('button[value="rewrite"]').press("Enter")
    expect(sentences.first.locator(".unit-chip")).to_have_count(2)
    expect(sentences.first.locator(".chip", has_text="viết lại")).to_be_visible()
    expect(page.locator(".paper", has_text="Các đơn vị chủ động nắm tình hình.")).to_be_visible()


def test_a_section_is_accepted_at_once_and_the_outline_says_so(visit: Visit) -> None:
    officer = visit("khth.btl")
    bench = _begins(officer)
    page = officer.go(f"{bench}?section={SECTION}").page
    line = page.locator(".outline [aria-current]")
    expect(line.locator(".warning-text")).to_be_visible()

    page.locator(f'form[action="{bench}accept/"] button').click()

    expect(page.locator(f'form[action="{bench}accept/"]')).to_have_count(0)
    expect(line.locator(".warning-text")).to_have_count(0)
    expect(page.locator(".chip.proposal")).to_have_count(0)


def test_what_another_officer_decided_meanwhile_is_not_overwritten(visit: Visit) -> None:
    first, second = visit("khth.btl"), visit("truongphong.btl")
    bench = _begins(first)
    seen = second.go(f"{bench}?section={SECTION}").page.locator("article[data-item]").first
    mine = first.go(f"{bench}?section={SECTION}").page.locator("article[data-item]").first
    mine.locator("[data-rewrite] summary").click()
    mine.locator("textarea").fill("Câu của người thứ nhất.")
    mine.locator('button[value="rewrite"]').click()
    expect(mine.locator(".says")).to_have_text("Câu của người thứ nhất.")

    seen.locator("[data-accept]").click()

    expect(second.page.locator(".trouble, .strip.error, [role=alert]").first).to_be_visible()
    expect(second.page.locator("article[data-item] .says").first).to_have_text("Câu của người thứ nhất.")
