"""Every number of a report: what it counts, how sure it is, what it is there for, and what it belongs to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom._quantities import find_quantities
from loom._reading import Kind, NotQuantity, Qualifier, Quantity, Role, Span, Statement

#: A text, and what is counted in it: value|measure|qualifier. `(a or b)` reads two ways.
COUNTED = """
Bắt giữ 24vụ/30 đối tượng, thu 346,433g heroin. => 24|vụ ; 30|đối tượng ; (346433 or 346.433)|g
Tuần tra 1.151lượt tổ với 3.548 lượt CBCS. => 1151|lượt tổ ; 3548|lượt CBCS
Hỗ trợ 3 triệu 500 nghìn đồng cho 2 hộ nghèo. => 3500000|đồng ; 2|hộ nghèo
Tổng trị giá hơn 1,2 tỷ đồng. => 1200000000|đồng|over
Xử phạt 618 triệu, nộp ngân sách nhà nước. => 618000000|đồng
Thu giữ nửa tấn pháo nổ. => 0.5|tấn
Ủng hộ nửa tỷ đồng xây nhà. => 500000000|đồng
Có 5 chục hộ dân tham gia. => 50|hộ dân
Tặng ba chục suất quà. => 30|suất quà
Hai mươi lăm cán bộ được tập huấn. => 25|cán bộ
Có một trăm linh năm hộ ký cam kết. => 105|hộ
Thu 2 tấn rưỡi gạo. => 2.5|tấn
Trị giá 2 tỷ rưỡi đồng. => 2500000000|đồng
Chi 1 triệu rưỡi đồng. => 1500000|đồng
Tổng kinh phí 1 tỷ 250 triệu đồng. => 1250000000|đồng
Vốn 1.200 tỷ đồng và 35,5 km đường. => 1200000000000|đồng ; 35.5|km
Phát 12,400 tờ rơi và 1.5 km băng rôn. => 12400|tờ rơi ; 1.5|km
Tổ chức 5 buổi tuyên truyền cho 1 250 lượt người nghe. => 5|buổi ; 1250|lượt người
Có 1.000 người trở lên tham gia. => 1000|người|over
Khoảng 5 nghìn hơn lượt người. => 5000|lượt người|over
Thu không dưới 50 kg pháo. => 50|kg|over
Không quá 3 vụ mỗi năm. => 3|vụ|under
Cứu 14 người trên 02 tàu bị nạn. => 14|người ; 2|tàu
Diễn ra trên 3 tuyến đường. => 3|tuyến đường
Triển khai trên 20 xã. => 20|xã
Kiểm tra 45 vụ trên 12 địa bàn. => 45|vụ ; 12|địa bàn
Phạt trên 20 tàu, thu hút trên 40 hộ. => 20|tàu|over ; 40|hộ|over
Tang vật ước trị giá 2 tỷ đồng. => 2000000000|đồng|about
Mỗi tháng tuần tra ít nhất một lần. => 1|lần|over
Một viên chức được tặng bằng khen. => 1|viên chức
Một chiến sĩ bị thương, hai tàu hư hỏng. => 1|chiến sĩ ; 2|tàu
Tối đa 10 đồng chí. => 10|đồng chí|under
Ngót 200 hộ dân. => 200|hộ dân|under
Xấp xỉ 3.400 lượt người. => 3400|lượt người|about
Ước đạt 95% kế hoạch. => 95|%|about
Ước khoảng 12 tấn hàng. => 12|tấn|about
Chừng 40 người tụ tập. => 40|người|about
Trên dưới 100 phương tiện. => 100|phương tiện|about
Ít nhất là 5 chuyên án. => 5|chuyên án|over
Chưa đến 10 vụ. => 10|vụ|under
Mỗi tổ 5-7 người. => 5|người ; 7|người
Từ 10% đến 15% số hộ. => 10|% ; 15|%
Từ 1,5 - 2 tỷ đồng. => 1500000000|đồng ; 2000000000|đồng
Đạt 341/360 chỉ tiêu. => 341|chỉ tiêu ; 360|chỉ tiêu
12/15 xã biên giới đạt chuẩn nông thôn mới. => 12|xã ; 15|xã
Kết nạp 15 đảng viên mới; 100% chi bộ trong sạch. => 15|đảng viên mới ; 100|%
Tặng 02 con bò, 15 con lợn giống và 300 con gà. => 2|con bò ; 15|con lợn ; 300|con gà
Thu 02 khẩu súng, 45 viên đạn, 1 quả lựu đạn. => 2|khẩu súng ; 45|viên đạn ; 1|quả lựu đạn
Tạm giữ 3 xe máy, 2 ô tô, 15 điện thoại di động. => 3|xe máy ; 2|ô tô ; 15|điện thoại di động
Xây dựng 03 (ba) căn nhà đại đoàn kết. => 3|căn nhà
Quản lý 2.039 hộ/9.722 khẩu thuộc 28 bản. => 2039|hộ ; 9722|khẩu ; 28|bản
Có 3 tập thể, 5 cá nhân được khen. => 3|tập thể ; 5|cá nhân
Diện tích 12,5 ha, trồng 3.000 cây xanh. => 12.5|ha ; 3000|cây xanh
Khu vực rộng 45 km². => 45|km²
San lấp 120 m3 đất, 50m2 sân. => 120|m3 ; 50|m2
Trị giá 8 triệu USD. => 8000000|USD
Thưởng 500.000đ/người. => 500000|đồng/người
Số tiền 97.000.000đ. => 97000000|đồng
Kinh phí: 15 triệu đồng/suất. => 15000000|đồng/suất
Phát hiện 12 ca mắc. => 12|ca mắc
Tổng số 24 vụ. => 24|vụ
Quân số 150 đồng chí. => 150|đồng chí
Dân số 12.345 người. => 12345|người
Giáo dục chính trị quân số đạt 98,5%. => 98.5|%
Trong số 24 vụ có 5 vụ nghiêm trọng. => 24|vụ ; 5|vụ
Năm đồng chí được tặng Bằng khen. => 5|đồng chí
Xử lý hai vụ, ba đối tượng. => 2|vụ ; 3|đối tượng
Khen thưởng một tập thể và hai cá nhân. => 1|tập thể ; 2|cá nhân
Mười hai tổ tự quản hoạt động tốt. => 12|tổ
Bắt 11 đối tượng truy nã, 3 tàu giã cào. => 11|đối tượng ; 3|tàu
Đăng 45 tin, bài trên cổng thông tin. => 45|tin, bài
Xây 2 phòng học, khoan 3 giếng nước. => 2|phòng học ; 3|giếng nước
Quyên góp 1.250 kg gạo, 300 thùng mì tôm. => (1250 or 1.25)|kg ; 300|thùng
Cấp phát 500 áo phao. => 500|áo phao
Huy động 320 lượt cán bộ, chiến sĩ và 45 lượt phương tiện. => 320|lượt cán bộ, chiến sĩ ; 45|lượt phương tiện
Xác minh 15 nguồn tin. => 15|nguồn tin
Đưa 4 thuyền viên bị nạn vào bờ. => 4|thuyền viên
Duy trì 12 mô hình, 7 câu lạc bộ. => 12|mô hình ; 7|câu lạc bộ
Tiếp nhận 7 lá cờ Tổ quốc. => 7|lá cờ
Tổ chức 2 hội nghị/150 đại biểu. => 2|hội nghị ; 150|đại biểu
123 vụ/153 bị xử lý. => 123|vụ
Đánh bắt 2,5 tấn/ngày. => 2.5|tấn/ngày
Trồng 120 nghìn cây. => 120000|cây
Hơn một nửa số hộ đã ký. => 0.5|số hộ|over
Thu 7 kiếm Nhật. => 7|kiếm
Sửa chữa 14 máng nước. => 14|máng nước
Vận động 5 già làng. => 5|già làng
"""

#: Nothing is counted here.
NOTHING_COUNTED = """
Ngày 22 tháng 9 năm 2023, từ ngày 15/12/2023 đến ngày 14/6/2024.
Quyết định số 132-QĐ/TW, Nghị định 76/2019/NĐ-CP, Chỉ thị 01, Nghị quyết 35, Đề án 06.
Theo Luật số 66/2020/QH14 và Thông tư 09/2022/TT-BQP.
Điều 79, khoản 2, Phụ lục 1, Bảng 2, mẫu số 3, trang 15.
Lần thứ 3, lần thứ XIII, Khu phố 4, Đại đội 1, Trạm số 2, Quân khu 5, Quân đội 2-9.
Cột mốc số 1378 (2) đến mốc 1380; mốc 23, 24; khu vực mốc quốc giới số 305.
Tàu cá QNa-91234 TS, BV 92345 TS, xe 47C-123.45, súng AK-47.
Điện thoại 0205 3000 111; đường dây nóng: 069.588.123; liên hệ 0983449277 - 0913303903.
Từ 22 giờ đến 5 giờ sáng, lúc 7h30, vào 15 giờ ngày 3/2, duy trì trực 24/24, 24/7.
Giai đoạn 2015-2020, nhiệm kỳ 2020 - 2025, năm học 2023-2024, các năm 2022, 2023.
Trong 5 năm, 6 tháng đầu năm, quý 3, 9 tháng, tuần 2 tháng 3, 10 ngày.
SEA Games 31, COVID-19, G7, công nghiệp 4.0, mạng 5G, IUU, A3, H5N1.
Thực hiện "3 bám, 4 cùng", phương châm 4 tại chỗ, 5 không 3 sạch, ba cùng.
Hai bên, hai nước, cả hai tuyến, một số đơn vị, một bộ phận nhân dân, một mặt, một là.
Thứ nhất, thứ hai, thứ ba, thứ 4.
Quốc lộ 19, tỉnh lộ 8, Km 15+300, đường 14C, QL1A.
Tọa độ 10°23'15"N, 104°15'20"E.
Đội 2, tổ 5, thôn 3, ấp 4, phường 12, quận 1, chi bộ 3.
Chuyên án 220C, bí số A325.
Hàng chục vụ, hàng nghìn lượt người, vài trăm hộ, mấy chục tàu.
Chiều 25/12, ngày 8-7, đến 30/6, dịp 22/12, kỷ niệm 3/3.
Năm 2024 tổ chức, tháng 5 tổ chức, quý II năm 2024.
Tàu cá dài từ 15 m trở lên, công dân đủ 18 tuổi, người dưới 16 tuổi.
Hội nghị Trung ương 8 khóa XIII; Đại hội 13; khóa 12.
(Kèm theo Công văn số 2107/BCH-TM ngày 5/6/2024)
Số: 45/BC-ĐBP; Số 12/KH-BTL.
ISO 9001:2015, TCVN 5699.
Vùng 3 Hải quân, Vùng Cảnh sát biển 2, Hải đội 2, Hải đoàn 18, Lữ đoàn 171.
Tiếp tục thực hiện Chương trình 135, Dự án 6, Kết luận 54-KL/TW.
Nâng một bước chất lượng; có một thời gian; là một trong những đơn vị; cơ chế một cửa.
Một cán bộ phải kiêm nhiều việc; một đơn vị làm tốt.
Cán bộ lớp 9, học sinh lớp 12, bậc 3, hạng 2, loại 1.
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


