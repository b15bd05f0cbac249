"""What arrived, what it proposes, what was taken over from it, and what was learnt from that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nennep.intake.rules.states import Certainty, Decided, State
from nennep.organisation.models import Unit
from nennep.reporting.models import Indicator, Report, Round
from nennep.reporting.rules.content import StatementKind


class Delivery(models.Model):
    """Files that were dropped together: how many there were (0 until it is known), and how far reading has come.

    One that never finished was interrupted: what it had read is kept, the rest is sent again.
    """

    key = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deliveries")
    expected = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.unit_id} at {self.received_at}"


class Upload(models.Model):
    """One file as it came: kept under its digest, with its text as read and what reading found.

    `round` is the round it is for, as found in the text or as a person said. A repeated one only names the upload that
    held the same bytes or the same text before it (`same_as`). A refused file has a reason (`why`, with its numbers in
    `facts`) and neither original nor text; one that bears a mark of secrecy has not even its name.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="uploads")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="uploads")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="uploads")
    order = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in State])
    why = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    #: The first lines before and after their conversion from an older encoding, while nobody has agreed to it.
    conversion = models.JSONField(default=list)
    text = models.TextField(blank=True)
    #: Where the text names its unit and its period: `{"unit": [start, end], "period": [start, end]}`.
    said = models.JSONField(default=dict)
    same_as = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | (Q(digest="") & Q(text="") & ~Q(why="")),
                name="a_refused_file_leaves_a_reason_and_nothing_else",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) | ~Q(digest=""), name="a_file_that_was_read_is_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REPEATED) | Q(text=""), name="a_repeated_file_is_kept_once"
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state"], name="uploads_by_unit_and_state"),
            models.Index(fields=["digest"], name="uploads_by_digest"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.pk}"


class Proposal(models.Model):
    """A number of a file, and the cell it would fill.

    `start` and `end` are its place in the upload's text; in a workbook `place` names its cell. Where the writing can
    be read in several ways `value` is empty and `readings` holds them. `others` are further indicators it may belong
    to, the likelier first; `reasons` are codes that say why it is sure or doubtful.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="proposals")
    order = models.PositiveIntegerField()
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, related_name="+")
    value = models.CharField(max_length=40, blank=True)
    readings = models.JSONField(default=list)
    others = models.JSONField(default=list)
    phrase = models.CharField(max_length=240, blank=True)
    quote = models.CharField(max_length=240)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=60, blank=True)
    certainty = models.CharField(max_length=16, choices=[(c.value, c.value) for c in Certainty])
    confidence = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    decided = models.CharField(max_length=16, blank=True, choices=[(d.value, d.value) for d in Decided])
    decided_indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, related_name="+")
    decided_value = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["upload", "order"], name="an_upload_numbers_its_proposals_once"),
            models.CheckConstraint(
                condition=~Q(decided__in=[Decided.CONFIRMED, Decided.CORRECTED]) | ~Q(decided_value=""),
                name="what_was_taken_has_a_value",
            ),
        )

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.order}"


class Point(models.Model):
    """A sentence of a file that could become a statement of the report.

    `start` and `end` are its place in the upload's text; in a workbook `place` names its cell. Once taken, `statement`
    is its id in the draft of `report`, and `taken` what it said there: a statement comes from the newest point that
    was taken for it and is not after the version, as long as it still says that.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="points")
    order = models.PositiveIntegerField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in StatementKind])
    section = models.CharField(max_length=8, blank=True)
    decided = models.CharField(max_length=16, blank=True, choices=[(d.value, d.value) for d in Decided])
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="points_from_files")
    statement = models.CharField(max_length=40, blank=True)
    taken = models.TextField(blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["upload", "order"], name="an_upload_numbers_its_points_once"),
            models.CheckConstraint(
                condition=Q(report__isnull=True) | (~Q(statement="") & ~Q(taken="") & Q(taken_at__isnull=False)),
                name="what_a_point_became_leads_back",
            ),
        )
        indexes = (models.Index(fields=["report", "statement"], name="points_of_a_statement"),)

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.order}"


class Origin(models.Model):
    """A cell of a report was filled from this proposal at this instant. Never changed.

    A cell's origin is the newest one not after the version, as long as the cell still holds its value: what is typed
    over it later is somebody's own figure.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="origins")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="origins")
    value = models.CharField(max_length=40)
    at = models.DateTimeField()
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=["report", "indicator"], name="origins_of_a_cell"),)

    def __str__(self) -> str:
        return f"{self.report_id}: {self.indicator_id}"


class Synonym(models.Model):
    """A wording that a unit's people taught: it means this indicator, for the unit and what lies under it.

    The pack's own wordings stand with the indicator; these are the local layer over them. A revoked one stays, with
    who revoked it and why.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="synonyms")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="learnt")
    phrase = models.CharField(max_length=240)
    folded = models.CharField(max_length=240)
    learnt_from = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="+")
    learnt_at = models.DateTimeField()
    learnt_by = models.CharField(max_length=160)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=160, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "indicator", "folded"],
                condition=Q(revoked_at__isnull=True),
                name="a_unit_is_taught_a_wording_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""), name="what_is_revoked_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.phrase


class FilledWorkbook(models.Model):
    """What a form's workbook says that was filled in and dropped back, as read: kept until a person has decided on it
    and after, beside the file itself.
    """

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="filled")
    data = models.JSONField()

    def __str__(self) -> str:
        return f"{self.upload_id}"
