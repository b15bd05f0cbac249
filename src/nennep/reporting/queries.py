"""Questions about forms, rounds and reports; what counts, and how complete it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When

from nennep.journal.rules import Actor
from nennep.one_look import once_a_look
from nennep.organisation import queries as organisation
from nennep.organisation.models import Edge, Unit
from nennep.organisation.rules import Line, Permission, Span, Tree
from nennep.reporting.models import (
    Decision,
    Duty,
    Form,
    Indicator,
    Reminder,
    Report,
    ReportingCalendar,
    Round,
    Target,
    Version,
)
from nennep.reporting.rules import states
from nennep.reporting.rules.checks import History
from nennep.reporting.rules.content import Content, DutyRule, IndicatorRule
from nennep.reporting.rules.periods import Calendar, Kind, Period
from nennep.reporting.rules.states import Standing, State


def zone() -> ZoneInfo:
    """Where deadlines are told: the hour of the server's place decides."""
    return ZoneInfo(settings.TIME_ZONE)


# --- what is counted, on which form ---------------------------------------------------------------


def calendar(code: str) -> Calendar:
    return ReportingCalendar.objects.get(code=code).rule


def forms_on(day: date) -> QuerySet[Form]:
    """The forms in force on a day, shortest period first."""
    length = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind)))
    return Form.objects.filter(organisation.on(day)).select_related("calendar").order_by(length, "code")


def indicator_rules(codes: Collection[str] | None = None) -> dict[str, IndicatorRule]:
    """Every indicator (or those named) as plain data, by code."""
    rows = Indicator.objects.all() if codes is None else Indicator.objects.filter(code__in=codes)
    return {row.code: row.rule for row in rows}


@once_a_look
def rules_of(form: Form) -> dict[str, IndicatorRule]:
    """The indicators of a form, and the parts of its ratios, by code."""
    rules = indicator_rules(form.layout.indicators)
    parts = {part for rule in rules.values() for part in (rule.numerator, rule.denominator) if part}
    return rules | indicator_rules(parts - set(rules))


# --- duties and rounds ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """A unit's kind and the days it existed."""

    unit_id: int
    kind: str
    span: Span


def lives(unit_ids: Collection[int] | None = None) -> list[Life]:
    """The lives of all units, or of these."""
    units = Unit.objects.all() if unit_ids is None else Unit.objects.filter(pk__in=unit_ids)
    rows = units.values_list("id", "kind", "starts_on", "ends_on")
    return [Life(unit_id, kind, Span(starts_on, ends_on)) for unit_id, kind, starts_on, ends_on in rows]


def duties(form_codes: Collection[str]) -> dict[str, list[DutyRule]]:
    found: dict[str, list[DutyRule]] = defaultdict(list)
    for duty in Duty.objects.filter(form_code__in=form_codes):
        found[duty.form_code].append(duty.rule)
    return found


def due_by_unit(period: Period, rules: Iterable[DutyRule], units: Iterable[Life]) -> dict[int, datetime]:
    """The units on duty for a period, with their deadlines: those that existed, and whose duty was in force, on its
    last day.
    """
    last_day = period.last_day
    due = _due_by_kind(period, rules)
    return {unit.unit_id: due[unit.kind] for unit in units if unit.kind in due and unit.span.covers(last_day)}


def _due_by_kind(period: Period, rules: Iterable[DutyRule]) -> dict[str, datetime]:
    """The deadline of each kind of unit whose duty was in force on the period's last day."""
    last_day, here = period.last_day, zone()
    return {rule.unit_kind: states.due_at(period, rule, here) for rule in rules if states.in_force(rule, last_day)}


@once_a_look
def on_duty(round_: Round) -> dict[int, datetime]:
    """The units that are to report in a round, with their deadlines. Two queries."""
    last_day = round_.period.last_day
    due = _due_by_kind(round_.period, duties([round_.form.code])[round_.form.code])
    units = Unit.objects.filter(organisation.on(last_day), kind__in=due).values_list("id", "kind")
    return {unit_id: due[kind] for unit_id, kind in units}


