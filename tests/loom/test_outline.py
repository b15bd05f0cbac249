"""Headings of any numbering style, or none."""

import pytest

from loom import read
from loom._kinds import Course
from loom._outline import outline
from loom._reading import Reading

TOP = "ĐỒN BIÊN PHÒNG A\nBÁO CÁO\nKết quả công tác quý I năm 2024\n\n"


def headings(body: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in read(TOP + body).headings]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I. KẾT QUẢ", "II. HẠN CHẾ"),
        ("I- Kết quả", "II- Hạn chế"),
        ("I/ Kết quả", "II/ Hạn chế"),
        ("1. Kết quả", "2. Hạn chế"),
        ("1) Kết quả", "2) Hạn chế"),
        ("1- Kết quả", "2- Hạn chế"),
        ("(1) Kết quả", "(2) Hạn chế"),
        ("a) Kết quả", "b) Hạn chế"),
        ("a. Kết quả", "b. Hạn chế"),
        ("A. KẾT QUẢ", "B. HẠN CHẾ"),
        ("Phần thứ nhất: KẾT QUẢ", "Phần thứ hai: HẠN CHẾ"),
        ("PHẦN I. KẾT QUẢ", "PHẦN II. HẠN CHẾ"),
        ("Mục 1. Kết quả", "Mục 2. Hạn chế"),
        ("KẾT QUẢ", "HẠN CHẾ"),
        ("Kết quả", "Hạn chế"),
        ("Một là, về kết quả", "Hai là, về hạn chế"),
        ("## Kết quả", "## Hạn chế"),
        ("**Kết quả**", "**Hạn chế**"),
        ("* Kết quả", "* Hạn chế"),
        ("1. Kết quả.", "2. Hạn chế."),
        ("Kết quả đạt được:", "Hạn chế, tồn tại:"),
        ("I.KẾT QUẢ", "II.HẠN CHẾ"),
    ],
)
def test_headings_of_every_style_head_their_points(first: str, second: str) -> None:
    text = TOP + f"{first}\n- Tuần tra 12 lượt.\n- Bắt 03 vụ.\n{second}\n- Nắm tình hình còn chậm.\n"

    reading = read(text)

    assert [heading.level for heading in reading.headings] == [1, 1]
    assert [statement.path for statement in reading.statements] == [(0,), (0,), (1,)]
    assert [statement.kind for statement in reading.statements] == ["result", "result", "shortcoming"]


def test_a_heading_is_kept_with_its_number_but_without_bullet_sign_and_colon() -> None:
    body = "* Kết quả đạt được:\n- Tuần tra 12 lượt.\n1.1. Về tuyên truyền:\n- Mở 02 buổi.\n"

    assert headings(body) == [
        (1, "Kết quả đạt được"),
        (2, "1.1. Về tuyên truyền"),
    ]


def test_levels_follow_the_order_in_which_styles_appear() -> None:
    body = (
        "PHẦN I\nKẾT QUẢ\nI. CÔNG TÁC BIÊN PHÒNG\n1. Tuần tra\na) Đơn phương\n- Tuần tra 12 lượt.\n"
        "b) Song phương\n- Tuần tra 02 lượt.\n2. Tuyên truyền\n- Mở 05 buổi.\n"
        "II. CÔNG TÁC ĐẢNG\nKết nạp 02 đảng viên.\n"
    )

    assert headings(body) == [
        (1, "PHẦN I KẾT QUẢ"),
        (2, "I. CÔNG TÁC BIÊN PHÒNG"),
        (3, "1. Tuần tra"),
        (4, "a) Đơn phương"),
        (4, "b) Song phương"),
        (3, "2. Tuyên truyền"),
        (2, "II. CÔNG TÁC ĐẢNG"),
    ]


def test_numbered_points_are_no_headings() -> None:
    body = (
        "III. NHIỆM VỤ\n1. Tăng cường tuần tra\n2. Nắm chắc địa bàn\n3. Giúp dân làm đường\n"
        "IV. KIẾN NGHỊ\nCấp thêm xuồng.\n"
    )

    assert headings(body) == [(1, "III. NHIỆM VỤ"), (1, "IV. KIẾN NGHỊ")]


@pytest.mark.parametrize(
    "line",
    [
        "1.151 lượt tổ tuần tra.",
        "70 cán bộ được tăng cường về xã.",
        "1,5 tỷ đồng đã được thu hồi.",
        "100% quân số tham gia.",
    ],
)
def test_figures_at_the_start_of_a_line_are_no_numbering(line: str) -> None:
    reading = read(TOP + "Kết quả\n" + line + "\n")

    assert [statement.text for statement in reading.statements] == [line]


def test_a_lead_in_tells_what_follows_but_heads_nothing() -> None:
    reading = read(TOP + "Hạn chế\n- Tin còn ít.\nSở dĩ như vậy là vì:\n- Địa bàn rộng.\n- Cán bộ mới.\n")

    assert [heading.text for heading in reading.headings] == ["Hạn chế"]
    assert [statement.kind for statement in reading.statements] == ["shortcoming", "cause", "cause"]


def test_a_report_without_headings_has_none() -> None:
    assert headings("Trong quý, đơn vị tuần tra 12 lượt. Bắt 03 vụ.\n\nThời gian tới, tăng cường tuần tra.\n") == []


