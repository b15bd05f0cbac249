"""A workbook that came back: what its cells say, and how that stands to the draft of today.

Nothing is guessed. What reads two ways, is no number, or meets something that was typed meanwhile is shown as what it
is, and a person decides.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from loom.files.cells import BLANK, Cell, Table, Written
from nennep.documents.rules import legible
from nennep.intake.rules.workbook import (
    FIGURES,
    KIND,
    LINE,
    OWN,
    PASSPORT,
    SECTION,
    TEXT,
    WORD,
    WORDS,
    Passport,
    identity_line,
    statement_digest,
)
from nennep.reporting.rules.content import (
    LONGEST_STATEMENT,
    Content,
    IndicatorRule,
    Layout,
    Statement,
    StatementKind,
    tidy,
)
from nennep.reporting.rules.numbers import LONGEST, Ambiguous, NotANumber, parse_number, plain, unmistakable


class NotTaken(Exception):
    """A workbook that cannot be taken here. `why` names the reason; the faces say it, and what to do instead."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


# --- what the file says ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What stands in one cell of the file, and where (`Số liệu!E12`)."""

    cell: Cell
    at: str
    times: int = 1


@dataclass(frozen=True)
class FoundStatement:
    """A line of the words: the draft's statement that it began as (empty: a new one), and what it says now."""

    id: str
    section: str
    kind: str
    text: str
    at: str


@dataclass(frozen=True)
class FilledIn:
    """All that a workbook says, kept between its arrival and its confirmation."""

    passport: Passport
    cells: Mapping[str, Found] = field(default_factory=dict)
    words: Mapping[str, Found] = field(default_factory=dict)
    statements: tuple[FoundStatement, ...] = ()
    has_words: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "passport": self.passport.as_text(),
            "cells": {code: _found_json(found) for code, found in self.cells.items()},
            "words": {code: _found_json(found) for code, found in self.words.items()},
            "statements": [[one.id, one.section, one.kind, one.text, one.at] for one in self.statements],
            "has_words": self.has_words,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FilledIn:
        return cls(
            Passport.from_text(data["passport"]),
            {code: _found(row) for code, row in data["cells"].items()},
            {code: _found(row) for code, row in data["words"].items()},
            tuple(FoundStatement(*row) for row in data["statements"]),
            data["has_words"],
        )


def _found_json(found: Found) -> list[Any]:
    return [found.cell.written, found.cell.text, found.at, found.times]


def _found(row: list[Any]) -> Found:
    written, text, at, times = row
    return Found(Cell(Written(written), text), at, times)


def is_form_workbook(sheets: Mapping[str, Table]) -> bool:
    """Whether these sheets are a form's workbook, and not somebody's own table."""
    return _sheet(sheets, PASSPORT) is not None


def read_filled(sheets: Mapping[str, Table], holds: Callable[[str, str], bool]) -> FilledIn:
    """What a form's workbook says. `holds(text, signature)` tells whether a passport bears its maker's signature.

    Raises NotTaken (`not_ours`, `tampered`, `other_edition`).
    """
    figures, passport_sheet = _sheet(sheets, FIGURES), _sheet(sheets, PASSPORT)
    if figures is None or passport_sheet is None:
        raise NotTaken("not_ours")
    passport = _passport(passport_sheet[1], figures[1], holds)
    words = _sheet(sheets, WORDS)
    return FilledIn(
        passport,
        _column(*figures, OWN),
        _column(*figures, WORD),
        tuple(_statements(*words)) if words else (),
        has_words=words is not None,
    )


def _sheet(sheets: Mapping[str, Table], mark: str) -> tuple[str, Table] | None:
    return next(((name, table) for name, table in sheets.items() if _at(table, 0, 0).text == mark), None)


def _at(table: Table, row: int, column: int) -> Cell:
    return table[row][column] if row < len(table) and column < len(table[row]) else BLANK


