"""A paper as an office document, opened again and measured."""

import io
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from nennep.documents.docx import render_docx
from nennep.documents.faces import width_mm
from nennep.documents.pdf import render_pdf
from nennep.documents.rules import Note, Paragraph, legible
from tests.documents.monthly_report import HEADS, MARKING, monthly_report


@pytest.fixture(scope="module")
def document() -> Any:
    return Document(io.BytesIO(render_docx(monthly_report())))


def test_pages_are_a4_with_the_margins_of_the_decree(document: Any) -> None:
    for section in document.sections[:2]:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for section in document.sections:
        assert 20 <= round(section.top_margin.mm, 1) <= 25
        assert 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35
        assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_a_wide_annex_lies_on_its_long_side(document: Any) -> None:
    last = document.sections[-1]

    assert (round(last.page_width.mm), round(last.page_height.mm)) == (297, 210)
    assert last._sectPr.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape"


def test_the_page_number_stands_centred_in_the_top_margin_but_not_on_the_first_page(document: Any) -> None:
    section = document.sections[0]
    number = section.header.paragraphs[0]

    assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert 13 <= number.style.font.size.pt <= 14
    assert section.header_distance.mm + number.style.font.size.mm < section.top_margin.mm
    assert section.different_first_page_header_footer
    assert not section.first_page_header._element.findall(".//" + qn("w:fldSimple"))


def test_each_annex_counts_its_own_pages_from_one(document: Any) -> None:
    body, *annexes = document.sections

    assert body._sectPr.find(qn("w:pgNumType")) is None
    assert len(annexes) == 2
    for section in annexes:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.header.is_linked_to_previous


def test_the_head_is_two_columns_without_lines(document: Any) -> None:
    head = document.tables[0]
    issuer, country = head.rows[0].cells
    number, place = head.rows[1].cells

    assert [p.text for p in issuer.paragraphs[:2]] == ["BỘ QUỐC PHÒNG", "BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG"]
    assert [p.text for p in country.paragraphs[:2]] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert (number.text, place.text) == ("Số: 05/BC-BTL", "Hà Nội, ngày 16 tháng 10 năm 2025")
    assert place.paragraphs[0].runs[0].italic
    assert not issuer.paragraphs[0].runs[0].bold
    assert issuer.paragraphs[1].runs[0].bold
    assert head._tbl.find(".//" + qn("w:tblBorders")) is None
    assert head.style.name == "Normal Table"
    assert sum(cell.width.mm for cell in (issuer, country)) == pytest.approx(165, abs=0.1)


def rule_mm(cell: Any) -> float:
    """Return the length of the rule that ends a cell of the head."""
    line = cell.paragraphs[-1]
    assert line._p.find(".//" + qn("w:pBdr")) is not None
    around = line.paragraph_format
    return float(cell.width.mm - around.left_indent.mm - around.right_indent.mm)


def test_the_rule_under_the_motto_is_as_long_as_the_motto(document: Any) -> None:
    country = document.tables[0].rows[0].cells[1]

    assert rule_mm(country) == pytest.approx(width_mm("Độc lập - Tự do - Hạnh phúc", 13, bold=True), abs=0.2)


def test_the_rule_under_the_issuing_body_is_a_third_to_a_half_of_its_line(document: Any) -> None:
    issuer = document.tables[0].rows[0].cells[0]

    assert 1 / 3 <= rule_mm(issuer) / width_mm("BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG", 12, bold=True) <= 1 / 2


def test_text_is_justified_with_the_indent_gap_and_spacing_of_the_decree(document: Any) -> None:
    for name in ("Body Text", "Note"):
        place = document.styles[name].paragraph_format

        assert place.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert place.first_line_indent.mm == pytest.approx(12.7, abs=0.05)
        assert place.space_after.pt >= 6
        assert 1 <= place.line_spacing <= 1.5
    assert document.styles["Note"].font.italic


def test_headings_are_real_headings_in_the_look_of_the_decree(document: Any) -> None:
    headings = {p.text: p for p in document.paragraphs if p.style.name.startswith("Heading")}

    first = headings["I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ"].style
    second = headings["1. Quản lý, bảo vệ chủ quyền lãnh thổ, an ninh biên giới quốc gia"].style
    third = headings["b) Tuyến biển, đảo"].style

    assert [style.name for style in (first, second, third)] == ["Heading 1", "Heading 2", "Heading 3"]
    assert [style.font.bold for style in (first, second, third)] == [True, True, False]
    for style in (first, second, third):
        assert (style.font.size.pt, style.font.name, style.font.color.rgb) == (14, "Times New Roman", None)
        assert style.paragraph_format.keep_with_next