def quantities_of(text: str, kind: Kind | None = None) -> tuple[Quantity, ...]:
    statements = (Statement(Span(0, len(text)), text, kind),) if kind else ()
    return find_quantities(text, statements, ())[0]


def not_quantities_of(text: str) -> tuple[NotQuantity, ...]:
    return find_quantities(text, (), ())[1]


def told(quantity: Quantity) -> str:
    value = str(quantity.value) if quantity.value is not None else f"({' or '.join(map(str, quantity.readings))})"
    sure = "" if quantity.qualifier is Qualifier.EXACT else f"|{quantity.qualifier}"
    return f"{value}|{quantity.measure}{sure}"


@pytest.mark.parametrize("line", lines(COUNTED))
def test_what_is_counted_is_found(line: str) -> None:
    text, _, expected = line.partition(" => ")

    found = [told(quantity) for quantity in quantities_of(text)]

    assert found == expected.split(" ; ")


@pytest.mark.parametrize("text", lines(NOTHING_COUNTED))
def test_dates_names_and_numbers_of_order_are_no_quantities(text: str) -> None:
    assert [quantity.quote for quantity in quantities_of(text)] == []


@pytest.mark.parametrize(
    ("text", "covered", "why"),
    [
        ("Ngày 22 tháng 9 năm 2023", "22 tháng 9 năm 2023", "date"),
        ("Chiều 25/12", "25/12", "date"),
        ("giai đoạn 2015 - 2020", "2015 - 2020", "date"),
        ("6 tháng đầu năm 2024", "6 tháng đầu năm 2024", "period"),
        ("quý 3", "quý 3", "period"),
        ("1482/BC-BCH", "1482/BC-BCH", "document"),
        ("Nghị quyết số 43-NQ/ĐU", "43-NQ/ĐU", "document"),
        ("Chỉ thị 01", "Chỉ thị 01", "document"),
        ("lúc 23h15", "23h15", "clock"),
        ("trực 24/24 giờ", "24/24 giờ", "clock"),
        ("mốc 1116 - 1120", "1116 - 1120", "marker"),
        ("cột mốc số 1378 (2)", "1378 (2)", "marker"),
        ("điện thoại 0205 3000 111", "0205 3000 111", "phone"),
        ("Đại đội 1", "Đại đội 1", "ordinal"),
        ("Tàu QNa-91234 TS", "-91234 TS", "plate"),
        ("hàng chục vụ", "hàng chục", "vague"),
        ("phương châm “4 tại chỗ”", "4 tại chỗ", "name"),
        ("cả hai tuyến", "hai tuyến", "idiom"),
        ("Một là, nắm chắc", "Một là", "ordinal"),
    ],
)
def test_a_number_that_counts_nothing_says_why(text: str, covered: str, why: str) -> None:
    assert [(found.text, found.why) for found in not_quantities_of(text)] == [(covered, why)]


