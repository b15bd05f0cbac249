"""From figures, words and a course to the rows of one round: reports, versions, decisions, reminders, acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nennep.demonstration.chance import Dice
from nennep.demonstration.character import Character
from nennep.demonstration.course import Course, Handing, Timetable, as_known_at, course
from nennep.demonstration.figures import WEEK, Counting, Figures, Stretch
from nennep.demonstration.invention import invented
from nennep.demonstration.ledger import Act, Ids
from nennep.demonstration.people import Hand
from nennep.demonstration.words import Speech
from nennep.reporting.models import Decision, Form, Reminder, Report, Version
from nennep.reporting.queries import Counted
from nennep.reporting.rules import states
from nennep.reporting.rules.checks import History, Level, Problem, check
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement, content_digest
from nennep.reporting.rules.numbers import plain, unmistakable
from nennep.reporting.rules.periods import Calendar, Kind, Period
from nennep.reporting.rules.states import State
from nennep.synthesis.models import Basis, DraftItem, Synthesis

#: What a unit writes when it has little to say; its superior sends it back.
VAGUE = "Thực hiện tốt các nhiệm vụ được giao."
#: How often an optional cell is forgotten.
FORGOTTEN = 0.006


@dataclass(frozen=True)
class RoundPlan:
    """One round to be: its form, its period, and when its books are opened and closed."""

    id: int
    form: Form
    layout: Layout
    rules: Mapping[str, IndicatorRule]
    period: Period
    opened_at: datetime
    closes_at: datetime

    def is_closed(self, at: datetime) -> bool:
        return self.closes_at <= at


@dataclass
class RoundRows:
    """The rows of one round, complete and ready to be written."""

    reports: list[Report] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    counted: list[tuple[Counted, str, Content]] = field(default_factory=list)
    #: The point that a statement makes, by the ids of its version and of itself.
    points: dict[tuple[int, str], str] = field(default_factory=dict)
    syntheses: list[Synthesis] = field(default_factory=list)
    basis: list[Basis] = field(default_factory=list)
    items: list[DraftItem] = field(default_factory=list)


@dataclass(frozen=True)
class Reporter:
    """A unit on duty in a round: who writes there, who reviews it, and until when it is due."""

    unit_id: int
    unit: Character
    due: datetime
    reviewed_by: datetime
    author: Hand
    reviewer: Hand


class Months:
    """The figures of every unit month by month, kept for as long as longer periods of the same year need them."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._year = 0
        self._kept: dict[tuple[str, int], Figures] = {}

    def over(self, unit: Character, period: Period, calendar: Calendar, lived_from: date) -> Figures:
        """What a unit counts in a period: a week of its own, or the sum of those months in which it was there."""
        if period.kind is Kind.WEEK:
            return self._counting.of(unit, Stretch(period.code, period.year, period.last_day.month, WEEK))
        if period.year != self._year:
            self._year, self._kept = period.year, {}
        months = [
            self._month(unit, month)
            for month in calendar.of_year(Kind.MONTH, period.year)
            if period.starts_on <= month.starts_on and month.ends_on <= period.ends_on and lived_from <= month.last_day
        ]
        return months[0] if len(months) == 1 else self._counting.over(months)

    def _month(self, unit: Character, month: Period) -> Figures:
        key = (unit.code, month.number)
        if key not in self._kept:
            self._kept[key] = self._counting.of(unit, Stretch(month.code, month.year, month.number))
        return self._kept[key]


