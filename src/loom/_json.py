"""Readings as JSON: the shape in which a reading is printed, scored and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from loom._reading import Quantity, Reading, Statement


def as_json(readings: Sequence[Reading], groups: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Readings as plain data: `reports`, and `groups` where statements were woven.

    Offsets count characters of each text; values are decimal strings, None where a number is ambiguous. A statement is
    known as `01.s1`: the number of its report, then its own. `groups` are given in their final shape.
    """
    book: dict[str, Any] = {"reports": [_report(reading, number) for number, reading in enumerate(readings, start=1)]}
    if groups is not None:
        book["groups"] = [dict(group) for group in groups]
    return book


def statement_id(report: int, statement: int) -> str:
    """The name of a statement: both numbers count from 0 here and from 1 in the name."""
    return f"{report + 1:02d}.s{statement + 1}"


def _report(reading: Reading, number: int) -> dict[str, Any]:
    return {
        "file": reading.name,
        "document": reading.document and reading.document.value,
        "unit": reading.unit and reading.unit.value,
        "period": reading.period and reading.period.value,
        "said": {
            what: {"start": said.span.start, "end": said.span.end, "quote": said.span.of(reading.text)}
            for what, said in (("document", reading.document), ("unit", reading.unit), ("period", reading.period))
            if said
        },
        "headings": [
            {"level": one.level, "start": one.span.start, "end": one.span.end, "text": one.text}
            for one in reading.headings
        ],
        "quantities": [_quantity(one, number) for one in reading.quantities],
        "not_quantities": [one.text for one in reading.not_quantities],
        "not_quantities_at": [[one.span.start, one.span.end] for one in reading.not_quantities],
        "statements": [
            _statement(one, reading, statement_id(number - 1, at)) for at, one in enumerate(reading.statements)
        ],
        "arithmetic": [
            {"kind": one.rule.value, "items": list(one.items), "holds": one.holds} for one in reading.arithmetic
        ],
    }


def _quantity(one: Quantity, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "quote": one.quote,
        "start": one.span.start,
        "end": one.span.end,
        "value": None if one.value is None else _digits(one.value),
        "measure": one.measure,
        "qualifier": one.qualifier.value,
        "of": one.of,
        "part_of": one.part_of,
        "paired_with": one.paired_with,
        "range_with": one.range_with,
        "role": one.role.value,
        "statement": None if one.statement is None else statement_id(number - 1, one.statement),
    }
    if one.readings:
        found["readings"] = [_digits(value) for value in one.readings]
    return found


def _digits(value: Decimal) -> str:
    """A decimal in plain digits, without exponent and without empty decimals."""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _statement(one: Statement, reading: Reading, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "start": one.span.start,
        "end": one.span.end,
        "text": one.text,
        "kind": one.kind.value,
        "section": reading.headings[one.path[-1]].text if one.path else "",
    }
