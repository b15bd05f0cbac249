"""A paper as DOCX: an office document that a clerk can go on editing, in the same layout as the PDF."""

import io
import zipfile
from copy import deepcopy
from datetime import datetime, time
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Row as TableRow

from nennep.documents.faces import FACES, column_widths, measure
from nennep.documents.rules import (
    Align,
    Annex,
    Block,
    Emphasis,
    Figure,
    Heading,
    Layout,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Signature,
    Span,
    Table,
    layout_on,
    printable,
)

_ALIGNMENTS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_FONT_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")
# The mode of the word processor that lays a document out as versions of the last ten years do.
_COMPATIBILITY_MODE = "15"
# The earliest day an archive can name: with it the same paper gives the same bytes.
_ARCHIVE_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_docx(paper: Paper, *, fonts: Path = FACES) -> bytes:
    """Return the paper as DOCX, in the layout in force on its date.

    The text is set in Times New Roman, which the reader's machine brings; `fonts` is only read to measure how long
    the rules of the head must be. The file carries the paper's title and date and no name of a person. The same
    paper gives the same bytes. Raises FileNotFoundError without the faces, LookupError without a layout for the date.
    """
    writer = _Writer(printable(paper), fonts)
    writer.write()
    return _levelled(writer.document)


def _levelled(document: Any) -> bytes:
    """Return the document's file without the moment of its writing, which its archive would otherwise tell."""
    written, levelled = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(levelled, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ARCHIVE_EPOCH)
            target.writestr(entry, source.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return levelled.getvalue()


class _Writer:
    """Writes one paper into one document, from the head to the last annex."""

    def __init__(self, paper: Paper, fonts: Path) -> None:
        self.paper = paper
        self.layout = layout_on(paper.dated_on)
        self.fonts = fonts
        self.measured = measure(paper, self.layout, fonts)
        self.anchors = paper.anchors()
        self.unplaced = dict(self.anchors)
        self.depths = paper.heading_depths()
        self.document: Any = Document()
        _describe(self.document, paper, self.layout)
        _set_styles(self.document, self.layout, self.depths)
        _set_page(self.document.sections[0], self.layout, paper.marking)

    def write(self) -> None:
        self._head()
        self._name()
        self._addressees()
        for block in self.paper.blocks:
            self._block(block, self.layout.text_width_mm)
        self._foot()
        for position, annex in enumerate(self.paper.annexes):
            self._annex(position, annex)

    # --- The head: boxes 1 to 5 and 9a ------------------------------------------------------------------------

    def _head(self) -> None:
        layout, paper = self.layout, self.paper
        table = self._frame(2, (layout.issuer_column_mm, layout.country_column_mm))
        (left, right), (number, place_date) = (row.cells for row in table.rows)
        if paper.superior:
            _line(left, paper.superior.upper(), layout.issuer_pt)
        _line(left, paper.issuer.upper(), layout.issuer_pt, bold=True)
        for paragraph in left.paragraphs:
            around = paragraph.paragraph_format
            around.left_indent = around.right_indent = Mm(layout.issuer_gap_mm)
        _rule(left, self.measured.issuer_rule, layout.issuer_column_mm, layout)
        _line(right, layout.country, layout.country_pt, bold=True)
        _line(right, layout.motto, layout.motto_pt, bold=True)
        _rule(right, self.measured.country_rule, layout.country_column_mm, layout)
        numbered = _line(number, paper.number_line(), layout.number_pt)
        dated = _line(place_date, paper.place_and_date(), layout.place_date_pt, italic=True)
        numbered.paragraph_format.space_before = dated.paragraph_format.space_before = Pt(9)

    def _name(self) -> None:
        layout, paper = self.layout, self.paper
        title = self.document.add_paragraph(style="Title")
        title.paragraph_format.space_before = Pt(18)
        _run(title, paper.kind.upper(), size=layout.kind_pt)
        title.add_run().add_break()
        _run(title, paper.subject, size=layout.subject_pt)
        _rule(self.document, self.measured.subject_rule, layout.text_width_mm, layout)
        self.document.paragraphs[-1].paragraph_format.space_after = Pt(12)

    def _addressees(self) -> None:
        layout, lines = self.layout, self.paper.addressee_lines()
        if len(lines) == 1:
            _line(self.document, f"Kính gửi: {lines[0]}", layout.addressee_pt)
        elif lines:
            label = _line(self.document, "Kính gửi:", layout.addressee_pt)
            label.alignment = WD_ALIGN_PARAGRAPH.LEFT
            label.paragraph_format.left_indent = Mm(layout.addressee_from_left_mm)
            for text in lines:
                line = _line(self.document, text, layout.addressee_pt)
                line.alignment = WD_ALIGN_PARAGRAPH.LEFT
                # Item 9a: the dash under the colon; a second line under the words.
                line.paragraph_format.left_indent = Mm(
                    layout.addressee_from_left_mm + self.measured.addressee_indent
                ) + Pt(layout.addressee_pt * 0.6)
                line.paragraph_format.first_line_indent = -Pt(layout.addressee_pt * 0.6)
        if lines:
            self.document.paragraphs[-1].paragraph_format.space_after = Pt(12)

    # --- The text: box 6 ----------------------------------------------------------------------------------------

    def _block(self, block: Block, width_mm: float) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Table():
                self._table(block, width_mm)
            case Paragraph() | Note():
                style = "Note" if isinstance(block, Note) else "Body Text"
                paragraph = self.document.add_paragraph(style=style)
                for span in block.spans:
                    self._span(paragraph, span)

    def _heading(self, heading: Heading) -> None:
        paragraph = self.document.add_paragraph(style=f"Heading {self.depths[heading.level]}")
        for position, line in enumerate(heading.lines()):
            if position:
                paragraph.add_run().add_break()
            paragraph.add_run(line)

    def _table(self, table: Table, width_mm: float) -> None:
        for text, style in ((table.title, "Table Title"), (table.note, "Table Note")):
            if text:
                self.document.add_paragraph(text, style=style)
        widths = column_widths(table, width_mm, self.layout, self.fonts)
        drawn = self.document.add_table(rows=1, cols=len(widths), style="Table Grid")
        _fix_widths(drawn, widths, self.layout.table_cell_gap_mm)
        self._table_head(drawn.rows[0], table, widths)
        pattern = self._pattern_row(drawn.add_row(), table, widths)
        for row in table.rows:
            self._table_row(_copied_row(drawn, pattern), table, row)
        pattern.getparent().remove(pattern)
        self._space(self.layout.paragraph_gap_pt)

    def _table_head(self, drawn: Any, table: Table, widths: tuple[float, ...]) -> None:
        _mark_row(drawn, "tblHeader", "cantSplit")
        for cell, column, width in zip(drawn.cells, table.columns, widths, strict=True):
            paragraph = _cell_paragraph(cell, width)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True
            _run(paragraph, column.head, bold=True)

    def _pattern_row(self, drawn: Any, table: Table, widths: tuple[float, ...]) -> Any:
        """Return an empty row in its final shape: copying it is many times faster than shaping each row anew."""
        for cell, column, width in zip(drawn.cells, table.columns, widths, strict=True):
            _cell_paragraph(cell, width).alignment = _ALIGNMENTS[column.align]
        return drawn._tr  # noqa: SLF001 - python-docx has no public face for copying rows

    def _table_row(self, drawn: Any, table: Table, row: Row) -> None:
        if not row.breaks:
            _mark_row(drawn, "cantSplit")
        for position, (cell, content) in enumerate(zip(drawn.cells, row.cells, strict=True)):
            paragraph = cell.paragraphs[0]
            if position == table.indented_column and row.level:
                paragraph.paragraph_format.left_indent = Mm(self.layout.table_level_indent_mm * row.level)
            if position == 0 and row.key in self.unplaced:
                _bookmark(paragraph, self.unplaced.pop(row.key), len(self.unplaced))
            self._span(paragraph, content, bold=row.bold)

    def _span(self, paragraph: Any, span: Span, *, bold: bool = False) -> None:
        match span:
            case Emphasis():
                _run(paragraph, span.text, bold=span.bold, italic=span.italic)
            case Figure():
                runs = [_run(paragraph, span.text, bold=bold)]
                if span.mark:
                    runs.append(_run(paragraph, span.mark, bold=bold))
                    runs[-1].font.superscript = True
                if span.key in self.anchors:
                    _lead_to(self.anchors[span.key], runs)
            case str():
                _run(paragraph, span, bold=bold)

    # --- The foot: boxes 7 and 9b -------------------------------------------------------------------------------

    def _foot(self) -> None:
        paper, layout = self.paper, self.layout
        if paper.signature is None and not paper.recipients:
            return
        # The signature never stands alone on a page: what comes last goes with it.
        if paper.blocks and not isinstance(paper.blocks[-1], Table):
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._space(12).paragraph_format.keep_with_next = True
        table = self._frame(1, (layout.recipients_column_mm, layout.signature_column_mm))
        _mark_row(table.rows[0], "cantSplit")
        left, right = table.rows[0].cells
        self._recipients(left)
        if paper.signature:
            self._signature(right, paper.signature)
        self._space(1)

    def _recipients(self, cell: Any) -> None:
        layout = self.layout
        if not self.paper.recipients:
            return
        label = _line(cell, "Nơi nhận:", layout.recipients_label_pt, bold=True, italic=True)
        label.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for text in self.paper.recipient_lines():
            line = _line(cell, text, layout.recipients_pt)
            line.alignment = WD_ALIGN_PARAGRAPH.LEFT
            line.paragraph_format.left_indent = Pt(layout.recipients_pt * 0.55)
            line.paragraph_format.first_line_indent = -Pt(layout.recipients_pt * 0.55)

    def _signature(self, cell: Any, signature: Signature) -> None:
        for text in signature.lines():
            _line(cell, text, self.layout.signature_pt, bold=True).paragraph_format.keep_with_next = True
        named = _line(cell, signature.named(), self.layout.signature_pt, bold=True)
        named.paragraph_format.space_before = Mm(self.layout.signature_room_mm)

    # --- Annexes: part III, item 1 ------------------------------------------------------------------------------

    def _annex(self, position: int, annex: Annex) -> None:
        layout = self.layout
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        _turn(section, layout, landscape=annex.landscape)
        _count_pages_from_one(section)
        heading = self.document.add_paragraph(style="Annex Heading")
        _run(heading, self.paper.annex_label(position), size=layout.annex_label_pt)
        heading.add_run().add_break()
        _run(heading, annex.title.upper(), size=layout.annex_title_pt)
        source = _line(self.document, self.paper.annex_source(), layout.annex_source_pt, italic=True)
        source.paragraph_format.space_after = Pt(12)
        for block in annex.blocks:
            self._block(block, layout.body_width_mm(landscape=annex.landscape))

    # --- Parts used by several ----------------------------------------------------------------------------------

    def _frame(self, rows: int, widths: tuple[float, float]) -> Any:
        """Return a table without lines, which only puts two columns side by side."""
        table = self.document.add_table(rows=rows, cols=2)
        _fix_widths(table, widths, 0)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def _space(self, height_pt: float) -> Any:
        """Return an empty line of a height: what follows a table needs one, or two tables would become one."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(height_pt)
        return paragraph


# --- The document as a whole ------------------------------------------------------------------------------------


def _describe(document: Any, paper: Paper, layout: Layout) -> None:
    """Name the document; nobody is named as its author."""
    about = document.core_properties
    about.title = paper.title
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.language = layout.language
    about.created = about.modified = datetime.combine(paper.dated_on, time())
    _set_compatibility(document.settings.element.find(qn("w:compat")))


def _set_compatibility(compat: Any) -> None:
    """Lay out as today's word processors do, and leave a line that ends with a break unstretched."""
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    mode = next(item for item in compat if item.get(qn("w:name")) == "compatibilityMode")
    mode.set(qn("w:val"), _COMPATIBILITY_MODE)


def _set_page(section: Any, layout: Layout, marking: str) -> None:
    """Set paper size and margins, the page number in the top margin from the second page, and the marking."""
    _turn(section, layout, landscape=False)
    section.top_margin, section.bottom_margin = Mm(layout.margin_top_mm), Mm(layout.margin_bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.margin_left_mm), Mm(layout.margin_right_mm)
    section.header_distance = Mm(layout.page_number_from_top_mm)
    section.footer_distance = Mm(layout.marking_from_bottom_mm)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    if marking:
        section.footer.paragraphs[0].text = marking
        section.first_page_footer.paragraphs[0].text = marking


def _turn(section: Any, layout: Layout, *, landscape: bool) -> None:
    short, long = Mm(layout.page_width_mm), Mm(layout.page_height_mm)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)


