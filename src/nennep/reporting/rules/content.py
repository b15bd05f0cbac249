"""What a form asks, what a draft holds, and what a version froze."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

#: A statement is one point in words, not a document.
LONGEST_STATEMENT = 4_000
MOST_STATEMENTS = 300
LONGEST_ID = 40
_ID = re.compile(rf"[A-Za-z0-9_.-]{{1,{LONGEST_ID}}}")


class StatementKind(StrEnum):
    RESULT = "result"
    SHORTCOMING = "shortcoming"
    CAUSE = "cause"
    LESSON = "lesson"
    TASK = "task"
    PROPOSAL = "proposal"
    COMMENDATION = "commendation"


@dataclass(frozen=True)
class IndicatorRule:
    """What the checks and the engine need to know of an indicator."""

    code: str
    name: str
    name_en: str
    unit_of_measure: str
    over_units: str = "sum"
    over_time: str = "sum"
    numerator: str = ""
    denominator: str = ""
    factor: Decimal = Decimal(1)
    part_of: str = ""
    balance: bool = False
    lower: Decimal | None = None
    upper: Decimal | None = None
    decimals: int = 0
    jump_ratio: Decimal | None = None
    #: The indicator with which the period before closed what this one opens with.
    opening_of: str = ""

    @property
    def is_computed(self) -> bool:
        """A ratio is never typed: it follows from its parts."""
        return bool(self.numerator)

    def computed(self, values: Mapping[str, Decimal]) -> Decimal | None:
        """The ratio that follows from these figures, half-even at six decimals; None without a denominator.

        A missing numerator counts 0 when there is a denominator, as in a consolidated ratio.
        """
        below = values.get(self.denominator)
        if not self.is_computed or not below:
            return None
        exact = self.factor * values.get(self.numerator, Decimal(0)) / below
        return exact.quantize(Decimal("1e-6"), rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Row:
    """One line of a cell section: `number` as the paper prints it ("1", "1a"), empty for a part."""

    number: str
    indicator: str
    required: bool = True


@dataclass(frozen=True)
class Section:
    """A part of a form: rows of cells, or statements in words."""

    letter: str
    title: str
    title_en: str
    kind: str
    rows: tuple[Row, ...] = ()
    statement_kinds: tuple[StatementKind, ...] = ()
    required_kinds: tuple[StatementKind, ...] = ()
    sentences: tuple[str, ...] = ()
    heading: str = ""

    @property
    def is_cells(self) -> bool:
        return self.kind == "cells"


@dataclass(frozen=True)
class Layout:
    """A form as its paper looks."""

    sections: tuple[Section, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def indicators(self) -> list[str]:
        return [row.indicator for row in self.rows]

    def section(self, letter: str) -> Section | None:
        return next((section for section in self.sections if section.letter == letter), None)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Layout:
        return cls(
            tuple(
                Section(
                    letter=part["letter"],
                    title=part["title"],
                    title_en=part.get("title_en") or part["title"],
                    kind=part["kind"],
                    rows=tuple(Row(**row) for row in part.get("rows", ())),
                    statement_kinds=tuple(StatementKind(kind) for kind in part.get("statement_kinds", ())),
                    required_kinds=tuple(StatementKind(kind) for kind in part.get("required_kinds", ())),
                    sentences=tuple(part.get("sentences", ())),
                    heading=part.get("heading", ""),
                )
                for part in data["sections"]
            )
        )


@dataclass(frozen=True)
class Statement:
    """One point in words. `id` stays the same from draft to version to version, so that a remark or a merge can
    follow it.

    `sources` names the versions and statements that a synthesis wove it from: `[version id, statement id]` each.
    """

    id: str
    section: str
    kind: StatementKind
    text: str
    sources: tuple[tuple[int, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id,
            "section": self.section,
            "kind": str(self.kind),
            "text": self.text,
        }
        if self.sources:
            data["sources"] = [list(source) for source in self.sources]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Statement:
        sources = tuple((int(version), str(statement)) for version, statement in data.get("sources", ()))
        return cls(str(data["id"]), str(data["section"]), StatementKind(data["kind"]), str(data["text"]), sources)


@dataclass(frozen=True)
class Content:
    """Cells and words of a draft or a version.

    In a draft `cells` holds what was typed; in a version plain exact decimals. `figures` are a synthesis' totals by
    reference: they are shown and never counted again. `words` answers a warning at a cell or section
    (`cell:patrol.teams`).
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)
    synthesis: int | None = None

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "cells": dict(self.cells),
            "statements": [statement.as_json() for statement in self.statements],
            "words": dict(self.words),
        }
        if self.synthesis is not None:
            data |= {"figures": dict(self.figures), "synthesis": self.synthesis}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        return cls(
            cells=dict(data.get("cells", {})),
            statements=tuple(Statement.from_json(item) for item in data.get("statements", ())),
            words=dict(data.get("words", {})),
            figures=dict(data.get("figures", {})),
            synthesis=data.get("synthesis"),
        )


class Unreadable(ValueError):
    """Content that is not of the form's shape: told to the sender, nothing stored."""


#: More marks on one letter than this are no writing, and composing them takes time that grows with their square
#: (Unicode Standard Annex 15 §13: no text of any language has more than 30 in a row).
MOST_MARKS = 30


