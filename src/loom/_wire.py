"""Plain data to JSON and back, for two processes of which one is not trusted: what comes back has the types it claims.

Nothing but the dataclasses, tuples, enumerations and numbers of the face goes over; a value of another type is refused.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
_PLAIN = (str, int, bool, float)


class BadMessage(Exception):
    """What came over is not of the type that was asked for."""


def sent(value: object) -> Any:
    """A value as JSON can write it."""
    match value:
        case Enum():
            return value.value
        case Decimal():
            return str(value)
        case tuple() | list():
            return [sent(part) for part in value]
        case None | str() | int() | float():
            return value
        case _ if is_dataclass(value):
            return [sent(getattr(value, part.name)) for part in fields(value)]
        case _:
            raise TypeError(f"{type(value).__name__} does not go over.")


def received(kind: type[T], value: Any) -> T:
    """A value of a type from what JSON read. Raises BadMessage."""
    made: Any = kind  # a type is hashable, whatever it is of
    built: T = _builder(made)(value)
    return built


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """How to build a value of a type: made once for each type."""
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return _or_none(kind)
    if origin is tuple:
        part = _builder(typing.get_args(kind)[0])
        return lambda value: tuple([part(each) for each in _listed(value)])
    if kind in _PLAIN:
        return lambda value: _exactly(kind, value)
    if kind is Decimal:
        return _decimal
    if issubclass(kind, Enum):
        return lambda value: _member(kind, value)
    return _of_fields(kind)


def _or_none(kind: Any) -> Callable[[Any], Any]:
    of_some = _builder(next(each for each in typing.get_args(kind) if each is not types.NoneType))
    return lambda value: None if value is None else of_some(value)


def _of_fields(kind: Any) -> Callable[[Any], Any]:
    """A dataclass or a named tuple, its fields in their order."""
    hints: Mapping[str, Any] = typing.get_type_hints(kind)
    names = [part.name for part in fields(kind)] if is_dataclass(kind) else kind._fields
    builders = [_builder(hints[name]) for name in names]

    def build(value: Any) -> Any:
        parts = _listed(value)
        if len(parts) != len(builders):
            raise BadMessage
        return kind(*[builder(part) for builder, part in zip(builders, parts, strict=True)])

    return build


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadMessage
    return value


def _exactly(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise BadMessage
    return value


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(_exactly(str, value))
    except InvalidOperation as error:
        raise BadMessage from error


def _member(kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise BadMessage from error
