"""The moves of a report, when it is late, and how a unit stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from nennep.reporting.queries import Place, completeness
from nennep.reporting.rules.content import DutyRule
from nennep.reporting.rules.periods import Kind, Period
from nennep.reporting.rules.states import Move, Standing, State, WrongMove, after, days_late, due_at, in_force, standing

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = Period(date(2026, 10, 15), date(2026, 11, 15), Kind.MONTH, "2026-11")
DUE = datetime(2026, 11, 17, 17, 0, tzinfo=HANOI)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def duty(*, starts_on: date = date(2022, 1, 1), ends_on: date | None = None, minute: int = 0) -> DutyRule:
    return DutyRule("monthly", "post", "professional", "nd09", 3, 17, minute, starts_on, ends_on, "Điều 8 khoản 5")


@pytest.mark.parametrize(
    ("state", "move", "leads_to"),
    [
        (State.DRAFT, Move.SUBMIT, State.SUBMITTED),
        (State.DRAFT, Move.ACCEPT, None),
        (State.DRAFT, Move.RETURN, None),
        (State.SUBMITTED, Move.SUBMIT, State.SUBMITTED),  # a newer version before the superior looked
        (State.SUBMITTED, Move.ACCEPT, State.ACCEPTED),
        (State.SUBMITTED, Move.RETURN, State.RETURNED),
        (State.RETURNED, Move.SUBMIT, State.SUBMITTED),
        (State.RETURNED, Move.ACCEPT, None),  # it needs a new version first
        (State.RETURNED, Move.RETURN, None),
        (State.ACCEPTED, Move.SUBMIT, State.SUBMITTED),  # the unit itself found a mistake
        (State.ACCEPTED, Move.ACCEPT, None),
        (State.ACCEPTED, Move.RETURN, State.RETURNED),
    ],
)
def test_each_state_takes_the_moves_of_the_table_and_no_other(state: State, move: Move, leads_to: State | None) -> None:
    if leads_to is None:
        with pytest.raises(WrongMove) as wrong:
            after(state, move)
        assert (wrong.value.state, wrong.value.move) == (state, move)
    else:
        assert after(state, move) is leads_to


def test_the_table_of_moves_above_is_whole() -> None:
    assert len(State) * len(Move) == 12


@pytest.mark.parametrize(
    ("received", "late"),
    [
        (DUE - SECOND, 0),
        (DUE, 0),
        (DUE + timedelta(microseconds=1), 1),
        (DUE + SECOND, 1),
        (DUE + DAY, 1),
        (DUE + DAY + SECOND, 2),
        (DUE + 30 * DAY, 30),
        (DUE.astimezone(UTC), 0),
        ((DUE + SECOND).astimezone(UTC), 1),
        (DUE - 40 * DAY, 0),
    ],
)
def test_lateness_is_told_at_the_second_in_whole_or_begun_days(received: datetime, late: int) -> None:
    assert days_late(received, DUE) == late


def test_the_deadline_is_so_many_days_after_the_last_day_at_the_hour_of_the_place() -> None:
    assert due_at(NOVEMBER, duty(), HANOI) == DUE
    assert due_at(NOVEMBER, duty(minute=30), HANOI) == DUE + timedelta(minutes=30)
    assert due_at(NOVEMBER, duty(), HANOI).astimezone(UTC).hour == 10


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "binds"),
    [
        (date(2022, 1, 1), None, True),
        (date(2026, 11, 14), None, True),  # from the period's last day on
        (date(2026, 11, 15), None, False),
        (date(2022, 1, 1), date(2026, 11, 15), True),
        (date(2022, 1, 1), date(2026, 11, 14), False),  # half-open: on its end it binds no longer
    ],
)
def test_a_duty_binds_for_a_period_when_it_was_in_force_on_its_last_day(
    starts_on: date, ends_on: date | None, *, binds: bool
) -> None:
    assert in_force(duty(starts_on=starts_on, ends_on=ends_on), NOVEMBER.last_day) is binds


@pytest.mark.parametrize(
    ("due", "late", "state", "at", "stands"),
    [
        (None, None, None, DUE, Standing.NO_DUTY),
        (None, 0, State.ACCEPTED, DUE, Standing.NO_DUTY),
        (DUE, None, None, DUE, Standing.NOT_DUE),
        (DUE, None, None, DUE + SECOND, Standing.MISSING),
        (DUE, None, State.DRAFT, DUE - DAY, Standing.NOT_DUE),
        (DUE, None, State.DRAFT, DUE + DAY, Standing.MISSING),
        (DUE, 0, State.SUBMITTED, DUE - DAY, Standing.ON_TIME),
        (DUE, 0, State.ACCEPTED, DUE + DAY, Standing.ON_TIME),
        (DUE, 2, State.SUBMITTED, DUE + DAY, Standing.LATE),
        (DUE, 2, State.ACCEPTED, DUE + 9 * DAY, Standing.LATE),
        (DUE, 0, State.RETURNED, DUE - DAY, Standing.RETURNED),
        (DUE, 2, State.RETURNED, DUE + DAY, Standing.RETURNED),
    ],
)
def test_how_a_unit_stands_follows_from_its_deadline_its_first_version_and_its_state(
    due: datetime | None, late: int | None, state: State | None, at: datetime, stands: Standing
) -> None:
    assert standing(due=due, first_received_late=late, state=state, at=at) is stands


def place(standing_: Standing, *, received: bool = False, late: int = 0) -> Place:
    due = None if standing_ is Standing.NO_DUTY else DUE
    return Place(1, 1, standing_, late, due, None, None, DUE if received else None)


def test_completeness_counts_what_was_due_and_nobody_else() -> None:
    counted = completeness(
        [
            place(Standing.ON_TIME, received=True),
            place(Standing.LATE, received=True, late=3),
            place(Standing.RETURNED, received=True),
            place(Standing.RETURNED, received=True, late=1),
            place(Standing.MISSING),
            place(Standing.NOT_DUE),
            place(Standing.NO_DUTY),
            place(Standing.NO_DUTY, received=True),
        ]
    )

    assert (counted.due, counted.received, counted.on_time) == (5, 4, 2)
    assert (counted.complete, counted.timely) == (Decimal(80), Decimal(40))


def test_where_nothing_was_due_there_is_no_percentage() -> None:
    assert completeness([place(Standing.NOT_DUE), place(Standing.NO_DUTY)]).complete is None
