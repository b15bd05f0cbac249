"""At which unit and which period a person is looking: asked for in the address, remembered in the session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission, Tree
from nennep.reporting.models import ReportingCalendar
from nennep.reporting.rules.periods import Calendar, Kind, NoSuchPeriod, Period
from nennep.site.acting import ActingRequest


@dataclass(frozen=True)
class Looking:
    """One unit and one period (of the kind `kind` for pages that choose nothing else)."""

    by: Actor
    unit: NamedUnit
    period: Period
    calendar: Calendar

    @cached_property
    def tree(self) -> Tree:
        return organisation.today_tree(self.by)

    @cached_property
    def reach(self) -> frozenset[int]:
        """The units the actor may look at."""
        return organisation.reach(self.by, Permission.REPORTING_VIEW) | organisation.reach(
            self.by, Permission.ORGANISATION_VIEW
        )

    @cached_property
    def nearby(self) -> list[NamedUnit]:
        """Where one may go from here: the units above within reach, this unit's siblings' superior, and those right
        below.
        """
        above = [unit for unit in self.tree.path(self.unit.id) if unit in self.reach and unit != self.unit.id]
        below = [unit for unit in self.tree.children.get(self.unit.id, ()) if unit in self.reach]
        beside: tuple[int, ...] = ()
        if not below and above:
            beside = tuple(unit for unit in self.tree.children.get(above[-1], ()) if unit in self.reach)
        wanted = list(dict.fromkeys([*above, *(beside or (self.unit.id,)), *below]))
        names = organisation.units_on(self.by.today, ids=wanted)
        return [names[unit] for unit in wanted if unit in names]


def looking(request: ActingRequest) -> Looking:
    """What this request looks at. Worked out once; raises Http404 for a unit the actor may not know."""
    kept: Looking | None = getattr(request, "looking", None)
    if kept is None:
        kept = _looking(request)
        request.looking = kept  # type: ignore[attr-defined]
    return kept


def _looking(request: ActingRequest) -> Looking:
    by = request.actor
    calendar = _calendar()
    unit_id = _remembered_unit(request, by)
    period = _remembered_period(request, calendar, by)
    return Looking(by, organisation.unit(unit_id, by.today), period, calendar)


def _calendar() -> Calendar:
    row = ReportingCalendar.objects.order_by("code").first()
    if row is None:
        raise Http404("no pack is loaded: there is no reporting calendar yet")
    return row.rule


def _remembered_unit(request: ActingRequest, by: Actor) -> int:
    reach = organisation.reach(by, Permission.REPORTING_VIEW) | organisation.reach(by, Permission.ORGANISATION_VIEW)
    asked = request.GET.get("unit", "")
    if asked:
        if not asked.isdecimal() or int(asked) not in reach:
            raise Http404("no such unit")
        # A figure followed down to its post in the drawer moves nobody: the page beside it still looks where it did.
        is_drawer = "HX-Request" in request.headers
        if not is_drawer and int(asked) in organisation.today_tree(by).parents:
            request.session["unit"] = int(asked)
        return int(asked)
    kept = request.session.get("unit")
    return kept if kept in reach else int(by.unit_id or 0)


def _remembered_period(request: ActingRequest, calendar: Calendar, by: Actor) -> Period:
    asked = request.GET.get("period", "") or request.session.get("period", "")
    try:
        period = calendar.parse(asked) if asked else _due_month(calendar, by)
    except NoSuchPeriod:
        if request.GET.get("period"):
            raise Http404("no such period") from None
        period = _due_month(calendar, by)
    if request.GET.get("period"):
        request.session["period"] = period.code
    return period


def _due_month(calendar: Calendar, by: Actor) -> Period:
    """The month whose report is on people's desks: the last one that ended."""
    return calendar.before(calendar.containing(Kind.MONTH, by.today))


def address(request: HttpRequest, **changed: str | int) -> str:
    """The same page, with parts of its question changed."""
    question = {key: str(value) for key, value in request.GET.items() if key not in changed}
    question |= {key: str(value) for key, value in changed.items() if value != ""}
    return f"{request.path}?{urlencode(question)}" if question else request.path