#: A point whose lines a page broke, and what is counted in it.
BROKEN = [
    ("Phát hiện 31\nvụ", "31|vụ"),
    ("Kiểm soát 5,4 nghìn\n  lượt phương tiện", "5400|lượt phương tiện"),
    ("Tuyên truyền cho 620 lượt\nngười", "620|lượt người"),
    ("Quản lý 14 mốc\nquốc giới", "14|mốc quốc giới"),
]


@pytest.mark.parametrize(("text", "counted"), BROKEN)
def test_a_line_end_within_a_point_is_a_space(text: str, counted: str) -> None:
    (quantity,) = quantities_of(text, Kind.RESULT)

    assert told(quantity) == counted
    assert quantity.span.of(text) == quantity.quote


def test_parts_on_the_next_line_of_a_point_know_their_total() -> None:
    text = "Xử lý 50 vụ, trong\nđó ma tuý 20\nvụ, buôn lậu\n30 vụ"

    assert [quantity.part_of for quantity in quantities_of(text, Kind.RESULT)] == [None, 0, 0]


@pytest.mark.parametrize("text", ["Có 31\n- vụ trộm", "Có 31\n\nvụ trộm", "Loại\tSố\nxe 31\nvụ\t5"])
def test_bullets_empty_lines_and_rows_stay_apart(text: str) -> None:
    assert "31|vụ" not in {told(quantity) for quantity in quantities_of(text, Kind.RESULT)}


