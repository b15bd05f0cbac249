"""The desk: what waits for me at the left, how my units stand at the right."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.queries import notices
from nennep.site.acting import ActingRequest
from nennep.site.looking import address, looking
from nennep.site.web import work
from nennep.site.web.overview import Overview
from nennep.site.web.work import Desk
from nennep.site.web.work_items import WHEN, Bucket, When, Work
from nennep.synthesis import queries as synthesis

#: A post with one of these decides on what others hand to it.
APPROVING = frozenset(
    {
        Permission.REPORTING_REVIEW,
        Permission.DOCUMENTS_AGREE,
        Permission.DOCUMENTS_SIGN,
        Permission.PLANNING_APPROVE,
    }
)


@require_safe
def desk(request: ActingRequest) -> HttpResponse:
    """My work in buckets with its due days; the looked-at unit's reports and what a commander asks of them."""
    by = request.actor
    waiting = work.desk(by)
    chosen = request.GET.get("work", "")
    sees_reports = Permission.REPORTING_VIEW in by.permissions
    shown = {
        "section": "desk",
        "waiting": waiting,
        "next": waiting.next,
        "today_in_words": _today_in_words(waiting),
        "buckets": _buckets(request, waiting, chosen),
        "groups": _groups(waiting.of(chosen)),
        "alerts": synthesis.changes_for(by),
        "overview": Overview(looking(request), all_rows=request.GET.get("rows") == "all") if sees_reports else None,
        "all_rows_url": address(request, rows="all"),
        "looks_first": waiting.looks_first,
        "unread": notices.unread_count([by.post_id]) if by.post_id else 0,
        "now": by.at,
    }
    return render(request, "desk/desk.html", shown)


def _today_in_words(waiting: Desk) -> str:
    """How much is due today and overdue, in one line."""
    today = waiting.count(one for one in waiting.mine if one.when is When.TODAY)
    overdue = waiting.count(waiting.of(When.OVERDUE))
    if not waiting.mine:
        return _("Nothing waits for you.")
    if not today and not overdue:
        return _("Nothing is due today.")
    due = ngettext("%(count)s thing is due today", "%(count)s things are due today", today) % {"count": today}
    late = ngettext("%(count)s is overdue", "%(count)s are overdue", overdue) % {"count": overdue}
    return ", ".join(said for said, count in ((due, today), (late, overdue)) if count) + "."


def _buckets(request: ActingRequest, waiting: Desk, chosen: str) -> list[dict[str, object]]:
    """The counts that can be pressed; those a post never has stay away."""
    words = {
        "": _("All"),
        Bucket.TO_DO: _("To do"),
        Bucket.TO_APPROVE: _("To approve"),
        Bucket.RETURNED: _("Returned to me"),
        When.OVERDUE: _("Overdue"),
        Bucket.WATCHING: _("Watching"),
    }
    possible = _possible(request.actor, waiting)
    return [
        {
            "words": said,
            "count": waiting.count(waiting.of(code)),
            "url": address(request, work=code),
            "selected": waiting.only_looks or code == (chosen if chosen in possible else ""),
            "overdue": code == When.OVERDUE and bool(waiting.of(code)),
        }
        for code, said in words.items()
        if code in possible
    ]


def _possible(by: Actor, waiting: Desk) -> set[str]:
    if waiting.only_looks:
        return {Bucket.WATCHING}
    approving = {Bucket.TO_APPROVE} if APPROVING & by.permissions else set()
    return {"", Bucket.TO_DO, Bucket.RETURNED, When.OVERDUE, Bucket.WATCHING} | approving


def _groups(chosen: tuple[Work, ...]) -> list[tuple[When, str, list[Work]]]:
    """The work grouped by when, each group with its heading."""
    groups = [(when, str(words), [one for one in chosen if one.when is when]) for when, words in WHEN.items()]
    return [group for group in groups if group[2]]


urlpatterns = [path("", desk, name="desk")]
