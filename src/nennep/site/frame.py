"""What every page's frame shows: the stages, the unit and the period looked at, and me in my post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nennep.accounts.models import Person
from nennep.documents.queries import documents
from nennep.journal.rules import Actor
from nennep.organisation.models import Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.queries import plans as planning
from nennep.reporting import queries as reporting
from nennep.site.looking import Looking, address, looking
from nennep.site.now import instant
from nennep.site.sayings import kind_of_unit, period_dates, period_label


@dataclass(frozen=True)
class NavItem:
    key: str
    label: str
    url: str
    icon: str
    group: str = ""
    count: int = 0
    short: str = ""


@dataclass(frozen=True)
class Choice:
    label: str
    url: str = ""
    level: str = ""
    dates: str = ""
    unit_name: str = ""
    value: str = ""
    selected: bool = False


@dataclass(frozen=True)
class Frame:
    """See the comment at the head of base.html for what each is for."""

    language: str
    theme: str = "auto"
    density: str = "auto"
    is_demonstration: bool = False
    server_time: datetime = field(default_factory=instant)
    language_url: str = ""
    look_url: str = ""
    home_url: str = "/"
    nav: list[NavItem] = field(default_factory=list)
    me_name: str = ""
    me_initials: str = ""
    post_title: str = ""
    posts: list[Choice] = field(default_factory=list)
    act_url: str = ""
    password_url: str = ""
    tokens_url: str = ""
    calendars_url: str = ""
    sign_out_url: str = ""
    unit_name: str = ""
    unit_level: str = ""
    units: list[Choice] = field(default_factory=list)
    period_label: str = ""
    period_dates: str = ""
    period_prev_url: str = ""
    period_next_url: str = ""
    periods: list[Choice] = field(default_factory=list)
    search_url: str = ""
    suggest_url: str = ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame` for every template. Made once for a page, however many templates it is of."""
    made: Frame | None = getattr(request, "frame", None)
    if made is None:
        made = request.frame = _frame(request)  # type: ignore[attr-defined]
    return {"frame": made}


def _frame(request: HttpRequest) -> Frame:
    language = "en" if get_language() == "en" else "vi"
    person = getattr(request, "user", None)
    demonstration = Unit.objects.filter(demonstration=True).exists()
    if not isinstance(person, Person):
        return Frame(language, is_demonstration=demonstration)
    by: Actor = request.actor  # type: ignore[attr-defined]
    return Frame(
        language,
        theme=person.theme,
        density=person.density,
        is_demonstration=demonstration,
        language_url=reverse("preferences"),
        look_url=reverse("preferences"),
        nav=_nav(by),
        me_name=str(person),
        me_initials="".join(word[0] for word in person.full_name.split()[-2:]).upper(),
        post_title=_post_title(request),
        posts=_posts(request),
        act_url=reverse("act-in-post"),
        password_url=reverse("password"),
        tokens_url=reverse("tokens"),
        calendars_url=reverse("calendars"),
        sign_out_url=reverse("sign-out"),
        search_url=reverse("search") if by.post_id else "",
        suggest_url=reverse("search-suggest") if by.post_id else "",
        **_where(request),
    )


def _post_title(request: HttpRequest) -> str:
    held = _held(request)
    if held is None:
        return _("No post today")
    return f"{_('Acting')}: {held.post.title}" if held.acting else str(held.post.title)


def _held(request: HttpRequest) -> Any:
    by: Actor = request.actor  # type: ignore[attr-defined]
    return next((held for held in request.appointments if held.post_id == by.post_id), None)  # type: ignore[attr-defined]


def _posts(request: HttpRequest) -> list[Choice]:
    held = request.appointments  # type: ignore[attr-defined]
    if len(held) < 2:  # noqa: PLR2004 -- with one post there is nothing to choose
        return []
    by: Actor = request.actor  # type: ignore[attr-defined]
    return [
        Choice(one.post.title, unit_name=one.post.unit.code, value=str(one.post_id), selected=one.post_id == by.post_id)
        for one in held
    ]


def _nav(by: Actor) -> list[NavItem]:
    """The stages of the year that exist so far, and of those the ones this post has business in."""
    if by.post_id is None:
        return []
    may = by.permissions
    year, system = _("The year's cycle"), _("System")
    items = [NavItem("desk", _("Desk"), reverse("desk"), "desk", short=_("Desk"))]
    if Permission.DOCUMENTS_VIEW in may:
        count = documents.waiting(by).all
        items.append(
            NavItem("documents", _("Documents"), reverse("documents"), "documents", year, count, _("Documents"))
        )
    if Permission.PLANNING_VIEW in may:
        to_approve = planning.waiting_for(by).count() if Permission.PLANNING_APPROVE in may else 0
        items.append(NavItem("plans", _("Plans"), reverse("plans"), "planning", year, to_approve, _("Plans")))
    if Permission.REPORTING_VIEW in may:
        waiting = reporting.waiting_for(by).count() if Permission.REPORTING_REVIEW in may else 0
        items.append(NavItem("reports", _("Reports"), reverse("reports"), "reports", year, waiting, _("Reports")))
        items.append(NavItem("synthesis", _("Synthesis"), reverse("syntheses"), "synthesis", year, 0, _("Synthesis")))
    if Permission.ORGANISATION_VIEW in may:
        items.append(
            NavItem(
                "organisation", _("Organisation"), reverse("organisation"), "organisation", system, 0, _("Organisation")
            )
        )
    if Permission.JOURNAL_VIEW in may:
        items.append(NavItem("journal", _("Journal"), reverse("journal"), "journal", system, 0, _("Journal")))
    return items


def _where(request: HttpRequest) -> dict[str, Any]:
    by: Actor = request.actor  # type: ignore[attr-defined]
    if by.unit_id is None:
        return {}
    try:
        here = looking(request)  # type: ignore[arg-type]
    except Http404:
        return {}
    return {
        "unit_name": here.unit.short_name,
        "unit_level": kind_of_unit(here.unit.kind),
        "units": [_unit_choice(request, here, unit) for unit in here.nearby] if len(here.nearby) > 1 else [],
        **_periods(request, here),
    }


def _unit_choice(request: HttpRequest, here: Looking, unit: NamedUnit) -> Choice:
    return Choice(
        unit.short_name,
        url=address(request, unit=unit.id),
        level=kind_of_unit(unit.kind),
        selected=unit.id == here.unit.id,
    )


def _periods(request: HttpRequest, here: Looking) -> dict[str, Any]:
    period = here.period
    year = here.calendar.of_year(period.kind, period.year)
    return {
        "period_label": period_label(period),
        "period_dates": period_dates(period),
        "period_prev_url": address(request, period=here.calendar.before(period).code),
        "period_next_url": address(request, period=here.calendar.after(period).code),
        "periods": [
            Choice(
                period_label(one),
                url=address(request, period=one.code),
                dates=period_dates(one),
                selected=one.code == period.code,
            )
            for one in year
        ],
    }