@pytest.mark.parametrize(
    "text",
    ["Đội 2 tổ chức 5 buổi", "Tổ 5 tổ chức 5 buổi", "Thôn 3: 5 buổi", "Năm 2024 tổ chức 5 buổi", "Tháng 3 mở 5 buổi"],
)
def test_a_number_of_order_beside_a_count_is_left_out(text: str) -> None:
    assert [told(quantity) for quantity in quantities_of(text)] == ["5|buổi"]


def test_the_style_of_the_other_numbers_settles_an_open_one() -> None:
    text = "Thu 346,433 gam heroin và 2,9 kg pháo; quãng đường 21.500 km."

    values = [quantity.value for quantity in quantities_of(text)]

    assert values == [Decimal("346.433"), Decimal("2.9"), Decimal(21500)]


def test_an_open_number_keeps_all_its_readings_and_no_value() -> None:
    (quantity,) = quantities_of("Quãng đường 1.151 km.")

    assert quantity.value is None
    assert quantity.readings == (Decimal(1151), Decimal("1.151"))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Bắt 24 vụ, tăng 5 vụ (26,3%) so với cùng kỳ", "result change-up change-up"),
        ("Bắt 24 vụ, giảm 5 vụ, 7 đối tượng", "result change-down change-down"),
        ("Bắt 24 vụ, nhiều hơn 5 vụ so với năm trước", "result change-up"),
        ("Bắt 24 vụ, so với cùng kỳ tăng 5 vụ", "result change-up"),
        ("Bắt 24 vụ (cùng kỳ 30 vụ)", "result previous"),
        ("Bắt 24 vụ (năm 2022: 30 vụ)", "result previous"),
        ("Buôn lậu giảm 13 vụ so với 48 vụ của năm trước", "change-down previous"),
        ("Số vụ giảm từ 85 xuống còn 60 vụ", "previous result"),
        ("Thời gian trung bình giảm từ 45 phút xuống còn 30 phút", "previous rate"),
        ("Mở 40 buổi, tăng 10 buổi (33,3%), 300 lượt người (16,7%)", "result" + " change-up" * 4),
        ("Mỗi suất 500.000 đồng", "rate"),
        ("Kết nạp 47 đảng viên, đạt 104,4% chỉ tiêu 45 đồng chí", "result result target"),
        ("Khai thác 1,25 triệu tấn, bằng 62,5% kế hoạch năm (2 triệu tấn)", "result result target"),
        ("Trồng 36 ha, đạt 80% so với chỉ tiêu giao là 45 ha", "result result target"),
        ("Trồng 36 ha so với chỉ tiêu 45 ha đạt 80%", "result target result"),
        ("Bắt 30 vụ, tăng 25% so với cùng kỳ (24 vụ)", "result change-up previous"),
        ("Bình quân 7,7 đồng chí/lượt", "rate"),
        ("Lũy kế từ đầu năm bắt 96 vụ", "cumulative"),
        ("Tuyến biên giới dài 277,889 km, đi qua 12 xã", "baseline baseline"),
        ("Phấn đấu xác lập 05 chuyên án", "target"),
        ("Đề nghị cấp 02 xuồng cao tốc", "request"),
    ],
)
def test_what_a_number_is_there_for(text: str, roles: str) -> None:
    assert [quantity.role.value for quantity in quantities_of(text)] == roles.split()


