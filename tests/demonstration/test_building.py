"""The demonstration is the same every time, keeps every rule of the system, and is refused where it would do harm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from nennep.accounts.models import Person
from nennep.demonstration import building
from nennep.demonstration.building import Built, DemonstrationRefused, build, newest_month
from nennep.demonstration.people import sign_ins
from nennep.journal.models import Entry, Head
from nennep.journal.queries import breaks
from nennep.organisation.models import Succession, Unit
from nennep.organisation.queries import appointments_of
from nennep.reporting import queries, sealing
from nennep.reporting.models import Decision, Report, Round, Version
from nennep.reporting.rules.checks import blocking
from nennep.reporting.rules.content import content_digest
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.states import State
from nennep.reporting.services import findings_of
from nennep.synthesis import queries as synthesis_queries
from nennep.synthesis import services as synthesis_services
from nennep.synthesis.models import Synthesis

UNTIL = "2025-09"
Said = dict[tuple[str, str, str, int], str]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sealed")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker, sealed: Path) -> Iterator[Built]:
    """The small demonstration, made once for this file and taken back after it."""
    del django_db_setup
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("django.conf.settings.SEALED", sealed)
        yield build(small=True, until=UNTIL)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _sealed_here(settings: Settings, sealed: Path, _sealed_apart: None) -> None:
    settings.SEALED = sealed


def said() -> Said:
    """What every version says, as its digest, by form, period, unit and number."""
    rows = Version.objects.values_list(
        "report__round__form__code", "report__round__period_code", "report__unit__code", "number", "digest"
    )
    return {(form, period, unit, number): digest for form, period, unit, number, digest in rows}


def test_it_tells_of_the_months_asked_for_and_of_the_year_before(built: Built) -> None:
    months = set(Round.objects.filter(form__code="monthly").values_list("period_code", flat=True))

    told = {f"{year}-{month:02d}" for year in (2024, 2025) for month in (6, 7, 8, 9)}

    assert told <= months
    assert built.until == UNTIL
    assert built.reports == Report.objects.count() > 100
    assert set(Report.objects.values_list("round__form__code", flat=True)) >= {"weekly", "monthly", "quarterly"}


def test_the_merger_of_two_commands_lies_in_the_middle(built: Built) -> None:
    merged = Succession.objects.get(kind="merge", parts__predecessor__code="TIEN-GIANG")

    first = Round.objects.order_by("starts_on").first()

    assert first is not None
    assert first.starts_on < merged.effective_on < built.at.date()
    assert set(Unit.objects.filter(kind="province_command").values_list("code", flat=True)) == {
        "DONG-THAP",
        "TIEN-GIANG",
    }


def test_every_row_keeps_the_constraints_of_the_database(built: Built) -> None:
    assert built.versions > 0

    connection.check_constraints()


def test_every_digest_is_the_digest_of_what_its_version_says(built: Built) -> None:
    versions = list(Version.objects.select_related("report__round__form", "report__unit"))

    wrong = [
        version
        for version in versions
        if version.digest
        != content_digest(
            version.content_data,
            form=str(version.report.round.form),
            unit=version.report.unit.code,
            period=version.report.round.period_code,
        )
    ]

    assert len(versions) == built.versions
    assert wrong == []


def test_nothing_that_was_handed_in_is_blocked_by_the_checks(built: Built) -> None:
    handed_in = Report.objects.exclude(state=State.DRAFT).exclude(unit__kind="province_command")
    reports = list(handed_in.select_related("round__form__calendar"))

    blocked = {str(report): blocking(findings_of(report)) for report in reports}

    assert len(reports) > built.reports / 2
    assert {report: found for report, found in blocked.items() if found} == {}


def test_what_a_report_says_now_is_what_its_newest_version_says(built: Built) -> None:
    reports = Report.objects.filter(current_version__isnull=False).select_related("current_version")

    for report in reports:
        assert report.current_version is not None
        newest = report.versions.order_by("-number").first()
        assert newest == report.current_version
        assert report.draft["statements"] == report.current_version.content_data["statements"]
    assert built.reports > 0


def test_what_counts_is_what_the_decisions_say(built: Built) -> None:
    counted = queries.counted(list(Round.objects.values_list("id", flat=True)))

    accepted = Report.objects.filter(accepted_version__isnull=False).values_list("id", "accepted_version_id")

    assert {row.report_id: row.version_id for row in counted} == dict(accepted)
    assert Decision.objects.filter(accepted=True).count() >= len(counted) > built.reports / 2


def test_no_report_waits_in_closed_books_but_for_a_correction(built: Built) -> None:
    waiting = Report.objects.filter(round__closed_at__isnull=False, state=State.SUBMITTED, accepted_version=None)

    closed = Round.objects.filter(closed_at__isnull=False)

    assert not waiting.exists()
    assert 0 < closed.count() < built.rounds


def test_every_seal_holds_what_counted_when_the_books_were_closed(built: Built) -> None:
    closed = list(Round.objects.filter(closed_at__isnull=False).select_related("form"))

    for round_ in closed:
        table = sealing.read(round_)
        counted = queries.counted([round_.pk], known_at=round_.closed_at)
        assert set(table.column("version_id").to_pylist()) == {row.version_id for row in counted}
    assert len(closed) > built.rounds / 2


def test_the_chains_of_the_journal_hold_to_their_heads(built: Built) -> None:
    heads = dict(Head.objects.values_list("unit_id", "sequence"))

    entries = Entry.objects.count()

    assert list(breaks()) == []
    assert sum(heads.values()) == entries >= built.entries
    assert set(Entry.objects.values_list("act", flat=True)) >= {
        "packs.load",
        "accounts.add",
        "reporting.open",
        "reporting.start",
        "reporting.submit",
        "reporting.accept",
        "reporting.close",
    }


def test_nothing_happens_after_its_end(built: Built) -> None:
    newest = Entry.objects.order_by("-at").first()

    assert newest is not None
    assert newest.at <= built.at
    assert not Version.objects.filter(received_at__gt=built.at).exists()
    assert not Decision.objects.filter(at__gt=built.at).exists()


def test_its_people_are_in_their_posts_or_no_longer(built: Built) -> None:
    day = built.at.date()
    held = {
        person.username: [(one.post.unit.code, one.acting) for one in appointments_of(person.pk, day)]
        for person in Person.objects.all()
    }

    assert held["khth.btl"] == [("BTL", False)]
    assert [unit for unit, _ in held["chinhuy.dongthap"]] == ["DONG-THAP", "QS-DONG-THAP"]
    assert held["ctv.dongthap03"] == [("DONG-THAP-03", True)]
    assert held["ctv.dongthap04"] == []
    assert not Person.objects.filter(must_change_password=True).exists()


def test_the_table_of_who_signs_in_names_everybody_and_the_password(built: Built) -> None:
    told = building.who_signs_in()

    assert {row.username for row in sign_ins()} == set(Person.objects.values_list("username", flat=True))
    assert all(person.username in told for person in Person.objects.all())
    assert all(person.check_password("bien-cuong-2026") for person in Person.objects.filter(username="khth.btl"))
    assert built.units == Unit.objects.count()


def test_a_second_one_is_refused_where_one_is(built: Built) -> None:
    assert building.is_there()

    with pytest.raises(DemonstrationRefused, match="in use"):
        build(small=True, until=built.until)


@pytest.mark.parametrize("until", ["2023-12", "2025-13", "2025-9", "soon"])
def test_a_month_that_cannot_be_told_of_is_refused(until: str) -> None:
    with pytest.raises(DemonstrationRefused, match="YYYY-MM"):
        build(small=True, until=until)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 21), "2026-11"),
        (date(2026, 11, 20), "2026-11"),
        (date(2026, 11, 19), "2026-10"),
        (date(2026, 1, 3), "2025-12"),
        (date(2026, 12, 31), "2026-12"),
    ],
)
def test_the_newest_month_never_tells_of_days_to_come(today: date, month: str) -> None:
    assert newest_month(today) == month


def test_the_figures_of_a_province_are_those_the_engine_gives(built: Built) -> None:
    finished = list(Synthesis.objects.filter(state="finished").select_related("round__form__calendar", "unit"))

    for synthesis in finished:
        assert synthesis.finished_content is not None
        engine = {code: plain(figure.value) for code, figure in synthesis_queries.figures(synthesis).items()}
        assert synthesis.finished_content["figures"] == engine
    assert len(finished) > 10
    assert built.reports > len(finished)


def test_a_finished_synthesis_is_what_its_draft_says_and_what_was_handed_in(built: Built) -> None:
    finished = list(Synthesis.objects.filter(state="finished").select_related("round__form__calendar", "version"))

    for synthesis in finished:
        assert synthesis.version is not None
        assert synthesis.version.content_data == synthesis.finished_content
        draft = synthesis_services.content_now(synthesis)
        assert {one.id: one for one in draft.statements} == {
            one.id: one for one in synthesis.version.content.statements
        }
        assert draft.figures == synthesis.version.content.figures
        assert synthesis.digest == synthesis.version.digest
    assert built.versions > len(finished) > 10
