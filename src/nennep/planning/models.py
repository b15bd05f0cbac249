"""Plans and their versions, tasks, recurring duties, progress and outcomes, answers to clauses, notices and feeds."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nennep.accounts.models import Person
from nennep.documents.models import Clause, Document, Signed
from nennep.organisation.models import Post, Unit
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.reporting.rules.periods import Kind


class Plan(models.Model):
    """A unit's plan, programme or calendar for one period.

    `details` is the longer or higher plan it details; `answers` the directive it carries out; `topic` tells several
    plans of one period apart (empty: the unit's general plan). `texts` holds the parts in words, lists of lines under
    purpose, requirements, objectives, measures, organisation. `revision` grows with every change of texts or tasks.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in PlanKind])
    period_kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    period_code = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    topic = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=300)
    details = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="detailed_by")
    answers = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="plans")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="as_plan")
    state = models.CharField(max_length=16, default=PlanState.DRAFT, choices=[(s.value, s.value) for s in PlanState])
    texts = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    amend_reason = models.CharField(max_length=500, blank=True)
    current_version = models.ForeignKey("PlanVersion", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_plan_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["unit", "kind", "period_code", "topic"], name="a_unit_has_one_plan_a_kind_period_and_topic"
            ),
        )
        indexes = (models.Index(fields=["unit", "starts_on"], name="plans_by_unit_and_day"),)

    def __str__(self) -> str:
        return self.title


class PlanVersion(Signed):
    """A plan as it was approved: texts and tasks, frozen with their digest. Never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_data = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "number"], name="a_plan_numbers_its_versions_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="an_amended_plan_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class PlanStep(Signed):
    """One move of a plan. Never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.move} {self.plan_id}"


class Recurrence(models.Model):
    """A recurring duty of a unit: a template from which the tasks of each day are made.

    `weekdays` (Monday is 0) or `month_days` (1-31; a day the month does not have is its last) say on which days.
    A change ends this row and begins another: `follows`. What lies in the past is never touched.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recurrences")
    title = models.CharField(max_length=300)
    heading = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recurrences_led")
    lead_post = models.CharField(max_length=200, blank=True)
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    weekdays = models.JSONField(default=list)
    month_days = models.JSONField(default=list)
    on_holidays = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_recurrence_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """One item of a plan: what is to be done, by whom, with whom, when, where, and what it carries out.

    `key` stays the same through all versions of the plan. `details` is the longer or higher task. `progress` is what
    was last said, 0 to 100; what is shown for a task with tasks below it is rolled up (rules.progress). `edition`
    grows with each change: who saves over another's change is told. `due_on` is the last day (inclusive).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    key = models.CharField(max_length=24)
    order = models.PositiveIntegerField(default=0)
    heading = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    emphasis = models.BooleanField(default=False)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks_led")
    lead_post = models.CharField(max_length=200, blank=True)
    lead_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="tasks_led")
    starts_on = models.DateField()
    due_on = models.DateField()
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    clauses = models.ManyToManyField(Clause, through="TaskClause", related_name="tasks")
    coordinating = models.ManyToManyField(Unit, through="TaskUnit", related_name="tasks_coordinated")
    details = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="detailed_by")
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="carried_to")
    recurrence = models.ForeignKey(Recurrence, on_delete=models.PROTECT, null=True, related_name="tasks")
    indicator = models.CharField(max_length=80, blank=True)
    figure = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    target_words = models.CharField(max_length=200, blank=True)
    measures_taken = models.TextField(blank=True)
    uid = models.CharField(max_length=200, blank=True)  # of an imported calendar entry
    state = models.CharField(max_length=16, default=TaskState.OPEN, choices=[(s.value, s.value) for s in TaskState])
    progress = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField(null=True)
    results = models.JSONField(default=list)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "key"], name="a_plan_has_each_task_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="a_task_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(details=F("id")), name="no_task_details_itself"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_at_most_a_hundred"),
            models.UniqueConstraint(
                fields=["recurrence", "starts_on"],
                condition=Q(recurrence__isnull=False),
                name="a_duty_recurs_once_on_a_day",
            ),
        )
        indexes = (
            models.Index(fields=["lead_unit", "due_on"], name="tasks_by_lead_and_due"),
            models.Index(fields=["plan", "order"], name="tasks_by_plan"),
            models.Index(fields=["due_on", "state"], name="tasks_by_due"),
        )

    def __str__(self) -> str:
        return self.title


class TaskClause(models.Model):
    """A task carries out a clause."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="task_clauses")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="task_clauses")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "clause"], name="a_task_cites_a_clause_once"),)

    def __str__(self) -> str:
        return f"{self.task_id} for {self.clause_id}"


class TaskUnit(models.Model):
    """A unit that takes part in a task led by another."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="task_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="task_units")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "unit"], name="a_task_names_a_unit_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.task_id}"


class ClauseAnswer(Signed):
    """Why a unit has no task for a clause. The newest answer counts; a task makes it moot."""

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="answers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="clause_answers")
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="an_answer_without_a_task_says_why"),)
        indexes = (models.Index(fields=["clause", "unit"], name="answers_by_clause"),)

    def __str__(self) -> str:
        return f"{self.unit_id} to {self.clause_id}"


class Progress(Signed):
    """What was said of a task's progress, with its evidence. Never changed.

    `evidence` lists rows of `kind` (version, statement, document, task), `key` and `label`. `results` is filled when
    the task is declared finished.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="told")
    percent = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    results = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.task_id}: {self.percent}"


class HandOver(Signed):
    """A task went from one unit to another by a decision (a unit was dissolved, a duty was moved). Never changed."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="hand_overs")
    to_task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="received_from")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    decision_number = models.CharField(max_length=60)
    decision_on = models.DateField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.task_id} to {self.to_unit_id}"


class Holiday(models.Model):
    """Days on which nothing is to be planned, from the pack."""

    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    clause = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_holiday_ends_after_it_starts"),
            models.UniqueConstraint(fields=["name", "starts_on"], name="a_holiday_begins_once_on_a_day"),
        )

    def __str__(self) -> str:
        return self.name


class Capacity(models.Model):
    """How many tasks a unit of a kind can lead on one day, from the pack."""

    unit_kind = models.CharField(max_length=40)
    tasks_a_day = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit_kind", "starts_on"], name="a_kind_has_one_capacity_on_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.unit_kind}: {self.tasks_a_day}"


class Notice(models.Model):
    """One reminder to one post: a task is due in 30, 7 or 1 days, is overdue, or was not acted on below.

    `about` names the thing (`task:12`, `dispatch:3`, `plan:4`, `document:5`). A post is told of each thing once a kind.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=24)
    about = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    due_on = models.DateField(null=True)
    climbed_from = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "kind", "about"], name="a_post_is_told_of_a_thing_once"),
        )
        indexes = (models.Index(fields=["post", "read_at"], name="notices_by_post"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Feed(models.Model):
    """A secret calendar address, of a person's tasks or of a unit's. Only the digest of the secret is kept."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="feeds")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="feeds")
    label = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label
