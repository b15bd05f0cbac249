"""What is looked at before a report is handed in: each problem, its place, its facts, and what blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from nennep.reporting.rules.checks import SMALLEST_JUMP, Finding, History, Level, Problem, blocking, check, read_cells
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement, StatementKind
from tests.cast import INDICATORS, LAYOUT, good_content

FORM = Layout.from_json(LAYOUT)
_KNOWN = IndicatorRule.__dataclass_fields__
RULES: Mapping[str, IndicatorRule] = {
    row["code"]: IndicatorRule(
        **{
            "name_en": "",
            "lower": Decimal(0),
            **{key: value for key, value in row.items() if key in _KNOWN},
        }
    )
    for row in INDICATORS
}
K = StatementKind


def found(content: Content, history: Mapping[str, History] | None = None) -> list[Finding]:
    return check(content, FORM, RULES, history or {})


def problems(content: Content, history: Mapping[str, History] | None = None) -> list[tuple[Problem, str]]:
    return [(finding.problem, finding.at) for finding in found(content, history)]


def with_words(*statements: tuple[str, StatementKind, str]) -> Content:
    said = tuple(Statement(f"s{n}", section, kind, text) for n, (section, kind, text) in enumerate(statements, start=1))
    return replace(good_content(), statements=said)


RESULT = ("C", K.RESULT, "Giữ vững địa bàn.")


def test_a_good_report_has_nothing_to_mend() -> None:
    assert found(good_content()) == []


@pytest.mark.parametrize(
    ("cells", "problem", "at", "facts"),
    [
        ({"patrol__teams": "mười"}, Problem.NOT_A_NUMBER, "cell:patrol.teams", {"text": "mười"}),
        (
            {"patrol__people": "1,151"},
            Problem.AMBIGUOUS,
            "cell:patrol.people",
            {"text": "1,151", "choices": (Decimal(1151), Decimal("1.151"))},
        ),
        ({"patrol__people": "822,5"}, Problem.TOO_PRECISE, "cell:patrol.people", {"decimals": 0}),
        ({"path__cleared_km": "0,1234"}, Problem.TOO_PRECISE, "cell:path.cleared_km", {"decimals": 3}),
        ({"patrol__people": "-1"}, Problem.BELOW, "cell:patrol.people", {"bound": Decimal(0)}),
        ({"path__cleared_km": "2000,5"}, Problem.ABOVE, "cell:path.cleared_km", {"bound": Decimal(2000)}),
        (
            {"patrol__bilateral": "138"},
            Problem.PART_OVER_WHOLE,
            "cell:patrol.bilateral",
            {"part": Decimal(138), "whole": Decimal(137), "of": "patrol.teams"},
        ),
        (
            {"law__gathered": "511"},
            Problem.UNBALANCED,
            "cell:law.listeners",
            {"parts": Decimal(741), "whole": Decimal(742)},
        ),
        ({"patrol__people": ""}, Problem.CELL_EMPTY, "cell:patrol.people", {}),
    ],
)
def test_each_wrong_cell_is_an_error_at_its_place_with_the_facts_of_it(
    cells: dict[str, str], problem: Problem, at: str, facts: dict[str, object]
) -> None:
    content = good_content(**cells)
    tidied = replace(content, cells={code: text for code, text in content.cells.items() if text})

    findings = found(tidied)

    assert [(f.problem, f.at, dict(f.facts), f.level) for f in findings] == [(problem, at, facts, Level.ERROR)]
    assert blocking(findings) == findings


@pytest.mark.parametrize(
    "cells",
    [
        {"path__cleared_km": "0"},  # a true nought is a nought
        {"path__cleared_km": "2000"},  # on the bound
        {"patrol__bilateral": "137"},  # all of it
    ],
)
def test_what_stands_on_a_bound_is_fine(cells: dict[str, str]) -> None:
    assert found(good_content(**cells)) == []


def test_idle_noughts_behind_the_sign_are_no_precision() -> None:
    assert found(good_content(patrol__people="822,00")) == []
    assert found(good_content(path__cleared_km="12,5000")) == []


def test_parts_balance_only_once_all_of_them_are_there() -> None:
    cells = {code: text for code, text in good_content().cells.items() if code != "law.loudspeaker"}

    assert found(replace(good_content(), cells=cells)) == []


def test_what_need_not_be_told_may_stay_empty_and_what_is_computed_is_never_asked() -> None:
    optional = {"patrol.bilateral", "law.gathered", "law.loudspeaker", "path.cleared_km"}
    cells = {code: text for code, text in good_content().cells.items() if code not in optional}

    assert found(replace(good_content(), cells=cells)) == []


@pytest.mark.parametrize(
    ("before", "now", "jumps"),
    [
        ("137", "411", False),  # three times is the ratio itself
        ("137", "412", True),
        ("411", "137", False),
        ("412", "137", True),
        ("1", str(SMALLEST_JUMP), False),  # five times, and a difference that is noise
        ("1", str(SMALLEST_JUMP + 1), True),
        ("0", "4", False),
        ("0", "5", True),
        ("5", "0", True),
        (None, "5000", False),  # no history, no jump
    ],
)
def test_a_jump_against_the_period_before_is_a_warning(before: str | None, now: str, *, jumps: bool) -> None:
    history = {"patrol.teams": History(Decimal(before) if before else None)}
    content = good_content(patrol__teams=now, patrol__bilateral="0")

    warned = [finding for finding in found(content, history) if finding.problem is Problem.JUMP]

    assert bool(warned) is jumps
    assert all(finding.level is Level.WARNING and finding.at == "cell:patrol.teams" for finding in warned)


def test_a_warning_blocks_until_it_is_answered_with_a_word() -> None:
    history = {"patrol.teams": History(Decimal(40))}
    silent = good_content()
    answered = replace(silent, words={"cell:patrol.teams": "Tăng cường đợt cao điểm."})
    elsewhere = replace(silent, words={"cell:patrol.people": "Tăng cường đợt cao điểm."})

    assert [finding.problem for finding in blocking(found(silent, history))] == [Problem.JUMP]
    assert [finding.answered for finding in found(answered, history)] == [True]
    assert blocking(found(answered, history)) == []
    assert len(blocking(found(elsewhere, history))) == 1


def test_an_error_is_never_answered_with_a_word() -> None:
    content = replace(good_content(patrol__people="-1"), words={"cell:patrol.people": "vì thế"})

    assert [finding.answered for finding in blocking(found(content))] == [False]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((RESULT,), []),
        ((), [(Problem.SECTION_EMPTY, "section:C")]),
        ((("D", K.TASK, "Làm tiếp."),), [(Problem.SECTION_EMPTY, "section:C")]),
        (
            (("C", K.RESULT, ""),),
            [(Problem.STATEMENT_EMPTY, "statement:s1"), (Problem.SECTION_EMPTY, "section:C")],
        ),
        ((RESULT, ("D", K.TASK, "")), [(Problem.STATEMENT_EMPTY, "statement:s2")]),
        ((RESULT, ("C", K.SHORTCOMING, "Còn chậm.")), [(Problem.CAUSE_MISSING, "section:C")]),
        ((RESULT, ("C", K.SHORTCOMING, "Còn chậm."), ("C", K.CAUSE, "Địa bàn rộng.")), []),
        (
            (RESULT, ("C", K.SHORTCOMING, "Còn chậm."), ("C", K.CAUSE, "")),
            [(Problem.STATEMENT_EMPTY, "statement:s3"), (Problem.CAUSE_MISSING, "section:C")],
        ),
    ],
)
def test_words_are_asked_for_where_the_form_asks(
    statements: tuple[tuple[str, StatementKind, str], ...], expected: list[tuple[Problem, str]]
) -> None:
    assert problems(with_words(*statements)) == expected


def test_a_missing_cause_is_a_warning_that_a_word_answers() -> None:
    content = with_words(RESULT, ("C", K.SHORTCOMING, "Còn chậm."))

    assert [finding.level for finding in found(content)] == [Level.WARNING]
    assert blocking(found(replace(content, words={"section:C": "Đang tìm nguyên nhân."}))) == []


def test_findings_stand_in_the_order_of_the_form_errors_before_warnings_words_last() -> None:
    content = replace(
        good_content(path__cleared_km="x", law__gathered="1", patrol__teams="4000", patrol__bilateral="5000"),
        statements=(),
    )

    assert problems(content, {"patrol.teams": History(Decimal(40))}) == [
        (Problem.JUMP, "cell:patrol.teams"),
        (Problem.PART_OVER_WHOLE, "cell:patrol.bilateral"),
        (Problem.UNBALANCED, "cell:law.listeners"),
        (Problem.NOT_A_NUMBER, "cell:path.cleared_km"),
        (Problem.SECTION_EMPTY, "section:C"),
    ]


def test_every_problem_that_there_is_has_been_met_in_this_file() -> None:
    assert {p.name for p in Problem} == {
        *("NOT_A_NUMBER", "AMBIGUOUS", "TOO_PRECISE", "BELOW", "ABOVE", "PART_OVER_WHOLE", "UNBALANCED", "JUMP"),
        *("CELL_EMPTY", "STATEMENT_EMPTY", "SECTION_EMPTY", "CAUSE_MISSING"),
    }


def test_cells_that_cannot_be_read_leave_the_others_read() -> None:
    reading = read_cells(Content({"patrol.teams": "1,151", "patrol.people": "1 151"}), RULES)

    assert reading.values == {"patrol.people": Decimal(1151)}
    assert [finding.problem for finding in reading.findings] == [Problem.AMBIGUOUS]
