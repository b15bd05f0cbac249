"""The calendar: the tasks of a unit, of those under it, or of one plan, by week and by month; and as it prints."""

from __future__ import annotations

import calendar as months
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nennep.documents.models import DocumentType
from nennep.documents.pdf import render_pdf
from nennep.documents.queries.templates import docx_of
from nennep.documents.rules import Paper, Table
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.models import Holiday, Plan, Task, TaskUnit
from nennep.planning.papers import calendar_paper
from nennep.planning.queries import conflicts as together
from nennep.planning.queries import plans as queries
from nennep.planning.queries.conflicts import Conflicts
from nennep.planning.rules.conflicts import DAYS_OF_ITS_OWN, Conflict
from nennep.planning.rules.states import PlanKind
from nennep.site.acting import ActingRequest
from nennep.site.calendar_grid import (
    DAY,
    WEEK,
    Entry,
    Marks,
    Moving,
    look_of,
    monday_of,
    most_detailed,
    moving,
    on_day,
    week_number,
    weeks_of,
)
from nennep.site.letterhead import letterhead
from nennep.site.looking import Looking, looking
from nennep.site.planning_words import say_conflict
from nennep.site.sayings import in_language
from nennep.synthesis.papers import Letterhead

WEEKS, MONTH = "week", "month"
OWN, CHILDREN, ALL = "own", "children", "all"
#: How many bars stand above each other on a day; what has no room is counted.
MOST_BARS: Mapping[str, int] = {WEEKS: 14, MONTH: 5}
#: A calendar shows so many tasks; of more, the first by day, and says so.
MOST_TASKS = 800
#: Conflicts are looked for among so many units; above that their own page tells.
MOST_UNITS = 60
MOST_TOLD = 6
#: What goes on for months is listed under the days, at most so many.
MOST_STANDING = 60
_FIRST, _LAST = date(1975, 1, 1), date(2200, 1, 1)
#: What a calendar says of a task; the other columns stay where they are.
_COLUMNS = (
    *("title", "order", "state", "emphasis", "plan_id", "details_id", "lead_unit_id", "lead_post"),
    *("starts_on", "due_on", "starts_at", "ends_at", "place", "edition"),
)


# --- what is asked --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Which days, how, and whose tasks the address asks for. What makes no sense is left out."""

    view: str
    day: date
    depth: str
    whole: bool
    emphasis: bool

    @classmethod
    def of(cls, request: ActingRequest, day: date, view: str = WEEKS) -> Asked:
        get = request.GET
        return cls(
            get.get("view", "") if get.get("view") in {WEEKS, MONTH} else view,
            day_asked(get.get("day", "")) or day,
            get.get("depth", "") if get.get("depth") in {CHILDREN, ALL} else OWN,
            get.get("whole") == "1",
            get.get("emphasis") == "1",
        )

    @property
    def first(self) -> date:
        """The first day shown: a Monday."""
        return monday_of(self.day if self.view == WEEKS else self.day.replace(day=1))

    @property
    def last(self) -> date:
        """The last day shown: a Sunday."""
        if self.view == WEEKS:
            return self.first + 6 * DAY
        length = months.monthrange(self.day.year, self.day.month)[1]
        return monday_of(self.day.replace(day=length)) + 6 * DAY

    @property
    def before(self) -> date:
        """A day of the week or month before."""
        return self.day - WEEK * DAY if self.view == WEEKS else self.day.replace(day=1) - DAY

    @property
    def after(self) -> date:
        """A day of the week or month after."""
        if self.view == WEEKS:
            return self.day + WEEK * DAY
        length = months.monthrange(self.day.year, self.day.month)[1]
        return self.day.replace(day=length) + DAY

    @property
    def title(self) -> str:
        """`Tuần 47, 16/11 – 22/11/2026`, `Tháng 11/2026`."""
        if self.view == MONTH:
            return _("Month %(month)s") % {"month": f"{self.day:%m/%Y}"}
        days = f"{self.first:%d/%m} – {self.last:%d/%m/%Y}"
        return _("Week %(number)s, %(days)s") % {"number": week_number(self.first), "days": days}