def _count_pages_from_one(section: Any) -> None:
    for old in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - no public face for page numbering
        section._sectPr.remove(old)  # noqa: SLF001
    count = OxmlElement("w:pgNumType")
    count.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(count)  # noqa: SLF001


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no public face for fields


def _set_styles(document: Any, layout: Layout, depths: dict[Level, int]) -> None:
    """Give every style its face, size and place, so that the text itself carries almost no formatting of its own."""
    _set_defaults(document, layout)
    centre, justify, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
    _style(document, "Normal", layout, layout.body_pt, left)
    _style(document, "Title", layout, layout.kind_pt, centre, bold=True, keep=True)
    _style(document, "Header", layout, layout.page_number_pt, centre)
    _style(document, "Footer", layout, layout.marking_pt, centre)
    for name in ("Body Text", "Note"):
        _as_text(_style(document, name, layout, layout.body_pt, justify, italic=name == "Note"), layout)
    for level, depth in depths.items():
        place = centre if level.is_centred else left
        style = _style(document, f"Heading {depth}", layout, layout.heading_pt, place, bold=level.is_bold, keep=True)
        _as_text(style, layout, indented=not level.is_centred)
        _outline(style, depth)
    _outline(_style(document, "Annex Heading", layout, layout.annex_title_pt, centre, bold=True, keep=True), 1)
    cell = _style(document, "Table Text", layout, layout.table_pt, left).paragraph_format
    cell.space_before = cell.space_after = Pt(layout.table_row_gap_pt)
    title = _style(document, "Table Title", layout, layout.table_title_pt, centre, bold=True, keep=True)
    note = _style(document, "Table Note", layout, layout.table_pt, centre, italic=True, keep=True)
    title.paragraph_format.space_before = Pt(layout.paragraph_gap_pt)
    note.paragraph_format.space_after = Pt(layout.paragraph_gap_pt / 2)


