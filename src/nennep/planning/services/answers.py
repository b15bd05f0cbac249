"""Why a unit has no task for a clause."""

from __future__ import annotations

from django.db import transaction

from nennep.documents.models import Clause
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.models import ClauseAnswer
from nennep.planning.queries import coverage
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.services import writing

LONGEST_REASON = 500


@transaction.atomic
def answer_clause(clause_id: int, reason: str, *, by: Actor, unit_id: int | None = None) -> ClauseAnswer:
    """Say why a unit (the actor's own where none is named) has no task for a clause that binds it today.

    What bound a unit that is gone binds its heir, who answers for itself. The newest answer counts; a task makes it
    moot.

    Raises Clause.DoesNotExist, NotAuthorised, PlanningRefused (clause_withdrawn, clause_not_addressed,
    answer_needs_reason, too_long).
    """
    unit = unit_id if unit_id is not None else by.unit_id or 0
    clause = Clause.objects.select_for_update().get(pk=clause_id)
    writing.require_own(by, Permission.PLANNING_WRITE, unit)
    if clause.withdrawn_on is not None and clause.withdrawn_on <= by.today:
        raise PlanningRefused(
            "clause_withdrawn", label=clause.label, withdrawn_on=clause.withdrawn_on, said=clause.withdrawn_reason
        )
    if not coverage.clause_detail(clause_id, {unit}, by.today).units:
        raise PlanningRefused("clause_not_addressed", clause=clause_id)
    reason = reason.strip()
    if not reason:
        raise PlanningRefused("answer_needs_reason")
    if len(reason) > LONGEST_REASON:
        raise PlanningRefused("too_long", part="reason", longest=LONGEST_REASON)
    answer = ClauseAnswer.objects.create(
        clause=clause,
        unit_id=unit,
        reason=reason,
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    journal.record("planning.answer-clause", answer, by=by, over=unit, details={"clause": clause_id})
    return answer
