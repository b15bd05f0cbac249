"""Word documents: paragraphs, tables, and the numbers that Word prints before the items of a list."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from loom.files._archive import Archive
from loom.files._letters import CONVERTERS, Encoding, encoding_of_font, from_tcvn3, is_font_of_capitals, is_of_font
from loom.files._outcome import LINES_SHOWN, Noted, Unreadable, Why
from loom.files._xml import Attributes, Events, walk

_MACROS = "vbaProject.bin"
_DELETED = {"del", "moveFrom"}
# What is told twice (the old drawing beside the new one), was (old properties), or is no text of the page.
_CHANGES = {"pPrChange", "rPrChange", "tblPrChange", "sectPrChange"}
_SKIPPED = {"Fallback", "instrText", "tabs", "rt"} | _CHANGES | _DELETED
_OFF = {"0", "false", "off", "none"}
_MOST_STYLES_DEEP = 20
_MOST_NESTED = 60
_MOST_SPANNED = 60
_LETTERHEAD_ROWS = 4
_NOTED_BY_ENCODING = {Encoding.TCVN3: Noted.FROM_TCVN3, Encoding.VNI: Noted.FROM_VNI}


@dataclass(slots=True)
class DocumentText:
    """A document's text, what stands in its headers and footers, and the first lines whose letters were converted."""

    text: str
    around: str
    notes: list[Noted]
    before: list[str]
    after: list[str]


def text_of_document(archive: Archive) -> DocumentText:
    """The text of a Word document. Raises Unreadable when it is broken."""
    main = _main_part(archive)
    folder = posixpath.dirname(main)
    styles, numbering = _Styles(), _Numbering()
    for name, events in ((f"{folder}/styles.xml", styles), (f"{folder}/numbering.xml", numbering)):
        if (part := archive.part(name)) is not None:
            walk([part], events)
    body = _body(archive, main, styles, numbering)
    around = [
        _body(archive, name, styles, _Numbering()).text
        for name in archive.names
        if name.startswith((f"{folder}/header", f"{folder}/footer")) and name.endswith(".xml")
    ]
    notes = list(body.notes)
    if any(name.endswith(_MACROS) for name in archive.names):
        notes.append(Noted.MACROS)
    return DocumentText(body.text, "\n".join(around), notes, body.before, body.after)


def _main_part(archive: Archive) -> str:
    relations = _Relations()
    if (part := archive.part("_rels/.rels")) is not None:
        walk([part], relations)
    names = archive.names
    for name in (relations.main, "word/document.xml"):
        if name in names:
            return name
    raise Unreadable(Why.DAMAGED)


def _body(archive: Archive, name: str, styles: _Styles, numbering: _Numbering) -> _Body:
    body = _Body(styles, numbering)
    part = archive.part(name)
    if part is None:
        raise Unreadable(Why.DAMAGED)
    walk([part], body)
    return body


class _Relations(Events):
    """Which part is the document."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = attributes.get("Target", "").lstrip("/")


# --- styles ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Style:
    based_on: str = ""
    font: str = ""
    is_capital: bool | None = None
    is_hidden: bool | None = None
    number: str = ""
    level: int | None = None


class _Styles(Events):
    """The styles of a document, as far as they say how its letters are written and its items numbered."""

    wanted = frozenset({"style", "basedOn", "rFonts", "caps", "vanish", "numId", "ilvl"})

    def __init__(self) -> None:
        self.named: dict[str, _Style] = {"": _Style()}
        self.default = ""
        self._now = self.named[""]
        self._in_defaults = False

    def start(self, name: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        match name:
            case "style":
                self._now = self.named.setdefault(attributes.get("styleId", ""), _Style())
                if attributes.get("type") == "paragraph" and attributes.get("default", "0") not in _OFF:
                    self.default = attributes.get("styleId", "")
            case "basedOn":
                self._now.based_on = value
            case "rFonts":
                self._now.font = _font(attributes)
            case "caps":
                self._now.is_capital = value not in _OFF
            case "vanish":
                self._now.is_hidden = value not in _OFF
            case "numId":
                self._now.number = value
            case "ilvl":
                self._now.level = _level(value)

    def chain(self, name: str) -> list[_Style]:
        """A style and those it is based on, down to the document's defaults."""
        found: list[_Style] = []
        while name and name in self.named and len(found) < _MOST_STYLES_DEEP:
            found.append(self.named[name])
            name = self.named[name].based_on
        return [*found, self.named[""]]


