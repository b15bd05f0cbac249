"""How a directive is covered: clause by clause, unit by unit; one clause with its units, their tasks and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nennep.documents.models import Clause
from nennep.documents.queries import clauses as clause_queries
from nennep.documents.queries import documents as document_queries
from nennep.documents.queries.sight import is_own
from nennep.documents.services.clauses import withdraw_clause as withdraw
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan
from nennep.planning.queries import clause_results
from nennep.planning.queries import coverage as queries
from nennep.planning.queries.clause_results import Result
from nennep.planning.queries.coverage import ClauseDetail, ClauseLine, Coverage, UnitAnswer, UnitLine
from nennep.planning.queries.targets import Reached
from nennep.planning.rules.coverage import Counts, Standing
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.services.answers import LONGEST_REASON
from nennep.planning.services.answers import answer_clause as answer
from nennep.reporting.models import Indicator
from nennep.site.acting import ActingRequest
from nennep.site.coverage_grid import addresses_of, bar_of, cells_of
from nennep.site.document_refusals import cited, say_documents
from nennep.site.looking import Looking, looking
from nennep.site.planning_refusals import say_planning
from nennep.site.planning_words import STANDINGS_TO_CLAUSE
from nennep.site.report_list import PAGE, Pages, asked_page

BAD = 400
#: The look and the icon of each standing's chip.
CHIPS: Mapping[Standing, tuple[str, str]] = {
    Standing.DONE: ("good", "done"),
    Standing.UNDER_WAY: ("plain", "due"),
    Standing.EXPLAINED: ("", "remark"),
    Standing.SILENT: ("warning", "warning"),
}


# --- who is asked, and by whom --------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """The units whose part is told: the looked-at one and all under it today, as far as the reader's post reaches."""

    here: Looking
    units: frozenset[int]

    @classmethod
    def of(cls, request: ActingRequest) -> Scope:
        here = looking(request)
        reach = organisation.reach(here.by, Permission.PLANNING_VIEW)
        return cls(here, here.tree.subtree(here.unit.id) & reach)

    @property
    def drafts_of(self) -> frozenset[int]:
        """The reader's own unit, whose drafts count."""
        return frozenset({self.here.by.unit_id or 0}) & self.units

    @property
    def lines(self) -> list[int]:
        """The looked-at unit and those right under it, in the order of the tree."""
        unit = self.here.unit.id
        return [one for one in (unit, *self.here.tree.children.get(unit, ())) if one in self.units]


def chosen_plans(by: Actor) -> list[Plan]:
    """The plans of the reader's own unit into which a task may be written now, the soonest to end first."""
    if Permission.PLANNING_WRITE not in by.permissions or by.unit_id is None:
        return []
    return list(clause_results.plans_open_to(by.unit_id, by.today))


# --- the whole directive --------------------------------------------------------------------------


@dataclass(frozen=True)
class ClauseRow:
    """One clause: how the units stand to it, and how the reader's own unit does where it binds that."""

    line: ClauseLine
    bar: SafeString
    is_past: bool
    own: Promise | None
    own_chip: tuple[str, str]
    owes: bool


@dataclass(frozen=True)
class Line:
    """One unit in the grid: the sum of all under it, and its cells, one a clause."""

    unit: NamedUnit
    counts: Counts
    bar: SafeString
    cells: SafeString
    is_opened: bool
    leads_below: bool


@require_GET
def coverage(request: ActingRequest, document_id: int) -> HttpResponse:
    """A directive's clauses with how far they are covered, and the units right below with every clause."""
    by = request.actor
    document = document_queries.document(document_id, by=by)
    scope = Scope.of(request)
    found = queries.coverage(document_id, scope.units, by.today, drafts_of=scope.drafts_of)
    rows = _clause_rows(found, by)
    context = {
        "section": "documents",
        "document": document,
        "name": cited(document),
        "title": _title(found),
        "issuer": organisation.unit(document.unit_id, by.today),
        "unit": scope.here.unit,
        "path": _path(scope),
        "coverage": found,
        "rows": rows,
        "is_bound": any(row.own for row in rows),
        "covered": sum(bool(line.counts.carried) for line in found.clauses),
        "lines": _lines(found, scope),
        "plans": chosen_plans(by),
        "may_plan": Permission.PLANNING_WRITE in by.permissions,
    }
    return render(request, "coverage/directive.html", context)


def _title(found: Coverage) -> str:
    """The exception's count, where there is one."""
    if found.without_task:
        return ngettext("%(count)s clause without a task", "%(count)s clauses without a task", found.without_task) % {
            "count": found.without_task
        }
    late = sum(bool(line.counts.late) for line in found.clauses)
    if late:
        return ngettext("%(count)s clause is late", "%(count)s clauses are late", late) % {"count": late}
    return _("How the directive is carried out")


