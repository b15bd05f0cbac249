"""Directives followed to their tasks and results, and tasks back to their clauses.

`day` is the reader's today. `reach` are the units whose part is told: those over which the reader's post carries
planning.view, or fewer. `drafts_of` are units whose drafts count as well: the reader's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from nennep.documents.models import Clause, ClauseAddressee, Dispatch
from nennep.organisation.rules import Tree
from nennep.planning.models import ClauseAnswer, Task
from nennep.planning.queries.standing import LIVE, PASSES_ON, places, rows, standing_as
from nennep.planning.rules import coverage as rules
from nennep.planning.rules.coverage import NO_COUNTS, NO_WORK, Counts, Demand, Pair, Standing, Work


@dataclass(frozen=True)
class ClauseLine:
    """One clause and how the units in reach stand to it.

    `tasks` is how many tasks in reach carry it out. Of a withdrawn clause all counts are zero; `still_open` is how
    many tasks for it stand open nevertheless.
    """

    clause: Clause
    counts: Counts
    tasks: int
    still_open: int

    @property
    def is_withdrawn(self) -> bool:
        return self.clause.withdrawn_on is not None

    @property
    def has_no_task(self) -> bool:
        """Whether it binds somebody in reach, and no task there carries it out."""
        return bool(self.counts.addressed) and not self.counts.carried


@dataclass(frozen=True)
class Coverage:
    """How a directive is covered within a reach on a day: by clause, by unit, and pair by pair. Units that owe nothing
    are absent.

    `orphaned` is how many open tasks are led by units that are gone: they wait for a decision who goes on with them.
    """

    document_id: int
    day: date
    clauses: tuple[ClauseLine, ...]
    by_unit: Mapping[int, Counts]
    orphaned: int
    pairs: Mapping[Pair, tuple[Standing, bool]] = field(default_factory=dict, repr=False)

    @property
    def total(self) -> Counts:
        return rules.summed(self.by_unit, self.by_unit)

    @property
    def without_task(self) -> int:
        """How many clauses bind somebody in reach and have no task there."""
        return sum(line.has_no_task for line in self.clauses)

    def under(self, units: Iterable[int], tree: Tree) -> list[UnitLine]:
        """A line for each of these units, with the sum of all that lies under it in the tree; those that neither owe
        nor have anybody below who owes are left out.
        """
        lines = (UnitLine(unit, self.by_unit.get(unit, NO_COUNTS), self._below(unit, tree)) for unit in units)
        return [line for line in lines if line.all.addressed]

    def cells(self, units: Iterable[int], tree: Tree) -> dict[Pair, Counts]:
        """By clause and unit: how the clause stands in the unit and all that lies under it in the tree."""
        return rules.by_group(self.pairs, {unit: tree.subtree(unit) for unit in units})

    def _below(self, unit: int, tree: Tree) -> Counts:
        return rules.summed(self.by_unit, tree.walk(unit))


@dataclass(frozen=True)
class UnitLine:
    """A unit's own pairs, and those of everything under it with them."""

    unit_id: int
    own: Counts
    all: Counts


def coverage(document_id: int, reach: Collection[int], day: date, *, drafts_of: Collection[int] = ()) -> Coverage:
    """How the directive is covered within the reach. The same few queries whatever the clauses, units and tasks."""
    clauses = list(Clause.objects.filter(document_id=document_id).order_by("position", "pk"))
    found = _Pairs(clauses, frozenset(reach), day, drafts_of)
    assessed = rules.assess(found.demands, found.addressed, found.work, _explained(clauses), day)
    withdrawn = {clause.pk for clause in clauses if clause.withdrawn_on is not None and clause.withdrawn_on <= day}
    lines = tuple(
        ClauseLine(
            clause,
            assessed.by_clause.get(clause.pk, NO_COUNTS),
            found.tasks.get(clause.pk, NO_WORK).tasks,
            found.tasks.get(clause.pk, NO_WORK).open if clause.pk in withdrawn else 0,
        )
        for clause in clauses
    )
    return Coverage(document_id, day, lines, assessed.by_unit, found.orphaned, assessed.pairs)


