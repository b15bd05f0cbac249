"""The list of reports: which rows, in which order, with which columns; on the page and as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from nennep.documents.sheets import Column, Line, Sheet, render_csv, render_xlsx
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.reporting import queries
from nennep.reporting.models import Round
from nennep.reporting.queries import Place
from nennep.reporting.rules.periods import Kind
from nennep.reporting.rules.states import Standing, State
from nennep.site.acting import ActingRequest
from nennep.site.findings import figure
from nennep.site.looking import Looking, looking
from nennep.site.sayings import STANDINGS, STATES, in_language, period_dates, period_label, period_within

PAGE = 50
XLSX, CSV = "xlsx", "csv"
#: Every form that falls due in the period, whatever its own kind of period.
ALL = "all"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Row:
    """One unit in one round: a report, or the place where one is wanting."""

    unit: NamedUnit
    superior: str
    round: Round
    place: Place
    version: int = 0

    @property
    def form(self) -> str:
        return in_language(self.round.form.name, self.round.form.name_en)

    @property
    def period(self) -> str:
        return period_label(self.round.period)

    @property
    def state(self) -> str:
        return str(STATES[self.place.state]) if self.place.state else ""

    @property
    def standing(self) -> str:
        return str(STANDINGS[self.place.standing])


@dataclass(frozen=True)
class ListColumn:
    key: str
    head: Promise
    value: Callable[[Row], Any]
    order: Callable[[Row], Any]
    width: float = 18
    is_number: bool = False


_NEVER = "9999"
_LONGEST_PERIOD = timedelta(days=366)


def _told(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else ""


def _by_time(at: datetime | None) -> str:
    return at.isoformat() if at else _NEVER


COLUMNS: Sequence[ListColumn] = (
    ListColumn("unit", later("Unit"), lambda r: r.unit.short_name, lambda r: r.unit.code, 28),
    ListColumn("superior", later("Superior"), lambda r: r.superior, lambda r: r.superior, 24),
    ListColumn("form", later("Report"), lambda r: r.form, lambda r: r.round.form.code, 40),
    ListColumn("period", later("Period"), lambda r: r.period, lambda r: r.round.starts_on.isoformat(), 16),
    ListColumn("due", later("Due"), lambda r: _told(r.place.due), lambda r: _by_time(r.place.due), 17),
    ListColumn(
        "received", later("Received"), lambda r: _told(r.place.received_at), lambda r: _by_time(r.place.received_at), 17
    ),
    ListColumn(
        "late",
        later("Days late"),
        lambda r: r.place.days_late or None,
        lambda r: -r.place.days_late,
        10,
        is_number=True,
    ),
    ListColumn("version", later("Version"), lambda r: r.version or None, lambda r: r.version, 8, is_number=True),
    ListColumn("state", later("State"), lambda r: r.state, lambda r: r.state, 20),
    ListColumn("standing", later("Standing"), lambda r: r.standing, lambda r: r.place.standing, 16),
)
USUAL = ("unit", "form", "due", "received", "late", "version", "state", "standing")


def scope_of(here: Looking) -> frozenset[int]:
    """The looked-at unit and all under it today, with what was merged into them, as far as the actor reaches."""
    below = here.tree.subtree(here.unit.id)
    return organisation.with_gone(below, here.by.today) & here.reach


@dataclass(frozen=True)
class Asked:
    """What a list was asked for in its address. What makes no sense is left out."""

    form: str
    state: str
    standing: str
    late: bool
    sort: str
    descending: bool
    columns: tuple[ListColumn, ...]
    page: int

    @classmethod
    def of(cls, request: ActingRequest) -> Asked:
        get = request.GET
        wished = [column for column in COLUMNS if column.key in get.getlist("column")]
        sort = get.get("sort", "")
        return cls(
            get.get("form", ""),
            get.get("state", "") if get.get("state") in set(State) else "",
            get.get("standing", "") if get.get("standing") in set(Standing) else "",
            get.get("late") == "1",
            sort.removeprefix("-") if sort.removeprefix("-") in {column.key for column in COLUMNS} else "",
            sort.startswith("-"),
            tuple(wished),
            asked_page(request),
        )


def asked_page(request: ActingRequest) -> int:
    """The page of a list that the address asks for; what is no number is the first."""
    page = request.GET.get("page", "1")
    return int(page) if page.isdecimal() and page.isascii() else 1


@dataclass(frozen=True)
class Pages:
    """Where one stands in a list that is shown page by page."""

    count: int
    page: int
    last_page: int

    @classmethod
    def of(cls, count: int, asked: int) -> Pages:
        last = max(1, -(-count // PAGE))
        return cls(count, min(max(1, asked), last), last)

    @property
    def start(self) -> int:
        return (self.page - 1) * PAGE

    @property
    def first(self) -> int:
        return self.start + 1 if self.count else 0

    @property
    def last(self) -> int:
        return min(self.start + PAGE, self.count)

    @property
    def near(self) -> list[int]:
        """The pages to offer: the first, the last, and those beside this one."""
        return sorted({1, self.last_page, *range(max(1, self.page - 2), min(self.last_page, self.page + 2) + 1)})

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1 if self.page < self.last_page else 0


def listed(request: ActingRequest) -> dict[str, Any]:
    """What the page of the list shows. The same number of queries however many rows there are."""
    asked = Asked.of(request)
    here, rounds, rows = _rows(request, asked)
    columns = _columns(asked, rows)
    pages = Pages.of(len(rows), asked.page)
    return {
        "asked": asked,
        "here": here,
        "title": _title(here, rows),
        "may_write": Permission.REPORTING_WRITE in here.by.permissions,
        "all_columns": COLUMNS,
        "rows": _with_versions(rows[pages.start : pages.start + PAGE]),
        "pages": pages,
        "rounds": rounds,
        "forms": list({round_.form.code: round_.form for round_ in rounds}.values()),
        "states": [(str(state), said) for state, said in STATES.items()],
        "standings": [(str(standing), said) for standing, said in STANDINGS.items() if standing in _LISTED],
        "columns": columns,
        "chosen_columns": {column.key for column in columns},
        "question": _question(request),
        "has_filter": bool(asked.form or asked.state or asked.standing or asked.late),
    }


_LISTED = {Standing.ON_TIME, Standing.LATE, Standing.MISSING, Standing.RETURNED, Standing.NOT_DUE}


def _columns(asked: Asked, rows: Sequence[Row]) -> tuple[ListColumn, ...]:
    """The chosen columns, or the usual ones: the period is named where the list holds several."""
    if asked.columns:
        return asked.columns
    several = len({row.round.pk for row in rows}) > 1
    return tuple(column for column in COLUMNS if column.key in USUAL or (several and column.key == "period"))


def _question(request: ActingRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _title(here: Looking, rows: Sequence[Row]) -> str:
    came = sum(1 for row in rows if row.place.received_at is not None)
    missing = sum(1 for row in rows if row.place.standing is Standing.MISSING)
    told = ngettext("%(count)s report", "%(count)s reports", came) % {"count": figure(came)}
    if missing:
        gone = ngettext("%(count)s missing", "%(count)s missing", missing) % {"count": figure(missing)}
        told = f"{told}, {gone}"
    return _("Reports due in %(period)s: %(counts)s") % {"period": period_within(here.period), "counts": told}


def _rows(request: ActingRequest, asked: Asked) -> tuple[Looking, list[Round], list[Row]]:
    here = looking(request)
    at = request.actor.at
    due = _rounds_due_in(here)
    rounds = _chosen(due, asked, here.period.kind)
    units = scope_of(here)
    places = queries.places(rounds, units, at=at)
    by_id = {round_.pk: round_ for round_ in rounds}
    wanted = [place for place in places.values() if _is_wanted(place, asked)]
    names = organisation.units_known_by(request.actor.today, ids=None)
    rows = [
        Row(
            names[place.unit_id],
            _superior(here, place.unit_id, names),
            by_id[place.round_id],
            place,
        )
        for place in wanted
        if place.unit_id in names
    ]
    if asked.sort == "version":
        rows = _with_versions(rows)
    return here, due, _sorted(rows, asked)


def _chosen(due: list[Round], asked: Asked, kind: Kind) -> list[Round]:
    """One form's rounds, all of them, or (when nothing is asked) those of the looked-at kind of period."""
    if asked.form == ALL:
        return due
    if asked.form:
        return [round_ for round_ in due if round_.form.code == asked.form]
    return [round_ for round_ in due if round_.form.kind == kind] or due


