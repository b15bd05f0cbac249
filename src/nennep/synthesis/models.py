"""A unit's synthesis of a round: the versions it stands on, and its draft sentence by sentence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nennep.organisation.models import Unit
from nennep.reporting.models import Report, Round, Version
from nennep.synthesis.rules.drafts import ItemKind, State


class Synthesis(models.Model):
    """Bringing the reports below a unit together in one round."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="syntheses")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="syntheses")
    state = models.CharField(max_length=16, default=State.DRAFTING, choices=[(s.value, s.value) for s in State])
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=160, blank=True)
    #: What the finished paper said, figure by figure and sentence by sentence; None while it is being drafted.
    finished_content = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "round"], name="a_unit_has_one_synthesis_a_round"),
            models.CheckConstraint(
                condition=~Q(state=State.FINISHED) | Q(finished_content__isnull=False),
                name="a_finished_synthesis_keeps_what_it_said",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.round_id}"

    @property
    def is_finished(self) -> bool:
        return self.state == State.FINISHED


class Basis(models.Model):
    """The version of one report that the draft stands on.

    When a newer one counts, the officer takes it, or keeps this one with a reason: `kept_before` is the version then
    refused. A report that came late and was refused has no version here.
    """

    synthesis = models.ForeignKey(Synthesis, on_delete=models.CASCADE, related_name="basis")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    kept_before = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    kept_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["synthesis", "report"], name="a_draft_stands_on_one_version_a_report"),
        )

    def __str__(self) -> str:
        return f"{self.report_id}: {self.version_id}"


class DraftItem(models.Model):
    """One sentence of the draft. Figures in it are references (`{patrol.teams}`), never typed numbers."""

    synthesis = models.ForeignKey(Synthesis, on_delete=models.CASCADE, related_name="items")
    section = models.CharField(max_length=8)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ItemKind])
    statement_kind = models.CharField(max_length=16, blank=True)
    text = models.TextField()
    #: `[version id, statement id]` of everything this sentence was made from.
    sources = models.JSONField(default=list)
    edited = models.BooleanField(default=False)
    left_out = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    #: Until an officer accepts it a sentence is a proposal: that these units say the same, and that it is worth saying.
    accepted = models.BooleanField(default=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    #: Why the programme proposes to say these together.
    why = models.CharField(max_length=300, blank=True)
    #: Sources of which an officer is asked whether they still belong here: something below changed.
    asked = models.JSONField(default=list)
    #: Counts the acts on this sentence: an act that was made in sight of an older one is refused.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(left_out=False) | ~Q(reason=""), name="what_is_left_out_says_why"),
        )
        indexes = (models.Index(fields=["synthesis", "section", "order"], name="items_in_their_order"),)

    def __str__(self) -> str:
        return self.text[:60]


class KeptChoice(models.Model):
    """People of a unit decided that two statements belong together, or that they stay apart: the newest word counts.

    The statements are known by the fingerprints of their words without the figures, so the choice holds when a report
    is handed in again and in the next period.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="kept_choices")
    first = models.CharField(max_length=64)
    second = models.CharField(max_length=64)
    together = models.BooleanField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "first", "second"], name="a_unit_keeps_one_choice_a_pair"),
            models.CheckConstraint(condition=Q(first__lte=models.F("second")), name="a_pair_is_kept_one_way_round"),
        )

    def __str__(self) -> str:
        return f"{self.first[:8]} {'with' if self.together else 'apart from'} {self.second[:8]}"


class KeptWording(models.Model):
    """The sentence that people of a unit wrote or chose for a group of statements, known by the group's fingerprint."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="kept_wordings")
    group = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "group"], name="a_unit_keeps_one_wording_a_group"),)

    def __str__(self) -> str:
        return self.text[:60]
