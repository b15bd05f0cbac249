"""The Gantt of a plan: its tasks over its days, what details them indented under them, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nennep.organisation import queries as organisation
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.queries.progress import rolled_up
from nennep.site.acting import ActingRequest
from nennep.site.calendar_grid import DAY, Entry, look_of, monday_of, moving, units_named
from nennep.site.web.calendar import seen

#: So many tasks of other plans are shown under those that they detail.
MOST_BELOW = 300
_DEEPEST = 3
_A_WEEK, _TWO_MONTHS, _HALF_A_YEAR = 7, 62, 186


@dataclass(frozen=True)
class Mark:
    """A line of the scale, and what stands at it; in hundredths of the width, as SVG takes them."""

    at: str
    said: str = ""


@dataclass(frozen=True)
class Line:
    """One bar. `done` is the width of the part that is reached; `is_below` says that another plan holds the task."""

    entry: Entry
    depth: int
    left: str
    width: str
    done: str
    percent: int
    is_below: bool

    @property
    def spoken(self) -> str:
        reached = _("%(percent)s%% reached") % {"percent": self.percent}
        return f"{self.entry.spoken}. {reached}"


@dataclass(frozen=True)
class Group:
    heading: str
    lines: Sequence[Line]


class Scale:
    """The days of a plan laid over the width of the page."""

    def __init__(self, plan: Plan) -> None:
        self.first, self.end = plan.starts_on, plan.ends_on
        self.days = (self.end - self.first).days

    def at(self, day: date) -> float:
        """Where a day begins, in hundredths of the width; what lies outside is laid on the edge."""
        inside = min(max(day, self.first), self.end)
        return 100 * (inside - self.first).days / self.days

    def marks(self) -> list[Mark]:
        """The days of a week, the Mondays of a month or two, else the months."""
        return [Mark(_hundredths(self.at(day)), said) for day, said in self._named()]

    def _named(self) -> Iterator[tuple[date, str]]:
        if self.days <= _A_WEEK:
            yield from ((day, f"{day:%d/%m}") for day in (self.first + n * DAY for n in range(self.days)))
        elif self.days <= _TWO_MONTHS:
            yield from ((max(day, self.first), f"{max(day, self.first):%d/%m}") for day in self._mondays())
        else:
            for day in self._months():
                is_named = self.days <= _HALF_A_YEAR or day.month == 1
                yield day, _("Month %(month)s") % {"month": day.month} if is_named else f"{day.month}"

    def _mondays(self) -> Iterator[date]:
        day = monday_of(self.first)
        while day < self.end:
            yield day
            day += 7 * DAY

    def _months(self) -> Iterator[date]:
        day = self.first
        while day < self.end:
            yield day
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _hundredths(share: float) -> str:
    """`12.5%`, with a point whatever the language."""
    return f"{share:.3f}%"


@require_GET
def plan_gantt(request: ActingRequest, plan_id: int) -> HttpResponse:
    """The tasks of a plan as bars, by headings; with `below=1` what details them in other plans too."""
    by = request.actor
    plan = seen(by, plan_id)
    own = list(queries.tasks_of(plan.pk).filter(queries.LIVE))
    below = _below(request, plan) if request.GET.get("below") == "1" else []
    scale = Scale(plan)
    drafts = {by.unit_id} if by.unit_id is not None else set()
    reached = rolled_up([plan.pk], by.today, drafts_of=drafts)
    names = organisation.units_known_by(by.today, ids={*units_named([*own, *below]), plan.unit_id})
    percents = {pk: one.percent for pk, one in reached.tasks.items()}

    def line(task: Task, depth: int) -> Line:
        lead = names[task.lead_unit_id].short_name if task.lead_unit_id in names else task.lead_unit.code
        entry = Entry(task, look_of(task, by.today), moving(by, task, task.plan), lead)
        percent = percents.get(task.pk, task.progress)
        left, right = scale.at(task.starts_on), scale.at(task.due_on + DAY)
        done = (right - left) * percent / 100
        return Line(
            entry,
            min(depth, _DEEPEST),
            _hundredths(left),
            _hundredths(right - left),
            _hundredths(done),
            percent,
            task.plan_id != plan.pk,
        )

    groups = [
        Group(heading, [line(task, depth) for task, depth in in_order(list(tasks), below)])
        for heading, tasks in groupby(own, key=lambda task: task.heading)
    ]
    context = {
        "section": "plans",
        "plan": plan,
        "unit": organisation.unit(plan.unit_id, by.today),
        "days": (plan.starts_on, queries.last_day(plan)),
        "scale": scale,
        "marks": scale.marks(),
        "lines": format_html_join(
            "", '<line class="scale" x1="{0}" x2="{0}" y1="0" y2="100%"/>', ((mark.at,) for mark in scale.marks())
        ),
        "now": _hundredths(scale.at(by.today)) if plan.starts_on <= by.today < plan.ends_on else "",
        "groups": groups,
        "with_below": request.GET.get("below") == "1",
        "is_cut": len(below) >= MOST_BELOW,
        "most": MOST_BELOW,
        "may_move": any(line.entry.moving for group in groups for line in group.lines),
        "today": by.today,
    }
    return render(request, "calendar/gantt.html", context)


def _below(request: ActingRequest, plan: Plan) -> list[Task]:
    """The live tasks of other plans that detail those of this plan and that the actor may see, by unit and day."""
    by = request.actor
    found = queries.told(
        Task.objects.filter(queries.LIVE, details__plan=plan, plan__in=queries.visible(by).values("pk"))
    ).exclude(plan=plan)
    return list(found.order_by("lead_unit__code", "starts_on", "order", "pk")[:MOST_BELOW])


def in_order(tasks: Sequence[Task], below: Iterable[Task] = ()) -> Iterator[tuple[Task, int]]:
    """These tasks in their order, each followed by those that detail it, one step deeper."""
    here = {task.pk for task in tasks}
    under: dict[int, list[Task]] = {}
    for task in (*tasks, *below):
        if task.details_id in here and task.details_id != task.pk:
            under.setdefault(task.details_id, []).append(task)
    told: set[int] = set()

    def walk(task: Task, depth: int) -> Iterator[tuple[Task, int]]:
        if task.pk in told:
            return
        told.add(task.pk)
        yield task, depth
        for one in under.get(task.pk, ()):
            yield from walk(one, depth + 1)

    for task in tasks:
        if task.details_id not in here:
            yield from walk(task, 0)
    for task in tasks:
        yield from walk(task, 0)


urlpatterns = [path("plans/<int:plan_id>/gantt/", plan_gantt, name="plan-gantt")]
