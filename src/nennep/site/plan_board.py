"""What the board of a plan shows: the directive's clauses beside the tree of tasks; the same tasks as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import pgettext_lazy

from nennep.documents.models import Clause, Document
from nennep.documents.rules import format_date
from nennep.documents.sheets import Column, Line, Sheet, render_csv, render_xlsx
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.planning.models import Plan, Task
from nennep.planning.queries import board as beside
from nennep.planning.queries import coverage as clauses_followed
from nennep.planning.queries import plans as queries
from nennep.planning.queries import progress
from nennep.planning.queries.coverage import ClauseLine
from nennep.planning.queries.progress import RolledUp
from nennep.planning.queries.targets import Reached
from nennep.planning.rules.states import TaskState
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import cited
from nennep.site.plan_sayings import days_of, target_of
from nennep.site.planning_refusals import TASK_STATES
from nennep.site.planning_words import PROGRESS_FROM
from nennep.site.report_list import TYPES, XLSX
from nennep.site.sayings import in_language

#: From so many days before its last day an open task is amber.
SOON = timedelta(days=3)
LIVE = {TaskState.OPEN, TaskState.DONE}


# --- rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """A clause that a task carries out: cited by itself, or by a task that it details."""

    clause: Clause
    is_own: bool


@dataclass(frozen=True)
class Row:
    """One task as the board shows it; `number` is its place in the tree: 2, 2.1, 2.1.1."""

    task: Task
    number: str
    depth: int
    lead: str
    coordinating: tuple[str, ...]
    bases: tuple[Basis, ...]
    target: str
    reached: Reached | None
    measure: str
    percent: int
    source: Promise | None
    below: int
    due: str
    is_lit: bool
    may_go_up: bool
    may_go_down: bool

    @property
    def is_live(self) -> bool:
        return self.task.state in LIVE

    @property
    def state(self) -> str:
        return str(TASK_STATES[TaskState(self.task.state)])

    @property
    def lead_said(self) -> str:
        """Who leads: the unit; of the plan's own unit the person or the post, where one is named."""
        if self.task.lead_unit_id != self.task.plan.unit_id:
            return self.lead
        return str(self.task.lead_person or self.task.lead_post or self.lead)


@dataclass(frozen=True)
class Group:
    """The tasks under one heading, which may be empty, and how far they have come together."""

    heading: str
    number: str
    rows: tuple[Row, ...]
    percent: int | None


def due_of(task: Task, day: date) -> str:
    """How pressing a task is: `overdue`, `soon`, or nothing."""
    if task.state != TaskState.OPEN:
        return ""
    if task.due_on < day:
        return "overdue"
    return "soon" if task.due_on - day <= SOON else ""


# --- what is asked of the list --------------------------------------------------------------------


@dataclass(frozen=True)
class TaskColumn:
    key: str
    head: Promise
    value: Callable[[Row], Any]
    width: float = 18
    is_number: bool = False


def _bases_said(row: Row) -> str:
    return ", ".join(one.clause.label for one in row.bases)


COLUMNS: Sequence[TaskColumn] = (
    TaskColumn("lead", later("Lead"), lambda r: r.lead_said, 26),
    TaskColumn("with", later("Takes part"), lambda r: ", ".join(r.coordinating), 30),
    TaskColumn("basis", later("Basis"), _bases_said, 14),
    TaskColumn("target", pgettext_lazy("of a task", "Target"), lambda r: r.target, 20),
    TaskColumn("starts", later("Begins"), lambda r: format_date(r.task.starts_on, "vi"), 12),
    TaskColumn("due", later("Due"), lambda r: format_date(r.task.due_on, "vi"), 12),
    TaskColumn("place", pgettext_lazy("of a task", "Place"), lambda r: r.task.place, 22),
    TaskColumn("progress", later("Reached"), lambda r: r.percent, 10, is_number=True),
    TaskColumn("state", later("State"), lambda r: r.state, 14),
)
USUAL = ("lead", "basis", "target", "due", "progress")


@dataclass(frozen=True)
class Asked:
    """What the board was asked for in its address. What makes no sense is left out."""

    clause: int
    only: bool
    emphasis: bool
    late: bool
    lead: int
    state: str
    columns: tuple[TaskColumn, ...]

    @classmethod
    def of(cls, request: ActingRequest) -> Asked:
        get = request.GET
        wished = [column for column in COLUMNS if column.key in get.getlist("column")]
        return cls(
            number(get.get("clause", "")),
            get.get("only") == "1",
            get.get("emphasis") == "1",
            get.get("late") == "1",
            number(get.get("lead", "")),
            get.get("state", "") if get.get("state") in set(TaskState) else "",
            tuple(wished or (column for column in COLUMNS if column.key in USUAL)),
        )

    @property
    def has_filter(self) -> bool:
        return bool(self.emphasis or self.late or self.lead or self.state)

    def wants(self, row: Row) -> bool:
        wanted = (not self.only or not self.clause or row.is_lit) and (not self.emphasis or row.task.emphasis)
        wanted = wanted and (not self.late or row.due == "overdue")
        wanted = wanted and (not self.lead or row.task.lead_unit_id == self.lead)
        return wanted and (not self.state or row.task.state == self.state)