def test_a_run_in_heading_closes_the_section_before_it() -> None:
    body = "1. Kết quả\nTuần tra 12 lượt.\n2. Nhiệm vụ\nNắm chắc địa bàn.\n3. Kiến nghị: Cấp thêm 01 xuồng.\n"

    reading: Reading = read(TOP + body)

    assert reading.statements[-1].kind == "proposal"
    assert reading.statements[-1].path == ()


def test_a_wrapped_heading_in_capitals_is_one() -> None:
    body = (
        "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ QUẢN LÝ, BẢO VỆ CHỦ QUYỀN, AN NINH BIÊN GIỚI QUỐC GIA\n"
        "TRÊN ĐỊA BÀN ĐỒN PHỤ TRÁCH\n"
        "Trong quý đơn vị đã tổ chức tuần tra đơn phương và song phương được tất cả 12 lượt,\n"
        "bảo đảm an toàn tuyệt đối.\n"
    )

    assert len(headings(body)) == 1


def test_about_is_no_roman_number() -> None:
    reading = read("ĐỒN BIÊN PHÒNG A\nBÁO CÁO\nV/v kết quả công tác năm 2023\n\n1. KẾT QUẢ\nTuần tra 12 lượt.\n")

    assert [heading.text for heading in reading.headings] == ["1. KẾT QUẢ"]
    assert reading.period is not None
    assert reading.period.value == "2023"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Kết quả công tác biên phòng 9 tháng năm 2024", "2024-9M"),
        ("Kết quả 03 tháng đầu năm 2024", "2024-Q1"),
        ("Lãnh đạo thực hiện nhiệm vụ 9 tháng, phương hướng nhiệm vụ 3 tháng cuối năm 2024", "2024-9M"),
        ("Lãnh đạo, chỉ huy thực hiện nhiệm vụ 6 tháng đầu năm 2024", "2024-H1"),
        ("Quản lý, bảo vệ chủ quyền biên giới 9 tháng năm 2024", "2024-9M"),
        ("Kết quả công tác 09 tháng và nhiệm vụ 03 tháng cuối năm 2024", "2024-9M"),
        ("Hoàn thành nhiệm vụ quý III năm 2024", "2024-Q3"),
        ("Thực hiện nhiệm vụ tháng 12 năm 2023 và phương hướng tháng 01 năm 2024", "2023-12"),
        ("Kết quả đợt cao điểm 30 ngày đêm năm 2024", "2024"),
        ("Tình hình, kết quả 24 giờ qua trong tháng 6/2024", "2024-06"),
        ("Triển khai Đề án 06 và Nghị quyết số 33-NQ/TW quý I năm 2024", "2024-Q1"),
        ("Ra quân thực hiện Kế hoạch 45/KH-BCH, tuần 23 năm 2024", "2024-W23"),
    ],
)
def test_a_title_may_tell_of_lengths_of_time_and_numbers_of_papers(title: str, period: str) -> None:
    reading = read(f"ĐỒN BIÊN PHÒNG A\nBÁO CÁO\n{title}\n\nTuần tra 12 lượt.\nBắt 03 vụ.\n")

    assert [statement.text for statement in reading.statements] == ["Tuần tra 12 lượt.", "Bắt 03 vụ."]
    assert reading.period is not None
    assert reading.period.value == period


def test_a_line_under_the_title_that_counts_what_was_done_is_no_title() -> None:
    reading = read("BÁO CÁO\nTăng cường 15 cán bộ về các xã\nTuần tra 12 lượt.\n")

    assert len(reading.statements) == 2


@pytest.mark.parametrize(
    "number",
    [
        "2",
        "        2",
        "- 2 -",
        "-2-",
        "   – 2 –",
        "Trang 2",
        "Trang 2/5",
        "trang 2 / 5",
        "2/5",
        "Page 2 of 5",
        "~ 2 ~",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_the_number_of_a_page_is_no_statement_and_no_quantity(number: str, gap: str) -> None:
    first, second = "Phát hiện 03 vụ.", "Giúp dân 5 ngày công."

    reading = read(TOP + first + gap + number + gap + second)

    assert [statement.text for statement in reading.statements] == [first, second]
    assert [str(quantity.value) for quantity in reading.quantities] == ["3", "5"]


@pytest.mark.parametrize("number", ["2", "- 2 -", "Trang 2/5"])
def test_a_sentence_goes_on_overleaf(number: str) -> None:
    reading = read(TOP + f"Bắt 03 vụ về các loại tội phạm\n\n{number}\n\ntrên địa bàn phụ trách.\nGiúp 5 hộ dân.\n")

    assert len(reading.statements) == 2
    assert [str(quantity.value) for quantity in reading.quantities] == ["3", "5"]


def test_figures_that_do_not_count_up_are_no_pages() -> None:
    reading = read(TOP + "Số vụ\n24\nSố đối tượng\n31\n")

    assert "24" in " ".join(statement.text for statement in reading.statements)


@pytest.mark.parametrize("line", ["7" * 100_000, "1." * 50_000, "7 " * 50_000])
def test_reading_a_long_line_of_figures_comes_to_an_end(line: str) -> None:
    kinds = Course().begin([line])
    outline(line)

    assert len(kinds) == 1
