"""The calendar by week and month, the Gantt, other days for a task, conflicts, and calendar files taken in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document as Word

from nennep.planning.ical import MOST_BYTES
from nennep.planning.models import Holiday, Plan, PlanVersion, Task, TaskUnit
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.site.calendar_grid import Entry, Look, Marks, Moving, look_of, weeks_of
from nennep.site.web.calendar import day_asked
from nennep.site.web.gantt import in_order
from nennep.site.web.ics_import import packed, unpacked
from tests.cast import Cast
from tests.planning.conftest import World, make_world
from tests.planning.test_ical import entry, file

SignIn = Callable[[str], Client]
MONDAY, TODAY = date(2026, 11, 16), date(2026, 11, 16)


@pytest.fixture
def plans(cast: Cast) -> World:
    return make_world(cast)


def text(answer: Any) -> str:
    """What the page says, as a person reads it."""
    page = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def bars(answer: Any) -> list[str]:
    """What the bars of a calendar are called, in their order."""
    found = re.findall(r'class="day-bar[^"]*"[^>]*aria-label="([^"]*)"', answer.content.decode())
    return [html.unescape(one).partition(".")[0] for one in found]


def more_tasks(world: World, name: str, count: int, **rest: Any) -> list[Task]:
    """So many more tasks of a plan, on one day unless told otherwise."""
    plan = world.plans[name]
    columns = {"lead_unit_id": plan.unit_id, "starts_on": TODAY, "due_on": TODAY} | rest
    made = Task.objects.bulk_create(
        Task(plan=plan, key=f"m{number}", order=100 + number, title=f"Việc thêm {number}", **columns)
        for number in range(count)
    )
    TaskUnit.objects.bulk_create(TaskUnit(task=task, unit_id=world.unit("SH-2")) for task in made)
    return made


# --- weeks and months -----------------------------------------------------------------------------


@pytest.mark.usefixtures("plans")
def test_the_week_shows_the_most_detailed_tasks_and_what_lasts_for_months_only_when_it_is_due(
    sign_in: SignIn,
) -> None:
    page = sign_in("hanh").get("/calendar/")

    assert "Tuần 47, 16/11 – 22/11/2026" in text(page)
    assert "Học tập chuyên đề quý IV, lớp 3" in bars(page)
    assert "Học tập chuyên đề quý IV" not in bars(page)  # detailed by the month, the month by the week
    assert "nhiệm vụ của kế hoạch dài hơn hoặc cấp trên" in text(page)


@pytest.mark.usefixtures("plans")
def test_what_is_detailed_further_is_shown_when_asked(
    sign_in: SignIn,
) -> None:
    page = sign_in("hanh").get("/calendar/?whole=1")

    assert "Học tập chuyên đề quý IV, lớp 3 và lớp 4" in bars(page)
    assert "kéo dài hơn một tháng" in text(page)  # those of the quarter and the year, listed under the days


@pytest.mark.usefixtures("plans")
def test_the_province_sees_its_posts_when_it_asks_for_all_under_it(
    sign_in: SignIn,
) -> None:
    client = sign_in("hanh")

    own, below = client.get("/calendar/?view=month"), client.get("/calendar/?view=month&depth=all")

    assert "Chiếu phim lưu động 6 bản vùng cao" not in bars(own)
    assert {"Chiếu phim lưu động 6 bản vùng cao", "Tuyên truyền tại 3 bản giáp biên"} <= set(bars(below))
    assert "Tháng 11/2026" in text(below)


def test_units_out_of_reach_are_not_found_and_their_tasks_are_not_shown(plans: World, sign_in: SignIn) -> None:
    del plans
    client = sign_in("dong")

    assert client.get(f"/calendar/?unit={Plan.objects.get(title__startswith='SH week').unit_id}").status_code == 404
    assert "Học tập chuyên đề quý IV, lớp 3" not in text(client.get("/calendar/?depth=all"))


@pytest.mark.parametrize("asked", ["day=2026-13-40", "day=9999-12-31", "view=decade", "depth=galaxy", "whole=7"])
def test_what_makes_no_sense_in_the_address_is_left_out(plans: World, sign_in: SignIn, asked: str) -> None:
    del plans

    page = sign_in("hanh").get(f"/calendar/?{asked}")

    assert page.status_code == 200
    assert "Tuần 47" in text(page)


def test_the_day_that_is_chosen_lists_its_tasks_by_the_hour(plans: World, sign_in: SignIn) -> None:
    more_tasks(plans, "SH week", 1, starts_at=time(14), ends_at=time(15, 30), place="Hội trường")
    page = text(sign_in("hanh").get("/calendar/?day=2026-11-16"))

    listed = page.partition("Thứ Hai, 16/11/2026")[2]

    assert listed.index("14:00 – 15:30") < listed.index("Học tập chuyên đề")
    assert "Hội trường" in listed


def test_a_holiday_and_a_clash_are_marked_with_their_words(plans: World, sign_in: SignIn) -> None:
    Holiday.objects.create(name="Ngày lễ thử", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=1), clause="Điều 1")
    more_tasks(plans, "SH week", 2, starts_at=time(8), ends_at=time(9), place="Phòng họp")

    page = sign_in("hanh").get("/calendar/")

    assert "Ngày lễ thử" in text(page)
    assert "2 nhiệm vụ trùng giờ tại Phòng họp" in text(page)
    assert re.search(r'aria-label="Việc thêm 0[^"]*trùng giờ', html.unescape(page.content.decode()))


def test_a_calendar_asks_the_same_number_of_questions_whatever_its_tasks(plans: World, sign_in: SignIn) -> None:
    client = sign_in("hanh")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/calendar/?view=month&depth=all").status_code == 200
        return len(asked)

    questions()  # what is looked up once for the process
    few = questions()
    more_tasks(plans, "SH week", 40)
    more_tasks(plans, "SH month", 40, due_on=TODAY + timedelta(days=3))

    assert questions() == few


def test_a_plan_stands_on_its_own_calendar_and_on_no_other_s(plans: World, sign_in: SignIn) -> None:
    page = sign_in("hanh").get(f"/plans/{plans.plans['SH month'].pk}/calendar/")

    assert set(bars(page)) == {
        "Học tập chuyên đề quý IV, lớp 3 và lớp 4",
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao",
        "Chiếu phim lưu động 6 bản vùng cao",
    }
    assert sign_in("dong").get(f"/plans/{plans.plans['SH month'].pk}/calendar/").status_code == 404


def test_a_plan_opens_on_its_own_days_when_it_is_not_its_time(plans: World, sign_in: SignIn) -> None:
    Plan.objects.filter(pk=plans.plans["SH week"].pk).update(starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 14))
    client, address = sign_in("hanh"), f"/plans/{plans.plans['SH week'].pk}/calendar/"

    assert "Tuần 50" in text(client.get(address))
    assert "nằm ngoài kỳ của kế hoạch" in text(client.get(f"{address}?day=2026-11-16"))


# --- how tasks lie on days ------------------------------------------------------------------------


def made(starts: int, due: int, **rest: Any) -> Task:
    """A task that nobody keeps, on days of November 2026."""
    return Task(
        pk=rest.pop("pk", starts), title="x", starts_on=date(2026, 11, starts), due_on=date(2026, 11, due), **rest
    )


def test_bars_lie_beside_each_other_where_there_is_room_and_the_rest_is_counted() -> None:
    entries = [Entry(made(16, 17, pk=n), Look.LONG, Moving.NO) for n in range(1, 4)]
    entries.append(Entry(made(18, 25, pk=9), Look.LONG, Moving.NO))
    marks = Marks(TODAY, TODAY, {}, {})

    first, second = weeks_of(entries, MONDAY, date(2026, 11, 29), marks, most=2)

    assert [(bar.entry.task.pk, bar.place, bar.length) for bar in first.bars] == [(1, 1, 2), (2, 1, 2), (9, 3, 5)]
    assert [day.hidden for day in first.days] == [1, 1, 0, 0, 0, 0, 0]
    assert [day.count for day in first.days] == [3, 3, 1, 1, 1, 1, 1]
    (rest,) = second.bars
    assert (rest.place, rest.length, rest.begins, rest.ends) == (1, 3, False, True)


@pytest.mark.parametrize(
    ("task", "look"),
    [
        (made(10, 15), Look.OVERDUE),
        (made(10, 15, state=TaskState.DONE), Look.DONE),
        (made(16, 16), Look.SOON),
        (made(16, 19), Look.SOON),
        (made(16, 20), Look.LONG),
        (made(18, 18), Look.PLAIN),
        (made(16, 17, emphasis=True), Look.EMPHASIS),
        (made(10, 15, emphasis=True), Look.OVERDUE),
    ],
)
def test_how_a_task_looks_on_monday_16_november(task: Task, look: Look) -> None:
    assert look_of(task, TODAY) is look


@pytest.mark.parametrize("asked", ["", "2026-2-1", "1899-01-01", "2300-01-01", "16/11/2026"])
def test_no_day_is_read_from_what_is_none(asked: str) -> None:
    assert day_asked(asked) is None


# --- the official calendar ------------------------------------------------------------------------


def test_the_week_prints_with_the_head_of_its_unit_by_days_and_parts_of_the_day(plans: World, sign_in: SignIn) -> None:
    more_tasks(plans, "SH week", 1, starts_at=time(14), ends_at=time(15, 30), place="Hội trường")

    page = text(sign_in("hanh").get("/calendar/print/"))

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert "hoạt động tuần 47 năm 2026" in page
    assert "(Từ ngày 16/11/2026 đến ngày 22/11/2026)" in page
    assert "14.00 – 15.30: Việc thêm 0" in page
    assert page.index("Sáng") < page.index("Chiều") < page.index("Thứ Ba, 17/11")
    assert "Kính gửi" not in page


@pytest.mark.usefixtures("plans")
def test_work_that_goes_on_for_weeks_is_not_on_the_official_calendar(
    sign_in: SignIn,
) -> None:
    page = text(sign_in("hanh").get("/calendar/print/?depth=all"))

    assert "Tuyên truyền tại 3 bản giáp biên" not in page  # from 9 to 25 November
    assert "Chiếu phim lưu động" in page


@pytest.mark.parametrize(("kind", "head"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_the_week_of_a_plan_is_a_file(plans: World, sign_in: SignIn, kind: str, head: bytes) -> None:
    answer = sign_in("hanh").get(f"/calendar/week.{kind}?plan={plans.plans['SH week'].pk}")

    assert answer.content.startswith(head)
    assert f"lich-tuan-SH-2026-W47.{kind}" in answer["Content-Disposition"]
    if kind == "docx":
        table = max(Word(BytesIO(answer.content)).tables, key=lambda one: len(one.columns))
        assert [cell.text for cell in table.rows[0].cells][:3] == ["Thứ, ngày", "Buổi", "Nội dung"]


@pytest.mark.parametrize("address", ["/calendar/week.exe", "/calendar/print/?plan=x", "/calendar/print/?plan=999999"])
def test_no_other_file_and_no_unknown_plan_is_printed(plans: World, sign_in: SignIn, address: str) -> None:
    del plans
    assert sign_in("hanh").get(address).status_code == 404


# --- other days for a task ------------------------------------------------------------------------


def move(client: Client, task: Task, starts: str, due: str, **rest: Any) -> Any:
    sent = {"starts_on": starts, "due_on": due, "edition": task.edition, **rest}
    answer: Any = client.post(f"/tasks/{task.pk}/reschedule/", sent)
    return answer


def test_a_task_of_a_calendar_that_is_written_moves_and_leads_back_to_where_one_was(
    plans: World, sign_in: SignIn
) -> None:
    task = plans.task("week study")

    answer = move(sign_in("hanh"), task, "2026-11-17", "2026-11-19", next="/calendar/?day=2026-11-17")

    assert (answer.status_code, answer["Location"]) == (302, "/calendar/?day=2026-11-17")
    moved = plans.task("week study")
    assert (moved.starts_on, moved.due_on, moved.edition) == (date(2026, 11, 17), date(2026, 11, 19), task.edition + 1)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "/\\example.org"])
def test_nobody_is_led_to_another_site(plans: World, sign_in: SignIn, elsewhere: str) -> None:
    answer = move(sign_in("hanh"), plans.task("week study"), "2026-11-17", "2026-11-19", next=elsewhere)

    assert answer["Location"] == f"/plans/{plans.plans['SH week'].pk}/calendar/"


def test_days_outside_the_plan_are_refused_with_the_sentence_and_the_form_keeps_what_was_typed(
    plans: World, sign_in: SignIn
) -> None:
    answer = move(sign_in("hanh"), plans.task("week study"), "2026-11-20", "2026-11-24")

    assert answer.status_code == 422
    assert "Kế hoạch từ ngày 16/11/2026 đến ngày 22/11/2026" in text(answer)
    assert 'value="2026-11-24"' in answer.content.decode()
    assert plans.task("week study").due_on == date(2026, 11, 20)


def test_whoever_moves_over_another_s_move_is_told_and_may_save_again(plans: World, sign_in: SignIn) -> None:
    client, before = sign_in("hanh"), plans.task("week study")
    move(client, before, "2026-11-17", "2026-11-19")

    stale = move(client, before, "2026-11-18", "2026-11-20")

    assert stale.status_code == 409
    assert "Nhiệm vụ hiện ở ngày 17/11 – 19/11" in text(stale)
    assert f'name="edition" value="{before.edition + 1}"' in stale.content.decode()
    assert move(client, plans.task("week study"), "2026-11-18", "2026-11-20").status_code == 302


def test_a_calendar_in_force_asks_why_and_keeps_the_answer_with_a_version(plans: World, sign_in: SignIn) -> None:
    plan = plans.plans["SH week"]
    version = PlanVersion.objects.create(
        plan=plan, number=1, content_data={}, digest="0" * 64, at="2026-11-13T02:00:00Z", person_name="x", post_title=""
    )
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED, current_version=version)
    client, task = sign_in("hanh"), plans.task("week study")

    silent = move(client, task, "2026-11-17", "2026-11-19")
    told = move(client, task, "2026-11-17", "2026-11-19", reason="Hội trường bận")

    assert silent.status_code == 422
    assert "Lý do đổi ngày" in text(silent)
    assert told.status_code == 302
    assert PlanVersion.objects.get(plan=plan, number=2).reason == "Hội trường bận"
    assert 'data-why="with_reason"' in client.get("/calendar/").content.decode()


def test_a_plan_in_force_that_is_no_calendar_is_amended_first(plans: World, sign_in: SignIn) -> None:
    client, task = sign_in("hanh"), plans.task("month study")

    form, answer = client.get(f"/tasks/{task.pk}/reschedule/"), move(client, task, "2026-11-17", "2026-11-27")

    assert "phải mở ra điều chỉnh trước" in text(form)
    assert answer.status_code == 422
    assert plans.task("month study").starts_on == date(2026, 11, 16)


@pytest.mark.parametrize(("starts", "due"), [("", ""), ("x", "2026-11-19"), ("2026-11-19", "2026-11-17")])
def test_days_that_are_none_or_end_before_they_begin_are_refused(
    plans: World, sign_in: SignIn, starts: str, due: str
) -> None:
    answer = move(sign_in("hanh"), plans.task("week study"), starts, due)

    assert answer.status_code in {400, 422}
    assert plans.task("week study").edition == plans.tasks["week study"].edition


@pytest.mark.parametrize(("username", "status"), [("kehoach", 403), ("dong", 404), ("tulenh", 403)])
def test_only_the_plan_s_own_unit_moves_its_tasks(plans: World, sign_in: SignIn, username: str, status: int) -> None:
    client, task = sign_in(username), plans.task("week study")

    assert client.get(f"/tasks/{task.pk}/reschedule/").status_code == status
    assert move(client, task, "2026-11-17", "2026-11-19").status_code == status


def test_only_what_may_be_moved_offers_it(plans: World, sign_in: SignIn) -> None:
    """The week is a draft of Sơn Hà; the month of the post is the post's own."""
    task, of_post = plans.tasks["week study"].pk, plans.tasks["post law"].pk

    page = sign_in("hanh").get("/calendar/?depth=all").content.decode()

    assert f'data-move="/tasks/{task}/reschedule/"' in page
    assert f'data-move="/tasks/{of_post}/reschedule/"' not in page


