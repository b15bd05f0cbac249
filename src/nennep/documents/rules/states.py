"""The way of a document from draft to its end, and what a number in a register can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nennep.organisation.rules import Permission


class State(StrEnum):
    """Where a document stands. What becomes of it at each addressee stands on the dispatch."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    AGREED = "agreed"
    SIGNED = "signed"
    ISSUED = "issued"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    RECALLED = "recalled"
    EXPIRED = "expired"
    DROPPED = "dropped"


class Move(StrEnum):
    """What someone does with a document."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    AGREE = "agree"
    SIGN = "sign"
    ISSUE = "issue"
    ENTER_INTO_FORCE = "enter_into_force"
    REPLACE = "replace"
    RECALL = "recall"
    EXPIRE = "expire"
    DROP = "drop"


class NumberState(StrEnum):
    """What a number of a register is. No number is ever taken out of a register."""

    RESERVED = "reserved"
    USED = "used"
    PAPER = "paper"
    VOIDED = "voided"


class Direction(StrEnum):
    """A register of what goes out or of what comes in."""

    OUT = "out"
    IN = "in"


class Urgency(StrEnum):
    """How fast a document must go (Decree 30/2020, Annex I, part II, box 10b)."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    FLASH = "flash"


class Verdict(StrEnum):
    """What the drafter made of an opinion: taken in, or explained why not."""

    OPEN = ""
    ACCEPTED = "accepted"
    EXPLAINED = "explained"


@dataclass(frozen=True)
class Step:
    """Who may make a move, from which states, into which, and whether it must say why."""

    permission: Permission
    from_: frozenset[State]
    to: State
    needs_reason: bool = False


ISSUED_STATES = frozenset({State.ISSUED, State.IN_FORCE, State.REPLACED, State.RECALLED, State.EXPIRED})
#: A document whose text may still be written.
OPEN_STATES = frozenset({State.DRAFT, State.RETURNED})

_WRITE, _AGREE = Permission.DOCUMENTS_DRAFT, Permission.DOCUMENTS_AGREE
_SIGN, _ISSUE = Permission.DOCUMENTS_SIGN, Permission.DOCUMENTS_ISSUE

ROUTE: Mapping[Move, Step] = {
    Move.SUBMIT: Step(_WRITE, OPEN_STATES, State.SUBMITTED),
    Move.WITHDRAW: Step(_WRITE, frozenset({State.SUBMITTED}), State.DRAFT),
    Move.RETURN: Step(_AGREE, frozenset({State.SUBMITTED, State.AGREED}), State.RETURNED, needs_reason=True),
    Move.AGREE: Step(_AGREE, frozenset({State.SUBMITTED}), State.AGREED),
    Move.SIGN: Step(_SIGN, frozenset({State.AGREED}), State.SIGNED),
    Move.ISSUE: Step(_ISSUE, frozenset({State.SIGNED}), State.ISSUED),
    Move.ENTER_INTO_FORCE: Step(_ISSUE, frozenset({State.ISSUED}), State.IN_FORCE),
    Move.REPLACE: Step(_ISSUE, frozenset({State.ISSUED, State.IN_FORCE}), State.REPLACED, needs_reason=True),
    Move.RECALL: Step(_ISSUE, frozenset({State.ISSUED, State.IN_FORCE}), State.RECALLED, needs_reason=True),
    Move.EXPIRE: Step(_ISSUE, frozenset({State.IN_FORCE}), State.EXPIRED),
    Move.DROP: Step(_WRITE, OPEN_STATES, State.DROPPED, needs_reason=True),
}


class WrongMove(Exception):
    """A move that the route does not know from where the document stands now."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(f"{move} from {state}")
        self.move = move
        self.state = state


def after(state: State, move: Move) -> State:
    """Return where the move leads. Raises WrongMove."""
    step = ROUTE[move]
    if state not in step.from_:
        raise WrongMove(move, state)
    return step.to


def moves_from(state: State) -> tuple[Move, ...]:
    """Return the moves that the route knows from a state, in the order of the route."""
    return tuple(move for move, step in ROUTE.items() if state in step.from_)
