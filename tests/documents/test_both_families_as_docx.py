"""Papers of the party and of the state as office documents, opened again and measured."""

import io
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import RGBColor

from nennep.documents.docx import render_docx
from nennep.documents.faces import width_mm
from nennep.documents.rules import Capacity, Family, Paper, Signature, Urgency
from nennep.documents.rules.parts import URGENCY_STAMPS
from tests.documents.other_papers import (
    IN_2025,
    IN_2026,
    PARTY_DAYS,
    party_letter,
    party_resolution,
    state_decision,
    state_letter,
)


@cache
def document_of(paper: Paper) -> Any:
    return Document(io.BytesIO(render_docx(paper)))


def cells(paper: Paper) -> list[list[Any]]:
    """Return the cells of the head: issuing body and country, number and date."""
    return [list(row.cells) for row in document_of(paper).tables[0].rows]


def foot(paper: Paper) -> tuple[Any, Any]:
    recipients, signature = document_of(paper).tables[-1].rows[0].cells
    return recipients, signature


def looks(paragraph: Any) -> tuple[str, float, bool, bool]:
    """Return words, size, and whether they are bold and italic, as the runs themselves say."""
    run = next(run for run in paragraph.runs if run.text)
    return paragraph.text, run.font.size.pt, bool(run.bold), bool(run.italic)


def style_of(document: Any, name: str) -> Any:
    return next(style for style in document.styles if style.name == name)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_pages_of_the_party_are_a4_with_its_margins(day: date) -> None:
    (section,) = document_of(party_resolution(day)).sections

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm, 1) for margin in margins] == [20, 20, 30, 15]


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_pages_of_the_party_are_numbered_in_the_top_margin_from_the_second_on(day: date) -> None:
    (section,) = document_of(party_resolution(day)).sections
    number = section.header.paragraphs[0]

    assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number.style.font.size.pt == 14
    assert section.header_distance.mm == pytest.approx(10, abs=0.1)
    assert section.different_first_page_header_footer
    assert not section.first_page_header._element.findall(".//" + qn("w:fldSimple"))


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_head_of_the_party_has_its_words_sizes_and_faces(day: date) -> None:
    (issuer, country), (number, dated) = cells(party_resolution(day))

    assert [looks(paragraph) for paragraph in issuer.paragraphs] == [
        ("ĐẢNG BỘ QUÂN SỰ SƠN LÂM", 14, False, False),
        ("ĐẢNG ỦY BỘ ĐỘI BIÊN PHÒNG", 14, True, False),
        ("*", 14, False, False),
    ]
    assert looks(country.paragraphs[0]) == ("ĐẢNG CỘNG SẢN VIỆT NAM", 15, True, False)
    assert [looks(paragraph) for paragraph in number.paragraphs] == [("Số 07-NQ/ĐU", 14, False, False)]
    text, size, _bold, italic = looks(dated.paragraphs[0])
    assert (text.startswith("Sơn Lâm, ngày"), size, italic) == (True, 14, True)
    centred = [*issuer.paragraphs, *number.paragraphs, country.paragraphs[0], dated.paragraphs[0]]
    assert {paragraph.alignment for paragraph in centred} == {WD_ALIGN_PARAGRAPH.CENTER}


def test_the_rule_under_the_party_is_as_long_as_its_name() -> None:
    (_issuer, country), _row = cells(party_resolution(IN_2026))
    name, rule = country.paragraphs

    around = rule.paragraph_format
    assert rule._p.find(".//" + qn("w:pBdr")) is not None
    assert name.text == "ĐẢNG CỘNG SẢN VIỆT NAM"
    length = country.width.mm - around.left_indent.mm - around.right_indent.mm
    assert length == pytest.approx(width_mm(name.text, 15, bold=True), abs=0.2)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_kind_and_subject_stand_over_five_hyphens(day: date) -> None:
    document = document_of(party_resolution(day))
    title = next(paragraph for paragraph in document.paragraphs if paragraph.style.name == "Title")
    kind, _break, subject = title.runs

    assert (kind.text, kind.font.size.pt) == ("NGHỊ QUYẾT", 16)
    assert (subject.text, subject.font.size.pt) == ("về lãnh đạo thực hiện nhiệm vụ sáu tháng cuối năm", 15)
    assert title.style.font.bold
    assert title.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[texts.index(title.text) + 1] == "-----"


