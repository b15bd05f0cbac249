"""The head of a document's paper is made of the pack's lines of its family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nennep.documents.models import DocumentType
from nennep.documents.papers import Component, layout_check, paper_of
from nennep.documents.rules.text import Text, parse
from nennep.organisation.models import Unit
from nennep.site.letterhead import document_head
from tests.cast import NOW, Cast
from tests.documents.world import make_types, written

TODAY = NOW.date()


@pytest.fixture
def types(cast: Cast) -> dict[str, DocumentType]:  # noqa: ARG001 -- the cast must be there first
    return make_types()


@pytest.mark.parametrize(
    ("code", "symbol", "issuer", "last"),
    [
        ("plan", "KH-BTL", "Bộ Tư lệnh Bộ đội Biên phòng", "Lưu: VT, KHTH"),
        ("resolution", "NQ/ĐU", "Đảng ủy Bộ đội Biên phòng", "Lưu Văn phòng Đảng ủy"),
    ],
)
def test_the_state_and_the_party_have_their_own_head(
    cast: Cast, types: dict[str, DocumentType], code: str, symbol: str, issuer: str, last: str
) -> None:
    Unit.objects.filter(code="HQ").update(place="Hà Nội", demonstration=True)
    document = written(cast, types, unit="HQ", code=code, text=parse("1. Tuần tra."))

    paper = paper_of(document, Text.from_json(document.draft), document_head(document, TODAY), day=TODAY)

    assert (paper.symbol, paper.issuer, paper.place, paper.recipients[-1]) == (symbol, issuer, "Hà Nội", last)
    assert paper.marking
    assert {point.component for point in layout_check(paper) if not point.holds} == {Component.SIGNER}


def test_a_unit_without_lines_in_the_pack_has_a_plain_head(cast: Cast, types: dict[str, DocumentType]) -> None:
    Unit.objects.filter(code="SH-1").update(kind="survey_team")
    document = written(cast, types, unit="SH-1")

    head = document_head(document, TODAY)

    assert replace(head, kinds={}) == replace(head, issuer="Đồn Biên phòng Nậm Ngà", unit_symbol="", kinds={})
