"""The laws of reading, for any text and for every form in which a text may come."""

import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loom import Reading, as_json, read
from loom._text import fold, written

REPORT = """BỘ CHỈ HUY BĐBP TỈNH KON TUM
ĐỒN BIÊN PHÒNG ĐẮK BLÔ
BÁO CÁO
Kết quả công tác tháng 6 năm 2024

I. KẾT QUẢ
1. Tuần tra
- Tổ chức 12 lượt tổ/74 lượt cán bộ, chiến sĩ; phát hiện 02 vụ/03 đối tượng.
- Giúp dân hơn 40 ngày công, trị giá 12 triệu đồng.
2. Khen thưởng
Đồn được UBND huyện tặng Giấy khen.
II. HẠN CHẾ, NGUYÊN NHÂN
- Nắm tình hình còn chậm; sổ sách chưa thống nhất.
- Nguyên nhân: địa bàn rộng.
III. NHIỆM VỤ THÁNG 7
1. Nắm chắc địa bàn.
2. Quản lý chặt bộ đội.
IV. KIẾN NGHỊ
Đề nghị Bộ Chỉ huy cấp thêm 01 xuồng.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""
PIECES = st.lists(
    st.sampled_from(
        [
            *REPORT.splitlines(keepends=True),
            "\n",
            "; ",
            ". ",
            "TP. ",
            "(",
            "“",
            "\t",
            "| ",
            "**",
            "# ",
            "- ",
            "1. ",
            "12 vụ ",
            "./.",
            "…",
            "\r\n",
            "\u200b",
            "Ảnh: ",
        ]
    )
    | st.text(max_size=12),
    max_size=30,
).map("".join)


def seen(reading: Reading) -> list[tuple[str, str]]:
    """What was found, by words and not by place."""
    return [(fold(written(statement.text).text), statement.kind) for statement in reading.statements]


@given(PIECES)
@settings(max_examples=200, deadline=None)
def test_every_span_of_any_text_is_a_place_in_it(text: str) -> None:
    reading = read(text)

    assert reading.text == text
    assert all(one.span.of(text) == one.text and one.text.strip() for one in reading.statements)
    assert all(one.span.of(text) == one.quote for one in reading.quantities)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in reading.headings)
    assert all(said.span.of(text) for said in (reading.document, reading.unit, reading.period) if said)


@given(PIECES)
@settings(max_examples=200, deadline=None)
def test_statements_of_any_text_stand_in_order_and_never_overlap(text: str) -> None:
    statements = read(text).statements

    assert all(a.span.end <= b.span.start for a, b in pairwise(statements))
    assert all(len(set(one.path)) == len(one.path) for one in statements)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_can_be_read_and_told_as_json(text: str) -> None:
    json.dumps(as_json([read(text)]))


@pytest.mark.parametrize(
    "changed",
    [
        unicodedata.normalize("NFD", REPORT),
        REPORT.replace("\n", "\r\n"),
        REPORT.replace("\n", "\r"),
        REPORT.replace("\n", "   \n"),
        "\ufeff" + REPORT,
        REPORT.replace("Đ", "Ð"),
        REPORT.replace(" ", "\u00a0"),
        REPORT.replace("bộ", "bộ\u200f").replace("vụ", "v\u200bụ"),
        unicodedata.normalize("NFD", REPORT).replace("\n", "\r\n"),
    ],
    ids=["decomposed", "crlf", "cr", "trailing", "bom", "eth", "hard-space", "unseen", "decomposed-crlf"],
)
def test_a_report_reads_the_same_in_every_form_it_comes_in(changed: str) -> None:
    plain, other = read(REPORT), read(changed)

    assert seen(other) == seen(plain)
    assert [one.level for one in other.headings] == [one.level for one in plain.headings]
    assert [(one.value, one.measure) for one in other.quantities] == [
        (one.value, one.measure) for one in plain.quantities
    ]
    assert other.period is not None
    assert other.period.value == "2024-06"
    assert all(one.span.of(changed) == one.text for one in other.statements)
    assert all(one.span.of(changed) == one.quote for one in other.quantities)


def test_a_reading_in_json_names_reports_and_statements_by_number() -> None:
    book = as_json([read(REPORT, name="a.txt"), read("Tuần tra 3 lượt.", name="b.txt")], groups=[{"id": "g1"}])

    first, second = book["reports"]
    assert (first["file"], first["unit"], first["period"]) == ("a.txt", "Đồn Biên phòng Đắk Blô", "2024-06")
    assert first["statements"][0]["id"] == "01.s1"
    assert first["statements"][0]["section"] == "1. Tuần tra"
    assert second["statements"][0] == {
        "id": "02.s1",
        "start": 0,
        "end": 16,
        "text": "Tuần tra 3 lượt.",
        "kind": "result",
        "section": "",
    }
    assert [quantity["value"] for quantity in first["quantities"]] == ["12", "74", "2", "3", "40", "12000000", "1"]
    assert book["groups"] == [{"id": "g1"}]


@pytest.mark.parametrize(
    "unit",
    [
        "Đơn vị tuần tra biên giới ",
        ".",
        "(",
        "việc này còn chậm; ",
        "- Tuần tra 5 lượt.\n",
        "a: ",
        "fax ",
        "(2024 ",
        "hạn chế ",
        "e\u0302\u0301",
    ],
)
def test_reading_any_shape_of_text_comes_to_an_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))  # a step that is quadratic in this would take an hour

    reading = read(text)

    assert reading.text == text
