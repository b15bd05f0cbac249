"""Figures consolidated over a subtree, and where each of them came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

import abacus
from nennep.documents.pdf import render_pdf
from nennep.documents.queries.templates import docx_of
from nennep.documents.sheets import render_xlsx
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.content import IndicatorRule, Layout, Section
from nennep.site.acting import ActingRequest
from nennep.site.from_files import from_files
from nennep.site.letterhead import letterhead
from nennep.site.looking import looking
from nennep.site.sayings import STATEMENTS, in_language, period_dates, period_label
from nennep.synthesis import figures as consolidation
from nennep.synthesis import material, papers, queries
from nennep.synthesis.figures import Figure, Question
from nennep.synthesis.rules.drafts import Compared

#: The kinds of file a report is handed out as.
KINDS_OF_FILE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

#: In the order of the buttons.
WORDS_OF_FILE = (("docx", "DOCX"), ("pdf", "PDF"), ("xlsx", "XLSX"))


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureRow:
    number: str
    code: str
    name: str
    measure: str
    level: int
    figure: Figure | None
    compared: Compared
    decimals: int | None
    combines: str


@dataclass(frozen=True)
class FigureSection:
    section: Section
    title: str
    rows: tuple[FigureRow, ...]


def figure_sections(
    layout: Layout,
    rules: Mapping[str, IndicatorRule],
    found: Mapping[str, Figure],
    compared: Mapping[str, Compared],
) -> list[FigureSection]:
    """The cell sections of a form with their consolidated figures, in the form's order."""
    nothing = Compared(None, None, None)
    return [
        FigureSection(
            section,
            in_language(section.title, section.title_en),
            tuple(
                FigureRow(
                    row.number,
                    row.indicator,
                    in_language(rules[row.indicator].name, rules[row.indicator].name_en),
                    rules[row.indicator].unit_of_measure,
                    papers.depth(row.indicator, rules),
                    found.get(row.indicator),
                    compared.get(row.indicator, nothing),
                    2 if rules[row.indicator].is_computed else None,
                    combining(rules[row.indicator]),
                )
                for row in section.rows
            ),
        )
        for section in layout.sections
        if section.is_cells
    ]


def combining(rule: IndicatorRule) -> str:
    """How an indicator combines, in words."""
    if rule.is_computed:
        return _("numerator and denominator are brought together first, then divided")
    over_units = {
        "sum": _("added over units"),
        "none": _("not added over units: shown per unit"),
        "mean": _("mean over units"),
        "min": _("smallest of the units"),
        "max": _("largest of the units"),
        "count": _("units that have a value"),
    }
    over_time = {"sum": _("added over time"), "last": _("last of the period"), "first": _("first of the period")}
    said = [over_units.get(rule.over_units, rule.over_units), over_time.get(rule.over_time, rule.over_time)]
    return ", ".join(said)


def _asked(request: ActingRequest, round_id: int) -> tuple[Question, NamedUnit]:
    """The round, the unit, and the two dates of the address: as known at an instant, with the tree of a day."""
    here = looking(request)
    round_ = reporting.round_(round_id)
    question = Question(round_, known_at=_known_at(request, round_), on=_tree_day(request))
    queries.may_ask(here.by, question, here.unit.id)
    return question, here.unit


def _known_at(request: ActingRequest, round_: Round) -> datetime | None:
    asked = request.GET.get("known_at", "")
    if not asked:
        return None
    if asked == "closing":
        return round_.closed_at
    instant = parse_datetime(asked) or _end_of(asked)
    if instant is None:
        raise Http404("not an instant")
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _end_of(day: str) -> datetime | None:
    """A bare day means all that was known when it ended."""
    parsed = parse_date(day)
    return datetime(parsed.year, parsed.month, parsed.day, 23, 59, 59) if parsed else None  # noqa: DTZ001 -- zone follows


def _tree_day(request: ActingRequest) -> date | None:
    asked = request.GET.get("on", "")
    if not asked:
        return None
    day = parse_date(asked)
    if day is None:
        raise Http404("not a day")
    return day


def _said(question: Question) -> material.Said:
    tree = f"theo tổ chức ngày {question.on:%d/%m/%Y}" if question.on else ""
    return material.Said(vietnamese_period(question.round), tree)


def vietnamese_period(round_: Round) -> str:
    """The period as official papers name it, in Vietnamese whatever the reader's language."""
    with override("vi"):
        return period_label(round_.period)