def _passport(sheet: Table, figures: Table, holds: Callable[[str, str], bool]) -> Passport:
    signature = _at(sheet, 0, 1).text
    written = "".join(_at(sheet, row, 0).text for row in range(1, len(sheet)))
    try:
        text = bytes.fromhex(written).decode()
    except ValueError as error:
        raise NotTaken("tampered") from error
    if not holds(text, signature):
        raise NotTaken("tampered")
    try:
        passport = Passport.from_text(text)
    except ValueError as error:
        raise NotTaken("other_edition") from error
    shown = next((_at(figures, row, 1).text for row in range(len(figures)) if _at(figures, row, 0).text == LINE), "")
    if shown != identity_line(passport.identity, signature):
        raise NotTaken("tampered")
    return passport


def _column(name: str, table: Table, key: str) -> dict[str, Found]:
    """What stands in the column of this key, by the code in the hidden first column."""
    column = _place_of(table, key)
    if column is None:
        return {}
    times = Counter(_at(table, row, 0).text for row in range(1, len(table)))
    found: dict[str, Found] = {}
    for row in range(1, len(table)):
        kind, _colon, code = _at(table, row, 0).text.partition(":")
        if kind == "cell" and code not in found:
            found[code] = Found(_at(table, row, column), _reference(name, row, column), times[f"cell:{code}"])
    return found


def _place_of(table: Table, key: str) -> int | None:
    return next((i for i, cell in enumerate(table[0]) if cell.text == key), None) if table else None


def _reference(sheet: str, row: int, column: int) -> str:
    letters, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{sheet}!{letters}{row + 1}"


def _statements(name: str, table: Table) -> Iterator[FoundStatement]:
    """Every line of the words that says something, or that began as a statement of the draft."""
    columns = [_place_of(table, key) for key in (SECTION, KIND, TEXT)]
    section, kind, text = (-1 if column is None else column for column in columns)
    if min(section, kind, text) < 0:
        return
    seen: set[str] = set()
    for row in range(1, len(table)):
        mark, _colon, id_ = _at(table, row, 0).text.partition(":")
        if mark != "statement":
            continue
        id_ = "" if id_ in seen else id_  # a line that was copied is one more statement
        seen.add(id_)
        said = tidy(_at(table, row, text).text)
        if id_ or said:
            where, what = (tidy(_at(table, row, column).text) for column in (section, kind))
            yield FoundStatement(id_, where, what, said, _reference(name, row, text))


# --- whether it may be taken here -----------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """The report that a workbook is dropped on, as it stands now."""

    unit: str
    form: str
    form_version: int
    form_digest: str
    period: str
    version: int
    closed_at: str = ""


def require_fitting(passport: Passport, here: Here) -> None:
    """Raise NotTaken for the workbook of another unit, form, period or form version, or of a state that has passed.

    What was handed in or closed since the workbook was made is corrected from a workbook that knows of it.
    """
    of = passport.identity
    if of.unit != here.unit:
        raise NotTaken("other_unit", unit=of.unit)
    if of.form != here.form:
        raise NotTaken("other_form", form=of.form)
    if of.period != here.period:
        raise NotTaken("other_period", period=of.period)
    if (of.form_version, of.form_digest) != (here.form_version, here.form_digest):
        raise NotTaken("older_form", version=of.form_version, now=here.form_version)
    if of.version != here.version:
        raise NotTaken("handed_in_since", version=here.version)
    if here.closed_at and of.issued_at < here.closed_at:
        raise NotTaken("closed_since")


# --- how it stands to the draft -------------------------------------------------------------------


class CellState(StrEnum):
    SAME = "same"
    KEPT = "kept"  # untouched in the file; the draft has moved on and stays as it is
    NEW = "new"
    CHANGED = "changed"
    EMPTIED = "emptied"
    CONFLICT = "conflict"
    DOUBTFUL = "doubtful"


