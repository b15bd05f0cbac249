"""The regulations: their text on a day, what an amendment changed, and which rules in force cite each article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from nennep.documents.models import Regulation, RegulationVersion
from nennep.documents.queries import regulations as queries
from nennep.documents.queries.regulations import Article, Citing, InForce, Rule
from nennep.documents.rules.citations import Known
from nennep.documents.rules.text import Change, ChangeKind
from nennep.site.acting import ActingRequest
from nennep.site.citations import KINDS, rules
from nennep.site.sayings import in_language


@dataclass(frozen=True)
class Listed:
    """A regulation in the list, with how many rules in force on the day cite it."""

    entry: InForce
    name: str
    citing: int


@dataclass(frozen=True)
class Cited:
    """A rule beside the article that it cites."""

    kind: Promise
    rule: Rule


@dataclass(frozen=True)
class Line:
    """One article of the text, with the rules in force that cite it."""

    article: Article
    cited: Sequence[Cited]


@require_GET
def regulations(request: ActingRequest) -> HttpResponse:
    """Every regulation with its text of a day; those that were not in force on it are named too."""
    day = _day(request)
    among, known_rules = queries.known(), rules()
    context = {
        "section": "documents",
        "day": day,
        "today": request.actor.today,
        "regulations": [
            Listed(
                one,
                name_of(one.regulation),
                len({(c.rule.kind, c.rule.name) for c in _citing(one.regulation.code, known_rules, day, among)}),
            )
            for one in queries.regulations(day)
        ],
    }
    return render(request, "regulations/list.html", context)


def _citing(code: str, known_rules: Sequence[Rule], day: date, among: Sequence[Known]) -> list[Citing]:
    return queries.citing(code, known_rules, day=day, among=among)


def name_of(one: Regulation) -> str:
    return in_language(one.name, one.name_en)


@require_GET
def regulation(request: ActingRequest, regulation_code: str) -> HttpResponse:
    """One regulation on a day, article by article, its versions, and what one of them changed."""
    try:
        found = queries.regulation(regulation_code)
    except Regulation.DoesNotExist:
        raise Http404("no such regulation") from None
    day = _day(request)
    versions = list(queries.versions(regulation_code))
    shown = next((one for one in versions if _is_in_force(one, day)), None)
    before, after = _compared(request, versions)
    cited = queries.by_article(_citing(regulation_code, rules(), day, queries.known()))
    context = {
        "section": "documents",
        "regulation": found,
        "name": name_of(found),
        "day": day,
        "today": request.actor.today,
        "version": shown,
        "versions": [(one, _earlier(one, versions)) for one in versions],
        "lines": [Line(one, _said(cited.get(one.key, ()))) for one in queries.articles(shown)] if shown else [],
        "of_the_whole": _said(cited.get("", ())),
        "before": before,
        "after": after,
        "changes": _differences(before, after),
    }
    return render(request, "regulations/regulation.html", context)


def _day(request: ActingRequest) -> date:
    """The day asked for; today where none is, or it makes no sense."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.actor.today


def _is_in_force(version: RegulationVersion, day: date) -> bool:
    return version.starts_on <= day and (version.ends_on is None or day < version.ends_on)


def _earlier(version: RegulationVersion, versions: Sequence[RegulationVersion]) -> RegulationVersion | None:
    """The version that was in force before this one; `versions` are newest first."""
    return next((one for one in versions if one.starts_on < version.starts_on), None)


def _compared(
    request: ActingRequest, versions: Sequence[RegulationVersion]
) -> tuple[RegulationVersion | None, RegulationVersion | None]:
    """The version whose changes are asked for by its first day, with the one before it."""
    asked = request.GET.get("changes", "")
    after = next((one for one in versions if one.starts_on.isoformat() == asked), None)
    return (_earlier(after, versions), after) if after else (None, None)


def _differences(before: RegulationVersion | None, after: RegulationVersion | None) -> list[Change]:
    if before is None or after is None:
        return []
    return [one for one in queries.difference(before, after) if one.kind is not ChangeKind.SAME]


def _said(cited: Sequence[Rule]) -> list[Cited]:
    return [Cited(KINDS[one.kind], one) for one in cited]


urlpatterns = [
    path("regulations/", regulations, name="regulations"),
    path("regulations/<slug:regulation_code>/", regulation, name="regulation"),
]