def on_duty_in(unit_id: int, rounds_: Iterable[Round]) -> list[Round]:
    """Those of the rounds in which a unit is to report, in their order. Two queries whatever their number."""
    asked, living = list(rounds_), lives([unit_id])
    rules = duties({round_.form.code for round_ in asked})
    return [round_ for round_ in asked if due_by_unit(round_.period, rules[round_.form.code], living)]


def round_(round_id: int) -> Round:
    return Round.objects.select_related("form__calendar").get(pk=round_id)


def round_of(form_code: str, period_code: str) -> Round | None:
    return Round.objects.select_related("form__calendar").filter(form__code=form_code, period_code=period_code).first()


def rounds(*, form_code: str = "", starts_from: date | None = None, until: date | None = None) -> QuerySet[Round]:
    """Rounds, newest period first; `starts_from` inclusive and `until` exclusive on the period's first day."""
    found = Round.objects.select_related("form__calendar")
    if form_code:
        found = found.filter(form__code=form_code)
    if starts_from:
        found = found.filter(starts_on__gte=starts_from)
    if until:
        found = found.filter(starts_on__lt=until)
    return found.order_by("-starts_on", "-ends_on", "form__code")


def open_rounds() -> QuerySet[Round]:
    return rounds().filter(closed_at__isnull=True)


def next_open_round(form_code: str, after: Round) -> Round | None:
    """The earliest later round of the form that still takes reports: where a correction is booked."""
    return _open_rounds_after(form_code, after).first()


def next_open_round_for_update(form_code: str, after: Round) -> Round | None:
    """The same, locked against its closing until the transaction ends."""
    return _open_rounds_after(form_code, after).select_for_update(no_key=True).first()


def _open_rounds_after(form_code: str, after: Round) -> QuerySet[Round]:
    return Round.objects.filter(form__code=form_code, closed_at__isnull=True, starts_on__gt=after.starts_on).order_by(
        "starts_on"
    )


def round_before(round_: Round) -> Round | None:
    """The round of the same form one period earlier."""
    return round_of(round_.form.code, round_.form.calendar.rule.before(round_.period).code)


def round_year_before(round_: Round) -> Round | None:
    """The round of the same form and period a year earlier."""
    return round_of(round_.form.code, round_.form.calendar.rule.year_before(round_.period).code)


# --- reports --------------------------------------------------------------------------------------


def report_for_update(report_id: int) -> Report:
    """The report, locked until the transaction ends. Raises Report.DoesNotExist.

    Its round is read once the lock is held: it may have been closed while this waited.
    """
    report_ = Report.objects.select_for_update().get(pk=report_id)
    report_.round = round_(report_.round_id)
    return report_


def lock_reports_of(round_: Round) -> None:
    """Hold every report of a round until the transaction ends: nothing is handed in or decided while it closes."""
    list(Report.objects.select_for_update().filter(round=round_).order_by("pk").values_list("pk"))


def report(report_id: int) -> Report:
    """A report with its round, form, unit and versions. Raises Report.DoesNotExist."""
    return (
        Report.objects.select_related("round__form__calendar", "unit", "current_version", "accepted_version")
        .prefetch_related(Prefetch("versions", _told_versions()))
        .get(pk=report_id)
    )


def _told_versions() -> QuerySet[Version]:
    told = Version.objects.order_by("number").select_related("booked_in__form")
    return told.prefetch_related(Prefetch("decisions", Decision.objects.order_by("at", "pk")))


def report_of(round_: Round, unit_id: int) -> Report | None:
    return Report.objects.select_related("unit").filter(round=round_, unit_id=unit_id).first()


def reports(
    units: Collection[int],
    *,
    round_ids: Collection[int] | None = None,
    states_: Collection[State] = (),
    form_code: str = "",
) -> QuerySet[Report]:
    """Reports of these units, newest period first, with everything a list shows of them."""
    found = Report.objects.filter(unit_id__in=units).select_related("round__form", "current_version")
    if round_ids is not None:
        found = found.filter(round_id__in=round_ids)
    if states_:
        found = found.filter(state__in=states_)
    if form_code:
        found = found.filter(round__form__code=form_code)
    return found.order_by("-round__starts_on", "round__form__code", "unit__code").defer("draft")


