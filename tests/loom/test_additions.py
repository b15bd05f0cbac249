"""Figures of several reports are added only where adding is right, and a refusal says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom import Counted, Qualifier, Quantity, Reading, Refused, Role, Said, Span, add


def counted(value: int | str | None, measure: str = "lượt tổ", of: str = "tuần tra", **more: object) -> Quantity:
    number = None if value is None else Decimal(value)
    return Quantity(Span(0, 1), str(value), number, measure, of=of, **more)  # type: ignore[arg-type]


def report(unit: str, *quantities: Quantity, period: str = "2024-06") -> Reading:
    return Reading(
        text="",
        unit=Said(unit, Span(0, 0)) if unit else None,
        period=Said(period, Span(0, 0)) if period else None,
        quantities=quantities,
    )


def test_exact_figures_of_one_period_are_added_and_keep_their_parts() -> None:
    (addition,) = add([report("A", counted(371)), report("B", counted("1151", measure="Lượt tổ", of="Tuần tra"))])

    assert addition.total == Decimal(1522)
    assert addition.qualifier is Qualifier.EXACT
    assert [(part.reading, part.quantity) for part in addition.parts] == [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    ("qualifiers", "sum_is"),
    [
        ((Qualifier.EXACT, Qualifier.OVER), Qualifier.OVER),
        ((Qualifier.UNDER, Qualifier.EXACT), Qualifier.UNDER),
        ((Qualifier.OVER, Qualifier.UNDER), Qualifier.ABOUT),
        ((Qualifier.ABOUT, Qualifier.OVER), Qualifier.ABOUT),
    ],
)
def test_a_total_is_as_sure_as_the_least_sure_part(qualifiers: tuple[Qualifier, Qualifier], sum_is: Qualifier) -> None:
    one, other = qualifiers

    (addition,) = add([report("A", counted(5, qualifier=one)), report("B", counted(6, qualifier=other))])

    assert (addition.total, addition.qualifier) == (Decimal(11), sum_is)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (report("A", counted(5)), report("B", counted(None)), Refused.AMBIGUOUS),
        (report("A", counted(5)), report("B", counted(6, range_with=1), counted(9, of="khác")), Refused.RANGE),
        (report("A", counted(5)), report("B", counted(9, of="khác"), counted(6, part_of=0)), Refused.PARTS_AND_WHOLES),
        (report("A", counted(5)), report("B", counted(6, role=Role.CUMULATIVE)), Refused.ROLES),
        (report("A", counted(5)), report("B", counted(6), period="2024-07"), Refused.PERIODS),
        (report("A", counted(5)), report("B", counted(6), period=""), Refused.PERIODS),
        (report("A", counted(5), period=""), report("B", counted(6), period=""), Refused.PERIODS),
        (report("A", counted(5)), report("a", counted(6)), Refused.SAME_UNIT),
        (report("A", counted(5), counted(7)), report("B", counted(6)), Refused.TOLD_TWICE),
    ],
)
def test_what_must_not_be_added_is_refused_and_says_why(one: Reading, other: Reading, why: Refused) -> None:
    (addition,) = add([one, other])

    assert (addition.total, addition.refused) == (None, why)


@pytest.mark.parametrize(
    "other",
    [
        counted(6, measure="%"),
        counted(6, role=Role.RATE),
        counted(6, role=Role.BASELINE),
        counted(6, role=Role.TARGET),
        counted(6, role=Role.PREVIOUS),
        counted(6, role=Role.CHANGE_UP),
        counted(6, measure="km"),
        counted(6, of="kiểm soát"),
        counted(6, of=""),
    ],
)
def test_what_counts_another_thing_does_not_meet(other: Quantity) -> None:
    assert not add([report("A", counted(5)), report("B", other)])


def test_a_figure_told_twice_alike_counts_once() -> None:
    (addition,) = add([report("A", counted(5), counted(5)), report("B", counted(6))])

    assert addition.total == Decimal(11)
    assert len(addition.parts) == 2


def test_parts_are_added_to_parts() -> None:
    whole = counted(50, of="khác")

    (addition,) = (
        one
        for one in add([report(unit, whole, counted(6, part_of=0)) for unit in ("A", "B")])
        if one.label == "tuần tra"
    )

    assert addition.total == Decimal(12)


def test_the_organisations_own_list_names_what_is_counted_and_refuses_what_does_not_add() -> None:
    readings = [report("A", counted(5, of="tuần tra")), report("B", counted(6, of="đi tuần"))]

    (addition,) = add(readings, lambda _reading, _quantity: Counted("Tuần tra: lượt tổ"))
    (refused,) = add(readings, lambda _reading, _quantity: Counted("Hộ được phụ trách", adds=False))

    assert (addition.label, addition.total) == ("Tuần tra: lượt tổ", Decimal(11))
    assert refused.refused is Refused.NOT_ADDITIVE


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=2, max_size=6))
def test_a_total_is_the_sum_of_its_parts_in_any_order(values: list[Decimal]) -> None:
    readings = [report(f"U{place}", counted(str(value))) for place, value in enumerate(values)]

    (forwards,) = add(readings)
    (backwards,) = add(readings[::-1])

    assert forwards.total == backwards.total == sum(values)
