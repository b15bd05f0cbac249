"""Holds a sentence that somebody proposes against the sentences it is made from: it may say less, never anything else.

It is strict on purpose. What it lets through a person still reads; what it refuses was a number, a name, a day or a
denial that nobody below had said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from loom._folding import said
from loom._read import read


class Held(StrEnum):
    """What of a proposal its sources do not hold."""

    NUMBER = "number"
    QUALIFIER = "qualifier"  # more, less, about: another sureness than the sources have
    DATE = "date"  # a date, the number of a paper, a marker: what is written in digits and counts nothing
    NAME = "name"
    DENIAL = "denial"  # a denial that is new, or that was lost
    WHOLE = "whole"  # "all", "always": more than the sources say
    SIGN = "sign"  # signs that no sentence of a report needs


@dataclass(frozen=True, slots=True)
class Unfaithful:
    """One thing in a proposal that its sources do not hold, as it is written there (or in them, where it was lost)."""

    what: Held
    text: str


_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITALISED = re.compile(r"[^\W\d_a-zà-ỹđ][\w-]*")
_WORD = re.compile(r"[\w-]+")
_SENTENCE_ENDS = '.!?:;\n•-–“"('
#: Words that deny. `không những` and the like do not.
_DENIALS = ("không", "chưa", "chẳng", "chớ", "đừng", "thiếu", "mất", "hết", "vắng")
_NO_DENIALS = re.compile(r"không (?:những|chỉ|ngừng|gian|khí|quân)\b|chưa (?:những|chỉ)\b")
#: Words that say all of it, or always.
_WHOLES = ("tất cả", "toàn bộ", "mọi", "luôn", "luôn luôn", "tuyệt đối", "hoàn toàn", "triệt để", "100%")
_STRANGE = re.compile(r"[{}<>\[\]\\|`#]|https?:")


def unfaithful(proposal: str, sources: Sequence[str]) -> tuple[Unfaithful, ...]:
    """Everything in the proposal that no source holds; empty for a proposal that may be shown.

    A number must stand in a source with the same measure and the same sureness: a sum of two sources is held by
    neither. A date, a paper's number and a name must be written in one of them. A denial may be neither new nor lost.
    """
    text = unicodedata.normalize("NFC", proposal)
    theirs = [unicodedata.normalize("NFC", source) for source in sources]
    return tuple(
        dict.fromkeys(
            [
                *_signs(text, theirs),
                *_numbers(text, theirs),
                *_names(text, theirs),
                *_denials(text, theirs),
                *_wholes(text, theirs),
            ]
        )
    )


def _signs(text: str, sources: Sequence[str]) -> Iterable[Unfaithful]:
    for sign in _STRANGE.findall(text):
        if not any(sign in source for source in sources):
            yield Unfaithful(Held.SIGN, sign)


# --- numbers and dates ----------------------------------------------------------------------------


def _numbers(text: str, sources: Sequence[str]) -> Iterable[Unfaithful]:
    readings = [read(source) for source in sources]
    held = {(one.value, said(one.measure)) for reading in readings for one in reading.quantities}
    sureness = {(one.value, said(one.measure), one.qualifier) for reading in readings for one in reading.quantities}
    written = {_digits(one.text) for reading in readings for one in reading.not_quantities}
    reading = read(text)
    covered: list[tuple[int, int]] = []
    for quantity in reading.quantities:
        covered.append((quantity.span.start, quantity.span.end))
        own = (quantity.value, said(quantity.measure))
        if quantity.value is None:
            if not any(_has(quantity.quote, source) for source in sources):
                yield Unfaithful(Held.NUMBER, quantity.quote)
        elif own not in held:
            yield Unfaithful(Held.NUMBER, quantity.quote)
        elif (*own, quantity.qualifier) not in sureness:
            yield Unfaithful(Held.QUALIFIER, quantity.quote)
    for other in reading.not_quantities:
        covered.append((other.span.start, other.span.end))
        if not any(_is_within(_digits(other.text), digits) for digits in written):
            yield Unfaithful(Held.DATE, other.text)
    loose = {number for source in sources for number in _DIGITS.findall(source)}
    for number in _DIGITS.finditer(text):
        inside = any(start <= number.start() < end for start, end in covered)
        if not inside and number.group() not in loose:
            yield Unfaithful(Held.NUMBER, number.group())


def _digits(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in re.findall(r"\d+", text))


def _is_within(own: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> bool:
    """Whether one row of numbers begins the other: `05/11` is held by `05/11/2026`."""
    return other[: len(own)] == own


def _has(part: str, source: str) -> bool:
    return f" {said(part)} " in f" {said(source)} "


# --- names ------------------------------------------------------------------------------------------


def _names(text: str, sources: Sequence[str]) -> Iterable[Unfaithful]:
    """Words with capitals that are not there because a sentence begins, alone or in a row."""
    rows = [_rows(source, from_start=True) for source in sources]
    known = {word for found in rows for row in found for word in row}
    words = {said(word) for source in sources for word in _WORD.findall(source)}
    for row in _rows(text, from_start=False):
        if all(word in known for word in row) and any(_has(" ".join(row), source) for source in sources):
            continue
        yield Unfaithful(Held.NAME, " ".join(row))
    for first in _firsts(text):
        if first.isupper() and len(first) > 1 and first not in known and said(first) not in words:
            yield Unfaithful(Held.NAME, first)


def _rows(text: str, *, from_start: bool) -> list[list[str]]:
    """Words with capitals in a row. With `from_start` also the word a sentence begins with, for it may be a name's."""
    found: list[list[str]] = []
    end = -1
    for word in _WORD.finditer(text):
        is_capital = bool(_CAPITALISED.fullmatch(word.group()))
        if not is_capital or (not from_start and _begins(text, word.start())):
            end = -1
            continue
        if found and end >= 0 and text[end : word.start()] == " ":
            found[-1].append(word.group())
        else:
            found.append([word.group()])
        end = word.end()
    return found


def _begins(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _firsts(text: str) -> list[str]:
    return [word.group() for word in _WORD.finditer(text) if _begins(text, word.start())]


# --- denials and wholes -------------------------------------------------------------------------------


def _denying(text: str) -> set[str]:
    plain = _NO_DENIALS.sub(" ", said(text))
    return {word for word in _DENIALS if _has(word, plain)}


def _denials(text: str, sources: Sequence[str]) -> Iterable[Unfaithful]:
    own, theirs = _denying(text), [_denying(source) for source in sources]
    for word in sorted(own - set().union(*theirs)):
        yield Unfaithful(Held.DENIAL, word)
    if theirs and all(theirs) and not own:
        yield Unfaithful(Held.DENIAL, ", ".join(sorted(set().union(*theirs))))


def _wholes(text: str, sources: Sequence[str]) -> Iterable[Unfaithful]:
    for word in _WHOLES:
        plain = said(word)
        if _has(plain, text) and not any(_has(plain, source) for source in sources):
            yield Unfaithful(Held.WHOLE, word)