def version_numbers(report_ids: Collection[int]) -> dict[int, int]:
    """The number of the newest version of each of these reports that has one. One query."""
    rows = Report.objects.filter(pk__in=report_ids, current_version__isnull=False)
    return dict(rows.values_list("pk", "current_version__number"))


def version(version_id: int) -> Version:
    return Version.objects.select_related("report__round__form", "report__unit").get(pk=version_id)


def versions(ids: Collection[int]) -> dict[int, Version]:
    rows = Version.objects.filter(pk__in=ids).select_related("report__unit").prefetch_related("decisions")
    return {row.pk: row for row in rows}


def contents_with_place(ids: Collection[int]) -> Iterable[tuple[int, int, int, int, Any]]:
    """What these versions say, as it is stored, with where they stand: (version, number, report, unit, content). One
    query.
    """
    rows = Version.objects.filter(pk__in=ids)
    return rows.values_list("id", "number", "report_id", "report__unit_id", "content_data")


class VersionHead(NamedTuple):
    """A version by its number, digest, receipt and unit, and nothing else: an annex names hundreds of them."""

    version_id: int
    number: int
    digest: str
    received_at: datetime
    unit_id: int
    unit_code: str


def version_heads(ids: Collection[int]) -> list[VersionHead]:
    """These versions, by unit in the order of their codes. One query."""
    rows = Version.objects.filter(pk__in=ids).order_by("pk")
    columns = rows.values_list("id", "number", "digest", "received_at", "report__unit_id", "report__unit__code")
    return sorted((VersionHead(*row) for row in columns), key=lambda head: head.unit_code)


def last_decided_at(report_id: int) -> datetime | None:
    """When a version of the report was last accepted or returned."""
    decided = Decision.objects.filter(version__report_id=report_id)
    return decided.order_by("-at").values_list("at", flat=True).first()


def last_return(report_id: int) -> Decision | None:
    """The newest return of a report, with its remarks."""
    return Decision.objects.filter(version__report_id=report_id, accepted=False).order_by("-at", "-pk").first()


def last_returns(report_ids: Collection[int]) -> dict[int, Decision]:
    """The newest return of each of these reports, by report. One query."""
    rows = Decision.objects.filter(version__report_id__in=report_ids, accepted=False).select_related("version")
    return {row.version.report_id: row for row in rows.defer("version__content_data").order_by("at", "pk")}


