"""Entries as they are shown; their words stand in a table of the database's own kind, which `words.py` keeps."""

from __future__ import annotations

from django.db import models

from nennep.search.rules import Kind


class Entry(models.Model):
    """One thing that can be found, as its area last put it. `seen_by` is as in `rules.Put.seen_by`.

    Ids instead of foreign keys: the index is derived, and never stands in the way of a change.
    """

    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    key = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=400)
    dated_on = models.DateField()
    seen_by = models.JSONField(default=list)
    # Last, for it is long: what stands before it is read without it.
    text = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="a_thing_stands_in_the_index_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Word(models.Model):
    """A word that was once put into the index: what the beginning of a word can go on to."""

    word = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.word
