"""The text of a document as blocks that keep their name while they are written and rewritten."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from nennep.documents.rules.paper import Level
from nennep.documents.rules.text.lines import REFERENCE, BlockKind, Line, read_line, tidy, write_line

#: About 130 pages: more than any paper of this kind has. What is longer belongs in an annex of its own.
LONGEST_TEXT = 300_000
LONGEST_BLOCK = 20_000
MOST_BLOCKS = 3_000
MOST_COLUMNS = 40
MOST_ADDRESSEES = 2_000
_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_BINDABLE = frozenset({BlockKind.CLAUSE, BlockKind.POINT, BlockKind.DASH, BlockKind.PARAGRAPH})


class Unreadable(Exception):
    """What came in has not the shape of a text; the message says where."""


class TooLong(Exception):
    """More than a document holds. `what` is text, lines, block, blocks or columns."""

    def __init__(self, what: str, found: int, allowed: int) -> None:
        super().__init__(f"{what}: {found} where at most {allowed} are allowed")
        self.what = what
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True)
class Binding:
    """What a clause of a directive demands besides its words. `addressees` are codes of units; none: all of them."""

    due_on: date | None = None
    indicator: str = ""
    figure: Decimal | None = None
    addressees: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if self.due_on is not None:
            data["due_on"] = self.due_on.isoformat()
        if self.indicator:
            data["indicator"] = self.indicator
        if self.figure is not None:
            data["figure"] = format(self.figure, "f")
        if self.addressees:
            data["addressees"] = list(self.addressees)
        return data

    @classmethod
    def from_json(cls, data: object) -> Binding:
        """Raises Unreadable."""
        found = _fields(data, {"due_on", "indicator", "figure", "addressees"}, "a binding")
        addressees = found.get("addressees", [])
        if not isinstance(addressees, list) or not all(isinstance(code, str) and code for code in addressees):
            raise Unreadable("addressees are codes of units")
        if len(set(addressees)) != len(addressees) or len(addressees) > MOST_ADDRESSEES:
            raise Unreadable("a clause addresses a unit once")
        return cls(_day(found), _string(found, "indicator"), _figure(found), tuple(addressees))


@dataclass(frozen=True)
class Block:
    """One part of a text. `id` stays its own however it is rewritten; `number` is as typed, without its stop."""

    id: str
    kind: BlockKind
    level: Level | None = None
    number: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    binding: Binding | None = None

    @property
    def can_bind(self) -> bool:
        """Whether this can be a demand of a directive: a clause, a point, a dash, a paragraph or an article."""
        return self.kind in _BINDABLE or self.level is Level.ARTICLE

    @property
    def words(self) -> str:
        """Its words in one string, those of a table row by row."""
        return "\n".join(" | ".join(row) for row in self.rows) if self.rows else self.text

    @property
    def lines(self) -> tuple[Line, ...]:
        """The block as the lines that are typed for it."""
        if self.kind is BlockKind.TABLE:
            return tuple(Line(self.kind, cells=row) for row in self.rows)
        return (Line(self.kind, self.text, self.number, self.level),)

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self.id, "kind": str(self.kind)}
        if self.level is not None:
            data["level"] = int(self.level)
        if self.number:
            data["number"] = self.number
        if self.text:
            data["text"] = self.text
        if self.rows:
            data["rows"] = [list(row) for row in self.rows]
        if self.binding is not None:
            data["binding"] = self.binding.as_json()
        return data

    @classmethod
    def from_json(cls, data: object) -> Block:
        """Raises Unreadable."""
        names = {"id", "kind", "level", "number", "text", "rows", "binding"}
        found = _fields(data, names, "a block")
        id_ = _string(found, "id")
        if not _ID.fullmatch(id_):
            raise Unreadable(f"{id_!r} names no block")
        try:
            kind = BlockKind(_string(found, "kind"))
        except ValueError:
            raise Unreadable(f"block {id_}: {found.get('kind')!r} is no kind of block") from None
        return cls(
            id_,
            kind,
            _level(found, id_),
            _string(found, "number"),
            _string(found, "text"),
            _rows(found, id_),
            Binding.from_json(found["binding"]) if "binding" in found else None,
        )


@dataclass(frozen=True)
class Text:
    """The blocks of a document in their order. `last_id` is the highest number that a block was ever named by, so
    that the name of a block that is gone is never given to another.
    """

    blocks: tuple[Block, ...] = ()
    last_id: int = 0

    def block(self, id_: str) -> Block | None:
        return next((block for block in self.blocks if block.id == id_), None)

    def with_block(self, changed: Block) -> Text:
        """The text with one block in the place of the one of the same name."""
        return replace(self, blocks=tuple(changed if block.id == changed.id else block for block in self.blocks))

    def as_json(self) -> dict[str, Any]:
        return {"blocks": [block.as_json() for block in self.blocks], "last_id": self.last_id}

    @classmethod
    def from_json(cls, data: object) -> Text:
        """Read a stored text. `{}` is an empty one. Raises Unreadable for any other shape, and TooLong."""
        if data == {}:
            return cls()
        found = _fields(data, {"blocks", "last_id"}, "a text")
        blocks, last_id = found.get("blocks"), found.get("last_id")
        if not isinstance(blocks, list) or not isinstance(last_id, int) or isinstance(last_id, bool) or last_id < 0:
            raise Unreadable("a text has blocks and the number of its last block")
        return checked(cls(tuple(Block.from_json(block) for block in blocks), last_id))


def numbered(blocks: tuple[Block, ...]) -> Text:
    """A text of blocks, those without a name named one after another. Raises Unreadable, TooLong."""
    named = tuple(block if block.id else replace(block, id=f"b{n}") for n, block in enumerate(blocks, start=1))
    return checked(Text(named, len(blocks)))


def checked(text: Text) -> Text:
    """The text itself when it is one that could have been typed: sizes, names, and each block of its own kind.

    Raises Unreadable, TooLong.
    """
    _check_sizes(text)
    ids = [block.id for block in text.blocks]
    if len(set(ids)) != len(ids):
        raise Unreadable("two blocks bear the same name")
    if any(own_number(id_) > text.last_id for id_ in ids):
        raise Unreadable("a block bears a name that was not given yet")
    at_top = True
    for block in text.blocks:
        _check_block(block, at_top=at_top)
        at_top = at_top and block.kind is BlockKind.BASIS
    return text


def own_number(id_: str) -> int:
    """The number in a name that was given here (`b12`), 0 for a name from elsewhere."""
    digits = id_.removeprefix("b")
    return int(digits) if id_.startswith("b") and digits.isascii() and digits.isdigit() else 0


def digest(text: Text, *, subject: str = "") -> str:
    """SHA-256 (hex) over a text and the subject it goes by: change a letter, a name or a date and it differs."""
    said = json.dumps([subject, text.as_json()], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


# --- references -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A figure or a statement that a text names by where it comes from, with what it shows there.

    Of a figure `key` is its key; of a statement `version` is the report version and `key` the statement's id.
    """

    key: str
    shown: str
    version: int | None = None

    @property
    def is_figure(self) -> bool:
        return self.version is None

    @property
    def typed(self) -> str:
        """As it stands in the text: `[[figure|key|shown]]`, `[[statement|version|id|shown]]`."""
        name = f"figure|{self.key}" if self.version is None else f"statement|{self.version}|{self.key}"
        shown = tidy(self.shown).replace("[[", "[ [").replace("]]", "] ]")
        return f"[[{name}|{shown}{' ' if shown.endswith(']') else ''}]]"


