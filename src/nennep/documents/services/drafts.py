"""Writing a document: begin it, save it, say what it is and whom it binds.

A writer names the revision they began from; where somebody saved in between nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from nennep.documents.models import Document, DocumentType, DocumentVersion
from nennep.documents.queries import documents as queries
from nennep.documents.queries.sight import is_own
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, State, Urgency
from nennep.documents.rules.text import Binding, Text, checked, parse, tidy
from nennep.documents.services import route
from nennep.documents.services.authority import require_own
from nennep.documents.services.finding import find_document
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.secrecy import refuse_secrets
from nennep.documents.services.versions import freeze
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission

LONGEST_SUBJECT = 500


class StaleDraft(Exception):
    """Somebody else saved this document in the meantime: nothing was overwritten.

    `mine` is what was to be saved, `theirs` what stands there now as `revision`, saved by `saved_by`.
    """

    def __init__(self, mine: Text | None, theirs: Text, revision: int, saved_by: str) -> None:
        super().__init__(f"saved by {saved_by} as revision {revision}")
        self.mine = mine
        self.theirs = theirs
        self.revision = revision
        self.saved_by = saved_by


# --- beginning ------------------------------------------------------------------------------------


@transaction.atomic
def create_document(
    type_: DocumentType,
    unit_id: int,
    subject: str,
    *,
    by: Actor,
    answers: Document | None = None,
    text: Text | None = None,
) -> Document:
    """Begin a document of a unit. Without a text it begins with the outline of its type.

    `answers` is the directive that it carries out. Raises NotAuthorised, Unreadable, TooLong; DocumentsRefused:
    `no_subject`, `subject_too_long`, `secret`, `type_not_in_force`, `unit_does_not_issue`, `units_gone`,
    `answers_no_directive`.
    """
    require_own(by, Permission.DOCUMENTS_DRAFT, unit_id)
    subject = _subject(subject)
    route.check_issuer(type_, unit_id, by.today)
    if answers is not None:
        _check_answered(answers.pk, by)
    draft = outline_of(type_) if text is None else checked(text)
    refuse_secrets(subject, draft)
    document = Document.objects.create(
        unit_id=unit_id,
        type=type_,
        subject=subject,
        answers=answers,
        draft=draft.as_json(),
        draft_revision=1,
        draft_at=by.at,
        draft_by=by.person_name,
        created_at=by.at,
        created_by_id=by.person_id,
    )
    find_document(document)
    journal.record("documents.begin", document, by=by, over=unit_id, details={"type": type_.code})
    return document


def outline_of(type_: DocumentType) -> Text:
    """What a document of this type begins with."""
    return parse("\n\n".join(type_.outline))


def _check_answered(document_id: int, by: Actor) -> None:
    directive = queries.document(document_id, by=by)
    if directive.state not in ISSUED_STATES or not directive.type.binds:
        raise DocumentsRefused("answers_no_directive")


def _subject(subject: str) -> str:
    tidied = tidy(subject)
    if not tidied:
        raise DocumentsRefused("no_subject")
    if len(tidied) > LONGEST_SUBJECT:
        raise DocumentsRefused("subject_too_long", letters=len(tidied), most=LONGEST_SUBJECT)
    return tidied


# --- the text -------------------------------------------------------------------------------------


@transaction.atomic
def save_typed(document_id: int, typed: str, *, revision: int, by: Actor) -> Document:
    """Keep what an officer typed so far; blocks keep their names and what is bound to them.

    Autosave calls it every few seconds, so it is not journalled: handing on is. Raises NotAuthorised, TooLong,
    StaleDraft; DocumentsRefused (`secret`, `not_being_written`): then what was saved before stands as it was.
    """
    document = _to_write(document_id, by)
    refuse_secrets(typed)
    text = parse(typed, Text.from_json(document.draft))
    return _save(document, text, revision=revision, by=by)


@transaction.atomic
def save_draft(document_id: int, text: Text, *, revision: int, by: Actor) -> Document:
    """The same for a text that was made otherwise than by typing. Raises also Unreadable."""
    document = _to_write(document_id, by)
    refuse_secrets(text)
    return _save(document, checked(text), revision=revision, by=by)


def _to_write(document_id: int, by: Actor) -> Document:
    """The document, locked, of the actor's own unit and still being written."""
    document = queries.document_for_update(document_id, by=by)
    require_own(by, Permission.DOCUMENTS_DRAFT, document.unit_id)
    if document.state not in OPEN_STATES:
        raise DocumentsRefused("not_being_written", state=State(document.state))
    return document