def tidy(text: str) -> str:
    """NFC, no control characters but line breaks and tabs, no invisible direction marks, no idle edges.

    What is tidy already comes back as it is.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.isascii() and lines.isprintable():
        return lines.strip()
    seen = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return unicodedata.normalize("NFC", _without_heaps(seen)).strip()


def _without_heaps(text: str) -> str:
    """The text with no more than MOST_MARKS combining marks in a row."""
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def checked_content(content: Content, layout: Layout) -> Content:
    """The same content with tidy words, or Unreadable where it names what the form does not have or is past any
    sense.
    """
    _check_places(content, layout)
    _check_ids(content.statements)
    statements = tuple(_tidied(statement, layout) for statement in content.statements)
    cells, words = _said_something(content.cells), _said_something(content.words)
    too_long = [text for text in (*cells.values(), *words.values()) if len(text) > LONGEST_STATEMENT]
    if too_long:
        raise Unreadable(f"a text of {len(too_long[0])} characters; at most {LONGEST_STATEMENT} are taken")
    return Content(cells, statements, words, content.figures, content.synthesis)


def _check_places(content: Content, layout: Layout) -> None:
    """Cells are those of the form; what is explained is a cell or a section of it, or a point that is said."""
    unknown = sorted(set(content.cells) - set(layout.indicators))
    if unknown:
        raise Unreadable(f"the form has no cell {unknown[0][:LONGEST_ID]!r}")
    cells, sections = layout.indicators, layout.sections
    places = {f"cell:{code}" for code in cells} | {f"section:{section.letter}" for section in sections}
    places |= {f"statement:{statement.id}" for statement in content.statements}
    nowhere = sorted(set(content.words) - places)
    if nowhere:
        raise Unreadable(f"the form has no place {nowhere[0][:LONGEST_ID]!r} to explain")


def _check_ids(statements: Collection[Statement]) -> None:
    if len(statements) > MOST_STATEMENTS:
        raise Unreadable(f"more than {MOST_STATEMENTS} statements")
    ids = [statement.id for statement in statements]
    strange = [id_ for id_ in ids if not _ID.fullmatch(id_)]
    if strange:
        raise Unreadable(f"a statement with a strange id {strange[0][:LONGEST_ID]!r}")
    if len(set(ids)) != len(ids):
        raise Unreadable("two statements bear the same id")


def _tidied(statement: Statement, layout: Layout) -> Statement:
    section = layout.section(statement.section)
    if section is None or section.is_cells:
        raise Unreadable(f"the form has no section of words {statement.section[:LONGEST_ID]!r}")
    if statement.kind not in section.statement_kinds:
        raise Unreadable(f"section {section.letter} takes no statement of kind {statement.kind}")
    text = tidy(statement.text)
    if len(text) > LONGEST_STATEMENT:
        raise Unreadable(f"a statement of {len(text)} characters; at most {LONGEST_STATEMENT} are taken")
    return Statement(statement.id, statement.section, statement.kind, text, statement.sources)


def _said_something(texts: Mapping[str, str]) -> dict[str, str]:
    tidied = {place: tidy(text) for place, text in texts.items()}
    return {place: text for place, text in tidied.items() if text}


def content_digest(content: Mapping[str, Any], *, form: str, unit: str, period: str) -> str:
    """SHA-256 (hex) of a version: the same report has the same digest on every machine, at every time."""
    text = json.dumps(
        {"form": form, "unit": unit, "period": period, "content": content},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class CellChange:
    indicator: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class StatementChange:
    """`before` None: added. `after` None: taken out."""

    before: Statement | None
    after: Statement | None


@dataclass(frozen=True)
class Difference:
    """What a resubmitted version changed."""

    cells: tuple[CellChange, ...]
    statements: tuple[StatementChange, ...]

    def __bool__(self) -> bool:
        return bool(self.cells or self.statements)


def difference(before: Content, after: Content) -> Difference:
    """Every cell and statement that is not the same in both."""
    # A figure brought together holds the unit's own cell too: what changes the cell changes the figure.
    figures_before = {**before.cells, **before.figures}
    figures_after = {**after.cells, **after.figures}
    codes = list(dict.fromkeys([*figures_before, *figures_after]))
    cells = [
        CellChange(code, figures_before.get(code), figures_after.get(code))
        for code in codes
        if figures_before.get(code) != figures_after.get(code)
    ]
    return Difference(tuple(cells), tuple(_changed(before.statements, after.statements)))


def _changed(before: Iterable[Statement], after: Iterable[Statement]) -> list[StatementChange]:
    old = {statement.id: statement for statement in before}
    new = {statement.id: statement for statement in after}
    return [
        StatementChange(old.get(id_), new.get(id_))
        for id_ in dict.fromkeys([*old, *new])
        if old.get(id_) is None or new.get(id_) is None or said(old[id_]) != said(new[id_])
    ]


def said(statement: Statement) -> tuple[str, StatementKind, str]:
    """What two versions of one statement must agree in to be the same: its place, its kind and its words."""
    return statement.section, statement.kind, statement.text


@dataclass(frozen=True)
class DutyRule:
    """Who reports, on which line, and by when: so many days after the period's last day, at an hour of the server."""

    form: str
    unit_kind: str
    line: str
    calendar: str
    due_days: int
    due_hour: int
    due_minute: int
    starts_on: date
    ends_on: date | None
    clause: str
