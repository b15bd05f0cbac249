"""Papers of the party and of the state as PDF, read again and measured: both families, each date, and letters."""

import io
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from nennep.documents.faces import width_mm
from nennep.documents.pdf import render_pdf
from nennep.documents.rules import (
    PARTY_LAYOUT_2018,
    PARTY_LAYOUT_2026,
    STATE_LAYOUT_2020,
    Capacity,
    Family,
    Layout,
    Paper,
    Signature,
    Urgency,
)
from nennep.documents.rules.parts import URGENCY_STAMPS
from tests.documents.measuring import MM, Piece, piece, pieces, rules
from tests.documents.other_papers import (
    IN_2025,
    IN_2026,
    PARTY_DAYS,
    party_letter,
    party_resolution,
    state_decision,
    state_letter,
)

SINGLE = 1.149
LEFT, RIGHT, TOP, BOTTOM = 30, 15, 20, 20


@cache
def pages_of(paper: Paper) -> list[Any]:
    return list(PdfReader(io.BytesIO(render_pdf(paper))).pages)


def centre(found: Piece) -> float:
    return (found.left + found.right) / 2


def beginning(page: Any, words: str) -> Piece:
    return next(found for found in pieces(page) if found.text.startswith(words))


@pytest.mark.parametrize("paper", [party_resolution(day) for day in PARTY_DAYS], ids=["2018", "2026"])
def test_a_paper_of_the_party_keeps_to_its_margins_on_every_page(paper: Paper) -> None:
    for page in pages_of(paper):
        text = [found for found in pieces(page) if not found.text.isdigit()]

        assert (float(page.mediabox.width) / MM, float(page.mediabox.height) / MM) == pytest.approx((210, 297), abs=0.1)
        assert min(found.left for found in text) >= LEFT - 0.1
        assert max(found.right for found in text) <= 210 - RIGHT + 1
        assert min(found.base - found.size * 0.89 / MM for found in text) >= TOP - 0.1
        assert max(found.base for found in text) <= 297 - BOTTOM


# words, size, face, item of guideline 36, part II
PARTY_HEAD = [
    ("ĐẢNG CỘNG SẢN VIỆT NAM", 15, "Tinos-Bold", "1.1"),
    ("ĐẢNG BỘ QUÂN SỰ SƠN LÂM", 14, "Tinos-Regular", "1.2"),
    ("ĐẢNG ỦY BỘ ĐỘI BIÊN PHÒNG", 14, "Tinos-Bold", "1.2"),
    ("*", 14, "Tinos-Regular", "1.2"),
    ("Số 07-NQ/ĐU", 14, "Tinos-Regular", "1.3"),
    ("NGHỊ QUYẾT", 16, "Tinos-Bold", "1.5"),
    ("về lãnh đạo thực hiện nhiệm vụ sáu tháng cuối năm", 15, "Tinos-Bold", "1.5"),
]


@pytest.mark.parametrize("day", PARTY_DAYS)
@pytest.mark.parametrize(("words", "size", "face", "item"), PARTY_HEAD)
def test_the_head_of_the_party_has_the_sizes_and_faces_of_its_items(
    day: date, words: str, size: float, face: str, item: str
) -> None:
    found = piece(pages_of(party_resolution(day))[0], words)

    assert (found.size, found.face) == (size, face), item


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_head_of_the_party_stands_where_its_items_put_it(day: date) -> None:
    page = pages_of(party_resolution(day))[0]
    issuer, sign, number = (piece(page, words) for words in ("ĐẢNG ỦY BỘ ĐỘI BIÊN PHÒNG", "*", "Số 07-NQ/ĐU"))
    party, dated = piece(page, "ĐẢNG CỘNG SẢN VIỆT NAM"), beginning(page, "Sơn Lâm, ngày")

    # 1.2: the asterisk under the issuing body; 1.3: the number under it.
    assert centre(sign) == pytest.approx(centre(issuer), abs=0.5)
    assert centre(number) == pytest.approx(centre(issuer), abs=0.5)
    assert issuer.base < sign.base < number.base
    # 1.1: the party at the top right in the first line; 1.4: place and date in the row of the number, 14 italic.
    assert issuer.right < party.left
    assert party.base == pytest.approx(piece(page, "ĐẢNG BỘ QUÂN SỰ SƠN LÂM").base, abs=0.6)
    assert dated.base == pytest.approx(number.base, abs=0.1)
    assert (dated.size, dated.face) == (14, "Tinos-Italic")
    # 1.5: kind, subject and the five hyphens in the middle of the text.
    for words in ("NGHỊ QUYẾT", "-----"):
        assert centre(piece(page, words)) == pytest.approx(LEFT + 165 / 2, abs=0.5)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_only_rule_of_a_party_paper_is_as_long_as_the_name_of_the_party(day: date) -> None:
    lines = [length for length in rules(pages_of(party_resolution(day))[0]) if length > 1]

    assert lines == [pytest.approx(width_mm("ĐẢNG CỘNG SẢN VIỆT NAM", 15, bold=True), abs=0.2)]


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_motto_of_the_state_stands_on_no_paper_of_the_party(day: date) -> None:
    text = " ".join(page.extract_text() for page in pages_of(party_resolution(day)))

    assert "Độc lập" not in text
    assert "CỘNG HÒA" not in text


