"""Cells: lines parted by tabs or bars, where the row says what is counted and the column for what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from loom._measures import measure_at
from loom._numbers import SCALES, number_at
from loom._phrases import Phrases
from loom._reading import Role
from loom._text import fold
from loom._tokens import Tokens

_BARS = frozenset({"\t", "|"})
_LEAST_CELLS = 2
_COLUMNS = (
    (Role.CHANGE_UP, Phrases.listed("tăng | tăng giảm | so sánh | +/- | chênh lệch")),
    (Role.PREVIOUS, Phrases.listed("cùng kỳ | năm trước | kỳ trước | năm ngoái | tháng trước | quý trước")),
    (Role.TARGET, Phrases.listed("kế hoạch | chỉ tiêu | mục tiêu | được giao")),
    (Role.CUMULATIVE, Phrases.listed("luỹ kế | cộng dồn")),
)
_FIRST_YEAR, _LAST_YEAR, _LONGEST_HEAD = 1990, 2100, 12
_SERIAL = Phrases.listed("stt | tt | số tt | no")
_SHARE = Phrases.listed("% | tỷ lệ | tỉ lệ | phần trăm")
_NUMBER = fold("số")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds a number and nothing else; `why` tells that it counts nothing."""

    end: int
    label: str = ""
    measure: str = ""
    scale: Decimal = Decimal(1)
    role: Role = Role.RESULT
    why: str = ""


def cells_of(tokens: Tokens) -> dict[int, Cell]:
    """The cells of all tables in the text, by their first token."""
    found: dict[int, Cell] = {}
    if not _BARS.intersection(tokens.words):
        return found
    heads: list[tuple[int, int]] = []
    for first, end in _lines(tokens):
        row = _cells(tokens, first, end)
        if len(row) < _LEAST_CELLS:
            heads = []
            continue
        numbers = [_is_number(tokens, *cell) for cell in row]
        if not any(numbers) or (not heads and _is_years(tokens, row, numbers)):
            heads = heads if _is_rule(tokens, row) else row
            continue
        _read_row(tokens, row, numbers, heads, found)
    return found


def _lines(tokens: Tokens) -> list[tuple[int, int]]:
    ends = [at for at, word in enumerate(tokens.words) if word == "\n"] + [len(tokens)]
    return list(zip([0, *(end + 1 for end in ends)], ends, strict=False))


def _cells(tokens: Tokens, first: int, end: int) -> list[tuple[int, int]]:
    bars = [at for at in range(first, end) if tokens.words[at] in _BARS]
    if not bars:
        return []
    starts = [first, *(bar + 1 for bar in bars)]
    cells = list(zip(starts, [*bars, end], strict=True))
    if cells and cells[0][0] == cells[0][1]:
        cells = cells[1:]
    return cells


def _is_rule(tokens: Tokens, row: list[tuple[int, int]]) -> bool:
    return all(set(tokens.words[first:end]) <= {"-", ":", "–"} for first, end in row)


def _is_number(tokens: Tokens, first: int, end: int) -> bool:
    if first >= end or not tokens.is_number(first):
        return False
    numeral = number_at(tokens, first, joined=True)
    if numeral is None:
        return False
    measure = measure_at(tokens, numeral.end)
    return (measure.end if measure else numeral.end) == end


def _read_row(
    tokens: Tokens,
    row: list[tuple[int, int]],
    numbers: list[bool],
    heads: list[tuple[int, int]],
    found: dict[int, Cell],
) -> None:
    label_at = next((n for n, cell in enumerate(row) if not numbers[n] and _has_letters(tokens, *cell)), None)
    label = tokens.phrase(*row[label_at]) if label_at is not None else ""
    measure, scale = _row_measure(tokens, row, numbers, label_at)
    latest = max((_period_of(tokens, *head) for head in heads), default=())
    for n, (first, end) in enumerate(row):
        if not numbers[n]:
            continue
        head = heads[n] if n < len(heads) and len(heads) >= len(row) - 1 else (0, 0)
        if label_at is None or n < label_at or _SERIAL.within(tokens, *head):
            found[first] = Cell(end, why="ordinal")
            continue
        share = _SHARE.within(tokens, *head)
        name, times = (measure, scale) if measure else _told_in(tokens, *head)
        found[first] = Cell(
            end,
            label,
            "%" if share else name or label,
            Decimal(1) if share else times,
            _role_of(tokens, *head, latest),
        )