# --- the Gantt ------------------------------------------------------------------------------------


def test_the_gantt_shows_headings_bars_their_progress_and_today(plans: World, sign_in: SignIn) -> None:
    Task.objects.filter(pk=plans.tasks["month study"].pk).update(progress=40)

    page = sign_in("hanh").get(f"/plans/{plans.plans['SH month'].pk}/gantt/")

    assert "Giáo dục chính trị, tuyên truyền" in text(page)
    assert "hôm nay" in text(page)
    # November has 30 days: 16 to 27 November begin at the half and take 40 hundredths
    assert 'x="50.000%" y="50%" width="40.000%"' in page.content.decode()


def test_what_details_a_task_in_other_plans_stands_indented_under_it_when_asked(plans: World, sign_in: SignIn) -> None:
    client, address = sign_in("hanh"), f"/plans/{plans.plans['SH quarter'].pk}/gantt/"

    alone, together = client.get(address), client.get(f"{address}?below=1")

    assert "ở xã vùng cao" not in text(alone)
    assert re.search(r'class="deep-1".*?ở xã vùng cao', together.content.decode(), re.DOTALL)


def test_tasks_follow_those_that_they_detail_and_a_circle_loses_none() -> None:
    first, second, third = Task(pk=1, title="a"), Task(pk=2, title="b"), Task(pk=3, title="c")
    third.details_id = 1

    assert [(task.pk, depth) for task, depth in in_order([first, second, third])] == [(1, 0), (3, 1), (2, 0)]

    first.details_id = 3
    assert {task.pk for task, _depth in in_order([first, second, third])} == {1, 2, 3}


