"""A directive followed through the organisation: who carries a clause out, who is silent, who said why not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.documents.models import Clause, ClauseAddressee, Dispatch
from nennep.organisation.models import Edge, Succession, SuccessionPart, Unit
from nennep.organisation.queries import tree_on
from nennep.organisation.rules import NotAuthorised, SuccessionKind
from nennep.planning.models import ClauseAnswer, Plan, Task, TaskClause
from nennep.planning.queries import coverage as queries
from nennep.planning.queries.coverage import Coverage, UnitAnswer, clause_detail, clauses_of, coverage, tasks_of
from nennep.planning.rules.coverage import Counts, Standing, Work
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import TaskState
from nennep.planning.services.answers import answer_clause
from tests.cast import NOW
from tests.planning.conftest import World

TODAY = date(2026, 11, 16)


def everybody(world: World) -> frozenset[int]:
    return frozenset(world.cast.units.values())


def covered(world: World, *codes: str, day: date = TODAY, drafts_of: str = "") -> Coverage:
    """Coverage of the directive within these units, all of them when none is named."""
    reach = {world.unit(code) for code in codes} or everybody(world)
    drafts = {world.unit(drafts_of)} if drafts_of else set()
    return coverage(world.directive.pk, reach, day, drafts_of=drafts)


def counts(found: Coverage) -> dict[str, Counts]:
    return {line.clause.label: line.counts for line in found.clauses}


def answer_of(world: World, block: str, code: str, day: date = TODAY) -> UnitAnswer | None:
    detail = clause_detail(world.clauses[block].pk, everybody(world), day)
    return next((one for one in detail.units if one.unit_id == world.unit(code)), None)


# --- who carries a clause out -------------------------------------------------------------------------


def test_each_clause_says_who_carries_it_out_and_who_is_silent(world: World) -> None:
    found = covered(world)

    assert counts(found) == {
        "1a": Counts(addressed=8, under_way=1, silent=7),
        "1b": Counts(addressed=8, under_way=2, silent=6),
        "2": Counts(addressed=8, under_way=1, silent=7),
        "3": Counts(addressed=1, silent=1),
    }
    assert [line.clause.label for line in found.clauses if line.has_no_task] == ["3"]
    assert found.without_task == 1


def test_a_unit_sees_its_own_clauses_with_its_own_drafts(world: World) -> None:
    without, own = covered(world, "SH-1"), covered(world, "SH-1", drafts_of="SH-1")

    assert counts(without)["1b"] == Counts(addressed=1, silent=1)
    assert counts(own)["1b"] == Counts(addressed=1, under_way=1)
    assert counts(own)["3"] == Counts()  # not for them


def test_the_line_of_a_province_sums_its_posts(world: World) -> None:
    found, tree = covered(world), tree_on(TODAY)

    lines = found.under([world.unit("SH"), world.unit("DV")], tree)

    by_unit = {line.unit_id: line for line in lines}
    sh = by_unit[world.unit("SH")]
    assert sh.own == Counts(addressed=4, under_way=2, silent=2)
    assert sh.all == Counts(addressed=13, under_way=3, silent=10)
    assert by_unit[world.unit("DV")].all.addressed == 12
    assert sum((line.all for line in lines), start=Counts()) == found.total


def test_a_task_that_details_a_citing_one_carries_the_clause_out_too(world: World) -> None:
    TaskClause.objects.filter(task=world.tasks["month films"]).delete()

    found = answer_of(world, "1b", "SH-3")

    assert found is not None
    assert (found.standing, found.work) == (Standing.UNDER_WAY, Work(open=1))


@pytest.mark.parametrize("state", [TaskState.DROPPED, TaskState.CANCELLED, TaskState.HANDED_OVER])
def test_a_task_that_is_no_more_carries_nothing_out(world: World, state: TaskState) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(state=state)

    found = answer_of(world, "1b", "SH-3")

    assert found is not None
    assert found.standing is Standing.SILENT


def test_what_a_struck_out_task_carried_does_not_pass_on_to_those_that_detail_it(world: World) -> None:
    TaskClause.objects.filter(task=world.tasks["month films"]).delete()
    Task.objects.filter(pk=world.tasks["month law"].pk).update(state=TaskState.DROPPED)

    found = answer_of(world, "1b", "SH-3")

    assert found is not None
    assert found.standing is Standing.SILENT


def test_a_circle_in_the_data_still_gives_an_answer(world: World) -> None:
    Task.objects.filter(pk=world.tasks["year law"].pk).update(details=world.tasks["month law"])

    assert counts(covered(world))["1b"] == Counts(addressed=8, under_way=2, silent=6)


# --- late, withdrawn ---------------------------------------------------------------------------------


def test_an_open_task_past_its_day_is_late(world: World) -> None:
    day = date(2026, 12, 1)  # the task of DV for clause 2 was due on 30 November

    found = answer_of(world, "2", "DV", day)

    assert found is not None
    assert found.is_late
    assert found.work == Work(open=1, overdue=1)
    assert counts(covered(world, day=day))["2"].late == 1


def test_everybody_without_a_finished_task_is_late_after_the_clause_s_last_day(world: World) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(state=TaskState.DONE)

    found = counts(covered(world, day=date(2027, 1, 1)))

    assert found["1b"] == Counts(addressed=8, done=1, under_way=1, silent=6, late=7)


def test_a_withdrawn_clause_asks_nobody_and_names_the_tasks_that_still_stand(world: World) -> None:
    Clause.objects.filter(block="1b").update(withdrawn_on=TODAY, withdrawn_reason="Đã có văn bản khác.")

    found = covered(world)
    detail = clause_detail(world.clauses["1b"].pk, everybody(world), TODAY)

    line = next(line for line in found.clauses if line.clause.block == "1b")
    assert (line.counts, line.is_withdrawn, line.tasks, line.still_open) == (Counts(), True, 4, 4)
    assert detail.units == ()
    assert detail.line.still_open == 4


# --- units that are gone ------------------------------------------------------------------------------


def dissolve(world: World, code: str, day: date, into: tuple[str, ...] = ()) -> None:
    """A unit ends on a day; with `into`, it is merged into one unit or split into several."""
    unit = Unit.objects.get(pk=world.unit(code))
    Edge.objects.filter(unit=unit).update(ends_on=day)
    Unit.objects.filter(pk=unit.pk).update(ends_on=day)
    if into:
        kind = SuccessionKind.MERGE if len(into) == 1 else SuccessionKind.SPLIT
        decided = Succession.objects.create(code=f"{code}-{day}", kind=kind, effective_on=day, decision_number="1/QĐ")
        for heir in into:
            SuccessionPart.objects.create(succession=decided, predecessor=unit, successor_id=world.unit(heir))


def test_what_a_merged_unit_owed_passes_to_the_unit_that_took_it_in(world: World) -> None:
    Dispatch.objects.filter(unit=world.unit("SH-2")).delete()
    dissolve(world, "SH-3", date(2026, 11, 1), into=("SH-2",))

    found = answer_of(world, "1a", "SH-2")

    assert found is not None
    assert found.heir_of == (world.unit("SH-3"),)
    assert answer_of(world, "1a", "SH-3") is None
    assert counts(covered(world))["1a"].addressed == 7


def test_what_a_split_unit_owed_binds_each_of_its_heirs(world: World) -> None:
    Dispatch.objects.filter(unit__in=[world.unit("SH-1"), world.unit("SH-2")]).delete()
    dissolve(world, "SH-3", date(2026, 11, 1), into=("SH-1", "SH-2"))

    heirs = [answer_of(world, "1a", code) for code in ("SH-1", "SH-2")]

    assert [one.heir_of if one else None for one in heirs] == [(world.unit("SH-3"),)] * 2


def test_what_a_unit_owed_that_left_no_successor_passes_to_its_superior(world: World) -> None:
    Dispatch.objects.filter(unit=world.unit("SH")).delete()
    dissolve(world, "SH-3", date(2026, 11, 1))

    found = answer_of(world, "1a", "SH")

    assert found is not None
    assert found.heir_of == (world.unit("SH-3"),)


def test_open_tasks_of_a_unit_that_is_gone_wait_for_a_decision_and_its_finished_ones_count(world: World) -> None:
    dissolve(world, "SH-3", date(2026, 11, 1), into=("SH-2",))

    waiting = answer_of(world, "1b", "SH-2")
    assert waiting is not None
    assert waiting.standing is Standing.SILENT
    assert covered(world).orphaned == 1

    Task.objects.filter(pk=world.tasks["month films"].pk).update(state=TaskState.DONE)

    finished = answer_of(world, "1b", "SH-2")
    assert finished is not None
    assert finished.standing is Standing.DONE
    assert covered(world).orphaned == 0


# --- answers ------------------------------------------------------------------------------------------


def test_a_unit_says_why_it_has_no_task_and_a_task_makes_that_moot(world: World) -> None:
    answer_clause(world.clauses["3"].pk, "Đã rà soát xong trong quý III.", by=world.cast.actor("hanh"))

    found = answer_of(world, "3", "SH")
    assert found is not None
    assert found.standing is Standing.EXPLAINED
    assert found.answer is not None
    assert (found.answer.reason, found.answer.person_name) == ("Đã rà soát xong trong quý III.", "Đại úy Vi Thị Hạnh")

    TaskClause.objects.create(task=world.tasks["month study"], clause=world.clauses["3"])

    moot = answer_of(world, "3", "SH")
    assert moot is not None
    assert (moot.standing, moot.answer) == (Standing.UNDER_WAY, None)


def test_the_newest_answer_counts(world: World) -> None:
    for number, reason in enumerate(("Lần đầu.", "Lần sau.")):
        by = world.cast.actor("hanh", NOW + timedelta(hours=number))
        answer_clause(world.clauses["3"].pk, reason, by=by)

    found = answer_of(world, "3", "SH")

    assert found is not None
    assert found.answer is not None
    assert found.answer.reason == "Lần sau."
    assert ClauseAnswer.objects.count() == 2


@pytest.mark.parametrize(
    ("username", "block", "reason", "why"),
    [
        ("dong", "3", "Không có.", "clause_not_addressed"),
        ("hanh", "3", "  ", "answer_needs_reason"),
        ("hanh", "3", "x" * 501, "too_long"),
        ("kehoach", "1a", "Không có.", "clause_not_addressed"),  # who issued it is not bound by it
    ],
)
def test_an_answer_is_refused(world: World, username: str, block: str, reason: str, why: str) -> None:
    with pytest.raises(PlanningRefused) as refused:
        answer_clause(world.clauses[block].pk, reason, by=world.cast.actor(username))

    assert refused.value.why == why
    assert not ClauseAnswer.objects.exists()


def test_an_answer_to_a_withdrawn_clause_is_refused_with_what_was_said(world: World) -> None:
    Clause.objects.filter(block="3").update(withdrawn_on=TODAY, withdrawn_reason="Gộp vào điểm 2.")

    with pytest.raises(PlanningRefused) as refused:
        answer_clause(world.clauses["3"].pk, "Không có.", by=world.cast.actor("hanh"))

    assert (refused.value.why, refused.value.facts["said"]) == ("clause_withdrawn", "Gộp vào điểm 2.")


@pytest.mark.parametrize("username", ["kehoach", "dontruong", "khach"])
def test_nobody_answers_for_another_unit_or_without_the_permission(world: World, username: str) -> None:
    with pytest.raises(NotAuthorised):
        answer_clause(world.clauses["1a"].pk, "Không có.", by=world.cast.actor(username), unit_id=world.unit("SH-1"))


# --- from a clause to its tasks, and back ----------------------------------------------------------------


def test_a_clause_leads_to_the_tasks_of_a_unit_and_of_its_plans(world: World) -> None:
    found = tasks_of(world.clauses["1b"].pk, [world.unit("SH")])

    assert [task.title for task in found] == [
        "Tuyên truyền Luật Biên phòng Việt Nam",
        "Đợt tuyên truyền Luật Biên phòng",
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao",
        "Chiếu phim lưu động 6 bản vùng cao",
    ]


def test_a_task_leads_back_to_its_clauses_through_all_that_it_details(world: World) -> None:
    week, films = world.tasks["week study"], world.tasks["month films"]

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = clauses_of([week.pk, films.pk])

    assert len(asked) == 1
    assert found[week.pk] == (queries.Cited(world.clauses["1a"].pk, world.tasks["month study"].pk),)
    assert found[films.pk] == (queries.Cited(world.clauses["1b"].pk, films.pk),)


def test_a_clause_that_names_its_units_binds_no_other(world: World) -> None:
    ClauseAddressee.objects.create(clause=world.clauses["3"], unit_id=world.unit("DV"))

    detail = clause_detail(world.clauses["3"].pk, everybody(world), TODAY)

    assert {one.unit_id for one in detail.units} == {world.unit("SH"), world.unit("DV")}
    assert [one.unit_id for one in detail.with_standing(Standing.DONE)] == []
    assert len(detail.with_standing(None)) == 2
    assert detail.with_standing(None, late=True) == []


def test_a_directive_that_was_recalled_or_not_sent_binds_nobody(world: World) -> None:
    Dispatch.objects.filter(unit=world.unit("SH-1")).update(voided_at=NOW)
    Dispatch.objects.filter(unit=world.unit("SH-2")).update(sent_at=None)
    Dispatch.objects.filter(unit=world.unit("SH-3")).update(to_act=False)

    assert counts(covered(world))["1a"].addressed == 5


def test_the_same_queries_answer_whatever_the_clauses_units_and_tasks(world: World) -> None:
    with CaptureQueriesContext(connection) as before:
        covered(world)
    _grow(world)

    with CaptureQueriesContext(connection) as after:
        found = covered(world)

    assert len(after) == len(before) <= 6
    assert found.total.addressed > 100


def _grow(world: World) -> None:
    """Twenty more clauses, and a task of each unit for each."""
    plans = {
        unit: Plan.objects.create(
            unit_id=unit, kind="plan", period_kind="year", period_code="2026", topic="coverage",
            starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), title="x",
            current_version=world.plan("SH month").current_version,
        )
        for unit in everybody(world)
    }  # fmt: skip
    for number in range(20):
        clause = Clause.objects.create(
            document=world.directive, block=f"x{number}", label=f"x{number}", text="x", position=50 + number
        )
        for unit, plan in plans.items():
            task = Task.objects.create(
                plan=plan, key=f"x{number}", title="x", lead_unit_id=unit, starts_on=TODAY, due_on=TODAY
            )
            TaskClause.objects.create(task=task, clause=clause)


def test_a_cell_sums_a_clause_over_a_unit_and_all_under_it(world: World) -> None:
    found, tree = covered(world), tree_on(TODAY)

    cells = found.cells([world.unit("SH"), world.unit("DV")], tree)

    lines = {one.unit_id: one.all for one in found.under([world.unit("SH"), world.unit("DV")], tree)}
    law, alone = world.clauses["1b"].pk, world.clauses["3"].pk
    assert cells[law, world.unit("SH")].addressed == 4
    assert cells[alone, world.unit("SH")] == Counts(addressed=1, silent=1)
    assert (alone, world.unit("DV")) not in cells
    for unit, counts_of in lines.items():
        assert sum((counts_ for (_clause, of), counts_ in cells.items() if of == unit), start=Counts()) == counts_of
