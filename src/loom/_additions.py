"""Adds what several units counted, only where adding is right, and says why not where it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from loom._folding import said
from loom._reading import Qualifier, Quantity, Reading, Role

_ADDABLE = {Role.RESULT, Role.CUMULATIVE}
_SHARES = {"%", "phần trăm", "điểm phần trăm", "điểm %", "‰"}
_SEVERAL = 2


class Refused(StrEnum):
    """Why figures of one name were not added."""

    AMBIGUOUS = "ambiguous"  # a number can be read in several ways
    RANGE = "range"  # a number is one end of `từ 3 đến 5`
    PARTS_AND_WHOLES = "parts-and-wholes"  # one unit's part stands beside another's whole
    PERIODS = "periods"  # the reports are of different periods, or do not say of which
    ROLES = "roles"  # one unit gives the period's figure, another the figure since some day
    SAME_UNIT = "same-unit"  # two reports are of one unit: its figure would count twice
    TOLD_TWICE = "told-twice"  # one report gives two different figures
    NOT_ADDITIVE = "not-additive"  # the indicator cannot be added over units


@dataclass(frozen=True, slots=True)
class Counted:
    """What a quantity counts, by the organisation's own list of indicators, and whether it adds up over units."""

    name: str
    adds: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One figure that was added: the indexes of its reading and of the quantity there."""

    reading: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Addition:
    """Figures of several reports that count the same. `total` is None where they are not added, and `refused` says why.

    A total is as sure as the least sure of its parts: exact and over is over, over and under is about.
    """

    label: str
    measure: str
    parts: tuple[Part, ...]
    total: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    refused: Refused | None = None


def add(
    readings: Sequence[Reading], counted: Callable[[Reading, Quantity], Counted | None] | None = None
) -> tuple[Addition, ...]:
    """What more than one report counted, by measure and by what is counted, in alphabetical order.

    `counted` names the indicator of a quantity; where it knows none, or is not given, the text's own words name it.
    Shares, rates, targets, figures of other periods and figures that name nothing are left out.
    """
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    names: dict[tuple[str, str], tuple[str, str, bool]] = {}
    for place, reading in enumerate(readings):
        for number, quantity in enumerate(reading.quantities):
            if quantity.role not in _ADDABLE or quantity.measure in _SHARES:
                continue
            known = counted(reading, quantity) if counted else None
            label = known.name if known else quantity.of
            if not label:
                continue
            key = said(label), said(quantity.measure)
            names[key] = min(names.get(key, (label, quantity.measure, True)), (label, quantity.measure, True))
            if known and not known.adds:
                names[key] = (*names[key][:2], False)
            found[key].append(Part(place, number))
    return tuple(
        _added(readings, *names[key], tuple(parts))
        for key, parts in sorted(found.items())
        if len({part.reading for part in parts}) >= _SEVERAL
    )


def _added(readings: Sequence[Reading], label: str, measure: str, adds: bool, parts: tuple[Part, ...]) -> Addition:
    quantities = [readings[part.reading].quantities[part.quantity] for part in parts]
    refused = Refused.NOT_ADDITIVE if not adds else _refusal(readings, parts, quantities)
    if refused:
        return Addition(label, measure, parts, refused=refused)
    once = {part.reading: part for part in reversed(parts)}
    kept = tuple(part for part in parts if once[part.reading] is part)
    values = [value for quantity in _of(readings, kept) if (value := quantity.value) is not None]
    return Addition(label, measure, kept, sum(values, Decimal(0)), _least_sure(_of(readings, kept)))


def _of(readings: Sequence[Reading], parts: Sequence[Part]) -> list[Quantity]:
    return [readings[part.reading].quantities[part.quantity] for part in parts]


def _refusal(readings: Sequence[Reading], parts: Sequence[Part], quantities: Sequence[Quantity]) -> Refused | None:
    told = [readings[place] for place in sorted({part.reading for part in parts})]
    units = [said(reading.unit.value) for reading in told if reading.unit]
    periods = {said(reading.period.value) if reading.period else "" for reading in told}
    values: dict[int, set[Decimal | None]] = defaultdict(set)
    for part, quantity in zip(parts, quantities, strict=True):
        values[part.reading].add(quantity.value)
    reasons = (
        (Refused.AMBIGUOUS, any(quantity.value is None for quantity in quantities)),
        (Refused.RANGE, any(quantity.range_with is not None for quantity in quantities)),
        (Refused.PARTS_AND_WHOLES, len({quantity.part_of is None for quantity in quantities}) > 1),
        (Refused.ROLES, len({quantity.role for quantity in quantities}) > 1),
        (Refused.PERIODS, len(periods) > 1 or periods == {""}),
        (Refused.SAME_UNIT, len(set(units)) < len(units)),
        (Refused.TOLD_TWICE, any(len(several) > 1 for several in values.values())),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _least_sure(quantities: Sequence[Quantity]) -> Qualifier:
    doubts = {quantity.qualifier for quantity in quantities} - {Qualifier.EXACT}
    if not doubts:
        return Qualifier.EXACT
    return doubts.pop() if len(doubts) == 1 else Qualifier.ABOUT
