"""Words against numbers: what a report says in a sentence and what it, another, or an earlier one says in a figure.

A finding is shown with its two places to the officer, who decides; nothing is ever changed by it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

import loom
from nennep.intake.rules.matching import Match
from nennep.intake.rules.states import Certainty
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement


class Sort(StrEnum):
    """What does not agree with what."""

    CELL = "cell"  # a figure in a sentence, and the cell of the same report
    ARITHMETIC = "arithmetic"  # a sum, a share or a part that a sentence states, and its numbers
    SAME_EVENT = "same_event"  # one event, told by two units
    OPENING = "opening"  # what a period opens with, and what the one before closed with


@dataclass(frozen=True)
class Place:
    """Where something stands: in which version, at `cell:<indicator>` or `statement:<id>`, and what it says there."""

    version_id: int
    at: str
    quote: str


@dataclass(frozen=True)
class Finding:
    """Two places that do not agree, or that count one thing twice. `facts` are what a sentence about them needs."""

    sort: Sort
    here: Place
    there: Place
    facts: Mapping[str, object] = field(default_factory=dict)


#: A name within a sentence: two or more words with capitals, not at its beginning.
_NAME = re.compile(r"(?<=[\w,;:] )[A-ZĐÀ-Ỹ][\wà-ỹ]*(?: [A-ZĐÀ-Ỹ][\wà-ỹ]*)+")
#: Words by which a sentence says that it tells of some only.
_OF_SOME = re.compile(r"\b(?:riêng|điển hình|nổi bật là|tiêu biểu|trong đợt|đợt cao điểm|trong ngày|đêm|rạng sáng)\b")


# --- a report read as one text ------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """The words of one version, read. `starts` are the places of `statements` in the text that was read."""

    version_id: int
    reading: loom.Reading
    starts: tuple[int, ...]
    statements: tuple[Statement, ...]

    def statement_at(self, place: int) -> Statement | None:
        """The statement that stands at a place of the text; None for a heading."""
        number = bisect_right(self.starts, place) - 1
        if number < 0 or place >= self.starts[number] + len(self.statements[number].text):
            return None
        return self.statements[number]

    def place_of(self, quantity: int) -> Place | None:
        found = self.reading.quantities[quantity]
        statement = self.statement_at(found.span.start)
        return None if statement is None else Place(self.version_id, f"statement:{statement.id}", found.quote)

    def is_of_some(self, quantity: int) -> bool:
        """Whether the sentence speaks of one day, place or drive, and so of a part of what the period holds."""
        statement = self.statement_at(self.reading.quantities[quantity].span.start)
        if statement is None:
            return False
        start = self.starts[self.statements.index(statement)]
        end = start + len(statement.text)
        has_day = any(one.why == "date" and start <= one.span.start < end for one in self.reading.not_quantities)
        return has_day or bool(_NAME.search(statement.text) or _OF_SOME.search(statement.text.casefold()))


def read_content(version_id: int, content: Content, layout: Layout) -> Read:
    """Read the words of a report under their headings, for what stands over a sentence tells what it counts."""
    lines: list[str] = []
    starts: list[int] = []
    said: list[Statement] = []
    length = 0
    for section in layout.sections:
        mine = [one for one in content.statements if one.section == section.letter]
        if not mine:
            continue
        heading = f"{section.letter}. {section.title}"
        lines.append(heading)
        length += len(heading) + 1
        for one in mine:
            starts.append(length)
            said.append(one)
            lines.append(one.text.replace("\n", " "))
            length += len(one.text) + 1
    return Read(version_id, loom.read("\n".join(lines)), tuple(starts), tuple(said))


# --- within one report ----------------------------------------------------------------------------------


def against_cells(
    read: Read, matches: Iterable[Match], figures: Mapping[str, Decimal], rules: Mapping[str, IndicatorRule]
) -> Iterator[Finding]:
    """Figures in sentences that differ from the cell they surely belong to.

    What nobody put in the table is no difference; nor is a smaller figure of which the sentence says that it is only
    some of it: of one day, one place, one drive.
    """
    for match in matches:
        if match.certainty is not Certainty.SURE or match.value is None or match.code not in rules:
            continue
        value = figures.get(match.code)
        place = read.place_of(match.quantity)
        if value is None or place is None or value == match.value:
            continue
        if match.value < value and read.is_of_some(match.quantity):
            continue
        there = Place(read.version_id, f"cell:{match.code}", str(value))
        yield Finding(Sort.CELL, place, there, {"said": match.value, "cell": value, "indicator": match.code})


def arithmetic(read: Read) -> Iterator[Finding]:
    """Sums, shares and parts that sentences state and that do not hold."""
    for stated in read.reading.arithmetic:
        if stated.holds:
            continue
        first, *rest = stated.items
        here, there = read.place_of(first), read.place_of(rest[-1])
        if here is None or there is None:
            continue
        quotes = [read.reading.quantities[number].quote for number in rest]
        yield Finding(Sort.ARITHMETIC, here, there, {"rule": str(stated.rule), "parts": quotes})


def openings(
    version_id: int,
    figures: Mapping[str, Decimal],
    before: tuple[int, Mapping[str, Decimal]] | None,
    rules: Mapping[str, IndicatorRule],
) -> Iterator[Finding]:
    """Cells that open a period unlike what the period before closed with. `before` is its version and its figures."""
    if before is None:
        return
    old_version, closed = before
    for code, rule in rules.items():
        opening, closing = figures.get(code), closed.get(rule.opening_of) if rule.opening_of else None
        if opening is None or closing is None or opening == closing:
            continue
        yield Finding(
            Sort.OPENING,
            Place(version_id, f"cell:{code}", str(opening)),
            Place(old_version, f"cell:{rule.opening_of}", str(closing)),
            {"opening": opening, "closing": closing, "indicator": code},
        )


# --- between reports of two units ---------------------------------------------------------------------

#: A name that more units than these say is no place of an event: a law, a service, a campaign.
MOST_UNITS_OF_A_NAME = 4
#: What makes one event: figures that are equal, a day and a place in common. Two things at least, a figure among them.
ENOUGH = 3
_WORTH_OF_FIGURES, _WORTH_OF_DAY, _WORTH_OF_NAME = 1, 2, 1


@dataclass(frozen=True)
class _Event:
    """What a statement tells that can be told again: its figures with their measures, its days and its names."""

    unit_id: int
    place: Place
    figures: frozenset[tuple[Decimal, str]]
    days: frozenset[str]
    names: frozenset[str]


def same_events(reads: Mapping[int, Sequence[Read]]) -> list[Finding]:
    """Statements of different units (`reads`, by unit) that seem to tell one event: equal figures on one day or in one
    place.

    Both would be counted. Statements with different days tell different events, whatever else agrees.
    """
    events = [event for unit_id, own in reads.items() for read in own for event in _events(unit_id, read)]
    common = Counter(name for names in _names_by_unit(events).values() for name in names)
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, event in enumerate(events):
        for name in event.names:
            if common[name] <= MOST_UNITS_OF_A_NAME:
                buckets["name", name].append(number)
        for day in event.days:
            for value, measure in event.figures:
                buckets[day, f"{value} {measure}"].append(number)
    couples = {couple for numbers in buckets.values() for couple in combinations(numbers, 2)}
    found = []
    for one, other in sorted(couples):
        first, second = events[one], events[other]
        if first.unit_id == second.unit_id:
            continue
        rare = {name for name in first.names & second.names if common[name] <= MOST_UNITS_OF_A_NAME}
        if _is_one(first, second, rare):
            shared = sorted(f"{value.normalize():f} {measure}" for value, measure in first.figures & second.figures)
            facts = {"figures": shared, "days": sorted(first.days & second.days), "names": sorted(rare)}
            found.append(Finding(Sort.SAME_EVENT, first.place, second.place, facts))
    return found


def _is_one(first: _Event, second: _Event, rare: set[str]) -> bool:
    if first.days and second.days and first.days.isdisjoint(second.days):
        return False
    shared = first.figures & second.figures
    days = first.days & second.days
    weight = _WORTH_OF_FIGURES * min(len(shared), 2) + _WORTH_OF_DAY * bool(days) + _WORTH_OF_NAME * bool(rare)
    return bool(shared) and bool(days or rare) and weight >= ENOUGH


def _names_by_unit(events: Iterable[_Event]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for event in events:
        found[event.unit_id] |= event.names
    return found


def _events(unit_id: int, read: Read) -> Iterator[_Event]:
    figures: dict[str, set[tuple[Decimal, str]]] = defaultdict(set)
    days: dict[str, set[str]] = defaultdict(set)
    for quantity in read.reading.quantities:
        statement = read.statement_at(quantity.span.start)
        if statement is not None and quantity.value is not None and quantity.role is loom.Role.RESULT:
            figures[statement.id].add((quantity.value, quantity.measure))
    for number in read.reading.not_quantities:
        statement = read.statement_at(number.span.start)
        if statement is not None and number.why == "date":
            days[statement.id].add(_day(number.text))
    for statement in read.statements:
        if figures[statement.id]:
            yield _Event(
                unit_id,
                Place(read.version_id, f"statement:{statement.id}", statement.text),
                frozenset(figures[statement.id]),
                frozenset(days[statement.id]),
                frozenset(name.casefold() for name in _NAME.findall(statement.text)),
            )


def _day(text: str) -> str:
    """A date by its day and month: `05/11/2026`, `5-11` and `ngày 5 tháng 11` are one day of a period."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return "/".join(str(number) for number in numbers[:2]) or text
