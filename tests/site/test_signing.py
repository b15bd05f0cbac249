"""The door: signing in and out, too many tries, the password, tokens, and acting in one of several posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from nennep.accounts.models import Person, Token
from nennep.organisation.models import Appointment
from tests.cast import NOW, START, Cast

PASSWORD = "ban-lam-viec-2026"
NEW = "mot-cau-khac-2026"
FORBIDDEN, NOT_FOUND, TOO_MANY = 403, 404, 429
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cast: Cast, clock: Callable[..., None]) -> Person:
    """Somebody of the cast with a password, at the door."""
    del clock
    reset()
    found = cast.people["thanh"]
    found.password = make_password(PASSWORD)
    found.save()
    return found


def try_to_sign_in(client: Client, username: str, password: str, **more: str) -> object:
    return client.post(reverse("sign-in"), {"username": username, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("desk")).status_code == 200


# --- in and out -----------------------------------------------------------------------------------


def test_the_right_name_and_password_open_the_page_that_was_wanted(person: Person) -> None:
    client = Client()
    wanted = client.get("/reports/?form=monthly")

    assert wanted.headers["Location"] == "/sign-in/?next=%2Freports%2F%3Fform%3Dmonthly"
    answer = try_to_sign_in(client, person.username, PASSWORD, next="/reports/?form=monthly")

    assert answer.headers["Location"] == "/reports/?form=monthly"  # type: ignore[attr-defined]
    assert is_in(client)


def test_the_case_of_the_name_does_not_matter(person: Person) -> None:
    client = Client()

    try_to_sign_in(client, person.username.upper(), PASSWORD)

    assert is_in(client)


@pytest.mark.parametrize("elsewhere", ["https://noi-khac.example/", "//noi-khac.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(person: Person, elsewhere: str) -> None:
    answer = try_to_sign_in(Client(), person.username, PASSWORD, next=elsewhere)

    assert answer.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_a_wrong_name_and_a_wrong_password_answer_alike(person: Person) -> None:
    wrong_name = try_to_sign_in(Client(), "khong-co-ai", PASSWORD)
    wrong_password = try_to_sign_in(Client(), person.username, "sai-mat-khau-roi")

    first = wrong_name.content.decode().replace("khong-co-ai", "")  # type: ignore[attr-defined]
    second = wrong_password.content.decode().replace(person.username, "")  # type: ignore[attr-defined]
    assert "Chưa đăng nhập" in first or "chưa đăng nhập" in first
    assert _without_tokens(first) == _without_tokens(second)


def _without_tokens(page: str) -> list[str]:
    """The page's lines without the one-time token and the clock."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "X-CSRFToken" not in line]


