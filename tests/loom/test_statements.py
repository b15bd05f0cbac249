"""Where one point ends and the next begins."""

import pytest

from loom import read
from loom._reading import Span
from loom._statements import enumerated, parts, sentences


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "Công an TP. Vũng Tàu phối hợp với P. Cảnh sát kinh tế.",
        "Tặng 30 suất quà v.v. cho hộ nghèo.",
        "ThS. Nguyễn Văn Ba trình bày báo cáo.",
        "Thực hiện Nghị định số 03/2019/NĐ-CP của Chính phủ.",
        "Tuyến dài 468.281 km, phạt 1.200.000 đồng.",
        "Lúc 02 giờ 15 phút ngày 17.4, tổ tuần tra phát hiện một xuồng lạ.",
        "Đ/c Trưởng đồn kiểm tra lúc 7h30.",
        "Bắt giữ T. V. Nam tại mốc 23.",
        "Cấp phát gạo, muối, thuốc... cho bà con.",
        "Khẩu hiệu (đồn là nhà. Biên giới là quê hương) được treo tại chốt.",
        "Truy cập trang bienphong.vn để tải mẫu.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Tuần tra 12 lượt. Bắt 03 vụ.", 2),
        ("Hoàn thành năm 2023. Các đồn giữ nghiêm chế độ trực.", 2),
        ("Nắm chắc tình hình./. Đơn vị báo cáo.", 2),
        ("Nội bộ đoàn kết.Bộ đội yên tâm công tác.", 2),
        ("Kết quả ra sao? Chưa có đánh giá!", 2),
        ("Phát động phong trào “Đồn là nhà.” Các tổ đều tham gia.", 2),
        ("Tặng quà, khám bệnh v.v. Các hộ phấn khởi.", 2),
        ("Bắt đối tượng Nguyễn Văn A. Tang vật gồm 2 kg pháo.", 2),
        ("Đạt 98,5%. 100% cán bộ yên tâm.", 2),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert len(cut(text)) == count


def test_semicolons_in_brackets_part_nothing() -> None:
    text = "Thiếu xe (01 ô tô; 02 mô tô) ở hai đồn; đường xấu."

    assert [span.of(text) for span in parts(text, Span(0, len(text)))] == [
        "Thiếu xe (01 ô tô; 02 mô tô) ở hai đồn;",
        "đường xấu.",
    ]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Tập trung: (1) Tuần tra; (2) Kiểm tra.", ["Tuần tra;", "Kiểm tra."]),
        ("Cần: a) mở lớp; b) cử người.", ["mở lớp;", "cử người."]),
        ("Một là, bám dân; hai là, bám địa bàn.", ["Một là, bám dân;", "hai là, bám địa bàn."]),
        ("Tuần tra biên giới (2) lần.", []),
    ],
)
def test_numbered_points_of_a_sentence_are_found(text: str, points: list[str]) -> None:
    assert [span.of(text) for span in enumerated(text, Span(0, len(text)))] == points


def said(body: str) -> list[str]:
    return [statement.text for statement in read("ĐỒN BIÊN PHÒNG A\nBÁO CÁO THÁNG 5/2024\n\n" + body).statements]


def test_shortcomings_are_parted_at_semicolons_and_results_are_not() -> None:
    body = (
        "I. KẾT QUẢ\n- Tuần tra 12 lượt; bắt 03 vụ/05 đối tượng.\n"
        "II. HẠN CHẾ\n- Nắm tình hình còn chậm; tin có giá trị ít.\n"
    )

    assert said(body) == [
        "Tuần tra 12 lượt; bắt 03 vụ/05 đối tượng.",
        "Nắm tình hình còn chậm;",
        "tin có giá trị ít.",
    ]


def test_bullets_are_points_with_or_without_end_marks() -> None:
    body = "Nhiệm vụ\n- Nắm chắc địa bàn\n- Tuần tra khép kín;\n- Giúp dân thu hoạch.\n"

    assert said(body) == ["Nắm chắc địa bàn", "Tuần tra khép kín;", "Giúp dân thu hoạch."]


def test_a_line_broken_by_the_width_of_a_page_goes_on() -> None:
    body = (
        "I. KẾT QUẢ\n"
        "1. Tổ chức tuần tra song phương với lực lượng bảo vệ biên giới nước bạn được 04 lần,\n"
        "kiểm tra dấu hiệu đường biên và 12 cột mốc, không phát hiện vi phạm trên các đoạn\n"
        "Pa Thơm, Na Ư và Mường Mươn của tuyến phụ trách trong thời gian cả tháng vừa qua.\n"
        "2. Giúp dân 40 ngày công.\n"
    )

    assert len(said(body)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "Chi tiết xin liên hệ Ban Tham mưu, điện thoại 0203 3000 555.",
        "Trên đây là báo cáo kết quả công tác tháng 5 của đơn vị./.",
        "Toàn cảnh hội nghị. Ảnh: Minh Hà",
        "Ảnh: Minh Hà",
        "Xin trân trọng cảm ơn!",
        "Đơn vị\tSố vụ\tSố đối tượng",
        "| Đồn A | 12 | 15 |",
        "Nơi nhận:\n- Bộ Chỉ huy;\n- Lưu: VT.",
        "TM. BAN CHỈ HUY\nĐỒN TRƯỞNG\n(Đã ký)\nThượng tá Lê Văn Tám",
        "Kiến nghị\nKhông có.",
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    ],
)
def test_what_is_only_said_around_a_report_is_no_statement(line: str) -> None:
    assert said("Kết quả\n- Tuần tra 12 lượt, an toàn.\n\n" + line + "\n") == ["Tuần tra 12 lượt, an toàn."]


def test_the_head_of_a_paper_holds_no_statement() -> None:
    text = (
        "BỘ CHỈ HUY BĐBP TỈNH ĐIỆN BIÊN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "ĐỒN BIÊN PHÒNG PA THƠM\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 45/BC-ĐBP\tPa Thơm, ngày 15 tháng 3 năm 2024\n"
        "BÁO CÁO\nKết quả công tác tháng 3 năm 2024\n"
        "Kính gửi:\n- Bộ Chỉ huy BĐBP tỉnh;\n- Huyện ủy.\n"
        "Căn cứ Kế hoạch số 12/KH-BCH ngày 05/01/2024;\n"
        "Đồn Biên phòng Pa Thơm báo cáo như sau:\n"
        "Đơn vị tuần tra 14 lượt.\n"
    )

    assert [statement.text for statement in read(text).statements] == ["Đơn vị tuần tra 14 lượt."]