class Writing:
    """Writes one round after another; remembers what was accepted, for the next round is compared with it."""

    def __init__(self, speech: Speech, ids: Ids, *, at: datetime, left_to_do: Collection[str] = ()) -> None:
        self._speech = speech
        self._ids = ids
        self._at = at
        self._accepted: dict[tuple[str, int], tuple[str, dict[str, Decimal]]] = {}
        self._remarks: Mapping[str, Any] = invented("words")["remarks"]
        self._left_to_do = left_to_do

    def write(
        self,
        plan: RoundPlan,
        reporter: Reporter,
        count: Callable[[], Figures],
        *,
        before: str,
        booking: int | None,
        rows: RoundRows,
    ) -> None:
        """Add one unit's report to the rows of its round, as far as it has come; nothing when nothing was written.

        `count` gives the unit's figures, asked for once they are needed; `before` is the code of the period before,
        `booking` the round that a correction is booked in, if there is one.
        """
        key = (reporter.unit.code, plan.form.code, plan.period.code)
        times = Timetable(
            plan.opened_at,
            _start_of(plan.period.ends_on, plan.opened_at),
            reporter.due,
            reporter.reviewed_by,
            plan.closes_at,
        )
        whole = course(reporter.unit, times, correctable=plan.period.kind is not Kind.WEEK, dice=Dice(*key, "course"))
        told = as_known_at(whole, self._at, with_corrections=booking is not None)
        if self._is_left_to_do(plan, reporter.unit.code):
            return
        if told.reminded_at is not None:
            self._remind(plan, reporter, told.reminded_at, rows, Dice(*key, "reminder"))
        if told.begun_at is None:
            return
        # What was said does not depend on how much of the course is told: an earlier end tells the same beginning.
        dice = Dice(*key, "content")
        history = self._history(plan.form.code, reporter.unit_id, before)
        content, points = self._content(plan, reporter.unit, count(), dice)
        contents = self._versions(content, plan, whole, history, dice)
        first = len(rows.versions)
        self._add(plan, reporter, told, contents, booking=booking, rows=rows, dice=Dice(*key, "rows"))
        for version in rows.versions[first:]:
            rows.points.update({(version.pk, statement): point for statement, point in points.items()})

    def _is_left_to_do(self, plan: RoundPlan, unit: str) -> bool:
        is_newest = plan.period.ends_on <= self._at.date() and not plan.is_closed(self._at)
        return plan.period.kind is Kind.MONTH and is_newest and unit in self._left_to_do

    # --- what it says -----------------------------------------------------------------------------

    def _content(
        self, plan: RoundPlan, unit: Character, figures: Figures, dice: Dice
    ) -> tuple[Content, Mapping[str, str]]:
        cells = {}
        for row in plan.layout.rows:
            rule = plan.rules[row.indicator]
            value = figures.get(row.indicator, Decimal(0) if row.required else None)
            if value is None or rule.is_computed or (not row.required and dice.happens(FORGOTTEN)):
                continue
            cells[row.indicator] = unmistakable(value, decimals=rule.decimals)
        month = plan.period.last_day.month
        period = plan.period.code
        said = self._speech.statements(unit, plan.layout, figures, period=period, month=month, dice=dice)
        return Content(cells, said.statements), said.points

    def _versions(
        self, content: Content, plan: RoundPlan, whole: Course, history: Mapping[str, History], dice: Dice
    ) -> list[Content]:
        """One content for each version, the last one right and those before it with something to mend."""
        count = max(1, len(whole.handings))
        versions = [content]
        for _ in range(count - 1):
            versions.insert(0, _mistaken(versions[0], plan.rules, dice))
        return [self._ready(version, plan, history, dice) for version in versions]

    def _ready(self, content: Content, plan: RoundPlan, history: Mapping[str, History], dice: Dice) -> Content:
        """The same content with a word at each warning: nothing stands in the way of handing it in."""
        words = dict(content.words)
        for finding in check(content, plan.layout, plan.rules, history):
            if finding.level is Level.ERROR:
                raise AssertionError(f"{plan.form} {plan.period.code}: {finding}")
            if not finding.answered:
                why = "cause_missing" if finding.problem is Problem.CAUSE_MISSING else "jump"
                words[finding.at] = dice.pick(self._remarks[why])
        return replace(content, words=words)

    def _history(self, form: str, unit_id: int, before: str) -> dict[str, History]:
        period, cells = self._accepted.get((form, unit_id), ("", {}))
        return {code: History(value) for code, value in cells.items()} if period == before else {}

    # --- its rows ---------------------------------------------------------------------------------

    def _add(
        self,
        plan: RoundPlan,
        reporter: Reporter,
        told: Course,
        contents: list[Content],
        *,
        booking: int | None,
        rows: RoundRows,
        dice: Dice,
    ) -> None:
        begun_at = told.begun_at
        if begun_at is None:
            return
        report = Report(
            id=self._ids.next("report"),
            round_id=plan.id,
            unit_id=reporter.unit_id,
            draft_by=reporter.author.person_name,
        )
        subject = f"reporting.report:{report.pk}"
        rows.acts.append(Act(reporter.unit_id, begun_at, "reporting.start", subject, reporter.author))
        if not told.handings:
            _half_written(report, contents[-1], begun_at, dice)
        for number, (handing, content) in enumerate(zip(told.handings, contents, strict=False), start=1):
            version = self._version(
                plan, reporter, report, number, handing, content, booking=booking, rows=rows, dice=dice
            )
            _handed_in(report, version, content, handing, dice)
            self._decide(plan, reporter, report, version, handing, contents, rows=rows, dice=dice)
        rows.reports.append(report)

    def _version(
        self,
        plan: RoundPlan,
        reporter: Reporter,
        report: Report,
        number: int,
        handing: Handing,
        content: Content,
        *,
        booking: int | None,
        rows: RoundRows,
        dice: Dice,
    ) -> Version:
        frozen = _frozen(content).as_json()
        period = plan.period.code
        version = Version(
            id=self._ids.next("version"),
            report_id=report.pk,
            number=number,
            content_data=frozen,
            digest=content_digest(frozen, form=str(plan.form), unit=reporter.unit.code, period=period),
            received_at=handing.received_at,
            days_late=states.days_late(handing.received_at, reporter.due),
            person_id=reporter.author.person_id,
            person_name=reporter.author.person_name,
            post_title=reporter.author.post_title,
            reason=dice.pick(self._remarks["correction"]) if handing.is_correction else "",
            booked_in_id=booking if handing.is_correction else None,
        )
        rows.versions.append(version)
        details = {"version": number, "digest": version.digest, "days_late": version.days_late, "period": period}
        act = "reporting.correct" if handing.is_correction else "reporting.submit"
        subject = f"reporting.report:{report.pk}"
        rows.acts.append(
            Act(reporter.unit_id, handing.received_at, act, subject, reporter.author, version.reason, details)
        )
        return version

    def _decide(
        self,
        plan: RoundPlan,
        reporter: Reporter,
        report: Report,
        version: Version,
        handing: Handing,
        contents: list[Content],
        *,
        rows: RoundRows,
        dice: Dice,
    ) -> None:
        if handing.decided_at is None:
            return
        remarks: list[dict[str, str]] = []
        reason = ""
        content = contents[version.number - 1]
        if not handing.accepted:
            after = contents[version.number] if version.number < len(contents) else None
            remarks = _remarks(content, after, self._remarks, dice)
            reason = dice.pick(self._remarks["reason"])
        rows.decisions.append(
            Decision(
                version_id=version.pk,
                accepted=handing.accepted,
                at=handing.decided_at,
                person_id=reporter.reviewer.person_id,
                person_name=reporter.reviewer.person_name,
                post_title=reporter.reviewer.post_title,
                reason=reason,
                remarks=remarks,
            )
        )
        details: dict[str, Any] = {"period": plan.period.code, "version": version.number}
        act, subject = "reporting.accept", f"reporting.report:{report.pk}"
        if not handing.accepted:
            act, details = "reporting.return", {**details, "remarks": len(remarks)}
        rows.acts.append(Act(reporter.unit_id, handing.decided_at, act, subject, reporter.reviewer, reason, details))
        report.state = State.ACCEPTED if handing.accepted else State.RETURNED
        if handing.accepted:
            report.accepted_version_id = version.pk
            self._count(plan, reporter, report, version, handing, rows)

    def _count(
        self, plan: RoundPlan, reporter: Reporter, report: Report, version: Version, handing: Handing, rows: RoundRows
    ) -> None:
        content = version.content
        cells = {code: Decimal(text) for code, text in content.cells.items()}
        self._accepted[plan.form.code, reporter.unit_id] = (plan.period.code, cells)
        if handing.decided_at is None or handing.is_correction:
            return
        counted = Counted(
            version.pk, report.pk, plan.id, reporter.unit_id, version.number, version.digest, handing.decided_at
        )
        rows.counted.append((counted, reporter.unit.code, content))

    def _remind(self, plan: RoundPlan, reporter: Reporter, at: datetime, rows: RoundRows, dice: Dice) -> None:
        reminder = Reminder(
            id=self._ids.next("reminder"),
            round_id=plan.id,
            unit_id=reporter.unit_id,
            at=at,
            person_name=reporter.reviewer.person_name,
            post_title=reporter.reviewer.post_title,
            text=dice.pick(self._remarks["reminder"]),
        )
        rows.reminders.append(reminder)
        subject, details = f"reporting.reminder:{reminder.pk}", {"period": plan.period.code}
        rows.acts.append(Act(reporter.unit_id, at, "reporting.remind", subject, reporter.reviewer, "", details))


