"""What an official paper says, part by part, in the order of Decree 30/2020 (Annex I), of the state or of the party.

The words here are what the reader of the paper gets: they are never translated, since the decree prescribes them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import TypeVar, cast

from nennep.documents.rules.language import decree_date, legible, two_digits
from nennep.documents.rules.layout import Family, Layout
from nennep.documents.rules.states import Urgency

_BLANK = "\N{NO-BREAK SPACE}"
# Beside another text column, a cell of so many letters still fits a page.
_LONGEST_UNBROKEN_CELL = 800
Part = TypeVar("Part")


class Align(StrEnum):
    """Where the text of a column stands. Digits go to the right, words to the left."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Level(IntEnum):
    """The divisions of a text, from the largest to the smallest (Annex I, part II, item 6, box 6)."""

    PART = 1
    """`Phần I` over its title in capitals, both centred and bold."""
    CHAPTER = 2
    """`Chương I`, like a part."""
    SECTION = 3
    """`Mục 1`, like a part, with Arabic numbers."""
    SUBSECTION = 4
    """`Tiểu mục 1`, like a section."""
    ARTICLE = 5
    """`Điều 1.` and its title in one line, bold, indented."""
    ROMAN = 6
    """`I. KẾT QUẢ`, capitals, bold, indented: the first division of a report."""
    CLAUSE = 7
    """`1.` and its title, bold, indented."""
    POINT = 8
    """`a)` and its title, upright, indented."""

    @property
    def is_centred(self) -> bool:
        """Say whether the number stands alone on a centred line above the title."""
        return self <= Level.SUBSECTION

    @property
    def is_capital(self) -> bool:
        """Say whether the title is written in capitals."""
        return self.is_centred or self is Level.ROMAN

    @property
    def is_bold(self) -> bool:
        """Say whether number and title are bold."""
        return self is not Level.POINT


class Capacity(Enum):
    """In what right a paper is signed (Annex I, part II, item 7, box 7a)."""

    OWN = ""
    """The head of the body, alone."""
    COLLECTIVE = "TM."
    """On behalf of a collective."""
    ACTING = "Q."
    """Acting head."""
    DEPUTY = "KT."
    """A deputy in place of the head."""
    ORDER = "TL."
    """By order of the head."""
    DELEGATED = "TUQ."
    """By delegation of the head."""

    def printed(self, family: Family) -> str:
        """Return the letters before the body or head signed for: `KT.`, or `K/T` on a paper of the party.

        The party knows no letters of their own for delegation: who is delegated signs by order, `T/L` (guideline
        05-HD/VPTW on the signature).
        """
        return self.value if family is Family.STATE else _PARTY_CAPACITIES.get(self, self.value)


# Guideline 36-HD/VPTW, part II, item 1.7.
_PARTY_CAPACITIES = {
    Capacity.COLLECTIVE: "T/M",
    Capacity.DEPUTY: "K/T",
    Capacity.ORDER: "T/L",
    Capacity.DELEGATED: "T/L",
}


