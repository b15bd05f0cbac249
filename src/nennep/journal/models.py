"""Entries, and the head of each unit's chain."""

from __future__ import annotations

from django.db import models

from nennep.journal.rules import START_OF_CHAIN, Sealed


class Entry(models.Model):
    """One act that happened. Never changed, never deleted: triggers in the database refuse both.

    Ids instead of foreign keys, and names as they were: an entry outlives what it speaks of.
    """

    unit_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=160)
    post_id = models.BigIntegerField(null=True)
    post_title = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit_id", "sequence"], name="an_entry_has_one_place_in_its_unit_chain"),
        )
        indexes = (models.Index(fields=["-at"], name="entries_newest_first"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.subject}"

    def sealed(self) -> Sealed:
        return Sealed(
            self.unit_id,
            self.sequence,
            self.at,
            self.act,
            self.subject,
            self.person_id,
            self.person_name,
            self.post_id,
            self.post_title,
            self.reason,
            self.details,
        )


class Head(models.Model):
    """The newest entry of a unit's chain: the row that writers of one unit lock, and that shows a cut-off tail."""

    unit_id = models.BigIntegerField(primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default=START_OF_CHAIN)

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.sequence}"