def _save(document: Document, text: Text, *, revision: int, by: Actor) -> Document:
    _check_revision(document, revision, text)
    document.draft = text.as_json()
    _touch(document, by)
    document.save(update_fields=["draft", *_TOUCHED])
    return document


_TOUCHED = ("draft_revision", "draft_at", "draft_by")


def _touch(document: Document, by: Actor) -> None:
    document.draft_revision += 1
    document.draft_at, document.draft_by = by.at, by.person_name


def _check_revision(document: Document, revision: int, mine: Text | None = None) -> None:
    if document.draft_revision != revision:
        theirs = Text.from_json(document.draft)
        raise StaleDraft(mine, theirs, document.draft_revision, document.draft_by)


@transaction.atomic
def freeze_version(document_id: int, *, revision: int, by: Actor, note: str = "") -> DocumentVersion:
    """Freeze what is written as a version without handing it on; the newest one where nothing changed since.

    Raises NotAuthorised, StaleDraft, DocumentsRefused (`not_being_written`, `nothing_written`).
    """
    document = _to_write(document_id, by)
    _check_revision(document, revision)
    if not Text.from_json(document.draft).blocks:
        raise DocumentsRefused("nothing_written")
    version = freeze(document, by=by, note=note)
    document.save(update_fields=["current_version"])
    find_document(document)
    details = {"version": version.number, "digest": version.digest}
    journal.record("documents.freeze", document, by=by, over=document.unit_id, details=details)
    return version


# --- what it is -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fields:
    """What stands beside the text. `signer` is an appointment; days are those on which it is to be in force."""

    type_id: int
    subject: str
    urgency: Urgency = Urgency.NORMAL
    signer: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    replaces: int | None = None
    answers: int | None = None


def fields_of(document: Document) -> Fields:
    """The fields as they stand."""
    return Fields(
        document.type_id,
        document.subject,
        Urgency(document.urgency),
        document.signer_id,
        document.starts_on,
        document.ends_on,
        document.replaces_id,
        document.answers_id,
    )


@transaction.atomic
def set_fields(document_id: int, fields: Fields, *, revision: int, by: Actor) -> Document:
    """Say what a document is, who is to sign it, when it is in force and what it replaces: all, or nothing.

    Who may not sign the new type is taken off. Raises NotAuthorised, StaleDraft; DocumentsRefused:
    `not_being_written`, `no_subject`, `subject_too_long`, `secret`, `unknown_type`, `type_not_in_force`,
    `unit_does_not_issue`, `units_gone`, `ends_before_it_starts`, `replaces_itself`, `replaces_anothers`,
    `not_in_force`, `answers_no_directive`, `may_not_sign_this`.
    """
    document = _to_write(document_id, by)
    _check_revision(document, revision)
    before = fields_of(document)
    wished = replace(fields, subject=_subject(fields.subject))
    refuse_secrets(wished.subject)
    _check_days(wished)
    _set_type(document, wished, by)
    if wished.replaces is not None and wished.replaces != before.replaces:
        _check_replaced(wished.replaces, document, by)
    if wished.answers is not None and wished.answers != before.answers:
        _check_answered(wished.answers, by)
    document.subject, document.urgency = wished.subject, wished.urgency
    document.starts_on, document.ends_on = wished.starts_on, wished.ends_on
    document.replaces_id, document.answers_id = wished.replaces, wished.answers
    _touch(document, by)
    document.save(update_fields=[*_SET, *_TOUCHED])
    _set_signer(document, wished, before, by=by)
    find_document(document)
    changed = [name for name in vars(before) if getattr(before, name) != getattr(wished, name)]
    journal.record("documents.set-fields", document, by=by, over=document.unit_id, details={"fields": changed})
    return document