def day_asked(asked: str) -> date | None:
    """A day from an address; None for what is none, or lies where no plan can."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def units_asked(here: Looking, depth: str) -> frozenset[int]:
    """The looked-at unit, with those right below it or all under it, as far as the actor sees their plans."""
    if depth == ALL:
        units = organisation.with_gone(here.tree.subtree(here.unit.id), here.by.today)
    elif depth == CHILDREN:
        units = frozenset({here.unit.id, *here.tree.children.get(here.unit.id, ())})
    else:
        units = frozenset({here.unit.id})
    return units & organisation.reach(here.by, Permission.PLANNING_VIEW)


# --- what a calendar shows ------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One conflict as it is said, with those of its tasks that the reader may open."""

    said: str
    day: date
    tasks: Sequence[tuple[int, str]]


class Shown:
    """Tasks on the days that are asked for, with their marks: the same number of queries whatever the tasks."""

    def __init__(self, by: Actor, asked: Asked, tasks: list[Task], units: Collection[int]) -> None:
        self.by, self.asked, self.units = by, asked, units
        self.is_cut = len(tasks) > MOST_TASKS
        tasks = tasks[:MOST_TASKS]
        kept = tasks if asked.whole else most_detailed(tasks)
        self.folded = len(tasks) - len(kept)
        self._tasks = [task for task in kept if task.emphasis] if asked.emphasis else kept
        self._parts = taking_part([task.pk for task in tasks])
        named = {task.lead_unit_id for task in tasks}.union(*self._parts.values())
        self.names = organisation.units_known_by(by.today, ids=named) if tasks else {}
        self.looks_for_conflicts = 0 < len(units) <= MOST_UNITS
        self._titles = {task.pk: task.title for task in tasks}

    @cached_property
    def _found(self) -> Conflicts | None:
        if not self.looks_for_conflicts:
            return None
        drafts = {self.by.unit_id} & set(self.units) if self.by.unit_id is not None else set()
        return together.conflicts(self.units, self.asked.first, self.asked.last + DAY, drafts_of=drafts)

    @cached_property
    def conflicts(self) -> list[Told]:
        """What does not go together on these days, by day. Titles of tasks that are not shown stay untold."""
        found = self._found
        if found is None:
            return []
        return [
            Told(self._said(one, found), one.first, [(pk, self._titles[pk]) for pk in one.tasks if pk in self._titles])
            for one in found.found
        ]

    def _said(self, one: Conflict, found: Conflicts) -> str:
        units = {unit: named.short_name for unit, named in self._all_names.items()}
        return say_conflict(one, units=units, people=found.people, place=found.places.get(one.place, ""))

    @cached_property
    def _all_names(self) -> Mapping[int, NamedUnit]:
        named = {one.unit for one in self._found.found if one.unit is not None} if self._found else set()
        missing = named - self.names.keys()
        return {**self.names, **(organisation.units_known_by(self.by.today, ids=missing) if missing else {})}

    @cached_property
    def entries(self) -> list[Entry]:
        said: dict[int, list[str]] = {}
        for told, one in zip(self.conflicts, self._found.found if self._found else (), strict=True):
            for pk in one.tasks:
                said.setdefault(pk, []).append(told.said)
        return [self._entry(task, tuple(said.get(task.pk, ()))) for task in self._tasks]

    def _entry(self, task: Task, clashes: tuple[str, ...]) -> Entry:
        return Entry(
            task,
            look_of(task, self.by.today),
            moving(self.by, task, task.plan),
            self._name(task.lead_unit_id),
            tuple(self._name(unit) for unit in self._parts.get(task.pk, ())),
            clashes,
        )

    def _name(self, unit_id: int) -> str:
        return self.names[unit_id].short_name if unit_id in self.names else ""

    @cached_property
    def standing(self) -> list[Entry]:
        """What goes on for months and is not due on these days: listed under them."""
        return [one for one in self.entries if one.is_lasting and one.task.due_on > self.asked.last]

    @cached_property
    def placed(self) -> list[Entry]:
        return [one for one in self.entries if not one.is_lasting or one.task.due_on <= self.asked.last]

    def context(self) -> dict[str, Any]:
        """What the templates of a calendar read."""
        asked = self.asked
        clashes: dict[date, int] = {}
        for told in self.conflicts:
            if told.tasks:
                clashes[told.day] = clashes.get(told.day, 0) + 1
        holidays = holidays_on(asked.first, asked.last)
        month = asked.day.month if asked.view == MONTH else 0
        marks = Marks(self.by.today, asked.day, holidays, clashes, month)
        return {
            "section": "plans",
            "asked": asked,
            "weeks": weeks_of(self.placed, asked.first, asked.last, marks, most=MOST_BARS[asked.view]),
            "chosen_day": on_day(self.placed, asked.day),
            "chosen_holiday": holidays.get(asked.day, ""),
            "standing": self.standing[:MOST_STANDING],
            "standing_count": len(self.standing),
            "standing_more": max(0, len(self.standing) - MOST_STANDING),
            "conflicts": self.conflicts[:MOST_TOLD],
            "conflict_count": len(self.conflicts),
            "looks_for_conflicts": self.looks_for_conflicts,
            "conflicts_more": max(0, len(self.conflicts) - MOST_TOLD),
            "folded": self.folded,
            "is_cut": self.is_cut,
            "most": MOST_TASKS,
            "is_empty": not self._tasks,
            "may_move": any(one.moving for one in self.entries),
            "asks_why": any(one.moving is Moving.WITH_REASON for one in self.entries),
            "today": self.by.today,
        }


