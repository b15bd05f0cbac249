"""The Word template of a layout, as it comes with the system: what an administrator downloads and edits."""

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from nennep.documents import ooxml
from nennep.documents import placeholders as place
from nennep.documents.faces import width_mm
from nennep.documents.rules import Layout, Level
from nennep.documents.rules.parts import URGENCY_STAMPS

#: How each level of heading looks. In a paper its looks are given to `Heading 1`, `Heading 2`…, by what levels occur.
LEVEL_STYLES = {
    Level.PART: "Phần",
    Level.CHAPTER: "Chương",
    Level.SECTION: "Mục",
    Level.SUBSECTION: "Tiểu mục",
    Level.ARTICLE: "Điều",
    Level.ROMAN: "Mục La Mã",
    Level.CLAUSE: "Khoản",
    Level.POINT: "Điểm",
}
#: Paragraphs in these styles are rules, whose length follows from the words above them.
ISSUER_RULE, SUBJECT_RULE = "Kẻ dưới cơ quan", "Kẻ dưới trích yếu"
BASIS = "Căn cứ"

_CENTRE, _JUSTIFY, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
_RED = "FF0000"
# The mode of the word processor that lays a document out as versions of the last ten years do.
_COMPATIBILITY_MODE = "15"
# The earliest day an archive can name: with it the same document gives the same bytes.
_ARCHIVE_EPOCH = (1980, 1, 1, 0, 0, 0)


@lru_cache(maxsize=8)
def template_for(layout: Layout) -> bytes:
    """Return the Word file of a layout, with a placeholder for each part of a paper; always the same bytes."""
    document: Any = Document()
    _leave_no_name(document, layout)
    _set_compatibility(document.settings.element.find(qn("w:compat")))
    _set_defaults(document, layout)
    set_styles(document, layout)
    _set_page(document.sections[0], layout)
    _head(document, layout)
    _name(document, layout)
    _text(document, layout)
    _foot(document, layout)
    return saved(document)


