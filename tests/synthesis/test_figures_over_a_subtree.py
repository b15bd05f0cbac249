"""Consolidated figures: what they add up to, who is in them, and where each came from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

import abacus
from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Edge, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Round, Version
from nennep.reporting.rules.content import Content
from nennep.reporting.sealing import SealBroken
from nennep.synthesis import figures as consolidation
from nennep.synthesis import queries
from nennep.synthesis import services as synthesis
from nennep.synthesis.figures import Question
from nennep.synthesis.rules.drafts import Compared
from tests.cast import HANOI, NOW, Cast, good_content

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSING = datetime(2026, 11, 23, 9, 0, tzinfo=HANOI)
#: Who hands in, who accepts, and with what: teams, people, cleared kilometres.
POSTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "SH-1": ("thanh", "hanh", "137", "822", "12,5"),
    "SH-2": ("pao", "hanh", "40", "250", "0,125"),
    "SH-3": ("hu", "hanh", "10", "30", "0"),
    "DV-1": ("vai", "dong", "21", "84", "3"),
    "DV-2": ("may", "dong", "0", "0", "1,01"),
}


def hand_in(cast: Cast, unit: str, period: str = "2026-11", at: datetime = NOW, **cells: str) -> Version:
    """The report of a post with the figures of the table, accepted."""
    username, superior, teams, people, km = POSTS[unit]
    typed = {
        "patrol__teams": teams,
        "patrol__people": people,
        "path__cleared_km": km,
        "patrol__bilateral": "0",
        **cells,
    }
    version = cast.hand_in(username, good_content(**typed), period, at)
    cast.accept(version, superior, at)
    return version


def round_of(cast: Cast, period: str = "2026-11") -> Round:
    return reporting.round_(cast.rounds[period].pk)


def figures(cast: Cast, unit: str, question: Question | None = None) -> dict[str, Any]:
    found = consolidation.figures(question or Question(round_of(cast)), cast.units[unit])
    return {code: figure.value for code, figure in found.items()}


@pytest.fixture
def november(cast: Cast) -> Cast:
    """Five of the six posts have reported November; DV-3 has not."""
    for unit in POSTS:
        hand_in(cast, unit)
    return cast


# --- sums -----------------------------------------------------------------------------------------


def test_figures_equal_the_sums_worked_out_by_hand(november: Cast) -> None:
    province, headquarters = figures(november, "SH"), figures(november, "HQ")

    assert province["patrol.teams"] == 137 + 40 + 10
    assert headquarters["patrol.teams"] == 137 + 40 + 10 + 21 + 0
    assert headquarters["patrol.people"] == 822 + 250 + 30 + 84 + 0
    assert headquarters["path.cleared_km"] == Decimal("12.5") + Decimal("0.125") + 0 + 3 + Decimal("1.01")
    assert headquarters["law.listeners"] == 5 * 742


def test_a_ratio_is_worked_out_of_its_parts_and_never_averaged(november: Cast) -> None:
    headquarters, post = figures(november, "HQ"), figures(november, "SH-1")

    assert headquarters["patrol.per_team"] == (Decimal(1186) / 208).quantize(Decimal("1e-6"))
    assert post["patrol.per_team"] == 6
    assert "patrol.per_team" not in figures(november, "DV-2")  # nobody patrolled: nothing to divide by


def test_a_figure_says_how_many_of_those_on_duty_are_in_it(november: Cast) -> None:
    found = consolidation.figures(Question(round_of(november)), november.units["HQ"])["patrol.teams"]

    assert (found.reported, found.expected) == (5, 6)


def test_what_nobody_reported_is_absent_and_a_reported_nought_is_a_nought(november: Cast) -> None:
    assert figures(november, "DV-2")["patrol.teams"] == 0
    assert figures(november, "DV-3") == {}


def test_who_is_missing_is_told_by_name(november: Cast) -> None:
    round_ = round_of(november)
    rows = consolidation.counted(Question(round_))

    below = queries.coverage(round_, november.units["DV"], at=NOW, counted=rows)
    everywhere = queries.coverage_of_figures(round_, november.units["HQ"], at=NOW, counted=rows)

    assert (len(below.reported), below.expected) == (2, 3)
    assert [place.unit_id for place in below.missing] == [november.units["DV-3"]]
    assert [place.unit_id for place in everywhere.missing] == [november.units["DV-3"]]
    assert everywhere.expected == 6


def test_a_report_that_waits_or_was_returned_is_in_no_figure(cast: Cast) -> None:
    cast.hand_in("thanh")
    before = figures(cast, "SH")
    version = Version.objects.get()
    cast.accept(version, "hanh")
    accepted = figures(cast, "SH")["patrol.teams"]
    reports.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), reason="Xem lại.")

    assert (before, accepted, figures(cast, "SH")) == ({}, 137, {})


def test_a_report_accepted_a_moment_ago_is_in_the_next_answer(cast: Cast) -> None:
    hand_in(cast, "SH-1")
    first = figures(cast, "HQ")["patrol.teams"]

    hand_in(cast, "SH-2")
    second = figures(cast, "HQ")["patrol.teams"]
    hand_in(cast, "SH-1", patrol__teams="100")

    assert (first, second, figures(cast, "HQ")["patrol.teams"]) == (137, 177, 140)


def test_a_province_s_finished_synthesis_is_not_counted_twice_above(november: Cast) -> None:
    before = figures(november, "HQ")
    draft = synthesis.begin(november.rounds["2026-11"].pk, by=november.actor("hanh"))
    finished = synthesis.finish(draft.pk, by=november.actor("hanh"))
    assert finished.version is not None
    november.accept(finished.version, "kehoach")

    assert finished.version.content.figures["patrol.teams"] == "187"
    assert figures(november, "HQ") == before
    assert figures(november, "SH")["patrol.teams"] == 187


def test_figures_take_as_many_queries_for_many_reports_as_for_few(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures(cast, "HQ")
        return len(captured)

    hand_in(cast, "SH-1")
    few = count()
    for unit in ("SH-2", "SH-3", "DV-1", "DV-2"):
        hand_in(cast, unit)
    many = count()

    assert few == many


# --- as known at ----------------------------------------------------------------------------------


def test_an_instant_before_a_resubmission_gives_the_old_figure_and_that_instant_the_new(cast: Cast) -> None:
    first_at, second_at = NOW, NOW + DAY
    hand_in(cast, "SH-1", at=first_at)
    hand_in(cast, "SH-1", at=second_at, patrol__teams="131")

    def known(at: datetime) -> Any:
        return figures(cast, "HQ", Question(round_of(cast), known_at=at)).get("patrol.teams")

    microsecond = timedelta(microseconds=1)
    assert [known(first_at - microsecond), known(first_at)] == [None, 137]
    assert [known(second_at - microsecond), known(second_at), known(second_at + DAY)] == [137, 131, 131]


# --- provenance -----------------------------------------------------------------------------------


def test_every_figure_is_explained_down_to_versions_and_the_explanation_adds_up(november: Cast) -> None:
    question, unit = Question(round_of(november)), november.units["HQ"]
    counting = {row.version_id for row in consolidation.counted(question)}

    for code, figure in consolidation.figures(question, unit).items():
        told = consolidation.explain(question, unit, code)

        assert told.value == figure.value
        values = [value for part in told.walk() for value in part.values]
        assert {value.source for value in values} <= counting
        for value in values:
            content = Version.objects.get(pk=value.source).content
            assert value.value in {Decimal(text) for text in content.cells.values()}
        if told.numerator is None:
            assert sum(value.value for value in values) == figure.value
            assert sum(child.value or 0 for child in told.children) == figure.value


def test_a_figure_that_the_form_does_not_have_cannot_be_explained(november: Cast) -> None:
    with pytest.raises(abacus.AbacusError):
        consolidation.explain(Question(round_of(november)), november.units["HQ"], "no.such")


# --- closed books ---------------------------------------------------------------------------------


@pytest.fixture
def closed(november: Cast) -> Cast:
    reports.close_round(
        november.rounds["2026-11"].pk, by=november.actor("kehoach", CLOSING), reason="Đồn Sen Thượng đứt liên lạc."
    )
    return november


def _seal(cast: Cast) -> Path:
    return Path(settings.SEALED) / round_of(cast).seal_file


def test_closing_changes_no_figure(november: Cast) -> None:
    before = figures(november, "HQ")

    reports.close_round(
        november.rounds["2026-11"].pk, by=november.actor("kehoach", CLOSING), reason="Đồn Sen Thượng đứt liên lạc."
    )

    assert figures(november, "HQ") == before


def test_closed_books_are_read_from_the_seal_and_not_from_the_tables(
    closed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def content_of(version_ids: Collection[int]) -> dict[int, Content]:
        asked.extend(version_ids)
        return {}

    monkeypatch.setattr(reporting, "content_of", content_of)

    assert figures(closed, "HQ")["patrol.teams"] == 208
    assert asked == []


@pytest.mark.parametrize("tamper", ["flip", "replace", "remove"])
def test_a_seal_that_was_tampered_with_gives_no_figures(closed: Cast, tamper: str) -> None:
    data = _seal(closed).read_bytes()
    if tamper == "flip":
        _seal(closed).write_bytes(bytes([*data[:99], data[99] ^ 1, *data[100:]]))
    elif tamper == "replace":
        _seal(closed).write_bytes(data + b" ")
    else:
        _seal(closed).unlink()

    with pytest.raises(SealBroken):
        figures(closed, "HQ")


def test_a_correction_after_closing_is_known_now_and_not_as_known_at_closing(closed: Cast) -> None:
    mended = good_content(patrol__teams="131", patrol__people="822", path__cleared_km="12,5")
    version = closed.hand_in("thanh", mended, at=CLOSING + DAY, reason="Đếm trùng sáu lượt.")
    closed.accept(version, "hanh", CLOSING + 2 * DAY)

    now = figures(closed, "HQ")["patrol.teams"]
    then = figures(closed, "HQ", Question(round_of(closed), known_at=CLOSING))["patrol.teams"]

    assert (now, then) == (202, 208)
    assert consolidation.explain(Question(round_of(closed)), closed.units["SH-1"], "patrol.teams").values[0].source == (
        version.pk
    )


# --- the organisation of a chosen day ---------------------------------------------------------------

MERGER = date(2026, 11, 1)  # in the middle of month 11, which began on 15/10


def merge(cast: Cast, gone: str, into: str) -> None:
    organisation.merge(
        [cast.units[gone]], cast.units[into], Decided("9/QĐ", MERGER, MERGER), by=system_actor(NOW, NOW.date())
    )


def test_the_past_of_a_merged_post_counts_under_its_successor_once(cast: Cast) -> None:
    for unit in ("SH-1", "SH-3", "DV-1"):
        hand_in(cast, unit, "2026-10")
    merge(cast, "SH-3", "DV-1")
    october = round_of(cast, "2026-10")

    own_time = {unit: figures(cast, unit, Question(october))["patrol.teams"] for unit in ("HQ", "SH", "DV", "DV-1")}
    later = Question(october, on=date(2026, 12, 1))
    since = {unit: figures(cast, unit, later)["patrol.teams"] for unit in ("HQ", "SH", "DV", "DV-1")}

    assert own_time == {"HQ": 168, "SH": 147, "DV": 21, "DV-1": 21}
    assert since == {"HQ": 168, "SH": 137, "DV": 31, "DV-1": 31}
    assert figures(cast, "SH-3", later) == {}


def test_a_merged_province_with_its_posts_counts_under_its_successor_once(cast: Cast) -> None:
    for unit in ("SH-1", "DV-1", "DV-2"):
        hand_in(cast, unit, "2026-10")
    merge(cast, "DV", "SH")
    october = round_of(cast, "2026-10")

    later = Question(october, on=date(2026, 12, 1))

    assert figures(cast, "SH", Question(october))["patrol.teams"] == 137
    assert figures(cast, "SH", later)["patrol.teams"] == 158
    assert figures(cast, "HQ", later) == figures(cast, "HQ", Question(october))
    told = consolidation.explain(later, cast.units["SH"], "patrol.teams")
    assert sum(value.value for part in told.walk() for value in part.values) == 158


def test_a_post_born_within_the_period_counts_in_it(cast: Cast) -> None:
    Unit.objects.filter(code="SH-1").update(starts_on=MERGER)
    Edge.objects.filter(unit__code="SH-1").update(starts_on=MERGER)
    UnitName.objects.filter(unit__code="SH-1").update(starts_on=MERGER)

    hand_in(cast, "SH-1")

    assert figures(cast, "HQ")["patrol.teams"] == 137


def test_the_past_of_a_split_post_stays_with_the_superior_it_had(cast: Cast) -> None:
    hand_in(cast, "SH-1", "2026-10")
    heirs = [
        organisation.create_unit(
            code,
            "post",
            code,
            code,
            starts_on=MERGER,
            superiors={Line.PROFESSIONAL: cast.units["DV"]},
            by=system_actor(NOW, NOW.date()),
        )
        for code in ("N-1", "N-2")
    ]
    organisation.split(
        cast.units["SH-1"],
        [heir.pk for heir in heirs],
        Decided("9/QĐ", MERGER, MERGER),
        by=system_actor(NOW, NOW.date()),
    )

    later = Question(round_of(cast, "2026-10"), on=date(2026, 12, 1))

    assert figures(cast, "SH", later)["patrol.teams"] == 137
    assert figures(cast, "DV", later) == {}


def test_a_unit_that_was_a_top_before_it_found_a_superior_breaks_nothing(cast: Cast) -> None:
    """It stood by itself with a post under it until it was put under headquarters."""
    by = system_actor(NOW, NOW.date())
    early = date(2022, 1, 1)
    top = organisation.create_unit("T", "region", "Vùng", "Vùng", starts_on=early, superiors={}, by=by)
    organisation.create_unit("T-1", "post", "Đồn", "Đồn", starts_on=early, superiors={Line.PROFESSIONAL: top.pk}, by=by)
    organisation.transfer(top.pk, {Line.PROFESSIONAL: cast.units["HQ"]}, Decided("9/QĐ", MERGER, MERGER), by=by)

    hand_in(cast, "SH-1")

    assert figures(cast, "HQ")["patrol.teams"] == 137


def test_a_unit_on_duty_that_stands_on_another_line_stops_nobody_s_figures(cast: Cast) -> None:
    Unit.objects.filter(code="XX").update(kind="post")
    hand_in(cast, "SH-1")
    version = cast.hand_in("khach", good_content())
    reports.accept_report(version.report_id, version_id=version.pk, by=system_actor(NOW, NOW.date()))

    assert figures(cast, "HQ")["patrol.teams"] == 137


def test_two_mergers_one_after_another_lead_to_the_last_successor(cast: Cast) -> None:
    hand_in(cast, "SH-3", "2026-10")
    merge(cast, "SH-3", "SH-2")
    day = date(2026, 12, 1)
    succession = Succession.objects.create(
        code="second", kind="merge", effective_on=day, decision_number="10/QĐ", decision_on=day
    )
    SuccessionPart.objects.create(
        succession=succession, predecessor_id=cast.units["SH-2"], successor_id=cast.units["SH-1"]
    )
    Unit.objects.filter(code="SH-2").update(ends_on=day)
    Edge.objects.filter(unit__code="SH-2").update(ends_on=day)

    later = Question(round_of(cast, "2026-10"), on=date(2026, 12, 2))

    assert figures(cast, "SH-1", later)["patrol.teams"] == 10
    assert figures(cast, "HQ", later)["patrol.teams"] == 10


# --- a year to date, and beside its elders ------------------------------------------------------------


def test_a_year_to_date_adds_up_the_months_of_the_year_and_no_other(cast: Cast) -> None:
    hand_in(cast, "SH-1", "2025-11", NOW - 370 * DAY)
    hand_in(cast, "SH-1", "2026-10", patrol__teams="100")
    hand_in(cast, "SH-2", "2026-10")
    hand_in(cast, "SH-1", "2026-11")
    hand_in(cast, "SH-1", "2026-12", patrol__teams="200")

    reached = consolidation.year_to_date(cast.form, cast.units["HQ"], round_of(cast).period)

    assert reached["patrol.teams"].value == 100 + 40 + 137


def test_a_year_to_date_is_never_stale_either(cast: Cast) -> None:
    hand_in(cast, "SH-1")
    period = round_of(cast).period
    before = consolidation.year_to_date(cast.form, cast.units["HQ"], period)["patrol.teams"]

    hand_in(cast, "SH-1", patrol__teams="131")
    after = consolidation.year_to_date(cast.form, cast.units["HQ"], period)["patrol.teams"]

    assert before.value == 137
    assert after.value == 131


def test_a_figure_stands_beside_the_month_and_the_year_before(cast: Cast) -> None:
    hand_in(cast, "SH-1", "2025-11", NOW - 370 * DAY, patrol__teams="90")
    hand_in(cast, "SH-1", "2026-10", patrol__teams="100")
    hand_in(cast, "SH-1")
    round_ = round_of(cast)

    compared = queries.compared(round_, cast.units["HQ"], consolidation.figures(Question(round_), cast.units["HQ"]))

    teams = compared["patrol.teams"]
    assert teams == Compared(Decimal(137), Decimal(100), Decimal(90))
    assert teams.change == 37
    assert teams.change_over_year == 47


def test_a_report_without_cells_is_no_figure(cast: Cast) -> None:
    said = Content(statements=good_content().statements, figures={"patrol.teams": "999"}, synthesis=7)
    version = reports.submit_synthesis(cast.rounds["2026-11"].pk, said, by=cast.actor("hanh"))
    cast.accept(version, "kehoach")

    assert figures(cast, "HQ") == {}
