"""Words against numbers: what is found, with its two places, and what is not a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from nennep.intake.rules.matching import Target, match
from nennep.reporting import queries as reporting
from nennep.reporting.models import Indicator, Version
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Row, Section, Statement, StatementKind
from nennep.synthesis import findings, services
from nennep.synthesis.queries import versions_brought_together
from nennep.synthesis.rules.findings import (
    Finding,
    Sort,
    against_cells,
    arithmetic,
    openings,
    read_content,
    same_events,
)
from tests.cast import Cast, good_content

LAYOUT = Layout(
    (
        Section("A", "Tuần tra, kiểm soát biên giới", "", "cells", (Row("1", "patrol.teams"),)),
        Section("C", "Kết quả công tác", "", "words", statement_kinds=(StatementKind.RESULT,)),
    )
)
TARGETS = [
    Target("patrol.teams", "Tuần tra, kiểm soát: số lượt tổ", "lượt tổ", ("tuần tra", "tổ chức tuần tra")),
    Target("law.sessions", "Tuyên truyền pháp luật: số buổi", "buổi", ("tuyên truyền", "tuyên truyền pháp luật")),
]
RULES = {target.code: IndicatorRule(target.code, target.name, "", target.measure) for target in TARGETS}


def content(*texts: str) -> Content:
    said = tuple(Statement(f"r{n}", "C", StatementKind.RESULT, text) for n, text in enumerate(texts, start=1))
    return Content(statements=said)


def beside_cells(*texts: str, **cells: str) -> list[Finding]:
    read = read_content(1, content(*texts), LAYOUT)
    figures = {code.replace("__", "."): Decimal(value) for code, value in cells.items()}
    return list(against_cells(read, match(read.reading, TARGETS), figures, RULES))


def test_a_figure_in_a_sentence_that_differs_from_its_cell_is_found_with_both_places() -> None:
    (found,) = beside_cells("Địa bàn ổn định.", "Tổ chức tuần tra 152 lượt tổ trên toàn tuyến.", patrol__teams="151")

    assert (found.sort, found.here.at, found.there.at) == (Sort.CELL, "statement:r2", "cell:patrol.teams")
    assert "152" in found.here.quote
    assert (found.facts["said"], found.facts["cell"]) == (Decimal(152), Decimal(151))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Tổ chức tuần tra 1.151 lượt tổ trên toàn tuyến.", "1151"),  # the same, as Vietnamese is written
        ("Tổ chức tuần tra 12 lượt tổ tại khu vực Tả Lùng.", "151"),  # of one place: a part
        ("Trong đợt cao điểm, tổ chức tuần tra 12 lượt tổ.", "151"),  # of one drive: a part
        ("Ngày 05/11/2026, tổ chức tuần tra 12 lượt tổ.", "151"),  # of one day: a part
        ("Tổ chức 3 hội nghị về quy chế dân chủ.", "151"),  # of something else
    ],
)
def test_what_agrees_tells_of_a_part_or_of_something_else_is_no_finding(text: str, cell: str) -> None:
    assert beside_cells(text, patrol__teams=cell) == []


def test_a_part_that_is_more_than_the_whole_table_is_found() -> None:
    assert len(beside_cells("Tổ chức tuần tra 200 lượt tổ tại khu vực Tả Lùng.", patrol__teams="151")) == 1


def test_a_figure_whose_cell_is_empty_is_no_difference() -> None:
    assert beside_cells("Tổ chức tuần tra 152 lượt tổ trên toàn tuyến.", law__sessions="3") == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Phát hiện 24 vụ, gồm 20 vụ ma túy, 5 vụ buôn lậu.", True),
        ("Phát hiện 25 vụ, gồm 20 vụ ma túy, 5 vụ buôn lậu.", False),
    ],
)
def test_a_sum_that_a_sentence_states_and_that_does_not_hold_is_found(text: str, is_found: bool) -> None:
    found = list(arithmetic(read_content(1, content(text), LAYOUT)))

    assert [(one.sort, one.here.at, one.there.at) for one in found] == (
        [(Sort.ARITHMETIC, "statement:r1", "statement:r1")] if is_found else []
    )


# --- one event, told twice --------------------------------------------------------------------------

EVENT = "Ngày 05/11/2026, tại bản Nậm Ngà bắt 2 đối tượng, thu giữ 3 kg pháo nổ."


def between(*texts: str) -> list[Finding]:
    reads = {unit: [read_content(unit, content(text), LAYOUT)] for unit, text in enumerate(texts, start=1)}
    return same_events(reads)


def test_one_event_told_by_two_units_is_found_at_both() -> None:
    (found,) = between(EVENT, "Phối hợp bắt 2 đối tượng vào ngày 5/11/2026, tang vật 3 kg pháo nổ.")

    assert (found.sort, found.here.version_id, found.there.version_id) == (Sort.SAME_EVENT, 1, 2)
    assert found.facts["days"] == ["5/11"]


@pytest.mark.parametrize(
    "other",
    [
        "Ngày 06/11/2026, tại bản Nậm Ngà bắt 2 đối tượng, thu giữ 3 kg pháo nổ.",  # another day
        "Ngày 05/11/2026, tổ chức 4 buổi tuyên truyền.",  # other figures
        "Bắt 2 đối tượng, thu giữ 3 kg pháo nổ.",  # neither day nor place
    ],
)
def test_events_with_another_day_other_figures_or_no_sign_are_two(other: str) -> None:
    assert between(EVENT, other) == []


def test_a_unit_that_tells_its_event_twice_is_not_two_units() -> None:
    reads = {1: [read_content(1, content(EVENT, EVENT), LAYOUT)]}

    assert same_events(reads) == []


def test_a_name_that_many_units_say_is_no_place_of_an_event() -> None:
    law = "Tuyên truyền Luật Biên phòng Việt Nam 3 buổi cho 120 lượt người nghe."

    assert between(*[law] * 6) == []


# --- openings ---------------------------------------------------------------------------------------

BOATS = {
    "boats.opening": IndicatorRule("boats.opening", "Tàu đầu kỳ", "", "tàu", opening_of="boats.now"),
    "boats.now": IndicatorRule("boats.now", "Tàu cuối kỳ", "", "tàu"),
}


@pytest.mark.parametrize(
    ("opening", "closing", "expected"),
    [("350", "351", ["cell:boats.now"]), ("350", "350", []), (None, "350", []), ("350", None, [])],
)
def test_what_a_period_opens_with_is_held_against_what_the_one_before_closed_with(
    opening: str | None, closing: str | None, expected: Sequence[str]
) -> None:
    now = {"boats.opening": Decimal(opening)} if opening else {}
    before = {"boats.now": Decimal(closing)} if closing else {}

    found = list(openings(2, now, (1, before), BOATS))

    assert [one.there.at for one in found] == list(expected)
    assert all((one.here.version_id, one.there.version_id) == (2, 1) for one in found)


# --- over the books -----------------------------------------------------------------------------------


@pytest.fixture
def worded(cast: Cast) -> Cast:
    """Two posts have reported; the pack knows how patrols are called, and one post says another figure in words."""
    Indicator.objects.filter(code="patrol.teams").update(synonyms=["tuần tra", "tổ chức tuần tra"])
    for username, text in (
        ("thanh", "Tổ chức tuần tra 173 lượt tổ trên toàn tuyến."),
        ("pao", "Tổ chức tuần tra 20 lượt tổ trên toàn tuyến."),
    ):
        cells = good_content(patrol__teams="137" if username == "thanh" else "20")
        said = (Statement("r1", "C", StatementKind.RESULT, text),)
        cast.accept(cast.hand_in(username, replace(cells, statements=said)), "hanh")
    return cast


def test_the_reports_of_a_draft_are_held_against_their_own_tables(worded: Cast) -> None:
    draft = services.begin(worded.rounds["2026-11"].pk, by=worded.actor("hanh"))
    versions = versions_brought_together(draft)

    (found,) = findings.of_versions(draft.round, draft.unit_id, versions)
    (own,) = findings.of_version(
        Version.objects.select_related("report__round__form__calendar").get(pk=found.here.version_id)
    )

    assert found == own
    assert (found.sort, found.there.at) == (Sort.CELL, "cell:patrol.teams")
    assert reporting.version(found.here.version_id).report.unit.code == "SH-1"


def test_an_opening_is_held_against_the_unit_s_own_period_before(worded: Cast) -> None:
    Indicator.objects.filter(code="patrol.bilateral").update(opening_of="patrol.teams")
    worded.accept(worded.hand_in("thanh", good_content(patrol__teams="99"), period="2026-10"), "hanh")
    now = Version.objects.select_related("report__round__form__calendar").get(
        report__unit__code="SH-1", report__round__period_code="2026-11"
    )

    found = {one.sort: one for one in findings.of_version(now)}

    before = Version.objects.get(report__unit__code="SH-1", report__round__period_code="2026-10")
    assert found[Sort.OPENING].there.version_id == before.pk
    assert found[Sort.OPENING].facts["closing"] == Decimal(99)
