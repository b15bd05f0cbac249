"""A unit is dissolved in the middle of the year: its open tasks go on by a decision, or end by one, and none is lost.

Nghị quyết 202/2025/QH15: from 1 July 2025 two provinces are one. What they had planned for the year does not move by
itself: headquarters sees every open task of the two, with the successor proposed, and decides.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from nennep.documents.models import Clause, Document
from nennep.documents.rules.text import Binding, Block, BlockKind, numbered
from nennep.documents.services import dispatch
from nennep.journal.models import Entry
from nennep.journal.rules import system_actor
from nennep.organisation import queries as organisation
from nennep.organisation import services as changes
from nennep.organisation.rules import Line, NotAuthorised, Permission
from nennep.organisation.services import Decided
from nennep.planning.models import HandOver, Plan, Task
from nennep.planning.queries import coverage
from nennep.planning.queries import plans as queries
from nennep.planning.queries.progress import rolled_up
from nennep.planning.rules.coverage import Standing
from nennep.planning.rules.progress import Source
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import following, hand_over, plans, progress, tasks
from nennep.planning.services.hand_over import Decision
from tests.cast import HANOI, Cast
from tests.documents.world import issued, make_types, signed

DAY = date(2025, 7, 1)
DECIDED = Decided("202/2025/QH15", date(2025, 6, 12), DAY)
DECISION = Decision("3110/QĐ-BTL", date(2025, 7, 3), "Bàn giao nhiệm vụ sau sáp nhập")


def at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 9, 0, tzinfo=HANOI)


def year_of(cast: Cast, username: str, unit: str, *titles: str) -> Plan:
    """A unit's plan of 2025, approved by headquarters, with one task for each title."""
    by = cast.actor(username, at(1, 6))
    plan = plans.make_plan(PlanKind.PLAN, "2025", by=by)
    for title in titles:
        words = TaskWords(
            title, cast.units[unit], date(2025, 2, 1), date(2025, 11, 30), indicator="law.listeners", figure="1.200"
        )
        tasks.add_task(plan.pk, words, by=by)
    revision = Plan.objects.get(pk=plan.pk).revision
    plans.submit_plan(plan.pk, revision=revision, by=by)
    plans.approve_plan(plan.pk, revision=revision, by=cast.actor("tulenh", at(1, 7)))
    return Plan.objects.get(pk=plan.pk)


def merged(cast: Cast) -> int:
    """Both provinces go into a new one on 1 July; the posts move along. Returns the new province."""
    by = system_actor(at(7, 1), DAY)
    new = changes.create_unit(
        "VL",
        "province_command",
        "Ban Chỉ huy Bộ đội Biên phòng Vân Long",
        "BCH BĐBP Vân Long",
        starts_on=DAY,
        superiors=dict.fromkeys((Line.COMMAND, Line.PROFESSIONAL), cast.units["HQ"]),
        by=by,
    )
    changes.merge([cast.units["SH"], cast.units["DV"]], new.pk, DECIDED, by=by)
    cast.posts["hanh"].unit_id = new.pk
    cast.posts["hanh"].save()
    cast.units["VL"] = new.pk
    return new.pk


def orphans(cast: Cast, day: date) -> list[queries.Orphan]:
    reach = organisation.reach(cast.actor("tulenh", at(7, 2)), Permission.PLANNING_VIEW)
    return queries.orphaned_tasks(reach, day)