def _set_defaults(document: Any, layout: Layout) -> None:
    """Name the face and the language for everything that names none, also for Word's East Asian slot."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in run.findall(qn("w:rFonts")) + run.findall(qn("w:lang")):
        run.remove(old)
    run.insert(0, _fonts(layout))
    language = OxmlElement("w:lang")
    for slot in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{slot}"), layout.language)
    run.append(language)
    paragraph = defaults.find(qn("w:pPrDefault"))
    for old in list(paragraph):
        paragraph.remove(old)


def _fonts(layout: Layout) -> Any:
    fonts = OxmlElement("w:rFonts")
    for slot in _FONT_SLOTS:
        fonts.set(qn(f"w:{slot}"), layout.font)
    return fonts


def _style(
    document: Any,
    name: str,
    layout: Layout,
    size_pt: float,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    bold: bool = False,
    italic: bool = False,
    keep: bool = False,
) -> Any:
    """Return a paragraph style emptied of the template's taste and set anew: single line, no space around."""
    known = {style.name for style in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for part in ("w:rPr", "w:pPr", "w:link"):
        for old in style.element.findall(qn(part)):
            style.element.remove(old)
    style.element.get_or_add_rPr().insert(0, _fonts(layout))
    style.font.size, style.font.bold, style.font.italic = Pt(size_pt), bold, italic
    place = style.paragraph_format
    place.alignment, place.line_spacing = alignment, 1.0
    place.space_before = place.space_after = Pt(0)
    place.keep_with_next = keep
    return style


def _as_text(style: Any, layout: Layout, *, indented: bool = True) -> None:
    """Give a style the lines and gaps of running text (item 6)."""
    place = style.paragraph_format
    place.line_spacing = layout.line_spacing
    place.space_after = Pt(layout.paragraph_gap_pt)
    if indented:
        place.first_line_indent = Mm(layout.first_line_indent_mm)


def _outline(style: Any, depth: int) -> None:
    """Make a style show in the navigation pane at a depth."""
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), str(depth - 1))
    style.element.get_or_add_pPr().append(level)


