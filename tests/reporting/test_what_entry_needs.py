"""Small rules the entry page stands on: ratios that follow from their parts, numbers that read one way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.reporting.rules.content import IndicatorRule
from nennep.reporting.rules.numbers import parse_number, unmistakable

PER_TEAM = IndicatorRule("per_team", "", "", "", numerator="people", denominator="teams", factor=Decimal(1), decimals=1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"people": Decimal(822), "teams": Decimal(137)}, Decimal(6)),
        ({"people": Decimal(1), "teams": Decimal(3)}, Decimal("0.333333")),
        ({"teams": Decimal(3)}, Decimal(0)),
        ({"people": Decimal(5)}, None),
        ({"people": Decimal(5), "teams": Decimal(0)}, None),
    ],
)
def test_a_ratio_follows_from_its_parts_and_needs_a_denominator(
    values: dict[str, Decimal], expected: Decimal | None
) -> None:
    assert PER_TEAM.computed(values) == expected


@given(
    st.decimals(min_value=Decimal(-99999999), max_value=Decimal(99999999), places=3, allow_nan=False),
    st.integers(min_value=0, max_value=6),
)
def test_a_number_offered_as_a_choice_reads_one_way_and_as_itself(value: Decimal, decimals: int) -> None:
    typed = unmistakable(value, decimals=decimals)

    assert parse_number(typed, decimals=decimals) == value