def _path(scope: Scope) -> list[NamedUnit]:
    """The way from the highest unit in reach down to the looked-at one, to go back up."""
    steps = [unit for unit in scope.here.tree.path(scope.here.unit.id) if unit in scope.here.reach]
    names = organisation.units_on(scope.here.by.today, ids=steps)
    return [names[unit] for unit in steps if unit in names]


def _clause_rows(found: Coverage, by: Actor) -> list[ClauseRow]:
    own = {clause: stands for (clause, unit), (stands, _late) in found.pairs.items() if unit == by.unit_id}
    return [_clause_row(line, own.get(line.clause.pk), by.today) for line in found.clauses]


def _clause_row(line: ClauseLine, own: Standing | None, day: date) -> ClauseRow:
    is_past = line.clause.due_on is not None and line.clause.due_on < day
    said, chip = (STANDINGS_TO_CLAUSE[own], CHIPS[own]) if own else (None, ("", ""))
    return ClauseRow(line, bar_of(line.counts), is_past, said, chip, own is Standing.SILENT)


def _lines(found: Coverage, scope: Scope) -> list[Line]:
    here, tree = scope.here.unit.id, scope.here.tree
    rows = found.under(scope.lines, tree)
    names = organisation.units_on(scope.here.by.today, ids=[row.unit_id for row in rows])
    cells = found.cells([row.unit_id for row in rows if row.unit_id != here], tree)
    own = {(clause, unit): Counts(1, **_one(*stands)) for (clause, unit), stands in found.pairs.items() if unit == here}
    addresses = addresses_of(found.clauses)
    shown = []
    for row in rows:
        if row.unit_id == here and not row.own.addressed:
            continue
        drawn = cells_of(addresses, row.unit_id, own if row.unit_id == here else cells)
        shown.append(_line(row, names[row.unit_id], drawn, here))
    return shown


def _one(stands: Standing, late: bool) -> dict[str, int]:
    return {stands.value: 1, "late": int(late)}


def _line(row: UnitLine, unit: NamedUnit, cells: SafeString, here: int) -> Line:
    is_opened = row.unit_id == here
    counts = row.own if is_opened else row.all
    return Line(unit, counts, bar_of(counts), cells, is_opened, row.all != row.own and not is_opened)


# --- one clause -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitRow:
    """One unit that the clause binds: how it stands, its tasks with what came of them, or why it has none."""

    unit: NamedUnit
    answer: UnitAnswer
    standing: Promise
    chip: tuple[str, str]
    results: Sequence[Result]
    reached: Reached | None
    heir_of: str


@require_GET
def clause(request: ActingRequest, clause_id: int) -> HttpResponse:
    """One clause: what it asks, and each unit that it binds, those that are late or silent first; paged."""
    return _clause(request, clause_id)


def _clause(request: ActingRequest, clause_id: int, *, problem: str = "") -> HttpResponse:
    by = request.actor
    found = clause_queries.clause(clause_id, by=by)
    scope = Scope.of(request)
    detail = queries.clause_detail(clause_id, scope.units, by.today, drafts_of=scope.drafts_of)
    wanted = _standing(request.GET.get("standing", ""))
    late = request.GET.get("late") == "1"
    rows = detail.with_standing(wanted, late=late)
    pages = Pages.of(len(rows), asked_page(request))
    shown = rows[pages.start : pages.start + PAGE]
    own = _own(clause_id, detail, by)
    withdrawn = found.withdrawn_on is not None and found.withdrawn_on <= by.today
    reached = clause_results.reached(found, {scope.here.unit.id, *(one.unit_id for one in shown)}, by.today)
    context = {
        "section": "documents",
        "clause": found,
        "document": found.document,
        "name": cited(found.document),
        "issuer": organisation.unit(found.document.unit_id, by.today),
        "unit": scope.here.unit,
        "path": _path(scope),
        "line": detail.line,
        "withdrawn": withdrawn,
        "is_past": found.due_on is not None and found.due_on < by.today,
        "rows": _rows(shown, found, reached, by),
        "pages": pages,
        "filters": _filters(detail, wanted, late=late),
        "target": _target(found, reached.get(scope.here.unit.id)),
        "own": own,
        "may_answer": own is not None and not own.work.tasks and Permission.PLANNING_WRITE in by.permissions,
        "longest": LONGEST_REASON,
        "plans": chosen_plans(by) if own is not None else [],
        "may_plan": own is not None and Permission.PLANNING_WRITE in by.permissions,
        "may_withdraw": _may_withdraw(found, by),
        "touches": detail.line.tasks if _may_withdraw(found, by) else 0,
        "problem": problem,
        "asked": request.POST,
    }
    return render(request, "coverage/clause.html", context, status=BAD if problem else 200)