# --- Small parts ------------------------------------------------------------------------------------------------


def _run(paragraph: Any, text: str, *, size: float | None = None, bold: bool = False, italic: bool = False) -> Any:
    """Add words; what is neither sized, bold nor italic here follows the style of its paragraph."""
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if bold:
        run.font.bold = True
    if italic:
        run.font.italic = True
    return run


def _line(place: Any, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Any:
    """Add a centred line to the document or to a cell, whose first, empty paragraph is used up first."""
    paragraph = _next_paragraph(place)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def _next_paragraph(place: Any) -> Any:
    is_new_cell = hasattr(place, "vertical_alignment") and len(place.paragraphs) == 1 and not place.text
    return place.paragraphs[0] if is_new_cell else place.add_paragraph()


def _rule(place: Any, width_mm: float, column_mm: float, layout: Layout) -> None:
    """Draw a rule in the middle of a column: an empty line with a border, drawn in as far as the rule is short."""
    paragraph = place.add_paragraph()
    around = paragraph.paragraph_format
    around.left_indent = around.right_indent = Mm((column_mm - width_mm) / 2)
    around.line_spacing_rule, around.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(round(layout.rule_thickness_pt * 8))), ("space", "0")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no public face for borders
    properties.find(qn("w:spacing")).addprevious(borders)


