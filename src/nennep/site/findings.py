"""How findings and refusals of reporting are said on screen: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from nennep.documents.rules import format_date, format_number
from nennep.reporting.rules.checks import Finding, Problem
from nennep.reporting.rules.content import LONGEST_STATEMENT, IndicatorRule, StatementKind
from nennep.reporting.rules.states import Move, State, WrongMove
from nennep.reporting.services import ReportingRefused
from nennep.site.sayings import STATEMENTS, in_language


@dataclass(frozen=True)
class Said:
    """A short name of what is wrong, and a sentence with its figures."""

    what: str
    text: str


Facts = Mapping[str, Any]
Names = Mapping[str, IndicatorRule]


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def figure(value: object) -> str:
    """An exact figure in the reader's signs."""
    return format_number(cast("Decimal", value), language())


def _name(code: object, names: Names) -> str:
    rule = names.get(str(code))
    return in_language(rule.name, rule.name_en) if rule else str(code)


def _times(facts: Facts) -> Said:
    before, now = facts["before"], facts["now"]
    text = _("Before %(before)s, now %(now)s. Say why.") % {"before": figure(before), "now": figure(now)}
    if not before:
        return Said(_("None in the last period"), text)
    if not now:
        return Said(_("None in this period"), text)
    larger, smaller = max(before, now), min(before, now)
    times = figure((larger / smaller).quantize(Decimal("0.1")).normalize() + 0)
    what = _("%(times)s times the last period") if now > before else _("%(times)s times less than the last period")
    return Said(what % {"times": times}, text)


def _not_a_number(facts: Facts, names: Names) -> Said:
    del names
    return Said(_("Not a number"), _("“%(text)s” cannot be read as a number.") % {"text": str(facts["text"])[:40]})


def _ambiguous(facts: Facts, names: Names) -> Said:
    del names
    first, second = (figure(choice) for choice in facts["choices"][:2])
    text = _("“%(text)s” can mean %(first)s or %(second)s. Which is it?")
    return Said(_("Reads two ways"), text % {"text": facts["text"], "first": first, "second": second})


def _too_precise(facts: Facts, names: Names) -> Said:
    del names
    decimals = int(facts["decimals"])
    if decimals == 0:
        return Said(_("Whole numbers only"), _("This cell counts whole things."))
    text = ngettext("At most %(count)s decimal.", "At most %(count)s decimals.", decimals) % {"count": decimals}
    return Said(_("Too many decimals"), text)


def _below(facts: Facts, names: Names) -> Said:
    del names
    return Said(_("Too small"), _("It cannot be less than %(bound)s.") % {"bound": figure(facts["bound"])})


def _above(facts: Facts, names: Names) -> Said:
    del names
    return Said(_("Too large"), _("It cannot be more than %(bound)s.") % {"bound": figure(facts["bound"])})


def _part_over_whole(facts: Facts, names: Names) -> Said:
    told = {"part": figure(facts["part"]), "whole": figure(facts["whole"]), "name": _name(facts["of"], names)}
    return Said(_("Part larger than whole"), _("%(part)s of a total of %(whole)s (%(name)s).") % told)


def _unbalanced(facts: Facts, names: Names) -> Said:
    del names
    told = {"parts": figure(facts["parts"]), "whole": figure(facts["whole"])}
    return Said(_("Parts do not add up"), _("The parts make %(parts)s, the total says %(whole)s.") % told)


def _section_empty(facts: Facts, names: Names) -> Said:
    del names
    kind = STATEMENTS[StatementKind(str(facts["kind"]))]
    return Said(_("Write “%(kind)s”") % {"kind": kind}, _("The form asks for at least one."))


_SAID: Mapping[Problem, Callable[[Facts, Names], Said]] = {
    Problem.NOT_A_NUMBER: _not_a_number,
    Problem.AMBIGUOUS: _ambiguous,
    Problem.TOO_PRECISE: _too_precise,
    Problem.BELOW: _below,
    Problem.ABOVE: _above,
    Problem.PART_OVER_WHOLE: _part_over_whole,
    Problem.UNBALANCED: _unbalanced,
    Problem.JUMP: lambda facts, _names: _times(facts),
    Problem.CELL_EMPTY: lambda _facts, _names: Said(_("Empty"), _("Type the figure; a true nought is 0.")),
    Problem.STATEMENT_EMPTY: lambda _facts, _names: Said(_("Empty point"), _("Write it or remove it.")),
    Problem.SECTION_EMPTY: _section_empty,
    Problem.CAUSE_MISSING: lambda _facts, _names: Said(
        _("Write “%(kind)s”") % {"kind": STATEMENTS[StatementKind.CAUSE]}, _("A shortcoming needs its cause.")
    ),
}


