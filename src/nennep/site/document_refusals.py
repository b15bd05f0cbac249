"""What documents refuse, said in the reader's language: what is not possible now, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from nennep.documents.models import Document, RegisterEntry
from nennep.documents.rules.states import Move, State, WrongMove
from nennep.documents.services.refusals import DocumentsRefused

Facts = Mapping[str, Any]

DOCUMENT_STATES: Mapping[State, Promise] = {
    State.DRAFT: later("being written"),
    State.SUBMITTED: later("waiting to be agreed"),
    State.RETURNED: later("returned"),
    State.AGREED: later("agreed, to be signed"),
    State.SIGNED: later("signed, to be issued"),
    State.ISSUED: later("issued"),
    State.IN_FORCE: later("in force"),
    State.REPLACED: later("replaced"),
    State.RECALLED: later("recalled"),
    State.EXPIRED: later("expired"),
    State.DROPPED: later("given up"),
}
DOCUMENT_MOVES: Mapping[Move, Promise] = {
    Move.SUBMIT: later("Hand in to be agreed"),
    Move.WITHDRAW: later("Take back"),
    Move.RETURN: later("Return with a reason"),
    Move.AGREE: later("Agree"),
    Move.SIGN: later("Sign"),
    Move.ISSUE: later("Number and issue"),
    Move.ENTER_INTO_FORCE: later("Enter into force"),
    Move.REPLACE: later("Replace"),
    Move.RECALL: later("Recall"),
    Move.EXPIRE: later("End"),
    Move.DROP: later("Give up"),
}


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"


def cited(document: Document | None) -> str:
    """How people cite a document: its number and symbol, or its subject while it has none."""
    if document is None:
        return ""
    return document.numbered or document.subject


def _units(facts: Facts) -> str:
    return ", ".join(str(unit) for unit in facts["units"])


def _taken(facts: Facts) -> str:
    entry: RegisterEntry | None = facts.get("entry")
    told = {"number": facts["number"], "document": cited(facts.get("document")) or (entry.subject if entry else "")}
    if told["document"]:
        return _("Number %(number)s is taken already: %(document)s. Nothing was written.") % told
    return _("Number %(number)s is taken already. Nothing was written.") % told


def _left_out(facts: Facts) -> str:
    told = {"number": facts["number"], "first": facts["first"], "last": facts["last"]}
    return (
        _(
            "Number %(number)s would leave out %(first)s to %(last)s, and a register has no gaps. Keep those numbers"
            " first and say why, then enter this one."
        )
        % told
    )


#: What a rule says, by its code.
_SAID: Mapping[str, Callable[[Facts], str]] = {
    # --- a text
    "secret": lambda _facts: _(
        "The text bears a mark of secrecy. Secret papers are written on a machine of their own; here stands only their"
        " number and where the paper is kept. Nothing was saved."
    ),
    "no_subject": lambda _facts: _("Say in one line what the document is about."),
    "subject_too_long": lambda facts: _("The subject has %(letters)s letters; at most %(most)s are taken.") % facts,
    "nothing_written": lambda _facts: _("Nothing is written yet."),
    "not_being_written": lambda facts: (
        _("The document is %(state)s: its text is closed. Take it back or have it returned to write in it.")
        % {"state": DOCUMENT_STATES[facts["state"]]}
    ),
    "draft_changed": lambda facts: (
        _("%(saved_by)s has changed the draft since you opened it. Nothing was handed in: look at it again.") % facts
    ),
    "answers_no_directive": lambda _facts: _("Only a directive that was sent to your unit can be answered."),
    "unknown_type": lambda _facts: _("There is no such type of document today."),
    "type_binds_nobody": lambda facts: (
        _("A document of the type “%(type)s” binds nobody: its clauses stay plain.") % facts
    ),
    "no_such_block": lambda _facts: _("That place is no longer in the text. Look at it again."),
    "cannot_bind": lambda _facts: _("Only a numbered clause or a point binds units."),
    "figure_without_indicator": lambda _facts: _("A figure needs its indicator, and an indicator its figure."),
    "unknown_addressees": lambda facts: _("There are no such units: %(units)s.") % {"units": _units(facts)},
    "units_not_below": lambda facts: _("These units do not stand under yours: %(units)s.") % {"units": _units(facts)},
    "units_gone": lambda facts: (
        _("These units do not exist on the day: %(units)s. Name those that took their place.")
        % {"units": _units(facts)}
    ),
    "ends_before_it_starts": lambda _facts: _("It ends before it begins: mend one of the two days."),
    # --- remarks and opinions
    "not_open": lambda facts: (
        _("The document is %(state)s: remarks and opinions belong to a draft.")
        % {"state": DOCUMENT_STATES[facts["state"]]}
    ),
    "says_nothing": lambda _facts: _("The remark has no words."),
    "comment_too_long": lambda facts: _("The remark has %(letters)s letters; at most %(most)s are taken.") % facts,
    "asked_already": lambda _facts: _("These units were asked about this version already."),
    "due_in_the_past": lambda facts: _("The day %(day)s has passed.") % {"day": _day(facts["day"])},
    "no_units": lambda _facts: _("Choose at least one unit."),
    "asks_itself": lambda _facts: _("Your own unit is not asked for its opinion."),
    "answered_already": lambda facts: _("Your unit answered on %(at)s.") % {"at": _day(facts["at"])},
    "too_many_opinions": lambda facts: _("At most %(most)s opinions are taken at once.") % facts,
    "names_no_block": lambda _facts: _("Name the place in the text that the opinion changed."),
    "block_unchanged": lambda _facts: _(
        "That place reads as it did before the opinion. Name what was changed, or explain why nothing was."
    ),
    # --- the route
    "needs_reason": lambda _facts: _("Say why."),
    "already_signed": lambda _facts: _("It is signed: whoever signs cannot be changed any more."),
    "may_not_sign_this": lambda _facts: _("The holder of this post does not sign documents of this type today."),
    "another_signs": lambda facts: _("%(signer)s is to sign this document.") % facts,
    "changed_since_agreed": lambda _facts: _(
        "The text has changed since it was agreed. It is agreed again before it is signed."
    ),
    "newer_version_came": lambda _facts: _("A newer version came in the meantime. Read that one first."),
    "no_symbol": lambda _facts: _("The pack has no symbol for papers of your unit; the number cannot be written."),
    "day_to_come": lambda facts: _("The day %(day)s is still to come.") % {"day": _day(facts["day"])},
    "issued_before_signed": lambda _facts: _("It cannot be issued on a day before it was signed."),
    "starts_before_issued": lambda facts: (
        _("It enters into force on %(day)s at the earliest, the day it is issued.") % {"day": _day(facts["day"])}
    ),
    "type_not_in_force": lambda facts: _("Documents of the type “%(type)s” are not issued any more.") % facts,
    "unit_does_not_issue": lambda facts: (
        _("A unit like yours does not issue the type “%(type)s” (%(clause)s).") % facts
    ),
    "replaces_itself": lambda _facts: _("A document does not replace itself."),
    "not_in_force": lambda _facts: _("Only a document in force can be replaced."),
    "replaces_anothers": lambda _facts: _("Only your own unit's document can be replaced by yours."),
    "already_issued": lambda _facts: _("It is issued: its addressees stand. Send it on to further ones instead."),
    "not_issued": lambda _facts: _("It is not issued yet."),
    "recalled": lambda facts: _("It was recalled on %(on)s; it counts no longer.") % {"on": _day(facts["on"])},
    "addresses_itself": lambda _facts: _("A document is not sent to the unit that issues it."),
    "no_such_units": lambda _facts: _("One of the chosen units does not exist."),
    "already_withdrawn": lambda facts: _("The clause was withdrawn on %(on)s.") % {"on": _day(facts["on"])},
    # --- registers
    "count_out_of_bounds": lambda facts: _("From 1 to %(most)s numbers are kept at once.") % facts,
    "another_register": lambda facts: _("Number %(number)s belongs to another register.") % facts,
    "not_kept": lambda facts: _("Number %(number)s is not a kept one.") % facts,
    "day_outside": lambda facts: (
        _("The day %(day)s lies outside the year or term of the register.") % {"day": _day(facts["day"])}
    ),
    "paper_bears_another_day": lambda facts: (
        _("The paper under this number bears the day %(day)s.") % {"day": _day(facts["day"])}
    ),
    "cannot_be_voided": lambda facts: (
        _("Number %(number)s is used: recall its document instead. A number never goes away.") % facts
    ),
    "number_taken": _taken,
    "number_begins_at_one": lambda _facts: _("Numbers of a register begin at 1."),
    "number_voided": lambda facts: _("Number %(number)s was voided and is not used again.") % facts,
    "numbers_left_out": _left_out,
    "no_term": lambda facts: (
        _("No term of the committee is known for %(day)s; party numbers run over a term.") % {"day": _day(facts["day"])}
    ),
    "no_series": lambda _facts: _("The pack has no series for what comes in."),
    # --- what comes in
    "came_in_before": lambda facts: (
        ngettext(
            "A paper with this number, symbol and issuer is in the register already.",
            "%(count)s papers with this number, symbol and issuer are in the register already.",
            facts["count"],
        )
        % facts
    ),
    "needs_handler": lambda _facts: _("Say who is to deal with it."),
    "needs_outcome": lambda _facts: _("Say what came of it."),
    "due_before_arrived": lambda _facts: _("It cannot be due before it arrived."),
    "arrived_before_dated": lambda _facts: _("It cannot arrive before the day it bears."),
    "already_handled": lambda facts: _("It was dealt with on %(at)s.") % {"at": _day(facts["at"])},
    "needs_issuer": lambda _facts: _("Say who issued the paper."),
    "needs_number": lambda _facts: _("Say which number the paper bears."),
    "too_long": lambda facts: _("One of the fields is too long: at most %(most)s letters are taken there.") % facts,
    "needs_subject": lambda _facts: _("Say in one line what the paper is about."),
    "bears_secret_mark": lambda _facts: _(
        "The words bear a mark of secrecy. Enter it as a secret paper: number, day and place of keeping, no text."
    ),
    "secret_keeps_no_text": lambda _facts: _("Of a secret paper no words are kept here."),
    "secret_needs_place": lambda _facts: _("Say where the secret paper is kept."),
    # --- Word templates
    "not_a_template": lambda _facts: _(
        "The file cannot be a template. Nothing was kept; mend it in Word and try again."
    ),
    "day_is_past": lambda facts: (
        _("%(day)s is past: papers of that day have gone out and keep their looks. Choose today or a later day.")
        % {"day": _day(facts["on"])}
    ),
    "day_is_taken": lambda facts: (
        _("A template of this family begins on %(day)s already. Choose another day.") % {"day": _day(facts["on"])}
    ),
}


def say_documents(refused: DocumentsRefused | WrongMove) -> str:
    """Why an act of documents is not possible now, and what to do instead."""
    if isinstance(refused, WrongMove):
        return _("The document is %(state)s: “%(move)s” is not possible now. Look at it again.") % {
            "state": DOCUMENT_STATES[refused.state],
            "move": DOCUMENT_MOVES[refused.move],
        }
    said = _SAID.get(refused.why)
    return said(refused.facts) if said else _("The rules of documents do not allow this now.")
