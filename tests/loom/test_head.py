"""What a text says of itself: paper, unit and period, each with its place."""

import pytest

from loom import read
from loom._head import is_ahead, period_in
from loom._text import fold


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Báo cáo công tác tháng 6 năm 2024", "2024-06"),
        ("Báo cáo tháng 06/2024", "2024-06"),
        ("Báo cáo tháng 11-2023", "2023-11"),
        ("Báo cáo công tác quý III năm 2024", "2024-Q3"),
        ("Báo cáo quý 2/2023", "2023-Q2"),
        ("Sơ kết công tác 6 tháng đầu năm 2024; phương hướng 6 tháng cuối năm", "2024-H1"),
        ("Báo cáo 06 tháng cuối năm 2022", "2022-H2"),
        ("Báo cáo 9 tháng đầu năm 2023", "2023-9M"),
        ("BÁO CÁO TỔNG KẾT CÔNG TÁC NĂM 2023, NHIỆM VỤ NĂM 2024", "2023"),
        ("Báo cáo tuần 23/2024", "2024-W23"),
        ("Báo cáo tuần (từ ngày 03/6 đến ngày 09/6/2024)", "2024-W23"),
        ("Báo cáo tháng (từ ngày 15/5/2024 đến ngày 14/6/2024)", "2024-06"),
        ("Báo cáo tuần thứ 23 (từ ngày 03 đến ngày 09/6/2024)", "2024-W23"),
        ("Báo cáo tuần từ 27/5 - 02/6/2024", "2024-W22"),
        ("Báo cáo (từ ngày 15 tháng 5 đến ngày 14 tháng 6 năm 2024)", "2024-06"),
        ("Báo cáo (từ ngày 16 tháng 12 năm 2023 đến ngày 15 tháng 01 năm 2024)", "2024-01"),
        ("Báo cáo quý IV, năm 2023", "2023-Q4"),
        ("Báo cáo quý hai năm 2024", "2024-Q2"),
        ("Báo cáo tháng Sáu năm 2023", "2023-06"),
        ("Báo cáo 3 tháng đầu năm 2024", "2024-Q1"),
        ("Báo cáo sơ kết 6 tháng năm 2024", "2024-H1"),
        ("Báo cáo công tác 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2024", "2024-H1"),
        ("Báo cáo công tác tháng 12, phương hướng, nhiệm vụ tháng 01 năm 2024", "2023-12"),
        ("Báo cáo công tác 9 tháng, phương hướng năm 2025", "2024-9M"),
        ("Báo cáo kết quả thực hiện nhiệm vụ quý I năm 2024", "2024-Q1"),
        ("Báo cáo thực hiện Kế hoạch 45 của Bộ Tư lệnh quý II/2024", "2024-Q2"),
        ("Báo cáo thực hiện Nghị quyết số 33-NQ/TW ngày 25 tháng 9 năm 2018 tháng 6/2024", "2024-06"),
        ("Báo cáo nhiệm kỳ 2020 - 2025", "2020..2025"),
        ("Sơ kết 10 năm phong trào (2013 - 2023)", "2013..2023"),
        ("Tổng kết giai đoạn 2015-2020", "2015..2020"),
        ("Báo cáo công tác năm 2023 (kèm Công văn số 2107/BCH-TM)", "2023"),
    ],
)
def test_the_period_is_read_from_the_title(title: str, code: str) -> None:
    reading = read(f"ĐỒN BIÊN PHÒNG A\n{title}\n\nĐơn vị tuần tra 12 lượt.\n")

    assert reading.period is not None
    assert reading.period.value == code
    assert reading.period.span.of(reading.text) in title


def test_a_period_without_its_year_takes_that_of_the_date() -> None:
    reading = read("ĐỒN A\nSố: 12/BC – A, ngày 15 tháng 6 năm 2024\nBÁO CÁO\nKết quả tháng 6\n\nTuần tra 12 lượt.\n")

    assert reading.period is not None
    assert reading.period.value == "2024-06"


@pytest.mark.parametrize("title", ["Báo cáo công tác tuần tra", "Báo cáo theo Nghị quyết 43 năm 2019"])
def test_no_period_is_guessed(title: str) -> None:
    assert period_in(fold(title)) is None