def test_every_open_task_of_a_dissolved_unit_goes_on_or_ends_by_a_decision(cast: Cast) -> None:
    sh = year_of(cast, "hanh", "SH", "Tuyên truyền Luật Biên phòng", "Kết nghĩa cụm dân cư", "Giúp dân làm đường")
    dv = year_of(cast, "dong", "DV", "Tuyên truyền ở xã vùng cao")
    law, kinship, road = queries.tasks_of(sh.pk)
    Task.objects.filter(pk=law.pk).update(progress=60)
    Task.objects.filter(pk=road.pk).update(state=TaskState.DONE)
    assert orphans(cast, date(2025, 6, 30)) == []

    # On 1 July nothing has moved by itself: what is open waits for a decision, the heir is proposed.
    new = merged(cast)
    waiting = orphans(cast, DAY)
    assert [(one.task.title, one.gone, one.since, one.heirs) for one in waiting] == [
        ("Tuyên truyền ở xã vùng cao", cast.units["DV"], DAY, (new,)),
        ("Tuyên truyền Luật Biên phòng", cast.units["SH"], DAY, (new,)),
        ("Kết nghĩa cụm dân cư", cast.units["SH"], DAY, (new,)),
    ]
    assert not Plan.objects.filter(unit=new).exists()

    # Headquarters hands two on: the new command's plan of the year begins as a draft that holds them.
    by = cast.actor("tulenh", at(7, 4))
    rows = hand_over.hand_over_tasks([law.pk, waiting[0].task.pk], DECISION, to_unit=new, by=by)
    received = Plan.objects.get(unit=new)
    assert (received.period_code, received.state) == ("2025", PlanState.DRAFT)
    told = {task.title: task for task in queries.tasks_of(received.pk)}
    going_on = told["Tuyên truyền Luật Biên phòng"]
    assert (going_on.lead_unit_id, going_on.starts_on, going_on.due_on) == (new, DAY, date(2025, 11, 30))
    assert (going_on.progress, going_on.figure) == (60, Decimal(1200))
    assert {row.from_unit_id for row in rows} == {cast.units["SH"], cast.units["DV"]}

    # Old and new name each other, and the decision; the old plan still says what it said.
    law.refresh_from_db()
    assert law.state == TaskState.HANDED_OVER
    row = HandOver.objects.get(task=law)
    assert (row.to_task_id, row.decision_number, row.decision_on) == (going_on.pk, "3110/QĐ-BTL", date(2025, 7, 3))
    assert sh.current_version is not None
    assert len(queries.content_of_version(sh.current_version).tasks) == 3
    assert Entry.objects.filter(act="planning.hand-over", subject=f"planning.task:{law.pk}").exists()

    # The last is closed by a decision; nothing waits any more.
    hand_over.hand_over_tasks([kinship.pk], DECISION, to_unit=None, by=by)
    kinship.refresh_from_db()
    assert kinship.state == TaskState.CANCELLED
    assert orphans(cast, date(2025, 7, 4)) == []
    assert Plan.objects.get(pk=dv.pk).state == PlanState.APPROVED

    # The new command writes on in its plan, and hands it in as any other.
    hanh = cast.actor("hanh", at(7, 7))
    received = Plan.objects.get(unit=new)
    plans.submit_plan(received.pk, revision=received.revision, by=hanh)
    plans.approve_plan(received.pk, revision=received.revision, by=by)
    assert Plan.objects.get(pk=received.pk).state == PlanState.APPROVED


