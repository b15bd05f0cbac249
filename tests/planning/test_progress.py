"""Progress told and rolled up, targets compared with reported figures, and what came of a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from nennep.planning.models import Notice, Progress, Task
from nennep.planning.queries import evidence, targets
from nennep.planning.queries.progress import rolled_up, rolled_up_tasks, told
from nennep.planning.rules.evidence import EvidenceKind, Pointer
from nennep.planning.rules.progress import Source
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanState, TaskState
from nennep.planning.services.progress import finish_task, reopen_task, say_quality_kept, tell_progress
from nennep.reporting.models import Version
from nennep.synthesis import figures
from tests.cast import NOW, good_content
from tests.planning.conftest import World

TODAY = date(2026, 11, 16)


def reported(world: World, username: str, listeners: str, period: str = "2026-11") -> Version:
    """A post's report, accepted by its superior."""
    rest = {"law__gathered": listeners, "law__loudspeaker": "0"}
    version = world.cast.hand_in(
        username, good_content(law__listeners=listeners, **rest), period=period, reason="Muộn."
    )
    world.cast.accept(version, {"thanh": "hanh", "pao": "hanh", "hu": "hanh"}.get(username, "dong"))
    return version


# --- targets ------------------------------------------------------------------------------------------


def test_a_target_is_compared_with_what_the_lead_unit_s_posts_reported_in_the_plan_s_period(world: World) -> None:
    reported(world, "thanh", "300", "2026-10")
    reported(world, "thanh", "400")
    reported(world, "pao", "250")
    reported(world, "vai", "999")  # of the other province
    tasks = [world.task(name) for name in ("year law", "quarter law", "month law")]

    found = targets.reached(tasks, TODAY)

    year, quarter, month = (found[task.pk] for task in tasks)
    assert (year.value, year.figure, year.period.code) == (Decimal(950), Decimal(3000), "2026")
    assert (quarter.value, quarter.period.code) == (Decimal(950), "2026-Q4")
    assert (month.value, month.period.code) == (Decimal(650), "2026-11")
    assert (month.reported, month.expected) == (2, 3)


def test_a_target_is_compared_with_what_was_known_on_a_past_day(world: World) -> None:
    reported(world, "thanh", "400")
    task = world.task("month law")

    known = {day: targets.reached([task], day)[task.pk].value for day in (TODAY - timedelta(days=1), TODAY)}

    assert known == {TODAY - timedelta(days=1): None, TODAY: Decimal(400)}


def test_nothing_reported_is_no_figure_and_never_zero(world: World) -> None:
    task = world.task("month law")

    found = targets.reached([task], TODAY)[task.pk]

    assert found.value is None
    assert rolled_up([task.plan_id], TODAY).tasks[world.tasks["month films"].pk].source is Source.TOLD


def test_targets_are_asked_once_for_all_tasks_and_periods(world: World) -> None:
    reported(world, "thanh", "400")
    names = ("year law", "quarter law", "month law", "post law")
    tasks = {name: Task.objects.select_related("plan").get(pk=world.tasks[name].pk) for name in names}
    few, many = [tasks["month law"]], [tasks[name] for name in names for _ in range(10)]

    of_few, of_many = _queries(lambda: targets.reached(few, TODAY)), _queries(lambda: targets.reached(many, TODAY))

    assert of_few == of_many <= 15


def _queries(question: Callable[[], object]) -> int:
    """How many queries a question takes when nothing is remembered."""
    figures.forget()
    with CaptureQueriesContext(connection) as asked:
        question()
    return len(asked)


def test_an_indicator_on_no_form_has_nothing_to_be_compared_with(world: World) -> None:
    task = world.task("month law")
    task.indicator = "nobody.counts"

    assert targets.reached([task], TODAY) == {}


# --- rolling up ---------------------------------------------------------------------------------------


def test_progress_rolls_up_from_the_lowest_plan_to_the_highest(world: World) -> None:
    reported(world, "thanh", "371")  # half of 742
    Task.objects.filter(pk=world.tasks["month films"].pk).update(progress=20)
    Task.objects.filter(pk=world.tasks["year cells"].pk).update(progress=60)

    found = rolled_up([world.plans["HQ year"].pk], TODAY, drafts_of={world.unit("SH-1")})

    films, post, month = (found.tasks[world.tasks[name].pk] for name in ("month films", "post law", "month law"))
    assert (films.percent, films.source) == (20, Source.TOLD)
    assert (post.percent, post.source) == (50, Source.FIGURE)
    assert (month.percent, month.source, month.parts) == (35, Source.PARTS, 2)
    assert found.tasks[world.tasks["year law"].pk].percent == 35
    assert found.headings[world.plans["HQ year"].pk, "Xây dựng Đảng"] == 60
    assert found.plans[world.plans["HQ year"].pk] == 32  # of 0, 35 and 60


def test_a_draft_below_does_not_count_until_it_is_approved(world: World) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(progress=20)

    found = rolled_up([world.plans["SH month"].pk], TODAY)

    assert found.tasks[world.tasks["month law"].pk].percent == 20
    assert world.tasks["post law"].pk not in found.tasks