def test_signing_out_ends_the_session(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("thanh")

    client.post(reverse("sign-out"))

    assert not is_in(client)


def test_signing_out_takes_a_post(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("thanh")

    assert client.get(reverse("sign-out")).status_code == 405
    assert is_in(client)


def test_the_form_without_its_token_is_refused(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = try_to_sign_in(client, person.username, PASSWORD)

    assert answer.status_code == FORBIDDEN  # type: ignore[attr-defined]


def test_somebody_stopped_is_out_on_the_next_request(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("thanh")
    assert is_in(client)

    Person.objects.filter(pk=cast.people["thanh"].pk).update(is_active=False)

    assert not is_in(client)


# --- too many tries -------------------------------------------------------------------------------


def test_after_too_many_wrong_tries_even_the_right_password_waits(person: Person) -> None:
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = try_to_sign_in(client, person.username, "sai-mat-khau-roi")

    assert answer.status_code == TOO_MANY  # type: ignore[attr-defined]
    late = try_to_sign_in(client, person.username, PASSWORD)
    assert late.status_code == TOO_MANY  # type: ignore[attr-defined]
    assert "mười lăm phút" in late.content.decode() or "15 phút" in late.content.decode()  # type: ignore[attr-defined]
    assert not is_in(client)


def test_writing_the_name_in_another_case_gives_no_further_tries(person: Person) -> None:
    client = Client()
    for number in range(settings.AXES_FAILURE_LIMIT):
        name = person.username.upper() if number % 2 else person.username
        answer = try_to_sign_in(client, name, "sai-mat-khau-roi")

    assert answer.status_code == TOO_MANY  # type: ignore[attr-defined]


def test_others_can_still_sign_in_from_the_same_place(cast: Cast, person: Person) -> None:
    other = cast.people["pao"]
    other.password = make_password(PASSWORD)
    other.save()
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        try_to_sign_in(client, person.username, "sai-mat-khau-roi")

    try_to_sign_in(client, other.username, PASSWORD)

    assert is_in(client)


def test_the_right_password_in_time_forgets_the_wrong_tries(person: Person) -> None:
    client = Client()
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            try_to_sign_in(client, person.username, "sai-mat-khau-roi")
        try_to_sign_in(client, person.username, PASSWORD)

    assert is_in(client)


# --- the password ---------------------------------------------------------------------------------


def change(client: Client, old: str, new: str, again: str | None = None) -> object:
    fields = {"old_password": old, "new_password1": new, "new_password2": again if again is not None else new}
    return client.post(reverse("password"), fields)


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(person: Person) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        try_to_sign_in(client, person.username, PASSWORD)

    change(here, PASSWORD, NEW)

    assert is_in(here)
    assert not is_in(elsewhere)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [("sai-roi-sai-roi", NEW, NEW), (PASSWORD, NEW, "khac-han-2026-xx"), (PASSWORD, "ngan", "ngan")],
    ids=["wrong now", "not the same twice", "too short"],
)
def test_a_password_that_cannot_be_taken_leaves_the_old_one_and_says_so(
    person: Person, old: str, new: str, again: str
) -> None:
    client = Client()
    try_to_sign_in(client, person.username, PASSWORD)

    answer = change(client, old, new, again)

    person.refresh_from_db()
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert person.check_password(PASSWORD)
    assert 'role="alert"' in page
    assert PASSWORD not in page


def test_a_given_password_must_be_changed_before_anything_else(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    Person.objects.filter(pk=cast.people["thanh"].pk).update(must_change_password=True)
    client = sign_in("thanh")

    for name in ("desk", "reports", "tokens", "organisation"):
        assert client.get(reverse(name)).headers["Location"] == reverse("password")
    assert client.get(reverse("password")).status_code == 200


# --- tokens ---------------------------------------------------------------------------------------


def test_a_new_token_is_shown_once(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("thanh")

    made = client.post(reverse("tokens"), {"name": "Bảng tính của đồn", "scopes": ["read"], "days": "30"})

    assert made.context["fresh"] in made.content.decode()
    later = client.get(reverse("tokens")).content.decode()
    assert made.context["fresh"] not in later
    assert "Bảng tính của đồn" in later


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "scopes": ["read"], "days": "30"},
        {"name": "x", "days": "30"},
        {"name": "x", "scopes": ["read"], "days": "900"},
    ],
    ids=["no name", "no scope", "too long"],
)
def test_a_token_that_cannot_be_made_says_why(sign_in: Callable[[str], Client], fields: dict[str, object]) -> None:
    answer = sign_in("thanh").post(reverse("tokens"), fields)

    assert 'role="alert"' in answer.content.decode()
    assert not Token.objects.exists()


def test_one_sees_and_ends_only_ones_own_tokens(sign_in: Callable[[str], Client]) -> None:
    mine, others = sign_in("thanh"), sign_in("tulenh")
    mine.post(reverse("tokens"), {"name": "Của tôi", "scopes": ["read"], "days": "30"})
    token = Token.objects.get()

    assert "Của tôi" not in others.get(reverse("tokens")).content.decode()
    assert others.post(reverse("revoke-token", args=[token.pk])).status_code == NOT_FOUND
    assert mine.post(reverse("revoke-token", args=[token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_a_token_never_opens_a_session(person: Person) -> None:
    client = Client()
    try_to_sign_in(client, person.username, PASSWORD)
    text = client.post(reverse("tokens"), {"name": "x", "scopes": ["read"], "days": "3"}).context["fresh"]

    stranger = Client(headers={"Authorization": f"Bearer {text}"})

    assert not is_in(stranger)
    try_to_sign_in(stranger, person.username, text)
    assert not is_in(stranger)


# --- posts ----------------------------------------------------------------------------------------


def test_one_acts_in_the_post_one_chose(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    post = cast.posts["hanh"]
    Appointment.objects.create(person=cast.people["thanh"], post=post, starts_on=START, acting=True)
    client = sign_in("thanh")
    assert client.get("/").context["request"].actor.unit_id == cast.units["SH-1"]

    client.post(reverse("act-in-post"), {"post": post.pk})

    assert client.get("/").context["request"].actor.unit_id == cast.units["SH"]


def test_a_post_one_does_not_hold_cannot_be_taken(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("thanh")

    client.post(reverse("act-in-post"), {"post": cast.posts["tulenh"].pk})

    assert client.get("/").context["request"].actor.unit_id == cast.units["SH-1"]


def test_who_holds_no_post_today_may_sign_in_and_is_told_so(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    del cast
    client = sign_in("hethan")

    answer = client.get("/")

    assert answer.status_code == FORBIDDEN
    assert "chức vụ" in answer.content.decode()
    assert client.get(reverse("password")).status_code == 200


def test_an_appointment_that_ends_at_night_ends_with_the_day(
    cast: Cast, sign_in: Callable[[str], Client], clock: Callable[..., None]
) -> None:
    Appointment.objects.filter(person=cast.people["thanh"]).update(ends_on=NOW.date() + timedelta(days=1))
    client = sign_in("thanh")
    assert client.get("/").status_code == 200

    clock(NOW.replace(hour=0, minute=0) + timedelta(days=1))

    assert client.get("/").status_code == FORBIDDEN


# --- what every page says to the browser ----------------------------------------------------------


def test_pages_of_a_person_are_never_kept_by_the_browser(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("thanh").get("/")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_language_chosen_at_the_door_is_kept(person: Person) -> None:
    client = Client()
    try_to_sign_in(client, person.username, PASSWORD)

    client.post(reverse("preferences"), {"language": "en", "next": "/"})

    assert "<h1>Desk</h1>" in client.get("/").content.decode()
    assert client.get("/").headers["Content-Language"] == "en"