def saved(document: Any) -> bytes:
    """Return the document's file without the moment of its writing, which its archive would otherwise tell."""
    written, levelled = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(levelled, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ARCHIVE_EPOCH)
            target.writestr(entry, source.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return levelled.getvalue()


# --- The document as a whole ------------------------------------------------------------------------------------


def _leave_no_name(document: Any, layout: Layout) -> None:
    about = document.core_properties
    about.title = about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.language = layout.language


def _set_compatibility(compat: Any) -> None:
    """Lay out as today's word processors do, and leave a line that ends with a break unstretched."""
    compat.insert(0, OxmlElement("w:doNotExpandShiftReturn"))
    mode = next(item for item in compat if item.get(qn("w:name")) == "compatibilityMode")
    mode.set(qn("w:val"), _COMPATIBILITY_MODE)


def _set_page(section: Any, layout: Layout) -> None:
    """Set paper size and margins, the page number in the top margin from the second page, and the marking."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(layout.page_width_mm), Mm(layout.page_height_mm)
    section.top_margin, section.bottom_margin = Mm(layout.margin_top_mm), Mm(layout.margin_bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.margin_left_mm), Mm(layout.margin_right_mm)
    section.header_distance = Mm(layout.page_number_from_top_mm)
    section.footer_distance = Mm(layout.marking_from_bottom_mm)
    section.different_first_page_header_footer = True
    ooxml.page_number(section.header.paragraphs[0])
    section.footer.paragraphs[0].text = str(place.MARKING)
    section.first_page_footer.paragraphs[0].text = str(place.MARKING)


def _set_defaults(document: Any, layout: Layout) -> None:
    """Name the face and the language for everything that names none, also for Word's East Asian slot."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in run.findall(qn("w:rFonts")) + run.findall(qn("w:lang")):
        run.remove(old)
    run.insert(0, ooxml.fonts(layout.font))
    language = OxmlElement("w:lang")
    for slot in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{slot}"), layout.language)
    run.append(language)
    paragraph = defaults.find(qn("w:pPrDefault"))
    for old in list(paragraph):
        paragraph.remove(old)


# --- Styles -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """How a paragraph style looks. `is_text` gives it the lines and gaps of running text (item 6)."""

    name: str
    size_pt: float
    alignment: WD_ALIGN_PARAGRAPH
    bold: bool = False
    italic: bool = False
    keep: bool = False
    is_text: bool = False
    indented: bool = False
    before_pt: float = 0
    after_pt: float = 0
    outline: int | None = None


def _looks(layout: Layout) -> tuple[_Look, ...]:
    gap, row_gap = layout.paragraph_gap_pt, layout.table_row_gap_pt
    levels = (
        _Look(
            name,
            layout.heading_pt,
            _CENTRE if level.is_centred else _LEFT,
            bold=level.is_bold,
            keep=True,
            is_text=True,
            indented=not level.is_centred,
        )
        for level, name in LEVEL_STYLES.items()
    )
    return (
        _Look("Normal", layout.body_pt, _LEFT),
        _Look("Title", layout.kind_pt, _CENTRE, bold=True, keep=True),
        _Look("Header", layout.page_number_pt, _CENTRE),
        _Look("Footer", layout.marking_pt, _CENTRE),
        _Look("Body Text", layout.body_pt, _JUSTIFY, is_text=True, indented=True),
        _Look("Note", layout.body_pt, _JUSTIFY, italic=True, is_text=True, indented=True),
        _Look(BASIS, layout.body_pt, _JUSTIFY, italic=layout.bases_italic, is_text=True, indented=True),
        *levels,
        _Look(ISSUER_RULE, layout.issuer_pt, _CENTRE),
        _Look(SUBJECT_RULE, layout.subject_pt, _CENTRE, after_pt=12),
        _Look("Annex Heading", layout.annex_title_pt, _CENTRE, bold=True, keep=True, outline=1),
        _Look("Table Text", layout.table_pt, _LEFT, before_pt=row_gap, after_pt=row_gap),
        _Look("Table Title", layout.table_title_pt, _CENTRE, bold=True, keep=True, before_pt=gap),
        _Look("Table Note", layout.table_pt, _CENTRE, italic=True, keep=True, after_pt=gap / 2),
    )


def set_styles(document: Any, layout: Layout, *, only_missing: bool = False) -> None:
    """Give every style its face, size and place, so that the text itself carries almost no formatting of its own.

    With `only_missing` what a template has already stays as its maker wanted it.
    """
    known = ooxml.styles_of(document)
    for look in _looks(layout):
        if not (only_missing and look.name in known):
            style = known.get(look.name) or document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
            _dress(style, look, layout)
    if "Table Grid" not in known:
        document.styles.add_style("Table Grid", WD_STYLE_TYPE.TABLE)


def _dress(style: Any, look: _Look, layout: Layout) -> None:
    """Empty a style of the taste of others and set it anew."""
    for part in ("w:rPr", "w:pPr", "w:link"):
        for old in style.element.findall(qn(part)):
            style.element.remove(old)
    style.element.get_or_add_rPr().insert(0, ooxml.fonts(layout.font))
    style.font.size, style.font.bold, style.font.italic = Pt(look.size_pt), look.bold, look.italic
    around = style.paragraph_format
    around.alignment, around.line_spacing = look.alignment, 1.0
    around.space_before, around.space_after = Pt(look.before_pt), Pt(look.after_pt)
    around.keep_with_next = look.keep
    if look.is_text:
        around.line_spacing = Pt(layout.exact_line_pt) if layout.exact_line_pt else layout.line_spacing
        around.space_after = Pt(layout.paragraph_gap_pt)
    if look.indented:
        around.first_line_indent = Mm(layout.first_line_indent_mm)
    if look.outline is not None:
        outline(style, look.outline)


def outline(style: Any, depth: int) -> None:
    """Make a style show in the navigation pane at a depth."""
    for old in style.element.get_or_add_pPr().findall(qn("w:outlineLvl")):
        style.element.pPr.remove(old)
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), str(depth - 1))
    style.element.pPr.append(level)


# --- The page ---------------------------------------------------------------------------------------------------


def _head(document: Any, layout: Layout) -> None:
    """Put down boxes 1 to 4, 5b and 10b: two columns."""
    table = ooxml.frame(document, 2, (layout.issuer_column_mm, layout.country_column_mm))
    (left, right), (number, place_date) = (row.cells for row in table.rows)
    ooxml.line(left, str(place.SUPERIOR), layout.issuer_pt)
    ooxml.line(left, str(place.ISSUER), layout.issuer_pt, bold=True)
    for paragraph in left.paragraphs:
        around = paragraph.paragraph_format
        around.left_indent = around.right_indent = Mm(layout.issuer_gap_mm)
    if layout.issuer_sign:
        ooxml.line(left, layout.issuer_sign, layout.issuer_pt)
    else:
        below = left.add_paragraph(style=ISSUER_RULE)
        ooxml.rule(below, layout.rule_thickness_pt)
        ooxml.shorten(below, layout.issuer_width_mm * layout.rule_share_of_line, layout.issuer_column_mm)
    ooxml.line(right, layout.country, layout.country_pt, bold=True)
    if layout.motto:
        ooxml.line(right, layout.motto, layout.motto_pt, bold=True)
    _country_rule(right, layout)
    numbered = ooxml.line(number, str(place.NUMBER), layout.number_pt)
    dated = ooxml.line(place_date, str(place.PLACE_AND_DATE), layout.place_date_pt, italic=True)
    before = Pt(3 if layout.issuer_sign else 9)
    numbered.paragraph_format.space_before = dated.paragraph_format.space_before = before
    letter = ooxml.line(number, str(place.LETTER_SUBJECT), layout.letter_pt, italic=layout.letter_italic)
    letter.paragraph_format.space_before = Pt(6)
    letter.paragraph_format.left_indent = letter.paragraph_format.right_indent = Mm(layout.issuer_gap_mm)
    _stamp(number, layout)


