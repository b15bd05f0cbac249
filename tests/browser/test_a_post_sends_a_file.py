"""The journey of a report that was written in Word: dropped, looked at, taken over, handed on to the form."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.posts import cell
from tests.browser.visiting import Visitor

TEXT = """BÁO CÁO
Kết quả công tác biên phòng tháng 10 năm 2025

I. KẾT QUẢ
- Đơn vị tổ chức tuần tra 16 lượt tổ/88 lượt cán bộ, chiến sĩ; trong đó tuần tra song phương 02 lượt tổ.
- Tuyên truyền, phổ biến pháp luật 09 buổi cho hơn 640 lượt người nghe.
- Giúp dân 45 ngày công thu hoạch lúa.
- Ra quân rà bờ cõi 9 lượt.
II. HẠN CHẾ
- Nắm tình hình ngoại biên có thời điểm chưa kịp thời.
"""


def test_a_dropped_file_fills_the_draft_with_what_a_person_confirms(visit: Visit, tmp_path: Path) -> None:
    officer = visit("ctv.dongthap01")
    file = tmp_path / "bao-cao-thang-10.txt"
    file.write_text(TEXT, encoding="utf-8")

    _drops(officer, file)
    _sees_the_place_of_a_figure_in_the_text(officer)
    _takes_what_is_sure(officer)
    _confirms_what_is_doubtful(officer)
    _takes_the_points(officer)

    officer.page.get_by_role("link", name="Mở bản soạn").click()
    expect(cell(officer, "patrol.teams")).to_have_value("16")
    expect(cell(officer, "patrol.bilateral")).to_have_value("2")
    expect(cell(officer, "law.listeners")).to_have_value("640")
    officer.page.locator('tr[data-code="patrol.teams"] a.from-file').click()
    expect(officer.page.locator("#here")).to_have_text("16 lượt tổ")


def test_the_same_file_again_is_recognised(visit: Visit, tmp_path: Path) -> None:
    officer = visit("ctv.dongthap01")
    file = tmp_path / "bao-cao-thang-10.txt"
    file.write_text(TEXT, encoding="utf-8")
    _drops(officer, file)

    officer.go("/intake/").page.set_input_files("#files", file)
    officer.page.get_by_role("button", name="Đọc các tệp").click()

    expect(officer.page.get_by_text(re.compile("đã nhận trước đây"))).to_be_visible()


def _drops(officer: Visitor, file: Path) -> None:
    officer.go("/intake/").page.set_input_files("#files", file)
    officer.page.get_by_role("button", name="Đọc các tệp").click()
    officer.page.wait_for_url(re.compile(r"/intake/\d+/"))


def _row(officer: Visitor, words: str) -> Locator:
    return officer.page.locator(".found-cell", has_text=words).first


def _sees_the_place_of_a_figure_in_the_text(officer: Visitor) -> None:
    _row(officer, "“16 lượt tổ”").locator("input").focus()
    expect(officer.page.locator("a.found.asked")).to_have_text(re.compile("16 lượt tổ"))


def _takes_what_is_sure(officer: Visitor) -> None:
    officer.page.get_by_role("button", name=re.compile(r"Lấy \d+ số liệu chắc chắn")).click()
    expect(_row(officer, "“16 lượt tổ”")).to_contain_text("đã lấy")


def _confirms_what_is_doubtful(officer: Visitor) -> None:
    doubtful = _row(officer, "“640 lượt người")
    expect(doubtful).to_contain_text("ước chừng")
    doubtful.get_by_role("button", name=re.compile("^Lấy")).click()
    expect(_row(officer, "“640 lượt người")).to_contain_text("đã lấy")


def _takes_the_points(officer: Visitor) -> None:
    officer.page.get_by_role("button", name=re.compile(r"Lấy cả \d+ ý")).click()
    expect(officer.page.locator(".statement.taken").first).to_be_visible()
