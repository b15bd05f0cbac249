"""The acts of reporting: open, write, hand in, return, accept, remind, close, correct.

Each has the same five movements in one transaction: fetch, authority, rule, save, journal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries, sealing
from nennep.reporting.found import report_put
from nennep.reporting.models import Decision, Form, Reminder, Report, Round, Version
from nennep.reporting.rules import states
from nennep.reporting.rules.checks import Finding, blocking, check, read_cells
from nennep.reporting.rules.content import Content, Unreadable, checked_content, content_digest
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.periods import Kind
from nennep.reporting.rules.states import Move, State
from nennep.search import services as search


class ReportingRefused(Exception):
    """An act that the rules of reporting forbid now. `why` names the rule; the faces say it in the reader's
    language.
    """

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


class NotReady(Exception):
    """A draft that cannot be handed in yet: `findings` are what is to be mended or explained. The draft is kept."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} things to mend or explain")
        self.findings = findings


class StaleDraft(Exception):
    """Somebody else saved this draft in the meantime: nothing was overwritten, `theirs` is what they saved."""

    def __init__(self, theirs: Content, revision: int, saved_by: str) -> None:
        super().__init__(f"saved by {saved_by} as revision {revision}")
        self.theirs = theirs
        self.revision = revision
        self.saved_by = saved_by


@dataclass(frozen=True)
class Remark:
    """What a superior says at one place: `cell:<indicator>`, `statement:<id>` or `section:<letter>`."""

    at: str
    text: str

    def as_json(self) -> dict[str, str]:
        return {"at": self.at, "text": self.text}


# --- opening and closing --------------------------------------------------------------------------


@transaction.atomic
def open_round(form_id: int, period_code: str, *, by: Actor) -> Round:
    """Open a period of a form to all units on duty. Opening it again changes nothing.

    Raises NotAuthorised unless the actor's post may open over the top of the form's line, ReportingRefused,
    NoSuchPeriod.
    """
    form = Form.objects.select_related("calendar").get(pk=form_id)
    _require_over_top(by, Permission.REPORTING_OPEN, form)
    period = form.calendar.rule.parse(period_code)
    if period.kind is not Kind(form.kind):
        raise ReportingRefused("period_of_another_kind", period=period.code)
    if form.starts_on > period.last_day or (form.ends_on is not None and form.ends_on <= period.last_day):
        raise ReportingRefused("form_not_in_force", period=period.code)
    round_, is_new = Round.objects.get_or_create(
        form=form,
        period_code=period.code,
        defaults={"starts_on": period.starts_on, "ends_on": period.ends_on, "opened_at": by.at},
    )
    if is_new:
        journal.record("reporting.open", round_, by=by, over=by.unit_id or 0, details={"period": period.code})
    return round_


@transaction.atomic
def close_round(round_id: int, *, by: Actor, reason: str = "") -> Round:
    """Close the books of a round: what counts now is sealed; from here on it only takes corrections.

    Raises NotAuthorised; ReportingRefused when it is closed already, its period is not over, reports still wait to be
    accepted, or units on duty are missing and no reason is given.
    """
    round_ = Round.objects.select_for_update(of=("self",)).select_related("form__calendar").get(pk=round_id)
    _require_over_top(by, Permission.REPORTING_CLOSE, round_.form)
    if round_.is_closed:
        raise ReportingRefused("already_closed")
    queries.lock_reports_of(round_)
    if by.today < round_.ends_on:
        raise ReportingRefused("period_not_over", ends_on=round_.ends_on)
    waiting = Report.objects.filter(round=round_, state=State.SUBMITTED).count()
    if waiting:
        raise ReportingRefused("reports_wait", count=waiting)
    counted = queries.counted([round_.pk])
    missing = queries.on_duty(round_).keys() - {row.unit_id for row in counted}
    reason = reason.strip()
    if missing and not reason:
        raise ReportingRefused("missing_needs_reason", count=len(missing))
    codes = dict(Unit.objects.values_list("id", "code"))
    contents = queries.content_of([row.version_id for row in counted])
    round_.seal_file, round_.seal_digest = sealing.write(
        round_, [(row, codes[row.unit_id], contents[row.version_id]) for row in counted]
    )
    round_.closed_at = by.at
    round_.save(update_fields=["closed_at", "seal_file", "seal_digest"])
    details = {"versions": len(counted), "missing": len(missing), "digest": round_.seal_digest}
    journal.record("reporting.close", round_, by=by, over=by.unit_id or 0, reason=reason, details=details)
    return round_


