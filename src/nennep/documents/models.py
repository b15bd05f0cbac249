"""Document types, drafts and their versions, the route, registers, dispatches, clauses, regulations, templates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import numbered
from nennep.documents.rules.states import Direction, NumberState, State, Urgency, Verdict
from nennep.organisation.models import Appointment, Unit
from nennep.organisation.rules import Span


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name=name)


class Signed(models.Model):
    """Who did something, in which post, when: as it stood then, so that a later change of name alters nothing."""

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Series(models.Model):
    """How numbers run: one series for all types in a year (state), or one for each type in a term (party)."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    family = models.CharField(max_length=16)  # rules.layout.Family: state, party
    by_term = models.BooleanField(default=False)
    by_type = models.BooleanField(default=False)
    clause = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.code


class Term(models.Model):
    """A term of the party committees, over which their numbers run on."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (_ends_after_it_starts("a_term_ends_after_it_starts"),)

    def __str__(self) -> str:
        return self.code


class DocumentType(models.Model):
    """A type of document: its abbreviation, who issues and signs it, how it looks and how it is numbered.

    `issuers` lists the kinds of units that issue it (empty: all); `signers` lists rows of `unit_kind`, `post` (code),
    `capacity` (rules.Capacity name) and `in_place_of` (title). `body` names the collective (T/M) of party papers.
    """

    code = models.CharField(max_length=40)
    abbreviation = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    group = models.CharField(max_length=40)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="types")
    binds = models.BooleanField(default=False)
    is_letter = models.BooleanField(default=False)
    has_addressee = models.BooleanField(default=False)
    issuers = models.JSONField(default=list)
    signers = models.JSONField(default=list)
    outline = models.JSONField(default=list)
    clause = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("a_document_type_ends_after_it_starts"),
            models.UniqueConstraint(fields=["code", "starts_on"], name="a_document_type_begins_once_on_a_day"),
        )

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One paper of a unit: a draft that is written in, versions of it, and what became of it.

    `draft` is what is being written (rules.text.Text as JSON); `current_version` is what was last handed on. The number
    is drawn when it is issued. `answers` is the directive which it carries out.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="documents")
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="documents")
    subject = models.CharField(max_length=500)
    state = models.CharField(max_length=16, default=State.DRAFT, choices=[(s.value, s.value) for s in State])
    urgency = models.CharField(max_length=16, default=Urgency.NORMAL, choices=[(u.value, u.value) for u in Urgency])
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_at = models.DateTimeField(null=True)
    draft_by = models.CharField(max_length=160, blank=True)
    current_version = models.ForeignKey("DocumentVersion", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    signer = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="documents_to_sign")
    capacity = models.CharField(max_length=16, blank=True)  # name of rules.Capacity
    in_place_of = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)
    signer_name = models.CharField(max_length=160, blank=True)
    signer_rank = models.CharField(max_length=60, blank=True)
    signer_post = models.CharField(max_length=200, blank=True)

    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="a_document_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "in_force", "replaced", "recalled", "expired"])
                | (Q(number__isnull=False) & Q(issued_on__isnull=False)),
                name="an_issued_document_has_number_and_day",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state"], name="documents_by_unit_and_state"),
            models.Index(fields=["unit", "issued_on"], name="documents_by_unit_and_day"),
            models.Index(fields=["-issued_on", "-id"], name="documents_by_day"),
        )

    def __str__(self) -> str:
        return f"{self.type_id} {self.number or '…'}/{self.symbol}"

    @property
    def numbered(self) -> str:
        """Number and symbol as other papers name it: `05/KH-BTL`, `05-NQ/ĐU`; empty while it has none."""
        return numbered(Family(self.type.series.family), self.number, self.symbol) if self.number else ""


class DocumentVersion(Signed):
    """What was handed on: frozen with its digest, never changed, never deleted (the database refuses both)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=500)
    content_data = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["document", "number"], name="a_document_numbers_its_versions_once"),
        )

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class DocumentMove(Signed):
    """One step of a document's route. Never changed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="moves")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="moves")
    move = models.CharField(max_length=24)
    to_state = models.CharField(max_length=16)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.move} {self.document_id}"


class Dispatch(models.Model):
    """One addressee of a document and what became of it there.

    Named while the document is drafted (`sent_at` empty), sent when it is distributed, received, then acknowledged by
    somebody who says so. A recalled document is voided at each addressee; the trace stays.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="dispatches")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="dispatches")
    to_act = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=160, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=160, blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "unit"], name="a_document_names_a_unit_once"),)
        indexes = (models.Index(fields=["unit", "received_at"], name="dispatches_by_unit"),)

    def __str__(self) -> str:
        return f"{self.document_id} to {self.unit_id}"


