"""The desk: what waits for whom, in which bucket and by when; the heat map and the charts; and how far one sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Edge, Post, Unit, UnitName
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided
from nennep.reporting import services
from nennep.reporting.models import Indicator, Target
from nennep.reporting.services import Remark
from nennep.site.charts import HeatState
from nennep.site.web import work
from nennep.site.web.work import Desk
from nennep.site.web.work_items import Bucket, When
from tests.cast import HANOI, NOW, START, Cast, good_content

#: The posts' deadline for month 11 is 17/11 17:00, the provinces' 20/11 17:00; the period ends on 15/11.
LATE = datetime(2026, 11, 18, 9, 0, tzinfo=HANOI)
pytestmark = pytest.mark.django_db


def desk(cast: Cast, username: str, at: datetime = NOW) -> Desk:
    return work.desk(cast.actor(username, at))


def of_month(found: Desk, month: str = "11/2026") -> list[tuple[Bucket, When, str]]:
    return [(one.bucket, one.when, one.title) for one in found.work if month in one.title]


# --- one's own report -----------------------------------------------------------------------------


def test_a_report_nobody_has_begun_is_work_with_its_due_day(cast: Cast) -> None:
    found = desk(cast, "thanh")

    [mine] = [one for one in found.work if "11/2026" in one.title]
    assert (mine.bucket, mine.when) == (Bucket.TO_DO, When.THIS_WEEK)
    assert mine.due == datetime(2026, 11, 17, 17, 0, tzinfo=HANOI)
    assert mine.url == reverse("start-report", args=[cast.rounds["2026-11"].pk])
    assert mine.by_post


WHEN_DUE = [
    (datetime(2026, 11, 16, 9, 0, tzinfo=HANOI), When.THIS_WEEK),
    (datetime(2026, 11, 17, 8, 0, tzinfo=HANOI), When.TODAY),
    (datetime(2026, 11, 17, 17, 0, tzinfo=HANOI), When.TODAY),
    (datetime(2026, 11, 17, 17, 1, tzinfo=HANOI), When.OVERDUE),
    (datetime(2026, 11, 12, 9, 0, tzinfo=HANOI), When.LATER),
]


@pytest.mark.parametrize(("at", "when"), WHEN_DUE)
def test_work_stands_under_when_it_is_due(cast: Cast, at: datetime, when: When) -> None:
    assert [one.when for one in desk(cast, "thanh", at).work if "11/2026" in one.title] == [when]


def test_a_begun_draft_is_gone_on_with(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())

    [mine] = [one for one in desk(cast, "thanh").work if "11/2026" in one.title]

    assert mine.url == reverse("edit-report", args=[report.pk])
    assert not mine.by_post


def test_a_report_handed_in_is_watched_until_the_superior_answers(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    assert [bucket for bucket, _when, _title in of_month(desk(cast, "thanh"))] == [Bucket.WATCHING]

    cast.accept(version, "hanh")

    assert of_month(desk(cast, "thanh")) == []


def test_a_returned_report_says_who_returned_it_and_how_many_places_to_mend(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    remarks = [Remark("cell:patrol.teams", "Kiểm tra lại"), Remark("statement:s1", "Thiếu nguyên nhân")]
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), remarks=remarks)

    [mine] = [one for one in desk(cast, "thanh").work if "11/2026" in one.title]

    assert mine.bucket is Bucket.RETURNED
    assert "2 chỗ cần sửa" in mine.under
    assert "Trợ lý Kế hoạch - Tổng hợp" in mine.under
    assert mine.url == reverse("edit-report", args=[version.report_id])


def test_what_came_back_is_the_next_thing_even_before_what_is_overdue(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), reason="Sai kỳ")

    found = desk(cast, "thanh", LATE)

    assert found.next is not None
    assert found.next.bucket is Bucket.RETURNED
    assert any(one.when is When.OVERDUE for one in found.mine if one is not found.next)


def test_a_reminder_is_said_at_the_report_it_reminds_of(cast: Cast) -> None:
    services.remind(cast.rounds["2026-11"].pk, [cast.units["SH-1"]], by=cast.actor("hanh", LATE))

    [mine] = [one for one in desk(cast, "thanh", LATE + timedelta(hours=1)).work if "11/2026" in one.title]

    assert "đã nhắc 18/11 09:00" in mine.under


def test_a_report_of_a_running_period_is_watched_until_its_deadline_comes_near(cast: Cast) -> None:
    assert [bucket for bucket, *_rest in of_month(desk(cast, "thanh"), "12/2026")] == [Bucket.WATCHING]
    near = datetime(2026, 12, 11, 9, 0, tzinfo=HANOI)

    assert [bucket for bucket, *_rest in of_month(desk(cast, "thanh", near), "12/2026")] == [Bucket.TO_DO]


def test_a_post_that_may_not_write_is_only_shown_what_its_unit_owes(cast: Cast) -> None:
    found = desk(cast, "dontruong")

    assert found.mine == ()
    assert {one.bucket for one in found.work} == {Bucket.WATCHING}
    assert not any(one.by_post for one in found.work)


# --- what others handed in ------------------------------------------------------------------------


def test_a_report_of_a_child_waits_for_the_superior_and_for_nobody_else(cast: Cast) -> None:
    version = cast.hand_in("thanh")

    [one] = desk(cast, "hanh").of(Bucket.TO_APPROVE)

    assert one.url == reverse("report", args=[version.report_id])
    assert "Đồn BP Nậm Ngà" in one.title
    assert desk(cast, "dong").of(Bucket.TO_APPROVE) == ()
    assert desk(cast, "tulenh").mine == ()


def test_many_reports_of_one_round_are_one_line_that_counts_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "REPORTS_ONE_BY_ONE", 2)
    for username in ("thanh", "pao", "hu"):
        cast.hand_in(username)

    found = desk(cast, "hanh")

    [one] = found.of(Bucket.TO_APPROVE)
    assert one.count == found.count(found.of(Bucket.TO_APPROVE)) == 3
    assert one.url == reverse("round", args=[cast.rounds["2026-11"].pk])


def test_children_past_their_deadline_are_to_be_reminded_by_name(cast: Cast) -> None:
    cast.hand_in("thanh")

    reminders = [one for one in desk(cast, "hanh", LATE).of(Bucket.TO_DO) if one.icon == "remind"]

    month = [one for one in reminders if "11/2026" in one.title]
    assert [one.count for one in month] == [2]
    assert "Đồn BP Tả Lùng, Đồn BP Pá Hu" in month[0].under
    assert month[0].when is When.OVERDUE


def test_before_the_deadline_nobody_is_to_be_reminded(cast: Cast) -> None:
    found = desk(cast, "hanh")

    assert not [one for one in found.mine if one.icon == "remind" and "11/2026" in one.title]
    assert [one.under for one in found.of(Bucket.WATCHING) if "11/2026" in one.title] == ["0 trên 3 đơn vị đã báo cáo"]


def test_who_was_reminded_today_is_watched_and_tomorrow_to_be_reminded_again(cast: Cast) -> None:
    posts = [cast.units[code] for code in ("SH-1", "SH-2", "SH-3")]
    services.remind(cast.rounds["2026-11"].pk, posts, by=cast.actor("hanh", LATE))

    def buckets(at: datetime) -> set[Bucket]:
        return {one.bucket for one in desk(cast, "hanh", at).work if one.icon == "remind" and "11/2026" in one.title}

    assert buckets(LATE) == {Bucket.WATCHING}
    assert buckets(LATE + timedelta(days=1)) == {Bucket.TO_DO}


def test_a_province_brings_its_posts_together_instead_of_writing_from_nothing(cast: Cast) -> None:
    cast.hand_in("thanh")

    together = [one for one in desk(cast, "hanh").of(Bucket.TO_DO) if "11/2026" in one.title]

    assert [one.icon for one in together] == ["synthesis"]
    assert together[0].under == "1 trên 3 đơn vị đã báo cáo"
    assert together[0].due == datetime(2026, 11, 20, 17, 0, tzinfo=HANOI)


def test_a_unit_that_reports_to_nobody_and_to_whom_nobody_reports_has_nothing_to_do(cast: Cast) -> None:
    assert desk(cast, "khach").work == ()


def test_the_buckets_add_up_to_all_of_mine(cast: Cast) -> None:
    cast.hand_in("thanh")
    cast.hand_in("pao")

    found = desk(cast, "hanh", LATE)

    parts = [found.count(found.of(bucket)) for bucket in (Bucket.TO_DO, Bucket.TO_APPROVE, Bucket.RETURNED)]
    assert sum(parts) == found.count(found.of(""))
    assert {one.when for one in found.of(When.OVERDUE)} == {When.OVERDUE}


# --- the page -------------------------------------------------------------------------------------


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_primary_button_is_the_next_thing_to_do_by_name(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    report = cast.draft("thanh", good_content(), period="2025-11")

    page = sign_in("thanh").get("/").content.decode()

    [button] = re.findall(r'<a class="button primary" href="([^"]+)">.*?</a>', page)
    assert button == reverse("edit-report", args=[report.pk])
    assert "Tiếp tục báo cáo tháng 11/2025" in text_of(page)


def test_a_bucket_is_pressed_by_its_address(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    cast.hand_in("thanh")
    client = sign_in("hanh")

    answer = client.get("/?work=to_approve")

    assert [one.bucket for _when, _words, works in answer.context["groups"] for one in works] == [Bucket.TO_APPROVE]
    assert [bucket["selected"] for bucket in answer.context["buckets"]].count(True) == 1
    assert client.get("/?work=gi-do-khac").context["buckets"][0]["selected"]


def test_a_commander_sees_the_picture_first_and_no_buckets_of_work(sign_in: Callable[[str], Client]) -> None:
    page = sign_in("tulenh").get("/").content.decode()

    assert page.index('class="chart heat-map"') < page.index('id="work"')
    assert "Chờ duyệt" not in page
    assert "button primary" not in page


def test_a_planner_sees_the_work_first(sign_in: Callable[[str], Client]) -> None:
    page = sign_in("hanh").get("/").content.decode()

    assert page.index('id="work"') < page.index('class="chart heat-map"')


def test_a_post_that_may_not_see_reports_has_a_desk_without_them(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    Post.objects.filter(pk=cast.posts["tulenh"].pk).update(permissions=["organisation.view", "journal.view"])

    answer = sign_in("tulenh").get("/")

    assert answer.status_code == 200
    assert answer.context["overview"] is None
    assert "heat-map" not in answer.content.decode()


def test_the_heat_map_shows_how_each_unit_stood_and_leads_to_its_report(
    cast: Cast, sign_in: Callable[[str], Client], clock: Callable[[datetime], None]
) -> None:
    early = cast.hand_in("thanh")
    late = cast.hand_in("pao", at=LATE)
    clock(LATE)

    answer = sign_in("hanh").get("/")

    rows = {row.unit: row for row in answer.context["overview"].heat_map.rows}
    now = {unit: (row.cells[-1].state, row.cells[-1].days_late) for unit, row in rows.items()}
    assert now == {
        "Đồn BP Nậm Ngà": (HeatState.ON_TIME, 0),
        "Đồn BP Tả Lùng": (HeatState.LATE, 1),
        "Đồn BP Pá Hu": (HeatState.MISSING, 0),
    }
    page = answer.content.decode()
    for version in (early, late):
        assert f'href="{reverse("report", args=[version.report_id])}"' in page
    assert 'aria-label="Đồn BP Tả Lùng, tháng 11/2026, trễ 1 ngày"' in page


def test_the_units_with_most_to_mend_stand_first(
    cast: Cast, sign_in: Callable[[str], Client], clock: Callable[[datetime], None]
) -> None:
    for period in ("2026-10", "2026-11"):
        cast.hand_in("hu", period=period, at=datetime(2026, 10, 16, 9, 0, tzinfo=HANOI))
    cast.hand_in("pao")
    clock(LATE)

    rows = sign_in("hanh").get("/").context["overview"].heat_map.rows

    assert [row.unit for row in rows] == ["Đồn BP Nậm Ngà", "Đồn BP Tả Lùng", "Đồn BP Pá Hu"]
    assert [row.on_time for row in rows] == [0, 50, 100]


def test_of_many_units_the_first_are_shown_and_the_rest_on_request(
    sign_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nennep.site.web.overview.ROWS_SHOWN", 2)
    client = sign_in("hanh")

    assert len(client.get("/").context["overview"].heat_map.rows) == 2
    assert "Xem thêm 1 đơn vị" in text_of(client.get("/").content.decode())
    assert len(client.get("/?rows=all").context["overview"].heat_map.rows) == 3


def test_another_unit_within_reach_can_be_looked_at_and_none_beyond(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("hanh")

    inside = client.get(f"/?unit={cast.units['SH-1']}")

    assert [row.unit for row in inside.context["overview"].heat_map.rows] == ["Đồn BP Nậm Ngà"]
    assert client.get(f"/?unit={cast.units['DV-1']}").status_code == 404
    assert "Lũng Vài" not in client.get("/").content.decode()


def test_timeliness_counts_last_years_reports_of_units_merged_since(
    cast: Cast, sign_in: Callable[[str], Client], clock: Callable[[datetime], None]
) -> None:
    a_year_ago = datetime(2025, 11, 16, 9, 0, tzinfo=HANOI)
    for username in ("thanh", "pao"):
        cast.hand_in(username, period="2025-11", at=a_year_ago)
    organisation.merge(
        [cast.units["SH-2"]],
        cast.units["SH-1"],
        Decided("1/QĐ", None, datetime(2026, 1, 1, tzinfo=HANOI).date()),
        by=system_actor(NOW, NOW.date()),
    )
    cast.hand_in("thanh")
    clock(LATE)

    chart = sign_in("hanh").get("/").context["overview"].timeliness

    now, before = chart.series
    assert now.values[-1] == 50  # of two posts one is in
    assert before.values[-1] == Decimal("66.7")  # of three posts two were


def test_the_years_targets_are_set_against_what_accepted_reports_add_up_to(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    for username, teams in (("thanh", "100"), ("vai", "37")):
        version = cast.hand_in(username, good_content(patrol__teams=teams))
        cast.accept(version, "hanh" if username == "thanh" else "dong")
    indicator = Indicator.objects.get(code="patrol.teams")
    Target.objects.create(unit_id=cast.units["HQ"], indicator=indicator, year=2026, value=1200)

    chart = sign_in("kehoach").get("/").context["overview"].year

    [bar] = chart.bars
    assert (bar.value, bar.target) == (137, 1200)
    assert chart.is_slow(bar)
    assert chart.pace == Decimal(11) / 12


def test_a_report_accepted_a_moment_ago_is_in_the_next_picture(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    Target.objects.create(
        unit_id=cast.units["HQ"], indicator=Indicator.objects.get(code="patrol.teams"), year=2026, value=1200
    )
    client = sign_in("kehoach")
    first = cast.hand_in("thanh", good_content(patrol__teams="100"))
    cast.accept(first, "hanh")
    assert client.get("/").context["overview"].year.bars[0].value == 100

    second = cast.hand_in("pao", good_content(patrol__teams="20"))
    cast.accept(second, "hanh")

    assert client.get("/").context["overview"].year.bars[0].value == 120


def test_what_is_held_up_is_counted_by_its_stage(
    cast: Cast, sign_in: Callable[[str], Client], clock: Callable[[datetime], None]
) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")
    cast.hand_in("pao")
    clock(LATE)

    chart = sign_in("hanh").get("/").context["overview"].held_up

    assert chart.rows == (("Tháng 11/2026", (1, 1, 1)),)
    assert chart.title == "1 báo cáo chờ duyệt, 1 chưa nộp"


def test_a_post_sees_its_own_figures_beside_last_years(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    a_year_ago = datetime(2025, 11, 16, 9, 0, tzinfo=HANOI)
    before = cast.hand_in("thanh", good_content(patrol__teams="100"), period="2025-11", at=a_year_ago)
    cast.accept(before, "hanh", a_year_ago)
    cast.accept(cast.hand_in("thanh", good_content(patrol__teams="137")), "hanh")

    figures = {one.name: one for one in sign_in("thanh").get("/").context["overview"].own_figures}

    patrols = figures["Tuần tra đường biên, cột mốc"]
    assert (patrols.value, patrols.year_before, patrols.difference) == (137, 100, 37)
    assert patrols.line.values[-1] == 137
    assert "Trong đó: tuần tra song phương" not in figures


def test_a_late_change_to_my_draft_stands_above_everything(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")
    client = sign_in("hanh")
    client.post(reverse("begin-synthesis", args=[cast.rounds["2026-11"].pk]))
    assert "strip changed" not in client.get("/").content.decode()

    cast.accept(cast.hand_in("thanh", good_content(patrol__teams="140")), "hanh")

    page = client.get("/").content.decode()
    assert page.index("strip changed") < page.index('id="work"')
    assert client.get("/").context["alerts"][0].figures >= 1


def test_more_units_and_reports_take_no_more_queries(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("hanh")
    for username in ("thanh", "pao"):
        cast.hand_in(username)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")

    for number in range(4, 16):
        unit = Unit.objects.create(code=f"SH-{number}", kind="post", starts_on=START)
        UnitName.objects.create(unit=unit, name=f"Đồn {number}", short_name=f"Đồn {number}", starts_on=START)
        Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=Line.PROFESSIONAL, starts_on=START)
    cast.hand_in("hu")
    cast.hand_in("hu", period="2026-10")
    client.get("/")  # what the year adds up to is worked out once, in as many queries for any number of units
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/")

    assert len(answer.context["overview"].children) == 15
    assert len(many) == len(few)


@pytest.mark.parametrize("username", ["tulenh", "kehoach", "hanh", "thanh", "dontruong", "khach"])
def test_the_desk_speaks_english_throughout(cast: Cast, sign_in: Callable[[str], Client], username: str) -> None:
    person = cast.people[username]
    person.language = "en"
    person.save()

    words = text_of(sign_in(username).get("/").content.decode())

    for vietnamese in ("Báo cáo tháng", "Cần làm", "Theo dõi", "Quá hạn", "Đúng hạn", "trên 3 đơn vị"):
        assert vietnamese not in words
