"""The daily digest: who is told of what, to whom it climbs, and that nobody is told twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from nennep.documents.models import Dispatch
from nennep.journal.models import Entry
from nennep.journal.rules import Actor, system_actor
from nennep.organisation.models import Appointment, Edge, Post, Succession, SuccessionPart, Unit
from nennep.organisation.rules import NotAuthorised, SuccessionKind
from nennep.planning.models import Notice, Plan, Task
from nennep.planning.queries import notices as queries
from nennep.planning.rules.climbing import (
    EVERY_DAY_OF_REMINDING,
    Due,
    NoticeKind,
    Subject,
    Whom,
    kind_on,
    told_on,
)
from nennep.planning.rules.states import PlanState, TaskState
from nennep.planning.services.notices import Digest, mark_all_read, mark_mailed, mark_read, run_digest
from tests.cast import HANOI
from tests.planning.conftest import World

DUE = date(2026, 11, 30)
OWED = Due(Subject.TASK, 1, 1, "Việc", DUE, EVERY_DAY_OF_REMINDING)


def system(day: date) -> Actor:
    return system_actor(datetime.combine(day, time(6), tzinfo=HANOI), day)


def digest(day: date) -> Digest:
    return run_digest(day, by=system(day))


def told(**which: object) -> set[tuple[str, str, str]]:
    """Who was told what of what: unit and post, kind, title."""
    rows = Notice.objects.filter(read_at__isnull=True, **which).select_related("post__unit")
    return {(f"{row.post.unit.code} {row.post.code}", row.kind, row.title) for row in rows}


@pytest.fixture
def only_films(world: World) -> World:
    """A world in which nothing is owed but one task: SH-3 shows films, due on Saturday 21 November."""
    Task.objects.exclude(pk=world.tasks["month films"].pk).update(state=TaskState.DONE)
    Dispatch.objects.update(acknowledged_at=datetime(2026, 1, 1, tzinfo=UTC))
    Plan.objects.filter(state=PlanState.DRAFT).update(state=PlanState.SUBMITTED)
    return world


# --- the rule -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_before", "kind"),
    [
        (31, None),
        (30, NoticeKind.DUE_30),
        (8, NoticeKind.DUE_30),
        (7, NoticeKind.DUE_7),
        (2, NoticeKind.DUE_7),
        (1, NoticeKind.DUE_1),
        (0, NoticeKind.DUE_1),
        (-1, NoticeKind.OVERDUE),
        (-100, NoticeKind.OVERDUE),
    ],
)
def test_reminders_come_at_30_7_and_1_days_and_a_missed_day_is_made_good(
    days_before: int, kind: NoticeKind | None
) -> None:
    assert kind_on(OWED, DUE - timedelta(days=days_before)) is kind


@pytest.mark.parametrize(
    ("overdue", "whom"),
    [
        (-7, (Whom.LEAD,)),
        (0, (Whom.LEAD,)),
        (1, (Whom.LEAD,)),
        (2, (Whom.LEAD,)),
        (3, (Whom.LEAD, Whom.COMMANDER)),
        (7, (Whom.LEAD, Whom.COMMANDER, Whom.SUPERIOR_PLANNER)),
        (14, (Whom.LEAD, Whom.COMMANDER, Whom.SUPERIOR_PLANNER, Whom.SUPERIOR_COMMANDER)),
    ],
)
def test_what_is_overdue_climbs_step_by_step(overdue: int, whom: tuple[Whom, ...]) -> None:
    assert told_on(OWED, DUE + timedelta(days=overdue)) == whom


# --- the digest ---------------------------------------------------------------------------------------


def test_whoever_reports_in_the_lead_unit_is_reminded_a_week_and_a_day_before(only_films: World) -> None:
    title = only_films.tasks["month films"].title

    for day, kind in ((13, None), (14, "due_7"), (19, "due_7"), (20, "due_1"), (21, "due_1"), (22, "overdue")):
        digest(date(2026, 11, day))

        assert told() == ({("SH-3 political", kind, title)} if kind else set()), day


def test_overdue_climbs_to_the_commander_and_then_to_the_superior(only_films: World) -> None:
    unit = only_films.unit("SH-3")
    commander = Post.objects.create(unit_id=unit, code="cmd", title="Đồn trưởng", permissions=["planning.approve"])
    Appointment.objects.create(person=only_films.cast.people["dontruong"], post=commander, starts_on=date(2022, 1, 1))

    seen = []
    for day in (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 28), date(2026, 12, 5)):
        digest(day)
        seen.append({post for post, _, _ in told()})

    assert seen == [
        {"SH-3 political"},
        {"SH-3 political", "SH-3 cmd"},
        {"SH-3 political", "SH-3 cmd", "SH planner"},
        {"SH-3 political", "SH-3 cmd", "SH planner"},  # the planner of Sơn Hà approves too: told once
    ]
    climbed = Notice.objects.get(post__code="planner")
    assert climbed.climbed_from == commander


@pytest.mark.usefixtures("world")
def test_run_twice_the_second_time_changes_nothing() -> None:
    day = date(2026, 12, 20)
    first = digest(day)
    rows = list(Notice.objects.order_by("pk").values())

    again = digest(day)

    assert first.made > 10
    assert again == Digest(0, 0, 0)
    assert list(Notice.objects.order_by("pk").values()) == rows
    assert Entry.objects.filter(act="planning.digest").count() == 1


def test_a_moved_last_day_reminds_anew(only_films: World) -> None:
    digest(date(2026, 11, 20))
    Notice.objects.update(read_at=datetime(2026, 11, 20, tzinfo=UTC))
    Task.objects.filter(pk=only_films.tasks["month films"].pk).update(due_on=date(2026, 11, 29))

    assert digest(date(2026, 11, 21)) == Digest(0, 0, 0)
    assert digest(date(2026, 11, 28)) == Digest(0, 1, 0)
    assert {kind for _, kind, _ in told()} == {"due_1"}


def test_what_is_done_is_settled(only_films: World) -> None:
    digest(date(2026, 11, 20))
    Task.objects.filter(pk=only_films.tasks["month films"].pk).update(state=TaskState.DONE)

    assert digest(date(2026, 11, 21)).settled == 1
    assert told() == set()


def test_a_task_that_names_its_post_or_its_person_reminds_them_alone(only_films: World) -> None:
    task = Task.objects.get(pk=only_films.tasks["month films"].pk)
    named = Post.objects.create(unit_id=task.lead_unit_id, code="film", title="Đội chiếu phim", permissions=[])
    Task.objects.filter(pk=task.pk).update(lead_post="đội chiếu phim")
    digest(date(2026, 11, 20))

    assert {post for post, _, _ in told()} == {f"SH-3 {named.code}"}

    person = only_films.cast.people["khach"]
    Appointment.objects.create(
        person=person,
        post=Post.objects.create(unit_id=task.lead_unit_id, code="new", title="x"),
        starts_on=date(2026, 1, 1),
    )
    Task.objects.filter(pk=task.pk).update(lead_person=person)
    digest(date(2026, 11, 21))

    assert {post for post, _, _ in told()} == {"SH-3 new"}


def test_a_unit_without_anybody_to_remind_is_told_of_at_once_one_step_up(only_films: World) -> None:
    Post.objects.filter(unit=only_films.unit("SH-3")).update(permissions=[])

    digest(date(2026, 11, 20))

    assert {post for post, _, _ in told()} == {"SH planner"}


def test_open_tasks_of_a_unit_that_is_gone_remind_its_heir(only_films: World) -> None:
    day = date(2026, 11, 18)
    gone = only_films.unit("SH-3")
    Edge.objects.filter(unit=gone).update(ends_on=day)
    Unit.objects.filter(pk=gone).update(ends_on=day)
    decided = Succession.objects.create(code="m", kind=SuccessionKind.MERGE, effective_on=day, decision_number="1/QĐ")
    SuccessionPart.objects.create(succession=decided, predecessor_id=gone, successor_id=only_films.unit("SH-2"))

    digest(date(2026, 11, 20))

    assert {post for post, _, _ in told()} == {"SH-2 political"}


def test_a_document_that_nobody_acknowledged_reminds_who_receives(only_films: World) -> None:
    Task.objects.update(state=TaskState.DONE)
    Dispatch.objects.filter(unit=only_films.unit("DV-1")).update(
        acknowledged_at=None, sent_at=datetime(2026, 11, 16, 3, tzinfo=UTC)
    )

    digest(date(2026, 11, 18))
    assert told() == set()
    digest(date(2026, 11, 19))

    assert told() == {("DV-1 political", "overdue", "5/CT/ĐU Về công tác đảng, công tác chính trị năm 2026")}


def test_a_plan_that_is_not_handed_in_reminds_who_writes_it(only_films: World) -> None:
    Task.objects.update(state=TaskState.DONE)
    december = Plan.objects.create(
        unit_id=only_films.unit("SH-2"), kind="plan", period_kind="month", period_code="2026-12",
        title="Kế hoạch tháng 12", starts_on=date(2026, 12, 1), ends_on=date(2027, 1, 1),
    )  # fmt: skip

    digest(date(2026, 11, 12))  # by the decree it is handed in before the 20th of the month before
    assert told() == {("SH-2 political", "due_7", december.title)}
    digest(date(2026, 11, 20))

    assert told() == {("SH-2 political", "overdue", december.title)}
    Plan.objects.filter(pk=december.pk).update(state=PlanState.SUBMITTED)
    digest(date(2026, 11, 21))
    assert told() == set()


@pytest.mark.usefixtures("world")
def test_tasks_of_drafts_and_of_ended_plans_remind_nobody() -> None:
    Dispatch.objects.update(voided_at=datetime(2026, 1, 1, tzinfo=UTC))
    Plan.objects.exclude(state=PlanState.DRAFT).update(state=PlanState.ENDED)

    digest(date(2026, 11, 24))

    assert {about.split(":")[0] for about in Notice.objects.values_list("about", flat=True)} <= {"plan"}


def test_only_whoever_runs_the_machine_sends_the_digest(world: World) -> None:
    with pytest.raises(NotAuthorised):
        run_digest(date(2026, 11, 16), by=world.cast.actor("tulenh"))


def test_a_post_marks_only_its_own_notices_as_read(world: World) -> None:
    digest(date(2026, 12, 20))
    own, other = world.cast.posts["hanh"], world.cast.posts["dong"]
    before = queries.unread_count([other.pk])
    ids = list(Notice.objects.values_list("pk", flat=True))

    seen = mark_read(ids, by=world.cast.actor("hanh"))

    assert seen > 0
    assert queries.unread_count([own.pk]) == 0
    assert queries.unread_count([other.pk]) == before > 0
    assert mark_all_read(by=world.cast.actor("dong")) == before
    assert list(queries.for_posts([own.pk], unread=True)) == []
    assert queries.for_posts([own.pk]).count() == seen


# --- letters ------------------------------------------------------------------------------------------


def test_a_person_gets_one_letter_a_day_with_everything_new(world: World) -> None:
    day = date(2026, 12, 20)
    hanh = world.cast.people["hanh"]
    hanh.email = "hanh@sonha.example"
    hanh.save()
    digest(day)

    (letter,) = queries.letters(day)
    assert letter.person == hanh
    assert len(letter.notices) == queries.unread_count([world.cast.posts["hanh"].pk]) > 1

    mark_mailed([notice.pk for notice in letter.notices], by=system(day))
    Notice.objects.create(
        post=world.cast.posts["hanh"], kind="due_1", about="task:0", title="Mới", at=system(day).at, due_on=day
    )

    assert queries.letters(day) == []
    assert [notice.title for notice in queries.letters(day + timedelta(days=1))[0].notices] == ["Mới"]


def test_nobody_is_mailed_without_an_address_or_after_leaving_the_post(world: World) -> None:
    day = date(2026, 12, 20)
    digest(day)

    assert queries.letters(day) == []

    hethan = world.cast.people["hethan"]  # left the post on 1 November
    hethan.email = "hethan@sonha.example"
    hethan.save()

    assert queries.letters(day) == []
