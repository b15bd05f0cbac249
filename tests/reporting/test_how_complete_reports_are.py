"""Completeness and timeliness count only duties in force and units that existed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Edge, Unit
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided
from nennep.reporting import queries, services
from nennep.reporting.models import Duty, Round
from nennep.reporting.rules.states import Standing
from tests.cast import HANOI, NOW, Cast

DUE = datetime(2026, 11, 17, 17, 0, tzinfo=HANOI)
DAY = timedelta(days=1)


def standings(cast: Cast, period: str = "2026-11", at: datetime = DUE + DAY) -> dict[str, Standing]:
    round_ = queries.round_(cast.rounds[period].pk)
    found = queries.places([round_], cast.units.values(), at=at)
    return {code: found[unit, round_.pk].standing for code, unit in cast.units.items()}


def test_each_unit_stands_as_its_report_does(cast: Cast) -> None:
    cast.hand_in("thanh", at=DUE - DAY)
    cast.hand_in("pao", at=DUE + timedelta(hours=1))
    version = cast.hand_in("vai", at=DUE - DAY)
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("dong"), reason="Xem lại.")

    assert standings(cast) == {
        "HQ": Standing.NO_DUTY,
        "XX": Standing.NO_DUTY,
        "SH": Standing.NOT_DUE,  # six days, not three
        "DV": Standing.NOT_DUE,
        "SH-1": Standing.ON_TIME,
        "SH-2": Standing.LATE,
        "SH-3": Standing.MISSING,
        "DV-1": Standing.RETURNED,
        "DV-2": Standing.MISSING,
        "DV-3": Standing.MISSING,
    }


def test_completeness_of_a_province_is_of_what_was_due_by_then(cast: Cast) -> None:
    cast.hand_in("thanh", at=DUE - DAY)
    cast.hand_in("pao", at=DUE + timedelta(hours=1))
    round_ = queries.round_(cast.rounds["2026-11"].pk)
    posts = [cast.units[code] for code in ("SH-1", "SH-2", "SH-3")]

    def now(at: datetime) -> tuple[int, int, int]:
        found = queries.completeness(queries.places([round_], posts, at=at).values())
        return found.due, found.received, found.on_time

    assert now(DUE) == (2, 2, 1)  # whoever is not late yet does not count against anybody
    assert now(DUE + DAY) == (3, 2, 1)


@pytest.mark.parametrize(
    ("ends_on", "stands"),
    [
        (date(2026, 11, 15), Standing.MISSING),  # it lived through the period's last day
        (date(2026, 11, 14), Standing.NO_DUTY),
        (date(2026, 7, 1), Standing.NO_DUTY),
    ],
)
def test_a_unit_that_ended_within_the_period_owes_nothing(cast: Cast, ends_on: date, stands: Standing) -> None:
    Unit.objects.filter(code="SH-3").update(ends_on=ends_on)

    assert standings(cast)["SH-3"] is stands


@pytest.mark.parametrize(
    ("starts_on", "stands"),
    [(date(2026, 11, 14), Standing.MISSING), (date(2026, 11, 15), Standing.NO_DUTY)],
)
def test_a_unit_that_began_after_the_period_owes_nothing(cast: Cast, starts_on: date, stands: Standing) -> None:
    Unit.objects.filter(code="SH-3").update(starts_on=starts_on)

    assert standings(cast)["SH-3"] is stands


def test_a_duty_that_starts_later_binds_nobody_before(cast: Cast) -> None:
    Duty.objects.filter(unit_kind="post").update(starts_on=date(2026, 11, 1))

    assert standings(cast, "2026-10")["SH-3"] is Standing.NO_DUTY
    assert standings(cast, "2026-11")["SH-3"] is Standing.MISSING


def test_a_past_period_is_judged_by_the_deadline_of_its_own_time(cast: Cast) -> None:
    """From 1 November a post has five days; October is still judged by three."""
    Duty.objects.filter(unit_kind="post").update(ends_on=date(2026, 11, 1))
    Duty.objects.create(
        form_code="monthly",
        unit_kind="post",
        due_days=5,
        line=Line.PROFESSIONAL,
        calendar="nd09",
        clause="Hướng dẫn mới",
        starts_on=date(2026, 11, 1),
    )

    october, november = (
        queries.on_duty(queries.round_(cast.rounds[period].pk))[cast.units["SH-1"]] for period in ("2026-10", "2026-11")
    )

    assert (october.date(), november.date()) == (date(2026, 10, 17), date(2026, 11, 19))


def test_a_post_merged_in_mid_year_is_missed_nowhere_after_and_everywhere_before(cast: Cast) -> None:
    day = date(2026, 11, 1)
    organisation.merge(
        [cast.units["SH-3"]], cast.units["SH-2"], Decided("9/QĐ", day, day), by=system_actor(NOW, NOW.date())
    )

    assert standings(cast, "2026-10")["SH-3"] is Standing.MISSING
    assert standings(cast, "2026-11")["SH-3"] is Standing.NO_DUTY
    assert standings(cast, "2026-11")["SH-2"] is Standing.MISSING


def test_places_take_as_many_queries_for_many_units_and_rounds_as_for_few(cast: Cast) -> None:
    def count(rounds: list[Round]) -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.places(rounds, list(Unit.objects.values_list("id", flat=True)), at=NOW)
        return len(captured)

    rounds = list(queries.rounds())
    few = count(rounds[:1])
    for number in range(40):
        unit = Unit.objects.create(code=f"N-{number}", kind="post", starts_on=date(2022, 1, 1))
        Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=Line.PROFESSIONAL, starts_on=date(2022, 1, 1))
    many = count(rounds)

    assert few == many


@pytest.mark.parametrize("at", [DUE - 2 * DAY, DUE, DUE + DAY, DUE + 30 * DAY])
def test_a_tally_of_a_round_is_what_counting_its_places_gives(cast: Cast, at: datetime) -> None:
    cast.hand_in("thanh", at=DUE - 3 * DAY)
    cast.hand_in("pao", at=DUE + timedelta(hours=1))
    version = cast.hand_in("vai", at=DUE - 3 * DAY)
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("dong"), reason="Xem lại.")
    Unit.objects.filter(code="DV-3").update(ends_on=date(2026, 11, 10))
    rounds, units = list(queries.rounds()), list(cast.units.values())

    tallies = queries.tallies(rounds, units, at=at)
    places = queries.places(rounds, units, at=at)

    for round_ in rounds:
        here = [places[unit, round_.pk] for unit in units]
        assert tallies[round_.pk].completeness == queries.completeness(here)
        assert tallies[round_.pk].on_duty == sum(1 for place in here if place.due is not None)
        assert tallies[round_.pk].missing == sum(1 for place in here if place.standing is Standing.MISSING)
