"""What surrounds a draft: its versions, remarks, opinions, and what of it is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q, QuerySet

from nennep.documents.models import Comment, Document, DocumentVersion, Opinion, OpinionRequest
from nennep.documents.queries import documents
from nennep.documents.queries.sight import is_own, own_units
from nennep.documents.rules.states import OPEN_STATES, State, Verdict
from nennep.documents.rules.text import Change, Gap, Text, compare, labels, numbering_gaps, shown
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission

# --- versions and remarks -------------------------------------------------------------------------


def versions(document_id: int, *, by: Actor) -> QuerySet[DocumentVersion]:
    """The versions of a document, newest first. A unit that was asked for its opinion sees those it was asked about.

    Raises NotAuthorised(hidden=True) when the document is not seen.
    """
    document = documents.document(document_id, by=by)
    found = DocumentVersion.objects.filter(document=document).order_by("-number")
    if is_own(by, document.unit_id):
        return found
    asked = OpinionRequest.objects.filter(version__document=document, unit__in=own_units(by))
    return found.filter(Q(pk__in=asked.values("version")) | Q(pk=_issued_version(document)))


def _issued_version(document: Document) -> int | None:
    return document.current_version_id if document.number is not None else None


def version(document_id: int, number: int, *, by: Actor) -> DocumentVersion:
    """One version by its number. Raises NotAuthorised(hidden=True) when it is not seen or not there."""
    found = versions(document_id, by=by).filter(number=number).first()
    if found is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return found


def changes_between(before: DocumentVersion, after: DocumentVersion) -> list[Change]:
    """What changed from one version of a document to another, block by block."""
    return compare(Text.from_json(before.content_data), Text.from_json(after.content_data))


def comments(document_id: int, *, by: Actor) -> QuerySet[Comment]:
    """The remarks on a document, open ones first, then in the order they were made. Raises NotAuthorised.

    A unit that was asked for its opinion sees those of its own people.
    """
    document = documents.document(document_id, by=by)
    found = Comment.objects.filter(document=document).order_by(F("settled_at").asc(nulls_first=True), "pk")
    if is_own(by, document.unit_id):
        return found
    return found.filter(person_id=by.person_id) if by.person_id is not None else found.none()


# --- opinions -------------------------------------------------------------------------------------


def requests(document_id: int, *, by: Actor) -> QuerySet[OpinionRequest]:
    """Which units were asked about which versions of a document; those of the actor's own unit alone when the document
    is another's. Raises NotAuthorised.
    """
    document = documents.document(document_id, by=by)
    found = OpinionRequest.objects.filter(version__document=document).select_related("version", "unit")
    if not is_own(by, document.unit_id):
        found = found.filter(unit__in=own_units(by))
    return found.order_by("version__number", "unit__code")


def asked_of_me(by: Actor) -> QuerySet[OpinionRequest]:
    """What the actor's unit is asked about and has not answered, soonest due first."""
    found = OpinionRequest.objects.filter(
        unit__in=own_units(by),
        answered_at__isnull=True,
        version__document__state__in=[*OPEN_STATES, State.SUBMITTED, State.AGREED],
    )
    return found.select_related("version__document__type__series", "version__document__unit").order_by("due_on", "pk")


def request(request_id: int, *, by: Actor) -> OpinionRequest:
    """One request with its version. Raises NotAuthorised(hidden=True) for other units than the asked and the asking."""
    found = OpinionRequest.objects.filter(pk=request_id).select_related("version__document__type__series", "unit")
    one = found.first()
    if one is None or not (is_own(by, one.unit_id) or is_own(by, one.version.document.unit_id)):
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return one


def request_for_update(request_id: int, *, by: Actor) -> OpinionRequest:
    """The same, locked until the transaction ends."""
    OpinionRequest.objects.select_for_update().filter(pk=request_id).first()
    return request(request_id, by=by)


def opinion_for_update(opinion_id: int) -> Opinion:
    """One opinion, locked until the transaction ends. Raises NotAuthorised(hidden=True) when there is none."""
    found = Opinion.objects.select_for_update().filter(pk=opinion_id).first()
    if found is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return found


