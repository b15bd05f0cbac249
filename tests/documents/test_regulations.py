"""Regulations: what a clause cites, the text of a day, and what an amendment changed."""

from __future__ import annotations

from datetime import date

import pytest

from nennep.documents.models import Regulation, RegulationVersion
from nennep.documents.queries import regulations as queries
from nennep.documents.queries.regulations import Rule
from nennep.documents.rules.citations import Citation, Known, citations, resolved, said, unknown
from nennep.documents.rules.text import ChangeKind, PieceKind
from nennep.organisation.rules import Span

ND30 = Known(
    "nd-30-2020", "30/2020/NĐ-CP", frozenset({"dieu-7", "dieu-13", "dieu-13_khoan-1", "phu-luc-1_phan-2_muc-3"})
)
ND09 = Known("nd-09-2019", "09/2019/NĐ-CP", frozenset({"dieu-12"}))
HD36 = Known("hd-36-2018", "36-HD/VPTW", frozenset({"phan-2_muc-1.3"}))
SAMPLE = Known("mau", "Quy chế kế hoạch - tổng hợp (mẫu)", frozenset({"dieu-6_khoan-2"}))
KNOWN = (ND30, ND09, HD36, SAMPLE)

CLAUSES = [
    ("Nghị định 30/2020/NĐ-CP Điều 7: các loại văn bản", [("nd-30-2020", "dieu-7")]),
    ("Nghị định 30/2020/NĐ-CP Phụ lục I, phần II mục 3: từ 01/01", [("nd-30-2020", "phu-luc-1_phan-2_muc-3")]),
    (
        "Nghị định 30/2020/NĐ-CP Điều 7; Phụ lục I, phần II mục 9: kính gửi",
        [("nd-30-2020", "dieu-7"), ("nd-30-2020", "phu-luc-1_phan-2_muc-9")],
    ),
    ("Điều 12 của Nghị định số 09/2019/NĐ-CP", [("nd-09-2019", "dieu-12")]),
    (
        "điểm b khoản 1, điểm đ khoản 2 Điều 12 Nghị định 09/2019/NĐ-CP",
        [("nd-09-2019", "dieu-12_khoan-2_diem-dd"), ("nd-09-2019", "dieu-12_khoan-1_diem-b")],
    ),
    (
        "Nghị định 30/2020/NĐ-CP Điều 4 khoản 2 điểm c, d",
        [("nd-30-2020", "dieu-4_khoan-2_diem-c"), ("nd-30-2020", "dieu-4_khoan-2_diem-d")],
    ),
    ("Nghị định 30/2020/NĐ-CP Điều 7, 22", [("nd-30-2020", "dieu-7"), ("nd-30-2020", "dieu-22")]),
    (
        "Nghị định 30/2020/NĐ-CP Điều 13 khoản 1, khoản 3",
        [("nd-30-2020", "dieu-13_khoan-1"), ("nd-30-2020", "dieu-13_khoan-3")],
    ),
    ("Hướng dẫn 36-HD/VPTW ngày 03/4/2018, phần II, mục 1.3", [("hd-36-2018", "phan-2_muc-1.3")]),
    ("Hướng dẫn 36-HD/VPTW (2018), phần tên loại văn bản", [("hd-36-2018", "")]),
    (
        "Quy chế kế hoạch - tổng hợp (mẫu) Điều 6 khoản 2: tuần; Nghị định 09/2019/NĐ-CP không định kỳ tuần",
        [("mau", "dieu-6_khoan-2"), ("nd-09-2019", "")],
    ),
    ("Nghị định 09/2019/NĐ-CP Điều 12, Bộ luật Lao động 45/2019/QH14 Điều 112", [("nd-09-2019", "dieu-12")]),
    ("Điều 7 Nghị định 30/2020/NĐ-CP và Điều 12 Nghị định 09/2019/NĐ-CP",
     [("nd-30-2020", "dieu-7"), ("nd-09-2019", "dieu-12")]),
    ("Bộ luật Lao động 45/2019/QH14 Điều 112 khoản 1 điểm a", []),
    ("Hướng dẫn 136-HD/VPTW Điều 3", []),
    ("Quy định của đơn vị Điều 3", []),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "cited"), CLAUSES)