@dataclass(frozen=True)
class Emphasis:
    """Words in bold or italics."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Figure:
    """A number as it is to be printed, with the key of its source.

    Where a row of the paper carries the same key, the number is a link to that row; on paper it looks like the text
    around it. `mark`, when given, is printed small and raised behind the number: the number of its row in the annex.
    """

    text: str
    key: str
    mark: str = ""


Span = str | Emphasis | Figure
Cell = str | Figure


@dataclass(frozen=True)
class Heading:
    """The number and title of a division: `Heading(Level.ROMAN, "I", "Kết quả")`. The level adds its own words."""

    level: Level
    number: str
    title: str

    def lines(self, *, roman_stop: str = ".") -> tuple[str, ...]:
        """Return what is printed, one or two lines, in capitals where the level asks for them."""
        title = self.title.upper() if self.level.is_capital else self.title
        label = _LABELS[self.level].format(self.number)
        if self.level is Level.ROMAN:
            label = f"{self.number}{roman_stop}"
        if not self.number:
            return (title,)
        return (label, title) if self.level.is_centred else (f"{label} {title}",)


# Annex I, part II, item 6: the word and the stop that go with each number.
_LABELS = {
    Level.PART: "Phần {}",
    Level.CHAPTER: "Chương {}",
    Level.SECTION: "Mục {}",
    Level.SUBSECTION: "Tiểu mục {}",
    Level.ARTICLE: "Điều {}.",
    Level.ROMAN: "{}.",
    Level.CLAUSE: "{}.",
    Level.POINT: "{})",
}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text: upright, justified, its first line indented (Annex I, part II, item 6)."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Note:
    """A remark on the text, in italics: `(Số liệu của 9 trên 12 đơn vị; chưa có báo cáo: …)`."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its share of the width beside the others, and where its cells stand."""

    head: str
    share: float = 1.0
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        if self.share <= 0:
            raise ValueError(f"The column {self.head!r} needs a width.")


@dataclass(frozen=True)
class Row:
    """A row of a table. `level` indents the first left-aligned cell (`trong đó`); `key` lets figures lead here."""

    cells: tuple[Cell, ...]
    level: int = 0
    bold: bool = False
    key: str = ""

    @property
    def breaks(self) -> bool:
        """Say whether the row may break over two pages: only when a cell is so long that it might not fit one."""
        longest = max(len(cell.text if isinstance(cell, Figure) else cell) for cell in self.cells)
        return longest > _LONGEST_UNBROKEN_CELL


@dataclass(frozen=True)
class Table:
    """A table with lines; its heads are repeated on every page.

    `title` stands bold above it, `note` below the title in italics: unit of measure, period, "x trên y đơn vị", the
    moment of the data.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("A table needs at least one column.")
        for position, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ValueError(f"Row {position} has {len(row.cells)} cells for {len(self.columns)} columns.")

    @property
    def indented_column(self) -> int:
        """Return the position of the column that shows the level of a row: the first that is aligned left."""
        return next((i for i, column in enumerate(self.columns) if column.align is Align.LEFT), 0)


Block = Heading | Paragraph | Note | Table


@dataclass(frozen=True)
class Signature:
    """Who signs and in what right (Annex I, part II, item 7, boxes 7a and 7b).

    `in_place_of` is the collective or the head's post named after TM., KT., TL. or TUQ. The rank stands before the
    name only where the head of the sector so decides, as for armed units (item 7, letter c).
    """

    post: str
    name: str
    rank: str = ""
    capacity: Capacity = Capacity.OWN
    in_place_of: str = ""

    def __post_init__(self) -> None:
        needs_another = self.capacity not in {Capacity.OWN, Capacity.ACTING}
        if needs_another and not self.in_place_of:
            raise ValueError(f"A signature with {self.capacity.value} names the collective or the head it stands for.")

    def lines(self, family: Family = Family.STATE) -> tuple[str, ...]:
        """Return the lines above the signature, in capitals: `KT. TƯ LỆNH`, `PHÓ TƯ LỆNH`."""
        authority = self.authority_line(family)
        return (authority, self.post_line()) if authority else (self.post_line(),)

    def authority_line(self, family: Family = Family.STATE) -> str:
        """Return whom the signer stands for: `KT. TƯ LỆNH`, `T/M ĐẢNG ỦY`; empty for who signs in their own right."""
        if self.capacity in {Capacity.OWN, Capacity.ACTING}:
            return ""
        return f"{self.capacity.printed(family)} {self.in_place_of.upper()}"

    def post_line(self) -> str:
        """Return the signer's own post in capitals: `PHÓ TƯ LỆNH`, `Q. TƯ LỆNH`."""
        return f"{Capacity.ACTING.value} {self.post.upper()}" if self.capacity is Capacity.ACTING else self.post.upper()

    def named(self) -> str:
        """Return the line below the signature: rank, if any, and name."""
        return f"{self.rank} {self.name}".strip()


