"""The organisation on a day, two days beside each other, and one unit over time.

Who may see what: a post sees its unit and what lies under it today, and merged units with whoever took them in; the
way up from there is shown by names alone, for who stands above one is no secret. Of another day it sees what stood, on
that day, under what is in its reach today (`organisation.queries.seen_on`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nennep.organisation import queries
from nennep.organisation.models import Appointment, Edge, Succession, UnitName
from nennep.organisation.rules import Certainty, Line, Permission, SuccessionKind, differences
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.states import Standing, in_force
from nennep.site.acting import ActingRequest
from nennep.site.looking import address
from nennep.site.sayings import LINES, STANDINGS, SUCCESSIONS, in_language, kind_of_unit, period_label
from nennep.site.web.tree import PLACED_BY, Comparison, Day, drawn, tree_of

LINE_CHOICES: Mapping[str, Promise] = {
    "": later("All lines"),
    Line.COMMAND: later("Command"),
    Line.PARTY: later("Party"),
    Line.PROFESSIONAL: later("Professional"),
}
REPORTS_SHOWN = 6


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a day, perhaps a second beside it, and a line; `unread` are words that are no day."""

    on: date
    other: date | None
    line: Line | None
    unread: tuple[str, ...] = ()

    @property
    def earlier(self) -> date:
        return min(self.on, self.other or self.on)

    @property
    def later(self) -> date:
        return max(self.on, self.other or self.on)


def _asked(request: ActingRequest) -> Asked:
    today = request.actor.today
    given = {name: request.GET.get(name, "").strip() for name in ("on", "with")}
    days = {name: _day(text) for name, text in given.items()}
    line = request.GET.get("line", "")
    return Asked(
        days["on"] or today,
        days["with"] if days["with"] != (days["on"] or today) else None,
        Line(line) if line in set(Line) else None,
        tuple(text for name, text in given.items() if text and days[name] is None),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def organisation(request: ActingRequest) -> HttpResponse:
    """The tree on the day asked for (today by default), or the trees of two days with what changed between them."""
    by, asked = request.actor, _asked(request)
    reachable = queries.reach(by, Permission.ORGANISATION_VIEW)
    ever = queries.ever_under(reachable)
    changes = queries.days_of_change(ever)
    told = _told(queries.successions_between(*_span(asked)), ever)
    shown = {
        "section": "organisation",
        "asked": asked,
        "today": by.today,
        "lines": _line_choices(request, asked),
        "timeline": _timeline(request, asked, changes, by.today),
        "told": told,
        "one_day_url": address(request, **{"with": ""}),
        "two_days_url": address(request, **{"with": _worth_comparing(asked.on, changes).isoformat()}),
    }
    day = _day_of(request, asked.later, asked.line)
    if asked.other is None:
        return render(request, "organisation/day.html", {**shown, "day": day, "rows": drawn(tree_of(day))})
    comparison = Comparison(
        before := _day_of(request, asked.earlier, asked.line),
        day,
        differences(before.snapshot, day.snapshot, queries.heirs_between(asked.earlier, asked.later)),
        queries.ended_between(asked.earlier, asked.later),
    )
    sides = {"left": drawn(comparison.left, compared=True), "right": drawn(comparison.right, compared=True)}
    return render(request, "organisation/compare.html", {**shown, **sides, "comparison": comparison})


def _span(asked: Asked) -> tuple[date, date]:
    """The successions to tell: those between the two days, or those of the one day."""
    return (asked.earlier if asked.other else asked.on - timedelta(days=1)), asked.later


def _day_of(request: ActingRequest, day: date, line: Line | None) -> Day:
    units = queries.units_on(day)
    snapshot = queries.snapshot(day, units)
    seen = queries.seen_on(request.actor, snapshot.tree)
    return Day(snapshot, units, seen, queries.reach(request.actor, Permission.ORGANISATION_VIEW), line)


def _worth_comparing(day: date, changes: Sequence[date]) -> date:
    """The day before the last change, so that the first comparison shows something."""
    last = next((change for change in reversed(changes) if change <= day), day)
    return last - timedelta(days=1)


def _line_choices(request: ActingRequest, asked: Asked) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is the one shown)."""
    return [
        (str(words), address(request, line=code), (asked.line or "") == code) for code, words in LINE_CHOICES.items()
    ]


# --- the line of time -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """Something at a place of the line of time; `x` is the share across, 0 to 100.

    `url` is the page on this day, `beside_url` the one that compares it with the day before.
    """

    x: str
    day: date
    url: str = ""
    beside_url: str = ""
    selected: bool = False


@dataclass(frozen=True)
class Timeline:
    """From the first day that is known to the end of this year, with a mark for each day that changed something."""

    first: date
    last: date
    on: Mark
    other: Mark | None
    today: Mark
    years: tuple[Mark, ...]
    changes: tuple[Mark, ...]

    @property
    def length(self) -> int:
        """Days from the first to the last."""
        return (self.last - self.first).days

    @property
    def at(self) -> int:
        """The shown day, counted from the first."""
        return max(0, min(self.length, (self.on.day - self.first).days))


def _timeline(request: ActingRequest, asked: Asked, changes: Sequence[date], today: date) -> Timeline:
    first = queries.first_day() or today
    last = max(date(today.year + 1, 1, 1), asked.later, *changes)

    def mark(day: date) -> Mark:
        share = 100 * (day - first).days / max(1, (last - first).days)
        alone = address(request, on=day.isoformat())
        beside = address(request, on=day.isoformat(), **{"with": (day - timedelta(days=1)).isoformat()})
        return Mark(
            f"{max(0.0, min(100.0, share)):.2f}",
            day,
            alone if asked.other is None else beside,
            beside,
            selected=day in {asked.on, asked.other},
        )

    return Timeline(
        first,
        last,
        mark(asked.on),
        mark(asked.other) if asked.other else None,
        mark(today),
        tuple(mark(date(year, 1, 1)) for year in range(first.year, last.year + 1) if date(year, 1, 1) >= first),
        tuple(mark(day) for day in changes),
    )


# --- what was decided -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One succession in words, with its decision, and how sure it is."""

    kind: SuccessionKind
    words: str
    effective_on: date
    decision_number: str
    decision_on: date | None
    is_less_certain: bool
    source: str
    note: str

    @property
    def icon(self) -> str:
        icons = {SuccessionKind.MERGE: "synthesis", SuccessionKind.SPLIT: "split", SuccessionKind.RENAME: "rewrite"}
        return icons.get(self.kind, "organisation")

    @property
    def kind_in_words(self) -> str:
        return str(SUCCESSIONS[self.kind])


