"""The sums, shares and parts that a text states: found, and judged at the digits they are written with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom._arithmetic import agrees, find_arithmetic
from loom._quantities import find_quantities
from loom._reading import Qualifier, Quantity, Rule, Span


def stated(text: str) -> list[tuple[str, tuple[int, ...], bool]]:
    quantities, _ = find_quantities(text, (), ())
    return [(check.rule.value, check.items, check.holds) for check in find_arithmetic(text, quantities)]


#: A text, and the sum it states over all parts: total and parts by their order, and whether it holds.
SUMS = [
    ("Phá 39 vụ, gồm: ma tuý 14 vụ; đánh bạc 09 vụ; buôn lậu 16 vụ", (0, 1, 2, 3), True),
    ("Phá 39 vụ, gồm: ma tuý 14 vụ; đánh bạc 09 vụ; buôn lậu 17 vụ", (0, 1, 2, 3), False),
    ("Qua lại 26.720 lượt người, trong đó vào 13.389 lượt, ra 13.331 lượt", (0, 1, 2), True),
    ("Qua lại 26.720 lượt người, trong đó vào 13.389 lượt, ra 13.313 lượt", (0, 1, 2), False),
    ("Bắt 113 vụ; trong đó xử lý hình sự 21 vụ, hành chính 92 vụ", (0, 1, 2), True),
    ("Bắt 73 vụ, gồm:\n- Hình sự 18 vụ;\n- Hành chính 55 vụ.", (0, 1, 2), True),
    ("Bắt 73 vụ, gồm:\n- Hình sự 18 vụ;\n- Hành chính 50 vụ.", (0, 1, 2), False),
    ("Quân số 120 đồng chí (nam 100 đồng chí, nữ 20 đồng chí)", (0, 1, 2), True),
    ("Thu 50 kg ma túy, gồm 30 kg heroin và 20 kg ma túy tổng hợp", (0, 1, 2), True),
    ("Bắt 24 vụ, trong đó khởi tố 15 vụ, xử phạt 12 vụ", (0, 1, 2), False),
    ("Phát hiện 38 vụ: ma tuý 11 vụ, buôn lậu 20 vụ, hàng giả 7 vụ", (0, 1, 2, 3), True),
    ("Phát hiện 38 vụ vi phạm: ma tuý 11 vụ, buôn lậu 20 vụ, hàng giả 6 vụ", (0, 1, 2, 3), False),
    ("Huy động 120 lượt phương tiện (ô tô 45, xe máy 70)", (0, 1, 2), False),
    ("Bắt 24 vụ, trong đó khởi tố 5 vụ, số còn lại 18 vụ xử phạt", (0, 1, 2), False),
    ("Thi 60/75 học viên loại giỏi, 10 học viên loại khá, 5 học viên đạt", (1, 0, 2, 3), True),
    ("Có 180/200 hộ đã ký, còn 20 hộ chưa ký", (1, 0, 2), True),
    ("Có 180/200 hộ đã ký, còn 25 hộ chưa ký", (1, 0, 2), False),
    ("- Cử 45 đồng chí giúp dân:\n+ Xã A 20 đồng chí;\n+ Xã B 26 đồng chí.", (0, 1, 2), False),
]


def test_the_last_row_of_a_table_is_the_sum_of_its_column() -> None:
    text = "Đơn vị\tSố vụ\tSố đối tượng\nĐồn A\t5\t7\nĐồn B\t6\t9\nTổng cộng\t11\t17\n"

    sums = [check for check in stated(text) if check[0] == "sum"]

    assert sums == [("sum", (4, 0, 2), True), ("sum", (5, 1, 3), False)]


@pytest.mark.parametrize(("text", "items", "holds"), SUMS)
def test_a_sum_is_found_and_judged(text: str, items: tuple[int, ...], holds: bool) -> None:
    assert ("sum", items, holds) in stated(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bắt 24 vụ, trong đó khởi tố 5 vụ, xử phạt 12 vụ",
        "Bắt 24 vụ, tăng 5 vụ so với cùng kỳ",
        "Bắt 24 vụ (có 3 vụ lớn, 5 vụ liên tỉnh)",
        "Bắt 24 vụ: nổi bật ma tuý 5 vụ, buôn lậu 8 vụ",
        "Bắt 24 vụ, trong đó: ma tuý 5 vụ, buôn lậu 8 vụ",
        "Bắt hơn 24 vụ, gồm 5 vụ ma túy và 17 vụ buôn lậu",
    ],
)
def test_some_of_the_parts_or_an_estimate_state_no_sum(text: str) -> None:
    assert "sum" not in {rule for rule, _, _ in stated(text)}


#: A text, and the ratio it states: [change, now, percent] or [part, whole, percent] or [numerator, denominator, mean].
RATIOS = [
    ("Mở 20 buổi cho 900 lượt người, bình quân mỗi buổi 45 lượt người", (1, 0, 2), True),
    ("Trao 30 suất quà, mỗi suất 500.000 đồng, tổng trị giá 15 triệu đồng", (2, 0, 1), True),
    ("Trao 30 suất quà, mỗi suất 500.000 đồng, tổng trị giá 16 triệu đồng", (2, 0, 1), False),
    ("Tuần tra 938 lượt tổ, tăng 41 lượt tổ (4,6%) so với cùng kỳ", (1, 0, 2), True),
    ("Tuần tra 938 lượt tổ, tăng 41 lượt tổ (5,6%) so với cùng kỳ", (1, 0, 2), False),
    ("Bắt 113 vụ, tăng 12 vụ (11,9%) so với cùng kỳ", (1, 0, 2), True),
    ("Bắt 45 vụ; so với cùng kỳ giảm 5 vụ (10%)", (1, 0, 2), True),
    ("Buôn lậu giảm 13 vụ (27,1%) so với 48 vụ của năm 2019", (0, 2, 1), True),
    ("1.846/1.870 tàu cá (98,7%) đã lắp thiết bị", (0, 1, 2), True),
    ("1.846/1.870 tàu cá (97,8%) đã lắp thiết bị", (0, 1, 2), False),
    ("Tiếp nhận 25 tin báo, đã giải quyết 23 tin báo, đạt 92%", (1, 0, 2), True),
    ("Xảy ra 183 vụ; đã làm rõ 172 vụ, tỷ lệ khám phá hơn 83%", (1, 0, 2), False),
    ("Xảy ra 183 vụ; đã làm rõ 172 vụ, tỷ lệ khám phá gần 94%", (1, 0, 2), True),
    ("Toàn xã có 812 hộ nghèo, mới giúp được 203 hộ, bằng 25%", (1, 0, 2), True),
    ("Toàn xã có 812 hộ nghèo, mới giúp được 203 hộ, bằng 35%", (1, 0, 2), False),
    ("Hòa giải 22 vụ, thành 19 vụ, đạt 90%", (1, 0, 2), False),
    ("Kết nạp 47 đảng viên, đạt 104,4% chỉ tiêu 45 đồng chí", (0, 2, 1), True),
    ("Kết nạp 47 đảng viên (chỉ tiêu 45), đạt 114%", (0, 1, 2), False),
    ("Khai thác 1,25 triệu tấn, bằng 62,5% kế hoạch năm (2 triệu tấn)", (0, 2, 1), True),
    ("Trồng 36 ha so với kế hoạch 45 ha, đạt 70%", (0, 1, 2), False),
    ("Làm 6 km trên tổng chiều dài 8 km (75%)", (0, 1, 2), True),
    ("Khám phá án đạt 82% (55/60 vụ)", (1, 2, 0), False),
    ("Giải quyết đạt 95% (57/60 đơn)", (1, 2, 0), True),
    ("Có 20 hộ nghèo, chiếm 25% tổng số 80 hộ", (0, 2, 1), True),
    ("Thực hiện 45 buổi, vượt 12,5% chỉ tiêu (40 buổi)", (0, 2, 1), True),
    ("Có 1.250 hộ nghèo, giảm 150 hộ (10,7%) so với năm trước", (1, 0, 2), True),
    ("Bắt 30 vụ, tăng 6 vụ so với 24 vụ năm 2023, bằng 20%", (1, 2, 3), False),
    ("So với năm 2023 (24 vụ), số vụ tăng 6 vụ, bằng 25%", (1, 0, 2), True),
    ("Kiểm tra 60 cơ sở, phát hiện 12 cơ sở vi phạm (25%)", (1, 0, 2), False),
    ("Bắt 30 vụ so với 24 vụ cùng kỳ, tăng 25%", (0, 1, 2), True),
    ("Bắt 30 vụ, tăng 20% so với cùng kỳ (24 vụ)", (0, 2, 1), False),
    ("Vi phạm giảm 20% (từ 30 xuống còn 24 vụ)", (2, 1, 0), True),
    ("Tuần tra 100 buổi với 850 lượt người tham gia, bình quân 8,5 người/buổi", (1, 0, 2), True),
    ("Tuần tra 100 buổi với 850 lượt người tham gia, bình quân 7,5 người/buổi", (1, 0, 2), False),
]


@pytest.mark.parametrize(("text", "items", "holds"), RATIOS)
def test_a_percentage_or_a_mean_is_found_and_judged(text: str, items: tuple[int, ...], holds: bool) -> None:
    assert ("ratio", items, holds) in stated(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bắt 24 vụ; riêng án nghiêm trọng đạt 100%",
        "Bắt 24 vụ. Quân số tham gia đạt 98,5%",
        "Mở 20 buổi tuyên truyền, 15 buổi tập huấn, đạt 80% kế hoạch",
        "Kết nạp 5 đảng viên; chuyển chính thức 4 đảng viên, đạt 100%",
        "Bắt 30 vụ, tăng 20% so với cùng kỳ",
        "Đăng ký 60 tin bài, đã đăng 54 tin bài, đạt 85% chỉ tiêu",
        "Kiểm tra 1.200 lượt phương tiện, bình quân 100 lượt/tháng",
    ],
)
def test_a_percentage_of_something_else_is_not_reckoned_with(text: str) -> None:
    assert "ratio" not in {rule for rule, _, _ in stated(text)}


def test_a_part_greater_than_its_whole_does_not_hold() -> None:
    text = "Khám cho 415 lượt người, trong đó có 451 lượt người là đồng bào"

    assert stated(text) == [("part_le_whole", (1, 0), False)]


@pytest.mark.parametrize(
    ("computed", "written", "qualifier", "holds"),
    [
        ("98.717", "98.7", Qualifier.EXACT, True),
        ("11.88", "11.9", Qualifier.EXACT, True),
        ("11.88", "11.8", Qualifier.EXACT, True),  # cut, not rounded
        ("11.88", "12", Qualifier.EXACT, True),
        ("11.88", "12.0", Qualifier.EXACT, False),
        ("93.99", "83", Qualifier.OVER, False),
        ("83.4", "83", Qualifier.OVER, True),
        ("93.99", "94", Qualifier.UNDER, True),
        ("93.2", "94", Qualifier.UNDER, True),
        ("92.2", "94", Qualifier.UNDER, False),
        ("50.9", "50", Qualifier.ABOUT, True),
        ("52", "50", Qualifier.ABOUT, False),
    ],
)
def test_a_number_holds_within_rounding_at_its_own_digits(
    computed: str, written: str, qualifier: Qualifier, holds: bool
) -> None:
    quantity = Quantity(Span(0, 1), "", Decimal(written), "%", qualifier)

    assert agrees(Decimal(computed), quantity) is holds


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6), st.integers(0, 3))
def test_an_honestly_rounded_percentage_always_holds(part: int, whole: int, digits: int) -> None:
    exact = Decimal(100) * part / whole

    written = exact.quantize(Decimal(1).scaleb(-digits))

    assert agrees(exact, Quantity(Span(0, 1), "", written, "%"))


@given(
    st.lists(st.integers(min_value=1, max_value=9999), min_size=2, max_size=6), st.integers(min_value=-3, max_value=3)
)
def test_a_sum_holds_exactly_when_the_parts_make_the_total(parts: list[int], error: int) -> None:
    told = ", ".join(f"loại {'abcdef'[n]} {part} vụ" for n, part in enumerate(parts))
    total = sum(parts) + error

    checks = stated(f"Bắt {max(total, 1)} vụ, gồm: {told}")

    sums = [holds for rule, _, holds in checks if rule == Rule.SUM]
    assert sums == [max(total, 1) == sum(parts)]
