"""Asking units for their opinion on a draft, their answers, and what the drafter made of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from nennep.documents.models import Document, DocumentVersion, Opinion, OpinionRequest
from nennep.documents.queries import documents as queries
from nennep.documents.queries.drafts import opinion_for_update, request_for_update
from nennep.documents.rules.states import OPEN_STATES, State, Verdict
from nennep.documents.rules.text import Change, Text, compare, differing
from nennep.documents.services.authority import require_own
from nennep.documents.services.comments import remark
from nennep.documents.services.drafts import freeze_version
from nennep.documents.services.finding import find_document
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.versions import freeze
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission

#: Opinions are asked for, given and settled until the document is signed.
BEFORE_SIGNING = OPEN_STATES | {State.SUBMITTED, State.AGREED}
MOST_OPINIONS = 200


# --- asking ---------------------------------------------------------------------------------------


@transaction.atomic
def ask_opinions(
    document_id: int, unit_ids: Collection[int], due_on: date, *, revision: int, by: Actor, note: str = ""
) -> list[OpinionRequest]:
    """Send what is written to units for their opinion by a day: it is frozen as a version. Units asked about this very
    version before are not asked again.

    Raises NotAuthorised, StaleDraft; DocumentsRefused: `not_open`, `nothing_written`, `due_in_the_past`, `no_units`,
    `units_gone`, `asks_itself`, `asked_already`.
    """
    document = queries.document_for_update(document_id, by=by)
    require_own(by, Permission.DOCUMENTS_DRAFT, document.unit_id)
    _require_unsigned(document)
    _check_asked(document, unit_ids, due_on, by.today)
    version = document.current_version
    if document.state in OPEN_STATES or version is None:
        version = freeze_version(document_id, revision=revision, by=by, note=note)
    asked = set(OpinionRequest.objects.filter(version=version).values_list("unit_id", flat=True))
    new = [unit_id for unit_id in dict.fromkeys(unit_ids) if unit_id not in asked]
    if not new:
        raise DocumentsRefused("asked_already")
    requests = OpinionRequest.objects.bulk_create(
        OpinionRequest(
            version=version,
            unit_id=unit_id,
            due_on=due_on,
            at=by.at,
            person_id=by.person_id,
            person_name=by.person_name,
            post_title=by.post_title,
        )
        for unit_id in new
    )
    find_document(document)
    details = {"version": version.number, "units": len(new), "due_on": due_on.isoformat()}
    journal.record("documents.ask-opinions", document, by=by, over=document.unit_id, details=details)
    return requests


def _check_asked(document: Document, unit_ids: Collection[int], due_on: date, day: date) -> None:
    if due_on < day:
        raise DocumentsRefused("due_in_the_past", day=due_on)
    if not unit_ids:
        raise DocumentsRefused("no_units")
    if document.unit_id in unit_ids:
        raise DocumentsRefused("asks_itself")
    alive = organisation.units_on(day, ids=unit_ids)
    if gone := set(unit_ids) - alive.keys():
        names = organisation.units_known_by(day, ids=gone)
        raise DocumentsRefused("units_gone", units=sorted(one.name for one in names.values()))


def _require_unsigned(document: Document) -> None:
    if document.state not in BEFORE_SIGNING:
        raise DocumentsRefused("not_open", state=State(document.state))


# --- answering ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One opinion as it is given: at a block of the version, or on the whole of it (`block` empty)."""

    text: str
    block: str = ""


