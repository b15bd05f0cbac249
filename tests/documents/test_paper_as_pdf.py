"""A paper as PDF, read again and measured."""

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from nennep.documents.faces import column_widths, width_mm
from nennep.documents.pdf import render_pdf
from nennep.documents.rules import (
    STATE_LAYOUT_2020,
    Align,
    Column,
    Figure,
    Heading,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Table,
)
from tests.documents.measuring import MM, piece, pieces, rules
from tests.documents.monthly_report import HEADS, MARKING, monthly_report


def words(paper: Paper) -> str:
    """Return all letters of a paper in order, without blanks, which a PDF does not keep."""
    pages = PdfReader(io.BytesIO(render_pdf(paper))).pages
    return unicodedata.normalize("NFC", "".join("".join(page.extract_text().split()) for page in pages))


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(monthly_report())))


def test_pages_are_a4_and_a_wide_annex_lies_on_its_long_side(reader: PdfReader) -> None:
    sizes = [(round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)) for page in reader.pages]

    assert sizes == [(210, 297)] * 6 + [(297, 210)]


def test_text_keeps_within_the_margins_of_the_decree(reader: PdfReader) -> None:
    for page in reader.pages:
        width, height = float(page.mediabox.width) / MM, float(page.mediabox.height) / MM
        body = [found for found in pieces(page) if found.text != MARKING and not found.text.isdigit()]

        assert min(found.left for found in body) >= 30 - 0.1
        # Text that is justified may be set a hair closer than its letters are wide.
        assert max(found.right for found in body) <= width - 15 + 1
        assert min(found.base - found.size * 0.89 / MM for found in body) >= 20 - 0.1
        assert max(found.base for found in body) <= height - 20


def test_the_text_column_begins_30_mm_from_the_left_and_first_lines_are_indented(reader: PdfReader) -> None:
    body = pieces(reader.pages[0])
    first = next(found for found in body if found.text.startswith("Thực hiện chế độ"))
    second = body[body.index(first) + 1]

    assert first.left == pytest.approx(30 + 12.7, abs=0.1)
    assert second.left == pytest.approx(30, abs=0.1)
    assert first.size == second.size == 14
    # Line spacing: between single (1.149 em for this face) and one and a half.
    assert 14 * 1.149 <= (second.base - first.base) * MM <= 14 * 1.149 * 1.5


# words, size, face, item of the annex
HEAD = [
    ("BỘ QUỐC PHÒNG", 12, "Tinos-Regular", "II.2"),
    ("BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG", 12, "Tinos-Bold", "II.2"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "Tinos-Bold", "II.1"),
    ("Độc lập - Tự do - Hạnh phúc", 13, "Tinos-Bold", "II.1"),
    ("Số: 05/BC-BTL", 13, "Tinos-Regular", "II.3"),
    ("Hà Nội, ngày 16 tháng 10 năm 2025", 13, "Tinos-Italic", "II.4"),
    ("BÁO CÁO", 14, "Tinos-Bold", "II.5"),
    ("Kết quả công tác biên phòng tháng 10 năm 2025", 14, "Tinos-Bold", "II.5"),
    ("Kính gửi:", 14, "Tinos-Regular", "II.9"),
]


@pytest.mark.parametrize(("text", "size", "face", "item"), HEAD)
def test_the_parts_of_the_head_have_the_size_and_face_of_their_item(
    reader: PdfReader, text: str, size: float, face: str, item: str
) -> None:
    found = piece(reader.pages[0], text)

    assert (found.size, found.face) == (size, face), item


