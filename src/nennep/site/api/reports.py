"""Forms, the rounds in which they are reported, and the reports: read them, hand one in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ninja import Router, Status

from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.reporting import queries, services
from nennep.reporting.models import Decision, Form, Report, Round, Version
from nennep.reporting.rules.content import Content, IndicatorRule, Section, Statement, tidy
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.states import State
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS, Problem, not_ready
from nennep.site.api.shapes import (
    Code,
    ContentOut,
    Day,
    DecisionOut,
    DraftOut,
    FormDetail,
    FormOut,
    Id,
    IndicatorOut,
    Limit,
    Offset,
    Page,
    PeriodOut,
    RemarkOut,
    ReportDetail,
    ReportIn,
    ReportOut,
    RoundDetail,
    RoundOut,
    RowOut,
    SectionOut,
    StatementOut,
    UnitBrief,
    VersionDetail,
    VersionOut,
)

router = Router(tags=["reporting"])


# --- forms ----------------------------------------------------------------------------------------


@router.get("/forms", url_name="forms", operation_id="forms", response={200: list[FormOut], **PROBLEMS})
def forms(request: ApiRequest, on: Day | None = None) -> list[FormOut]:
    """The forms in force on a day, today when none is named; shortest period first."""
    return [FormOut(**_form(form)) for form in queries.forms_on(on or request.auth.by.today)]


@router.get("/forms/{code}", url_name="form", operation_id="form", response={200: FormDetail, **PROBLEMS})
def form(request: ApiRequest, code: Code, on: Day | None = None) -> FormDetail:
    """A form as it is in force on a day: its sections in order, and its indicators with the parts of their ratios."""
    found = queries.forms_on(on or request.auth.by.today).filter(code=code).first()
    if found is None:
        raise Form.DoesNotExist
    return FormDetail(
        **_form(found),
        sections=[_section(section) for section in found.layout.sections],
        indicators=[_indicator(rule) for rule in queries.rules_of(found).values()],
    )


def _form(form: Form) -> dict[str, Any]:
    names = ("code", "version", "name", "name_en", "kind", "line", "source", "starts_on", "ends_on")
    return {name: getattr(form, name) for name in names}


def _section(section: Section) -> SectionOut:
    return SectionOut(
        letter=section.letter,
        title=section.title,
        title_en=section.title_en,
        kind=section.kind,
        rows=[RowOut(number=row.number, indicator=row.indicator, required=row.required) for row in section.rows],
        statement_kinds=[str(kind) for kind in section.statement_kinds],
        required_kinds=[str(kind) for kind in section.required_kinds],
    )


def _indicator(rule: IndicatorRule) -> IndicatorOut:
    return IndicatorOut(
        code=rule.code,
        name=rule.name,
        name_en=rule.name_en,
        unit_of_measure=rule.unit_of_measure,
        over_units=rule.over_units,
        over_time=rule.over_time,
        numerator=rule.numerator,
        denominator=rule.denominator,
        factor=plain(rule.factor),
        part_of=rule.part_of,
        balance=rule.balance,
        lower=None if rule.lower is None else plain(rule.lower),
        upper=None if rule.upper is None else plain(rule.upper),
        decimals=rule.decimals,
        is_computed=rule.is_computed,
    )


# --- rounds ---------------------------------------------------------------------------------------


@router.get("/rounds", url_name="rounds", operation_id="rounds", response={200: Page[RoundOut], **PROBLEMS})
def rounds(
    request: ApiRequest,  # noqa: ARG001 -- every operation takes it
    form: Code = "",
    period: Code = "",
    open: bool | None = None,  # noqa: A002 -- the word the address uses
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[RoundOut]:
    """The periods that were opened, newest first: of a form, of one period, only open or only closed ones."""
    found = queries.rounds(form_code=form)
    if period:
        found = found.filter(period_code=period)
    if open is not None:
        found = found.filter(closed_at__isnull=open)
    page = [RoundOut(**_round(round_)) for round_ in found[offset : offset + limit]]
    return Page[RoundOut](total=found.count(), items=page)


@router.get("/rounds/{int:round_id}", url_name="round", operation_id="round", response={200: RoundDetail, **PROBLEMS})
def round_(request: ApiRequest, round_id: int) -> RoundDetail:
    """One round, and when the report of the caller's own unit is due in it."""
    found = queries.round_(round_id)
    return RoundDetail(**_round(found), due_at=queries.on_duty(found).get(request.auth.by.unit_id or 0))


def _round(round_: Round) -> dict[str, Any]:
    period = round_.period
    return {
        "id": round_.pk,
        "form": round_.form.code,
        "form_version": round_.form.version,
        "period": PeriodOut(code=period.code, kind=period.kind, starts_on=period.starts_on, ends_on=period.ends_on),
        "opened_at": round_.opened_at,
        "closed_at": round_.closed_at,
        "seal_digest": round_.seal_digest,
    }


# --- reports --------------------------------------------------------------------------------------