def _standing(asked: str) -> Standing | None:
    return Standing(asked) if asked in set(Standing) else None


def _own(clause_id: int, detail: ClauseDetail, by: Actor) -> UnitAnswer | None:
    """How the reader's own unit stands to the clause; None when it does not bind it. The reader may look elsewhere."""
    seen = [one for one in detail.units if one.unit_id == by.unit_id]
    if not seen and by.unit_id is not None:
        own = frozenset({by.unit_id})
        seen = list(queries.clause_detail(clause_id, own, by.today, drafts_of=own).units)
    return seen[0] if seen else None


def _may_withdraw(found: Clause, by: Actor) -> bool:
    may_issue = Permission.DOCUMENTS_ISSUE in by.permissions
    return may_issue and is_own(by, found.document.unit_id) and found.withdrawn_on is None


def _filters(detail: ClauseDetail, wanted: Standing | None, *, late: bool) -> list[dict[str, Any]]:
    """The counts that can be pressed: all, each standing, and the late."""
    counts = detail.line.counts
    shown = [("", "", _("All"), counts.addressed, wanted is None and not late)]
    shown += [
        (one.value, "", str(said), getattr(counts, one.value), wanted is one and not late)
        for one, said in STANDINGS_TO_CLAUSE.items()
    ]
    shown += [("", "1", _("Late"), counts.late, late)]
    return [
        {"standing": standing, "late": is_late, "words": words, "count": count, "selected": selected}
        for standing, is_late, words, count, selected in shown
    ]


def _rows(shown: Sequence[UnitAnswer], found: Clause, reached: Mapping[int, Reached], by: Actor) -> list[UnitRow]:
    units = {one.unit_id for one in shown}
    names = organisation.units_known_by(by.today, ids=units | {gone for one in shown for gone in one.heir_of})
    drafts = frozenset({by.unit_id or 0}) & units
    results = clause_results.results(found.pk, units, by, drafts_of=drafts)
    return [
        UnitRow(
            names[one.unit_id],
            one,
            STANDINGS_TO_CLAUSE[one.standing],
            CHIPS[one.standing],
            results.get(one.unit_id, ()),
            reached.get(one.unit_id),
            ", ".join(names[gone].short_name for gone in one.heir_of if gone in names),
        )
        for one in shown
    ]


def _target(found: Clause, reached: Reached | None) -> dict[str, Any] | None:
    """The clause's indicator and figure beside what the looked-at unit with all under it reported."""
    if not found.indicator:
        return None
    indicator = Indicator.objects.filter(code=found.indicator).order_by("-pk").first()
    rounds = clause_results.rounds_of(reached) if reached else None
    return {"indicator": indicator, "figure": found.figure, "reached": reached, "round": rounds}


# --- acts -----------------------------------------------------------------------------------------


@require_POST
def answer_clause(request: ActingRequest, clause_id: int) -> HttpResponse:
    """Say why the reader's own unit has no task for a clause."""
    clause_queries.clause(clause_id, by=request.actor)
    try:
        answer(clause_id, request.POST.get("reason", ""), by=request.actor)
    except PlanningRefused as refused:
        return _clause(request, clause_id, problem=say_planning(refused, request.actor.today))
    messages.success(request, _("Your unit's answer stands beside the clause."))
    return redirect("clause", clause_id)


@require_POST
def withdraw_clause(request: ActingRequest, clause_id: int) -> HttpResponse:
    """Say that a clause binds no longer, with the reason; what was planned for it stays and is shown."""
    clause_queries.clause(clause_id, by=request.actor)
    try:
        withdrawn = withdraw(clause_id, request.POST.get("withdrawing", ""), by=request.actor)
    except DocumentsRefused as refused:
        return _clause(request, clause_id, problem=say_documents(refused))
    messages.success(request, _("Clause %(label)s binds nobody any more.") % {"label": withdrawn.label})
    return redirect("clause", clause_id)


urlpatterns = [
    path("documents/<int:document_id>/coverage/", coverage, name="coverage"),
    path("clauses/<int:clause_id>/", clause, name="clause"),
    path("clauses/<int:clause_id>/answer/", answer_clause, name="answer-clause"),
    path("clauses/<int:clause_id>/withdraw/", withdraw_clause, name="withdraw-clause"),
]
