"""Tables as workbooks and as plain text: numbers stay numbers, and no text ever becomes a formula."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from nennep.documents.rules import legible

# What a spreadsheet may take for the beginning of a formula. Full-width forms count as what they resemble.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
# A spreadsheet keeps 15 digits of a number; from the 16th on it writes zeros.
_EXACT_DIGITS = 15
_LARGEST_EXPONENT = 300
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# A workbook needs a moment of making; a fixed one makes the same table the same bytes.
_MADE_AT = datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook's moment has no zone
_MOST_DECIMALS = 6
_HEAD_ROW_HEIGHT_PT = 32
_BYTE_ORDER_MARK = "\ufeff"

Value = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in letters, and for numbers how many decimals are shown (None: all it has)."""

    head: str
    width: float = 14
    is_number: bool = False
    decimals: int | None = None


@dataclass(frozen=True)
class Line:
    """A row of values, one for each column; None is an empty cell. `level` indents the first text (`trong đó`)."""

    values: tuple[Value, ...]
    level: int = 0
    bold: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table on a sheet of its own: title and remarks (unit, period, coverage, moment of the data) stand above it."""

    name: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    title: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("A sheet needs at least one column.")
        for position, line in enumerate(self.lines, start=1):
            if len(line.values) != len(self.columns):
                raise ValueError(f"Line {position} has {len(line.values)} values for {len(self.columns)} columns.")


def render_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook of the sheets, in order; the same sheets give the same bytes.

    Numbers of up to 15 digits are numbers, exactly; longer ones are text, since a spreadsheet would round them.
    Every other value is text that stays text even when the cell is edited. A text longer than a cell can hold (32,767
    letters) ends with how many letters were left out. Raises ValueError without a sheet.
    """
    if not sheets:
        raise ValueError("A workbook needs at least one sheet.")
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": _MADE_AT, "author": "", "title": legible(sheets[0].title)})
        formats = Formats(book)
        for name, sheet in zip(_names(sheets), sheets, strict=True):
            _write(book.add_worksheet(name), sheet, formats)
    return target.getvalue()


def render_csv(sheet: Sheet) -> bytes:
    """Return the table, its heads first, as comma-separated values in UTF-8 with a byte order mark.

    Numbers are written in plain notation with a point. A text that a spreadsheet could take for a formula begins
    with an apostrophe.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_harmless(column.head) for column in sheet.columns])
    writer.writerows([_plain(value) for value in line.values] for line in sheet.lines)
    return (_BYTE_ORDER_MARK + target.getvalue()).encode()


def is_dangerous(text: str) -> bool:
    """Say whether a spreadsheet might take a text for a formula: by its first sign, blanks and look-alikes aside."""
    if text[:1] in _FORMULA_SIGNS:
        return True
    return unicodedata.normalize("NFKC", text).lstrip("\ufeff\u200b\u2060 \t\r\n'\"")[:1] in _FORMULA_SIGNS


def _harmless(text: str) -> str:
    clean = legible(text)
    return f"'{clean}" if is_dangerous(text) or is_dangerous(clean) else clean


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return _harmless(value)
        case _:
            return format(Decimal(value), "f")


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Return names a workbook accepts, each different from the others without regard to capitals."""
    names: list[str] = []
    for position, sheet in enumerate(sheets, start=1):
        name = " ".join(legible(sheet.name).translate(_NOT_IN_NAMES).split())[:_LONGEST_NAME].strip("' ")
        taken = {other.casefold() for other in names}
        if not name or name.casefold() in {*taken, "history"}:
            suffix = f" ({position})"
            name = f"{name[: _LONGEST_NAME - len(suffix)] or 'Sheet'}{suffix}"
        names.append(name)
    return names


class Formats:
    """The formats of a workbook, each made once; in the typeface of papers unless another is named."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": "Times New Roman", "font_size": 12, **properties})
        return self.made[key]


def _write(page: Any, sheet: Sheet, formats: Formats) -> None:
    head_row = _write_above(page, sheet, formats)
    head = formats.of(bold=True, border=1, align="center", valign="vcenter", text_wrap=True, quote_prefix=True)
    page.set_row(head_row, _HEAD_ROW_HEIGHT_PT)
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width)
        page.write_string(head_row, position, fitting(column.head), head)
    for row, line in enumerate(sheet.lines, start=head_row + 1):
        _write_line(page, row, sheet, line, formats)
    page.freeze_panes(head_row + 1, 0)
    page.repeat_rows(head_row)
    page.print_area(0, 0, head_row + len(sheet.lines), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.set_header("&C&P / &N")


def _write_above(page: Any, sheet: Sheet, formats: Formats) -> int:
    """Write title and remarks; return the row the heads go to."""
    row = 0
    above = [(sheet.title, formats.of(bold=True, font_size=14, quote_prefix=True))] if sheet.title else []
    above += [(remark, formats.of(italic=True, quote_prefix=True)) for remark in sheet.remarks]
    for row, (text, look) in enumerate(above, start=1):
        page.write_string(row - 1, 0, fitting(text), look)
    return row + 1 if above else row


def _write_line(page: Any, row: int, sheet: Sheet, line: Line, formats: Formats) -> None:
    first_text = next((i for i, column in enumerate(sheet.columns) if not column.is_number), None)
    for position, (column, value) in enumerate(zip(sheet.columns, line.values, strict=True)):
        frame = {"border": 1, "valign": "top", "bold": line.bold}
        if value is None:
            page.write_blank(row, position, None, formats.of(**frame))
        elif isinstance(value, str):
            indent = line.level if position == first_text else 0
            look = formats.of(**frame, text_wrap=True, indent=indent, quote_prefix=is_dangerous(value))
            page.write_string(row, position, fitting(value), look)
        elif is_exact(number := Decimal(value)):
            look = formats.of(**frame, num_format=number_format(number, column.decimals))
            page.write_number(row, position, as_cell(number), look)
        else:
            page.write_string(row, position, format(number, "f"), formats.of(**frame, align="right"))


def is_exact(number: Decimal) -> bool:
    """Say whether a spreadsheet can hold a number digit for digit."""
    if not number.is_finite():
        raise ValueError(f"{number} is not a number that a sheet can hold.")
    return len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS and abs(number.adjusted()) < _LARGEST_EXPONENT


def as_cell(number: Decimal) -> int | float:
    """A number that a spreadsheet holds digit for digit, as it is written into a cell."""
    return int(number) if number == number.to_integral_value() else float(number)


def number_format(number: Decimal, decimals: int | None) -> str:
    """Return thousands and decimals; the reader's program writes them in the signs of its own language."""
    if decimals is None:
        exponent = number.normalize().as_tuple().exponent
        decimals = min(max(0, -exponent), _MOST_DECIMALS) if isinstance(exponent, int) else 0
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def fitting(text: str) -> str:
    """Return a text as it fits a cell, saying how much was left out of one that does not."""
    clean = legible(text)
    if _length(clean) <= _LONGEST_TEXT:
        return clean
    # Room for the remark; a letter beyond the basic plane counts twice in a spreadsheet.
    kept = clean.encode("utf-16-le")[: (_LONGEST_TEXT - 20) * 2].decode("utf-16-le", errors="ignore")
    return f"{kept}… [+{len(clean) - len(kept)}]"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
