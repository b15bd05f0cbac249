"""From what is typed to blocks and back, so that a block keeps its name while its words change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nennep.documents.rules.text.lines import PLAIN_MARK, BlockKind, Line, raw_lines, read_line, write_line
from nennep.documents.rules.text.shapes import (
    LONGEST_TEXT,
    MOST_BLOCKS,
    MOST_COLUMNS,
    Block,
    Text,
    TooLong,
    checked,
    own_number,
)

#: From this share of words in common two blocks are the same block, rewritten.
NEARLY_SAME = 0.6
# Empty lines and lines broken in the middle of a sentence make no block.
MOST_LINES = 6 * MOST_BLOCKS
# How far from where it stood a rewritten block is looked for, in blocks.
_REACH = 20


def parse(typed: str, before: Text | None = None) -> Text:
    """Read what an officer typed or pasted from Word.

    Every line is a block of its own; a line that goes on in a small letter right below another belongs to it. Numbers
    are kept as typed. A block whose words are those of a block of `before`, or nearly, keeps its name and what is
    bound to it. Raises TooLong.
    """
    if len(typed) > 2 * LONGEST_TEXT:
        raise TooLong("text", len(typed), LONGEST_TEXT)
    if typed.count("\n") > MOST_LINES:
        raise TooLong("lines", typed.count("\n"), MOST_LINES)
    read = _blocks(_lines(typed))
    return checked(_named(read, before or Text()))


def typed(text: Text) -> str:
    """Return a text as it is typed: parse gives the same again, up to the names of its blocks and what is bound."""
    written, at_top = [], True
    for block in text.blocks:
        written.append("\n".join(write_line(line, at_top=at_top) for line in block.lines))
        at_top = at_top and block.kind is BlockKind.BASIS
    return "\n\n".join(written)


@dataclass
class _Raw:
    """A line, in the pieces it was broken into; whether an empty line stands before it, and whether it may go on."""

    pieces: list[str]
    apart: bool
    may_go_on: bool

    @property
    def line(self) -> str:
        return " ".join(self.pieces)


def _lines(typed_text: str) -> list[Line | None]:
    """What each line is; None for an empty line, which ends a table."""
    found: list[Line | None] = []
    at_top = True
    for raw in _joined(typed_text):
        if raw.apart:
            found.append(None)
        line = read_line(raw.line, at_top=at_top)
        above = found[-1] if found else None
        if above is not None and _waits_for_a_title(above) and _is_a_title(line):
            found[-1] = replace(above, text=line.text)
        elif line.text or line.number or line.cells:
            found.append(line)
            at_top = at_top and line.kind is BlockKind.BASIS
    return found


def _joined(typed_text: str) -> list[_Raw]:
    """The lines, with what was broken in the middle of a sentence in one piece again."""
    found: list[_Raw] = []
    apart = False
    for line in raw_lines(typed_text):
        if not line.strip():
            apart = True
            continue
        here = read_line(line, at_top=True)
        if found and not apart and found[-1].may_go_on and _goes_on(here, line):
            found[-1].pieces.append(line)
        else:
            found.append(_Raw([line], apart, here.kind not in {BlockKind.TABLE, BlockKind.HEADING}))
        apart = False
    return found


def _goes_on(here: Line, line: str) -> bool:
    """Whether a line can only be the rest of the one above: it begins in a small letter."""
    is_plain = here.kind is BlockKind.PARAGRAPH and not line.lstrip().startswith(PLAIN_MARK)
    return is_plain and here.text[:1].islower()


def _waits_for_a_title(line: Line) -> bool:
    """`Chương I` stands alone on its line, and its title below it (Decree 30/2020, Annex I, part II, item 6)."""
    return line.level is not None and line.level.is_centred and bool(line.number) and not line.text


def _is_a_title(line: Line) -> bool:
    return line.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and not line.number


def _blocks(lines: Iterable[Line | None]) -> list[Block]:
    """Blocks without names; the rows of one table in one block, filled up to the same length."""
    found: list[Block] = []
    in_table = False
    for line in lines:
        if line is None:
            in_table = False
            continue
        if line.kind is not BlockKind.TABLE:
            found.append(Block("", line.kind, line.level, line.number, line.text))
        elif len(line.cells) > MOST_COLUMNS:
            raise TooLong("columns", len(line.cells), MOST_COLUMNS)
        elif in_table:
            found[-1] = replace(found[-1], rows=(*found[-1].rows, line.cells))
        else:
            found.append(Block("", line.kind, rows=(line.cells,)))
        in_table = line.kind is BlockKind.TABLE
    if len(found) > MOST_BLOCKS:
        raise TooLong("blocks", len(found), MOST_BLOCKS)
    return [_even(block) for block in found]


def _even(table: Block) -> Block:
    width = max((len(row) for row in table.rows), default=0)
    return replace(table, rows=tuple((*row, *[""] * (width - len(row))) for row in table.rows))


# --- names ----------------------------------------------------------------------------------------


def _named(read: list[Block], before: Text) -> Text:
    """The blocks with the names of those they were, and new names for the new ones."""
    old_of = _same(read, before.blocks)
    last_id = max([before.last_id, *(own_number(block.id) for block in before.blocks)])
    named = []
    for place, block in enumerate(read):
        old = before.blocks[old_of[place]] if place in old_of else None
        if old is None:
            last_id += 1
            named.append(replace(block, id=f"b{last_id}"))
        else:
            named.append(replace(block, id=old.id, binding=old.binding if block.can_bind else None))
    return Text(tuple(named), last_id)


def _same(new: list[Block], old: tuple[Block, ...]) -> dict[int, int]:
    """For each new block that was there before the place it had: first what is equal, then what is nearly so."""
    found: dict[int, int] = {}
    free = set(range(len(old)))
    for key in (_whole, _words_alone):
        places: dict[object, list[int]] = {}
        for place in sorted(free, reverse=True):
            places.setdefault(key(old[place]), []).append(place)
        for place, block in enumerate(new):
            if place not in found and places.get(key(block)):
                found[place] = places[key(block)].pop()
                free.discard(found[place])
    return found | _nearly_same(new, old, found, free)


def _whole(block: Block) -> object:
    return block.kind, block.number, block.words


def _words_alone(block: Block) -> object:
    return block.words or (block.kind, block.number)


def _nearly_same(new: list[Block], old: tuple[Block, ...], found: dict[int, int], free: set[int]) -> dict[int, int]:
    """Pairs of blocks that were rewritten, the most alike first, near the place where each should stand."""
    counted = {place: Counter(old[place].words.split()) for place in free}
    pairs = []
    expected = 0
    for place, block in enumerate(new):
        if place in found:
            expected = found[place] + 1
            continue
        words = Counter(block.words.split())
        for old_place in range(expected - _REACH, expected + _REACH + 1):
            likeness = _likeness(words, counted[old_place]) if old_place in free else 0.0
            if likeness >= NEARLY_SAME:
                pairs.append((-likeness, abs(old_place - expected), place, old_place))
        expected += 1
    near: dict[int, int] = {}
    for _unlike, _distance, place, old_place in sorted(pairs):
        if place not in near and old_place in free:
            near[place] = old_place
            free.discard(old_place)
    return near


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two blocks have in common, from 0 to 1."""
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0
