"""The acts on a plan: make, write its texts, hand in, return, approve, issue, amend, give up, end."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from nennep.documents.models import Document
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, PlanVersion
from nennep.planning.queries import plans as queries
from nennep.planning.rules.details import why_not_detail
from nennep.planning.rules.plan_text import plan_title
from nennep.planning.rules.refusals import PlanningRefused, StalePlan
from nennep.planning.rules.states import ROUTE, PlanKind, PlanMove, PlanState, after
from nennep.planning.rules.versions import PlanTexts
from nennep.planning.services import writing

_LONGEST_TITLE, _LONGEST_TOPIC, _LONGEST_LINE, _MOST_LINES, _LONGEST_REASON = 300, 160, 4_000, 200, 500


@transaction.atomic
def make_plan(
    kind: PlanKind,
    period_code: str,
    *,
    by: Actor,
    unit_id: int | None = None,
    topic: str = "",
    title: str = "",
    details: int | None = None,
    answers: int | None = None,
) -> Plan:
    """Begin a draft of the actor's own unit's plan for a period: `2026`, `2026-H1`, `2026-Q4`, `2026-11`, `2026-W47`.

    `topic` tells several plans of one period apart; `details` is the longer or higher plan, `answers` the directive
    that it carries out. Without a title it is named after its kind, topic and period.

    Raises NotAuthorised, NoSuchPeriod, PlanningRefused (plan_there_already, unit_not_alive, no_such_plan,
    details_nothing_longer_or_higher, details_another_time, directive_not_addressed, too_long, secret).
    """
    period = queries.calendar().parse(period_code)
    owner = unit_id or by.unit_id or 0
    writing.require_own(by, Permission.PLANNING_WRITE, owner)
    unit = Unit.objects.select_for_update().get(pk=owner)
    topic, title = " ".join(topic.split()), " ".join(title.split())
    writing.refuse_secrets(topic, title)
    _check_length("topic", topic, _LONGEST_TOPIC)
    _check_length("title", title, _LONGEST_TITLE)
    if unit.starts_on >= period.ends_on or (unit.ends_on is not None and unit.ends_on <= period.starts_on):
        raise PlanningRefused("unit_not_alive", unit=unit.pk, starts_on=unit.starts_on, ends_on=unit.ends_on)
    there = Plan.objects.filter(unit=unit, kind=kind, period_code=period.code, topic=topic).first()
    if there is not None:
        raise PlanningRefused("plan_there_already", plan=there.pk)
    plan = Plan(
        unit=unit,
        kind=kind,
        period_kind=period.kind,
        period_code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        topic=topic,
        title=title or plan_title(kind, period, topic),
        texts=PlanTexts().as_json(),
    )
    plan.details = _higher(plan, details, by.today) if details is not None else None
    plan.answers = _directive(unit.pk, answers, by.today) if answers is not None else None
    plan.save()
    writing.find_plan(plan)
    journal.record("planning.make", plan, by=by, over=unit.pk, details={"period": period.code, "kind": str(kind)})
    return plan


def _higher(plan: Plan, plan_id: int, day: date) -> Plan:
    """The longer or higher plan. Raises PlanningRefused when it is neither, or may not be seen."""
    higher = Plan.objects.filter(pk=plan_id).first()
    if higher is None or (higher.unit_id != plan.unit_id and higher.current_version_id is None):
        raise PlanningRefused("no_such_plan", plan=plan_id)
    above = queries.superiors(organisation.tree_on(day), plan.unit_id)
    why = why_not_detail(queries.place_of(plan), queries.place_of(higher), above)
    if why:
        raise PlanningRefused(why, title=higher.title)
    return higher


def _directive(unit_id: int, document_id: int, day: date) -> Document:
    directive = Document.objects.filter(pk=document_id, type__binds=True, issued_on__isnull=False).first()
    units = queries.around(organisation.tree_on(day), unit_id)
    if directive is None or not queries.directive_reaches(directive, units):
        raise PlanningRefused("directive_not_addressed", document=document_id)
    return directive


@transaction.atomic
def save_texts(plan_id: int, texts: PlanTexts, *, revision: int, by: Actor, title: str = "") -> Plan:
    """Keep the parts of a plan in words, and its title when one is given. `revision` is the one the writer began from.

    Raises NotAuthorised, StalePlan when somebody wrote in between, PlanningRefused (plan_not_open, too_long, secret).
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    mine, title = texts.tidied(), " ".join(title.split())
    _require_revision(plan, revision, mine)
    _check_length("title", title, _LONGEST_TITLE)
    writing.refuse_secrets(title, *(line for lines in mine.as_json().values() for line in lines))
    for part, lines in mine.as_json().items():
        if len(lines) > _MOST_LINES:
            raise PlanningRefused("too_long", part=part, longest=_MOST_LINES)
        for line in lines:
            _check_length(part, line, _LONGEST_LINE)
    plan.texts, plan.title = mine.as_json(), title or plan.title
    plan.save(update_fields=["texts", "title"])
    writing.touch(plan)
    writing.find_plan(plan)
    journal.record("planning.write", plan, by=by, over=plan.unit_id, details={"revision": plan.revision})
    return plan


