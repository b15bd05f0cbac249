"""The board of a plan in a browser: the tree, a clause that lights its tasks, a task beside the page, an amendment."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit

QUARTER = "quý IV năm 2025"
CLAUSE = "Điểm II.3"
TITLE = "Tổ chức ngày cao điểm tuyên truyền ở ba xã biên giới"


def test_a_planner_amends_a_plan_from_a_clause_and_sees_what_changed(visit: Visit) -> None:
    officer = visit("khth.dongthap")
    page = officer.go("/plans/?span=quarter&state=issued").page
    page.locator("main tbody th a", has_text=QUARTER).click()
    page.wait_for_url("**/plans/*/")
    board = officer.address
    rows = page.locator(".task-tree tbody tr[id]")
    before = rows.count()
    expect(rows.first).to_be_visible()

    # a clause lights the tasks that carry it out; asked for alone, the others go
    page.get_by_role("link", name=CLAUSE, exact=True).click()
    expect(page.locator(".clause.driving")).to_have_count(1)
    lit = page.locator(".task-tree tr.driving")
    expect(lit.first).to_be_visible()
    count = lit.count()
    page.get_by_role("link", name="Chỉ hiện các nhiệm vụ này").click()
    expect(rows).to_have_count(count)

    # a task opens beside the board, and Escape closes it
    rows.first.locator("th a").first.click()
    expect(page.locator("#drawer .task-title")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer .task-title")).to_have_count(0)

    # the plan is in force: it is opened to be amended, with a reason
    officer.go(board)
    page.locator(".page-head summary", has_text="Khác").click()
    page.fill("#amend-reason", "Bổ sung việc theo kết luận giao ban")
    page.get_by_role("button", name="Điều chỉnh kế hoạch").click()
    expect(page.locator(".strip.changed")).to_contain_text("Bổ sung việc theo kết luận giao ban")

    # a task is made, and stands on the board
    page.get_by_role("link", name="Thêm nhiệm vụ").first.click()
    page.fill("#title", TITLE)
    page.locator('input[name="clauses"]').first.check()
    page.get_by_role("button", name="Thêm nhiệm vụ").click()
    expect(page.locator(".task-tree tbody tr[id]")).to_have_count(before + 1)
    expect(page.locator(".task-tree", has_text=TITLE)).to_be_visible()

    # what changed says so, and nothing else
    page.get_by_role("link", name="Xem đã sửa những gì").click()
    expect(page.locator(".changes-table tbody tr")).to_have_count(1)
    expect(page.locator(".changes-table tbody tr")).to_contain_text(TITLE)