def _fix_widths(table: Any, widths_mm: tuple[float, ...], gap_mm: float) -> None:
    """Hold a table to its widths; without these an office program makes all columns equal."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(gap_mm).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx has no public face for cell margins


def _cell_paragraph(cell: Any, width_mm: float) -> Any:
    cell.width = Mm(width_mm)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    # By its id: looking a style up by name for each of thousands of cells takes most of the time.
    paragraph._p.style = "TableText"  # noqa: SLF001
    return paragraph


def _copied_row(table: Any, pattern: Any) -> Any:
    copied = deepcopy(pattern)
    pattern.addprevious(copied)
    return TableRow(copied, table)


def _mark_row(row: Any, *marks: str) -> None:
    """Mark a row as one to repeat on each page (tblHeader) or not to break (cantSplit)."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no public face for these
    for mark in sorted(marks):
        properties.append(OxmlElement(f"w:{mark}"))


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    for part in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{part}")
        mark.set(qn("w:id"), str(number))
        if part == "bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001 - python-docx has no public face for bookmarks


def _lead_to(anchor: str, runs: list[Any]) -> None:
    """Make runs a link to a place in the document; they keep the look of the text around them."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    first = runs[0]._r  # noqa: SLF001 - python-docx has no public face for links inside a document
    first.addprevious(link)
    for run in runs:
        link.append(run._r)  # noqa: SLF001