# --- writing --------------------------------------------------------------------------------------


@transaction.atomic
def start_report(round_id: int, *, by: Actor) -> Report:
    """The actor's own unit's report in a round, made when it is not there yet.

    Raises NotAuthorised, or ReportingRefused when the unit is not on duty in this round.
    """
    round_ = queries.round_(round_id)
    unit_id = _own_unit(by, Permission.REPORTING_WRITE)
    if unit_id not in queries.on_duty(round_):
        raise ReportingRefused("not_on_duty")
    report, is_new = Report.objects.get_or_create(round=round_, unit_id=unit_id)
    if is_new:
        journal.record("reporting.start", report, by=by, over=unit_id)
    return report


@transaction.atomic
def save_draft(report_id: int, content: Content, *, revision: int, by: Actor) -> Report:
    """Keep what is written so far; nothing is checked but its shape. `revision` is the one the writer began from.

    Autosave calls it every few seconds, so it is not journalled: handing in is. Raises NotAuthorised, Unreadable,
    ReportingRefused for what is made on the synthesis bench, and StaleDraft when somebody saved in between.
    """
    report = queries.report_for_update(report_id)
    _require_own(by, Permission.REPORTING_WRITE, report)
    _require_typed(report)
    tidy = _typed(content, report)
    if report.draft_revision != revision:
        raise StaleDraft(report.draft_content, report.draft_revision, report.draft_by)
    report.draft = tidy.as_json()
    report.draft_revision += 1
    report.draft_at, report.draft_by = by.at, by.person_name
    report.save(update_fields=["draft", "draft_revision", "draft_at", "draft_by"])
    return report


def findings_of(report: Report) -> list[Finding]:
    """What the checks say of a report's draft now."""
    form = report.round.form
    history = queries.history_of(report.round, report.unit_id)
    return check(report.draft_content, form.layout, queries.rules_of(form), history)


@transaction.atomic
def submit_report(report_id: int, *, revision: int, by: Actor, reason: str = "") -> Version:
    """Hand the draft to the superior: it is frozen as a version, with its digest and the server's receipt.

    Lateness is judged by the instant of this act. A version after the books were closed is a correction: it needs a
    reason and is booked in the next open round of the form.

    Raises NotAuthorised, StaleDraft, NotReady (with the findings), WrongMove, ReportingRefused.
    """
    report = queries.report_for_update(report_id)
    _require_own(by, Permission.REPORTING_SUBMIT, report)
    _require_typed(report)
    if report.draft_revision != revision:
        raise StaleDraft(report.draft_content, report.draft_revision, report.draft_by)
    state = states.after(State(report.state), Move.SUBMIT)
    standing_in_the_way = blocking(findings_of(report))
    if standing_in_the_way:
        raise NotReady(standing_in_the_way)
    content = _frozen(report.draft_content, report)
    return _freeze(report, content, state, by=by, reason=reason)


@dataclass(frozen=True)
class HandedIn:
    """What handing in led to; `is_new` is false when exactly this had been handed in before."""

    version: Version
    is_new: bool


@transaction.atomic
def hand_in(round_id: int, content: Content, *, by: Actor, revision: int | None = None, reason: str = "") -> HandedIn:
    """Write the actor's own unit's report in a round and hand it in: all of it, or nothing.

    Handing in the same content again answers with the version that is there. A draft that somebody wrote and has not
    handed in is only replaced by a writer who names its `revision`.

    Raises NotAuthorised, Unreadable, StaleDraft, NotReady, WrongMove, ReportingRefused.
    """
    report = queries.report_for_update(start_report(round_id, by=by).pk)
    _require_own(by, Permission.REPORTING_SUBMIT, report)
    _require_typed(report)
    wished = _typed(content, report)
    if report.current_version is not None and _says(wished, report, report.current_version.content):
        return HandedIn(report.current_version, is_new=False)
    if revision is None and _is_unsent(report.draft_content, report) and report.draft_content != wished:
        raise StaleDraft(report.draft_content, report.draft_revision, report.draft_by)
    known = report.draft_revision if revision is None else revision
    saved = save_draft(report.pk, wished, revision=known, by=by)
    version = submit_report(saved.pk, revision=saved.draft_revision, by=by, reason=reason)
    return HandedIn(version, is_new=True)


def _require_typed(report: Report) -> None:
    """What a synthesis handed in is changed on its bench, where its figures and sentences keep their sources."""
    if report.draft_content.synthesis is not None:
        raise ReportingRefused("made_on_the_bench")


