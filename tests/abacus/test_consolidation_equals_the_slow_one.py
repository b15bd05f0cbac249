"""The engine against the plain reference, on anything that can be asked."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from abacus import TooLargeError, Tree, consolidate
from tests.abacus.slow import Asked, as_figures, as_table, slow_consolidate
from tests.abacus.worlds import questions

MOST = 10**32
"""What a column of 38 digits holds beside six decimals."""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(asked=questions())
def test_every_figure_is_the_one_found_value_by_value(asked: Asked) -> None:
    expected = slow_consolidate(asked)

    if any(abs(figure.value) >= MOST for figure in expected.values()):
        with pytest.raises(TooLargeError):
            asked_of_the_engine(asked)
    else:
        assert as_figures(asked_of_the_engine(asked)) == expected


def asked_of_the_engine(asked: Asked) -> pa.Table:
    return consolidate(
        as_table(asked.values),
        Tree(asked.edges),
        asked.measures,
        periods=asked.periods,
        on=asked.on,
        as_was=asked.as_was,
        known_at=asked.known_at,
        on_duty=asked.on_duty,
    )
