"""How the units below one stand, as a commander asks it: who reports on time, will we reach the year's targets, and
where is this month's work held up. For a unit with nobody below it: its own twelve months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.reporting import queries as reporting
from nennep.reporting.models import Form, Round
from nennep.reporting.queries import Place
from nennep.reporting.rules.content import IndicatorRule
from nennep.reporting.rules.periods import Kind, Period
from nennep.reporting.rules.states import Standing, State
from nennep.site.charts import (
    Bar,
    HeatCell,
    HeatMap,
    HeatPeriod,
    HeatRow,
    HeatState,
    LineChart,
    Part,
    PartKind,
    Series,
    Sparkline,
    StackedBars,
    TargetBars,
)
from nennep.site.looking import Looking
from nennep.site.sayings import in_language, period_label
from nennep.site.templatetags.look import day_short, number, percent
from nennep.synthesis import figures as consolidation

MONTHS = 12
ROWS_SHOWN = 16
TARGETS_SHOWN = 6
FIGURES_SHOWN = 10

HEAT: Mapping[Standing, HeatState] = {
    Standing.ON_TIME: HeatState.ON_TIME,
    Standing.LATE: HeatState.LATE,
    Standing.MISSING: HeatState.MISSING,
    Standing.RETURNED: HeatState.RETURNED,
    Standing.NOT_DUE: HeatState.NOT_DUE,
    Standing.NO_DUTY: HeatState.NOT_THERE,
}


@dataclass(frozen=True)
class OwnFigure:
    """A unit's own figure of the month, beside the same month of last year, with its last twelve months as a line."""

    name: str
    unit_of_measure: str
    value: Decimal | None
    year_before: Decimal | None
    decimals: int
    line: Sparkline

    @property
    def difference(self) -> Decimal | None:
        return None if self.value is None or self.year_before is None else self.value - self.year_before