def _start_of(day: date, like: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo)


def _frozen(content: Content) -> Content:
    """The typed cells as plain exact decimals, as handing in freezes them."""
    return replace(content, cells={code: plain(Decimal(text)) for code, text in content.cells.items()})


def _half_written(report: Report, content: Content, begun_at: datetime, dice: Dice) -> None:
    """A draft that somebody stopped writing: some of its cells, fewer of its statements."""
    cells = list(content.cells.items())[: dice.whole(1, max(1, len(content.cells)))]
    statements = content.statements[: dice.whole(0, 3)]
    report.draft = Content(dict(cells), statements).as_json()
    report.draft_revision = dice.whole(1, 12)
    report.draft_at = begun_at
    report.state = State.DRAFT


def _handed_in(report: Report, version: Version, content: Content, handing: Handing, dice: Dice) -> None:
    report.draft = content.as_json()
    report.draft_revision += dice.whole(1, 9)
    report.draft_at = handing.received_at
    report.current_version_id = version.pk
    report.state = State.SUBMITTED
    if report.first_received_at is None:
        report.first_received_at = handing.received_at
        report.first_days_late = version.days_late


def _mistaken(content: Content, rules: Mapping[str, IndicatorRule], dice: Dice) -> Content:
    """The same content with one thing to mend: a figure that is too high, or a sentence that says nothing."""
    wholes = {rule.part_of for rule in rules.values() if rule.balance}
    free = [
        code
        for code, text in content.cells.items()
        if not rules[code].part_of and code not in wholes and rules[code].upper is None and Decimal(text) > 1
    ]
    if free and (dice.happens(0.7) or not content.statements):
        code = dice.pick(free)
        value = (Decimal(content.cells[code]) * Decimal(str(round(dice.between(1.1, 1.9), 2)))).to_integral_value()
        return replace(content, cells={**content.cells, code: plain(value + 1)})
    place = dice.whole(0, len(content.statements) - 1)
    statements = list(content.statements)
    statements[place] = replace(statements[place], text=VAGUE)
    return replace(content, statements=tuple(statements))


def _remarks(
    content: Content, after: Content | None, texts: Mapping[str, list[str]], dice: Dice
) -> list[dict[str, str]]:
    """What the superior says at each place that the next version mends; at a cell of its choice when none follows."""
    places = list(_mended(content, after)) if after is not None else []
    if not places:
        places = [f"cell:{dice.pick(list(content.cells))}"]
    return [{"at": place, "text": dice.pick(texts[place.split(":")[0]])} for place in places]


def _mended(content: Content, after: Content) -> Iterator[str]:
    for code, text in content.cells.items():
        if after.cells.get(code) != text:
            yield f"cell:{code}"
    better: Mapping[str, Statement] = {statement.id: statement for statement in after.statements}
    for statement in content.statements:
        if better[statement.id].text != statement.text:
            yield f"statement:{statement.id}"
