"""Search everything: a page of what was found, and the first few while somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from nennep.organisation import queries as organisation
from nennep.search import queries
from nennep.search.queries import Found, Hit
from nennep.search.rules import LONGEST_QUESTION, Kind
from nennep.site.acting import ActingRequest
from nennep.site.looking import address
from nennep.site.searchable import NAMES, addresses

PAGE = 20
SUGGESTED = 8


@dataclass(frozen=True)
class Line:
    """A hit as it is shown: what it is, whose, and where it leads."""

    hit: Hit
    kind: str
    unit: str
    url: str


@dataclass(frozen=True)
class Choice:
    """A kind to narrow the hits to."""

    name: str
    url: str
    chosen: bool


@require_safe
def search(request: ActingRequest) -> HttpResponse:
    """What the acting post may see that holds what was typed, page by page; `?kind=` narrows it."""
    kind = _asked_kind(request)
    found = _found(request, [kind] if kind else [], PAGE, request.GET.get("after", ""))
    shown = {
        "section": "search",
        "q": _typed(request),
        "lines": lines(request, found.hits),
        "kinds": list(_choices(request, kind)),
        "kind": kind,
        "more_url": address(request, after=found.after) if found.after else "",
        "first_url": address(request, after="") if request.GET.get("after") else "",
        "everything_url": address(request, kind="", after=""),
    }
    return render(request, "search/search.html", shown)


@require_safe
def suggest(request: ActingRequest) -> HttpResponse:
    """The first hits as the options of a list, for the field in the bar."""
    found = _found(request, [], SUGGESTED)
    shown: dict[str, Any] = {"q": _typed(request), "lines": [one for one in lines(request, found.hits) if one.url]}
    return render(request, "search/suggest.html", shown)


def _typed(request: ActingRequest) -> str:
    return request.GET.get("q", "")[:LONGEST_QUESTION]


def _found(request: ActingRequest, kinds: Sequence[Kind], limit: int, after: str = "") -> Found:
    return queries.find(request.actor, _typed(request), kinds=kinds, limit=limit, after=after)


def _asked_kind(request: ActingRequest) -> Kind | None:
    asked = request.GET.get("kind", "")
    return Kind(asked) if asked in set(Kind) else None


def _choices(request: ActingRequest, chosen: Kind | None) -> Iterable[Choice]:
    for kind in queries.kinds_to_find(request.actor):
        yield Choice(str(NAMES[kind]), address(request, kind=kind.value, after=""), kind is chosen)


def lines(request: ActingRequest, hits: Sequence[Hit]) -> list[Line]:
    """Hits with their units' names and their pages. A few queries, however many they are."""
    urls = addresses(hits)
    ids = {hit.unit_id for hit in hits if hit.unit_id is not None}
    units = organisation.units_known_by(request.actor.today, ids=ids) if ids else {}
    return [
        Line(
            hit,
            str(NAMES[hit.kind]),
            units[hit.unit_id].short_name if hit.unit_id in units else "",
            urls.get((hit.kind, hit.key), ""),
        )
        for hit in hits
    ]


urlpatterns = [path("search/", search, name="search"), path("search/suggest/", suggest, name="search-suggest")]
