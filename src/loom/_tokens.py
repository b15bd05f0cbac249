"""A text cut into words, numbers and signs, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from loom._reading import Span
from loom._text import fold

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|[\n\t]|[^\w\s]|\w")


def words_of(phrase: str) -> tuple[str, ...]:
    """The words and signs of a phrase, as they are compared."""
    return tuple(_TOKEN.findall(fold(phrase)))


#: A line end that is none to the reader: neither an empty line nor a bullet follows.
_SOFT = re.compile(r"(?<!\n)\n(?![ \t]*(?:\n|[-–—+*•·o●▪][ \t]|\(?[a-zđ]\)))")
_CELLS = re.compile(r"[\t|]")


def flowed(text: str, points: Iterable[Span]) -> str:
    """`text` with the line ends inside each point as spaces: lines that a page broke read on. Every place stays.

    Points with cells are tables: their lines are rows and stay.
    """
    pieces: list[str] = []
    place = 0
    for point in points:
        if point.start < place or _CELLS.search(text, point.start, point.end):
            continue
        pieces += (text[place : point.start], _SOFT.sub(" ", text[point.start : point.end]))
        place = point.end
    return "".join([*pieces, text[place:]])


#: How far beyond the text a reader may look.
MARGIN = 64
_BREAKS = frozenset("\n\t")


@dataclass(slots=True)
class Tokens:
    """Parallel columns: `words` as compared (see `fold`), `starts` and `ends` in the text.

    Readers look a few words to either side of a number, so empty words stand after the last one: any place up to
    `MARGIN` beyond the text, or before it, may be asked.
    """

    text: str
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Tokens:
        tokens = cls(text)
        for found in _TOKEN.finditer(fold(text)):
            tokens.words.append(found.group())
            tokens.starts.append(found.start())
            tokens.ends.append(found.end())
        tokens.words.extend([""] * MARGIN)
        return tokens

    def __len__(self) -> int:
        return len(self.starts)

    def word(self, at: int) -> str:
        """The word here, or nothing."""
        return self.words[at]

    def is_number(self, at: int) -> bool:
        return self.words[at][:1].isdecimal()

    def is_letters(self, at: int) -> bool:
        return self.words[at][:1].isalpha()

    def glued(self, at: int) -> bool:
        """Whether nothing stands between this token and the one before."""
        return 0 < at < len(self.starts) and self.ends[at - 1] == self.starts[at]

    def written(self, at: int) -> str:
        """The token in its own letters."""
        return self.text[self.starts[at] : self.ends[at]] if 0 <= at < len(self.starts) else ""

    def capital(self, at: int) -> bool:
        return self.written(at)[:1].isupper()

    def phrase(self, first: int, end: int) -> str:
        """The text's own words from one token up to another."""
        return self.text[self.starts[first] : self.ends[end - 1]] if first < end else ""

    def matches(self, at: int, *words: str) -> bool:
        """Whether these words stand here one after another."""
        return self.words[at : at + len(words)] == list(words)

    def opens_line(self, at: int) -> bool:
        return at <= 0 or self.words[at - 1] == "\n"

    def closes(self, at: int) -> bool:
        """Whether a line, a cell or the text ends before this token."""
        return at >= len(self.starts) or self.words[at] in _BREAKS

    def at_place(self, place: int) -> int:
        """The first token that starts at this place or after it."""
        return bisect_left(self.starts, place)
