"""From what a unit plans to the rows of a plan: tasks, versions, steps, progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from nennep.demonstration.papers import signed
from nennep.demonstration.people import Hand
from nennep.demonstration.scene import HEADQUARTERS, POST, PROVINCE, SQUADRON, Scene
from nennep.documents.models import Document
from nennep.planning.models import (
    ClauseAnswer,
    HandOver,
    Plan,
    PlanStep,
    PlanVersion,
    Progress,
    Recurrence,
    Task,
    TaskClause,
    TaskUnit,
)
from nennep.planning.queries import targets
from nennep.planning.rules import progress as progress_rules
from nennep.planning.rules.evidence import Evidence
from nennep.planning.rules.states import PlanKind, PlanMove, PlanState, Result, TaskState
from nennep.planning.rules.tasks import typed
from nennep.planning.rules.versions import PlanContent, PlanTexts, TaskContent, TaskWords, content_digest
from nennep.reporting.rules.periods import Period

#: What is written here, with numbers given by hand.
ROWS = (Plan, PlanVersion, PlanStep, Task, Recurrence, Progress, ClauseAnswer)
_BATCH = 2_000
_WHOLE = 100
#: Who approves a plan in a unit of each kind, by the codes of the pack's posts; at posts not whoever wrote it.
APPROVER: Mapping[str, str] = {
    HEADQUARTERS: "commissar",
    PROVINCE: "commissar",
    POST: "commander",
    SQUADRON: "commander",
}


@dataclass(frozen=True)
class PlanWay:
    """When each step of a plan was made; None: never. What lies after the end has not happened."""

    made: datetime
    submitted: datetime
    approved: datetime
    issued: datetime | None = None
    ended: datetime | None = None
    returned: datetime | None = None


@dataclass
class Sketch:
    """One plan in the making: its row, its way, its tasks in their order, and the task of each work."""

    plan: Plan
    way: PlanWay
    writer: Hand
    approver: Hand
    tasks: list[Task] = field(default_factory=list)
    works: dict[str, Task] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"planning.plan:{self.plan.pk}"

    @property
    def last_day(self) -> date:
        return self.plan.ends_on - timedelta(days=1)


class Plans:
    """Gathers the rows of all plans and writes them. What it keeps is what the services would have kept."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.sketches: list[Sketch] = []
        self.units: dict[int, tuple[int, ...]] = {}
        self.cited: dict[int, tuple[int, ...]] = {}
        self.recurrences: list[Recurrence] = []
        self.answers: list[ClauseAnswer] = []
        self.hand_overs: list[HandOver] = []
        self._numbers: Counter[int] = Counter()
        self._versions: list[PlanVersion] = []
        self._steps: list[PlanStep] = []
        self._progress: list[Progress] = []
        self._finished: list[tuple[Task, Progress, Hand]] = []

    # --- a plan -----------------------------------------------------------------------------------

    def begin(
        self,
        unit_id: int,
        kind: PlanKind,
        period: Period,
        title: str,
        way: PlanWay,
        *,
        texts: PlanTexts | None = None,
        details: Sketch | None = None,
        answers: Document | None = None,
        topic: str = "",
    ) -> Sketch | None:
        """A plan of a unit, if it has been begun by the end."""
        scene = self.scene
        if not scene.has_come(way.made):
            return None
        day = way.made.date()
        plan = Plan(
            id=scene.ids.next("plan"),
            unit_id=unit_id,
            kind=kind,
            period_kind=period.kind,
            period_code=period.code,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            topic=topic,
            title=title,
            details_id=details.plan.pk if details else None,
            answers_id=answers.pk if answers else None,
            texts=(texts or PlanTexts()).as_json(),
            state=PlanState.DRAFT,
        )
        role = APPROVER[scene.kind(unit_id)]
        sketch = Sketch(plan, way, scene.writer(unit_id, day), scene.hand(unit_id, role, day))
        self.sketches.append(sketch)
        told = {"period": period.code, "kind": str(kind)}
        scene.tell(unit_id, way.made, "planning.make", sketch.subject, sketch.writer, "", told)
        return sketch

    def add(
        self,
        sketch: Sketch,
        title: str,
        starts_on: date,
        due_on: date,
        *,
        work: str = "",
        lead: int | None = None,
        units: Iterable[int] = (),
        clauses: Iterable[int] = (),
        target: tuple[str, Decimal] | None = None,
        key: str = "",
        **columns: Any,
    ) -> Task:
        """A task behind the others of a plan, on the days that the plan's period and the lead's life leave."""
        plan = sketch.plan
        lead = lead or plan.unit_id
        number = len(sketch.tasks) + 1
        first = max(starts_on, plan.starts_on, self.scene.life(lead)[0])
        task = Task(
            id=self.scene.ids.next("task"),
            plan=plan,
            key=key or f"t{number}",
            order=number,
            title=title,
            lead_unit_id=lead,
            starts_on=first,
            due_on=max(first, min(due_on, sketch.last_day)),
            indicator=target[0] if target else "",
            figure=target[1] if target else None,
            **columns,
        )
        self.units[task.pk] = tuple(sorted(set(units) - {lead}))
        self.cited[task.pk] = tuple(sorted(set(clauses)))
        sketch.tasks.append(task)
        if work:
            sketch.works[work] = task
        plan.revision += 1
        return task

    def lead_along(self, sketch: Sketch, *, taken: str = "planning.take") -> None:
        """Let a plan go its way as far as it has come, once its tasks are there. `taken` is how they came into it."""
        scene, way, unit_id = self.scene, sketch.way, sketch.plan.unit_id
        told = {"tasks": len(sketch.tasks)} | ({"left": 0} if taken == "planning.take" else {})
        scene.tell(unit_id, way.made + timedelta(minutes=20), taken, sketch.subject, sketch.writer, "", told)
        if scene.has_come(way.submitted):
            self._move(sketch, PlanMove.SUBMIT, PlanState.SUBMITTED, way.submitted, sketch.writer)
        if way.returned is not None and scene.has_come(way.returned):
            return
        if scene.has_come(way.approved) and sketch.tasks:
            self.approve(sketch, way.approved)
        if way.issued is not None and scene.has_come(way.issued):
            self._move(sketch, PlanMove.ISSUE, PlanState.ISSUED, way.issued, sketch.writer)

    def give_back(self, sketch: Sketch, at: datetime, reason: str) -> None:
        """Send a plan back to be written on."""
        if self.scene.has_come(at):
            self._move(sketch, PlanMove.RETURN, PlanState.RETURNED, at, sketch.approver, reason)

    def end(self, sketch: Sketch) -> None:
        """Close a plan whose time is over."""
        at = sketch.way.ended
        if at is not None and self.scene.has_come(at) and sketch.plan.state in {PlanState.APPROVED, PlanState.ISSUED}:
            hand = self.scene.hand(sketch.plan.unit_id, APPROVER[self.scene.kind(sketch.plan.unit_id)], at.date())
            self._move(sketch, PlanMove.END, PlanState.ENDED, at, hand)

    def amend(self, sketch: Sketch, at: datetime, reason: str) -> None:
        """Open a plan in force to be changed; `settle` hands the change in and approves it."""
        self._move(sketch, PlanMove.AMEND, PlanState.AMENDING, at, sketch.writer, reason)
        sketch.plan.amend_reason = reason

    def settle(self, sketch: Sketch, at: datetime) -> None:
        """Bring an amendment through, two days from being handed in to being in force."""
        if not self.scene.has_come(at):
            return
        was_issued = sketch.way.issued is not None
        self._move(sketch, PlanMove.SUBMIT, PlanState.SUBMITTED, at, sketch.writer)
        if self.scene.has_come(at + timedelta(days=1)):
            self.approve(sketch, at + timedelta(days=1), sketch.plan.amend_reason)
            sketch.plan.amend_reason = ""
        if was_issued and self.scene.has_come(at + timedelta(days=2)):
            self._move(sketch, PlanMove.ISSUE, PlanState.ISSUED, at + timedelta(days=2), sketch.writer)

    def approve(self, sketch: Sketch, at: datetime, reason: str = "") -> None:
        """Freeze what the plan says now as its next version, in force from this instant."""
        plan = sketch.plan
        plan.state = PlanState.APPROVED
        self._step(sketch, PlanMove.APPROVE, PlanState.APPROVED, at, sketch.approver, reason)
        version = self.freeze(sketch, at, sketch.approver, reason)
        told = {"period": plan.period_code, "version": version.number, "digest": version.digest}
        self.scene.tell(plan.unit_id, at, "planning.approve", sketch.subject, sketch.approver, reason, told)

    def take_in(self, sketch: Sketch, at: datetime, hand: Hand, reason: str) -> None:
        """A version of a plan in force that names the decision by which tasks came to it."""
        if sketch.plan.state in {PlanState.APPROVED, PlanState.ISSUED}:
            self._step(sketch, "take_in", PlanState(sketch.plan.state), at, hand, reason)
            self.freeze(sketch, at, hand, reason)

    def freeze(self, sketch: Sketch, at: datetime, hand: Hand, reason: str = "") -> PlanVersion:
        """The next version of a plan, as `planning.services.writing.freeze` makes it."""
        plan = sketch.plan
        self._numbers[plan.pk] += 1
        number = self._numbers[plan.pk]
        content = self._content(sketch).as_json()
        version = PlanVersion(
            id=self.scene.ids.next("plan_version"),
            plan_id=plan.pk,
            number=number,
            content_data=content,
            digest=content_digest(
                content,
                unit=self.scene.codes[plan.unit_id],
                kind=str(plan.kind),
                period=plan.period_code,
                topic=plan.topic,
                number=number,
            ),
            reason=reason,
            **signed(at, hand),
        )
        self._versions.append(version)
        plan.current_version_id = version.pk
        return version

    def _content(self, sketch: Sketch) -> PlanContent:
        tasks = [task for task in sketch.tasks if task.state != TaskState.DROPPED]
        return PlanContent(
            sketch.plan.title,
            PlanTexts.from_json(sketch.plan.texts),
            tuple(
                TaskContent(one.key, one.order, self._words(one), one.carried_from_id, one.recurrence_id, one.uid)
                for one in tasks
            ),
        )

    def _words(self, task: Task) -> TaskWords:
        return TaskWords(
            title=task.title,
            lead_unit=task.lead_unit_id,
            starts_on=task.starts_on,
            due_on=task.due_on,
            heading=task.heading,
            emphasis=task.emphasis,
            lead_post=task.lead_post,
            lead_person=None,
            coordinating=self.units[task.pk],
            starts_at=task.starts_at,
            ends_at=task.ends_at,
            place=task.place,
            clauses=self.cited[task.pk],
            details=task.details_id,
            indicator=task.indicator,
            figure="" if task.figure is None else typed(task.figure),
            target_words=task.target_words,
            measures_taken=task.measures_taken,
        )

    def _move(
        self, sketch: Sketch, move: PlanMove, state: PlanState, at: datetime, hand: Hand, reason: str = ""
    ) -> None:
        self._step(sketch, move, state, at, hand, reason)
        plan = sketch.plan
        told = {"period": plan.period_code, "revision": plan.revision}
        self.scene.tell(plan.unit_id, at, f"planning.{move.replace('_', '-')}", sketch.subject, hand, reason, told)

    def _step(self, sketch: Sketch, move: str, state: PlanState, at: datetime, hand: Hand, reason: str = "") -> None:
        sketch.plan.state = state
        self._steps.append(
            PlanStep(
                id=self.scene.ids.next("plan_step"),
                plan_id=sketch.plan.pk,
                move=move,
                to_state=state,
                reason=reason,
                **signed(at, hand),
            )
        )

    # --- what was told of tasks -------------------------------------------------------------------

    def tell(self, task: Task, at: datetime, percent: int, text: str, evidence: Sequence[Evidence] = ()) -> None:
        """Keep how far an open task had come."""
        task.progress = percent
        hand = self.scene.writer(task.lead_unit_id, at.date())
        row = self._row(task, at, percent, text, hand, evidence)
        details = {"task": task.pk, "percent": percent, "results": [], "evidence": len(evidence)}
        about = f"planning.progress:{row.pk}"
        self.scene.tell(task.lead_unit_id, at, "planning.tell-progress", about, hand, "", details)

    def finish(self, task: Task, at: datetime, text: str, evidence: Sequence[Evidence] = ()) -> None:
        """Declare a task done; what can be said of it is worked out for all together when they are written."""
        hand = self.scene.writer(task.lead_unit_id, at.date())
        task.state, task.progress, task.done_on = TaskState.DONE, _WHOLE, at.date()
        self._finished.append((task, self._row(task, at, _WHOLE, text, hand, evidence), hand))

    def keep_quality(self, task: Task, at: datetime, text: str, evidence: Sequence[Evidence]) -> None:
        """Say of a finished task that its quality was kept; its results are those it has by then and this one."""
        hand = self.scene.hand(task.lead_unit_id, APPROVER[self.scene.kind(task.lead_unit_id)], at.date())
        task.results = [*task.results, str(Result.QUALITY_KEPT)]
        row = self._row(task, at, _WHOLE, text, hand, evidence)
        row.results = list(task.results)
        details = {"task": task.pk, "percent": _WHOLE, "results": row.results, "evidence": len(evidence)}
        about = f"planning.progress:{row.pk}"
        self.scene.tell(task.lead_unit_id, at, "planning.keep-quality", about, hand, "", details)

    def work_out_results(self) -> None:
        """What can be said of every finished task: on time by its day, exceeded by the figures that were reported."""
        aimed = [task for task, _, _ in self._finished if task.figure is not None]
        reached = targets.reached(aimed, self.scene.today)
        for task, row, hand in self._finished:
            found = reached.get(task.pk)
            value = found.value if found else None
            done_on = row.at.astimezone(self.scene.zone).date()
            results = progress_rules.results(done_on, task.due_on, figure=task.figure, reached=value)
            task.results = row.results = [str(result) for result in results]
            details = {"task": task.pk, "percent": _WHOLE, "results": row.results, "evidence": len(row.evidence)}
            about = f"planning.progress:{row.pk}"
            self.scene.tell(task.lead_unit_id, row.at, "planning.finish-task", about, hand, "", details)

    @property
    def finished(self) -> list[tuple[Task, datetime]]:
        """The tasks that were declared done, and when."""
        return [(task, row.at) for task, row, _ in self._finished]

    def _row(
        self, task: Task, at: datetime, percent: int, text: str, hand: Hand, evidence: Sequence[Evidence]
    ) -> Progress:
        row = Progress(
            id=self.scene.ids.next("progress"),
            task_id=task.pk,
            percent=percent,
            text=text,
            results=[],
            evidence=[one.as_json() for one in evidence],
            **signed(at, hand),
        )
        self._progress.append(row)
        return row

    # --- recurring duties -------------------------------------------------------------------------

    def lay_down(self, unit_id: int, row: Mapping[str, Any], place: str, starts_on: date, **columns: Any) -> Recurrence:
        """A recurring duty of a unit from a day on."""
        hours = {name: time.fromisoformat(row[name]) for name in ("from", "to")}
        recurrence = Recurrence(
            id=self.scene.ids.next("recurrence"),
            unit_id=unit_id,
            title=row["says"],
            place=place,
            lead_unit_id=unit_id,
            starts_at=hours["from"],
            ends_at=hours["to"],
            weekdays=row.get("weekdays", []),
            month_days=row.get("month_days", []),
            starts_on=starts_on,
            **columns,
        )
        self.recurrences.append(recurrence)
        return recurrence

    # --- writing ----------------------------------------------------------------------------------

    def write(self) -> None:
        """Write every row that was gathered."""
        tasks = [task for sketch in self.sketches for task in sketch.tasks]
        Recurrence.objects.bulk_create(self.recurrences, batch_size=_BATCH)
        Plan.objects.bulk_create([sketch.plan for sketch in self.sketches], batch_size=_BATCH)
        PlanVersion.objects.bulk_create(self._versions, batch_size=500)
        PlanStep.objects.bulk_create(self._steps, batch_size=_BATCH)
        Task.objects.bulk_create(tasks, batch_size=_BATCH)
        TaskUnit.objects.bulk_create(
            [TaskUnit(task_id=task, unit_id=unit) for task, units in self.units.items() for unit in units],
            batch_size=_BATCH,
        )
        TaskClause.objects.bulk_create(
            [TaskClause(task_id=task, clause_id=clause) for task, clauses in self.cited.items() for clause in clauses],
            batch_size=_BATCH,
        )
        Progress.objects.bulk_create(self._progress, batch_size=_BATCH)
        ClauseAnswer.objects.bulk_create(self.answers, batch_size=_BATCH)
        HandOver.objects.bulk_create(self.hand_overs, batch_size=_BATCH)
