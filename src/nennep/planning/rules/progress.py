"""How far a task has come, and what can be said of it when it is done.

A task with tasks below it stands at the mean of theirs, each counting the same. A task with a target stands at what
was reported divided by the figure to reach, 100% at most. Any other task stands at what was last told of it. Tasks that
were struck out, called off or handed over are left out. The page says this rule: queries.progress.RULE_TEXT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from nennep.planning.rules.states import Result, TaskState

WHOLE = Fraction(100)
#: Tasks of these states are part of a mean.
_COUNT = frozenset({TaskState.OPEN, TaskState.DONE})


class Source(StrEnum):
    """Where a task's progress comes from."""

    PARTS = "parts"
    FIGURE = "figure"
    TOLD = "told"


@dataclass(frozen=True)
class Node:
    """A task as the rule sees it. `told` is 0 to 100; `reached` is what was reported, None while nothing was."""

    id: int
    details: int | None
    state: TaskState
    told: int
    figure: Decimal | None = None
    reached: Decimal | None = None


@dataclass(frozen=True)
class Rolled:
    """How far a task has come, exactly; `parts` is how many tasks below it went into the mean."""

    value: Fraction
    source: Source
    parts: int = 0

    @property
    def percent(self) -> int:
        """The same to be shown, 0 to 100, a half rounded up."""
        return rounded(self.value)


def rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def share(reached: Decimal, figure: Decimal) -> Fraction:
    """What was reached of a figure, in hundredths from 0 to 100. `figure` is above zero."""
    return min(WHOLE, max(Fraction(0), Fraction(reached) * 100 / Fraction(figure)))


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """None of nothing."""
    found = list(values)
    return sum(found, start=Fraction(0)) / len(found) if found else None


def roll_up(nodes: Iterable[Node]) -> dict[int, Rolled]:
    """How far each task has come. Whatever the order of the tasks, the answer is the same.

    A task whose higher task is not among them is a top. A circle, which no act lets come about, still comes to an end.
    """
    by_id = {node.id: node for node in nodes}
    below: dict[int, list[int]] = {}
    for node in by_id.values():
        if node.details in by_id and node.state in _COUNT:
            below.setdefault(node.details, []).append(node.id)
    found: dict[int, Rolled] = {}
    for task in by_id:
        _settle(task, by_id, below, found)
    return found


def _settle(task: int, by_id: Mapping[int, Node], below: Mapping[int, list[int]], found: dict[int, Rolled]) -> None:
    """Roll up a task after all below it, without leaning on the depth of the stack."""
    waiting, open_ = [task], set[int]()
    while waiting:
        here = waiting[-1]
        unsettled = [part for part in below.get(here, ()) if part not in found and part not in open_]
        if here not in found and unsettled and here not in open_:
            open_.add(here)
            waiting.extend(unsettled)
            continue
        waiting.pop()
        open_.discard(here)
        if here not in found:
            parts = [found[part] for part in below.get(here, ()) if part in found]
            found[here] = _rolled(by_id[here], parts)


def _rolled(node: Node, parts: list[Rolled]) -> Rolled:
    whole = mean(part.value for part in parts)
    if whole is not None:
        return Rolled(whole, Source.PARTS, len(parts))
    if node.figure and node.reached is not None:
        return Rolled(share(node.reached, node.figure), Source.FIGURE)
    return Rolled(Fraction(node.told), Source.TOLD)


def results(
    done_on: date, due_on: date, *, figure: Decimal | None = None, reached: Decimal | None = None
) -> tuple[Result, ...]:
    """What can be said of a task finished on a day: done; on time, on its last day or before; exceeded, when more was
    reported than its figure asked for. Nobody types these.
    """
    found = [Result.DONE]
    if done_on <= due_on:
        found.append(Result.ON_TIME)
    if figure is not None and reached is not None and reached > figure:
        found.append(Result.EXCEEDED)
    return tuple(found)
