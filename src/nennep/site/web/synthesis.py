"""The syntheses of a unit, and the bench on which a draft is made, finished and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.content import Layout, Section
from nennep.reporting.rules.states import WrongMove
from nennep.reporting.services import ReportingRefused
from nennep.site.acting import ActingRequest
from nennep.site.charts import StripState, UnitStrip
from nennep.site.letterhead import letterhead
from nennep.site.looking import looking
from nennep.site.refusals import say_refusal
from nennep.site.sayings import STATEMENTS, in_language, period_label
from nennep.site.web.figures import WORDS_OF_FILE, file_of, vietnamese_period
from nennep.synthesis import figures as consolidation
from nennep.synthesis import material, papers, queries, services
from nennep.synthesis.figures import Figure
from nennep.synthesis.models import DraftItem, Synthesis
from nennep.synthesis.rules.drafts import ItemKind, SynthesisRefused, pieces, typed_numbers

# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoundLine:
    round: Round
    reported: int
    expected: int
    synthesis: Synthesis | None
    may_begin: bool


@require_GET
def syntheses(request: ActingRequest) -> HttpResponse:
    """The rounds of the year looked at, with what this unit has brought together in each."""
    here = looking(request)
    year = here.period.year
    first, last = date(year - 1, 12, 1), date(year + 1, 1, 1)
    rounds = [one for one in reporting.rounds(starts_from=first, until=last) if one.period.year == year]
    mine = {one.round_id: one for one in queries.syntheses([here.unit.id], [one.pk for one in rounds])}
    may_write = Permission.SYNTHESIS_WRITE in here.by.permissions and here.unit.id == here.by.unit_id
    children = queries.children_by_round(rounds, here.unit.id)
    places = reporting.places(rounds, {unit for below in children.values() for unit in below}, at=here.by.at)
    lines = [
        RoundLine(
            one,
            sum(1 for unit in children[one.pk] if places[unit, one.pk].received_at),
            len(children[one.pk]),
            mine.get(one.pk),
            may_write and bool(children[one.pk]),
        )
        for one in rounds
        if children[one.pk]
    ]
    return render(request, "synthesis/list.html", {"section": "synthesis", "here": here, "lines": lines, "year": year})


# --- the bench ------------------------------------------------------------------------------------


@require_POST
def begin(request: ActingRequest, round_id: int) -> HttpResponse:
    """Begin this unit's synthesis of a round, or go to the one that is there."""
    try:
        synthesis = services.begin(round_id, by=request.actor)
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return redirect("syntheses")
    return redirect("synthesis", synthesis.pk)


@dataclass(frozen=True)
class OutlineLine:
    section: Section
    title: str
    strip: UnitStrip
    used: int
    unused: int
    selected: bool


@dataclass(frozen=True)
class ShownItem:
    item: DraftItem
    kind: str
    units: tuple[NamedUnit, ...]
    pieces: tuple[dict[str, Any], ...]
    touched: bool
    typed: tuple[str, ...]


