"""Days as whole numbers, counted from 1 January 1970 as Arrow and NumPy count them."""

from datetime import date

_FIRST = date(1970, 1, 1).toordinal()
NEVER = date.max.toordinal() - _FIRST + 1


def as_number(day: date | None) -> int:
    """The day's number; an open end lies after every day."""
    return NEVER if day is None else day.toordinal() - _FIRST


def as_date(number: int) -> date:
    return date.fromordinal(number + _FIRST)
