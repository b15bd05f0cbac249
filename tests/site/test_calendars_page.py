"""One's own calendar addresses on the page, the calendar that is fetched without a session, and the daily letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from typer.testing import CliRunner

from nennep.accounts.models import Person
from nennep.planning.ical import NotACalendar, Refused
from nennep.planning.models import Feed, Notice
from nennep.planning.rules.conflicts import Clash, Conflict
from nennep.site import digest_cli
from nennep.site.cli import app
from nennep.site.now import command_actor
from nennep.site.planning_words import say_conflict, say_entry, say_not_a_calendar
from tests.cast import NOW, Cast

SignIn = Callable[[str], Client]


def address_on(page: str) -> str:
    found = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", page)
    assert found, "the page shows no address"
    return found[1]


def made(client: Client, **rest: str) -> str:
    return address_on(client.post("/calendars/", {"act": "make", "label": "Điện thoại", **rest}).content.decode())


# --- the page -----------------------------------------------------------------------------------------


def test_a_person_makes_an_address_fetches_it_without_a_session_and_ends_it(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    address = made(client, unit=str(cast.units["SH-1"]))

    fetched = Client().get(address)

    assert fetched.status_code == 200
    assert fetched["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in fetched["Cache-Control"]
    assert fetched.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert not fetched.cookies
    assert address.encode() not in client.get("/calendars/").content  # shown once only

    client.post("/calendars/", {"act": "revoke", "feed": str(Feed.objects.get().pk)})

    assert Client().get(address).status_code == 404


def test_a_wrong_secret_and_another_person_s_feed_are_not_found(sign_in: SignIn) -> None:
    made(sign_in("hanh"))

    assert Client().get("/calendar/abc.ics").status_code == 404
    assert Client().post("/calendar/abc.ics").status_code == 405
    for feed in (str(Feed.objects.get().pk), "x", "", "9" * 30):
        assert sign_in("dong").post("/calendars/", {"act": "revoke", "feed": feed}).status_code == 404
    assert Feed.objects.get().revoked_at is None


def test_units_out_of_reach_are_not_offered_and_not_taken(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("hanh")

    page = client.get("/calendars/").content.decode()
    refused = client.post("/calendars/", {"act": "make", "label": "x", "unit": str(cast.units["DV"])})

    assert "Đồn BP Nậm Ngà" in page
    assert "BĐBP Đông Vân" not in page
    assert refused.status_code == 422
    assert not Feed.objects.exists()


def test_a_mail_address_is_kept_and_rubbish_is_refused(sign_in: SignIn) -> None:
    client = sign_in("hanh")

    client.post("/calendars/", {"act": "mail", "email": " hanh@sonha.example "})
    assert Person.objects.get(username="hanh").email == "hanh@sonha.example"

    assert client.post("/calendars/", {"act": "mail", "email": "rubbish"}).status_code == 422
    assert Person.objects.get(username="hanh").email == "hanh@sonha.example"

    client.post("/calendars/", {"act": "mail", "email": ""})
    assert Person.objects.get(username="hanh").email == ""


# --- the letters --------------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast, settings: Settings) -> date:
    """A mail server is named; the planner of Sơn Hà has an address and was told two things."""
    settings.EMAIL_HOST = "mail.example"
    Person.objects.filter(username="hanh").update(email="hanh@sonha.example")
    day = NOW.date()
    for number, (kind, due) in enumerate((("due_7", 7), ("overdue", -3))):
        Notice.objects.create(
            post=cast.posts["hanh"],
            kind=kind,
            about=f"task:{number}",
            title=f"Việc {number}",
            due_on=day + timedelta(days=due),
            at=NOW,
        )
    return day


def test_a_letter_says_in_vietnamese_what_is_overdue_first(told: date) -> None:
    assert digest_cli.send_letters(told, by=command_actor()) == (1, 0)

    (letter,) = mail.outbox
    assert letter.to == ["hanh@sonha.example"]
    assert letter.subject == "Nền Nếp: 2 việc cần nhắc, ngày 16/11/2026"
    lines = letter.body.split("\n")
    assert lines[0] == "Kính gửi đồng chí Đại úy Vi Thị Hạnh,"
    assert lines[2:5] == [
        "Trợ lý Kế hoạch - Tổng hợp (SH)",
        "- Nhiệm vụ: Việc 1 – quá hạn 3 ngày (13/11/2026)",
        "- Nhiệm vụ: Việc 0 – còn 7 ngày (23/11/2026)",
    ]
    assert Notice.objects.filter(mailed_at__isnull=True).count() == 0


def test_a_mail_server_that_refuses_loses_nothing(told: date, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> int:
        raise SMTPException("no")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert digest_cli.send_letters(told, by=command_actor()) == (0, 1)
    monkeypatch.undo()

    assert digest_cli.send_letters(told, by=command_actor()) == (1, 0)


def test_the_command_reminds_and_mails_and_says_how_much(
    told: date, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("nennep.site.cli._bring_up_to_date", lambda: False)
    monkeypatch.setattr("nennep.site.now.instant", lambda: datetime.fromisoformat("2026-11-16T02:00:00+00:00"))

    said = CliRunner().invoke(app, ["digest", "--day", f"{told}"], catch_exceptions=False).output

    assert "16/11/2026: 0 reminders made, 0 renewed, 2 settled" in said  # there are no such tasks
    assert "0 letters mailed" in said

    settings.EMAIL_HOST = ""
    quiet = CliRunner().invoke(app, ["digest"], catch_exceptions=False).output
    assert "mailed" not in quiet


# --- the words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("clash", list(Clash))
def test_every_conflict_is_a_sentence_with_its_names(clash: Clash) -> None:
    conflict = Conflict(
        clash, NOW.date(), NOW.date() + timedelta(days=6), (1, 2), unit=1, person=2, place="hội trường",
        holiday="Tết", most=3,
    )  # fmt: skip

    said = say_conflict(conflict, units={1: "Đồn A"}, people={2: "Ông B"}, place="Hội trường")

    named = {Clash.PERSON: "Ông B", Clash.PLACE: "Hội trường", Clash.HOLIDAY: "Tết"}.get(clash, "Đồn A")
    assert named in said
    assert "16/11 – 22/11/2026" in said


@pytest.mark.parametrize(
    "why",
    [
        "unreadable",
        "no_title",
        "too_long",
        "no_start",
        "unknown_time_zone",
        "ends_before_it_begins",
        "repeats_unusually",
        "began_too_long_ago",
        "leaves_the_period",
        "too_many_entries",
        "stands_twice",
        "not_an_event",
        "unit_not_alive",
    ],
)
def test_every_refused_entry_is_said_with_its_line(why: str) -> None:
    said = say_entry(Refused(12, why, "Họp", "DTSTART"))

    assert said.startswith("Dòng 12, “Họp”: ")
    assert said.endswith(".")


@pytest.mark.parametrize("why", ["too_large", "not_text", "not_a_calendar", "too_many_events"])
def test_a_refused_file_is_said(why: str) -> None:
    assert say_not_a_calendar(NotACalendar(why))
