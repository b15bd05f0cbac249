"""The measures of an official paper: one dated value per set of rules, read by every renderer."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Layout:
    """Where everything of a paper stands and how large it is, from a day on. Lengths in mm, type sizes in points."""

    source: str
    in_force_from: date

    page_width_mm: float
    page_height_mm: float
    margin_top_mm: float
    margin_bottom_mm: float
    margin_left_mm: float
    margin_right_mm: float
    page_number_from_top_mm: float
    marking_from_bottom_mm: float

    font: str
    language: str
    line_spacing: float
    paragraph_gap_pt: float
    first_line_indent_mm: float

    country: str
    motto: str
    issuer_column_mm: float
    issuer_gap_mm: float
    rule_share_of_line: float
    rule_thickness_pt: float

    country_pt: float
    motto_pt: float
    issuer_pt: float
    number_pt: float
    place_date_pt: float
    kind_pt: float
    subject_pt: float
    addressee_pt: float
    addressee_from_left_mm: float
    body_pt: float
    heading_pt: float
    signature_pt: float
    recipients_label_pt: float
    recipients_pt: float
    annex_label_pt: float
    annex_title_pt: float
    annex_source_pt: float
    page_number_pt: float
    table_pt: float
    table_title_pt: float
    table_cell_gap_mm: float
    table_row_gap_pt: float
    table_level_indent_mm: float
    marking_pt: float

    signature_column_mm: float
    signature_room_mm: float

    @property
    def text_width_mm(self) -> float:
        """Return the width between the margins of a portrait page."""
        return self.body_width_mm(landscape=False)

    def body_width_mm(self, *, landscape: bool) -> float:
        """Return the width between the margins of a page that stands, or lies on its long side."""
        page = self.page_height_mm if landscape else self.page_width_mm
        return page - self.margin_left_mm - self.margin_right_mm

    @property
    def issuer_width_mm(self) -> float:
        """Return the width that names have in the left column of the head."""
        return self.issuer_column_mm - 2 * self.issuer_gap_mm

    @property
    def country_column_mm(self) -> float:
        """Return the width of the right column of the head."""
        return self.text_width_mm - self.issuer_column_mm

    @property
    def recipients_column_mm(self) -> float:
        """Return the width of the left column at the foot."""
        return self.text_width_mm - self.signature_column_mm


# Each measure with its item of Annex I to the decree; a box ("ô") is its number in the plan of the page (part IV).
# Where the decree gives a range, the value is that of its own sample or, without one, what fits the longest names.
STATE_LAYOUT_2020 = Layout(
    source="Nghị định 30/2020/NĐ-CP, Phụ lục I",
    in_force_from=date(2020, 3, 5),
    # Part I, item 1: A4.
    page_width_mm=210,
    page_height_mm=297,
    # Part I, item 3: top and bottom 20-25, left 30-35, right 15-20.
    margin_top_mm=20,
    margin_bottom_mm=20,
    margin_left_mm=30,
    margin_right_mm=15,
    # Part I, item 7: centred in the top margin, not shown on the first page; how high is left open.
    page_number_from_top_mm=10,
    # Not in the decree: a line that a demonstration must carry on every page, in the bottom margin.
    marking_from_bottom_mm=9,
    # Part I, item 4: Times New Roman, Unicode as in TCVN 6909:2001, black.
    font="Times New Roman",
    language="vi-VN",
    # Part II, item 6 (box 6): single to 1.5 lines; at least 6 pt between paragraphs; first line 1 or 1.27 cm.
    line_spacing=1.15,
    paragraph_gap_pt=6,
    first_line_indent_mm=12.7,
    # Part II, item 1 (box 1): capitals 12-13 bold; below it 13-14 bold over a rule as long as the line.
    country="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto="Độc lập - Tự do - Hạnh phúc",
    country_pt=12,
    motto_pt=13,
    # Part II, item 2 (box 2): capitals 12-13; the issuing body bold over a rule of 1/3 to 1/2 of the line.
    # The column is what the line of the country at 12 pt (88.4 mm) leaves beside it, with a gap between the two.
    issuer_column_mm=75.5,
    issuer_gap_mm=1,
    issuer_pt=12,
    rule_share_of_line=0.4,
    rule_thickness_pt=0.75,
    # Part II, item 3 (box 3): "Số" 13.
    number_pt=13,
    # Part II, item 4 (box 4): 13-14 italic.
    place_date_pt=13,
    # Part II, item 5 (box 5a): kind and subject 13-14 bold, centred, over a rule of 1/3 to 1/2 of the line.
    kind_pt=14,
    subject_pt=14,
    # Part II, item 9 (box 9a): 13-14.
    addressee_pt=14,
    addressee_from_left_mm=25,
    # Part II, item 6 (box 6): 13-14 for text and headings.
    body_pt=14,
    heading_pt=14,
    # Part II, item 7 (boxes 7a and 7b): 13-14 bold. The room between them holds the signature and the seal.
    signature_pt=14,
    signature_column_mm=85,
    signature_room_mm=25,
    # Part II, item 9 (box 9b): the label 12 bold italic, the list 11.
    recipients_label_pt=12,
    recipients_pt=11,
    # Part III, item 1: label and title 13-14 bold, the line of the paper it goes with 13-14 italic.
    annex_label_pt=14,
    annex_title_pt=14,
    annex_source_pt=14,
    # Part I, item 7: 13-14 upright.
    page_number_pt=14,
    # The decree is silent on tables; 12 pt is the smallest size it uses for text that must be read.
    table_pt=12,
    table_title_pt=13,
    table_cell_gap_mm=1.5,
    table_row_gap_pt=2.5,
    table_level_indent_mm=5,
    marking_pt=9,
)

LAYOUTS: tuple[Layout, ...] = (STATE_LAYOUT_2020,)


def layout_on(day: date) -> Layout:
    """Return the layout in force on a day. Raises LookupError for a day before the first that is known."""
    known = [layout for layout in LAYOUTS if layout.in_force_from <= day]
    if not known:
        raise LookupError(f"No layout of official papers is known for {day:%d/%m/%Y}.")
    return max(known, key=lambda layout: layout.in_force_from)
