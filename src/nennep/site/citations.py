"""Every rule in force that cites a clause of a regulation, gathered from all areas as one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later

from nennep.documents.models import DocumentType, Series
from nennep.documents.queries.regulations import Rule
from nennep.organisation.rules import Span
from nennep.planning.models import Capacity, Holiday
from nennep.reporting.models import Duty, Form, ReportingCalendar
from nennep.site.sayings import KINDS_OF_PERIOD, in_language, kind_of_unit

#: Calendars and series have no days of their own: they hold as long as anything does.
_BEGINNING = date.min
DUTY, CUT_OFF, TYPE, SERIES, HOLIDAY, CAPACITY = "duty", "cut_off", "type", "series", "holiday", "capacity"
KINDS: Mapping[str, Promise] = {
    DUTY: later("duty to report"),
    CUT_OFF: later("cut-off of a period"),
    TYPE: later("type of document"),
    SERIES: later("series of numbers"),
    HOLIDAY: later("holiday"),
    CAPACITY: later("most tasks a day"),
}


def rules() -> list[Rule]:
    """All of them, whenever they are in force, by kind. Seven queries, whatever their number."""
    return [*_duties(), *_cut_offs(), *_types(), *_series(), *_holidays(), *_capacities()]


def _duties() -> Iterable[Rule]:
    forms = {form.code: in_language(form.name, form.name_en) for form in Form.objects.defer("layout_data")}
    for one in Duty.objects.order_by("form_code", "unit_kind", "starts_on"):
        name = f"{forms.get(one.form_code, one.form_code)}, {kind_of_unit(one.unit_kind)}"
        yield Rule(DUTY, name, one.clause, Span(one.starts_on, one.ends_on))


def _cut_offs() -> Iterable[Rule]:
    always = Span(_BEGINNING)
    for calendar in ReportingCalendar.objects.order_by("code"):
        for kind, cutoff in calendar.rule.cutoffs.items():
            yield Rule(CUT_OFF, f"{calendar.name}, {KINDS_OF_PERIOD[kind]}", cutoff.clause, always)


def _types() -> Iterable[Rule]:
    for one in DocumentType.objects.order_by("order", "code", "starts_on"):
        yield Rule(TYPE, in_language(one.name, one.name_en), one.clause, Span(one.starts_on, one.ends_on))


def _series() -> Iterable[Rule]:
    for one in Series.objects.order_by("code"):
        yield Rule(SERIES, in_language(one.name, one.name_en), one.clause, Span(_BEGINNING))


def _holidays() -> Iterable[Rule]:
    for one in Holiday.objects.order_by("starts_on"):
        yield Rule(HOLIDAY, in_language(one.name, one.name_en), one.clause, Span(one.starts_on, one.ends_on))


def _capacities() -> Iterable[Rule]:
    for one in Capacity.objects.order_by("unit_kind", "starts_on"):
        yield Rule(CAPACITY, kind_of_unit(one.unit_kind), one.clause, Span(one.starts_on, one.ends_on))
