"""Consolidate columns of values up a dated tree, exactly, and explain every figure.

    >>> tree = Tree([Edge("HQ", None, date(2025, 1, 1)), Edge("A", "HQ", date(2025, 1, 1))])
    >>> months = calendar_periods(["month"], date(2025, 1, 1), date(2025, 12, 31))
    >>> figures = consolidate(values, tree, [Measure("patrols")], periods=months)

The meaning of every word is told at `consolidate`; `explain` opens one figure. On the command line it is
`python -m abacus --help`.
"""

from abacus._consolidate import consolidate
from abacus._errors import (
    AbacusError,
    FileError,
    InputError,
    MeasureError,
    PeriodError,
    RefusedError,
    TooLargeError,
    TreeError,
    ValuesError,
)
from abacus._explain import Explanation, Reported, explain
from abacus._measures import Measure
from abacus._periods import Period, calendar_periods
from abacus._tree import Edge, Tree

__all__ = [
    "AbacusError",
    "Edge",
    "Explanation",
    "FileError",
    "InputError",
    "Measure",
    "MeasureError",
    "Period",
    "PeriodError",
    "RefusedError",
    "Reported",
    "TooLargeError",
    "Tree",
    "TreeError",
    "ValuesError",
    "calendar_periods",
    "consolidate",
    "explain",
]
