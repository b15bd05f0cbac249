"""The way of a plan, and what can be said of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nennep.organisation.rules import Permission


class PlanKind(StrEnum):
    """Kế hoạch, chương trình, lịch."""

    PLAN = "plan"
    PROGRAMME = "programme"
    CALENDAR = "calendar"


class PlanState(StrEnum):
    """Where a plan stands. While an approved plan is amended, its last version stays what is in force."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ISSUED = "issued"
    AMENDING = "amending"
    ENDED = "ended"


class PlanMove(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    ISSUE = "issue"
    AMEND = "amend"
    GIVE_UP = "give_up"
    END = "end"


class TaskState(StrEnum):
    """`handed_over` tasks went on at another unit by a decision; `dropped` ones were struck out by an amendment."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    DROPPED = "dropped"


class Result(StrEnum):
    """What can be said of a finished task (kết quả thực hiện nhiệm vụ)."""

    DONE = "done"
    ON_TIME = "on_time"
    EXCEEDED = "exceeded"
    QUALITY_KEPT = "quality_kept"


@dataclass(frozen=True)
class Step:
    """Who may make a move, from which states, into which, and whether it must say why."""

    permission: Permission
    from_: frozenset[PlanState]
    to: PlanState
    needs_reason: bool = False


#: A plan whose tasks and texts may be written.
OPEN_STATES = frozenset({PlanState.DRAFT, PlanState.RETURNED, PlanState.AMENDING})
#: A plan that has an approved version in force.
STANDING_STATES = frozenset({PlanState.APPROVED, PlanState.ISSUED, PlanState.AMENDING})

_WRITE, _APPROVE = Permission.PLANNING_WRITE, Permission.PLANNING_APPROVE

#: AMEND leads back through SUBMIT and APPROVE to a new version; GIVE_UP throws the amendment away.
ROUTE: Mapping[PlanMove, Step] = {
    PlanMove.SUBMIT: Step(_WRITE, OPEN_STATES, PlanState.SUBMITTED),
    PlanMove.RETURN: Step(_APPROVE, frozenset({PlanState.SUBMITTED}), PlanState.RETURNED, needs_reason=True),
    PlanMove.APPROVE: Step(_APPROVE, frozenset({PlanState.SUBMITTED}), PlanState.APPROVED),
    PlanMove.ISSUE: Step(_WRITE, frozenset({PlanState.APPROVED}), PlanState.ISSUED),
    PlanMove.AMEND: Step(
        _WRITE, frozenset({PlanState.APPROVED, PlanState.ISSUED}), PlanState.AMENDING, needs_reason=True
    ),
    PlanMove.GIVE_UP: Step(_WRITE, frozenset({PlanState.AMENDING}), PlanState.APPROVED, needs_reason=True),
    PlanMove.END: Step(_APPROVE, frozenset({PlanState.APPROVED, PlanState.ISSUED}), PlanState.ENDED),
}


class WrongMove(Exception):
    """A move that the route does not know from where the plan stands now."""

    def __init__(self, move: PlanMove, state: PlanState) -> None:
        super().__init__(f"{move} from {state}")
        self.move = move
        self.state = state


def after(state: PlanState, move: PlanMove) -> PlanState:
    """Return where the move leads. Raises WrongMove."""
    step = ROUTE[move]
    if state not in step.from_:
        raise WrongMove(move, state)
    return step.to