@require_GET
def bench(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """The outline with its coverage, the sentences of one section, and the draft as it will print."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    round_ = synthesis.round
    layout = round_.form.layout
    items = queries.items(synthesis)
    question = queries.question(synthesis)
    found = consolidation.figures(question, synthesis.unit_id)
    counted = consolidation.counted(question)
    coverage = queries.coverage(round_, synthesis.unit_id, at=request.actor.at, counted=counted)
    in_figures = queries.coverage_of_figures(round_, synthesis.unit_id, at=request.actor.at, counted=counted)
    names = organisation.units_known_by(round_.period.last_day)
    changes = [] if synthesis.is_finished else queries.changes(synthesis)
    shown = _shown(items, found, changes, synthesis)
    chosen = layout.section(request.GET.get("section", "")) or layout.sections[0]
    context = {
        "section": "synthesis",
        "synthesis": synthesis,
        "round": round_,
        "unit": names[synthesis.unit_id],
        "form_name": in_language(round_.form.name, round_.form.name_en),
        "period": period_label(round_.period),
        "outline": _outline(layout, items, coverage, names, chosen),
        "chosen": chosen,
        "chosen_title": in_language(chosen.title, chosen.title_en),
        "items": [one for one in shown if one.item.section == chosen.letter],
        "paper": [
            (section, [one for one in shown if one.item.section == section.letter and not one.item.left_out])
            for section in layout.sections
        ],
        "coverage": coverage,
        "in_figures": in_figures,
        "not_in_figures": material.missing_by_name(
            round_, synthesis.unit_id, [place.unit_id for place in in_figures.missing], names
        ),
        "missing": [(names[place.unit_id], place) for place in coverage.missing if place.unit_id in names],
        "changes": _shown_changes(changes, names, round_),
        "rules": reporting.rules_of(round_.form),
        "may_write": _may_write(request, synthesis, Permission.SYNTHESIS_WRITE),
        "may_finish": _may_write(request, synthesis, Permission.SYNTHESIS_FINISH),
        "kinds": WORDS_OF_FILE,
    }
    return render(request, "synthesis/bench.html", context)


def _may_write(request: ActingRequest, synthesis: Synthesis, permission: Permission) -> bool:
    return permission in request.actor.permissions and request.actor.unit_id == synthesis.unit_id


def _shown(
    items: Sequence[DraftItem], found: Mapping[str, Figure], changes: Sequence[Any], synthesis: Synthesis
) -> list[ShownItem]:
    versions = queries.versions_of_sources(items)
    names = organisation.units_known_by(synthesis.round.period.last_day)
    rules = reporting.rules_of(synthesis.round.form)
    old_sources = {(change.old, statement) for change in changes for statement in (*change.rewritten, *change.removed)}
    touched_figures = {code for change in changes for code in change.indicators}
    shown = []
    for item in items:
        units = dict.fromkeys(versions[version].report.unit_id for version, _s in item.sources if version in versions)
        parts = tuple(
            {"code": part, "figure": found.get(part), "decimals": 2 if rules[part].is_computed else None}
            if kind == "figure" and part in rules
            else {"text": part}
            for kind, part in pieces(item.text)
        )
        codes = {part["code"] for part in parts if "code" in part}
        shown.append(
            ShownItem(
                item,
                str(STATEMENTS.get(item.statement_kind, "")) if item.statement_kind else "",  # type: ignore[call-overload]
                tuple(names[unit] for unit in units if unit in names),
                parts,
                bool(old_sources & {(version, statement) for version, statement in item.sources})
                or bool(codes & touched_figures),
                tuple(typed_numbers(item.text)) if item.kind == ItemKind.FIGURES else (),
            )
        )
    return shown


def _outline(
    layout: Layout,
    items: Sequence[DraftItem],
    coverage: queries.Coverage,
    names: Mapping[int, NamedUnit],
    chosen: Section,
) -> list[OutlineLine]:
    """Each section with one bar a unit: used in the draft, said but left out, silent, no report."""
    versions = queries.versions_of_sources(items)
    lines = []
    for section in layout.sections:
        states: dict[int, StripState] = {}
        for item in items:
            if item.section != section.letter:
                continue
            for version, _statement in item.sources:
                unit = versions[version].report.unit_id if version in versions else 0
                if states.get(unit) is not StripState.USED:
                    states[unit] = StripState.SAID if item.left_out else StripState.USED
        silent = StripState.USED if section.is_cells else StripState.SILENT
        bars = [(names[unit].short_name, states.get(unit, silent)) for unit in coverage.reported if unit in names]
        bars += [
            (names[place.unit_id].short_name, StripState.MISSING)
            for place in coverage.missing
            if place.unit_id in names
        ]
        lines.append(
            OutlineLine(
                section,
                in_language(section.title, section.title_en),
                UnitStrip(tuple(bars)),
                sum(1 for _n, state in bars if state is StripState.USED),
                sum(1 for _n, state in bars if state is StripState.SAID),
                section.letter == chosen.letter,
            )
        )
    return lines


@dataclass(frozen=True)
class ShownChange:
    """A late change with its old and new figures and words beside each other."""

    change: Any
    unit: NamedUnit
    figures: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    statements: tuple[tuple[str, str], ...]


def _shown_changes(changes: Sequence[Any], names: Mapping[int, NamedUnit], round_: Round) -> list[ShownChange]:
    ids = {version for change in changes for version in (change.old, change.new) if version}
    contents = reporting.content_of(ids)
    rules = reporting.rules_of(round_.form)
    shown = []
    for change in changes:
        if change.unit_id not in names:
            continue
        before, after = contents.get(change.old), contents.get(change.new)
        said_before = {one.id: one.text for one in before.statements} if before else {}
        said_after = {one.id: one.text for one in after.statements} if after else {}
        touched = (*change.rewritten, *change.added, *change.removed)
        shown.append(
            ShownChange(
                change,
                names[change.unit_id],
                tuple(
                    (
                        in_language(rules[code].name, rules[code].name_en),
                        _decimal(before.cells.get(code) if before else None),
                        _decimal(after.cells.get(code) if after else None),
                    )
                    for code in change.indicators
                    if code in rules
                ),
                tuple((said_before.get(one, ""), said_after.get(one, "")) for one in touched),
            )
        )
    return shown


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


@require_POST
def change_item(request: ActingRequest, item_id: int) -> HttpResponse:
    """Rewrite, move, leave out or put back one sentence."""
    act = request.POST.get("act", "")
    try:
        if act == "rewrite":
            item = services.rewrite(item_id, request.POST.get("text", ""), by=request.actor)
        elif act in {"up", "down"}:
            item = services.move(item_id, up=act == "up", by=request.actor)
        elif act == "leave-out":
            item = services.leave_out(item_id, request.POST.get("reason", ""), by=request.actor)
        elif act == "put-back":
            item = services.put_back(item_id, by=request.actor)
        else:
            raise Http404("no such act")
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return redirect(request.POST.get("back") or "syntheses")
    address = reverse("synthesis", args=[item.synthesis_id])
    return redirect(f"{address}?section={item.section}#item-{item.pk}")


@require_POST
def answer_change(request: ActingRequest, synthesis_id: int, report_id: int) -> HttpResponse:
    """Take a late change into the draft, or keep what stood, with a reason."""
    try:
        if request.POST.get("act") == "take":
            services.take_change(synthesis_id, report_id, by=request.actor)
            messages.success(request, _("The draft now stands on the newer version."))
        else:
            services.keep_old(synthesis_id, report_id, request.POST.get("reason", ""), by=request.actor)
            messages.success(request, _("The draft stays as it stood; the reason is kept."))
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
    return redirect("synthesis", synthesis_id)


@require_POST
def finish(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """Finish the paper and hand it in one level up; or go on with a finished one, with a reason."""
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("act") == "reopen":
            services.reopen(synthesis_id, by=request.actor, reason=reason)
            messages.success(request, _("You can go on with this synthesis; what was handed in stays as it is."))
        else:
            services.finish(synthesis_id, by=request.actor, reason=reason)
            messages.success(request, _("The synthesis is finished."))
    except (SynthesisRefused, ReportingRefused, WrongMove) as refusal:
        messages.error(request, say_refusal(refusal))
    return redirect("synthesis", synthesis_id)


# --- the paper ------------------------------------------------------------------------------------


@require_GET
def paper(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """The consolidated report as a page, as it will print."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    gathered = _gathered(synthesis, request.actor.at)
    made = papers.consolidated_paper(gathered, letterhead(synthesis.unit_id, request.actor.today))
    context = {
        "section": "synthesis",
        "synthesis": synthesis,
        "paper": made,
        "round": synthesis.round,
        "period": period_label(synthesis.round.period),
        "kinds": WORDS_OF_FILE,
    }
    return render(request, "synthesis/paper.html", context)


@require_http_methods(["GET"])
def synthesis_file(request: ActingRequest, synthesis_id: int, kind: str) -> HttpResponse:
    """The consolidated report as DOCX, PDF or XLSX."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    gathered = _gathered(synthesis, request.actor.at)
    return file_of(gathered, synthesis.unit_id, synthesis.round, synthesis.unit.code, kind, request.actor.today)


def _gathered(synthesis: Synthesis, at: datetime) -> papers.Material:
    return material.of_synthesis(synthesis, at=at, said=material.Said(vietnamese_period(synthesis.round)))


urlpatterns = [
    path("synthesis/", syntheses, name="syntheses"),
    path("synthesis/rounds/<int:round_id>/begin/", begin, name="begin-synthesis"),
    path("synthesis/<int:synthesis_id>/", bench, name="synthesis"),
    path("synthesis/items/<int:item_id>/", change_item, name="change-item"),
    path("synthesis/<int:synthesis_id>/changes/<int:report_id>/", answer_change, name="answer-change"),
    path("synthesis/<int:synthesis_id>/finish/", finish, name="finish-synthesis"),
    path("synthesis/<int:synthesis_id>/paper/", paper, name="synthesis-paper"),
    path("synthesis/<int:synthesis_id>/report.<str:kind>", synthesis_file, name="synthesis-file"),
]
