"""The journey of a report by workbook: fetched in a real browser, filled in as in a spreadsheet, dropped back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.posts import cell, open_form
from tests.browser.visiting import Visitor

PHONE = {"viewport": {"width": 360, "height": 740}}


def test_a_post_fills_in_its_month_by_workbook(visit: Visit, tmp_path: Path) -> None:
    officer = visit("ctv.dongthap01")
    open_form(officer)
    with officer.saving():
        cell(officer, "patrol.teams").fill("10")
        officer.page.keyboard.press("Enter")

    file = _fetched(officer, tmp_path)
    _fill(file)
    _types_something_meanwhile(officer)
    _drops(officer, file)
    _sees_every_cell_and_decides(officer)

    expect(cell(officer, "patrol.joint")).to_have_value("3")
    expect(cell(officer, "law.sessions")).to_have_value("7")
    expect(cell(officer, "patrol.teams")).to_have_value("11")
    expect(officer.page.locator("#words")).to_contain_text("Nắm tình hình có lúc chưa kịp thời.")


def _fetched(officer: Visitor, folder: Path) -> Path:
    with officer.page.expect_download() as download:
        officer.page.locator("aside a[download]").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def _fill(file: Path) -> None:
    """As somebody with a spreadsheet and no connection would."""
    book = openpyxl.load_workbook(file)
    figures, words = book.worksheets[:2]
    rows = {row.value: row.row for row in figures["A"]}
    typed: dict[str, Any] = {"patrol.teams": 12, "patrol.joint": 3, "law.sessions": "7", "crime.drug_kg": "1,151"}
    for code, value in typed.items():
        figures[f"E{rows[f'cell:{code}']}"] = value
    line = next(row.row for row in words["A"] if row.value == "statement:")
    section = next(row.value for row in book.worksheets[2]["C"] if str(row.value).startswith("IX."))
    words[f"C{line}"], words[f"E{line}"] = section, "Nắm tình hình có lúc chưa kịp thời."
    book.save(file)


def _types_something_meanwhile(officer: Visitor) -> None:
    with officer.saving():
        cell(officer, "patrol.teams").fill("11")
        officer.page.keyboard.press("Enter")


def _drops(officer: Visitor, file: Path) -> None:
    officer.page.locator("aside a", has_text="Nộp bảng tính").click()
    officer.page.locator("#workbook").set_input_files(file)
    officer.page.locator(".walk button.primary").click()
    expect(officer.page.locator("#taking")).to_be_visible()


def _line(officer: Visitor, code: str) -> Any:
    return officer.page.locator(f'tr[data-place="cell:{code}"]')


def _sees_every_cell_and_decides(officer: Visitor) -> None:
    """What is sure is ticked; a conflict is not, a doubtful figure asks, and a point asks for its kind."""
    expect(_line(officer, "patrol.joint").locator("input")).to_be_checked()
    expect(_line(officer, "patrol.teams").locator("input")).not_to_be_checked()
    expect(_line(officer, "patrol.teams")).to_contain_text("11")
    expect(_line(officer, "patrol.teams")).to_contain_text("12")
    expect(_line(officer, "crime.drug_kg").locator("option")).to_have_count(3)
    point = officer.page.locator('tr[data-place^="statement:"]')
    point.locator("select").select_option(index=1)
    officer.page.locator("#taking .foot button.tonal").click()
    expect(officer.page.locator("#toasts")).to_contain_text("3")


def test_what_a_workbook_would_change_is_seen_whole_on_a_telephone_in_the_dark(visit: Visit, tmp_path: Path) -> None:
    officer = visit("ctv.dongthap01", color_scheme="dark", accept_downloads=True, **PHONE)
    open_form(officer)
    file = _fetched(officer, tmp_path)
    _fill(file)
    _drops(officer, file)

    width = officer.page.evaluate("document.documentElement.scrollWidth")

    assert width <= 360
    expect(_line(officer, "patrol.joint")).to_be_visible()


def test_a_workbook_goes_there_and_back_without_scripts(visit: Visit, tmp_path: Path) -> None:
    officer = visit("ctv.dongthap01", java_script_enabled=False)
    open_form(officer)
    file = _fetched(officer, tmp_path)
    _fill(file)

    _drops(officer, file)
    officer.page.locator("#taking .foot button.tonal").click()

    expect(cell(officer, "patrol.joint")).to_have_value("3")