def test_the_kind_of_its_statement_tells_what_a_number_is_there_for() -> None:
    text = "Mở 04 lớp tiếng Khmer cho cán bộ cơ sở."

    roles = [quantities_of(text, kind)[0].role for kind in (Kind.RESULT, Kind.TASK, Kind.PROPOSAL)]

    assert roles == [Role.RESULT, Role.TARGET, Role.REQUEST]


#: A text, and the index of the total of every quantity in it.
PARTS = [
    ("Bắt 91 vụ (43 vụ vô chủ)", [None, 0]),
    ("Bắt 24 vụ/30 đối tượng, trong đó khởi tố 5 vụ/7 đối tượng", [None, None, 0, 1]),
    ("Có 43 tổ, gồm: 03 tổ tuyên truyền, 40 tổ tự quản", [None, 0, 0]),
    ("Qua lại 89.576 lượt người, gồm nhập cảnh 44.285, xuất cảnh 45.291", [None, 0, 0]),
    ("Kỷ luật 02 đảng viên (khiển trách 01, cảnh cáo 01)", [None, 0, 0]),
    ("Quân số 120 đồng chí (nam 100 đồng chí, nữ 20 đồng chí)", [None, 0, 0]),
    ("Đạt 341/360 chỉ tiêu", [1, None]),
    ("Trong 24 vụ có 5 vụ nghiêm trọng", [None, 0]),
    ("Xảy ra 183 vụ; đã làm rõ 172 vụ", [None, 0]),
    ("Bắt 24 vụ. Trong đó, khởi tố 5 vụ", [None, 0]),
    ("- Bắt 24 vụ.\n+ Trong đó: khởi tố 5 vụ", [None, 0]),
    ("Bắt 24 vụ/30 đối tượng, trong đó khởi tố 5 vụ/7 bị can", [None, None, 0, 1]),
    ("Tổng số 45 vụ: 20 vụ ma túy, 15 vụ buôn lậu", [None, 0, 0]),
    ("Bắt 24 vụ; khởi tố 5 vụ, xử phạt 19 vụ", [None, 0, 0]),
    ("Có 5 vụ trong tổng số 24 vụ", [1, None]),
    ("Trong tổng số 24 vụ, đã khởi tố 5 vụ", [None, 0]),
    ("- Bắt 73 vụ, gồm:\n- Hình sự 18 vụ;\n- Hành chính 55 vụ.\n- Tiếp nhận 5 vụ", [None, 0, 0, None]),
    ("Bắt 24 vụ (tăng 5 vụ)", [None, None]),
    ("Bắt 24 vụ (cùng kỳ 20 vụ)", [None, None]),
    ("Bắt 24 vụ; tiếp nhận 5 vụ", [None, None]),
    ("Bắt 73 vụ, gồm:\n- Hình sự 18 vụ;\n- Hành chính 55 vụ.\nTuyên truyền 5 vụ", [None, 0, 0, None]),
    ("Phát hiện 38 vụ/52 đối tượng: ma tuý 11 vụ/16 đối tượng, hàng giả 25 vụ/36 đối tượng", [None, None, 0, 1, 0, 1]),
    ("Làm nhà cho 25 hộ: 10 hộ nghèo, 14 hộ cận nghèo", [None, 0, 0]),
    ("- Cử 45 đồng chí giúp các xã:\n+ Xã A 20 đồng chí;\n+ Xã B 25 đồng chí.", [None, 0, 0]),
    ("Có 512 tàu cá; trong đó xa bờ 198 chiếc, gần bờ 314 chiếc", [None, 0, 0]),
    ("Quản lý 350 người nghiện, trong đó 40 trường hợp đi cai", [None, 0]),
    ("Toàn xã có 812 hộ nghèo, mới giúp được 203 hộ", [None, 0]),
    ("Phạt 618 triệu đồng, riêng tàu giã cào 100 triệu đồng", [None, 0]),
    ("Quản lý 200 tàu, còn 30 tàu chưa đăng kiểm", [None, 0]),
    ("Đã cấp 200 thẻ, còn 30 thẻ chưa cấp", [None, None]),
    ("Hòa giải 22 vụ, thành 19 vụ", [None, 0]),
    ("Tiếp nhận 40 hồ sơ; đã xử lý xong 34 hồ sơ", [None, 0]),
    ("Vận động 150 hộ, 138 hộ ký cam kết, đạt 92%", [None, 0, None]),
    ("Thi 60/75 học viên loại giỏi, 10 học viên loại khá, 5 học viên đạt", [1, None, 1, 1]),
    ("Có 180/200 hộ đã ký, còn 25 hộ chưa ký", [1, None, 1]),
    ("Trong 26 xã, đã có 18 xã đạt chuẩn (69,2%), 8 xã chưa đạt", [None, 0, None, 0]),
    ("Thu 24 khẩu súng (14 súng săn và 10 súng kíp)", [None, 0, 0]),
    ("Tiêm 41 trên 52 cán bộ", [1, None]),
    ("Làm 6 km trên tổng chiều dài 8 km", [1, None]),
    ("Có 20 hộ nghèo, chiếm 25% tổng số 80 hộ", [2, None, None]),
    ("Tuần tra 45 lượt; phối hợp 12 lượt, bảo vệ 3 lượt", [None, None, None]),
    ("Mở 20 buổi tuyên truyền, 15 buổi tập huấn, đạt 100% kế hoạch", [None, None, None]),
    ("- Giúp dân 96 nhà, gồm:\n  + 41 nhà sập;\n  + 55 nhà tốc mái.", [None, 0, 0]),
    ("Cấp 30 tủ sách, chia ra:\n• 12 tủ sách cho đồn;\n• 18 tủ sách cho trường.", [None, 0, 0]),
    ("Bắt 91 vụ.\na) Chủ trì 73 vụ.\nb) Phối hợp 18 vụ.", [None, 0, 0]),
    ("Bắt 91 vụ.\na) Chủ trì 70 vụ.\nb) Phối hợp 18 vụ.", [None, None, None]),
]


