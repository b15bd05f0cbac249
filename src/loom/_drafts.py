"""A quantity while it is being read, and the structure of the text around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from loom._measures import Sort
from loom._numbers import Numeral, Style
from loom._phrases import words_in
from loom._reading import Heading, Kind, Qualifier, Role, Statement
from loom._text import fold
from loom._tokens import Tokens

_MARK = re.compile(
    r"[ \t]*(?:([-–—+*•·o●▪])(?=\s)|(\()?((?:[0-9]{1,2}\.)*[0-9]{1,2}|[a-zđ]|[IVX]{1,5})([.)/:-])(?=\s|\D))"
)
_SENTENCE_ENDS = frozenset(".!?")
_ABBREVIATED = words_in("tp tx tt th p q h st v gs ts ths pgs đ/c")


@dataclass(slots=True)
class Draft:
    """One number on its way to a Quantity: tokens from `first` up to `end`; the number itself starts at `root`."""

    numeral: Numeral
    first: int
    end: int
    measure: str
    sort: Sort
    known: bool = True
    whole: bool = False
    half_more: bool = False
    qualifier: Qualifier = Qualifier.EXACT
    role: Role = Role.RESULT
    of: str = ""
    part_of: int | None = None
    paired_with: int | None = None
    range_with: int | None = None
    bare: bool = False
    scale: Decimal = Decimal(1)
    value: Decimal | None = None
    readings: tuple[Decimal, ...] = ()
    cell: bool = False
    #: the measure as it is compared
    name: str = ""

    def __post_init__(self) -> None:
        self.name = fold(" ".join(self.measure.split()))

    def counts_as(self, other: Draft) -> None:
        """Take over what the other counts."""
        self.measure, self.sort, self.name = other.measure, other.sort, other.name

    @property
    def root(self) -> int:
        return self.numeral.first

    def settle(self, style: Style | None) -> None:
        """Give it its value, or all its readings where it stays open."""
        more = Decimal("0.5") if self.half_more else Decimal(0)
        value = self.numeral.resolved(style=style, whole=self.whole)
        if value is not None:
            self.value = plain((value + more) * self.scale)
        else:
            self.readings = tuple(plain((writing.value + more) * self.scale) for writing in self.numeral.writings)

    @property
    def counted(self) -> bool:
        """Whether it is an amount that can have parts: no percentage, no change, nothing of another period."""
        return self.sort is not Sort.PERCENT and self.role not in {
            Role.CHANGE_UP,
            Role.CHANGE_DOWN,
            Role.PREVIOUS,
            Role.RATE,
        }


def plain(value: Decimal) -> Decimal:
    """The same number without idle zeros after the point: 1200000000.0 is 1200000000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@dataclass(slots=True)
class Layout:
    """Where sentences and lines begin, and what stands over a place."""

    tokens: Tokens
    statements: Sequence[Statement]
    headings: Sequence[Heading]
    sentence_of: list[int] = field(default_factory=list)
    line_of: list[int] = field(default_factory=list)
    line_starts: list[int] = field(default_factory=list)
    _statement_starts: list[int] = field(default_factory=list)
    _heading_starts: list[int] = field(default_factory=list)
    _heading_words: dict[int, Tokens] = field(default_factory=dict)

    @classmethod
    def of(cls, tokens: Tokens, statements: Sequence[Statement], headings: Sequence[Heading]) -> Layout:
        layout = cls(tokens, statements, headings)
        layout._statement_starts = [statement.span.start for statement in statements]
        layout._heading_starts = [heading.span.start for heading in headings]
        layout._cut()
        return layout

    def _cut(self) -> None:
        sentence = line = 0
        self.line_starts.append(0)
        for at in range(len(self.tokens)):
            word = self.tokens.words[at]
            self.sentence_of.append(sentence)
            self.line_of.append(line)
            if word == "\n":
                sentence += 1
                line += 1
                self.line_starts.append(at + 1)
            elif word in _SENTENCE_ENDS and self._ends_sentence(at):
                sentence += 1

    def _ends_sentence(self, at: int) -> bool:
        tokens = self.tokens
        opens = tokens.capital(at + 1) or tokens.is_number(at + 1) or tokens.word(at + 1) in {"“", '"', "("}
        return opens and not tokens.glued(at + 1) and tokens.word(at - 1) not in _ABBREVIATED

    def same_sentence(self, one: int, other: int) -> bool:
        return self.sentence_of[one] == self.sentence_of[other]

    def sentence_start(self, at: int) -> int:
        """The first token of the sentence of this token."""
        return bisect_right(self.sentence_of, self.sentence_of[at] - 1)

    def statement_at(self, place: int) -> int | None:
        """The index of the statement that holds this place of the text."""
        at = bisect_right(self._statement_starts, place) - 1
        return at if at >= 0 and place < self.statements[at].span.end else None

    def kind_at(self, place: int) -> Kind | None:
        statement = self.statement_at(place)
        return None if statement is None else self.statements[statement].kind

    def heading_at(self, place: int) -> Tokens:
        """The words of the nearest heading before this place."""
        at = bisect_right(self._heading_starts, place) - 1
        if at not in self._heading_words:
            self._heading_words[at] = Tokens.of(self.headings[at].text if at >= 0 else "")
        return self._heading_words[at]

    def mark_of(self, line: int) -> str:
        """What kind of sign opens this line: a dash, a letter, a number of some depth; empty for none."""
        start = self.line_starts[line]
        place = self.tokens.starts[start] if start < len(self.tokens) else len(self.tokens.text)
        found = _MARK.match(self.tokens.text, place)
        if found is None:
            return ""
        if found[1]:
            return "-" if found[1] in "-–—" else found[1]
        number = found[3]
        depth = number.count(".")
        shape = "1" if number[0].isdigit() else ("I" if number[0].isupper() else "a")
        return f"{found[2] or ''}{shape}{depth}{found[4]}"