def number(asked: str) -> int:
    """An id from an address or a form; 0, which nothing bears, where it is none."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_ID else 0


_LONGEST_ID = 18


# --- the clauses ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClauseCard:
    """One clause of the plan's directive beside the tasks: how many here, how many elsewhere in the unit's plans."""

    line: ClauseLine
    here: int
    is_chosen: bool
    is_late: bool
    is_past: bool

    @property
    def elsewhere(self) -> int:
        return max(0, self.line.tasks - self.here)

    @property
    def is_missing(self) -> bool:
        return bool(self.line.counts.silent) and not self.here and not self.line.is_withdrawn

    @property
    def is_explained(self) -> bool:
        return bool(self.line.counts.explained) and not self.here

    @property
    def is_covered(self) -> bool:
        return bool(self.here or self.line.counts.carried)


# --- the board ------------------------------------------------------------------------------------


class Board:
    """A plan with all that stands on its board, looked up once: the same number of queries whatever its tasks."""

    def __init__(self, request: ActingRequest, plan: Plan) -> None:
        self.plan, self.by, self.today = plan, request.actor, request.actor.today
        self.asked = Asked.of(request)
        self.is_own = plan.unit_id == self.by.unit_id
        self._drafts = {self.by.unit_id} if self.by.unit_id is not None else set()
        self.tasks = list(queries.tasks_of(plan.pk))
        self.rolled: RolledUp = progress.rolled_up([plan.pk], self.today, drafts_of=self._drafts)
        self.below = beside.below_counts(plan, self.by)
        self._cited = clauses_followed.clauses_of([task.pk for task in self.tasks])
        self._clauses = beside.clauses({one.clause_id for cited in self._cited.values() for one in cited})
        self._indicators = beside.indicators({task.indicator for task in self.tasks if task.indicator})
        units = {unit.pk for task in self.tasks for unit in task.coordinating.all()}
        self.units = organisation.units_known_by(
            self.today, ids=units | {task.lead_unit_id for task in self.tasks} | {plan.unit_id}
        )
        self.directive = beside.directive_of(plan)
        self.cards = self._cards()
        self.groups = self._groups()

    @property
    def unit(self) -> NamedUnit:
        return self.units[self.plan.unit_id]

    @property
    def percent(self) -> int | None:
        return self.rolled.plans.get(self.plan.pk)

    @property
    def chosen(self) -> ClauseCard | None:
        return next((card for card in self.cards if card.is_chosen), None)

    @property
    def covered(self) -> int:
        return sum(card.is_covered for card in self.cards)

    @property
    def uncovered(self) -> int:
        return sum(card.is_missing for card in self.cards)

    @property
    def leads(self) -> list[NamedUnit]:
        """The units that lead tasks here, to filter by."""
        ids = {task.lead_unit_id for task in self.tasks}
        return sorted((self.units[one] for one in ids if one in self.units), key=lambda unit: unit.code)

    @property
    def lit(self) -> int:
        return sum(row.is_lit for group in self.groups for row in group.rows)

    @property
    def shown(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    # --- clauses

    def _cards(self) -> list[ClauseCard]:
        """The clauses that bind the plan's unit, or are carried out here; of the issuer's own plan, all of them."""
        if self.directive is None:
            return []
        drafts = self._drafts if self.is_own else ()
        found = clauses_followed.coverage(self.directive.pk, {self.plan.unit_id}, self.today, drafts_of=drafts)
        here = self._tasks_by_clause()
        binds_here = any(line.counts.addressed for line in found.clauses)
        return [
            ClauseCard(
                line,
                len(here.get(line.clause.pk, ())),
                line.clause.pk == self.asked.clause,
                bool(line.counts.late),
                line.clause.due_on is not None and line.clause.due_on < self.today,
            )
            for line in found.clauses
            if line.counts.addressed or here.get(line.clause.pk) or (not binds_here and not line.is_withdrawn)
        ]

    def _tasks_by_clause(self) -> dict[int, set[int]]:
        live = {task.pk for task in self.tasks if task.state in LIVE}
        found: dict[int, set[int]] = {}
        for task in live & self._cited.keys():
            for one in self._cited[task]:
                found.setdefault(one.clause_id, set()).add(task)
        return found

    # --- tasks

    def _groups(self) -> list[Group]:
        ids = {task.pk for task in self.tasks}
        parts: dict[int | None, list[Task]] = {}
        for task in self.tasks:
            parts.setdefault(task.details_id if task.details_id in ids else None, []).append(task)
        headings: dict[str, list[Task]] = {}
        for task in parts.get(None, ()):
            headings.setdefault(task.heading, []).append(task)
        groups: list[Group] = []
        count = 0
        for heading, tops in headings.items():
            rows: list[Row] = []
            for place, top in enumerate(tops):
                count += 1
                rows.extend(self._branch(top, str(count), 0, parts, tops, place))
            shown = tuple(row for row in rows if self.asked.wants(row))
            if shown:
                said = ROMAN[len(groups)] if heading and len(groups) < len(ROMAN) else ""
                groups.append(Group(heading, said, shown, self.rolled.headings.get((self.plan.pk, heading))))
        return groups

    def _branch(
        self,
        task: Task,
        said: str,
        depth: int,
        parts: Mapping[int | None, list[Task]],
        beside_it: Sequence[Task],
        place: int,
    ) -> Iterator[Row]:
        under = parts.get(task.pk, [])
        yield self._row(task, said, depth, (place > 0, place < len(beside_it) - 1))
        if depth < _DEEPEST:
            for step, part in enumerate(under):
                yield from self._branch(part, f"{said}.{step + 1}", depth + 1, parts, under, step)

    def _row(self, task: Task, said: str, depth: int, may_go: tuple[bool, bool]) -> Row:
        rolled = self.rolled.tasks.get(task.pk)
        cited = self._cited.get(task.pk, ())
        indicator = self._indicators.get(task.indicator)
        return Row(
            task,
            said,
            depth,
            name_of(task.lead_unit_id, self.units),
            tuple(name_of(unit.pk, self.units) for unit in task.coordinating.all()),
            bases_of(task, cited, self._clauses),
            target_of(task, indicator),
            self.rolled.reached.get(task.pk),
            indicator.unit_of_measure if indicator else "",
            rolled.percent if rolled else task.progress,
            PROGRESS_FROM[rolled.source] if rolled else None,
            self.below.get(task.pk, 0),
            due_of(task, self.today),
            bool(self.asked.clause) and any(one.clause_id == self.asked.clause for one in cited),
            *may_go,
        )


_DEEPEST = 8
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def name_of(unit_id: int, units: Mapping[int, NamedUnit]) -> str:
    return units[unit_id].short_name if unit_id in units else ""


def bases_of(task: Task, cited: Collection[clauses_followed.Cited], known: Mapping[int, Clause]) -> tuple[Basis, ...]:
    """The clauses that a task carries out, its own first; where it cites some itself, only those."""
    found = [Basis(known[one.clause_id], one.via == task.pk) for one in cited if one.clause_id in known]
    own = [one for one in found if one.is_own]
    return tuple(own or found)


# --- the same as a sheet --------------------------------------------------------------------------


def sheet_of(board: Board, kind: str) -> tuple[str, str, bytes]:
    """The tasks as a file: its name, its type, and what it holds. Raises Http404 for a kind there is not."""
    if kind not in TYPES:
        raise Http404("no such file")
    chosen = board.asked.columns
    columns = (
        Column(_("No."), 8),
        Column(_("Task"), 60),
        *(Column(str(c.head), c.width, is_number=c.is_number) for c in chosen),
    )
    lines: list[Line] = []
    for group in board.groups:
        if group.heading:
            lines.append(Line((group.number, group.heading, *(None for _column in chosen)), bold=True))
        lines.extend(
            Line((row.number, _title(row.task), *(column.value(row) for column in chosen)), level=row.depth)
            for row in group.rows
        )
    plan = board.plan
    remarks = (f"{board.unit.name}; {days_of(plan.starts_on, queries.last_day(plan))}",)
    made = Sheet(_("Tasks"), columns, tuple(lines), title=plan.title, remarks=remarks)
    data = render_xlsx([made]) if kind == XLSX else render_csv(made)
    return f"{board.unit.code}-{plan.kind}-{plan.period_code}.{kind}", TYPES[kind], data


def _title(task: Task) -> str:
    return f"{task.title} ({_('emphasis')})" if task.emphasis else task.title


def directive_name(directive: Document | None) -> str:
    """How people cite a plan's directive: `Chỉ thị 05-CT/ĐU`; empty without one."""
    return document_name(directive) if directive is not None else ""


def document_name(document: Document) -> str:
    """A document by its type and symbol, in the reader's language."""
    name = in_language(document.type.name, document.type.name_en or document.type.name)
    return f"{name} {cited(document)}"
