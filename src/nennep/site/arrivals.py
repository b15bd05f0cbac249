"""What is said of files that arrive: why one is not taken, what was done to it, why a figure is not sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from loom.files import Noted, Type, Why
from nennep.intake.rules.matching import Reason
from nennep.intake.services import IntakeRefused
from nennep.site.findings import figure

Facts = Mapping[str, Any]
_MEGABYTE = 1024 * 1024

#: What a file is.
KINDS: Mapping[str, Promise] = {
    Type.TEXT: later("plain text"),
    Type.MARKDOWN: later("plain text"),
    Type.WORD: later("Word"),
    Type.PAGES: later("PDF"),
    Type.WORKBOOK: later("workbook"),
    "form": later("the form's workbook"),
}

#: Why a file is not taken, and what to do.
_WHY: Mapping[str, Promise] = {
    Why.EMPTY: later("The file is empty."),
    Why.UNKNOWN_KIND: later(
        "The system cannot tell what kind of file this is. Send Word (.docx), PDF, a workbook (.xlsx) or plain text."
    ),
    Why.UNKNOWN_ENCODING: later(
        "The letters of this text cannot be made out. Save it as Unicode (UTF-8) and send it again."
    ),
    Why.OLD_WORD: later("A Word file of the old kind (.doc). Open it in Word, save it as .docx and send it again."),
    Why.OLD_WORKBOOK: later("A workbook of the old kind (.xls). Open it, save it as .xlsx and send it again."),
    Why.OLD_OFFICE: later("An office file of the old kind. Save it as .docx or .xlsx and send it again."),
    Why.BINARY_WORKBOOK: later("A binary workbook (.xlsb). Save it as .xlsx and send it again."),
    Why.OPEN_DOCUMENT: later("An OpenDocument file. Save it as .docx or .xlsx and send it again."),
    Why.RICH_TEXT: later("An RTF file. Save it as .docx and send it again."),
    Why.WEB_PAGE: later("A web page. Save its text as .docx or .txt and send that."),
    Why.PICTURE: later("A picture. The system reads text, not pictures: send the file that was printed."),
    Why.PRESENTATION: later("A presentation. Send the report itself as Word, PDF or text."),
    Why.ENCRYPTED: later("The file is locked with a password. Take the password off and send it again."),
    Why.TRUNCATED: later("The file is cut off: it did not arrive whole, or was not saved whole. Send it again."),
    Why.DAMAGED: later("The file is damaged. Open it, save it anew and send it again."),
    Why.ENTITIES: later(
        "The file holds instructions that no report needs, so it was not opened. Save it anew and send it again."
    ),
    Why.SCANNED: later(
        "A scanned PDF without text: there are only pictures of pages. Send the file that was printed, or type the"
        " figures in."
    ),
    Why.NO_TEXT: later("There is no text in this file."),
    Why.TOO_LARGE: later("The file is too large: at most %(most)s are taken. Take pictures out and send it again."),
    Why.TOO_MUCH_TEXT: later("The text is too long for a report of one unit: at most %(most)s letters are taken."),
    Why.TOO_MANY_CELLS: later("The workbook has far more cells than a report. Copy what matters into a new workbook."),
    Why.TOO_MANY_PAGES: later("The file has far more pages than a report of one unit."),
    Why.TOO_MANY_PARTS: later("The archive holds too many files."),
    Why.BOMB: later(
        "The file is far larger inside than outside, as files are that are made to break systems. It was not opened."
    ),
    Why.ARCHIVE: later("An archive of another kind. Pack the files as .zip, or send them as they are."),
    Why.NESTED_ARCHIVE: later("An archive within an archive. Unpack it and send its files."),
    Why.LINK: later("Only a link to another file. Send the file itself."),
    Why.SECRET: later(
        "This file bears a mark of state secrecy. Nothing of it was stored, not even its name. Secret papers belong on"
        " machines that the law on state secrets allows: hand it to the office for secret papers, on paper or by"
        " cipher."
    ),
    Why.TOO_SLOW: later("Reading took too long and was stopped. Save the text as .docx or .txt and send that."),
    Why.TOO_HUNGRY: later(
        "Reading took too much memory and was stopped. Save the text as .docx or .txt and send that."
    ),
    Why.CRASHED: later("The file could not be read. Save it anew, or as text, and send it again."),
}

#: What was done to a text on its way out of the file.
NOTES: Mapping[str, Promise] = {
    Noted.FROM_TCVN3: later("converted from TCVN3 letters"),
    Noted.FROM_VNI: later("converted from VNI letters"),
    Noted.FROM_WINDOWS_1258: later("converted from Windows-1258 letters"),
    Noted.MACROS: later("macros were not run and not kept in the text"),
    Noted.HIDDEN_SHEETS: later("hidden sheets were left out"),
    Noted.HIDDEN_TEXT: later("hidden text was left out"),
    Noted.DELETED_TEXT: later("text marked as deleted was left out"),
    Noted.NOTES_LEFT_OUT: later("footnotes were left out"),
    Noted.EMPTY_PAGES: later("some pages have no text, perhaps pictures: they were not read"),
    Noted.INVISIBLE_MARKS: later("invisible marks were taken out"),
    Noted.CONTROL_MARKS: later("control marks were taken out"),
    Noted.NORMALISED: later("letters were brought to one form"),
    Noted.RENAMED: later("the name was cleaned"),
}

#: Why a figure is not sure, or has no cell.
REASONS: Mapping[str, Promise] = {
    Reason.NO_CELL: later("no cell of the form is called like that"),
    Reason.NOT_ON_FORM: later("this form does not ask for it"),
    Reason.SEVERAL_CELLS: later("several cells fit"),
    Reason.SEVERAL_READINGS: later("the number can be read in several ways"),
    Reason.WEAK_WORDS: later("the words only hint at this cell"),
    Reason.MEASURE_DIFFERS: later("the unit of measure is another"),
    Reason.CONVERTED: later("converted to the cell's unit of measure"),
    Reason.NOT_EXACT: later("the text says it is not exact"),
    Reason.TOO_PRECISE: later("more decimals than the cell takes"),
    Reason.CUMULATIVE: later("counted since the beginning of the year"),
    Reason.BACKGROUND: later("told as background"),
    Reason.NOT_A_RESULT: later("a target, a comparison or a rate, not a result"),
    Reason.SHORTCOMING: later("told among shortcomings"),
    Reason.DENIED: later("the text denies something here"),
    Reason.TWICE: later("the text gives this cell several figures"),
    Reason.SAID_BEFORE: later("the same figure stands in the text before"),
    Reason.TAUGHT: later("as your unit taught"),
}

_REFUSED: Mapping[str, Callable[[Facts], str]] = {
    "no_files": lambda _facts: _("Choose at least one file."),
    "too_many_files": lambda facts: (
        _("You sent %(count)s files; at most %(most)s are taken at once. Nothing was read.") % facts
    ),
    "delivery_too_large": lambda facts: (
        _("Together the files are too large: at most %(size)s are taken at once. Nothing was read.")
        % {"size": size(facts["most"])}
    ),
    "sent_already": lambda _facts: _("These files were sent already; what they hold is in the list below."),
    "not_on_duty": lambda _facts: _("Your unit does not report in this round."),
    "begun": lambda _facts: _("Figures of this file were taken over already: its period can no longer be changed."),
    "nothing_to_agree": lambda _facts: _("The conversion was agreed to already."),
    "not_ready": lambda _facts: _(
        "Say first which report this file is for, and whether its letters were read rightly."
    ),
    "computed_cell": lambda _facts: _("This cell follows from others and is never filled."),
    "no_cell_chosen": lambda facts: _("Choose the cell that “%(quote)s” belongs to.") % facts,
    "cell_twice": lambda _facts: _("Two figures were to go into one cell. Take one of them. Nothing was taken over."),
    "ambiguous_value": lambda facts: (
        _(
            "“%(quote)s” can be read in several ways. Write it without a sign between the digits. Nothing was taken"
            " over."
        )
        % facts
    ),
    "no_number": lambda facts: _("“%(quote)s” is not a number. Nothing was taken over.") % facts,
    "no_value_chosen": lambda facts: (
        _("“%(quote)s” can be read in several ways: choose one. Nothing was taken over.") % facts
    ),
    "cell_changed": lambda _facts: _(
        "Somebody has changed this cell since the page was opened. Nothing was taken over; look at it as it stands now."
    ),
    "no_section": lambda _facts: _("The form has no place for a point of this kind."),
    "settled": lambda _facts: _("This file is settled already."),
    "revoked_already": lambda _facts: _("This wording was taken back already."),
    "revoking_needs_reason": lambda _facts: _("Say why the wording is taken back."),
}


def size(count: int) -> str:
    """A number of bytes as people say it: `20 MB`; parts of a megabyte are left out."""
    return f"{figure(count // _MEGABYTE)} MB"


def say_why(why: str, facts: Facts, *, units: str = "") -> str:
    """Why a file is not taken, and what to do instead."""
    if why == "other_unit":
        return _(
            "The text says it is the report of %(units)s. Only that unit's own people write its report: they drop the"
            " file themselves. It was not stored."
        ) % {"units": units}
    most = facts.get("most", 0)
    told = size(most) if why == Why.TOO_LARGE else figure(most)
    said = _WHY.get(why, _WHY[Why.CRASHED])
    return str(said) % {"most": told} if "%(most)s" in str(said) else str(said)


def say_intake(refused: IntakeRefused) -> str:
    """Why an act of intake is not possible now, and what to do instead."""
    said = _REFUSED.get(refused.why)
    return said(refused.facts) if said else _("The rules of intake do not allow this now.")


def say_taken(cells: int, points: int, dropped: int, learnt: int) -> str:
    """What a decision did, counted."""
    parts = []
    if cells:
        parts.append(
            ngettext("%(count)s figure is in the draft", "%(count)s figures are in the draft", cells) % {"count": cells}
        )
    if points:
        parts.append(
            ngettext("%(count)s point is in the draft", "%(count)s points are in the draft", points) % {"count": points}
        )
    if dropped:
        parts.append(
            ngettext("%(count)s figure was dropped", "%(count)s figures were dropped", dropped) % {"count": dropped}
        )
    if learnt:
        parts.append(
            ngettext("%(count)s wording was learnt", "%(count)s wordings were learnt", learnt) % {"count": learnt}
        )
    if not parts:
        return _("Nothing was chosen.")
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}."
