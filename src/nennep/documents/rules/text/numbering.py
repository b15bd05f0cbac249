"""How people cite a part of a text, and where its numbers do not follow one another."""

from __future__ import annotations

from dataclasses import dataclass

from nennep.documents.rules.paper import Level
from nennep.documents.rules.text.lines import BlockKind, roman_value
from nennep.documents.rules.text.shapes import Block, Text

#: The letters of points in their order (Decree 30/2020, Annex I, part II, item 6: the Vietnamese alphabet).
LETTERS = "abcdđeghiklmnopqrstuvxy"
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}


@dataclass(frozen=True)
class Gap:
    """A number that does not follow the one before it. `after` is empty where a list does not begin at its first."""

    block: str
    after: str
    found: str

    def __str__(self) -> str:
        return f"sau {self.after} là {self.found}" if self.after else f"bắt đầu từ {self.found}"


def label_of(text: Text, block: Block) -> str:
    """What people cite a block by: `I.1`, `1b`, `Điều 5.2a`, `I.1 gạch 2`, `căn cứ 1`. Raises KeyError."""
    return labels(text)[block.id]


def labels(text: Text) -> dict[str, str]:
    """What each block of a text is cited by, by its name."""
    place = _Place()
    return {block.id: place.of(block) for block in text.blocks}


class _Place:
    """Where in a text we are: the part, the division, the clause and the point we stand under."""

    def __init__(self) -> None:
        self.part = self.division = self.clause = self.point = ""
        self.counts: dict[str, int] = {}

    def of(self, block: Block) -> str:
        if block.kind is BlockKind.HEADING:
            return self._heading(block)
        if block.kind is BlockKind.CLAUSE:
            self.clause, self.point = block.number, ""
            return self._here()
        if block.kind is BlockKind.POINT:
            self.point = block.number
            return self._here()
        word = _COUNTED[block.kind]
        here = "" if block.kind in {BlockKind.BASIS, BlockKind.TABLE} else self._here()
        count = self.counts[here + word] = self.counts.get(here + word, 0) + 1
        return f"{here} {word} {count}".strip()

    def _heading(self, block: Block) -> str:
        level = block.level or Level.ROMAN
        name = _named(level, block.number)
        self.clause = self.point = ""
        if level is Level.PART:
            self.part = name if block.number else ""
        if level.is_centred:
            self.division = ""
            return name or block.text
        self.division = f"{self.part}, {name}" if self.part and level is Level.ROMAN and name else name
        return self.division or block.text

    def _here(self) -> str:
        clause = f"{self.clause}{self.point}" if self.clause else self.point
        return ".".join(step for step in (self.division, clause) if step)


_COUNTED = {
    BlockKind.BASIS: "căn cứ",
    BlockKind.PARAGRAPH: "đoạn",
    BlockKind.DASH: "gạch",
    BlockKind.TABLE: "bảng",
}
_WORDS = {
    Level.PART: "Phần {}",
    Level.CHAPTER: "Chương {}",
    Level.SECTION: "Mục {}",
    Level.SUBSECTION: "Tiểu mục {}",
    Level.ARTICLE: "Điều {}",
}


def _named(level: Level, number: str) -> str:
    return _WORDS.get(level, "{}").format(number) if number else ""


# --- gaps -----------------------------------------------------------------------------------------


def numbering_gaps(text: Text) -> list[Gap]:
    """Every number that does not follow the one before it in its list. They are warnings: the number stays as typed.

    Articles and chapters run through the whole text; other lists begin anew below what stands over them.
    """
    last: dict[tuple[int, str], tuple[int, str]] = {}
    gaps = []
    for block in text.blocks:
        rank = _rank(block)
        if rank is None:
            continue
        last = {key: seen for key, seen in last.items() if key[0] <= rank or key[0] in _RUNNING}
        if not block.number:
            continue
        prefix, value = _value(block)
        before, shown = last.get((rank, prefix), (0, ""))
        is_first_again = value == 1 and rank in _RUNNING
        if value != before + 1 and not is_first_again:
            gaps.append(Gap(block.id, shown, block.number))
        last[rank, prefix] = value or before + 1, block.number
    return gaps


_CLAUSE, _POINT = int(Level.CLAUSE), int(Level.POINT)
_RUNNING = frozenset({int(Level.CHAPTER), int(Level.ARTICLE)})


def _rank(block: Block) -> int | None:
    """How deep a list lies that a block belongs to; None for what is not numbered."""
    ranks = {BlockKind.CLAUSE: _CLAUSE, BlockKind.POINT: _POINT}
    return ranks.get(block.kind) or (int(block.level) if block.level else None)


def _value(block: Block) -> tuple[str, int]:
    """The list a number belongs to (`1.` of `1.2`) and where in it it stands; 0 when that cannot be told."""
    number = block.number
    if block.kind is BlockKind.POINT:
        return "", LETTERS.find(number) + 1 if len(number) == 1 else 0
    prefix, dot, last = number.rpartition(".")
    if last.isdigit():
        return prefix + dot, int(last)
    ordinal = number.casefold().removeprefix("thứ ")
    return "", roman_value(number) or _ORDINALS.get(ordinal, 0)
