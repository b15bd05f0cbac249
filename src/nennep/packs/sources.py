"""Where every value of a pack stands: files read into rows that remember their file and line.

Nothing is guessed. A file is UTF-8 (a byte order mark is allowed), its text is in NFC, its values carry
no stray spaces; a row that breaks a rule is reported with its file, line and field, and the reading goes
on.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import ValidationError

from nennep.packs.schemas import Row

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

Step = str | int
Path = tuple[Step, ...]
R = TypeVar("R", bound=Row)

CHOSEN_KINDS = {"cells", "words", "week", "month", "quarter", "half", "nine_months", "year"}

STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
COMMENT = re.compile(r"#.*")
TABLE = re.compile(r"(?P<twice>\[?)\[(?P<path>[A-Za-z0-9_.]+)\]\]?")
KEY = re.compile(r"(?P<key>[A-Za-z0-9_]+)\s*=")


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a pack, and where: lines count from 1, a whole file has no field."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


@dataclass(frozen=True)
class Place:
    """Where a row stands. `lines` places the inner values of a TOML file; a CSV row is one line."""

    file: str
    line: int
    lines: Mapping[Path, int] = field(default_factory=dict)

    def mistake(self, message: str, *path: Step) -> Mistake:
        """The mistake at this path of the row: column, or keys and positions of a TOML value."""
        known = (path[:length] for length in range(len(path), 0, -1) if path[:length] in self.lines)
        line = self.lines[nearest] if (nearest := next(known, None)) else self.line
        return Mistake(self.file, line, _written(path), message)


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A row and where it stands."""

    row: R
    place: Place

    def mistake(self, message: str, *path: Step) -> Mistake:
        """The mistake at this path of the row."""
        return self.place.mistake(message, *path)


@dataclass
class Table(Generic[R]):
    """All rows of one model.

    `codes` are the codes that stand in the file even if their row is wrong otherwise, so that one mistake
    is not told again by everything that refers to it; it is None when the file could not be read at all.
    `whole` is false when a row had to be left out: then nothing can be said about what is missing.
    """

    rows: list[Placed[R]] = field(default_factory=list)
    codes: set[str] | None = field(default_factory=set)
    whole: bool = True
    mistakes: list[Mistake] = field(default_factory=list)

    def has(self, code: str) -> bool:
        """Whether a reference to this code may stand."""
        return self.codes is None or code in self.codes


def read_csv(folder: pathlib.Path, name: str, model: type[R]) -> Table[R]:
    """Read one CSV file whose columns are exactly the fields of the model."""
    table: Table[R] = Table()
    text = _text(folder / name, name, table)
    if text is None:
        return table
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        table.mistakes += _header_mistakes(name, header, list(model.model_fields))
        if table.mistakes:
            table.codes, table.whole = None, False
            return table
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                _take_cells(table, model, Place(name, line), header, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        table.mistakes.append(Mistake(name, reader.line_num, "", f"not readable as CSV: {error}"))
        table.whole = False
    return table


def read_toml(folder: pathlib.Path, name: str, model: type[R]) -> Table[R]:
    """Read one TOML file as one row of the model."""
    table: Table[R] = Table()
    text = _text(folder / name, name, table)
    if text is None:
        return table
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at.group(1)) if at else max(1, len(text.splitlines()))
        table.mistakes.append(Mistake(name, line, "", f"not readable as TOML: {error}"))
        table.codes, table.whole = None, False
        return table
    _take(table, model, Place(name, 1, lines_of_toml(text)), data)
    return table


def _text(path: pathlib.Path, name: str, table: Table[R]) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        table.mistakes.append(Mistake(name, 1, "", "the file is missing"))
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            table.mistakes.append(Mistake(name, line, "", "the file is not UTF-8"))
    table.codes, table.whole = None, False
    return None


def _header_mistakes(name: str, header: list[str], columns: list[str]) -> list[Mistake]:
    twice = {column for column in header if header.count(column) > 1}
    return [
        *(Mistake(name, 1, column, "unknown column") for column in header if column not in columns),
        *(Mistake(name, 1, column, "the column is missing") for column in columns if column not in header),
        *(Mistake(name, 1, column, "the column stands twice") for column in sorted(twice)),
    ]


def _take_cells(table: Table[R], model: type[R], place: Place, header: list[str], cells: list[str]) -> None:
    if len(cells) != len(header):
        message = f"the row has {len(cells)} cells where the header has {len(header)}"
        table.mistakes.append(place.mistake(message))
        table.whole = False
        return
    _take(table, model, place, {column: cell for column, cell in zip(header, cells, strict=True) if cell})


def _take(table: Table[R], model: type[R], place: Place, data: dict[str, object]) -> None:
    found = [place.mistake(message, *path) for path, message in _untidy(data, ())]
    try:
        row = model.model_validate(data)
    except ValidationError as error:
        found += [place.mistake(message, *path) for path, message in _told(error)]
    else:
        table.rows.append(Placed(row, place))
    table.whole = table.whole and not found
    table.mistakes += found
    code = data.get("code")
    if table.codes is not None and isinstance(code, str):
        table.codes.add(code)


def _untidy(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            yield path, "the text is not in Unicode form NFC"
        if value != value.strip():
            yield path, "the text begins or ends with a space"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _untidy(inner, (*path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _untidy(inner, (*path, position))


def _told(error: ValidationError) -> Iterator[tuple[Path, str]]:
    details = error.errors()
    for detail in details:
        path = detail["loc"]
        within = any(other["loc"][: len(path)] == path for other in details if other is not detail)
        # A list whose elements are wrong also counts as too short; the elements have been told already.
        if not (detail["type"] == "too_short" and within):
            yield _as_in_file(path), _said(detail["type"], detail["msg"])


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing or empty"
    if kind == "extra_forbidden":
        return "unknown field"
    return message.removeprefix("Value error, ")


def _as_in_file(location: Path) -> Path:
    """The path of a value as its file has it.

    Pydantic puts the chosen kind of a section or cut-off after its position: a step that no file has.
    """
    return tuple(
        step
        for index, step in enumerate(location)
        if not (index and isinstance(location[index - 1], int) and step in CHOSEN_KINDS)
    )


def _written(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def lines_of_toml(text: str) -> dict[Path, int]:
    """The line on which each table, key and array element of a TOML text stands, by its path.

    A small scan, not a parser: it serves texts that keep to one key or one array element per line, and is
    only asked where something stands after `tomllib` has said what it is.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    array: Path = ()
    depth = position = 0
    for number, raw in enumerate(text.splitlines(), start=1):
        line = COMMENT.sub("", STRING.sub('""', raw)).strip()
        if not line:
            continue
        if depth:
            if line[0] not in "]}":
                lines[(*array, position)] = number
                position += 1
        elif header := TABLE.fullmatch(line):
            table = _opened(table_path=header["path"], repeated=bool(header["twice"]), lines=lines)
            lines[table] = number
        elif key := KEY.match(line):
            array, position = (*table, key["key"]), 0
            lines[array] = number
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
    return lines


def _opened(*, table_path: str, repeated: bool, lines: Mapping[Path, int]) -> Path:
    """The path of the table a header opens, with positions: sections, 2, rows, 0."""
    path: Path = ()
    names = table_path.split(".")
    for name in names:
        path = (*path, name)
        count = 0
        while (*path, count) in lines:
            count += 1
        if repeated and name is names[-1]:
            path = (*path, count)
        elif count:
            path = (*path, count - 1)
    return path
