"""The words for where a file and a proposal stand."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a file stands. A refused one keeps its name and the reason, and nothing of its content; so does one that
    came before.
    """

    READ = "read"
    REPEATED = "repeated"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Certainty(StrEnum):
    """How sure the reading is that a quantity belongs in a cell."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    UNPLACED = "unplaced"


class Decided(StrEnum):
    """What a person did with a proposal; empty while it waits."""

    WAITING = ""
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    DROPPED = "dropped"
