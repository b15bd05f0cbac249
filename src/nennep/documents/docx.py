"""A paper as DOCX: an office document that a clerk can go on editing, in the same layout as the PDF.

It is written into a Word template: the one that is made from the layout, or one that an administrator put in its
place. Both go the same way: each placeholder gives way to its part of the paper.
"""

import io
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from nennep.documents import ooxml
from nennep.documents import placeholders as place
from nennep.documents.built_in_template import (
    ISSUER_RULE,
    LEVEL_STYLES,
    SUBJECT_RULE,
    outline,
    saved,
    set_styles,
    template_for,
)
from nennep.documents.faces import FACES, column_widths, measure
from nennep.documents.rules import (
    Align,
    Annex,
    Block,
    Emphasis,
    Figure,
    Heading,
    Layout,
    Note,
    Paper,
    Paragraph,
    Row,
    Span,
    Table,
    layout_on,
    parts_of,
    printable,
)

_ALIGNMENTS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
# Parts of a package in which a word processor notes a company, a manager, and a picture of the template's first page.
_TELLS_OF_ITS_MAKER = frozenset({"extended-properties", "custom-properties", "thumbnail"})
# Where a paragraph cannot be taken out, since its place would then be empty, which the format does not allow.
_NEEDS_A_PARAGRAPH = frozenset(qn(f"w:{tag}") for tag in ("tc", "hdr", "ftr", "txbxContent", "sdtContent"))


def render_docx(paper: Paper, *, fonts: Path = FACES) -> bytes:
    """Return the paper as DOCX, in the layout of its family in force on its date.

    The text is set in Times New Roman, which the reader's machine brings; `fonts` is only read to measure how long
    the rules of the head must be. The file carries the paper's title and date and no name of a person. The same
    paper gives the same bytes. Raises FileNotFoundError without the faces, LookupError without a layout for the date.
    """
    return write_docx(paper, layout_on(paper.dated_on, paper.family), None, fonts=fonts)


def write_docx(paper: Paper, layout: Layout, template: bytes | None, *, fonts: Path = FACES) -> bytes:
    """Return the paper as DOCX, written into a Word template; into the layout's own where none is given.

    Page, margins, letterhead and styles are the template's; the layout says the rest. A template of someone's making is
    written into by `shut_in.write_safely` and nowhere else. Raises as `render_docx` does.
    """
    writer = _Writer(printable(paper), layout, template or template_for(layout), fonts)
    writer.write()
    return saved(writer.document)


