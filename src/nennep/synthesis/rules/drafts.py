"""Draft items, what a change below touches, and references to figures inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from nennep.reporting.rules.content import Content, Statement, said

#: In a sentence a figure is written as the code of its indicator in braces: `Tổ chức {patrol.teams} lượt tổ`.
REFERENCE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


class State(StrEnum):
    DRAFTING = "drafting"
    FINISHED = "finished"


class ItemKind(StrEnum):
    """A sentence about figures, or a statement that units below made."""

    FIGURES = "figures"
    STATEMENT = "statement"


class SynthesisRefused(Exception):
    """An act on a synthesis that its rules forbid now; `why` names the rule, the faces say it."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


#: Where a sentence comes from: the id of a version and the id of a statement in it.
Source = tuple[int, str]


@dataclass(frozen=True)
class Decided:
    """Who decided something, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Item:
    """One sentence of the draft, in its section and place. It keeps its sources whatever the officer writes."""

    section: str
    order: int
    kind: ItemKind
    statement_kind: str
    text: str
    sources: tuple[Source, ...] = ()
    edited: bool = False
    accepted: bool = True
    decided: Decided | None = None
    why: str = ""


@dataclass(frozen=True)
class Told:
    """A statement of a unit below, with where it stands."""

    unit_id: int
    report_id: int
    version_id: int
    number: int
    statement: Statement

    @property
    def source(self) -> Source:
        return self.version_id, self.statement.id


def references(text: str) -> list[str]:
    """The indicators a sentence names, in their order."""
    return REFERENCE.findall(text)


def pieces(text: str) -> list[tuple[str, str]]:
    """A sentence as pairs: `("text", …)` and `("figure", indicator)`."""
    found: list[tuple[str, str]] = []
    for place, part in enumerate(REFERENCE.split(text)):
        if part:
            found.append(("figure" if place % 2 else "text", part))
    return found


def spelled_out(text: str, figures: Mapping[str, str]) -> str:
    """A sentence with the figures it names written out; a name that is not among them stays as it was written."""
    return REFERENCE.sub(lambda found: figures.get(found.group(1), found.group(0)), text)


def typed_numbers(text: str) -> list[str]:
    """Numbers written out in a sentence about figures: they have no source and are shown as such."""
    return _DIGITS.findall(REFERENCE.sub("", text))


@dataclass(frozen=True)
class Touched:
    """What one report's newer version touches in a draft: figures by indicator, and sentences by source.

    `old` is None for a report that came after the draft was made; `new` is None when the version that counted was
    returned.
    """

    report_id: int
    unit_id: int
    old: int | None
    new: int | None
    indicators: tuple[str, ...]
    rewritten: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def statements(self) -> int:
        return len(self.rewritten) + len(self.added) + len(self.removed)


def touched(report_id: int, unit_id: int, old: tuple[int, Content] | None, new: tuple[int, Content] | None) -> Touched:
    """What differs between the version a draft was made from and the one that counts now."""
    before = old[1] if old else Content()
    after = new[1] if new else Content()
    cells = before.cells.keys() | after.cells.keys()
    said_before = {statement.id: statement for statement in before.statements}
    said_after = {statement.id: statement for statement in after.statements}
    both = said_before.keys() & said_after.keys()
    return Touched(
        report_id=report_id,
        unit_id=unit_id,
        old=old[0] if old else None,
        new=new[0] if new else None,
        indicators=tuple(sorted(code for code in cells if before.cells.get(code) != after.cells.get(code))),
        rewritten=tuple(sorted(i for i in both if said(said_before[i]) != said(said_after[i]))),
        added=tuple(sorted(said_after.keys() - said_before.keys())),
        removed=tuple(sorted(said_before.keys() - said_after.keys())),
    )


@dataclass(frozen=True)
class Compared:
    """A figure beside its elders and its target; each None where there is nothing to compare with."""

    value: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    target: Decimal | None = None
    reached: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def change_over_year(self) -> Decimal | None:
        return None if self.value is None or self.year_before is None else self.value - self.year_before
