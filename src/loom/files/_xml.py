"""XML read as a stream of events, by names without their prefix. Document types are refused: they declare entities."""

from __future__ import annotations

import pyexpat
from collections.abc import Callable, Iterable
from typing import NoReturn

from loom.files._outcome import Unreadable, Why

Attributes = dict[str, str]


class Events:
    """What is told of a document. Names come without their prefix.

    `wanted` are the elements that are told at all; None tells of every one. What is not wanted costs hardly anything:
    most of a Word file is that.
    """

    wanted: frozenset[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Text stands here; a long one may come in pieces."""


def walk(pieces: Iterable[bytes], events: Events) -> None:
    """Tell of a document piece by piece. Raises Unreadable when it declares a type or is no sound XML."""
    parser = pyexpat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    names = _Names()
    parser.StartElementHandler = _started(events, names)
    parser.EndElementHandler = _ended(events, names)
    parser.CharacterDataHandler = events.words
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except pyexpat.ExpatError as error:
        raise Unreadable(Why.DAMAGED) from error


class _Names(dict[str, str]):
    """Names without their prefix, each cut once."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name[name.find(":") + 1 :]
        return local


def _started(events: Events, names: _Names) -> Callable[[str, Attributes], None]:
    wanted, start = events.wanted, events.start

    def started(name: str, attributes: Attributes) -> None:
        local = names[name]
        if wanted is None or local in wanted:
            start(local, {names[key]: value for key, value in attributes.items()})

    return started


def _ended(events: Events, names: _Names) -> Callable[[str], None]:
    wanted, end = events.wanted, events.end

    def ended(name: str) -> None:
        local = names[name]
        if wanted is None or local in wanted:
            end(local)

    return ended


def _refuse(*_: object) -> NoReturn:
    raise Unreadable(Why.ENTITIES)
