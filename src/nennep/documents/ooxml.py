"""What papers need of an office document and python-docx has no public face for: rules, widths, bookmarks, fields."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Row as TableRow

_FONT_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")
_TWIPS_PER_MM = 1440 / 25.4


def fonts(name: str) -> Any:
    """Return the mark that names a face in all slots, so that none is substituted."""
    mark = OxmlElement("w:rFonts")
    for slot in _FONT_SLOTS:
        mark.set(qn(f"w:{slot}"), name)
    return mark


def run(
    paragraph: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> Any:
    """Add words; what is not asked for here follows the style of its paragraph."""
    added = paragraph.add_run(text)
    if size is not None:
        added.font.size = Pt(size)
    if bold:
        added.font.bold = True
    if italic:
        added.font.italic = True
    if underline:
        added.font.underline = True
    return added


def line(place: Any, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Any:
    """Add a centred line to a document or to a cell, whose first, empty paragraph is used up first."""
    paragraph = _next_paragraph(place)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def _next_paragraph(place: Any) -> Any:
    is_new_cell = hasattr(place, "vertical_alignment") and len(place.paragraphs) == 1 and not place.text
    return place.paragraphs[0] if is_new_cell else place.add_paragraph()


def exactly(paragraph: Any, height_pt: float) -> Any:
    """Make the lines of a paragraph so high, whatever stands in them."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(height_pt)
    return paragraph


def rule(paragraph: Any, thickness_pt: float) -> None:
    """Make an empty paragraph a rule: a low line with a border below. `shorten` says how long it is."""
    exactly(paragraph, 3)
    borders = OxmlElement("w:pBdr")
    below = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(round(thickness_pt * 8))), ("space", "0")):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no public face for borders
    properties.find(qn("w:spacing")).addprevious(borders)


def shorten(paragraph: Any, width_mm: float, column_mm: float) -> None:
    """Draw a rule in from both sides, so that it is so long and stands in the middle of its column."""
    around = paragraph.paragraph_format
    around.left_indent = around.right_indent = Mm(max(0.0, (column_mm - width_mm) / 2))


def fix_widths(table: Any, widths_mm: tuple[float, ...], gap_mm: float) -> None:
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


def frame(place: Any, rows: int, widths_mm: tuple[float, ...]) -> Any:
    """Return a table without lines, which only puts columns side by side."""
    table = place.add_table(rows=rows, cols=len(widths_mm))
    fix_widths(table, widths_mm, 0)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    return table


def borders(table: Any, tag: str, colour: str, size: int) -> None:
    """Draw lines of a colour around a table (`tblBorders`), `size` eighths of a point thick."""
    drawn = OxmlElement(f"w:{tag}")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
            edge.set(qn(f"w:{name}"), value)
        drawn.append(edge)
    # The schema has them before the layout and the margins of the cells.
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no public face for borders
    after = [item for item in properties if item.tag in {qn("w:tblLayout"), qn("w:tblCellMar"), qn("w:tblLook")}]
    after[0].addprevious(drawn) if after else properties.append(drawn)


def copied_row(table: Any, pattern: Any) -> Any:
    """Return a copy of a row's element, put before it."""
    copied = deepcopy(pattern)
    pattern.addprevious(copied)
    return TableRow(copied, table)


def mark_row(row: Any, *marks: str) -> None:
    """Mark a row as one to repeat on each page (tblHeader) or not to break (cantSplit)."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no public face for these
    for mark in sorted(marks):
        properties.append(OxmlElement(f"w:{mark}"))


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Put a bookmark into a paragraph, for links to lead to."""
    for part in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{part}")
        mark.set(qn("w:id"), str(number))
        if part == "bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001 - python-docx has no public face for bookmarks


def lead_to(anchor: str, runs: list[Any]) -> None:
    """Make runs a link to a place in the document; they keep the look of the text around them."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    first = runs[0]._r  # noqa: SLF001 - python-docx has no public face for links inside a document
    first.addprevious(link)
    for part in runs:
        link.append(part._r)  # noqa: SLF001


def page_number(paragraph: Any) -> None:
    """Put the number of the page into a paragraph."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    shown = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "2"
    shown.append(text)
    field.append(shown)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no public face for fields


def count_pages_from_one(section: Any) -> None:
    """Let the pages of a section begin at 1."""
    for old in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - no public face for page numbering
        section._sectPr.remove(old)  # noqa: SLF001
    count = OxmlElement("w:pgNumType")
    count.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(count)  # noqa: SLF001


def pieces_of(paragraph: Any) -> list[Any]:
    """Return the pieces of text of a paragraph's element, over all its runs, without those of a text box in it."""
    return [piece for piece in paragraph.iter(qn("w:t")) if around(piece, "w:p") is paragraph]


def text_of(paragraph: Any) -> str:
    """Return the letters of a paragraph's element."""
    return "".join(piece.text or "" for piece in pieces_of(paragraph))


def around(element: Any, tag: str) -> Any | None:
    """Return the nearest element of a tag (`w:tc`) that an element stands in; None where there is none."""
    return next(element.iterancestors(qn(tag)), None)


def styles_of(document: Any) -> dict[str, Any]:
    """Return the styles of a document by the names that people see.

    Programs write the names of their own styles with large or small letters; asking the document by name would miss
    some of them.
    """
    return {style.name: style for style in document.styles}


def box_around(paragraph: Any) -> Any | None:
    """Return the table of one cell, itself in a cell, that a paragraph's element stands in; None without one."""
    table = around(paragraph, "w:tbl")
    is_box = table is not None and len(list(table.iter(qn("w:tc")))) == 1 and around(table, "w:tc") is not None
    return table if is_box else None


def fit_box(paragraph: Any, width_mm: float) -> None:
    """Make the box that a paragraph's element stands in so wide; without a box nothing happens."""
    box = box_around(paragraph)
    if box is None:
        return
    width = str(Mm(width_mm).twips)
    for column in box.iter(qn("w:gridCol"), qn("w:tcW")):
        column.set(qn("w:w"), width)


def cell_width_mm(paragraph: Any) -> float | None:
    """Return the width of the cell that a paragraph's element stands in; None outside a table or without a width."""
    cell = around(paragraph, "w:tc")
    width = None if cell is None else cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    if width is None or width.get(qn("w:type"), "dxa") != "dxa":
        return None
    return float(width.get(qn("w:w"))) / _TWIPS_PER_MM


def body_width(section: Any, *, landscape: bool = False) -> float:
    """Return the width between the margins of a section, in mm, were its page to stand or to lie on its long side."""
    lengths: list[Length] = sorted((section.page_width, section.page_height))
    return float((lengths[1] if landscape else lengths[0]).mm - section.left_margin.mm - section.right_margin.mm)


def stories(document: Any) -> Iterator[Any]:
    """Yield the elements that hold text: the body, then every header and footer."""
    yield document.element.body
    for relation in document.part.rels.values():
        if relation.reltype.rsplit("/", 1)[-1] in {"header", "footer"}:
            yield relation.target_part.element