# day, indent, exact distance of lines in points
TEXT = [(IN_2025, 12.7, None), (IN_2026, 10, 19)]


@pytest.mark.parametrize(("day", "indent", "exact"), TEXT)
def test_the_text_has_the_indent_and_distance_of_lines_of_its_date(
    day: date, indent: float, exact: float | None
) -> None:
    document = document_of(party_resolution(day))
    used = {paragraph.style.name for paragraph in document.paragraphs if paragraph.text.startswith(("Lãnh", "- Căn"))}

    assert used == {"Body Text", "Căn cứ"}
    for name in used:
        style = style_of(document, name)
        place = style.paragraph_format
        assert place.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert place.first_line_indent.mm == pytest.approx(indent, abs=0.05)
        assert style.font.size.pt == 14
        assert not style.font.italic
        if exact:
            assert (place.line_spacing_rule, place.line_spacing.pt) == (WD_LINE_SPACING.EXACTLY, exact)
        else:
            assert 1 <= place.line_spacing <= 1.5


def test_divisions_of_the_party_are_headings_with_a_hyphen() -> None:
    headings = [p.text for p in document_of(party_resolution(IN_2026)).paragraphs if p.style.name.startswith("Heading")]

    assert headings == ["I- MỤC TIÊU, YÊU CẦU", "1. Mục tiêu", "II- NHIỆM VỤ"]


# day, whether the post is bold, the end of the text
FEET = [(IN_2025, True, "thực hiện./."), (IN_2026, False, "thực hiện.")]


@pytest.mark.parametrize(("day", "bold", "end"), FEET)
def test_the_foot_of_a_party_paper_is_signed_and_sent_as_its_date_asks(day: date, bold: bool, end: str) -> None:
    paper = party_resolution(day)
    recipients, signature = foot(paper)

    assert [looks(paragraph) for paragraph in signature.paragraphs] == [
        ("T/M ĐẢNG ỦY", 14, True, False),
        ("PHÓ BÍ THƯ", 14, bold, False),
        ("Trần Văn Ẩn", 14, True, False),
    ]
    label, *entries = recipients.paragraphs
    assert label.text == "Nơi nhận:"
    assert [(run.text, run.font.size.pt, bool(run.underline), bool(run.bold)) for run in label.runs] == [
        ("Nơi nhận", 14, True, False),
        (":", 14, False, False),
    ]
    assert [entry.text for entry in entries] == [
        "- Đảng ủy Quân sự tỉnh (để báo cáo);",
        "- Các chi bộ trực thuộc;",
        "- Lưu Đảng ủy.",
    ]
    assert {run.font.size.pt for entry in entries for run in entry.runs} == {12}
    texts = [paragraph.text for paragraph in document_of(paper).paragraphs]
    assert next(text for text in texts if text.startswith("Nghị quyết được")).endswith(end)


# letter, its subject, whether it is italic, clause
LETTERS = [
    (state_letter(), "V/v nắm", False, "NĐ 30/2020 II.5, ô 5b"),
    (party_letter(IN_2025), "V/v báo", True, "HD 36 II.1.5"),
    (party_letter(IN_2026), "về việc", True, "HD 36 II.1.5"),
]


@pytest.mark.parametrize(("letter", "begins", "italic", "clause"), LETTERS)
def test_a_letter_shows_its_subject_under_the_number_and_no_kind(
    letter: Paper, begins: str, italic: bool, clause: str
) -> None:
    _head, (number, _dated) = cells(letter)
    _line, subject = number.paragraphs[:2]

    assert subject.text.startswith(begins), clause
    assert looks(subject)[1:] == (12, False, italic), clause
    assert subject.paragraph_format.space_before.pt == 6
    document = document_of(letter)
    assert not [p for p in document.paragraphs if p.style.name in {"Title", "Kẻ dưới trích yếu"}]


def test_addressees_of_a_letter_stand_under_the_colon_and_one_alone_in_the_middle() -> None:
    several = [p for p in document_of(state_letter()).paragraphs if p.text.startswith(("Kính gửi", "- "))]
    (one,) = (p for p in document_of(party_letter(IN_2025)).paragraphs if p.text.startswith("Kính gửi"))

    assert [paragraph.text for paragraph in several] == ["Kính gửi:", "- Các đồn Biên phòng;", "- Hải đội 2."]
    label, *entries = several
    for entry in entries:
        around = entry.paragraph_format
        dash = around.left_indent.mm + around.first_line_indent.mm
        assert dash == pytest.approx(label.paragraph_format.left_indent.mm + width_mm("Kính gửi", 14), abs=0.2)
    assert (one.text, one.alignment) == ("Kính gửi: Các chi bộ trực thuộc", WD_ALIGN_PARAGRAPH.CENTER)