@pytest.mark.parametrize(
    ("line", "period", "ahead"),
    [
        ("công tác tháng 7", "2024-06", True),
        ("công tác tháng 5", "2024-06", False),
        ("công tác tháng 1", "2024-12", True),
        ("nhiệm vụ", "2024-06", False),
        ("quý IV", "2024-Q3", True),
        ("quý IV", "2023-9M", True),
        ("năm 2025", "2024", True),
        ("năm 2024", "2024", False),
        ("6 tháng cuối năm", "2024-H1", True),
    ],
)
def test_time_ahead_is_known_from_the_report_s_own_period(line: str, period: str, ahead: bool) -> None:
    assert is_ahead(fold(line), period) is ahead


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("BỘ CHỈ HUY BỘ ĐỘI BIÊN PHÒNG TỈNH KON TUM", "BĐBP tỉnh Kon Tum"),
        ("BỘ CHỈ HUY BĐBP TỈNH SÓC TRĂNG", "BĐBP tỉnh Sóc Trăng"),
        ("ĐẢNG ỦY BĐBP TỈNH BÀ RỊA - VŨNG TÀU", "BĐBP tỉnh Bà Rịa - Vũng Tàu"),
        ("BỘ ĐỘI BIÊN PHÒNG THÀNH PHỐ HẢI PHÒNG", "BĐBP TP. Hải Phòng"),
        ("ĐỒN BIÊN PHÒNG PA THƠM", "Đồn Biên phòng Pa Thơm"),
        ("ĐỒN BIÊN PHÒNG CỬA KHẨU QUỐC TẾ LA LAY", "Đồn Biên phòng cửa khẩu quốc tế La Lay"),
        ("BỘ CHỈ HUY BĐBP TỈNH LAI CHÂU\nĐỒN BIÊN PHÒNG KA LĂNG", "Đồn Biên phòng Ka Lăng"),
        ("ỦY BAN NHÂN DÂN XÃ TÂN BÌNH", "UBND xã Tân Bình"),
        ("UBND HUYỆN VÂN HỒ\nCÔNG AN HUYỆN", "Công an huyện Vân Hồ"),
        ("CÔNG AN THÀNH PHỐ VINH", "Công an TP. Vinh"),
        ("BAN CHỈ HUY QUÂN SỰ XÃ BẮC LA", "Ban CHQS xã Bắc La"),
        ("BAN CHQS HUYỆN MƯỜNG NHÉ", "Ban CHQS huyện Mường Nhé"),
        ("BỘ CHQS TỈNH ĐIỆN BIÊN", "Bộ CHQS tỉnh Điện Biên"),
        ("CÔNG AN TỈNH LÀO CAI\nCÔNG AN XÃ A MÚ SUNG", "Công an xã A Mú Sung"),
        ("CỤC HẢI QUAN TỈNH LẠNG SƠN\nCHI CỤC HẢI QUAN CỬA KHẨU CHI MA", "Chi cục Hải quan cửa khẩu Chi Ma"),
        ("HẢI QUAN KHU VỰC VIII", "Hải quan khu vực VIII"),
        ("CHI CỤC THỦY SẢN TỈNH KIÊN GIANG", "Chi cục Thủy sản tỉnh Kiên Giang"),
        ("CHI CỤC KIỂM NGƯ VÙNG V", "Chi cục Kiểm ngư vùng V"),
        ("HẢI ĐỘI 2 BĐBP TỈNH NGHỆ AN", "Hải đội 2 BĐBP tỉnh Nghệ An"),
        ("BCH BĐBP TỈNH SÓC TRĂNG\nHẢI ĐỘI 2", "Hải đội 2 BĐBP tỉnh Sóc Trăng"),
        ("HẢI ĐỘI BIÊN PHÒNG 2", "Hải đội Biên phòng 2"),
        ("BỘ TƯ LỆNH BĐBP\nHẢI ĐOÀN 48", "Hải đoàn 48"),
        ("HẢI ĐOÀN 48 BĐBP", "Hải đoàn 48"),
        ("ĐỒN BIÊN PHÒNG CỬA KHẨU CẢNG HÒN LA", "Đồn Biên phòng cửa khẩu cảng Hòn La"),
        ("ĐBP CỬA KHẨU CẦU TREO", "Đồn Biên phòng cửa khẩu Cầu Treo"),
        ("TRẠM KIỂM SOÁT BIÊN PHÒNG CỬA KHẨU NA MÈO", "Trạm Kiểm soát Biên phòng cửa khẩu Na Mèo"),
        ("VĂN PHÒNG BĐBP TỈNH GIA LAI", "Văn phòng BĐBP tỉnh Gia Lai"),
        ("BỘ CHỈ HUY BĐBP TỈNH HÀ GIANG\nPHÒNG CHÍNH TRỊ", "Phòng Chính trị BĐBP tỉnh Hà Giang"),
        ("BỘ CHỈ HUY BĐBP TỈNH HÀ GIANG\nPHÒNG THAM MƯU", "Phòng Tham mưu BĐBP tỉnh Hà Giang"),
        (
            "BCH BĐBP TỈNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐỒN BIÊN PHÒNG A PA CHẢI\tĐộc lập - Tự do - Hạnh phúc",
            "Đồn Biên phòng A Pa Chải",
        ),
    ],
)
def test_the_unit_is_read_from_the_letterhead(head: str, unit: str) -> None:
    reading = read(f"{head}\nBÁO CÁO\nKết quả công tác tháng 6 năm 2024\n\nTuần tra 12 lượt.\n")

    assert reading.unit is not None
    assert reading.unit.value == unit


