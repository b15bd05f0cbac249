"""A calendar file (.ics) taken over into a calendar that is being written: looked at line by line, then confirmed."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from nennep.journal.rules import Actor
from nennep.planning.ical import MOST_BYTES, Imported, NotACalendar, read_ics
from nennep.planning.models import Plan, Task
from nennep.planning.queries import feeds
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import OPEN_STATES, PlanKind, TaskState
from nennep.planning.services.imports import TakenOver, import_calendar
from nennep.site.acting import ActingRequest
from nennep.site.calendar_grid import said_days
from nennep.site.planning_refusals import say_planning
from nennep.site.planning_words import say_entry, say_not_a_calendar

UNFIT = 422
_MOST_PLANS = 60
#: What becomes of an entry: its word, the look and the icon of its chip.
FATES: Mapping[str, tuple[Promise, str, str]] = {
    "added": (later("new"), "good", "add"),
    "changed": (later("changes its task"), "changed", "changed"),
    "struck": (later("strikes its task out"), "warning", "remove"),
    "unchanged": (later("as it is"), "", "done"),
    "refused": (later("not taken"), "returned", "failed"),
}


@dataclass(frozen=True)
class Line:
    """One entry of the file, and what becomes of it."""

    entry: Imported
    fate: str

    @property
    def chip(self) -> tuple[Promise, str, str]:
        return FATES[self.fate]

    @property
    def days(self) -> str:
        return said_days(self.entry.starts_on, self.entry.due_on)

    @property
    def hours(self) -> str:
        times = (self.entry.starts_at, self.entry.ends_at)
        return " – ".join(f"{at.hour}:{at.minute:02d}" for at in times if at is not None)


@dataclass(frozen=True)
class Preview:
    """What would become of a file; `packed` brings it along to the confirmation."""

    plan: Plan
    taken: TakenOver
    lines: Sequence[Line]
    refused: Sequence[str]
    packed: str

    @property
    def does_something(self) -> bool:
        return bool(self.taken.added or self.taken.changed or self.taken.struck)


@require_http_methods(["GET", "POST"])
def import_calendar_page(request: ActingRequest) -> HttpResponse:
    """Choose a calendar and a file; see what comes in; confirm it."""
    plans = _plans(request.actor)
    if request.method != "POST":
        return _page(request, plans)
    chosen = request.POST.get("plan", "")
    plan = next((one for one in plans if str(one.pk) == chosen), None)
    data = _sent(request)
    if plan is None or data is None:
        return _page(request, plans, problem=_("Choose a calendar that is being written, and a calendar file (.ics)."))
    return _read(request, plans, plan, data)


def _read(request: ActingRequest, plans: Sequence[Plan], plan: Plan, data: bytes) -> HttpResponse:
    by = request.actor
    try:
        if request.POST.get("act") == "confirm":
            return _confirmed(request, plan, data)
        return _page(request, plans, preview=previewed(plan, data, by=by))
    except NotACalendar as refused:
        return _page(request, plans, problem=say_not_a_calendar(refused))
    except PlanningRefused as refused:
        return _page(request, plans, problem=say_planning(refused, by.today))


def _confirmed(request: ActingRequest, plan: Plan, data: bytes) -> HttpResponse:
    taken = import_calendar(plan.pk, data, by=request.actor)
    said = _("Taken in: %(added)s new, %(changed)s changed, %(struck)s struck out, %(unchanged)s as they were.")
    counts = {
        "added": taken.added,
        "changed": taken.changed,
        "struck": taken.struck,
        "unchanged": taken.unchanged,
    }
    messages.success(request, said % counts)
    return redirect("plan-calendar", plan.pk)


def _plans(by: Actor) -> list[Plan]:
    """The calendars of the actor's unit that are being written, the newest first."""
    units = {by.unit_id} if by.unit_id is not None else set()
    found = queries.plans(by, units=units, kind=PlanKind.CALENDAR, states=sorted(OPEN_STATES))
    return list(found[:_MOST_PLANS])


# --- the file -------------------------------------------------------------------------------------


def _sent(request: ActingRequest) -> bytes | None:
    """The file that was chosen, or that was looked at before; None where there is neither."""
    file = request.FILES.get("file")
    if file is not None:
        return bytes(file.read(MOST_BYTES + 1))
    packed = request.POST.get("packed", "")
    return unpacked(packed) if packed else None


def packed(data: bytes) -> str:
    """A file as text for a field of a form."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpacked(text: str) -> bytes | None:
    """What `packed` made text of; None for anything else. Never more than a calendar file may hold, and a byte."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), MOST_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None


# --- looking first --------------------------------------------------------------------------------


def previewed(plan: Plan, data: bytes, *, by: Actor) -> Preview:
    """What would become of each entry: it is taken over, looked at, and taken back. Raises as `import_calendar`."""
    read = read_ics(data, plan.starts_on, plan.ends_on, ZoneInfo(settings.TIME_ZONE))
    before = _editions(plan, read.entries)
    with transaction.atomic():
        taken = import_calendar(plan.pk, data, by=by)
        after = _editions(plan, read.entries)
        transaction.set_rollback(True)
    refused_at = {one.line for one in taken.refused}
    lines = [Line(one, _fate(one, before.get(one.uid), after.get(one.uid), refused_at)) for one in read.entries]
    return Preview(plan, taken, lines, [say_entry(one) for one in taken.refused], packed(data))


Edition = tuple[int, str]


def _editions(plan: Plan, entries: Sequence[Imported]) -> dict[str, Edition]:
    """Of the entries that are tasks of the plan already, by their names, the edition and the state. Two queries."""
    rows = {task.pk: task for task in Task.objects.filter(plan=plan).only("uid", "edition", "state")}
    own = feeds.own_task_ids({feeds.whole_uid(entry.uid) for entry in entries})
    tasks = {uid: rows[pk] for uid, pk in own.items() if pk in rows} | {t.uid: t for t in rows.values() if t.uid}
    return {uid: (task.edition, task.state) for uid, task in tasks.items()}


def _fate(entry: Imported, before: Edition | None, after: Edition | None, refused_at: set[int]) -> str:
    if before == after:
        return "refused" if entry.line in refused_at else "unchanged"
    if before is None:
        return "added"
    return "struck" if after is None or after[1] == TaskState.DROPPED else "changed"


def _page(
    request: ActingRequest, plans: Sequence[Plan], *, problem: str = "", preview: Preview | None = None
) -> HttpResponse:
    chosen = request.POST.get("plan", "") or request.GET.get("plan", "")
    context = {
        "section": "plans",
        "plans": plans,
        "chosen": chosen,
        "problem": problem,
        "preview": preview,
        "most_megabytes": MOST_BYTES // (1024 * 1024),
    }
    return render(request, "calendar/import.html", context, status=UNFIT if problem else 200)


urlpatterns = [path("calendar/import/", import_calendar_page, name="import-calendar")]
