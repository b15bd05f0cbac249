"""The letterhead of a unit's papers: the pack's lines, and of a consolidated report whoever is to sign today."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from nennep.documents.models import Document
from nennep.documents.papers import Letterhead as DocumentHead
from nennep.documents.rules import Capacity, Signature
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.packs.paper import NoPaper, PaperLines, kind_names, paper_of
from nennep.synthesis.papers import Letterhead

# Báo cáo, as Decree 30/2020 (Annex III) abbreviates it.
_REPORT = "BC"
_CAPACITIES = {capacity.value: capacity for capacity in Capacity if capacity.value}


def letterhead(unit_id: int, day: date, *, kind: str = _REPORT) -> Letterhead:
    """What stands around the text of a paper this unit issues on a day; plain where the pack has no lines for it.

    `kind` is the abbreviation of the kind of paper, which opens its symbol (BC, KH).
    """
    unit = organisation.unit(unit_id, day)
    marking = _marking(unit_id)
    try:
        lines = paper_of(unit_id, day)
    except NoPaper:
        return Letterhead(issuer=unit.name, symbol=kind, place=unit.place, marking=marking)
    return Letterhead(
        issuer=lines.issuer,
        symbol=f"{kind}-{lines.symbol}",
        place=lines.place,
        superior=lines.superior,
        addressees=lines.addressed_to,
        recipients=lines.recipients,
        signature=_signature(lines),
        marking=marking,
    )


def document_head(document: Document, day: date) -> DocumentHead:
    """What stands around the text of a document, in the lines of its family that were the unit's on its day."""
    on = document.issued_on or day
    family = document.type.series.family
    marking = _marking(document.unit_id)
    try:
        lines = paper_of(document.unit_id, on, family=family)
    except NoPaper:
        unit = organisation.unit(document.unit_id, on)
        return DocumentHead(issuer=unit.name, unit_symbol="", place=unit.place, kinds=kind_names(), marking=marking)
    return DocumentHead(
        issuer=lines.issuer,
        unit_symbol=lines.symbol,
        place=lines.place,
        superior=lines.superior,
        addressees=lines.addressed_to,
        recipients=lines.recipients,
        kinds=kind_names(),
        marking=marking,
    )


def _marking(unit_id: int) -> str:
    is_invented = Unit.objects.filter(pk=unit_id, demonstration=True).exists()
    return _("Invented data, for demonstration") if is_invented else ""


def _signature(lines: PaperLines) -> Signature:
    """The name stays blank: it is written when the paper is signed."""
    prefix, _space, collective = lines.authority.partition(" ")
    if prefix in _CAPACITIES:
        return Signature(lines.signer_title, "", capacity=_CAPACITIES[prefix], in_place_of=collective)
    return Signature(lines.signer_title, "")