def test_the_addressee_is_not_the_unit() -> None:
    reading = read("BÁO CÁO\nKết quả tháng 6 năm 2024\nKính gửi: Bộ Chỉ huy BĐBP tỉnh Cao Bằng\n\nTuần tra 12 lượt.\n")

    assert reading.unit is None


def test_a_title_may_name_the_unit() -> None:
    reading = read("Báo cáo của Ban Chỉ huy BĐBP tỉnh Tây Ninh năm 2023\n\nTuần tra 12 lượt.\n")

    assert reading.unit is not None
    assert reading.unit.value == "BĐBP tỉnh Tây Ninh"


@pytest.mark.parametrize(
    ("title", "paper"),
    [
        ("BÁO CÁO NHANH công tác tháng 6", "báo cáo"),
        ("KẾ HOẠCH\nCông tác năm 2025", "kế hoạch"),
        ("Chỉ thị về tăng cường quản lý bộ đội", "chỉ thị"),
        ("Sơ kết công tác quý I", "báo cáo"),
        ("TỜ TRÌNH\nVề việc bổ sung kinh phí", "tờ trình"),
        ("BIÊN BẢN\nHội nghị giao ban tháng 6", "biên bản"),
        ("BẢN KIỂM ĐIỂM\nTập thể Ban Chỉ huy đồn năm 2024", "bản kiểm điểm"),
        ("Bản tự kiểm điểm năm 2024", "bản kiểm điểm"),
        ("CÔNG VĂN\nVề việc tăng cường quản lý", "công văn"),
        ("Số: 12/CV-ĐBP\nV/v tăng cường tuần tra", "công văn"),
        ("V/v tăng cường tuần tra", "công văn"),
        ("BÁO CÁO\nV/v kết quả công tác", "báo cáo"),
        ("BÁO CÁO ĐỘT XUẤT\nVụ cháy rừng", "báo cáo"),
        ("BÁO CÁO CHUYÊN ĐỀ\nCông tác dân vận", "báo cáo"),
        ("(Dự thảo) BÁO CÁO TỔNG KẾT", "báo cáo"),
        ("HỘI NGHỊ SƠ KẾT CÔNG TÁC 6 THÁNG ĐẦU NĂM 2024", "báo cáo"),
        ("ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN NHIỆM VỤ NĂM 2024", "báo cáo"),
        ("Kết quả thực hiện nhiệm vụ tháng 6 năm 2024", "báo cáo"),
    ],
)
def test_the_kind_of_paper_is_read(title: str, paper: str) -> None:
    reading = read(f"ĐỒN BIÊN PHÒNG A\n{title}\n\nĐơn vị tuần tra 12 lượt.\n")

    assert reading.document is not None
    assert reading.document.value == paper


def test_a_text_that_says_nothing_of_itself_has_no_head() -> None:
    reading = read("Tuần tra 12 lượt. Bắt 03 vụ.")

    assert (reading.document, reading.unit, reading.period) == (None, None, None)
