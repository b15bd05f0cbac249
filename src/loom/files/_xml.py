"""XML read as a stream of events, by local names. A document type is refused: that is where entities are declared."""

from __future__ import annotations

import pyexpat
from collections.abc import Callable, Iterable
from typing import NoReturn

from loom.files._outcome import Unreadable, Why

Attributes = dict[str, str]
_SPACE = " "


class Events:
    """What is told of a document. Names come without their namespace."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """Text stands here; a long one may come in pieces."""


def walk(pieces: Iterable[bytes], events: Events) -> None:
    """Tell of a document piece by piece. Raises Unreadable when it declares a type or is no sound XML."""
    parser = pyexpat.ParserCreate(namespace_separator=_SPACE)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = _started(events)
    parser.EndElementHandler = lambda name: events.end(_local(name))
    parser.CharacterDataHandler = events.words
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except pyexpat.ExpatError as error:
        raise Unreadable(Why.DAMAGED) from error


def _started(events: Events) -> Callable[[str, Attributes], None]:
    def started(name: str, attributes: Attributes) -> None:
        events.start(_local(name), {_local(key): value for key, value in attributes.items()})

    return started


def _refuse(*_: object) -> NoReturn:
    raise Unreadable(Why.ENTITIES)


def _local(name: str) -> str:
    return name[name.rfind(_SPACE) + 1 :]
