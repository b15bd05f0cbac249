"""Targets compared with what was reported, through the same engine as every other figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from nennep.planning.models import Task
from nennep.planning.rules.calendar import LENGTH
from nennep.reporting.models import Form
from nennep.reporting.rules.periods import Kind, NoSuchPeriod, Period
from nennep.synthesis import figures

#: Which forms are asked first: months tell of a plan sooner than its year, and weeks follow another calendar.
_ASKED_FIRST = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR, Kind.WEEK)


@dataclass(frozen=True)
class Reached:
    """What the lead unit with all under it reported of a task's indicator in the plan's period: None while nobody did.

    `form_id` and `period` (of the form's calendar: the plan of November is told by the report of month 11) lead back
    to the figure's source. `reported` of `expected` units have a value in it.
    """

    indicator: str
    figure: Decimal
    value: Decimal | None
    reported: int
    expected: int
    form_id: int
    period: Period

    @property
    def is_exceeded(self) -> bool:
        return self.value is not None and self.value > self.figure


def reached(tasks: Iterable[Task], day: date) -> dict[int, Reached]:
    """What was reported towards each of these tasks that has an indicator and a figure, as known when `day` ended.

    The tasks carry their plans. Each form is asked once for all periods and units, however many tasks there are. A
    task whose indicator stands on no form of its period, or on none any more, is absent.
    """
    aimed = [task for task in tasks if task.indicator and task.figure is not None]
    if not aimed:
        return {}
    forms = _Forms(day)
    asked: dict[int, list[tuple[Task, Decimal, Form, Period]]] = {}
    for task in aimed:
        found = forms.telling(task)
        if found and task.figure is not None:
            asked.setdefault(found[0].pk, []).append((task, task.figure, *found))
    answers: dict[int, Reached] = {}
    for rows in asked.values():
        form = rows[0][2]
        units, spans = {row[0].lead_unit_id for row in rows}, {row[3] for row in rows}
        told = figures.over_spans(form, units, spans, known_at=_end_of(day))
        for task, figure, _form, period in rows:
            one = told[period][task.lead_unit_id].get(task.indicator)
            value = one.value if one else None
            numbers = (one.reported, one.expected) if one else (0, 0)
            answers[task.pk] = Reached(task.indicator, figure, value, *numbers, form.pk, period)
    return answers


def _end_of(day: date) -> datetime:
    """The last instant of a day, here."""
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(settings.TIME_ZONE))


class _Forms:
    """The forms by which plans can be told. One query."""

    def __init__(self, day: date) -> None:
        self._day = day
        forms = Form.objects.select_related("calendar").order_by("code", "version")
        self._forms = [(form, frozenset(form.layout.indicators)) for form in forms]
        self._known: dict[tuple[str, str, str], tuple[Form, Period] | None] = {}

    def telling(self, task: Task) -> tuple[Form, Period] | None:
        """The form that tells of a task's indicator, and the period of its calendar that bears the plan's code."""
        plan = task.plan
        key = (task.indicator, plan.period_kind, plan.period_code)
        if key not in self._known:
            as_on = min(self._day, plan.ends_on - timedelta(days=1))
            fitting = self._fitting(task.indicator, Kind(plan.period_kind), as_on)
            self._known[key] = next(_with_period(fitting, plan.period_code), None)
        return self._known[key]

    def _fitting(self, indicator: str, kind: Kind, day: date) -> list[Form]:
        """The forms of no longer a period that hold the indicator and are in force on a day, in the order asked."""
        found = [
            form
            for form, indicators in self._forms
            if indicator in indicators
            and LENGTH[Kind(form.kind)] <= LENGTH[kind]
            and form.starts_on <= day
            and (form.ends_on is None or day < form.ends_on)
        ]
        return sorted(found, key=lambda form: _ASKED_FIRST.index(Kind(form.kind)))


def _with_period(forms: Iterable[Form], code: str) -> Iterator[tuple[Form, Period]]:
    for form in forms:
        try:
            yield form, form.calendar.rule.parse(code)
        except NoSuchPeriod:
            continue


def values(reached_: Mapping[int, Reached]) -> dict[int, Decimal]:
    """What was reported, by task; those of which nothing was are absent."""
    return {task: one.value for task, one in reached_.items() if one.value is not None}
