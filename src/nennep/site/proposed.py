"""A file beside the form it would fill, as a page shows it: the text with its marks, and the cells with their state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.intake.models import Point, Proposal, Upload
from nennep.intake.rules.matching import Reason
from nennep.intake.rules.states import Certainty, Decided
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, StatementKind
from nennep.reporting.rules.numbers import Ambiguous, NotANumber, parse_number, unmistakable
from nennep.site.arrivals import REASONS
from nennep.site.findings import figure
from nennep.site.sayings import STATEMENTS, in_language


class Look(StrEnum):
    """How a figure of a text stands to its cell; each has its own colour, icon and word."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    CONFLICT = "conflict"
    THERE = "there"
    UNPLACED = "unplaced"
    TAKEN = "taken"
    DROPPED = "dropped"


LOOKS = {
    Look.SURE: later("sure"),
    Look.DOUBTFUL: later("doubtful"),
    Look.CONFLICT: later("differs from the draft"),
    Look.THERE: later("in the draft already"),
    Look.UNPLACED: later("no cell"),
    Look.TAKEN: later("taken over"),
    Look.DROPPED: later("dropped"),
}
#: From these on a confidence is said to be high, or fair.
HIGH, FAIR = 70, 40


@dataclass(frozen=True)
class Shown:
    """One figure of the text and the cell it would fill."""

    proposal: Proposal
    look: Look
    name: str
    measure: str
    value: str
    typed: str
    typed_said: str
    reasons: tuple[str, ...]
    others: tuple[tuple[str, str], ...]
    confidence: str

    @property
    def look_said(self) -> str:
        return str(LOOKS[self.look])

    @property
    def is_overwritten(self) -> bool:
        """Whether the draft says something else by now than what was taken over from here."""
        return self.look is Look.TAKEN and self.typed_said != self.value

    @property
    def waits(self) -> bool:
        return self.look not in {Look.TAKEN, Look.DROPPED}


@dataclass(frozen=True)
class Stretch:
    """A piece of the text: plain, or with the figure or the head it marks."""

    text: str
    shown: Shown | None = None
    head: str = ""


@dataclass(frozen=True)
class ShownPoint:
    """A sentence that may be taken over, with the kinds it may be of."""

    point: Point
    text: str
    kind_said: str
    section: str
    is_taken: bool
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A section of the form with the figures found for it."""

    title: str
    rows: tuple[Shown, ...]


@dataclass(frozen=True)
class Preview:
    """The whole page of a file."""

    stretches: tuple[Stretch, ...]
    parts: tuple[Part, ...]
    unplaced: tuple[Shown, ...]
    others: tuple[Shown, ...]
    points: tuple[ShownPoint, ...]
    cells: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    sure: int
    waiting: int

    @property
    def points_waiting(self) -> int:
        return sum(1 for point in self.points if not point.is_taken)


def preview(upload: Upload, layout: Layout, rules: Mapping[str, IndicatorRule], draft: Content, sure: int) -> Preview:
    """What a file holds beside its form. `sure` is how many figures may be taken together."""
    shown = [_shown(one, rules, draft) for one in upload.proposals.all()]
    by_code: dict[str, list[Shown]] = {}
    for one in shown:
        indicator = one.proposal.decided_indicator or one.proposal.indicator
        if indicator is not None and one.look is not Look.DROPPED:
            by_code.setdefault(indicator.code, []).append(one)
    parts = [
        Part(
            f"{section.letter}. {in_language(section.title, section.title_en)}",
            tuple(one for row in section.rows for one in by_code.get(row.indicator, ())),
        )
        for section in layout.sections
        if section.is_cells
    ]
    left = [one for one in shown if one.look in {Look.UNPLACED, Look.DROPPED}]
    return Preview(
        stretches=tuple(_stretches(upload, shown)),
        parts=tuple(part for part in parts if part.rows),
        unplaced=tuple(one for one in left if one.look is Look.UNPLACED and not _is_no_result(one)),
        others=tuple(one for one in left if one.look is Look.DROPPED or _is_no_result(one)),
        points=tuple(_points(upload, layout)),
        cells=tuple(_cells(layout, rules, draft)),
        sure=sure,
        waiting=sum(1 for one in shown if one.waits and one.proposal.indicator is not None),
    )


def _is_no_result(one: Shown) -> bool:
    return str(Reason.NOT_A_RESULT) in one.proposal.reasons


def _shown(proposal: Proposal, rules: Mapping[str, IndicatorRule], draft: Content) -> Shown:
    indicator = proposal.decided_indicator or proposal.indicator
    rule = rules.get(indicator.code) if indicator else None
    typed = draft.cells.get(indicator.code, "") if indicator else ""
    value = proposal.decided_value or proposal.value
    return Shown(
        proposal,
        _look(proposal, rule, typed),
        in_language(rule.name, rule.name_en) if rule else "",
        rule.unit_of_measure if rule else "",
        _typeable(Decimal(value), rule.decimals if rule else 0) if value else "",
        typed,
        _read(typed, rule.decimals if rule else 0),
        tuple(str(REASONS[Reason(code)]) for code in proposal.reasons if code in set(Reason)),
        tuple((code, in_language(rules[code].name, rules[code].name_en)) for code in proposal.others if code in rules),
        _confidence(proposal.confidence),
    )


def _typeable(value: Decimal, decimals: int) -> str:
    """A figure in the reader's signs, as long as it is read back as itself."""
    shown = figure(value)
    try:
        if parse_number(shown, decimals=decimals) == value:
            return shown
    except (Ambiguous, NotANumber):
        pass
    return unmistakable(value, decimals=decimals)