class _Writer:
    """Writes one paper into one template, from the head to the last annex."""

    def __init__(self, paper: Paper, layout: Layout, template: bytes, fonts: Path) -> None:
        self.paper, self.layout, self.fonts = paper, layout, fonts
        self.parts = parts_of(paper, layout)
        self.measured = measure(paper, layout, fonts)
        self.anchors = paper.anchors()
        self.unplaced = dict(self.anchors)
        self.depths = paper.heading_depths()
        self.document: Any = Document(io.BytesIO(template))
        _describe(self.document, paper, layout)
        set_styles(self.document, layout, only_missing=True)
        self._give_headings_their_looks()
        self.styles = ooxml.styles_of(self.document)
        self.width_mm = ooxml.body_width(self.document.sections[0])

    def write(self) -> None:
        for story in ooxml.stories(self.document):
            for paragraph in list(story.iter(qn("w:p"))):
                self._fill(paragraph)
        self._set_rules()
        for position, annex in enumerate(self.paper.annexes):
            self._annex(position, annex)

    # --- The places of the template -------------------------------------------------------------------------------

    def _fill(self, paragraph: Any) -> None:
        """Put the parts of the paper into the places of a paragraph."""
        names = place.names_in(ooxml.text_of(paragraph))
        special: dict[str, Callable[[Any], None]] = {
            place.ADDRESSEES.name: self._addressees,
            place.BASES.name: lambda found: self._lines(found, self.parts.bases),
            place.RECIPIENTS.name: self._recipients,
            place.BODY.name: self._body,
        }
        for name in names:
            if name in special:
                special[name](paragraph)
                return
        if names:
            words = place.words_for(self.parts)
            _put(paragraph, words)
            if place.URGENCY.name in names and self.parts.urgency:
                ooxml.fit_box(paragraph, self.parts.urgency_mm)
            if not ooxml.text_of(paragraph).strip():
                _take_out(paragraph)

    def _lines(self, paragraph: Any, lines: Iterable[str]) -> None:
        """Put each line into a copy of the paragraph, and take the paragraph itself out."""
        for text in lines:
            copy = deepcopy(paragraph)
            paragraph.addprevious(copy)
            _say(copy, text)
        _take_out(paragraph)

    def _addressees(self, paragraph: Any) -> None:
        """Put down one addressee behind the word for it, or a list below the word (item 9a)."""
        word, lines = self.parts.addressee_word, self.parts.addressees
        if self.paper.letter and lines:
            self._paragraph(paragraph).paragraph_format.space_before = Pt(18)
        if len(lines) == 1:
            self._lines(paragraph, [f"{word}: {lines[0]}"])
            return
        if lines:
            self._list_addressees(paragraph, word, lines)
        _take_out(paragraph)

    def _list_addressees(self, paragraph: Any, word: str, lines: tuple[str, ...]) -> None:
        layout = self.layout
        dash = Pt(layout.addressee_pt * 0.6)
        for position, text in enumerate((f"{word}:", *lines)):
            copy = deepcopy(paragraph)
            paragraph.addprevious(copy)
            _say(copy, text)
            entry = self._paragraph(copy)
            entry.alignment = WD_ALIGN_PARAGRAPH.LEFT
            around = entry.paragraph_format
            around.left_indent = Mm(layout.addressee_from_left_mm)
            if position:
                # The dash under the colon; a second line under the words.
                around.left_indent = Mm(layout.addressee_from_left_mm + self.measured.addressee_indent) + dash
                around.first_line_indent, around.space_before = -dash, Pt(0)
            if position < len(lines):
                around.space_after = Pt(0)

    def _recipients(self, paragraph: Any) -> None:
        cell = ooxml.around(paragraph, "w:tc")
        if not self.parts.recipients and cell is not None:
            # Without recipients their label has nothing to say.
            for other in cell.findall(qn("w:p")):
                _take_out(other)
            return
        self._lines(paragraph, self.parts.recipients)

    def _set_rules(self) -> None:
        """Make the rules of the head as long as the words above them ask for; a letter has no subject to rule off."""
        lengths = {ISSUER_RULE: self.measured.issuer_rule, SUBJECT_RULE: self.measured.subject_rule}
        of_style = {self.styles[name].style_id: name for name in lengths}
        for paragraph in list(self.document.element.body.iter(qn("w:p"))):
            name = of_style.get(paragraph.style)
            if name == SUBJECT_RULE and self.paper.letter:
                _take_out(paragraph)
            elif name and paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") is not None:
                column = ooxml.cell_width_mm(paragraph) or self.width_mm
                ooxml.shorten(self._paragraph(paragraph), lengths[name], column)

    # --- The text: box 6 ----------------------------------------------------------------------------------------

    def _body(self, paragraph: Any) -> None:
        """Put the text where the paragraph stands."""
        body = self.document.element.body
        before = set(body)
        last = None
        for block in self.paper.ended_blocks(self.layout):
            last = self._block(block, self.width_mm)
        for element in [element for element in body if element not in before]:
            paragraph.addprevious(element)
        # The signature never stands alone on a page: what comes last goes with it.
        if last is not None and (self.paper.signature or self.paper.recipients):
            last.paragraph_format.keep_with_next = True
        _take_out(paragraph)

    def _block(self, block: Block, width_mm: float) -> Any | None:
        """Write a block at the end; return its paragraph, None for a table."""
        match block:
            case Heading():
                return self._heading(block)
            case Table():
                self._table(block, width_mm)
                return None
            case Paragraph() | Note():
                style = "Note" if isinstance(block, Note) else "Body Text"
                paragraph = self._added(style)
                for span in block.spans:
                    self._span(paragraph, span)
                return paragraph

    def _heading(self, heading: Heading) -> Any:
        paragraph = self._added(f"Heading {self.depths[heading.level]}")
        for position, text in enumerate(heading.lines(roman_stop=self.layout.roman_stop)):
            if position:
                paragraph.add_run().add_break()
            paragraph.add_run(text)
        return paragraph

    def _give_headings_their_looks(self) -> None:
        """Let the headings that occur look as their levels, with no depth left out in the navigation pane."""
        known = ooxml.styles_of(self.document)
        for level, depth in self.depths.items():
            name = f"Heading {depth}"
            style = known.get(name) or self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            look = known[LEVEL_STYLES[level]]
            for tag in ("w:link", "w:pPr", "w:rPr"):
                for old in style.element.findall(qn(tag)):
                    style.element.remove(old)
            for tag in ("w:pPr", "w:rPr"):
                for part in look.element.findall(qn(tag)):
                    style.element.append(deepcopy(part))
            outline(style, depth)

    def _table(self, table: Table, width_mm: float) -> None:
        for text, style in ((table.title, "Table Title"), (table.note, "Table Note")):
            if text:
                ooxml.run(self._added(style), text)
        widths = column_widths(table, width_mm, self.layout, self.fonts)
        drawn = self.document.add_table(rows=1, cols=len(widths), style=self.styles["Table Grid"])
        ooxml.fix_widths(drawn, widths, self.layout.table_cell_gap_mm)
        ooxml.borders(drawn, "tblBorders", "auto", 4)
        self._table_head(drawn.rows[0], table, widths)
        pattern = self._pattern_row(drawn.add_row(), table, widths)
        for row in table.rows:
            self._table_row(ooxml.copied_row(drawn, pattern), table, row)
        pattern.getparent().remove(pattern)
        ooxml.exactly(self.document.add_paragraph(), self.layout.paragraph_gap_pt)

    def _table_head(self, drawn: Any, table: Table, widths: tuple[float, ...]) -> None:
        ooxml.mark_row(drawn, "tblHeader", "cantSplit")
        for cell, column, width in zip(drawn.cells, table.columns, widths, strict=True):
            paragraph = self._cell_paragraph(cell, width)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True
            ooxml.run(paragraph, column.head, bold=True)

    def _pattern_row(self, drawn: Any, table: Table, widths: tuple[float, ...]) -> Any:
        """Return an empty row in its final shape: copying it is many times faster than shaping each row anew."""
        for cell, column, width in zip(drawn.cells, table.columns, widths, strict=True):
            self._cell_paragraph(cell, width).alignment = _ALIGNMENTS[column.align]
        return drawn._tr  # noqa: SLF001 - python-docx has no public face for copying rows

    def _cell_paragraph(self, cell: Any, width_mm: float) -> Any:
        cell.width = Mm(width_mm)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        # By its id: looking a style up by name for each of thousands of cells takes most of the time.
        paragraph._p.style = self.styles["Table Text"].style_id  # noqa: SLF001
        return paragraph

    def _table_row(self, drawn: Any, table: Table, row: Row) -> None:
        if not row.breaks:
            ooxml.mark_row(drawn, "cantSplit")
        for position, (cell, content) in enumerate(zip(drawn.cells, row.cells, strict=True)):
            paragraph = cell.paragraphs[0]
            if position == table.indented_column and row.level:
                paragraph.paragraph_format.left_indent = Mm(self.layout.table_level_indent_mm * row.level)
            if position == 0 and row.key in self.unplaced:
                ooxml.bookmark(paragraph, self.unplaced.pop(row.key), len(self.unplaced))
            self._span(paragraph, content, bold=row.bold)

    def _span(self, paragraph: Any, span: Span, *, bold: bool = False) -> None:
        match span:
            case Emphasis():
                ooxml.run(paragraph, span.text, bold=span.bold, italic=span.italic)
            case Figure():
                runs = [ooxml.run(paragraph, span.text, bold=bold)]
                if span.mark:
                    runs.append(ooxml.run(paragraph, span.mark, bold=bold))
                    runs[-1].font.superscript = True
                if span.key in self.anchors:
                    ooxml.lead_to(self.anchors[span.key], runs)
            case str():
                ooxml.run(paragraph, span, bold=bold)

    # --- Annexes: part III, item 1 ------------------------------------------------------------------------------

    def _annex(self, position: int, annex: Annex) -> None:
        layout = self.layout
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        _turn(section, landscape=annex.landscape)
        ooxml.count_pages_from_one(section)
        heading = self._added("Annex Heading")
        ooxml.run(heading, self.paper.annex_label(position), size=layout.annex_label_pt)
        heading.add_run().add_break()
        ooxml.run(heading, annex.title.upper(), size=layout.annex_title_pt)
        source = ooxml.line(self.document, self.parts.annex_source, layout.annex_source_pt, italic=True)
        source.paragraph_format.space_after = Pt(12)
        for block in annex.blocks:
            self._block(block, ooxml.body_width(section, landscape=annex.landscape))

    # --- Parts used by several ----------------------------------------------------------------------------------

    def _paragraph(self, element: Any) -> Any:
        return WordParagraph(element, self.document._body)  # noqa: SLF001 - the parent of a paragraph found by its tag

    def _added(self, style: str) -> Any:
        """Return a new paragraph at the end, in a style."""
        return self.document.add_paragraph(style=self.styles[style])


