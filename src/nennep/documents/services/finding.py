"""What the index is told of documents, clauses and incoming papers; and all of it, to build the index anew."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings

from nennep.documents.models import Clause, Dispatch, Document, Incoming, OpinionRequest, RegulationVersion
from nennep.documents.rules.states import ISSUED_STATES, State
from nennep.documents.rules.text import Text, shown
from nennep.search import services as search
from nennep.search.rules import Kind, Put


def find_document(document: Document) -> None:
    """Make a document findable as it now stands: a draft by its own unit and those asked for an opinion, what is
    issued also by those it went to and those above. What was dropped is forgotten.
    """
    if document.state == State.DROPPED:
        search.forget(Kind.DOCUMENT, document.pk)
    else:
        search.put_many([document_put(document)])


def find_clauses_of(document: Document) -> None:
    """Make the clauses of a directive findable; those withdrawn are forgotten."""
    audience = _sent_to(document)
    search.put_many(clause_put(clause, audience) for clause in document.clauses.filter(withdrawn_on__isnull=True))
    gone = document.clauses.filter(withdrawn_on__isnull=False).values_list("pk", flat=True)
    search.forget_many(Kind.CLAUSE, list(gone))


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
    for document in Document.objects.exclude(state=State.DROPPED).select_related("type__series").iterator(500):
        yield document_put(document)
    standing = Clause.objects.filter(withdrawn_on__isnull=True).select_related("document__type__series")
    for clause in standing.order_by("document_id").iterator(500):
        yield clause_put(clause, _sent_to(clause.document))
    for incoming in Incoming.objects.filter(secret=False, dispatch__isnull=True).iterator(500):
        yield incoming_put(incoming)


def document_put(document: Document) -> Put:
    is_issued = document.state in ISSUED_STATES
    text = Text.from_json(document.draft)
    name = " ".join(part for part in (document.type.name, document.numbered, document.subject) if part)
    return Put(
        Kind.DOCUMENT,
        document.pk,
        document.unit_id,
        name,
        "\n".join(shown(block.words) for block in text.blocks),
        document.issued_on or document.created_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
        audience=_sent_to(document) if is_issued else _asked(document),
        within_unit=not is_issued,
    )


def regulation_puts() -> Iterator[Put]:
    newest = {version.regulation_id: version for version in RegulationVersion.objects.order_by("starts_on")}
    regulations = RegulationVersion.objects.filter(pk__in=[version.pk for version in newest.values()])
    for version in regulations.select_related("regulation").order_by("regulation__order"):
        words = "\n".join(f"{article['title']} {article['text']}".strip() for article in version.articles)
        name = f"{version.regulation.number} {version.regulation.name}"
        yield Put(Kind.REGULATION, version.regulation_id, None, name, words, version.starts_on)


def clause_put(clause: Clause, audience: tuple[int, ...]) -> Put:
    document = clause.document
    name = f"{clause.label} {document.type.name} {document.numbered}"
    dated_on = document.issued_on or clause.due_on
    if dated_on is None:
        raise ValueError(f"clause {clause.pk} stands in a directive that was not issued")
    return Put(Kind.CLAUSE, clause.pk, document.unit_id, name, clause.text, dated_on, audience)


def incoming_put(incoming: Incoming) -> Put:
    name = f"{incoming.type_name} {incoming.number}/{incoming.symbol} {incoming.subject}"
    return Put(Kind.INCOMING, incoming.pk, incoming.unit_id, name, incoming.issuer, incoming.arrived_on)


def _sent_to(document: Document) -> tuple[int, ...]:
    sent = Dispatch.objects.filter(document=document, sent_at__isnull=False)
    return tuple(sent.values_list("unit_id", flat=True))


def _asked(document: Document) -> tuple[int, ...]:
    asked = OpinionRequest.objects.filter(version__document=document)
    return tuple(asked.values_list("unit_id", flat=True).distinct())