# layout, indent in mm, distance of lines in points from, to
TEXT = [
    (IN_2025, PARTY_LAYOUT_2018, 12.7, 14 * SINGLE, 14 * SINGLE * 1.5),
    (IN_2026, PARTY_LAYOUT_2026, 10, 18, 20),
]


@pytest.mark.parametrize(("day", "layout", "indent", "least", "most"), TEXT)
def test_the_text_has_the_indent_and_distance_of_lines_of_its_date(
    day: date, layout: Layout, indent: float, least: float, most: float
) -> None:
    body = pieces(pages_of(party_resolution(day))[0])
    first = next(found for found in body if found.text.startswith("Quán triệt"))
    second = body[body.index(first) + 1]

    assert first.left == pytest.approx(LEFT + indent, abs=0.1)
    assert second.left == pytest.approx(LEFT, abs=0.1)
    assert first.size == layout.body_pt == 14
    assert least <= (second.base - first.base) * MM <= most
    if layout.exact_line_pt:
        assert (second.base - first.base) * MM == pytest.approx(layout.exact_line_pt, abs=0.05)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_number_of_a_party_page_stands_centred_in_the_top_margin_from_the_second_page(day: date) -> None:
    first, second = pages_of(party_resolution(day))
    (number,) = (found for found in pieces(second) if found.base < TOP)

    assert not [found for found in pieces(first) if found.base < TOP]
    assert (number.text, number.size) == ("2", 14)
    assert centre(number) == pytest.approx(LEFT + 165 / 2, abs=0.5)


# day, the line of the post, its face, the end of the text
FEET = [(IN_2025, "Tinos-Bold", "thực hiện./."), (IN_2026, "Tinos-Regular", "thực hiện.")]


@pytest.mark.parametrize(("day", "face", "end"), FEET)
def test_the_foot_of_a_party_paper_is_signed_and_sent_as_its_date_asks(day: date, face: str, end: str) -> None:
    page = pages_of(party_resolution(day))[-1]
    authority, post, signer = (piece(page, words) for words in ("T/M ĐẢNG ỦY", "PHÓ BÍ THƯ", "Trần Văn Ẩn"))

    assert [(found.size, found.face) for found in (authority, post, signer)] == [
        (14, "Tinos-Bold"),
        (14, face),
        (14, "Tinos-Bold"),
    ]
    assert centre(authority) == pytest.approx(centre(post), abs=0.5) == pytest.approx(centre(signer), abs=0.5)
    assert authority.base < post.base < signer.base - 20
    label, last = beginning(page, "Nơi nhận"), piece(page, "- Lưu Đảng ủy.")
    assert (label.size, label.face) == (14, "Tinos-Regular")
    assert last.size == 12
    assert label.left == pytest.approx(LEFT, abs=0.1)
    assert beginning(page, "Nghị quyết được phổ biến").text.endswith(end)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_the_label_of_the_recipients_is_underlined_over_its_length(day: date) -> None:
    page = pages_of(party_resolution(day))[-1]

    (under,) = (length for length in rules(page) if length > 1)

    assert under == pytest.approx(width_mm("Nơi nhận", 14), abs=0.5)


# --- letters, bases, urgency -----------------------------------------------------------------------------------------

# letter, its subject, size and face, clause
LETTERS = [
    (state_letter(), "V/v nắm", 12, "Tinos-Regular", "NĐ 30/2020 II.5, ô 5b"),
    (party_letter(IN_2025), "V/v báo", 12, "Tinos-Italic", "HD 36 II.1.5"),
    (party_letter(IN_2026), "về việc", 12, "Tinos-Italic", "HD 36 II.1.5"),
]


@pytest.mark.parametrize(("letter", "begins", "size", "face", "clause"), LETTERS)
def test_the_subject_of_a_letter_stands_centred_under_its_number(
    letter: Paper, begins: str, size: float, face: str, clause: str
) -> None:
    page = pages_of(letter)[0]
    number, subject = beginning(page, "Số"), beginning(page, begins)

    assert (subject.size, subject.face) == (size, face), clause
    assert centre(subject) == pytest.approx(centre(number), abs=1.5)
    # Six points between the two, from the foot of one line to the head of the next.
    gap = (subject.base - number.base) * MM - size * 0.891 - number.size * 0.216
    assert gap == pytest.approx(6, abs=1)


def test_addressees_of_a_letter_stand_under_the_colon_and_one_alone_in_the_middle() -> None:
    several, one = pages_of(state_letter())[0], pages_of(party_letter(IN_2025))[0]

    colon = beginning(several, "Kính gửi:")
    assert piece(several, "- Các đồn Biên phòng;").left == pytest.approx(colon.right - 1, abs=1)
    assert centre(beginning(one, "Kính gửi: Các chi bộ")) == pytest.approx(LEFT + 165 / 2, abs=0.5)