def test_a_gantt_asks_the_same_number_of_questions_whatever_its_tasks(plans: World, sign_in: SignIn) -> None:
    client, address = sign_in("hanh"), f"/plans/{plans.plans['SH month'].pk}/gantt/?below=1"

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    questions()
    few = questions()
    more_tasks(plans, "SH month", 30)

    assert questions() == few


# --- conflicts ------------------------------------------------------------------------------------


def test_conflicts_are_listed_by_kind_and_unit(plans: World, sign_in: SignIn) -> None:
    more_tasks(plans, "SH week", 2, starts_at=time(8), ends_at=time(9), place="Phòng họp")
    client = sign_in("hanh")

    every = text(client.get("/conflicts/?span=week"))
    places = text(client.get("/conflicts/?span=week&kind=place"))
    of_post = text(client.get(f"/conflicts/?span=week&of={plans.unit('SH-2')}"))

    assert "2 nhiệm vụ trùng giờ tại Phòng họp" in every
    assert "Việc thêm 0" in every
    assert "Đồn BP Tả Lùng có 2 nhiệm vụ cùng giờ" in every
    assert "Đồn BP Tả Lùng có 2 nhiệm vụ cùng giờ" not in places
    assert "trùng giờ tại" not in of_post


@pytest.mark.usefixtures("plans")
def test_a_unit_with_nothing_planned_is_named(
    sign_in: SignIn,
) -> None:
    page = text(sign_in("dong").get("/conflicts/?day=2027-02-01"))

    assert re.search(r"tháng trống việc \(4\).*Đồn BP Lũng Vài .*01/02 – 28/02/2027", page)
    assert "Nậm Ngà" not in page  # of the other province


