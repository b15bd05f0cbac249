"""Freezing what is handed on, and writing down each step of the route."""

from __future__ import annotations

from nennep.documents.models import Document, DocumentMove, DocumentVersion
from nennep.documents.rules.states import Move, State
from nennep.documents.rules.text import Text, digest
from nennep.journal.rules import Actor


def freeze(document: Document, *, by: Actor, note: str = "") -> DocumentVersion:
    """The draft as a version that nobody can change; the newest version where exactly this was frozen before.

    The document must be locked; it is not saved here, its `current_version` is set.
    """
    text = Text.from_json(document.draft)
    told = digest(text, subject=document.subject)
    newest = document.current_version
    if newest is not None and newest.digest == told:
        return newest
    version = DocumentVersion.objects.create(
        document=document,
        number=1 + (newest.number if newest is not None else 0),
        subject=document.subject,
        content_data=text.as_json(),
        digest=told,
        note=note.strip()[:500],
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    document.current_version = version
    return version


def is_as_frozen(document: Document) -> bool:
    """Whether what is being written is still what was last handed on."""
    version = document.current_version
    return version is not None and version.digest == digest(Text.from_json(document.draft), subject=document.subject)


def note_move(document: Document, move: Move, to: State, *, by: Actor, reason: str = "") -> DocumentMove:
    """Write one step of the route down and let the document stand where it leads; the document is not saved here."""
    document.state = to
    return DocumentMove.objects.create(
        document=document,
        version=document.current_version,
        move=move,
        to_state=to,
        reason=reason,
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