def test_a_clause_names_articles_of_known_regulations(clause: str, cited: list[tuple[str, str]]) -> None:
    assert [(one.regulation, one.key) for one in citations(clause, KNOWN)] == cited


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("dieu-7", "dieu-7"),
        ("dieu-7_khoan-2_diem-a", "dieu-7"),
        ("dieu-13_khoan-1", "dieu-13_khoan-1"),
        ("dieu-13_khoan-1_diem-a", "dieu-13_khoan-1"),
        ("dieu-13_khoan-9", None),
        ("dieu-99", None),
        ("", ""),
    ],
)
def test_an_article_is_itself_or_the_whole_over_it(key: str, found: str | None) -> None:
    assert resolved(key, ND30.keys) == found


def test_what_a_regulation_does_not_have_is_told() -> None:
    assert unknown("Nghị định 09/2019/NĐ-CP Điều 12; Điều 99", KNOWN) == [Citation("nd-09-2019", "dieu-99")]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("dieu-12_khoan-1_diem-dd", "Điều 12 khoản 1 điểm đ"),
        ("phu-luc-1_phan-2_muc-3", "Phụ lục I, phần II, mục 3"),
        ("phan-2_muc-1.3", "phần II, mục 1.3"),
    ],
)
def test_a_key_is_said_as_people_write_it(key: str, words: str) -> None:
    assert said(key) == words


def amended() -> Regulation:
    regulation = Regulation.objects.create(
        code="mau", number="Quy chế kế hoạch - tổng hợp (mẫu)", name="Quy chế", issuer="Đơn vị", sample=True
    )
    rows = {
        date(2022, 1, 1): [("dieu-1", "Trình trước ngày 25."), ("dieu-2", "Bỏ."), ("dieu-6", "Tuần.")],
        date(2026, 1, 1): [("dieu-1", "Trình trước ngày 20."), ("dieu-6", "Tuần."), ("dieu-9", "Mới.")],
    }
    for starts_on, listed in rows.items():
        RegulationVersion.objects.create(
            regulation=regulation,
            decided_by="Bản mẫu",
            starts_on=starts_on,
            ends_on=date(2026, 1, 1) if starts_on.year == 2022 else None,
            articles=[{"key": key, "title": "", "text": text} for key, text in listed],
            source="Bộ mẫu",
        )
    return regulation


def rule(clause: str, starts_on: date = date(2022, 1, 1), ends_on: date | None = None) -> Rule:
    return Rule("duty", "Báo cáo tuần", clause, Span(starts_on, ends_on))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2021, 12, 31), None),
        (date(2022, 1, 1), "Trình trước ngày 25."),
        (date(2025, 12, 31), "Trình trước ngày 25."),
        (date(2026, 1, 1), "Trình trước ngày 20."),
    ],
)
def test_a_day_has_the_text_of_its_day(day: date, told: str | None) -> None:
    amended()

    version = queries.version_on("mau", day)

    assert (queries.articles(version)[0].text if version else None) == told
    assert [one.version for one in queries.regulations(day)] == [version]


@pytest.mark.django_db
def test_an_amendment_shows_as_a_difference() -> None:
    amended()
    after, before = queries.versions("mau")

    changes = {change.block.id: change for change in queries.difference(before, after)}

    assert {key: change.kind for key, change in changes.items()} == {
        "dieu-1": ChangeKind.CHANGED,
        "dieu-2": ChangeKind.GONE,
        "dieu-6": ChangeKind.SAME,
        "dieu-9": ChangeKind.ADDED,
    }
    assert [piece.text for piece in changes["dieu-1"].pieces if piece.kind is not PieceKind.SAME] == ["25", "20"]


@pytest.mark.django_db
def test_rules_in_force_are_told_at_the_article_they_cite() -> None:
    amended()
    weekly = rule("Quy chế kế hoạch - tổng hợp (mẫu) Điều 6 khoản 2: tuần")
    whole = rule("Quy chế kế hoạch - tổng hợp (mẫu)")
    past = rule("Quy chế kế hoạch - tổng hợp (mẫu) Điều 1", ends_on=date(2023, 1, 1))
    other = rule("Nghị định 09/2019/NĐ-CP Điều 12")

    today = queries.by_article(queries.citing("mau", [weekly, whole, past, other], day=date(2026, 11, 16)))
    ever = queries.by_article(queries.citing("mau", [weekly, whole, past, other]))

    assert today == {"dieu-6": [weekly], "": [whole]}
    assert ever == {"dieu-6": [weekly], "": [whole], "dieu-1": [past]}
    assert queries.cited_by(weekly, queries.known()) == [("mau", "dieu-6")]
