"""Words against numbers on a page: each finding in words, with its two places and the way to both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_GET

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round, Version
from nennep.reporting.rules.content import IndicatorRule
from nennep.site.acting import ActingRequest
from nennep.site.sayings import in_language, period_label
from nennep.site.templatetags.look import number
from nennep.synthesis import findings, queries
from nennep.synthesis.rules.drafts import Source
from nennep.synthesis.rules.findings import Finding, Place, Sort

TITLES: Mapping[Sort, Promise] = {
    Sort.CELL: later("The sentence and the table differ"),
    Sort.ARITHMETIC: later("The numbers of a sentence do not add up"),
    Sort.SAME_EVENT: later("Two units seem to tell one event"),
    Sort.OPENING: later("The period opens unlike the one before closed"),
}


@dataclass(frozen=True)
class ShownPlace:
    """`words` hold the whole sentence of which `quote` is a part, or the name of the cell."""

    unit: NamedUnit
    words: str
    quote: str
    url: str


@dataclass(frozen=True)
class ShownFinding:
    """One finding. `items` are the sentences of a draft that stand on its places."""

    title: str
    here: ShownPlace
    there: ShownPlace
    remark: str
    items: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[ShownPlace, ShownPlace]:
        return self.here, self.there


class Showing:
    """Puts findings into words. `items` are addresses of a draft's sentences by what they were made from."""

    def __init__(self, round_: Round, versions: Collection[Version], items: Mapping[Source, str] | None = None) -> None:
        self._rules = reporting.rules_of(round_.form)
        self._names = organisation.units_known_by(round_.period.last_day)
        self._versions = {version.pk: version for version in versions}
        self._items = items or {}

    def shown(self, found: Sequence[Finding]) -> list[ShownFinding]:
        """In the order of their sort; a place in a unit that has no name on that day is left out."""
        self._versions |= reporting.versions({one.there.version_id for one in found} - self._versions.keys())
        order = list(Sort)
        return [
            ShownFinding(
                str(TITLES[one.sort]),
                self._place(one.here),
                self._place(one.there),
                self._remark(one),
                tuple(dict.fromkeys(url for place in (one.here, one.there) if (url := self._item(place)))),
            )
            for one in sorted(found, key=lambda one: order.index(one.sort))
            if self._is_named(one.here) and self._is_named(one.there)
        ]

    def _is_named(self, place: Place) -> bool:
        return self._versions[place.version_id].report.unit_id in self._names

    def _place(self, place: Place) -> ShownPlace:
        version = self._versions[place.version_id]
        sort, _colon, key = place.at.partition(":")
        url = f"{reverse('report-version', args=[version.report_id, version.number])}#{sort}-{key}"
        unit = self._names[version.report.unit_id]
        if sort == "cell":
            rule = self._rules.get(key)
            return ShownPlace(unit, in_language(rule.name, rule.name_en) if rule else key, _written(place, rule), url)
        words = next((one["text"] for one in version.content_data["statements"] if one["id"] == key), "")
        return ShownPlace(unit, words, "" if place.quote == words else place.quote, url)

    def _item(self, place: Place) -> str:
        sort, _colon, key = place.at.partition(":")
        return self._items.get((place.version_id, key), "") if sort == "statement" else ""

    def _remark(self, one: Finding) -> str:
        facts: Mapping[str, Any] = one.facts
        if one.sort is Sort.ARITHMETIC:
            return _("stated beside it: %(parts)s") % {"parts": ", ".join(facts["parts"])}
        if one.sort is Sort.SAME_EVENT:
            shared = [*facts["figures"], *(_("on %(day)s") % {"day": day} for day in facts["days"])]
            return _("in common: %(shared)s. If it is one event, it is counted twice.") % {"shared": ", ".join(shared)}
        return ""


def _written(place: Place, rule: IndicatorRule | None) -> str:
    measure = f" {rule.unit_of_measure}" if rule else ""
    return f"{number(Decimal(place.quote), 2 if rule and rule.is_computed else None)}{measure}"


def of_report(version: Version) -> list[ShownFinding]:
    """What does not agree within one report, for its own page."""
    found = findings.of_version(version)
    return Showing(version.report.round, [version]).shown(found) if found else []


@require_GET
def synthesis_findings(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """Everything found in the reports that a draft stands on: a page, beside the bench, or for its head a count."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    versions = queries.versions_brought_together(synthesis)
    bench = reverse("synthesis", args=[synthesis_id])
    items = {
        (int(version), str(statement)): f"{bench}?section={item.section}#item-{item.pk}"
        for item in queries.items(synthesis)
        for version, statement in item.sources
    }
    found = findings.of_versions(synthesis.round, synthesis.unit_id, versions)
    context = {
        "section": "synthesis",
        "synthesis": synthesis,
        "period": period_label(synthesis.round.period),
        "findings": Showing(synthesis.round, versions, items).shown(found),
    }
    if request.headers.get("HX-Request") == "true":
        part = "chip" if request.GET.get("part") == "chip" else "drawer"
        return render(request, f"synthesis/_findings_{part}.html", context)
    return render(request, "synthesis/findings.html", context)


urlpatterns = [path("synthesis/<int:synthesis_id>/findings/", synthesis_findings, name="synthesis-findings")]
