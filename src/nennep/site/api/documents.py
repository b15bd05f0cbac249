"""Papers, whom they went to, and the clauses of directives with what became of them; acknowledge what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ninja import Router

from nennep.documents.models import Clause, Document, DocumentVersion
from nennep.documents.queries import clauses as clause_queries
from nennep.documents.queries import dispatches, drafts
from nennep.documents.queries import documents as queries
from nennep.documents.queries.dispatches import Addressee
from nennep.documents.queries.documents import Wanted
from nennep.documents.queries.sight import is_own
from nennep.documents.rules.states import Direction, State
from nennep.documents.rules.text import Block, Text, labels, shown
from nennep.documents.services import dispatch as services
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.models import Task
from nennep.planning.queries import coverage
from nennep.planning.queries.coverage import ClauseLine, UnitAnswer
from nennep.planning.rules.coverage import Counts
from nennep.reporting.rules.numbers import plain
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS, Problem
from nennep.site.api.reports import brief
from nennep.site.api.shapes import (
    BindingOut,
    BlockOut,
    ClauseDetailOut,
    ClauseOut,
    Code,
    CountsOut,
    DispatchOut,
    DocumentDetail,
    DocumentOut,
    DocumentVersionDetail,
    DocumentVersionOut,
    Id,
    Limit,
    Offset,
    Page,
    SpreadOut,
    TaskBrief,
    UnitAnswerOut,
)

router = Router(tags=["documents"])


# --- papers ---------------------------------------------------------------------------------------


@router.get("/documents", url_name="documents", operation_id="documents", response={200: Page[DocumentOut], **PROBLEMS})
def documents(
    request: ApiRequest,
    unit: Id | None = None,
    direction: Direction | None = None,
    state: State | None = None,
    type: Code = "",  # noqa: A002 -- the word the address uses
    group: Code = "",
    year: int | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[DocumentOut]:
    """The papers that the caller sees, what is being written first, then the newest.

    `direction` out: issued by units in reach, or by `unit`; in: sent to them.
    """
    by = request.auth.by
    if unit is not None and unit not in organisation.reach(by, Permission.DOCUMENTS_VIEW):
        raise Unit.DoesNotExist
    wanted = Wanted(
        states=() if state is None else (state,),
        type_code=type,
        group=group,
        year=year,
        direction=direction,
        unit_id=unit,
    )
    found = queries.documents(by, wanted)
    rows = list(found[offset : offset + limit])
    names = organisation.units_known_by(by.today, ids={row.unit_id for row in rows})
    return Page[DocumentOut](total=found.count(), items=[DocumentOut(**_document(row, names)) for row in rows])


@router.get(
    "/documents/{int:document_id}",
    url_name="document",
    operation_id="document",
    response={200: DocumentDetail, **PROBLEMS},
)
def document(request: ApiRequest, document_id: int) -> DocumentDetail:
    """One paper with the versions that the caller may see. What is being written stays on the page."""
    by = request.auth.by
    found = queries.document(document_id, by=by)
    names = organisation.units_known_by(by.today, ids=[found.unit_id])
    return DocumentDetail(
        **_document(found, names),
        answers=found.answers_id,
        replaces=found.replaces_id,
        signer=" ".join(part for part in (found.signer_rank, found.signer_name) if part),
        signer_post=found.signer_post,
        versions=[DocumentVersionOut(**_version(one)) for one in drafts.versions(document_id, by=by)],
        own=_own_dispatch(document_id, by),
    )


@router.get(
    "/documents/{int:document_id}/versions/{int:number}",
    url_name="document-version",
    operation_id="document-version",
    response={200: DocumentVersionDetail, **PROBLEMS},
)
def document_version(request: ApiRequest, document_id: int, number: int) -> DocumentVersionDetail:
    """One version by its number, block by block."""
    found = drafts.version(document_id, number, by=request.auth.by)
    text = Text.from_json(found.content_data)
    cited = labels(text)
    return DocumentVersionDetail(
        **_version(found),
        document=found.document_id,
        blocks=[_block(block, cited[block.id]) for block in text.blocks],
    )


@router.get(
    "/documents/{int:document_id}/spread",
    url_name="spread",
    operation_id="spread",
    response={200: SpreadOut, **PROBLEMS},
)
def spread(request: ApiRequest, document_id: int) -> SpreadOut:
    """Whom a paper went to and who has acknowledged it: everybody for its own unit and those above, else those in
    reach.
    """
    by = request.auth.by
    found = queries.document(document_id, by=by)
    reach = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    told = dispatches.spread(document_id, by.today)
    sees_all = is_own(by, found.unit_id) or found.unit_id in reach
    rows = [one for one in told.addressees if sees_all or one.unit_id in reach]
    return SpreadOut(
        sent=sum(one.sent_at is not None for one in rows),
        received=sum(one.received_at is not None for one in rows),
        acknowledged=sum(one.acknowledged_at is not None for one in rows),
        addressees=[_addressee(one) for one in rows],
    )


@router.put(
    "/dispatches/{int:dispatch_id}/acknowledgement",
    url_name="acknowledge",
    operation_id="acknowledge",
    response={200: DispatchOut, 409: Problem, **PROBLEMS},
)
def acknowledge(request: ApiRequest, dispatch_id: int) -> DispatchOut:
    """Say that the caller's unit has read what was sent to it and goes by it; what was not registered yet is.

    A second call changes nothing.
    """
    by = request.auth.by
    done = services.acknowledge(dispatch_id, by=by)
    rows = dispatches.spread(done.document_id, by.today).addressees
    return _addressee(next(one for one in rows if one.dispatch_id == dispatch_id))


# --- clauses --------------------------------------------------------------------------------------


@router.get(
    "/documents/{int:document_id}/clauses",
    url_name="clauses",
    operation_id="clauses",
    response={200: list[ClauseOut], **PROBLEMS},
)
def clauses(request: ApiRequest, document_id: int) -> list[ClauseOut]:
    """The demands of a directive in their order, and how the units in reach carry them out."""
    by = request.auth.by
    found = queries.document(document_id, by=by)
    reach = organisation.reach(by, Permission.PLANNING_VIEW)
    told = coverage.coverage(found.pk, reach, by.today, drafts_of=_own_units(by))
    return [ClauseOut(**_clause(line)) for line in told.clauses]


@router.get(
    "/clauses/{int:clause_id}", url_name="clause", operation_id="clause", response={200: ClauseDetailOut, **PROBLEMS}
)
def clause(request: ApiRequest, clause_id: int) -> ClauseDetailOut:
    """One demand with every unit in reach that it binds: late first, then those that said nothing; and its tasks."""
    by = request.auth.by
    found = clause_queries.clause(clause_id, by=by)
    reach = organisation.reach(by, Permission.PLANNING_VIEW)
    detail = coverage.clause_detail(found.pk, reach, by.today, drafts_of=_own_units(by))
    names = organisation.units_known_by(by.today, ids=[one.unit_id for one in detail.units])
    tasks = coverage.tasks_of(found.pk, reach, drafts_of=_own_units(by))
    return ClauseDetailOut(
        **_clause(detail.line),
        units=[_unit_answer(one, names) for one in detail.units],
        carried_out_by=[task_brief(task) for task in tasks],
    )


def _own_units(by: Actor) -> tuple[int, ...]:
    return () if by.unit_id is None else (by.unit_id,)


# --- how they are shown ---------------------------------------------------------------------------


def figure(value: Decimal | None) -> str | None:
    """A figure as plain decimal text."""
    return None if value is None else plain(value)


def task_brief(task: Task) -> TaskBrief:
    """Which task."""
    return TaskBrief(
        id=task.pk, plan=task.plan_id, title=task.title, lead=task.lead_unit_id, due_on=task.due_on, state=task.state
    )


def _document(document: Document, names: Mapping[int, NamedUnit]) -> dict[str, Any]:
    return {
        "id": document.pk,
        "unit": brief(names[document.unit_id]),
        "type": document.type.code,
        "type_name": document.type.name,
        "group": document.type.group,
        "subject": document.subject,
        "state": document.state,
        "urgency": document.urgency,
        "number": document.numbered,
        "issued_on": document.issued_on,
        "starts_on": document.starts_on,
        "ends_on": document.ends_on,
    }


def _version(version: DocumentVersion) -> dict[str, Any]:
    return {
        "id": version.pk,
        "number": version.number,
        "subject": version.subject,
        "digest": version.digest,
        "at": version.at,
        "person": version.person_name,
        "post": version.post_title,
        "note": version.note,
    }


def _block(block: Block, label: str) -> BlockOut:
    binding = block.binding
    return BlockOut(
        id=block.id,
        kind=str(block.kind),
        number=block.number,
        label=label,
        text=shown(block.text),
        rows=[[shown(cell) for cell in row] for row in block.rows],
        binding=None
        if binding is None
        else BindingOut(
            due_on=binding.due_on,
            indicator=binding.indicator,
            figure=figure(binding.figure),
            addressees=list(binding.addressees),
        ),
    )


def _own_dispatch(document_id: int, by: Actor) -> DispatchOut | None:
    own = dispatches.dispatch_of(document_id, by)
    if own is None:
        return None
    rows = dispatches.spread(document_id, by.today).addressees
    return _addressee(next(one for one in rows if one.dispatch_id == own.pk))


def _addressee(one: Addressee) -> DispatchOut:
    return DispatchOut(
        id=one.dispatch_id,
        unit=one.unit_id,
        name=one.unit,
        to_act=one.to_act,
        sent_at=one.sent_at,
        received_at=one.received_at,
        acknowledged_at=one.acknowledged_at,
        voided_at=one.voided_at,
    )


def _clause(line: ClauseLine) -> dict[str, Any]:
    clause: Clause = line.clause
    return {
        "id": clause.pk,
        "document": clause.document_id,
        "label": clause.label,
        "text": clause.text,
        "due_on": clause.due_on,
        "indicator": clause.indicator,
        "figure": figure(clause.figure),
        "for_all": clause.for_all,
        "withdrawn_on": clause.withdrawn_on,
        "withdrawn_reason": clause.withdrawn_reason,
        "tasks": line.tasks,
        "counts": _counts(line.counts),
    }


def _counts(counts: Counts) -> CountsOut:
    return CountsOut(
        addressed=counts.addressed,
        done=counts.done,
        under_way=counts.under_way,
        explained=counts.explained,
        silent=counts.silent,
        late=counts.late,
    )


def _unit_answer(one: UnitAnswer, names: Mapping[int, NamedUnit]) -> UnitAnswerOut:
    return UnitAnswerOut(
        unit=brief(names[one.unit_id]),
        standing=str(one.standing),
        late=one.is_late,
        tasks=one.work.tasks,
        reason=one.answer.reason if one.answer else "",
    )