@dataclass(frozen=True)
class MatrixRow:
    """One opinion of one unit and what became of it, or one unit that said nothing more, or has not answered.

    `label` is what the block is cited by in the version that was asked about, `words` what stood there; `change` is
    what an accepted opinion caused.
    """

    request: OpinionRequest
    unit_name: str
    opinion: Opinion | None
    label: str = ""
    words: str = ""
    change: Change | None = None

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.opinion.verdict) if self.opinion else Verdict.OPEN

    @property
    def is_answered(self) -> bool:
        return self.request.answered_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the drafter still has to settle it."""
        return self.opinion is not None and self.verdict is Verdict.OPEN


def opinion_matrix(document_id: int, *, by: Actor) -> list[MatrixRow]:
    """Every opinion on a document in the order of its blocks, then units that agreed, then those that are silent.

    A unit that was asked sees its own rows. The number of queries does not grow with the opinions. Raises
    NotAuthorised.
    """
    asked = list(requests(document_id, by=by))
    opinions = Opinion.objects.filter(request__in=asked).select_related("changed_in").order_by("pk")
    names = organisation.units_known_by(by.today, ids=[one.unit_id for one in asked])
    texts = _Texts({one.version_id: one.version for one in asked})
    of_request: dict[int, list[Opinion]] = {}
    for opinion in opinions:
        of_request.setdefault(opinion.request_id, []).append(opinion)
    rows = []
    for one in asked:
        unit_name = names[one.unit_id].name
        said = of_request.get(one.pk, [])
        rows += [_row(one, unit_name, opinion, texts) for opinion in said] or [MatrixRow(one, unit_name, None)]
    return sorted(rows, key=lambda row: _order(row, texts))


def _row(request: OpinionRequest, unit_name: str, opinion: Opinion, texts: _Texts) -> MatrixRow:
    asked = texts.of(request.version)
    block = asked.block(opinion.block)
    change = None
    if opinion.changed_in is not None:
        change = texts.changes(request.version, opinion.changed_in).get(opinion.changed_block)
    label = texts.labels(request.version).get(opinion.block, "")
    return MatrixRow(request, unit_name, opinion, label, shown(block.words) if block else "", change)


def _order(row: MatrixRow, texts: _Texts) -> tuple[int, int, int, str, int]:
    if row.opinion is None:
        return (1 if row.is_answered else 2, 0, 0, row.unit_name, 0)
    places = [block.id for block in texts.of(row.request.version).blocks]
    place = places.index(row.opinion.block) if row.opinion.block in places else -1
    return (0, row.request.version.number, place, row.unit_name, row.opinion.pk)


class _Texts:
    """The texts of versions, each read once, and what changed between two of them."""

    def __init__(self, known: Mapping[int, DocumentVersion]) -> None:
        self._versions = known
        self._texts: dict[int, Text] = {}
        self._labels: dict[int, Mapping[str, str]] = {}
        self._changes: dict[tuple[int, int], dict[str, Change]] = {}

    def of(self, version: DocumentVersion) -> Text:
        if version.pk not in self._texts:
            self._texts[version.pk] = Text.from_json(version.content_data)
        return self._texts[version.pk]

    def labels(self, version: DocumentVersion) -> Mapping[str, str]:
        if version.pk not in self._labels:
            self._labels[version.pk] = labels(self.of(version))
        return self._labels[version.pk]

    def changes(self, before: DocumentVersion, after: DocumentVersion) -> Mapping[str, Change]:
        pair = before.pk, after.pk
        if pair not in self._changes:
            found = compare(self.of(before), self.of(after))
            self._changes[pair] = {change.block.id: change for change in found}
        return self._changes[pair]


# --- what is open ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """What of a draft is not dealt with. Nothing of it forbids to hand the draft on; all of it is told before."""

    unsettled: int
    unanswered: int
    comments: int
    gaps: tuple[Gap, ...]

    @cached_property
    def anything(self) -> bool:
        return bool(self.unsettled or self.unanswered or self.comments or self.gaps)


def open_matters(document: Document) -> Open:
    """Opinions nobody settled, units that have not answered, remarks, and numbers that do not follow. Three queries."""
    asked = OpinionRequest.objects.filter(version__document=document)
    return Open(
        Opinion.objects.filter(request__in=asked, verdict=Verdict.OPEN).count(),
        asked.filter(answered_at__isnull=True).count(),
        Comment.objects.filter(document=document, settled_at__isnull=True).count(),
        tuple(numbering_gaps(Text.from_json(document.draft))),
    )
