"""The course of one invented report: when it was begun, handed in, returned, handed in again, accepted, corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nennep.demonstration.chance import Dice
from nennep.demonstration.character import Character

#: Nobody hands in or decides in the night.
FIRST_HOUR, LAST_HOUR = 7, 20
#: A demonstration ends on this day of its last month: two days after the posts' reports were due.
LAST_DAY = 19


@dataclass(frozen=True)
class Handing:
    """One version: when it was received, and when and how the superior decided; None while it waits."""

    received_at: datetime
    decided_at: datetime | None = None
    accepted: bool = False
    is_correction: bool = False


@dataclass(frozen=True)
class Course:
    """Everything that happened to one report, oldest first. `begun_at` is None when nothing was ever written."""

    begun_at: datetime | None = None
    reminded_at: datetime | None = None
    handings: tuple[Handing, ...] = ()


@dataclass(frozen=True)
class Timetable:
    """The instants of one round for one unit, in the organisation's own time zone."""

    opened_at: datetime
    ends_at: datetime
    due: datetime
    reviewed_by: datetime
    closed_at: datetime


def course(unit: Character, times: Timetable, *, correctable: bool, dice: Dice) -> Course:
    """How it goes until the books are closed, and perhaps is corrected after; nothing of it knows what day it is."""
    begun_at = _begun(times, dice)
    if dice.happens(unit.silence):
        return Course(begun_at if dice.happens(0.4) else None, _reminded(times, None, dice))
    late = dice.happens(unit.lateness)
    received_at = _late(times, dice) if late else _in_time(times, dice)
    if received_at >= times.closed_at:
        return Course(begun_at, _reminded(times, None, dice))
    handings = _reviewed(unit, received_at, times, dice)
    if correctable and handings[-1].accepted and dice.happens(0.006):
        handings = (*handings, _correction(times, dice))
    return Course(min(begun_at, received_at), _reminded(times, received_at, dice), handings)


def as_known_at(found: Course, at: datetime, *, with_corrections: bool = True) -> Course:
    """The same course as far as it has come at an instant: what lies ahead has not happened."""
    handings = []
    for handing in found.handings:
        if handing.received_at > at or (handing.is_correction and not with_corrections):
            break
        waits = handing.decided_at is not None and handing.decided_at > at
        handings.append(replace(handing, decided_at=None, accepted=False) if waits else handing)
    return Course(
        found.begun_at if found.begun_at and found.begun_at <= at else None,
        found.reminded_at if found.reminded_at and found.reminded_at <= at else None,
        tuple(handings),
    )


def _begun(times: Timetable, dice: Dice) -> datetime:
    if times.ends_at - times.opened_at < timedelta(days=40) and dice.happens(0.03):
        return by_day(times.opened_at + timedelta(days=dice.between(0.1, 4)))
    return max(times.opened_at, by_day(times.ends_at - timedelta(hours=dice.between(1, 70))))


def _in_time(times: Timetable, dice: Dice) -> datetime:
    span = (times.due - times.ends_at).total_seconds()
    at = by_day(times.ends_at + timedelta(seconds=span * (1 - dice.fraction() ** 1.4)))
    return at if at < times.due else times.due - timedelta(minutes=dice.whole(2, 50))


def _late(times: Timetable, dice: Dice) -> datetime:
    at = by_day(times.due + timedelta(hours=0.3 + 90 * dice.fraction() ** 2.2))
    return max(at, times.due + timedelta(minutes=7))


def _reviewed(unit: Character, received_at: datetime, times: Timetable, dice: Dice) -> tuple[Handing, ...]:
    """The superior decides before it writes its own report, or before the books are closed; some it sends back once."""
    decided_at = _before(_reviewed_at(received_at, times, dice), received_at, times)
    if not dice.happens(unit.carelessness):
        return (Handing(received_at, decided_at, accepted=True),)
    again = by_day(decided_at + timedelta(hours=dice.between(2, 40)))
    returned = Handing(received_at, decided_at)
    if again >= times.closed_at - timedelta(hours=3) or dice.happens(0.03):
        return (returned,)
    accepted_at = _before(by_day(again + timedelta(hours=dice.between(1, 30))), again, times)
    return returned, Handing(again, accepted_at, accepted=True)


def _reviewed_at(received_at: datetime, times: Timetable, dice: Dice) -> datetime:
    """What came in time by when the superior is done with reviewing; what came later, within a day."""
    left = times.reviewed_by - received_at
    if left < timedelta(hours=2):
        return by_day(received_at + timedelta(hours=dice.between(1, 20)))
    soonest = received_at + timedelta(minutes=20)
    return max(soonest, min(by_day(received_at + left * (0.15 + 0.85 * dice.fraction())), times.reviewed_by))


def _correction(times: Timetable, dice: Dice) -> Handing:
    at = by_day(times.closed_at + timedelta(days=dice.between(1, 18)))
    return Handing(at, by_day(at + timedelta(hours=dice.between(3, 50))), accepted=True, is_correction=True)


def _reminded(times: Timetable, received_at: datetime | None, dice: Dice) -> datetime | None:
    at = by_day(times.due + timedelta(hours=dice.between(15, 26)))
    came = received_at is not None and received_at <= at
    return at if not came and dice.happens(0.7) and at < times.closed_at else None


def _before(at: datetime, after: datetime, times: Timetable) -> datetime:
    """Not later than the closing of the books, and after what it answers."""
    last = times.closed_at - timedelta(minutes=20)
    return min(at, last) if after < last else after + timedelta(minutes=1)


def by_day(at: datetime) -> datetime:
    """The next instant within working hours, to the minute: never earlier."""
    tidy = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if tidy.hour < FIRST_HOUR:
        return tidy + timedelta(hours=FIRST_HOUR)
    if tidy.hour >= LAST_HOUR:
        return tidy + timedelta(hours=12)
    return tidy


def end_of(month: date, zone: ZoneInfo) -> datetime:
    """The instant up to which a demonstration of this month knows what happened: LAST_DAY, four in the afternoon."""
    return datetime(month.year, month.month, LAST_DAY, 16, 0, tzinfo=zone)
