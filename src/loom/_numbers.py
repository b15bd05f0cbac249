"""How numbers are written: in digits of two styles, in words, with scales. What reads two ways says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from loom._phrases import words_in
from loom._text import fold
from loom._tokens import Tokens

#: A figure longer than this is a slip of the hand or an attack, not a count.
LONGEST = 24
MOST_GROUPS = 6
HALF = Decimal("0.5")
TEN = Decimal(10)


class Style(StrEnum):
    """Whose signs: Vietnamese writes 1.151,5 and English 1,151.5."""

    VIETNAMESE = "vietnamese"
    ENGLISH = "english"


_SIGNS = {Style.VIETNAMESE: (".", ","), Style.ENGLISH: (",", ".")}
_FORMS = {
    style: (
        re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}})+(?:{re.escape(point)}[0-9]+)?"),
        re.compile(rf"[0-9]+{re.escape(point)}[0-9]+"),
    )
    for style, (group, point) in _SIGNS.items()
}
_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?")
_FIRST_GROUP = re.compile(r"[1-9][0-9]{0,2}")

SCALES: dict[str, Decimal] = {
    fold(word): TEN**power
    for power, words in {
        1: "chục",
        2: "trăm hundred",
        3: "nghìn ngàn thousand",
        4: "vạn",
        6: "triệu tr million",
        9: "tỷ tỉ billion",
    }.items()
    for word in words.split()
}
_MILLION = TEN**6
_DIGITS = {
    fold(word): Decimal(value)
    for value, words in enumerate(
        ("không", "một mốt", "hai", "ba", "bốn tư", "năm lăm nhăm", "sáu", "bảy bẩy", "tám", "chín")
    )
    for word in words.split()
}
_OPENING = words_in("một hai ba bốn năm sáu bảy bẩy tám chín mười nửa")
_AFTER_TENS = words_in("một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín")
_ZERO_TENS = words_in("linh lẻ")
_TEN, _TENS, _HUNDRED, _HALF_MORE, _HALF, _FIVE = (fold(w) for w in ("mười", "mươi", "trăm", "rưỡi", "nửa", "năm"))
_HALVES = words_in("rưỡi rưởi")


@dataclass(frozen=True, slots=True)
class Writing:
    """One way of reading a number, and the style that reads it so; None where every style does."""

    value: Decimal
    style: Style | None = None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it stands in the text: the tokens from `first` up to `end`, and all it can mean, scaled."""

    first: int
    end: int
    writings: tuple[Writing, ...]
    scaled: bool = False
    in_words: bool = False
    #: ten to the power of the last scale word; what a low end without one shares with its high end
    scale: Decimal = Decimal(1)

    @property
    def ambiguous(self) -> bool:
        return len(self.writings) > 1

    def resolved(self, *, style: Style | None, whole: bool) -> Decimal | None:
        """The one value it has in a text of this style, or for a measure that has no fractions; None if still open."""
        if not self.ambiguous:
            return self.writings[0].value
        if whole and not self.scaled:
            return next((w.value for w in self.writings if w.grouped), None)
        return next((w.value for w in self.writings if w.style is style), None) if style else None


def writings_of(digits: str) -> tuple[Writing, ...]:
    """Every number that these digits, points and commas can be; none if they are no number at all."""
    if len(digits) > LONGEST:
        return ()
    if digits.isdecimal():
        return (Writing(Decimal(digits)),)
    found = []
    for style, (grouped, plain) in _FORMS.items():
        group, point = _SIGNS[style]
        if grouped.fullmatch(digits):
            found.append(Writing(Decimal(digits.replace(group, "").replace(point, ".")), style, grouped=True))
        elif plain.fullmatch(digits):
            found.append(Writing(Decimal(digits.replace(point, ".")), style))
    return tuple(sorted(found, key=lambda writing: not writing.grouped))


def number_at(tokens: Tokens, at: int, *, joined: bool = False) -> Numeral | None:
    """The number that starts at this token, with its scale words; `joined` takes groups parted by spaces as one."""
    if tokens.is_number(at):
        return _in_digits(tokens, at, joined=joined)
    return _in_words(tokens, at)


def _in_digits(tokens: Tokens, at: int, *, joined: bool) -> Numeral | None:
    end = _groups_end(tokens, at) if joined else at + 1
    writings = writings_of("".join(tokens.words[at:end]))
    if not writings:
        return None
    scale, after = _scale_at(tokens, end)
    if scale is None:
        return Numeral(at, end, writings)
    more, last = _smaller_parts(tokens, after, scale)
    scaled = tuple(Writing(w.value * scale + more, w.style, w.grouped) for w in writings)
    return Numeral(at, last, scaled, scaled=True, scale=scale)


def _groups_end(tokens: Tokens, at: int) -> int:
    """Where groups of three, parted by one space each, end."""
    end = at + 1
    if not _FIRST_GROUP.fullmatch(tokens.word(at)):
        return end
    while (
        end < min(len(tokens), at + MOST_GROUPS)
        and tokens.starts[end] == tokens.ends[end - 1] + 1
        and tokens.text[tokens.ends[end - 1]] not in "\n\t"
        and _GROUP.fullmatch(tokens.word(end))
    ):
        end += 1
        if not tokens.word(end - 1).isdecimal():
            break
    return end


def _scale_at(tokens: Tokens, at: int) -> tuple[Decimal | None, int]:
    """`nghìn tỷ` multiplies: the scale that starts here and the token after it."""
    scale = SCALES.get(tokens.word(at))
    if scale is None:
        return None, at
    after = at + 1
    bigger = SCALES.get(tokens.word(after))
    if bigger is not None and bigger > scale:
        return scale * bigger, after + 1
    return scale, after


