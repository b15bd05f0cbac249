"""How the reports of a whole force go: late, returned, missing in the shares one meets, and never against time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.demonstration.chance import Dice
from nennep.demonstration.character import Character, characters, pace_of
from nennep.demonstration.course import Course, Timetable, as_known_at, course
from nennep.packs.reading import read_pack, shipped_pack

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TIMES = Timetable(
    opened_at=datetime(2026, 10, 15, 8, tzinfo=HANOI),
    ends_at=datetime(2026, 11, 15, tzinfo=HANOI),
    due=datetime(2026, 11, 17, 17, tzinfo=HANOI),
    reviewed_by=datetime(2026, 11, 19, 14, tzinfo=HANOI),
    closed_at=datetime(2026, 11, 25, 10, tzinfo=HANOI),
)
END = datetime(2026, 11, 19, 16, tzinfo=HANOI)


@pytest.fixture(scope="module")
def units() -> list[Character]:
    return list(characters(read_pack(shipped_pack("bdbp"))).values())


def timetable(unit: Character) -> Timetable:
    """The round, reviewed at the pace of the unit's province, which is due three days after its posts."""
    return replace(TIMES, reviewed_by=TIMES.due + timedelta(days=3) * pace_of(unit.province))


@pytest.fixture(scope="module")
def courses(units: list[Character]) -> list[tuple[Character, Course]]:
    """The reports of every unit for two years, each of another chance."""
    return [
        (unit, course(unit, timetable(unit), correctable=True, dice=Dice(unit.code, month)))
        for unit in units
        for month in range(24)
    ]


def share(found: list[tuple[Character, Course]], word: str) -> float:
    """The share of reports of which the word is true."""
    counts: Counter[str] = Counter()
    for _, one in found:
        counts["missing"] += not one.handings
        counts["late"] += bool(one.handings) and one.handings[0].received_at > TIMES.due
        counts["returned"] += any(handing.decided_at and not handing.accepted for handing in one.handings)
        counts["left returned"] += bool(one.handings) and not one.handings[-1].accepted
        counts["corrected"] += any(handing.is_correction for handing in one.handings)
    return counts[word] / len(found)


@pytest.mark.parametrize(
    ("word", "least", "most"),
    [
        ("late", 0.02, 0.10),
        ("returned", 0.02, 0.12),
        ("missing", 0.002, 0.03),
        ("left returned", 0.0005, 0.02),
        ("corrected", 0.002, 0.01),
    ],
)
def test_shares_over_a_force_are_those_one_meets(
    courses: list[tuple[Character, Course]], word: str, least: float, most: float
) -> None:
    assert least <= share(courses, word) <= most


def test_some_units_are_far_later_than_others(courses: list[tuple[Character, Course]]) -> None:
    by_unit: dict[str, list[tuple[Character, Course]]] = {}
    for unit, one in courses:
        by_unit.setdefault(unit.code, []).append((unit, one))

    late = sorted(share(found, "late") for found in by_unit.values())

    assert late[0] == 0
    assert late[-1] >= 0.2


def test_two_days_after_the_deadline_every_state_is_met(courses: list[tuple[Character, Course]]) -> None:
    known = [as_known_at(one, END) for _, one in courses]
    states: Counter[str] = Counter()
    for one in known:
        if not one.handings:
            states["draft" if one.begun_at else "nothing"] += 1
        elif one.handings[-1].decided_at is None:
            states["waiting"] += 1
        else:
            states["accepted" if one.handings[-1].accepted else "returned"] += 1

    assert states["accepted"] / len(known) > 0.6
    assert 0.03 < states["waiting"] / len(known) < 0.35
    assert min(states["draft"], states["returned"], states["nothing"]) > 20


def test_everything_happens_in_its_order(courses: list[tuple[Character, Course]]) -> None:
    for _, one in courses:
        instants = [one.begun_at]
        for handing in one.handings:
            instants += [handing.received_at, handing.decided_at]
        known = [instant for instant in instants if instant is not None]
        assert known == sorted(known)
        before_closing = [handing for handing in one.handings if not handing.is_correction]
        assert all(handing.received_at < TIMES.closed_at for handing in before_closing)
        assert all(h.decided_at is not None and h.decided_at <= TIMES.closed_at for h in before_closing)
        assert all(h.received_at > TIMES.closed_at for h in one.handings if h.is_correction)


@given(st.integers(0, 10_000), st.integers(0, 60 * 24), st.integers(0, 60 * 24))
def test_what_is_known_earlier_is_the_beginning_of_what_is_known_later(seed: int, first: int, more: int) -> None:
    unit = Character("X-01", "X", "land", "X", "", 1.0, lateness=0.3, carelessness=0.4, silence=0.1)
    whole = course(unit, TIMES, correctable=True, dice=Dice(seed))
    earlier = TIMES.opened_at + timedelta(hours=first)
    later = earlier + timedelta(hours=more)

    known = as_known_at(whole, earlier)

    assert as_known_at(as_known_at(whole, later), earlier) == known
    assert len(known.handings) <= len(as_known_at(whole, later).handings)
    assert all(handing.received_at <= earlier for handing in known.handings)
    assert as_known_at(whole, whole_end(whole)) == whole


def whole_end(whole: Course) -> datetime:
    instants = [whole.begun_at, whole.reminded_at]
    instants += [handing.decided_at or handing.received_at for handing in whole.handings]
    return max((instant for instant in instants if instant), default=TIMES.closed_at)
