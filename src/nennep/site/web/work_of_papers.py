"""What of documents and plans waits for a person in their post, as lines of work for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext, ngettext_lazy

from nennep.documents.models import Dispatch, Document
from nennep.documents.queries import dispatches, documents, drafts
from nennep.documents.rules.states import Move
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Task
from nennep.planning.queries import plans
from nennep.planning.queries.at_hand import tasks_at_hand
from nennep.planning.rules.climbing import ACKNOWLEDGED_WITHIN
from nennep.site.document_refusals import cited
from nennep.site.document_words import type_in_words
from nennep.site.now import day_of
from nennep.site.web.work_items import Bucket, Work

#: Up to this many of a kind are listed one by one; more are one line that leads to their list.
ONE_BY_ONE = 3
#: A task is work from this many days before its last day.
DAYS_AHEAD = 7


def work(by: Actor) -> list[Work]:
    """Documents to decide on, to receive and to acknowledge, opinions asked, plans to approve, tasks at hand.

    A fixed number of queries, whatever waits.
    """
    found: list[Work] = []
    if Permission.DOCUMENTS_VIEW in by.permissions:
        found += [*_documents(by), *_sent(by), *_opinions(by)]
    if Permission.PLANNING_VIEW in by.permissions:
        found += [*_plans(by), *_tasks(by)]
    return found


def _end_of(day: date) -> datetime:
    """The last moment of a day, here."""
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(settings.TIME_ZONE))


# --- documents on their way -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """What waits for one move, and how it is said of one document and of many."""

    move: Move
    bucket: Bucket
    icon: str
    one: Promise
    many: Any  # a lazy plural, chosen by its count


_STEPS: Sequence[_Step] = (
    _Step(
        Move.SUBMIT,
        Bucket.RETURNED,
        "returned",
        later("“%(subject)s” was returned"),
        ngettext_lazy("%(count)s document was returned", "%(count)s documents were returned", "count"),
    ),
    _Step(
        Move.AGREE,
        Bucket.TO_APPROVE,
        "done",
        later("Agree to “%(subject)s”"),
        ngettext_lazy("Agree to %(count)s document", "Agree to %(count)s documents", "count"),
    ),
    _Step(
        Move.SIGN,
        Bucket.TO_APPROVE,
        "rewrite",
        later("Sign “%(subject)s”"),
        ngettext_lazy("Sign %(count)s document", "Sign %(count)s documents", "count"),
    ),
    _Step(
        Move.ISSUE,
        Bucket.TO_DO,
        "documents",
        later("Number and issue “%(subject)s”"),
        ngettext_lazy("Number and issue %(count)s document", "Number and issue %(count)s documents", "count"),
    ),
)


def _documents(by: Actor) -> Iterable[Work]:
    waiting = documents.waiting(by)
    counts = {
        Move.SUBMIT: waiting.to_rewrite,
        Move.AGREE: waiting.to_agree,
        Move.SIGN: waiting.to_sign,
        Move.ISSUE: waiting.to_issue,
    }
    for step in _STEPS:
        count = counts[step.move]
        shown = list(documents.waiting_for(by, step.move)[:ONE_BY_ONE])
        if count > ONE_BY_ONE:
            title = str(step.many % {"count": count})
            under = ", ".join(one.subject for one in shown)
            url = f"{reverse('documents')}?tab=waiting"
            yield Work(step.bucket, title, under, title, url, step.icon, count=count)
        else:
            yield from (_document(step, one) for one in shown)


def _document(step: _Step, one: Document) -> Work:
    title = str(step.one) % {"subject": one.subject}
    return Work(step.bucket, title, type_in_words(one.type), title, reverse("document", args=[one.pk]), step.icon)


# --- documents that were sent here ----------------------------------------------------------------


def _sent(by: Actor) -> Iterable[Work]:
    """What is to be received, and what was received and is to be acknowledged, each due two days after it was sent."""
    if Permission.DOCUMENTS_RECEIVE not in by.permissions:
        return
    rows = list(dispatches.dispatches_to(by, acknowledged=False))
    names = organisation.units_known_by(by.today, ids={one.document.unit_id for one in rows})
    for received in (False, True):
        chosen = [one for one in rows if (one.received_at is not None) is received]
        if len(chosen) > ONE_BY_ONE:
            yield _many_sent(chosen, received=received)
        else:
            yield from (_one_sent(one, names[one.document.unit_id].short_name, received=received) for one in chosen)


def _one_sent(one: Dispatch, issuer: str, *, received: bool) -> Work:
    name = f"{type_in_words(one.document.type)} {cited(one.document)}"
    wording = _("Acknowledge %(document)s") if received else _("Receive %(document)s")
    title = wording % {"document": name}
    url = reverse("document", args=[one.document_id])
    under = f"{issuer}: {one.document.subject}"
    return Work(Bucket.TO_DO, title, under, title, url, "documents", _due_of(one))


def _many_sent(chosen: Sequence[Dispatch], *, received: bool) -> Work:
    count = len(chosen)
    if received:
        wording = ngettext("Acknowledge %(count)s document", "Acknowledge %(count)s documents", count)
        url = f"{reverse('documents')}?tab=waiting"
    else:
        wording = ngettext("Receive %(count)s document", "Receive %(count)s documents", count)
        url = reverse("incoming")
    title = wording % {"count": count}
    under = ", ".join(cited(one.document) for one in chosen[:ONE_BY_ONE])
    due = min(filter(None, (_due_of(one) for one in chosen)), default=None)
    return Work(Bucket.TO_DO, title, under, title, url, "documents", due, count=count)


def _due_of(one: Dispatch) -> datetime | None:
    return _end_of(day_of(one.sent_at) + ACKNOWLEDGED_WITHIN) if one.sent_at else None


def _opinions(by: Actor) -> Iterable[Work]:
    """The drafts on which the unit was asked for an opinion."""
    if Permission.DOCUMENTS_DRAFT not in by.permissions:
        return
    for one in drafts.asked_of_me(by):
        title = _("Give an opinion on “%(subject)s”") % {"subject": one.version.subject}
        url = reverse("answer-opinions", args=[one.version.document_id])
        yield Work(Bucket.TO_DO, title, _("your unit was asked"), title, url, "remark", _end_of(one.due_on))


# --- plans and tasks ------------------------------------------------------------------------------


def _plans(by: Actor) -> Iterable[Work]:
    if Permission.PLANNING_APPROVE not in by.permissions:
        return
    rows = list(plans.waiting_for(by).defer("texts"))
    names = organisation.units_known_by(by.today, ids={one.unit_id for one in rows})
    if len(rows) > ONE_BY_ONE:
        count = len(rows)
        title = ngettext("Approve %(count)s plan", "Approve %(count)s plans", count) % {"count": count}
        under = ", ".join(dict.fromkeys(names[one.unit_id].short_name for one in rows[:ONE_BY_ONE]))
        url = f"{reverse('plans')}?state=submitted"
        yield Work(Bucket.TO_APPROVE, title, under, title, url, "planning", count=count)
        return
    for one in rows:
        title = _("Approve “%(plan)s”") % {"plan": one.title}
        url = reverse("plan", args=[one.pk])
        yield Work(Bucket.TO_APPROVE, title, names[one.unit_id].short_name, title, url, "planning")


def _tasks(by: Actor) -> Iterable[Work]:
    """The tasks past their last day, and those of the next days; what is too many to list is one line a kind."""
    rows = list(tasks_at_hand(by, by.today + timedelta(days=DAYS_AHEAD)))
    late = [one for one in rows if one.due_on < by.today]
    soon = [one for one in rows if one.due_on >= by.today]
    if len(late) > ONE_BY_ONE:
        count = len(late)
        title = ngettext("%(count)s task is overdue", "%(count)s tasks are overdue", count) % {"count": count}
        under = ", ".join(one.title for one in late[:ONE_BY_ONE])
        url = reverse("notices")
        yield Work(Bucket.TO_DO, title, under, title, url, "planning", _end_of(late[0].due_on), count=count)
    else:
        yield from map(_task, late)
    yield from map(_task, soon)


def _task(one: Task) -> Work:
    url = reverse("task", args=[one.pk])
    return Work(Bucket.TO_DO, one.title, one.plan.title, one.title, url, "planning", _end_of(one.due_on))
