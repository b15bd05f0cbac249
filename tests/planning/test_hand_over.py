"""What details a task that went to another unit by a decision goes on under the task that it became."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.planning.models import Task
from nennep.planning.queries import board
from nennep.planning.queries import plans as queries
from nennep.planning.queries.progress import rolled_up, rolled_up_tasks
from nennep.planning.queries.standing import going_on_as, was_before
from nennep.planning.rules.progress import Source
from nennep.planning.rules.states import TaskState
from nennep.planning.services.hand_over import Decision, hand_over_tasks
from tests.planning.conftest import World

TODAY = date(2026, 11, 16)
DECISION = Decision("212/QĐ-BTL", TODAY, "Giao lại nhiệm vụ")
HEADING = "Giáo dục chính trị, tuyên truyền"


def handed(world: World, task: int, code: str) -> Task:
    """Hand a task of headquarters' year to a province; answers with the task that goes on, in the same plan."""
    [row] = hand_over_tasks([task], DECISION, to_unit=world.unit(code), by=world.cast.actor("tulenh"))
    assert row.to_task is not None
    return row.to_task


@pytest.mark.parametrize("times", [1, 2, 3])
def test_parts_count_once_under_the_task_that_theirs_became_however_often_it_was_handed_on(
    world: World, times: int
) -> None:
    old = world.tasks["year law"]
    Task.objects.filter(pk=world.tasks["month films"].pk).update(progress=20)
    before = rolled_up([old.plan_id], TODAY)
    assert (before.tasks[old.pk].percent, before.headings[old.plan_id, HEADING]) == (20, 10)

    here = old
    for code in ("DV", "SH", "DV")[:times]:
        here = handed(world, here.pk, code)

    assert (going_on_as([old.pk]), was_before([here.pk])[old.pk]) == ({old.pk: here.pk}, here.pk)
    after = rolled_up([old.plan_id], TODAY)
    assert (after.tasks[here.pk].percent, after.tasks[here.pk].source) == (20, Source.PARTS)
    assert (after.headings, after.plans) == (before.headings, before.plans)
    assert rolled_up_tasks([here.pk], TODAY).tasks[here.pk].percent == 20


def test_what_was_handed_over_still_shows_what_its_parts_had_come_to(world: World) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(progress=20)
    old = world.tasks["year law"]

    handed(world, old.pk, "DV")

    assert world.task("year law").state == TaskState.HANDED_OVER
    assert rolled_up_tasks([old.pk], TODAY).tasks[old.pk].percent == 20


def test_a_province_details_what_the_task_it_detailed_became(world: World) -> None:
    missing = [world.task("year cells")]

    handed(world, handed(world, world.tasks["year law"].pk, "DV").pk, "SH")

    assert queries.gaps(world.plan("SH quarter"), TODAY).of_higher == missing


def test_the_board_names_what_details_a_task_under_what_that_became(world: World) -> None:
    by, old, detailing = world.cast.actor("tulenh"), world.tasks["year law"], world.tasks["quarter law"]

    new = handed(world, handed(world, old.pk, "DV").pk, "SH")

    assert list(board.tasks_below(new.pk, by)) == [detailing]
    assert board.below_counts(world.plan("HQ year"), by)[new.pk] == 1


def test_more_that_was_handed_over_asks_no_more_of_the_database(world: World) -> None:
    plan = world.plans["HQ year"].pk
    asked = []
    for name in ("year law", "year study", "year cells"):
        handed(world, world.tasks[name].pk, "DV")
        with CaptureQueriesContext(connection) as context:
            rolled_up([plan], TODAY)
        asked.append(len(context))

    assert asked[0] >= asked[1] == asked[2]
