"""Dated facts, the tree on a day, circles, and what differs between two days: plain data, no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.organisation.rules import (
    Difference,
    Line,
    Snapshot,
    Span,
    Tree,
    differences,
    first_overlap,
    would_make_a_circle,
)

DAY = date(2025, 7, 1)
BEFORE = DAY - timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
spans = st.builds(lambda start, length: Span(start, start + timedelta(days=length)), days, st.integers(1, 900))


# --- spans: starts_on <= day < ends_on ------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_a_span_holds_its_first_day_and_not_the_day_it_ends_on(day: date, covered: bool) -> None:
    span = Span(date(2025, 7, 1), date(2026, 1, 1))

    assert span.covers(day) is covered


def test_an_open_span_holds_every_later_day() -> None:
    assert Span(DAY).covers(date(2199, 1, 1))


@given(spans, spans)
def test_two_spans_overlap_exactly_when_some_day_lies_in_both(one: Span, other: Span) -> None:
    last = max(one.starts_on, other.starts_on)

    assert one.overlaps(other) is (one.covers(last) and other.covers(last))
    assert one.overlaps(other) is other.overlaps(one)


def test_spans_that_follow_each_other_share_no_day() -> None:
    assert first_overlap([Span(date(2025, 1, 1), DAY), Span(DAY), Span(date(2024, 1, 1), date(2025, 1, 1))]) is None


def test_the_first_overlap_is_named() -> None:
    long, late = Span(date(2025, 1, 1)), Span(DAY)

    assert first_overlap([late, long]) == (long, late)


# --- trees ----------------------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    size = draw(st.integers(1, 25))
    parents: dict[int, tuple[int, ...]] = {1: ()}
    for unit in range(2, size + 1):
        parents[unit] = tuple(draw(st.lists(st.integers(1, unit - 1), max_size=2, unique=True)))
    return Tree(DAY, parents)


@given(trees())
def test_a_subtree_is_the_unit_and_the_subtrees_of_its_children(tree: Tree) -> None:
    for unit in tree.parents:
        below = {under for child in tree.children.get(unit, ()) for under in tree.subtree(child)}

        assert tree.subtree(unit) == {unit} | below


@given(trees())
def test_a_walk_meets_each_unit_once(tree: Tree) -> None:
    for unit in tree.parents:
        walked = list(tree.walk(unit))

        assert len(walked) == len(set(walked))
        assert walked[0] == unit


@given(trees())
def test_a_path_leads_from_a_root_down_to_the_unit(tree: Tree) -> None:
    for unit in tree.parents:
        path = tree.path(unit)

        assert path[-1] == unit
        assert not tree.superiors(path[0])
        assert all(above in tree.superiors(below) for above, below in pairwise(path))


def test_a_path_in_a_tree_with_a_circle_ends() -> None:
    tree = Tree(DAY, {1: (2,), 2: (1,)})

    assert set(tree.path(1)) == {1, 2}
    assert tree.subtree(1) == {1, 2}


@pytest.mark.parametrize(
    ("child", "parent", "circle"),
    [
        (1, 1, True),  # under itself
        (1, 3, True),  # under its own grandchild
        (3, 1, False),  # one step up
        (2, 9, False),  # under a unit that stands apart
    ],
)
def test_a_unit_cannot_be_put_under_itself(child: int, parent: int, circle: bool) -> None:
    assert would_make_a_circle({2: 1, 3: 2}, child, parent) is circle


# --- two days -------------------------------------------------------------------------------------

COMMAND, PARTY, PROFESSION = Line.COMMAND, Line.PARTY, Line.PROFESSIONAL


def snapshot(day: date, names: Mapping[int, str], superiors: Mapping[int, Mapping[Line, int]]) -> Snapshot:
    return Snapshot(day, names, superiors)


HQ, SOUTH, NORTH, POST, OTHER, ARMY = 1, 2, 3, 4, 5, 6
OLD = snapshot(
    BEFORE,
    {HQ: "Bộ Tư lệnh", SOUTH: "BCH Sơn Hà", NORTH: "BCH Lâm Khê", POST: "Đồn Huổi Mây", OTHER: "Đồn Pá Hu"},
    {
        SOUTH: {COMMAND: HQ, PROFESSION: HQ},
        NORTH: {COMMAND: HQ, PROFESSION: HQ},
        POST: {COMMAND: NORTH},
        OTHER: {COMMAND: SOUTH},
    },
)


def test_two_equal_days_differ_in_nothing() -> None:
    assert differences(OLD, OLD, {}) == {}


def test_a_merged_unit_is_gone_into_its_successor_and_what_stood_under_it_went_along() -> None:
    new = snapshot(
        DAY,
        {unit: name for unit, name in OLD.names.items() if unit != NORTH},
        {SOUTH: OLD.superiors[SOUTH], POST: {COMMAND: SOUTH}, OTHER: {COMMAND: SOUTH}},
    )

    found = differences(OLD, new, {NORTH: {SOUTH}})

    assert found == {NORTH: Difference(is_gone=True, into=(SOUTH,)), SOUTH: Difference(out_of=(NORTH,))}


def test_a_chain_of_merges_leads_to_the_unit_that_lives_on() -> None:
    new = snapshot(DAY, {HQ: "Bộ Tư lệnh", OTHER: "Đồn Pá Hu"}, {})

    found = differences(OLD, new, {NORTH: {SOUTH}, SOUTH: {HQ}})

    assert found[NORTH].into == (HQ,)
    assert found[HQ].out_of == (SOUTH, NORTH)


def test_a_split_unit_is_gone_into_each_of_its_heirs() -> None:
    names = {**OLD.names, 7: "Đồn Một", 8: "Đồn Hai"}
    new = snapshot(DAY, {unit: name for unit, name in names.items() if unit != POST}, OLD.superiors)

    found = differences(OLD, new, {POST: {7, 8}})

    assert set(found[POST].into) == {7, 8}
    assert found[7] == Difference(is_new=True, out_of=(POST,))


def test_a_unit_that_gave_a_part_away_and_lives_on_is_not_gone() -> None:
    new = snapshot(DAY, {**OLD.names, 7: "Đồn mới"}, OLD.superiors)

    found = differences(OLD, new, {POST: {7}})

    assert found == {7: Difference(is_new=True, out_of=(POST,))}


def test_a_renamed_unit_keeps_its_old_name_in_the_difference() -> None:
    new = snapshot(DAY, {**OLD.names, POST: "Đồn Huổi Vạc"}, OLD.superiors)

    assert differences(OLD, new, {}) == {POST: Difference(old_name="Đồn Huổi Mây")}


def test_lines_on_which_a_unit_got_another_superior_are_named() -> None:
    now = {COMMAND: ARMY, PARTY: ARMY, PROFESSION: HQ}
    new = snapshot(DAY, {**OLD.names, ARMY: "Bộ CHQS"}, {**OLD.superiors, SOUTH: now})

    found = differences(OLD, new, {})

    assert found[SOUTH] == Difference(moved=(COMMAND, PARTY))
    assert found[ARMY] == Difference(is_new=True)


def test_a_unit_that_simply_ended_is_gone_into_nothing() -> None:
    new = snapshot(DAY, {unit: name for unit, name in OLD.names.items() if unit != OTHER}, OLD.superiors)

    assert differences(OLD, new, {})[OTHER] == Difference(is_gone=True)


@given(
    st.dictionaries(st.integers(1, 9), st.sampled_from("abc")),
    st.dictionaries(st.integers(1, 9), st.sampled_from("abc")),
)
def test_what_is_new_one_way_is_gone_the_other_way(before: dict[int, str], after: dict[int, str]) -> None:
    old, new = snapshot(BEFORE, before, {}), snapshot(DAY, after, {})

    there, back = differences(old, new, {}), differences(new, old, {})

    assert {u for u, d in there.items() if d.is_new} == {u for u, d in back.items() if d.is_gone}
    assert {u for u, d in there.items() if d.old_name} == {u for u, d in back.items() if d.old_name}