@require_GET
def figures(request: ActingRequest, round_id: int) -> HttpResponse:
    """A unit's figures over its subtree: now, as known at an instant, or with the tree of another day."""
    question, unit = _asked(request, round_id)
    by = request.actor
    found = consolidation.figures(question, unit.id)
    rows = consolidation.counted(question)
    coverage = queries.coverage_of_figures(question.round, unit.id, at=by.at, counted=rows, on=question.on)
    names = _names(question)
    children = queries.children(question.round, unit.id)
    speakers = queries.speakers(question, unit.id) if question.on else children
    contents = reporting.content_of([row.version_id for row in rows if row.unit_id in speakers])
    told = queries.told(rows, speakers, contents)
    compared = queries.compared(question.round, unit.id, found, known_at=question.known_at, on=question.on)
    context = {
        "section": "synthesis",
        "question": question,
        "round": question.round,
        "unit": unit,
        "form_name": in_language(question.round.form.name, question.round.form.name_en),
        "period": period_label(question.round.period),
        "dates": period_dates(question.round.period),
        "sections": figure_sections(
            question.round.form.layout, reporting.rules_of(question.round.form), found, compared
        ),
        "coverage": coverage,
        "missing": [(names[place.unit_id], place) for place in coverage.missing if place.unit_id in names],
        "words": _words(question.round.form.layout, told, names, whole=request.GET.get("words") == "all"),
        "synthesis": queries.synthesis_of(question.round, unit.id),
        "may_begin": Permission.SYNTHESIS_WRITE in by.permissions and by.unit_id == unit.id and bool(children),
        "days_of_change": organisation.days_of_change(),
        "kinds": WORDS_OF_FILE,
    }
    return render(request, "synthesis/figures.html", context)


def _names(question: Question) -> dict[int, NamedUnit]:
    """The units of the period and of the day whose tree is used, under the names of that day."""
    return {
        **organisation.units_known_by(question.round.period.last_day),
        **organisation.units_known_by(question.day),
    }


@dataclass(frozen=True)
class WordSection:
    section: Section
    title: str
    told: tuple[tuple[str, str, NamedUnit, str], ...]
    total: int


#: A page on a weak line begins with so many statements of each section; all of them are one press away.
FIRST_TOLD = 12


def _words(layout: Layout, told: Sequence[Any], names: Mapping[int, NamedUnit], *, whole: bool) -> list[WordSection]:
    """The statements of the units below by section and kind, with who said them: (kind, text, unit, the address of
    the version that says it). The first of each section, or the whole.
    """
    # A version says many things: its address is made once.
    versions = {one.version_id: (one.report_id, one.number) for one in told}
    addresses = {version: reverse("report-version", args=where) for version, where in versions.items()}
    by_place: dict[tuple[str, str], list[Any]] = {}
    for one in told:
        by_place.setdefault((one.statement.section, one.statement.kind), []).append(one)
    found = []
    for section in layout.sections:
        if section.is_cells:
            continue
        here = [
            one
            for kind in section.statement_kinds
            for one in by_place.get((section.letter, kind), ())
            if one.unit_id in names
        ]
        shown = tuple(
            (str(STATEMENTS[one.statement.kind]), one.statement.text, names[one.unit_id], addresses[one.version_id])
            for one in (here if whole else here[:FIRST_TOLD])
        )
        found.append(WordSection(section, in_language(section.title, section.title_en), shown, len(here)))
    return found


@require_GET
def figures_file(request: ActingRequest, round_id: int, kind: str) -> HttpResponse:
    """The same figures and statements as a paper or a workbook."""
    question, unit = _asked(request, round_id)
    gathered = material.of_question(question, unit.id, at=request.actor.at, said=_said(question))
    return file_of(gathered, unit.id, question.round, unit.code, kind, request.actor.today)


