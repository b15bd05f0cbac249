"""How an indicator combines: over time first, then over units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from abacus._errors import MeasureError, RefusedError

OVER_TIME = ("sum", "mean", "min", "max", "count", "first", "last", "none")
OVER_UNITS = ("sum", "mean", "min", "max", "count", "stddev", "variance", "none")
RATIO = "ratio"

# The pairs (over units, over time) for which a unit's values may be told apart by day and still add up to the whole.
_SOUND_AS_WAS = frozenset({("sum", "sum"), ("sum", "count"), ("min", "min"), ("max", "max")})
# As a part of a ratio these would leave holes that a ratio reads as zero.
_NO_PART = frozenset({"none", "stddev", "variance"})


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator and its operators.

    `over_time` combines a unit's own values inside a period; `over_units` then combines the units of a subtree.
    With `numerator` and `denominator` (codes of other measures) it is a ratio: factor × consolidated numerator ÷
    consolidated denominator, and the operators are not used. `part_of` names the measure this one is a part of.

    `stddev` and `variance` are those of a sample (n - 1): a single unit has none. `none` cannot be combined: over
    units it is shown per unit only; over time only in the very period it was reported for.

    Raises MeasureError for an operator that does not exist or a ratio told by halves.
    """

    code: str
    over_units: str = "sum"
    over_time: str = "sum"
    numerator: str | None = None
    denominator: str | None = None
    factor: Decimal | Fraction | int | str = 1
    part_of: str | None = None

    def __post_init__(self) -> None:
        if self.is_ratio:
            self._check_ratio()
            return
        if self.over_units == RATIO:
            raise MeasureError(f"indicator {self.code} is a ratio without numerator and denominator")
        if self.over_units not in OVER_UNITS:
            raise MeasureError(self._no_such("over units", self.over_units, OVER_UNITS))
        if self.over_time not in OVER_TIME:
            raise MeasureError(self._no_such("over time", self.over_time, OVER_TIME))

    @property
    def is_ratio(self) -> bool:
        return self.numerator is not None or self.denominator is not None

    @property
    def is_rounded(self) -> bool:
        """Whether its figures are quotients or roots, rounded on output."""
        return self.is_ratio or self.over_time == "mean" or self.over_units in {"mean", "stddev", "variance"}

    def multiplier(self) -> Fraction:
        """The factor, exact."""
        return Fraction(self.factor)

    def require_sound_as_was(self) -> None:
        """Refuse what cannot be consolidated with every value under the tree of its own day."""
        if self.is_ratio or self.over_time == "none" or (self.over_units, self.over_time) in _SOUND_AS_WAS:
            return
        raise RefusedError(
            f"indicator {self.code} ({self.over_units} over units, {self.over_time} over time) cannot be consolidated "
            "with the tree as it was on the day of each value: the parts would not add up to the whole; "
            "leave it out or choose one day's tree"
        )

    def _check_ratio(self) -> None:
        if self.numerator is None or self.denominator is None:
            raise MeasureError(f"indicator {self.code} is a ratio and needs both a numerator and a denominator")
        if self.over_units not in {"sum", RATIO} or self.over_time not in {"sum", RATIO}:
            raise MeasureError(f"indicator {self.code} is a ratio: it takes no operators of its own")
        try:
            self.multiplier()
        except (ValueError, OverflowError, ZeroDivisionError):
            raise MeasureError(f"indicator {self.code}: the factor {self.factor!r} is not a number") from None

    def _no_such(self, where: str, named: str, known: tuple[str, ...]) -> str:
        return f"indicator {self.code}: no operator {named!r} {where}; choose from {', '.join(known)}"


class Measures(Mapping[str, Measure]):
    """Measures by code, checked as a whole.

    Raises MeasureError (with the row) for a code given twice, a part that is not among them or cannot be a part, and
    for a cycle of ratios or of `part_of`.
    """

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._by_code: dict[str, Measure] = {}
        rows: dict[str, int] = {}
        for row, measure in enumerate(measures):
            if measure.code in rows:
                raise MeasureError(f"indicator {measure.code} is given twice", row=row)
            self._by_code[measure.code] = measure
            rows[measure.code] = row
        for measure in self._by_code.values():
            self._check_parts(measure, rows[measure.code])
            self._check_cycle(measure, rows[measure.code])

    def __getitem__(self, code: str) -> Measure:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def parts(self, code: str) -> tuple[str, ...]:
        """Numerator and denominator of a ratio; nothing for the rest."""
        measure = self._by_code[code]
        if measure.numerator is None or measure.denominator is None:
            return ()
        return (measure.numerator, measure.denominator)

    def reported_under(self, code: str) -> frozenset[str]:
        """The indicators whose reported values make up this one: itself, or what a ratio rests on."""
        parts = self.parts(code)
        return frozenset().union(*map(self.reported_under, parts)) if parts else frozenset({code})

    def ratios(self) -> list[Measure]:
        """The ratios, each after those it rests on."""
        ordered: dict[str, Measure] = {}

        def visit(code: str) -> None:
            for part in self.parts(code):
                visit(part)
            if self.parts(code):
                ordered.setdefault(code, self._by_code[code])

        for code in self._by_code:
            visit(code)
        return list(ordered.values())

    def _check_parts(self, measure: Measure, row: int) -> None:
        if measure.part_of is not None and measure.part_of not in self._by_code:
            raise MeasureError(f"indicator {measure.code} is part of {measure.part_of}, which does not exist", row=row)
        for part in self.parts(measure.code):
            if part not in self._by_code:
                raise MeasureError(f"indicator {measure.code} is a ratio of {part}, which does not exist", row=row)
            whole = self._by_code[part]
            if not whole.is_ratio and _NO_PART & {whole.over_units, whole.over_time}:
                raise MeasureError(
                    f"indicator {measure.code} is a ratio of {part}, which has no totals to divide", row=row
                )

    def _check_cycle(self, measure: Measure, row: int) -> None:
        above, seen = measure.part_of, {measure.code}
        while above is not None and above not in seen:
            seen.add(above)
            above = self._by_code[above].part_of if above in self._by_code else None
        if above == measure.code:
            raise MeasureError(f"indicator {measure.code} is a part of itself", row=row)
        waiting, reached = list(self.parts(measure.code)), set[str]()
        while waiting:
            code = waiting.pop()
            if code == measure.code:
                raise MeasureError(f"indicator {measure.code} is a ratio of itself", row=row)
            if code in self._by_code and code not in reached:
                reached.add(code)
                waiting.extend(self.parts(code))