@transaction.atomic
def give_opinions(request_id: int, said: Sequence[Said], *, by: Actor) -> OpinionRequest:
    """Answer for the asked unit. Nothing said means that it agrees and has no further opinion. Late is better than
    never: only when the document is signed it is too late.

    Raises NotAuthorised; DocumentsRefused: `not_open`, `answered_already`, `too_many_opinions`, `says_nothing`,
    `comment_too_long`, `secret`, `no_such_block`.
    """
    request = request_for_update(request_id, by=by)
    require_own(by, Permission.DOCUMENTS_DRAFT, request.unit_id)
    document = request.version.document
    _require_unsigned(document)
    if request.answered_at is not None:
        raise DocumentsRefused("answered_already", at=request.answered_at)
    if len(said) > MOST_OPINIONS:
        raise DocumentsRefused("too_many_opinions", most=MOST_OPINIONS)
    text = Text.from_json(request.version.content_data)
    unknown = [one.block for one in said if one.block and text.block(one.block) is None]
    if unknown:
        raise DocumentsRefused("no_such_block", block=unknown[0])
    Opinion.objects.bulk_create(
        Opinion(
            request=request,
            block=one.block,
            text=remark(one.text),
            at=by.at,
            person_id=by.person_id,
            person_name=by.person_name,
            post_title=by.post_title,
        )
        for one in said
    )
    request.answered_at = by.at
    request.save(update_fields=["answered_at"])
    details = {"document": document.pk, "version": request.version.number, "opinions": len(said)}
    journal.record("documents.give-opinions", request, by=by, over=request.unit_id, details=details)
    return request


# --- settling -------------------------------------------------------------------------------------


@transaction.atomic
def accept_opinion(opinion_id: int, changed_block: str = "", *, by: Actor, explanation: str = "") -> Opinion:
    """Take an opinion in, naming the block that was changed for it (where it was said, if none is named).

    The block is held against the version that was asked about, and must differ; what is written now is frozen, so that
    the change stays to be seen. Raises NotAuthorised; DocumentsRefused: `not_open`, `names_no_block`,
    `block_unchanged`, `comment_too_long`, `secret`.
    """
    opinion, document = _to_settle(opinion_id, by)
    block = changed_block or opinion.block
    if not block:
        raise DocumentsRefused("names_no_block")
    version = _as_it_stands(document, by)
    if _change_of(block, opinion.request.version, version) is None:
        raise DocumentsRefused("block_unchanged", block=block)
    opinion.changed_in, opinion.changed_block = version, block
    return _settle(opinion, document, Verdict.ACCEPTED, explanation, by=by)


@transaction.atomic
def explain_opinion(opinion_id: int, explanation: str, *, by: Actor) -> Opinion:
    """Keep the draft as it is and say why. Raises NotAuthorised; DocumentsRefused: `not_open`, `needs_reason`,
    `comment_too_long`, `secret`.
    """
    opinion, document = _to_settle(opinion_id, by)
    if not explanation.strip():
        raise DocumentsRefused("needs_reason")
    opinion.changed_in, opinion.changed_block = None, ""
    return _settle(opinion, document, Verdict.EXPLAINED, explanation, by=by)


def _to_settle(opinion_id: int, by: Actor) -> tuple[Opinion, Document]:
    opinion = opinion_for_update(opinion_id)
    document = queries.document_for_update(opinion.request.version.document_id, by=by)
    require_own(by, Permission.DOCUMENTS_DRAFT, document.unit_id)
    _require_unsigned(document)
    return opinion, document


def _as_it_stands(document: Document, by: Actor) -> DocumentVersion:
    """What is being written, frozen; what was handed on, once it was."""
    if document.state not in OPEN_STATES and document.current_version is not None:
        return document.current_version
    version = freeze(document, by=by)
    document.save(update_fields=["current_version"])
    return version


def _change_of(block: str, asked: DocumentVersion, now: DocumentVersion) -> Change | None:
    changes = differing(compare(Text.from_json(asked.content_data), Text.from_json(now.content_data)))
    return next((change for change in changes if change.block.id == block), None)


def _settle(opinion: Opinion, document: Document, verdict: Verdict, explanation: str, *, by: Actor) -> Opinion:
    opinion.verdict = verdict
    opinion.explanation = remark(explanation) if explanation.strip() else ""
    opinion.settled_at, opinion.settled_by = by.at, by.person_name
    opinion.save(update_fields=["verdict", "explanation", "changed_in", "changed_block", "settled_at", "settled_by"])
    details = {"document": document.pk, "verdict": str(verdict), "block": opinion.changed_block}
    journal.record("documents.settle-opinion", opinion, by=by, over=document.unit_id, details=details)
    return opinion
