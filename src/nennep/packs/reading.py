"""From a folder to one frozen `Pack`, or to the full list of what is wrong with the folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypeVar

from nennep.packs.checks import CHECKS, Tables
from nennep.packs.lexicon import FOLDER as LEXICON
from nennep.packs.lexicon import mistakes_of_lexicon
from nennep.packs.schemas import (
    About,
    Calendars,
    Documents,
    Duty,
    Edge,
    Form,
    Indicator,
    Pack,
    Paper,
    Planning,
    PostTemplate,
    Regulation,
    Row,
    StatementKind,
    Succession,
    Synonym,
    Target,
    Unit,
    UnitKind,
    UnitName,
    UnitOfMeasure,
    WorkField,
)
from nennep.packs.sources import Mistake, Table, read_csv, read_toml

R = TypeVar("R", bound=Row)

FILES = {
    "pack.toml",
    "unit_kinds.csv",
    "fields.csv",
    "units_of_measure.csv",
    "statement_kinds.csv",
    "units.csv",
    "unit_names.csv",
    "edges.csv",
    "successions.csv",
    "posts.csv",
    "indicators.csv",
    "synonyms.csv",
    "duties.csv",
    "calendars.toml",
    "targets.csv",
    "paper.toml",
    "documents.toml",
    "planning.toml",
}

# The folder of the regulations that rules cite.
REGULATIONS = "regulations"

# What may lie in the folder of a pack besides its tables.
PROSE = {".md"}


class BadPackError(Exception):
    """The folder is not a sound pack; `mistakes` is the complete list."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def shipped_pack(code: str) -> Path:
    """The folder of a pack that comes with the system. Raises LookupError when there is none of this code."""
    folder = Path(__file__).parent / code
    if not (folder / "pack.toml").is_file():
        raise LookupError(f"no pack called {code} is shipped")
    return folder


def read_pack(folder: Path) -> Pack:
    """Read and check a whole pack. Raises BadPackError with every mistake of every file."""
    tables, mistakes = _read(folder)
    if mistakes:
        raise BadPackError(mistakes)
    return _assembled(tables)


def find_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Every mistake of every file of a pack, in the order of files and lines; empty when it is sound."""
    return _read(folder)[1]


def pack_digest(pack: Pack) -> str:
    """SHA-256 of what the pack says, in hexadecimal: the same however the rows of its files are ordered."""
    said = {
        name: sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
        if isinstance(rows, list)
        else rows
        for name, rows in pack.model_dump(mode="json").items()
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _read(folder: Path) -> tuple[Tables, tuple[Mistake, ...]]:
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    tables = Tables(
        about=read_toml(folder, "pack.toml", About),
        unit_kinds=read_csv(folder, "unit_kinds.csv", UnitKind),
        fields=read_csv(folder, "fields.csv", WorkField),
        units_of_measure=read_csv(folder, "units_of_measure.csv", UnitOfMeasure),
        statement_kinds=read_csv(folder, "statement_kinds.csv", StatementKind),
        units=read_csv(folder, "units.csv", Unit),
        unit_names=read_csv(folder, "unit_names.csv", UnitName),
        edges=read_csv(folder, "edges.csv", Edge),
        successions=read_csv(folder, "successions.csv", Succession),
        posts=read_csv(folder, "posts.csv", PostTemplate),
        indicators=read_csv(folder, "indicators.csv", Indicator),
        synonyms=read_csv(folder, "synonyms.csv", Synonym),
        forms=_read_forms(folder),
        duties=read_csv(folder, "duties.csv", Duty),
        calendars=read_toml(folder, "calendars.toml", Calendars),
        targets=read_csv(folder, "targets.csv", Target),
        paper=read_toml(folder, "paper.toml", Paper),
        documents=read_toml(folder, "documents.toml", Documents),
        planning=read_toml(folder, "planning.toml", Planning),
        regulations=_read_each(folder, REGULATIONS, Regulation),
    )
    found = {mistake for table in tables.each() for mistake in table.mistakes}
    found |= {mistake for check in CHECKS for mistake in check(tables)}
    return tables, tuple(sorted(found | set(_strangers(folder)) | set(mistakes_of_lexicon(folder))))


def _read_forms(folder: Path) -> Table[Form]:
    forms = _read_each(folder, "forms", Form)
    if not any((folder / "forms").glob("*.toml")):
        forms.mistakes.append(Mistake("forms", 1, "", "the folder holds no form"))
        forms.codes, forms.whole = None, False
    return forms


def _read_each(folder: Path, name: str, model: type[R]) -> Table[R]:
    """The rows of a folder in which every file is one row."""
    table: Table[R] = Table()
    for path in sorted((folder / name).glob("*.toml")):
        file = read_toml(folder, f"{name}/{path.name}", model)
        table.rows += file.rows
        table.mistakes += file.mistakes
        table.whole = table.whole and file.whole
        # A file that could not be read might have held any row.
        table.codes = None if table.codes is None or file.codes is None else table.codes | file.codes
    return table


def _strangers(folder: Path) -> list[Mistake]:
    return [
        Mistake(path.relative_to(folder).as_posix(), 1, "", "a pack has no such file")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in PROSE
        and path.relative_to(folder).as_posix() not in FILES
        and not (path.parent in {folder / "forms", folder / REGULATIONS, folder / LEXICON} and path.suffix == ".toml")
    ]


def _assembled(tables: Tables) -> Pack:
    (about,), (calendars,), (paper,) = tables.about.rows, tables.calendars.rows, tables.paper.rows
    (documents,), (planning,) = tables.documents.rows, tables.planning.rows
    return Pack(
        about=about.row,
        unit_kinds=_rows(tables.unit_kinds),
        fields=_rows(tables.fields),
        units_of_measure=_rows(tables.units_of_measure),
        statement_kinds=_rows(tables.statement_kinds),
        units=_rows(tables.units),
        unit_names=_rows(tables.unit_names),
        edges=_rows(tables.edges),
        successions=_rows(tables.successions),
        posts=_rows(tables.posts),
        indicators=_rows(tables.indicators),
        synonyms=_rows(tables.synonyms),
        forms=_rows(tables.forms),
        duties=_rows(tables.duties),
        calendars=calendars.row.calendars,
        targets=_rows(tables.targets),
        layouts=paper.row.layouts,
        documents=documents.row,
        planning=planning.row,
        regulations=_rows(tables.regulations),
    )


def _rows(table: Table[R]) -> tuple[R, ...]:
    return tuple(placed.row for placed in table.rows)
