"""Authority comes from holding a post on a day, and reaches the post's unit and what lies under it on that day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from nennep.journal.rules import Actor, system_actor
from nennep.organisation import queries, services
from nennep.organisation.models import Appointment, Post
from nennep.organisation.rules import Line, NotAuthorised, OrganisationRefused, Permission
from nennep.organisation.services import Decided
from nennep.reporting import queries as reporting
from nennep.site.acting import actor_for
from tests.cast import HANOI, NOW, START, Cast

VIEW, WRITE = Permission.REPORTING_VIEW, Permission.REPORTING_WRITE
TODAY = NOW.date()
BOTH = (Line.COMMAND, Line.PROFESSIONAL)
pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> Actor:
    return system_actor(NOW, TODAY)


def codes(cast: Cast, units: frozenset[int]) -> set[str]:
    by_id = {unit_id: code for code, unit_id in cast.units.items()}
    return {by_id[unit] for unit in units}


# --- how far a permission reaches -----------------------------------------------------------------

REACHES = [
    ("tulenh", {"HQ", "SH", "DV", "SH-1", "SH-2", "SH-3", "DV-1", "DV-2", "DV-3"}),
    ("hanh", {"SH", "SH-1", "SH-2", "SH-3"}),
    ("dong", {"DV", "DV-1", "DV-2", "DV-3"}),
    ("thanh", {"SH-1"}),
    ("khach", {"XX"}),
]


@pytest.mark.parametrize(("username", "reached"), REACHES)
def test_a_permission_reaches_the_posts_unit_and_what_lies_under_it(
    cast: Cast, username: str, reached: set[str]
) -> None:
    assert codes(cast, queries.reach(cast.actor(username), VIEW)) == reached


def test_what_a_post_does_not_carry_reaches_nothing(cast: Cast) -> None:
    assert queries.reach(cast.actor("tulenh"), WRITE) == frozenset()


def test_the_system_reaches_everything(cast: Cast, system: Actor) -> None:
    assert codes(cast, queries.reach(system, WRITE)) == set(cast.units)


def test_reach_is_worked_out_once_for_an_actor(cast: Cast, django_assert_num_queries: object) -> None:
    by = cast.actor("hanh")
    queries.reach(by, VIEW)

    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.reach(by, VIEW)
        queries.require(by, VIEW, over=cast.units["SH-1"])


def test_a_unit_outside_the_subtree_is_refused_as_if_it_did_not_exist(cast: Cast) -> None:
    with pytest.raises(NotAuthorised) as refused:
        queries.require(cast.actor("hanh"), VIEW, over=cast.units["DV-1"])

    assert refused.value.hidden


def test_a_permission_the_post_lacks_over_its_own_unit_is_refused_openly(cast: Cast) -> None:
    with pytest.raises(NotAuthorised) as refused:
        queries.require(cast.actor("tulenh"), WRITE, over=cast.units["SH"])

    assert not refused.value.hidden


# --- over time ------------------------------------------------------------------------------------


def test_a_transfer_moves_authority_on_its_day_and_not_before(cast: Cast, system: Actor) -> None:
    decided = Decided("1/QĐ", None, TODAY)
    services.transfer(cast.units["SH-1"], dict.fromkeys(BOTH, cast.units["DV"]), decided, by=system)

    eve = NOW - timedelta(days=1)
    assert cast.units["SH-1"] in queries.reach(cast.actor("hanh", eve), VIEW)
    assert cast.units["SH-1"] not in queries.reach(cast.actor("hanh"), VIEW)
    assert cast.units["SH-1"] not in queries.reach(cast.actor("dong", eve), VIEW)
    assert cast.units["SH-1"] in queries.reach(cast.actor("dong"), VIEW)


def test_one_superior_on_any_line_is_enough_to_reach_a_unit(cast: Cast, system: Actor) -> None:
    decided = Decided("1/QĐ", None, TODAY)
    services.transfer(cast.units["SH"], {Line.COMMAND: cast.units["XX"]}, decided, by=system)

    assert cast.units["SH-1"] in queries.reach(cast.actor("khach"), VIEW)
    assert cast.units["SH-1"] in queries.reach(cast.actor("tulenh"), VIEW)


def test_the_papers_of_a_merged_unit_are_reached_by_whoever_took_it_in(cast: Cast, system: Actor) -> None:
    version = cast.hand_in("vai")
    services.merge([cast.units["DV-1"]], cast.units["SH-1"], Decided("2/QĐ", None, TODAY), by=system)

    for username in ("thanh", "hanh", "tulenh"):
        reach = queries.reach(cast.actor(username), VIEW)
        assert [report.pk for report in reporting.reports(reach, form_code="monthly")] == [version.report_id]
    assert cast.units["DV-1"] not in queries.reach(cast.actor("dong"), VIEW)


def test_the_papers_of_a_unit_that_was_split_stay_with_the_superior_it_had(cast: Cast, system: Actor) -> None:
    decided = Decided("12/QĐ-BTL", TODAY, TODAY - timedelta(days=5))
    services.split(cast.units["SH-1"], [cast.units["SH-2"], cast.units["SH-3"]], decided, by=system)

    assert "SH-1" in codes(cast, queries.reach(cast.actor("hanh"), VIEW))
    assert "SH-1" not in codes(cast, queries.reach(cast.actor("dong"), VIEW))


def test_units_and_their_superior_can_be_merged_by_decisions_of_one_day(cast: Cast, system: Actor) -> None:
    day = TODAY - timedelta(days=5)
    services.merge([cast.units["SH"]], cast.units["DV"], Decided("13/QĐ-BTL", TODAY, day), by=system)
    services.merge([cast.units["SH-1"]], cast.units["DV-1"], Decided("14/QĐ-BTL", TODAY, day), by=system)

    assert "SH-1" in codes(cast, queries.reach(cast.actor("dong"), VIEW))
    assert cast.units["SH-1"] not in queries.tree_on(TODAY).parents


def test_a_chain_of_merges_is_followed(cast: Cast, system: Actor) -> None:
    services.merge([cast.units["DV-1"]], cast.units["DV-2"], Decided("2/QĐ", None, TODAY - timedelta(9)), by=system)
    services.merge([cast.units["DV-2"]], cast.units["SH-1"], Decided("3/QĐ", None, TODAY), by=system)

    assert codes(cast, queries.reach(cast.actor("thanh"), VIEW)) == {"SH-1", "DV-1", "DV-2"}


def test_a_merge_still_to_come_gives_nothing_yet(cast: Cast, system: Actor) -> None:
    services.merge([cast.units["DV-1"]], cast.units["SH-1"], Decided("2/QĐ", None, TODAY + timedelta(9)), by=system)

    assert codes(cast, queries.reach(cast.actor("thanh"), VIEW)) == {"SH-1"}


def test_of_a_past_day_one_sees_what_stood_under_what_one_reaches_today(cast: Cast, system: Actor) -> None:
    services.transfer(
        cast.units["SH-1"], dict.fromkeys(BOTH, cast.units["DV"]), Decided("1/QĐ", None, TODAY), by=system
    )
    services.merge([cast.units["SH-2"]], cast.units["DV-1"], Decided("2/QĐ", None, TODAY), by=system)
    eve = queries.tree_on(TODAY - timedelta(days=1))

    # SH-1 has gone elsewhere, but stood under SH on that day; SH-2 was merged into a post of DV.
    assert codes(cast, queries.seen_on(cast.actor("hanh"), eve)) == {"SH", "SH-1", "SH-2", "SH-3"}
    assert codes(cast, queries.seen_on(cast.actor("dong"), eve)) == {"DV", "DV-1", "DV-2", "DV-3", "SH-1", "SH-2"}
    assert codes(cast, queries.seen_on(cast.actor("khach"), eve)) == {"XX"}


# --- appointments ---------------------------------------------------------------------------------


def held(cast: Cast, username: str, at: datetime) -> Actor:
    person = cast.people[username]
    day = at.astimezone(HANOI).date()
    return actor_for(person, list(queries.appointments_of(person.pk, day)), post_id=None, at=at)


def test_an_appointment_ends_on_its_day_and_its_permissions_with_it(cast: Cast) -> None:
    last_day = datetime(2026, 10, 31, 23, 59, tzinfo=HANOI)

    assert WRITE in held(cast, "hethan", last_day).permissions
    ended = held(cast, "hethan", last_day + timedelta(minutes=1))
    assert ended.post_id is None
    assert queries.reach(ended, VIEW) == frozenset()


def test_an_acting_appointment_carries_the_posts_permissions_and_stands_after_full_ones(
    cast: Cast, system: Actor
) -> None:
    services.appoint(
        cast.people["thanh"].pk,
        cast.posts["hanh"].pk,
        starts_on=TODAY,
        acting=True,
        by=system,
        ends_on=date(2027, 1, 1),
    )
    posts = [row.post for row in queries.appointments_of(cast.people["thanh"].pk, TODAY)]
    chosen = actor_for(
        cast.people["thanh"],
        list(queries.appointments_of(cast.people["thanh"].pk, TODAY)),
        post_id=cast.posts["hanh"].pk,
        at=NOW,
    )

    assert posts == [cast.posts["thanh"], cast.posts["hanh"]]
    assert queries.may(chosen, Permission.REPORTING_REVIEW, over=cast.units["SH-2"])
    assert not queries.may(held(cast, "thanh", NOW), Permission.REPORTING_REVIEW, over=cast.units["SH-2"])


def test_a_post_that_a_person_does_not_hold_cannot_be_chosen(cast: Cast) -> None:
    person = cast.people["thanh"]

    chosen = actor_for(person, list(queries.appointments_of(person.pk, TODAY)), post_id=cast.posts["hanh"].pk, at=NOW)

    assert chosen.post_id == cast.posts["thanh"].pk


def test_a_post_has_one_holder_in_full_at_a_time_and_acting_ones_beside(cast: Cast, system: Actor) -> None:
    post = cast.posts["hanh"].pk

    with pytest.raises(OrganisationRefused, match="in full"):
        services.appoint(cast.people["dong"].pk, post, starts_on=TODAY, by=system)
    services.appoint(cast.people["dong"].pk, post, starts_on=TODAY, acting=True, by=system)

    assert {row.person_id for row in Appointment.objects.filter(post=post)} == {
        cast.people["hanh"].pk,
        cast.people["dong"].pk,
    }


def test_ending_an_appointment_frees_the_post_from_that_day(cast: Cast, system: Actor) -> None:
    appointment = Appointment.objects.get(person=cast.people["hanh"])

    services.end_appointment(appointment.pk, ends_on=TODAY, by=system, reason="Chuyển công tác")
    services.appoint(cast.people["dong"].pk, cast.posts["hanh"].pk, starts_on=TODAY, by=system)

    assert held(cast, "hanh", NOW).post_id is None
    posts = [appointment.post for appointment in queries.appointments_of(cast.people["dong"].pk, TODAY)]
    assert cast.posts["hanh"] in posts


def test_an_appointment_cannot_end_before_it_began(cast: Cast, system: Actor) -> None:
    appointment = Appointment.objects.get(person=cast.people["hanh"])

    with pytest.raises(OrganisationRefused):
        services.end_appointment(appointment.pk, ends_on=START, by=system, reason="")


def test_appointing_needs_authority_over_the_posts_unit(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        services.appoint(cast.people["dong"].pk, cast.posts["hanh"].pk, starts_on=TODAY, by=cast.actor("dong"))


def test_the_posts_of_a_unit_come_with_those_who_hold_them_on_the_day(cast: Cast, system: Actor) -> None:
    services.appoint(cast.people["dong"].pk, cast.posts["hanh"].pk, starts_on=TODAY, acting=True, by=system)

    told = queries.posts_of(cast.units["SH"], TODAY)

    assert [(post.title, [row.person.username for row in held]) for post, held in told] == [
        ("Trợ lý Kế hoạch - Tổng hợp", ["hanh", "dong"])
    ]


def test_the_database_refuses_the_same_post_twice_in_a_unit(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(unit_id=cast.units["SH"], code="planner", title="Khác")