def test_the_titles_of_tasks_that_one_may_not_see_stay_untold(plans: World, sign_in: SignIn) -> None:
    """The week of Sơn Hà is approved, not issued: the post that takes part is told of the clash, not of the titles."""
    plan = plans.plans["SH week"]
    version = PlanVersion.objects.create(
        plan=plan, number=1, content_data={}, digest="0" * 64, at="2026-11-13T02:00:00Z", person_name="x", post_title=""
    )
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED, current_version=version)
    more_tasks(plans, "SH week", 2, starts_at=time(8), ends_at=time(9))
    client = sign_in("pao")

    conflicts, calendar = text(client.get("/conflicts/?span=week")), text(client.get("/calendar/"))

    assert "Đồn BP Tả Lùng có 2 nhiệm vụ cùng giờ" in conflicts
    assert "2 nhiệm vụ của đơn vị khác" in conflicts
    assert "Việc thêm" not in conflicts
    assert "Việc thêm" not in calendar


# --- a calendar file ------------------------------------------------------------------------------

MEETING = entry("m", "Giao ban", "DTSTART:20261117T073000", "DURATION:PT1H", "LOCATION:Phòng họp")


def look(client: Client, plan: Plan, data: bytes) -> Any:
    sent = {"act": "preview", "plan": plan.pk, "file": SimpleUploadedFile("lich.ics", data)}
    answer: Any = client.post("/calendar/import/", sent)
    return answer


