"""The acts of a form's workbook: it is signed when it leaves, known again when it comes back, and written into the
draft once a person has confirmed what it says.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from loom.files import CONVERSIONS, Noted, Unreadable, Why
from loom.files.cells import Cells
from loom.sandbox import cells_safely
from nennep.intake import originals, queries
from nennep.intake.models import Delivery, FilledWorkbook, Origin, Point, Proposal, Upload
from nennep.intake.rules.filled import (
    FilledIn,
    Here,
    Judged,
    Judgement,
    NotTaken,
    judge,
    read_filled,
    require_fitting,
    taken,
)
from nennep.intake.rules.states import Certainty, Decided, State
from nennep.intake.rules.workbook import Identity, form_digest
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Indicator, Report

#: What the kind of an upload says of a form's workbook, among the kinds of other files.
KIND = "form"
#: Before the reason of a NotTaken, where it is kept as that of a refused file.
OF_A_WORKBOOK = "workbook."
_SALT = "nennep.intake.workbook"
_LONGEST_QUOTE = 240
_LONGEST_NAME = 255


# --- the signature --------------------------------------------------------------------------------


def sign(passport: str) -> str:
    """The signature of a workbook's passport, in hexadecimal signs. Only who holds the installation's key can make
    it.
    """
    return salted_hmac(_SALT, passport, algorithm="sha256").hexdigest()


def holds(passport: str, signature: str) -> bool:
    """Whether a passport bears the signature that this installation gave it."""
    return constant_time_compare(sign(passport), signature)


def here(report: Report) -> Here:
    """A report as a workbook that is dropped on it must fit."""
    form, closed_at = report.round.form, report.round.closed_at
    return Here(
        unit=report.unit.code,
        form=form.code,
        form_version=form.version,
        form_digest=form_digest(form.layout, reporting.rules_of(form)),
        period=report.round.period_code,
        version=report.current_version.number if report.current_version else 0,
        closed_at=closed_at.isoformat() if closed_at else "",
    )


def identity_of(report: Report, *, at: datetime) -> Identity:
    """Whose report a workbook made now holds, and on which state of it."""
    now = here(report)
    return Identity(
        now.unit,
        now.form,
        now.form_version,
        now.form_digest,
        now.period,
        now.version,
        report.draft_revision,
        at.isoformat(),
    )


# --- coming back ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A workbook that came back and waits to be confirmed, and how it stands to the draft of this moment.

    `began_from` is the revision of the draft that it was made from.
    """

    upload: Upload
    judgement: Judgement
    began_from: int