def say(finding: Finding, names: Names) -> Said:
    """A finding in the reader's language; `names` are the indicators of its form."""
    return _SAID[finding.problem](finding.facts, names)


# --- refusals -------------------------------------------------------------------------------------


def _count(one: str, many: str) -> Callable[[Facts], str]:
    return lambda facts: ngettext(one, many, int(facts["count"])) % {"count": facts["count"]}


def _period_not_over(facts: Facts) -> str:
    ends_on = cast("date", facts["ends_on"])
    day = format_date(ends_on, language())
    return _("The period is not over: the books can be closed from %(day)s.") % {"day": day}


_REFUSED: Mapping[str, Callable[[Facts], str]] = {
    "no_organisation": lambda _facts: _("No unit stands at the top of this form's line today."),
    "period_of_another_kind": lambda _facts: _("This form has periods of another kind."),
    "form_not_in_force": lambda _facts: _("The form was not in force in this period."),
    "already_closed": lambda _facts: _("The books of this period are closed already."),
    "period_not_over": _period_not_over,
    "reports_wait": _count(
        "%(count)s report still waits to be accepted or returned. Decide on it first.",
        "%(count)s reports still wait to be accepted or returned. Decide on them first.",
    ),
    "missing_needs_reason": _count(
        "%(count)s unit on duty is missing: say why the books are closed without it.",
        "%(count)s units on duty are missing: say why the books are closed without them.",
    ),
    "not_on_duty": lambda _facts: _("Your unit does not report this form for this period."),
    "nothing_changed": lambda _facts: _("Nothing is different from the version that was handed in last."),
    "correction_needs_reason": lambda _facts: _(
        "The books of this period are closed: a correction needs a reason. Your draft is kept."
    ),
    "no_open_round_for_correction": lambda _facts: _(
        "No later period is open in which the correction could be booked. Your draft is kept; ask for the next "
        "period to be opened."
    ),
    "return_needs_remark": lambda _facts: _("Say what is wrong: a remark at a cell or a point, or a general one."),
    "closed_is_corrected_by_its_unit": lambda _facts: _(
        "The books are closed and this version counts: only its own unit can correct it."
    ),
    "newer_version_came": lambda _facts: _("A newer version came in the meantime. Look at it before you decide."),
    "made_on_the_bench": lambda _facts: _(
        "This report is brought together from the reports below: finish it on the bench of the synthesis."
    ),
    "nothing_handed_in": lambda _facts: _("Nothing has been handed in yet."),
}


def say_refused(refused: ReportingRefused) -> str:
    """Why an act is not possible now, and what to do instead."""
    said = _REFUSED.get(refused.why)
    return said(refused.facts) if said else _("The rules of reporting do not allow this now.")


def say_wrong_move(wrong: WrongMove) -> str:
    """Why a report in its state does not take a move: mostly, somebody else was quicker."""
    if wrong.move is Move.ACCEPT and wrong.state is State.ACCEPTED:
        return _("The report is accepted already.")
    if wrong.state is State.RETURNED:
        return _("The report was returned already; wait for its next version.")
    if wrong.state is State.DRAFT:
        return _("Nothing has been handed in yet.")
    return _("The report has changed in the meantime. Look at it again.")


def say_too_long(length: int) -> Said:
    """A statement past any sense: nothing of it is stored, everything else is."""
    told = {"length": figure(length), "most": figure(LONGEST_STATEMENT)}
    return Said(
        _("Too long: not saved"),
        _("The text has %(length)s letters; at most %(most)s are taken. Everything else is saved.") % told,
    )


def say_unreadable() -> str:
    """What was sent does not fit the form: a broken page or a tampered one."""
    return _(
        "The page sent something that this report does not have. Nothing was changed; the draft is kept as it was."
    )
