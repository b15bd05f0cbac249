"""The text of a document: what is typed, how it is cited, and what changed between two texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.documents.rules.paper import Level
from nennep.documents.rules.text import (
    Binding,
    Block,
    BlockKind,
    ChangeKind,
    PieceKind,
    Reference,
    Text,
    TooLong,
    Unreadable,
    compare,
    differing,
    digest,
    label_of,
    labels,
    numbered,
    numbering_gaps,
    parse,
    pieces_of,
    references,
    shown,
    spans,
    tidy,
    typed,
)

K, L = BlockKind, Level

# --- what a line is -------------------------------------------------------------------------------

LINES = [
    # typed, kind, level, number, words
    ("Căn cứ Nghị định số 30/2020/NĐ-CP;", K.BASIS, None, "", "Căn cứ Nghị định số 30/2020/NĐ-CP;"),
    ("- Căn cứ Điều lệ Đảng;", K.BASIS, None, "", "Căn cứ Điều lệ Đảng;"),
    ("Theo đề nghị của Chủ nhiệm Chính trị.", K.BASIS, None, "", "Theo đề nghị của Chủ nhiệm Chính trị."),
    ("Thực hiện Chỉ thị số 05-CT/ĐU;", K.BASIS, None, "", "Thực hiện Chỉ thị số 05-CT/ĐU;"),
    ("Thực hiện tốt công tác dân vận.", K.PARAGRAPH, None, "", "Thực hiện tốt công tác dân vận."),
    ("Căn cứ tình hình, đơn vị xây dựng kế hoạch như sau:", K.PARAGRAPH, None, "", None),
    ("I. MỤC ĐÍCH, YÊU CẦU", K.HEADING, L.ROMAN, "I", "MỤC ĐÍCH, YÊU CẦU"),
    ("IV- Tổ chức thực hiện", K.HEADING, L.ROMAN, "IV", "Tổ chức thực hiện"),
    ("IIII. Không phải số La Mã", K.PARAGRAPH, None, "", None),
    ("C. Không phải mục La Mã", K.PARAGRAPH, None, "", None),
    ("Điều 5.", K.HEADING, L.ARTICLE, "5", ""),
    ("Điều 5. Hiệu lực thi hành", K.HEADING, L.ARTICLE, "5", "Hiệu lực thi hành"),
    ("Điều 5 của Luật quy định như sau.", K.PARAGRAPH, None, "", None),
    ("Phần thứ nhất", K.HEADING, L.PART, "thứ nhất", ""),
    ("CHƯƠNG II QUY ĐỊNH CHUNG", K.HEADING, L.CHAPTER, "II", "QUY ĐỊNH CHUNG"),
    ("Mục 1: Tiếp nhận", K.HEADING, L.SECTION, "1", "Tiếp nhận"),
    ("Mục 1 của kế hoạch nêu rõ", K.PARAGRAPH, None, "", None),
    ("Tiểu mục 2. Đăng ký", K.HEADING, L.SUBSECTION, "2", "Đăng ký"),
    ("QUYẾT ĐỊNH:", K.HEADING, L.PART, "", "QUYẾT ĐỊNH:"),
    ("ĐÁNH GIÁ CHUNG", K.HEADING, L.ROMAN, "", "ĐÁNH GIÁ CHUNG"),
    ("UBND", K.PARAGRAPH, None, "", None),
    ("1. Tuần tra biên giới.", K.CLAUSE, None, "1", "Tuần tra biên giới."),
    ("1.\tTuần tra, số do Word đánh.", K.CLAUSE, None, "1", "Tuần tra, số do Word đánh."),
    ("\t2.\tThụt đầu dòng.", K.CLAUSE, None, "2", "Thụt đầu dòng."),
    ("1.2. Cấp hai.", K.CLAUSE, None, "1.2", "Cấp hai."),
    ("3/ Kiểu cũ.", K.CLAUSE, None, "3", "Kiểu cũ."),
    ("4.", K.CLAUSE, None, "4", ""),
    ("1.151 lượt tổ tuần tra.", K.PARAGRAPH, None, "", None),
    ("2026 là năm cuối.", K.PARAGRAPH, None, "", None),
    ("a) Lực lượng.", K.POINT, None, "a", "Lực lượng."),
    ("đ) Phương tiện.", K.POINT, None, "đ", "Phương tiện."),
    ("b. Kiểu cũ.", K.POINT, None, "b", "Kiểu cũ."),
    ("- Một ý.", K.DASH, None, "", "Một ý."),
    ("–Một ý dính liền.", K.DASH, None, "", "Một ý dính liền."),
    ("-5 độ C.", K.PARAGRAPH, None, "", None),
    ("+ Ý nhỏ.", K.DASH, None, "+", "Ý nhỏ."),
    ("\\1. Không phải khoản.", K.PARAGRAPH, None, "", "1. Không phải khoản."),
]


@pytest.mark.parametrize(("line", "kind", "level", "number", "words"), LINES)
def test_a_line_is_what_it_looks_like(
    line: str, kind: BlockKind, level: Level | None, number: str, words: str | None
) -> None:
    [block] = parse(line).blocks

    assert (block.kind, block.level, block.number) == (kind, level, number)
    assert block.text == (line if words is None else words)


def test_a_basis_stands_only_before_the_text() -> None:
    text = parse("Căn cứ A;\nMở đầu.\nCăn cứ B, đơn vị làm theo.")

    assert [block.kind for block in text.blocks] == [K.BASIS, K.PARAGRAPH, K.PARAGRAPH]


def test_a_title_may_stand_below_its_chapter() -> None:
    [block] = parse("Chương I\nQUY ĐỊNH CHUNG").blocks

    assert (block.level, block.number, block.text) == (L.CHAPTER, "I", "QUY ĐỊNH CHUNG")


def test_a_sentence_broken_over_lines_is_one_block() -> None:
    text = parse("1. Tổ chức tuần tra\nsong phương và\ntuyên truyền.\n2. Báo cáo.\n\nvà thêm nữa.")

    told = [block.text for block in text.blocks]
    assert told == ["Tổ chức tuần tra song phương và tuyên truyền.", "Báo cáo.", "và thêm nữa."]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ("TT\tĐơn vị\tSố\n1\tNậm Ngà\t5", (("TT", "Đơn vị", "Số"), ("1", "Nậm Ngà", "5"))),
        ("TT | Đơn vị\n1 | Nậm Ngà", (("TT", "Đơn vị"), ("1", "Nậm Ngà"))),
        ("| TT | Đơn vị |\n| 1 |", (("TT", "Đơn vị"), ("1", ""))),
        ("\tQuý I\tQuý II\nBuổi\t3\t4", (("", "Quý I", "Quý II"), ("Buổi", "3", "4"))),
        ("| a \\| b | [[figure|k|1]] |", (("a | b", "[[figure|k|1]]"),)),
    ],
)
def test_lines_with_tabs_or_bars_are_a_table(lines: str, rows: tuple[tuple[str, ...], ...]) -> None:
    [block] = parse(lines).blocks

    assert block.kind is K.TABLE
    assert block.rows == rows


def test_an_empty_line_ends_a_table() -> None:
    assert len(parse("a | b\n\nc | d").blocks) == 2


def test_words_are_composed_and_what_cannot_be_seen_is_left_out() -> None:
    [block] = parse("Tuâ\u0300n\u200b tra\u00a0 biên  giới\u00ad.").blocks

    assert block.text == "Tuần tra biên giới."


PIECES = st.sampled_from(
    [
        "Căn cứ ", "căn cứ", "Thực hiện", "I. ", "IV- ", "V. ", "1. ", "1.\t", "1.1. ", "2)", "a) ", "đ)", "- ", "-",
        "+ ", "Điều 5.", "Điều 5 ", "Phần I", "Chương II\n", "Mục 1", "Tiểu mục 2: ", "thứ nhất", "QUYẾT ĐỊNH:",
        "ABC DEF", " | ", "|", "|-|", "\\", "\\|", "\t", "\n", "\n\n", "\r\n", "\x0b", "xin chào", "Nhà nước", ";", ".",
        ":", " ", "[[figure|a|", "[[statement|1|s|", "]]", "]", "\u0301", "\u200b", "ß", "ŉ A",
    ]
)  # fmt: skip
TYPED = st.one_of(st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=14).map("".join))


def bare(text: Text) -> list[object]:
    return [(block.kind, block.level, block.number, block.text, block.rows) for block in text.blocks]


@settings(deadline=None, max_examples=300)
@given(TYPED)
def test_what_is_read_and_typed_again_reads_the_same(anything: str) -> None:
    text = parse(anything)

    assert bare(parse(typed(text))) == bare(text)
    assert parse(typed(text), text) == text
    assert Text.from_json(text.as_json()) == text


@settings(deadline=None, max_examples=200)
@given(TYPED, TYPED)
def test_a_comparison_holds_all_of_both_texts(one: str, other: str) -> None:
    before = parse(one)
    after = parse(other, before)

    changes = compare(before, after)

    assert [change.after for change in changes if change.after] == list(after.blocks)
    gone_or_kept = {change.before.id for change in changes if change.before}
    assert gone_or_kept == {block.id for block in before.blocks}
    for change in changes:
        old = "".join(piece.text for piece in change.pieces if piece.kind is not PieceKind.ADDED)
        new = "".join(piece.text for piece in change.pieces if piece.kind is not PieceKind.GONE)
        assert change.before is None or old == change.before.words or change.kind is ChangeKind.SAME
        assert change.after is None or new == change.after.words


# --- names of blocks ------------------------------------------------------------------------------

BEFORE = "I. NHIỆM VỤ\n1. Tổ chức tuần tra biên giới, cột mốc.\n2. Tuyên truyền pháp luật tại 18 xã.\n3. Báo cáo."


def names(text: Text) -> dict[str, str]:
    return {block.text: block.id for block in text.blocks}


def test_a_rewritten_and_renumbered_clause_keeps_its_name_and_what_it_binds() -> None:
    before = parse(BEFORE)
    bound = Binding(date(2026, 12, 25), "patrol.teams", Decimal(48), ("SH-1",))
    before = before.with_block(Block("b3", K.CLAUSE, None, "2", "Tuyên truyền pháp luật tại 18 xã.", binding=bound))

    after = parse(
        "I. NHIỆM VỤ\n1. Tổ chức tuần tra biên giới, cột mốc.\n2. Huấn luyện.\n3. Tuyên truyền pháp luật tại 20 xã.",
        before,
    )

    assert names(after)["Tuyên truyền pháp luật tại 20 xã."] == "b3"
    assert after.blocks[3].binding == bound
    assert names(after)["Huấn luyện."] == "b5"


def test_the_name_of_a_block_that_is_gone_is_never_given_again() -> None:
    before = parse(BEFORE)
    shorter = parse(BEFORE.replace("\n3. Báo cáo.", ""), before)

    longer = parse(f"{typed(shorter)}\n\n3. Việc khác hẳn.", shorter)

    assert names(before)["Báo cáo."] == "b4"
    assert names(longer)["Việc khác hẳn."] == "b5"


def test_blocks_that_say_the_same_keep_their_order() -> None:
    before = parse("1. Như nhau.\n2. Khác.\n3. Như nhau.")

    after = parse("1. Như nhau.\n2. Như nhau.\n3. Khác.", before)

    assert [block.id for block in after.blocks] == ["b1", "b3", "b2"]


# --- how parts are cited --------------------------------------------------------------------------


def test_parts_are_cited_as_people_cite_them() -> None:
    text = parse(
        "Căn cứ A;\nMở đầu.\nI. MỘT\n1. Khoản.\na) Điểm.\nđ) Điểm.\n- Gạch.\n- Gạch.\n1.1. Cấp hai.\n"
        "II. HAI\na) Thẳng.\nx | y"
    )

    assert list(labels(text).values()) == [
        "căn cứ 1", "đoạn 1", "I", "I.1", "I.1a", "I.1đ", "I.1đ gạch 1", "I.1đ gạch 2", "I.1.1", "II", "II.a", "bảng 1",
    ]  # fmt: skip


def test_articles_and_parts_are_named() -> None:
    text = parse("Phần I. MỞ ĐẦU\nI. MỘT\n1. A.\nChương II. CHUNG\nĐiều 5. Tên\n2. Khoản.\na) Điểm.")

    assert label_of(text, text.blocks[2]) == "Phần I, I.1"
    assert label_of(text, text.blocks[-1]) == "Điều 5.2a"


def test_without_headings_clauses_are_cited_alone() -> None:
    text = parse("1. A.\na) B.")

    assert list(labels(text).values()) == ["1", "1a"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("1. A\n2. B\n4. C", ["sau 2 là 4"]),
        ("2. A\n3. B", ["bắt đầu từ 2"]),
        ("1. A\n1. B", ["sau 1 là 1"]),
        ("I. A\n1. B\nII. C\n1. D", []),
        ("I. A\nIII. B", ["sau I là III"]),
        ("1. A\na) B\nb) C\nc) D\nd) E\nđ) F\ne) G", []),
        ("1. A\nd) B\ne) C", ["bắt đầu từ d", "sau d là e"]),
        ("1. A\na) B\n2. C\na) D", []),
        ("1. A\n1.1. B\n1.2. C\n2. D\n2.1. E\n2.3. F", ["sau 2.1 là 2.3"]),
        ("Chương I. A\nĐiều 1. B\nChương II. C\nĐiều 2. D", []),
        ("Chương I. A\nĐiều 1. B\nChương II. C\nĐiều 4. D", ["sau 1 là 4"]),
        ("Phần thứ nhất. A\nPhần thứ hai. B", []),
        ("MỘT PHẦN\n1. A\nHAI PHẦN\n1. B", []),
    ],
)
def test_numbers_that_do_not_follow_are_told(lines: str, told: list[str]) -> None:
    assert [str(gap) for gap in numbering_gaps(parse(lines))] == told


# --- references -----------------------------------------------------------------------------------


def test_figures_and_statements_are_named_in_the_text() -> None:
    text = parse("1. Tuần tra [[figure|patrol.teams|1.151]] lượt; [[statement|12|s1|tốt hơn]].\na | [[figure|x|2]]")

    assert [(block.id, one) for block, one in references(text)] == [
        ("b1", Reference("patrol.teams", "1.151")),
        ("b1", Reference("s1", "tốt hơn", 12)),
        ("b2", Reference("x", "2")),
    ]
    assert shown(text.blocks[0].text) == "Tuần tra 1.151 lượt; tốt hơn."


@pytest.mark.parametrize("broken", ["[[figure|a]]", "[[figure|a|b", "[[other|a|b]]", "[[statement|x|s|b]]", "[[ ]]"])
def test_what_only_looks_like_a_reference_stays_as_typed(broken: str) -> None:
    assert spans(f"Số {broken} lượt") == (f"Số {broken} lượt",)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=20))
def test_a_reference_never_loses_what_it_shows(words: str) -> None:
    reference = Reference("k", words)

    [block] = parse(f"1. x {reference.typed} y").blocks

    [found] = [span for span in spans(block.text) if isinstance(span, Reference)]
    assert "".join(found.shown.split()) == "".join(tidy(words).split())


# --- changes --------------------------------------------------------------------------------------


def test_each_kind_of_change_is_told() -> None:
    before = parse("1. Giữ nguyên đoạn này.\n2. Tổ chức 48 buổi tuyên truyền.\n3. Bỏ đi.\n4. Chuyển lên đầu văn bản.")
    after = parse(
        "1. Chuyển lên đầu văn bản.\n2. Giữ nguyên đoạn này.\n3. Tổ chức 60 buổi tuyên truyền.\n4. Hoàn toàn mới.",
        before,
    )

    told = [(change.kind, change.block.text) for change in compare(before, after)]

    assert told == [
        (ChangeKind.MOVED, "Chuyển lên đầu văn bản."),
        (ChangeKind.SAME, "Giữ nguyên đoạn này."),
        (ChangeKind.CHANGED, "Tổ chức 60 buổi tuyên truyền."),
        (ChangeKind.GONE, "Bỏ đi."),
        (ChangeKind.ADDED, "Hoàn toàn mới."),
    ]


def test_words_are_compared_within_a_block() -> None:
    pieces = pieces_of("Tổ chức 48 buổi tại xã.", "Tổ chức 60 buổi tại 18 xã.")

    assert [(piece.kind, piece.text) for piece in pieces if piece.kind is not PieceKind.SAME] == [
        (PieceKind.GONE, "48"),
        (PieceKind.ADDED, "60"),
        (PieceKind.ADDED, " 18"),
    ]


def test_another_number_alone_is_no_change() -> None:
    before = parse("1. Một.\n2. Hai.")

    changes = compare(before, parse("1. Mới hẳn.\n2. Một.\n3. Hai.", before))

    assert [change.kind for change in differing(changes)] == [ChangeKind.ADDED]
    assert [change.renumbered for change in changes] == [False, True, True]


def test_another_day_is_a_change_though_no_word_is() -> None:
    before = parse("1. Một.")
    after = before.with_block(Block("b1", K.CLAUSE, None, "1", "Một.", binding=Binding(date(2026, 12, 1))))

    [change] = compare(before, after)

    assert (change.kind, change.rebound) == (ChangeKind.CHANGED, True)


# --- stored texts ---------------------------------------------------------------------------------


def test_a_digest_changes_with_a_letter_a_day_and_the_subject() -> None:
    text = parse("1. Một.")
    bound = text.with_block(Block("b1", K.CLAUSE, None, "1", "Một.", binding=Binding(date(2026, 12, 1))))

    assert len({digest(text), digest(parse("1. Mốt.")), digest(bound), digest(text, subject="Về việc")}) == 4


def test_an_empty_draft_is_an_empty_text() -> None:
    assert Text.from_json({}) == Text()


def block(**fields: Any) -> dict[str, Any]:
    return {"id": "b1", "kind": "clause", "number": "1", "text": "Một.", **fields}


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"blocks": "x", "last_id": 1},
        {"blocks": []},
        {"blocks": [], "last_id": True},
        {"blocks": [], "last_id": 0, "extra": 1},
        {"blocks": [block(id="")], "last_id": 1},
        {"blocks": [block(id="<b>")], "last_id": 1},
        {"blocks": [block(id="b2")], "last_id": 1},
        {"blocks": [block(), block()], "last_id": 1},
        {"blocks": [block(kind="script")], "last_id": 1},
        {"blocks": [block(level=99)], "last_id": 1},
        {"blocks": [block(text=5)], "last_id": 1},
        {"blocks": [block(text="Một.\nHai.")], "last_id": 1},
        {"blocks": [block(kind="paragraph", number="")], "last_id": 1, "x": 1},
        {"blocks": [block(kind="heading", level=6, number="1")], "last_id": 1},
        {"blocks": [block(kind="heading", level=6, number="", text="chữ thường")], "last_id": 1},
        {"blocks": [block(kind="basis", number="")], "last_id": 1},
        {"blocks": [block(rows=[["a"]])], "last_id": 1},
        {"blocks": [{"id": "b1", "kind": "table", "rows": [["a", "b"], ["c"]]}], "last_id": 1},
        {"blocks": [{"id": "b1", "kind": "table", "rows": [[]]}], "last_id": 1},
        {"blocks": [{"id": "b1", "kind": "heading", "level": 6, "text": "MỘT HAI", "binding": {}}], "last_id": 1},
        {"blocks": [block(binding={"due_on": "mai"})], "last_id": 1},
        {"blocks": [block(binding={"figure": "NaN"})], "last_id": 1},
        {"blocks": [block(binding={"figure": 3})], "last_id": 1},
        {"blocks": [block(binding={"addressees": ["A", "A"]})], "last_id": 1},
        {"blocks": [block(binding={"who": "me"})], "last_id": 1},
    ],
)
def test_a_tampered_text_is_refused(data: object) -> None:
    with pytest.raises(Unreadable):
        Text.from_json(data)


def test_blocks_made_elsewhere_are_named_and_can_be_typed() -> None:
    text = numbered((Block("", K.HEADING, L.ROMAN, "I", "Nhiệm vụ"), Block("", K.PARAGRAPH, text="- Không phải gạch.")))

    assert [one.id for one in text.blocks] == ["b1", "b2"]
    assert bare(parse(typed(text))) == bare(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a" * 1_000_000, "text"),
        ("A " * 10_001, "block"),
        ("A.\n" * 3_001, "blocks"),
        ("\n" * 20_000, "lines"),
        ("\t".join("x" * 60), "columns"),
    ],
)
def test_more_than_a_document_holds_is_refused(text: str, what: str) -> None:
    with pytest.raises(TooLong) as refused:
        parse(text)

    assert refused.value.what == what