def test_what_is_struck_out_is_left_out_of_its_heading(world: World) -> None:
    Task.objects.filter(pk=world.tasks["year law"].pk).update(state=TaskState.DROPPED)
    Task.objects.filter(pk=world.tasks["week study"].pk).update(progress=80)

    found = rolled_up([world.plans["HQ year"].pk], TODAY, drafts_of={world.unit("SH")})

    assert found.headings[world.plans["HQ year"].pk, "Giáo dục chính trị, tuyên truyền"] == 80


def test_one_task_is_rolled_up_by_itself(world: World) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(progress=44)

    found = rolled_up_tasks([world.tasks["quarter law"].pk], TODAY)

    assert found.tasks[world.tasks["quarter law"].pk].percent == 44


def test_the_same_queries_roll_up_any_number_of_tasks(world: World) -> None:
    plans = [plan.pk for plan in world.plans.values()]
    before = _queries(lambda: rolled_up(plans, TODAY))
    month = world.plans["SH month"]
    for number in range(60):
        Task.objects.create(
            plan=month, key=f"x{number}", title="x", lead_unit_id=world.unit("SH-1"), starts_on=TODAY, due_on=TODAY,
            details=world.tasks["month law"], indicator="law.listeners", figure=10,
        )  # fmt: skip

    assert _queries(lambda: rolled_up(plans, TODAY)) == before


# --- telling ------------------------------------------------------------------------------------------


def test_the_lead_unit_tells_how_far_it_has_come_with_what_shows_it(world: World) -> None:
    version = reported(world, "hu", "120")
    films = world.tasks["month films"]
    pointers = [
        Pointer(EvidenceKind.VERSION, str(version.pk)),
        Pointer(EvidenceKind.STATEMENT, f"{version.pk}:s1"),
    ]

    tell_progress(films.pk, 40, "Đã chiếu 2 bản.", pointers, by=world.cast.actor("hu"))

    assert world.task("month films").progress == 40
    row = told(films.pk).get()
    assert (row.percent, row.text, row.person_name) == (40, "Đã chiếu 2 bản.", "Thượng úy Giàng A Hử")
    assert [one["kind"] for one in row.evidence] == ["version", "statement"]
    assert row.evidence[1]["label"].startswith("Phối hợp với 3 bản giáp biên")
    entry = Entry.objects.get(act="planning.tell-progress")
    assert entry.unit_id == world.unit("SH-3")
    assert entry.details["percent"] == 40


def test_a_superior_may_tell_for_the_unit_below_and_a_neighbour_may_not(world: World) -> None:
    films = world.tasks["month films"].pk

    tell_progress(films, 10, "", by=world.cast.actor("hanh"))

    for username in ("thanh", "dong", "khach", "dontruong"):
        with pytest.raises(NotAuthorised):
            tell_progress(films, 99, "", by=world.cast.actor(username))
    assert world.task("month films").progress == 10


@pytest.mark.parametrize(
    ("percent", "text", "evidence_", "why"),
    [
        (101, "", [], "percent_out_of_bounds"),
        (-1, "", [], "percent_out_of_bounds"),
        (10, "x" * 2_001, [], "too_long"),
        (10, "", [Pointer(EvidenceKind.TASK, str(number)) for number in range(21)], "too_much_evidence"),
        (10, "", [Pointer(EvidenceKind.VERSION, "999999")], "no_such_evidence"),
        (10, "", [Pointer(EvidenceKind.STATEMENT, "x:y")], "no_such_evidence"),
        (10, "", [Pointer(EvidenceKind.DOCUMENT, "9" * 40)], "no_such_evidence"),
        (10, "", [Pointer(EvidenceKind.TASK, "²")], "no_such_evidence"),
    ],
)
def test_what_is_told_is_refused_and_nothing_is_written(
    world: World, percent: int, text: str, evidence_: list[Pointer], why: str
) -> None:
    with pytest.raises(PlanningRefused) as refused:
        tell_progress(world.tasks["month films"].pk, percent, text, evidence_, by=world.cast.actor("hu"))

    assert refused.value.why == why
    assert not Progress.objects.exists()
    assert world.task("month films").progress == 0


def test_what_one_may_not_see_is_no_evidence(world: World) -> None:
    version = reported(world, "vai", "120")  # of the other province
    pointer = Pointer(EvidenceKind.VERSION, str(version.pk))

    with pytest.raises(PlanningRefused) as refused:
        tell_progress(world.tasks["month films"].pk, 10, "", [pointer], by=world.cast.actor("hu"))

    assert refused.value.why == "no_such_evidence"
    assert evidence.found([pointer], world.cast.actor("kehoach")) != {}