def _typed(content: Content, report: Report) -> Content:
    """Content of the form's shape, in which nobody typed what is computed or names a source. Raises Unreadable."""
    if content.figures or content.synthesis is not None or any(one.sources for one in content.statements):
        raise Unreadable("only a synthesis has figures and sentences with sources")
    tidied = checked_content(content, report.round.form.layout)
    rules = queries.rules_of(report.round.form)
    computed = sorted(code for code in tidied.cells if rules[code].is_computed)
    if computed:
        raise Unreadable(f"{computed[0]!r} follows from its parts and is never typed")
    return tidied


def _is_unsent(draft: Content, report: Report) -> bool:
    """Whether a draft says what was never handed in."""
    if report.current_version is None:
        return draft != Content()
    return not _says(draft, report, report.current_version.content)


def _says(draft: Content, report: Report, frozen: Content) -> bool:
    """Whether a draft, read as numbers, says exactly what a version froze."""
    reading = read_cells(draft, queries.rules_of(report.round.form))
    return not reading.findings and _frozen(draft, report) == frozen


@transaction.atomic
def submit_synthesis(round_id: int, content: Content, *, by: Actor, reason: str = "") -> Version:
    """Hand in a finished synthesis as the actor's own unit's report: its figures are references and never counted
    again.

    Raises NotAuthorised, WrongMove, ReportingRefused.
    """
    report = start_report(round_id, by=by)
    report = queries.report_for_update(report.pk)
    _require_own(by, Permission.REPORTING_SUBMIT, report)
    state = states.after(State(report.state), Move.SUBMIT)
    if report.current_version is not None:
        # What the unit typed of its own stays its own: only what it brought together goes by reference.
        content = replace(content, cells=report.current_version.content.cells)
    report.draft = content.as_json()
    report.draft_revision += 1
    report.draft_at, report.draft_by = by.at, by.person_name
    return _freeze(report, content, state, by=by, reason=reason)


def _frozen(draft: Content, report: Report) -> Content:
    """A draft with its typed cells as plain exact decimals."""
    reading = read_cells(draft, queries.rules_of(report.round.form))
    cells = {code: plain(value) for code, value in reading.values.items()}
    return Content(cells, draft.statements, draft.words)


def _freeze(report: Report, content: Content, state: State, *, by: Actor, reason: str) -> Version:
    round_, reason = report.round, reason.strip()
    frozen = content.as_json()
    digest = content_digest(frozen, form=str(round_.form), unit=report.unit.code, period=round_.period_code)
    if report.current_version is not None and report.current_version.digest == digest:
        raise ReportingRefused("nothing_changed")
    late = _days_late(report, by.at)
    version = Version.objects.create(
        report=report,
        number=1 + (report.current_version.number if report.current_version else 0),
        content_data=frozen,
        digest=digest,
        received_at=by.at,
        days_late=late,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
        reason=reason,
        booked_in=_booking(round_, reason) if round_.is_closed else None,
    )
    report.current_version = version
    report.state = state
    if report.first_received_at is None:
        report.first_received_at, report.first_days_late = by.at, late
    report.save()
    act = "reporting.correct" if round_.is_closed else "reporting.submit"
    details = {"version": version.number, "digest": digest, "days_late": late, "period": round_.period_code}
    journal.record(act, report, by=by, over=report.unit_id, reason=reason, details=details)
    search.put_many([report_put(report, frozen)])
    return version


def _booking(round_: Round, reason: str) -> Round:
    if not reason:
        raise ReportingRefused("correction_needs_reason")
    booking = queries.next_open_round_for_update(round_.form.code, round_)
    if booking is None:
        raise ReportingRefused("no_open_round_for_correction")
    return booking


def _days_late(report: Report, received_at: datetime) -> int:
    due = queries.on_duty(report.round).get(report.unit_id)
    return states.days_late(received_at, due) if due else 0


# --- reviewing ------------------------------------------------------------------------------------


@transaction.atomic
def accept_report(report_id: int, *, version_id: int, by: Actor) -> Decision:
    """Accept the version the actor looked at: it counts from now on. Raises NotAuthorised, WrongMove,
    ReportingRefused.
    """
    report = _under_review(report_id, version_id, by=by)
    state = states.after(State(report.state), Move.ACCEPT)
    decision = _decide(report, accepted=True, by=by)
    report.state, report.accepted_version_id = state, version_id
    report.save(update_fields=["state", "accepted_version"])
    journal.record("reporting.accept", report, by=by, over=report.unit_id, details=_named(report))
    return decision