def _told(successions: Iterable[Succession], known: Collection[int]) -> list[Told]:
    """The successions that touch a known unit; units that are not known are told without their names."""
    rows = [(row, [(part.predecessor_id, part.successor_id) for part in row.parts.all()]) for row in successions]
    rows = [(row, pairs) for row, pairs in rows if any(unit in known for pair in pairs for unit in pair)]
    names = _Names({unit for _row, pairs in rows for pair in pairs for unit in pair}, known)
    return [_one_told(row, pairs, names) for row, pairs in rows]


class _Names:
    """What units were called on a day; those outside the reader's reach go without a name."""

    def __init__(self, units: Collection[int], known: Collection[int]) -> None:
        self._rows = queries.names_of(units)
        self._known = known

    def on(self, unit: int, day: date) -> str:
        if unit not in self._known:
            return _("a unit outside your reach")
        borne = [row for row in self._rows[unit] if row.starts_on <= day] or self._rows[unit][:1]
        return borne[-1].name if borne else str(unit)

    def list(self, units: Iterable[int], day: date) -> str:
        return ", ".join(dict.fromkeys(self.on(unit, day) for unit in units))


def _one_told(row: Succession, pairs: Sequence[tuple[int, int]], names: _Names) -> Told:
    day_before = row.effective_on - timedelta(days=1)
    old = list(dict.fromkeys(gone for gone, _heir in pairs))
    new = list(dict.fromkeys(heir for _gone, heir in pairs))
    kind = SuccessionKind(row.kind)
    facts = {"old": names.list(old, day_before), "new": names.list(new, row.effective_on)}
    if kind is SuccessionKind.MERGE:
        words = _("%(old)s merged into %(new)s") % facts
    elif kind is SuccessionKind.SPLIT:
        words = _("%(old)s split into %(new)s") % facts
    elif kind is SuccessionKind.RENAME:
        words = _("%(old)s renamed %(new)s") % facts
    else:
        words = ngettext(
            "%(new)s put under another superior", "%(count)s units put under another superior: %(new)s", len(new)
        ) % {**facts, "count": len(new)}
    return Told(
        kind,
        words,
        row.effective_on,
        row.decision_number,
        row.decision_on,
        row.certainty == Certainty.LESS_CERTAIN,
        row.source,
        row.note,
    )


# --- one unit -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Something that held from a day to a day, both included; `last_on` is None while it holds."""

    words: str
    starts_on: date
    last_on: date | None
    line: str = ""
    acting: bool = False
    decision_number: str = ""


