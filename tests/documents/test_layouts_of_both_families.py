"""Which layout a paper takes, and what each family and date asks of its parts, with the clause."""

from dataclasses import replace
from datetime import date

import pytest

from nennep.documents.faces import width_mm
from nennep.documents.rules import (
    LAYOUTS,
    PARTY_LAYOUT_2018,
    PARTY_LAYOUT_2026,
    STATE_LAYOUT_2020,
    Capacity,
    Family,
    Heading,
    Layout,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
    Urgency,
    layout_on,
    parts_of,
)
from tests.documents.monthly_report import monthly_report
from tests.documents.other_papers import (
    IN_2025,
    IN_2026,
    party_letter,
    party_resolution,
    state_decision,
    state_letter,
)

DAYS = [
    (Family.STATE, date(2020, 3, 5), STATE_LAYOUT_2020),
    (Family.STATE, date(2026, 12, 1), STATE_LAYOUT_2020),
    (Family.PARTY, date(2018, 4, 3), PARTY_LAYOUT_2018),
    (Family.PARTY, date(2026, 5, 26), PARTY_LAYOUT_2018),
    (Family.PARTY, date(2026, 5, 27), PARTY_LAYOUT_2026),
]


@pytest.mark.parametrize(("family", "day", "layout"), DAYS)
def test_a_paper_takes_the_layout_of_its_family_in_force_on_its_day(family: Family, day: date, layout: Layout) -> None:
    assert layout_on(day, family) is layout


@pytest.mark.parametrize(("family", "day"), [(Family.STATE, date(2020, 3, 4)), (Family.PARTY, date(2018, 4, 2))])
def test_a_day_before_the_family_s_first_layout_is_refused(family: Family, day: date) -> None:
    with pytest.raises(LookupError, match=f"{family}"):
        layout_on(day, family)


def test_each_layout_names_its_source_and_what_of_it_was_not_seen() -> None:
    assert all(layout.source for layout in LAYOUTS)
    assert [layout.source for layout in LAYOUTS if layout.doubt] == ["Hướng dẫn 05-HD/VPTW ngày 27/5/2026"]


HD_36, HD_05 = (PARTY_LAYOUT_2018,), (PARTY_LAYOUT_2026,)
# item of part II of the guidelines, layouts, measure, from, to
MEASURES = [
    ("margins", HD_36 + HD_05, "margin_top_mm", 20, 20),
    ("margins", HD_36 + HD_05, "margin_bottom_mm", 20, 20),
    ("margins", HD_36 + HD_05, "margin_left_mm", 30, 30),
    ("margins", HD_36 + HD_05, "margin_right_mm", 15, 15),
    ("1.1", HD_36 + HD_05, "country_pt", 15, 15),
    ("1.2", HD_36 + HD_05, "issuer_pt", 14, 14),
    ("1.3", HD_36 + HD_05, "number_pt", 14, 14),
    ("1.4", HD_36 + HD_05, "place_date_pt", 14, 14),
    ("1.5", HD_36 + HD_05, "kind_pt", 15, 16),
    ("1.5", HD_36 + HD_05, "subject_pt", 14, 15),
    ("1.5", HD_36 + HD_05, "letter_pt", 12, 12),
    ("1.6", HD_36, "body_pt", 14, 15),
    ("text", HD_05, "body_pt", 14, 14),
    ("text", HD_05, "exact_line_pt", 18, 20),
    ("text", HD_05, "first_line_indent_mm", 10, 10),
    ("1.7", HD_36 + HD_05, "signature_pt", 14, 14),
    ("II.5b", (STATE_LAYOUT_2020,), "letter_pt", 12, 13),
    ("10b", (STATE_LAYOUT_2020,), "urgency_pt", 13, 14),
    ("10b", (STATE_LAYOUT_2020,), "urgency_height_mm", 8, 8),
]


@pytest.mark.parametrize(("item", "layouts", "measure", "least", "most"), MEASURES)
def test_each_measure_is_what_its_item_asks(
    item: str, layouts: tuple[Layout, ...], measure: str, least: float, most: float
) -> None:
    for layout in layouts:
        assert least <= getattr(layout, measure) <= most, item


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.source)
def test_the_longest_fixed_line_and_an_ordinary_date_fit_beside_the_issuing_body(layout: Layout) -> None:
    assert width_mm(layout.country, layout.country_pt, bold=True) <= layout.country_column_mm
    assert width_mm("Hà Nội, ngày 16 tháng 10 năm 2025", layout.place_date_pt) <= layout.country_column_mm


# --- numbers ---------------------------------------------------------------------------------------------------------