@pytest.mark.parametrize(("text", "totals"), PARTS)
def test_parts_know_their_total(text: str, totals: list[int | None]) -> None:
    assert [quantity.part_of for quantity in quantities_of(text)] == totals


def test_a_part_without_a_measure_counts_what_its_total_counts() -> None:
    quantities = quantities_of("Qua lại 26.720 lượt người, trong đó vào 13.389 lượt, ra 13.331")

    assert [quantity.measure for quantity in quantities] == ["lượt người"] * 3
    assert quantities[2].quote == "ra 13.331"


#: A text, and whether its first two quantities are two counts of the same events.
PAIRS = [
    ("Bắt 24 vụ/119 đối tượng", True),
    ("Bắt 85 vụ = 157 đối tượng", True),
    ("Ra khơi 18 chuyến/96 ngày biển", True),
    ("Xử phạt 4 vụ/4 chủ phương tiện", True),
    ("Ra khơi 16 chuyến, 128 lượt người", True),
    ("Có 9 tổ tàu thuyền an toàn, 72 thành viên", True),
    ("Mở 3 lớp tập huấn, gần 95 học viên", True),
    ("Tuần tra 12 lượt, tuyên truyền 300 người", False),
    ("Tặng quà 12 đơn vị, 5 cá nhân", False),
    ("Trực chốt 12 điểm/360 ca đêm", True),
    ("Vận chuyển 9 chuyến/35 tấn hàng/6 ngày đường", True),
    ("Bắt 24 vụ, 30 đối tượng", True),
    ("Bắt 18 vụ - 113 đối tượng", True),
    ("Bắt 91 vụ (vô chủ)/77 đối tượng", True),
    ("Tuần tra 938 lượt tổ với 3.217 lượt cán bộ, chiến sĩ tham gia", True),
    ("Tuần tra 938 lượt tổ, 3.217 lượt cán bộ, chiến sĩ tham gia", True),
    ("Mở 54 buổi, 2.455 lượt người dự", True),
    ("Mở 54 buổi tuyên truyền cho hơn 2.455 lượt người", True),
    ("Mở 54 buổi, thu hút gần 2.455 lượt người", True),
    ("Thành lập 107 tổ tự quản đường biên, cột mốc với 856 thành viên", True),
    ("Có 03 tổ tuyên truyền (43 thành viên)", True),
    ("Khen hai tập thể và ba cá nhân", True),
    ("Phụ trách 1.635 hộ/8.323 khẩu", True),
    ("Thủ tục cho 352 lượt người, 103 lượt phương tiện", False),
    ("161 đảng viên sinh hoạt tại 141 chi bộ thôn", False),
    ("Khởi tố 02 vụ với 3.980 bao thuốc lá", False),
    ("Bắt 24 vụ; tuyên truyền cho 30 đối tượng", False),
    ("Làm rõ 172 vụ, đạt 83%", False),
    ("Sửa 04 căn nhà với tổng số tiền 240 triệu đồng", False),
]


