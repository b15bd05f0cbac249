"""What changed between two texts: block by block, and word by word within a block."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from nennep.documents.rules.text.lines import REFERENCE
from nennep.documents.rules.text.shapes import Block, Text

# Words, the gaps between them, single signs; a reference is one word.
_WORDS = re.compile(rf"{re.sub(r'[?]P<[a-z]+>', '?:', REFERENCE.pattern)}|\s+|\w+|[^\w\s]")
# Pairs of equal words up to which two blocks are compared word by word; beyond, what differs is shown in one piece.
_MOST_PAIRS = 20_000


class ChangeKind(StrEnum):
    """What became of a block."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"


class PieceKind(StrEnum):
    """What became of some words of a block."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True)
class Piece:
    """Words of a block that stayed, came or went. All that is not gone is the new text, all that is not added the
    old one.
    """

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class Change:
    """One block of two texts. `before` is None for an added one, `after` for one that is gone.

    A changed block may have moved as well. A block whose number alone is another is the same.
    """

    kind: ChangeKind
    before: Block | None
    after: Block | None
    pieces: tuple[Piece, ...] = ()
    moved: bool = False

    @property
    def block(self) -> Block:
        """The block as it stands now, or as it stood last."""
        block = self.after or self.before
        if block is None:
            raise ValueError("A change is of a block.")
        return block

    @property
    def renumbered(self) -> bool:
        return self.before is not None and self.after is not None and self.before.number != self.after.number

    @property
    def rebound(self) -> bool:
        """Whether what it demands besides its words is another: its day, its figure, whom it addresses."""
        return self.before is not None and self.after is not None and self.before.binding != self.after.binding


def compare(before: Text, after: Text) -> list[Change]:
    """Every block of both texts in the order of the new one; what is gone stands where it stood.

    Blocks are the same when they bear the same name.
    """
    old = {block.id: block for block in before.blocks}
    new_ids = {block.id for block in after.blocks}
    stayed = _in_order([block.id for block in before.blocks], [block.id for block in after.blocks if block.id in old])
    gone_after: dict[str, list[Block]] = {}
    last = ""
    for block in before.blocks:
        if block.id in new_ids:
            last = block.id
        else:
            gone_after.setdefault(last, []).append(block)
    changes = [_gone(block) for block in gone_after.get("", ())]
    for block in after.blocks:
        changes.append(_change(old.get(block.id), block, moved=block.id in old and block.id not in stayed))
        changes += [_gone(gone) for gone in gone_after.get(block.id, ())]
    return changes


def differing(changes: Sequence[Change]) -> list[Change]:
    """The changes alone, without what stayed as it was."""
    return [change for change in changes if change.kind is not ChangeKind.SAME]


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """What stayed, went and came, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    found = [Piece(PieceKind.SAME, "".join(new[:start]))]
    found += _between(old[start : len(old) - end], new[start : len(new) - end])
    found.append(Piece(PieceKind.SAME, "".join(new[len(new) - end :])))
    return tuple(piece for piece in found if piece.text)


def _change(before: Block | None, after: Block, *, moved: bool) -> Change:
    if before is None:
        return Change(ChangeKind.ADDED, None, after, (Piece(PieceKind.ADDED, after.words),))
    if _said(before) != _said(after):
        return Change(ChangeKind.CHANGED, before, after, pieces_of(before.words, after.words), moved)
    kind = ChangeKind.MOVED if moved else ChangeKind.SAME
    return Change(kind, before, after, (Piece(PieceKind.SAME, after.words),), moved)


def _gone(block: Block) -> Change:
    return Change(ChangeKind.GONE, block, None, (Piece(PieceKind.GONE, block.words),))


def _said(block: Block) -> object:
    """All that a block says except its number, which follows from where it stands."""
    return block.kind, block.level, block.text, block.rows, block.binding


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The names that stand in both in the same order: as many as can be. All others have moved."""
    place = {name: at for at, name in enumerate(old)}
    ends: list[int] = []
    chain: list[str] = []
    before: dict[str, str] = {}
    for name in new:
        at = bisect_left(ends, place[name])
        if at:
            before[name] = chain[at - 1]
        ends[at : at + 1] = [place[name]]
        chain[at : at + 1] = [name]
    stayed: set[str] = set()
    here = chain[-1] if chain else ""
    while here:
        stayed.add(here)
        here = before.get(here, "")
    return stayed


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    return next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _between(old: list[str], new: list[str]) -> list[Piece]:
    in_old, in_new = Counter(old), Counter(new)
    if sum(count * in_new[word] for word, count in in_old.items()) > _MOST_PAIRS:
        return [Piece(PieceKind.GONE, "".join(old)), Piece(PieceKind.ADDED, "".join(new))]
    found = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Piece(PieceKind.SAME, "".join(new[new_from:new_to])))
            continue
        found.append(Piece(PieceKind.GONE, "".join(old[old_from:old_to])))
        found.append(Piece(PieceKind.ADDED, "".join(new[new_from:new_to])))
    return found