def lightly(tasks: QuerySet[Task]) -> list[Task]:
    """These tasks with what a calendar says of them, no more than it shows and one. Two queries."""
    plans = Prefetch("plan", queryset=Plan.objects.defer("texts"))
    bare = tasks.select_related(None).prefetch_related(None).defer(None).only(*_COLUMNS)
    return list(bare.prefetch_related(plans)[: MOST_TASKS + 1])


def taking_part(task_ids: Collection[int]) -> dict[int, list[int]]:
    """The units that take part in each of these tasks; one without any is absent. One query."""
    found: dict[int, list[int]] = {}
    rows = TaskUnit.objects.filter(task__in=task_ids).order_by("unit__code").values_list("task_id", "unit_id")
    for task, unit in rows:
        found.setdefault(task, []).append(unit)
    return found


def holidays_on(first: date, last: date) -> dict[date, str]:
    """The holidays on these days, both ends within, by day. One query."""
    found: dict[date, str] = {}
    for one in Holiday.objects.filter(starts_on__lte=last, ends_on__gt=first).order_by("starts_on"):
        day = max(one.starts_on, first)
        while day < one.ends_on and day <= last:
            found.setdefault(day, in_language(one.name, one.name_en or one.name))
            day += DAY
    return found


# --- pages ----------------------------------------------------------------------------------------


@require_GET
def calendar(request: ActingRequest) -> HttpResponse:
    """The tasks of the looked-at unit, of those right below it, or of all under it."""
    here = looking(request)
    asked = Asked.of(request, here.by.today)
    units = units_asked(here, asked.depth)
    tasks = lightly(queries.tasks_between(here.by, asked.first, asked.last, units=units))
    context = {
        "here": here,
        "unit": here.unit,
        "has_below": bool(here.tree.children.get(here.unit.id)),
        "may_write": Permission.PLANNING_WRITE in here.by.permissions,
        **Shown(here.by, asked, tasks, units).context(),
    }
    return render(request, "calendar/calendar.html", context)


@require_GET
def plan_calendar(request: ActingRequest, plan_id: int) -> HttpResponse:
    """The tasks of one plan, of those days that are looked at: first the day it is, within the plan's own."""
    by = request.actor
    plan = seen(by, plan_id)
    within = min(max(by.today, plan.starts_on), queries.last_day(plan))
    is_week = plan.ends_on - plan.starts_on <= WEEK * DAY
    asked = replace(Asked.of(request, within, WEEKS if is_week else MONTH), whole=True)
    found = queries.tasks_of(plan.pk).filter(queries.LIVE, starts_on__lte=asked.last, due_on__gte=asked.first)
    tasks = lightly(found)
    context = {
        "plan": plan,
        "unit": organisation.unit(plan.unit_id, by.today),
        "days": (plan.starts_on, queries.last_day(plan)),
        "is_before": asked.last < plan.starts_on,
        "is_after": asked.first >= plan.ends_on,
        "within": within,
        **Shown(by, asked, tasks, {plan.unit_id} & organisation.reach(by, Permission.PLANNING_VIEW)).context(),
    }
    return render(request, "calendar/plan.html", context)


def seen(by: Actor, plan_id: int) -> Plan:
    """A plan that the actor may see. Raises Plan.DoesNotExist for any other, so that nobody learns that it is there."""
    plan = queries.plan(plan_id)
    if not queries.may_see(by, plan):
        raise Plan.DoesNotExist
    return plan


# --- the official calendar of a week --------------------------------------------------------------

