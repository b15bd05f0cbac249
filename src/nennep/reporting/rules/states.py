"""The moves of a report, and when it is late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from nennep.reporting.rules.content import DutyRule
from nennep.reporting.rules.periods import Period


class State(StrEnum):
    """Where a report stands. A unit that has written nothing yet has no report."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Move(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"


class Standing(StrEnum):
    """How one unit stands for one period, as the heat map shows it."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    RETURNED = "returned"
    NOT_DUE = "not_due"
    NO_DUTY = "no_duty"


class WrongMove(Exception):
    """A move that a report in this state does not take."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"a report that is {state} does not take the move {move}")
        self.state = state
        self.move = move


_MOVES = {
    (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Move.SUBMIT): State.SUBMITTED,
    # A mistake seen before the superior looked: the newer version takes the place of the one that waits.
    (State.SUBMITTED, Move.SUBMIT): State.SUBMITTED,
    # The unit itself found a mistake: its new version waits; the accepted one counts until the new one is accepted too.
    (State.ACCEPTED, Move.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Move.RETURN): State.RETURNED,
    (State.ACCEPTED, Move.RETURN): State.RETURNED,
    (State.SUBMITTED, Move.ACCEPT): State.ACCEPTED,
}


def after(state: State, move: Move) -> State:
    """The state a move leads to. Raises WrongMove."""
    if (state, move) not in _MOVES:
        raise WrongMove(state, move)
    return _MOVES[state, move]


def due_at(period: Period, duty: DutyRule, zone: tzinfo) -> datetime:
    """The last instant at which a report is on time.

    Nghị định 09/2019/NĐ-CP Điều 8 khoản 5: every level's deadline is stated, at least one working day after the
    cut-off.
    """
    day = period.last_day + timedelta(days=duty.due_days)
    return datetime.combine(day, time(duty.due_hour, duty.due_minute), tzinfo=zone)


def days_late(received_at: datetime, due: datetime) -> int:
    """Whole or begun days by which the server's receipt came after the deadline; 0 when on time."""
    over = received_at - due
    return 0 if over <= timedelta(0) else -(-over // timedelta(days=1))


def standing(*, due: datetime | None, first_received_late: int | None, state: State | None, at: datetime) -> Standing:
    """How a unit stands, from its deadline, the lateness of its first version, and its report's state now."""
    if due is None:
        return Standing.NO_DUTY
    if state is State.RETURNED:
        return Standing.RETURNED
    if first_received_late is not None:
        return Standing.LATE if first_received_late else Standing.ON_TIME
    return Standing.MISSING if at > due else Standing.NOT_DUE


def in_force(duty: DutyRule, day: date) -> bool:
    """A duty binds for a period when it was in force on the period's last day."""
    return duty.starts_on <= day and (duty.ends_on is None or day < duty.ends_on)
