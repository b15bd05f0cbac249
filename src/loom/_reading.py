"""What a reading holds: plain data, every place an exact span of the text that was read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open offsets into the text that was read, in code points: `start <= place < end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that stand here."""
        return text[self.start : self.end]


class Kind(StrEnum):
    """What a statement does."""

    RESULT = "result"
    SHORTCOMING = "shortcoming"
    CAUSE = "cause"
    LESSON = "lesson"
    TASK = "task"
    PROPOSAL = "proposal"
    COMMENDATION = "commendation"


class Qualifier(StrEnum):
    """How sure its writer is of a number: `hơn` and `trên` are over, `gần` is under, `khoảng` is about."""

    EXACT = "exact"
    OVER = "over"
    UNDER = "under"
    ABOUT = "about"


class Role(StrEnum):
    """What a number is there for. Only results, and what is cumulative, may be added or booked."""

    RESULT = "result"
    CHANGE_UP = "change-up"
    CHANGE_DOWN = "change-down"
    PREVIOUS = "previous"
    RATE = "rate"
    BASELINE = "baseline"
    TARGET = "target"
    REQUEST = "request"
    CUMULATIVE = "cumulative"
    BACKGROUND = "background"


class Rule(StrEnum):
    """What the text itself states about its numbers."""

    SUM = "sum"
    RATIO = "ratio"
    PART_LE_WHOLE = "part_le_whole"


@dataclass(frozen=True, slots=True)
class Said:
    """What the text says of itself (its kind, its unit, its period), and where it says so."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as written, with its number, without a bullet sign or a final colon. `level` counts from 1."""

    span: Span
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One point: a sentence, a bullet, or one of several points parted by semicolons.

    `path` holds the indexes of the headings over it, the outermost first.
    """

    span: Span
    text: str
    kind: Kind
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `span` holds number and measure, without the qualifier.

    `value` is scaled (`1,2 tỷ đồng` is 1200000000) and None where the writing can be read in several ways: those then
    stand in `readings`. `part_of`, `paired_with` and `range_with` are indexes into the reading's quantities.
    """

    span: Span
    quote: str
    value: Decimal | None
    measure: str
    qualifier: Qualifier = Qualifier.EXACT
    of: str = ""
    role: Role = Role.RESULT
    part_of: int | None = None
    paired_with: int | None = None
    range_with: int | None = None
    statement: int | None = None
    readings: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class NotQuantity:
    """A number that counts nothing: `why` is a word as date, document, law, clock, marker, phone, ordinal."""

    span: Span
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, a share or a part that the text states, and whether it holds.

    `items` are indexes of quantities: sum [total, parts…]; ratio [numerator, denominator, result] or [change, now,
    percent]; part_le_whole [part, whole].
    """

    rule: Rule
    items: tuple[int, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one text. Every span is a place in `text`."""

    text: str
    document: Said | None = None
    unit: Said | None = None
    period: Said | None = None
    headings: tuple[Heading, ...] = ()
    statements: tuple[Statement, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    not_quantities: tuple[NotQuantity, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    name: str = ""
