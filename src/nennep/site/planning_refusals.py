"""What planning refuses, said in the reader's language: what is not possible now, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.organisation import queries as organisation
from nennep.planning.rules.refusals import PlanningRefused, StalePlan, StaleTask
from nennep.planning.rules.states import PlanMove, PlanState, TaskState, WrongMove

Facts = Mapping[str, Any]

PLAN_STATES: Mapping[PlanState, Promise] = {
    PlanState.DRAFT: later("being written"),
    PlanState.SUBMITTED: later("waiting for approval"),
    PlanState.RETURNED: later("returned"),
    PlanState.APPROVED: later("approved"),
    PlanState.ISSUED: later("issued"),
    PlanState.AMENDING: later("being amended"),
    PlanState.ENDED: later("ended"),
}
TASK_STATES: Mapping[TaskState, Promise] = {
    TaskState.OPEN: later("under way"),
    TaskState.DONE: later("done"),
    TaskState.CANCELLED: later("closed by a decision"),
    TaskState.HANDED_OVER: later("handed over"),
    TaskState.DROPPED: later("struck out"),
}
PLAN_MOVES: Mapping[PlanMove, Promise] = {
    PlanMove.SUBMIT: later("Hand in for approval"),
    PlanMove.RETURN: later("Return with a reason"),
    PlanMove.APPROVE: later("Approve"),
    PlanMove.ISSUE: later("Issue"),
    PlanMove.AMEND: later("Amend"),
    PlanMove.GIVE_UP: later("Give the amendment up"),
    PlanMove.END: later("End"),
}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _alive(facts: Facts) -> str:
    if facts["ends_on"] is not None:
        return _("%(unit)s exists only until %(day)s: name a unit that is there on each day of the task.") % {
            "unit": facts["unit_name"],
            "day": _day(facts["ends_on"]),
        }
    return _("%(unit)s exists only from %(day)s: name a unit that is there on each day of the task.") % {
        "unit": facts["unit_name"],
        "day": _day(facts["starts_on"]),
    }


#: What a rule says, by its code. Facts are those of the refusal, with `unit_name` where it names a unit.
_SAID: Mapping[str, Callable[[Facts], str]] = {
    # --- plans
    "plan_there_already": lambda _facts: _("Your unit has a plan of this kind for this period already: open it."),
    "no_such_plan": lambda _facts: _("There is no such plan to detail, or it is not in force yet."),
    "directive_not_addressed": lambda _facts: _("This directive does not bind your unit."),
    "plan_not_open": lambda facts: (
        _("The plan is %(state)s: it can be written in only as a draft, returned, or while it is amended.")
        % {"state": PLAN_STATES[PlanState(facts["state"])]}
    ),
    "plan_not_in_force": lambda _facts: _("The plan is not approved yet: results are told of tasks in force."),
    "plan_not_approved": lambda _facts: _("Only an approved plan becomes a document. Have it approved first."),
    "plan_ended": lambda facts: _("The plan “%(title)s” has ended: choose another.") % facts,
    "plan_without_tasks": lambda _facts: _("A plan without tasks is not handed in. Add at least one."),
    "nothing_changed": lambda _facts: _("Nothing is different from the version in force: change something or give up."),
    "own_submission": lambda _facts: _(
        "You handed this plan in yourself: somebody else in the unit or above it approves it."
    ),
    "never_approved": lambda _facts: _("This plan was never approved: there is nothing to go back to."),
    "holds_received_tasks": lambda _facts: _(
        "The amendment holds tasks that were handed over to your unit by a decision. They cannot be thrown away: "
        "hand the amendment in with them."
    ),
    "move_needs_reason": lambda _facts: _("Say why: this step needs a reason."),
    "amend_first": lambda _facts: _("The plan is in force: amend it first. Only calendars are rescheduled directly."),
    "reschedule_needs_reason": lambda _facts: _("The calendar is in force: say why the task is rescheduled."),
    "no_document_type": lambda _facts: _("The pack has no type of document for this kind of plan."),
    "document_on_its_way": lambda _facts: _(
        "The plan's document has been handed in: have it returned or issued before it is drawn up again."
    ),
    # --- tasks
    "no_such_task": lambda _facts: _("There is no such task, or it is not for you to see."),
    "task_needs_title": lambda _facts: _("Say in words what is to be done."),
    "too_long": lambda facts: _("That is too long: at most %(longest)s are taken.") % facts,
    "task_not_open": lambda facts: (
        _("The task is %(state)s and is no longer changed.") % {"state": TASK_STATES[TaskState(facts["state"])]}
    ),
    "task_not_dropped": lambda _facts: _("The task is not struck out."),
    "ends_before_it_begins": lambda _facts: _("It ends before it begins: turn the two round."),
    "outside_the_period": lambda facts: (
        _("The plan goes from %(first)s to %(last)s: what goes beyond belongs to the longer plan.")
        % {"first": _day(facts["first"]), "last": _day(facts["last"])}
    ),
    "time_without_start": lambda _facts: _("Say also at what time it begins."),
    "lead_out_of_reach": lambda facts: (
        _("%(unit)s does not stand under the plan's unit and cannot lead; it may take part.")
        % {"unit": facts["unit_name"]}
    ),
    "coordinating_out_of_reach": lambda facts: (
        _("%(unit)s stands neither under nor beside the plan's unit: ask the common superior.")
        % {"unit": facts["unit_name"]}
    ),
    "no_such_unit": lambda _facts: _("There is no such unit."),
    "unit_not_alive": _alive,
    "person_not_there": lambda _facts: _("This person holds no post in your unit or below it on that day."),
    "clause_not_addressed": lambda _facts: _("This clause binds neither your unit nor one above or below it."),
    "clause_withdrawn": lambda facts: (
        _("Clause %(label)s was withdrawn on %(day)s: %(said)s")
        % {"label": facts["label"], "day": _day(facts["withdrawn_on"]), "said": facts["said"]}
    ),
    "details_itself": lambda facts: (
        _("The task would detail itself: %(chain)s.") % {"chain": " → ".join(facts["chain"])}
    ),
    "details_nothing_longer_or_higher": lambda facts: (
        _("“%(title)s” stands neither in a longer plan nor in one of a unit above: it cannot be detailed here.") % facts
    ),
    "details_another_time": lambda facts: _("“%(title)s” belongs to a plan of another time.") % facts,
    "details_gone": lambda facts: _("“%(title)s” was struck out, closed or handed over: detail another.") % facts,
    "no_such_indicator": lambda facts: _("There is no indicator %(indicator)s in the plan's period.") % facts,
    "target_needs_figure": lambda _facts: _("A target needs a figure."),
    "figure_needs_indicator": lambda _facts: _("Say which indicator the figure is of, or write the target in words."),
    "figure_not_a_number": lambda facts: _("“%(figure)s” is not a number.") % facts,
    "figure_not_positive": lambda _facts: _("A target is more than nothing."),
    "figure_too_fine": lambda facts: _("The indicator has %(decimals)s decimals; “%(figure)s” has more.") % facts,
    "secret": lambda _facts: _(
        "This bears a mark of secrecy and may not be written here. Nothing of it was kept: it belongs on paper, or on a"
        " machine approved for it."
    ),
    # --- recurring duties
    "recurs_on_no_day": lambda _facts: _("Say on which days of the week or of the month it recurs."),
    "no_such_day": lambda _facts: _("There is no such day of the week or of the month."),
    "recurrence_over": lambda facts: _("This duty ended on %(day)s.") % {"day": _day(facts["ends_on"])},
    "change_in_the_past": lambda facts: (
        _("A duty changes from today (%(day)s) on; what is past stays.") % {"day": _day(facts["today"])}
    ),
    "recurs_that_day": lambda facts: (
        _("This duty falls on %(day)s already, or was struck out there: change that one.") % {"day": _day(facts["day"])}
    ),
    "not_a_calendar": lambda _facts: _("Recurring duties are written into calendars."),
    # --- handing over
    "decision_needs_number": lambda _facts: _("Name the number of the decision."),
    "decision_needs_reason": lambda _facts: _("Say what the decision says."),
    "decision_in_the_future": lambda _facts: _("The decision is dated after today."),
    "another_units_plan": lambda facts: _("“%(title)s” is not a plan of the receiving unit or of one above.") % facts,
    # --- answers and results
    "answer_needs_reason": lambda _facts: _("Say why the clause has no task."),
    "percent_out_of_bounds": lambda _facts: _("Progress goes from 0 to 100."),
    "task_not_done": lambda _facts: _("The task is not done yet."),
    "own_work": lambda _facts: _("Who finished the task does not vouch for its quality: somebody else does."),
    "quality_needs_evidence": lambda _facts: _("Name what shows that quality was kept."),
    "reopen_needs_reason": lambda _facts: _("Say why the task is open again."),
    "too_much_evidence": lambda facts: _("At most %(most)s pieces of evidence are named at once.") % facts,
    "no_such_evidence": lambda _facts: _("One piece of evidence does not exist, or is not for you to see."),
    "feed_needs_label": lambda _facts: _("Say what the feed is for."),
    "too_many_feeds": lambda facts: _("You have %(most)s feeds: end one first.") % facts,
    "not_a_calendar_plan": lambda _facts: _("Only a calendar takes entries in."),
}


def say_planning(refused: PlanningRefused | WrongMove, day: date) -> str:
    """Why an act of planning is not possible now, and what to do instead; units under their names of the day."""
    if isinstance(refused, WrongMove):
        return _("The plan is %(state)s: “%(move)s” is not possible now. Look at it again.") % {
            "state": PLAN_STATES[refused.state],
            "move": PLAN_MOVES[refused.move],
        }
    said = _SAID.get(refused.why)
    if said is None:
        return _("The rules of planning do not allow this now.")
    facts = dict(refused.facts)
    unit = facts.get("unit")
    if isinstance(unit, int):
        known = organisation.units_known_by(day, ids=[unit])
        facts["unit_name"] = known[unit].short_name if unit in known else _("The unit")
    return said(facts)


def say_stale(stale: StalePlan | StaleTask) -> str:
    """That somebody else wrote in between; the page shows both beside each other."""
    if isinstance(stale, StaleTask):
        return _("Somebody else has changed this task since you opened it. Nothing was lost: compare, and save again.")
    return _("Somebody else has changed this plan since you opened it. Nothing was lost: compare, and save again.")
