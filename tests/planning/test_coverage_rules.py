"""Coverage by itself: how a unit stands to a clause, and what is late."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.planning.rules.coverage import (
    NO_COUNTS,
    Counts,
    Demand,
    Standing,
    Work,
    assess,
    is_late,
    living_heirs,
    standing,
    summed,
)

DAY = date(2026, 11, 16)
PAST, TODAY, AHEAD = date(2026, 11, 15), DAY, date(2026, 12, 31)


@pytest.mark.parametrize(
    ("work", "explained", "expected"),
    [
        (Work(), False, Standing.SILENT),
        (Work(), True, Standing.EXPLAINED),
        (Work(open=1), False, Standing.UNDER_WAY),
        (Work(open=1, done=3), False, Standing.UNDER_WAY),
        (Work(done=1), False, Standing.DONE),
        (Work(done=1), True, Standing.DONE),
        (Work(open=1), True, Standing.UNDER_WAY),
    ],
)
def test_a_unit_stands_to_a_clause_by_its_tasks_before_its_reasons(
    work: Work, explained: bool, expected: Standing
) -> None:
    assert standing(work, explained=explained) is expected


@pytest.mark.parametrize(
    ("due_on", "work", "explained", "expected"),
    [
        (AHEAD, Work(), False, False),
        (PAST, Work(), False, True),  # silent, and its day is past
        (TODAY, Work(), False, False),  # the last day is still in time
        (PAST, Work(), True, False),  # who said why not is not late
        (PAST, Work(open=1), False, True),
        (PAST, Work(open=1, done=1), False, False),  # one task is finished, the other not yet due
        (PAST, Work(done=1), False, False),
        (None, Work(open=1, overdue=1), False, True),  # the task's own day is past
        (AHEAD, Work(open=2, done=1, overdue=1), True, True),
        (None, Work(), False, False),
    ],
)
def test_late_is_an_open_task_past_its_day_or_a_clause_past_its_own_with_none_finished(
    due_on: date | None, work: Work, explained: bool, expected: bool
) -> None:
    assert is_late(Demand(1, due_on), work, DAY, explained=explained) is expected


@pytest.mark.parametrize(
    ("withdrawn_on", "expected"), [(None, True), (PAST, False), (TODAY, False), (date(2026, 11, 17), True)]
)
def test_a_clause_binds_until_the_day_it_is_withdrawn(withdrawn_on: date | None, expected: bool) -> None:
    assert Demand(1, AHEAD, withdrawn_on).binds_on(DAY) is expected


def test_a_withdrawn_clause_is_counted_for_nobody() -> None:
    demands = [Demand(1, AHEAD), Demand(2, AHEAD, withdrawn_on=PAST)]

    found = assess(demands, {1: [7, 8], 2: [7, 8]}, {2: {7: Work(open=1, overdue=1)}}, {1: {8}}, DAY)

    assert found.by_clause == {1: Counts(addressed=2, explained=1, silent=1)}
    assert found.by_unit == {7: Counts(addressed=1, silent=1), 8: Counts(addressed=1, explained=1)}


WORKS = st.builds(Work, st.integers(0, 3), st.integers(0, 3), st.integers(0, 2))
CLAUSES, UNITS = st.integers(1, 4), st.integers(1, 6)


@settings(deadline=None)
@given(
    st.dictionaries(CLAUSES, st.sets(UNITS)),
    st.dictionaries(CLAUSES, st.dictionaries(UNITS, WORKS)),
    st.dictionaries(CLAUSES, st.sets(UNITS)),
)
def test_every_pair_is_counted_once_by_clause_and_once_by_unit(
    addressed: dict[int, set[int]], work: dict[int, dict[int, Work]], explained: dict[int, set[int]]
) -> None:
    demands = [Demand(clause, PAST) for clause in sorted(addressed)]

    found = assess(demands, addressed, work, explained, DAY)

    total = sum(found.by_clause.values(), start=NO_COUNTS)
    assert total == summed(found.by_unit, found.by_unit)
    assert total.addressed == sum(len(units) for units in addressed.values())
    assert total.carried + total.explained + total.silent == total.addressed
    assert total.late <= total.addressed


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (1, (1,)),  # lives
        (2, (1,)),  # merged into 1
        (3, (1,)),  # merged into 2, which was merged into 1
        (4, (5, 6)),  # split
        (7, ()),  # gone without anybody
        (8, ()),  # a circle of the dead comes to an end
    ],
)
def test_what_a_unit_owed_passes_to_those_that_live(unit: int, expected: tuple[int, ...]) -> None:
    heirs = {2: [1], 3: [2], 4: [5, 6], 8: [9], 9: [8]}

    assert living_heirs(unit, heirs, {1, 5, 6}) == expected
