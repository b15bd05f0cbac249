"""The measures of an official paper: one dated value per set of rules, read by every renderer."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Family(StrEnum):
    """Whose rules a paper follows. The two are never mixed: a command writes by the one, its committee by the other."""

    STATE = "state"
    PARTY = "party"

    def number_line(self, number: str, symbol: str) -> str:
        """Return the line of number and symbol: `Số: 05/BC-BTL` (Decree 30/2020, Annex I, part II, item 3, box 3), or
        `Số 127-QĐ/TW`, without a colon and with a hyphen (guideline 36-HD/VPTW, part II, item 1.3).
        """
        return f"Số: {self.numbered(number, symbol)}" if self is Family.STATE else f"Số {self.numbered(number, symbol)}"

    def numbered(self, number: str, symbol: str) -> str:
        """Return number and symbol as one paper names another: `05/BC-BTL`, `127-QĐ/TW`."""
        return f"{number}/{symbol}" if self is Family.STATE else f"{number}-{symbol}"


@dataclass(frozen=True)
class Layout:
    """Where everything of a paper stands and how large it is, from a day on. Lengths in mm, type sizes in points.

    `doubt`, when given, says what of the source was not seen: wherever the source is named, it is shown beside it.
    """

    source: str
    family: Family
    in_force_from: date
    doubt: str

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
    exact_line_pt: float | None
    """The distance from line to line of the text where the rules fix it; `line_spacing` then counts for nothing."""
    paragraph_gap_pt: float
    first_line_indent_mm: float

    country: str
    motto: str
    """Empty where there is none: the rule then stands under the country or party, as long as that."""
    issuer_sign: str
    """What stands under the issuing body instead of a rule; empty for a rule."""
    subject_sign: str
    """What stands under the subject instead of a rule; empty for a rule."""
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
    letter_word: str
    """What the subject of a letter without a kind begins with."""
    letter_pt: float
    letter_italic: bool
    urgency_pt: float
    urgency_height_mm: float
    submission_word: str
    """What addressees of a submission (tờ trình) are called by."""
    bases_italic: bool
    bases_dashed: bool
    roman_stop: str
    """What follows the Roman number of a division: `I.` or `I-`."""
    ends_with: str
    """What the text ends with; empty where it ends as it was written."""
    addressee_pt: float
    addressee_from_left_mm: float
    body_pt: float
    heading_pt: float
    signature_pt: float
    post_bold: bool
    recipients_label_pt: float
    recipients_label_underlined: bool
    """Underlined and upright; if not, bold and italic."""
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
    family=Family.STATE,
    in_force_from=date(2020, 3, 5),
    doubt="",
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
    exact_line_pt=None,
    paragraph_gap_pt=6,
    first_line_indent_mm=12.7,
    # Part II, item 6 (box 6), letter b: the legal bases in italics, each on its line with ";", the last with ".".
    bases_italic=True,
    bases_dashed=False,
    roman_stop=".",
    # The decree says nothing of how a text ends.
    ends_with="",
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
    issuer_sign="",
    rule_share_of_line=0.4,
    rule_thickness_pt=0.75,
    # Part II, item 3 (box 3): "Số" 13.
    number_pt=13,
    # Part II, item 4 (box 4): 13-14 italic.
    place_date_pt=13,
    # Part II, item 5 (box 5a): kind and subject 13-14 bold, centred, over a rule of 1/3 to 1/2 of the line.
    kind_pt=14,
    subject_pt=14,
    subject_sign="",
    # Part II, item 5 (box 5b): the subject of a letter after "V/v", 12-13 upright, centred under the number.
    letter_word="V/v",
    letter_pt=12,
    letter_italic=False,
    # Part IV, sample of type (box 10b): 13-14 bold in capitals in a red box 8 mm high.
    urgency_pt=13,
    urgency_height_mm=8,
    # Part II, item 9 (box 9a): 13-14.
    addressee_pt=14,
    addressee_from_left_mm=25,
    submission_word="Kính gửi",
    # Part II, item 6 (box 6): 13-14 for text and headings.
    body_pt=14,
    heading_pt=14,
    # Part II, item 7 (boxes 7a and 7b): 13-14 bold. The room between them holds the signature and the seal.
    signature_pt=14,
    post_bold=True,
    signature_column_mm=85,
    signature_room_mm=25,
    # Part II, item 9 (box 9b): the label 12 bold italic, the list 11.
    recipients_label_pt=12,
    recipients_label_underlined=False,
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

# Each measure with its item of part II of the guideline; a box ("ô") is its number in Annex 1 to it. What the guideline
# leaves open (tables, the marking of a demonstration, annexes) is as in the state's layout.
PARTY_LAYOUT_2018 = replace(
    STATE_LAYOUT_2020,
    source="Hướng dẫn 36-HD/VPTW ngày 03/4/2018",
    family=Family.PARTY,
    in_force_from=date(2018, 4, 3),
    # On the margins: top and bottom 20, left 30, right 15; on the page number: as in the state's layout.
    margin_top_mm=20,
    margin_bottom_mm=20,
    margin_left_mm=30,
    margin_right_mm=15,
    # Item 1.1 (box 1): capitals 15 bold, over a rule as long as the line; no motto.
    country="ĐẢNG CỘNG SẢN VIỆT NAM",
    country_pt=15,
    motto="",
    # Item 1.2 (box 2): capitals 14, the issuing body bold over an asterisk. The column is what the line of the party
    # at 15 pt (72.9 mm) and place and date at 14 pt leave beside it.
    issuer_column_mm=84,
    issuer_pt=14,
    issuer_sign="*",
    # Item 1.3 (box 3): 14.
    number_pt=14,
    # Item 1.4 (box 4): 14 italic.
    place_date_pt=14,
    # Item 1.5 (box 5a): the kind in capitals 15-16 bold, the subject 14-15 bold, over five hyphens.
    kind_pt=16,
    subject_pt=15,
    subject_sign="-----",
    # Item 1.5 (box 5b): the subject of a letter 12 italic.
    letter_word="V/v",
    letter_pt=12,
    letter_italic=True,
    # Item 1.6 (box 6): 14-15. The bases stand upright, each after a dash; divisions are numbered "I-", as in the
    # guideline itself.
    body_pt=14,
    heading_pt=14,
    bases_italic=False,
    bases_dashed=True,
    roman_stop="-",
    # Item 1.7 (box 7): 14.
    signature_pt=14,
    # Item 1.9 (box 9): the label 14 underlined, the list 12.
    recipients_label_pt=14,
    recipients_label_underlined=True,
    recipients_pt=12,
)

# The original was not seen: each measure is what two independent descriptions of it say alike, and where they differ a
# value between them (the distance of lines: 18, 19 and 20 are told). What they do not tell is as before.
PARTY_LAYOUT_2026 = replace(
    PARTY_LAYOUT_2018,
    source="Hướng dẫn 05-HD/VPTW ngày 27/5/2026",
    in_force_from=date(2026, 5, 27),
    doubt="Chưa đối chiếu với bản gốc; theo các tài liệu giới thiệu Hướng dẫn này.",
    # On the text: 14 pt, lines exactly 18 to 20 pt apart, the first line indented by 1 cm; it ends with a full stop
    # alone, not with "./.".
    exact_line_pt=19,
    first_line_indent_mm=10,
    ends_with=".",
    # On the subject of a letter: written out, no longer "V/v".
    letter_word="về việc",
    # On addressees: "Kính trình" in a submission, "Kính gửi" in a letter.
    submission_word="Kính trình",
    # On the signature: the line of the post is not bold.
    post_bold=False,
)

LAYOUTS: tuple[Layout, ...] = (STATE_LAYOUT_2020, PARTY_LAYOUT_2018, PARTY_LAYOUT_2026)


def layout_on(day: date, family: Family = Family.STATE) -> Layout:
    """Return the family's layout in force on a day. Raises LookupError for a day before the first that is known."""
    known = [layout for layout in LAYOUTS if layout.family is family and layout.in_force_from <= day]
    if not known:
        raise LookupError(f"No layout of official papers ({family}) is known for {day:%d/%m/%Y}.")
    return max(known, key=lambda layout: layout.in_force_from)
