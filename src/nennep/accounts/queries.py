"""Who signs in, and with what."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from nennep.accounts.models import Person, Token
from nennep.accounts.rules import token_digest, token_is_good


def person(username: str) -> Person | None:
    return Person.objects.filter(username__iexact=username).first()


def tokens_of(person_id: int) -> QuerySet[Token]:
    return Token.objects.filter(person_id=person_id).order_by("-created_at")


def token(text: str, *, at: datetime) -> Token | None:
    """The token this text is, if it is still good and its owner still active."""
    found = Token.objects.select_related("person").filter(digest=token_digest(text)).first()
    if found is None or not found.person.is_active:
        return None
    return found if token_is_good(expires_at=found.expires_at, revoked_at=found.revoked_at, at=at) else None
