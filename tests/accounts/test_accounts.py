"""People, passwords and tokens: what is stored, what is refused, and what is remembered in the journal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from nennep.accounts import queries, services
from nennep.accounts.models import Person, Token
from nennep.accounts.rules import TOKEN_PREFIX, Density, Scope, Theme, new_token, token_digest, token_is_good
from nennep.accounts.services import AccountRefused
from nennep.journal.models import Entry
from nennep.journal.rules import Actor, system_actor
from tests.cast import NOW, Cast

GOOD = "ban-lam-viec-2026"
pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> Actor:
    return system_actor(NOW, NOW.date())


# --- passwords ------------------------------------------------------------------------------------


def test_a_password_is_kept_as_argon2id_with_19_mib_two_passes_and_one_lane(system: Actor) -> None:
    """OWASP Password Storage Cheat Sheet: Argon2id, at least m=19456 (19 MiB), t=2, p=1."""
    person = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)

    assert re.match(r"argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$", person.password)
    assert GOOD not in person.password


def test_the_same_password_is_kept_differently_for_two_people(system: Actor) -> None:
    one = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)
    other = services.add_person("binh", "Trần Thị Bình", GOOD, by=system)

    assert one.password != other.password


WEAK = ["ngan", "1234567890", "password123", "nguyenvanan"]


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_makes_no_account(system: Actor, password: str) -> None:
    with pytest.raises(ValidationError):
        services.add_person("nguyenvanan", "Nguyễn Văn An", password, by=system)

    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_a_new_account_must_choose_its_own_password(system: Actor) -> None:
    person = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)
    assert person.must_change_password

    services.set_password(person.pk, "mot-cau-khac-2026", by=system)

    person.refresh_from_db()
    assert not person.must_change_password
    assert person.check_password("mot-cau-khac-2026")
    assert not person.check_password(GOOD)


def test_a_weak_new_password_leaves_the_old_one(system: Actor) -> None:
    person = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)

    with pytest.raises(ValidationError):
        services.set_password(person.pk, "ngan", by=system)

    person.refresh_from_db()
    assert person.check_password(GOOD)


def test_a_name_to_sign_in_with_is_taken_whatever_its_case(system: Actor) -> None:
    services.add_person("An", "Nguyễn Văn An", GOOD, by=system)

    with pytest.raises(AccountRefused, match="taken"):
        services.add_person("aN", "Người khác", GOOD, by=system)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(username="AN", full_name="Người khác")

    assert queries.person("aN") == Person.objects.get()


def test_somebody_who_was_stopped_cannot_sign_in(system: Actor) -> None:
    person = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)
    backend = ModelBackend()
    assert backend.authenticate(None, username="AN", password=GOOD) == person

    services.set_active(person.pk, active=False, by=system, reason="Chuyển công tác")

    assert backend.authenticate(None, username="an", password=GOOD) is None


def test_nothing_is_granted_to_a_person_themselves(cast: Cast) -> None:
    assert not cast.people["tulenh"].has_perm("reporting.submit")


def test_each_act_on_an_account_is_in_the_journal_and_no_password_is(system: Actor) -> None:
    person = services.add_person("an", "Nguyễn Văn An", GOOD, by=system)
    services.set_password(person.pk, "mot-cau-khac-2026", by=system)
    services.set_active(person.pk, active=False, by=system, reason="Nghỉ")

    entries = list(Entry.objects.order_by("sequence"))

    assert [entry.act for entry in entries] == ["accounts.add", "accounts.password", "accounts.deactivate"]
    assert not any(GOOD in str(entry.__dict__) or "mot-cau-khac" in str(entry.__dict__) for entry in entries)


def test_how_a_person_likes_the_pages_is_kept_and_not_journalled(cast: Cast) -> None:
    services.prefer(cast.people["thanh"].pk, theme=Theme.DARK, density=Density.RELAXED)
    services.prefer(cast.people["thanh"].pk, language="en")

    kept = Person.objects.get(pk=cast.people["thanh"].pk)
    assert (kept.theme, kept.density, kept.language) == ("dark", "relaxed", "en")
    assert not Entry.objects.filter(act__startswith="accounts.").exists()


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_its_digest(cast: Cast) -> None:
    token, text = services.make_token("Bảng tính", [Scope.READ], 30, by=cast.actor("thanh"))

    assert text.startswith(TOKEN_PREFIX)
    assert token.digest == token_digest(text)
    assert text not in str(Token.objects.values().get())
    assert queries.token(text, at=NOW) == token


def test_two_tokens_are_never_alike() -> None:
    assert len({new_token() for _ in range(100)}) == 100


def test_a_token_ends_on_its_day(cast: Cast) -> None:
    _token, text = services.make_token("Bảng tính", [Scope.READ], 30, by=cast.actor("thanh"))

    assert queries.token(text, at=NOW + timedelta(days=30) - timedelta(seconds=1))
    assert queries.token(text, at=NOW + timedelta(days=30)) is None


def test_a_token_ends_when_its_owner_ends_it(cast: Cast) -> None:
    by = cast.actor("thanh")
    token, text = services.make_token("Bảng tính", [Scope.READ], 30, by=by)

    services.revoke_token(token.pk, by=by)

    assert queries.token(text, at=NOW) is None
    assert Entry.objects.filter(act="accounts.revoke-token", person_id=by.person_id).count() == 1


def test_nobody_can_end_somebody_elses_token(cast: Cast) -> None:
    token, text = services.make_token("Bảng tính", [Scope.READ], 30, by=cast.actor("thanh"))

    with pytest.raises(Token.DoesNotExist):
        services.revoke_token(token.pk, by=cast.actor("tulenh"))

    assert queries.token(text, at=NOW)


def test_a_token_does_not_outlive_its_owners_account(cast: Cast, system: Actor) -> None:
    _token, text = services.make_token("Bảng tính", [Scope.READ], 30, by=cast.actor("thanh"))

    services.set_active(cast.people["thanh"].pk, active=False, by=system, reason="Nghỉ")

    assert queries.token(text, at=NOW) is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_from_a_day_to_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(AccountRefused):
        services.make_token("Bảng tính", [Scope.READ], days, by=cast.actor("thanh"))


def test_a_token_without_scope_or_owner_is_refused(cast: Cast, system: Actor) -> None:
    with pytest.raises(AccountRefused):
        services.make_token("Bảng tính", [], 30, by=cast.actor("thanh"))
    with pytest.raises(AccountRefused):
        services.make_token("Bảng tính", [Scope.READ], 30, by=system)

    assert not Token.objects.exists()


@pytest.mark.parametrize("text", ["", "nnp_", "nnp_khac", "x" * 5000])
def test_a_text_that_is_no_token_is_none(text: str) -> None:
    assert queries.token(text, at=NOW) is None


@given(st.integers(-1000, 1000), st.none() | st.integers(-1000, 1000))
def test_a_revoked_token_is_never_good_again(expires: int, revoked: int | None) -> None:
    good = token_is_good(
        expires_at=NOW + timedelta(hours=expires),
        revoked_at=None if revoked is None else NOW + timedelta(hours=revoked),
        at=NOW,
    )

    assert good is (revoked is None and expires > 0)
