"""Exact decimals as whole numbers at a scale: 12.50 is 1250 at scale 2.

Whole numbers are int64 where nothing can overflow, and Python's own, of any size, where something could.
"""

from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from abacus._errors import TooLargeError, ValuesError

Whole = NDArray[Any]

ROUNDED_TO = 6
"""Decimals that quotients and roots are rounded to."""

_SAFE = 2**62
_WIDEST = 38
_EXACTLY = Context(prec=2 * _WIDEST, traps=[Inexact])


def largest(numbers: Whole) -> int:
    """The largest absolute value; 0 if there is none."""
    return max(int(numbers.max()), -int(numbers.min())) if numbers.size else 0


def roomy(numbers: Whole, growth: int) -> Whole:
    """The same numbers, in a type in which `growth` times the largest of them still fits."""
    if numbers.dtype != object and largest(numbers) * growth >= _SAFE:
        return numbers.astype(object)
    return numbers


def times(numbers: Whole, factor: Whole | int) -> Whole:
    """The product, widened when it must be."""
    wide = roomy(numbers, factor if isinstance(factor, int) else largest(factor))
    product: Whole = wide * factor
    return product


def read_column(column: Any) -> tuple[Whole, int]:
    """The numbers of a column of whole numbers, decimals or text, and their scale.

    Raises ValuesError, with the row, for text that is no number and for floating-point numbers, which are not exact.
    """
    if pa.types.is_integer(column.type):
        return _integers(column), 0
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = _decimals_from_text(column)
    if not pa.types.is_decimal(column.type):
        raise ValuesError(f"values of type {column.type} are not exact; give whole numbers, decimals or text")
    return _unscaled(column), int(column.type.scale)


def as_decimals(numbers: Whole, scale: int, column_scale: int) -> Any:
    """An Arrow column decimal128(38, `column_scale`) of numbers at `scale`.

    Raises TooLargeError for a number that does not fit.
    """
    if numbers.dtype == object:
        return _decimals_from_objects(numbers, scale, column_scale)
    if scale < column_scale:
        grown = times(numbers, 10 ** (column_scale - scale))
        return as_decimals(grown, column_scale, column_scale)
    halves = np.empty((len(numbers), 2), dtype=np.int64)
    halves[:, 0] = numbers
    np.right_shift(numbers, 63, out=halves[:, 1])
    kind = pa.decimal128(_WIDEST, column_scale)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(halves)])


def rounded_quotient(numerator: Whole, denominator: Whole, scale: int) -> Whole:
    """What numerator ÷ (denominator × 10^scale) is at scale `ROUNDED_TO`, half to even; both divisors above zero."""
    if scale < ROUNDED_TO:
        numerator = times(numerator, 10 ** (ROUNDED_TO - scale))
    elif scale > ROUNDED_TO:
        denominator = times(denominator, 10 ** (scale - ROUNDED_TO))
    if object in (numerator.dtype, roomy(denominator, 2).dtype):
        numerator, denominator = numerator.astype(object), denominator.astype(object)
    quotient = numerator // denominator
    twice = 2 * (numerator - quotient * denominator)
    up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    nearest: Whole = quotient + up.astype(np.int64)
    return nearest


def rounded_roots(numerator: Whole, denominator: Whole, scale: int) -> Whole:
    """The square roots of numerator ÷ (denominator × 10^scale) at scale `ROUNDED_TO`, half to even."""
    roots = [
        _rounded_root(Fraction(int(top), int(bottom) * 10**scale) * 10 ** (2 * ROUNDED_TO))
        for top, bottom in zip(numerator, denominator, strict=True)
    ]
    return np.array(roots, dtype=object)


def rounded(number: Fraction, *, root: bool = False) -> Decimal:
    """One quotient, or its square root, as a decimal at scale `ROUNDED_TO`, half to even."""
    whole = _rounded_root(number * 10 ** (2 * ROUNDED_TO)) if root else round(number * 10**ROUNDED_TO)
    return Decimal(whole).scaleb(-ROUNDED_TO, _EXACTLY)


def decimal_of(number: Fraction) -> Decimal:
    """A fraction that is a decimal, as that decimal.

    Raises TooLargeError if it has more digits than a column holds.
    """
    try:
        return _EXACTLY.divide(Decimal(number.numerator), Decimal(number.denominator))
    except Inexact:
        raise TooLargeError(f"{number} has more digits than {_WIDEST}") from None


def _rounded_root(square: Fraction) -> int:
    floor = isqrt(square.numerator // square.denominator)
    halfway = Fraction((2 * floor + 1) ** 2, 4)
    return floor + (square > halfway or (square == halfway and floor % 2 == 1))


def _integers(column: Any) -> Whole:
    try:
        numbers: Whole = column.cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return np.array(column.to_pylist(), dtype=object)
    return numbers


def _decimals_from_text(column: Any) -> Any:
    """Text as decimals, at the least scale that holds them all."""
    point = pc.find_substring(column, ".")
    fraction = pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.utf8_length(column), point), 1))
    scale = min(pc.max(fraction).as_py() or 0, _WIDEST - 1)
    plain = pc.match_substring_regex(column, r"^[+-]?[0-9]+(\.[0-9]+)?$")
    row = pc.index(plain, value=False).as_py()
    if row >= 0:
        raise ValuesError(f"{column[row].as_py()!r} is not a number", row=row)
    try:
        return column.cast(pa.decimal128(_WIDEST, scale))
    except pa.ArrowInvalid:
        raise TooLargeError(f"a value has more digits than the {_WIDEST} a column can hold") from None


def _unscaled(column: Any) -> Whole:
    """The whole numbers inside a column of decimals."""
    if pa.types.is_decimal256(column.type):
        return np.array([int(d.scaleb(column.type.scale, _EXACTLY)) for d in column.to_pylist()], dtype=object)
    chunks = column.cast(pa.decimal128(_WIDEST, column.type.scale)).chunks
    halves = [np.frombuffer(c.buffers()[1], np.int64)[2 * c.offset : 2 * (c.offset + len(c))] for c in chunks]
    both = np.concatenate(halves) if halves else np.empty(0, dtype=np.int64)
    low, high = both[0::2], both[1::2]
    if np.array_equal(low >> 63, high):
        return np.ascontiguousarray(low)
    unsigned = low.astype(np.uint64).astype(object)
    return np.asarray(high.astype(object) * 2**64 + unsigned, dtype=object)


def _decimals_from_objects(numbers: Whole, scale: int, column_scale: int) -> Any:
    try:
        exact = [Decimal(int(number)).scaleb(-scale, _EXACTLY) for number in numbers]
        return pa.array(exact, pa.decimal128(_WIDEST, column_scale))
    except (pa.ArrowInvalid, Inexact):
        raise TooLargeError(f"a figure has more digits than the {_WIDEST} a column can hold") from None