def _describe(document: Any, paper: Paper, layout: Layout) -> None:
    """Name the document; nobody is named as its author, nor who made its template."""
    about = document.core_properties
    about.title = paper.title
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.language = layout.language
    about.created = about.modified = datetime.combine(paper.dated_on, time())
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.rsplit("/", 1)[-1] in _TELLS_OF_ITS_MAKER]:
        del relations[key]


def _turn(section: Any, *, landscape: bool) -> None:
    short, long = sorted((section.page_width, section.page_height))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)


def _put(paragraph: Any, words: dict[str, str]) -> None:
    """Put words into the places of a paragraph, each in the look of its first letter.

    A word processor may have cut a place into several runs: they are read as one text and written back piece by piece.
    """
    pieces = ooxml.pieces_of(paragraph)
    texts = [piece.text or "" for piece in pieces]
    starts = [sum(map(len, texts[:n])) for n in range(len(texts))]
    whole = "".join(texts)
    for match in reversed(list(place.FOUND.finditer(whole))):
        if match[1] not in words:
            continue
        first = max(n for n, start in enumerate(starts) if start <= match.start())
        last = max(n for n, start in enumerate(starts) if start < match.end())
        rest = texts[last][match.end() - starts[last] :]
        texts[first] = texts[first][: match.start() - starts[first]] + words[match[1]]
        for n in range(first + 1, last + 1):
            texts[n] = ""
        texts[last] += rest
    for piece, text in zip(pieces, texts, strict=True):
        _write(piece, text)


