"""What does not go together in the plans of a unit and those under it, over a week, a month or a quarter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_GET

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.planning.models import Task
from nennep.planning.queries import plans as queries
from nennep.planning.queries.conflicts import Conflicts, conflicts
from nennep.planning.rules.calendar import CIVIL
from nennep.planning.rules.conflicts import Clash, Conflict
from nennep.reporting.rules.periods import Kind
from nennep.site.acting import ActingRequest
from nennep.site.looking import Looking, looking
from nennep.site.planning_words import say_conflict
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.sayings import period_label
from nennep.site.web.calendar import ALL, day_asked, units_asked

SPANS: Mapping[str, tuple[Kind, Promise]] = {
    "week": (Kind.WEEK, later("week")),
    "month": (Kind.MONTH, later("month")),
    "quarter": (Kind.QUARTER, later("quarter")),
}
CLASHES: Mapping[Clash, Promise] = {
    Clash.PERSON: later("one person twice"),
    Clash.PLACE: later("one place twice"),
    Clash.UNIT: later("one unit twice"),
    Clash.EMPTY_WEEK: later("a week with nothing planned"),
    Clash.EMPTY_MONTH: later("a month with nothing planned"),
    Clash.OVERLOAD: later("more than a unit can do"),
    Clash.HOLIDAY: later("on a holiday"),
}


@dataclass(frozen=True)
class Row:
    """One conflict as the list shows it: its sentence, and its tasks as far as the reader may see them."""

    clash: Clash
    kind: Promise
    day: date
    said: str
    tasks: Sequence[Task]
    hidden: int


@require_GET
def conflicts_page(request: ActingRequest) -> HttpResponse:
    """The conflicts of the looked-at unit and all under it, by day; by kind and unit when asked."""
    here, get = looking(request), request.GET
    span = get.get("span", "") if get.get("span") in SPANS else "month"
    day = day_asked(get.get("day", "")) or here.by.today
    period = CIVIL.containing(SPANS[span][0], day)
    units = units_asked(here, ALL)
    drafts = {here.by.unit_id} & units if here.by.unit_id is not None else set()
    found = conflicts(units, period.starts_on, period.ends_on, drafts_of=drafts)
    kind = Clash(get["kind"]) if get.get("kind") in set(Clash) else None
    asked_unit = int(get["of"]) if get.get("of", "").isdecimal() and get["of"].isascii() else 0
    names = organisation.units_known_by(here.by.today, ids=units)
    tasks = _tasks(here, {pk for one in found.found for pk in one.tasks})
    wanted = [one for one in found.found if _is_of(one, asked_unit, tasks)]
    counts = {clash: sum(one.clash is clash for one in wanted) for clash in Clash}
    wanted = [one for one in wanted if kind is None or one.clash is kind]
    pages = Pages.of(len(wanted), asked_page(request))
    context = {
        "section": "plans",
        "here": here,
        "unit": here.unit,
        "span": span,
        "spans": [(code, said) for code, (_kind, said) in SPANS.items()],
        "period": period,
        "label": period_label(period),
        "last_day": period.ends_on - timedelta(days=1),
        "day": day,
        "before": period.starts_on - timedelta(days=1),
        "after": period.ends_on,
        "today": here.by.today,
        "rows": list(_rows(wanted[pages.start : pages.start + PAGE], found, names, tasks)),
        "pages": pages,
        "kind": kind or "",
        "kinds": [(clash, said, counts[clash]) for clash, said in CLASHES.items() if counts[clash] or clash is kind],
        "of": asked_unit,
        "units": sorted(((one.id, one.short_name) for one in names.values()), key=lambda pair: pair[1]),
        "has_filter": bool(kind or asked_unit),
    }
    return render(request, "calendar/conflicts.html", context)


def _tasks(here: Looking, ids: Collection[int]) -> dict[int, Task]:
    """Of these tasks, those that the actor may see. One query."""
    visible = Task.objects.filter(pk__in=ids, plan__in=queries.visible(here.by).values("pk"))
    return {task.pk: task for task in visible.select_related("plan").defer("plan__texts")}


def _is_of(one: Conflict, unit: int, tasks: Mapping[int, Task]) -> bool:
    """Whether a conflict concerns a unit: by itself, or by a task that the unit leads."""
    return not unit or one.unit == unit or any(tasks[pk].lead_unit_id == unit for pk in one.tasks if pk in tasks)


def _rows(
    wanted: Sequence[Conflict], found: Conflicts, names: Mapping[int, NamedUnit], tasks: Mapping[int, Task]
) -> Iterator[Row]:
    units = {unit: named.short_name for unit, named in names.items()}
    for one in wanted:
        said = say_conflict(one, units=units, people=found.people, place=found.places.get(one.place, ""))
        shown = [tasks[pk] for pk in one.tasks if pk in tasks]
        yield Row(one.clash, CLASHES[one.clash], one.first, said, shown, len(one.tasks) - len(shown))


urlpatterns = [path("conflicts/", conflicts_page, name="conflicts")]
