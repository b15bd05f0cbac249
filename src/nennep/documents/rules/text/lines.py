"""One line as an officer types it or pastes it from Word: what it is, and how it is written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nennep.documents.rules.language import legible
from nennep.documents.rules.paper import Level, roman

#: Put before a line, it says: take this line as it stands, whatever it looks like.
PLAIN_MARK = "\\"


class BlockKind(StrEnum):
    """What a block of a text is."""

    BASIS = "basis"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CLAUSE = "clause"
    POINT = "point"
    DASH = "dash"
    TABLE = "table"


@dataclass(frozen=True)
class Line:
    """What one line is: its number as typed without its stop, its words, and of a row of a table the cells."""

    kind: BlockKind
    text: str = ""
    number: str = ""
    level: Level | None = None
    cells: tuple[str, ...] = ()


# Words that open a division, with the level they open (Decree 30/2020, Annex I, part II, item 6).
_DIVISIONS = {
    "phần": Level.PART,
    "chương": Level.CHAPTER,
    "mục": Level.SECTION,
    "tiểu mục": Level.SUBSECTION,
    "điều": Level.ARTICLE,
}
_WORDS_OF_LEVEL = {level: word.capitalize() for word, level in _DIVISIONS.items()}
_DIVISION = re.compile(
    r"(?P<word>(?i:phần|chương|mục|tiểu mục|điều)) (?P<number>(?i:thứ) \w+|[IVXLC]+|\d{1,3}[a-zđ]?)"
    r"(?: ?(?P<stop>[.:\-–—/])(?= |$))? ?(?P<title>.*)"
)
_ROMAN = re.compile(r"(?P<number>[IVX]{1,6})(?: ?[.\-–—/] (?P<title>.*)|\.)")
_CLAUSE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,3})(?:\.|(?<!\.)[)/](?= ))(?: (?P<text>.*))?")
_POINT = re.compile(r"(?P<number>[a-zđ]\d?)(?:[.)] (?P<text>.*)|\))")
_DASH = re.compile(r"(?P<mark>[-–—•·+*])(?: |(?<![*])(?=[^\W\d_]))(?P<text>.+)")
_BASIS = re.compile(r"(?i:căn cứ|xét|theo đề nghị|thực hiện)\b")
# What stands before the tab that Word puts between the number of a list and its words.
_BARE_MARK = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)/]?|[a-zđ]\d?[.)]|[-–—•·+*]|[IVX]{1,6}[.\-–—/])")
REFERENCE = re.compile(
    r"\[\[(?:figure\|(?P<key>[^|\[\]]+)|statement\|(?P<version>\d{1,18})\|(?P<id>[^|\[\]]+))"
    r"\|(?P<shown>(?:[^\[\]]|\[(?!\[)|\](?!\]))*+)\]\]"
)
_IN_A_ROW = re.compile(rf"{re.sub(r'[?]P<[a-z]+>', '?:', REFERENCE.pattern)}|\\.|\|")
_NO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_LONGEST_CAPITALS = 200
_FEWEST_LETTERS = 4


def raw_lines(typed: str) -> list[str]:
    """Return what was typed as single lines, legible and NFC; tabs stay, since they part the cells of a table."""
    kept = "\t".join(legible(part) for part in _NO_WIDTH.sub("", typed).split("\t"))
    return kept.split("\n")


def tidy(text: str) -> str:
    """Return words in one line, with one space between them."""
    return " ".join(legible(_NO_WIDTH.sub("", text)).split())


def read_line(raw: str, *, at_top: bool) -> Line:
    """Say what a line is. Only at the top of a text, before anything else, a legal basis is one."""
    if raw.lstrip().startswith(PLAIN_MARK):
        return Line(BlockKind.PARAGRAPH, tidy(raw.lstrip().removeprefix(PLAIN_MARK)))
    cells = _tabbed(raw)
    if cells:
        return Line(BlockKind.TABLE, cells=cells)
    line = tidy(raw)
    if line.startswith("|"):
        return Line(BlockKind.TABLE, cells=_piped(line))
    return (
        _basis(line, at_top=at_top)
        or _item(line)
        or _heading(line)
        or _loose_row(line)
        or _capitals(line)
        or _plain(line)
    )


def write_line(line: Line, *, at_top: bool) -> str:
    """Return a line as it is typed, so that reading it gives the same again."""
    written = _WRITERS[line.kind](line).rstrip()
    if line.kind is BlockKind.PARAGRAPH and read_line(written, at_top=at_top) != line:
        return f"{PLAIN_MARK}{written}"
    return written


def roman_value(number: str) -> int | None:
    """Return what a Roman number stands for, or None when it is none."""
    signs = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    values = [signs.get(sign, 0) for sign in number]
    if not values or 0 in values:
        return None
    total = sum(-here if here < after else here for here, after in zip(values, [*values[1:], 0], strict=True))
    return total if total > 0 and roman(total) == number else None


def _basis(line: str, *, at_top: bool) -> Line | None:
    text = line[1:].strip() if line[:1] in {"-", "–", "—", "•", "+", "*"} else line
    if not at_top or not (opening := _BASIS.match(text)) or text.endswith(":"):
        return None
    is_sure = opening.group().casefold() != "thực hiện" or text.endswith(";")
    return Line(BlockKind.BASIS, text) if is_sure else None


def _item(line: str) -> Line | None:
    for kind, shape in ((BlockKind.CLAUSE, _CLAUSE), (BlockKind.POINT, _POINT)):
        if found := shape.fullmatch(line):
            return Line(kind, (found["text"] or "").strip(), found["number"])
    if found := _DASH.fullmatch(line):
        return Line(BlockKind.DASH, found["text"].strip(), "+" if found["mark"] == "+" else "")
    return None


def _heading(line: str) -> Line | None:
    if found := _DIVISION.fullmatch(line):
        title = found["title"].strip()
        if found["stop"] or not title or _is_capitals(title):
            return Line(BlockKind.HEADING, title, found["number"], _DIVISIONS[found["word"].casefold()])
    found = _ROMAN.fullmatch(line)
    if found and roman_value(found["number"]):
        return Line(BlockKind.HEADING, (found["title"] or "").strip(), found["number"], Level.ROMAN)
    return None


def _capitals(line: str) -> Line | None:
    """A line in capitals is a heading: `QUYẾT ĐỊNH:` stands in the middle, any other where `I.` would."""
    if not _is_capitals(line) or " " not in line or line[-1] in ".;,":
        return None
    return Line(BlockKind.HEADING, line, "", Level.PART if line.endswith(":") else Level.ROMAN)


def _is_capitals(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return text == text.upper() and letters >= _FEWEST_LETTERS and len(text) <= _LONGEST_CAPITALS


def _plain(line: str) -> Line:
    return Line(BlockKind.PARAGRAPH, line)


def _tabbed(raw: str) -> tuple[str, ...]:
    """The cells that tabs part; none for a line that is only indented, or numbered by Word."""
    inner = raw.strip().strip("\t").strip()
    head, tab, rest = inner.partition("\t")
    if not tab or ("\t" not in rest and _BARE_MARK.fullmatch(head.strip())):
        return ()
    return tuple(tidy(cell) for cell in raw.strip(" ").split("\t"))


def _loose_row(line: str) -> Line | None:
    bars = [found for found in _IN_A_ROW.finditer(line) if found.group() == "|"]
    if not any(line[bar.start() - 1 : bar.end() + 1] == " | " for bar in bars):
        return None
    return Line(BlockKind.TABLE, cells=_piped(line))


def _piped(line: str) -> tuple[str, ...]:
    """The cells that bars part; a bar within a reference parts nothing, nor does one after a backslash."""
    fields, end = [""], 0
    for found in _IN_A_ROW.finditer(line):
        fields[-1] += line[end : found.start()]
        end = found.end()
        if found.group() == "|":
            fields.append("")
        else:
            fields[-1] += found.group()[1:] if found.group() in {"\\|", "\\\\"} else found.group()
    fields[-1] += line[end:]
    cells = [field.strip() for field in fields]
    if line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return tuple(cells)


def _cell(text: str) -> str:
    written, end = "", 0
    for found in REFERENCE.finditer(text):
        written += _escaped(text[end : found.start()]) + found.group()
        end = found.end()
    return written + _escaped(text[end:])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _write_heading(line: Line) -> str:
    if not line.number:
        return line.text
    if line.level is Level.ROMAN:
        return f"{line.number}. {line.text}"
    return f"{_WORDS_OF_LEVEL[line.level or Level.ARTICLE]} {line.number}. {line.text}"


_WRITERS: Mapping[BlockKind, Callable[[Line], str]] = {
    BlockKind.BASIS: lambda line: line.text,
    BlockKind.PARAGRAPH: lambda line: line.text,
    BlockKind.HEADING: _write_heading,
    BlockKind.CLAUSE: lambda line: f"{line.number}. {line.text}",
    BlockKind.POINT: lambda line: f"{line.number}) {line.text}",
    BlockKind.DASH: lambda line: f"{line.number or '-'} {line.text}",
    BlockKind.TABLE: lambda line: f"| {' | '.join(map(_cell, line.cells))} |",
}
