"""A paper as PDF, set by typst from data: tagged, with bookmarks, the same bytes for the same paper."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst

from nennep.documents.faces import ASCENT, DESCENT, FACES, FAMILY, LINE_GAP, column_widths, face_files, measure
from nennep.documents.rules import (
    Block,
    Emphasis,
    Figure,
    Heading,
    Layout,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Span,
    Table,
    layout_on,
    parts_of,
    printable,
)

_TEMPLATE = Path(__file__).with_name("paper.typ").read_bytes()


def render_pdf(paper: Paper, *, fonts: Path = FACES) -> bytes:
    """Return the paper as PDF, in the layout of its family in force on its date.

    `fonts` is the folder of the faces. The file carries the paper's title and its date, and no name of a person or
    of a program's user. Raises FileNotFoundError without the faces and LookupError without a layout for the date.
    """
    compiler = typst.Compiler(input=_TEMPLATE, font_paths=_faces(fonts))
    content = json.dumps(_content(printable(paper), fonts), ensure_ascii=False)
    made_at = datetime.combine(paper.dated_on, time(), tzinfo=UTC)
    return cast("bytes", compiler.compile(format="pdf", sys_inputs={"paper": content}, timestamp=made_at))


@lru_cache(maxsize=4)
def _faces(fonts: Path) -> typst.Fonts:
    """Return the faces of a folder, read once. Those inside typst stand in for letters that Tinos lacks."""
    face_files(fonts)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])


def _content(paper: Paper, fonts: Path) -> dict[str, Any]:
    """Return the paper as the template reads it: texts, numbers and lists of them."""
    layout = layout_on(paper.dated_on, paper.family)
    places = _Places(paper, layout, fonts)
    text = paper.ended_blocks(layout)
    return {
        "layout": asdict(layout) | {"in_force_from": layout.in_force_from.isoformat()},
        "face": {"family": FAMILY, "ascent": ASCENT, "descent": DESCENT, "gap": LINE_GAP},
        "measured": asdict(measure(paper, layout, fonts)),
        "title": paper.title,
        "year": paper.dated_on.year,
        "month": paper.dated_on.month,
        "day": paper.dated_on.day,
        "parts": asdict(parts_of(paper, layout)),
        "blocks": places.blocks(text, layout.text_width_mm, before_signature=paper.signature is not None),
        "annexes": [
            {
                "label": paper.annex_label(position),
                "title": annex.title.upper(),
                "landscape": annex.landscape,
                "blocks": places.blocks(annex.blocks, layout.body_width_mm(landscape=annex.landscape)),
            }
            for position, annex in enumerate(paper.annexes)
        ],
    }


class _Places:
    """Turns blocks into data, knowing which rows of the paper figures may lead to and how deep headings lie."""

    def __init__(self, paper: Paper, layout: Layout, fonts: Path) -> None:
        self.layout = layout
        self.fonts = fonts
        self.anchors: Mapping[str, str] = paper.anchors()
        self.depths: Mapping[Level, int] = paper.heading_depths()
        self.unplaced = dict(self.anchors)

    def blocks(
        self, blocks: tuple[Block, ...], width_mm: float, *, before_signature: bool = False
    ) -> list[dict[str, Any]]:
        """Return the blocks of a page of that width between its margins."""
        shown = [self._block(block, width_mm) for block in blocks]
        if before_signature and shown:
            shown[-1]["stays"] = True
        return shown

    def _block(self, block: Block, width_mm: float) -> dict[str, Any]:
        match block:
            case Heading():
                return self._heading(block)
            case Table():
                return self._table(block, width_mm)
            case Paragraph() | Note():
                spans = [self._span(span) for span in block.spans]
                return {"is": "paragraph", "italic": isinstance(block, Note), "stays": False, "spans": spans}

    def _heading(self, heading: Heading) -> dict[str, Any]:
        return {
            "is": "heading",
            "depth": self.depths[heading.level],
            "centred": heading.level.is_centred,
            "bold": heading.level.is_bold,
            "lines": heading.lines(roman_stop=self.layout.roman_stop),
        }

    def _table(self, table: Table, width_mm: float) -> dict[str, Any]:
        widths = column_widths(table, width_mm, self.layout, self.fonts)
        return {
            "is": "table",
            "title": table.title,
            "note": table.note,
            "indented": table.indented_column,
            "columns": [
                {"head": column.head, "align": column.align, "width": width}
                for column, width in zip(table.columns, widths, strict=True)
            ],
            "rows": [self._row(row) for row in table.rows],
        }

    def _row(self, row: Row) -> dict[str, Any]:
        return {
            "level": row.level,
            # The first row of a key is the place its figures lead to; a later one would make the place ambiguous.
            "anchor": self.unplaced.pop(row.key, ""),
            "breakable": row.breaks,
            "cells": [self._span(cell, bold=row.bold) for cell in row.cells],
        }

    def _span(self, span: Span, *, bold: bool = False) -> dict[str, Any]:
        match span:
            case Figure():
                # A link with nothing to be seen in it could not be tagged.
                to = self.anchors.get(span.key, "") if _can_be_seen(span.text) else ""
                return {"text": span.text, "bold": bold, "italic": False, "to": to, "mark": span.mark}
            case Emphasis():
                return {"text": span.text, "bold": span.bold, "italic": span.italic, "to": "", "mark": ""}
            case str():
                return {"text": span, "bold": bold, "italic": False, "to": "", "mark": ""}


def _can_be_seen(text: str) -> bool:
    """Say whether a text has a letter, a digit or a sign, and not only blanks and invisible marks."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)