@dataclass(frozen=True)
class Annex:
    """An annex: it begins on a page of its own and counts its own pages (Annex I, part III, item 1)."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """An official paper: of the state or of the party, with a kind and a subject, or a letter, which has no kind.

    Names are given as they are written in a sentence; what the decree wants in capitals is put in capitals here. A line
    end in the names of the bodies or in the subject says where the head is to break them.
    Without a number it is a draft: the number and the day are left blank, since both are given at issue.
    `marking`, when given, is printed small at the foot of every page (a demonstration says there that it is one).
    `bases` are the legal bases before the text. A `letter` (công văn) shows its subject under the number. `symbol` is
    what follows the number: `BC-BTL`, of the party `BC/ĐU`, of a letter `BTL-VP`. `drafter_mark` stands at the end of
    the recipients: who drafted it and how many copies there are, `PL.(300)`.

    Raises ValueError for a number below 1, and for a deputy who signs for a secretary of the party: a committee is a
    collective and always signs T/M, whoever of its secretaries signs (guideline 05-HD/VPTW on the signature).
    """

    issuer: str
    symbol: str
    place: str
    dated_on: date
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    superior: str = ""
    number: int | None = None
    addressees: tuple[str, ...] = ()
    signature: Signature | None = None
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    marking: str = ""
    family: Family = Family.STATE
    bases: tuple[str, ...] = ()
    letter: bool = False
    urgency: Urgency = Urgency.NORMAL
    drafter_mark: str = ""

    def __post_init__(self) -> None:
        if self.number is not None and self.number < 1:
            raise ValueError("The number of a paper begins at 1.")
        if self.family is Family.PARTY and self.signature is not None and is_for_a_secretary(self.signature):
            raise ValueError("A party committee is a collective: its deputy secretary signs T/M, never K/T.")

    @property
    def title(self) -> str:
        """Return the name of the paper in one line: its kind and subject."""
        return _in_one_line(f"{self.kind} {self.subject}")

    def number_line(self) -> str:
        """Return `Số: 05/BC-BTL` or `Số 05-BC/ĐU` (item 3, box 3): no spaces; blank for the number while a draft."""
        return self.family.number_line(self._number(), self.symbol)

    def place_and_date(self) -> str:
        """Return `Hà Nội, ngày 05 tháng 01 năm 2020` (item 4, box 4): a comma after the place."""
        return f"{self.place}, {self._day()}"

    def addressee_lines(self) -> tuple[str, ...]:
        """Return the addressees as printed after `Kính gửi:` (item 9, box 9a): one alone, or a list with dashes."""
        return self.addressees if len(self.addressees) == 1 else dashed(self.addressees)

    def recipient_lines(self) -> tuple[str, ...]:
        """Return the list under `Nơi nhận:` (item 9, box 9b): `- …;` and a full stop after the last.

        Behind the last stand who drafted the paper and the number of copies (part II, item 9; box 12).
        """
        lines = dashed(self.recipients)
        return (*lines[:-1], f"{lines[-1]} {self.drafter_mark}") if lines and self.drafter_mark else lines

    def basis_lines(self, layout: Layout) -> tuple[str, ...]:
        """Return the legal bases as printed before the text: each ends with a semicolon, the last with a full stop."""
        listed = dashed(self.bases)
        return listed if layout.bases_dashed else tuple(line.removeprefix("- ") for line in listed)

    def letter_subject(self, layout: Layout) -> str:
        """Return the subject as it stands under the number of a letter (box 5b): `V/v …`; empty for other papers."""
        return f"{layout.letter_word} {_without_prefix(self.subject)}" if self.letter else ""

    def addressee_word(self, layout: Layout) -> str:
        """Return what addressees are called by: `Kính gửi`, or `Kính trình` where a submission asks for it."""
        return layout.submission_word if self.kind.casefold() == "tờ trình" else "Kính gửi"

    def ended_blocks(self, layout: Layout) -> tuple[Block, ...]:
        """Return the blocks of the text, the last one ended as the layout asks (`.` and not `./.`)."""
        last = self.blocks[-1] if self.blocks else None
        if not layout.ends_with or not isinstance(last, Paragraph):
            return self.blocks
        return (*self.blocks[:-1], _ended(last, layout.ends_with))

    def annex_label(self, position: int) -> str:
        """Return `Phụ lục`, or `Phụ lục I`, `Phụ lục II`… when there are several (part III, item 1). From 0."""
        return "Phụ lục" if len(self.annexes) == 1 else f"Phụ lục {roman(position + 1)}"

    def annex_source(self) -> str:
        """Return `(Kèm theo Báo cáo số 05/BC-BTL ngày … của …)`, which ties an annex to its paper."""
        issuer = _in_one_line(self.issuer)
        numbered = self.family.numbered(self._number(), self.symbol)
        kind = "Công văn" if self.letter else self.kind
        return f"(Kèm theo {kind} số {numbered} {self._day()} của {issuer})"

    def all_blocks(self) -> Iterator[Block]:
        """Return the blocks of the text and of every annex, in the order of print."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks

    def anchors(self) -> dict[str, str]:
        """Return for each key that a row carries the name of the place links lead to. The first row of a key counts."""
        keys = (row.key for block in self.all_blocks() if isinstance(block, Table) for row in block.rows)
        return {key: f"source-{n}" for n, key in enumerate(dict.fromkeys(key for key in keys if key), start=1)}

    def heading_depths(self) -> dict[Level, int]:
        """Return how deep each level of heading that occurs lies: 1 for the largest used, and no depth left out."""
        used = {block.level for block in self.all_blocks() if isinstance(block, Heading)}
        return {level: depth for depth, level in enumerate(sorted(used), start=1)}

    def _number(self) -> str:
        return _BLANK * 6 if self.number is None else two_digits(self.number)

    def _day(self) -> str:
        return decree_date(self.dated_on, day_open=self.number is None)


