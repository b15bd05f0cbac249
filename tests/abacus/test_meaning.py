"""What consolidation means, sentence by sentence, in figures small enough to check by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from abacus import (
    Edge,
    Measure,
    Period,
    PeriodError,
    RefusedError,
    TooLargeError,
    Tree,
    TreeError,
    calendar_periods,
    consolidate,
    explain,
)
from tests.abacus.slow import Value, as_table

FIRST = date(2025, 1, 1)
TREE = Tree([Edge("HQ", None, FIRST), Edge("A", "HQ", FIRST), Edge("a1", "A", FIRST), Edge("a2", "A", FIRST)])
QUARTER = Period("2025-Q1", "quarter", FIRST, date(2025, 4, 1))


def month(number: int, year: int = 2025) -> tuple[date, date]:
    return date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)


def value(unit: str, number: int, amount: str, indicator: str = "x", known: int | None = None) -> Value:
    known_at = None if known is None else datetime(2025, 12, known, tzinfo=UTC)
    return Value(unit, indicator, *month(number), Decimal(amount), known_at)


def found(table: pa.Table, unit: str = "HQ", indicator: str = "x", period: str = "2025-Q1") -> dict[str, Any] | None:
    rows = [
        row for row in table.to_pylist() if (row["unit"], row["indicator"], row["period"]) == (unit, indicator, period)
    ]
    assert len(rows) <= 1
    return rows[0] if rows else None


def figure(table: pa.Table, unit: str = "HQ", indicator: str = "x", period: str = "2025-Q1") -> str | None:
    row = found(table, unit, indicator, period)
    return None if row is None else format(row["value"].normalize(), "f")


def counts(table: pa.Table, unit: str = "HQ", indicator: str = "x", period: str = "2025-Q1") -> tuple[int, int]:
    row = found(table, unit, indicator, period)
    assert row is not None
    return row["reported"], row["expected"]


THREE_MONTHS = [
    value("a1", 1, "1"),
    value("a1", 2, "2"),
    value("a1", 3, "6"),
    value("a2", 2, "4.5"),
    value("HQ", 3, "10"),
]


@pytest.mark.parametrize(
    ("over_time", "a1", "a2", "everyone"),
    [
        ("sum", "9", "4.5", "23.5"),
        ("mean", "3", "4.5", "17.5"),
        ("min", "1", "4.5", "15.5"),
        ("max", "6", "4.5", "20.5"),
        ("count", "3", "1", "5"),
        ("first", "1", "4.5", "15.5"),
        ("last", "6", "4.5", "20.5"),
        ("none", None, None, None),
    ],
)
def test_a_units_own_values_are_combined_over_time_before_the_units_are_added(
    over_time: str, a1: str | None, a2: str | None, everyone: str | None
) -> None:
    table = consolidate(as_table(THREE_MONTHS), TREE, [Measure("x", "sum", over_time)], periods=[QUARTER])

    assert (figure(table, "a1"), figure(table, "a2"), figure(table)) == (a1, a2, everyone)


@pytest.mark.parametrize(
    ("over_units", "a", "everyone"),
    [
        ("sum", "13.5", "23.5"),
        ("mean", "6.75", "7.833333"),
        ("min", "4.5", "4.5"),
        ("max", "9", "10"),
        ("count", "2", "3"),
        ("variance", "10.125", "8.583333"),
        ("stddev", "3.181981", "2.929733"),
        ("none", None, "10"),
    ],
)
def test_then_the_units_of_the_subtree_the_unit_itself_included_are_combined(
    over_units: str, a: str | None, everyone: str
) -> None:
    table = consolidate(as_table(THREE_MONTHS), TREE, [Measure("x", over_units, "sum")], periods=[QUARTER])

    assert (figure(table, "A"), figure(table)) == (a, everyone)


def test_what_cannot_be_added_over_time_is_shown_in_its_own_period_only() -> None:
    periods = [QUARTER, *calendar_periods(["month"], FIRST, date(2025, 3, 31))]

    table = consolidate(as_table(THREE_MONTHS), TREE, [Measure("x", "sum", "none")], periods=periods)

    assert figure(table) is None
    assert figure(table, period="2025-02") == "6.5"


def test_what_cannot_be_added_over_units_is_refused_as_a_total() -> None:
    measures = [Measure("x", "none", "sum")]

    with pytest.raises(RefusedError, match="x cannot be combined over units: there is no total for A"):
        explain(as_table(THREE_MONTHS), TREE, measures, unit="A", indicator="x", period=QUARTER)


def test_a_period_takes_only_values_whose_periods_lie_wholly_inside() -> None:
    straddling = Value("a1", "x", date(2025, 3, 31), date(2025, 4, 2), Decimal(100))
    exactly = Value("a2", "x", FIRST, date(2025, 4, 1), Decimal(7))

    table = consolidate(as_table([straddling, exactly]), TREE, [Measure("x")], periods=[QUARTER])

    assert figure(table) == "7"


def test_periods_need_not_be_calendar_months() -> None:
    values = [Value("a1", "x", date(2025, 1, 15), date(2025, 2, 15), Decimal(5))]
    own = Period("2025-01", "month", date(2025, 1, 15), date(2025, 2, 15))
    calendar = Period("jan", "month", *month(1))

    table = consolidate(as_table(values), TREE, [Measure("x")], periods=[own, calendar])

    assert table.to_pylist()[0]["starts_on"] == date(2025, 1, 15)
    assert (figure(table, period="2025-01"), figure(table, period="jan")) == ("5", None)


def test_last_is_the_value_whose_period_ends_last_and_first_the_one_that_begins_first() -> None:
    short = Value("a1", "x", date(2025, 2, 1), date(2025, 3, 1), Decimal(1))
    around = Value("a1", "x", date(2025, 1, 1), date(2025, 4, 1), Decimal(2))
    values = as_table([around, short])

    last = consolidate(values, TREE, [Measure("x", "sum", "last")], periods=[QUARTER])
    first = consolidate(values, TREE, [Measure("x", "sum", "first")], periods=[QUARTER])

    assert (figure(last), figure(first)) == ("2", "2")


def test_nothing_reported_is_no_row_and_a_reported_zero_is_a_zero() -> None:
    table = consolidate(as_table([value("a1", 1, "0")]), TREE, [Measure("x"), Measure("y")], periods=[QUARTER])

    assert {row["unit"]: row["value"] for row in table.to_pylist()} == dict.fromkeys(("HQ", "A", "a1"), Decimal(0))


def test_reported_counts_units_with_a_value_and_expected_those_with_none_below() -> None:
    table = consolidate(as_table(THREE_MONTHS), TREE, [Measure("x")], periods=[QUARTER])

    assert (counts(table), counts(table, "A"), counts(table, "a1")) == ((3, 2), (2, 2), (1, 1))


def test_those_on_duty_are_expected_where_they_are_named() -> None:
    duty = {"2025-Q1": {"a1", "A", "HQ", "elsewhere"}}

    table = consolidate(as_table(THREE_MONTHS), TREE, [Measure("x")], periods=[QUARTER], on_duty=duty)

    assert (counts(table), counts(table, "A"), counts(table, "a2")) == ((3, 3), (2, 2), (1, 0))


RATIO = [Measure("x"), Measure("y"), Measure("r", numerator="x", denominator="y", factor=100)]


@pytest.mark.parametrize(
    ("values", "ratio"),
    [
        ([value("a1", 1, "1"), value("a1", 1, "2", "y"), value("a2", 1, "1"), value("a2", 1, "1", "y")], "66.666667"),
        ([value("a1", 1, "3", "y")], "0"),
        ([value("a1", 1, "3")], None),
        ([value("a1", 1, "3"), value("a1", 1, "0", "y")], None),
        ([value("a1", 1, "1"), value("a2", 1, "-4", "y")], "-25"),
        # Exactly halfway between two millionths, rounded to the even one: 0.0000025 and 0.0000075.
        ([value("a1", 1, "1"), value("a1", 1, "40000000", "y")], "0.000002"),
        ([value("a1", 1, "3"), value("a1", 1, "40000000", "y")], "0.000008"),
    ],
)
def test_a_ratio_divides_what_is_consolidated_and_a_missing_numerator_counts_zero(
    values: list[Value], ratio: str | None
) -> None:
    table = consolidate(as_table(values), TREE, RATIO, periods=[QUARTER])

    assert figure(table, "HQ", "r") == ratio


def test_a_ratio_counts_the_units_that_reported_either_part() -> None:
    values = [value("a1", 1, "1"), value("a1", 1, "2", "y"), value("a2", 2, "5", "y"), value("HQ", 3, "1")]

    table = consolidate(as_table(values), TREE, RATIO, periods=[QUARTER])

    assert counts(table, "HQ", "r") == (3, 2)


def test_a_ratio_may_rest_on_ratios() -> None:
    measures = [*RATIO, Measure("q", numerator="r", denominator="y", factor="0.5")]
    values = [value("a1", 1, "1"), value("a1", 1, "4", "y")]

    table = consolidate(as_table(values), TREE, measures, periods=[QUARTER])

    assert figure(table, "HQ", "q") == "3.125"


MERGER = date(2025, 3, 1)
MERGED = Tree(
    [
        Edge("HQ", None, FIRST),
        Edge("A", "HQ", FIRST),
        Edge("B", "HQ", FIRST, MERGER),
        Edge("B", "A", MERGER, None, "merged"),
        Edge("b1", "B", FIRST, MERGER),
        Edge("b1", "A", MERGER),
    ]
)
AROUND_THE_MERGER = [value("A", 1, "1"), value("B", 1, "10"), value("b1", 1, "100"), value("b1", 3, "1000")]


def test_the_past_of_a_merged_unit_counts_under_its_successor_never_lost_never_twice() -> None:
    table = consolidate(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], periods=[QUARTER])

    assert (figure(table), figure(table, "A"), figure(table, "B")) == ("1111", "1111", None)


def test_a_merged_unit_is_not_expected_any_more() -> None:
    table = consolidate(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], periods=[QUARTER])

    assert counts(table, "A") == (3, 1)


def test_the_tree_is_that_of_the_last_day_of_the_period() -> None:
    january = Period("2025-01", "month", *month(1))

    table = consolidate(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], periods=[january])

    assert [figure(table, unit, period="2025-01") for unit in ("HQ", "A", "B")] == ["111", "1", "110"]


def test_or_that_of_one_day_for_all() -> None:
    january = Period("2025-01", "month", *month(1))

    table = consolidate(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], periods=[january], on=MERGER)

    assert [figure(table, unit, period="2025-01") for unit in ("HQ", "A", "B")] == ["111", "111", None]


def test_or_as_was_that_of_the_last_day_of_each_values_own_period() -> None:
    table = consolidate(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], periods=[QUARTER], as_was=True)

    assert [figure(table, unit) for unit in ("HQ", "A", "B")] == ["1111", "1001", "110"]
    assert [counts(table, unit) for unit in ("HQ", "A", "B")] == [(3, 2), (2, 2), (2, 1)]


@pytest.mark.parametrize(
    "measure",
    [
        Measure("x", "sum", "last"),
        Measure("x", "sum", "mean"),
        Measure("x", "mean", "sum"),
        Measure("x", "count", "sum"),
        Measure("x", "max", "sum"),
        Measure("x", "stddev", "sum"),
    ],
)
def test_as_was_is_refused_where_parts_would_not_add_up(measure: Measure) -> None:
    with pytest.raises(RefusedError, match=r"indicator x .* cannot be consolidated with the tree as it was"):
        consolidate(as_table(AROUND_THE_MERGER), MERGED, [measure], periods=[QUARTER], as_was=True)


def test_the_past_of_a_unit_that_was_split_stays_with_the_superior_it_had() -> None:
    tree = Tree(
        [
            Edge("HQ", None, FIRST),
            Edge("A", "HQ", FIRST),
            Edge("old", "A", FIRST, MERGER),
            Edge("new1", "A", MERGER),
            Edge("new2", "HQ", MERGER),
        ]
    )
    values = [value("old", 1, "5"), value("new1", 3, "1"), value("new2", 3, "2")]

    table = consolidate(as_table(values), tree, [Measure("x")], periods=[QUARTER])

    assert [figure(table, unit) for unit in ("HQ", "A", "old", "new1", "new2")] == ["8", "6", None, "1", "2"]


def test_a_chain_of_mergers_on_one_day_ends_at_the_one_that_lives() -> None:
    tree = Tree(
        [
            *(Edge(unit, "HQ", FIRST) for unit in ("A", "B", "C")),
            Edge("HQ", None, FIRST),
            Edge("A", "B", MERGER, None, "merged"),
            Edge("B", "C", MERGER, None, "merged"),
        ]
    )

    table = consolidate(as_table([value("A", 1, "1"), value("B", 1, "2")]), tree, [Measure("x")], periods=[QUARTER])

    assert (figure(table, "C"), tree.successor("A"), tree.successor("C")) == ("3", ("B", MERGER), None)


def test_what_stays_under_a_merged_superior_is_found_under_its_successor() -> None:
    tree = Tree(
        [
            Edge("HQ", None, FIRST),
            Edge("A", "HQ", FIRST),
            Edge("B", "HQ", FIRST),
            Edge("B", "A", MERGER, None, "merged"),
            Edge("b1", "B", FIRST),
        ]
    )

    table = consolidate(as_table([value("b1", 3, "4")]), tree, [Measure("x")], periods=[QUARTER])

    assert (figure(table, "A"), counts(table, "A")) == ("4", (1, 1))
    assert (tree.parent("b1", MERGER), tree.children("A", MERGER)) == ("A", ("b1",))


CORRECTED = [value("a1", 1, "1", known=1), value("a1", 1, "2", known=10), value("a2", 1, "5", known=20)]


@pytest.mark.parametrize(
    ("known_at", "total"),
    [
        (datetime(2025, 12, 1, tzinfo=UTC), "1"),
        (datetime(2025, 12, 9, 23, 59, tzinfo=UTC), "1"),
        (datetime(2025, 12, 10), "2"),  # noqa: DTZ001 -- without a zone it is UTC
        (None, "7"),
        (datetime(2025, 11, 30, tzinfo=UTC), None),
    ],
)
def test_the_newest_value_known_by_then_counts(known_at: datetime | None, total: str | None) -> None:
    table = consolidate(as_table(CORRECTED), TREE, [Measure("x")], periods=[QUARTER], known_at=known_at)

    assert figure(table) == total


@pytest.mark.parametrize(
    "amounts",
    [
        ["0.1", "0.2"],
        ["9223372036854775807", "9223372036854775807"],
        ["99999999999999999999999999999999.99", "0.01"],
        ["-0.000000000000000001", "1"],
    ],
)
def test_sums_are_exact_at_any_size(amounts: list[str]) -> None:
    values = [value("a1", 1, amounts[0]), value("a2", 1, amounts[1])]

    table = consolidate(as_table(values), TREE, [Measure("x")], periods=[QUARTER])

    row = found(table)
    assert row is not None
    assert Fraction(row["value"]) == Fraction(amounts[0]) + Fraction(amounts[1])


def test_a_figure_that_no_column_holds_is_refused() -> None:
    values = [value("a1", 1, "9" * 38), value("a2", 1, "1")]

    with pytest.raises(TooLargeError):
        consolidate(as_table(values), TREE, [Measure("x")], periods=[QUARTER])


def test_an_explanation_leads_from_the_figure_to_what_was_reported() -> None:
    explanation = explain(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], unit="HQ", indicator="x", period=QUARTER)

    (command,) = explanation.children
    assert (command.unit, str(command.value), str(command.own), command.reported) == ("A", "1111", "1", 3)
    assert [(part.unit, str(part.value), part.living) for part in command.children] == [
        ("b1", "1100", True),
        ("B", "10", False),
    ]
    assert [each.source for step in explanation.walk() for each in step.values] == [0, 2, 3, 1]


def test_an_explanation_names_the_children_that_reported_nothing() -> None:
    explanation = explain(
        as_table([value("a1", 1, "1")]), TREE, [Measure("x")], unit="A", indicator="x", period=QUARTER
    )

    assert [(child.unit, str(child.value), child.expected) for child in explanation.children] == [
        ("a1", "1", 1),
        ("a2", "None", 1),
    ]


def test_a_unit_that_is_not_there_on_that_day_is_not_explained() -> None:
    with pytest.raises(TreeError, match="unit B does not exist on 2025-03-31"):
        explain(as_table(AROUND_THE_MERGER), MERGED, [Measure("x")], unit="B", indicator="x", period=QUARTER)


@pytest.mark.parametrize(
    ("kind", "day", "code", "starts_on", "ends_on"),
    [
        ("month", date(2024, 12, 31), "2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("quarter", date(2024, 5, 1), "2024-Q2", date(2024, 4, 1), date(2024, 7, 1)),
        ("half", date(2024, 12, 1), "2024-H2", date(2024, 7, 1), date(2025, 1, 1)),
        ("year", date(2024, 2, 29), "2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("week", date(2024, 12, 31), "2025-W01", date(2024, 12, 30), date(2025, 1, 6)),
    ],
)
def test_a_calendar_period_is_named_and_half_open(
    kind: str, day: date, code: str, starts_on: date, ends_on: date
) -> None:
    assert calendar_periods([kind], day, day) == [Period(code, kind, starts_on, ends_on)]


def test_a_period_code_given_twice_is_refused() -> None:
    with pytest.raises(PeriodError, match="2025-Q1 is given twice"):
        consolidate(as_table([]), TREE, [Measure("x")], periods=[QUARTER, QUARTER])


def test_a_tree_tells_who_lived_where() -> None:
    assert MERGED.lives("B") == ((FIRST, MERGER),)
    assert MERGED.subtree("HQ", MERGER) == ("HQ", "A", "b1")
    assert MERGED.subtree("HQ", FIRST) == ("HQ", "A", "B", "b1")
    assert (MERGED.parent("b1", FIRST), MERGED.exists("B", MERGER)) == ("B", False)
