"""What a post was reminded of: what is due, what is overdue, what climbed from below; with read marks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nennep.documents.models import Dispatch
from nennep.planning.models import Notice
from nennep.planning.queries import notices as queries
from nennep.planning.rules.climbing import Subject
from nennep.planning.services import notices as services
from nennep.site.acting import ActingRequest
from nennep.site.planning_words import SUBJECTS, is_overdue, say_notice, subject_of
from nennep.site.report_list import PAGE, Pages, asked_page


@dataclass(frozen=True)
class Row:
    """One reminder with the thing it is about; without an address where that is gone."""

    notice: Notice
    subject: Promise
    said: str
    is_overdue: bool
    url: str


@require_GET
def notices(request: ActingRequest) -> HttpResponse:
    """What the reader's post was told, unread first, then by the nearest last day; paged."""
    by = request.actor
    posts = [by.post_id or 0]
    unread = request.GET.get("show", "") == "unread"
    found = queries.for_posts(posts, unread=unread)
    pages = Pages.of(found.count(), asked_page(request))
    shown = list(found[pages.start : pages.start + PAGE])
    documents = _documents_of(shown)
    rows = [
        Row(
            one, SUBJECTS[subject_of(one)], say_notice(one, by.today), _is_late(one, by.today), _address(one, documents)
        )
        for one in shown
    ]
    context = {
        "section": "desk",
        "rows": rows,
        "pages": pages,
        "only_unread": unread,
        "unread": queries.unread_count(posts),
    }
    return render(request, "desk/notices.html", context)


def _documents_of(shown: Collection[Notice]) -> dict[int, int]:
    """The document of each dispatch that these notices are about. One query."""
    ids = [_id(one) for one in shown if subject_of(one) is Subject.DISPATCH]
    return dict(Dispatch.objects.filter(pk__in=ids).values_list("pk", "document_id"))


def _is_late(notice: Notice, day: date) -> bool:
    """Whether it told of something overdue, or that has become overdue since."""
    return is_overdue(notice) or (notice.due_on is not None and notice.due_on < day)


def _id(notice: Notice) -> int:
    return int(notice.about.partition(":")[2])


def _address(notice: Notice, documents: dict[int, int]) -> str:
    subject, key = subject_of(notice), _id(notice)
    if subject is Subject.DISPATCH:
        return reverse("document", args=[documents[key]]) if key in documents else ""
    return reverse("task" if subject is Subject.TASK else "plan", args=[key])


@require_POST
def read_notices(request: ActingRequest) -> HttpResponse:
    """Mark one reminder as read, those that are ticked, or all of the post; those of other posts stay."""
    post = request.POST
    if post.get("all") == "1":
        count = services.mark_all_read(by=request.actor)
    else:
        ids = [int(one) for one in post.getlist("notice") if one.isascii() and one.isdigit()][:PAGE]
        count = services.mark_read(ids, by=request.actor)
    said = ngettext("%(count)s reminder is marked as read.", "%(count)s reminders are marked as read.", count)
    messages.success(request, said % {"count": count} if count else _("Nothing was left to mark."))
    return redirect("notices")


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_notices, name="read-notices"),
]