@pytest.mark.parametrize(("text", "paired"), PAIRS)
def test_two_counts_of_the_same_events_know_each_other(text: str, paired: bool) -> None:
    quantities = quantities_of(text)

    assert [quantity.paired_with for quantity in quantities[:2]] == ([1, 0] if paired else [None, None])


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("bố trí từ 4 đến 6 đồng chí", ["4 đến 6 đồng chí", "6 đồng chí"]),
        ("phụ trách 3 - 5 hộ", ["3 - 5 hộ", "5 hộ"]),
        ("đi bộ từ 5 đến 6 giờ", ["5 đến 6 giờ", "6 giờ"]),
        ("đạt từ 10% đến 15%", ["10%", "15%"]),
    ],
)
def test_a_range_is_two_quantities_that_know_each_other(text: str, quotes: list[str]) -> None:
    quantities = quantities_of(text)

    assert [quantity.quote for quantity in quantities] == quotes
    assert [quantity.range_with for quantity in quantities] == [1, 0]


def test_a_row_says_what_its_cells_count_and_a_column_what_for() -> None:
    text = (
        "STT\tNội dung\tĐVT\tKế hoạch\tThực hiện\tCùng kỳ\tTỷ lệ %\n"
        "1\tTuần tra\tlượt tổ\t350\t371\t340\t106\n"
        "2\tKinh phí\ttriệu đồng\t1.200\t1.350,5\t900\t112,5\n"
    )

    quantities = quantities_of(text)

    assert [told(quantity) for quantity in quantities] == [
        "350|lượt tổ", "371|lượt tổ", "340|lượt tổ", "106|%",
        "1200000000|đồng", "1350500000|đồng", "900000000|đồng", "112.5|%",
    ]  # fmt: skip
    assert [quantity.role.value for quantity in quantities[:3]] == ["target", "result", "previous"]


