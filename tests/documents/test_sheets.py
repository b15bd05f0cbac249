"""Tables as workbooks and CSV: opened again, with no formula among the texts and no number changed."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook

from nennep.documents.rules import legible
from nennep.documents.sheets import Column, Line, Sheet, Value, is_dangerous, render_csv, render_xlsx

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "\xa0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\ufeff=1+1",
    "\u200b=1+1",
    "'=1+1",
    '"=1+1',
    "=cmd|'/c calc'!A0",
    "=HYPERLINK(A1)",
    "%00",
    "|x",
    "\x00=1+1",
    "\x01=1+1",
    "{=1+1}",
    "=",
    "-",
]
HARMLESS = ["Tuần tra", "a=b", "1151", "", "(3)", "–3", "Đồn Biên phòng"]
COLUMNS = (Column("Chỉ tiêu", 40), Column("Kỳ này", 14, is_number=True))


def sheet(*lines: tuple[Value, ...], columns: tuple[Column, ...] = COLUMNS) -> Sheet:
    return Sheet(
        "Biểu 1",
        columns,
        tuple(Line(values) for values in lines),
        title="Kết quả",
        remarks=("Đơn vị tính: lượt", "28 trên 30 đơn vị"),
    )


def opened(*sheets: Sheet) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(sheets)))


def cells(book: Workbook) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=6)]


def test_dangerous_texts_stay_texts_letter_for_letter() -> None:
    lines = tuple((text, text) for text in DANGEROUS)
    table = Sheet(DANGEROUS[0], tuple(Column(text) for text in DANGEROUS[:2]), tuple(map(Line, lines)), "=1+1")

    book = opened(table)

    found = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in found if cell.data_type == "f"]
    for row, text in enumerate(DANGEROUS, start=4):
        for cell in book.worksheets[0][row]:
            assert (cell.value or "") == legible(text)


def test_a_dangerous_text_stays_text_even_when_its_cell_is_edited() -> None:
    book = opened(sheet(("=1+1", 1), ("Tuần tra", 1)))

    assert book.worksheets[0]["A6"].quotePrefix
    assert not book.worksheets[0]["A7"].quotePrefix


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_comes_back_as_text(text: str) -> None:
    book = opened(sheet((text, None)))

    cell = book.worksheets[0]["A6"]
    assert cell.data_type != "f"
    assert (cell.value or "") == legible(text)


@settings(deadline=None, max_examples=60)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_numbers_of_up_to_15_digits_come_back_exactly(number: Decimal) -> None:
    book = opened(sheet(("a", number)))

    cell = book.worksheets[0]["B6"]
    assert cell.data_type == "n"
    assert Decimal(str(cell.value)) == number


def test_a_number_too_long_for_a_sheet_is_kept_as_text() -> None:
    number = Decimal(1234567890123456)

    cell = opened(sheet(("a", number))).worksheets[0]["B6"]

    assert (cell.data_type, cell.value) == ("s", "1234567890123456")


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        (Decimal(1151), None, "#,##0"),
        (Decimal("98.70"), None, "#,##0.0"),
        (Decimal("4512.25"), None, "#,##0.00"),
        (Decimal("98.65"), 1, "#,##0.0"),
        (7, None, "#,##0"),
    ],
)
def test_numbers_carry_a_format_with_thousands_and_their_decimals(
    number: Decimal | int, decimals: int | None, shown: str
) -> None:
    columns = (Column("Chỉ tiêu"), Column("Kỳ này", is_number=True, decimals=decimals))

    assert opened(sheet(("a", number), columns=columns)).worksheets[0]["B6"].number_format == shown


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        render_xlsx([sheet(("a", Decimal(number)))])


def test_a_missing_value_is_an_empty_cell_and_a_zero_is_a_zero() -> None:
    assert cells(opened(sheet(("a", None), ("b", 0)))) == [["a", None], ["b", 0]]


def test_title_and_remarks_stand_above_the_heads_which_are_repeated_and_frozen() -> None:
    page = opened(sheet(("a", 1))).worksheets[0]

    above = [page.cell(row, 1).value for row in range(1, 6)]
    assert above == ["Kết quả", "Đơn vị tính: lượt", "28 trên 30 đơn vị", None, "Chỉ tiêu"]
    assert page.print_title_rows == "$5:$5"
    assert page.freeze_panes == "A6"


def test_a_page_is_a4_on_its_long_side_and_as_wide_as_the_table() -> None:
    page = opened(sheet(("a", 1))).worksheets[0]

    assert page.page_setup.orientation == "landscape"
    assert str(page.page_setup.paperSize) == "9"
    assert page.sheet_properties.pageSetUpPr
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.column_dimensions["A"].width == pytest.approx(40, abs=1)


def test_a_text_longer_than_a_cell_says_how_much_was_left_out() -> None:
    cell = opened(sheet(("ặ" * 1_000_000, 1))).worksheets[0]["A6"]

    kept, _, rest = str(cell.value).partition("… [+")
    assert len(str(cell.value)) <= 32_767
    assert len(kept) + int(rest.rstrip("]")) == 1_000_000


def test_names_of_sheets_are_what_a_workbook_accepts() -> None:
    names = ["Biểu 1/2: [a]*?", "biểu 1 2 a", "", "x" * 50, "x" * 50, "History", "'a'"]

    book = opened(*(Sheet(name, COLUMNS, ()) for name in names))

    assert len({name.casefold() for name in book.sheetnames}) == len(names)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)
    assert book.sheetnames[0] == "Biểu 1 2 a"


def test_the_same_sheets_give_the_same_bytes_and_name_nobody() -> None:
    first, second = render_xlsx([sheet(("a", 1))]), render_xlsx([sheet(("a", 1))])

    assert first == second
    assert opened(sheet(("a", 1))).properties.creator in {None, ""}


def test_a_workbook_has_a_sheet_and_a_line_fits_its_sheet() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        render_xlsx([])
    with pytest.raises(ValueError, match="Line 1 has 1 values for 2 columns"):
        sheet(("a",))


@pytest.mark.parametrize("text", DANGEROUS[:-5])
def test_what_a_spreadsheet_could_take_for_a_formula_is_known(text: str) -> None:
    assert is_dangerous(text) or is_dangerous(legible(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not is_dangerous(text)


def test_csv_is_utf_8_with_a_mark_plain_numbers_and_defused_texts() -> None:
    written = render_csv(sheet(("Tuần tra, kiểm soát", Decimal("-1151.50")), ("=1+1", None), ('a"b\nc', 0)))

    assert written.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))) == [
        ["Chỉ tiêu", "Kỳ này"],
        ["Tuần tra, kiểm soát", "-1151.50"],
        ["'=1+1", ""],
        ['a"b\nc', "0"],
    ]


@given(st.text(st.characters(exclude_categories=()), max_size=80) | st.sampled_from(DANGEROUS))
def test_no_text_of_a_csv_begins_like_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(render_csv(sheet((text, None))).decode("utf-8-sig"), newline="")))

    assert rows[1][0] in {legible(text), f"'{legible(text)}"}
    assert rows[1][0].lstrip()[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝"}