def is_for_a_secretary(signature: Signature) -> bool:
    """Say whether a deputy signs in place of a secretary of the party, which no rule of the party knows."""
    return signature.capacity is Capacity.DEPUTY and signature.in_place_of.casefold().startswith("bí thư")


def _without_prefix(subject: str) -> str:
    """Return the subject of a letter without the words it may have been typed with."""
    for prefix in ("V/v ", "v/v ", "Về việc ", "về việc "):
        subject = subject.removeprefix(prefix)
    return subject


def _ended(paragraph: Paragraph, end: str) -> Paragraph:
    *before, last = paragraph.spans or ("",)
    if not isinstance(last, str):
        return paragraph
    return Paragraph((*before, last.rstrip().removesuffix("./.").removesuffix(".") + end))


def _in_one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()


def dashed(entries: Iterable[str]) -> tuple[str, ...]:
    """Return entries as a list of the decree: each after a dash, a semicolon between, a full stop at the end."""
    bare = [entry.strip().removesuffix(";").removesuffix(".") for entry in entries]
    return tuple(f"- {entry}{'.' if n == len(bare) else ';'}" for n, entry in enumerate(bare, start=1))


def roman(number: int) -> str:
    """Write a number from 1 to 3999 in Roman numerals."""
    signs = ("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40)
    small = ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)
    text = ""
    for sign, value in (*signs, *small):
        count, number = divmod(number, value)
        text += sign * count
    return text


def printable(part: Part) -> Part:
    """Return a paper, or any part of one, with every text in it made legible; nothing else changes."""
    if isinstance(part, Enum):
        return part
    if isinstance(part, str):
        return cast("Part", legible(part))
    if isinstance(part, tuple):
        return cast("Part", tuple(printable(item) for item in part))
    if is_dataclass(part) and not isinstance(part, type):
        cleaned = {item.name: printable(getattr(part, item.name)) for item in fields(part)}
        return replace(part, **cleaned)
    return part
