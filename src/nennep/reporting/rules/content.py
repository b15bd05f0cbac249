"""What a form asks, what a draft holds, and what a version froze."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

#: A statement is one point in words, not a document.
LONGEST_STATEMENT = 4_000
MOST_STATEMENTS = 300


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


def tidy(text: str) -> str:
    """NFC, no control characters but line breaks and tabs, no invisible direction marks, no idle edges."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = [c for c in composed if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}]
    return "".join(kept).strip()


def checked_content(content: Content, layout: Layout) -> Content:
    """The same content with tidy words, or Unreadable where it names what the form does not have or is past any
    sense.
    """
    asked = set(layout.indicators)
    unknown = sorted(set(content.cells) - asked)
    if unknown:
        raise Unreadable(f"the form has no cell {unknown[0]!r}")
    if len(content.statements) > MOST_STATEMENTS:
        raise Unreadable(f"more than {MOST_STATEMENTS} statements")
    ids = [statement.id for statement in content.statements]
    if len(set(ids)) != len(ids):
        raise Unreadable("two statements bear the same id")
    statements = []
    for statement in content.statements:
        section = layout.section(statement.section)
        if section is None or section.is_cells:
            raise Unreadable(f"the form has no section of words {statement.section!r}")
        if statement.kind not in section.statement_kinds:
            raise Unreadable(f"section {section.letter} takes no statement of kind {statement.kind}")
        text = tidy(statement.text)
        if len(text) > LONGEST_STATEMENT:
            raise Unreadable(f"a statement of {len(text)} characters; at most {LONGEST_STATEMENT} are taken")
        statements.append(Statement(statement.id, statement.section, statement.kind, text, statement.sources))
    cells = {code: tidy(text) for code, text in content.cells.items() if tidy(text)}
    words = {place: tidy(text) for place, text in content.words.items() if tidy(text)}
    too_long = [text for text in (*cells.values(), *words.values()) if len(text) > LONGEST_STATEMENT]
    if too_long:
        raise Unreadable(f"a text of {len(too_long[0])} characters; at most {LONGEST_STATEMENT} are taken")
    return Content(cells, tuple(statements), words, content.figures, content.synthesis)


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
    figures_before = {**before.figures, **before.cells}
    figures_after = {**after.figures, **after.cells}
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
        if old.get(id_) is None or new.get(id_) is None or _said(old[id_]) != _said(new[id_])
    ]


def _said(statement: Statement) -> tuple[str, StatementKind, str]:
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
