"""The syntheses of a unit: begun, finished, and as papers. What is done in between is in `bench`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.organisation.rules import Permission
from nennep.packs.lexicon import lexicon
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.states import WrongMove
from nennep.reporting.services import ReportingRefused
from nennep.site.acting import ActingRequest
from nennep.site.letterhead import letterhead
from nennep.site.looking import looking
from nennep.site.refusals import say_refusal
from nennep.site.sayings import period_label
from nennep.site.web import bench, words_and_numbers
from nennep.site.web.figures import WORDS_OF_FILE, file_of, vietnamese_period
from nennep.synthesis import material, papers, queries, services
from nennep.synthesis.models import Synthesis
from nennep.synthesis.rules.drafts import SynthesisRefused

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


# --- beginning and finishing ---------------------------------------------------------------------


@require_POST
def begin(request: ActingRequest, round_id: int) -> HttpResponse:
    """Begin this unit's synthesis of a round, or go to the one that is there."""
    try:
        synthesis = services.begin(round_id, by=request.actor, lexicon=lexicon())
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return redirect("syntheses")
    return redirect("synthesis", synthesis.pk)


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
    """The consolidated report as a page, as it will print; an annex, often long, opens when it is asked for."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    asked = request.GET.get("annex", "")
    opened = [told for place, told in enumerate(papers.Behind) if asked in {"all", str(place)}]
    gathered = _gathered(synthesis, request.actor.at, opened)
    made = papers.consolidated_paper(gathered, letterhead(synthesis.unit_id, request.actor.today))
    context = {
        "section": "synthesis",
        "synthesis": synthesis,
        "paper": made,
        "annexes": [(made.annex_label(place), annex) for place, annex in enumerate(made.annexes)],
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


def _gathered(
    synthesis: Synthesis, at: datetime, annexes: Collection[papers.Behind] = tuple(papers.Behind)
) -> papers.Material:
    said = material.Said(vietnamese_period(synthesis.round))
    return material.of_synthesis(synthesis, at=at, said=said, annexes=annexes)


urlpatterns = [
    path("synthesis/", syntheses, name="syntheses"),
    path("synthesis/rounds/<int:round_id>/begin/", begin, name="begin-synthesis"),
    *bench.urlpatterns,
    *words_and_numbers.urlpatterns,
    path("synthesis/<int:synthesis_id>/finish/", finish, name="finish-synthesis"),
    path("synthesis/<int:synthesis_id>/paper/", paper, name="synthesis-paper"),
    path("synthesis/<int:synthesis_id>/report.<str:kind>", synthesis_file, name="synthesis-file"),
]
