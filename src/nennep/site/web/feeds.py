"""One's own calendar addresses and mail address, and the calendars that other programs fetch."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from nennep.accounts import services as accounts
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.ical import calendar_text
from nennep.planning.queries import feeds as queries
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.services import feeds as services
from nennep.site.acting import ActingRequest
from nennep.site.now import day_of, instant
from nennep.site.planning_refusals import say_planning

UNFIT = 422


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address, for programs that carry no session. What is revoked, unknown or no longer
    the person's to see is not found; which of them it was is not told.
    """
    del request
    at = instant()
    day = day_of(at)
    feed = queries.feed_by_secret(secret, day)
    if feed is None:
        raise Http404
    services.note_use(feed.pk, at=at)
    written = calendar_text(queries.events_of(feed, day), name=feed.label, zone=ZoneInfo(settings.TIME_ZONE), at=at)
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="nennep.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


class FeedForm(forms.Form):
    """What a person says of a new calendar address."""

    label = forms.CharField(label=gettext_lazy("What it is for"), max_length=160)
    unit = forms.TypedChoiceField(label=gettext_lazy("Whose tasks"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: object, units: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        unit = self.fields["unit"]
        if isinstance(unit, forms.TypedChoiceField):
            unit.choices = [("", gettext_lazy("my own")), *units]


@require_http_methods(["GET", "POST"])
def calendars(request: ActingRequest) -> HttpResponse:
    """One's own calendar addresses, made and ended here; and where reminders are mailed."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "revoke":
        return _revoked(request)
    if act == "mail":
        return _mailed(request)
    units = _units(request.actor)
    form = FeedForm(request.POST if act == "make" else None, units=units)
    fresh, status = "", 200
    if act == "make" and form.is_valid():
        try:
            _feed, secret = services.make_feed(
                form.cleaned_data["label"], unit_id=form.cleaned_data["unit"], by=request.actor
            )
        except PlanningRefused as refused:
            messages.error(request, say_planning(refused, request.actor.today))
            status = UNFIT
        else:
            fresh = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
            form = FeedForm(units=units)
    elif act == "make":
        status = UNFIT
    return _page(request, form, fresh=fresh, status=status)


def _revoked(request: ActingRequest) -> HttpResponse:
    number = request.POST.get("feed", "")
    if not (number.isascii() and number.isdigit()):
        raise Http404
    services.revoke_feed(int(number), by=request.actor)
    messages.success(request, _("The calendar address no longer works."))
    return redirect("calendars")


def _mailed(request: ActingRequest) -> HttpResponse:
    try:
        person = accounts.set_email(request.user.pk, request.POST.get("email", ""), by=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _page(request, FeedForm(units=_units(request.actor)), status=UNFIT)
    said = (
        _("Reminders go to %(address)s.") % {"address": person.email} if person.email else _("No reminders are mailed.")
    )
    messages.success(request, said)
    return redirect("calendars")


def _page(request: ActingRequest, form: FeedForm, *, fresh: str = "", status: int = 200) -> HttpResponse:
    by = request.actor
    found = list(queries.feeds_of(request.user.pk))
    units = organisation.units_known_by(by.today, ids={feed.unit_id for feed in found if feed.unit_id is not None})
    rows = [(feed, units[feed.unit_id].short_name if feed.unit_id in units else "") for feed in found]
    context = {
        "form": form,
        "feeds": rows,
        "fresh": fresh,
        "may_make": Permission.PLANNING_VIEW in by.permissions,
        "email": request.user.email,
        "mails": bool(settings.EMAIL_HOST),
    }
    return render(request, "calendars.html", context, status=status)


def _units(by: Actor) -> list[tuple[str, str]]:
    """The units whose calendar may be fetched: the actor's own, and those right below it."""
    if by.unit_id is None or Permission.PLANNING_VIEW not in by.permissions:
        return []
    near = [by.unit_id, *organisation.today_tree(by).children.get(by.unit_id, ())]
    names = organisation.units_on(by.today, ids=near)
    return [(str(unit), names[unit].short_name) for unit in near if unit in names]


urlpatterns = [
    path("calendars/", calendars, name="calendars"),
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar-feed"),
]
