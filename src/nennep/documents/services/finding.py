"""What the index is told of documents, clauses and incoming papers; and all of it, to build the index anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model, QuerySet

from nennep.documents.models import Clause, Dispatch, Document, Incoming, OpinionRequest, RegulationVersion
from nennep.documents.rules.states import ISSUED_STATES, State
from nennep.documents.rules.text import Text, shown
from nennep.search import services as search
from nennep.search.rules import Kind, Put

Row = TypeVar("Row", bound=Model)
_BATCH = 500


def find_document(document: Document) -> None:
    """Make a document findable as it now stands: a draft by its own unit and those asked for an opinion, what is
    issued also by those it went to and those above. What was dropped is forgotten.
    """
    if document.state == State.DROPPED:
        search.forget(Kind.DOCUMENT, document.pk)
    else:
        search.put_many(_document_puts([document]))


def find_clauses_of(document: Document) -> None:
    """Make the clauses of a directive findable; those withdrawn are forgotten."""
    clauses = list(document.clauses.select_related("document__type__series"))
    search.put_many(_clause_puts([clause for clause in clauses if clause.withdrawn_on is None]))
    search.forget_many(Kind.CLAUSE, [clause.pk for clause in clauses if clause.withdrawn_on is not None])


def forget_clauses_of(document: Document) -> None:
    search.forget_many(Kind.CLAUSE, list(document.clauses.values_list("pk", flat=True)))


def find_incoming(incoming: Incoming) -> None:
    """Make a paper from outside findable; of a secret one nothing is. What a unit here issued is found as itself."""
    if not incoming.secret:
        search.put_many([incoming_put(incoming)])


def find_regulations() -> None:
    """Make the regulations findable, each by its newest text."""
    search.put_many(regulation_puts())


def all_puts() -> Iterator[Put]:
    """Everything of documents that can be found, for the index to be built of."""
    yield from regulation_puts()
    documents = Document.objects.exclude(state=State.DROPPED).select_related("type__series").order_by("pk")
    for some in _batches(documents):
        yield from _document_puts(some)
    clauses = Clause.objects.filter(withdrawn_on__isnull=True).select_related("document__type__series").order_by("pk")
    for each in _batches(clauses):
        yield from _clause_puts(each)
    for incoming in Incoming.objects.filter(secret=False, dispatch__isnull=True).iterator(500):
        yield incoming_put(incoming)


def _document_puts(documents: Sequence[Document]) -> Iterator[Put]:
    audiences = _audiences(documents)
    for document in documents:
        text = Text.from_json(document.draft)
        name = " ".join(part for part in (document.type.name, document.numbered, document.subject) if part)
        yield Put(
            Kind.DOCUMENT,
            document.pk,
            document.unit_id,
            name,
            "\n".join(shown(block.words) for block in text.blocks),
            document.issued_on or document.created_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
            tuple(audiences[document.pk]),
            within_unit=document.state not in ISSUED_STATES,
        )


def regulation_puts() -> Iterator[Put]:
    newest = {version.regulation_id: version for version in RegulationVersion.objects.order_by("starts_on")}
    regulations = RegulationVersion.objects.filter(pk__in=[version.pk for version in newest.values()])
    for version in regulations.select_related("regulation").order_by("regulation__order"):
        words = "\n".join(f"{article['title']} {article['text']}".strip() for article in version.articles)
        name = f"{version.regulation.number} {version.regulation.name}"
        yield Put(Kind.REGULATION, version.regulation_id, None, name, words, version.starts_on)


def _clause_puts(clauses: Sequence[Clause]) -> Iterator[Put]:
    documents = {clause.document_id: clause.document for clause in clauses}
    audiences = _audiences(list(documents.values()))
    for clause in clauses:
        document = clause.document
        name = f"{clause.label} {document.type.name} {document.numbered}"
        audience = tuple(audiences[document.pk])
        yield Put(Kind.CLAUSE, clause.pk, document.unit_id, name, clause.text, _issued_on(document), audience)


def _issued_on(document: Document) -> date:
    if document.issued_on is None:
        raise ValueError(f"document {document.pk} has clauses and was not issued")
    return document.issued_on


def incoming_put(incoming: Incoming) -> Put:
    name = f"{incoming.type_name} {incoming.number}/{incoming.symbol} {incoming.subject}"
    return Put(Kind.INCOMING, incoming.pk, incoming.unit_id, name, incoming.issuer, incoming.arrived_on)


def _audiences(documents: Sequence[Document]) -> Mapping[int, list[int]]:
    """The units besides its own that may see each: where it was sent, or while it is a draft those asked about it."""
    issued = [document.pk for document in documents if document.state in ISSUED_STATES]
    drafts = [document.pk for document in documents if document.state not in ISSUED_STATES]
    sent = Dispatch.objects.filter(document__in=issued, sent_at__isnull=False)
    asked = OpinionRequest.objects.filter(version__document__in=drafts)
    found: dict[int, list[int]] = defaultdict(list)
    for document_id, unit_id in chain(
        sent.values_list("document_id", "unit_id"), asked.values_list("version__document_id", "unit_id").distinct()
    ):
        found[document_id].append(unit_id)
    return found


def _batches(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    waiting = rows.iterator(_BATCH)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
