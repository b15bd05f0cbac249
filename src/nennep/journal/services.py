"""Writing an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from nennep.journal.models import Entry, Head
from nennep.journal.rules import Actor, Sealed, digest_of

#: Acts that concern no unit (a person's sign-in, a pack loaded) stand in the chain of this number.
NO_UNIT = 0


def record(
    act: str,
    subject: models.Model,
    *,
    by: Actor,
    over: int = NO_UNIT,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry to the chain of the unit `over`, in the transaction of the act it tells of.

    `details` holds ids, codes and counts, never the text of a report. Two acts on one unit wait for each other at the
    head of its chain; acts on different units do not.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.record belongs inside the transaction of the act that it records")
    Head.objects.get_or_create(unit_id=over)
    head = Head.objects.select_for_update().get(unit_id=over)
    told = Sealed(
        over,
        head.sequence + 1,
        by.at,
        act,
        f"{subject._meta.label_lower}:{subject.pk}",  # noqa: SLF001 -- `_meta` is the documented way to a model's name
        by.person_id,
        by.person_name,
        by.post_id,
        by.post_title,
        reason,
        dict(details or {}),
    )
    entry = Entry.objects.create(
        unit_id=told.unit_id,
        sequence=told.sequence,
        at=told.at,
        act=told.act,
        subject=told.subject,
        person_id=told.person_id,
        person_name=told.person_name,
        post_id=told.post_id,
        post_title=told.post_title,
        reason=told.reason,
        details=told.details,
        digest=digest_of(head.digest, told),
    )
    head.sequence, head.digest = entry.sequence, entry.digest
    head.save(update_fields=["sequence", "digest"])
    return entry
