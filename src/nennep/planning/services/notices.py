"""The daily digest: who is reminded of what, and what is settled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.planning.models import Notice
from nennep.planning.queries import notices as queries
from nennep.planning.queries.notices import Ladder
from nennep.planning.rules import climbing
from nennep.planning.rules.climbing import Due, NoticeKind, Whom

_BATCH = 1_000
_LONGEST_TITLE = 500


@dataclass(frozen=True)
class Digest:
    """What a digest did: notices made, told anew because the last day was moved, and settled."""

    made: int
    renewed: int
    settled: int


@transaction.atomic
def run_digest(day: date, *, by: Actor) -> Digest:
    """Tell every post what is due in 30, 7 or 1 days, what is overdue, and what was left lying below it.

    Run it once a day; run twice, the second time changes nothing. What is done, called off or moved away is settled:
    its notices no longer count as unread. Only whoever runs the machine may. Raises NotAuthorised.
    """
    if not by.is_system:
        raise NotAuthorised(Permission.PLANNING_APPROVE, hidden=False)
    owed = queries.owed(day)
    wanted = _wanted(owed, day, by)
    rows = Notice.objects.select_for_update(of=("self",)).order_by("pk").defer("title")
    known = {(row.post_id, row.kind, row.about): row for row in rows}
    fresh = [notice for key, notice in wanted.items() if key not in known]
    moved = [row for key, row in known.items() if key in wanted and row.due_on != wanted[key].due_on]
    for row in moved:
        row.due_on = wanted[row.post_id, row.kind, row.about].due_on
        row.at, row.read_at, row.mailed_at = by.at, None, None
    over = [row.pk for key, row in known.items() if row.read_at is None and key not in wanted]
    Notice.objects.bulk_create(fresh, batch_size=_BATCH, ignore_conflicts=True)
    Notice.objects.bulk_update(moved, ["due_on", "at", "read_at", "mailed_at"], batch_size=_BATCH)
    _settle(over, by)
    done = Digest(len(fresh), len(moved), len(over))
    touched = Notice.objects.order_by("-pk").first()
    if done != Digest(0, 0, 0) and touched is not None:
        details = {"day": day.isoformat(), "made": done.made, "renewed": done.renewed, "settled": done.settled}
        journal.record("planning.digest", touched, by=by, details=details)
    return done


def _wanted(owed: Collection[Due], day: date, by: Actor) -> dict[tuple[int, str, str], Notice]:
    """Every notice that should stand on a day, by post, kind and thing."""
    ladder = Ladder(owed, day)
    found: dict[tuple[int, str, str], Notice] = {}
    for due in owed:
        kind = climbing.kind_on(due, day)
        if kind is None:
            continue
        for post, climbed_from in _climb(due, ladder, day):
            found.setdefault((post, kind, due.about), _notice(due, kind, post, climbed_from, by))
    return found


def _climb(due: Due, ladder: Ladder, day: date) -> list[tuple[int, int | None]]:
    """Who is told, each with the post it climbed from. A step without a post is passed to the next one up."""
    told: list[tuple[int, int | None]] = []
    below: int | None = None
    steps = list(Whom)
    reached = climbing.told_on(due, day)
    for whom in steps:
        if whom not in reached and told:
            break
        posts = ladder.posts(due, whom)
        told.extend((post, below) for post in posts)
        below = posts[0] if posts else below
    return told


def _notice(due: Due, kind: NoticeKind, post: int, climbed_from: int | None, by: Actor) -> Notice:
    return Notice(
        post_id=post,
        kind=kind,
        about=due.about,
        title=due.title[:_LONGEST_TITLE],
        due_on=due.due_on,
        climbed_from_id=climbed_from,
        at=by.at,
    )


@transaction.atomic
def mark_read(notice_ids: Collection[int], *, by: Actor) -> int:
    """Note that the actor's post has seen these; those of other posts stay. Not an act of the unit: not journalled."""
    found = Notice.objects.filter(pk__in=notice_ids, post_id=by.post_id or 0, read_at__isnull=True)
    return found.update(read_at=by.at)


@transaction.atomic
def mark_all_read(*, by: Actor) -> int:
    """The same for everything that the actor's post was told."""
    return Notice.objects.filter(post_id=by.post_id or 0, read_at__isnull=True).update(read_at=by.at)


def mark_mailed(notice_ids: Collection[int], *, by: Actor) -> None:
    """Note that these were mailed, so that no letter tells of them again. Not journalled."""
    Notice.objects.filter(pk__in=notice_ids, mailed_at__isnull=True).update(mailed_at=by.at)


def settle(about: Collection[str], *, by: Actor) -> None:
    """Let what was told of these things no longer count as unread. Called within the act that settles them."""
    Notice.objects.filter(about__in=about, read_at__isnull=True).update(read_at=by.at)


def _settle(ids: list[int], by: Actor) -> None:
    for start in range(0, len(ids), _BATCH):
        Notice.objects.filter(pk__in=ids[start : start + _BATCH]).update(read_at=by.at)
