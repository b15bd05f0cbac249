"""The journal: who did what, when, in which post and why; and whether a unit's chain of entries still holds.

A post sees the entries of its unit and of what lies under it, for those units over which it carries `journal.view`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from nennep.documents.sheets import Column, Sheet, render_csv, render_xlsx
from nennep.documents.sheets import Line as Row
from nennep.journal import queries
from nennep.journal.models import Entry
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.reporting.queries import zone
from nennep.reporting.rules.periods import NoSuchPeriod
from nennep.site.access import ACCESS
from nennep.site.acting import ActingRequest
from nennep.site.looking import Looking, address, looking
from nennep.site.sayings import ACTS, period_label

PAGE = 50
MOST_EXPORTED = 20_000
SHORT_DIGEST = 12
FILES = {
    "csv": ("text/csv; charset=utf-8", "nhat-ky.csv"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "nhat-ky.xlsx"),
}
#: The pages of what entries speak of.
PAGES = {"reporting.report": "report", "reporting.round": "round", "organisation.unit": "unit"}
DETAILS: Mapping[str, Promise] = {
    "version": later("version"),
    "versions": later("versions:"),
    "digest": later("digest"),
    "days_late": later("days late:"),
    "remarks": later("remarks:"),
    "missing": later("missing:"),
    "decision": later("decision"),
    "code": later("code"),
    "person": later("person"),
    "scopes": later("scopes:"),
}


@dataclass(frozen=True)
class Asked:
    """The filters: `alone` leaves the units below aside; `until` is the last day that is shown."""

    act: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    alone: bool = False
    before: int = 0
    unread: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        return bool(self.act or self.person or self.since or self.until or self.alone)


def _asked(request: ActingRequest) -> Asked:
    given = {name: request.GET.get(name, "").strip() for name in ("since", "until")}
    days = {name: _day(text) for name, text in given.items()}
    before = request.GET.get("before", "")
    act = request.GET.get("act", "")
    return Asked(
        act if act in ACTS else "",
        request.GET.get("person", "").strip()[:100],
        days["since"],
        days["until"],
        request.GET.get("alone") == "1",
        int(before) if before.isdecimal() else 0,
        tuple(text for name, text in given.items() if text and days[name] is None),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Told:
    """An entry in the reader's words."""

    entry: Entry
    act: str
    unit: str
    subject_url: str
    details: str

    @property
    def short_digest(self) -> str:
        return self.entry.digest[:SHORT_DIGEST]


@require_safe
def journal(request: ActingRequest) -> HttpResponse:
    """The entries of the looked-at unit and of those below it, newest first; `?as=csv` or `?as=xlsx` gives a file."""
    here, asked = looking(request), _asked(request)
    units = _units(here, asked)
    found = queries.entries(
        units, act=asked.act, person=asked.person, since=_instant(asked.since), until=_instant(asked.until, days=1)
    )
    if request.GET.get("as") in FILES:
        return _file(request.GET["as"], found[: MOST_EXPORTED + 1], here)
    if asked.before:
        found = queries.older_than(found, asked.before)
    page = list(found[: PAGE + 1])
    shown = {
        "section": "journal",
        "here": here,
        "asked": asked,
        "acts": sorted(((code, str(words)) for code, words in ACTS.items()), key=lambda pair: pair[1]),
        "told": _told(page[:PAGE], here),
        "older_url": address(request, before=page[PAGE - 1].pk) if len(page) > PAGE else "",
        "newest_url": address(request, before="") if asked.before else "",
        "csv_url": address(request, **{"as": "csv", "before": ""}),
        "xlsx_url": address(request, **{"as": "xlsx", "before": ""}),
        "bare_url": f"{reverse('journal')}?{urlencode({'unit': here.unit.id})}",
        "chain": queries.chain_of(here.unit.id) if here.unit.id in _reach(here) else None,
    }
    return render(request, "journal/journal.html", shown)