def file_of(gathered: papers.Material, unit_id: int, round_: Round, code: str, kind: str, today: date) -> HttpResponse:
    if kind not in KINDS_OF_FILE:
        raise Http404("no such kind of file")
    name = f"{round_.form.code}-{round_.period_code}-{code}.{kind}"
    if kind == "xlsx":
        data = render_xlsx(papers.workbook(gathered))
    else:
        paper = papers.consolidated_paper(gathered, letterhead(unit_id, today))
        data = docx_of(paper) if kind == "docx" else render_pdf(paper)
    response = HttpResponse(data, content_type=KINDS_OF_FILE[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- provenance -----------------------------------------------------------------------------------


@require_GET
def source(request: ActingRequest, round_id: int, indicator: str) -> HttpResponse:
    """Where one figure came from: the units right below with theirs, and the versions where it was counted."""
    question, unit = _asked(request, round_id)
    asked_for = request.GET.get("synthesis", "")
    if asked_for.isdecimal():
        draft = queries.synthesis(int(asked_for))
        queries.may_see(request.actor, draft)
        question = queries.question(draft)
    rules = reporting.rules_of(question.round.form)
    if indicator not in rules:
        raise Http404("no such figure")
    context = _source_context(request, question, unit, rules[indicator])
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "synthesis/_source.html" if fragment else "synthesis/source.html", context)


def _source_context(request: ActingRequest, question: Question, unit: NamedUnit, rule: IndicatorRule) -> dict[str, Any]:
    explained = _explained(question, unit, rule)
    rows = consolidation.counted(question)
    names = _names(question)
    return {
        "section": "synthesis",
        "round": question.round,
        "question": question,
        "unit": unit,
        "rule": rule,
        "name": in_language(rule.name, rule.name_en),
        "combines": combining(rule),
        "period": period_label(question.round.period),
        "dates": period_dates(question.round.period),
        "decimals": 2 if rule.is_computed else None,
        "figure": consolidation.figures(question, unit.id).get(rule.code),
        "parts": _parts(question, unit.id, explained, names),
        "explained": explained,
        "own": _own_versions(request, rows, unit.id, rule),
        "path": _path(request, question, unit.id, names),
        "before": queries.compared(question.round, unit.id, {}, known_at=question.known_at, on=question.on).get(
            rule.code
        ),
    }


def _explained(question: Question, unit: NamedUnit, rule: IndicatorRule) -> abacus.Explanation | None:
    """What the figure was made of; None where there is nothing to take apart (a unit that did not exist on the tree's
    day).
    """
    try:
        return consolidation.explain(question, unit.id, rule.code)
    except (abacus.TreeError, abacus.RefusedError):
        return None


@dataclass(frozen=True)
class PartRow:
    """A unit right below with what counts of it here; `past` is a unit that was merged away."""

    unit: NamedUnit
    value: Decimal | None
    reported: int
    expected: int
    share: int
    past: bool


def _parts(
    question: Question, unit_id: int, explained: abacus.Explanation | None, names: Mapping[int, NamedUnit]
) -> list[PartRow]:
    """The units right below by the size of what they put in; the missing are at the end, and in the list."""
    found = {child.unit: child for child in explained.children} if explained else {}
    by_code = {unit.code: unit for unit in names.values()}
    largest = max((abs(child.value) for child in found.values() if child.value), default=Decimal(0))
    rows = [
        PartRow(
            by_code[code],
            child.value,
            child.reported,
            child.expected,
            round(100 * abs(child.value) / largest) if child.value and largest else 0,
            not child.living,
        )
        for code, child in found.items()
        if code in by_code
    ]
    absent = [names[child] for child in queries.children(question.round, unit_id) if child in names]
    rows += [PartRow(unit, None, 0, 0, 0, past=False) for unit in absent if unit.code not in found]
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0), row.unit.code))


def _own_versions(
    request: ActingRequest, rows: Sequence[Any], unit_id: int, rule: IndicatorRule
) -> list[dict[str, Any]]:
    """The unit's own version that counts, with the figure as it stands in it, and the earlier versions with what
    became of them.
    """
    mine = next((row for row in rows if row.unit_id == unit_id), None)
    if mine is None:
        return []
    report = reporting.report(mine.report_id)
    organisation.require(request.actor, Permission.REPORTING_VIEW, over=report.unit_id)
    found = []
    for version in sorted(report.versions.all(), key=lambda one: -one.number):
        typed = version.content.cells.get(rule.code)
        found.append(
            {
                "version": version,
                "value": Decimal(typed) if typed is not None else None,
                "counts": version.pk == mine.version_id,
                "decisions": list(version.decisions.all()),
                "from_file": from_files(report.pk, version.content, until=version.received_at).get(f"cell:{rule.code}"),
            }
        )
    return found if any(one["value"] is not None for one in found) else []


def _path(request: ActingRequest, question: Question, unit_id: int, names: Mapping[int, NamedUnit]) -> list[NamedUnit]:
    """The units from the top of the actor's reach down to this one."""
    tree = reporting.reporting_tree(question.round.form, question.day)
    reach = organisation.reach(request.actor, Permission.REPORTING_VIEW)
    return [names[unit] for unit in tree.path(unit_id) if unit in reach and unit in names]


urlpatterns = [
    path("synthesis/rounds/<int:round_id>/figures/", figures, name="figures"),
    path("synthesis/rounds/<int:round_id>/figures.<str:kind>", figures_file, name="figures-sheet"),
    path("synthesis/rounds/<int:round_id>/figures/<str:indicator>/", source, name="source"),
]
