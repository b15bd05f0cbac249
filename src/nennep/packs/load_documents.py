"""Writing what a pack says of documents and of planning: series, types, holidays, capacities, regulations."""

from __future__ import annotations

from typing import Any

from nennep.documents.models import DocumentType, Regulation, RegulationVersion, Series, Term
from nennep.documents.services.finding import find_regulations
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
        "regulations": len(pack.regulations),
        "versions of regulations": sum(len(row.versions) for row in pack.regulations),
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
    return counts | _load_regulations(pack)


def _load_regulations(pack: Pack) -> dict[str, Count]:
    """Regulations stay, since rules of past years cite them; a version that the pack no longer knows goes."""
    rows = [Regulation(**row.model_dump(exclude={"versions"})) for row in pack.regulations]
    counts = {"regulations": write(Regulation.objects.all(), rows, key=["code"])}
    ids = dict(Regulation.objects.values_list("code", "id"))
    versions = [
        RegulationVersion(
            regulation_id=ids[row.code],
            **version.model_dump(exclude={"articles"}),
            articles=[article.model_dump() for article in version.articles],
        )
        for row in pack.regulations
        for version in row.versions
    ]
    counts["versions of regulations"] = write(
        RegulationVersion.objects.all(),
        versions,
        key=["regulation_id", "starts_on"],
        stale=RegulationVersion.objects.filter(regulation__code__in=[row.code for row in pack.regulations]),
    )
    find_regulations()
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