def _reach(here: Looking) -> frozenset[int]:
    return organisation.reach(here.by, Permission.JOURNAL_VIEW)


def _units(here: Looking, asked: Asked) -> Collection[int]:
    """The looked-at unit, and unless it is asked for alone what lies under it or was merged into that."""
    reach = _reach(here)
    if asked.alone:
        return reach & {here.unit.id}
    if here.unit.id == here.by.unit_id:
        return reach
    wanted = set(here.tree.subtree(here.unit.id))
    merged = organisation.merged_into()
    while gone := {unit for unit, (into, _day) in merged.items() if into in wanted} - wanted:
        wanted |= gone
    return reach & wanted


def _instant(day: date | None, *, days: int = 0) -> datetime | None:
    """The beginning of a day where the organisation is, some days on."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), datetime.min.time(), tzinfo=zone())


def _told(entries: Iterable[Entry], here: Looking) -> list[Told]:
    rows = list(entries)
    names = organisation.units_known_by(here.by.today, ids={row.unit_id for row in rows})
    return [
        Told(
            row,
            str(ACTS.get(row.act, row.act)),
            names[row.unit_id].short_name if row.unit_id in names else "",
            _subject_url(row.subject, here),
            _details(row.details, here),
        )
        for row in rows
    ]


def _subject_url(subject: str, here: Looking) -> str:
    """The page of what an entry speaks of, where it has one that this post may open."""
    kind, _colon, number = subject.partition(":")
    page = PAGES.get(kind, "")
    need = ACCESS[page].permission if page else None
    return reverse(page, args=[int(number)]) if need in here.by.permissions and number.isdecimal() else ""


def _details(details: Mapping[str, Any], here: Looking) -> str:
    """Codes and counts in words, the period first: `Month 11/2026, version 2, days late: 1`."""
    told = {name: value for name, value in details.items() if value not in ("", None, 0)}
    return ", ".join(_detail(name, told[name], here) for name in sorted(told, key=lambda name: name != "period"))


def _detail(name: str, value: Any, here: Looking) -> str:
    if name == "period":
        try:
            return period_label(here.calendar.parse(str(value)))
        except NoSuchPeriod:
            return str(value)
    said = str(value)[:SHORT_DIGEST] if name == "digest" else str(value)
    if isinstance(value, list):
        said = ", ".join(str(one) for one in value)
    return f"{DETAILS.get(name, name)} {said}"


# --- as a file ------------------------------------------------------------------------------------


def _file(kind: str, entries: Iterable[Entry], here: Looking) -> HttpResponse:
    """The filtered entries as a table; the longest list ends with how it was cut."""
    rows = _told(entries, here)
    cut = len(rows) > MOST_EXPORTED
    columns = (
        Column(_("When"), 18),
        Column(_("Unit"), 26),
        Column(_("Act"), 28),
        Column(_("Person"), 26),
        Column(_("Post"), 26),
        Column(_("Reason"), 40),
        Column(_("Details"), 40),
        Column(_("Place in the chain"), 12, is_number=True),
        Column(_("Digest"), 66),
    )
    remarks = [here.unit.name]
    if cut:
        remarks.append(_("The newest %(count)s entries; choose days to see older ones.") % {"count": MOST_EXPORTED})
    sheet = Sheet(_("Journal"), columns, tuple(_row(one) for one in rows[:MOST_EXPORTED]), _("Journal"), tuple(remarks))
    content = render_csv(sheet) if kind == "csv" else render_xlsx([sheet])
    content_type, name = FILES[kind]
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _row(one: Told) -> Row:
    entry = one.entry
    at = entry.at.astimezone(zone())
    return Row(
        (
            f"{at:%d/%m/%Y %H:%M:%S}",
            one.unit,
            one.act,
            entry.person_name,
            entry.post_title,
            entry.reason,
            one.details,
            entry.sequence,
            entry.digest,
        )
    )


urlpatterns = [path("journal/", journal, name="journal")]
