"""Numbers and symbols of documents, and which number a register may give, take or void."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nennep.documents.rules.language import two_digits
from nennep.documents.rules.layout import Family
from nennep.documents.rules.states import NumberState
from nennep.organisation.rules import Span

_PARTY_LETTER = "CV"
_BLANKS = re.compile(r"\s+")


def year_of(day: date) -> Span:
    """The days over which the numbers of the state family run on.

    Decree 30/2020, Annex I, part II, item 3: from 1 January to 31 December of each year.
    """
    return Span(date(day.year, 1, 1), date(day.year + 1, 1, 1))


def symbol_of(family: Family, abbreviation: str, unit_symbol: str, *, letter: bool = False, office: str = "") -> str:
    """What follows the number: `KH-BTL`; of a letter, which has no kind, `BTL-VP`; of a party paper `NQ/ĐU`.

    Decree 30/2020, Annex I, part II, item 3, letter b; guideline 36-HD/VPTW, part II, item 1.3 (its letters are `CV`).
    """
    unit, office = unit_symbol.strip(), office.strip()
    if family is Family.PARTY:
        return f"{abbreviation.strip() or _PARTY_LETTER}/{unit}"
    if letter:
        return f"{unit}-{office}" if office else unit
    return f"{abbreviation.strip()}-{unit}"


def numbered(family: Family, number: int, symbol: str) -> str:
    """Number and symbol as another paper names them: `05/KH-BTL`, `05-NQ/ĐU`; below ten with a nought before it."""
    return family.numbered(two_digits(number), symbol)


# --- a number used on paper -----------------------------------------------------------------------


class OnPaper(StrEnum):
    """What a register says to a number that was given by hand."""

    NEXT = "next"
    RESERVED = "reserved"
    TAKEN = "taken"
    VOIDED = "voided"
    AHEAD = "ahead"


def judge_paper_number(number: int, *, last_number: int, state: NumberState | None) -> OnPaper:
    """Whether a number that was used on paper can be entered: the very next one, or one that was kept for it.

    `state` is that of the number's entry, if it has one. Numbers run on without gaps (Decree 30/2020, Annex I, part II,
    item 3), so one further ahead would leave others out.
    """
    if state is NumberState.RESERVED:
        return OnPaper.RESERVED
    if state is NumberState.VOIDED:
        return OnPaper.VOIDED
    if state is not None or number <= last_number:
        return OnPaper.TAKEN
    return OnPaper.NEXT if number == last_number + 1 else OnPaper.AHEAD


def left_out(number: int, *, last_number: int) -> tuple[int, int]:
    """The first and the last number that entering this one would leave out."""
    return last_number + 1, number - 1


#: Which entries may be voided: a number that stands on an issued document stays with it, recalled or not.
VOIDABLE = frozenset({NumberState.RESERVED, NumberState.PAPER})


# --- days against numbers -------------------------------------------------------------------------


@dataclass(frozen=True)
class DatedNumber:
    """A number of a register and the day its document bears."""

    number: int
    dated_on: date


def out_of_order(one: DatedNumber, before: DatedNumber | None, after: DatedNumber | None) -> DatedNumber | None:
    """The neighbour whose day contradicts the order of numbers: a lower number that is younger, a higher that is older.

    Number and day are given in the order of time (Decree 30/2020, Article 15); it is told and not refused, since a
    number that was kept is used later.
    """
    if before is not None and before.dated_on > one.dated_on:
        return before
    if after is not None and after.dated_on < one.dated_on:
        return after
    return None


# --- the same paper twice -------------------------------------------------------------------------


def plain_number(number: str) -> str:
    """A number of somebody else as it is compared: `05`, ` 5 ` and `5` are one; letters stay (`12a`)."""
    return _plain(number).lstrip("0") or "0"


def is_same_paper(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two papers of one year, each told as number, symbol and issuer, are the same.

    Decree 30/2020, Annex VI: the system warns when number, symbol and issuer were registered before.
    """
    return plain_number(one[0]) == plain_number(other[0]) and all(
        _plain(a).casefold() == _plain(b).casefold() for a, b in zip(one[1:], other[1:], strict=True)
    )


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