def _rounds_due_in(here: Looking) -> list[Round]:
    """Rounds whose period ends within the looked-at period: what people hand in for it."""
    found = queries.rounds(starts_from=here.period.starts_on - _LONGEST_PERIOD, until=here.period.ends_on)
    return [r for r in found if here.period.starts_on < r.ends_on <= here.period.ends_on]


def _with_versions(rows: Sequence[Row]) -> list[Row]:
    """The rows with the number of each report's newest version. One query."""
    numbers = queries.version_numbers({row.place.report_id for row in rows if row.place.report_id})
    return [replace(row, version=numbers.get(row.place.report_id or 0, 0)) for row in rows]


def _is_wanted(place: Place, asked: Asked) -> bool:
    if place.standing is Standing.NO_DUTY and place.report_id is None:
        return False
    if asked.state and place.state != asked.state:
        return False
    if asked.standing and place.standing != asked.standing:
        return False
    return not asked.late or place.days_late > 0


def _superior(here: Looking, unit_id: int, names: dict[int, NamedUnit]) -> str:
    above = here.tree.superiors(unit_id)
    return names[above[0]].short_name if above and above[0] in names else ""


#: What needs somebody stands first.
_URGENCY = {Standing.MISSING: 0, Standing.RETURNED: 1, Standing.NOT_DUE: 2}


