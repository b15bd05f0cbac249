"""How codes are said on screen, in the reader's language: periods, kinds of unit, states, kinds of statement, acts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.organisation.rules import Line, SuccessionKind
from nennep.reporting.rules.content import StatementKind
from nennep.reporting.rules.periods import Kind, Period
from nennep.reporting.rules.states import Standing, State

KINDS_OF_UNIT: Mapping[str, Promise] = {
    "headquarters": later("the whole force"),
    "province_command": later("province"),
    "post": later("post"),
    "naval_squadron": later("squadron"),
    "military_command": later("provincial military command"),
    "party_committee": later("provincial party committee"),
}
KINDS_OF_PERIOD: Mapping[Kind, Promise] = {
    Kind.WEEK: later("week"),
    Kind.MONTH: later("month"),
    Kind.QUARTER: later("quarter"),
    Kind.HALF: later("half-year"),
    Kind.NINE_MONTHS: later("nine months"),
    Kind.YEAR: later("year"),
}
STATES: Mapping[State, Promise] = {
    State.DRAFT: later("being written"),
    State.SUBMITTED: later("waiting to be accepted"),
    State.RETURNED: later("returned"),
    State.ACCEPTED: later("accepted"),
}
STANDINGS: Mapping[Standing, Promise] = {
    Standing.ON_TIME: later("on time"),
    Standing.LATE: later("late"),
    Standing.MISSING: later("missing"),
    Standing.RETURNED: later("returned"),
    Standing.NOT_DUE: later("not due yet"),
    Standing.NO_DUTY: later("not on duty"),
}
STATEMENTS: Mapping[StatementKind, Promise] = {
    StatementKind.RESULT: later("Result"),
    StatementKind.SHORTCOMING: later("Shortcoming"),
    StatementKind.CAUSE: later("Cause"),
    StatementKind.LESSON: later("Lesson"),
    StatementKind.TASK: later("Task ahead"),
    StatementKind.PROPOSAL: later("Proposal"),
    StatementKind.COMMENDATION: later("Commendation"),
}
LINES: Mapping[Line, Promise] = {
    Line.COMMAND: later("command"),
    Line.PARTY: later("party"),
    Line.PROFESSIONAL: later("professional"),
}
SUCCESSIONS: Mapping[SuccessionKind, Promise] = {
    SuccessionKind.MERGE: later("merged"),
    SuccessionKind.SPLIT: later("split"),
    SuccessionKind.RENAME: later("renamed"),
    SuccessionKind.TRANSFER: later("moved"),
}
#: Every act that the journal may hold; a test reads the services and compares.
ACTS: Mapping[str, Promise] = {
    "packs.load": later("loaded a pack"),
    "accounts.add": later("made an account"),
    "accounts.password": later("changed a password"),
    "accounts.activate": later("let a person sign in again"),
    "accounts.deactivate": later("stopped a person from signing in"),
    "accounts.email": later("changed a mail address"),
    "accounts.token": later("made an access token"),
    "accounts.revoke-token": later("ended an access token"),
    "documents.begin": later("began a document"),
    "documents.set-fields": later("said what a document is"),
    "documents.freeze": later("froze a version of a document"),
    "documents.comment": later("remarked on a draft"),
    "documents.settle-comment": later("settled a remark on a draft"),
    "documents.ask-opinions": later("asked for opinions on a draft"),
    "documents.give-opinions": later("gave an opinion on a draft"),
    "documents.settle-opinion": later("settled an opinion on a draft"),
    "documents.choose-signer": later("named who signs a document"),
    "documents.name-recipients": later("named the recipients of a document"),
    "documents.submit": later("handed a document on"),
    "documents.withdraw": later("took a document back before it was agreed to"),
    "documents.return": later("returned a document"),
    "documents.agree": later("agreed to a document"),
    "documents.sign": later("signed a document"),
    "documents.drop": later("gave a draft up"),
    "documents.issue": later("issued a document"),
    "documents.enter-into-force": later("brought a document into force"),
    "documents.replace": later("replaced a document by another"),
    "documents.recall": later("recalled a document"),
    "documents.expire": later("ended a document"),
    "documents.distribute": later("sent a document to further units"),
    "documents.receive": later("received a document"),
    "documents.acknowledge": later("acknowledged a document"),
    "documents.withdraw-clause": later("withdrew a clause"),
    "documents.reserve-numbers": later("kept numbers of a register"),
    "documents.void-number": later("voided a number of a register"),
    "documents.paper-number": later("entered a number used on paper"),
    "documents.register-incoming": later("registered an incoming paper"),
    "documents.hand-on-incoming": later("handed an incoming paper on"),
    "documents.close-incoming": later("brought an incoming paper to an end"),
    "documents.replace-template": later("replaced a Word template"),
    "organisation.create": later("added a unit"),
    "organisation.rename": later("renamed a unit"),
    "organisation.transfer": later("moved a unit"),
    "organisation.merge": later("merged units"),
    "organisation.split": later("split a unit"),
    "organisation.appoint": later("appointed a person"),
    "organisation.end-appointment": later("ended an appointment"),
    "reporting.open": later("opened a period"),
    "reporting.close": later("closed the books of a period"),
    "reporting.start": later("began a report"),
    "reporting.submit": later("handed in a report"),
    "reporting.correct": later("corrected a report after closing"),
    "reporting.accept": later("accepted a report"),
    "reporting.return": later("returned a report"),
    "reporting.remind": later("reminded of a report"),
    "intake.refuse": later("was refused a file with a mark of secrecy"),
    "intake.workbook": later("dropped a filled-in workbook"),
    "intake.fill": later("took figures over from a workbook"),
    "intake.receive": later("received a file"),
    "intake.set-round": later("said which report a file is for"),
    "intake.agree": later("agreed to the conversion of a text"),
    "intake.decide": later("took figures over from a file"),
    "intake.drop": later("put a file aside"),
    "intake.revoke-wording": later("took a learnt wording back"),
    "synthesis.begin": later("began a synthesis"),
    "synthesis.accept": later("accepted a sentence"),
    "synthesis.accept-section": later("accepted the proposals of a section"),
    "synthesis.split": later("took statements out of a group"),
    "synthesis.join": later("put sentences together"),
    "synthesis.choose-wording": later("chose another unit's wording"),
    "synthesis.ask-for-wording": later("asked the language model for a wording"),
    "synthesis.rewrite": later("rewrote a sentence"),
    "synthesis.move": later("moved a sentence"),
    "synthesis.leave-out": later("left a sentence out"),
    "synthesis.put-back": later("put a sentence back"),
    "synthesis.take-change": later("took a late change"),
    "synthesis.keep-old": later("kept what stood before a late change"),
    "synthesis.finish": later("finished a synthesis"),
    "synthesis.reopen": later("went on with a finished synthesis"),
    "planning.make": later("began a plan"),
    "planning.write": later("wrote the parts of a plan"),
    "planning.link": later("said what a plan details"),
    "planning.submit": later("handed in a plan"),
    "planning.return": later("returned a plan"),
    "planning.approve": later("approved a plan"),
    "planning.issue": later("issued a plan"),
    "planning.amend": later("began to amend a plan"),
    "planning.give-up": later("gave up amending a plan"),
    "planning.end": later("ended a plan"),
    "planning.document": later("drew up the document of a plan"),
    "planning.add-task": later("added a task"),
    "planning.change-task": later("changed a task"),
    "planning.move-task": later("moved a task in its plan"),
    "planning.drop-task": later("struck out a task"),
    "planning.put-back-task": later("put a task back"),
    "planning.reschedule": later("rescheduled a task"),
    "planning.take": later("took tasks over from a longer or higher plan"),
    "planning.carry": later("carried unfinished tasks into the next plan"),
    "planning.begin-recurrence": later("laid down a recurring duty"),
    "planning.change-recurrence": later("changed a recurring duty"),
    "planning.end-recurrence": later("ended a recurring duty"),
    "planning.recur": later("wrote recurring duties into a calendar"),
    "planning.hand-over": later("handed a task over by a decision"),
    "planning.close-by-decision": later("closed a task by a decision"),
    "planning.answer-clause": later("said why there is no task for a clause"),
    "planning.tell-progress": later("told the progress of a task"),
    "planning.finish-task": later("declared a task done"),
    "planning.keep-quality": later("said that a task's quality was kept"),
    "planning.reopen-task": later("went on with a finished task"),
    "planning.digest": later("ran the daily reminders"),
    "planning.make-feed": later("made a calendar address"),
    "planning.revoke-feed": later("revoked a calendar address"),
    "planning.import-calendar": later("took over a calendar file"),
}


def kind_of_unit(kind: str) -> str:
    return str(KINDS_OF_UNIT.get(kind, kind))


def period_label(period: Period) -> str:
    """`Tháng 11/2026`, `Quý IV/2026`, `6 tháng đầu năm 2026`, `Năm 2026`, `Tuần 47/2026`."""
    year, number = period.year, period.number
    if period.kind is Kind.MONTH:
        return _("Month %(number)s/%(year)s") % {"number": number, "year": year}
    if period.kind is Kind.QUARTER:
        roman = ("I", "II", "III", "IV")[number - 1]
        return _("Quarter %(number)s/%(year)s") % {"number": roman, "year": year}
    if period.kind is Kind.WEEK:
        return _("Week %(number)s/%(year)s") % {"number": number, "year": year}
    if period.kind is Kind.HALF:
        wording = _("First half of %(year)s") if number == 1 else _("Second half of %(year)s")
        return wording % {"year": year}
    if period.kind is Kind.NINE_MONTHS:
        return _("Nine months of %(year)s") % {"year": year}
    return _("Year %(year)s") % {"year": year}


def period_within(period: Period) -> str:
    """The period within a sentence: `tháng 11/2026`."""
    label = period_label(period)
    return label if get_language() == "en" else f"{label[0].lower()}{label[1:]}"


def period_dates(period: Period) -> str:
    """The true days, for periods are not calendar months: `15/10 – 14/11`, with years where they differ."""
    first, last = period.starts_on, period.last_day
    if first.year == last.year:
        return f"{first:%d/%m} – {last:%d/%m}"
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def in_language(vietnamese: str, english: str) -> str:
    """Data that carries both languages, in the reader's."""
    return english if get_language() == "en" and english else vietnamese