def _font(attributes: Attributes) -> str:
    return attributes.get("ascii") or attributes.get("hAnsi") or ""


def _level(value: str) -> int:
    return min(int(value), 8) if value.isascii() and value.isdigit() else 0


# --- numbered lists -------------------------------------------------------------------------------


@dataclass(slots=True)
class _ListLevel:
    pattern: str = ""
    form: str = "decimal"
    start: int = 1
    is_legal: bool = False


@dataclass(slots=True)
class _List:
    abstract: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _ListLevel] = field(default_factory=dict)


class _Numbering(Events):
    """The lists of a document; they count on as their items come."""

    def __init__(self) -> None:
        self._abstracts: dict[str, dict[int, _ListLevel]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        self._levels: dict[int, _ListLevel] = {}
        self._level = _ListLevel()
        self._list: _List | None = None
        self._override = 0

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: C901 - one line for each element
        value = attributes.get("val", "")
        match name:
            case "abstractNum":
                self._levels = self._abstracts.setdefault(attributes.get("abstractNumId", ""), {})
                self._list = None
            case "num":
                self._list = self._lists.setdefault(attributes.get("numId", ""), _List())
            case "abstractNumId" if self._list is not None:
                self._list.abstract = value
            case "lvlOverride":
                self._override = _level(attributes.get("ilvl", ""))
            case "startOverride" if self._list is not None:
                self._list.starts[self._override] = int(value) if value.isdigit() else 1
            case "lvl":
                levels = self._levels if self._list is None else self._list.levels
                self._level = levels.setdefault(_level(attributes.get("ilvl", "")), _ListLevel())
            case "lvlText":
                self._level.pattern = value
            case "numFmt":
                self._level.form = value
            case "start":
                self._level.start = int(value) if value.isdigit() else 1
            case "isLgl":
                self._level.is_legal = value not in _OFF

    def label(self, number: str, level: int) -> str:
        """What is printed before the next item of a list at a level; the list counts on."""
        listed = self._lists.get(number)
        if listed is None:
            return ""
        levels = self._abstracts.get(listed.abstract, {}) | listed.levels
        if level not in levels:
            return ""
        counts = self._counts.setdefault(listed.abstract, {})
        if number not in self._begun:
            self._begun.add(number)
            for at in listed.starts:
                counts.pop(at, None)
        counts[level] = counts[level] + 1 if level in counts else listed.starts.get(level, levels[level].start)
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        return _printed(levels, counts, level)


def _printed(levels: dict[int, _ListLevel], counts: dict[int, int], level: int) -> str:
    own = levels[level]
    if own.form == "bullet":
        return "-"
    if own.form == "none":
        return own.pattern if "%" not in own.pattern else ""
    label = own.pattern
    for at in range(level, -1, -1):
        if f"%{at + 1}" in label:
            form = "decimal" if own.is_legal and at < level else levels.get(at, _ListLevel()).form
            count = counts.get(at, levels.get(at, _ListLevel()).start)
            label = label.replace(f"%{at + 1}", _counted(count, form))
    return label.strip()


def _counted(count: int, form: str) -> str:
    match form:
        case "upperRoman":
            return _roman(count)
        case "lowerRoman":
            return _roman(count).lower()
        case "upperLetter":
            return _lettered(count).upper()
        case "lowerLetter":
            return _lettered(count)
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:  # noqa: PLR2004 - Roman numbers end there
        return str(count)
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    written = ""
    for value, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        written += sign * (count // value)
        count %= value
    return written


def _lettered(count: int) -> str:
    """Letters from a to z, then aa, bb: as Word goes on."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count <= 26 * 9 else str(count)


# --- the text -------------------------------------------------------------------------------------

_Row = list[list[str]]


@dataclass(slots=True)
class _Paragraph:
    style: str = ""
    number: str = ""
    level: int | None = None
    runs: list[tuple[str, Encoding | None, bool]] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    style: str = ""
    font: str = ""
    is_capital: bool | None = None
    is_hidden: bool | None = None
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    further: int = 0


class _Body(Events):
    """Gathers the lines of a document: of paragraphs, and of the rows of tables."""

    def __init__(self, styles: _Styles, numbering: _Numbering) -> None:
        self.lines: list[str] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self._is_converted = False
        self.notes: dict[Noted, None] = {}
        self._styles = styles
        self._numbering = numbering
        self._skipped = 0
        self._takes_text = False
        self._paragraphs: list[_Paragraph] = []
        self._runs: list[_Run] = []
        self._tables: list[_Table] = []
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "p": lambda _: self._paragraphs.append(_Paragraph()),
            "pStyle": self._paragraph_style,
            "numId": self._paragraph_number,
            "ilvl": self._paragraph_level,
            "r": lambda _: self._runs.append(_Run()),
            "rStyle": self._run_style,
            "rFonts": self._run_font,
            "caps": self._run_capitals,
            "vanish": self._run_hidden,
            "t": self._text_begins,
            "tab": lambda _: self._add("\t"),
            "ptab": lambda _: self._add("\t"),
            "br": lambda _: self._add("\n"),
            "cr": lambda _: self._add("\n"),
            "noBreakHyphen": lambda _: self._add("-"),
            "softHyphen": lambda _: self._add("\xad"),
            "footnoteReference": lambda _: self._note(Noted.NOTES_LEFT_OUT),
            "endnoteReference": lambda _: self._note(Noted.NOTES_LEFT_OUT),
            "tbl": self._table_begins,
            "tr": lambda _: self._tables[-1].rows.append([]) if self._tables else None,
            "tc": self._cell_begins,
            "gridSpan": self._cell_spans,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "t": self._text_ends,
            "r": self._run_ends,
            "p": self._paragraph_ends,
            "tc": self._cell_ends,
            "tbl": self._table_ends,
        }
        self.wanted = frozenset({*self._starts, *self._ends, *_SKIPPED, "delText"})

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def start(self, name: str, attributes: Attributes) -> None:
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
            if name == "delText":
                self._note(Noted.DELETED_TEXT)
        elif name in self._starts:
            self._starts[name](attributes)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in self._ends:
            self._ends[name]()

    def words(self, text: str) -> None:
        if self._takes_text and not self._skipped:
            self._add(text)

    # --- paragraphs ---

    def _paragraph_style(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].style = attributes.get("val", "")

    def _paragraph_number(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].number = attributes.get("val", "")

    def _paragraph_level(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].level = _level(attributes.get("val", ""))

    def _paragraph_ends(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        self._is_converted = False
        text = self._spelled(paragraph.runs)
        if self._is_converted and len(self.before) < LINES_SHOWN:
            self.before.append("".join(words for words, _, _ in paragraph.runs))
            self.after.append(text)
        label = self._label(paragraph)
        printed = f"{label} {text.lstrip()}" if label and text.strip() else text
        if self._tables:
            self._tables[-1].cell.extend(" ".join(line.split()) for line in printed.split("\n"))
        else:
            self.lines.append(printed.strip("\t "))

    def _label(self, paragraph: _Paragraph) -> str:
        number, level = paragraph.number, paragraph.level
        for style in self._styles.chain(paragraph.style or self._styles.default):
            number = number or style.number
            level = style.level if level is None else level
        return "" if number in {"", "0"} else self._numbering.label(number, level or 0)

    def _spelled(self, runs: list[tuple[str, Encoding | None, bool]]) -> str:
        """The text of runs with the letters of older fonts converted.

        Runs of one encoding are put together first: VNI may part a letter from its mark.
        """
        spelled, start = "", 0
        while start < len(runs):
            _, encoding, capital = runs[start]
            end = start
            while end < len(runs) and runs[end][1:] == (encoding, capital):
                end += 1
            text = "".join(words for words, _, _ in runs[start:end])
            spelled += self._converted(text, encoding, capital)
            start = end
        return spelled

    def _converted(self, text: str, encoding: Encoding | None, is_capital: bool) -> str:
        if encoding is not None and is_of_font(text):
            if encoding is Encoding.TCVN3 and is_capital:
                letters = from_tcvn3(text, capitals=True)
            else:
                letters = CONVERTERS[encoding](text)
            if letters != text:
                self._note(_NOTED_BY_ENCODING[encoding])
                self._is_converted = True
            text = letters
        return text.upper() if is_capital else text

    # --- runs ---

    def _run_style(self, attributes: Attributes) -> None:
        if self._runs:
            self._runs[-1].style = attributes.get("val", "")

    def _run_font(self, attributes: Attributes) -> None:
        if self._runs:
            self._runs[-1].font = _font(attributes)

    def _run_capitals(self, attributes: Attributes) -> None:
        if self._runs:
            self._runs[-1].is_capital = attributes.get("val", "1") not in _OFF

    def _run_hidden(self, attributes: Attributes) -> None:
        if self._runs:
            self._runs[-1].is_hidden = attributes.get("val", "1") not in _OFF

    def _text_begins(self, _: Attributes) -> None:
        self._takes_text = bool(self._runs)

    def _text_ends(self) -> None:
        self._takes_text = False

    def _add(self, text: str) -> None:
        if self._runs:
            self._runs[-1].words.append(text)

    def _run_ends(self) -> None:
        if not self._runs or not self._paragraphs:
            return
        run = self._runs.pop()
        text = "".join(run.words)
        if not text:
            return
        font, capital, hidden = run.font, run.is_capital, run.is_hidden
        paragraph = self._paragraphs[-1].style or self._styles.default
        for style in [*self._styles.chain(run.style)[:-1], *self._styles.chain(paragraph)]:
            font = font or style.font
            capital = style.is_capital if capital is None else capital
            hidden = style.is_hidden if hidden is None else hidden
        if hidden:
            self._note(Noted.HIDDEN_TEXT)
            return
        encoding = encoding_of_font(font)
        if encoding is not None:
            # A symbol font's letters stand in the private area, one page above their own places.
            text = "".join(chr(ord(sign) - 0xF000) if 0xF020 <= ord(sign) <= 0xF0FF else sign for sign in text)  # noqa: PLR2004
        self._paragraphs[-1].runs.append((text, encoding, bool(capital) or is_font_of_capitals(font)))

    # --- tables ---

    def _table_begins(self, _: Attributes) -> None:
        if len(self._tables) > _MOST_NESTED:
            raise Unreadable(Why.DAMAGED)
        self._tables.append(_Table())

    def _cell_begins(self, _: Attributes) -> None:
        if self._tables:
            if not self._tables[-1].rows:
                self._tables[-1].rows.append([])
            self._tables[-1].cell = []
            self._tables[-1].rows[-1].append(self._tables[-1].cell)

    def _cell_spans(self, attributes: Attributes) -> None:
        """A cell over several columns is followed by empty ones, so that the columns stay one below the other."""
        if self._tables:
            self._tables[-1].further = (
                min(int(value) - 1, _MOST_SPANNED) if (value := attributes.get("val", "")).isdigit() else 0
            )

    def _cell_ends(self) -> None:
        if self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].extend([] for _ in range(self._tables[-1].further))
            self._tables[-1].further = 0

    def _table_ends(self) -> None:
        if not self._tables:
            return
        lines = _table_lines(self._tables.pop().rows)
        if self._tables:
            self._tables[-1].cell.extend(line.replace("\t", " ") for line in lines)
        else:
            self.lines.extend(lines)

    def _note(self, note: Noted) -> None:
        self.notes[note] = None


def _table_lines(rows: list[_Row]) -> list[str]:
    """A row as its cells parted by tabs; what only puts blocks side by side, as a letterhead, block after block."""
    if _only_places(rows):
        return [text for row in rows for cell in row for text in cell if text]
    return ["\t".join(" ".join(filter(None, cell)) for cell in row).rstrip("\t") for row in rows]


def _only_places(rows: list[_Row]) -> bool:
    """Whether a table holds no rows of a list: one or two columns, few rows, several lines in a cell."""
    is_narrow = len(rows) <= _LETTERHEAD_ROWS and all(len(row) <= 2 for row in rows)  # noqa: PLR2004 - side by side
    single = len(rows) == 1 and all(len(row) == 1 for row in rows)
    return single or (is_narrow and any(len(list(filter(None, cell))) > 1 for row in rows for cell in row))