@transaction.atomic
def return_report(
    report_id: int, *, version_id: int, by: Actor, reason: str = "", remarks: Collection[Remark] = ()
) -> Decision:
    """Send a version back with what is wrong, at its cells and statements. An accepted one stops counting.

    Raises NotAuthorised, WrongMove, ReportingRefused when nothing says what is wrong or the books are closed.
    """
    report = _under_review(report_id, version_id, by=by)
    state = states.after(State(report.state), Move.RETURN)
    kept = [remark for remark in remarks if remark.text.strip()]
    if not reason.strip() and not kept:
        raise ReportingRefused("return_needs_remark")
    if report.round.is_closed and report.accepted_version_id == version_id:
        raise ReportingRefused("closed_is_corrected_by_its_unit")
    decision = _decide(report, accepted=False, by=by, reason=reason.strip(), remarks=kept)
    report.state = state
    if report.accepted_version_id == version_id:
        report.accepted_version = None
    report.save(update_fields=["state", "accepted_version"])
    details = {**_named(report), "remarks": len(kept)}
    journal.record("reporting.return", report, by=by, over=report.unit_id, reason=reason, details=details)
    return decision


@transaction.atomic
def remind(round_id: int, unit_ids: Collection[int], *, by: Actor, text: str = "") -> int:
    """Remind units of a report that is missing or returned; returns how many were reminded.

    Raises NotAuthorised when one of them is not under the actor.
    """
    round_ = queries.round_(round_id)
    for unit_id in unit_ids:
        _require_superior(by, unit_id, round_.form)
    places = queries.places([round_], unit_ids, at=by.at)
    wanting = [unit_id for unit_id in dict.fromkeys(unit_ids) if places[unit_id, round_.pk].is_wanting]
    for unit_id in wanting:
        reminder = Reminder.objects.create(
            round=round_,
            unit_id=unit_id,
            at=by.at,
            person_name=by.person_name,
            post_title=by.post_title,
            text=text[:500],
        )
        journal.record("reporting.remind", reminder, by=by, over=unit_id, details={"period": round_.period_code})
    return len(wanting)


def _under_review(report_id: int, version_id: int, *, by: Actor) -> Report:
    report = queries.report_for_update(report_id)
    _require_superior(by, report.unit_id, report.round.form)
    if report.current_version_id != version_id:
        raise ReportingRefused("newer_version_came")
    return report


def _decide(
    report: Report, *, accepted: bool, by: Actor, reason: str = "", remarks: Collection[Remark] = ()
) -> Decision:
    if report.current_version_id is None:
        raise ReportingRefused("nothing_handed_in")
    # An act that waited for another's lock was begun before it: decisions on one report keep the order they took.
    return Decision.objects.create(
        version_id=report.current_version_id,
        accepted=accepted,
        at=max(by.at, queries.last_decided_at(report.pk) or by.at),
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
        reason=reason,
        remarks=[remark.as_json() for remark in remarks],
    )


def _named(report: Report) -> Mapping[str, object]:
    number = report.current_version.number if report.current_version else 0
    return {"period": report.round.period_code, "version": number}


# --- authority ------------------------------------------------------------------------------------


def _require_over_top(by: Actor, permission: Permission, form: Form) -> None:
    """Periods are opened and closed for everybody, so by the unit at the top of the form's line."""
    top = queries.top_unit(form, by.today)
    if top is None:
        raise ReportingRefused("no_organisation")
    organisation.require(by, permission, over=top)


def _own_unit(by: Actor, permission: Permission) -> int:
    if by.unit_id is None:
        raise NotAuthorised(permission, hidden=False)
    organisation.require(by, permission, over=by.unit_id)
    return by.unit_id


def _require_own(by: Actor, permission: Permission, report: Report) -> None:
    """Only a unit's own people write its report: a superior returns it, and never corrects it."""
    organisation.require(by, permission, over=report.unit_id)
    if by.unit_id != report.unit_id and not by.is_system:
        raise NotAuthorised(permission, hidden=False)


def _require_superior(by: Actor, unit_id: int, form: Form) -> None:
    """Raise NotAuthorised unless accepting and returning this unit's reports of the form is for the actor."""
    organisation.require(by, Permission.REPORTING_REVIEW, over=unit_id)
    if not queries.reviews(by, unit_id, form):
        raise NotAuthorised(Permission.REPORTING_REVIEW, hidden=False)
