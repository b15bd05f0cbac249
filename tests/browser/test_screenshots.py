"""The pictures of the README, taken again with `make screenshots`; nothing else looks at them.

NENNEP_SCREENSHOTS names the folder for the pictures, NENNEP_SCREENSHOTS_OF the folder of the demonstration they show
(it is copied first); where there is none, they show the small one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.posts import cell
from tests.browser.serving import ROOT, Site, copy_of, served
from tests.browser.visiting import Visitor

FOLDER = os.environ.get("NENNEP_SCREENSHOTS", "")
SHOWN = ROOT / os.environ.get("NENNEP_SCREENSHOTS_OF", "var")
#: Those who may have a month to write when the demonstration ends.
WRITERS = ("ctv.dongthap01", "ctv.langson02", "ctv.dongthap03", "ctv.haidoi", "ctv.tiengiang01")
#: An invented report, as a post would write it in a plain file.
IN_A_FILE = """BÁO CÁO
Kết quả công tác biên phòng tháng 12 năm 2026

I. KẾT QUẢ
1. Tuần tra, quản lý biên giới
- Tổ chức tuần tra 31 lượt tổ/186 lượt cán bộ, chiến sĩ; trong đó song phương 02 lượt tổ/12 lượt cán bộ, chiến sĩ.
- Kiểm tra mốc quốc giới 14 lượt.
2. Đấu tranh phòng, chống tội phạm
- Phát hiện 03 vụ/07 người xuất, nhập cảnh trái phép, tăng 01 vụ so với tháng trước.
- Bắt 02 vụ/03 đối tượng về ma túy, thu 346,5 g heroin.
3. Tuyên truyền, vận động quần chúng
- Tuyên truyền pháp luật 6 buổi cho 1.151 lượt người nghe.
- Giúp dân 85 ngày công.

II. HẠN CHẾ
- Nắm tình hình ngoại biên có lúc chưa kịp thời.

III. PHƯƠNG HƯỚNG
- Tăng cường tuần tra, kiểm soát đường mòn, lối mở.
"""

pytestmark = pytest.mark.skipif(not FOLDER, reason="pictures are taken with `make screenshots`")


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The demonstration that is shown, two hours after the last thing that happened in it."""
    shown = SHOWN if (SHOWN / "nennep.sqlite3").exists() else request.getfixturevalue("demonstration")
    var = copy_of(shown, tmp_path / "var")
    with closing(sqlite3.connect(var / "nennep.sqlite3")) as database:
        ((last,),) = database.execute("SELECT max(received_at) FROM reporting_version")
    at = datetime.fromisoformat(last).replace(tzinfo=UTC) + timedelta(hours=2)
    with served(var, at=at) as site:
        yield site


def _take(visitor: Visitor, name: str) -> None:
    visitor.page.evaluate("document.fonts.ready")
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_timeout(400)  # whatever moves has come to rest
    visitor.page.screenshot(path=ROOT / FOLDER / f"{name}.png")


def test_headquarters_asks_where_a_figure_came_from(visit: Visit) -> None:
    planner = visit("khth.btl")
    page, drawer = planner.page, planner.page.locator("#drawer")
    _take(planner, "desk")
    planner.go("/synthesis/")
    closed = page.locator("main tbody tr", has_text="tháng").filter(has=page.locator(".chip svg"))
    closed.locator("th a").first.click()
    page.locator(".figures-table a.askable").first.click()
    with page.expect_response("**/figures/**"):
        drawer.locator(".parts tbody th a").first.click()
    expect(drawer.locator(".breadcrumb li")).to_have_count(2)
    _take(planner, "source")


@pytest.mark.parametrize(("name", "width", "height"), [("entry", 1440, 900), ("entry-phone", 360, 780)])
def test_a_post_enters_its_month(visit: Visit, name: str, width: int, height: int) -> None:
    for writer in WRITERS:
        officer = visit(writer, viewport={"width": width, "height": height})
        due = officer.page.locator("#work li", has_text="tháng").locator("a, button")
        if due.count():
            break
    else:
        pytest.fail("nobody has a month to write")
    due.first.click()
    officer.page.wait_for_url("**/edit/")
    for code in ("patrol.teams", "patrol.bilateral", "patrol.joint", "patrol.people", "border.markers_checked"):
        before = officer.page.locator(f'tr[data-code="{code}"] td.past').first.inner_text().replace(".", "").strip()
        cell(officer, code).fill(before if before.isdigit() else "2")
    cell(officer, "patrol.bilateral").fill("400")
    with officer.saving():
        cell(officer, "entry.cases").fill("30")
        officer.page.keyboard.press("Enter")
    expect(officer.page.locator(".note-row:not([hidden])").first).to_be_visible()
    officer.page.evaluate("scrollTo(0, 0)")
    _take(officer, name)


def test_a_province_brings_together_what_its_posts_say(visit: Visit) -> None:
    planner = visit("khth.dongthap")
    planner.go("/synthesis/")
    drafted = planner.page.locator("main tbody tr", has_text="tháng").locator("td a[href^='/synthesis/']")
    drafted.first.click()
    planner.page.locator("a[href*='section=IX']").first.click()
    expect(planner.page.locator("h2", has_text="IX.").first).to_be_visible()
    _take(planner, "bench")


def test_a_report_in_a_file_finds_its_cells(visit: Visit) -> None:
    officer = visit("ctv.dongthap01")
    officer.go("/intake/")
    told = FilePayload(name="bao-cao-thang.txt", mimeType="text/plain", buffer=IN_A_FILE.encode())
    officer.page.locator("input[type=file]").first.set_input_files(told)
    officer.page.locator("main form button.primary").first.click()
    expect(officer.page.locator("main", has_text="31 lượt tổ").first).to_be_visible(timeout=30_000)
    _take(officer, "intake")
