"""Whatever planning refuses is said in the reader's language, with names and days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

import nennep.planning
from nennep.planning.rules.refusals import DetailsItself, PlanningRefused
from nennep.planning.rules.states import PlanMove, PlanState, TaskState, WrongMove
from nennep.site.planning_refusals import _SAID, PLAN_MOVES, PLAN_STATES, TASK_STATES, say_planning
from tests.cast import Cast

TODAY = date(2026, 11, 16)
_RAISED = re.compile(r'PlanningRefused\(\s*"(\w+)"|return "(details_\w+)"|super\(\)\.__init__\("(\w+)"')


def raised() -> set[str]:
    """Every code that planning's own files raise."""
    here = Path(nennep.planning.__file__).parent
    return {
        code for path in here.rglob("*.py") for found in _RAISED.findall(path.read_text()) for code in found if code
    }


def test_every_refusal_is_said() -> None:
    assert len(raised()) > 50
    assert raised() - set(_SAID) == set()


def test_every_state_and_move_has_a_name() -> None:
    assert set(PLAN_STATES) == set(PlanState)
    assert set(TASK_STATES) == set(TaskState)
    assert set(PLAN_MOVES) == set(PlanMove)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (
            PlanningRefused("outside_the_period", first=date(2026, 11, 1), last=date(2026, 11, 30)),
            "Kế hoạch từ ngày 01/11/2026 đến ngày 30/11/2026: việc ngoài kỳ thuộc kế hoạch dài hơn.",
        ),
        (
            DetailsItself(("Một", "Bốn", "Ba", "Hai", "Một")),
            "Nhiệm vụ sẽ cụ thể hóa chính nó: Một → Bốn → Ba → Hai → Một.",
        ),
        (PlanningRefused("not_yet_known"), "Quy tắc lập kế hoạch hiện không cho phép việc này."),
        (
            WrongMove(PlanMove.ISSUE, PlanState.DRAFT),
            "Kế hoạch đang ở trạng thái “đang soạn”: chưa thể “Ban hành”. Hãy xem lại.",
        ),
    ],
)
def test_a_refusal_names_what_it_is_about(refused: PlanningRefused | WrongMove, said: str) -> None:
    with override("vi"):
        assert say_planning(refused, TODAY) == said


def test_a_refusal_names_the_unit(cast: Cast) -> None:
    gone = PlanningRefused(
        "unit_not_alive", unit=cast.units["SH-3"], starts_on=date(2022, 1, 1), ends_on=date(2026, 12, 1)
    )

    with override("vi"):
        said = say_planning(gone, TODAY)

    assert said == "Đồn BP Pá Hu chỉ tồn tại đến ngày 01/12/2026: hãy chọn đơn vị có mặt trong mọi ngày của nhiệm vụ."
