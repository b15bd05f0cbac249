"""Documents, plans and tasks on the desk; reminders with their read marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.documents.models import Dispatch, DocumentType, OpinionRequest
from nennep.documents.rules.states import State
from nennep.organisation.models import Post
from nennep.planning.models import Notice, Plan, Task
from nennep.planning.rules.climbing import NoticeKind
from nennep.planning.rules.states import PlanState
from nennep.site.web import work
from nennep.site.web.work_items import Bucket, When, Work
from tests.cast import NOW, Cast
from tests.documents.world import in_state
from tests.planning.conftest import World, make_world

SignIn = Callable[[str], Client]


@pytest.fixture
def world(cast: Cast, clock: Callable[[datetime], None]) -> World:
    del clock
    return make_world(cast)


@pytest.fixture
def types(world: World) -> dict[str, DocumentType]:
    return {"plan": world.directive.type}


def mine(cast: Cast, username: str) -> list[Work]:
    return list(work.desk(cast.actor(username)).mine)


def titles(found: list[Work]) -> list[str]:
    return [one.title for one in found]


# --- documents ------------------------------------------------------------------------------------

WAITS = [
    (State.SUBMITTED, "dontruong", Bucket.TO_APPROVE, "Duyệt “Tuần tra biên giới tháng 12”"),
    (State.AGREED, "dontruong", Bucket.TO_APPROVE, "Ký “Tuần tra biên giới tháng 12”"),
    (State.SIGNED, "thanh", Bucket.TO_DO, "Lấy số, ban hành “Tuần tra biên giới tháng 12”"),
    (State.RETURNED, "thanh", Bucket.RETURNED, "“Tuần tra biên giới tháng 12” bị trả lại"),
]


@pytest.mark.parametrize(("state", "username", "bucket", "title"), WAITS)
def test_a_document_waits_for_whoever_makes_its_next_step(
    cast: Cast, types: dict[str, DocumentType], state: State, username: str, bucket: Bucket, title: str
) -> None:
    document = in_state(cast, types, state)

    [found] = [one for one in mine(cast, username) if one.title == title]

    assert (found.bucket, found.url) == (bucket, reverse("document", args=[document.pk]))
    assert title not in titles(mine(cast, "hanh"))


def test_more_than_three_of_a_kind_are_one_line_that_counts_them(cast: Cast, types: dict[str, DocumentType]) -> None:
    for _ in range(5):
        in_state(cast, types, State.SUBMITTED)

    [found] = [one for one in mine(cast, "dontruong") if "Duyệt" in one.title]

    assert (found.title, found.count) == ("Duyệt 5 văn bản", 5)


def test_what_was_sent_is_to_be_received_and_then_to_be_acknowledged(world: World) -> None:
    Dispatch.objects.filter(unit=world.unit("SH")).update(sent_at=NOW)
    [first] = [one for one in mine(world.cast, "hanh") if one.title == "Tiếp nhận Chỉ thị 05-CT/ĐU"]

    Dispatch.objects.filter(unit=world.unit("SH")).update(received_at=NOW, received_by="x")

    [then] = [one for one in mine(world.cast, "hanh") if one.title == "Xác nhận Chỉ thị 05-CT/ĐU"]
    assert first.when is then.when is When.THIS_WEEK


def test_an_opinion_asked_is_due_on_its_day(cast: Cast, types: dict[str, DocumentType]) -> None:
    document = in_state(cast, types, State.SUBMITTED, unit="SH")
    assert document.current_version is not None
    OpinionRequest.objects.create(
        version=document.current_version,
        unit_id=cast.units["SH-1"],
        due_on=date(2026, 11, 16),
        at=NOW,
        person_name="x",
        post_title="",
    )

    [found] = [one for one in mine(cast, "thanh") if one.title.startswith("Góp ý dự thảo")]

    assert found.when is When.TODAY
    assert found.url == reverse("answer-opinions", args=[document.pk])


# --- plans and tasks ------------------------------------------------------------------------------


def test_a_plan_that_was_handed_in_waits_for_its_approval(world: World) -> None:
    Plan.objects.filter(pk=world.plans["SH-1 month"].pk).update(state=PlanState.SUBMITTED)

    [found] = [one for one in mine(world.cast, "hanh") if one.title.startswith("Phê duyệt")]

    assert found.url == reverse("plan", args=[world.plans["SH-1 month"].pk])


def test_tasks_at_hand_are_overdue_or_due_within_a_week(world: World) -> None:
    task = world.tasks["month law"]
    Task.objects.exclude(pk=task.pk).update(due_on=date(2026, 12, 31))
    for due_on, when in ((date(2026, 11, 12), When.OVERDUE), (date(2026, 11, 20), When.THIS_WEEK)):
        Task.objects.filter(pk=task.pk).update(due_on=due_on, lead_unit=world.unit("SH"))

        [found] = [one for one in mine(world.cast, "hanh") if one.url == reverse("task", args=[task.pk])]

        assert found.when is when
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 11, 24))
    assert task.title not in titles(mine(world.cast, "hanh"))


def test_a_task_of_another_person_is_not_mine(world: World) -> None:
    task = world.tasks["month law"]
    Task.objects.filter(pk=task.pk).update(
        due_on=date(2026, 11, 17), lead_unit=world.unit("SH"), lead_person=world.cast.people["dong"]
    )

    assert task.title not in titles(mine(world.cast, "hanh"))


def test_the_desk_asks_no_more_for_more_papers(world: World, types: dict[str, DocumentType], sign_in: SignIn) -> None:
    client = sign_in("hanh")
    in_state(world.cast, types, State.SUBMITTED, unit="SH")
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _ in range(6):
        in_state(world.cast, types, State.SUBMITTED, unit="SH")

    with CaptureQueriesContext(connection) as many:
        client.get("/")

    assert len(many) == len(few) > 5


# --- reminders ------------------------------------------------------------------------------------


def notice(world: World, unit: str, role: str, about: str, **given: Any) -> Notice:
    post = Post.objects.get(unit=world.unit(unit), code=role)
    told: dict[str, Any] = {"kind": NoticeKind.OVERDUE, "title": "Tuyên truyền", "due_on": date(2026, 11, 13)}
    return Notice.objects.create(post=post, about=about, at=NOW, **(told | given))


def role_of(world: World, username: str) -> str:
    return str(Post.objects.get(appointments__person=world.cast.people[username]).code)


def test_a_reminder_says_how_late_and_leads_to_its_thing(world: World, sign_in: SignIn) -> None:
    role = role_of(world, "hanh")
    dispatch = Dispatch.objects.get(unit=world.unit("SH"))
    notice(world, "SH", role, f"task:{world.tasks['month law'].pk}")
    notice(world, "SH", role, f"dispatch:{dispatch.pk}", title="Chỉ thị")
    notice(world, "SH", role, f"plan:{world.plans['SH month'].pk}", title="Kế hoạch tháng")

    shown = " ".join(sign_in("hanh").get(reverse("notices")).content.decode().split())

    assert "quá hạn 3 ngày" in shown
    assert reverse("task", args=[world.tasks["month law"].pk]) in shown
    assert reverse("document", args=[world.directive.pk]) in shown
    assert reverse("plan", args=[world.plans["SH month"].pk]) in shown


def test_reminders_are_marked_one_by_one_and_all_at_once(world: World, sign_in: SignIn) -> None:
    role = role_of(world, "hanh")
    first, second, third = (notice(world, "SH", role, f"task:{key}") for key in (1, 2, 3))
    client = sign_in("hanh")
    assert "3 lời nhắc chưa đọc" in client.get("/").content.decode()

    client.post(reverse("read-notices"), {"notice": first.pk})
    assert list(Notice.objects.filter(read_at__isnull=True).order_by("pk")) == [second, third]
    client.post(reverse("read-notices"), {"all": "1"})

    assert not Notice.objects.filter(read_at__isnull=True).exists()
    assert "Đã đọc hết" in client.get(reverse("notices"), {"show": "unread"}).content.decode()


def test_a_reminder_of_another_post_is_neither_seen_nor_marked(world: World, sign_in: SignIn) -> None:
    other = notice(world, "DV", role_of(world, "dong"), "task:1", title="Việc của Đông Vân")
    client = sign_in("hanh")

    client.post(reverse("read-notices"), {"notice": other.pk})

    assert "Việc của Đông Vân" not in client.get(reverse("notices")).content.decode()
    assert Notice.objects.get(pk=other.pk).read_at is None
