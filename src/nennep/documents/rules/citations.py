"""Which article of which regulation a clause names: `Nghị định 30/2020/NĐ-CP Phụ lục I, phần II mục 3`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from nennep.documents.rules.paper import roman
from nennep.documents.rules.text.lines import roman_value

#: A key is the way to an article: its steps from the largest to the smallest, `phu-luc-1_phan-2_muc-3`,
#: `dieu-12_khoan-1_diem-a`. A point đ is `diem-dd`.
STEPS = ("phu-luc", "phan", "chuong", "muc", "dieu", "khoan", "diem")
KEY = re.compile(
    r"(?:phu-luc-\d+|phan-\d+|chuong-\d+|muc-\d+(?:\.\d+)*|dieu-\d+[a-z]?|khoan-\d+[a-z]?|diem-(?:[a-z]|dd))"
    r"(?:_(?:phan-\d+|chuong-\d+|muc-\d+(?:\.\d+)*|dieu-\d+[a-z]?|khoan-\d+[a-z]?|diem-(?:[a-z]|dd)))*"
)
_WORDS = {
    "phụ lục": "phu-luc",
    "phần": "phan",
    "chương": "chuong",
    "mục": "muc",
    "điều": "dieu",
    "khoản": "khoan",
    "điểm": "diem",
}
_SAID = {step: word for word, step in _WORDS.items()} | {"phu-luc": "Phụ lục", "dieu": "Điều", "chuong": "Chương"}
_ROMAN = {"phu-luc", "phan", "chuong"}
_STEP = re.compile(
    r"\b(?P<word>(?i:phụ lục|phần|chương|mục|điều|khoản|điểm))\s+"
    r"(?P<first>[IVX]{1,6}\b|\d{1,3}(?:\.\d{1,2})*[a-z]?\b|[a-zđ]\b)"
    r"(?P<more>(?:\s*,\s*(?:[IVX]{1,6}\b|\d{1,3}(?:\.\d{1,2})*[a-z]?\b|[a-zđ]\b)(?!\s*(?:[/)]|\w)))*)"
)
# Any number of a regulation, known or not: what follows it belongs to it and to none before.
_NUMBER = re.compile(r"(?<![\w/.-])\d{1,4}(?:/\d{4})?[-/][A-ZĐ][A-ZĐƯ\d]*(?:[-/][A-ZĐƯ\d]+)*(?![\w/-])")
_JOINS = re.compile(r"[\s,]*(?:của\s+)?")
# Between an article and the regulation that is named after it: `Điều 12 của Nghị định số …`.
_LEADS_ON = re.compile(
    r"\s+(?:của\s+)?(?:(?i:bộ luật|luật|nghị định|nghị quyết|quy định|quy chế|hướng dẫn|thông tư|quyết định)\s+)?"
    r"(?:số\s+)?"
)


@dataclass(frozen=True)
class Known:
    """A regulation that can be cited: its code, the number or name it is cited by, and the keys of its articles."""

    code: str
    number: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Citation:
    """One article that a clause names; without a key the regulation as a whole."""

    regulation: str
    key: str = ""


def citations(clause: str, known: Collection[Known]) -> list[Citation]:
    """What a clause names of the known regulations, in its order, each once. What it says of others is passed over."""
    numbers = _numbers(clause, known)
    found: dict[Citation, None] = {}
    places = list(_places(clause))
    owners = [_owner(start, end, clause, numbers) for start, end, _keys in places]
    for at, (_start, _end, code) in enumerate(numbers):
        keys = [key for owner, (_s, _e, listed) in zip(owners, places, strict=True) if owner == at for key in listed]
        if code:
            found |= dict.fromkeys(Citation(code, key) for key in keys or [""])
    return list(found)


def resolved(key: str, keys: Collection[str]) -> str | None:
    """The listed article that a key leads to: itself, or the article over it where that is listed as a whole.

    None where the regulation has no such article: neither it nor anything over it, or one over it that is listed with
    its parts, this not among them. No key is the regulation itself.
    """
    if not key or key in keys:
        return key
    above = key.rpartition("_")[0]
    while above and above not in keys:
        above = above.rpartition("_")[0]
    has_parts = any(other.startswith(f"{above}_") for other in keys)
    return above if above and not has_parts else None


def unknown(clause: str, known: Collection[Known]) -> list[Citation]:
    """What a clause cites of a known regulation that this does not have."""
    keys = {one.code: one.keys for one in known}
    return [one for one in citations(clause, known) if resolved(one.key, keys[one.regulation]) is None]


def said(key: str) -> str:
    """A key as people write it: `Điều 12 khoản 1 điểm a`, `Phụ lục I, phần II, mục 3`."""
    words = []
    for step in key.split("_"):
        name, _dash, value = step.rpartition("-")
        number = roman(int(value)) if name in _ROMAN else value.replace("dd", "đ") if name == "diem" else value
        words.append(f"{_SAID[name]} {number}")
    return (" " if key.startswith("dieu") else ", ").join(words)


def _numbers(clause: str, known: Collection[Known]) -> list[tuple[int, int, str]]:
    """Where the clause names regulations, and the code of each; an empty code for one that is not known."""
    found: dict[int, tuple[int, int, str]] = {}
    for match in _NUMBER.finditer(clause):
        found[match.start()] = match.start(), match.end(), ""
    for one in known:
        for match in re.finditer(rf"(?<![\w/-]){re.escape(one.number)}(?![\w/-])", clause, re.IGNORECASE):
            found[match.start()] = match.start(), match.end(), one.code
    return [found[start] for start in sorted(found)]


def _owner(start: int, end: int, clause: str, numbers: Sequence[tuple[int, int, str]]) -> int | None:
    """The regulation an article belongs to: the one it leads on to, or else the one named last before it."""
    for at, (number_start, _number_end, _code) in enumerate(numbers):
        if number_start >= end and _LEADS_ON.fullmatch(clause[end:number_start]):
            return at
    before = [at for at, (_start, number_end, _code) in enumerate(numbers) if number_end <= start]
    return before[-1] if before else None


def _places(clause: str) -> Iterator[tuple[int, int, list[str]]]:
    """Each run of steps that belong together, where it stands, and the keys it names."""
    run: list[re.Match[str]] = []
    for step in _STEP.finditer(clause):
        if run and not _JOINS.fullmatch(clause[run[-1].end() : step.start()]):
            yield run[0].start(), run[-1].end(), _keys(run)
            run = []
        run.append(step)
    if run:
        yield run[0].start(), run[-1].end(), _keys(run)


def _keys(run: Sequence[re.Match[str]]) -> list[str]:
    """The keys of a run of steps, told from the largest to the smallest or the other way round.

    A step of a kind that was told before begins another key below what stands over both.
    """
    steps = [(_WORDS[step["word"].casefold()], _values(step)) for step in run]
    if STEPS.index(steps[0][0]) > STEPS.index(steps[-1][0]):
        steps.reverse()
    keys: list[str] = []
    way: dict[str, list[str]] = {}
    for name, values in steps:
        if name in way:
            keys += _written(way)
            way = {above: told for above, told in way.items() if STEPS.index(above) < STEPS.index(name)}
        way[name] = values
    return keys + _written(way)


def _values(step: re.Match[str]) -> list[str]:
    listed = [step["first"], *(one.strip() for one in step["more"].split(",") if one.strip())]
    return [_value(_WORDS[step["word"].casefold()], one) for one in listed]


def _value(name: str, written: str) -> str:
    if name == "diem":
        return "dd" if written == "đ" else written
    return str(roman_value(written) or written)


def _written(way: dict[str, list[str]]) -> list[str]:
    """Every key along a way: a step with several values stands for as many keys."""
    keys = [""]
    for name in sorted(way, key=STEPS.index):
        keys = [f"{key}_{name}-{value}".lstrip("_") for key in keys for value in way[name]]
    return keys
