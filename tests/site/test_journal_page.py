"""The journal's page: whose entries, which filters, page by page, as a file, and what the chain says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from nennep.journal.models import Entry
from nennep.journal.queries import Chain
from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Post
from nennep.organisation.services import Decided
from nennep.reporting import services
from nennep.site.web import journal
from tests.cast import NOW, Cast, good_content

FORBIDDEN, NOT_FOUND = 403, 404
pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(cast: Cast, sign_in: Callable[[str], Client]) -> Client:
    """Somebody at a province who may read its journal."""
    post = cast.posts["hanh"]
    post.permissions = [*post.permissions, "journal.view"]
    post.save()
    return sign_in("hanh")


def told(client: Client, **question: str | int) -> list[tuple[str, str]]:
    """(unit, act) of each entry on the page."""
    answer = client.get("/journal/", question)
    return [(one.unit, one.entry.act) for one in answer.context["told"]]


# --- whose entries --------------------------------------------------------------------------------


def test_the_journal_is_for_posts_that_carry_it(sign_in: Callable[[str], Client]) -> None:
    assert sign_in("tulenh").get("/journal/").status_code == 200
    for username in ("hanh", "thanh", "kehoach", "khach"):
        assert sign_in(username).get("/journal/").status_code == FORBIDDEN


def test_one_reads_the_entries_of_ones_units_and_of_no_others(cast: Cast, inspector: Client) -> None:
    for username in ("thanh", "vai"):
        cast.hand_in(username)

    units = {unit for unit, _act in told(inspector)}

    assert units == {"Đồn BP Nậm Ngà"}
    assert inspector.get(f"/journal/?unit={cast.units['DV-1']}").status_code == NOT_FOUND


def test_entries_of_a_merged_unit_are_read_by_whoever_took_it_in(cast: Cast, inspector: Client) -> None:
    cast.hand_in("vai")
    by = system_actor(NOW, NOW.date())
    organisation.merge([cast.units["DV-1"]], cast.units["SH-1"], Decided("1/QĐ", None, NOW.date()), by=by)

    assert ("Đồn BP Lũng Vài", "reporting.submit") in told(inspector)
    assert ("Đồn BP Lũng Vài", "reporting.submit") in told(inspector, unit=cast.units["SH-1"])


def test_a_unit_that_is_looked_at_narrows_the_journal_to_its_subtree(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    for username in ("thanh", "vai"):
        cast.hand_in(username)
    client = sign_in("tulenh")

    assert {unit for unit, _act in told(client, unit=cast.units["DV"])} == {"Đồn BP Lũng Vài"}


def test_only_the_looked_at_unit_leaves_those_below_aside(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")

    assert told(inspector, unit=cast.units["SH"], alone="1") == []


# --- filters --------------------------------------------------------------------------------------


def test_entries_are_filtered_by_act_person_and_days(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")
    cast.hand_in("pao", at=NOW + timedelta(days=1))
    today, tomorrow = NOW.date().isoformat(), (NOW + timedelta(days=1)).date().isoformat()

    assert told(inspector, act="reporting.submit") == [
        ("Đồn BP Tả Lùng", "reporting.submit"),
        ("Đồn BP Nậm Ngà", "reporting.submit"),
    ]
    assert {unit for unit, _act in told(inspector, person="páo")} == {"Đồn BP Tả Lùng"}
    assert {unit for unit, _act in told(inspector, until=today)} == {"Đồn BP Nậm Ngà"}
    assert {unit for unit, _act in told(inspector, since=tomorrow)} == {"Đồn BP Tả Lùng"}


def test_a_day_that_is_none_is_said_back_and_left_out(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")

    answer = inspector.get("/journal/", {"since": "hôm kia", "act": "khong-co", "before": "x"})

    assert 'role="alert"' in answer.content.decode()
    assert len(answer.context["told"]) == 2


def test_an_entry_says_its_details_in_words(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh", at=NOW + timedelta(days=3))

    [entry] = inspector.get("/journal/?act=reporting.submit").context["told"]

    assert entry.act == "nộp báo cáo"
    assert "Tháng 11/2026" in entry.details
    assert "số ngày trễ: 2" in entry.details
    assert len(entry.short_digest) == 12


def test_an_entry_leads_only_where_the_reader_may_go(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    version = cast.hand_in("thanh")
    report = reverse("report", args=[version.report_id])
    assert report in sign_in("tulenh").get("/journal/").content.decode()

    Post.objects.filter(pk=cast.posts["tulenh"].pk).update(permissions=["organisation.view", "journal.view"])

    assert report not in sign_in("tulenh").get("/journal/").content.decode()


# --- page by page ---------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repeat(
    cast: Cast, inspector: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 3)
    for username in ("thanh", "pao", "hu"):
        cast.hand_in(username)
    cast.hand_in("thanh", good_content(patrol__teams="138"))

    seen, url = [], "/journal/"
    while url:
        context = inspector.get(url).context
        seen += [one.entry.pk for one in context["told"]]
        url = context["older_url"]

    assert seen == list(
        Entry.objects.exclude(unit_id=cast.units["HQ"])
        .order_by("-at", "-pk")
        .values_list("pk", flat=True)
        .filter(unit_id__gt=0)
    )
    assert len(seen) == len(set(seen)) == 7


def test_more_entries_take_no_more_queries(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")
    inspector.get("/journal/")
    with CaptureQueriesContext(connection) as few:
        inspector.get("/journal/")

    for username in ("pao", "hu"):
        cast.hand_in(username)
    with CaptureQueriesContext(connection) as many:
        inspector.get("/journal/")

    assert len(many) == len(few)


# --- as a file ------------------------------------------------------------------------------------


def test_the_filtered_entries_as_a_workbook(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")

    answer = inspector.get("/journal/?act=reporting.submit&as=xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows if row[2] == "nộp báo cáo"] == ["Đồn BP Nậm Ngà"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_reason_never_becomes_a_formula(cast: Cast, inspector: Client) -> None:
    version = cast.hand_in("thanh")
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), reason="=1+1")

    text = inspector.get("/journal/?as=csv").content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "Khi nào"
    assert [row[5] for row in rows if row[2] == "trả lại báo cáo"] == ["'=1+1"]


# --- the chain ------------------------------------------------------------------------------------


def test_the_page_says_that_the_chain_holds(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")

    answer = inspector.get(f"/journal/?unit={cast.units['SH-1']}")

    assert answer.context["chain"].broken_at is None
    assert "strip good" in answer.content.decode()


def test_the_page_says_from_where_the_chain_does_not_hold(cast: Cast, inspector: Client) -> None:
    cast.hand_in("thanh")
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON journal_entry"
        cursor.execute(f"DROP TRIGGER journal_entry_refuses_update{on}")
        cursor.execute("UPDATE journal_entry SET reason = 'khác' WHERE unit_id = %s", [cast.units["SH-1"]])

    page = inspector.get(f"/journal/?unit={cast.units['SH-1']}").content.decode()

    assert "strip error" in page
    assert "mục 1" in page


def test_a_unit_without_entries_says_so(cast: Cast, inspector: Client) -> None:
    answer = inspector.get(f"/journal/?unit={cast.units['SH-2']}")

    assert answer.context["chain"] == Chain(0, "", None)
    assert "chưa có mục nào" in answer.content.decode()