@dataclass(frozen=True)
class Answer:
    """Why a unit has no task for a clause."""

    reason: str
    person_name: str
    post_title: str
    at: datetime


@dataclass(frozen=True)
class UnitAnswer:
    """How one unit stands to one clause. `heir_of` are the units that are gone and whose part it took over."""

    unit_id: int
    standing: Standing
    is_late: bool
    work: Work
    answer: Answer | None
    heir_of: tuple[int, ...]


@dataclass(frozen=True)
class ClauseDetail:
    """One clause with every unit in reach that it binds: a page takes its part."""

    line: ClauseLine
    units: tuple[UnitAnswer, ...]

    def with_standing(self, wanted: Standing | None, *, late: bool = False) -> list[UnitAnswer]:
        """The units that stand so; None: any. With `late`, only those that are late."""
        return [one for one in self.units if wanted in {None, one.standing} and (one.is_late or not late)]


def clause_detail(
    clause_id: int, reach: Collection[int], day: date, *, drafts_of: Collection[int] = ()
) -> ClauseDetail:
    """How each unit in reach stands to a clause: late first, then the silent, then by code. Withdrawn, it binds nobody.

    Raises Clause.DoesNotExist.
    """
    clause = Clause.objects.select_related("document").get(pk=clause_id)
    found = _Pairs([clause], frozenset(reach), day, drafts_of)
    demand, answers = found.demands[0], _answers(clause_id)
    addressed = found.addressed[clause_id] if demand.binds_on(day) else ()
    units = [found.unit_answer(demand, unit, answers.get(unit)) for unit in addressed]
    units.sort(key=lambda one: (not one.is_late, -list(Standing).index(one.standing)))
    counts = rules.assess([demand], found.addressed, found.work, {clause_id: answers.keys()}, day).by_clause
    tasks = found.tasks.get(clause_id, NO_WORK)
    still_open = 0 if demand.binds_on(day) else tasks.open
    return ClauseDetail(ClauseLine(clause, counts.get(clause_id, NO_COUNTS), tasks.tasks, still_open), tuple(units))


class _Pairs:
    """What is known of these clauses within a reach: whom they bind and what is done. Six queries at most."""

    def __init__(
        self, clauses: Collection[Clause], reach: frozenset[int], day: date, drafts_of: Collection[int]
    ) -> None:
        self.day = day
        self.demands = [Demand(clause.pk, clause.due_on, clause.withdrawn_on) for clause in clauses]
        named, to_all = _addressees(clauses)
        carried = _carried([clause.pk for clause in clauses], day, drafts_of)
        everybody = {unit for units in named.values() for unit in units} | set(to_all)
        everybody |= {row[1] for row in carried} | {row[2] for row in carried}
        standing = standing_as(everybody, day)
        self._heirs = {unit: tuple(heir for heir in heirs if heir in reach) for unit, heirs in standing.items()}
        self._gone = {unit for unit, heirs in standing.items() if heirs != (unit,)}
        self._inherited: dict[Pair, list[int]] = {}
        self.addressed = {
            clause.pk: self._living(clause.pk, to_all if clause.for_all else named.get(clause.pk, ()))
            for clause in clauses
        }
        self.work: dict[int, dict[int, Work]] = {}
        self.tasks: dict[int, Work] = {}
        self.orphaned = 0
        for row in carried:
            self._take(*row)

    def _living(self, clause: int, units: Iterable[int]) -> tuple[int, ...]:
        """Those whom the clause binds today: of a unit that is gone, its heirs."""
        bound: dict[int, None] = {}
        for unit in units:
            for heir in self._heirs[unit]:
                bound[heir] = None
                if heir != unit:
                    self._inherited.setdefault((clause, heir), []).append(unit)
        return tuple(bound)

    def _take(self, clause: int, lead: int, planned_by: int, open_: int, done: int, overdue: int) -> None:
        """Count tasks for the unit that leads them and the unit in whose plan they are.

        What a unit that is gone had finished counts for its heirs. What it left open counts for nobody: a decision
        says who goes on with it.
        """
        units = self._heirs[lead]
        if planned_by != lead:
            units = tuple({*units, *self._heirs[planned_by]})
        if not units:
            return
        if lead in self._gone:
            self.orphaned += open_
            open_ = overdue = 0
        work = Work(open_, done, overdue)
        of_clause = self.work.setdefault(clause, {})
        for unit in units:
            known = of_clause.get(unit)
            of_clause[unit] = work if known is None else known.plus(work)
        self.tasks[clause] = self.tasks.get(clause, NO_WORK).plus(work)

    def unit_answer(self, demand: Demand, unit: int, answer: Answer | None) -> UnitAnswer:
        work = self.work.get(demand.id, {}).get(unit, NO_WORK)
        explained = answer is not None
        return UnitAnswer(
            unit,
            rules.standing(work, explained=explained),
            rules.is_late(demand, work, self.day, explained=explained),
            work,
            None if work.tasks else answer,
            tuple(sorted(self._inherited.get((demand.id, unit), ()))),
        )


