"""What the acts of planning share: who may write, what a task is checked against, and how rows are written.

Nothing here is an act of its own: each is called within one, which has its own five movements.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from loom.files import is_secret
from nennep.documents.models import Clause
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment, Unit
from nennep.organisation.queries import on
from nennep.organisation.rules import NotAuthorised, Permission, Tree
from nennep.planning import found
from nennep.planning.models import Plan, PlanStep, PlanVersion, Task, TaskClause, TaskUnit
from nennep.planning.queries import plans as queries
from nennep.planning.rules.details import circle, why_not_detail
from nennep.planning.rules.refusals import DetailsItself, PlanningRefused
from nennep.planning.rules.states import OPEN_STATES, PlanMove, PlanState, TaskState
from nennep.planning.rules.tasks import LONGEST, check_words, read_figure, tidied, typed
from nennep.planning.rules.versions import PlanContent, TaskContent, TaskWords, content_digest
from nennep.reporting.models import Indicator
from nennep.reporting.rules.content import IndicatorRule
from nennep.search import services as search
from nennep.search.rules import Kind


def require_own(by: Actor, permission: Permission, unit_id: int) -> None:
    """Raise NotAuthorised unless the actor acts in the unit itself: a superior returns a plan, and never writes it."""
    organisation.require(by, permission, over=unit_id)
    if by.unit_id != unit_id and not by.is_system:
        raise NotAuthorised(permission, hidden=False)


def require_open(plan: Plan) -> None:
    """Raise PlanningRefused unless the plan may be written in."""
    if PlanState(plan.state) not in OPEN_STATES:
        raise PlanningRefused("plan_not_open", state=plan.state)


def touch(plan: Plan) -> None:
    """Let the plan's revision grow: something in it was written."""
    plan.revision += 1
    plan.save(update_fields=["revision"])


def step(plan: Plan, move: str, state: PlanState, *, by: Actor, reason: str = "") -> PlanStep:
    """Bring the plan into a state and keep the move."""
    plan.state = state
    plan.save(update_fields=["state"])
    return PlanStep.objects.create(
        plan=plan,
        move=move,
        to_state=state,
        reason=reason,
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )


def freeze(plan: Plan, *, by: Actor, reason: str = "") -> PlanVersion:
    """Keep what the plan says now as its next version, which is in force from this instant."""
    number = 1 + (plan.current_version.number if plan.current_version else 0)
    content = queries.content_of(plan).as_json()
    digest = content_digest(
        content, unit=plan.unit.code, kind=plan.kind, period=plan.period_code, topic=plan.topic, number=number
    )
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        content_data=content,
        digest=digest,
        reason=reason,
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    plan.current_version = version
    plan.save(update_fields=["current_version"])
    find_plan(plan)
    return version


def refuse_secrets(*told: str) -> None:
    """Raise PlanningRefused (`secret`) when any of these bears a mark of secrecy: MẬT, TỐI MẬT, TUYỆT MẬT.

    Such content may not be written on a machine in a network; nothing of it is kept or repeated.
    """
    if any(is_secret(text) for text in told):
        raise PlanningRefused("secret")


# --- what a task is checked against ---------------------------------------------------------------


