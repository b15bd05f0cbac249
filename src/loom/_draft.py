"""One draft of many reports, as plain data: each sentence with its sources, and what an officer should look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loom._additions import Addition, add
from loom._folding import said
from loom._lexicon import Lexicon
from loom._reading import Arithmetic, Kind, Quantity, Reading, Span
from loom._weave import Groups, Point, place_of, unit_names

# The order of a summary report: what was done, what was praised, what is wrong and why, what follows.
KINDS = (
    Kind.RESULT,
    Kind.COMMENDATION,
    Kind.SHORTCOMING,
    Kind.CAUSE,
    Kind.LESSON,
    Kind.TASK,
    Kind.PROPOSAL,
)

_NUMBER = re.compile(r"^\s*(?:(?:[IVXLC]+|[0-9]+(?:\.[0-9]+)*|[a-zđ])[.)/:-]|[-–+*•])\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """One statement that was used: `number` is its mark in the draft, from 1."""

    number: int
    unit: str
    file: str
    reading: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the draft, in a unit's own words; `sources` are the marks behind it, `group` its group's id."""

    text: str
    sources: tuple[int, ...]
    units: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences of one kind under one heading, without its number; empty where the kind alone is the heading."""

    kind: Kind
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the officer should look at: a number that can be read in several ways, or arithmetic that fails."""

    reading: int
    unit: str
    file: str
    quantities: tuple[Quantity, ...]
    arithmetic: Arithmetic | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its annexes. `units` is of how many units the reports are."""

    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    additions: tuple[Addition, ...]
    doubts: tuple[Doubt, ...]
    units: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence before its sources are numbered, with its place among the others."""

    kind: Kind
    heading: str
    text: str
    points: tuple[Point, ...]
    units: int
    group: str
    place: float


def draft(
    readings: Sequence[Reading],
    groups: Groups,
    additions: Sequence[Addition] | None = None,
    lexicon: Lexicon | None = None,
) -> Draft:
    """The draft of these readings and of what `weave` made of them. Nothing is left out, nothing is invented.

    Kinds stand in the order of a summary report; results under the chapters of the lexicon, in its order, or where it
    has none under the reports' own headings; the others under their kind. What belongs to no chapter comes last.
    Within a section what more units say comes first, then what the reports say earlier. Without `additions` the
    readings' own are taken.
    """
    headings = _Headings(lexicon or Lexicon.empty())
    sentences = [*_grouped(readings, groups, headings), *(_of_one(readings, point, headings) for point in groups.alone)]
    marks: dict[str, int] = {}
    sections = tuple(
        _section(kind, heading, of_it, marks) for kind, heading, of_it in _in_sections(sentences, headings)
    )
    points = {point.id: point for said_it in sentences for point in said_it.points}
    return Draft(
        sections=sections,
        sources=tuple(_source(readings, points[name], number) for name, number in marks.items()),
        additions=tuple(add(readings) if additions is None else additions),
        doubts=tuple(_doubts(readings)),
        units=groups.units,
    )


class _Headings:
    """Where a result stands: one heading for what many reports put under many."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._name = {chapter.id: chapter.name for chapter in lexicon.chapters}
        self._order = {said(chapter.name): place for place, chapter in enumerate(lexicon.chapters)}

    def over(self, point: Point) -> str:
        """The chapter that the point's own heading names; where that names none or several, the sentence decides."""
        if point.kind is not Kind.RESULT:
            return ""
        own = _title(point)
        if not self._name:
            return own
        under = self._lexicon.sense(own).chapters
        told = under if len(under) == 1 else self._lexicon.sense(point.text).chapters
        chapter = next((name for name in told if name in under), None) or next(iter((*told, *under)), None)
        return self._name[chapter] if chapter else ""

    def order(self, heading: str) -> int:
        """The place of a chapter among them; what is none comes after all."""
        return self._order.get(said(heading), len(self._order))


def _grouped(readings: Sequence[Reading], groups: Groups, headings: _Headings) -> Iterable[_Said]:
    for group in groups.together:
        points = group.members
        best = points[group.best]
        # The best sentence's own source leads its marks.
        ordered = (best, *(point for point in points if point is not best))
        places = [_relative_place(readings, point) for point in points]
        yield _Said(
            group.kind,
            headings.over(best),
            best.text,
            ordered,
            group.units,
            group.id,
            sum(sorted(places)) / len(places),
        )


def _of_one(readings: Sequence[Reading], point: Point, headings: _Headings) -> _Said:
    return _Said(point.kind, headings.over(point), point.text, (point,), 1, "", _relative_place(readings, point))


def _title(point: Point) -> str:
    return _NUMBER.sub("", point.section).strip()


def _relative_place(readings: Sequence[Reading], point: Point) -> float:
    """How far down its report a statement stands, 0 to 1."""
    reading, statement = place_of(point)
    return statement / max(len(readings[reading].statements), 1)


def _in_sections(sentences: Sequence[_Said], headings: _Headings) -> Iterable[tuple[Kind, str, list[_Said]]]:
    """The sentences by kind and heading; headings that differ in writing only are one, in the order of the reports."""
    by_heading: dict[tuple[Kind, str], list[_Said]] = defaultdict(list)
    for sentence in sentences:
        by_heading[sentence.kind, said(sentence.heading)].append(sentence)

    def order(item: tuple[tuple[Kind, str], list[_Said]]) -> tuple[int, int, float, str]:
        (kind, heading), of_it = item
        return KINDS.index(kind), headings.order(heading), sum(sorted(one.place for one in of_it)) / len(of_it), heading

    for (kind, _), of_it in sorted(by_heading.items(), key=order):
        of_it.sort(key=lambda one: (-one.units, one.place, one.text, one.points[0].unit))
        yield kind, min(one.heading for one in of_it), of_it


def _section(kind: Kind, heading: str, of_it: Sequence[_Said], marks: dict[str, int]) -> Section:
    return Section(
        kind,
        heading,
        tuple(
            Sentence(
                one.text,
                tuple(marks.setdefault(point.id, len(marks) + 1) for point in one.points),
                one.units,
                one.group,
            )
            for one in of_it
        ),
    )


def _source(readings: Sequence[Reading], point: Point, number: int) -> Source:
    reading, statement = place_of(point)
    said_it = readings[reading].statements[statement]
    return Source(number, point.unit, readings[reading].name, reading, said_it.span, said_it.text)


def _doubts(readings: Sequence[Reading]) -> Iterable[Doubt]:
    for number, (reading, unit) in enumerate(zip(readings, unit_names(readings), strict=True)):
        for quantity in reading.quantities:
            if quantity.value is None:
                yield Doubt(number, unit, reading.name, (quantity,))
        for arithmetic in reading.arithmetic:
            if not arithmetic.holds:
                items = tuple(reading.quantities[item] for item in arithmetic.items)
                yield Doubt(number, unit, reading.name, items, arithmetic)
