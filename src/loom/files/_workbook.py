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
# The library lays a sheet out as a full rectangle from its first cell to the last that is filled.
MOST_PLACES = 3_000_000
MOST_SHEETS = 200
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
_MACROS = "vbaProject.bin"
_BOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
# The numbers of the formats `0%` and `0.00%`, which every workbook knows.
_PERCENT_FORMATS = ("9", "10")
_THREE_DECIMALS = 3
_NO_SHEETS = ("xl/media/", "xl/printerSettings/", "xl/embeddings/")


def text_of_workbook(content: bytes, archive: Archive) -> tuple[list[tuple[str, str]], list[Noted]]:
    """The name of every visible sheet and its rows as lines of cells. Raises Unreadable for a broken or wide one."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    extents = _extents(archive, _percent_styles(archive))
    parts = _parts_of_sheets(archive)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        # From the first cell on, so that rows and columns are those of the sheet.
        tables = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in visible]
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(Why.DAMAGED) from error
    notes = [Noted.HIDDEN_SHEETS] if len(visible) < len(book.sheets_metadata) else []
    if any(name.endswith(_MACROS) for name in archive.names):
        notes.append(Noted.MACROS)
    percent = {name: extents[part].percent for name, part in parts.items() if part in extents}
    return [(name, _lines(table, percent.get(name, set()))) for name, table in tables], notes


def _extents(archive: Archive, percent_styles: set[int]) -> dict[str, _Extent]:
    """Read through every part before the library does: count its cells and bound the rectangle around them."""
    extents = {}
    for entry in archive.entries:
        if entry.filename.startswith(_NO_SHEETS) or entry.filename.endswith((".bin", ".vml")):
            continue
        extent = _extent(archive, entry, percent_styles)
        if extent.is_sheet:
            extents[entry.filename] = extent
    if len(extents) > MOST_SHEETS:
        raise Unreadable(Why.TOO_MANY_PARTS, most=MOST_SHEETS)
    return extents


def _extent(archive: Archive, entry: zipfile.ZipInfo, percent_styles: set[int]) -> _Extent:
    extent = _Extent(percent_styles)
    walk(archive.pieces(entry), extent)
    if extent.bottom * extent.right > MOST_PLACES:
        raise Unreadable(Why.TOO_MANY_CELLS, cells=extent.filled, row=extent.bottom, column=extent.right)
    return extent


def _parts_of_sheets(archive: Archive) -> dict[str, str]:
    """In which part of the archive the sheet of a name stands."""
    book, relations = _Listed("sheet", "name", "id"), _Listed("Relationship", "Id", "Target")
    for name, listed in ((_BOOK, book), (_RELATIONS, relations)):
        if (part := archive.part(name)) is not None:
            walk([part], listed)
    targets = {name: relations.found.get(relation, "") for name, relation in book.found.items()}
    return {name: target[1:] if target.startswith("/") else f"xl/{target}" for name, target in targets.items()}


def _percent_styles(archive: Archive) -> set[int]:
    """The styles in which a share is shown as a percentage, by their place in the list."""
    styles = _CellStyles()
    if (part := archive.part(_STYLES)) is not None:
        walk([part], styles)
    return styles.percent


class _Listed(Events):
    """Two attributes of every element of a name, as a table."""

    def __init__(self, name: str, key: str, value: str) -> None:
        self.found: dict[str, str] = {}
        self._name, self._key, self._value = name, key, value

    def start(self, name: str, attributes: Attributes) -> None:
        if name == self._name:
            self.found[attributes.get(self._key, "")] = attributes.get(self._value, "")


class _CellStyles(Events):
    """Which of the styles of cells have a format with a percent sign."""

    def __init__(self) -> None:
        self.percent: set[int] = set()
        self._formats = set(_PERCENT_FORMATS)
        self._is_list = False
        self._count = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            self._formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            self._is_list = True
        elif name == "xf" and self._is_list:
            if attributes.get("numFmtId", "") in self._formats:
                self.percent.add(self._count)
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_list = False


class _Extent(Events):
    """How far the filled cells of a sheet reach, and which show a percentage; what the sheet declares is not asked."""

    def __init__(self, percent_styles: set[int]) -> None:
        self.is_sheet = False
        self.filled = 0
        self.row = self.column = 0
        self.bottom = self.right = 0
        self.percent: set[tuple[int, int]] = set()
        self._percent_styles = percent_styles

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = _number(attributes.get("r", "")) or self.row + 1
            self.column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
            if _number(attributes.get("s", "")) in self._percent_styles:
                self.percent.add((self.row, self.column))
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


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 0  # noqa: PLR2004 - rows end


def _lines(rows: Sequence[Sequence[object]], percent: set[tuple[int, int]]) -> str:
    """The rows that are not empty, without the empty columns on their left."""
    # Compared with an empty row as a whole: a sheet may hold a million of them.
    empty = [""] * (len(rows[0]) if rows else 0)
    filled = [(number, row) for number, row in enumerate(rows, start=1) if row != empty]
    left = min((next(at for at, value in enumerate(row) if value != "") for _, row in filled), default=0)
    return "\n".join(_line(number, row, left, percent) for number, row in filled)


def _line(number: int, row: Sequence[object], left: int, percent: set[tuple[int, int]]) -> str:
    shown = [
        _percentage(value) if (number, at) in percent and isinstance(value, int | float) else _shown(value)
        for at, value in enumerate(row[left:], start=left + 1)
    ]
    return "\t".join(shown).rstrip("\t")


def _percentage(value: float) -> str:
    """A share as its percentage: 0.987 is `98,7%`."""
    return f"{_in_digits(Decimal(format(value, '.15g')) * 100)}%"


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
    return _in_digits(Decimal(format(value, ".15g")))


def _in_digits(value: Decimal) -> str:
    digits = format(value, "f")
    whole, point, decimals = digits.partition(".")
    decimals = decimals.rstrip("0") if point else ""
    if len(decimals) == _THREE_DECIMALS:
        decimals += "0"
    return f"{whole},{decimals}" if decimals else whole