class Surroundings:
    """The organisation around a plan, looked up once for each day that its tasks begin on."""

    def __init__(self, plan: Plan, by: Actor) -> None:
        self.plan = plan
        self.by = by
        self._trees: dict[date, Tree] = {}

    def tree(self, day: date) -> Tree:
        if day not in self._trees:
            self._trees[day] = organisation.tree_on(day)
        return self._trees[day]

    def check(self, words: TaskWords, before: Task | None = None) -> tuple[TaskWords, Decimal | None]:
        """The words tidied and their figure read, fit to stand in the plan. `before` is the task as it is now.

        What a task cites and details already is not asked again, so that a clause withdrawn since does not lock it.

        Raises PlanningRefused (and DetailsItself), Ambiguous.
        """
        tidy = tidied(words)
        check_words(tidy, self.plan.starts_on, queries.last_day(self.plan))
        refuse_secrets(*(getattr(tidy, name) for name in LONGEST))
        self._check_units(tidy)
        self._check_clauses(tidy, before)
        self._check_details(tidy, before)
        _check_occurrence(tidy, before)
        figure = read_figure(tidy, self._indicator(tidy.indicator))
        return replace(tidy, figure="" if figure is None else typed(figure)), figure

    def _indicator(self, code: str) -> IndicatorRule | None:
        plan = self.plan
        in_force = Q(starts_on__lt=plan.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=plan.starts_on))
        row = Indicator.objects.filter(in_force, code=code).first() if code else None
        return row.rule if row else None

    def _check_units(self, words: TaskWords) -> None:
        tree = self.tree(words.starts_on)
        if words.lead_unit not in tree.subtree(self.plan.unit_id):
            self._refuse_gone(words.lead_unit, words)
            raise PlanningRefused("lead_out_of_reach", unit=words.lead_unit)
        beside = {unit for above in tree.superiors(self.plan.unit_id) for unit in (above, *tree.subtree(above))}
        for unit in words.coordinating:
            if unit not in tree.subtree(self.plan.unit_id) and unit not in beside:
                self._refuse_gone(unit, words)
                raise PlanningRefused("coordinating_out_of_reach", unit=unit)
        for unit in (words.lead_unit, *words.coordinating):
            self._refuse_gone(unit, words)
        if words.lead_person is not None and not self._serves(words.lead_person, words, tree):
            raise PlanningRefused("person_not_there", person=words.lead_person)

    def _refuse_gone(self, unit_id: int, words: TaskWords) -> None:
        """Raise PlanningRefused when the unit does not live on each day of the task."""
        unit = Unit.objects.filter(pk=unit_id).first()
        if unit is None:
            raise PlanningRefused("no_such_unit", unit=unit_id)
        if unit.starts_on > words.starts_on or (unit.ends_on is not None and unit.ends_on <= words.due_on):
            raise PlanningRefused("unit_not_alive", unit=unit_id, starts_on=unit.starts_on, ends_on=unit.ends_on)

    def _serves(self, person_id: int, words: TaskWords, tree: Tree) -> bool:
        units = tree.subtree(self.plan.unit_id)
        held = Appointment.objects.filter(on(words.starts_on), person_id=person_id, post__unit__in=units)
        return held.exists()

    def _check_clauses(self, words: TaskWords, before: Task | None) -> None:
        cited = set(before.task_clauses.values_list("clause_id", flat=True)) if before else set()
        new = set(words.clauses) - cited
        if not new:
            return
        rows = {clause.pk: clause for clause in Clause.objects.filter(pk__in=new)}
        units = queries.around(self.tree(self.by.today), self.plan.unit_id)
        bound = queries.addressed(new, units)
        for clause_id in sorted(new):
            if clause_id not in rows or clause_id not in bound:
                raise PlanningRefused("clause_not_addressed", clause=clause_id)
            clause = rows[clause_id]
            if clause.withdrawn_on is not None and clause.withdrawn_on <= self.by.today:
                raise PlanningRefused(
                    "clause_withdrawn",
                    label=clause.label,
                    withdrawn_on=clause.withdrawn_on,
                    said=clause.withdrawn_reason,
                )

    def _check_details(self, words: TaskWords, before: Task | None) -> None:
        if words.details is None or (before is not None and before.details_id == words.details):
            return
        other = Task.objects.select_related("plan").filter(pk=words.details).first()
        if other is None:
            raise PlanningRefused("no_such_task", task=words.details)
        if before is not None:
            self._refuse_circle(before, other.pk)
        superiors = queries.superiors(self.tree(self.by.today), self.plan.unit_id)
        known = organisation.with_gone(superiors, self.by.today) if other.plan.unit_id not in superiors else superiors
        why = why_not_detail(queries.place_of(self.plan), queries.place_of(other.plan), known - {self.plan.unit_id})
        if why:
            raise PlanningRefused(why, title=other.title)
        if other.plan.unit_id != self.plan.unit_id and other.plan.current_version_id is None:
            raise PlanningRefused("no_such_task", task=words.details)
        if other.state in {TaskState.DROPPED, TaskState.CANCELLED, TaskState.HANDED_OVER}:
            raise PlanningRefused("details_gone", title=other.title)

    def _refuse_circle(self, task: Task, wished: int) -> None:
        way = circle(task.pk, wished, queries.details_above(wished))
        if way:
            titles = dict(Task.objects.filter(pk__in=way).values_list("pk", "title"))
            raise DetailsItself(tuple(titles[one] for one in way))


def _check_occurrence(words: TaskWords, before: Task | None) -> None:
    """A recurring duty falls once on a day, so none of its occurrences is moved onto another, struck out or not."""
    if before is None or before.recurrence_id is None or before.starts_on == words.starts_on:
        return
    others = Task.objects.filter(recurrence=before.recurrence_id, starts_on=words.starts_on)
    if others.exclude(pk=before.pk).exists():
        raise PlanningRefused("recurs_that_day", day=words.starts_on)