# Decree 30/2020, Annex I, II.3; guideline 36-HD/VPTW, II.1.3
NUMBERS = [
    (Family.STATE, 5, "BC-BTL", "Số: 05/BC-BTL"),
    (Family.STATE, 15, "BTL-VP", "Số: 15/BTL-VP"),
    (Family.PARTY, 127, "QĐ/TW", "Số 127-QĐ/TW"),
    (Family.PARTY, 5, "NQ/ĐU", "Số 05-NQ/ĐU"),
    (Family.PARTY, None, "NQ/ĐU", "Số ______-NQ/ĐU"),
]


@pytest.mark.parametrize(("family", "number", "symbol", "line"), NUMBERS)
def test_number_and_symbol_are_written_as_the_family_does(
    family: Family, number: int | None, symbol: str, line: str
) -> None:
    paper = replace(monthly_report(), family=family, signature=None, number=number, symbol=symbol)

    assert paper.number_line().replace("\xa0", "_") == line


def test_an_annex_names_its_paper_as_the_family_does() -> None:
    assert party_resolution(IN_2025).annex_source() == (
        "(Kèm theo Nghị quyết số 07-NQ/ĐU ngày 06 tháng 02 năm 2025 của Đảng ủy Bộ đội Biên phòng)"
    )
    assert state_letter().annex_source().startswith("(Kèm theo Công văn số 08/BCH-TM ")


# --- signatures ------------------------------------------------------------------------------------------------------

# family, capacity, in place of, the lines above the name, clause
SIGNATURES = [
    (Family.STATE, Capacity.OWN, "", ("PHÓ TƯ LỆNH",), "NĐ 30/2020 II.7"),
    (Family.STATE, Capacity.COLLECTIVE, "Ban Chỉ huy", ("TM. BAN CHỈ HUY", "PHÓ TƯ LỆNH"), "NĐ 30/2020 II.7"),
    (Family.STATE, Capacity.ACTING, "", ("Q. PHÓ TƯ LỆNH",), "NĐ 30/2020 II.7"),
    (Family.STATE, Capacity.DEPUTY, "Tư lệnh", ("KT. TƯ LỆNH", "PHÓ TƯ LỆNH"), "NĐ 30/2020 II.7"),
    (Family.STATE, Capacity.ORDER, "Tư lệnh", ("TL. TƯ LỆNH", "PHÓ TƯ LỆNH"), "NĐ 30/2020 II.7"),
    (Family.STATE, Capacity.DELEGATED, "Tư lệnh", ("TUQ. TƯ LỆNH", "PHÓ TƯ LỆNH"), "NĐ 30/2020 II.7"),
    (Family.PARTY, Capacity.OWN, "", ("PHÓ TƯ LỆNH",), "HD 36 II.1.7"),
    (Family.PARTY, Capacity.COLLECTIVE, "Đảng ủy", ("T/M ĐẢNG ỦY", "PHÓ TƯ LỆNH"), "HD 36 II.1.7"),
    (Family.PARTY, Capacity.DEPUTY, "Trưởng ban", ("K/T TRƯỞNG BAN", "PHÓ TƯ LỆNH"), "HD 36 II.1.7"),
    (Family.PARTY, Capacity.ORDER, "Ban Thường vụ", ("T/L BAN THƯỜNG VỤ", "PHÓ TƯ LỆNH"), "HD 36 II.1.7"),
    (Family.PARTY, Capacity.DELEGATED, "Ban Thường vụ", ("T/L BAN THƯỜNG VỤ", "PHÓ TƯ LỆNH"), "HD 05 (chữ ký)"),
]


@pytest.mark.parametrize(("family", "capacity", "in_place_of", "lines", "clause"), SIGNATURES)
def test_the_right_to_sign_is_written_as_the_family_does(
    family: Family, capacity: Capacity, in_place_of: str, lines: tuple[str, ...], clause: str
) -> None:
    signature = Signature("Phó Tư lệnh", "Nguyễn Văn A", capacity=capacity, in_place_of=in_place_of)

    assert signature.lines(family) == lines, clause


@pytest.mark.parametrize("head", ["Bí thư", "bí thư Đảng ủy", "BÍ THƯ CHI BỘ"])
def test_a_deputy_secretary_signs_for_the_committee_and_never_for_the_secretary(head: str) -> None:
    for_the_secretary = Signature("Phó Bí thư", "Trần Văn Ẩn", capacity=Capacity.DEPUTY, in_place_of=head)

    with pytest.raises(ValueError, match="T/M"):
        replace(party_resolution(IN_2026), signature=for_the_secretary)


# --- the other parts -------------------------------------------------------------------------------------------------


LETTERS = [
    (state_letter(), "V/v nắm tình hình", "Decree 30/2020, II.5, box 5b"),
    (party_letter(IN_2025), "V/v báo cáo kết quả", "guideline 36, II.1.5"),
    (party_letter(IN_2026), "về việc báo cáo kết quả", "guideline 05, on letters"),
]


