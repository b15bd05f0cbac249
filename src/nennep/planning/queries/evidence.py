"""Evidence that exists and that an actor may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from nennep.documents.models import Document
from nennep.documents.queries.sight import seen
from nennep.documents.rules.states import ISSUED_STATES
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Task
from nennep.planning.queries.plans import visible
from nennep.planning.queries.standing import LIVE, was_before
from nennep.planning.rules.evidence import MOST, Evidence, EvidenceKind, Pointer
from nennep.reporting.models import Version

_LONGEST_LABEL = 200


def found(asked: Sequence[Pointer], by: Actor) -> dict[Pointer, Evidence]:
    """Those of these pointers that lead to something the actor may see, each with its name. A few queries at most."""
    labels = {
        EvidenceKind.VERSION: _versions,
        EvidenceKind.STATEMENT: _statements,
        EvidenceKind.DOCUMENT: _documents,
        EvidenceKind.TASK: _tasks,
    }
    answers: dict[Pointer, Evidence] = {}
    for kind, look_up in labels.items():
        pointers = [pointer for pointer in asked if pointer.kind is kind]
        named = look_up(pointers, by) if pointers else {}
        answers |= {
            pointer: Evidence(kind, pointer.key, named[pointer][:_LONGEST_LABEL])
            for pointer in pointers
            if pointer in named
        }
    return answers


def offered(task: Task, by: Actor) -> list[Evidence]:
    """What could be named for a task: its lead's reports of the plan's months, its papers of those days, and what
    details it. The newest first of each, and of each no more than a task may name. Three queries.
    """
    first, end = task.plan.starts_on, task.plan.ends_on
    reports = _versions_seen(by).filter(
        report__unit=task.lead_unit_id, report__round__ends_on__gt=first, report__round__starts_on__lt=end
    )
    versions = reports.order_by("-report__round__starts_on", "-number")[:MOST]
    papers = Document.objects.filter(
        seen(by),
        unit=task.lead_unit_id,
        state__in=ISSUED_STATES,
        issued_on__gte=task.starts_on,
        issued_on__lte=by.today,
    ).order_by("-issued_on", "-pk")[:MOST]
    earlier = [task.pk, *was_before([task.pk])]
    below = Task.objects.filter(details__in=earlier, state__in=LIVE, plan__in=visible(by).values("pk")).order_by("-pk")
    return [
        *(Evidence(EvidenceKind.VERSION, str(row.pk), _version_label(row)) for row in versions),
        *(Evidence(EvidenceKind.DOCUMENT, str(row.pk), _document_label(row)) for row in papers),
        *(Evidence(EvidenceKind.TASK, str(row.pk), row.title[:_LONGEST_LABEL]) for row in below[:MOST]),
    ]


def _versions_seen(by: Actor) -> QuerySet[Version]:
    reach = organisation.reach(by, Permission.REPORTING_VIEW)
    return Version.objects.filter(report__unit__in=reach).select_related("report__round__form", "report__unit")


def _versions(pointers: Sequence[Pointer], by: Actor) -> dict[Pointer, str]:
    rows = _versions_seen(by).defer("content_data").in_bulk([pointer.id for pointer in pointers])
    return {pointer: _version_label(rows[pointer.id]) for pointer in pointers if pointer.id in rows}


def _statements(pointers: Sequence[Pointer], by: Actor) -> dict[Pointer, str]:
    rows = _versions_seen(by).in_bulk([pointer.id for pointer in pointers])
    texts = {
        (version.pk, statement.id): statement.text
        for version in rows.values()
        for statement in version.content.statements
    }
    return {
        pointer: texts[pointer.id, pointer.statement]
        for pointer in pointers
        if (pointer.id, pointer.statement) in texts
    }


def _documents(pointers: Sequence[Pointer], by: Actor) -> dict[Pointer, str]:
    rows = Document.objects.filter(seen(by), state__in=ISSUED_STATES).in_bulk([pointer.id for pointer in pointers])
    return {pointer: _document_label(rows[pointer.id]) for pointer in pointers if pointer.id in rows}


def _tasks(pointers: Sequence[Pointer], by: Actor) -> dict[Pointer, str]:
    rows = Task.objects.filter(plan__in=visible(by).values("pk")).in_bulk([pointer.id for pointer in pointers])
    return {pointer: rows[pointer.id].title for pointer in pointers if pointer.id in rows}


def _version_label(version: Version) -> str:
    round_ = version.report.round
    return f"{round_.form.name} {round_.period_code}, {version.report.unit.code} ({version.number})"


def _document_label(document: Document) -> str:
    return f"{document.number}/{document.symbol} {document.subject}"[:_LONGEST_LABEL]