def test_legal_bases_of_the_state_are_italic_and_each_begins_a_line() -> None:
    page = pages_of(state_decision())[0]

    for words in ("Căn cứ Luật", "Căn cứ Nghị định", "Theo đề nghị"):
        found = beginning(page, words)
        assert (found.size, found.face) == (14, "Tinos-Italic")
        assert found.left == pytest.approx(LEFT + 12.7, abs=0.1)


@pytest.mark.parametrize("day", PARTY_DAYS)
def test_legal_bases_of_the_party_are_upright_and_each_begins_with_a_dash(day: date) -> None:
    found = beginning(pages_of(party_resolution(day))[0], "- Căn cứ Điều lệ")

    assert found.face == "Tinos-Regular"


@dataclass(frozen=True)
class Box:
    width: float
    height: float
    colour: tuple[float, ...]


def boxes(page: Any) -> list[Box]:
    """Return the drawn rectangles of a page that stand alone, in mm, with the colour of their edge."""
    found: list[Box] = []
    colour: tuple[float, ...] = ()
    corners: list[tuple[float, float]] = []

    def see(operator: bytes, operands: Any, *_: Any) -> None:
        nonlocal colour, corners
        if operator in {b"SCN", b"RG"}:
            colour = tuple(float(one) for one in operands if not isinstance(one, str))
        if operator == b"m":
            corners = []
        if operator in {b"m", b"l"}:
            corners.append((float(operands[0]), float(operands[1])))
        if operator == b"re":
            x, y, width, height = (float(one) for one in operands)
            corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        if operator in {b"S", b"s"} and len(corners) >= 4:
            across, up = ({round(corner[axis], 2) for corner in corners} for axis in (0, 1))
            found.append(Box((max(across) - min(across)) / MM, (max(up) - min(up)) / MM, colour))

    page.extract_text(visitor_operand_before=see)
    return found


@pytest.mark.parametrize("urgency", list(URGENCY_STAMPS))
def test_the_stamp_of_urgency_is_a_red_box_in_its_size_with_bold_words_in_its_middle(urgency: Urgency) -> None:
    words, width = URGENCY_STAMPS[urgency]
    page = pages_of(replace(state_decision(), urgency=urgency))[0]

    (box,) = (box for box in boxes(page) if box.height > 5 and box.width < 50)

    assert (box.width, box.height) == pytest.approx((width, 8), abs=0.1)
    assert box.colour == (1, 0, 0)
    stamp = piece(page, words)
    assert (stamp.size, stamp.face) == (13, "Tinos-Bold")
    assert centre(stamp) == pytest.approx(centre(beginning(page, "Số: 105")), abs=0.5)
    assert stamp.base > beginning(page, "Số: 105").base


def test_a_paper_that_is_not_urgent_has_no_stamp() -> None:
    page = pages_of(replace(state_decision(), urgency=Urgency.NORMAL))[0]

    assert not [box for box in boxes(page) if box.colour == (1, 0, 0)]


# --- every right to sign ---------------------------------------------------------------------------------------------

CAPACITIES = [
    (Family.STATE, Capacity.COLLECTIVE, "TM. BAN CHỈ HUY"),
    (Family.STATE, Capacity.DEPUTY, "KT. BAN CHỈ HUY"),
    (Family.STATE, Capacity.ORDER, "TL. BAN CHỈ HUY"),
    (Family.STATE, Capacity.DELEGATED, "TUQ. BAN CHỈ HUY"),
    (Family.PARTY, Capacity.COLLECTIVE, "T/M BAN CHỈ HUY"),
    (Family.PARTY, Capacity.DEPUTY, "K/T BAN CHỈ HUY"),
    (Family.PARTY, Capacity.ORDER, "T/L BAN CHỈ HUY"),
]


@pytest.mark.parametrize("day", PARTY_DAYS)
@pytest.mark.parametrize(("family", "capacity", "line"), CAPACITIES)
def test_each_right_to_sign_is_printed_bold_above_the_post(
    day: date, family: Family, capacity: Capacity, line: str
) -> None:
    signature = Signature("Chủ nhiệm", "Lê Thị Ỷ", capacity=capacity, in_place_of="Ban Chỉ huy")
    page = pages_of(replace(party_letter(day), family=family, signature=signature))[0]

    authority, post = piece(page, line), piece(page, "CHỦ NHIỆM")

    assert (authority.size, authority.face) == (14, "Tinos-Bold")
    assert 0 < (post.base - authority.base) * MM < 14 * SINGLE * 1.5
    is_bold = family is Family.STATE or day == IN_2025
    assert post.face == ("Tinos-Bold" if is_bold else "Tinos-Regular")


def test_a_state_paper_has_no_sign_of_the_party() -> None:
    text = [found.text for page in pages_of(state_decision()) for found in pieces(page)]

    assert STATE_LAYOUT_2020.country in text
    assert not {"*", "-----", "ĐẢNG CỘNG SẢN VIỆT NAM"} & set(text)
