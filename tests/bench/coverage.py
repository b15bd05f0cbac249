"""A directive of 40 clauses sent to 440 units, with 17,600 pairs to be answered, on both databases.

Every unit has a plan of the year in which it answers most clauses with a task, and details a third of these in a plan
of a quarter: some 18,000 tasks. Each question is asked many times; the median and the slowest are told.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tests import postgres

CLAUSES, PROVINCES, POSTS = 40, 40, 399
TIMES = 20
START, TODAY = date(2022, 1, 1), date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
YEAR, QUARTER = (date(2026, 1, 1), date(2027, 1, 1)), (date(2026, 10, 1), date(2027, 1, 1))


def main(arguments: list[str]) -> None:
    """Print the table for each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench coverage", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.here:
        _measure()
        return
    databases = asked.database or ["sqlite", "postgresql"]
    if "sqlite" in databases:
        with tempfile.TemporaryDirectory(prefix="coverage-bench-") as folder:
            _run(f"sqlite:///{folder}/bench.sqlite3")
    if "postgresql" in databases:
        programs = postgres.find_server()
        if programs is None:
            print("PostgreSQL is not installed: not measured")
            return
        with postgres.server(programs) as address:
            _run(address)


def _run(address: str) -> None:
    command = [sys.executable, "-m", "tests.bench", "coverage", "--here"]
    subprocess.run(command, check=True, env={**os.environ, "NENNEP_DATABASE": address})


def _measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    world = _World()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    from nennep.organisation.queries import tree_on
    from nennep.planning.queries.conflicts import conflicts
    from nennep.planning.queries.coverage import clause_detail, clauses_of, coverage, tasks_of
    from nennep.planning.queries.notices import Ladder, owed
    from nennep.planning.queries.progress import rolled_up

    everybody, province = frozenset(world.units), world.province
    questions: dict[str, Callable[[], object]] = {
        "coverage, headquarters": lambda: coverage(world.directive, everybody, TODAY),
        "and its line of each province": lambda: coverage(world.directive, everybody, TODAY).under(
            world.provinces, tree_on(TODAY)
        ),
        "coverage, a province": lambda: coverage(world.directive, province, TODAY),
        "coverage, a post": lambda: coverage(world.directive, frozenset(world.units[-1:]), TODAY),
        "one clause, headquarters": lambda: clause_detail(world.clauses[3], everybody, TODAY),
        "tasks of a clause, 50 units": lambda: tasks_of(world.clauses[3], world.units[:50]),
        "clauses of 200 tasks": lambda: clauses_of(world.some_tasks),
        "progress of a province's plan": lambda: rolled_up([world.plan_of_province], TODAY),
        "progress of headquarters' plan": lambda: rolled_up([world.plan_of_headquarters], TODAY),
        "conflicts of a province, a month": lambda: conflicts(province, date(2026, 11, 1), date(2026, 12, 1)),
        "what is owed, and whom to tell": lambda: Ladder(owed(TODAY), TODAY),
    }
    pairs = coverage(world.directive, everybody, TODAY).total.addressed
    print(f"\n{connection.vendor}: {pairs:,} pairs, {world.tasks:,} tasks")
    print(f"{'':<36}{'median':>10}{'slowest':>10}   milliseconds")
    for name, ask in questions.items():
        times = [_timed(ask) for _ in range(TIMES)]
        print(f"{name:<36}{statistics.median(times):>10.0f}{max(times):>10.0f}", flush=True)


def _timed(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - begun)