def _say(paragraph: Any, text: str) -> None:
    """Let a paragraph say a text, in the look of the first letter it had."""
    first, *others = ooxml.pieces_of(paragraph)
    for piece in others:
        piece.text = ""
    _write(first, text)


def _write(piece: Any, text: str) -> None:
    """Write a text into a piece of a run, with a break for each line end in it."""
    first, *lines = text.split("\n")
    after = piece
    for line in lines:
        for part in (OxmlElement("w:br"), OxmlElement("w:t")):
            after.addnext(part)
            after = part
        _set_text(after, line)
    _set_text(piece, first)


def _set_text(piece: Any, text: str) -> None:
    piece.text = text
    if text != text.strip():
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _take_out(paragraph: Any) -> None:
    """Take a paragraph out, with the box drawn around it alone; where one must stand, it stays and is empty."""
    box = ooxml.box_around(paragraph)
    if box is not None:
        _take_out_box(box)
        return
    parent = paragraph.getparent()
    if parent.tag in _NEEDS_A_PARAGRAPH and len(parent.findall(qn("w:p"))) == 1:
        for run in paragraph.findall(qn("w:r")):
            paragraph.remove(run)
        return
    parent.remove(paragraph)


def _take_out_box(box: Any) -> None:
    """Take a table of one cell out of the cell it stands in, with the empty lines that held it off."""
    for beside in (box.getprevious(), box.getnext()):
        if beside is not None and beside.tag == qn("w:p") and not ooxml.text_of(beside):
            parent = beside.getparent()
            if len(parent.findall(qn("w:p"))) > 1:
                parent.remove(beside)
    box.getparent().remove(box)