FILES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def week_paper(request: ActingRequest) -> tuple[NamedUnit, date, Paper]:
    """The official calendar of the week that is looked at, under the head of its unit; of one plan when asked.

    Of all tasks, those done on days of their own (at most a week long, or with hours) stand on it: work that goes on
    for months is not what a week is called together for. Of a plan that is a calendar, all.
    """
    by = request.actor
    plan = _plan_asked(request)
    asked = Asked.of(request, by.today if plan is None else min(max(by.today, plan.starts_on), queries.last_day(plan)))
    monday = monday_of(asked.day)
    end = monday + WEEK * DAY
    if plan is not None:
        unit = organisation.unit(plan.unit_id, by.today)
        tasks = list(queries.tasks_of(plan.pk).filter(starts_on__lt=end, due_on__gte=monday))
    else:
        here = looking(request)
        unit = here.unit
        units = units_asked(here, asked.depth)
        tasks = most_detailed(list(queries.tasks_between(by, monday, end - DAY, units=units)[:MOST_TASKS]))
    if plan is None or plan.kind != PlanKind.CALENDAR:
        tasks = [task for task in tasks if _has_days_of_its_own(task)]
    head = _unaddressed(letterhead(unit.id, by.today, kind=_abbreviation(by.today)))
    title = _official_title(monday, end)
    return unit, monday, calendar_paper(tasks, head, first=monday, end=end, title=title, dated_on=by.today)


def _unaddressed(head: Letterhead) -> Letterhead:
    """The head of a paper that is addressed to nobody: it is sent to those at its foot, "as above" not among them."""
    above = "như trên"
    recipients = tuple(one for one in head.recipients if one.casefold().strip(" .;-") != above)
    return replace(head, addressees=(), recipients=recipients)


def _abbreviation(day: date) -> str:
    """What opens the symbol of a calendar, as the pack has it; Decree 30/2020 (Annex III) knows no such kind."""
    found = DocumentType.objects.filter(organisation.on(day), code=PlanKind.CALENDAR)
    return found.values_list("abbreviation", flat=True).first() or ""


def _plan_asked(request: ActingRequest) -> Plan | None:
    asked = request.GET.get("plan", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_ID):
        raise Http404("no such plan")
    return seen(request.actor, int(asked))


_LONGEST_ID = 18


def _has_days_of_its_own(task: Task) -> bool:
    return task.starts_at is not None or (task.due_on - task.starts_on).days < DAYS_OF_ITS_OWN


def _official_title(monday: date, end: date) -> str:
    """The paper is Vietnamese whatever language the page has."""
    last = end - DAY
    return f"Lịch hoạt động tuần {week_number(monday)} năm {last.isocalendar().year}"


@require_GET
def calendar_print(request: ActingRequest) -> HttpResponse:
    """The official calendar of a week on one page, to be printed lying."""
    unit, monday, paper = week_paper(request)
    table = next(block for block in paper.blocks if isinstance(block, Table))
    context = {
        "section": "plans",
        "unit": unit,
        "paper": paper,
        "table": table,
        "rows": list(_rows(table)),
        "monday": monday,
        "sunday": monday + 6 * DAY,
        "before": monday - WEEK * DAY,
        "after": monday + WEEK * DAY,
        "number": week_number(monday),
        "question": request.GET.urlencode(),
        "kinds": [(kind, kind.upper()) for kind in FILES],
    }
    return render(request, "calendar/print.html", context)


def _rows(table: Table) -> Iterable[tuple[bool, Sequence[str]]]:
    """The rows of the table, each with whether a day begins with it."""
    return ((bool(row.cells[0]), [str(cell) for cell in row.cells]) for row in table.rows)


@require_GET
def calendar_file(request: ActingRequest, paper: str) -> HttpResponse:
    """The official calendar of a week in the layout of the state: DOCX or PDF."""
    if paper not in FILES:
        raise Http404("no such kind of file")
    unit, monday, made = week_paper(request)
    data = docx_of(made) if paper == "docx" else render_pdf(made)
    response = HttpResponse(data, content_type=FILES[paper])
    year, week, _day = monday.isocalendar()
    response["Content-Disposition"] = f'attachment; filename="lich-tuan-{unit.code}-{year}-W{week:02d}.{paper}"'
    return response


urlpatterns = [
    path("calendar/", calendar, name="calendar"),
    path("calendar/print/", calendar_print, name="calendar-print"),
    path("calendar/week.<str:paper>", calendar_file, name="calendar-file"),
    path("plans/<int:plan_id>/calendar/", plan_calendar, name="plan-calendar"),
]
