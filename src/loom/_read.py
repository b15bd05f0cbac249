"""`read`: from a text to all that it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loom._head import document_of, period_of, unit_of
from loom._kinds import Course, promised
from loom._outline import Block, Role, outline
from loom._reading import Heading, Kind, Reading, Said, Span, Statement
from loom._statements import enumerated, parts, sentences
from loom._text import Written, written


def read(text: str, *, name: str = "") -> Reading:
    """Read a report: what it is, its outline, its statements, its quantities and its arithmetic.

    Any text can be read; what it does not say stays None or empty. Every span is a place in `text` as given, whatever
    its normalisation form, line ends and unseen marks. `name` is kept as the name under which the reading is known.
    """
    clean = written(text)
    blocks = outline(clean.text)
    headings = tuple(
        Heading(Span(block.start, block.span.end), _title(clean.text[block.start : block.span.end]), block.level)
        for block in blocks
        if block.role is Role.HEADING
    )
    statements = tuple(_statements(clean.text, blocks))
    reading = Reading(
        text=clean.text,
        document=document_of(blocks),
        unit=unit_of(clean.text, blocks),
        period=period_of(blocks),
        headings=headings,
        statements=statements,
        name=name,
    )
    return _led_back(reading, clean)


_BULLET = re.compile(r"^(?:[#*+•●○▪■□◦‣∙·✓➢►▶→❖◆♦§Ø–—-]+\s*)")


def _title(line: str) -> str:
    """A heading without bullet sign, emphasis and final colon."""
    return " ".join(_BULLET.sub("", line).strip("*_ ").rstrip(":").split())


def _statements(text: str, blocks: Sequence[Block]) -> list[Statement]:
    """Walk through the blocks and say what each sentence does, knowing what stands over it and what came before."""
    found: list[Statement] = []
    course = Course()
    path: list[tuple[int, int, tuple[Kind, ...]]] = []
    number = -1
    for block in blocks:
        if block.role is Role.HEADING:
            number += 1
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, number, promised(block.text)))
            course.enter(next((kinds for _, _, kinds in reversed(path) if kinds), ()))
        elif block.role is Role.LEAD_IN:
            if kinds := promised(block.text):
                course.enter(kinds, firm=False)
        elif block.role is Role.BODY:
            over = tuple(at for _, at, _ in path)
            found.extend(_points(text, block, course, over))
    return found


def _points(text: str, block: Block, course: Course, path: tuple[int, ...]) -> list[Statement]:
    points: list[Statement] = []
    for order, sentence in enumerate(sentences(text, block.span)):
        kind = course.kind(sentence.of(text), fresh=order == 0)
        pieces = _pieces(text, sentence, kind)
        for piece in pieces:
            points.append(Statement(piece, piece.of(text), kind, path))
    return points


def _pieces(text: str, sentence: Span, kind: Kind) -> list[Span]:
    """The separate points of one sentence: numbered ones always, shortcomings and causes at each semicolon."""
    if listed := enumerated(text, sentence):
        return listed
    if kind in {Kind.SHORTCOMING, Kind.CAUSE}:
        return parts(text, sentence)
    return [sentence]


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
