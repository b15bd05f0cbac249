"""What is counted, on which form, by whom and when; and the reports themselves."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from nennep.organisation.models import Unit
from nennep.reporting.rules.content import Content, DutyRule, IndicatorRule, Layout
from nennep.reporting.rules.periods import Calendar, Cutoff, Kind, Period
from nennep.reporting.rules.states import State


class ReportingCalendar(models.Model):
    """A regime of periods, with the cut-off of each kind and its clause."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    cutoffs = models.JSONField()

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> Calendar:
        cutoffs = [Cutoff(**{**row, "kind": Kind(row["kind"])}) for row in self.cutoffs]
        return Calendar(self.code, {cutoff.kind: cutoff for cutoff in cutoffs})


class Field(models.Model):
    """A field of work under which indicators are grouped."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """What is counted, in which unit of measure, and how it combines over units and over time."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=240)
    name_en = models.CharField(max_length=240, blank=True)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="indicators")
    unit_of_measure = models.CharField(max_length=40)
    over_units = models.CharField(max_length=16)
    over_time = models.CharField(max_length=16)
    numerator = models.CharField(max_length=80, blank=True)
    denominator = models.CharField(max_length=80, blank=True)
    factor = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    part_of = models.CharField(max_length=80, blank=True)
    balance = models.BooleanField(default=False)
    lower = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    upper = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    jump_ratio = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    opening_of = models.CharField(max_length=80, blank=True)
    synonyms = models.JSONField(default=list)
    cleared_by = models.CharField(max_length=240, blank=True)
    source = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> IndicatorRule:
        return IndicatorRule(
            code=self.code,
            name=self.name,
            name_en=self.name_en or self.name,
            unit_of_measure=self.unit_of_measure,
            over_units=self.over_units,
            over_time=self.over_time,
            numerator=self.numerator,
            denominator=self.denominator,
            factor=self.factor,
            part_of=self.part_of,
            balance=self.balance,
            lower=self.lower,
            upper=self.upper,
            decimals=self.decimals,
            jump_ratio=self.jump_ratio,
            opening_of=self.opening_of,
        )


class Form(models.Model):
    """One version of a form: its sections of cells and of words, as its paper looks."""

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=240)
    name_en = models.CharField(max_length=240, blank=True)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    calendar = models.ForeignKey(ReportingCalendar, on_delete=models.PROTECT)
    line = models.CharField(max_length=16)
    layout_data = models.JSONField()
    source = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="a_form_has_each_version_once"),)

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def layout(self) -> Layout:
        return Layout.from_json(self.layout_data)


class Duty(models.Model):
    """Units of a kind report a form, by so many days after the period, while the duty is in force."""

    form_code = models.CharField(max_length=60)
    unit_kind = models.CharField(max_length=40)
    due_days = models.PositiveSmallIntegerField()
    due_hour = models.PositiveSmallIntegerField(default=17)
    due_minute = models.PositiveSmallIntegerField(default=0)
    line = models.CharField(max_length=16)
    calendar = models.CharField(max_length=40)
    clause = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["form_code", "unit_kind", "starts_on"],
                name="a_kind_of_unit_takes_a_duty_once_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_kind}: {self.form_code}"

    @property
    def rule(self) -> DutyRule:
        return DutyRule(
            self.form_code,
            self.unit_kind,
            self.line,
            self.calendar,
            self.due_days,
            self.due_hour,
            self.due_minute,
            self.starts_on,
            self.ends_on,
            self.clause,
        )


class Round(models.Model):
    """One form in one period, for all its units: opened, reported to, and closed."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="rounds")
    period_code = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seal_file = models.CharField(max_length=160, blank=True)
    seal_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["form", "period_code"], name="a_form_has_one_round_a_period"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(seal_digest=""), name="a_closed_round_is_sealed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form.code} {self.period_code}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, Kind(self.form.kind), self.period_code)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Report(models.Model):
    """One unit's report in one round: a draft that is written in, and versions that were handed in."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=16, default=State.DRAFT, choices=[(s.value, s.value) for s in State])
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_at = models.DateTimeField(null=True)
    draft_by = models.CharField(max_length=160, blank=True)
    current_version = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_version = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    first_received_at = models.DateTimeField(null=True)
    first_days_late = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "unit"], name="a_unit_has_one_report_a_round"),)
        indexes = (models.Index(fields=["unit", "state"], name="reports_by_unit_and_state"),)

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.round_id}"

    @property
    def draft_content(self) -> Content:
        return Content.from_json(self.draft)


class Version(models.Model):
    """What was handed in: frozen with its digest, never changed, never deleted (the database refuses both).

    After the books were closed a version is a correction: it says why, and in which open round it is booked.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_data = models.JSONField()
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    days_late = models.PositiveIntegerField()
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    booked_in = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="corrections")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["report", "number"], name="a_report_numbers_its_versions_once"),
            models.CheckConstraint(
                condition=Q(booked_in__isnull=True) | ~Q(reason=""),
                name="a_correction_after_closing_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"

    @property
    def content(self) -> Content:
        return Content.from_json(self.content_data)


class Decision(models.Model):
    """A superior accepted or returned a version, with remarks at its cells and statements. Never changed."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    accepted = models.BooleanField()
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    remarks = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(reason="") | ~Q(remarks=[]),
                name="a_return_says_what_is_wrong",
            ),
        )

    def __str__(self) -> str:
        return f"{'accepted' if self.accepted else 'returned'} {self.version_id}"


class Reminder(models.Model):
    """A superior reminded a unit of a report that is missing or returned."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminders")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reminders")
    at = models.DateTimeField()
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.round_id}"


class Target(models.Model):
    """The figure a unit with all that lies under it is to reach in a year."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "indicator", "year"], name="a_unit_has_one_target_a_year"),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_target_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year}"
