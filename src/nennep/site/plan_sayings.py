"""How plans and tasks are said on screen: kinds, chips of states, days, targets, and what changed in a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.documents.rules import format_number
from nennep.planning.models import Plan, Task
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import Change
from nennep.reporting.models import Indicator
from nennep.reporting.rules.periods import Kind, Period
from nennep.site.sayings import period_within

PLAN_KINDS: Mapping[PlanKind, Promise] = {
    PlanKind.PLAN: later("plan"),
    PlanKind.PROGRAMME: later("programme"),
    PlanKind.CALENDAR: later("calendar"),
}
#: The look and the icon of each state's chip.
PLAN_CHIPS: Mapping[PlanState, tuple[str, str]] = {
    PlanState.DRAFT: ("", "rewrite"),
    PlanState.SUBMITTED: ("soon", "submitted"),
    PlanState.RETURNED: ("returned", "returned"),
    PlanState.APPROVED: ("good", "done"),
    PlanState.ISSUED: ("good", "done"),
    PlanState.AMENDING: ("changed", "changed"),
    PlanState.ENDED: ("", "locked"),
}
TASK_CHIPS: Mapping[TaskState, tuple[str, str]] = {
    TaskState.OPEN: ("", "due"),
    TaskState.DONE: ("good", "done"),
    TaskState.CANCELLED: ("", "failed"),
    TaskState.HANDED_OVER: ("changed", "split"),
    TaskState.DROPPED: ("", "remove"),
}
CHANGES: Mapping[Change, Promise] = {
    Change.ADDED: later("added"),
    Change.CHANGED: later("changed"),
    Change.DROPPED: later("struck out"),
}
#: What each step of a plan's way did; beside the moves of the route, those that leave its state as it is.
STEPS: Mapping[str, Promise] = {
    "submit": later("Handed in"),
    "return": later("Returned"),
    "approve": later("Approved"),
    "issue": later("Issued"),
    "amend": later("Opened to be amended"),
    "give_up": later("Amendment given up"),
    "end": later("Ended"),
    "take_in": later("Took tasks in by a decision"),
    "reschedule": later("Rescheduled"),
    "recur": later("Took up a changed duty"),
}
TEXT_PARTS: Mapping[str, Promise] = {
    "purpose": later("Purpose"),
    "requirements": later("Requirements"),
    "objectives": later("Objectives"),
    "measures": later("Measures"),
    "organisation": later("Organisation of the work"),
}
TASK_FIELDS: Mapping[str, Promise] = {
    "title": later("Task"),
    "heading": later("Heading"),
    "emphasis": later("Emphasis"),
    "lead_unit": later("Lead"),
    "lead_post": later("Post that leads"),
    "lead_person": later("Person who leads"),
    "coordinating": later("Takes part"),
    "starts_on": later("Begins"),
    "due_on": later("Due"),
    "starts_at": later("From"),
    "ends_at": later("Until"),
    "place": pgettext_lazy("of a task", "Place"),
    "clauses": later("Clauses"),
    "details": later("Details the task"),
    "indicator": later("Indicator"),
    "figure": later("Figure to reach"),
    "target_words": later("Target in words"),
    "measures_taken": later("How it is done"),
    "order": later("Place in the plan"),
}
#: The days of the week, Monday first.
WEEKDAYS: Sequence[Promise] = (
    pgettext_lazy("day of the week within a date", "Monday"),
    pgettext_lazy("day of the week within a date", "Tuesday"),
    pgettext_lazy("day of the week within a date", "Wednesday"),
    pgettext_lazy("day of the week within a date", "Thursday"),
    pgettext_lazy("day of the week within a date", "Friday"),
    pgettext_lazy("day of the week within a date", "Saturday"),
    pgettext_lazy("day of the week within a date", "Sunday"),
)
#: Why a task was not taken along, by the code of the rule that stood in the way.
NOT_TAKEN: Mapping[str, Promise] = {
    "unit_not_alive": later("a unit that it names is not there on all its days"),
    "lead_out_of_reach": later("its lead does not stand under this unit"),
    "coordinating_out_of_reach": later("a unit that takes part is out of this unit's reach"),
    "person_not_there": later("the person who leads it holds no post here on its first day"),
    "clause_withdrawn": later("its clause was withdrawn"),
    "clause_not_addressed": later("its clause does not bind this unit"),
    "details_gone": later("the task that it details is gone"),
    "outside_the_period": later("its days lie outside the period"),
}
#: What is the matter with a task that stands on something that has gone.
DOUBTS: Mapping[str, Promise] = {
    "clause_withdrawn": later("its clause was withdrawn"),
    "unit_gone": later("the unit that leads it is gone: it needs a decision"),
    "details_gone": later("the task that it details is gone"),
}


def plan_name(plan: Plan) -> str:
    """A plan by its kind and period, for a chain of plans: `Kế hoạch quý IV/2026`."""
    period = Period(plan.starts_on, plan.ends_on, Kind(plan.period_kind), plan.period_code)
    said = _("%(kind)s, %(period)s") % {"kind": PLAN_KINDS[PlanKind(plan.kind)], "period": period_within(period)}
    return f"{said[:1].upper()}{said[1:]}"


def why_not_taken(code: str) -> str:
    return str(NOT_TAKEN.get(code, _("the plan cannot hold it as it is")))


def days_of(first: date, last: date) -> str:
    """`01/11 – 30/11/2026`, `16/11/2026`; both days are within."""
    if first == last:
        return f"{first:%d/%m/%Y}"
    return f"{first:%d/%m} – {last:%d/%m/%Y}" if first.year == last.year else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def figure_said(figure: Decimal, indicator: Indicator | None) -> str:
    """`3.000 lượt người`, without zeros that say nothing."""
    exact = figure.normalize()
    decimals = max(0, -int(exact.as_tuple().exponent))
    written = format_number(exact, get_language() or "vi", decimals)
    return f"{written} {indicator.unit_of_measure}" if indicator else written


def target_of(task: Task, indicator: Indicator | None) -> str:
    """A task's target: the figure with its measure, the words, or both."""
    said = figure_said(task.figure, indicator) if task.figure is not None else ""
    return "; ".join(part for part in (said, task.target_words) if part)


def said_value(name: str, value: Any, names: Mapping[str, Mapping[Any, str]]) -> str:
    """One field of a task in words; `names` holds, by field, the names of what is kept by id or code."""
    if name in names:
        known = names[name]
        if isinstance(value, tuple | list):
            return ", ".join(known.get(one, str(one)) for one in value)
        return known.get(value, "") if value in {None, ""} else known.get(value, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)
