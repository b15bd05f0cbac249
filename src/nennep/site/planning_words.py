"""How planning's codes are said on screen: coverage, progress, results, reminders, conflicts, refused entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from nennep.planning.ical import NotACalendar, Refused
from nennep.planning.models import Notice
from nennep.planning.rules.climbing import NoticeKind, Subject
from nennep.planning.rules.conflicts import Clash, Conflict
from nennep.planning.rules.coverage import Standing
from nennep.planning.rules.evidence import EvidenceKind
from nennep.planning.rules.progress import Source
from nennep.planning.rules.states import Result

#: How a unit stands to a clause.
STANDINGS_TO_CLAUSE: Mapping[Standing, Promise] = {
    Standing.DONE: later("done"),
    Standing.UNDER_WAY: later("under way"),
    Standing.EXPLAINED: later("said why not"),
    Standing.SILENT: later("no task, no answer"),
}
PROGRESS_FROM: Mapping[Source, Promise] = {
    Source.PARTS: later("the mean of the tasks below"),
    Source.FIGURE: later("reported figures"),
    Source.TOLD: later("as last told"),
}
RESULTS: Mapping[Result, Promise] = {
    Result.DONE: later("done"),
    Result.ON_TIME: later("on time"),
    Result.EXCEEDED: later("exceeded"),
    Result.QUALITY_KEPT: later("quality kept"),
}
EVIDENCE: Mapping[EvidenceKind, Promise] = {
    EvidenceKind.VERSION: later("report"),
    EvidenceKind.STATEMENT: later("statement"),
    EvidenceKind.DOCUMENT: later("document"),
    EvidenceKind.TASK: later("task"),
}
SUBJECTS: Mapping[Subject, Promise] = {
    Subject.TASK: later("Task"),
    Subject.PLAN: later("Plan to hand in"),
    Subject.DISPATCH: later("Document to acknowledge"),
}


# --- reminders ------------------------------------------------------------------------------------


def say_notice(notice: Notice, day: date) -> str:
    """What a notice says on a day, without its title: `còn 7 ngày`, `quá hạn 3 ngày`; who let it climb stands aside."""
    if notice.due_on is None:
        return ""
    left = (notice.due_on - day).days
    if left < 0:
        return ngettext("overdue by %(days)s day", "overdue by %(days)s days", -left) % {"days": -left}
    if left == 0:
        return _("due today")
    return ngettext("due in %(days)s day", "due in %(days)s days", left) % {"days": left}


def subject_of(notice: Notice) -> Subject:
    return Subject(notice.about.partition(":")[0])


def is_overdue(notice: Notice) -> bool:
    return notice.kind == NoticeKind.OVERDUE


# --- conflicts ------------------------------------------------------------------------------------


def say_conflict(conflict: Conflict, *, units: Mapping[int, str], people: Mapping[int, str], place: str = "") -> str:
    """A sentence that says what does not go together and when; the tasks are named beside it.

    `units` and `people` are names by id; `place` is how the place is written.
    """
    facts = {
        "unit": units.get(conflict.unit or 0, ""),
        "person": people.get(conflict.person or 0, ""),
        "place": place or conflict.place,
        "when": _when(conflict),
        "count": len(conflict.tasks),
        "most": conflict.most,
        "holiday": conflict.holiday,
    }
    return str(_CLASHES[conflict.clash]) % facts


_CLASHES: Mapping[Clash, Promise] = {
    Clash.PERSON: later("%(person)s leads %(count)s tasks at one time (%(when)s)."),
    Clash.PLACE: later("%(count)s tasks meet at one time at %(place)s (%(when)s)."),
    Clash.UNIT: later("%(unit)s is in %(count)s tasks at one hour (%(when)s)."),
    Clash.EMPTY_WEEK: later("%(unit)s has nothing planned for the week %(when)s."),
    Clash.EMPTY_MONTH: later("%(unit)s has nothing planned for the month %(when)s."),
    Clash.OVERLOAD: later("%(unit)s leads %(count)s tasks on a day; a unit of its kind can do %(most)s (%(when)s)."),
    Clash.HOLIDAY: later("%(count)s tasks begin or are due on a holiday: %(holiday)s (%(when)s)."),
}


def _when(conflict: Conflict) -> str:
    if conflict.first == conflict.last:
        return f"{conflict.first:%d/%m/%Y}"
    return f"{conflict.first:%d/%m} – {conflict.last:%d/%m/%Y}"


# --- calendar files -------------------------------------------------------------------------------

_FILES: Mapping[str, Promise] = {
    "too_large": later("The file is too large for a calendar: export fewer days."),
    "not_text": later("The file cannot be read: export the calendar again, as .ics."),
    "not_a_calendar": later("This is not a calendar file (.ics)."),
    "too_many_events": later("The file holds too many entries: export fewer days."),
}
_ENTRIES: Mapping[str, Callable[[Refused], str]] = {
    "unreadable": lambda one: (
        _("its part %(what)s cannot be read") % {"what": one.what} if one.what else _("it cannot be read")
    ),
    "no_title": lambda _one: _("it has no title"),
    "too_long": lambda _one: _("it is too long"),
    "no_start": lambda _one: _("it has no day"),
    "unknown_time_zone": lambda one: _("its time zone %(what)s is not known") % {"what": one.what},
    "ends_before_it_begins": lambda _one: _("it ends before it begins"),
    "repeats_unusually": lambda one: _("it repeats in a way that is not read here (%(what)s)") % {"what": one.what},
    "began_too_long_ago": lambda _one: _("it began too long ago"),
    "leaves_the_period": lambda _one: _("it begins before the plan's period or ends after it"),
    "too_many_entries": lambda _one: _("a plan takes no more entries from one file"),
    "stands_twice": lambda _one: _("it stands twice; the later edition was taken"),
    "not_an_event": lambda one: _("it is no entry of a calendar (%(what)s)") % {"what": one.what},
}


def say_not_a_calendar(refused: NotACalendar) -> str:
    return str(_FILES[refused.why])


def say_entry(refused: Refused) -> str:
    """Why an entry was not taken, with its line: `Dòng 12, “Họp”: không có ngày`."""
    said = _ENTRIES.get(refused.why)
    why = said(refused) if said else _("the plan cannot hold it")
    title = refused.title or _("an entry")
    return _("Line %(line)s, “%(title)s”: %(why)s.") % {
        "line": refused.line,
        "title": title,
        "why": why.rstrip("."),
    }