class Register(models.Model):
    """A register (sổ đăng ký) of a unit: one series, one direction, one year or term. Its last number is drawn under
    a lock, so that numbers run without gaps. That of a term which nobody has ended yet stays open.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registers")
    direction = models.CharField(max_length=8, choices=[(d.value, d.value) for d in Direction])
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="registers")
    type_code = models.CharField(max_length=40, blank=True)  # where a series runs by type
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            _ends_after_it_starts("a_register_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["unit", "direction", "series", "type_code", "starts_on"], name="a_unit_keeps_a_register_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.direction} {self.series_id} {self.type_code} {self.starts_on:%Y}"

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)


class Incoming(models.Model):
    """A document that came in: from outside on paper or by mail, or by dispatch from inside.

    `secret` marks a stub: the system keeps number, day and place of keeping of a secret paper and nothing of its text.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="incoming")
    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, null=True, related_name="incoming")
    issuer = models.CharField(max_length=200)
    number = models.CharField(max_length=20)
    symbol = models.CharField(max_length=60, blank=True)
    type_name = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField()
    arrived_on = models.DateField()
    subject = models.CharField(max_length=500)
    due_on = models.DateField(null=True)
    handler = models.CharField(max_length=200, blank=True)
    kept_at = models.CharField(max_length=200, blank=True)
    secret = models.BooleanField(default=False)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["unit", "number", "symbol"], name="incoming_by_number"),)

    def __str__(self) -> str:
        return f"{self.number}/{self.symbol} to {self.unit_id}"


class RegisterEntry(models.Model):
    """One number of a register. It is reserved, used, used on paper, or voided; it never goes away."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in NumberState])
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="register_entries")
    incoming = models.ForeignKey(Incoming, on_delete=models.PROTECT, null=True, related_name="register_entries")
    dated_on = models.DateField()
    subject = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    person_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["register", "number"], name="a_register_gives_a_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="a_number_begins_at_one"),
            models.CheckConstraint(
                condition=~Q(state__in=["reserved", "voided", "paper"]) | ~Q(reason=""),
                name="a_number_without_a_document_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.register_id}: {self.number}"


class Comment(Signed):
    """A remark on a draft, at one of its blocks or on the whole (`block` empty)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="comments")
    block = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)

    def __str__(self) -> str:
        return f"on {self.document_id}"


class OpinionRequest(Signed):
    """A version of a draft sent to a unit for its opinion, by a day."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="opinion_requests")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="opinion_requests")
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "unit"], name="a_unit_is_asked_once_about_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.version_id} to {self.unit_id}"


class Opinion(Signed):
    """One opinion on a draft, and what the drafter made of it, with the change that it caused."""

    request = models.ForeignKey(OpinionRequest, on_delete=models.CASCADE, related_name="opinions")
    block = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    verdict = models.CharField(
        max_length=16, blank=True, default=Verdict.OPEN, choices=[(v.value, v.value) for v in Verdict]
    )
    explanation = models.TextField(blank=True)
    changed_in = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="opinions_met")
    changed_block = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(verdict="explained") | ~Q(explanation=""), name="an_explained_opinion_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} at {self.block}"


class Clause(models.Model):
    """One demand of a directive, as it was issued.

    `for_all` clauses address every unit the directive is sent to for action; others name theirs as addressees.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="clauses")
    block = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True)
    indicator = models.CharField(max_length=80, blank=True)
    figure = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    for_all = models.BooleanField(default=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["document", "block"], name="a_directive_has_each_clause_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_reason=""), name="a_withdrawn_clause_says_why"
            ),
        )
        indexes = (models.Index(fields=["document", "position"], name="clauses_by_document"),)

    def __str__(self) -> str:
        return f"{self.document_id} {self.label}"


class ClauseAddressee(models.Model):
    """A unit that a clause addresses by name."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="addressees")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="addressed_clauses")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["clause", "unit"], name="a_clause_addresses_a_unit_once"),)

    def __str__(self) -> str:
        return f"{self.clause_id} to {self.unit_id}"


class Regulation(models.Model):
    """A regulation that the rules of a pack cite: a decree, a circular, a rule book of the organisation."""

    code = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=200)
    sample = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.number


class RegulationVersion(models.Model):
    """The text of a regulation from a day on: articles with their clauses, each with the key rules cite it by."""

    regulation = models.ForeignKey(Regulation, on_delete=models.CASCADE, related_name="versions")
    decided_by = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    articles = models.JSONField()
    source = models.CharField(max_length=300)
    certain = models.BooleanField(default=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("a_regulation_ends_after_it_starts"),
            models.UniqueConstraint(fields=["regulation", "starts_on"], name="a_regulation_changes_once_on_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.regulation_id} from {self.starts_on}"


class WordTemplate(models.Model):
    """A Word file that gives a layout family its looks from a day on."""

    family = models.CharField(max_length=16)
    data = models.BinaryField()
    digest = models.CharField(max_length=64)
    starts_on = models.DateField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=160)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["family", "starts_on"], name="a_family_changes_its_template_once_on_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.family} from {self.starts_on}"