@router.get("/reports", url_name="reports", operation_id="reports", response={200: Page[ReportOut], **PROBLEMS})
def reports(
    request: ApiRequest,
    unit: Id | None = None,
    round: Id | None = None,  # noqa: A002 -- the word the address uses
    form: Code = "",
    state: State | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[ReportOut]:
    """The reports in reach, newest period first: of one unit, one round, one form, in one state."""
    reach = organisation.reach(request.auth.by, Permission.REPORTING_VIEW)
    if unit is not None and unit not in reach:
        raise Unit.DoesNotExist
    found = queries.reports(
        reach if unit is None else [unit],
        round_ids=None if round is None else [round],
        states_=[] if state is None else [state],
        form_code=form,
    )
    rows = list(found[offset : offset + limit])
    names = organisation.units_known_by(request.auth.by.today, ids={row.unit_id for row in rows})
    return Page[ReportOut](total=found.count(), items=[ReportOut(**_report(row, names)) for row in rows])


@router.get(
    "/reports/{int:report_id}", url_name="report", operation_id="report", response={200: ReportDetail, **PROBLEMS}
)
def report(request: ApiRequest, report_id: int) -> ReportDetail:
    """A report with its versions. Its draft is for its own unit alone."""
    found = _visible(request, report_id)
    names = organisation.units_known_by(request.auth.by.today, ids=[found.unit_id])
    is_own = request.auth.by.unit_id == found.unit_id
    return ReportDetail(
        **_report(found, names),
        versions=[VersionOut(**_version(version)) for version in found.versions.all()],
        draft=_draft(found) if is_own else None,
    )


@router.get(
    "/reports/{int:report_id}/versions",
    url_name="versions",
    operation_id="versions",
    response={200: list[VersionDetail], **PROBLEMS},
)
def versions(request: ApiRequest, report_id: int) -> list[VersionDetail]:
    """Everything that was handed in for a report, oldest first, with what became of it."""
    return [_whole(version) for version in _visible(request, report_id).versions.all()]


@router.get(
    "/reports/{int:report_id}/versions/{int:number}",
    url_name="version",
    operation_id="version",
    response={200: VersionDetail, **PROBLEMS},
)
def version(request: ApiRequest, report_id: int, number: int) -> VersionDetail:
    """One version by its number, with all that it says."""
    found = next((one for one in _visible(request, report_id).versions.all() if one.number == number), None)
    if found is None:
        raise Version.DoesNotExist
    return _whole(found)


def _visible(request: ApiRequest, report_id: int) -> Report:
    found = queries.report(report_id)
    organisation.require(request.auth.by, Permission.REPORTING_VIEW, over=found.unit_id)
    return found


@router.put(
    "/rounds/{int:round_id}/report",
    url_name="submit-report",
    operation_id="submit-report",
    response={200: VersionDetail, 201: VersionDetail, 409: Problem, 413: Problem, **PROBLEMS},
)
def submit_report(request: ApiRequest, round_id: int, sent: ReportIn) -> Status[VersionDetail]:
    """Hand in the report of one's own unit: all of it, or nothing.

    201 with the new version; 200 with the version that is there when exactly this was handed in before, so that a call
    whose answer was lost can be made again. A draft that somebody wrote on the page and has not handed in is only
    replaced when its `revision` is named. What stands in the way comes back as findings; nothing is changed then.
    """
    try:
        handed_in = services.hand_in(
            round_id, _content(sent), by=request.auth.by, revision=sent.revision, reason=tidy(sent.reason)
        )
    except services.NotReady as error:
        raise not_ready(error, queries.rules_of(queries.round_(round_id).form)) from error
    return Status(201 if handed_in.is_new else 200, _whole(handed_in.version))


def _content(sent: ReportIn) -> Content:
    statements = tuple(Statement(one.id, one.section, one.kind, one.text) for one in sent.statements)
    return Content(sent.cells, statements, sent.words)


# --- how they are shown ---------------------------------------------------------------------------


def brief(unit: NamedUnit) -> UnitBrief:
    return UnitBrief(id=unit.id, code=unit.code, name=unit.name)


def _report(report: Report, names: Mapping[int, NamedUnit]) -> dict[str, Any]:
    return {
        "id": report.pk,
        "round": report.round_id,
        "form": report.round.form.code,
        "period": report.round.period_code,
        "unit": brief(names[report.unit_id]),
        "state": report.state,
        "version": report.current_version.number if report.current_version else None,
        "counts": report.accepted_version_id is not None,
        "received_at": report.first_received_at,
        "days_late": report.first_days_late,
    }


def _draft(report: Report) -> DraftOut:
    return DraftOut(
        revision=report.draft_revision,
        saved_at=report.draft_at,
        saved_by=report.draft_by,
        content=_said(report.draft_content),
    )


def _whole(version: Version) -> VersionDetail:
    return VersionDetail(**_version(version), report=version.report_id, content=_said(version.content))


def _version(version: Version) -> dict[str, Any]:
    return {
        "id": version.pk,
        "number": version.number,
        "digest": version.digest,
        "received_at": version.received_at,
        "days_late": version.days_late,
        "person": version.person_name,
        "post": version.post_title,
        "reason": version.reason,
        "booked_in": version.booked_in_id,
        "decisions": _decisions(version.decisions.all()),
    }


def _decisions(decisions: Iterable[Decision]) -> list[DecisionOut]:
    return [
        DecisionOut(
            accepted=one.accepted,
            at=one.at,
            person=one.person_name,
            post=one.post_title,
            reason=one.reason,
            remarks=[RemarkOut(**remark) for remark in one.remarks],
        )
        for one in sorted(decisions, key=lambda one: (one.at, one.pk))
    ]


def _said(content: Content) -> ContentOut:
    return ContentOut(
        cells=dict(content.cells),
        statements=[
            StatementOut(id=one.id, section=one.section, kind=one.kind, text=one.text, sources=list(one.sources))
            for one in content.statements
        ],
        words=dict(content.words),
        figures=dict(content.figures),
        synthesis=content.synthesis,
    )
