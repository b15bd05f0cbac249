"""The superior accepts, or returns with remarks; who that is, and what counts after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Edge, Unit
from nennep.organisation.rules import Line, NotAuthorised
from nennep.organisation.services import Decided
from nennep.reporting import queries, services
from nennep.reporting.models import Decision, Reminder, Report, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind, difference
from nennep.reporting.rules.states import State, WrongMove
from nennep.reporting.services import Remark, ReportingRefused
from tests.cast import NOW, Cast, good_content

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def state_of(version: Version) -> State:
    return State(Report.objects.get(pk=version.report_id).state)


def counting(cast: Cast, known_at: datetime | None = None, period: str = "2026-11") -> dict[int, int]:
    rows = queries.counted([cast.rounds[period].pk], known_at=known_at)
    return {row.unit_id: row.number for row in rows}


def return_it(cast: Cast, version: Version, username: str = "hanh", at: datetime = NOW) -> Decision:
    return services.return_report(
        version.report_id, version_id=version.pk, by=cast.actor(username, at), reason="Xem lại."
    )


def test_a_return_keeps_its_remarks_at_their_places_and_the_next_version_shows_what_changed(cast: Cast) -> None:
    first = cast.hand_in("thanh")
    remarks = [
        Remark("cell:patrol.teams", "Khác sổ trực."),
        Remark("statement:s1", "Nêu rõ bản nào."),
        Remark("x", " "),
    ]

    services.return_report(first.report_id, version_id=first.pk, by=cast.actor("hanh"), remarks=remarks)
    said = Statement("s1", "C", StatementKind.RESULT, "Phối hợp với các bản Nậm Ngà, Tả Lùng.")
    mended = good_content(patrol__teams="131")
    second = cast.hand_in("thanh", Content(mended.cells, (said, *mended.statements[1:])), at=NOW + HOUR)
    cast.accept(second, "hanh", NOW + 2 * HOUR)

    last_return = queries.last_return(first.report_id)
    assert last_return is not None
    assert last_return.remarks == [remark.as_json() for remark in remarks[:2]]
    changed = difference(first.content, second.content)
    assert [(c.indicator, c.before, c.after) for c in changed.cells] == [("patrol.teams", "137", "131")]
    assert [(c.before and c.before.id, c.after and c.after.text) for c in changed.statements] == [("s1", said.text)]
    assert state_of(second) is State.ACCEPTED
    assert counting(cast) == {cast.units["SH-1"]: 2}


def test_a_return_says_what_is_wrong(cast: Cast) -> None:
    version = cast.hand_in("thanh")

    with pytest.raises(ReportingRefused) as refused:
        services.return_report(
            version.report_id, version_id=version.pk, by=cast.actor("hanh"), reason=" ", remarks=[Remark("x", "")]
        )

    assert refused.value.why == "return_needs_remark"
    assert state_of(version) is State.SUBMITTED


def test_what_was_returned_must_change_before_it_comes_again(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    return_it(cast, version)

    with pytest.raises(ReportingRefused) as refused:
        cast.hand_in("thanh")
    with pytest.raises(WrongMove):
        cast.accept(version, "hanh")

    assert refused.value.why == "nothing_changed"


def test_a_second_officer_who_accepts_is_told_that_it_is_done(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    cast.accept(version, "hanh")

    with pytest.raises(WrongMove):
        cast.accept(version, "hanh", NOW + SECOND)

    assert Decision.objects.count() == 1


def test_the_accepted_version_counts_until_a_newer_one_is_accepted_too(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")
    newer = cast.hand_in("thanh", good_content(patrol__teams="138"))
    unit = cast.units["SH-1"]

    while_it_waits = counting(cast)
    return_it(cast, newer)
    while_it_is_returned = counting(cast)
    mended = cast.hand_in("thanh", good_content(patrol__teams="139"))
    cast.accept(mended, "hanh")

    assert (while_it_waits, while_it_is_returned, counting(cast)) == ({unit: 1}, {unit: 1}, {unit: 3})


def test_an_accepted_version_that_is_returned_stops_counting(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    cast.accept(version, "hanh")

    return_it(cast, version, at=NOW + HOUR)

    assert counting(cast) == {}
    assert Report.objects.get(pk=version.report_id).accepted_version is None


def test_what_counted_is_known_at_every_instant_since(cast: Cast) -> None:
    unit, at = cast.units["SH-1"], NOW
    first = cast.hand_in("thanh", at=at)
    cast.accept(first, "hanh", at + HOUR)
    second = cast.hand_in("thanh", good_content(patrol__teams="138"), at=at + 2 * HOUR)
    cast.accept(second, "hanh", at + 3 * HOUR)
    return_it(cast, second, at=at + 4 * HOUR)

    known = [counting(cast, at + when) for when in (HOUR - SECOND, HOUR, 3 * HOUR - SECOND, 3 * HOUR, 4 * HOUR)]

    assert known == [{}, {unit: 1}, {unit: 1}, {unit: 2}, {}]


def test_decisions_keep_the_order_they_took_although_a_request_waited(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    cast.accept(version, "hanh", NOW + HOUR)

    decision = return_it(cast, version, at=NOW + HOUR - SECOND)  # begun before, and came after

    assert decision.at == NOW + HOUR
    assert counting(cast) == {}


# --- who reviews ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "may"),
    [
        ("hanh", True),
        ("kehoach", False),  # above the superior
        ("tulenh", False),
        ("dong", False),  # another province
        ("thanh", False),  # the unit itself
        ("dontruong", False),
        ("pao", False),
        ("khach", False),
    ],
)
def test_a_report_is_accepted_and_returned_by_its_direct_superior_alone(
    cast: Cast, username: str, *, may: bool
) -> None:
    version, by = cast.hand_in("thanh"), cast.actor(username)

    allowed = []
    for act in (services.return_report, services.accept_report):
        try:
            if act is services.return_report:
                services.return_report(version.report_id, version_id=version.pk, by=by, reason="Xem lại.")
                version = cast.hand_in("thanh", good_content(patrol__teams="138"))
            else:
                services.accept_report(version.report_id, version_id=version.pk, by=by)
        except NotAuthorised:
            continue
        allowed.append(act)

    assert bool(allowed) is may
    assert queries.reviews(by, cast.units["SH-1"], cast.form) is may
    assert Decision.objects.count() == (2 if may else 0)


def test_a_province_cannot_accept_its_own_report_headquarters_does(cast: Cast) -> None:
    version = cast.hand_in("hanh")

    with pytest.raises(NotAuthorised):
        cast.accept(version, "hanh")
    cast.accept(version, "kehoach")

    assert state_of(version) is State.ACCEPTED


def test_the_superior_on_another_line_reviews_nothing_of_this_form(cast: Cast) -> None:
    """Since 1/7/2025 a command stands under the army of its province, and by profession under the border guard."""
    Edge.objects.filter(unit_id=cast.units["SH-1"], line=Line.COMMAND).update(parent_id=cast.units["DV"])
    version = cast.hand_in("thanh")

    with pytest.raises(NotAuthorised):
        cast.accept(version, "dong")

    assert list(queries.waiting_for(cast.actor("dong"))) == []
    assert [report.pk for report in queries.waiting_for(cast.actor("hanh"))] == [version.report_id]


def _merge(cast: Cast, gone: str, into: str) -> None:
    day = date(2026, 11, 16)
    decided = Decided("12/QĐ", day, day)
    organisation.merge([cast.units[gone]], cast.units[into], decided, by=system_actor(NOW, day))


def test_a_merged_post_s_report_goes_to_its_successor_s_superior(cast: Cast) -> None:
    version = cast.hand_in("thanh", at=NOW - HOUR)
    _merge(cast, "SH-1", "DV-1")

    with pytest.raises(NotAuthorised):
        cast.accept(version, "hanh")
    assert [report.pk for report in queries.waiting_for(cast.actor("dong"))] == [version.report_id]
    cast.accept(version, "dong")

    assert state_of(version) is State.ACCEPTED


def test_a_province_does_not_accept_the_report_of_the_one_it_took_in(cast: Cast) -> None:
    version = cast.hand_in("dong", at=NOW - HOUR)
    _merge(cast, "DV", "SH")

    with pytest.raises(NotAuthorised):
        cast.accept(version, "hanh")
    assert [report.pk for report in queries.waiting_for(cast.actor("kehoach"))] == [version.report_id]
    cast.accept(version, "kehoach")

    assert state_of(version) is State.ACCEPTED


def test_posts_of_a_merged_province_report_to_its_successor(cast: Cast) -> None:
    version = cast.hand_in("vai", at=NOW - HOUR)
    _merge(cast, "DV", "SH")

    cast.accept(version, "hanh")

    assert state_of(version) is State.ACCEPTED


def test_whoever_waits_for_a_review_is_asked_in_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(queries.waiting_for(cast.actor("hanh")))
        return len(captured)

    cast.hand_in("thanh")
    few = count()
    for username in ("pao", "hu"):
        cast.hand_in(username)
    for number in range(20):
        unit = Unit.objects.create(code=f"N-{number}", kind="post", starts_on=date(2022, 1, 1))
        Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=Line.PROFESSIONAL, starts_on=date(2022, 1, 1))
    many = count()

    assert few == many


# --- reminding ------------------------------------------------------------------------------------


def test_only_units_whose_report_is_owed_are_reminded(cast: Cast) -> None:
    cast.hand_in("thanh")
    return_it(cast, cast.hand_in("pao"))
    here, units = cast.rounds["2026-11"].pk, cast.units

    reminded = services.remind(here, [units["SH-1"], units["SH-2"], units["SH-3"]], by=cast.actor("hanh"), text="Gấp.")

    assert reminded == 2
    assert set(Reminder.objects.values_list("unit__code", "text")) == {("SH-2", "Gấp."), ("SH-3", "Gấp.")}


def test_a_unit_without_the_duty_is_not_reminded(cast: Cast) -> None:
    Unit.objects.filter(code="SH-3").update(kind="squadron")

    assert services.remind(cast.rounds["2026-11"].pk, [cast.units["SH-3"]], by=cast.actor("hanh")) == 0


@pytest.mark.parametrize("username", ["kehoach", "dong", "thanh", "khach"])
def test_a_superior_alone_reminds(cast: Cast, username: str) -> None:
    with pytest.raises(NotAuthorised):
        services.remind(cast.rounds["2026-11"].pk, [cast.units["SH-2"]], by=cast.actor(username))

    assert not Reminder.objects.exists()


def test_nobody_is_reminded_when_one_of_them_is_not_the_actor_s(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        services.remind(cast.rounds["2026-11"].pk, [cast.units["SH-2"], cast.units["DV-1"]], by=cast.actor("hanh"))

    assert not Reminder.objects.exists()