def _addressees(clauses: Collection[Clause]) -> tuple[dict[int, list[int]], list[int]]:
    """The units that each clause names, and those that the directive was sent to for action, by code. Two queries."""
    named: dict[int, list[int]] = {}
    by_name = [clause.pk for clause in clauses if not clause.for_all]
    by_code = ClauseAddressee.objects.filter(clause__in=by_name).order_by("unit__code")
    for clause, unit in by_code.values_list("clause_id", "unit_id"):
        named.setdefault(clause, []).append(unit)
    documents = {clause.document_id for clause in clauses if clause.for_all}
    sent = Dispatch.objects.filter(
        document__in=documents, to_act=True, sent_at__isnull=False, voided_at__isnull=True
    ).order_by("unit__code")
    return named, list(dict.fromkeys(sent.values_list("unit_id", flat=True)))


#: A clause, the unit that leads, the unit in whose plan it is; how many tasks are open, finished, past their last day.
_Carried = tuple[int, int, int, int, int, int]


def _carried(clause_ids: Collection[int], day: date, drafts_of: Collection[int]) -> list[_Carried]:
    """The tasks that cite these clauses, and those that detail them, counted by clause and units. One query."""
    if not clause_ids:
        return []
    asked, drafts = list(clause_ids), list(drafts_of)
    return rows(
        f"""
        {_carrying(len(asked))}
        SELECT carrying.clause_id, task.lead_unit_id, plan.unit_id,
               SUM(CASE WHEN task.state = 'open' THEN 1 ELSE 0 END),
               SUM(CASE WHEN task.state = 'done' THEN 1 ELSE 0 END),
               SUM(CASE WHEN task.state = 'open' AND task.due_on < %s THEN 1 ELSE 0 END)
        FROM carrying
        JOIN planning_task task ON task.id = carrying.task_id
        JOIN planning_plan plan ON plan.id = task.plan_id
        WHERE task.state IN ({places(LIVE)})
          AND (plan.current_version_id IS NOT NULL OR plan.unit_id IN ({places(drafts)}))
        GROUP BY carrying.clause_id, task.lead_unit_id, plan.unit_id
        """,
        [*asked, *PASSES_ON, *PASSES_ON, day, *LIVE, *drafts],
    )


