"""A small world for planning: a directive of headquarters with its clauses, plans of three levels that carry it out.

Today is Monday 16 November 2026 (tests.cast.NOW). Headquarters' directive 05-CT/ĐU binds both provinces and all posts;
clause 3 is for Sơn Hà alone, and has no task. Headquarters' year plan and Sơn Hà's quarter are issued, its month is
approved; the month of post SH-1 and Sơn Hà's week are drafts. Đông Vân has planned nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from nennep.documents.models import (
    Clause,
    ClauseAddressee,
    Dispatch,
    Document,
    DocumentType,
    Series,
)
from nennep.planning.models import Plan, PlanStep, PlanVersion, Task, TaskClause, TaskUnit
from nennep.planning.rules.states import PlanKind, PlanMove, PlanState
from nennep.planning.rules.versions import PlanContent, PlanTexts, TaskContent, TaskWords, content_digest
from tests.cast import START, Cast

LAST_YEAR = datetime(2025, 12, 22, 2, 0, tzinfo=UTC)
ISSUED_ON = date(2025, 12, 20)
TEXTS = PlanTexts(purpose=("Thực hiện chỉ thị 05.",))

#: block: label, text, due, indicator, figure, for whom alone
CLAUSES: dict[str, tuple[str, str, date | None, str, str | None, tuple[str, ...]]] = {
    "1a": ("1a", "Giáo dục chính trị theo chuyên đề cho 100% quân số.", date(2026, 12, 31), "", None, ()),
    "1b": ("1b", "Tuyên truyền Luật Biên phòng Việt Nam.", date(2026, 12, 31), "law.listeners", "3000", ()),
    "2": ("2", "Nâng chất lượng sinh hoạt chi bộ thôn, bản.", date(2026, 12, 31), "", None, ()),
    "3": ("3", "Rà soát, phân công lại đảng viên phụ trách hộ.", date(2026, 12, 15), "", None, ("SH",)),
}

#: plan: unit, kind, period kind, code, first day, first day after, state, the plan it details
PLANS: dict[str, tuple[str, PlanKind, str, str, date, date, PlanState, str | None]] = {
    "HQ year": (
        "HQ",
        PlanKind.PLAN,
        "year",
        "2026",
        date(2026, 1, 1),
        date(2027, 1, 1),
        PlanState.ISSUED,
        None,
    ),
    "SH quarter": (
        "SH",
        PlanKind.PLAN,
        "quarter",
        "2026-Q4",
        date(2026, 10, 1),
        date(2027, 1, 1),
        PlanState.ISSUED,
        "HQ year",
    ),
    "SH month": (
        "SH",
        PlanKind.PLAN,
        "month",
        "2026-11",
        date(2026, 11, 1),
        date(2026, 12, 1),
        PlanState.APPROVED,
        "SH quarter",
    ),
    "SH week": (
        "SH",
        PlanKind.CALENDAR,
        "week",
        "2026-W47",
        date(2026, 11, 16),
        date(2026, 11, 23),
        PlanState.DRAFT,
        "SH month",
    ),
    "SH-1 month": (
        "SH-1",
        PlanKind.PLAN,
        "month",
        "2026-11",
        date(2026, 11, 1),
        date(2026, 12, 1),
        PlanState.DRAFT,
        "SH month",
    ),
}

#: task: plan, title, lead, first and last day, and the rest as columns; clauses, coordinating and details by name
TASKS: dict[str, tuple[str, str, str, date, date, dict[str, Any]]] = {
    "year study": (
        "HQ year",
        "Giáo dục chính trị theo chuyên đề năm 2026",
        "HQ",
        date(2026, 1, 5),
        date(2026, 12, 31),
        {"clauses": ["1a"], "coordinating": ["SH", "DV"], "heading": "Giáo dục chính trị, tuyên truyền"},
    ),
    "year law": (
        "HQ year",
        "Tuyên truyền Luật Biên phòng Việt Nam",
        "SH",
        date(2026, 2, 1),
        date(2026, 12, 31),
        {
            "clauses": ["1b"],
            "emphasis": True,
            "indicator": "law.listeners",
            "figure": Decimal(3000),
            "heading": "Giáo dục chính trị, tuyên truyền",
        },
    ),
    "year cells": (
        "HQ year",
        "Nâng chất lượng sinh hoạt chi bộ thôn, bản",
        "DV",
        date(2026, 3, 1),
        date(2026, 11, 30),
        {"clauses": ["2"], "coordinating": ["SH"], "heading": "Xây dựng Đảng"},
    ),
    "quarter study": (
        "SH quarter",
        "Học tập chuyên đề quý IV",
        "SH",
        date(2026, 10, 1),
        date(2026, 12, 15),
        {"clauses": ["1a"], "details": "year study", "heading": "Giáo dục chính trị, tuyên truyền"},
    ),
    "quarter law": (
        "SH quarter",
        "Đợt tuyên truyền Luật Biên phòng",
        "SH",
        date(2026, 10, 15),
        date(2026, 12, 20),
        {
            "clauses": ["1b"],
            "details": "year law",
            "emphasis": True,
            "indicator": "law.listeners",
            "figure": Decimal(2000),
            "coordinating": ["SH-1", "SH-2", "SH-3"],
            "heading": "Giáo dục chính trị, tuyên truyền",
        },
    ),
    "quarter review": (
        "SH quarter",
        "Sơ kết mô hình dân vận khéo",
        "SH",
        date(2026, 12, 1),
        date(2026, 12, 20),
        {"heading": "Dân vận"},
    ),
    "month study": (
        "SH month",
        "Học tập chuyên đề quý IV, lớp 3 và lớp 4",
        "SH",
        date(2026, 11, 16),
        date(2026, 11, 27),
        {"clauses": ["1a"], "details": "quarter study", "heading": "Giáo dục chính trị, tuyên truyền"},
    ),
    "month law": (
        "SH month",
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao",
        "SH",
        date(2026, 11, 1),
        date(2026, 11, 30),
        {
            "clauses": ["1b"],
            "details": "quarter law",
            "emphasis": True,
            "indicator": "law.listeners",
            "figure": Decimal(1000),
            "coordinating": ["SH-1", "SH-3"],
            "heading": "Giáo dục chính trị, tuyên truyền",
        },
    ),
    "month films": (
        "SH month",
        "Chiếu phim lưu động 6 bản vùng cao",
        "SH-3",
        date(2026, 11, 19),
        date(2026, 11, 21),
        {"clauses": ["1b"], "details": "month law", "heading": "Giáo dục chính trị, tuyên truyền"},
    ),
    "week study": (
        "SH week",
        "Học tập chuyên đề quý IV, lớp 3",
        "SH",
        date(2026, 11, 16),
        date(2026, 11, 20),
        {"details": "month study"},
    ),
    "post law": (
        "SH-1 month",
        "Tuyên truyền tại 3 bản giáp biên",
        "SH-1",
        date(2026, 11, 9),
        date(2026, 11, 25),
        {"clauses": ["1b"], "details": "month law", "indicator": "law.listeners", "figure": Decimal(742)},
    ),
}


@dataclass
class World:
    """The cast, the directive with its clauses, plans and tasks, by their short names."""

    cast: Cast
    directive: Document = field(default_factory=Document)
    clauses: dict[str, Clause] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    def plan(self, name: str) -> Plan:
        """A plan as the database has it now."""
        return Plan.objects.get(pk=self.plans[name].pk)

    def task(self, name: str) -> Task:
        """A task as the database has it now."""
        return Task.objects.get(pk=self.tasks[name].pk)

    def unit(self, code: str) -> int:
        return self.cast.units[code]


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def make_world(cast: Cast) -> World:
    """Write directive, clauses, plans and tasks into the database of a cast."""
    world = World(cast)
    _directive(world)
    for name in PLANS:
        _plan(world, name)
    for order, name in enumerate(TASKS, start=1):
        _task(world, name, order)
    for plan in world.plans.values():
        if plan.state != PlanState.DRAFT:
            _freeze(world, plan)
    return world


def _directive(world: World) -> None:
    units = world.cast.units
    series = Series.objects.create(code="party", name="Số của Đảng", family="party", clause="HD 36-HD/VPTW")
    kind = DocumentType.objects.create(
        code="directive",
        abbreviation="CT",
        name="Chỉ thị",
        name_en="Directive",
        group="direction",
        series=series,
        binds=True,
        clause="HD 36-HD/VPTW",
        starts_on=START,
    )
    world.directive = Document.objects.create(
        unit_id=units["HQ"],
        type=kind,
        subject="Về công tác đảng, công tác chính trị năm 2026",
        state="in_force",
        number=5,
        symbol="CT/ĐU",
        issued_on=ISSUED_ON,
        starts_on=ISSUED_ON,
        created_at=LAST_YEAR,
    )
    for code in ("SH", "DV", "SH-1", "SH-2", "SH-3", "DV-1", "DV-2", "DV-3"):
        Dispatch.objects.create(document=world.directive, unit_id=units[code], sent_at=LAST_YEAR)
    for position, (block, (label, text, due_on, indicator, figure, alone)) in enumerate(CLAUSES.items(), start=1):
        clause = world.clauses[block] = Clause.objects.create(
            document=world.directive,
            block=block,
            label=label,
            text=text,
            position=position,
            due_on=due_on,
            indicator=indicator,
            figure=Decimal(figure) if figure else None,
            for_all=not alone,
        )
        for code in alone:
            ClauseAddressee.objects.create(clause=clause, unit_id=units[code])


def _plan(world: World, name: str) -> None:
    unit, kind, period_kind, code, starts_on, ends_on, state, details = PLANS[name]
    world.plans[name] = Plan.objects.create(
        unit_id=world.cast.units[unit],
        kind=kind,
        period_kind=period_kind,
        period_code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        title=f"{name} {code}",
        state=state,
        texts=TEXTS.as_json(),
        details=world.plans[details] if details else None,
        answers=world.directive,
    )


def _task(world: World, name: str, order: int) -> None:
    plan, title, lead, starts_on, due_on, rest = TASKS[name]
    columns = {key: value for key, value in rest.items() if key not in {"clauses", "coordinating", "details"}}
    task = world.tasks[name] = Task.objects.create(
        plan=world.plans[plan],
        key=f"t{order}",
        order=order,
        title=title,
        lead_unit_id=world.cast.units[lead],
        starts_on=starts_on,
        due_on=due_on,
        details=world.tasks[rest["details"]] if "details" in rest else None,
        **columns,
    )
    for block in rest.get("clauses", ()):
        TaskClause.objects.create(task=task, clause=world.clauses[block])
    for code in rest.get("coordinating", ()):
        TaskUnit.objects.create(task=task, unit_id=world.cast.units[code])


def _freeze(world: World, plan: Plan) -> None:
    """The version that was approved, and the moves that led there."""
    signed = {"at": LAST_YEAR, "person_name": "Trần Quang Hưng", "post_title": "Tư lệnh"}
    moves = [(PlanMove.SUBMIT, PlanState.SUBMITTED), (PlanMove.APPROVE, PlanState.APPROVED)]
    if plan.state == PlanState.ISSUED:
        moves.append((PlanMove.ISSUE, PlanState.ISSUED))
    for move, state in moves:
        PlanStep.objects.create(plan=plan, move=move, to_state=state, **signed)
    tasks = tuple(_content(task) for name, task in world.tasks.items() if TASKS[name][0] == _name(world, plan))
    content = PlanContent(plan.title, PlanTexts.from_json(plan.texts), tasks).as_json()
    digest = content_digest(
        content, unit=plan.unit.code, kind=plan.kind, period=plan.period_code, topic=plan.topic, number=1
    )
    plan.current_version = PlanVersion.objects.create(
        plan=plan, number=1, content_data=content, digest=digest, **signed
    )
    plan.save()


def _name(world: World, plan: Plan) -> str:
    return next(name for name, one in world.plans.items() if one.pk == plan.pk)


def _content(task: Task) -> TaskContent:
    words = TaskWords(
        title=task.title,
        lead_unit=task.lead_unit_id,
        starts_on=task.starts_on,
        due_on=task.due_on,
        heading=task.heading,
        emphasis=task.emphasis,
        coordinating=tuple(task.task_units.order_by("unit_id").values_list("unit_id", flat=True)),
        clauses=tuple(task.task_clauses.order_by("clause_id").values_list("clause_id", flat=True)),
        details=task.details_id,
        indicator=task.indicator,
        figure=str(task.figure) if task.figure else "",
    )
    return TaskContent(task.key, task.order, words)