@transaction.atomic
def take_in(report_id: int, *, name: str, content: bytes, cells: Cells, by: Actor) -> Upload:
    """Keep a filled-in workbook until somebody confirms what it says; the draft stays as it is.

    `cells` is what was read of `content`. One that still waited for the same report is put aside. Raises
    NotAuthorised, NotTaken, ReportingRefused for a report that is made on the synthesis bench.
    """
    report = _own(report_id, by)
    filled = _fitting(report, cells)
    delivery = Delivery.objects.create(
        key=secrets.token_hex(20),
        unit_id=report.unit_id,
        expected=1,
        received_at=by.at,
        finished_at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    upload = Upload(delivery=delivery, unit_id=report.unit_id, name=_plain_name(name), received_at=by.at)
    return _keep(upload, report, filled, content, by)


def receive(delivery: Delivery, order: int, *, name: str, content: bytes, by: Actor) -> Upload:
    """Take in a form's workbook that came among other files: the report is the one that the workbook names.

    One that cannot be taken is refused with its reason, as every file is.
    """
    upload = Upload(
        delivery=delivery,
        unit_id=delivery.unit_id,
        order=order,
        name=_plain_name(name),
        kind=KIND,
        size=len(content),
        received_at=by.at,
    )
    try:
        cells = cells_safely(name, content)
        return _received(upload, content, cells, by)
    except Unreadable as unopened:
        return _refuse(upload, str(unopened.why), unopened.facts, by)
    except NotTaken as refused:
        return _refuse(upload, f"{OF_A_WORKBOOK}{refused.why}", refused.facts, by)
    except reports.ReportingRefused:
        return _refuse(upload, f"{OF_A_WORKBOOK}made_on_the_bench", {}, by)


@transaction.atomic
def _received(upload: Upload, content: bytes, cells: Cells, by: Actor) -> Upload:
    named = read_filled(cells.by_name, holds).passport.identity
    unit_id = organisation.ids_by_code([named.unit]).get(named.unit)
    if unit_id != by.unit_id:
        raise NotTaken("other_unit", unit=named.unit)
    round_ = reporting.round_of(named.form, named.period)
    report = reporting.report_of(round_, upload.unit_id) if round_ else None
    if report is None:
        raise NotTaken("other_period", period=named.period)
    report = _own(report.pk, by)
    return _keep(upload, report, _fitting(report, cells), content, by)


@transaction.atomic
def _refuse(upload: Upload, why: str, facts: Mapping[str, object], by: Actor) -> Upload:
    upload.state, upload.why, upload.facts = State.REFUSED, why, dict(facts)
    if why == Why.SECRET:
        upload.name = ""
    upload.save()
    act = "intake.refuse" if why == Why.SECRET else "intake.receive"
    journal.record(act, upload, by=by, over=upload.unit_id, details={"state": upload.state, "why": why})
    return upload


def _fitting(report: Report, cells: Cells) -> FilledIn:
    """What a workbook says that fits this report as it stands. Raises NotTaken, ReportingRefused."""
    if report.draft_content.synthesis is not None:
        raise reports.ReportingRefused("made_on_the_bench")
    _require_plain(cells)
    filled = read_filled(cells.by_name, holds)
    require_fitting(filled.passport, here(report))
    return filled


def _keep(upload: Upload, report: Report, filled: FilledIn, content: bytes, by: Actor) -> Upload:
    """Keep the file and what it says; another one that still waited is put aside."""
    older = list(waiting_for(report))
    upload.round, upload.kind, upload.size, upload.state = report.round, KIND, len(content), State.READ
    upload.digest = originals.keep(content)
    upload.same_as = Upload.objects.filter(unit_id=report.unit_id, digest=upload.digest).order_by("pk").first()
    upload.save()
    FilledWorkbook.objects.create(upload=upload, data=filled.as_json())
    for one in older:  # only now: the same file dropped again must not be taken for one that nobody needs
        put_aside(one.pk, by=by)
    details = {"digest": upload.digest, "period": report.round.period_code}
    journal.record("intake.workbook", upload, by=by, over=report.unit_id, details=details)
    return upload


def _plain_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[-_LONGEST_NAME:]


@transaction.atomic
def refuse_secret(report_id: int, *, by: Actor) -> None:
    """Write down that a file with a mark of secrecy was refused at a report: nothing of it, not even its name."""
    report = _own(report_id, by)
    journal.record("intake.refuse", report, by=by, over=report.unit_id, details={"why": str(Why.SECRET)})


def _require_plain(cells: Cells) -> None:
    """A workbook of ours has no macros, and its words are written in Unicode."""
    if Noted.MACROS in cells.notes:
        raise NotTaken("macros")
    if not CONVERSIONS.isdisjoint(cells.notes):
        raise NotTaken("old_letters")


def waiting_for(report: Report) -> Iterable[Upload]:
    """The workbooks of a report that nobody has confirmed or put aside yet, newest first."""
    return Upload.objects.filter(
        unit_id=report.unit_id, round_id=report.round_id, kind=KIND, state=State.READ
    ).order_by("-pk")


def waiting(report: Report) -> Waiting | None:
    """The workbook that waits for a report's people, judged against the draft of now; None when none does."""
    upload = next(iter(waiting_for(report)), None)
    if upload is None:
        return None
    filled = FilledIn.from_json(upload.filled.data)
    return Waiting(upload, _judged(filled, report), filled.passport.identity.revision)


def _judged(filled: FilledIn, report: Report) -> Judgement:
    form = report.round.form
    return judge(filled, report.draft_content, form.layout, reporting.rules_of(form))


# --- taking it over -------------------------------------------------------------------------------


@transaction.atomic
def confirm(upload_id: int, picks: Mapping[str, str], *, revision: int, by: Actor) -> tuple[Report, int]:
    """Write what a person picked of a workbook into the draft; returns the report and how many places changed.

    `picks` are the places to take over, with the choice that was made where there are several. Each figure that was
    taken leads back to its cell in the kept file. Raises NotAuthorised; NotTaken when the report has moved past the
    workbook, nothing was picked, or it is settled already; StaleDraft when somebody saved since the page was opened.
    """
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    report = _own_of(upload, by)
    if upload.state != State.READ:
        raise NotTaken("settled_already")
    filled = FilledIn.from_json(upload.filled.data)
    require_fitting(filled.passport, here(report))
    content, done = taken(report.draft_content, _judged(filled, report), picks)
    if not done:
        raise NotTaken("nothing_picked")
    saved = reports.save_draft(report.pk, content, revision=revision, by=by)
    _remember(upload, report, done, by)
    upload.state, upload.settled_at, upload.settled_by = State.CONFIRMED, by.at, by.person_name
    upload.save(update_fields=["state", "settled_at", "settled_by"])
    details = {"places": len(done), "digest": upload.digest, "period": report.round.period_code}
    journal.record("intake.fill", upload, by=by, over=report.unit_id, details=details)
    return saved, len(done)


@transaction.atomic
def put_aside(upload_id: int, *, by: Actor) -> Upload:
    """Take nothing of a workbook that waits; only its name stays. Raises NotAuthorised, NotTaken when it is settled."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    report = _own_of(upload, by)
    if upload.state != State.READ:
        raise NotTaken("settled_already")
    upload.state, upload.settled_at, upload.settled_by = State.DROPPED, by.at, by.person_name
    upload.save(update_fields=["state", "settled_at", "settled_by"])
    FilledWorkbook.objects.filter(upload=upload).delete()
    if not queries.is_kept_elsewhere(upload):
        transaction.on_commit(lambda: originals.discard(upload.digest))
    journal.record("intake.drop", upload, by=by, over=report.unit_id)
    return upload


def _remember(upload: Upload, report: Report, done: Iterable[Judged], by: Actor) -> None:
    """The way back from each figure and each statement that was taken to its cell in the file."""
    said = [judged.after and (judged, judged.after) for judged in done]
    Point.objects.bulk_create(
        Point(
            upload=upload,
            order=order,
            place=judged.at[:60],
            kind=statement.kind,
            section=statement.section,
            decided=Decided.CONFIRMED,
            report=report,
            statement=judged.key,
            taken=statement.text,
            taken_at=by.at,
        )
        for order, (judged, statement) in enumerate(pair for pair in said if pair)
    )
    figures = [judged for judged in done if judged.place.startswith("cell:") and judged.now]
    indicators = {row.code: row for row in Indicator.objects.filter(code__in=[judged.key for judged in figures])}
    for order, judged in enumerate(figures):
        proposal = Proposal.objects.create(
            upload=upload,
            order=order,
            indicator=indicators[judged.key],
            value=judged.now,
            quote=judged.found[:_LONGEST_QUOTE],
            place=judged.at[:60],
            certainty=Certainty.DOUBTFUL if judged.choices else Certainty.SURE,
            confidence=100,
            decided=Decided.CONFIRMED,
            decided_indicator=indicators[judged.key],
            decided_value=judged.now,
            decided_at=by.at,
            decided_by=by.person_name,
        )
        Origin.objects.create(
            report=report,
            indicator=indicators[judged.key],
            proposal=proposal,
            value=judged.now,
            at=by.at,
            person_name=by.person_name,
            post_title=by.post_title,
        )


# --- authority ------------------------------------------------------------------------------------


def _own(report_id: int, by: Actor) -> Report:
    """The report, if the acting unit is the one that writes it."""
    report = reporting.report(report_id)
    organisation.require(by, Permission.REPORTING_WRITE, over=report.unit_id)
    if by.unit_id != report.unit_id:
        raise NotAuthorised(Permission.REPORTING_WRITE, hidden=False)
    return report


def _own_of(upload: Upload, by: Actor) -> Report:
    """The report that an upload of ours is for."""
    if upload.round is None:
        raise NotTaken("not_ours")
    report = reporting.report_of(upload.round, upload.unit_id)
    if report is None:
        raise NotTaken("not_ours")
    return _own(report.pk, by)
