"""Replacing the Word template of a family from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, transaction

from nennep.documents.models import WordTemplate
from nennep.documents.queries.templates import keeper_of_templates
from nennep.documents.rules.layout import Family
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.shut_in import check_safely
from nennep.documents.word_templates import Refusal
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission

LONGEST_NOTE = 300


class TemplateRefused(DocumentsRefused):
    """A file that is no template: `refusals` say what was found and where. Nothing was kept."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("not_a_template", count=len(refusals))
        self.refusals = tuple(refusals)


def replace_template(data: bytes, *, family: Family, starts_on: date, by: Actor, note: str = "") -> WordTemplate:
    """Let papers of a family be written into this Word file from a day on: today or a later one.

    What was issued before keeps the template of its day. Raises NotAuthorised; TemplateRefused with all that speaks
    against the file; DocumentsRefused (`day_is_past`, `day_is_taken`).
    """
    _require_keeper(by)
    # Reading the file takes seconds and touches no table: nobody waits for it at a lock.
    refusals = check_safely(data)
    if refusals:
        raise TemplateRefused(refusals)
    return _replace(data, family, starts_on, note.strip()[:LONGEST_NOTE], by=by)


@transaction.atomic
def _replace(data: bytes, family: Family, starts_on: date, note: str, *, by: Actor) -> WordTemplate:
    over = _require_keeper(by)
    if starts_on < by.today:
        # Papers of that day have gone out already, and must look tomorrow as they look today.
        raise DocumentsRefused("day_is_past", on=starts_on)
    template = WordTemplate(
        family=family,
        data=data,
        digest=sha256(data).hexdigest(),
        starts_on=starts_on,
        uploaded_at=by.at,
        uploaded_by=by.person_name,
        note=note,
    )
    try:
        with transaction.atomic():
            template.save(force_insert=True)
    except IntegrityError as error:
        raise DocumentsRefused("day_is_taken", on=starts_on) from error
    details = {"family": str(family), "starts_on": starts_on.isoformat(), "digest": template.digest}
    journal.record("documents.replace-template", template, by=by, over=over, details=details)
    return template


def _require_keeper(by: Actor) -> int:
    """The unit that keeps the templates; raises NotAuthorised for anybody who may not configure documents there."""
    keeper = keeper_of_templates(by.today)
    if keeper is None:
        raise NotAuthorised(Permission.DOCUMENTS_CONFIGURE, hidden=True)
    organisation.require(by, Permission.DOCUMENTS_CONFIGURE, over=keeper)
    return keeper
