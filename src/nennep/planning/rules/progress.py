"""How far a task has come, and what can be said of it when it is done.

A task with tasks below it stands at the mean of theirs, each counting the same. A task with a target stands at what
was reported divided by the figure to reach, 100% at most. Any other task stands at what was last told of it. Tasks that
were struck out, called off or handed over are left out. The page says this rule: queries.progress.RULE_TEXT.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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

    A task whose higher task is not among them is a top. Tasks of a circle, which no act lets come
    about, stand at what lies below it.
    """
    by_id = {node.id: node for node in nodes}
    above = {node.id: node.details for node in by_id.values() if node.details in by_id and node.state in _COUNT}
    waits_for = Counter(above.values())
    parts: dict[int, list[Rolled]] = {}
    found: dict[int, Rolled] = {}
    settled = [task for task in by_id if task not in waits_for]
    while settled:
        task = settled.pop()
        found[task] = _rolled(by_id[task], parts.get(task, ()))
        higher = above.get(task)
        if higher is not None:
            parts.setdefault(higher, []).append(found[task])
            waits_for[higher] -= 1
            if not waits_for[higher]:
                settled.append(higher)
    in_circles = by_id.keys() - found.keys()
    return found | {task: _rolled(by_id[task], parts.get(task, ())) for task in in_circles}


def _rolled(node: Node, parts: Sequence[Rolled]) -> Rolled:
    whole = mean([part.value for part in parts])
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
