"""A document drawn as a page of paper on the screen, with what its form still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nennep.documents.models import Document
from nennep.documents.papers import layout_check, paper_of
from nennep.documents.rules.layout import Layout, layout_on
from nennep.documents.rules.paper import Cell, Emphasis, Figure, Heading, Note, Paper, Paragraph, Span, Table
from nennep.documents.rules.parts import URGENCY_STAMPS
from nennep.documents.rules.points import Component, Point
from nennep.documents.rules.text import BlockKind, Text
from nennep.site.document_words import COMPONENTS
from nennep.site.letterhead import document_head


@dataclass(frozen=True)
class DrawnBlock:
    """One block of the text: its place on the page, what it is, and its words."""

    id: str
    kind: str
    html: SafeString


@dataclass(frozen=True)
class Failing:
    """A component of the form that the paper does not satisfy, with the clause that asks for it."""

    name: str
    clause: str
    found: str


@dataclass(frozen=True)
class Drawn:
    """A paper as the page shows it; `points` is the check of its form."""

    paper: Paper
    layout: Layout
    text: Text
    points: Sequence[Point]

    @cached_property
    def blocks(self) -> list[DrawnBlock]:
        written = [block for block in self.text.blocks if block.kind is not BlockKind.BASIS]
        return [
            DrawnBlock(block.id, _KINDS[type(drawn)], _html(drawn, self.layout))
            for block, drawn in zip(written, self.paper.ended_blocks(self.layout), strict=True)
        ]

    @property
    def bases(self) -> tuple[str, ...]:
        return self.paper.basis_lines(self.layout)

    @property
    def urgency_mark(self) -> str:
        """What stands framed under the head of an urgent paper; empty for an ordinary one."""
        mark = URGENCY_STAMPS.get(self.paper.urgency)
        return mark[0] if mark else ""

    @property
    def letter_subject(self) -> str:
        return self.paper.letter_subject(self.layout)

    @property
    def addressee_word(self) -> str:
        return self.paper.addressee_word(self.layout)

    @property
    def signature_lines(self) -> tuple[str, ...]:
        signature = self.paper.signature
        return signature.lines(self.paper.family) if signature else ()

    @property
    def holds(self) -> int:
        return sum(point.holds for point in self.points)

    @property
    def failing(self) -> list[Failing]:
        return [
            Failing(str(COMPONENTS[Component(point.component)]), point.clause, point.found)
            for point in self.points
            if not point.holds
        ]


def drawn(document: Document, text: Text, day: date) -> Drawn:
    """The paper of a document with the text that is shown. A few queries."""
    paper = paper_of(document, text, document_head(document, day), day=day)
    return Drawn(paper, layout_on(paper.dated_on, paper.family), text, layout_check(paper, text))


_KINDS: dict[type[object], str] = {Heading: "heading", Paragraph: "paragraph", Note: "note", Table: "table"}


def _html(block: Heading | Paragraph | Note | Table, layout: Layout) -> SafeString:
    if isinstance(block, Heading):
        lines = block.lines(roman_stop=layout.roman_stop)
        return mark_safe("<br>".join(escape(line) for line in lines))  # noqa: S308 -- every line was escaped
    if isinstance(block, Table):
        return _table(block)
    return _spans(block.spans)


def _spans(spans: Iterable[Span]) -> SafeString:
    return mark_safe("".join(_span(span) for span in spans))  # noqa: S308 -- every span was escaped


def _span(span: Span) -> str:
    if isinstance(span, str):
        return escape(span)
    words = escape(span.text)
    if isinstance(span, Emphasis) and span.bold:
        return f"<strong>{words}</strong>"
    return f"<em>{words}</em>" if isinstance(span, Emphasis) and span.italic else words


def _table(table: Table) -> SafeString:
    heads = "".join(f'<th scope="col">{escape(column.head)}</th>' for column in table.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{column.align.value}">{_cell(cell)}</td>'
            for cell, column in zip(row.cells, table.columns, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    return mark_safe(  # noqa: S308 -- heads and cells were escaped
        f'<table class="paper-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell(cell: Cell) -> str:
    return escape(cell.text if isinstance(cell, Figure) else cell)