def _read(typed: str, decimals: int) -> str:
    """What stands in a cell, as the figure it is read as."""
    try:
        return figure(parse_number(typed, decimals=decimals))
    except (Ambiguous, NotANumber):
        return typed


def _look(proposal: Proposal, rule: IndicatorRule | None, typed: str) -> Look:
    if proposal.decided == Decided.DROPPED:
        return Look.DROPPED
    if proposal.decided:
        return Look.TAKEN
    if rule is None:
        return Look.UNPLACED
    if typed:
        return Look.THERE if _same(typed, proposal.value, rule.decimals) else Look.CONFLICT
    return Look.SURE if proposal.certainty == Certainty.SURE else Look.DOUBTFUL


def _same(typed: str, value: str, decimals: int) -> bool:
    try:
        return bool(value) and parse_number(typed, decimals=decimals) == Decimal(value)
    except (Ambiguous, NotANumber):
        return False


_SURENESS = {"high": later("high confidence"), "fair": later("fair confidence"), "low": later("low confidence")}


def _confidence(points: int) -> str:
    """A confidence in words: a number would promise more than it holds."""
    return str(_SURENESS["high" if points >= HIGH else "fair" if points >= FAIR else "low"])


def _stretches(upload: Upload, shown: Sequence[Shown]) -> Iterator[Stretch]:
    """The text cut at its figures and at what it says of itself; figures that overlap an earlier one stay plain."""
    marks: list[tuple[int, int, Shown | None, str]] = [
        (one.proposal.start, one.proposal.end, one, "")
        for one in shown
        if one.proposal.start is not None and one.proposal.end is not None
    ]
    marks += [(start, end, None, what) for what, (start, end) in upload.said.items()]
    place = 0
    for start, end, one, head in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if start < place:
            continue
        if start > place:
            yield Stretch(upload.text[place:start])
        yield Stretch(upload.text[start:end], one, head)
        place = end
    if place < len(upload.text):
        yield Stretch(upload.text[place:])


def _points(upload: Upload, layout: Layout) -> Iterator[ShownPoint]:
    for point in upload.points.all():
        section = layout.section(point.section)
        if section is not None:
            yield ShownPoint(
                point,
                upload.text[point.start : point.end],
                str(STATEMENTS[StatementKind(point.kind)]),
                f"{section.letter}. {in_language(section.title, section.title_en)}",
                bool(point.decided),
                tuple(
                    (str(kind), str(STATEMENTS[kind]))
                    for part in layout.sections
                    if not part.is_cells
                    for kind in part.statement_kinds
                ),
            )


def _cells(
    layout: Layout, rules: Mapping[str, IndicatorRule], draft: Content
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every cell that may be chosen, by section, with what the draft has in it."""
    for section in layout.sections:
        if section.is_cells:
            yield (
                f"{section.letter}. {in_language(section.title, section.title_en)}",
                tuple(
                    (row.indicator, _cell_said(rules[row.indicator], draft.cells.get(row.indicator, "")))
                    for row in section.rows
                    if not rules[row.indicator].is_computed
                ),
            )


def _cell_said(rule: IndicatorRule, typed: str) -> str:
    name = in_language(rule.name, rule.name_en)
    if not typed:
        return name
    return _("%(name)s (the draft has %(figure)s)") % {"name": name, "figure": _read(typed, rule.decimals)}
