"""The cells of a workbook as plain data, hidden sheets and all: for workbooks that this house wrote itself.

What a cell holds is told apart, since a figure that a spreadsheet took for a date, an error, or a formula that nobody
worked out must be shown as what it is. `text_of` is the way to read what people write; this is for who knows the sheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from loom.files import Noted, Secret, Type, Unreadable, Why, is_secret, text_of
from loom.files._archive import Archive
from loom.files._xml import Attributes, Events, walk

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class Written(StrEnum):
    """What a cell holds."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TRUTH = "truth"
    ERROR = "error"
    FORMULA = "formula"  # one whose result nobody has worked out


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as plain text: a number in plain notation to the 15 digits that a workbook keeps, a date as its day."""

    written: Written = Written.BLANK
    text: str = ""


Table = tuple[tuple[Cell, ...], ...]
BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as rows from its first cell on."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """Every sheet of a workbook, in its order."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Noted, ...] = ()

    @property
    def by_name(self) -> dict[str, Table]:
        return {sheet.name: sheet.rows for sheet in self.sheets}


def cells_of(content: bytes, name: str) -> Cells:
    """The cells of a workbook, hidden sheets included. A mark of secrecy in any one of them is one on the whole.

    Raises Secret and Unreadable as `text_of` does, and Unreadable (`unknown-kind`) for a file of another kind.
    """
    opened = text_of(content, name)
    if opened.kind is not Type.WORKBOOK:
        raise Unreadable(Why.UNKNOWN_KIND)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        values = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(Why.DAMAGED) from error
    flaws = _flaws(Archive(content))
    sheets = (Sheet(title, _table(rows, flaws.get(title, {}))) for title, rows in values.items())
    cells = Cells(tuple(sheets), opened.notes)
    if any(is_secret(cell.text) for sheet in cells.sheets for row in sheet.rows for cell in row):
        raise Secret
    return cells


def _table(rows: Sequence[Sequence[object]], flaws: dict[str, Cell]) -> Table:
    table = [[_cell(value) for value in row] for row in rows]
    for reference, flaw in flaws.items():
        column, row = _place(reference)
        if row < len(table) and column < len(table[row]):
            table[row][column] = flaw
    return tuple(tuple(row) for row in table)


def _cell(value: object) -> Cell:
    match value:
        case "" | None:
            return BLANK
        case bool():
            return Cell(Written.TRUTH, "TRUE" if value else "FALSE")
        case int() | float():
            return Cell(Written.NUMBER, format(Decimal(format(value, ".15g")), "f"))
        case datetime() | date():
            return Cell(Written.DATE, f"{value:%d/%m/%Y}")
        case time() | timedelta():
            return Cell(Written.DATE, str(value))
        case _:
            return Cell(Written.TEXT, str(value))


def _place(reference: str) -> tuple[int, int]:
    """Column and row of a reference such as `E12`, counted from 0."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(reference.removeprefix(letters) or 1) - 1


# --- what the values do not tell ------------------------------------------------------------------


def _flaws(archive: Archive) -> dict[str, dict[str, Cell]]:
    """Errors and formulas without a result, by sheet and reference: reading values alone, both look like nothing."""
    sheets, targets = _Sheets(), _Targets()
    walk([archive.part(_BOOK) or b"<none/>"], sheets)
    walk([archive.part(_RELATIONS) or b"<none/>"], targets)
    found = {}
    for title, relation in sheets.relations.items():
        target = targets.paths.get(relation, "")
        part = archive.part(target.removeprefix("/") if target.startswith("/") else f"xl/{target}")
        flawed = _Flawed()
        walk([part or b"<none/>"], flawed)
        found[title] = flawed.cells
    return found


class _Sheets(Events):
    def __init__(self) -> None:
        self.relations: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.relations[attributes.get("name", "")] = attributes.get("id", "")


class _Targets(Events):
    def __init__(self) -> None:
        self.paths: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self.paths[attributes.get("Id", "")] = attributes.get("Target", "")


class _Flawed(Events):
    """The cells of a sheet that hold an error, or a formula without a result."""

    def __init__(self) -> None:
        self.cells: dict[str, Cell] = {}
        self.reference = ""
        self.is_error = self.has_formula = self.is_value = False
        self.value = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.reference, self.value = attributes.get("r", ""), ""
            self.is_error, self.has_formula = attributes.get("t") == "e", False
        elif name == "f":
            self.has_formula = True
        self.is_value = name == "v"

    def words(self, text: str) -> None:
        if self.is_value:
            self.value += text

    def end(self, name: str) -> None:
        if name == "v":
            self.is_value = False
        if name != "c" or not self.reference:
            return
        if self.is_error:
            self.cells[self.reference] = Cell(Written.ERROR, self.value)
        elif self.has_formula and not self.value:
            self.cells[self.reference] = Cell(Written.FORMULA)
