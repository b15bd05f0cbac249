"""What an invented unit counts: plausible, seasonal, uneven, and without contradictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nennep.demonstration.chance import Dice, lasting
from nennep.demonstration.character import Character
from nennep.demonstration.invention import invented
from nennep.reporting.rules.content import IndicatorRule

#: The year from which trends are told.
FIRST_YEAR = 2024
#: A week is this much of a month.
WEEK = 7 / 30.4
#: Above this a figure varies less.
MANY = 12
Figures = dict[str, Decimal]
_Way = Callable[["_Counted", str, Mapping[str, Any]], float | None]


@dataclass(frozen=True)
class Stretch:
    """The time that figures are for: a code of its own, its place in the year, and how much of a month it is."""

    code: str
    year: int
    month: int
    months: float = 1.0


class Counting:
    """Counts for any unit and stretch by the rules of data/figures.toml; the same every time."""

    def __init__(self, indicators: Mapping[str, IndicatorRule]) -> None:
        rules = dict(invented("figures"))
        self._seasons: Mapping[str, list[float]] = rules.pop("seasons")
        self._indicators = indicators
        ways: Mapping[str, _Way] = {
            "mean": self._around_mean,
            "times": self._times,
            "share_of": self._share,
            "rest_of": self._rest,
            "sum_of": self._sum,
            "stock": self._stock,
            "chance": self._seldom,
        }
        self._rules = [
            (code, next(way for name, way in ways.items() if name in rule), rule)
            for code, rule in rules.items()
            if code in indicators
        ]

    def of(self, unit: Character, stretch: Stretch) -> Figures:
        """Every indicator that this kind of unit counts. What is not its business is not there at all."""
        counted = _Counted(unit, stretch, Dice(unit.code, "figures", stretch.code))
        for code, way, rule in self._rules:
            value = way(counted, code, rule)
            if value is not None:
                counted.values[code] = self._exact(code, value, counted.values)
        return counted.values

    def over(self, months: list[Figures]) -> Figures:
        """Several months of one unit as one longer period, each indicator as it combines over time."""
        found: Figures = {}
        for code in dict.fromkeys(code for month in months for code in month):
            values = [month[code] for month in months if code in month]
            how = self._indicators[code].over_time
            if how == "sum":
                found[code] = sum(values, Decimal(0))
            elif how == "max":
                found[code] = max(values)
            elif how == "mean":
                step = Decimal(1).scaleb(-self._indicators[code].decimals)
                found[code] = (sum(values, Decimal(0)) / len(values)).quantize(step)
            else:
                found[code] = values[-1]
        return found

    def _exact(self, code: str, value: float, values: Figures) -> Decimal:
        indicator = self._indicators[code]
        exact = Decimal(str(round(value, indicator.decimals))) if indicator.decimals else Decimal(round(value))
        whole = values.get(indicator.part_of)
        return exact if whole is None else min(exact, whole)

    def _around_mean(self, counted: _Counted, _code: str, rule: Mapping[str, Any]) -> float | None:
        mean = rule["mean"].get(counted.unit.terrain)
        if mean is None:
            return None
        stretch, dice = counted.stretch, counted.dice
        season = self._seasons[rule.get("season", "even")][stretch.month - 1]
        trend = rule.get("trend", 1.0) ** (stretch.year - FIRST_YEAR + stretch.month / 12)
        expected = mean * counted.unit.busy * season * trend * stretch.months
        # Few things vary more than many: four cases may be one or seven, four hundred are never a hundred.
        spread = rule.get("spread", 0.3 if expected > MANY else 0.75)
        expected *= dice.between(1 - spread, 1 + spread)
        # The part under one is a chance: a mean of 0,3 is one in three months out of ten, not three tenths of a case.
        return float(int(expected)) + (1.0 if dice.happens(expected % 1) else 0.0)

    def _times(self, counted: _Counted, code: str, rule: Mapping[str, Any]) -> float | None:
        base = counted.values.get(rule["times"])
        if base is None or counted.unit.terrain not in rule.get("on", [counted.unit.terrain]):
            return None
        grain = rule.get("grain")
        value = float(base) * counted.factor(code, rule, *rule["by"])
        return round(value / grain) * float(grain) if grain else value

    def _share(self, counted: _Counted, code: str, rule: Mapping[str, Any]) -> float | None:
        whole = counted.values.get(rule["share_of"])
        if whole is None or counted.unit.terrain not in rule.get("on", [counted.unit.terrain]):
            return None
        value = float(whole) * counted.factor(code, rule, *rule["share"])
        counted.take(rule["share_of"], round(value))
        return value

    def _rest(self, counted: _Counted, _code: str, rule: Mapping[str, Any]) -> float | None:
        rest = counted.rest(rule["rest_of"])
        if rest is None:
            return None
        value = round(rest * counted.dice.between(*rule["share"])) if "share" in rule else rest
        counted.take(rule["rest_of"], value)
        return value

    def _sum(self, counted: _Counted, _code: str, rule: Mapping[str, Any]) -> float | None:
        parts = [counted.values[code] for code in rule["sum_of"] if code in counted.values]
        return float(sum(parts)) if parts else None

    def _stock(self, counted: _Counted, code: str, rule: Mapping[str, Any]) -> float | None:
        bounds = rule["stock"].get(counted.unit.terrain)
        if bounds is None:
            return None
        # Whole bounds are reached as often as what lies between them.
        edge = 0.0 if self._indicators[code].decimals else 0.49
        low, high = bounds[0] - edge, bounds[1] + edge
        base = low + (high - low) * lasting(counted.unit.code, code)
        years = counted.stretch.year - FIRST_YEAR + counted.stretch.month / 12
        share = counted.stretch.months if rule.get("flows") else 1.0
        return float(max(0.0, base * (1 + rule.get("drift", 0.02) * years)) * share)

    def _seldom(self, counted: _Counted, _code: str, rule: Mapping[str, Any]) -> float | None:
        probability = rule["chance"].get(counted.unit.terrain)
        if probability is None:
            return None
        value = 0
        if counted.dice.happens(probability * counted.stretch.months):
            value = counted.dice.whole(*rule["of"])
        if "within" in rule:
            value = min(value, counted.rest(rule["within"]) or 0)
            counted.take(rule["within"], value)
        return value


class _Counted:
    """The figures of one unit in one stretch while they are being made."""

    def __init__(self, unit: Character, stretch: Stretch, dice: Dice) -> None:
        self.unit = unit
        self.stretch = stretch
        self.dice = dice
        self.values: Figures = {}
        self._taken: dict[str, int] = {}

    def factor(self, code: str, rule: Mapping[str, Any], low: float, high: float) -> float:
        """Between low and high: what is steady once for the unit, the rest anew each time."""
        drawn = lasting(self.unit.code, code) if rule.get("steady") else self.dice.fraction()
        return low + (high - low) * drawn

    def rest(self, whole: str) -> int | None:
        """What is left of a whole once its parts so far are taken."""
        value = self.values.get(whole)
        return None if value is None else int(value) - self._taken.get(whole, 0)

    def take(self, whole: str, part: int) -> None:
        self._taken[whole] = self._taken.get(whole, 0) + part
