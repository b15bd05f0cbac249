"""The text as it is read: one form of every letter and line, with the way back to the text as it came.

Files come composed and decomposed, with the line ends of three systems, with hard spaces and marks that nobody sees.
Reading is done on one form; every span is led back to the text that was given, so a place is always a place in it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from loom._reading import Span

# A hard or thin space is a space; the old Đ of western fonts (Ð) is Đ. One sign for one sign: nothing moves.
_ALIKE = str.maketrans(
    dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | dict.fromkeys("\x0b\x0c\x85\u2028\u2029\r", "\n")
    | {"Ð": "Đ", "ð": "đ"}
)
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = "\u0300-\u036f"
# What is not one sign for one sign: two-sign line ends, signs nobody sees, letters with loose marks.
_ODD = re.compile(f"\r\n|[{_UNSEEN}]+|[^\\W\\d_]?[{_MARKS}][{_MARKS}{_UNSEEN}]*")
_HIDDEN = re.compile(f"[{_UNSEEN}]+")

# Old and new writing put the tone on different letters of oa, oe, uy (hòa, hoà): both are brought to the second.
_TONES = {
    first + second: unicodedata.normalize("NFC", plain + second + mark)
    for plain, second in ("oa", "oe", "uy")
    for mark in ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    for first in (unicodedata.normalize("NFC", plain + mark),)
}
_TONE = re.compile("|".join(_TONES))
# Kỹ and kĩ, lý and lí are one word in two spellings; uy, ay, ây are not touched.
_Y = re.compile(r"(?<=\b[hklmst])[yýỳỷỹỵ]\b|(?<=\bqu)[yýỳỷỹỵ]\b")
_I_OF_Y = dict(zip("yýỳỷỹỵ", "iíìỉĩị", strict=True))


@dataclass(frozen=True, slots=True)
class Written:
    """A text in the form in which it is read, and the way from there back to the text as it came."""

    text: str
    source: str
    _ours: tuple[int, ...] = ()
    _theirs: tuple[int, ...] = ()

    def origin(self, span: Span) -> Span:
        """The place in the text as it came; whole letters with their loose marks."""
        if not self._ours:
            return span
        start = self._start(span.start)
        return Span(start, self._end(span.end) if span.end > span.start else start)

    def _start(self, place: int) -> int:
        at = bisect_right(self._ours, place) - 1
        return self._theirs[at] + (place - self._ours[at])

    def _end(self, place: int) -> int:
        """The end is where the last sign ends, so that signs nobody sees after it stay outside."""
        at = bisect_right(self._ours, place - 1) - 1
        end = self._theirs[at] + (place - self._ours[at])
        # A letter made of several signs takes all of them along.
        if at + 1 < len(self._ours) and self._ours[at + 1] == place:
            letters = self._theirs[at + 1]
            while end < letters and unicodedata.combining(self.source[end]):
                end += 1
            if self.source[end - 1 : end + 1] == "\r\n":
                end += 1
        return end


def written(text: str) -> Written:
    """Bring `text` to the one form in which it is read: composed letters, plain spaces, nothing unseen."""
    return _moved(text) if _ODD.search(text) else Written(text.translate(_ALIKE), text)


def _moved(text: str) -> Written:
    parts: list[str] = []
    ours: list[int] = [0]
    theirs: list[int] = [0]
    length = place = 0

    def put(part: str, start: int) -> None:
        nonlocal length
        if part:
            if theirs[-1] + (length - ours[-1]) != start:
                ours.append(length)
                theirs.append(start)
            parts.append(part)
            length += len(part)

    for odd in _ODD.finditer(text):
        put(text[place : odd.start()].translate(_ALIKE), place)
        piece = odd.group()
        put(
            "\n" if piece == "\r\n" else unicodedata.normalize("NFC", _HIDDEN.sub("", piece)).translate(_ALIKE),
            odd.start(),
        )
        # What follows starts a stretch of its own even where lengths happen to agree: its letter ends here.
        if odd.end() < len(text) and len(piece) > 1:
            ours.append(length)
            theirs.append(odd.end())
        place = odd.end()
    put(text[place:].translate(_ALIKE), place)
    ours.append(length)
    theirs.append(len(text))
    return Written("".join(parts), text, tuple(ours), tuple(theirs))


def fold(text: str) -> str:
    """`text` for comparing: small letters, tones in one place, y and i alike. Every letter keeps its place.

    The text is one that `written` gave, or any composed text: the answer is exactly as long.
    """
    small = text.replace("Ð", "Đ").lower()
    if len(small) != len(text):
        small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    small = small.replace("ð", "đ")
    return _Y.sub(lambda y: _I_OF_Y[y.group()], _TONE.sub(lambda pair: _TONES[pair.group()], small))


def plain(text: str) -> str:
    """A short text for looking up: composed, folded, its spaces single."""
    return " ".join(fold(unicodedata.normalize("NFC", text)).split())