def urgency(place: Place) -> tuple[int, int]:
    """The missing first, then the returned and those to come; of the rest, those that wait for a decision."""
    return _URGENCY.get(place.standing, 3), 0 if place.state is State.SUBMITTED else 1


def _sorted(rows: list[Row], asked: Asked) -> list[Row]:
    column = next((column for column in COLUMNS if column.key == asked.sort), None)
    if column is None:
        return sorted(rows, key=_usual_order)
    return sorted(sorted(rows, key=_usual_order), key=column.order, reverse=asked.descending)


def _usual_order(row: Row) -> tuple[int, int, str]:
    return *urgency(row.place), row.unit.code


def sheet_of(request: ActingRequest, kind: str) -> tuple[str, str, bytes]:
    """The list as a file: its name, its type, and what it holds. Raises Http404 for a kind there is not."""
    if kind not in TYPES:
        raise Http404("no such file")
    asked = Asked.of(request)
    here, _rounds, rows = _rows(request, asked)
    chosen = _columns(asked, rows)
    columns = tuple(Column(str(c.head), c.width, is_number=c.is_number) for c in chosen)
    lines = tuple(Line(tuple(column.value(row) for column in chosen)) for row in _with_versions(rows))
    remarks = (
        f"{here.unit.name}; {period_label(here.period)} ({period_dates(here.period)})",
        _("As of %(time)s by the server") % {"time": _told(request.actor.at)},
    )
    sheet = Sheet(_("Reports"), columns, lines, title=_title(here, rows), remarks=remarks)
    data = render_xlsx([sheet]) if kind == XLSX else render_csv(sheet)
    return f"{here.unit.code}-{here.period.code}.{kind}", TYPES[kind], data