def confirm(client: Client, seen: Any) -> Any:
    page = seen.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(act|plan|packed)" value="([^"]*)"', page))
    answer: Any = client.post("/calendar/import/", fields)
    return answer


def test_a_file_is_looked_at_line_by_line_then_taken_in_and_taken_again_changes(plans: World, sign_in: SignIn) -> None:
    client, plan = sign_in("hanh"), plans.plans["SH week"]
    before = Task.objects.count()

    seen = look(client, plan, file(MEETING, entry("n", "", "DTSTART:20261117T073000")))

    assert "Giao ban" in text(seen)
    assert re.search(r"Dòng \d+, “một mục”: ", text(seen))
    assert Task.objects.count() == before  # looking writes nothing

    taken = confirm(client, seen)

    assert (taken.status_code, taken["Location"]) == (302, f"/plans/{plan.pk}/calendar/")
    task = Task.objects.get(plan=plan, uid="m")
    assert (task.title, task.starts_at, task.place) == ("Giao ban", time(7, 30), "Phòng họp")

    again = look(client, plan, file(MEETING.replace("Giao ban", "Giao ban tuần")))
    assert "cập nhật nhiệm vụ" in text(again)
    confirm(client, again)
    assert Task.objects.get(plan=plan, uid="m").title == "Giao ban tuần"

    same = look(client, plan, file(MEETING.replace("Giao ban", "Giao ban tuần")))
    assert "không có gì mới" in text(same)


@pytest.mark.parametrize("data", [b"", b"not a calendar", b"\xff\xfe\x00", b"x" * (MOST_BYTES + 5)])
def test_what_is_no_calendar_is_refused_in_words_and_nothing_is_taken(
    plans: World, sign_in: SignIn, data: bytes
) -> None:
    before = Task.objects.count()

    answer = look(sign_in("hanh"), plans.plans["SH week"], data)

    assert answer.status_code == 422
    assert "Chưa lấy mục nào vào" in text(answer)
    assert Task.objects.count() == before


def test_only_one_s_own_calendars_that_are_written_take_a_file_in(plans: World, sign_in: SignIn) -> None:
    client = sign_in("hanh")

    offered = text(client.get("/calendar/import/"))
    refused = [look(client, plans.plans[name], file(MEETING)).status_code for name in ("SH month", "SH-1 month")]

    assert "SH week" in offered
    assert "SH month" not in offered
    assert refused == [422, 422]
    assert "Không có lịch nào đang soạn" in text(sign_in("dong").get("/calendar/import/"))


@pytest.mark.parametrize("sent", ["", "%%%", "AAAA", packed(b"BEGIN")[:-3]])
def test_what_was_not_packed_here_is_not_unpacked(sent: str) -> None:
    assert unpacked(sent) in {None, b""}


def test_a_file_that_grows_beyond_what_a_calendar_may_hold_stops_there() -> None:
    assert len(unpacked(packed(b"\0" * (20 * MOST_BYTES))) or b"") == MOST_BYTES + 1


def test_a_calendar_that_is_no_calendar_plan_is_not_offered(plans: World, sign_in: SignIn) -> None:
    Plan.objects.filter(pk=plans.plans["SH week"].pk).update(kind=PlanKind.PLAN, topic="khác")

    assert "SH week" not in text(sign_in("hanh").get("/calendar/import/"))


def test_the_page_of_a_task_leads_to_its_other_days_where_they_may_be_given(plans: World, sign_in: SignIn) -> None:
    task = plans.tasks["week study"].pk

    own, of_superior = (sign_in(who).get(f"/tasks/{task}/").content.decode() for who in ("hanh", "kehoach"))

    assert f"/tasks/{task}/reschedule/" in own
    assert f"/tasks/{task}/reschedule/" not in of_superior