def _carrying(clauses: int) -> str:
    """The tasks that carry out these clauses, each once a clause: those that cite them, then those that detail those.

    UNION drops what is there already, so that even a circle comes to an end.
    """
    return f"""
        WITH RECURSIVE carrying (task_id, clause_id) AS (
            SELECT cites.task_id, cites.clause_id
            FROM planning_taskclause cites
            JOIN planning_task task ON task.id = cites.task_id
            WHERE cites.clause_id IN ({places(range(clauses))}) AND task.state IN ({places(PASSES_ON)})
            UNION
            SELECT below.id, carrying.clause_id
            FROM carrying
            JOIN planning_task below ON below.details_id = carrying.task_id
            WHERE below.state IN ({places(PASSES_ON)})
        )
    """


def _explained(clauses: Collection[Clause]) -> dict[int, set[int]]:
    """The units that said why they have no task, by clause. One query."""
    found: dict[int, set[int]] = {}
    answers = ClauseAnswer.objects.filter(clause__in=clauses).order_by()
    for clause, unit in answers.values_list("clause_id", "unit_id"):
        found.setdefault(clause, set()).add(unit)
    return found


def _answers(clause_id: int) -> dict[int, Answer]:
    """The newest answer of each unit to a clause. One query."""
    found = ClauseAnswer.objects.filter(clause=clause_id).order_by("at", "pk")
    columns = ("unit_id", "reason", "person_name", "post_title", "at")
    return {unit: Answer(*said) for unit, *said in found.values_list(*columns)}


# --- from a clause to its tasks, and back -----------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """A clause that a task carries out; `via` is the task that cites it: the task itself, or one that it details."""

    clause_id: int
    via: int


def tasks_of(clause_id: int, units: Collection[int], *, drafts_of: Collection[int] = ()) -> list[Task]:
    """The tasks that carry out a clause, led by one of these units or in its plans, longest plan first. Two queries.

    Those that were handed over, cancelled or struck out are not among them.
    """
    asked, drafts = list(units), list(drafts_of)
    found = rows(
        f"""
        {_carrying(1)}
        SELECT DISTINCT task.id
        FROM carrying
        JOIN planning_task task ON task.id = carrying.task_id
        JOIN planning_plan plan ON plan.id = task.plan_id
        WHERE task.state IN ({places(LIVE)})
          AND (task.lead_unit_id IN ({places(asked)}) OR plan.unit_id IN ({places(asked)}))
          AND (plan.current_version_id IS NOT NULL OR plan.unit_id IN ({places(drafts)}))
        """,
        [clause_id, *PASSES_ON, *PASSES_ON, *LIVE, *asked, *asked, *drafts],
    )
    ids = [task_id for (task_id,) in found]
    tasks = Task.objects.filter(pk__in=ids).select_related("plan", "lead_unit")
    return sorted(tasks, key=lambda task: (task.plan.starts_on, -task.plan.ends_on.toordinal(), task.order, task.pk))


def clauses_of(task_ids: Collection[int]) -> dict[int, tuple[Cited, ...]]:
    """The clauses that each of these tasks carries out: those it cites, then those of what it details, upwards.

    One query whatever their number. A clause that is cited on several steps is named at the nearest.
    """
    asked = list(task_ids)
    if not asked:
        return {}
    found = rows(
        f"""
        WITH RECURSIVE up (start_id, task_id, steps) AS (
            SELECT task.id, task.id, 0 FROM planning_task task WHERE task.id IN ({places(asked)})
            UNION
            SELECT up.start_id, task.details_id, up.steps + 1
            FROM up
            JOIN planning_task task ON task.id = up.task_id
            WHERE task.details_id IS NOT NULL AND up.steps < 20
        )
        SELECT up.start_id, cites.clause_id, up.task_id
        FROM up
        JOIN planning_taskclause cites ON cites.task_id = up.task_id
        JOIN documents_clause clause ON clause.id = cites.clause_id
        ORDER BY up.start_id, up.steps, clause.document_id, clause.position
        """,
        asked,
    )
    cited: dict[int, dict[int, Cited]] = {}
    for start, clause, via in found:
        cited.setdefault(start, {}).setdefault(clause, Cited(clause, via))
    return {task: tuple(by_clause.values()) for task, by_clause in cited.items()}