@transaction.atomic
def link_plan(plan_id: int, *, by: Actor, details: int | None, answers: int | None) -> Plan:
    """Say which plan a draft details and which directive it carries out. Raises NotAuthorised, PlanningRefused."""
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    plan.details = _higher(plan, details, by.today) if details is not None else None
    plan.answers = _directive(plan.unit_id, answers, by.today) if answers is not None else None
    plan.save(update_fields=["details", "answers"])
    writing.touch(plan)
    journal.record("planning.link", plan, by=by, over=plan.unit_id)
    return plan


# --- the route ------------------------------------------------------------------------------------


@transaction.atomic
def submit_plan(plan_id: int, *, revision: int, by: Actor) -> Plan:
    """Hand a draft or an amendment in for approval, as the actor saw it.

    Raises NotAuthorised, WrongMove, StalePlan, PlanningRefused (plan_without_tasks, nothing_changed).
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    state = after(PlanState(plan.state), PlanMove.SUBMIT)
    _require_revision(plan, revision)
    if not queries.tasks_of(plan.pk).exists():
        raise PlanningRefused("plan_without_tasks")
    if plan.current_version is not None and not queries.pending(plan):
        raise PlanningRefused("nothing_changed")
    return _moved(plan, PlanMove.SUBMIT, state, by=by)


@transaction.atomic
def return_plan(plan_id: int, *, by: Actor, reason: str) -> Plan:
    """Send a plan back to be written on. An amendment goes back to being an amendment: its plan stays in force.

    Raises NotAuthorised, WrongMove, PlanningRefused without a reason.
    """
    plan = queries.plan_for_update(plan_id)
    organisation.require(by, Permission.PLANNING_APPROVE, over=plan.unit_id)
    state = after(PlanState(plan.state), PlanMove.RETURN)
    if plan.current_version is not None:
        state = PlanState.AMENDING
    return _moved(plan, PlanMove.RETURN, state, by=by, reason=reason)


@transaction.atomic
def approve_plan(plan_id: int, *, revision: int, by: Actor) -> PlanVersion:
    """Approve a plan as the actor saw it: texts and tasks are frozen as its next version and in force.

    Who handed it in does not approve it, unless nobody else in the unit or above it may (rule of two pairs of eyes).

    Raises NotAuthorised, WrongMove, StalePlan, PlanningRefused (own_submission).
    """
    plan = queries.plan_for_update(plan_id)
    organisation.require(by, Permission.PLANNING_APPROVE, over=plan.unit_id)
    state = after(PlanState(plan.state), PlanMove.APPROVE)
    _require_revision(plan, revision)
    is_own = by.person_id is not None and queries.submitted_by(plan.pk) == by.person_id
    if is_own and queries.others_who_approve(plan, by.person_id or 0, by.today):
        raise PlanningRefused("own_submission")
    writing.step(plan, PlanMove.APPROVE, state, by=by, reason=plan.amend_reason)
    version = writing.freeze(plan, by=by, reason=plan.amend_reason)
    plan.amend_reason = ""
    plan.save(update_fields=["amend_reason"])
    details = {"period": plan.period_code, "version": version.number, "digest": version.digest}
    journal.record("planning.approve", plan, by=by, over=plan.unit_id, reason=version.reason, details=details)
    return version


@transaction.atomic
def issue_plan(plan_id: int, *, by: Actor) -> Plan:
    """Send an approved plan out: the units that it names see it from now on. Raises NotAuthorised, WrongMove."""
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    return _moved(plan, PlanMove.ISSUE, after(PlanState(plan.state), PlanMove.ISSUE), by=by)


@transaction.atomic
def amend_plan(plan_id: int, *, by: Actor, reason: str) -> Plan:
    """Open a plan in force to be changed; until the change is approved its last version stays in force.

    Raises NotAuthorised, WrongMove, PlanningRefused without a reason.
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    state = after(PlanState(plan.state), PlanMove.AMEND)
    plan = _moved(plan, PlanMove.AMEND, state, by=by, reason=reason)
    plan.amend_reason = reason.strip()
    plan.save(update_fields=["amend_reason"])
    return plan


