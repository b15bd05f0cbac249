"""A document as the paper it becomes, and what its form still lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nennep.documents import papers
from nennep.documents.docx import render_docx
from nennep.documents.models import Dispatch, Document, DocumentType
from nennep.documents.papers import Component, Letterhead, layout_check, opinions_paper, paper_of
from nennep.documents.queries.drafts import opinion_matrix
from nennep.documents.rules import layout_on
from nennep.documents.rules.layout import Family
from nennep.documents.rules.paper import Align, Capacity, Emphasis, Figure, Heading, Level, Paper, Paragraph, Table
from nennep.documents.rules.text import Text, parse
from nennep.documents.services import drafts, opinions, route
from tests.cast import NOW, Cast
from tests.documents.world import issued, signed, written

Types = dict[str, DocumentType]
TODAY = NOW.date()
HEAD = Letterhead(
    issuer="Bộ đội Biên phòng tỉnh Sơn Hà",
    unit_symbol="BĐBP",
    place="Sơn Hà",
    superior="Bộ Tư lệnh Bộ đội Biên phòng",
    office="TM",
    addressees=("Bộ Tư lệnh Bộ đội Biên phòng",),
    recipients=("Như trên", "Lưu: VT, KHTH"),
    kinds={"post": "Các đồn Biên phòng"},
)
COMMITTEE = Letterhead(issuer="Đảng ủy BĐBP tỉnh Sơn Hà", unit_symbol="ĐU", place="Sơn Hà", recipients=("Lưu Đảng ủy",))
PLAN = """Căn cứ Chỉ thị số 05-CT/ĐU ngày 10 tháng 11 năm 2026;
Căn cứ Kế hoạch số 12/KH-BĐBP ngày 05 tháng 01 năm 2026.
Ban Chỉ huy xây dựng kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Tạo chuyển biến rõ về chất lượng tuyên truyền.
II. NHIỆM VỤ
1. Tuyên truyền
a) Tổ chức [[figure|law.talks|48]] buổi tại 18 xã.
- Mỗi bản một buổi.
2. Rà soát, phân công lại đảng viên phụ trách hộ.
| TT | Đồn | Số hộ |
| 1 | Nậm Ngà | 120 |
| 2 | Tả Lùng | [[figure|households|2.604]] |"""


def drafted(cast: Cast, types: Types, text: str = PLAN, code: str = "plan") -> Document:
    document = written(cast, types, unit="SH", code=code, text=parse(text))
    appointment = cast.people["hanh"].appointments.get()
    if code in {"plan", "official_letter"}:
        route.choose_signer(document.pk, appointment.pk, by=cast.actor("hanh"))
    document.refresh_from_db()
    return document


def paper_and_text(document: Document, head: Letterhead = HEAD) -> tuple[Paper, Text]:
    text = Text.from_json(document.draft)
    return paper_of(document, text, head, day=TODAY), text


def failing(paper: Paper, text: Text | None = None) -> set[Component]:
    return {point.component for point in layout_check(paper, text) if not point.holds}


def test_a_good_draft_satisfies_all_fourteen_components(cast: Cast, types: Types) -> None:
    paper, text = paper_and_text(drafted(cast, types))

    points = layout_check(paper, text)

    assert len(points) == 14
    assert failing(paper, text) == set()
    assert all(point.clause.startswith("Nghị định 30/2020/NĐ-CP Phụ lục I, phần II, mục") for point in points)


def test_the_text_becomes_blocks_of_the_paper(cast: Cast, types: Types) -> None:
    paper, _text = paper_and_text(drafted(cast, types))

    assert paper.bases[0].startswith("Căn cứ Chỉ thị số 05-CT/ĐU")
    assert paper.blocks[1] == Heading(Level.ROMAN, "I", "MỤC ĐÍCH, YÊU CẦU")
    assert paper.blocks[2] == Paragraph(("1. ", "Tạo chuyển biến rõ về chất lượng tuyên truyền."))
    assert paper.blocks[4] == Heading(Level.CLAUSE, "1", "Tuyên truyền")
    assert paper.blocks[5] == Paragraph(("a) ", "Tổ chức ", Figure("48", "law.talks"), " buổi tại 18 xã."))
    assert paper.blocks[6] == Paragraph(("- ", "Mỗi bản một buổi."))
    table = paper.blocks[8]
    assert isinstance(table, Table)
    assert [column.align for column in table.columns] == [Align.RIGHT, Align.LEFT, Align.RIGHT]
    assert table.rows[1].cells == ("2", "Tả Lùng", Figure("2.604", "households"))


def test_an_article_with_its_words_in_one_line_is_bold_in_its_number_alone(cast: Cast, types: Types) -> None:
    paper, _text = paper_and_text(drafted(cast, types, "Điều 1. Ban hành kèm theo Quyết định này quy chế làm việc."))

    [article] = paper.blocks
    assert isinstance(article, Paragraph)
    assert article.spans[0] == Emphasis("Điều 1.", bold=True)


def test_a_draft_leaves_number_and_day_blank_and_names_who_is_to_sign(cast: Cast, types: Types) -> None:
    paper, _text = paper_and_text(drafted(cast, types))

    assert paper.number is None
    assert paper.symbol == "KH-BĐBP"
    assert paper.signature is not None
    assert (paper.signature.name, paper.signature.capacity) == ("Vi Thị Hạnh", Capacity.OWN)
    assert "ngày \N{NO-BREAK SPACE}" in paper.place_and_date()


def test_what_is_issued_bears_its_number_day_and_who_signed(cast: Cast, types: Types) -> None:
    document = issued(cast, signed(cast, types, unit="SH")).document

    paper = paper_of(document, Text.from_json(document.draft), HEAD, day=date(2027, 1, 1))

    assert (paper.number, paper.symbol, paper.dated_on) == (1, "KH-BTL", TODAY)
    assert paper.signature is not None
    assert paper.signature.named() == "Đại úy Vi Thị Hạnh"


def test_few_units_are_named_one_by_one_and_superiors_are_marked(cast: Cast, types: Types) -> None:
    document = drafted(cast, types)
    for code in ("HQ", "SH-1", "SH-2"):
        Dispatch.objects.create(document=document, unit_id=cast.units[code])

    paper, _text = paper_and_text(document)

    assert paper.recipients == (
        "Bộ Tư lệnh Bộ đội Biên phòng (để báo cáo)",
        "Đồn Biên phòng Nậm Ngà",
        "Đồn Biên phòng Tả Lùng",
        "Lưu: VT, KHTH",
    )


def test_many_units_are_named_by_their_kind(cast: Cast, types: Types, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_NAMED", 3)
    document = drafted(cast, types)
    for code in ("SH-1", "SH-2", "SH-3", "XX"):
        Dispatch.objects.create(document=document, unit_id=cast.units[code])

    paper, _text = paper_and_text(document)

    assert paper.recipients == ("Các đồn Biên phòng (03)", "Cơ quan đứng ngoài", "Lưu: VT, KHTH")


def test_a_letter_is_written_to_somebody_and_says_so(cast: Cast, types: Types) -> None:
    DocumentType.objects.filter(code="official_letter").update(has_addressee=True)
    document = drafted(cast, types, "Đề nghị bảo đảm phương tiện.", code="official_letter")

    paper, text = paper_and_text(document)

    assert (paper.symbol, paper.addressees) == ("BĐBP-TM", ("Bộ Tư lệnh Bộ đội Biên phòng",))
    assert paper.recipients == ("Như trên", "Lưu: VT, KHTH")
    assert failing(paper, text) == set()


def test_a_party_resolution_is_signed_for_the_committee(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="HQ", code="resolution", text=parse("1. Lãnh đạo tuần tra."))

    paper, text = paper_and_text(document, COMMITTEE)

    assert (paper.family, paper.symbol) == (Family.PARTY, "NQ/ĐU")
    assert paper.signature is not None
    assert paper.signature.lines(Family.PARTY) == ("T/M ĐẢNG ỦY", "BÍ THƯ")
    assert failing(paper, text) == {Component.SIGNER}
    assert all(point.clause.startswith("Hướng dẫn 05-HD/VPTW") for point in layout_check(paper))


GOOD = Paper(
    issuer="Đồn Biên phòng Nậm Ngà",
    symbol="KH-ĐBP",
    place="Sơn Hà",
    dated_on=TODAY,
    kind="Kế hoạch",
    subject="Tuần tra tháng 12",
    blocks=(Paragraph(("1. Tuần tra.",)),),
    recipients=("Lưu: VT",),
    signature=None,
)


@pytest.mark.parametrize(
    ("change", "component", "found"),
    [
        ({"issuer": " "}, Component.ISSUER, ""),
        ({"symbol": "KH - ĐBP"}, Component.SYMBOL, "KH - ĐBP"),
        ({"symbol": "-ĐBP"}, Component.SYMBOL, "-ĐBP"),
        ({"place": ""}, Component.PLACE, ""),
        ({"kind": ""}, Component.KIND, ""),
        ({"subject": "Tuần tra."}, Component.SUBJECT, "Tuần tra."),
        ({"bases": ("Căn cứ A.", "Căn cứ B.")}, Component.BASES, "Căn cứ A."),
        ({"bases": ("Căn cứ A;", "Căn cứ B;")}, Component.BASES, "Căn cứ B;"),
        ({"blocks": ()}, Component.TEXT, ""),
        ({"blocks": (*GOOD.blocks, Heading(Level.ROMAN, "I", "Trống"))}, Component.TEXT, "I. TRỐNG"),
        ({"addressees": ("Tỉnh ủy",)}, Component.ADDRESSEES, "Tỉnh ủy"),
        ({"kind": "Báo cáo"}, Component.ADDRESSEES, ""),
        ({"recipients": ()}, Component.RECIPIENTS, ""),
        ({"recipients": ("Lưu: VT", "Các đồn")}, Component.RECIPIENTS, "Các đồn"),
        ({"kind": "Báo cáo", "addressees": ("A",), "recipients": ("B", "Lưu: VT")}, Component.RECIPIENTS, "B"),
    ],
)
def test_each_component_is_held_against_its_rule(change: dict[str, object], component: Component, found: str) -> None:
    paper = replace(GOOD, **change)  # type: ignore[arg-type]

    points = {point.component: point for point in layout_check(paper)}

    assert (points[component].holds, points[component].found) == (False, found)


def test_the_form_of_a_good_paper_is_good_but_for_its_missing_signer() -> None:
    assert failing(GOOD) == {Component.AUTHORITY, Component.SIGNER}


def test_bases_without_stops_are_given_theirs_when_printed() -> None:
    paper = replace(GOOD, bases=("Căn cứ A", "Căn cứ B"))

    assert Component.BASES not in failing(paper)
    assert paper.basis_lines(layout_on(TODAY)) == ("Căn cứ A;", "Căn cứ B.")


def test_numbers_that_do_not_follow_count_against_the_form(cast: Cast, types: Types) -> None:
    paper, text = paper_and_text(drafted(cast, types, "I. MỘT\n1. A.\n3. B."))

    [point] = [point for point in layout_check(paper, text) if not point.holds]

    assert (point.component, point.found) == (Component.NUMBERING, "I.3: sau 1 là 3")


def test_the_table_of_opinions_says_what_became_of_each(cast: Cast, types: Types) -> None:
    document = drafted(cast, types)
    by = cast.actor("hanh")
    ids = [cast.units["SH-1"], cast.units["SH-2"], cast.units["SH-3"]]
    first, second, _silent = opinions.ask_opinions(document.pk, ids, TODAY, revision=1, by=by)
    said = [opinions.Said("Thêm bản giáp biên.", "b8"), opinions.Said("Bỏ mục 2.", "b10")]
    opinions.give_opinions(first.pk, said, by=cast.actor("thanh"))
    opinions.give_opinions(second.pk, [], by=cast.actor("pao"))
    more = PLAN.replace("48]] buổi tại 18 xã", "48]] buổi tại 18 xã, bản giáp biên")
    drafts.save_typed(document.pk, more, revision=1, by=by)
    taken_in, refused = first.opinions.order_by("pk")
    opinions.accept_opinion(taken_in.pk, by=by)
    opinions.explain_opinion(refused.pk, "Theo chỉ đạo của cấp trên.", by=by)
    document.refresh_from_db()

    paper = opinions_paper(document, opinion_matrix(document.pk, by=by), HEAD, day=TODAY)

    table = paper.annexes[0].blocks[0]
    assert isinstance(table, Table)
    told = [row.cells for row in table.rows]
    assert told[0][4] == "Tiếp thu. Sửa thành: “Tổ chức 48 buổi tại 18 xã, bản giáp biên.”"
    assert told[1][4] == "Giải trình. Theo chỉ đạo của cấp trên."
    assert [row[3] for row in told[2:]] == ["Nhất trí, không có ý kiến thêm", "Chưa trả lời"]
    assert render_docx(paper).startswith(b"PK")