def test_what_a_clause_asked_and_what_posts_do_for_it_goes_on_under_the_successor(cast: Cast) -> None:
    directive = directive_to(cast, "SH", "DV", "SH-1")
    clause = directive.clauses.get()
    by, thanh = cast.actor("hanh", at(1, 6)), cast.actor("thanh", at(1, 10))
    sh = plans.make_plan(PlanKind.PLAN, "2025", by=by)
    law = tasks.add_task(sh.pk, citing(cast, clause, "SH", coordinating=(cast.units["SH-1"],)), by=by)
    approved(sh, "hanh", "tulenh", cast, at(1, 7))
    plans.issue_plan(sh.pk, by=by)
    post = plans.make_plan(PlanKind.PLAN, "2025-07", by=thanh, details=sh.pk)
    [part] = following.take_tasks(post.pk, [law.pk], by=thanh).tasks
    approved(post, "thanh", "dontruong", cast, at(1, 11))
    progress.tell_progress(part.pk, 40, "Hai bản", by=thanh)
    assert standings(cast, clause, DAY - timedelta(days=1)) == {
        "SH": Standing.UNDER_WAY,
        "DV": Standing.SILENT,
        "SH-1": Standing.UNDER_WAY,
    }

    # What the clause asked of the two, it asks of the heir, who has nothing for it until a decision says so.
    new = merged(cast)
    assert standings(cast, clause, DAY) == {"VL": Standing.SILENT, "SH-1": Standing.UNDER_WAY}
    assert coverage.coverage(directive.pk, list(cast.units.values()), DAY).orphaned == 1
    [row] = hand_over.hand_over_tasks([law.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 4)))
    assert row.to_task is not None
    going_on = row.to_task
    received = queries.plan(going_on.plan_id)
    approved(received, "hanh", "tulenh", cast, at(7, 7))

    # The heir carries it out, and the post with it, though its own plan still names the old task.
    day = date(2025, 7, 8)
    assert standings(cast, clause, day) == {"VL": Standing.UNDER_WAY, "SH-1": Standing.UNDER_WAY}
    assert coverage.coverage(directive.pk, list(cast.units.values()), day).orphaned == 0
    assert [one.clause_id for one in coverage.clauses_of([part.pk])[part.pk]] == [clause.pk]
    assert Task.objects.get(pk=part.pk).details_id == law.pk

    # What the post tells of its part is how far the heir has come; nothing is missing and nothing is taken twice.
    thanh = cast.actor("thanh", at(7, 8))
    progress.tell_progress(part.pk, 70, "Năm bản", by=thanh)
    whole = rolled_up([received.pk], day)
    assert (whole.tasks[going_on.pk].percent, whole.tasks[going_on.pk].source) == (70, Source.PARTS)
    assert whole.plans[received.pk] == 70
    plans.issue_plan(received.pk, by=cast.actor("hanh", at(7, 8)))
    plans.amend_plan(post.pk, by=thanh, reason="Theo đơn vị mới")
    plans.link_plan(post.pk, details=received.pk, answers=None, by=thanh)
    assert not queries.gaps(queries.plan(post.pk), day)
    assert following.take_tasks(post.pk, [going_on.pk], by=thanh).tasks == ()


def directive_to(cast: Cast, *units: str) -> Document:
    """A directive of headquarters with one clause, issued to these units for action."""
    words = Block("", BlockKind.CLAUSE, number="1", text="Tuyên truyền Luật Biên phòng.", binding=Binding())
    document = signed(cast, make_types(), code="directive", text=numbered((words,)), at=at(1, 2))
    by = cast.actor("kehoach", at(1, 3))
    dispatch.name_recipients(document.pk, [cast.units[code] for code in units], by=by)
    return issued(cast, document, at=at(1, 3)).document


def citing(cast: Cast, clause: Clause, unit: str, coordinating: tuple[int, ...]) -> TaskWords:
    return TaskWords(
        "Tuyên truyền Luật Biên phòng",
        cast.units[unit],
        date(2025, 2, 1),
        date(2025, 11, 30),
        clauses=(clause.pk,),
        coordinating=coordinating,
    )


def approved(plan: Plan, writer: str, leader: str, cast: Cast, day: datetime) -> None:
    revision = queries.plan(plan.pk).revision
    plans.submit_plan(plan.pk, revision=revision, by=cast.actor(writer, day))
    plans.approve_plan(plan.pk, revision=revision, by=cast.actor(leader, day))


def standings(cast: Cast, clause: Clause, day: date) -> dict[str, Standing]:
    """How each unit stands to a clause on a day, by its code."""
    codes = {pk: code for code, pk in cast.units.items()}
    detail = coverage.clause_detail(clause.pk, list(cast.units.values()), day)
    return {codes[one.unit_id]: one.standing for one in detail.units}


def test_a_plan_in_force_takes_tasks_in_by_a_version_that_names_the_decision(cast: Cast) -> None:
    sh = year_of(cast, "hanh", "SH", "Tuyên truyền Luật Biên phòng")
    new = merged(cast)
    cast.posts["hanh"].refresh_from_db()
    standing = year_of_the_new(cast)
    law = queries.tasks_of(sh.pk).get()

    hand_over.hand_over_tasks([law.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 10)))

    plan = queries.plan(standing.pk)
    assert plan.current_version is not None
    assert (plan.state, plan.current_version.number) == (PlanState.APPROVED, 2)
    assert plan.current_version.reason == "3110/QĐ-BTL: Bàn giao nhiệm vụ sau sáp nhập"


