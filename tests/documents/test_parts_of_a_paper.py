"""What each part of a paper says, with its item of Decree 30/2020, Annex I."""

from dataclasses import replace

import pytest

from nennep.documents.rules import (
    Align,
    Annex,
    Capacity,
    Column,
    Figure,
    Heading,
    Level,
    Row,
    Signature,
    Table,
    printable,
)
from tests.documents.monthly_report import monthly_report

# II.3
NUMBERS = [(5, "Số: 05/BC-BTL"), (15, "Số: 15/BC-BTL"), (100, "Số: 100/BC-BTL"), (None, "Số: ______/BC-BTL")]


@pytest.mark.parametrize(("number", "line"), NUMBERS)
def test_the_number_line_has_a_colon_a_leading_zero_and_no_spaces(number: int | None, line: str) -> None:
    paper = replace(monthly_report(), number=number)

    assert paper.number_line().replace("\xa0", "_") == line


def test_the_place_stands_before_the_date_with_a_comma() -> None:
    assert monthly_report().place_and_date() == "Hà Nội, ngày 16 tháng 10 năm 2025"


def test_a_draft_leaves_number_and_day_to_be_given_at_issue() -> None:
    draft = replace(monthly_report(), number=None)

    assert "16" not in draft.place_and_date()
    assert "năm 2025" in draft.place_and_date()


def test_a_number_begins_at_one() -> None:
    with pytest.raises(ValueError, match="begins at 1"):
        replace(monthly_report(), number=0)


# II.6
HEADINGS = [
    (Level.PART, "I", "Tình hình", ("Phần I", "TÌNH HÌNH")),
    (Level.CHAPTER, "II", "Tổ chức", ("Chương II", "TỔ CHỨC")),
    (Level.SECTION, "1", "Nhiệm vụ", ("Mục 1", "NHIỆM VỤ")),
    (Level.SUBSECTION, "2", "Kết quả", ("Tiểu mục 2", "KẾT QUẢ")),
    (Level.ARTICLE, "3", "Hiệu lực", ("Điều 3. Hiệu lực",)),
    (Level.ROMAN, "IV", "Hạn chế, khuyết điểm", ("IV. HẠN CHẾ, KHUYẾT ĐIỂM",)),
    (Level.CLAUSE, "1", "Quản lý biên giới", ("1. Quản lý biên giới",)),
    (Level.POINT, "đ", "Tuyến biển", ("đ) Tuyến biển",)),
    (Level.ROMAN, "", "Kết luận", ("KẾT LUẬN",)),
]


@pytest.mark.parametrize(("level", "number", "title", "lines"), HEADINGS)
def test_headings_carry_the_words_and_capitals_of_their_level(
    level: Level, number: str, title: str, lines: tuple[str, ...]
) -> None:
    assert Heading(level, number, title).lines() == lines


def test_headings_lie_as_deep_as_their_rank_among_those_used() -> None:
    assert monthly_report().heading_depths() == {Level.ROMAN: 1, Level.CLAUSE: 2, Level.POINT: 3}


# II.7
SIGNATURES = [
    (Capacity.OWN, "", ("TƯ LỆNH",)),
    (Capacity.ACTING, "", ("Q. TƯ LỆNH",)),
    (Capacity.COLLECTIVE, "Ban Chỉ huy", ("TM. BAN CHỈ HUY", "TƯ LỆNH")),
    (Capacity.DEPUTY, "Chính ủy", ("KT. CHÍNH ỦY", "TƯ LỆNH")),
    (Capacity.ORDER, "Chính ủy", ("TL. CHÍNH ỦY", "TƯ LỆNH")),
    (Capacity.DELEGATED, "Chính ủy", ("TUQ. CHÍNH ỦY", "TƯ LỆNH")),
]


@pytest.mark.parametrize(("capacity", "in_place_of", "lines"), SIGNATURES)
def test_the_right_to_sign_stands_before_the_post(capacity: Capacity, in_place_of: str, lines: tuple[str, ...]) -> None:
    signature = Signature("Tư lệnh", "Nguyễn Văn A", "Trung tướng", capacity, in_place_of)

    assert signature.lines() == lines
    assert signature.named() == "Trung tướng Nguyễn Văn A"


@pytest.mark.parametrize("capacity", [Capacity.COLLECTIVE, Capacity.DEPUTY, Capacity.ORDER, Capacity.DELEGATED])
def test_who_signs_for_another_names_the_other(capacity: Capacity) -> None:
    with pytest.raises(ValueError, match=capacity.value):
        Signature("Phó Tư lệnh", "Nguyễn Văn A", capacity=capacity)


# II.9
def test_recipients_are_a_list_with_dashes_that_ends_with_a_full_stop() -> None:
    paper = replace(monthly_report(), recipients=("Như trên;", "Cục Chính trị", "Lưu: VT, TM."))

    assert paper.recipient_lines() == ("- Như trên;", "- Cục Chính trị;", "- Lưu: VT, TM.")


def test_one_addressee_stands_alone_and_several_are_a_list() -> None:
    one = replace(monthly_report(), addressees=("Bộ Quốc phòng",))
    two = replace(monthly_report(), addressees=("Bộ Quốc phòng", "Bộ Tổng Tham mưu"))

    assert one.addressee_lines() == ("Bộ Quốc phòng",)
    assert two.addressee_lines() == ("- Bộ Quốc phòng;", "- Bộ Tổng Tham mưu.")


# III.1
def test_annexes_are_numbered_in_roman_only_when_there_are_several() -> None:
    many = replace(monthly_report(), annexes=tuple(Annex(str(n), ()) for n in range(14)))
    one = replace(many, annexes=many.annexes[:1])

    assert [many.annex_label(n) for n in (0, 3, 8, 13)] == ["Phụ lục I", "Phụ lục IV", "Phụ lục IX", "Phụ lục XIV"]
    assert one.annex_label(0) == "Phụ lục"


def test_an_annex_names_the_paper_it_goes_with() -> None:
    expected = "(Kèm theo Báo cáo số 05/BC-BTL ngày 16 tháng 10 năm 2025 của Bộ Tư lệnh Bộ đội Biên phòng)"

    assert monthly_report().annex_source() == expected


def test_figures_lead_to_the_first_row_of_their_key() -> None:
    columns = (Column("Chỉ tiêu"),)
    twice = Table(columns, (Row(("a",), key="k"), Row(("b",), key="k"), Row(("c",), key="m"), Row(("d",))))

    paper = replace(monthly_report(), blocks=(), annexes=(Annex("Nguồn", (twice,)),))

    assert paper.anchors() == {"k": "source-1", "m": "source-2"}


def test_a_row_fits_its_table() -> None:
    with pytest.raises(ValueError, match="Row 2 has 1 cells for 2 columns"):
        Table((Column("a"), Column("b")), (Row(("1", "2")), Row(("1",))))


def test_the_level_of_a_row_shows_in_the_first_column_of_words() -> None:
    columns = (Column("TT", align=Align.CENTRE), Column("Chỉ tiêu"), Column("Kỳ này", align=Align.RIGHT))

    assert Table(columns, ()).indented_column == 1


def test_a_printable_paper_differs_only_in_what_cannot_be_printed() -> None:
    paper = monthly_report()
    spoiled = replace(paper, subject=paper.subject + "\x00", annexes=(Annex("A\u202e", (), landscape=True),))

    cleaned = printable(spoiled)

    assert cleaned == replace(paper, annexes=(Annex("A", (), landscape=True),))
    assert isinstance(paper.blocks[10], Table)
    assert isinstance(printable(Figure("1", "k\x00")), Figure)