@transaction.atomic
def give_up_amendment(plan_id: int, *, by: Actor, reason: str) -> Plan:
    """Throw an amendment away: texts and tasks are again what the version in force says.

    Raises NotAuthorised, WrongMove, PlanningRefused without a reason, or when the amendment holds tasks that were
    received by a decision: those are not lost by a change of mind.
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    after(PlanState(plan.state), PlanMove.GIVE_UP)
    if plan.current_version is None:
        raise PlanningRefused("never_approved")
    content = queries.content_of_version(plan.current_version)
    received = queries.tasks_of(plan.pk).filter(received_from__isnull=False).exclude(key__in=content.keys)
    if received.exists():
        raise PlanningRefused("holds_received_tasks", count=received.count())
    state = PlanState.ISSUED if writing.was_issued(plan) else PlanState.APPROVED
    writing.restore(plan, content)
    plan.amend_reason = ""
    plan.save(update_fields=["amend_reason"])
    writing.touch(plan)
    return _moved(plan, PlanMove.GIVE_UP, state, by=by, reason=reason)


@transaction.atomic
def end_plan(plan_id: int, *, by: Actor) -> Plan:
    """Close a plan whose time is over; what is unfinished can be carried on. Raises NotAuthorised, WrongMove."""
    plan = queries.plan_for_update(plan_id)
    organisation.require(by, Permission.PLANNING_APPROVE, over=plan.unit_id)
    return _moved(plan, PlanMove.END, after(PlanState(plan.state), PlanMove.END), by=by)


def _moved(plan: Plan, move: PlanMove, state: PlanState, *, by: Actor, reason: str = "") -> Plan:
    reason = reason.strip()
    if ROUTE[move].needs_reason and not reason:
        raise PlanningRefused("move_needs_reason", move=str(move))
    _check_length("reason", reason, _LONGEST_REASON)
    writing.step(plan, move, state, by=by, reason=reason)
    writing.find_plan(plan)
    details = {"period": plan.period_code, "revision": plan.revision}
    journal.record(f"planning.{move.replace('_', '-')}", plan, by=by, over=plan.unit_id, reason=reason, details=details)
    return plan


def _require_revision(plan: Plan, revision: int, mine: PlanTexts | None = None) -> None:
    if plan.revision != revision:
        raise StalePlan(PlanTexts.from_json(plan.texts), mine, plan.revision)


def _check_length(part: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise PlanningRefused("too_long", part=part, longest=longest)
