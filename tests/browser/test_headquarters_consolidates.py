"""The journey from a returned report at a post to headquarters' one figure, and from the figure back to the post."""

from datetime import datetime
from pathlib import Path

import openpyxl
from docx import Document
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from tests.browser.conftest import Visit
from tests.browser.posts import MONTH, PERIOD, accept_all_proposals, cell, hand_in, notes, report_the_month
from tests.browser.serving import HANOI
from tests.browser.visiting import Visitor

REMARK = "Đối chiếu lại với sổ trực ban."
SAID_BY_ONE = "Tham mưu cho cấp ủy xã củng cố chi bộ ấp Tân Hòa."
REWRITTEN = "Các đồn giữ vững chủ quyền, an ninh biên giới."
TEAMS = "patrol.teams"
CLOSING = datetime(2025, 10, 25, 10, 0, tzinfo=HANOI)


def test_a_posts_figure_goes_up_to_headquarters_and_leads_back(visit: Visit, tmp_path: Path) -> None:
    post, other_post = visit("ctv.dongthap01"), visit("ctv.dongthap03")
    province, headquarters = visit("khth.dongthap"), visit("khth.btl")
    first, teams = report_the_month(post, {"VIII": SAID_BY_ONE})
    second, other_teams = report_the_month(other_post)

    _returns_with_a_remark(province, first)
    _mends_and_hands_in_again(post, teams + 1)
    total = teams + 1 + other_teams
    _sees_the_difference(province, first, teams)
    for report in (first, second):
        _accepts(province, report)
    _brings_together(province, total)
    _accepts(headquarters, province.address)

    _finds_the_figure(headquarters, total)
    _follows_it_to_the_posts_cell(headquarters, teams + 1)
    bench = _begins(headquarters)
    _hears_of_a_late_change(post, province, headquarters, bench, teams + 2)
    _finds_the_figure(headquarters, total + 1)
    _carries_the_paper_home(headquarters, bench, total + 1, tmp_path)
    post.site.set_clock(CLOSING)
    _closes_the_books(headquarters)


def _round(visitor: Visitor) -> Locator:
    """The line of the month in the list of rounds that are brought together."""
    visitor.go(f"/synthesis/?period={PERIOD}")
    return visitor.page.locator("main tbody tr", has_text=MONTH.capitalize())


def _returns_with_a_remark(province: Visitor, report: str) -> None:
    page = province.go(f"/reports/?period={PERIOD}&state=submitted").page
    page.locator(f'main a[href="{report}"]').first.click()
    row = page.locator(f'[id="cell-{TEAMS}"]')
    row.locator(".remarking summary").click()
    row.locator(".remarking input").fill(REMARK)
    page.locator("#review-reason").fill("Đề nghị đồn rà lại số liệu tuần tra.")
    page.locator("#review button").click()
    expect(page.locator(".versions li.returned")).to_have_count(1)


def _mends_and_hands_in_again(post: Visitor, teams: int) -> None:
    page = post.go("/").page
    page.locator("#work li.returned", has_text=MONTH).locator("a, button").first.click()
    expect(notes(post, TEAMS)).to_contain_text(REMARK)
    with post.saving():
        notes(post, TEAMS).locator("input").fill("Đã đối chiếu, bổ sung một tổ.")
        cell(post, TEAMS).fill(str(teams))
        page.keyboard.press("Tab")
    hand_in(post)


def _sees_the_difference(province: Visitor, report: str, before: int) -> None:
    changed = province.go(report).page.locator(f'[id="cell-{TEAMS}"] .own')
    expect(changed.locator(".old-value")).to_have_text(str(before))
    expect(changed.locator(".figure")).to_have_text(str(before + 1))


def _accepts(superior: Visitor, report: str) -> None:
    superior.go(report).page.locator('form[action$="/accept/"] button').click()
    page = superior.go(report).page
    expect(page.locator(".versions li.good")).not_to_have_count(0)
    expect(page.locator('form[action$="/accept/"]')).to_have_count(0)


def _begins(officer: Visitor) -> str:
    _round(officer).locator("button").click()
    officer.page.wait_for_url("**/synthesis/*/")
    return officer.address


def _brings_together(province: Visitor, total: int) -> None:
    """One sentence is rewritten, one left out; finished, it is the province's own report and the page shows it."""
    page, bench = province.page, _begins(province)
    expect(page.locator(".paper")).to_contain_text(f"{total} lượt tổ")
    province.go(f"{bench}?section=VIII")
    common = page.locator("article.statement-group", has_text="Giữ vững chủ quyền")
    expect(common).not_to_have_count(0)
    common.first.locator("[data-rewrite] summary").click()
    common.first.locator("textarea").fill(REWRITTEN)
    common.first.locator('button[value="rewrite"]').click()
    expect(page.locator(".paper")).to_contain_text(REWRITTEN)
    single = page.locator("article.statement-group", has_text=SAID_BY_ONE)
    single.locator("[data-leave-out] summary").click()
    single.locator('input[name="reason"]').fill("Việc riêng của một đồn.")
    single.locator('button[value="leave-out"]').click()
    expect(page.locator(".paper")).not_to_contain_text(SAID_BY_ONE)
    accept_all_proposals(province, bench)
    page.locator('[data-opens="finish"]').click()
    page.locator("dialog#finish button.primary").click()
    expect(page.locator(".page-head .chip.good")).to_be_visible()
    province.go(f"/rounds/{_round_number(province)}/")
    page.locator(".page-head .actions a, .page-head .actions button").first.click()