def _country_rule(cell: Any, layout: Layout) -> None:
    # Measured here and not when a paper is written: these words are the template's own.
    words, size = (layout.motto, layout.motto_pt) if layout.motto else (layout.country, layout.country_pt)
    below = cell.add_paragraph()
    ooxml.rule(below, layout.rule_thickness_pt)
    ooxml.shorten(below, width_mm(words, size, bold=True), layout.country_column_mm)


def _stamp(cell: Any, layout: Layout) -> None:
    """Put down the red box of the urgency; a paper that is not urgent loses it."""
    ooxml.exactly(cell.add_paragraph(), 8)
    width = max(width for _words, width in URGENCY_STAMPS.values())
    table = ooxml.frame(cell, 1, (width,))
    ooxml.borders(table, "tblBorders", _RED, 8)
    table.rows[0].height, table.rows[0].height_rule = Mm(layout.urgency_height_mm), WD_ROW_HEIGHT_RULE.EXACTLY
    box = table.rows[0].cells[0]
    box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    words = ooxml.line(box, str(place.URGENCY), layout.urgency_pt, bold=True)
    words.runs[0].font.color.rgb = RGBColor.from_string(_RED)
    ooxml.exactly(cell.paragraphs[-1], 1)


def _name(document: Any, layout: Layout) -> None:
    """Put down box 5a: kind and subject."""
    title = document.add_paragraph(style="Title")
    title.paragraph_format.space_before = Pt(18)
    ooxml.run(title, str(place.KIND), size=layout.kind_pt)
    title.add_run().add_break()
    ooxml.run(title, str(place.SUBJECT), size=layout.subject_pt)
    below = document.add_paragraph(layout.subject_sign, style=SUBJECT_RULE)
    if not layout.subject_sign:
        ooxml.rule(below, layout.rule_thickness_pt)
        ooxml.shorten(below, layout.text_width_mm * 0.2, layout.text_width_mm)


def _text(document: Any, layout: Layout) -> None:
    """Put down boxes 9a and 6: addressees, legal bases and the text itself."""
    addressees = ooxml.line(document, str(place.ADDRESSEES), layout.addressee_pt)
    addressees.paragraph_format.space_after = Pt(12)
    document.add_paragraph(str(place.BASES), style=BASIS)
    document.add_paragraph(str(place.BODY), style="Body Text")


def _foot(document: Any, layout: Layout) -> None:
    """Put down boxes 7 and 9b. They stay together, and with what comes before."""
    ooxml.exactly(document.add_paragraph(), 12).paragraph_format.keep_with_next = True
    table = ooxml.frame(document, 1, (layout.recipients_column_mm, layout.signature_column_mm))
    ooxml.mark_row(table.rows[0], "cantSplit")
    left, right = table.rows[0].cells
    _recipients(left, layout)
    authority = ooxml.line(right, str(place.AUTHORITY), layout.signature_pt, bold=True)
    post = ooxml.line(right, str(place.POST), layout.signature_pt, bold=layout.post_bold)
    authority.paragraph_format.keep_with_next = post.paragraph_format.keep_with_next = True
    signer = ooxml.line(right, str(place.SIGNER), layout.signature_pt, bold=True)
    signer.paragraph_format.space_before = Mm(layout.signature_room_mm)
    ooxml.exactly(document.add_paragraph(), 1)


def _recipients(cell: Any, layout: Layout) -> None:
    underlined, size = layout.recipients_label_underlined, layout.recipients_label_pt
    label = cell.paragraphs[0]
    if underlined:
        ooxml.run(label, "Nơi nhận", size=size, underline=True)
        ooxml.run(label, ":", size=size)
    else:
        ooxml.run(label, "Nơi nhận:", size=size, bold=True, italic=True)
    entry = cell.add_paragraph()
    ooxml.run(entry, str(place.RECIPIENTS), size=layout.recipients_pt)
    for paragraph in (label, entry):
        paragraph.alignment = _LEFT
    entry.paragraph_format.left_indent = Pt(layout.recipients_pt * 0.55)
    entry.paragraph_format.first_line_indent = -Pt(layout.recipients_pt * 0.55)
