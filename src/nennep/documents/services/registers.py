"""The acts of registers: draw, keep, use, void a number, and enter one that was used on paper.

A register's row is locked while a number is drawn, so that numbers run without gaps and none is given twice, whoever
draws at the same moment. What its entries hold is always 1 to `last_number`.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from nennep.documents.models import Document, DocumentType, Register, RegisterEntry, Series
from nennep.documents.queries import registers as queries
from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import VOIDABLE, OnPaper, judge_paper_number, left_out
from nennep.documents.rules.states import Direction, NumberState
from nennep.documents.services.authority import own_unit, require_own
from nennep.documents.services.refusals import RegisterRefused
from nennep.documents.services.secrecy import refuse_secrets
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission

MOST_KEPT_AT_ONCE = 200


@transaction.atomic
def draw_number(unit_id: int, type_: DocumentType, day: date, *, document: Document, by: Actor) -> RegisterEntry:
    """The next number of a type on a day for a document, used from now on. Issuing calls it and writes the journal.

    Raises NotAuthorised; RegisterRefused (`no_term`, `day_to_come`).
    """
    require_own(by, Permission.DOCUMENTS_ISSUE, unit_id)
    register = _for_update(unit_id, Direction.OUT, type_.series, day, by=by, type_code=queries.register_code(type_))
    return _next(register, NumberState.USED, day, by=by, document=document, subject=document.subject)


@transaction.atomic
def draw_incoming_number(unit_id: int, day: date, *, by: Actor) -> RegisterEntry:
    """The next number of the register of what comes in. Whoever registers a paper calls it and then names the paper on
    it; until the transaction ends, nobody else registers anything at this unit.

    Raises NotAuthorised; RegisterRefused (`no_series`, `day_to_come`).
    """
    require_own(by, Permission.DOCUMENTS_RECEIVE, unit_id)
    register = _for_update(unit_id, Direction.IN, _incoming_series(), day, by=by)
    return _next(register, NumberState.USED, day, by=by)


@transaction.atomic
def reserve_numbers(type_id: int, day: date, count: int, reason: str, *, by: Actor) -> list[RegisterEntry]:
    """Keep the next numbers of a type for what is to come: they stand in the register, with the reason.

    Raises NotAuthorised; RegisterRefused (`needs_reason`, `count_out_of_bounds`, `no_term`, `day_to_come`).
    """
    unit_id = own_unit(by, Permission.DOCUMENTS_ISSUE)
    reason = _said(reason)
    if not 1 <= count <= MOST_KEPT_AT_ONCE:
        raise RegisterRefused("count_out_of_bounds", most=MOST_KEPT_AT_ONCE)
    type_ = queries.type_with_series(type_id)
    register = _for_update(unit_id, Direction.OUT, type_.series, day, by=by, type_code=queries.register_code(type_))
    kept = [_next(register, NumberState.RESERVED, day, by=by, reason=reason) for _ in range(count)]
    details = {"first": kept[0].number, "last": kept[-1].number}
    journal.record("documents.reserve-numbers", register, by=by, over=unit_id, reason=reason, details=details)
    return kept


@transaction.atomic
def use_reserved(entry_id: int, day: date, *, document: Document, by: Actor) -> RegisterEntry:
    """Give a document a number that was kept, or the one it already bears on paper. Issuing calls it.

    Raises NotAuthorised; RegisterRefused (`another_register`, `not_kept`, `day_outside`, `paper_bears_another_day`).
    """
    entry = queries.entry_for_update(entry_id)
    register = entry.register
    require_own(by, Permission.DOCUMENTS_ISSUE, register.unit_id)
    if not _is_of(register, document):
        raise RegisterRefused("another_register", number=entry.number)
    if entry.document_id is not None or entry.state not in {NumberState.RESERVED, NumberState.PAPER}:
        raise RegisterRefused("not_kept", number=entry.number, document=entry.document)
    if not register.span.covers(day):
        raise RegisterRefused("day_outside", day=day)
    if entry.state == NumberState.PAPER and entry.dated_on != day:
        raise RegisterRefused("paper_bears_another_day", day=entry.dated_on)
    if entry.state == NumberState.RESERVED:
        entry.state = NumberState.USED
    entry.document, entry.dated_on, entry.subject = document, day, document.subject
    entry.at, entry.person_name, entry.post_title = by.at, by.person_name, by.post_title
    entry.save()
    return entry


@transaction.atomic
def void_number(entry_id: int, reason: str, *, by: Actor) -> RegisterEntry:
    """Say that a number will never stand on a document. It stays in the register, struck out, with the reason.

    Raises NotAuthorised; RegisterRefused (`needs_reason`, `cannot_be_voided` with the document that has it).
    """
    entry = queries.entry_for_update(entry_id)
    require_own(by, Permission.DOCUMENTS_ISSUE, entry.register.unit_id)
    reason = _said(reason)
    if NumberState(entry.state) not in VOIDABLE or entry.document_id is not None:
        raise RegisterRefused("cannot_be_voided", number=entry.number, document=entry.document)
    was = entry.state
    entry.state, entry.reason = NumberState.VOIDED, reason
    entry.at, entry.person_name, entry.post_title = by.at, by.person_name, by.post_title
    entry.save()
    details = {"number": entry.number, "was": str(was)}
    unit_id = entry.register.unit_id
    journal.record("documents.void-number", entry, by=by, over=unit_id, reason=reason, details=details)
    return entry


@transaction.atomic
def enter_paper_number(
    type_id: int, number: int, dated_on: date, reason: str, *, by: Actor, subject: str = ""
) -> RegisterEntry:
    """Enter a number that was already used on paper: the very next one, or one that was kept.

    Raises NotAuthorised; RegisterRefused: `number_taken` with the `entry` (and document) that has it, `number_voided`,
    `numbers_left_out` with `first` and `last` (reserve those first, with a reason), `number_begins_at_one`,
    `needs_reason`, `no_term`, `day_to_come`; DocumentsRefused (`secret`).
    """
    unit_id = own_unit(by, Permission.DOCUMENTS_ISSUE)
    reason = _said(reason)
    refuse_secrets(subject, reason)
    if number < 1:
        raise RegisterRefused("number_begins_at_one", number=number)
    type_ = queries.type_with_series(type_id)
    register = _for_update(
        unit_id, Direction.OUT, type_.series, dated_on, by=by, type_code=queries.register_code(type_)
    )
    there = queries.entry_of(register, number)
    state = NumberState(there.state) if there else None
    judged = judge_paper_number(number, last_number=register.last_number, state=state)
    if judged is OnPaper.TAKEN:
        raise RegisterRefused("number_taken", number=number, entry=there, document=there and there.document)
    if judged is OnPaper.VOIDED:
        raise RegisterRefused("number_voided", number=number, entry=there)
    if judged is OnPaper.AHEAD:
        first, last = left_out(number, last_number=register.last_number)
        raise RegisterRefused("numbers_left_out", number=number, first=first, last=last)
    if there is None:
        there = _next(register, NumberState.PAPER, dated_on, by=by, subject=subject, reason=reason)
    else:
        there.state, there.dated_on, there.subject, there.reason = NumberState.PAPER, dated_on, subject[:500], reason
        there.at, there.person_name, there.post_title = by.at, by.person_name, by.post_title
        there.save()
    journal.record("documents.paper-number", there, by=by, over=unit_id, reason=reason, details={"number": number})
    return there


def _said(reason: str) -> str:
    reason = reason.strip()[:500]
    if not reason:
        raise RegisterRefused("needs_reason")
    return reason


def _is_of(register: Register, document: Document) -> bool:
    own = (document.unit_id, Direction.OUT, document.type.series_id, queries.register_code(document.type))
    return own == (register.unit_id, Direction(register.direction), register.series_id, register.type_code)


def _for_update(
    unit_id: int, direction: Direction, series: Series, day: date, *, by: Actor, type_code: str = ""
) -> Register:
    """The register of a day, made when it is the first of its year or term, and locked until the transaction ends."""
    if day > by.today:
        raise RegisterRefused("day_to_come", day=day)
    span = queries.span_of(series, day)
    if span is None:
        raise RegisterRefused("no_term", day=day)
    made, _ = Register.objects.get_or_create(
        unit_id=unit_id,
        direction=direction,
        series=series,
        type_code=type_code,
        starts_on=span.starts_on,
        defaults={"ends_on": span.ends_on},
    )
    register = Register.objects.select_for_update().get(pk=made.pk)
    if register.ends_on != span.ends_on:  # the term's end has become known since
        register.ends_on = span.ends_on
        register.save(update_fields=["ends_on"])
    return register


def _next(
    register: Register,
    state: NumberState,
    day: date,
    *,
    by: Actor,
    document: Document | None = None,
    subject: str = "",
    reason: str = "",
) -> RegisterEntry:
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return RegisterEntry.objects.create(
        register=register,
        number=register.last_number,
        state=state,
        document=document,
        dated_on=day,
        subject=subject[:500],
        reason=reason,
        at=by.at,
        person_name=by.person_name,
        post_title=by.post_title,
    )


def _incoming_series() -> Series:
    """The series of the state family that no type of document draws from; where there is none, theirs: a register has
    its direction, so what comes in is never mixed with what goes out.
    """
    found = queries.incoming_series(Family.STATE)
    if found is None:
        raise RegisterRefused("no_series")
    return found