def test_the_parts_of_the_head_stand_where_the_decree_puts_them(reader: PdfReader) -> None:
    page = reader.pages[0]
    at = {text: piece(page, text) for text, *_ in HEAD}
    centre = {text: (found.left + found.right) / 2 for text, found in at.items()}

    # II.1: the country at the top right, the motto centred under it; II.2: the bodies at the top left.
    assert centre["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == pytest.approx(centre["Độc lập - Tự do - Hạnh phúc"], abs=0.5)
    assert centre["BỘ QUỐC PHÒNG"] == pytest.approx(centre["BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG"], abs=0.5)
    assert at["BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG"].right < at["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].left
    # II.3 and II.4: the number under the body, place and date in the same row.
    assert centre["Số: 05/BC-BTL"] == pytest.approx(centre["BỘ QUỐC PHÒNG"], abs=0.5)
    assert at["Số: 05/BC-BTL"].base == pytest.approx(at["Hà Nội, ngày 16 tháng 10 năm 2025"].base, abs=0.1)
    # II.5: the kind in the middle of the text.
    assert centre["BÁO CÁO"] == pytest.approx(30 + 165 / 2, abs=0.5)
    # II.9: addressees under the colon.
    assert piece(page, "- Bộ Quốc phòng;").left == pytest.approx(at["Kính gửi:"].right - 1, abs=1)


def test_the_rules_of_the_head_have_the_lengths_of_the_decree(reader: PdfReader) -> None:
    issuer, motto, subject = rules(reader.pages[0])[:3]

    assert 1 / 3 <= issuer / width_mm("BỘ TƯ LỆNH BỘ ĐỘI BIÊN PHÒNG", 12, bold=True) <= 1 / 2
    assert motto == pytest.approx(width_mm("Độc lập - Tự do - Hạnh phúc", 13, bold=True), abs=0.2)
    line = width_mm("Kết quả công tác biên phòng tháng 10 năm 2025", 14, bold=True)
    assert 1 / 3 <= subject / line <= 1 / 2


def test_page_numbers_stand_centred_in_the_top_margin_and_annexes_count_their_own(reader: PdfReader) -> None:
    numbers = []
    for page in reader.pages:
        top = [found for found in pieces(page) if found.base < 20]
        numbers.append(top[0].text if top else "")
        for found in top:
            assert 13 <= found.size <= 14
            assert (found.left + found.right) / 2 == pytest.approx(30 + 165 / 2, abs=0.5)

    assert numbers == ["", "2", "3", "", "2", "3", ""]


def test_vietnamese_letters_survive(reader: PdfReader) -> None:
    everything = words(replace(monthly_report(), blocks=(Paragraph(("Ể Ỗ ữ ặ ỵ Đ đ Ư ơ",)),)))

    assert "ỂỖữặỵĐđƯơ" in everything
    assert "ThiếutướngNguyễnVănỂ" in everything
    assert "KẾTQUẢTHỰCHIỆNNHIỆMVỤ" in "".join(reader.pages[0].extract_text().split())


def test_heads_of_a_table_are_repeated_on_every_page(reader: PdfReader) -> None:
    for page in reader.pages[3:6]:
        assert "Đơn vị và bản nộp" in page.extract_text()
    assert all(part in " ".join(reader.pages[1].extract_text().split()) for part in HEADS)


def test_the_signature_is_not_left_alone_on_a_page() -> None:
    paper = monthly_report()
    for lines in range(1, 40, 3):
        filled = replace(paper, blocks=(*(Paragraph((f"Dòng {n}",)) for n in range(lines)),), annexes=())
        last = PdfReader(io.BytesIO(render_pdf(filled))).pages[-1].extract_text()

        assert f"Dòng {lines - 1}" in last
        assert all(part in last for part in ("KT. TƯ LỆNH", "Thiếu tướng Nguyễn Văn Ể", "Nơi nhận:", "- Như trên;"))


def test_figures_lead_to_their_row_in_the_annex(reader: PdfReader) -> None:
    annex = {page.indirect_reference for page in reader.pages[3:6]}
    links = [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]
    goals = [destination_page(reader, link) for link in links]

    # Eight figures of the text and the eighteen of each table.
    assert len(links) >= 8 + 18 + 18
    assert set(goals) == annex


def destination_page(reader: PdfReader, link: Any) -> Any:
    """Return the reference of the page a link leads to."""
    goal = link.get("/Dest") or link["/A"]["/D"]
    return reader.named_destinations[goal].dest_array[0] if isinstance(goal, str) else goal[0]


def test_a_figure_whose_source_is_not_in_the_paper_is_plain_text() -> None:
    paper = replace(monthly_report(), blocks=(Paragraph((Figure("1.151", "nowhere"),)),), annexes=())

    page = PdfReader(io.BytesIO(render_pdf(paper))).pages[0]

    assert "1.151" in page.extract_text()
    assert "/Annots" not in page


def test_the_file_is_tagged_titled_in_vietnamese_and_has_bookmarks(reader: PdfReader) -> None:
    root: Any = reader.trailer["/Root"].get_object()
    outline = [entry.title or "" for entry in reader.outline if not isinstance(entry, list)]

    assert reader.metadata is not None
    assert reader.metadata.title == "Báo cáo Kết quả công tác biên phòng tháng 10 năm 2025"
    assert reader.metadata.author is None
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("vi")
    assert outline[0] == "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
    assert any("NGUỒN CỦA CÁC SỐ LIỆU" in title for title in outline)


def test_the_same_paper_gives_the_same_bytes_dated_as_the_paper() -> None:
    first, second = render_pdf(monthly_report()), render_pdf(monthly_report())
    metadata = PdfReader(io.BytesIO(first)).metadata

    assert first == second
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == monthly_report().dated_on


def test_papers_set_at_the_same_time_do_not_mix() -> None:
    papers = [replace(monthly_report(), number=number, annexes=()) for number in range(1, 9)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render_pdf, papers))

    assert together == [render_pdf(paper) for paper in papers]


def test_a_demonstration_says_so_on_every_page(reader: PdfReader) -> None:
    for page in reader.pages:
        found = piece(page, MARKING)
        assert float(page.mediabox.height) / MM - 20 < found.base < float(page.mediabox.height) / MM


MARKUP = "- = + / # * _ $ @ < > \\ ` ~ ' \" [ ] { } // /* */ #strong[x] $a^2$ -- --- ... <label> http\u003a//"


@pytest.mark.parametrize("text", [MARKUP, "- dấu gạch đầu dòng", "= không phải tiêu đề", "#panic()", "/ x: y", "1. a"])
def test_signs_of_markup_stay_letters_wherever_they_stand(text: str) -> None:
    table = Table((Column(text),), (Row((text,)), Row((Figure(text, key=text, mark=text),), key=text)), text, text)
    paper = replace(
        monthly_report(),
        subject=text,
        addressees=(text,),
        recipients=(text,),
        marking=text,
        blocks=(Paragraph((text,)), Note((text,)), Heading(Level.CLAUSE, text, text), table),
        annexes=(),
    )

    everything = words(paper)

    # Subject, addressee, recipient, marking, paragraph, note, heading twice, title, note, head, cell, figure, mark.
    assert everything.count("".join(text.split())) >= 13


TYPED = st.text(st.sampled_from("aăâbđeêoôơuưyẢẾỖữặ 09.,-–=#*_$@<>\\`~'\"[]{}()/+|&%!?^:;\n"), max_size=120)


@settings(deadline=None, max_examples=30)
@given(TYPED)
@example("//")
@example("\\")
def test_whatever_is_typed_is_printed_letter_for_letter(text: str) -> None:
    paper = replace(monthly_report(), blocks=(Paragraph(("«", text, "»")),), annexes=())

    assert f"«{''.join(text.split())}»" in words(paper)


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_stops_the_printing(text: str) -> None:
    table = Table((Column(text),), (Row((text,), key=text),), title=text, note=text)
    blocks = (Heading(Level.PART, text, text), Paragraph((text, Figure(text, text, text))), table)
    paper = replace(monthly_report(), subject=text, issuer=text, blocks=blocks, marking=text, annexes=())

    assert render_pdf(paper).startswith(b"%PDF")


def test_columns_are_wide_enough_for_their_numbers_and_fill_the_page() -> None:
    layout = STATE_LAYOUT_2020
    columns = (Column("Chỉ tiêu", 50), Column("Giá trị", 1, Align.RIGHT), Column("Kỳ trước", 1, Align.RIGHT))
    table = Table(columns, (Row(("Tiền xử phạt", "18.500.000.000", "9"), bold=True),))

    widths = column_widths(table, 165, layout)

    assert sum(widths) == pytest.approx(165)
    assert widths[1] >= width_mm("18.500.000.000", 12, bold=True) + 2 * layout.table_cell_gap_mm
    assert widths[2] < widths[1] < widths[0]


def test_columns_that_need_more_than_the_page_share_it() -> None:
    table = Table(tuple(Column("TỔNGSỐLIỆU", 1) for _ in range(12)), ())

    assert sum(column_widths(table, 165, STATE_LAYOUT_2020)) == pytest.approx(165)


def test_without_typefaces_the_message_says_what_brings_them(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make setup"):
        render_pdf(monthly_report(), fonts=tmp_path)
