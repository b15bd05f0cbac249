"""What came of a clause: the tasks of each unit with what was told of them, and the figure that was reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from nennep.documents.models import Clause
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Progress, Task
from nennep.planning.queries import progress, targets
from nennep.planning.queries.coverage import tasks_of
from nennep.planning.queries.plans import calendar, visible
from nennep.planning.queries.targets import Reached
from nennep.planning.rules.evidence import Evidence, EvidenceKind, Pointer
from nennep.planning.rules.states import OPEN_STATES
from nennep.reporting.models import Round, Version
from nennep.reporting.rules.periods import Kind


@dataclass(frozen=True)
class Proof:
    """A piece of evidence; `report_id` and `number` lead to the version of a report where the reader may see it."""

    evidence: Evidence
    report_id: int | None = None
    number: int | None = None

    @property
    def is_document(self) -> bool:
        return self.evidence.kind is EvidenceKind.DOCUMENT


#: As many pieces of evidence are named under a task; the task's own page has all.
PROOFS_SHOWN = 5


@dataclass(frozen=True)
class Result:
    """A unit's task that carries a clause out, how far it has come in hundredths, and what proves it.

    `finer` is how many tasks of the unit's shorter plans detail it; what proves these proves it too. `may_open` says
    whether the reader may see its plan.
    """

    task: Task
    percent: int
    finer: int
    proofs: tuple[Proof, ...]
    may_open: bool


def results(
    clause_id: int, units: Collection[int], by: Actor, *, drafts_of: Collection[int] = ()
) -> dict[int, tuple[Result, ...]]:
    """The tasks of a clause by the unit that leads them or in whose plan they are, of each chain of details the
    longest plan's. As many queries whatever their number.
    """
    tasks = tasks_of(clause_id, units, drafts_of=drafts_of)
    if not tasks:
        return {}
    by_unit: dict[int, list[Task]] = {}
    for task in tasks:
        for unit in {task.lead_unit_id, task.plan.unit_id} & set(units):
            by_unit.setdefault(unit, []).append(task)
    chains = {unit: _chains(rows) for unit, rows in by_unit.items()}
    top = {task.pk for rows in chains.values() for task, *_finer in rows}
    rolled = progress.rolled_up_tasks(top, by.today, drafts_of=drafts_of).tasks
    proofs = _proofs([task.pk for task in tasks], by)
    plans = frozenset(visible(by).filter(pk__in={task.plan_id for task in tasks}).values_list("pk", flat=True))
    return {
        unit: tuple(
            Result(
                task,
                rolled[task.pk].percent if task.pk in rolled else task.progress,
                len(finer),
                tuple(dict.fromkeys(proof for one in (task, *finer) for proof in proofs.get(one.pk, ())))[
                    :PROOFS_SHOWN
                ],
                task.plan_id in plans,
            )
            for task, *finer in rows
        )
        for unit, rows in chains.items()
    }


def _chains(tasks: Sequence[Task]) -> list[list[Task]]:
    """A unit's tasks by the one that all of a chain detail, which comes first; in the order of the tasks."""
    above = {task.pk: task.details_id for task in tasks}
    chains: dict[int, list[Task]] = {}
    for task in tasks:
        top, seen = task.pk, {task.pk}
        while (step := above[top]) in above and step not in seen:
            top = step
            seen.add(step)
        chain = chains.setdefault(top, [])
        chain.insert(0 if task.pk == top else len(chain), task)
    return list(chains.values())


def _proofs(task_ids: Collection[int], by: Actor) -> dict[int, tuple[Proof, ...]]:
    """What was last named to prove each task; where it is a report that the reader may see, with its address."""
    named: dict[int, list[Evidence]] = {}
    for told in Progress.objects.filter(task__in=task_ids).order_by("at", "pk"):
        if told.evidence:
            named[told.task_id] = [Evidence.from_json(row) for row in told.evidence]
    reports = _reports([one.pointer for rows in named.values() for one in rows], by)
    return {
        task: tuple(Proof(one, *reports.get(one.pointer.id if _in_report(one.pointer) else 0, ())) for one in rows)
        for task, rows in named.items()
    }


def _in_report(pointer: Pointer) -> bool:
    return pointer.kind in {EvidenceKind.VERSION, EvidenceKind.STATEMENT}


def _reports(pointers: Collection[Pointer], by: Actor) -> dict[int, tuple[int, int]]:
    """The report and number of each version among these that the reader may see. One query."""
    reach = organisation.reach(by, Permission.REPORTING_VIEW)
    ids = {pointer.id for pointer in pointers if _in_report(pointer)}
    rows = Version.objects.filter(pk__in=ids, report__unit__in=reach)
    return {pk: (report, number) for pk, report, number in rows.values_list("pk", "report_id", "number")}


def reached(clause: Clause, units: Collection[int], day: date) -> Mapping[int, Reached]:
    """What each of these units, with all under it, reported of the clause's indicator in the year of its last day.

    It is told as a task with that target in a plan of that year would be. Empty without an indicator and a figure.
    """
    if not clause.indicator or clause.figure is None:
        return {}
    year = calendar().containing(Kind.YEAR, clause.due_on or clause.document.issued_on or day)
    plan = Plan(period_kind=year.kind, period_code=year.code, starts_on=year.starts_on, ends_on=year.ends_on)
    asked = (
        Task(pk=unit, plan=plan, lead_unit_id=unit, indicator=clause.indicator, figure=clause.figure) for unit in units
    )
    return targets.reached(asked, day)


def rounds_of(reached_: Reached) -> Round | None:
    """The last round that told of a figure: where it is taken apart."""
    period = reached_.period
    found = Round.objects.filter(form=reached_.form_id, starts_on__gte=period.starts_on, ends_on__lte=period.ends_on)
    return found.order_by("-starts_on").first()


def plans_open_to(unit_id: int, day: date) -> QuerySet[Plan]:
    """The plans of a unit that are being written and do not lie in the past, the soonest to end first."""
    found = Plan.objects.filter(unit=unit_id, state__in=OPEN_STATES, ends_on__gt=day)
    return found.defer("texts").order_by("ends_on", "pk")
