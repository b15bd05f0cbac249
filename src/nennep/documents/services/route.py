"""The way of a document from draft to its end: each step is one act, in the order of `rules.states.ROUTE`.

A unit's own people make the steps; which post may make which is said there. What was agreed to is what is signed, and
what is signed is what is issued.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from nennep.documents.models import Clause, Document, DocumentType, DocumentVersion, RegisterEntry
from nennep.documents.queries import documents as queries
from nennep.documents.queries.registers import disorder_of, entry_for_update
from nennep.documents.queries.sight import is_own
from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import symbol_of
from nennep.documents.rules.states import ROUTE, Move, NumberState, State, WrongMove, after
from nennep.documents.rules.text import Text
from nennep.documents.services import dispatch
from nennep.documents.services.authority import require_own
from nennep.documents.services.clauses import freeze_clauses, withdraw_all
from nennep.documents.services.finding import find_clauses_of, find_document
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.registers import draw_number, use_reserved
from nennep.documents.services.versions import freeze, is_as_frozen, note_move
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission

# --- up to the signature --------------------------------------------------------------------------


@transaction.atomic
def submit(document_id: int, *, revision: int, by: Actor, note: str = "") -> DocumentVersion:
    """Hand a draft on to whoever agrees: it is frozen as a version. `revision` is the one the writer looked at.

    Raises NotAuthorised, WrongMove; DocumentsRefused: `draft_changed` (somebody saved since), `no_subject`,
    `nothing_written`, `type_not_in_force`, `unit_does_not_issue`, `units_gone`.
    """
    document, state, _reason = _begin(document_id, Move.SUBMIT, by=by)
    if document.draft_revision != revision:
        raise DocumentsRefused("draft_changed", saved_by=document.draft_by, revision=document.draft_revision)
    check_issuer(document.type, document.unit_id, by.today)
    if not document.subject.strip():
        raise DocumentsRefused("no_subject")
    if not Text.from_json(document.draft).blocks:
        raise DocumentsRefused("nothing_written")
    version = freeze(document, by=by, note=note)
    note_move(document, Move.SUBMIT, state, by=by, reason=note.strip())
    document.save(update_fields=["state", "current_version"])
    find_document(document)
    details = {"version": version.number, "digest": version.digest}
    journal.record("documents.submit", document, by=by, over=document.unit_id, details=details)
    return version


@transaction.atomic
def withdraw(document_id: int, *, by: Actor) -> Document:
    """Take back what was handed on and nobody has agreed to yet. Raises NotAuthorised, WrongMove."""
    document, state, _reason = _begin(document_id, Move.WITHDRAW, by=by)
    note_move(document, Move.WITHDRAW, state, by=by)
    document.save(update_fields=["state"])
    journal.record("documents.withdraw", document, by=by, over=document.unit_id)
    return document


@transaction.atomic
def return_(document_id: int, *, version_id: int, reason: str, by: Actor) -> Document:
    """Send a version back with what is wrong: it can be written in again.

    Raises NotAuthorised, WrongMove, DocumentsRefused (`needs_reason`, `newer_version_came`).
    """
    document, state, reason = _begin(document_id, Move.RETURN, by=by, reason=reason)
    version = _looked_at(document, version_id)
    note_move(document, Move.RETURN, state, by=by, reason=reason)
    document.save(update_fields=["state"])
    details = {"version": version.number}
    journal.record("documents.return", document, by=by, over=document.unit_id, reason=reason, details=details)
    return document


@transaction.atomic
def agree(document_id: int, *, version_id: int, by: Actor, note: str = "") -> Document:
    """Agree to the version the actor looked at: this and no other can be signed.

    Raises NotAuthorised, WrongMove, DocumentsRefused (`newer_version_came`).
    """
    document, state, note = _begin(document_id, Move.AGREE, by=by, reason=note)
    version = _looked_at(document, version_id)
    note_move(document, Move.AGREE, state, by=by, reason=note)
    document.save(update_fields=["state"])
    details = {"version": version.number, "digest": version.digest}
    journal.record("documents.agree", document, by=by, over=document.unit_id, reason=note, details=details)
    return document


@transaction.atomic
def choose_signer(document_id: int, appointment_id: int | None, *, by: Actor) -> Document:
    """Say who is to sign, of those who may for this type (`queries.documents.signers_for`); None: whoever may.

    Raises NotAuthorised, DocumentsRefused (`already_signed`, `may_not_sign_this`).
    """
    document = queries.document_for_update(document_id, by=by)
    require_own(by, Permission.DOCUMENTS_DRAFT, document.unit_id)
    if document.state not in _BEFORE_SIGNING:
        raise DocumentsRefused("already_signed")
    document.signer_id, document.capacity, document.in_place_of = None, "", ""
    if appointment_id is not None:
        possible = queries.signers_for(document.type, document.unit_id, by.today)
        signer = next((one for one in possible if one.appointment_id == appointment_id), None)
        if signer is None:
            raise DocumentsRefused("may_not_sign_this")
        document.signer_id, document.capacity = signer.appointment_id, signer.capacity.name
        document.in_place_of = signer.in_place_of
    document.save(update_fields=["signer", "capacity", "in_place_of"])
    details = {"appointment": appointment_id or 0}
    journal.record("documents.choose-signer", document, by=by, over=document.unit_id, details=details)
    return document


@transaction.atomic
def sign(document_id: int, *, version_id: int, by: Actor) -> Document:
    """Sign the version that was agreed to. Name, rank, post and right are kept as they are on this day.

    Raises NotAuthorised, WrongMove; DocumentsRefused: `newer_version_came`, `changed_since_agreed`,
    `may_not_sign_this` (the post, held on this day, is not among those that sign this type), `another_signs`.
    """
    document, state, _reason = _begin(document_id, Move.SIGN, by=by)
    version = _looked_at(document, version_id)
    if queries.agreed_version_id(document.pk) != version.pk or not is_as_frozen(document):
        raise DocumentsRefused("changed_since_agreed")
    signer = _signer(document, by)
    document.signer_id, document.capacity = signer.appointment_id, signer.capacity.name
    document.in_place_of, document.signed_at = signer.in_place_of, by.at
    document.signer_name, document.signer_rank, document.signer_post = signer.name, signer.rank, signer.post
    note_move(document, Move.SIGN, state, by=by)
    document.save(update_fields=["state", "capacity", "in_place_of", "signer", "signed_at", *_SIGNED_AS])
    details = {"version": version.number, "digest": version.digest, "capacity": document.capacity}
    journal.record("documents.sign", document, by=by, over=document.unit_id, details=details)
    return document


@transaction.atomic
def drop(document_id: int, *, reason: str, by: Actor) -> Document:
    """Give a draft up; it stays to be read, with the reason. Raises NotAuthorised, WrongMove, DocumentsRefused."""
    document, state, reason = _begin(document_id, Move.DROP, by=by, reason=reason)
    note_move(document, Move.DROP, state, by=by, reason=reason)
    document.save(update_fields=["state"])
    find_document(document)
    journal.record("documents.drop", document, by=by, over=document.unit_id, reason=reason)
    return document


_BEFORE_SIGNING = frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED, State.AGREED})
_SIGNED_AS = ("signer_name", "signer_rank", "signer_post")


def _looked_at(document: Document, version_id: int) -> DocumentVersion:
    version = document.current_version
    if version is None or version.pk != version_id:
        raise DocumentsRefused("newer_version_came")
    return version


def _signer(document: Document, by: Actor) -> queries.Signer:
    possible = queries.signers_for(document.type, document.unit_id, by.today)
    mine = [one for one in possible if (one.person_id, one.post_id) == (by.person_id, by.post_id)]
    if not mine:
        raise DocumentsRefused("may_not_sign_this")
    if document.signer_id is None:
        return mine[0]
    named = next((one for one in mine if one.appointment_id == document.signer_id), None)
    if named is None:
        raise DocumentsRefused("another_signs", signer=str(document.signer.person) if document.signer else "")
    return named


# --- issue ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Issued:
    """What issuing led to. `disorder` is a neighbouring number whose day contradicts the order, to be shown."""

    document: Document
    entry: RegisterEntry
    sent: int
    clauses: int
    disorder: RegisterEntry | None


@transaction.atomic
def issue(
    document_id: int,
    *,
    unit_symbol: str,
    by: Actor,
    office: str = "",
    issued_on: date | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    entry_id: int | None = None,
) -> Issued:
    """Give a signed document its number and day, freeze its clauses and send it to whom it is for: all or nothing.

    `unit_symbol` are the unit's letters on paper (`BTL`, `ĐU`), `office` those of the drafting office on a letter.
    The day is today where none is given; it is in force from that day, or from the one given here or with the draft.
    `entry_id` is a number that was kept, or that it already bears on paper.

    Raises NotAuthorised, WrongMove, RegisterRefused; DocumentsRefused: `no_symbol`, `day_to_come`,
    `issued_before_signed`, `starts_before_issued`, `ends_before_it_starts`, `type_not_in_force`, `unit_does_not_issue`,
    `units_gone` (with the names of the units that are no longer there), `unknown_addressees`, `replaces_anothers`.
    """
    document, state, _reason = _begin(document_id, Move.ISSUE, by=by)
    if not unit_symbol.strip():
        raise DocumentsRefused("no_symbol")
    kept = entry_for_update(entry_id) if entry_id is not None else None
    day = _day_of_issue(document, issued_on, kept, by)
    check_issuer(document.type, document.unit_id, day)
    _check_replaced(document, by)
    _set_days(document, day, starts_on, ends_on)
    version = document.current_version
    if version is None:
        raise WrongMove(Move.ISSUE, State(document.state))
    if kept is None:
        entry = draw_number(document.unit_id, document.type, day, document=document, by=by)
    else:
        entry = use_reserved(kept.pk, day, document=document, by=by)
    document.number, document.symbol = entry.number, _symbol(document, unit_symbol, office)
    clauses = freeze_clauses(document, version, day) if document.type.binds else []
    dispatch.add_addressees(document, _named_by(clauses))
    sent = dispatch.send(document, by=by)
    note_move(document, Move.ISSUE, state, by=by)
    document.save(update_fields=["state", "number", "symbol", "issued_on", "starts_on", "ends_on"])
    details = {"number": document.numbered, "version": version.number, "sent": sent, "clauses": len(clauses)}
    journal.record("documents.issue", document, by=by, over=document.unit_id, details=details)
    if document.starts_on is not None and document.starts_on <= by.today:
        _enter(document, by=by)
    find_document(document)
    find_clauses_of(document)
    return Issued(document, entry, sent, len(clauses), disorder_of(entry))


def _day_of_issue(document: Document, issued_on: date | None, kept: RegisterEntry | None, by: Actor) -> date:
    on_paper = kept is not None and kept.state == NumberState.PAPER
    day = issued_on or (kept.dated_on if kept is not None and on_paper else by.today)
    if day > by.today:
        raise DocumentsRefused("day_to_come", day=day)
    signed_at = document.signed_at
    # What was signed and numbered on paper is entered here afterwards.
    if signed_at is not None and not on_paper and day < signed_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        raise DocumentsRefused("issued_before_signed")
    return day


def _set_days(document: Document, day: date, starts_on: date | None, ends_on: date | None) -> None:
    begins = starts_on or document.starts_on or day
    ends_on = ends_on or document.ends_on
    if begins < day:
        raise DocumentsRefused("starts_before_issued", day=begins)
    if ends_on is not None and ends_on <= begins:
        raise DocumentsRefused("ends_before_it_starts")
    document.issued_on, document.starts_on, document.ends_on = day, begins, ends_on


def _symbol(document: Document, unit_symbol: str, office: str) -> str:
    type_ = document.type
    family = Family(type_.series.family)
    return symbol_of(family, type_.abbreviation, unit_symbol, letter=type_.is_letter, office=office)[:60]


def _named_by(clauses: list[Clause]) -> list[int]:
    named = Clause.objects.filter(pk__in=[clause.pk for clause in clauses], addressees__isnull=False)
    return list(named.values_list("addressees__unit_id", flat=True).distinct())


def check_issuer(type_: DocumentType, unit_id: int, day: date) -> None:
    """Raise DocumentsRefused unless the unit is there on the day, the type is in force, and units of this kind issue it
    (`units_gone`, `type_not_in_force`, `unit_does_not_issue`).
    """
    unit = organisation.units_on(day, ids=[unit_id]).get(unit_id)
    if unit is None:
        gone = organisation.unit(unit_id, day)
        raise DocumentsRefused("units_gone", units=[gone.name])
    if day < type_.starts_on or (type_.ends_on is not None and day >= type_.ends_on):
        raise DocumentsRefused("type_not_in_force", type=type_.name)
    if not queries.may_issue(type_, unit.kind):
        raise DocumentsRefused("unit_does_not_issue", type=type_.name, clause=type_.clause)


# --- in force and after ---------------------------------------------------------------------------


@transaction.atomic
def enter_into_force(document_id: int, *, by: Actor) -> Document:
    """Bring an issued document into force whose day has come; what it replaces ends on that day.

    Raises NotAuthorised, WrongMove, DocumentsRefused (`day_to_come`).
    """
    document, _state, _reason = _begin(document_id, Move.ENTER_INTO_FORCE, by=by)
    if document.starts_on is not None and by.today < document.starts_on:
        raise DocumentsRefused("day_to_come", day=document.starts_on)
    _enter(document, by=by)
    return document


def _enter(document: Document, *, by: Actor) -> None:
    note_move(document, Move.ENTER_INTO_FORCE, after(State(document.state), Move.ENTER_INTO_FORCE), by=by)
    document.save(update_fields=["state"])
    journal.record("documents.enter-into-force", document, by=by, over=document.unit_id)
    if document.replaces_id is not None:
        old = queries.document_for_update(document.replaces_id, by=by)
        if old.state in ROUTE[Move.REPLACE].from_:
            _replace(old, document, reason=document.numbered, by=by)


@transaction.atomic
def replace(document_id: int, *, by_document_id: int, reason: str, by: Actor) -> Document:
    """Say that a document gave way to another that is in force: its clauses bind no longer.

    One that was written to replace it (`Document.replaces`) does so by itself when it enters into force.
    Raises NotAuthorised, WrongMove; DocumentsRefused: `needs_reason`, `replaces_itself`, `not_in_force`,
    `replaces_anothers`.
    """
    document, _state, reason = _begin(document_id, Move.REPLACE, by=by, reason=reason)
    if by_document_id == document_id:
        raise DocumentsRefused("replaces_itself")
    newer = queries.document_for_update(by_document_id, by=by)
    if newer.state != State.IN_FORCE:
        raise DocumentsRefused("not_in_force")
    if not is_own(by, newer.unit_id):
        raise DocumentsRefused("replaces_anothers")
    if newer.replaces_id is None:
        newer.replaces = document
        newer.save(update_fields=["replaces"])
    _replace(document, newer, reason=reason, by=by)
    return document


def _replace(old: Document, newer: Document, *, reason: str, by: Actor) -> None:
    note_move(old, Move.REPLACE, after(State(old.state), Move.REPLACE), by=by, reason=reason)
    _end(old, newer.starts_on or by.today)
    old.save(update_fields=["state", "starts_on", "ends_on"])
    withdrawn = withdraw_all(old, reason, by=by)
    find_document(old)
    details = {"by": newer.pk, "clauses": withdrawn}
    journal.record("documents.replace", old, by=by, over=old.unit_id, reason=reason, details=details)


@transaction.atomic
def recall(document_id: int, *, reason: str, by: Actor) -> Document:
    """Take back an issued document: it is void wherever it went, its clauses bind nobody, and every trace stays.

    Decree 30/2020, Annex VI. Raises NotAuthorised, WrongMove, DocumentsRefused (`needs_reason`).
    """
    document, state, reason = _begin(document_id, Move.RECALL, by=by, reason=reason)
    note_move(document, Move.RECALL, state, by=by, reason=reason)
    _end(document, by.today)
    document.save(update_fields=["state", "starts_on", "ends_on"])
    voided = dispatch.void_dispatches(document, reason, by=by)
    withdrawn = withdraw_all(document, reason, by=by)
    find_document(document)
    details = {"number": document.numbered, "voided": voided, "clauses": withdrawn}
    journal.record("documents.recall", document, by=by, over=document.unit_id, reason=reason, details=details)
    return document


@transaction.atomic
def expire(document_id: int, *, by: Actor, reason: str = "") -> Document:
    """Say that a document is in force no longer. Raises NotAuthorised, WrongMove."""
    document, state, reason = _begin(document_id, Move.EXPIRE, by=by, reason=reason)
    note_move(document, Move.EXPIRE, state, by=by, reason=reason)
    if document.ends_on is None or document.ends_on > by.today:
        _end(document, by.today)
    document.save(update_fields=["state", "starts_on", "ends_on"])
    find_document(document)
    journal.record("documents.expire", document, by=by, over=document.unit_id, reason=reason)
    return document


@dataclass(frozen=True)
class Turned:
    """How many documents a new day brought into force, and how many it ended."""

    entered: int
    expired: int


def new_day(by: Actor) -> Turned:
    """What the day does by itself: documents enter into force and end. Run by the system, any number of times a day.

    Raises NotAuthorised for anybody else.
    """
    if not by.is_system:
        raise NotAuthorised(Permission.DOCUMENTS_ISSUE, hidden=False)
    due = Document.objects.filter(state=State.ISSUED, starts_on__lte=by.today).order_by("starts_on", "pk")
    entered = _each(due, enter_into_force, by)
    over = Document.objects.filter(state=State.IN_FORCE, ends_on__lte=by.today).order_by("ends_on", "pk")
    return Turned(entered, _each(over, expire, by))


def _each(found: QuerySet[Document], act: Callable[..., Document], by: Actor) -> int:
    """Do it to each, in a transaction of its own; whatever somebody moved on in the meantime is left to them."""
    done = 0
    for document_id in list(found.values_list("pk", flat=True)):
        with suppress(WrongMove):
            act(document_id, by=by)
            done += 1
    return done


def _end(document: Document, day: date) -> None:
    """End a document on a day. What had not begun by then, or began on it, was never in force."""
    if document.starts_on is not None and document.starts_on < day:
        document.ends_on = day
    else:
        document.starts_on = document.ends_on = None


def _check_replaced(document: Document, by: Actor) -> None:
    if document.replaces is not None and not is_own(by, document.replaces.unit_id):
        raise DocumentsRefused("replaces_anothers")


# --- what every step begins with ------------------------------------------------------------------


def _begin(document_id: int, move: Move, *, by: Actor, reason: str = "") -> tuple[Document, State, str]:
    """The document, locked; the state that the move leads to; and the reason, tidied.

    Raises NotAuthorised, WrongMove, DocumentsRefused (`needs_reason`).
    """
    document = queries.document_for_update(document_id, by=by)
    step = ROUTE[move]
    require_own(by, step.permission, document.unit_id)
    state = after(State(document.state), move)
    reason = reason.strip()
    if step.needs_reason and not reason:
        raise DocumentsRefused("needs_reason")
    return document, state, reason