@pytest.mark.parametrize(("letter", "begins", "clause"), LETTERS)
def test_a_letter_has_no_kind_and_its_subject_stands_under_the_number(letter: Paper, begins: str, clause: str) -> None:
    found = parts_of(letter, layout_on(letter.dated_on, letter.family))

    assert (found.kind, found.subject) == ("", "")
    assert found.letter_subject.startswith(begins), clause


def test_the_subject_of_a_letter_is_not_prefixed_twice() -> None:
    for typed in ("V/v nghỉ lễ", "về việc nghỉ lễ", "nghỉ lễ"):
        letter = replace(state_letter(), subject=typed)

        assert letter.letter_subject(STATE_LAYOUT_2020) == "V/v nghỉ lễ"


# Decree 30/2020, Annex I, II.6: each on its line with ";", the last with "."; of the party after a dash.
BASES = [
    (STATE_LAYOUT_2020, ("Căn cứ một;", "Căn cứ hai.")),
    (PARTY_LAYOUT_2018, ("- Căn cứ một;", "- Căn cứ hai.")),
    (PARTY_LAYOUT_2026, ("- Căn cứ một;", "- Căn cứ hai.")),
]


@pytest.mark.parametrize(("layout", "lines"), BASES)
def test_legal_bases_end_with_semicolons_and_the_last_with_a_full_stop(layout: Layout, lines: tuple[str, ...]) -> None:
    paper = replace(state_decision(), bases=("Căn cứ một", "Căn cứ hai;"))

    assert paper.basis_lines(layout) == lines


# Guideline 05: a full stop alone; the decree and guideline 36 leave the end as it was written.
ENDS = [
    (STATE_LAYOUT_2020, "Hết./.", "Hết./."),
    (PARTY_LAYOUT_2018, "Hết./.", "Hết./."),
    (PARTY_LAYOUT_2026, "Hết./.", "Hết."),
    (PARTY_LAYOUT_2026, "Hết.", "Hết."),
    (PARTY_LAYOUT_2026, "Hết", "Hết."),
]


@pytest.mark.parametrize(("layout", "written", "printed"), ENDS)
def test_the_text_ends_as_the_layout_asks(layout: Layout, written: str, printed: str) -> None:
    paper = replace(party_resolution(IN_2026), blocks=(Paragraph(("Một./.",)), Paragraph((written,))))

    assert paper.ended_blocks(layout) == (Paragraph(("Một./.",)), Paragraph((printed,)))


def test_a_text_that_ends_with_a_table_stays_as_it_is() -> None:
    blocks = tuple(block for block in state_decision().blocks if isinstance(block, Table))

    assert replace(party_resolution(IN_2026), blocks=blocks).ended_blocks(PARTY_LAYOUT_2026) == blocks


def test_divisions_of_the_party_have_a_hyphen_after_the_roman_number() -> None:
    heading = Heading(Level.ROMAN, "II", "Nhiệm vụ")

    assert heading.lines(roman_stop=STATE_LAYOUT_2020.roman_stop) == ("II. NHIỆM VỤ",)
    assert heading.lines(roman_stop=PARTY_LAYOUT_2018.roman_stop) == ("II- NHIỆM VỤ",)


# kind, layout, the word before the addressees
WORDS = [
    ("Tờ trình", STATE_LAYOUT_2020, "Kính gửi"),
    ("Báo cáo", STATE_LAYOUT_2020, "Kính gửi"),
    ("Tờ trình", PARTY_LAYOUT_2018, "Kính gửi"),
    ("Tờ trình", PARTY_LAYOUT_2026, "Kính trình"),
    ("", PARTY_LAYOUT_2026, "Kính gửi"),
]


@pytest.mark.parametrize(("kind", "layout", "word"), WORDS)
def test_a_submission_of_the_party_is_laid_before_its_addressee(kind: str, layout: Layout, word: str) -> None:
    assert replace(party_letter(IN_2026), kind=kind).addressee_word(layout) == word


# Decree 30/2020, Annex I, part IV, box 10b
STAMPS = [
    (Urgency.NORMAL, "", 0),
    (Urgency.URGENT, "KHẨN", 20),
    (Urgency.VERY_URGENT, "THƯỢNG KHẨN", 40),
    (Urgency.FLASH, "HỎA TỐC", 30),
]


@pytest.mark.parametrize(("urgency", "words", "width"), STAMPS)
def test_an_urgent_paper_is_stamped_in_the_size_of_its_urgency(urgency: Urgency, words: str, width: float) -> None:
    found = parts_of(replace(state_decision(), urgency=urgency), STATE_LAYOUT_2020)

    assert (found.urgency, found.urgency_mm) == (words, width)


def test_who_drafted_a_paper_stands_behind_its_last_recipient() -> None:
    assert state_decision().recipient_lines()[-1] == "- Lưu: VT, TM. PH.(12)"
    assert party_resolution(IN_2026).recipient_lines()[-1] == "- Lưu Đảng ủy."