#: What is taken over unless the person says otherwise.
SURE = frozenset({CellState.NEW, CellState.CHANGED})
#: What there is nothing to decide about.
SETTLED = frozenset({CellState.SAME, CellState.KEPT})


class Doubt(StrEnum):
    """Why a cell cannot be taken as it stands."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    DATE = "date"
    TRUTH = "truth"
    ERROR = "error"
    FORMULA = "formula"
    TWICE = "twice"
    TOO_LONG = "too_long"
    NO_SUCH_PLACE = "no_such_place"


@dataclass(frozen=True)
class Judged:
    """One place of the report: what the draft has (`was`), what the file would make of it (`now`).

    `place` is `cell:<indicator>`, `word:<indicator>` or `statement:<id>`; `choices` are what a doubtful one may mean.
    """

    place: str
    state: CellState
    was: str
    now: str
    found: str
    at: str
    doubt: Doubt | None = None
    choices: tuple[str, ...] = ()
    before: Statement | None = None
    after: Statement | None = None

    @property
    def key(self) -> str:
        return self.place.partition(":")[2]


@dataclass(frozen=True)
class Judgement:
    """Every place that the file speaks of; `lost` counts cells of the form that the file no longer has."""

    cells: tuple[Judged, ...]
    words: tuple[Judged, ...]
    statements: tuple[Judged, ...]
    lost: int = 0

    @property
    def all(self) -> tuple[Judged, ...]:
        return (*self.cells, *self.words, *self.statements)


def judge(filled: FilledIn, draft: Content, layout: Layout, rules: Mapping[str, IndicatorRule]) -> Judgement:
    """How everything that the file says stands to the draft of this moment."""
    typed = [row.indicator for row in layout.rows if not rules[row.indicator].is_computed]
    there = [code for code in typed if code in filled.cells]
    return Judgement(
        cells=tuple(_judge_cell(rules[code], filled, draft) for code in there),
        words=tuple(_judge_word(code, filled, draft) for code in typed if code in filled.words),
        statements=tuple(_judge_statements(filled, draft, layout)) if filled.has_words else (),
        lost=len(typed) - len(there),
    )


def _state(found: str, base: str, now: str) -> CellState:
    """How three texts stand: in the file, in the draft when the file was made, in the draft now."""
    if found == now:
        return CellState.SAME
    if found == base:
        return CellState.KEPT
    if base != now:
        return CellState.CONFLICT
    if not found:
        return CellState.EMPTIED
    return CellState.CHANGED if now else CellState.NEW


def _judge_cell(rule: IndicatorRule, filled: FilledIn, draft: Content) -> Judged:
    found, place = filled.cells[rule.code], f"cell:{rule.code}"
    base, now = filled.passport.cells.get(rule.code, ""), draft.cells.get(rule.code, "")
    if found.cell.text.strip() == legible(base).strip() and found.times == 1:
        # What could not be read as a number when it was typed comes back as it was.
        return Judged(place, _state(base, base, now), now, base, found.cell.text, found.at)
    value, doubt, choices = _figure(found, rule)
    if doubt is not None:
        return Judged(place, CellState.DOUBTFUL, now, "", found.cell.text, found.at, doubt, choices)
    state = _state(value, _comparable(base, rule), _comparable(now, rule))
    return Judged(place, state, now, value, found.cell.text, found.at)


def _comparable(typed: str, rule: IndicatorRule) -> str:
    """A typed figure in the one way of writing in which two of the same value are the same."""
    try:
        return unmistakable(parse_number(typed, decimals=rule.decimals), decimals=rule.decimals) if typed else ""
    except (Ambiguous, NotANumber):
        return typed


_NEVER_A_FIGURE = {
    Written.DATE: Doubt.DATE,
    Written.TRUTH: Doubt.TRUTH,
    Written.ERROR: Doubt.ERROR,
    Written.FORMULA: Doubt.FORMULA,
}


def _figure(found: Found, rule: IndicatorRule) -> tuple[str, Doubt | None, tuple[str, ...]]:
    """The figure of a cell as it would be typed; or why it cannot be told, and what it may mean."""
    cell, text = found.cell, tidy(found.cell.text)
    never = Doubt.TWICE if found.times > 1 else _NEVER_A_FIGURE.get(cell.written)
    if never is not None or not text:
        return "", never, ()
    try:
        value = _number(text) if cell.written is Written.NUMBER else parse_number(text, decimals=rule.decimals)
    except Ambiguous as doubt:
        fitting = [choice for choice in doubt.choices if _decimals_of(choice) <= rule.decimals]
        return "", Doubt.AMBIGUOUS, _typed(fitting or doubt.choices, rule)
    except NotANumber:
        return "", Doubt.NOT_A_NUMBER, ()
    if _decimals_of(value) <= rule.decimals:
        return unmistakable(value, decimals=rule.decimals), None, ()
    thousands = value * 1000  # `1.151` typed where the point divides decimals
    fits = _decimals_of(thousands) <= rule.decimals and len(plain(thousands)) <= LONGEST
    return "", Doubt.TOO_PRECISE, _typed([thousands] if fits else [], rule)


def _number(text: str) -> Decimal:
    """A number as a spreadsheet holds it; one past any count is no figure. Raises NotANumber."""
    value = Decimal(text)
    if not value.is_finite() or len(text) > LONGEST:
        raise NotANumber(text[:LONGEST])
    return value


def _typed(choices: list[Decimal] | tuple[Decimal, ...], rule: IndicatorRule) -> tuple[str, ...]:
    return tuple(unmistakable(choice, decimals=rule.decimals) for choice in choices)


def _decimals_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _judge_word(code: str, filled: FilledIn, draft: Content) -> Judged:
    found, at = filled.words[code], f"cell:{code}"
    text, now = tidy(found.cell.text), draft.words.get(at, "")
    place = f"word:{code}"
    if len(text) > LONGEST_STATEMENT:
        return Judged(place, CellState.DOUBTFUL, now, "", text, found.at, Doubt.TOO_LONG)
    state = _state(legible(text), legible(filled.passport.words.get(at, "")), legible(now))
    return Judged(place, state, now, text, text, found.at)


# --- statements -----------------------------------------------------------------------------------


def _judge_statements(filled: FilledIn, draft: Content, layout: Layout) -> Iterator[Judged]:
    now = {statement.id: statement for statement in draft.statements}
    said = {(statement.section, statement.kind, statement.text) for statement in draft.statements}
    in_file = {found.id for found in filled.statements if found.id}
    for found in filled.statements:
        known = found.id in filled.passport.statements
        judged = _judge_known(found, filled, now, layout) if known else _judge_new(found, filled, said, layout)
        if judged is not None:
            yield judged
    for id_, digest in filled.passport.statements.items():
        if id_ not in in_file and id_ in now:
            yield _judge_removed(now[id_], digest, "")


def _judge_new(
    found: FoundStatement, filled: FilledIn, said: set[tuple[str, StatementKind, str]], layout: Layout
) -> Judged:
    key = hashlib.sha256(f"{found.at}\x1f{found.text}".encode()).hexdigest()[:10]
    read, doubt, choices = _read_statement(replace(found, id=key), filled, layout)
    place = f"statement:{key}"
    if read is None:
        return Judged(place, CellState.DOUBTFUL, "", "", found.text, found.at, doubt, choices)
    is_said = (read.section, read.kind, read.text) in said
    state = CellState.SAME if is_said else CellState.NEW
    return Judged(place, state, "", read.text, found.text, found.at, after=read)


def _judge_known(
    found: FoundStatement, filled: FilledIn, now: Mapping[str, Statement], layout: Layout
) -> Judged | None:
    base, standing = filled.passport.statements[found.id], now.get(found.id)
    if not found.text:
        return _judge_removed(standing, base, found.at) if standing else None
    read, doubt, choices = _read_statement(found, filled, layout)
    place, was = f"statement:{found.id}", standing.text if standing else ""
    if read is None:
        return Judged(place, CellState.DOUBTFUL, was, "", found.text, found.at, doubt, choices, before=standing)
    before = statement_digest(standing) if standing else ""
    state = _state(statement_digest(read), base, before)
    return Judged(place, state, was, read.text, found.text, found.at, before=standing, after=read)


def _judge_removed(standing: Statement, base: str, at: str) -> Judged:
    state = CellState.EMPTIED if statement_digest(standing) == base else CellState.CONFLICT
    return Judged(f"statement:{standing.id}", state, standing.text, "", "", at, before=standing)


def _read_statement(
    found: FoundStatement, filled: FilledIn, layout: Layout
) -> tuple[Statement | None, Doubt | None, tuple[str, ...]]:
    """The statement of a line; where its section or kind is not told, the places that it may have (`C|result`)."""
    if len(found.text) > LONGEST_STATEMENT:
        return None, Doubt.TOO_LONG, ()
    section, kind = filled.passport.sections.get(found.section, ""), filled.passport.kinds.get(found.kind, "")
    places = [
        (part.letter, one)
        for part in layout.sections
        if not part.is_cells
        for one in part.statement_kinds
        if (part.letter == section or not section) and (one == kind or not kind)
    ]
    if len(places) == 1:
        letter, only = places[0]
        return Statement(found.id, letter, only, found.text), None, ()
    if not places:  # the section takes no statements of this kind: either may be meant
        places = [(part.letter, one) for part in layout.sections for one in part.statement_kinds]
    return None, Doubt.NO_SUCH_PLACE, tuple(f"{letter}|{one}" for letter, one in places)


# --- taking it over -------------------------------------------------------------------------------


def taken(draft: Content, judgement: Judgement, picks: Mapping[str, str]) -> tuple[Content, tuple[Judged, ...]]:
    """The draft with what a person picked of the file, and what of it was taken.

    `picks` names places; its text is the choice that was made where there are several. A place that the file does not
    speak of, or a choice that was not offered, changes nothing.
    """
    cells, words = dict(draft.cells), dict(draft.words)
    statements = {statement.id: statement for statement in draft.statements}
    done: list[Judged] = []
    for judged in judgement.all:
        chosen = _chosen(judged, picks)
        if chosen is None:
            continue
        done.append(chosen)
        kind = judged.place.partition(":")[0]
        if kind == "cell":
            cells[judged.key] = chosen.now
        elif kind == "word":
            words[f"cell:{judged.key}"] = chosen.now
        elif chosen.after is None:
            statements.pop(judged.key, None)
            words.pop(judged.place, None)  # an answer at a point goes where the point goes
        else:
            statements[judged.key] = _with_sources(chosen.after, statements.get(judged.key))
    content = replace(draft, cells=cells, words=words, statements=tuple(statements.values()))
    return content, tuple(done)


def _with_sources(after: Statement, before: Statement | None) -> Statement:
    return replace(after, sources=before.sources) if before else after


def _chosen(judged: Judged, picks: Mapping[str, str]) -> Judged | None:
    """What was picked at a place, if anything that can be taken was."""
    if judged.place not in picks or judged.state in SETTLED:
        return None
    if judged.state is not CellState.DOUBTFUL:
        return judged
    choice = picks[judged.place]
    if choice not in judged.choices:
        return None
    if not judged.place.startswith("statement:"):
        return replace(judged, now=choice)
    letter, _bar, kind = choice.partition("|")
    return replace(judged, now=judged.found, after=Statement(judged.key, letter, StatementKind(kind), judged.found))


def sure(judgement: Judgement) -> dict[str, str]:
    """The places that are taken over unless a person says otherwise."""
    return {judged.place: "" for judged in judgement.all if judged.state in SURE}