def _round_number(visitor: Visitor) -> str:
    address = _round(visitor).locator("th a").get_attribute("href") or ""
    return address.split("/rounds/")[1].split("/")[0]


def _finds_the_figure(headquarters: Visitor, total: int) -> None:
    _round(headquarters).locator("th a").click()
    expect(_figure(headquarters)).to_have_text(str(total))


def _figure(headquarters: Visitor) -> Locator:
    return headquarters.page.locator(f'.figures-table a.askable[href*="/{TEAMS}/"]')


def _follows_it_to_the_posts_cell(headquarters: Visitor, teams: int) -> None:
    page, drawer = headquarters.page, headquarters.page.locator("#drawer")
    _figure(headquarters).click()
    drawer.locator(".parts a", has_text="Đồng Tháp").click()
    drawer.locator(".parts tr", has_text=str(teams)).locator("a").first.click()
    version = drawer.locator(".version-source").first
    expect(version).to_contain_text("Bùi Đức Lộc")
    version.locator("a.button").click()
    page.wait_for_url(f"**/versions/2/#cell-{TEAMS}")
    expect(page.locator(f'[id="cell-{TEAMS}"] .figure')).to_have_text(str(teams))
    expect(page.locator(f'[id="cell-{TEAMS}"]')).to_be_in_viewport()
    _round(headquarters).locator("th a").click()  # the way down has moved nobody: the page still looks at all units
    expect(_figure(headquarters)).not_to_have_text(str(teams))


def _hears_of_a_late_change(post: Visitor, province: Visitor, headquarters: Visitor, bench: str, teams: int) -> None:
    report = post.address
    post.go(f"{report}edit/")
    with post.saving():
        cell(post, TEAMS).fill(str(teams))
        post.page.keyboard.press("Tab")
    hand_in(post)
    _accepts(province, report)
    changes = headquarters.go(bench).page.locator("#changes")
    expect(changes).to_contain_text(str(teams - 1))
    expect(changes).to_contain_text(str(teams))
    changes.locator('button[value="take"]').click()
    expect(headquarters.page.locator("#changes")).to_have_count(0)


def _carries_the_paper_home(headquarters: Visitor, bench: str, total: int, folder: Path) -> None:
    files = {}
    headquarters.go(bench)
    for kind in ("docx", "pdf", "xlsx"):
        with headquarters.page.expect_download() as coming:
            headquarters.page.locator(f'.page-head a[href$=".{kind}"]').click()
        files[kind] = folder / f"paper.{kind}"
        coming.value.save_as(files[kind])
    said = f"{total} lượt tổ"
    assert said in "\n".join(paragraph.text for paragraph in Document(str(files["docx"])).paragraphs)
    assert said in " ".join(" ".join(page.extract_text() for page in PdfReader(files["pdf"]).pages).split())
    rows = [row for sheet in openpyxl.load_workbook(files["xlsx"]) for row in sheet.iter_rows(values_only=True)]
    assert any(total in row for row in rows)


def _closes_the_books(headquarters: Visitor) -> None:
    page = headquarters.go(f"/rounds/{_round_number(headquarters)}/").page
    page.locator(".closing summary").click()
    page.locator("#closing-reason").fill("Bốn đơn vị chưa báo cáo, đã đôn đốc hai lần.")
    page.locator(".closing button").click()
    expect(page.locator(".digest")).to_be_visible()
    expect(page.locator("#closing-reason")).to_have_count(0)


# --- looking back ---------------------------------------------------------------------------------


def test_a_past_month_is_seen_as_it_was_known_and_with_the_tree_of_another_day(visit: Visit) -> None:
    headquarters = visit("truongphong.btl")
    page = headquarters.page
    headquarters.go("/synthesis/?period=2025-06")
    page.locator("main tbody tr", has_text="Tháng 6/2025").locator("th a").click()
    parts = page.locator("#drawer .parts tbody th")
    _figure(headquarters).click()
    expect(parts).to_have_count(2)
    expect(parts.filter(has_text="Tiền Giang")).to_have_count(1)
    total = _figure(headquarters).inner_text()

    page.locator("#on").fill("2025-07-01")
    page.locator(".known-bar button").click()

    expect(page.locator("#on")).to_have_value("2025-07-01")
    expect(_figure(headquarters)).to_have_text(total)
    _figure(headquarters).click()
    expect(page.locator("#drawer .parts tr", has_text="Đồng Tháp")).to_contain_text(total)
    page.locator("#on").fill("")
    page.locator("#known_at").fill("2025-06-10")  # nobody had reported a period that had not ended
    page.locator(".known-bar button").click()
    expect(page.locator(".page-head .chip.changed")).to_be_visible()
    expect(_figure(headquarters)).to_have_count(0)
