"""The journey of a document: from a draft that saves itself to its number in the register, and to whom it is for."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visiting import Visitor

SUBJECT = "tăng cường tuần tra biên giới cuối năm 2025"
WORDS = "I. NHIỆM VỤ\n\n1. Tổ chức tuần tra biên giới.\n\n3. Báo cáo kết quả trước ngày 25."


def test_a_document_goes_from_its_draft_to_the_register_and_to_whom_it_is_for(visit: Visit) -> None:
    drafter, commander, province = visit("khth.btl"), visit("tulenh.btl"), visit("khth.dongthap")

    page = _begins(drafter)
    _types_and_is_warned(drafter)
    _binds_a_clause(drafter)
    _names_the_provinces(drafter, page)
    _presses(drafter, page, "submit")
    _presses(commander, page, "agree")
    _presses(commander, page, "sign")
    number = _issues(drafter, page)

    _acknowledges(province, page, number)
    drafter.go(page)
    expect(drafter.page.locator("section", has=drafter.page.locator("progress"))).to_contain_text("Đã nhận 1 trên")
    drafter.page.locator(".side-head a[href*='/registers/']").click()
    expect(drafter.page.locator("table")).to_contain_text(SUBJECT)
    expect(drafter.page.locator("table")).to_contain_text(number)


def _begins(drafter: Visitor) -> str:
    page = drafter.go("/documents/").page
    page.locator("a.primary").click()
    page.locator("label", has_text=re.compile(r"^\s*Chỉ thị\s+CT\s*$")).locator("input").check()
    page.locator("#subject").fill(SUBJECT)
    page.locator("main form button.primary").click()
    page.wait_for_url("**/edit/")
    return drafter.address.removesuffix("edit/")


def _types_and_is_warned(drafter: Visitor) -> None:
    """It saves by itself; outline, warnings and the paper follow what is typed."""
    page = drafter.page
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
        page.locator("#typed").fill(WORDS)
    expect(page.locator("#beside")).to_contain_text("sau 1 là 3")
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
        page.locator("#typed").fill(WORDS.replace("3. Báo cáo", "2. Báo cáo"))
    expect(page.locator("#beside")).not_to_contain_text("sau 1 là")
    expect(page.locator("#preview")).to_contain_text("2. Báo cáo kết quả")
    page.reload()
    expect(page.locator("#typed")).to_have_value(WORDS.replace("3. Báo cáo", "2. Báo cáo"))


def _binds_a_clause(drafter: Visitor) -> None:
    page = drafter.page
    row = page.locator(".binding-table tbody tr").first
    row.locator("input[type=checkbox]").check()
    row.locator("input[type=date]").fill("2025-12-25")
    page.locator("form:has(.binding-table) button").click()
    expect(page.locator(".binding-table tbody tr").first.locator("input[type=checkbox]")).to_be_checked()


def _names_the_provinces(drafter: Visitor, document: str) -> None:
    page = drafter.go(f"{document}recipients/").page
    page.locator("select[name='kind.province_command']").select_option("act")
    page.locator("main form button.primary").click()
    expect(page.locator("table")).to_contain_text("Đồng Tháp")


def _presses(visitor: Visitor, document: str, move: str) -> None:
    """The one solid green button of the page is the step that is next."""
    page = visitor.go(document).page
    button = page.locator(".page-head button.primary")
    expect(button).to_have_count(1)
    assert (button.locator("xpath=..").get_attribute("action") or "").endswith(f"/{move}/")
    button.click()
    expect(page.locator(f"form[action$='/{move}/']")).to_have_count(0)


def _issues(drafter: Visitor, document: str) -> str:
    page = drafter.go(document).page
    slot = page.locator(".number-slot.next").inner_text()
    page.locator("summary.primary").click()
    page.locator("form[action$='/issue/'] button.primary").click()
    expect(page.locator(".number-slot.own")).to_have_text(slot)
    number = page.locator(".breadcrumb [aria-current]").inner_text()
    assert number.startswith(f"{int(slot):02}/CT-")
    return number


def _acknowledges(province: Visitor, document: str, number: str) -> None:
    page = province.go("/documents/?tab=waiting").page
    page.locator("tr", has_text=number).locator("a").click()
    page.wait_for_url(f"**{document}")
    page.locator(".page-head button.primary").click()
    expect(page.locator("form[action$='/acknowledge/']")).to_have_count(0)
