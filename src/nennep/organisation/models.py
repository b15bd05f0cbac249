"""Units with dated names and superiors; successions; posts and the people in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nennep.accounts.models import Person
from nennep.organisation.rules import Certainty, Line, Span, SuccessionKind


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name=name)


class Unit(models.Model):
    """Anything that can hold posts and report. Its level is never stored: it is its depth on a day."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    demonstration = models.BooleanField(default=False)
    place = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (_ends_after_it_starts("a_unit_ends_after_it_starts"),)

    def __str__(self) -> str:
        return self.code


class UnitName(models.Model):
    """What a unit was called from one day to another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("a_name_ends_after_it_starts"),
            models.UniqueConstraint(fields=["unit", "starts_on"], name="a_unit_takes_one_name_on_a_day"),
        )

    def __str__(self) -> str:
        return self.name


class Edge(models.Model):
    """A unit's superior on one line, from one day to another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="edges")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="edges_below")
    line = models.CharField(max_length=16, choices=[(line.value, line.value) for line in Line])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("an_edge_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["unit", "line", "starts_on"], name="a_unit_takes_one_superior_a_line_on_a_day"
            ),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="no_unit_is_its_own_superior"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} under {self.parent_id} ({self.line})"

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)


class Succession(models.Model):
    """One decision that merged, split, renamed or moved units: what it says, and how sure we are of it."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in SuccessionKind])
    effective_on = models.DateField()
    decision_number = models.CharField(max_length=60)
    decision_on = models.DateField(null=True)
    certainty = models.CharField(max_length=16, default=Certainty.CERTAIN)
    source = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class SuccessionPart(models.Model):
    """One unit that went into a succession and one that came out of it."""

    succession = models.ForeignKey(Succession, on_delete=models.CASCADE, related_name="parts")
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions_from")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions_to")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["succession", "predecessor", "successor"], name="a_succession_names_each_pair_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id}"


class Post(models.Model):
    """A place in a unit. It carries permissions; whoever is appointed to it has them there."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="posts")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    permissions = models.JSONField(default=list)
    rank_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["unit", "code"], name="a_unit_has_each_post_once"),)

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """A person in a post from a day to a day, in full or acting."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    acting = models.BooleanField(default=False)
    decision_number = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("an_appointment_ends_after_it_starts"),
            models.UniqueConstraint(fields=["person", "post", "starts_on"], name="a_person_takes_a_post_once_on_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.post_id}"