def reminded(round_ids: Collection[int], unit_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When each of these units was last reminded of each of these rounds, by (unit, round). One query."""
    rows = Reminder.objects.filter(round__in=round_ids, unit__in=unit_ids).order_by("at")
    return {(unit_id, round_id): at for unit_id, round_id, at in rows.values_list("unit_id", "round_id", "at")}


def reminders_for(unit_id: int, *, round_ids: Collection[int]) -> QuerySet[Reminder]:
    return (
        Reminder.objects.filter(unit_id=unit_id, round_id__in=round_ids).select_related("round__form").order_by("-at")
    )


def last_reminders(round_id: int) -> dict[int, datetime]:
    """When each unit was last reminded of its report in a round. One query."""
    return dict(Reminder.objects.filter(round_id=round_id).order_by("at", "pk").values_list("unit_id", "at"))


def history_of(round_: Round, unit_id: int) -> dict[str, History]:
    """A unit's accepted figures of the period before and of a year before, by indicator. A few queries whatever the
    form.
    """
    before = _accepted_cells(round_before(round_), unit_id)
    year_before = _accepted_cells(round_year_before(round_), unit_id)
    return {code: History(before.get(code), year_before.get(code)) for code in before.keys() | year_before.keys()}


def figures_of(unit_id: int, round_ids: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """A unit's accepted figures in each of these rounds, by round and indicator. One query."""
    rows = Report.objects.filter(unit_id=unit_id, round__in=round_ids, accepted_version__isnull=False)
    found = {}
    for round_id, data in rows.values_list("round_id", "accepted_version__content_data"):
        content = Content.from_json(data)
        found[round_id] = {code: Decimal(text) for code, text in {**content.figures, **content.cells}.items()}
    return found


def _accepted_cells(round_: Round | None, unit_id: int) -> dict[str, Decimal]:
    if round_ is None:
        return {}
    found = Version.objects.filter(report__round=round_, report__unit_id=unit_id)
    newest = found.filter(decisions__accepted=True).order_by("-number").first()
    if newest is None:
        return {}
    # What a unit brought together is no measure of what it types of its own.
    return {code: Decimal(text) for code, text in newest.content.cells.items()}


# --- what counts ----------------------------------------------------------------------------------


class Counted(NamedTuple):
    """A version that counts for its unit, light enough to hold thousands of them."""

    version_id: int
    report_id: int
    round_id: int
    unit_id: int
    number: int
    digest: str
    accepted_at: datetime


def counted(round_ids: Collection[int], *, known_at: datetime | None = None) -> list[Counted]:
    """The version of each report that counts, now or as known at an instant: the newest that was accepted and not
    returned since.

    One query for any number of rounds. Ordered by unit, so that two lists compare.
    """
    return list(_counted(frozenset(round_ids), known_at))


@once_a_look
def _counted(round_ids: frozenset[int], known_at: datetime | None) -> list[Counted]:
    decisions = Decision.objects.filter(version__report__round_id__in=round_ids)
    if known_at is not None:
        decisions = decisions.filter(at__lte=known_at)
    rows = decisions.order_by("at", "pk").values_list(
        "version_id",
        "version__report_id",
        "version__report__round_id",
        "version__report__unit_id",
        "version__number",
        "version__digest",
        "at",
        "accepted",
    )
    standing: dict[int, Counted] = {}
    for version, report_, round_id, unit, number, digest, at, accepted in rows:
        row = Counted(version, report_, round_id, unit, number, digest, at)
        if accepted:
            standing[row.report_id] = row
        elif row.report_id in standing and standing[row.report_id].version_id == row.version_id:
            del standing[row.report_id]
    return sorted(standing.values(), key=lambda row: (row.round_id, row.unit_id))


def as_counted(version_ids: Collection[int]) -> list[Counted]:
    """These versions as if they counted from their receipt: drafts stand on some that no longer do. One query."""
    rows = Version.objects.filter(pk__in=version_ids).order_by("pk")
    columns = rows.values_list(
        "id", "report_id", "report__round_id", "report__unit_id", "number", "digest", "received_at"
    )
    return [Counted(*row) for row in columns]


# --- how complete it is ---------------------------------------------------------------------------


class Place(NamedTuple):
    """How one unit stands in one round."""

    unit_id: int
    round_id: int
    standing: Standing
    days_late: int
    due: datetime | None
    report_id: int | None
    state: State | None
    received_at: datetime | None

    @property
    def handed_in(self) -> bool:
        return self.standing in {Standing.ON_TIME, Standing.LATE}

    @property
    def is_wanting(self) -> bool:
        """Whether a report is owed: missing, returned, or not yet due."""
        return self.standing is not Standing.NO_DUTY and not self.handed_in


def places(rounds_: Collection[Round], units: Collection[int], *, at: datetime) -> dict[tuple[int, int], Place]:
    """How each of these units stands in each of these rounds, by (unit, round). Three queries whatever their
    numbers.
    """
    wanted = set(units)
    living = lives(wanted)
    rules = duties({round_.form.code for round_ in rounds_})
    rows = Report.objects.filter(round__in=rounds_, unit_id__in=wanted).values_list(
        "unit_id", "round_id", "id", "state", "first_received_at", "first_days_late"
    )
    reports_ = {(row[0], row[1]): row[2:] for row in rows}
    found = {}
    for round_ in rounds_:
        due = due_by_unit(round_.period, rules[round_.form.code], living)
        for unit_id in wanted:
            key = (unit_id, round_.pk)
            report_id, state, received_at, late = reports_.get(key, (None, None, None, None))
            standing = states.standing(
                due=due.get(unit_id),
                first_received_late=late,
                state=State(state) if state else None,
                at=at,
            )
            found[key] = Place(
                unit_id,
                round_.pk,
                standing,
                late or 0,
                due.get(unit_id),
                report_id,
                State(state) if state else None,
                received_at,
            )
    return found


@dataclass(frozen=True)
class Completeness:
    """Of the reports that were due: how many came, and how many of them in time."""

    due: int
    received: int
    on_time: int

    @property
    def complete(self) -> Decimal | None:
        """Percent received of those due; None when nothing was due."""
        return Decimal(100 * self.received) / self.due if self.due else None

    @property
    def timely(self) -> Decimal | None:
        return Decimal(100 * self.on_time) / self.due if self.due else None


def completeness(places_: Iterable[Place]) -> Completeness:
    """Counts only duties in force and units that existed; what is not due yet does not count against anybody."""
    counting = [p for p in places_ if p.standing not in {Standing.NO_DUTY, Standing.NOT_DUE}]
    received = [p for p in counting if p.received_at is not None]
    return Completeness(len(counting), len(received), sum(1 for p in received if p.days_late == 0))


@dataclass(frozen=True)
class Tally:
    """How a round stands for many units: of those on duty, how many came, came in time, are missing."""

    on_duty: int
    received: int
    on_time: int
    missing: int

    @property
    def not_due(self) -> int:
        return self.on_duty - self.received - self.missing

    @property
    def completeness(self) -> Completeness:
        return Completeness(self.received + self.missing, self.received, self.on_time)


def tallies(rounds_: Collection[Round], units: Collection[int], *, at: datetime) -> dict[int, Tally]:
    """What counting `places` over these units would give, by round. Three queries, and no row for each unit."""
    wanted = set(units)
    living = _lives_alike(wanted)
    rules = duties({round_.form.code for round_ in rounds_})
    came = _came(rounds_, wanted)
    found = {}
    for round_ in rounds_:
        last_day = round_.period.last_day
        binding = {rule.unit_kind: rule for rule in rules[round_.form.code] if states.in_force(rule, last_day)}
        on_duty: Counter[str] = Counter()
        for kind, span, count in living:
            if kind in binding and span.covers(last_day):
                on_duty[kind] += count
        received = on_time = missing = 0
        for kind, count in on_duty.items():
            here, in_time = came.get((round_.pk, kind), (0, 0))
            received, on_time = received + here, on_time + in_time
            if at > states.due_at(round_.period, binding[kind], zone()):
                missing += count - here
        found[round_.pk] = Tally(sum(on_duty.values()), received, on_time, missing)
    return found


def _lives_alike(units: Collection[int]) -> list[tuple[str, Span, int]]:
    """How many of these units are of one kind and existed for the same days. One query."""
    rows = Unit.objects.filter(pk__in=units).values_list("kind", "starts_on", "ends_on")
    alike = rows.annotate(count=Count("pk")).order_by()
    return [(kind, Span(starts_on, ends_on), count) for kind, starts_on, ends_on, count in alike]


def _came(rounds_: Collection[Round], units: Collection[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """Reports received, and received in time, of units that existed on a round's last day, by round and kind."""
    existed = Q(unit__starts_on__lt=F("round__ends_on")) & (
        Q(unit__ends_on__isnull=True) | Q(unit__ends_on__gte=F("round__ends_on"))
    )
    rows = (
        Report.objects.filter(existed, round__in=rounds_, unit_id__in=units, first_received_at__isnull=False)
        .values_list("round_id", "unit__kind")
        .annotate(received=Count("pk"), on_time=Count("pk", filter=Q(first_days_late=0)))
        .order_by()
    )
    return {(round_id, kind): (received, on_time) for round_id, kind, received, on_time in rows}


# --- who reviews whom -----------------------------------------------------------------------------


def reporting_tree(form: Form, day: date) -> Tree:
    return organisation.tree_on(day, _line(form))


def _line(form: Form) -> Line:
    return Line(form.line)


def top_unit(form: Form, day: date) -> int | None:
    """The unit at the top of the form's line: the only root that has units under it."""
    tree = reporting_tree(form, day)
    return next((root for root in tree.roots if tree.children.get(root)), None)


def reviews(by: Actor, unit_id: int, form: Form) -> bool:
    """Whether accepting and returning a unit's reports of a form is for the actor's post and unit."""
    if not organisation.may(by, Permission.REPORTING_REVIEW, over=unit_id):
        return False
    return by.is_system or unit_id in _reviewed(by)[Line(form.line)]


def waiting_for(by: Actor) -> QuerySet[Report]:
    """Reports that wait for the actor's unit to accept or return them."""
    within = organisation.reach(by, Permission.REPORTING_REVIEW)
    reviewed = {line: units & within for line, units in _reviewed(by).items()}
    mine = Q(pk__in=[])
    for line, units in reviewed.items():
        mine |= Q(round__form__line=line, unit_id__in=units)
    return reports(frozenset().union(*reviewed.values()), states_=[State.SUBMITTED]).filter(mine)


@dataclass(frozen=True)
class _Reviewers:
    """Whom one unit reviews on one line today, as far as it takes to say so.

    `superiors` are those of the units right below it, and the last of units that ended; `heirs` took units in.
    """

    superiors: Mapping[int, int]
    living: Collection[int]
    heirs: Mapping[int, int]

    def reviewed_by(self, unit_id: int) -> frozenset[int]:
        """The units whose superior this is: their successor's, once they were merged; the last they had, where they
        ended otherwise.
        """
        asked = self.superiors.keys() | self.heirs.keys()
        return frozenset(unit for unit in asked if self._of(unit) == unit_id)

    def _of(self, unit_id: int) -> int | None:
        here = self._living(unit_id)
        above = self.superiors.get(here)
        return above if above is None or here in self.living else self._living(above)

    def _living(self, unit_id: int) -> int:
        while unit_id not in self.living and unit_id in self.heirs:
            unit_id = self.heirs[unit_id]
        return unit_id


def _reviewed(by: Actor) -> Mapping[Line, frozenset[int]]:
    """The units that the actor's unit reviews, by line: looked up once for each actor and what they know of today's
    tree. Two queries.
    """
    tree = organisation.today_tree(by)
    kept = by.known.get("reviewed")
    if kept is None or kept[0] is not tree:
        kept = by.known["reviewed"] = (tree, _reviewed_on_lines(by.unit_id, tree, by.today))
    lines: Mapping[Line, frozenset[int]] = kept[1]
    return lines


def _reviewed_on_lines(unit_id: int | None, tree: Tree, today: date) -> dict[Line, frozenset[int]]:
    if unit_id is None:
        return {line: frozenset() for line in Line}
    heirs = {unit: into for unit, (into, since) in organisation.merged_into().items() if since <= today}
    superiors: dict[str, dict[int, int]] = {line: {} for line in Line}
    right_below = Q(organisation.on(today), parent=unit_id)
    edges = Edge.objects.filter(right_below | Q(unit__ends_on__lte=today)).order_by("starts_on")
    for line, unit, parent in edges.values_list("line", "unit_id", "parent_id"):
        superiors[line][unit] = parent
    return {line: _Reviewers(superiors[line], tree.parents, heirs).reviewed_by(unit_id) for line in Line}


# --- targets --------------------------------------------------------------------------------------


def targets(unit_id: int, year: int) -> Mapping[str, Decimal]:
    rows = Target.objects.filter(unit_id=unit_id, year=year).values_list("indicator__code", "value")
    return dict(rows)


def content_of(version_ids: Collection[int]) -> dict[int, Content]:
    """What these versions say, by id."""
    rows = Version.objects.filter(pk__in=version_ids).values_list("id", "content_data")
    return {version_id: Content.from_json(data) for version_id, data in rows}


def corrections_in(round_: Round, units: Collection[int]) -> QuerySet[Version]:
    """Corrections of earlier, closed periods that these units booked in this round, oldest first."""
    return (
        Version.objects.filter(booked_in=round_, report__unit__in=units)
        .select_related("report__round__form__calendar", "report__unit")
        .order_by("received_at")
    )
