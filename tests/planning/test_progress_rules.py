"""How progress is rolled up, and what can be said of a finished task."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.planning.rules.progress import Node, Source, mean, results, roll_up, rounded, share
from nennep.planning.rules.states import Result, TaskState

OPEN, DONE = TaskState.OPEN, TaskState.DONE


def test_a_task_with_tasks_below_stands_at_the_mean_of_theirs() -> None:
    nodes = [Node(1, None, OPEN, 90), Node(2, 1, OPEN, 50), Node(3, 1, DONE, 100), Node(4, 2, OPEN, 25)]

    found = roll_up(nodes)

    assert found[4].percent == 25
    assert found[2].percent == 25
    assert found[1].value == Fraction(125, 2)
    assert (found[1].percent, found[1].source, found[1].parts) == (63, Source.PARTS, 2)


@pytest.mark.parametrize("state", [TaskState.DROPPED, TaskState.CANCELLED, TaskState.HANDED_OVER])
def test_what_is_no_more_is_left_out_of_the_mean(state: TaskState) -> None:
    nodes = [Node(1, None, OPEN, 0), Node(2, 1, OPEN, 40), Node(3, 1, state, 100)]

    assert roll_up(nodes)[1].percent == 40


@pytest.mark.parametrize(
    ("figure", "reached", "percent", "source"),
    [
        (Decimal(48), Decimal(24), 50, Source.FIGURE),
        (Decimal(48), Decimal(60), 100, Source.FIGURE),  # at most all of it
        (Decimal(48), Decimal(0), 0, Source.FIGURE),  # a reported 0 is a 0
        (Decimal(48), None, 30, Source.TOLD),  # nobody reported: what was told
        (None, Decimal(10), 30, Source.TOLD),
        (Decimal("0.3"), Decimal("0.1"), 33, Source.FIGURE),
        (Decimal(48), Decimal(-5), 0, Source.FIGURE),
    ],
)
def test_a_task_with_a_target_stands_at_what_was_reported_of_it(
    figure: Decimal | None, reached: Decimal | None, percent: int, source: Source
) -> None:
    found = roll_up([Node(1, None, OPEN, 30, figure, reached)])[1]

    assert (found.percent, found.source) == (percent, source)


def test_tasks_below_go_before_the_target_and_the_target_before_what_was_told() -> None:
    nodes = [Node(1, None, OPEN, 10, Decimal(100), Decimal(80)), Node(2, 1, OPEN, 30)]

    assert roll_up(nodes)[1].percent == 30
    assert roll_up(nodes[:1])[1].percent == 80


@st.composite
def forests(draw: st.DrawFn) -> list[Node]:
    size = draw(st.integers(1, 25))
    told = draw(st.lists(st.integers(0, 100), min_size=size, max_size=size))
    above = [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]
    states = draw(st.lists(st.sampled_from(list(TaskState)), min_size=size, max_size=size))
    return [Node(number, above[number], states[number], told[number]) for number in range(size)]


@settings(deadline=None)
@given(forests(), st.randoms(use_true_random=False))
def test_the_order_of_the_tasks_makes_no_difference(nodes: list[Node], chance: random.Random) -> None:
    shuffled = list(nodes)
    chance.shuffle(shuffled)

    assert roll_up(shuffled) == roll_up(nodes)


@settings(deadline=None)
@given(forests())
def test_a_whole_lies_between_the_least_and_the_most_of_its_parts(nodes: list[Node]) -> None:
    found = roll_up(nodes)

    for node in nodes:
        parts = [found[n.id].value for n in nodes if n.details == node.id and n.state in {OPEN, DONE}]
        if parts:
            assert min(parts) <= found[node.id].value <= max(parts)
            assert found[node.id].parts == len(parts)
        assert 0 <= found[node.id].percent <= 100


def test_a_chain_of_thousands_and_a_circle_come_to_an_end() -> None:
    chain = [Node(number, number - 1 if number else None, OPEN, 7) for number in range(5_000)]
    circle = [Node(1, 2, OPEN, 10), Node(2, 3, OPEN, 20), Node(3, 1, OPEN, 30)]

    assert roll_up(chain)[0].percent == 7
    assert len(roll_up(circle)) == 3


@settings(deadline=None)
@given(st.lists(st.fractions(0, 100), min_size=1))
def test_a_mean_lies_between_its_values(values: list[Fraction]) -> None:
    found = mean(values)

    assert found is not None
    assert min(values) <= found <= max(values)


def test_a_half_is_rounded_up_and_nothing_has_no_mean() -> None:
    assert rounded(Fraction(125, 2)) == 63
    assert mean([]) is None
    assert share(Decimal(1), Decimal(3)) == Fraction(100, 3)


@pytest.mark.parametrize(
    ("done_on", "figure", "reached", "expected"),
    [
        (date(2026, 11, 30), None, None, (Result.DONE, Result.ON_TIME)),  # its last day is in time
        (date(2026, 12, 1), None, None, (Result.DONE,)),
        (date(2026, 11, 1), Decimal(48), Decimal(48), (Result.DONE, Result.ON_TIME)),  # reached is not exceeded
        (date(2026, 11, 1), Decimal(48), Decimal(49), (Result.DONE, Result.ON_TIME, Result.EXCEEDED)),
        (date(2026, 12, 5), Decimal(48), Decimal("48.5"), (Result.DONE, Result.EXCEEDED)),
        (date(2026, 11, 1), Decimal(48), None, (Result.DONE, Result.ON_TIME)),
    ],
)
def test_results_follow_from_the_day_and_the_figures(
    done_on: date, figure: Decimal | None, reached: Decimal | None, expected: tuple[Result, ...]
) -> None:
    assert results(done_on, date(2026, 11, 30), figure=figure, reached=reached) == expected
