"""Which task details which (Nghị định 191/2026/NĐ-CP Điều 19-20), the periods of plans, and what a version says."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.planning.models import Plan
from nennep.planning.queries import plans as queries
from nennep.planning.rules.calendar import CIVIL, submit_before
from nennep.planning.rules.details import Place, circle, why_not_detail
from nennep.planning.rules.versions import (
    Change,
    PlanContent,
    PlanTexts,
    TaskContent,
    TaskWords,
    compare,
    content_digest,
)
from nennep.reporting.models import ReportingCalendar
from nennep.reporting.rules.periods import Kind
from tests.cast import Cast
from tests.planning.conftest import World

HQ, SH, POST = 1, 2, 3
SUPERIORS = {HQ: set[int](), SH: {HQ}, POST: {SH, HQ}}


def place(plan: int, unit: int, code: str) -> Place:
    period = CIVIL.parse(code)
    return Place(plan, unit, period.kind, period.starts_on, period.ends_on)


@pytest.mark.parametrize(
    ("own", "other", "why"),
    [
        # the same unit: only a longer plan
        ((SH, "2026-Q4"), (SH, "2026"), ""),
        ((SH, "2026-11"), (SH, "2026-Q4"), ""),
        ((SH, "2026-W47"), (SH, "2026-11"), ""),
        ((SH, "2026-Q4"), (SH, "2026-H2"), ""),
        ((SH, "2026"), (SH, "2026-Q4"), "details_nothing_longer_or_higher"),
        ((SH, "2026-11"), (SH, "2026-11"), "details_nothing_longer_or_higher"),
        # a unit above: whatever its plan's period
        ((POST, "2026-11"), (SH, "2026-11"), ""),
        ((POST, "2026-11"), (HQ, "2026"), ""),
        ((POST, "2026-11"), (SH, "2026-W47"), ""),
        ((SH, "2026"), (POST, "2026"), "details_nothing_longer_or_higher"),
        # at another time
        ((SH, "2026-09"), (SH, "2026-Q4"), "details_another_time"),
        ((POST, "2027-01"), (SH, "2026"), "details_another_time"),
        ((SH, "2027-W01"), (SH, "2027"), ""),  # from 4/1/2027
        ((SH, "2026-W53"), (SH, "2027"), ""),  # 28/12/2026 – 3/1/2027 shares days with both years
    ],
)
def test_the_shorter_or_lower_details_the_longer_or_higher(
    own: tuple[int, str], other: tuple[int, str], why: str
) -> None:
    assert why_not_detail(place(1, *own), place(2, *other), SUPERIORS[own[0]]) == why


def test_a_part_of_a_task_stands_in_the_same_plan() -> None:
    assert why_not_detail(place(1, SH, "2026-11"), place(1, SH, "2026-11"), SUPERIORS[SH]) == ""


@pytest.mark.parametrize(
    ("details", "way"),
    [
        ({2: 3, 3: 4, 4: 1}, (1, 2, 3, 4, 1)),  # through three others
        ({2: 1}, (1, 2, 1)),
        ({2: 3, 3: None}, ()),
        ({2: 3, 3: 2}, ()),  # a circle of others is not its own
        ({}, ()),
    ],
)
def test_a_circle_is_named_from_end_to_end(details: dict[int, int | None], way: tuple[int, ...]) -> None:
    assert circle(1, 2, details) == way


def test_a_task_that_would_detail_itself_at_once_is_a_circle() -> None:
    assert circle(1, 1, {}) == (1, 1)


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 8), max_size=8), st.integers(1, 8), st.integers(1, 8))
def test_a_way_is_a_circle_exactly_when_it_leads_back(details: dict[int, int], task: int, wished: int) -> None:
    reached, here = [wished], wished
    while here in details and details[here] not in reached:
        here = details[here]
        reached.append(here)

    assert bool(circle(task, wished, details)) == (task in reached)


# --- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("2027", date(2026, 12, 20)),
        ("2026-H2", date(2026, 6, 20)),
        ("2026-Q4", date(2026, 9, 20)),
        ("2026-01", date(2025, 12, 20)),
        ("2026-12", date(2026, 11, 20)),
        ("2026-W47", None),
    ],
)
def test_a_plan_is_handed_in_before_the_20th_of_the_month_before(code: str, day: date | None) -> None:
    """Nghị định 191/2026/NĐ-CP Điều 19-20."""
    assert submit_before(CIVIL.parse(code)) == day


def test_a_pack_may_lay_down_periods_of_its_own(cast: Cast) -> None:
    assert queries.calendar().parse("2026-11").starts_on == date(2026, 11, 1)
    reporting = ReportingCalendar.objects.get(code="nd09")
    ReportingCalendar.objects.create(code="plan", name="Kỳ kế hoạch", cutoffs=reporting.cutoffs)

    assert queries.calendar().parse("2026-11").starts_on == date(2026, 10, 15)
    assert cast.rounds["2026-11"].starts_on == date(2026, 10, 15)


# --- versions -------------------------------------------------------------------------------------

WORDS = TaskWords(
    "Giao ban",
    7,
    date(2026, 11, 16),
    date(2026, 11, 16),
    coordinating=(8, 9),
    starts_at=time(7, 30),
    clauses=(3,),
    indicator="law.listeners",
    figure="12.5",
)
TEXTS = st.builds(PlanTexts, purpose=st.lists(st.text(min_size=1), max_size=3).map(tuple))


def content(*keys: str) -> PlanContent:
    tasks = tuple(TaskContent(key, order, WORDS) for order, key in enumerate(keys, start=1))
    return PlanContent("Kế hoạch", PlanTexts(), tasks)


@given(st.permutations(["a", "b", "c", "d", "e"]), TEXTS)
def test_a_content_is_what_its_json_says(keys: list[str], texts: PlanTexts) -> None:
    said = PlanContent("Kế hoạch", texts, content(*keys).tasks)

    assert PlanContent.from_json(said.as_json()) == said
    assert not compare(said, said)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("abc", "abc", {}),
        ("abc", "abcd", {"d": Change.ADDED}),
        ("abc", "bc", {"a": Change.DROPPED}),  # the others only stand elsewhere because it went
        ("abcd", "dabc", {"d": Change.CHANGED}),  # one was moved, not three
        ("abc", "", {"a": Change.DROPPED, "b": Change.DROPPED, "c": Change.DROPPED}),
        ("abc", "xcab", {"x": Change.ADDED, "c": Change.CHANGED}),
    ],
)
def test_only_what_changed_is_told(before: str, after: str, told: dict[str, Change]) -> None:
    found = compare(content(*before), content(*after))

    assert {task.key: task.change for task in found.tasks} == told


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef")))
def test_dropping_alone_moves_nothing(keys: list[str], gone: set[str]) -> None:
    left = [key for key in keys if key not in gone]

    found = compare(content(*keys), content(*left))

    assert {task.key for task in found.tasks} == gone
    assert len(found.of(Change.DROPPED)) == len(gone)


def test_lines_of_the_texts_are_told_that_came_and_went() -> None:
    before = PlanContent("Kế hoạch", PlanTexts(purpose=("Một.", "Hai.")), ())
    after = PlanContent("Kế hoạch bổ sung", PlanTexts(purpose=("Hai.", "Ba.")), ())

    found = compare(before, after)

    assert found.title is not None
    assert (found.title.before, found.title.after) == ("Kế hoạch", "Kế hoạch bổ sung")
    assert [(text.part, text.added, text.removed) for text in found.texts] == [("purpose", ("Ba.",), ("Một.",))]


def test_the_digest_covers_every_letter_and_whose_plan_it_is() -> None:
    def digest(said: PlanContent, unit: str = "SH", number: int = 1) -> str:
        return content_digest(said.as_json(), unit=unit, kind="plan", period="2026-11", topic="", number=number)

    said = content("a")

    assert digest(said) == digest(content("a"))
    assert len({digest(said), digest(content("b")), digest(said, unit="DV"), digest(said, number=2)}) == 4


def test_a_version_of_the_world_reads_back_as_what_stands(world: World) -> None:
    for name in ("HQ year", "SH quarter", "SH month"):
        plan: Plan = world.plan(name)
        assert plan.current_version is not None
        assert queries.content_of_version(plan.current_version) == queries.content_of(plan)
        assert Kind(plan.period_kind) in CIVIL.cutoffs