def _smaller_parts(tokens: Tokens, at: int, scale: Decimal) -> tuple[Decimal, int]:
    """`3 triệu 500 nghìn`, `2 triệu rưỡi`: what follows a scale word and belongs to the same number."""
    more = Decimal(0)
    while True:
        if tokens.word(at) in _HALVES:
            return more + scale / 2, at + 1
        smaller, after = _scale_at(tokens, at + 1)
        plain = tokens.word(at)
        if smaller is None or smaller >= scale or not plain.isdecimal() or len(plain) > LONGEST:
            return more, at
        if Decimal(plain) * smaller >= scale:
            return more, at
        more += Decimal(plain) * smaller
        scale, at = smaller, after


def _in_words(tokens: Tokens, at: int) -> Numeral | None:
    if tokens.word(at) not in _OPENING:
        return None
    if tokens.word(at) == _HALF:
        return _half(tokens, at)
    value, end, scale = _Spoken(tokens, at).read()
    if end == at:  # the năm of `hai chục năm` is a year
        return None
    return Numeral(at, end, (Writing(value),), scaled=scale > 1, in_words=True, scale=scale)


def _half(tokens: Tokens, at: int) -> Numeral:
    scale, end = _scale_at(tokens, at + 1)
    return Numeral(at, end, (Writing(HALF * (scale or 1)),), scaled=True, in_words=True, scale=scale or Decimal(1))


class _Spoken:
    """Reads a number told in words, from the greatest scale to the smallest."""

    def __init__(self, tokens: Tokens, at: int) -> None:
        self.tokens = tokens
        self.at = at
        self.scale = Decimal(1)

    def read(self) -> tuple[Decimal, int, Decimal]:
        total, last_scale = Decimal(0), Decimal(TEN**12)
        while (below := self._below_thousand()) is not None:
            scale, after = _scale_at(self.tokens, self.at)
            if scale is None or scale >= last_scale:
                total += self._tail(below, last_scale)
                break
            self.at, last_scale = after, scale
            total += below * scale
            self.scale = scale
            if self.tokens.word(self.at) in _HALVES:
                total += scale / 2
                self.at += 1
                break
        return total, self.at, self.scale

    def _tail(self, value: Decimal, scale: Decimal) -> Decimal:
        """`một nghìn hai` is 1,200: a lone last digit counts tenths of the scale before it."""
        lone = value < TEN and self.tokens.word(self.at - 2) in SCALES
        return value * scale / TEN if lone and scale < TEN**12 else value

    def _below_thousand(self) -> Decimal | None:
        word = self.tokens.word
        start = self.at
        first = _DIGITS.get(word(start))
        if first is not None and word(start + 1) == _HUNDRED:
            return self._hundreds(first)
        if word(start) == _TEN or (first and word(start + 1) == _TENS):
            return self._tens(first)
        if first is None or (first == 0) or self._is_year(start):
            return None
        self.at = start + 1
        if word(self.at) in {"lăm", "mốt", "nhăm"}:  # hai lăm: twenty-five
            self.at += 1
            return first * TEN + _DIGITS[word(self.at - 1)]
        return first

    def _hundreds(self, hundreds: Decimal) -> Decimal:
        word = self.tokens.word
        self.at += 2
        value = hundreds * 100
        if word(self.at) in _HALVES:
            self.at += 1
            return value + 50
        if word(self.at) in _ZERO_TENS and (digit := _DIGITS.get(word(self.at + 1))) is not None:
            self.at += 2
            return value + digit
        first = _DIGITS.get(word(self.at))
        if word(self.at) == _TEN or (first and word(self.at + 1) == _TENS):
            return value + self._tens(first)
        if first and not self._is_year(self.at):  # một trăm hai: a hundred and twenty
            self.at += 1
            return value + first * TEN
        return value

    def _tens(self, first: Decimal | None) -> Decimal:
        word = self.tokens.word
        self.at += 1 if word(self.at) == _TEN else 2
        value = TEN if first is None else first * TEN
        if word(self.at) in _HALVES:
            self.at += 1
            return value + 5
        if word(self.at) in _AFTER_TENS and not self._is_year(self.at):
            self.at += 1
            return value + _DIGITS[word(self.at - 1)]
        return value

    def _is_year(self, at: int) -> bool:
        """`hai mươi năm` is twenty years: `năm` after a number counts years, unless a scale or another noun follows."""
        if self.tokens.word(at) != _FIVE or at == 0:
            return False
        before = self.tokens.word(at - 1)
        counted = before in SCALES or before in _DIGITS or before in {_TENS, _TEN}
        return counted and self.tokens.word(at + 1) not in SCALES


def style_of(numerals: Iterable[tuple[Numeral, bool]]) -> Style | None:
    """The style a text keeps to, told by its own numbers; None where it keeps to none.

    `numerals` come with whether they count whole things: 1.151 persons can only be Vietnamese writing.
    """
    votes = dict.fromkeys(Style, 0)
    for numeral, whole in numerals:
        style = _vote(numeral, whole=whole)
        if style:
            votes[style] += 1
    vietnamese, english = votes[Style.VIETNAMESE], votes[Style.ENGLISH]
    if vietnamese > ONE_SLIP_IN * english:
        return Style.VIETNAMESE
    return Style.ENGLISH if english > ONE_SLIP_IN * vietnamese else None


#: A text keeps to a style if at most one number in so many is written in the other.
ONE_SLIP_IN = 9


def _vote(numeral: Numeral, *, whole: bool) -> Style | None:
    if not numeral.ambiguous:
        return numeral.writings[0].style
    if whole and not numeral.scaled:
        return next((w.style for w in numeral.writings if w.grouped), None)
    return None


def is_opening(tokens: Tokens, at: int) -> bool:
    """Whether a number in words may start here."""
    return tokens.word(at) in _OPENING