def _has_letters(tokens: Tokens, first: int, end: int) -> bool:
    return any(tokens.is_letters(at) for at in range(first, end))


def _row_measure(
    tokens: Tokens, row: list[tuple[int, int]], numbers: list[bool], label_at: int | None
) -> tuple[str, Decimal]:
    """From a column of units, from brackets in the label, or from `Số vụ …`."""
    if label_at is None:
        return "", Decimal(1)
    for n, (first, end) in enumerate(row):
        if n == label_at or numbers[n] or first >= end:
            continue
        name, scale, last = _unit(tokens, first)
        if name and last == end:
            return name, scale
    first, end = row[label_at]
    return _told_in(tokens, first, end)


def _told_in(tokens: Tokens, first: int, end: int) -> tuple[str, Decimal]:
    """The measure that a label or a column's head names: in brackets, after `Số`, or as its first word."""
    noted = _noted(tokens, first, end)
    if noted[0]:
        return noted
    for at in range(first, end):
        if tokens.words[at] == _NUMBER:
            measure = measure_at(tokens, at + 1)
            if measure:
                return measure.name, Decimal(1)
    measure = measure_at(tokens, first)
    whole = measure is not None and measure.end == end
    return (measure.name if measure and whole else ""), Decimal(1)


def _noted(tokens: Tokens, first: int, end: int) -> tuple[str, Decimal]:
    """What stands in brackets: `(triệu đồng)`."""
    for at in range(first, end):
        if tokens.words[at] in {"(", ","}:
            name, scale, last = _unit(tokens, at + 1)
            if name and (last >= end or tokens.word(last) == ")"):
                return name, scale
    return "", Decimal(1)


def _unit(tokens: Tokens, at: int) -> tuple[str, Decimal, int]:
    scale = Decimal(1)
    while tokens.word(at) in SCALES:
        scale *= SCALES[tokens.word(at)]
        at += 1
    measure = measure_at(tokens, at)
    return (measure.name, scale, measure.end) if measure else ("", Decimal(1), at)


def _role_of(tokens: Tokens, first: int, end: int, latest: tuple[int, ...]) -> Role:
    """What a column is for, by its head; one headed by an earlier period than another is of that period."""
    told = next((role for role, words in _COLUMNS if words.within(tokens, first, end)), None)
    if told is not None:
        return told
    period = _period_of(tokens, first, end)
    return Role.PREVIOUS if period and len(period) == len(latest) and period < latest else Role.RESULT


def _period_of(tokens: Tokens, first: int, end: int) -> tuple[int, ...]:
    """The year that a head names, and its months or quarter after it; empty if it names no year."""
    numbers = [
        int(part)
        for at in range(first, min(end, first + _LONGEST_HEAD))
        if len(tokens.words[at]) <= len("2024") and (part := tokens.words[at]).isdecimal()
    ]
    years = [number for number in numbers if _FIRST_YEAR <= number < _LAST_YEAR]
    return (years[-1], *(number for number in numbers if number < _FIRST_YEAR)) if years else ()


def _is_years(tokens: Tokens, row: list[tuple[int, int]], numbers: list[bool]) -> bool:
    """Whether a row is a head of years: `Nội dung | 2023 | 2024`."""
    years = [_period_of(tokens, *cell) for cell, number in zip(row, numbers, strict=True) if number]
    return len(years) > 1 and all(years) and len(set(years)) == len(years)
