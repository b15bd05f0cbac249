"""Numbers as people type them. What can be read in two ways is asked, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal

#: One of these may stand between groups; a tab or a line break is two cells pasted into one, and not a number.
_SPACE = re.compile(r"[ \u00a0\u2007\u2009\u202f]")
_MINUS = str.maketrans({"–": "-", "−": "-"})
_PLAIN = re.compile(r"-?[0-9]+")
_GROUPED = {".": re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+"), ",": re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+")}
_DECIMAL = {".": re.compile(r"-?[0-9]+\.[0-9]+"), ",": re.compile(r"-?[0-9]+,[0-9]+")}
_BOTH = {
    ",": re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+"),  # 1.151,5: Vietnamese
    ".": re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+"),  # 1,151.5: English
}
_FIRST_GROUP = re.compile(r"-?[1-9][0-9]{0,2}")
_GROUP = re.compile(r"[0-9]{3}")
_LAST_GROUP = re.compile(r"[0-9]{3}([.,][0-9]+)?")
#: A figure longer than this is a slip of the hand or an attack, not a count.
LONGEST = 24


class NotANumber(ValueError):
    """No way of writing numbers that we know."""


class Ambiguous(Exception):
    """The text can be read as each of these; only its writer knows which."""

    def __init__(self, text: str, choices: tuple[Decimal, ...]) -> None:
        super().__init__(f"{text} can be read in {len(choices)} ways")
        self.text = text
        self.choices = choices


def parse_number(text: str, *, decimals: int) -> Decimal:
    """The exact decimal that a person typed, for a figure with this many decimals.

    Vietnamese writes 1.151,5 and English 1,151.5; spaces may group thousands in either. A dot between groups of three
    in a whole count can only mean thousands; anything else that reads two ways is asked back.

    Raises Ambiguous, with what it may mean, or NotANumber.
    """
    tidy = text.strip().translate(_MINUS)
    if len(tidy) > LONGEST:
        raise NotANumber(tidy[:LONGEST])
    joined = _joined_by_spaces(tidy)
    if _PLAIN.fullmatch(joined):
        return Decimal(joined)
    readings = _readings(joined)
    if not readings:
        raise NotANumber(text)
    if len(readings) == 1:
        return readings[0]
    if decimals == 0 and _GROUPED["."].fullmatch(joined):
        return readings[0]
    raise Ambiguous(tidy, tuple(readings))


def _joined_by_spaces(text: str) -> str:
    first, *others = _SPACE.split(text)
    if not others:
        return text
    *groups, last = others
    if not (_FIRST_GROUP.fullmatch(first) and all(map(_GROUP.fullmatch, groups)) and _LAST_GROUP.fullmatch(last)):
        raise NotANumber(text)
    return "".join((first, *others))


def _readings(text: str) -> list[Decimal]:
    """Every number the text can be, the grouped reading first."""
    found = []
    for sign in (".", ","):
        if _GROUPED[sign].fullmatch(text):
            found.append(Decimal(text.replace(sign, "")))
        if _DECIMAL[sign].fullmatch(text):
            found.append(Decimal(text.replace(sign, ".")))
        if _BOTH[sign].fullmatch(text):
            other = "." if sign == "," else ","
            found.append(Decimal(text.replace(other, "").replace(sign, ".")))
    return found


def plain(value: Decimal) -> str:
    """How a figure is stored: digits, a dot, no exponent, no idle zeros. One value, one text."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def unmistakable(value: Decimal, *, decimals: int) -> str:
    """A way of typing this number that `parse_number` reads in no other way."""
    text = plain(value)
    try:
        reads_as_itself = parse_number(text, decimals=decimals) == value
    except Ambiguous:
        reads_as_itself = False
    return text if reads_as_itself else f"{text}0"  # four digits after the sign are no group of thousands