_SET = ("type", "subject", "urgency", "starts_on", "ends_on", "replaces", "answers")


def _check_days(wished: Fields) -> None:
    if wished.ends_on is not None and wished.starts_on is not None and wished.ends_on <= wished.starts_on:
        raise DocumentsRefused("ends_before_it_starts")


def _set_type(document: Document, wished: Fields, by: Actor) -> None:
    if wished.type_id == document.type_id:
        return
    type_ = DocumentType.objects.select_related("series").filter(pk=wished.type_id).first()
    if type_ is None:
        raise DocumentsRefused("unknown_type")
    route.check_issuer(type_, document.unit_id, by.today)
    document.type = type_


def _check_replaced(replaced_id: int, document: Document, by: Actor) -> None:
    if replaced_id == document.pk:
        raise DocumentsRefused("replaces_itself")
    old = queries.document(replaced_id, by=by)
    if not is_own(by, old.unit_id):
        raise DocumentsRefused("replaces_anothers")
    if old.state not in {State.ISSUED, State.IN_FORCE}:
        raise DocumentsRefused("not_in_force")


def _set_signer(document: Document, wished: Fields, before: Fields, *, by: Actor) -> None:
    """Name the signer; one who was named before and may not sign the new type is taken off."""
    signer = wished.signer
    if signer is not None and signer == before.signer:
        if wished.type_id == before.type_id:
            return
        possible = queries.signers_for(document.type, document.unit_id, by.today)
        signer = signer if any(one.appointment_id == signer for one in possible) else None
    if signer is not None or before.signer is not None:
        named = route.choose_signer(document.pk, signer, by=by)
        document.signer_id, document.capacity = named.signer_id, named.capacity
        document.in_place_of = named.in_place_of


# --- whom it binds --------------------------------------------------------------------------------


@transaction.atomic
def bind_clauses(document_id: int, bindings: Mapping[str, Binding | None], *, revision: int, by: Actor) -> Document:
    """Say of blocks of a directive by when, for whom and with which figure they bind; None: it binds nobody.

    Raises NotAuthorised, StaleDraft; DocumentsRefused: `not_being_written`, `type_binds_nobody`, `no_such_block`,
    `cannot_bind` (a heading, a basis, a table), `figure_without_indicator`, `unknown_addressees`, `units_gone`,
    `units_not_below`.
    """
    document = _to_write(document_id, by)
    text = Text.from_json(document.draft)
    if not document.type.binds:
        raise DocumentsRefused("type_binds_nobody", type=document.type.name)
    _check_addressees(document, bindings, by.today)
    for block_id, binding in bindings.items():
        block = text.block(block_id)
        if block is None:
            raise DocumentsRefused("no_such_block", block=block_id)
        if binding is not None and not block.can_bind:
            raise DocumentsRefused("cannot_bind", block=block_id)
        if binding is not None and binding.figure is not None and not binding.indicator:
            raise DocumentsRefused("figure_without_indicator", block=block_id)
        text = text.with_block(replace(block, binding=binding))
    return _save(document, text, revision=revision, by=by)


def bind_clause(document_id: int, block_id: str, binding: Binding | None, *, revision: int, by: Actor) -> Document:
    """The same for one block."""
    return bind_clauses(document_id, {block_id: binding}, revision=revision, by=by)


def _check_addressees(document: Document, bindings: Mapping[str, Binding | None], day: date) -> None:
    named = {code for binding in bindings.values() if binding for code in binding.addressees}
    if not named:
        return
    ids = organisation.ids_by_code(named)
    if unknown := sorted(named - ids.keys()):
        raise DocumentsRefused("unknown_addressees", units=unknown)
    names = organisation.units_known_by(day, ids=list(ids.values()))
    alive = organisation.units_on(day, ids=list(ids.values()))
    if gone := [names[unit].name for unit in ids.values() if unit not in alive]:
        raise DocumentsRefused("units_gone", units=sorted(gone))
    below = organisation.tree_on(day).subtree(document.unit_id)
    if outside := [names[unit].name for unit in ids.values() if unit not in below]:
        raise DocumentsRefused("units_not_below", units=sorted(outside))
