"""Drafts and versions through the services: what is kept, what is refused, what is frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from nennep.journal import queries as journal
from nennep.journal.rules import system_actor
from nennep.organisation.rules import NotAuthorised
from nennep.reporting import queries, services
from nennep.reporting.models import Decision, Report, Version
from nennep.reporting.rules.checks import Problem
from nennep.reporting.rules.content import Content, Statement, StatementKind, Unreadable, content_digest
from nennep.reporting.rules.states import State
from nennep.reporting.services import NotReady, ReportingRefused, StaleDraft
from tests.cast import GOOD_CELLS, HANOI, NOW, Cast, good_content

DUE = datetime(2026, 11, 17, 17, 0, tzinfo=HANOI)  # three days after the 14th, at the posts
DAY = timedelta(days=1)


def report_of(cast: Cast, unit: str, period: str = "2026-11") -> Report:
    found = queries.report_of(cast.rounds[period], cast.units[unit])
    assert found is not None
    return queries.report(found.pk)


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_is_kept_as_it_was_typed_and_counts_its_revisions(cast: Cast) -> None:
    report = cast.draft("thanh", Content(cells={"patrol.teams": "1,151"}))

    saved = services.save_draft(
        report.pk, Content(cells={"patrol.teams": "1 151"}), revision=1, by=cast.actor("thanh", NOW + DAY)
    )

    assert (report.draft_revision, saved.draft_revision) == (1, 2)
    assert report_of(cast, "SH-1").draft_content.cells == {"patrol.teams": "1 151"}
    assert (saved.draft_by, saved.draft_at) == (str(cast.people["thanh"]), NOW + DAY)


def test_a_writer_who_began_from_an_older_draft_is_told_and_shown_both(cast: Cast) -> None:
    report = cast.draft("thanh", Content(cells={"patrol.teams": "10"}))
    services.save_draft(report.pk, Content(cells={"patrol.teams": "11"}), revision=1, by=cast.actor("thanh"))

    with pytest.raises(StaleDraft) as stale:
        services.save_draft(report.pk, Content(cells={"patrol.teams": "12"}), revision=1, by=cast.actor("hethan"))

    assert stale.value.theirs.cells == {"patrol.teams": "11"}
    assert (stale.value.revision, stale.value.saved_by) == (2, str(cast.people["thanh"]))
    assert report_of(cast, "SH-1").draft_content.cells == {"patrol.teams": "11"}


def test_what_is_handed_in_is_the_draft_its_sender_saw(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    services.save_draft(report.pk, good_content(patrol__teams="140"), revision=1, by=cast.actor("thanh"))

    with pytest.raises(StaleDraft):
        services.submit_report(report.pk, revision=1, by=cast.actor("dontruong"))

    assert not Version.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        Content(
            cells={"patrol.per_team": "6"}
        ),  # computed, never typed: the engine refuses it, and every figure with it
        Content(figures={"patrol.teams": "999"}),
        Content(synthesis=1),
        Content(statements=(Statement("s1", "C", StatementKind.RESULT, "Nói thay", ((1, "s1"),)),)),
        Content(cells={"no.such.cell": "1"}),
    ],
)
def test_a_typed_report_cannot_pass_for_what_it_is_not(cast: Cast, forged: Content) -> None:
    report = cast.draft("thanh", good_content())

    with pytest.raises(Unreadable):
        services.save_draft(report.pk, forged, revision=1, by=cast.actor("thanh"))
    with pytest.raises(Unreadable):
        services.hand_in(cast.rounds["2026-11"].pk, forged, by=cast.actor("thanh"), revision=1)

    assert report_of(cast, "SH-1").draft_content == good_content()


# --- versions -------------------------------------------------------------------------------------


def test_handing_in_freezes_exact_decimals_the_server_s_receipt_and_a_digest(cast: Cast) -> None:
    version = cast.hand_in("thanh", good_content(patrol__people="1.151"), at=DUE)

    stored = Version.objects.get(pk=version.pk)
    assert stored.content.cells == {**GOOD_CELLS, "patrol.people": "1151", "path.cleared_km": "12.5"}
    assert (stored.number, stored.received_at, stored.days_late) == (1, DUE, 0)
    assert (stored.person_name, stored.post_title) == (str(cast.people["thanh"]), "Chính trị viên")
    assert stored.digest == content_digest(stored.content_data, form="monthly v1", unit="SH-1", period="2026-11")
    assert report_of(cast, "SH-1").state == State.SUBMITTED


@pytest.mark.parametrize(
    ("received", "late"), [(DUE, 0), (DUE + timedelta(seconds=1), 1), (DUE + DAY, 1), (DUE + 3 * DAY, 3)]
)
def test_lateness_is_judged_by_the_first_receipt_and_stays_with_the_report(
    cast: Cast, received: datetime, late: int
) -> None:
    first = cast.hand_in("thanh", at=received)
    second = cast.hand_in("thanh", good_content(patrol__teams="138"), at=received + 5 * DAY)

    report = report_of(cast, "SH-1")
    assert (first.days_late, report.first_days_late, report.first_received_at) == (late, late, received)
    assert second.days_late == late + 5


def test_a_report_that_is_not_ready_stays_a_draft_and_says_what_remains(cast: Cast) -> None:
    report = cast.draft("thanh", good_content(patrol__people="1,151", patrol__bilateral="138"))

    with pytest.raises(NotReady) as not_ready:
        services.submit_report(report.pk, revision=1, by=cast.actor("thanh"))

    assert {finding.problem for finding in not_ready.value.findings} == {Problem.AMBIGUOUS, Problem.PART_OVER_WHOLE}
    kept = report_of(cast, "SH-1")
    assert (kept.state, kept.draft_content.cells["patrol.people"]) == (State.DRAFT, "1,151")
    assert not Version.objects.exists()


def test_a_jump_against_the_accepted_figure_of_the_period_before_asks_for_a_word(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh", good_content(patrol__teams="40"), "2026-10"), "hanh")
    jumped = cast.draft("thanh", good_content())

    with pytest.raises(NotReady) as not_ready:
        services.submit_report(jumped.pk, revision=1, by=cast.actor("thanh"))
    explained = replace(good_content(), words={"cell:patrol.teams": "Đợt cao điểm theo lệnh."})
    version = cast.hand_in("thanh", explained)

    assert [finding.problem for finding in not_ready.value.findings] == [Problem.JUMP]
    assert version.content.words == explained.words


def test_what_a_unit_brought_together_is_no_history_of_what_it_types(cast: Cast) -> None:
    brought = replace(good_content(), cells={}, figures={"patrol.teams": "9000"}, synthesis=1)
    version = services.submit_synthesis(cast.rounds["2026-10"].pk, brought, by=cast.actor("hanh"))
    cast.accept(version, "kehoach")

    assert cast.hand_in("hanh").number == 1


def test_a_figure_that_was_never_accepted_is_no_history(cast: Cast) -> None:
    cast.hand_in("thanh", good_content(patrol__teams="40"), "2026-10")

    assert cast.hand_in("thanh").number == 1


def test_handing_in_twice_is_refused_and_makes_no_second_version(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    services.submit_report(report.pk, revision=1, by=cast.actor("thanh"))

    with pytest.raises(ReportingRefused) as refused:
        services.submit_report(report.pk, revision=1, by=cast.actor("dontruong"))

    assert refused.value.why == "nothing_changed"
    assert Version.objects.count() == 1


def test_handing_in_twice_at_the_machine_s_door_answers_with_the_version_that_is_there(cast: Cast) -> None:
    round_id, by = cast.rounds["2026-11"].pk, cast.actor("thanh")

    first = services.hand_in(round_id, good_content(), by=by)
    again = services.hand_in(round_id, good_content(path__cleared_km="12,50"), by=by)

    assert (first.is_new, again.is_new) == (True, False)
    assert first.version == again.version


def test_a_newer_version_before_the_superior_looked_takes_the_place_of_the_one_that_waits(cast: Cast) -> None:
    first = cast.hand_in("thanh")
    second = cast.hand_in("thanh", good_content(patrol__teams="138"))

    with pytest.raises(ReportingRefused) as refused:
        cast.accept(first, "hanh")
    cast.accept(second, "hanh")

    assert refused.value.why == "newer_version_came"
    assert (first.number, second.number) == (1, 2)
    assert [row.version_id for row in queries.counted([cast.rounds["2026-11"].pk])] == [second.pk]


@pytest.mark.parametrize("table", ["version", "decision"])
def test_the_database_itself_refuses_to_change_or_delete_what_was_handed_in_and_decided(cast: Cast, table: str) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")

    for statement in (
        f"UPDATE reporting_{table} SET person_name = 'ai khác'",
        f"DELETE FROM reporting_{table}",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert (Version.objects.count(), Decision.objects.count()) == (1, 1)
    assert Version.objects.get().person_name == str(cast.people["thanh"])


# --- who may write --------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["hanh", "kehoach", "tulenh", "dong", "pao", "khach"])
def test_nobody_but_a_unit_s_own_people_write_its_report(cast: Cast, username: str) -> None:
    report, by = cast.draft("thanh", good_content()), cast.actor(username)

    with pytest.raises(NotAuthorised):
        services.save_draft(report.pk, good_content(patrol__teams="1"), revision=1, by=by)
    with pytest.raises(NotAuthorised):
        services.submit_report(report.pk, revision=1, by=by)

    assert report_of(cast, "SH-1").draft_content == good_content()


def test_whoever_is_outside_may_not_even_know_of_it_and_whoever_is_above_may(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())

    hidden = {}
    for username in ("khach", "dong", "pao", "hanh", "kehoach"):
        with pytest.raises(NotAuthorised) as refused:
            services.save_draft(report.pk, good_content(), revision=1, by=cast.actor(username))
        hidden[username] = refused.value.hidden

    assert hidden == {"khach": True, "dong": True, "pao": True, "hanh": False, "kehoach": False}


def test_a_unit_without_the_duty_writes_no_report(cast: Cast) -> None:
    for username in ("kehoach", "khach"):
        with pytest.raises(ReportingRefused) as refused:
            services.start_report(cast.rounds["2026-11"].pk, by=cast.actor(username))
        assert refused.value.why == "not_on_duty"


def test_the_machine_itself_has_no_report_to_write(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        services.start_report(cast.rounds["2026-11"].pk, by=system_actor(NOW, NOW.date()))


# --- what is remembered of it ----------------------------------------------------------------------


def test_the_journal_tells_of_handing_in_with_its_digest_and_the_chain_holds(cast: Cast) -> None:
    version = cast.hand_in("thanh", at=DUE + DAY)
    cast.accept(version, "hanh", DUE + 2 * DAY)

    told = list(journal.about(f"reporting.report:{version.report_id}"))

    assert [entry.act for entry in told] == ["reporting.start", "reporting.submit", "reporting.accept"]
    assert told[1].details == {"version": 1, "digest": version.digest, "days_late": 1, "period": "2026-11"}
    assert {entry.unit_id for entry in told} == {cast.units["SH-1"]}
    assert list(journal.breaks()) == []
