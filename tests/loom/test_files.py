"""The text of sound files: what is kept, what is left out and said, and which marks of secrecy are obeyed."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, time

import docx
import pytest
import xlsxwriter
from docx.enum.text import WD_BREAK
from hypothesis import given
from hypothesis import strategies as st

from loom.files import Noted, Part, Secret, Type, Unreadable, Why, is_archive, is_secret, members_of, text_of
from loom.files._letters import to_tcvn3, to_vni
from loom.files._workbook import shown_number
from tests.loom import hostile

NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def item(text: str, level: int, number: int = 7) -> str:
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_the_numbers_of_a_list_are_printed_as_word_prints_them() -> None:
    body = "".join(
        [
            item("Kết quả", 0),
            item("Chủ quyền", 1),
            item("Tuần tra", 2),
            item("Mốc giới", 2),
            item("Chi tiết", 3),
            item("An ninh", 1),
            item("Tồn tại", 0),
            item("Nguyên nhân", 1),
            item("Riêng", 0, 8),
        ]
    )

    opened = text_of(hostile.word_of(body, more=[("word/numbering.xml", NUMBERING)]), "a.docx")

    assert opened.text.splitlines() == [
        "I. Kết quả",
        "1.1. Chủ quyền",
        "a) Tuần tra",
        "b) Mốc giới",
        "- Chi tiết",
        "1.2. An ninh",
        "II. Tồn tại",
        "2.1. Nguyên nhân",
        "V. Riêng",
    ]


def test_a_list_that_a_style_numbers_is_numbered_too() -> None:
    document = docx.Document()
    for text in ("Một", "Hai"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("Gạch", style="List Bullet")
    target = io.BytesIO()
    document.save(target)

    assert text_of(target.getvalue(), "a.docx").text == "1. Một\n2. Hai\n- Gạch"


def test_the_rows_of_a_table_are_lines_of_cells_under_each_other() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, words in zip(
        table.rows, (("TT", "Nội dung", "Số"), ("1", "Tuần tra", "1.151"), ("", "Cộng", "12")), strict=True
    ):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    target = io.BytesIO()
    document.save(target)

    assert text_of(target.getvalue(), "a.docx").text == "TT\tNội dung\tSố\n1\tTuần tra\t1.151\nCộng\t\t12"


def test_a_letterhead_in_two_columns_is_told_block_by_block() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "BỘ TƯ LỆNH\nBỘ CHỈ HUY"
    table.cell(0, 1).text = "CỘNG HÒA\nĐộc lập"
    target = io.BytesIO()
    document.save(target)

    assert text_of(target.getvalue(), "a.docx").text == "BỘ TƯ LỆNH\nBỘ CHỈ HUY\nCỘNG HÒA\nĐộc lập"


def test_deleted_and_hidden_words_and_notes_are_left_out_and_said() -> None:
    body = (
        "<w:p><w:r><w:t>Tuần tra </w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>112</w:t></w:r></w:ins>"
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t> ẩn</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        "<w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t> lượt</w:t></w:r></w:p>"
    )

    opened = text_of(hostile.word_of(body), "a.docx")

    assert opened.text == "Tuần tra 112 lượt"
    assert set(opened.notes) == {Noted.DELETED_TEXT, Noted.HIDDEN_TEXT, Noted.NOTES_LEFT_OUT}


def test_a_text_box_that_is_told_twice_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Khung</w:t></w:r></w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choices = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    twice = f"<mc:AlternateContent {compatible}>{choices}</mc:AlternateContent>"

    opened = text_of(hostile.word_of(f"<w:p><w:r>{twice}</w:r><w:r><w:t>Ngoài</w:t></w:r></w:p>"), "a.docx")

    assert opened.text == "Khung\nNgoài"


def test_breaks_hyphens_and_capitals_are_as_printed() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Dòng một")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    run = paragraph.add_run("chữ hoa")
    run.font.all_caps = True
    target = io.BytesIO()
    document.save(target)

    assert text_of(target.getvalue(), "a.docx").text == "Dòng một\nCHỮ HOA"


def test_a_workbook_gives_its_visible_values_and_says_what_it_hides() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Biểu 1")
        sheet.write_row(1, 1, ["Tuần tra", 1151, 98.7, 1.151, True])
        sheet.write_formula(2, 1, "=1+1", None, 2)
        sheet.write_datetime(3, 1, date(2024, 5, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(3, 2, time(2, 15), book.add_format({"num_format": "hh:mm"}))
        book.add_worksheet("Nháp").hide()
        book.add_worksheet("Biểu 2").write(0, 0, "cuối")

    opened = text_of(target.getvalue(), "a.bin")

    assert opened.text == "Tuần tra\t1151\t98,7\t1,1510\tTRUE\n2\n01/05/2024\t02:15\ncuối"
    assert opened.notes == (Noted.HIDDEN_SHEETS,)
    assert opened.parts == (Part("Biểu 1", 0, 49), Part("Biểu 2", 50, 54))
    assert opened.text[50:54] == "cuối"


def test_a_cell_that_shows_a_percentage_is_read_as_one() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Tỷ lệ")
        for row, shape in enumerate(("0%", "0.00%", '0.0" phần"%', "0.00")):
            sheet.write(row + 2, 1, "Đúng hạn")
            sheet.write(row + 2, 2, 0.987, book.add_format({"num_format": shape}))

    opened = text_of(target.getvalue(), "a.xlsx")

    assert opened.text.splitlines() == [*["Đúng hạn\t98,7%"] * 3, "Đúng hạn\t0,9870"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1151.0, "1151"),
        (0.1 + 0.2, "0,3"),
        (1.151, "1,1510"),
        (-2.5, "-2,5"),
        (1e15, "1000000000000000"),
        (1e-7, "0,0000001"),
    ],
)
def test_a_number_of_a_workbook_can_be_read_in_one_way_only(value: float, shown: str) -> None:
    assert shown_number(value) == shown


def test_a_pdf_gives_its_pages_and_says_which_have_no_text() -> None:
    opened = text_of(hostile.pdf("Tuần tra 1.151 lượt tổ", "", "Trang ba"), "a.txt")

    assert opened.kind is Type.PAGES
    assert opened.text == "Tuần tra 1.151 lượt tổ\nTrang ba"
    assert [part.name for part in opened.parts] == ["1", "3"]
    assert opened.notes == (Noted.EMPTY_PAGES,)


def test_markdown_is_read_as_it_is_shown() -> None:
    written = "## Kết quả ##\n- **Tuần tra** 12 lượt\n\n| Việc | Số |\n|---|---:|\n| Tuần tra | 12 |\n"

    assert text_of(written.encode(), "a.md").text == "Kết quả\n- Tuần tra 12 lượt\n\nViệc\tSố\nTuần tra\t12"
    assert text_of(written.encode(), "a.txt").text.startswith("## Kết quả")


def test_the_kind_is_told_by_content_whatever_the_name_says() -> None:
    assert text_of(hostile.word("Tuần tra"), "a.pdf").kind is Type.WORD
    assert text_of(hostile.pdf("Tuần tra"), "a.docx").kind is Type.PAGES
    assert text_of(hostile.workbook(["Tuần tra"]), "a.txt").kind is Type.WORKBOOK
    assert text_of(b"Tuan tra", "a.xlsx").kind is Type.TEXT


def test_signs_that_cannot_be_seen_are_dropped_and_said() -> None:
    opened = text_of("Tuần\u200b tra \u202e12\u202c lượt\x00 tổ\ufeff\xa0đêm\r\nxong \t\r".encode(), "a.txt")

    assert opened.text == "Tuần tra 12 lượt tổ đêm\nxong"
    assert set(opened.notes) == {Noted.INVISIBLE_MARKS, Noted.CONTROL_MARKS}


@given(st.text(st.sampled_from("Tuần trđược 12.\n\tễệ"), min_size=1).filter(str.strip))
def test_forms_of_letters_and_line_ends_make_no_difference(text: str) -> None:
    composed = text_of(unicodedata.normalize("NFC", text).encode(), "a.txt").text

    assert text_of(unicodedata.normalize("NFD", text).encode(), "a.txt").text == composed
    assert text_of(text.replace("\n", "\r\n").encode(), "a.txt").text == composed


# --- archives -------------------------------------------------------------------------------------


def test_an_archive_gives_its_members_under_safe_and_single_names() -> None:
    content = hostile.zipped(
        [
            ("../../etc/passwd", "a"),
            ("/C:/Báo cáo/a.txt", "b"),
            ("..\\..\\a.txt", "c"),
            ("a.txt", "d"),
            ("__MACOSX/._a.txt", "e"),
            ("~$a.docx", "f"),
            ("thư mục/a.txt", "g"),
        ]
    )

    members = list(members_of(content))

    assert is_archive(content)
    assert [(member.name, member.content) for member in members] == [
        ("etc/passwd", b"a"),
        ("Báo cáo/a.txt", b"b"),
        ("a.txt", b"c"),
        ("a (2).txt", b"d"),
        ("thư mục/a.txt", b"g"),
    ]
    assert [Noted.RENAMED in member.notes for member in members] == [True, True, True, True, False]


def test_a_locked_member_and_a_link_are_named_and_give_nothing() -> None:
    assert [member.why for member in members_of(hostile.locked_archive())] == [Why.ENCRYPTED]
    assert [(member.why, member.content) for member in members_of(hostile.archive_with_link())] == [(Why.LINK, b"")]


def test_an_archive_itself_has_no_text_and_a_document_is_no_archive() -> None:
    with pytest.raises(Unreadable) as refused:
        text_of(hostile.zipped([("a.txt", "a")]), "a.zip")

    assert refused.value.why is Why.ARCHIVE
    assert not is_archive(hostile.word("Tuần tra"))


# --- secrecy --------------------------------------------------------------------------------------

FILLER = "\n".join(["Đơn vị tổ chức tuần tra bảo vệ biên giới."] * 40)
SECRET = [
    "MẬT\nBÁO CÁO",
    "BÁO CÁO\n\nTỐI MẬT\nSố: 12/BC",
    "TUYỆT MẬT",
    "Tuyệt mật\nBáo cáo",
    "T Ố I  M Ậ T\nBÁO CÁO",
    "M  Ậ  T",
    "*** MẬT ***",
    "[TỐI MẬT]",
    "Báo cáo tháng (MẬT)",
    "Độ mật: Tối mật",
    "ĐỘ MẬT : A",
    "Mức độ mật: Mật",
    "BỘ TƯ LỆNH\tMẬT",
    "TỐI MẬT - Báo cáo tháng 5",
    "Số: 12/BC-BTL     MẬT",
    FILLER + "\nTỐI MẬT\n" + FILLER,
    unicodedata.normalize("NFD", "TỐI MẬT\nBÁO CÁO"),
    "T\u200bỐI M\u200bẬT",
    to_tcvn3("TỐI MẬT") + "\n" + to_tcvn3("Báo cáo"),
    to_vni("TUYỆT MẬT"),
    FILLER + "\n" + to_tcvn3("MẬT"),
]
ORDINARY = [
    "Giữ bí mật, bảo mật thông tin",
    "Chiến sĩ mật phục 3 vụ, thu 20 lít mật ong",
    "Thực hiện Luật Bảo vệ bí mật nhà nước; quản lý tài liệu mật đúng quy định",
    "CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "Bí mật Nhà nước",
    "BÍ MẬT",
    "CÔNG TÁC BẢO VỆ BÍ\nMẬT\nNHÀ NƯỚC",
    "Độ mật: không",
    "Độ mật: ......",
    "Đã tiếp nhận 12 tài liệu tối mật, 30 tài liệu mật",
    "Loại\tTuyệt mật\tTối mật\tMật\nVăn bản\t1\t2\t3",
    "MẬT\t12\t15",
    "Mật độ dân cư thưa",
    FILLER + "\nmật\n" + FILLER,
    "Phối hợp chặt chẽ, thân mật",
]


@pytest.mark.parametrize("text", SECRET)
def test_a_mark_of_secrecy_is_obeyed_however_it_is_written(text: str) -> None:
    assert is_secret(text)
    with pytest.raises(Secret) as refused:
        text_of(text.encode(), "a.txt")
    assert str(refused.value) == "secret"


@pytest.mark.parametrize("text", ORDINARY)
def test_the_word_alone_is_no_mark(text: str) -> None:
    assert not is_secret(text)


def test_a_mark_is_seen_in_a_header_a_cell_an_older_font_and_a_name() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    document.add_paragraph("Tuần tra")
    target = io.BytesIO()
    document.save(target)
    older = docx.Document()
    older.add_paragraph().add_run(to_tcvn3("mật")).font.name = ".VnTimeH"
    older_target = io.BytesIO()
    older.save(older_target)

    contents = [target.getvalue(), older_target.getvalue(), hostile.workbook(["Báo cáo"], ["MẬT"])]
    for content in (*contents, to_tcvn3("TỐI MẬT\nBáo cáo tuần tra").encode("latin-1"), "MẬT".encode("utf-16")):
        with pytest.raises(Secret):
            text_of(content, "a")
    with pytest.raises(Secret):
        text_of(b"Tuan tra", "bao-cao/TỐI MẬT - tháng 5.txt")