class _World:
    """One headquarters, its provinces and posts, the directive, and the plans that answer it."""

    def __init__(self) -> None:
        self._chance = random.Random(5)
        self._organisation()
        self._directive()
        self._plans()

    def _organisation(self) -> None:
        from nennep.organisation.models import Edge, Post, Unit, UnitName
        from nennep.organisation.rules import Line

        self.top = Unit.objects.create(code="HQ", kind="headquarters", starts_on=START)
        kinds = {f"P{n:03}": "province_command" for n in range(PROVINCES)} | {f"D{n:03}": "post" for n in range(POSTS)}
        made = Unit.objects.bulk_create(Unit(code=code, kind=kind, starts_on=START) for code, kind in kinds.items())
        rows = Unit.objects.in_bulk([unit.code for unit in made], field_name="code")
        self.provinces = [rows[code].pk for code in kinds if code[0] == "P"]
        posts = [rows[code].pk for code in kinds if code[0] == "D"]
        self.units = [*self.provinces, *posts]
        under = {post: self.provinces[n % PROVINCES] for n, post in enumerate(posts)}
        edges = [(unit, self.top.pk) for unit in self.provinces] + list(under.items())
        Edge.objects.bulk_create(
            Edge(unit_id=unit, parent_id=above, line=Line.COMMAND, starts_on=START) for unit, above in edges
        )
        UnitName.objects.bulk_create(
            UnitName(unit_id=unit, name=f"Đơn vị {unit}", short_name=f"{unit}", starts_on=START) for unit in self.units
        )
        Post.objects.bulk_create(
            Post(unit_id=unit, code="p", title="Trợ lý", permissions=["planning.write", "planning.report"])
            for unit in self.units
        )
        first = self.provinces[0]
        self.province = frozenset({first, *(post for post, above in under.items() if above == first)})

    def _directive(self) -> None:
        from nennep.documents.models import Clause, Dispatch, Document, DocumentType, Series

        series = Series.objects.create(code="party", name="Số", family="party", clause="x")
        kind = DocumentType.objects.create(
            code="directive", name="Chỉ thị", group="direction", series=series, binds=True, clause="x", starts_on=START
        )
        document = Document.objects.create(
            unit=self.top, type=kind, subject="Chỉ thị", state="in_force", number=5, issued_on=START, created_at=NOW
        )
        self.directive = document.pk
        Dispatch.objects.bulk_create(Dispatch(document=document, unit_id=unit, sent_at=NOW) for unit in self.units)
        Clause.objects.bulk_create(
            Clause(
                document=document,
                block=f"b{n}",
                label=f"{n}",
                text="Giáo dục chính trị theo chuyên đề cho 100% quân số.",
                position=n,
                due_on=date(2026, 6, 30) if n % 8 == 0 else date(2026, 12, 31),
            )
            for n in range(CLAUSES)
        )
        self.clauses = list(Clause.objects.order_by("position").values_list("pk", flat=True))

    def _plans(self) -> None:
        from nennep.planning.models import ClauseAnswer, Plan, PlanVersion, Task, TaskClause

        def plan(unit: int, kind: str, days: tuple[date, date]) -> Any:
            code = "2026" if kind == "year" else "2026-Q4"
            return Plan(
                unit_id=unit, kind="plan", period_kind=kind, period_code=code, title="Kế hoạch", state="issued",
                starts_on=days[0], ends_on=days[1],
            )  # fmt: skip

        everybody = [self.top.pk, *self.units]
        Plan.objects.bulk_create([plan(unit, "year", YEAR) for unit in everybody])
        Plan.objects.bulk_create([plan(unit, "quarter", QUARTER) for unit in everybody])
        plans = list(Plan.objects.all())
        PlanVersion.objects.bulk_create(
            PlanVersion(plan=one, number=1, content_data={}, digest="x", at=NOW, person_name="x", post_title="x")
            for one in plans
        )
        versions = dict(PlanVersion.objects.values_list("plan_id", "pk"))
        for one in plans:
            one.current_version_id = versions[one.pk]
        Plan.objects.bulk_update(plans, ["current_version"], batch_size=500)
        years = {one.unit_id: one for one in plans if one.period_kind == "year"}
        quarters = {one.unit_id: one for one in plans if one.period_kind == "quarter"}
        self.plan_of_headquarters, self.plan_of_province = years[self.top.pk].pk, years[self.provinces[0]].pk
        above = {clause: self._task(years[self.top.pk], clause, self.top.pk, None) for clause in self.clauses}
        Task.objects.bulk_create(above.values())
        carried = [(unit, clause) for unit in self.units for clause in self.clauses if self._chance.random() < 0.75]
        tasks = [self._task(years[unit], clause, unit, above[clause]) for unit, clause in carried]
        Task.objects.bulk_create(tasks, batch_size=1_000)
        TaskClause.objects.bulk_create(
            (TaskClause(task=task, clause_id=clause) for task, (_, clause) in zip(tasks, carried, strict=True)),
            batch_size=1_000,
        )
        finer = [
            self._task(quarters[unit], clause, unit, task)
            for task, (unit, clause) in zip(tasks, carried, strict=True)
            if self._chance.random() < 1 / 3
        ]
        Task.objects.bulk_create(finer, batch_size=1_000)
        answered = {(unit, clause) for unit in self.units for clause in self.clauses} - set(carried)
        ClauseAnswer.objects.bulk_create(
            ClauseAnswer(clause_id=clause, unit_id=unit, reason="Chưa đến kỳ.", at=NOW, person_name="x", post_title="x")
            for unit, clause in sorted(answered)
            if self._chance.random() < 1 / 2
        )
        self.tasks = Task.objects.count()
        self.some_tasks = list(Task.objects.order_by("-pk").values_list("pk", flat=True)[:200])

    def _task(self, plan: Any, clause: int, lead: int, details: Any) -> Any:
        from nennep.planning.models import Task

        first = max(plan.starts_on, date(2026, self._chance.randint(1, 12), 1))
        return Task(
            plan=plan,
            key=f"t{clause}",
            title="Học tập chuyên đề",
            lead_unit_id=lead,
            starts_on=first,
            due_on=date(2026, 12, self._chance.randint(1, 31)) if self._chance.random() < 0.9 else first,
            state="done" if self._chance.random() < 0.3 else "open",
            progress=self._chance.randint(0, 100),
            details=details,
        )