def test_every_style_names_the_face_in_all_slots_so_that_none_is_substituted(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    used = {p.style.style_id for p in document.paragraphs} | {"TableText", "Header", "Footer"}
    fonts = [defaults.find(".//" + qn("w:rFonts"))]
    fonts += [style.element.find(".//" + qn("w:rFonts")) for style in document.styles if style.style_id in used]

    for font in fonts:
        assert dict(font.attrib) == {
            qn(f"w:{slot}"): "Times New Roman" for slot in ("ascii", "hAnsi", "eastAsia", "cs")
        }
    assert defaults.find(".//" + qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert defaults.find(".//" + qn("w:lang")).get(qn("w:eastAsia")) == "vi-VN"


def test_tables_repeat_their_heads_and_keep_rows_whole(document: Any) -> None:
    table = document.tables[1]
    head, *rows = table.rows

    assert tuple(cell.text for cell in head.cells) == HEADS
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert not any(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows)
    assert len(rows) == 18
    assert sum(cell.width.mm for cell in head.cells) == pytest.approx(165, abs=0.5)
    assert [column.width for column in table.columns] == [cell.width for cell in head.cells]


def test_digits_stand_right_words_left_and_parts_are_indented(document: Any) -> None:
    whole, part = document.tables[1].rows[1], document.tables[1].rows[2]

    assert whole.cells[3].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert whole.cells[1].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert whole.cells[1].paragraphs[0].paragraph_format.left_indent is None
    assert part.cells[1].paragraphs[0].paragraph_format.left_indent.mm == pytest.approx(5, abs=0.1)
    assert [cell.text for cell in whole.cells][3:] == ["1.151", "1.098", "1.172", "4,8"]


def test_figures_lead_to_their_row_in_the_annex(document: Any) -> None:
    marks = {mark.get(qn("w:name")): mark for mark in document.element.iter(qn("w:bookmarkStart"))}
    links = [link for link in document.element.iter(qn("w:hyperlink")) if link.getparent().tag == qn("w:p")]
    ids = [mark.get(qn("w:id")) for mark in marks.values()]

    assert len(ids) == len(set(ids)) == 18
    assert links
    assert all(link.get(qn("w:anchor")) in marks for link in links)
    # The first table of the paper carries no keys: figures lead to the annex, where the sources stand.
    assert next(iter(document.element.iter(qn("w:bookmarkStart")))).getparent().getparent().getparent() in list(
        document.tables[3]._tbl
    )


def test_the_signature_stays_together_and_is_not_left_alone(document: Any) -> None:
    foot = document.tables[2]
    recipients, signature = foot.rows[0].cells

    assert [p.text for p in signature.paragraphs] == ["KT. TƯ LỆNH", "PHÓ TƯ LỆNH", "Thiếu tướng Nguyễn Văn Ể"]
    assert recipients.paragraphs[0].text == "Nơi nhận:"
    assert (recipients.paragraphs[0].runs[0].bold, recipients.paragraphs[0].runs[0].italic) == (True, True)
    assert {p.runs[0].font.size.pt for p in recipients.paragraphs[1:]} == {11}
    assert foot.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    last = next(p for p in document.paragraphs if p.text.startswith("Trên đây là báo cáo"))
    assert last.paragraph_format.keep_with_next


def test_a_demonstration_says_so_on_every_page(document: Any) -> None:
    section = document.sections[0]

    assert section.footer.paragraphs[0].text == MARKING
    assert section.first_page_footer.paragraphs[0].text == MARKING
    assert all(later.footer.is_linked_to_previous for later in document.sections[1:])


def test_the_file_names_the_paper_and_nobody(document: Any) -> None:
    about = document.core_properties

    assert about.title == "Báo cáo Kết quả công tác biên phòng tháng 10 năm 2025"
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created.date() == monthly_report().dated_on


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_docx(monthly_report()) == render_docx(monthly_report())


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_is_kept_letter_for_letter(text: str) -> None:
    paper = replace(monthly_report(), subject=text, blocks=(Paragraph((text,)), Note((text,))), annexes=())

    written = Document(io.BytesIO(render_docx(paper)))

    texts = [p.text for p in written.paragraphs if p.style and p.style.name in {"Body Text", "Note"}]
    assert texts == [legible(text)] * 2


def test_an_office_program_opens_it_in_as_many_pages_as_it_should(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed: the DOCX was measured but not laid out.")
    (tmp_path / "paper.docx").write_bytes(render_docx(monthly_report()))

    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "paper.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )

    pages = [unicodedata.normalize("NFC", page.extract_text()) for page in PdfReader(tmp_path / "paper.pdf").pages]
    assert len(pages) == len(PdfReader(io.BytesIO(render_pdf(monthly_report()))).pages) == 7
    assert "Phụ lục I\n" in pages[3]
    assert "Thiếu tướng Nguyễn Văn Ể" in pages[2]
    assert pages[1].lstrip().startswith("2")
    assert all(MARKING in page for page in pages)
