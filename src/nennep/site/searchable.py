"""What can be found, the one table: where the entries of each kind come from, and which page shows a thing.

An area that lets its own things be found adds a line to SOURCES, so that the index can be built anew, and one to PAGES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nennep.documents.services import finding as of_documents
from nennep.organisation import queries as organisation
from nennep.planning import found as of_planning
from nennep.reporting import found as of_reporting
from nennep.reporting.models import Form, Indicator, Round
from nennep.search import services
from nennep.search.queries import Hit
from nennep.search.rules import Kind, Put
from nennep.synthesis import found as of_synthesis

Thing = tuple[Kind, int]

NAMES: Mapping[Kind, Promise] = {
    Kind.DOCUMENT: _("Documents"),
    Kind.CLAUSE: _("Clauses"),
    Kind.REGULATION: _("Regulations"),
    Kind.INCOMING: _("Incoming documents"),
    Kind.PLAN: _("Plans"),
    Kind.TASK: _("Tasks"),
    Kind.REPORT: _("Reports"),
    Kind.SYNTHESIS: _("Syntheses"),
    Kind.UNIT: _("Units"),
    Kind.INDICATOR: _("Indicators"),
    Kind.FORM: _("Forms"),
}


def _units(day: date) -> Iterator[Put]:
    """Every unit that ever was under the name it bears on the day, or bore last; found by its other names too."""
    known = organisation.units_known_by(day)
    names = organisation.names_of(known)
    for unit in known.values():
        borne = names[unit.id]
        words = (unit.short_name, unit.code, unit.place, *dict.fromkeys(row.name for row in reversed(borne)))
        text = ". ".join(word for word in words if word and word != unit.name)
        yield Put(Kind.UNIT, unit.id, unit.id, unit.name, text, borne[-1].starts_on)


#: What builds the index anew; the day is the one on which it is built.
SOURCES: Sequence[Callable[[date], Iterator[Put]]] = (
    _units,
    lambda _day: of_reporting.indicator_puts(),
    lambda _day: of_reporting.form_puts(),
    lambda _day: of_documents.all_puts(),
    lambda _day: of_reporting.report_puts(),
    lambda _day: of_synthesis.synthesis_puts(),
    lambda _day: of_planning.puts_of_all(),
)
#: Those of them that no act of an area tells the index of, because they come with a pack.
OF_THE_PACK = SOURCES[:3]


def rebuild(day: date) -> int:
    """Build the whole index anew; answers with the number of entries."""
    return services.rebuild(chain.from_iterable(source(day) for source in SOURCES))


def refresh(day: date) -> int:
    """Tell the index what a pack has brought: units, indicators and forms."""
    return services.put_many(chain.from_iterable(source(day) for source in OF_THE_PACK))


# --- the page of a thing --------------------------------------------------------------------------

#: Kinds whose things have a page of their own that is opened by the key.
PAGES: Mapping[Kind, str] = {
    Kind.DOCUMENT: "document",
    Kind.CLAUSE: "clause",
    Kind.PLAN: "plan",
    Kind.TASK: "task",
    Kind.REPORT: "report",
    Kind.SYNTHESIS: "synthesis",
    Kind.UNIT: "unit",
}


def addresses(hits: Sequence[Hit]) -> dict[Thing, str]:
    """The address of each hit's page, by kind and key; what has none is absent. At most three queries."""
    found = {(hit.kind, hit.key): reverse(PAGES[hit.kind], args=[hit.key]) for hit in hits if hit.kind in PAGES}
    return found | _forms(_keys(hits, Kind.FORM)) | _indicators(_keys(hits, Kind.INDICATOR))


def _keys(hits: Sequence[Hit], kind: Kind) -> list[int]:
    return [hit.key for hit in hits if hit.kind is kind]


def _forms(keys: Sequence[int]) -> dict[Thing, str]:
    """A form leads to its rounds."""
    codes = Form.objects.filter(pk__in=keys).values_list("pk", "code") if keys else ()
    return {(Kind.FORM, pk): f"{reverse('rounds')}?form={code}" for pk, code in codes}


def _indicators(keys: Sequence[int]) -> dict[Thing, str]:
    """An indicator leads to its figure in the newest round that has begun and asks for it."""
    if not keys:
        return {}
    codes = dict(Indicator.objects.filter(pk__in=keys).values_list("code", "pk"))
    newest: dict[str, int] = {}
    for form in Form.objects.order_by("code", "-version"):
        asked = codes.keys() & set(form.layout.indicators) - newest.keys()
        round_ = Round.objects.filter(form=form).order_by("-starts_on").values_list("pk", flat=True).first()
        newest |= dict.fromkeys(asked, round_) if asked and round_ else {}
    return {(Kind.INDICATOR, codes[code]): reverse("source", args=[round_, code]) for code, round_ in newest.items()}