def year_of_the_new(cast: Cast) -> Plan:
    by = cast.actor("hanh", at(7, 2))
    plan = plans.make_plan(PlanKind.PLAN, "2025", by=by)
    words = TaskWords("Ổn định tổ chức", cast.units["VL"], DAY, date(2025, 9, 30))
    tasks.add_task(plan.pk, words, by=by)
    plans.submit_plan(plan.pk, revision=1, by=by)
    plans.approve_plan(plan.pk, revision=1, by=cast.actor("tulenh", at(7, 3)))
    return plan


def test_what_was_received_is_not_lost_by_giving_an_amendment_up(cast: Cast) -> None:
    sh = year_of(cast, "hanh", "SH", "Tuyên truyền Luật Biên phòng")
    new = merged(cast)
    standing = year_of_the_new(cast)
    hanh = cast.actor("hanh", at(7, 8))
    plans.amend_plan(standing.pk, by=hanh, reason="Bổ sung")
    law = queries.tasks_of(sh.pk).get()
    hand_over.hand_over_tasks([law.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 10)))

    with pytest.raises(PlanningRefused) as caught:
        plans.give_up_amendment(standing.pk, by=hanh, reason="Thôi")

    assert caught.value.why == "holds_received_tasks"
    assert queries.tasks_of(standing.pk).filter(title=law.title).exists()


def test_a_task_whose_lead_alone_is_gone_goes_on_in_its_own_plan(cast: Cast) -> None:
    by = cast.actor("kehoach", at(1, 6))
    plan = plans.make_plan(PlanKind.PLAN, "2025", by=by)
    words = TaskWords("Tuần tra song phương", cast.units["DV"], date(2025, 2, 1), date(2025, 6, 30))
    task = tasks.add_task(plan.pk, words, by=by)
    new = merged(cast)
    assert [one.gone for one in orphans(cast, DAY)] == [cast.units["DV"]]

    hand_over.hand_over_tasks([task.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 4)))

    going_on = queries.tasks_of(plan.pk).get(state=TaskState.OPEN)
    # Its days were over when the new command began: the rest of the year is what can be given.
    assert (going_on.lead_unit_id, going_on.starts_on, going_on.due_on) == (new, DAY, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (Decision("", date(2025, 7, 3), "Bàn giao"), "decision_needs_number"),
        (Decision("3110/QĐ-BTL", date(2025, 7, 3), " "), "decision_needs_reason"),
        (Decision("3110/QĐ-BTL", date(2025, 7, 5), "Bàn giao"), "decision_in_the_future"),
    ],
)
def test_nothing_goes_on_without_a_decision(cast: Cast, decision: Decision, why: str) -> None:
    sh = year_of(cast, "hanh", "SH", "Tuyên truyền Luật Biên phòng")
    new = merged(cast)

    with pytest.raises(PlanningRefused) as caught:
        hand_over.hand_over_tasks(
            [queries.tasks_of(sh.pk).get().pk], decision, to_unit=new, by=cast.actor("tulenh", at(7, 4))
        )

    assert caught.value.why == why


def test_who_may_not_approve_over_both_units_hands_nothing_over(cast: Cast) -> None:
    sh = year_of(cast, "hanh", "SH", "Tuyên truyền Luật Biên phòng")
    new = merged(cast)
    task = queries.tasks_of(sh.pk).get()

    with pytest.raises(NotAuthorised):
        hand_over.hand_over_tasks([task.pk], DECISION, to_unit=new, by=cast.actor("khach", at(7, 4)))
    hand_over.hand_over_tasks([task.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 4)))
    with pytest.raises(PlanningRefused) as caught:
        hand_over.hand_over_tasks([task.pk], DECISION, to_unit=new, by=cast.actor("tulenh", at(7, 4)))

    assert caught.value.why == "task_not_open"
