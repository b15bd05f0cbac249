"""Writing what a pack says of documents and of planning: series, terms, types, holidays, capacities."""

from __future__ import annotations

from typing import Any

from nennep.documents.models import DocumentType, Series, Term
from nennep.packs import schemas
from nennep.packs.schemas import Pack
from nennep.packs.writing import Count, write
from nennep.planning.models import Capacity, Holiday


def sizes_of_documents(pack: Pack) -> dict[str, int]:
    """The number of rows of each table that `load_documents` writes."""
    return {
        "series": len(pack.documents.series),
        "terms": len(pack.documents.terms),
        "document types": len(pack.documents.types),
        "holidays": len(pack.planning.holidays),
        "capacities": len(pack.planning.capacities),
    }


def load_documents(pack: Pack) -> dict[str, Count]:
    """Make the tables of documents and planning say what the pack says; a second time nothing changes.

    Series, terms and types are never removed: documents lean on them.
    """
    said = pack.documents
    series = [Series(**row.model_dump()) for row in said.series]
    counts = {"series": write(Series.objects.all(), series, key=["code"])}
    counts["terms"] = write(Term.objects.all(), [Term(**row.model_dump()) for row in said.terms], key=["code"])
    ids = dict(Series.objects.values_list("code", "id"))
    signers = {row.code: [signer.model_dump() for signer in row.signers] for row in said.signing}
    types = [_type(row, order, ids, signers) for order, row in enumerate(said.types, start=1)]
    counts["document types"] = write(DocumentType.objects.all(), types, key=["code", "starts_on"])
    counts["holidays"] = write(
        Holiday.objects.all(),
        [Holiday(**row.model_dump()) for row in pack.planning.holidays],
        key=["name", "starts_on"],
        stale=Holiday.objects.all(),
    )
    counts["capacities"] = write(
        Capacity.objects.all(),
        [Capacity(**row.model_dump()) for row in pack.planning.capacities],
        key=["unit_kind", "starts_on"],
        stale=Capacity.objects.all(),
    )
    return counts


def _type(
    row: schemas.DocumentType, order: int, series: dict[str, int], signers: dict[str, list[dict[str, Any]]]
) -> DocumentType:
    plain = row.model_dump(exclude={"series", "signing", "issuers", "outline"})
    return DocumentType(
        **plain,
        order=order,
        series_id=series[row.series],
        signers=signers[row.signing],
        issuers=list(row.issuers),
        outline=list(row.outline),
    )