Span = str | Reference


def spans(text: str) -> tuple[Span, ...]:
    """The words of a block and the references among them, in order. What only looks like one stays words."""
    return tuple(_spans(text))


def shown(text: str) -> str:
    """The words of a block as they are read: every reference by what it shows."""
    return "".join(span if isinstance(span, str) else span.shown for span in _spans(text))


def references(text: Text) -> list[tuple[Block, Reference]]:
    """Every reference of a text, with the block it stands in."""
    found = []
    for block in text.blocks:
        for words in (block.text, *(cell for row in block.rows for cell in row)):
            found += [(block, span) for span in _spans(words) if isinstance(span, Reference)]
    return found


def _spans(text: str) -> Iterator[Span]:
    end = 0
    for found in REFERENCE.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        version = found["version"]
        yield Reference(found["key"] or found["id"], found["shown"].rstrip(), int(version) if version else None)
        end = found.end()
    if end < len(text):
        yield text[end:]


# --- checks ---------------------------------------------------------------------------------------


def _check_sizes(text: Text) -> None:
    sizes = [len(block.words) for block in text.blocks]
    columns = [len(row) for block in text.blocks for row in block.rows]
    for what, size, allowed in (
        ("blocks", len(sizes), MOST_BLOCKS),
        ("block", max(sizes, default=0), LONGEST_BLOCK),
        ("text", sum(sizes), LONGEST_TEXT),
        ("columns", max(columns, default=0), MOST_COLUMNS),
    ):
        if size > allowed:
            raise TooLong(what, size, allowed)


def _check_block(block: Block, *, at_top: bool) -> None:
    is_table = block.kind is BlockKind.TABLE
    if is_table != bool(block.rows) or (is_table and len({len(row) for row in block.rows} | {0}) != 2):  # noqa: PLR2004 -- one width, beside the 0
        raise Unreadable(f"block {block.id}: a table, and nothing else, has rows of the same length")
    if block.binding is not None and not block.can_bind:
        raise Unreadable(f"block {block.id}: a {block.kind} binds nobody")
    for line in block.lines:
        if not (line.text or line.number or line.cells):
            raise Unreadable(f"block {block.id} says nothing")
        if "\n" in write_line(line, at_top=at_top) or read_line(write_line(line, at_top=at_top), at_top=at_top) != line:
            raise Unreadable(f"block {block.id} would not be read again as the {block.kind} it is said to be")


def _fields(data: object, names: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Unreadable(f"{what} is an object with names")
    unknown = sorted(str(name) for name in data if name not in names)
    if unknown:
        raise Unreadable(f"{what} knows no {unknown[0]!r}")
    return data


def _string(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(f"{name} is a string")
    return value


def _level(found: Mapping[str, Any], id_: str) -> Level | None:
    if "level" not in found:
        return None
    try:
        return Level(found["level"])
    except ValueError:
        raise Unreadable(f"block {id_}: {found['level']!r} is no level") from None


def _rows(found: Mapping[str, Any], id_: str) -> tuple[tuple[str, ...], ...]:
    rows = found.get("rows", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unreadable(f"block {id_}: rows are lists of cells")
    if not all(isinstance(cell, str) for row in rows for cell in row):
        raise Unreadable(f"block {id_}: a cell is a string")
    return tuple(tuple(row) for row in rows)


def _day(found: Mapping[str, Any]) -> date | None:
    text = _string(found, "due_on")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unreadable(f"{text!r} is no day") from None


def _figure(found: Mapping[str, Any]) -> Decimal | None:
    text = _string(found, "figure")
    try:
        figure = Decimal(text) if text else None
    except InvalidOperation:
        raise Unreadable(f"{text!r} is no figure") from None
    if figure is not None and not figure.is_finite():
        raise Unreadable(f"{text!r} is no figure")
    return figure