# --- rows -----------------------------------------------------------------------------------------


def new_task(plan: Plan, words: TaskWords, figure: Decimal | None, *, key: str = "", **whence: object) -> Task:
    """Write a checked task behind the others of its plan."""
    rows = list(Task.objects.filter(plan=plan).values_list("key", "order"))
    numbers = [int(known[1:]) for known, _ in rows if known[:1] == "t" and known[1:].isdigit()]
    order = 1 + max((order for _, order in rows), default=0)
    fresh = Task(plan=plan, key=key or f"t{1 + max(numbers, default=0)}", order=order, **whence)
    return write(fresh, words, figure)


def write(task: Task, words: TaskWords, figure: Decimal | None) -> Task:
    """Write checked words into a task, with its units and clauses. Its edition is the caller's."""
    for name in (
        "title",
        "heading",
        "emphasis",
        "lead_post",
        "starts_on",
        "due_on",
        "starts_at",
        "ends_at",
        "place",
        "indicator",
        "target_words",
        "measures_taken",
    ):
        setattr(task, name, getattr(words, name))
    task.lead_unit_id, task.lead_person_id, task.details_id = words.lead_unit, words.lead_person, words.details
    task.figure = figure
    task.save()
    task.task_units.exclude(unit__in=words.coordinating).delete()
    there = set(task.task_units.values_list("unit_id", flat=True))
    TaskUnit.objects.bulk_create(TaskUnit(task=task, unit_id=unit) for unit in words.coordinating if unit not in there)
    task.task_clauses.exclude(clause__in=words.clauses).delete()
    cited = set(task.task_clauses.values_list("clause_id", flat=True))
    TaskClause.objects.bulk_create(
        TaskClause(task=task, clause_id=clause) for clause in words.clauses if clause not in cited
    )
    is_out = found.was_issued(task.plan)
    search.put_many([found.task_put(task, task.plan, words.coordinating, is_out=is_out)])
    return task


def strike(task: Task) -> None:
    """Take a task out of its plan: what no version knows and nothing leans on is deleted, the rest is dropped."""
    leans = (
        task.detailed_by.exists()
        or task.carried_to.exists()
        or task.told.exists()
        or task.hand_overs.exists()
        or task.received_from.exists()
    )
    if leans or is_in_a_version(task):
        task.state = TaskState.DROPPED
        task.edition += 1
        task.save(update_fields=["state", "edition"])
    else:
        search.forget(Kind.TASK, task.pk)
        task.delete()


def is_in_a_version(task: Task) -> bool:
    """Whether any approved version of the plan knows the task."""
    contents = PlanVersion.objects.filter(plan=task.plan_id).values_list("content_data", flat=True)
    return any(task.key in PlanContent.from_json(content).keys for content in contents)


def restore(plan: Plan, content: PlanContent) -> None:
    """Bring texts and tasks back to what a version says: new tasks are struck, dropped ones come back."""
    known = {task.key: task for task in content.tasks}
    tasks = Task.objects.select_for_update(of=("self",)).filter(plan=plan)
    # A duty falls once on a day: occurrences that changed places are let go of while they go back to theirs.
    tasks.filter(recurrence__isnull=False).update(recurrence=None)
    for task in tasks:
        said = known.get(task.key)
        if said is None:
            if task.state != TaskState.DROPPED:
                strike(task)
            continue
        if task.state == TaskState.DROPPED:
            task.state = TaskState.OPEN
        elif queries.words_of(task) == said.words and task.order == said.order:
            continue
        _put_back(task, said)
    for key, said in known.items():
        tasks.filter(key=key).update(recurrence=said.recurrence)
    plan.title, plan.texts = content.title, content.texts.as_json()
    plan.save(update_fields=["title", "texts"])


def _put_back(task: Task, said: TaskContent) -> None:
    task.order = said.order
    task.edition += 1
    write(task, said.words, Decimal(said.words.figure) if said.words.figure else None)


# --- finding --------------------------------------------------------------------------------------


def find_plan(plan: Plan) -> None:
    """Tell the index what a plan and all its tasks say, and who may find them now."""
    search.put_many(found.puts_of(plan))


def was_issued(plan: Plan) -> bool:
    """Whether the version in force had been issued before it was amended."""
    approved = queries.steps_of(plan.pk).filter(move=PlanMove.APPROVE).last()
    return approved is not None and queries.steps_of(plan.pk).filter(move=PlanMove.ISSUE, pk__gt=approved.pk).exists()
