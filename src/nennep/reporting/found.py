"""What the index of everything knows of reporting: reports in their newest version, indicators and forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from nennep.organisation import queries as organisation
from nennep.reporting.models import Form, Indicator, Report, Round
from nennep.reporting.rules.periods import Kind as PeriodKind
from nennep.reporting.rules.periods import Period
from nennep.search.rules import Kind, Put

_CHUNK = 2_000


def report_put(report: Report, content: Mapping[str, Any]) -> Put:
    """A report as the index shows it: the unit under the name of the period's last day, and what the version says."""
    round_ = report.round
    name = organisation.unit(report.unit_id, round_.period.last_day).short_name
    return _report_put(report.pk, report.unit_id, name, round_, content)


def report_puts() -> Iterator[Put]:
    """Every report that was handed in, as its newest version says it."""
    rounds = {round_.pk: round_ for round_ in Round.objects.select_related("form")}
    names: dict[date, dict[int, str]] = {round_.period.last_day: {} for round_ in rounds.values()}
    for day in names:
        names[day] = {unit.id: unit.short_name for unit in organisation.units_known_by(day).values()}
    rows = Report.objects.filter(current_version__isnull=False).order_by("pk")
    columns = rows.values_list("pk", "unit_id", "round_id", "current_version__content_data")
    for key, unit_id, round_id, content in columns.iterator(_CHUNK):
        round_ = rounds[round_id]
        yield _report_put(key, unit_id, names[round_.period.last_day].get(unit_id, ""), round_, content)


def _report_put(key: int, unit_id: int, name: str, round_: Round, content: Mapping[str, Any]) -> Put:
    title = f"{name} – {round_name(round_)}"
    return Put(Kind.REPORT, key, unit_id, title, said_in(content), round_.period.last_day)


def round_name(round_: Round) -> str:
    """What a form is called in one period: `Báo cáo tháng` in November 2026 is `Báo cáo tháng 11/2026`."""
    period = period_words(round_.period)
    start, _blank, last = round_.form.name.rpartition(" ")
    return f"{start} {period}" if start and period.split()[0] == last.lower() else f"{round_.form.name}, {period}"


def said_in(content: Mapping[str, Any]) -> str:
    """The statements of a version's or a finished synthesis' content (as JSON), one under the other."""
    return "\n".join(str(statement["text"]) for statement in content.get("statements", ()))


def indicator_puts() -> Iterator[Put]:
    """Every indicator, under its names, with its unit of measure and its code."""
    for row in Indicator.objects.order_by("pk"):
        words = (row.name_en, row.unit_of_measure, row.code)
        yield Put(Kind.INDICATOR, row.pk, None, row.name, ". ".join(word for word in words if word), row.starts_on)


def form_puts() -> Iterator[Put]:
    """Every form in its newest version, with its sections."""
    newest = {form.code: form for form in Form.objects.order_by("version")}
    for form in newest.values():
        sections = (f"{section.letter}. {section.title}" for section in form.layout.sections)
        words = (form.name_en, form.source, *sections)
        yield Put(Kind.FORM, form.pk, None, form.name, "\n".join(word for word in words if word), form.starts_on)


def period_words(period: Period) -> str:
    """A period as a title says it: `tháng 11/2026`, `quý IV/2026`, `tuần 47/2026`, `năm 2026`."""
    year, number = period.year, period.number
    said = {
        PeriodKind.WEEK: f"tuần {number}/{year}",
        PeriodKind.MONTH: f"tháng {number}/{year}",
        PeriodKind.HALF: f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}",
        PeriodKind.NINE_MONTHS: f"9 tháng năm {year}",
        PeriodKind.YEAR: f"năm {year}",
    }
    return said.get(period.kind) or f"quý {('I', 'II', 'III', 'IV')[number - 1]}/{year}"