def test_legal_bases_of_the_state_are_italic_lines_with_semicolons() -> None:
    document = document_of(state_decision())
    bases = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "Căn cứ"]

    assert [paragraph.text[-1] for paragraph in bases] == [";", ";", "."]
    assert style_of(document, "Căn cứ").font.italic


@pytest.mark.parametrize("urgency", list(URGENCY_STAMPS))
def test_the_stamp_of_urgency_is_a_red_box_in_its_size(urgency: Urgency) -> None:
    words, width = URGENCY_STAMPS[urgency]
    _head, (number, _dated) = cells(replace(state_decision(), urgency=urgency))

    (stamp,) = number.tables

    edges = stamp._tbl.find(".//" + qn("w:tblBorders"))
    assert {edge.get(qn("w:color")) for edge in edges} == {"FF0000"}
    (row,) = stamp.rows
    assert (row.height_rule, round(row.height.mm, 1)) == (WD_ROW_HEIGHT_RULE.EXACTLY, 8)
    (cell,) = row.cells
    assert cell.width.mm == pytest.approx(width, abs=0.1)
    run = cell.paragraphs[0].runs[0]
    assert (run.text, run.font.size.pt, run.bold, run.font.color.rgb) == (words, 13, True, RGBColor(255, 0, 0))


def test_a_paper_that_is_not_urgent_has_no_stamp_and_no_room_for_one() -> None:
    _head, (number, _dated) = cells(replace(state_decision(), urgency=Urgency.NORMAL))

    assert not number.tables
    assert number.text == "Số: 105/QĐ-BCH"


def test_a_paper_without_signature_and_recipients_has_an_empty_foot() -> None:
    recipients, signature = foot(replace(state_decision(), signature=None, recipients=(), drafter_mark=""))

    assert (recipients.text, signature.text) == ("", "")


CAPACITIES = [
    (Family.STATE, Capacity.COLLECTIVE, "TM. BAN CHỈ HUY"),
    (Family.STATE, Capacity.DEPUTY, "KT. BAN CHỈ HUY"),
    (Family.STATE, Capacity.ORDER, "TL. BAN CHỈ HUY"),
    (Family.STATE, Capacity.DELEGATED, "TUQ. BAN CHỈ HUY"),
    (Family.PARTY, Capacity.COLLECTIVE, "T/M BAN CHỈ HUY"),
    (Family.PARTY, Capacity.DEPUTY, "K/T BAN CHỈ HUY"),
    (Family.PARTY, Capacity.ORDER, "T/L BAN CHỈ HUY"),
]


@pytest.mark.parametrize(("family", "capacity", "line"), CAPACITIES)
def test_each_right_to_sign_is_printed_bold_above_the_post(family: Family, capacity: Capacity, line: str) -> None:
    signature = Signature("Chủ nhiệm", "Lê Thị Ỷ", capacity=capacity, in_place_of="Ban Chỉ huy")
    _recipients, signed = foot(replace(party_letter(IN_2026), family=family, signature=signature))

    assert [looks(paragraph) for paragraph in signed.paragraphs] == [
        (line, 14, True, False),
        ("CHỦ NHIỆM", 14, family is Family.STATE, False),
        ("Lê Thị Ỷ", 14, True, False),
    ]


def test_who_signs_in_their_own_right_has_one_line_above_the_name() -> None:
    _recipients, signed = foot(replace(party_letter(IN_2026), signature=Signature("Trưởng ban", "Lê Thị Ỷ")))

    assert [paragraph.text for paragraph in signed.paragraphs] == ["TRƯỞNG BAN", "Lê Thị Ỷ"]


@pytest.mark.parametrize("paper", [party_resolution(IN_2026), state_letter()], ids=["party", "letter"])
def test_no_place_of_the_template_is_left_in_a_paper(paper: Paper) -> None:
    document = document_of(paper)
    parts = [document.element, *(section.footer._element for section in document.sections)]
    parts += [section.first_page_footer._element for section in document.sections]

    assert not [text.text for part in parts for text in part.iter(qn("w:t")) if "{" in (text.text or "")]