@require_safe
def unit(request: ActingRequest, unit_id: int) -> HttpResponse:
    """One unit: its names and superiors over time, what changed it, its posts and their holders, and its reports."""
    by = request.actor
    queries.require(by, Permission.ORGANISATION_VIEW, over=unit_id)
    here = queries.unit(unit_id, by.today)
    names = [_stretch(row.name, row) for row in queries.names_of([unit_id])[unit_id]]
    reachable = queries.reach(by, Permission.ORGANISATION_VIEW)
    shown = {
        "section": "organisation",
        "here": here,
        "kind": kind_of_unit(here.kind),
        "names": list(reversed(names)),
        "is_gone": bool(names) and names[-1].last_on is not None and names[-1].last_on < by.today,
        "superiors": _superiors(unit_id),
        "told": _told(queries.successions_of(unit_id), queries.ever_under(reachable)),
        "posts": [
            (post.title, [_holder(held) for held in holders]) for post, holders in queries.posts_of(unit_id, by.today)
        ],
        "path": _path_above(request, unit_id),
        "standings": _standings(request, here),
    }
    return render(request, "organisation/unit.html", shown)


def _stretch(words: str, row: UnitName | Edge | Appointment) -> Stretch:
    return Stretch(words, row.starts_on, row.ends_on - timedelta(days=1) if row.ends_on else None)


def _holder(held: Appointment) -> Stretch:
    return replace(_stretch(str(held.person), held), acting=held.acting, decision_number=held.decision_number)


def _superiors(unit_id: int) -> list[Stretch]:
    edges = list(queries.superiors_over_time(unit_id))
    names = queries.names_of({edge.parent_id for edge in edges})
    return [
        replace(_stretch(_last_name(names[edge.parent_id], edge.ends_on), edge), line=str(LINES[Line(edge.line)]))
        for edge in edges
    ]


def _last_name(names: Sequence[UnitName], until: date | None) -> str:
    """The name a unit bore last before a day."""
    borne = [row for row in names if until is None or row.starts_on < until]
    return borne[-1].name if borne else ""


def _path_above(request: ActingRequest, unit_id: int) -> list[tuple[str, int | None]]:
    """Today's superiors from the top down: their names, and their ids where their page may be opened."""
    today = request.actor.today
    above = queries.tree_on(today, PLACED_BY[0]).path(unit_id)[:-1] or queries.tree_on(today).path(unit_id)[:-1]
    units = queries.units_on(request.actor.today, ids=above)
    reachable = queries.reach(request.actor, Permission.ORGANISATION_VIEW)
    return [(units[unit].short_name, unit if unit in reachable else None) for unit in above if unit in units]


@dataclass(frozen=True)
class Stand:
    """How a unit stands in one round, with the chip that says so."""

    period: str
    place: reporting.Place
    words: str
    look: str


@dataclass(frozen=True)
class Owed:
    """A form that a unit owes, by which clause, and how it stood in the last rounds, newest first."""

    name: str
    clause: str
    stands: tuple[Stand, ...]


STANDING_LOOKS: Mapping[Standing, str] = {
    Standing.ON_TIME: "good",
    Standing.LATE: "soon",
    Standing.MISSING: "overdue",
    Standing.RETURNED: "returned",
    Standing.NOT_DUE: "plain",
    Standing.NO_DUTY: "",
}


def _standings(request: ActingRequest, here: queries.NamedUnit) -> list[Owed] | None:
    """The unit's duties in force with its last reports' standings; None for a post that may not see reports."""
    by = request.actor
    if here.id not in queries.reach(by, Permission.REPORTING_VIEW):
        return None
    forms = list(reporting.forms_on(by.today))
    duties = reporting.duties([form.code for form in forms])
    clauses = {
        form.code: duty.clause
        for form in forms
        for duty in duties[form.code]
        if duty.unit_kind == here.kind and in_force(duty, by.today)
    }
    rounds: dict[str, list[Round]] = {code: [] for code in clauses}
    for row in reporting.rounds(starts_from=by.today - timedelta(days=400)):
        if row.form.code in clauses and len(rounds[row.form.code]) < REPORTS_SHOWN:
            rounds[row.form.code].append(row)
    places = reporting.places([row for kept in rounds.values() for row in kept], [here.id], at=by.at)
    return [
        Owed(
            in_language(form.name, form.name_en),
            clauses[form.code],
            tuple(_stand(row, places[here.id, row.pk]) for row in rounds[form.code]),
        )
        for form in forms
        if form.code in clauses
    ]


def _stand(round_: Round, place: reporting.Place) -> Stand:
    words = str(STANDINGS[place.standing])
    if place.standing is Standing.LATE:
        words = ngettext("%(count)s day late", "%(count)s days late", place.days_late) % {"count": place.days_late}
    return Stand(period_label(round_.period), place, words, STANDING_LOOKS[place.standing])


urlpatterns = [
    path("organisation/", organisation, name="organisation"),
    path("organisation/<int:unit_id>/", unit, name="unit"),
]
