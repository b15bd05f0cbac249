"""Workbooks: the visible sheets, values only."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loom.files._archive import Archive
from loom.files._outcome import Noted, Unreadable, Why
from loom.files._xml import Attributes, Events, walk

MOST_CELLS = 500_000
# The library lays a sheet out as a full rectangle around its filled cells.
MOST_PLACES = 3_000_000
MOST_SHEETS = 200
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
_MACROS = "vbaProject.bin"
_THREE_DECIMALS = 3
_NO_SHEETS = ("xl/media/", "xl/printerSettings/", "xl/embeddings/")


def text_of_workbook(content: bytes, archive: Archive) -> tuple[list[tuple[str, str]], list[Noted]]:
    """The name of every visible sheet and its rows as lines of cells. Raises Unreadable for a broken or wide one."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _require_bounds(archive)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        rows = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=True)) for name in visible]
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(Why.DAMAGED) from error
    notes = [Noted.HIDDEN_SHEETS] if len(visible) < len(book.sheets_metadata) else []
    if any(name.endswith(_MACROS) for name in archive.names):
        notes.append(Noted.MACROS)
    return [(name, _lines(table)) for name, table in rows], notes


def _require_bounds(archive: Archive) -> None:
    """Read through every part before the library does: it counts cells and bounds the rectangle around them."""
    sheets = 0
    for entry in archive.entries:
        if entry.filename.startswith(_NO_SHEETS) or entry.filename.endswith((".bin", ".vml")):
            continue
        sheets += _require_sheet(archive, entry)
    if sheets > MOST_SHEETS:
        raise Unreadable(Why.TOO_MANY_PARTS, most=MOST_SHEETS)


def _require_sheet(archive: Archive, entry: zipfile.ZipInfo) -> bool:
    extent = _Extent()
    walk(archive.pieces(entry), extent)
    if extent.places > MOST_PLACES:
        raise Unreadable(Why.TOO_MANY_CELLS, cells=extent.filled, row=extent.bottom, column=extent.right)
    return extent.is_sheet


class _Extent(Events):
    """The rectangle around the filled cells of a sheet; what the sheet declares about itself is not asked."""

    def __init__(self) -> None:
        self.is_sheet = False
        self.filled = 0
        self.row = self.column = 0
        self.top = self.left = 0
        self.bottom = self.right = 0

    @property
    def places(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.filled else 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = _number(attributes.get("r", "")) or self.row + 1
            self.column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
        elif name in {"v", "is"}:
            self._fill()
        elif name == "worksheet":
            self.is_sheet = True

    def _place(self, where: str) -> None:
        found = _PLACE.match(where)
        if found is None:
            self.column += 1
            return
        self.row, self.column = int(found[2]), 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1

    def _fill(self) -> None:
        self.filled += 1
        if self.filled > MOST_CELLS:
            raise Unreadable(Why.TOO_MANY_CELLS, cells=self.filled)
        self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
        self.top, self.left = min(self.top or self.row, self.row), min(self.left or self.column, self.column)


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0  # noqa: PLR2004 - rows end


def _lines(rows: Sequence[Sequence[object]]) -> str:
    # Compared with an empty row as a whole: a sheet may hold a million of them.
    empty = [""] * (len(rows[0]) if rows else 0)
    return "\n".join(filter(None, (_line(row) for row in rows if row != empty)))


def _line(row: Sequence[object]) -> str:
    return "\t".join(_shown(value) for value in row).rstrip("\t")


def _shown(value: object) -> str:  # noqa: PLR0911 - one answer for each kind of value
    """A value as a Vietnamese paper writes it."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return shown_number(value)
        case datetime():
            return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return str(value)
        case _:
            return " ".join(str(value).split())


def shown_number(value: float) -> str:
    """A number with a decimal comma and no mark between thousands, to the 15 digits that a workbook keeps.

    Three decimals get a zero behind them, since `1,151` could be read as thousands and `1,1510` cannot.
    """
    digits = format(Decimal(format(value, ".15g")), "f")
    whole, point, decimals = digits.partition(".")
    decimals = decimals.rstrip("0") if point else ""
    if len(decimals) == _THREE_DECIMALS:
        decimals += "0"
    return f"{whole},{decimals}" if decimals else whole
