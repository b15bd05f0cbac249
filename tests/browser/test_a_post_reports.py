"""The journey of a post's political officer: from the desk to a report that is handed in."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.posts import CAUSE, MONTH, POINTS, cell, fill, hand_in, notes, open_form, write
from tests.browser.visiting import Visitor


def test_a_post_writes_its_month_mends_what_is_asked_and_hands_it_in(visit: Visit) -> None:
    officer = visit("ctv.dongthap01", permissions=["clipboard-read", "clipboard-write"])
    page = officer.page
    open_form(officer)

    _types_by_keyboard_and_mends_a_part_larger_than_its_whole(officer)
    _is_asked_which_number_was_meant(officer)
    _pastes_a_block_of_cells(officer)
    _finds_everything_again_after_a_reload(officer)
    _hands_in_too_early(officer)
    with officer.saving():
        fill(officer)
        write(officer, *CAUSE)
        page.keyboard.press("Tab")
    _explains_a_figure_far_from_last_months(officer)
    hand_in(officer)

    expect(page.locator('[id="cell-help.workdays"]')).to_contain_text("260")
    expect(page.locator('[id="cell-crime.drug_kg"] .own')).to_contain_text("1,151")
    expect(page.locator(".versions")).to_contain_text("Bùi Đức Lộc")
    officer.go("/")
    expect(page.locator("#work")).to_be_visible()
    expect(page.locator("#work li", has_text=MONTH)).to_have_count(0)


def _types_by_keyboard_and_mends_a_part_larger_than_its_whole(officer: Visitor) -> None:
    """Enter and the arrows go from cell to cell, and what is wrong stands beside its cell."""
    keyboard, wrong = officer.page.keyboard, officer.page.locator(".note-row:not([hidden]) .error")
    cell(officer, "patrol.teams").focus()
    keyboard.type("9")
    keyboard.press("Enter")
    expect(cell(officer, "patrol.bilateral")).to_be_focused()
    with officer.saving():
        keyboard.type("12")
        keyboard.press("ArrowDown")
    expect(cell(officer, "patrol.joint")).to_be_focused()
    expect(wrong.first).to_contain_text("12")
    keyboard.press("ArrowUp")
    with officer.saving():
        keyboard.type("2")
        keyboard.press("Enter")
    expect(wrong).to_have_count(0)


def _is_asked_which_number_was_meant(officer: Visitor) -> None:
    with officer.saving():
        cell(officer, "crime.drug_kg").fill("1,151")
        officer.page.keyboard.press("Enter")
    readings = notes(officer, "crime.drug_kg").locator("button")
    expect(readings).to_have_count(2)
    with officer.saving():
        readings.filter(has_text="1,151").click()
    expect(readings).to_have_count(0)


def _pastes_a_block_of_cells(officer: Visitor) -> None:
    officer.page.evaluate("navigator.clipboard.writeText('3\\n1\\n152\\n')")
    cell(officer, "law.sessions").focus()
    with officer.saving():
        officer.page.keyboard.press("Control+V")
    expect(cell(officer, "law.border_law_sessions")).to_have_value("1")
    expect(officer.page.locator("#toasts")).to_contain_text("3")


def _finds_everything_again_after_a_reload(officer: Visitor) -> None:
    """No button was pressed: the form saves by itself."""
    officer.page.reload()
    expect(cell(officer, "patrol.bilateral")).to_have_value("2")
    expect(cell(officer, "law.listeners")).to_have_value("152")


def _hands_in_too_early(officer: Visitor) -> None:
    """It is refused with what remains, and nothing is lost."""
    officer.page.locator("[data-hands-in]").click()
    expect(officer.page.locator("#problem")).to_be_visible()
    expect(cell(officer, "law.listeners")).to_have_value("152")
    officer.forgive("422")


def _explains_a_figure_far_from_last_months(officer: Visitor) -> None:
    with officer.saving():
        cell(officer, "help.workdays").fill("260")
        officer.page.keyboard.press("Enter")
    word = officer.page.locator('input[name="word.cell:help.workdays"]')
    expect(word).to_be_visible()
    with officer.saving():
        word.fill("Giúp dân khắc phục hậu quả mưa lũ.")
        word.press("Tab")


def test_whoever_saves_second_is_told_and_shown_both(visit: Visit) -> None:
    first = visit("ctv.dongthap01")
    open_form(first)
    second = first.second_tab().go(first.address)
    with first.saving():
        cell(first, "patrol.teams").fill("10")
        first.page.keyboard.press("Enter")

    cell(second, "patrol.teams").fill("11")
    second.page.keyboard.press("Enter")

    clash = second.page.locator("#clash")
    expect(clash).to_contain_text("10")
    expect(clash).to_contain_text("11")
    clash.locator('button[value="mine"]').click()
    expect(cell(second, "patrol.teams")).to_have_value("11")
    first.page.reload()
    expect(cell(first, "patrol.teams")).to_have_value("11")
    first.forgive("409")


def test_a_line_that_breaks_loses_nothing_that_was_typed(visit: Visit) -> None:
    officer = visit("ctv.dongthap01")
    open_form(officer)
    officer.page.context.set_offline(True)
    cell(officer, "patrol.teams").fill("9")
    officer.page.keyboard.press("Enter")
    expect(officer.page.locator("#offline")).to_be_visible()

    with officer.saving():
        officer.page.context.set_offline(False)

    expect(officer.page.locator("#offline")).to_be_hidden()
    officer.page.reload()
    expect(cell(officer, "patrol.teams")).to_have_value("9")
    officer.forgive("ERR_INTERNET_DISCONNECTED")


def test_the_form_is_saved_and_handed_in_without_scripts(visit: Visit) -> None:
    officer = visit("ctv.dongthap01", java_script_enabled=False)
    page = officer.page
    open_form(officer)
    fill(officer)
    cell(officer, "crime.drug_kg").fill("1,151")

    page.locator('.actions button[form="draft"]').first.click()
    expect(cell(officer, "law.listeners")).to_have_value("152")
    expect(page.locator("textarea", has_text=POINTS[0][2])).to_have_count(1)
    notes(officer, "crime.drug_kg").locator("button", has_text="1,151").click()
    expect(notes(officer, "crime.drug_kg")).to_be_hidden()
    write(officer, *CAUSE)
    hand_in(officer)

    expect(page.locator(".versions")).to_contain_text("Bùi Đức Lộc")
