"""Acts on people and tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from nennep.accounts.models import Person, Token
from nennep.accounts.rules import LONGEST_TOKEN_DAYS, Density, Scope, Theme, new_token, token_digest
from nennep.journal import services as journal
from nennep.journal.rules import Actor


class AccountRefused(Exception):
    """An act on an account that its rules forbid; the message is for the person."""


@transaction.atomic
def add_person(username: str, full_name: str, password: str, *, by: Actor, rank: str = "") -> Person:
    """Make an account whose password must be changed at the first sign-in.

    Raises AccountRefused when the name is taken, ValidationError when the password is too weak.
    """
    if Person.objects.filter(username__iexact=username).exists():
        raise AccountRefused(f"{username} is taken")
    person = Person(username=username, full_name=full_name, rank=rank, must_change_password=True)
    validate_password(password, person)
    person.set_password(password)
    person.save()
    journal.record("accounts.add", person, by=by)
    return person


@transaction.atomic
def set_password(person_id: int, password: str, *, by: Actor, must_change: bool = False) -> Person:
    """Give a person a new password; sessions opened with the old one end. Raises ValidationError when it is too
    weak.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    validate_password(password, person)
    person.set_password(password)
    person.must_change_password = must_change
    person.save(update_fields=["password", "must_change_password"])
    journal.record("accounts.password", person, by=by)
    return person


@transaction.atomic
def set_active(person_id: int, *, active: bool, by: Actor, reason: str) -> Person:
    """Let a person sign in, or stop them from the next request on."""
    person = Person.objects.select_for_update().get(pk=person_id)
    person.is_active = active
    person.save(update_fields=["is_active"])
    journal.record("accounts.activate" if active else "accounts.deactivate", person, by=by, reason=reason)
    return person


@transaction.atomic
def set_email(person_id: int, address: str, *, by: Actor) -> Person:
    """Say where a person is mailed the day's digest; empty: nowhere. Raises ValidationError for what is no address."""
    person = Person.objects.select_for_update().get(pk=person_id)
    person.email = address.strip()
    if person.email:
        validate_email(person.email)
    person.save(update_fields=["email"])
    journal.record("accounts.email", person, by=by, details={"has_address": bool(person.email)})
    return person


def prefer(
    person_id: int, *, language: str | None = None, theme: Theme | None = None, density: Density | None = None
) -> None:
    """Remember how a person likes the pages. Not an act: it is not journalled."""
    wished = {"language": language, "theme": theme, "density": density}
    Person.objects.filter(pk=person_id).update(**{name: value for name, value in wished.items() if value is not None})


@transaction.atomic
def make_token(name: str, scopes: Collection[Scope], days: int, *, by: Actor) -> tuple[Token, str]:
    """A token for the actor's own programs, and its text, which is shown once.

    Raises AccountRefused when it would last longer than a year or may do nothing.
    """
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise AccountRefused(f"a token lasts from 1 to {LONGEST_TOKEN_DAYS} days")
    if not scopes or by.person_id is None:
        raise AccountRefused("a token needs an owner and at least one scope")
    text = new_token()
    token = Token.objects.create(
        person_id=by.person_id,
        name=name,
        digest=token_digest(text),
        scopes=sorted(scopes),
        created_at=by.at,
        expires_at=by.at + timedelta(days=days),
    )
    journal.record("accounts.token", token, by=by, details={"scopes": token.scopes})
    return token, text


@transaction.atomic
def revoke_token(token_id: int, *, by: Actor) -> Token:
    """End one of the actor's own tokens at once. Raises Token.DoesNotExist for anybody else's."""
    token = Token.objects.select_for_update().get(pk=token_id, person_id=by.person_id or 0)
    token.revoked_at = by.at
    token.save(update_fields=["revoked_at"])
    journal.record("accounts.revoke-token", token, by=by)
    return token


def note_use(token_id: int, *, at: datetime) -> None:
    """Remember when a token was last used, to the minute. Not an act: it is not journalled."""
    a_minute_ago = at - timedelta(minutes=1)
    seldom = Q(last_used_at__isnull=True) | Q(last_used_at__lte=a_minute_ago)
    Token.objects.filter(seldom, pk=token_id).update(last_used_at=at)
