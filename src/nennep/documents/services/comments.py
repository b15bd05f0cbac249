"""Remarks on a draft, at one of its blocks or on the whole, until they are settled."""

from __future__ import annotations

from django.db import transaction

from nennep.documents.models import Comment
from nennep.documents.queries import documents as queries
from nennep.documents.queries.sight import is_own
from nennep.documents.rules.states import ISSUED_STATES, State
from nennep.documents.rules.text import Text
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.secrecy import refuse_secrets
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import NotAuthorised, Permission

LONGEST_COMMENT = 4_000
_CLOSED = ISSUED_STATES | {State.DROPPED}


@transaction.atomic
def add_comment(document_id: int, text: str, *, by: Actor, block: str = "") -> Comment:
    """Remark on a document that is not issued yet: whoever sees it may, in its unit or where its opinion was asked.

    Raises NotAuthorised; DocumentsRefused: `not_open`, `says_nothing`, `comment_too_long`, `secret`, `no_such_block`.
    """
    document = queries.document_for_update(document_id, by=by)
    if document.state in _CLOSED:
        raise DocumentsRefused("not_open", state=State(document.state))
    said = remark(text)
    if block and Text.from_json(document.draft).block(block) is None:
        raise DocumentsRefused("no_such_block", block=block)
    comment = Comment.objects.create(
        document=document,
        version=document.current_version,
        block=block,
        text=said,
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    details = {"document": document.pk, "block": block}
    journal.record("documents.comment", comment, by=by, over=document.unit_id, details=details)
    return comment


@transaction.atomic
def settle_comment(comment_id: int, *, by: Actor) -> Comment:
    """Say that a remark is dealt with: for a writer of the document's unit, or whoever made it. Again changes nothing.

    Raises NotAuthorised.
    """
    comment = Comment.objects.select_for_update().filter(pk=comment_id).first()
    if comment is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    document = queries.document(comment.document_id, by=by)
    writes = Permission.DOCUMENTS_DRAFT in by.permissions and is_own(by, document.unit_id)
    if not (writes or by.is_system or (by.person_id is not None and by.person_id == comment.person_id)):
        raise NotAuthorised(Permission.DOCUMENTS_DRAFT, hidden=False)
    if comment.settled_at is None:
        comment.settled_at, comment.settled_by = by.at, by.person_name
        comment.save(update_fields=["settled_at", "settled_by"])
        details = {"document": document.pk}
        journal.record("documents.settle-comment", comment, by=by, over=document.unit_id, details=details)
    return comment


def remark(text: str) -> str:
    """Words of a remark, fit to be kept. Raises DocumentsRefused (`says_nothing`, `comment_too_long`, `secret`)."""
    said = text.strip()
    if not said:
        raise DocumentsRefused("says_nothing")
    if len(said) > LONGEST_COMMENT:
        raise DocumentsRefused("comment_too_long", letters=len(said), most=LONGEST_COMMENT)
    refuse_secrets(said)
    return said
