"""`read`: from a text to all that it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from loom._arithmetic import find_arithmetic
from loom._head import document_of, is_ahead, period_of, unit_of
from loom._kinds import Course, asks, promised, turn
from loom._outline import Block, Role, outline
from loom._pages import without_page_numbers
from loom._quantities import find_quantities
from loom._reading import Heading, Kind, Reading, Said, Span, Statement
from loom._statements import enumerated, parts, sentences
from loom._text import Written, written


def read(text: str, *, name: str = "") -> Reading:
    """Read a report: what it is, its outline, its statements, its quantities and its arithmetic.

    Any text can be read; what it does not say stays None or empty. Every span is a place in `text` as given, whatever
    its normalisation form, line ends and unseen marks. `name` is kept as the name under which the reading is known.
    """
    clean = written(text)
    clean = replace(clean, text=without_page_numbers(clean.text))
    blocks = outline(clean.text)
    headings = tuple(
        Heading(Span(block.start, block.span.end), _title(clean.text[block.start : block.span.end]), block.level)
        for block in blocks
        if block.role is Role.HEADING
    )
    period = period_of(blocks)
    statements = tuple(_statements(clean.text, blocks, period.value if period else ""))
    quantities, not_quantities = find_quantities(clean.text, statements, headings)
    reading = Reading(
        text=clean.text,
        document=document_of(blocks),
        unit=unit_of(clean.text, blocks),
        period=period,
        headings=headings,
        statements=statements,
        quantities=quantities,
        not_quantities=not_quantities,
        arithmetic=find_arithmetic(clean.text, quantities),
        name=name,
    )
    return _led_back(reading, clean)


_BULLET = re.compile(r"^(?:[#*+•●○▪■□◦‣∙·✓➢►▶→❖◆♦§Ø–—-]+\s*)")


def _title(line: str) -> str:
    """A heading without bullet sign, emphasis and final colon."""
    return " ".join(_BULLET.sub("", line).strip("*_ ").rstrip(":").split())


def _statements(text: str, blocks: Sequence[Block], period: str) -> list[Statement]:
    """Walk through the blocks and say what each sentence does, knowing what stands over it and what came before."""
    found: list[Statement] = []
    course = Course(period=period)
    path: list[_Over] = []
    number = -1
    for block in blocks:
        if block.role is Role.HEADING:
            number += 1
            while path and path[-1].level >= block.level:
                path.pop()
            path.append(_Over(block.level, number, block.style, _promised(block, period)))
            course.enter(next((over.kinds for over in reversed(path) if over.kinds), ()))
        elif block.role is Role.LEAD_IN:
            if kinds := promised(block.text):
                course.enter(kinds, firm=False)
        elif block.role is Role.BODY:
            _leave(path, block, course)
            found.extend(_points(text, block, course, tuple(over.heading for over in path)))
    return found


class _Over(NamedTuple):
    """A heading that is open over what comes next."""

    level: int
    heading: int
    style: str
    kinds: tuple[Kind, ...]


def _promised(block: Block, period: str) -> tuple[Kind, ...]:
    """What a heading promises; `Công tác tháng 7` in a report of June promises tasks."""
    kinds = promised(block.text)
    if period and Kind.TASK not in kinds and is_ahead(block.folded, period):
        return (Kind.TASK, *(kind for kind in kinds if kind is not Kind.RESULT))
    return kinds


_RUN_IN = re.compile(r"([^:.;]{3,60}):\s+\S")


def _leave(path: list[_Over], block: Block, course: Course) -> None:
    """`5. Kiến nghị: …` beside headings of its own style stands under none of them: it is heading and point in one."""
    label = _RUN_IN.match(block.text)
    beside = [at for at, over in enumerate(path) if block.style and over.style == block.style]
    if label and beside:
        del path[beside[-1] :]
        course.enter(promised(label.group(1)) or next((over.kinds for over in reversed(path) if over.kinds), ()))


def _points(text: str, block: Block, course: Course, path: tuple[int, ...]) -> list[Statement]:
    points: list[Statement] = []
    found = sentences(text, block.span)
    for sentence, told in zip(found, course.begin([one.of(text) for one in found]), strict=True):
        kind = told
        for place, piece in enumerate(_pieces(text, sentence, told)):
            kind = (turn(piece.of(text)) if place else None) or kind
            points.append(Statement(piece, piece.of(text), kind, path))
    return points


def _pieces(text: str, sentence: Span, kind: Kind) -> list[Span]:
    """The separate points of one sentence.

    Numbered points are always separate; shortcomings and causes are told apart at each semicolon. Else a semicolon
    parts what belongs together, but for a turn (`; tuy nhiên …`), a second request, and points without figures that
    are as long as sentences.
    """
    if listed := enumerated(text, sentence):
        return listed
    pieces = parts(text, sentence)
    if len(pieces) == 1:
        return pieces
    if kind in {Kind.SHORTCOMING, Kind.CAUSE}:
        return _joined(pieces, lambda _, piece: _says_something(piece.of(text)))
    long = not _FIGURE.search(sentence.of(text)) and all(len(piece.of(text).split()) >= _A_SENTENCE for piece in pieces)
    return _joined(
        pieces,
        lambda before, piece: (
            (long and not text[piece.start].isupper() and not _HANGS_ON.match(text, piece.start))
            or _is_apart(before.of(text), piece.of(text), kind)
        ),
    )


# A point of so many words could stand as a sentence; one of fewer than three hangs on what stands before it.
_A_SENTENCE, _A_POINT = 15, 3
_FIGURE = re.compile(r"\d")
_SHARE = re.compile(r"\d[\d.,]*\s*(?:/\s*\d[\d.,]*|%)[^;]*?(?<!\w)(?:đã|được|đạt|có)(?!\w)")
# What tells parts of the figure before it hangs on it.
_HANGS_ON = re.compile(
    r"(?:trong (?:đó|số)|gồm|bao gồm|riêng|còn lại|số còn lại|cụ thể|qua đó|từ đó|đồng thời|và|nhất là|đạt|chiếm|"
    r"tăng|giảm)(?!\w)",
    re.IGNORECASE,
)


def _says_something(piece: str) -> bool:
    return len(piece.split()) >= _A_POINT


def _is_apart(first: str, piece: str, kind: Kind) -> bool:
    """Whether a piece is a point of its own: a turn, another request, or a share that says something after an act.

    `first` is the sign with which the piece before it opens.
    """
    if turn(piece):
        return True
    if kind is Kind.PROPOSAL:
        return asks(piece)
    return kind is Kind.RESULT and bool(_SHARE.match(piece)) and not first.isdigit()


def _joined(pieces: Sequence[Span], is_apart: Callable[[Span, Span], bool]) -> list[Span]:
    """Pieces put together again where they are not apart."""
    found = [pieces[0]]
    for piece in pieces[1:]:
        if is_apart(found[-1], piece):
            found.append(piece)
        else:
            found[-1] = Span(found[-1].start, piece.end)
    return found


def _led_back(reading: Reading, clean: Written) -> Reading:
    """The same reading with every span in the text as it came."""
    source = clean.source
    if source == clean.text:
        return reading

    def said(one: Said | None) -> Said | None:
        return one and Said(one.value, clean.origin(one.span))

    return replace(
        reading,
        text=source,
        document=said(reading.document),
        unit=said(reading.unit),
        period=said(reading.period),
        headings=tuple(replace(one, span=clean.origin(one.span)) for one in reading.headings),
        statements=tuple(
            replace(one, span=span, text=span.of(source))
            for one in reading.statements
            for span in (clean.origin(one.span),)
        ),
        quantities=tuple(
            replace(one, span=span, quote=span.of(source))
            for one in reading.quantities
            for span in (clean.origin(one.span),)
        ),
        not_quantities=tuple(
            replace(one, span=span, text=span.of(source))
            for one in reading.not_quantities
            for span in (clean.origin(one.span),)
        ),
    )
