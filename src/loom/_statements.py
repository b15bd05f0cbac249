"""Where one point ends and the next begins: sentences, and the points that semicolons part."""

from __future__ import annotations

import re

from loom._reading import Span

# A full stop after these does not end a sentence.
_SHORTENINGS = (
    "tp|tx|tt|p|q|h|x|đ/c|đc|ths|ts|pgs|gs|bs|ks|st|tr|th|k/t|t/m|"
    "t/l|kt|tm|tl|tuq|tr.đ|ng|nxb|sđt|đt|vd|no|mr|ms|mrs|dr|vol|gs.ts|pgs.ts"
)
_SHORT = frozenset(_SHORTENINGS.split("|"))
_STOP = re.compile(r"(?:\./\.?|\.{2,}|[.!?…])[\"”’»)\]]*")
_BEFORE = re.compile(r"[\w/.]+$")
_INITIAL = re.compile(r"(?:^|[^\w.])[A-ZĐ]$")
_BRACKETS = re.compile(r"\([^()]{0,400}\)|“[^“”]{0,300}”")
_REACH = 24
_OPENING_SIGNS = ' \t\n"“‘(-–*_'
# Shortened words (`th.`, `tr.`) are no longer than this.
_SHORTENED = 2


def sentences(text: str, span: Span) -> list[Span]:
    """The sentences that stand in `span`, end marks included, in their order."""
    inside = [(m.start(), m.end()) for m in _BRACKETS.finditer(text, span.start, span.end)]
    found: list[Span] = []
    start, bracket = span.start, 0
    for stop in _STOP.finditer(text, span.start, span.end):
        while bracket < len(inside) and inside[bracket][1] <= stop.start():
            bracket += 1
        if bracket < len(inside) and inside[bracket][0] < stop.start() and stop.end() < inside[bracket][1]:
            continue
        if stop.end() < span.end and _ends(text, stop, span):
            found.append(_trimmed(text, start, stop.end()))
            start = stop.end()
    found.append(_trimmed(text, start, span.end))
    return [one for one in found if _says(one.of(text))]


def _ends(text: str, stop: re.Match[str], span: Span) -> bool:
    """Whether a sentence ends here: what stands before is no abbreviation, what follows begins a new one."""
    mark = stop.group()
    after = text[stop.end() : stop.end() + _REACH]
    following = after.lstrip(_OPENING_SIGNS)[:2]
    if not following:
        return True
    before = text[max(span.start, stop.start() - _REACH) : stop.start()]
    word = _last_word(before)
    if not after[0].isspace():
        # A space forgotten after the stop: `xử lý.Các đơn vị`; never within numbers, symbols and addresses.
        return mark == "." and len(word) > 1 and word.islower() and word.isalpha() and following.istitle()
    if mark[0] in "!?" or mark.startswith("./"):
        return True
    if mark[0] == "…" or mark.startswith(".."):
        return not following[0].islower()
    return _is_full_stop(before, word, following[0])


def _is_full_stop(before: str, word: str, following: str) -> bool:
    """Whether a single stop behind `word` ends the sentence, where `following` is the next sign."""
    if word.lower() in _SHORT:
        return False
    if word.lower() == "v.v":
        return following.isupper()
    if following.islower():
        # A small letter goes on, but for a stop that was meant: a whole word of small letters before it.
        return len(word) > _SHORTENED and word.islower() and word.isalpha()
    return not _INITIAL.search(before) or _is_last_name(before)


def _last_word(before: str) -> str:
    found = _BEFORE.search(before)
    return found.group() if found else ""


def _is_last_name(before: str) -> bool:
    """`Nguyễn Văn A.` may end a sentence; the first letters of a name (`đồng chí T. V. Nam`) do not."""
    words = before.split()
    return len(words) > 1 and words[-2][0].isupper() and words[-2][-1] != "."


# `Kiến nghị: Không.` is an answer, but no point.
_NOTHING = re.compile(r"\W*(?:không|không có|không có gì|chưa có|chưa có gì)\W*", re.IGNORECASE)


def _says(text: str) -> bool:
    return any(sign.isalnum() for sign in text) and not _NOTHING.fullmatch(text)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


_PART = re.compile(r";")
_ENUMERATED = re.compile(
    r"(?:(?<=[:;,.])|^)\s*(?:\(\d{1,2}\)|\(?[a-zđ]\)|(?:một|hai|ba|bốn|năm|sáu|bảy) là\b|thứ (?:nhất|hai|ba|tư|năm)\b)",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*(?:\(\d{1,2}\)|\(?[a-zđ]\))\s*")
_LEAST = 2


def parts(text: str, span: Span) -> list[Span]:
    """What semicolons part in a sentence, outside of brackets; the marks stay with what they close."""
    inside = [(m.start(), m.end()) for m in _BRACKETS.finditer(text, span.start, span.end)]
    found: list[Span] = []
    start, bracket = span.start, 0
    for mark in _PART.finditer(text, span.start, span.end):
        while bracket < len(inside) and inside[bracket][1] <= mark.start():
            bracket += 1
        if bracket < len(inside) and inside[bracket][0] < mark.start():
            continue
        found.append(_trimmed(text, start, mark.end()))
        start = mark.end()
    found.append(_trimmed(text, start, span.end))
    return [one for one in found if _says(one.of(text))]


def enumerated(text: str, span: Span) -> list[Span]:
    """The points of `…: (1) …; (2) …` or `Một là …; hai là …`, without bracketed numbers; none where it has none."""
    marks = list(_ENUMERATED.finditer(text, span.start, span.end))
    if len(marks) < _LEAST:
        return []
    starts = [mark.start() for mark in marks]
    if starts[0] > span.start and text[starts[0] - 1] != ":":
        starts.insert(0, span.start)
    points: list[Span] = []
    for start, end in zip(starts, [*starts[1:], span.end], strict=True):
        mark = _MARK.match(text, start, end)
        points.append(_trimmed(text, mark.end() if mark else start, end))
    return [one for one in points if _says(one.of(text))]
