"""What waits for a person in their post: what to write, to bring together, to review, to remind of, and to watch.

Everything is worked out from how reports stand in the open rounds; nothing is kept, so nothing can go stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission, Tree
from nennep.reporting import queries as reporting
from nennep.reporting.models import Decision, Reminder, Report, Round
from nennep.reporting.queries import Place
from nennep.reporting.rules.states import Standing, State
from nennep.site.now import day_of
from nennep.site.sayings import in_language, period_label
from nennep.site.templatetags.look import moment
from nennep.site.web import work_of_papers
from nennep.site.web.work_items import Bucket, When, Work
from nennep.synthesis import queries as synthesis
from nennep.synthesis.models import Synthesis

#: As many names as fit under a line of work; the rest is counted.
NAMES_SHOWN = 3
#: Up to this many reports of one round are listed one by one; more are one line that leads to the round.
REPORTS_ONE_BY_ONE = 3
#: A report of a period that still runs is work from this many days before its deadline; until then it is watched.
DAYS_AHEAD = 7


#: A post with none of these looks first at how its units stand.
WRITING = frozenset(
    {
        Permission.REPORTING_WRITE,
        Permission.REPORTING_SUBMIT,
        Permission.REPORTING_REVIEW,
        Permission.SYNTHESIS_WRITE,
    }
)


@dataclass(frozen=True)
class Desk:
    """All that waits, soonest first; a post that only looks has nothing but what it watches. A commander looks first
    at how the units stand, also while a paper waits for a signature.
    """

    work: tuple[Work, ...]
    only_looks: bool = False
    looks_first: bool = False

    @property
    def mine(self) -> tuple[Work, ...]:
        """What I can do something about; what I only watch is left aside."""
        return tuple(one for one in self.work if one.bucket is not Bucket.WATCHING)

    @property
    def next(self) -> Work | None:
        """The next thing to do: what came back before what is new, else the soonest."""
        return min(self.mine, key=lambda one: (one.bucket is not Bucket.RETURNED, self.work.index(one)), default=None)

    def count(self, chosen: Iterable[Work]) -> int:
        return sum(one.count for one in chosen)

    def of(self, chosen: str) -> tuple[Work, ...]:
        """The work of a bucket, or the overdue across all of mine; anything else is all of mine."""
        if self.only_looks:
            return self.work
        if chosen == When.OVERDUE:
            return tuple(one for one in self.mine if one.when is When.OVERDUE)
        if chosen in set(Bucket):
            return tuple(one for one in self.work if one.bucket == chosen)
        return self.mine


def desk(by: Actor) -> Desk:
    """Everything that waits for the actor today. A fixed number of queries, whatever waits."""
    found = [*_Gathering(by).work(), *work_of_papers.work(by)]
    dated = [replace(one, when=_when(one.due, by)) for one in found]
    far = datetime.max.replace(tzinfo=by.at.tzinfo)
    ordered = sorted(dated, key=lambda one: (one.due or far, list(Bucket).index(one.bucket), one.title))
    looks_first = not WRITING & by.permissions
    has_work = any(one.bucket is not Bucket.WATCHING for one in ordered)
    return Desk(tuple(ordered), only_looks=looks_first and not has_work, looks_first=looks_first)


def _when(due: datetime | None, by: Actor) -> When:
    if due is None:
        return When.NO_DAY
    if due < by.at:
        return When.OVERDUE
    day = day_of(due)
    if day == by.today:
        return When.TODAY
    return When.THIS_WEEK if day <= _sunday(by.today) else When.LATER


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


@dataclass(frozen=True)
class _Below:
    """How the units that report to mine stand in one round."""

    round: Round
    places: Sequence[Place]

    @property
    def expected(self) -> list[Place]:
        return [place for place in self.places if place.standing is not Standing.NO_DUTY]

    @property
    def reported(self) -> list[Place]:
        return [place for place in self.expected if place.received_at is not None]

    @property
    def missing(self) -> list[Place]:
        return [place for place in self.expected if place.standing is Standing.MISSING]

    @property
    def awaited(self) -> list[Place]:
        return [place for place in self.expected if place.standing is Standing.NOT_DUE]

    @property
    def all_accepted(self) -> bool:
        return bool(self.expected) and all(place.state is State.ACCEPTED for place in self.expected)

    @property
    def coverage(self) -> str:
        """`9 of 12 units have reported`."""
        return _("%(reported)s of %(expected)s units have reported") % {
            "reported": len(self.reported),
            "expected": len(self.expected),
        }


class _Gathering:
    """Looks up how everything of one actor stands, once, and says what follows from it."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.unit = by.unit_id or 0
        self.rounds = list(reporting.open_rounds().defer("form__layout_data"))
        self.trees = {r.form.line: reporting.reporting_tree(r.form, by.today) for r in self._one_round_a_line()}
        self.below = organisation.reach(by, Permission.REPORTING_VIEW) - {self.unit}

    def _one_round_a_line(self) -> Iterable[Round]:
        return {round_.form.line: round_ for round_ in self.rounds}.values()

    def may(self, permission: Permission) -> bool:
        return permission in self.by.permissions

    def work(self) -> list[Work]:
        if not self.may(Permission.REPORTING_VIEW) or not self.rounds:
            return []
        return [*self._own(), *self._to_approve(), *self._of_rounds_below()]

    # --- what everything stands on ---

    def _tree(self, round_: Round) -> Tree:
        tree: Tree = self.trees[round_.form.line]
        return tree

    def _children(self, round_: Round) -> list[int]:
        return [unit for unit in self._tree(round_).children.get(self.unit, ()) if unit in self.below]

    @cached_property
    def places(self) -> Mapping[tuple[int, int], Place]:
        units = {self.unit} | {unit for round_ in self.rounds for unit in self._children(round_)}
        return reporting.places(self.rounds, units, at=self.by.at)

    @cached_property
    def names(self) -> Mapping[int, NamedUnit]:
        return organisation.units_on(self.by.today, ids=[*{unit for unit, _round in self.places}])

    @cached_property
    def syntheses(self) -> Mapping[int, Synthesis]:
        rows = synthesis.syntheses([self.unit], [round_.pk for round_ in self.rounds])
        return {row.round_id: row for row in rows}

    def _below(self, round_: Round) -> _Below:
        return _Below(round_, [self.places[unit, round_.pk] for unit in self._children(round_)])

    def _names(self, units: Sequence[int]) -> str:
        """The first few units by name and the others counted."""
        said = ", ".join(self.names[unit].short_name for unit in units[:NAMES_SHOWN] if unit in self.names)
        others = len(units) - NAMES_SHOWN
        if others <= 0:
            return said
        more = ngettext("%(count)s other unit", "%(count)s other units", others) % {"count": others}
        return _("%(names)s and %(more)s") % {"names": said, "more": more}

    # --- my own unit's reports ---

    def _own(self) -> list[Work]:
        found = []
        returned = [self.places[self.unit, r.pk].report_id for r in self.rounds if self._own_state(r) is State.RETURNED]
        remarks = reporting.last_returns([report for report in returned if report])
        reminders = {row.round_id: row.at for row in self._reminders()}
        for round_ in self.rounds:
            place = self.places[self.unit, round_.pk]
            if place.due is None:
                continue
            if place.state is State.RETURNED:
                found.append(self._returned(round_, place, remarks.get(place.report_id or 0)))
            elif place.state is State.SUBMITTED:
                found.append(self._waiting(round_, place))
            elif place.state in {None, State.DRAFT} and not self._is_brought_together(round_):
                found += self._to_write(round_, place, reminders.get(round_.pk))
        return found

    def _reminders(self) -> Iterable[Reminder]:
        return reporting.reminders_for(self.unit, round_ids=[round_.pk for round_ in self.rounds]).order_by("at")

    def _own_state(self, round_: Round) -> State | None:
        return self.places[self.unit, round_.pk].state

    def _is_brought_together(self, round_: Round) -> bool:
        """Whether my unit's report follows from a synthesis of those below, and I may make it."""
        return self.may(Permission.SYNTHESIS_WRITE) and bool(self._below(round_).expected)

    def _returned(self, round_: Round, place: Place, decision: Decision | None) -> Work:
        under = _form(round_)
        if decision is not None:
            count = len(decision.remarks)
            marked = ngettext("%(count)s place to mend", "%(count)s places to mend", count) % {"count": count}
            said = marked if count else decision.reason
            under = f"{decision.post_title}: {said}, {moment(decision.at)}"
        may_mend = self.may(Permission.REPORTING_WRITE)
        return Work(
            Bucket.RETURNED if may_mend else Bucket.WATCHING,
            _("The report of %(period)s was returned") % _period(round_),
            under,
            _("Mend the report of %(period)s") % _period(round_),
            reverse("edit-report" if may_mend else "report", args=[place.report_id]),
            "returned",
            place.due,
        )

    def _waiting(self, round_: Round, place: Place) -> Work:
        return Work(
            Bucket.WATCHING,
            _("The report of %(period)s waits for your superior") % _period(round_),
            _form(round_),
            "",
            reverse("report", args=[place.report_id]),
            "submitted",
        )

    def _to_write(self, round_: Round, place: Place, reminded_at: datetime | None) -> list[Work]:
        if not self.may(Permission.REPORTING_WRITE) and not self.may(Permission.REPORTING_SUBMIT):
            return []
        reminded = _("reminded %(moment)s") % {"moment": moment(reminded_at)} if reminded_at else ""
        begun = place.report_id is not None
        wording = _("Go on with the report of %(period)s") if begun else _("Write the report of %(period)s")
        title = wording % _period(round_)
        may_write = self.may(Permission.REPORTING_WRITE)
        comes_up = not begun and self._is_far_off(round_, place)
        work = Work(
            Bucket.TO_DO if may_write and not comes_up else Bucket.WATCHING,
            title,
            " · ".join(part for part in (_form(round_), reminded) if part),
            title,
            reverse("edit-report", args=[place.report_id]) if begun else reverse("start-report", args=[round_.pk]),
            "reports",
            place.due,
            by_post=not begun,
        )
        if may_write:
            return [work]
        return [replace(work, url=reverse("round", args=[round_.pk]), by_post=False)]

    def _is_far_off(self, round_: Round, place: Place) -> bool:
        """Whether the period still runs and its report is not due within the next days."""
        soon = self.by.at + timedelta(days=DAYS_AHEAD)
        return self.by.today < round_.ends_on and place.due is not None and place.due > soon

    # --- what others handed to me ---

    def _to_approve(self) -> list[Work]:
        if not self.may(Permission.REPORTING_REVIEW):
            return []
        waiting: dict[int, list[Report]] = {}
        for report in reporting.waiting_for(self.by).defer("draft", "current_version__content_data"):
            waiting.setdefault(report.round_id, []).append(report)
        rounds = {round_.pk: round_ for round_ in self.rounds}
        found = []
        for round_id, reports in waiting.items():
            round_ = rounds.get(round_id) or reports[0].round
            due = self.places[self.unit, round_id].due if round_id in rounds else None
            if len(reports) <= REPORTS_ONE_BY_ONE:
                found += [self._one_to_approve(round_, report, due) for report in reports]
            else:
                found.append(self._many_to_approve(round_, reports, due))
        return found

    def _one_to_approve(self, round_: Round, report: Report, due: datetime | None) -> Work:
        name = self.names[report.unit_id].short_name if report.unit_id in self.names else report.unit.code
        title = _("Review %(unit)s's report of %(period)s") % {"unit": name, **_period(round_)}
        received = report.current_version.received_at if report.current_version else None
        under = _("received %(moment)s") % {"moment": moment(received)}
        return Work(Bucket.TO_APPROVE, title, under, title, reverse("report", args=[report.pk]), "done", due)

    def _many_to_approve(self, round_: Round, reports: Sequence[Report], due: datetime | None) -> Work:
        count = len(reports)
        title = ngettext("Review %(count)s report of %(period)s", "Review %(count)s reports of %(period)s", count) % {
            "count": count,
            **_period(round_),
        }
        under = self._names([report.unit_id for report in reports])
        url = reverse("round", args=[round_.pk])
        return Work(Bucket.TO_APPROVE, title, under, title, url, "done", due, count=count)

    # --- rounds in which others report to me ---

    def _of_rounds_below(self) -> list[Work]:
        found = []
        rows = [self._below(round_) for round_ in self.rounds]
        missing = {place.unit_id for row in rows for place in row.missing}
        reminded = reporting.reminded([round_.pk for round_ in self.rounds], missing) if missing else {}
        for row in rows:
            if not row.expected:
                continue
            found += self._missing(row, reminded)
            found += self._awaited(row)
            found += self._to_bring_together(row)
        return found

    def _missing(self, row: _Below, reminded: Mapping[tuple[int, int], datetime]) -> list[Work]:
        """Those past their deadline: to remind, or to watch once they were reminded today."""
        fresh = [place for place in row.missing if not self._reminded_today(place, reminded)]
        told = [place for place in row.missing if self._reminded_today(place, reminded)]
        found = []
        if fresh:
            bucket = Bucket.TO_DO if self.may(Permission.REPORTING_REVIEW) else Bucket.WATCHING
            found.append(self._to_remind(row, fresh, bucket))
        if told:
            work = self._to_remind(row, told, Bucket.WATCHING)
            found.append(replace(work, under=_("reminded today") + " · " + work.under))
        return found

    def _reminded_today(self, place: Place, reminded: Mapping[tuple[int, int], datetime]) -> bool:
        at = reminded.get((place.unit_id, place.round_id))
        return at is not None and day_of(at) == self.by.today

    def _to_remind(self, row: _Below, places: Sequence[Place], bucket: Bucket) -> Work:
        units = [place.unit_id for place in places]
        facts = {"count": len(units), "unit": self._names(units[:1]), **_period(row.round)}
        may_remind = bucket is Bucket.TO_DO
        if len(units) == 1:
            wording = _("Remind %(unit)s of %(period)s") if may_remind else _("%(unit)s owes %(period)s")
        elif may_remind:
            wording = _("Remind %(count)s units of %(period)s")
        else:
            wording = _("%(count)s units owe %(period)s")
        under = _form(row.round) if len(units) == 1 else self._names(units)
        url = reverse("round", args=[row.round.pk])
        due = min((place.due for place in places if place.due), default=None)
        return Work(bucket, wording % facts, under, wording % facts, url, "remind", due, count=len(units))

    def _awaited(self, row: _Below) -> list[Work]:
        if not row.awaited:
            return []
        due = min((place.due for place in row.awaited if place.due), default=None)
        title = _("Reports of %(period)s are coming in") % _period(row.round)
        return [Work(Bucket.WATCHING, title, row.coverage, "", reverse("round", args=[row.round.pk]), "see", due)]

    def _to_bring_together(self, row: _Below) -> list[Work]:
        """The synthesis of a period that is over; once it is finished, at the top, the books to close."""
        made = self.syntheses.get(row.round.pk)
        if self.by.today < row.round.ends_on:
            return []
        if made is not None and made.is_finished:
            return self._to_close(row)
        if not self.may(Permission.SYNTHESIS_WRITE) or self._own_state(row.round) in {State.SUBMITTED, State.ACCEPTED}:
            return []
        wording = _("Go on with the synthesis of %(period)s") if made else _("Bring %(period)s together")
        title = wording % _period(row.round)
        url = reverse("synthesis", args=[made.pk]) if made else reverse("begin-synthesis", args=[row.round.pk])
        due = self.places[self.unit, row.round.pk].due
        return [Work(Bucket.TO_DO, title, row.coverage, title, url, "synthesis", due, by_post=made is None)]

    def _to_close(self, row: _Below) -> list[Work]:
        is_top = not self._tree(row.round).superiors(self.unit)
        if not is_top or not self.may(Permission.REPORTING_CLOSE) or not row.all_accepted:
            return []
        title = _("Close the books of %(period)s") % _period(row.round)
        url = reverse("round", args=[row.round.pk])
        return [Work(Bucket.TO_DO, title, row.coverage, title, url, "locked")]


def _period(round_: Round) -> dict[str, str]:
    """The period as it stands inside a sentence: `tháng 11/2026`."""
    label = period_label(round_.period)
    return {"period": label[:1].lower() + label[1:]}


def _form(round_: Round) -> str:
    return in_language(round_.form.name, round_.form.name_en)