@pytest.mark.parametrize(
    ("heads", "roles"),
    [
        ("Năm 2023\tNăm 2024", "previous result"),
        ("2023\t2024", "previous result"),
        ("Tháng 6/2024\tTháng 5/2024", "result previous"),
        ("6 tháng đầu năm 2023\t6 tháng đầu năm 2024", "previous result"),
        ("Đồn A\tĐồn B", "result result"),
    ],
)
def test_a_column_of_an_earlier_period_is_of_that_period(heads: str, roles: str) -> None:
    quantities = quantities_of(f"Nội dung\t{heads}\nSố vụ\t20\t24\n")

    assert [quantity.role.value for quantity in quantities] == roles.split()


def test_bars_part_cells_as_tabs_do() -> None:
    text = "| Chỉ tiêu | Năm 2024 |\n|---|---|\n| Số vụ | 30 |\n| Tiền phạt (triệu đồng) | 720,5 |\n"

    assert [told(quantity) for quantity in quantities_of(text)] == ["30|vụ", "720500000|đồng"]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("thu 346,4 gam heroin", "heroin"),
        ("Tuần tra 1.151 lượt tổ", "Tuần tra"),
        ("bắt 07 vụ/09 đối tượng tội phạm ma túy", "tội phạm ma túy"),
        ("bắt 24 vụ xuất, nhập cảnh trái phép", "xuất, nhập cảnh trái phép"),
    ],
)
def test_a_quantity_says_in_the_texts_own_words_what_is_counted(text: str, counted: str) -> None:
    assert quantities_of(text)[0].of == counted


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ð/c nhận 5 suất quà hoà giải", "Đ/c nhận 5 suất quà hòa giải"), ("5 TỔ HOÀ GIẢI", "5 TỔ HÒA GIẢI")],
)
def test_habits_of_spelling_change_nothing(one: str, other: str) -> None:
    assert [told(quantity) for quantity in quantities_of(one)] == [told(quantity) for quantity in quantities_of(other)]


PIECES = [
    *(
        "24",
        "1.151",
        "2024",
        "3,5",
        "0983",
        "5/7",
        "vụ",
        "lượt",
        "người",
        "km",
        "đồng",
        "cán bộ",
        "chiến sĩ",
        "tổ chức",
    ),
    *("hơn", "gần", "từ", "đến", "tăng", "giảm", "mỗi", "trong đó", "gồm", "năm", "tháng", "ngày", "lúc", "giờ", "mốc"),
    *("một", "hai", "nửa", "chục", "nghìn", "tỷ", "rưỡi", "QNa", "%", "số"),
    *("/", "=", ",", ";", ".", ":", "(", ")", "-", "“", "”", "\n", "\t", "|"),
]
REPORT_LIKE = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)


@given(REPORT_LIKE | st.text())
def test_every_span_is_a_place_of_the_text(text: str) -> None:
    quantities, others = find_quantities(text, (), ())

    assert all(text[q.span.start : q.span.end] == q.quote != "" for q in quantities)
    assert all(text[n.span.start : n.span.end] == n.text != "" for n in others)


@given(REPORT_LIKE)
def test_links_lead_to_other_quantities_and_pairs_lead_back(text: str) -> None:
    quantities = quantities_of(text)

    for at, quantity in enumerate(quantities):
        for other in (quantity.part_of, quantity.paired_with, quantity.range_with):
            assert other is None or (0 <= other < len(quantities) and other != at)
        if quantity.paired_with is not None:
            assert quantities[quantity.paired_with].paired_with == at


@pytest.mark.parametrize(
    "piece",
    ["1", "1.", "1/", "1 ", "123 ", "24 vụ/", "5 vụ, ", "5 vụ (", "5 vụ gồm ", "- 5 vụ gồm:\n", "5% ", "một ", "“5 ",
     "mốc 5, ", "5-", "/vụ", "5\t", "1/AB", "điện thoại 05 ",
     "5 vụ: a 3 vụ, ", "4/5 vụ giỏi, ", "5 vụ, mới 3 vụ, đạt 5% ", "năm hai chục "],
)  # fmt: skip
def test_looking_for_numbers_in_a_hostile_text_comes_to_an_end(piece: str) -> None:
    text = piece * (40_000 // len(piece))  # a step that is quadratic in this would take many minutes

    quantities, others = find_quantities(text, (), ())

    spans = [one.span for one in quantities] + [one.span for one in others]
    assert all(span.end <= len(text) for span in spans)
