"""Calendar addresses: made for oneself, revoked at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Feed
from nennep.planning.rules.feeds import digest_of, new_secret
from nennep.planning.rules.refusals import PlanningRefused

MOST_FEEDS = 20
_LONGEST_LABEL = 160


@transaction.atomic
def make_feed(label: str, *, by: Actor, unit_id: int | None = None) -> tuple[Feed, str]:
    """A calendar address for the actor's own tasks, or for those of a unit that they may see; and its secret, which is
    shown once.

    Raises NotAuthorised, PlanningRefused (feed_needs_label, too_long, too_many_feeds).
    """
    organisation.require(by, Permission.PLANNING_VIEW, over=by.unit_id or 0 if unit_id is None else unit_id)
    label = label.strip()
    if by.person_id is None or not label:
        raise PlanningRefused("feed_needs_label")
    if len(label) > _LONGEST_LABEL:
        raise PlanningRefused("too_long", part="label", longest=_LONGEST_LABEL)
    if Feed.objects.filter(person_id=by.person_id, revoked_at__isnull=True).count() >= MOST_FEEDS:
        raise PlanningRefused("too_many_feeds", most=MOST_FEEDS)
    secret = new_secret()
    feed = Feed.objects.create(
        digest=digest_of(secret), person_id=by.person_id, unit_id=unit_id, label=label, made_at=by.at
    )
    journal.record("planning.make-feed", feed, by=by, over=unit_id or by.unit_id or 0, details={"unit": unit_id})
    return feed, secret


@transaction.atomic
def revoke_feed(feed_id: int, *, by: Actor) -> Feed:
    """End one of the actor's own calendar addresses at once. Raises Feed.DoesNotExist for anybody else's."""
    feed = Feed.objects.select_for_update(of=("self",)).get(pk=feed_id, person_id=by.person_id or 0)
    if feed.revoked_at is None:
        feed.revoked_at = by.at
        feed.save(update_fields=["revoked_at"])
        over = feed.unit_id or by.unit_id or 0
        journal.record("planning.revoke-feed", feed, by=by, over=over, details={"unit": feed.unit_id})
    return feed


def note_use(feed_id: int, *, at: datetime) -> None:
    """Remember when a feed was last read, to the quarter of an hour. Not an act: it is not journalled."""
    seldom = Q(used_at__isnull=True) | Q(used_at__lte=at - timedelta(minutes=15))
    Feed.objects.filter(seldom, pk=feed_id).update(used_at=at)