def test_documents_and_tasks_are_evidence_too_and_are_offered(world: World) -> None:
    by = world.cast.actor("hanh")
    version = reported(world, "thanh", "120")
    directive, films = world.directive, world.tasks["month films"]
    asked = [Pointer(EvidenceKind.DOCUMENT, str(directive.pk)), Pointer(EvidenceKind.TASK, str(films.pk))]

    found = evidence.found(asked, by)
    offered = evidence.offered(world.task("month law"), by)
    of_post = evidence.offered(world.task("post law"), by)

    assert found[asked[0]].label == "5/CT/ĐU Về công tác đảng, công tác chính trị năm 2026"
    assert found[asked[1]].label == films.title
    assert Pointer(EvidenceKind.TASK, str(films.pk)) in [one.pointer for one in offered]
    assert [one.pointer for one in of_post] == [Pointer(EvidenceKind.VERSION, str(version.pk))]


def test_nothing_is_told_of_a_plan_that_was_never_approved(world: World) -> None:
    with pytest.raises(PlanningRefused) as refused:
        tell_progress(world.tasks["post law"].pk, 10, "", by=world.cast.actor("thanh"))

    assert refused.value.why == "plan_not_in_force"


def test_what_was_told_can_neither_be_changed_nor_deleted(world: World) -> None:
    row = tell_progress(world.tasks["month films"].pk, 10, "", by=world.cast.actor("hu"))

    for act in (lambda: Progress.objects.filter(pk=row.pk).update(percent=90), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- finishing ----------------------------------------------------------------------------------------


def test_a_task_finished_on_its_last_day_is_on_time_and_a_day_later_it_is_not(world: World) -> None:
    films, law = world.tasks["month films"], world.tasks["month law"]  # due on 21 and 30 November

    finish_task(films.pk, by=world.cast.actor("hu", NOW + timedelta(days=5)))
    finish_task(law.pk, by=world.cast.actor("hanh", NOW + timedelta(days=15)))

    assert (world.task("month films").results, world.task("month films").done_on) == (
        ["done", "on_time"],
        date(2026, 11, 21),
    )
    assert world.task("month law").results == ["done"]
    assert world.task("month films").progress == 100


def test_a_task_is_exceeded_when_more_was_reported_than_its_figure(world: World) -> None:
    reported(world, "thanh", "1001")

    finish_task(world.tasks["month law"].pk, "Vượt.", by=world.cast.actor("hanh"))

    assert world.task("month law").results == ["done", "on_time", "exceeded"]


def test_a_finished_task_takes_no_more_progress_and_settles_its_reminders(world: World) -> None:
    films = world.tasks["month films"]
    notice = Notice.objects.create(
        post=world.cast.posts["hu"], kind="due_7", about=f"task:{films.pk}", title="x", due_on=films.due_on, at=NOW
    )
    finish_task(films.pk, by=world.cast.actor("hu"))

    notice.refresh_from_db()
    assert notice.read_at == NOW
    with pytest.raises(PlanningRefused) as refused:
        tell_progress(films.pk, 10, "", by=world.cast.actor("hu"))
    assert refused.value.why == "task_not_open"


def test_quality_is_said_by_who_approves_with_what_shows_it_and_never_of_one_s_own_work(world: World) -> None:
    version = reported(world, "hu", "120")
    pointer = Pointer(EvidenceKind.VERSION, str(version.pk))
    films = world.tasks["month films"].pk
    finish_task(films, by=world.cast.actor("hu"))

    with pytest.raises(NotAuthorised):
        say_quality_kept(films, "", [pointer], by=world.cast.actor("hu"))  # a political officer does not approve
    with pytest.raises(PlanningRefused, match="quality_needs_evidence"):
        say_quality_kept(films, "", [], by=world.cast.actor("hanh"))
    say_quality_kept(films, "Nội dung đúng, đủ.", [pointer], by=world.cast.actor("hanh"))

    assert world.task("month films").results == ["done", "on_time", "quality_kept"]

    finish_task(world.tasks["month law"].pk, by=world.cast.actor("hanh"))
    with pytest.raises(PlanningRefused, match="own_work"):
        say_quality_kept(world.tasks["month law"].pk, "", [pointer], by=world.cast.actor("hanh"))


def test_a_finished_task_goes_on_with_a_reason_at_what_was_last_told(world: World) -> None:
    films, by = world.tasks["month films"].pk, world.cast.actor("hu")
    tell_progress(films, 70, "", by=by)
    finish_task(films, by=by)

    with pytest.raises(PlanningRefused, match="reopen_needs_reason"):
        reopen_task(films, " ", by=by)
    reopen_task(films, "Còn một bản chưa chiếu.", by=by)

    task = world.task("month films")
    assert (task.state, task.progress, task.done_on, task.results) == (TaskState.OPEN, 70, None, [])
    assert Entry.objects.get(act="planning.reopen-task").reason == "Còn một bản chưa chiếu."
    with pytest.raises(PlanningRefused, match="task_not_done"):
        reopen_task(films, "Lại nữa.", by=by)


def test_progress_is_told_while_the_plan_is_amended(world: World) -> None:
    plan = world.plan("SH month")
    plan.state = PlanState.AMENDING
    plan.save()

    tell_progress(world.tasks["month films"].pk, 30, "", by=world.cast.actor("hu"))

    assert world.task("month films").progress == 30