class Overview:
    """The heat map and the charts of one unit at one month. A fixed number of queries, whatever the number of units."""

    def __init__(self, here: Looking, *, all_rows: bool = False) -> None:
        self.here = here
        self.all_rows = all_rows
        self.month = self._month(here.period)

    def _month(self, period: Period) -> Period:
        if period.kind is Kind.MONTH:
            return period
        return self.here.calendar.containing(Kind.MONTH, period.last_day)

    @property
    def month_in_words(self) -> str:
        """The month looked at, as it stands inside a sentence."""
        return _in_sentence(self.month)

    # --- what everything stands on ---

    @cached_property
    def form(self) -> Form | None:
        """The monthly form in force when the month ended, or today while it runs."""
        day = min(self.month.last_day, self.here.by.today)
        return next((form for form in reporting.forms_on(day) if form.kind == Kind.MONTH), None)

    @cached_property
    def months(self) -> list[Period]:
        """Twelve months, the one looked at last."""
        found = [self.month]
        while len(found) < MONTHS:
            found.append(self.here.calendar.before(found[-1]))
        return found[::-1]

    @cached_property
    def monthly(self) -> dict[str, Round]:
        """The monthly form's rounds of these twelve months and of the twelve before, by their period's code."""
        if self.form is None:
            return {}
        first = self.here.calendar.year_before(self.months[0]).starts_on
        found = reporting.rounds(form_code=self.form.code, starts_from=first, until=self.month.ends_on)
        return {row.period_code: row for row in found.defer("form__layout_data")}

    @cached_property
    def this_month(self) -> list[Round]:
        """All forms' rounds whose period ended in the month looked at, shortest period first."""
        longest = self.month.starts_on - timedelta(days=366)
        found = reporting.rounds(starts_from=longest, until=self.month.ends_on).defer("form__layout_data")
        order = list(Kind)
        return sorted(
            (row for row in found if self.month.starts_on < row.ends_on <= self.month.ends_on),
            key=lambda row: (order.index(Kind(row.form.kind)), row.starts_on),
        )

    @cached_property
    def children(self) -> list[int]:
        """The units that reported to this one at the month's end, or today while it runs, within the actor's reach."""
        if self.form is None:
            return []
        tree = reporting.reporting_tree(self.form, min(self.month.last_day, self.here.by.today))
        return [unit for unit in tree.children.get(self.here.unit.id, ()) if unit in self.here.reach]

    @cached_property
    def crowd(self) -> frozenset[int]:
        """The children and those that were merged into them: last year's reports count as well."""
        found = set(self.children)
        merged = organisation.merged_into()
        while gone := {unit for unit, (into, _day) in merged.items() if into in found} - found:
            found |= gone
        return frozenset(found)

    @cached_property
    def places(self) -> Mapping[tuple[int, int], Place]:
        wanted = {row.pk: row for row in (*self.monthly.values(), *self.this_month)}
        return reporting.places(wanted.values(), self.crowd or {self.here.unit.id}, at=self.here.by.at)

    @cached_property
    def names(self) -> Mapping[int, NamedUnit]:
        return organisation.units_known_by(self.here.by.today, ids=self.crowd | {self.here.unit.id})

    # --- the heat map ---

    @property
    def heat_map(self) -> HeatMap | None:
        """The units below × twelve months, those with most to mend first; of a unit alone its own row."""
        if self.form is None:
            return None
        units = self.children or [self.here.unit.id]
        timely = {unit: self._on_time(unit) for unit in units}
        ordered = sorted(units, key=lambda unit: (timely[unit] is None, timely[unit]))
        shown = ordered if self.all_rows else ordered[:ROWS_SHOWN]
        return HeatMap(
            self._heat_title(),
            self._heat_subtitle(units),
            tuple(HeatPeriod(_("M%(number)s") % {"number": m.number}, _in_sentence(m)) for m in self.months),
            tuple(self._row(unit, timely[unit]) for unit in shown),
            current=MONTHS - 1,
        )

    @property
    def rows_hidden(self) -> int:
        """How many units the heat map leaves out until it is asked for all."""
        return 0 if self.all_rows else max(0, len(self.children) - ROWS_SHOWN)

    def _heat_title(self) -> str:
        if not self.children:
            return _("Monthly reports of twelve months")
        count = len(self.children)
        wording = ngettext("Monthly reports of %(count)s unit", "Monthly reports of %(count)s units", count)
        return wording % {"count": count}

    def _heat_subtitle(self, units: Sequence[int]) -> str:
        """How many are in, missing, returned and not due in the month looked at."""
        round_ = self.monthly.get(self.month.code)
        if round_ is None:
            return _("%(period)s is not open yet.") % {"period": period_label(self.month)}
        standings = [self.places[unit, round_.pk].standing for unit in units]
        counted = [
            (_("%(count)s in"), sum(1 for one in standings if one in {Standing.ON_TIME, Standing.LATE})),
            (_("%(count)s missing"), standings.count(Standing.MISSING)),
            (_("%(count)s returned"), standings.count(Standing.RETURNED)),
            (_("%(count)s not due yet"), standings.count(Standing.NOT_DUE)),
        ]
        said = ", ".join(wording % {"count": count} for wording, count in counted if count)
        facts = {"period": period_label(self.month), "said": said}
        return _("%(period)s: %(said)s. The server's clock decides what is on time.") % facts

    def _on_time(self, unit: int) -> Decimal | None:
        """The share of a unit's reports on time over the twelve months."""
        places = (self._place(unit, month) for month in self.months)
        return reporting.completeness(place for place in places if place).timely

    def _row(self, unit: int, on_time: Decimal | None) -> HeatRow:
        return HeatRow(
            self.names[unit].short_name,
            tuple(self._cell(self._place(unit, month), month) for month in self.months),
            url=reverse("desk") + f"?unit={unit}" if unit in self.here.tree.parents and self.children else "",
            on_time=on_time,
        )

    def _place(self, unit: int, month: Period) -> Place | None:
        round_ = self.monthly.get(month.code)
        return self.places[unit, round_.pk] if round_ else None

    def _cell(self, place: Place | None, month: Period) -> HeatCell:
        if place is None:
            coming = month.ends_on > self.here.by.today
            return HeatCell(HeatState.NOT_DUE if coming else HeatState.NOT_THERE)
        if place.report_id is not None and place.received_at is not None:
            url = reverse("report", args=[place.report_id])
        else:
            url = reverse("round", args=[place.round_id])
        return HeatCell(HEAT[place.standing], url, place.days_late)

    # --- are we on time ---

    @property
    def timeliness(self) -> LineChart | None:
        """The share of monthly reports on time, month by month, beside the year before; none for a unit alone."""
        if not self.children or not self.monthly:
            return None
        now = [self._timely(month) for month in self.months]
        before = [self._timely(self.here.calendar.year_before(month)) for month in self.months]
        known = [at for at, value in enumerate(now) if value is not None]
        if not known:
            return None
        return LineChart(
            _timeliness_title(now[known[-1]], before[known[-1]]),
            _("Monthly reports of the units below, by the server's receipt; %"),
            tuple(_("M%(number)s") % {"number": month.number} for month in self.months),
            (
                Series(str(self.month.year), tuple(now)),
                Series(str(self.month.year - 1), tuple(before), context=True),
            ),
            unit="%",
            decimals=1,
        )

    def _timely(self, month: Period) -> Decimal | None:
        round_ = self.monthly.get(month.code)
        if round_ is None:
            return None
        timely = reporting.completeness(self.places[unit, round_.pk] for unit in self.crowd).timely
        return None if timely is None else timely.quantize(Decimal("0.1"))

    # --- will we reach the year ---

    @cached_property
    def _targets(self) -> Mapping[str, Decimal]:
        return reporting.targets(self.here.unit.id, self.month.year)

    @cached_property
    def _rules(self) -> Mapping[str, IndicatorRule]:
        return reporting.rules_of(self.form) if self.form else {}

    @property
    def year(self) -> TargetBars | None:
        """What is reached of the year's targets, or of what the same months of last year gave where there are none.

        Only what adds up over months has an expected pace.
        """
        if self.form is None or not self.monthly:
            return None
        reached = consolidation.year_to_date(self.form, self.here.unit.id, self.month)
        targets = {code: value for code, value in self._targets.items() if self._adds_up(code) and value}
        if targets:
            return self._against_targets({code: row.value for code, row in reached.items()}, targets)
        last_year = consolidation.year_to_date(self.form, self.here.unit.id, self.here.calendar.year_before(self.month))
        before = {code: row.value for code, row in last_year.items() if self._is_headline(code) and row.value}
        if not before:
            return None
        return self._against_last_year({code: row.value for code, row in reached.items()}, before)

    def _adds_up(self, code: str) -> bool:
        return code in self._rules and self._rules[code].over_time == "sum"

    def _is_headline(self, code: str) -> bool:
        """A figure that adds up over the months and is no part of another."""
        return self._adds_up(code) and not self._rules[code].part_of

    def _against_targets(self, reached: Mapping[str, Decimal], targets: Mapping[str, Decimal]) -> TargetBars:
        pace = Decimal(self.month.number) / 12
        behind = {code for code, target in targets.items() if code in reached and reached[code] < pace * target}
        facts = {"behind": len(behind), "count": len(targets), "year": self.month.year}
        title = (
            _("%(behind)s of %(count)s targets of %(year)s are behind")
            if behind
            else _("All %(count)s targets of %(year)s are on pace")
        )
        return TargetBars(
            title % facts,
            _("Since %(first)s, with everything below; against the year's target") % {"first": _year_begins(self)},
            self._bars(reached, targets),
            pace,
            _("pace up to %(day)s (%(share)s)")
            % {"day": day_short(self.month.last_day), "share": percent(100 * pace, 0)},
        )

    def _against_last_year(self, reached: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> TargetBars:
        headlines = self.form.layout.indicators if self.form else ()
        shown = {code: before[code] for code in [code for code in headlines if code in before][:TARGETS_SHOWN]}
        less = sum(1 for code, value in shown.items() if reached.get(code, Decimal(0)) < value)
        facts = {"less": less, "count": len(shown)}
        title = _("%(less)s of %(count)s figures are below last year") if less else _("No figure is below last year")
        return TargetBars(
            title % facts,
            _("Since %(first)s, with everything below; against the same months of last year")
            % {"first": _year_begins(self)},
            self._bars(reached, shown),
            Decimal(1),
            _("the same months of last year"),
        )

    def _bars(self, reached: Mapping[str, Decimal], targets: Mapping[str, Decimal]) -> tuple[Bar, ...]:
        """The furthest behind first."""
        order = sorted(targets, key=lambda code: reached.get(code, Decimal(0)) / targets[code])
        return tuple(
            Bar(self._name(code), reached.get(code), targets[code], self._source(code))
            for code in order[:TARGETS_SHOWN]
        )

    def _name(self, code: str) -> str:
        rule = self._rules[code]
        return in_language(rule.name, rule.name_en)

    def _source(self, code: str) -> str:
        round_ = self.monthly.get(self.month.code)
        if round_ is None:
            return ""
        return reverse("source", args=[round_.pk, code]) + f"?unit={self.here.unit.id}"

    # --- where is it held up ---

    @property
    def held_up(self) -> StackedBars | None:
        """Every form whose period ended in this month: accepted, waiting for a review, or not in (or returned)."""
        rows = [(row, self._stages(row)) for row in self.this_month if self.children]
        rows = [(row, stages) for row, stages in rows if sum(stages)]
        if not rows:
            return None
        return StackedBars(
            _held_up_title(sum(stages[1] for _row, stages in rows), sum(stages[2] for _row, stages in rows)),
            _("Reports of %(period)s, all forms, by what became of them") % {"period": _in_sentence(self.month)},
            (
                Part(_("accepted"), PartKind.DONE),
                Part(_("waiting for review"), PartKind.DOING),
                Part(_("not in, or returned"), PartKind.OPEN),
            ),
            tuple((period_label(row.period), stages) for row, stages in rows),
        )

    def _stages(self, round_: Round) -> tuple[int, int, int]:
        places = [self.places[unit, round_.pk] for unit in self.crowd]
        due = [place for place in places if place.standing is not Standing.NO_DUTY]
        accepted = sum(1 for place in due if place.state is State.ACCEPTED)
        waiting = sum(1 for place in due if place.state is State.SUBMITTED)
        return accepted, waiting, len(due) - accepted - waiting

    # --- a unit alone: its own figures ---

    @property
    def own_figures(self) -> list[OwnFigure]:
        """A unit's own headline figures; nothing for a unit that others report to."""
        if self.children or self.form is None or not self.monthly:
            return []
        by_round = reporting.figures_of(self.here.unit.id, [row.pk for row in self.monthly.values()])
        by_code = {code: by_round.get(row.pk, {}) for code, row in self.monthly.items()}
        codes = [code for code in self.form.layout.indicators if code in self._rules and not self._rules[code].part_of]
        found = [self._own_figure(code, by_code) for code in codes]
        return [one for one in found if one.value is not None or one.year_before is not None][:FIGURES_SHOWN]

    def _own_figure(self, code: str, by_code: Mapping[str, Mapping[str, Decimal]]) -> OwnFigure:
        rule = self._rules[code]
        values = tuple(by_code.get(month.code, {}).get(code) for month in self.months)
        told = ", ".join(number(value, rule.decimals) or "–" for value in values)
        return OwnFigure(
            self._name(code),
            rule.unit_of_measure,
            values[-1],
            by_code.get(self.here.calendar.year_before(self.month).code, {}).get(code),
            rule.decimals,
            Sparkline(values, _("%(name)s, twelve months: %(told)s") % {"name": self._name(code), "told": told}),
        )


def _timeliness_title(now: Decimal | None, before: Decimal | None) -> str:
    """`94,2% on time, 3,1 points more than a year before`."""
    said = {"share": percent(now, 1)}
    if now is None or before is None:
        return _("%(share)s on time") % said
    more = now - before
    said["points"] = number(abs(more), 1)
    if not more:
        return _("%(share)s on time, as a year before") % said
    if more > 0:
        return _("%(share)s on time, %(points)s points more than a year before") % said
    return _("%(share)s on time, %(points)s points less than a year before") % said


def _held_up_title(waiting: int, absent: int) -> str:
    if not waiting and not absent:
        return _("Every report of the month is in and accepted")
    facts = {"waiting": waiting, "absent": absent}
    if not waiting:
        return _("%(absent)s reports are not in") % facts
    if not absent:
        return _("%(waiting)s reports wait for review") % facts
    return _("%(waiting)s reports wait for review, %(absent)s are not in") % facts


def _in_sentence(period: Period) -> str:
    label = period_label(period)
    return label[:1].lower() + label[1:]


def _year_begins(overview: Overview) -> str:
    first: date = overview.here.calendar.numbered(Kind.MONTH, overview.month.year, 1).starts_on
    return f"{first:%d/%m/%Y}"
