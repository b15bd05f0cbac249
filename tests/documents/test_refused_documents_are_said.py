"""Whatever documents refuse is said in the reader's language, with names and days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

import nennep.documents
from nennep.documents.rules.states import Move, State, WrongMove
from nennep.documents.services.refusals import DocumentsRefused, RegisterRefused
from nennep.site.document_refusals import _SAID, DOCUMENT_MOVES, DOCUMENT_STATES, say_documents

_RAISED = re.compile(r'(?:DocumentsRefused|RegisterRefused|super\(\)\.__init__)\(\s*"(\w+)"')


def raised() -> set[str]:
    """Every code that the files of documents raise."""
    here = Path(nennep.documents.__file__).parent / "services"
    return {code for path in here.rglob("*.py") for code in _RAISED.findall(path.read_text())}


def test_every_refusal_is_said_and_nothing_else() -> None:
    assert len(raised()) > 50
    assert raised() - set(_SAID) == set()
    assert set(_SAID) - raised() == set()


def test_every_state_and_move_has_a_name() -> None:
    assert set(DOCUMENT_STATES) == set(State)
    assert set(DOCUMENT_MOVES) == set(Move)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            RegisterRefused("cannot_be_voided", number=15),
            "Số 15 đã dùng: hãy thu hồi văn bản. Số đã cấp không bao giờ mất khỏi sổ.",
        ),
        (
            DocumentsRefused("units_gone", units=["BĐBP Hà Giang"]),
            "Các đơn vị này không tồn tại vào ngày đó: BĐBP Hà Giang. Hãy ghi đơn vị kế thừa.",
        ),
        (DocumentsRefused("not_yet_known"), "Quy tắc văn kiện hiện không cho phép việc này."),
        (
            WrongMove(Move.ISSUE, State.DRAFT),
            "Văn bản đang ở trạng thái “đang soạn”: chưa thể “Lấy số, ban hành”. Hãy xem lại.",
        ),
        (
            DocumentsRefused("recalled", on=date(2026, 11, 1)),
            "Văn bản đã bị thu hồi ngày 01/11/2026, không còn hiệu lực.",
        ),
    ],
)
def test_a_refusal_names_what_it_is_about(refused: DocumentsRefused | WrongMove, said: str) -> None:
    with override("vi"):
        assert say_documents(refused) == said
