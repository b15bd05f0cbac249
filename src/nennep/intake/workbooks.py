"""The workbook of a form as a file: written to be filled in without a connection, and read back as plain cells.

What may be typed in is white and framed; everything else is locked. The sheets check what is typed with the program's
own rules of validation, and hold no formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from nennep.documents.rules import legible
from nennep.documents.sheets import Formats, as_cell, fitting, is_dangerous, is_exact, number_format
from nennep.intake.rules.workbook import (
    FIGURES,
    KIND,
    LINE,
    OWN,
    PASSPORT,
    SECTION,
    TEXT,
    WORD,
    WORDS,
    FigureRow,
    FigureSection,
    Plan,
    WordRow,
)

#: Lines kept ready for statements that are not written yet.
EMPTY_LINES = 30
_CHUNK = 30_000
_MADE_AT = datetime(2020, 1, 1)  # noqa: DTZ001 -- a workbook's moment has no zone
_ROW_PT, _LINE_PT = 22, 16
_LONGEST_NOTE = 255
_LONGEST_TITLE = 32

# The colours of the screen, as a sheet of paper bears them.
_INK, _QUIET, _ACCENT = "#18201A", "#5B675F", "#0E5A3C"
_SOFT, _SUNKEN, _LINE_COLOUR, _FRAME = "#E4F0E8", "#F3F6F4", "#D5DDD7", "#7FB095"
_AMBER, _AMBER_INK, _RED, _RED_INK = "#FFF3D6", "#855400", "#FCECEA", "#AE241D"

_KEY, _NUMBER, _NAME, _MEASURE, _OWN, _BEFORE, _YEAR_BEFORE, _WORD, _REMARK = range(9)
_W_ORDER, _W_SECTION, _W_KIND, _W_TEXT, _W_REMARK = range(1, 6)
_A4 = 9


def render(plan: Plan) -> bytes:
    """The workbook of a plan; the same plan gives the same bytes.

    Figures of more than 15 digits are text, since a spreadsheet would round them. No cell holds a formula.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": _MADE_AT, "author": "", "title": legible(plan.title)})
        writing = _Writing(book, Formats(book), plan)
        figures = book.add_worksheet(plan.phrases.figures_tab)
        words = book.add_worksheet(plan.phrases.words_tab) if plan.word_sections else None
        lists = book.add_worksheet("nennep")
        _write_passport(lists, plan)
        _write_figures(figures, writing)
        if words is not None:
            _write_words(words, lists, writing)
        lists.protect()
        lists.very_hidden()
        figures.activate()
    return target.getvalue()


@dataclass(frozen=True)
class _Writing:
    """A workbook that is being written."""

    book: Any
    formats: Formats
    plan: Plan

    def look(self, **properties: Any) -> Any:
        return self.formats.of(**{"font_color": _INK, "valign": "vcenter", **properties})

    def head(self, **properties: Any) -> Any:
        return self.look(
            bold=True,
            text_wrap=True,
            align="center",
            bg_color=_SUNKEN,
            top=1,
            bottom=2,
            left=1,
            right=1,
            border_color=_LINE_COLOUR,
            bottom_color=_INK,
            quote_prefix=True,
            **properties,
        )

    def locked(self, **properties: Any) -> Any:
        return self.look(**{"border": 1, "border_color": _LINE_COLOUR, **properties})

    def input(self, **properties: Any) -> Any:
        return self.look(border=1, border_color=_FRAME, locked=False, **properties)


# --- the passport ---------------------------------------------------------------------------------


def _write_passport(page: Any, plan: Plan) -> None:
    """Signature and passport in the first columns of a sheet that nobody sees.

    The passport is written in hexadecimal signs: no program that saves the workbook anew has a reason to change them.
    """
    page.write_string(0, 0, PASSPORT)
    page.write_string(0, 1, plan.signature)
    text = plan.passport.as_text().encode().hex()
    for row, start in enumerate(range(0, len(text), _CHUNK), start=1):
        page.write_string(row, 0, text[start : start + _CHUNK])


# --- the figures ----------------------------------------------------------------------------------


def _write_figures(page: Any, writing: _Writing) -> None:
    plan, said = writing.plan, writing.plan.phrases
    last = _REMARK if plan.has_remarks else _WORD
    _prepare(page, writing, FIGURES, {OWN: _OWN, WORD: _WORD})
    widths = {_NUMBER: 6, _NAME: 50, _MEASURE: 21, _OWN: 16, _BEFORE: 14, _YEAR_BEFORE: 14, _WORD: 30, _REMARK: 32}
    for column, width in widths.items():
        page.set_column(column, column, width)
    head_row = _write_above(page, writing, said.how, last)
    heads = (
        said.number,
        said.indicator,
        said.measure,
        said.this_period,
        said.before,
        said.year_before,
        said.word,
        said.remark,
    )
    for column, head in enumerate(heads[:last], start=1):
        own = {"font_color": _ACCENT} if column == _OWN else {}
        page.write_string(head_row, column, fitting(head), writing.head(**own))
    page.set_row(head_row, 34)
    row = _write_sections(page, head_row + 1, writing, last)
    _finish(page, head_row, row - 1, last, plan)


def _prepare(page: Any, writing: _Writing, mark: str, keys: Mapping[str, int]) -> None:
    """The hidden first row and column, by which the sheet is read again."""
    plain = writing.look(font_size=8, font_color=_QUIET)
    page.write_string(0, 0, mark, plain)
    for key, column in keys.items():
        page.write_string(0, column, key, plain)
    page.set_row(0, None, None, {"hidden": True})
    page.set_column(0, 0, 10, None, {"hidden": True})
    page.hide_gridlines(2)
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_above(page: Any, writing: _Writing, how: str, last: int) -> int:
    """What the paper says above its table; returns the row of the heads."""
    plan = writing.plan
    lines: tuple[tuple[str, int, dict[str, Any]], ...] = (
        (plan.title, 26, {"bold": True, "font_size": 15}),
        (f"{plan.unit} · {plan.period}", 20, {"bold": True, "font_color": _ACCENT}),
        (how, 34, {"text_wrap": True, "font_size": 11}),
        (plan.made, 16, {"font_size": 10, "font_color": _QUIET}),
        (plan.line, 16, {"font_size": 10, "font_color": _QUIET}),
    )
    for row, (text, height, look) in enumerate(lines, start=1):
        page.set_row(row, height)
        if look.get("text_wrap"):
            page.merge_range(row, 1, row, last, fitting(text), writing.look(**look, quote_prefix=True))
        else:
            page.write_string(row, 1, fitting(text), writing.look(**look, quote_prefix=True))
    page.write_string(len(lines), 0, LINE)
    return len(lines) + 1


def _write_sections(page: Any, row: int, writing: _Writing, last: int) -> int:
    places = _places(writing.plan.sections, row)
    for section in writing.plan.sections:
        heading = writing.locked(bold=True, bg_color=_SOFT, font_color=_ACCENT, indent=1, quote_prefix=True)
        page.set_row(row, 22)
        page.merge_range(row, 1, row, last, fitting(section.heading), heading)
        row += 1
        for line in section.rows:
            _write_row(page, row, line, writing, last)
            if not line.computed:
                _check_cell(page, row, line, places, writing)
            row += 1
    return row


def _places(sections: Iterable[FigureSection], first: int) -> dict[str, str]:
    """Where the cell of each indicator stands, as a reference (`$E$12`)."""
    places, row = {}, first
    for section in sections:
        for row, line in enumerate(section.rows, start=row + 1):  # noqa: B020 -- rows go on over the sections
            places[line.code] = f"${chr(ord('A') + _OWN)}${row + 1}"
        row += 1
    return places


def _write_row(page: Any, row: int, line: FigureRow, writing: _Writing, last: int) -> None:
    quiet = {"font_color": _QUIET} if line.depth else {}
    page.write_string(row, _KEY, f"cell:{line.code}")
    _write_text(page, row, _NUMBER, line.number, writing.locked(align="center", **quiet))
    name = writing.locked(text_wrap=True, indent=1 + 2 * line.depth, quote_prefix=is_dangerous(line.name))
    page.write_string(row, _NAME, fitting(line.name), name)
    page.write_string(row, _MEASURE, fitting(line.measure), writing.locked(font_color=_QUIET, text_wrap=True, indent=1))
    _write_own(page, row, line, writing)
    for column, past in ((_BEFORE, line.before), (_YEAR_BEFORE, line.year_before)):
        look = {"bg_color": _SUNKEN, "align": "right", "indent": 1}
        if past is None:  # not there, which is no 0
            page.write_string(row, column, "–", writing.locked(font_color=_QUIET, **look))
        else:
            shown_as = number_format(round(past, line.decimals), None)
            _write_number(page, row, column, past, writing.locked(num_format=shown_as, **look))
    if line.computed:
        page.write_blank(row, _WORD, None, writing.locked(bg_color=_SUNKEN))
    else:
        _write_text(page, row, _WORD, line.word, writing.input(text_wrap=True, indent=1, num_format="@", font_size=11))
    if last == _REMARK:
        looks = {"bg_color": _RED, "font_color": _RED_INK} if line.remark else {}
        remark = writing.locked(text_wrap=True, indent=1, font_size=11, quote_prefix=True, **looks)
        _write_text(page, row, _REMARK, line.remark, remark)
    if line.remark:
        _comment(page, row, _OWN, line.remark)
    page.set_row(row, _height((line.name, 58 - 3 * line.depth), (line.measure, 23), (line.word, 34), (line.remark, 36)))


def _write_own(page: Any, row: int, line: FigureRow, writing: _Writing) -> None:
    """The one cell to type in, with what the draft has; a cell of a ratio says that it follows from others."""
    right = {"align": "right", "indent": 1}
    if line.computed:
        look = writing.locked(bg_color=_SUNKEN, font_color=_QUIET, font_size=11, **right)
        page.write_string(row, _OWN, fitting(writing.plan.phrases.computed), look)
    elif line.typed and (line.value is None or not is_exact(line.value)):
        page.write_string(row, _OWN, fitting(line.typed), writing.input(num_format="@", bold=True, **right))
    else:
        # Whatever is typed later must be seen whole: a fixed number of decimals would hide some of it.
        shown_as = "General" if line.decimals else "#,##0"
        _write_number(page, row, _OWN, line.value, writing.input(num_format=shown_as, bold=True, **right))


def _write_number(page: Any, row: int, column: int, value: Decimal | None, look: Any) -> None:
    if value is None:
        page.write_blank(row, column, None, look)
    elif is_exact(value):
        page.write_number(row, column, as_cell(value), look)
    else:
        page.write_string(row, column, format(value, "f"), look)


def _height(*texts: tuple[str, int]) -> int:
    """How high a row must be, in points, for its texts; each comes with the letters that fit on a line of its
    column.
    """
    lines = max(sum(1 + len(part) // width for part in text.split("\n")) for text, width in texts)
    return _ROW_PT + _LINE_PT * (lines - 1)


def _write_text(page: Any, row: int, column: int, text: str, look: Any) -> None:
    """A text; none at all is an empty cell, which the checks tell from one that says something."""
    if text:
        page.write_string(row, column, fitting(text), look)
    else:
        page.write_blank(row, column, None, look)


def _comment(page: Any, row: int, column: int, text: str) -> None:
    """A superior's remark at its very cell."""
    page.write_comment(
        row, column, fitting(text), {"author": "", "x_scale": 2, "y_scale": 1.2, "color": _RED, "font_size": 10}
    )


# --- what a cell takes ----------------------------------------------------------------------------


def _check_cell(page: Any, row: int, line: FigureRow, places: Mapping[str, str], writing: _Writing) -> None:
    """A figure of the wrong kind is not let in; one that is missing or out of bounds is seen."""
    own = places[line.code]
    limits = writing.plan.phrases.limits.get(line.code, "")
    said = {
        "error_title": writing.plan.phrases.wrong[:_LONGEST_TITLE],
        "error_message": limits[:_LONGEST_NOTE],
        "error_type": "stop",
        "ignore_blank": True,
    }
    within = [f"ISNUMBER({own})", f"ROUND({own},{line.decimals})={own}", *_bounds(line, own)]
    if line.part_of in places:
        whole = places[line.part_of]
        within.append(f"OR(ISBLANK({whole}),NOT(ISNUMBER({whole})),{own}<={whole})")
    page.data_validation(row, _OWN, row, _OWN, {"validate": "custom", "value": f"=AND({','.join(within)})", **said})
    wrong = writing.book.add_format({"bg_color": _RED, "font_color": _RED_INK, "bold": True})
    missing = writing.book.add_format({"bg_color": _AMBER, "font_color": _AMBER_INK})
    page.conditional_format(
        row,
        _OWN,
        row,
        _OWN,
        {
            "type": "formula",
            "criteria": f"=AND(NOT(ISBLANK({own})),NOT(AND({','.join(within)})))",
            "format": wrong,
            "stop_if_true": True,
        },
    )
    _check_sum(page, row, line, places, wrong)
    if line.required:
        page.conditional_format(
            row, _OWN, row, _OWN, {"type": "formula", "criteria": f"=ISBLANK({own})", "format": missing}
        )


def _bounds(line: FigureRow, own: str) -> list[str]:
    bounds = [f"{own}>={format(line.lower, 'f')}"] if line.lower is not None else []
    return [*bounds, f"{own}<={format(line.upper, 'f')}"] if line.upper is not None else bounds


def _check_sum(page: Any, row: int, line: FigureRow, places: Mapping[str, str], wrong: Any) -> None:
    """Parts that must make their whole: once all of them are there, a whole that differs is seen."""
    parts = [places[part] for part in line.parts if part in places]
    if not parts or len(parts) < len(line.parts):
        return
    own, there, total = places[line.code], ",".join(f"ISNUMBER({part})" for part in parts), "+".join(parts)
    page.conditional_format(
        row,
        _OWN,
        row,
        _OWN,
        {"type": "formula", "criteria": f"=AND(ISNUMBER({own}),{there},ROUND({total}-{own},6)<>0)", "format": wrong},
    )


# --- the words ------------------------------------------------------------------------------------


def _write_words(page: Any, lists: Any, writing: _Writing) -> None:
    plan, said = writing.plan, writing.plan.phrases
    has_remarks = any(row.remark for row in plan.words)
    last = _W_REMARK if has_remarks else _W_TEXT
    _prepare(page, writing, WORDS, {SECTION: _W_SECTION, KIND: _W_KIND, TEXT: _W_TEXT})
    widths = {_W_ORDER: 6, _W_SECTION: 32, _W_KIND: 16, _W_TEXT: 84, _W_REMARK: 32}
    for column, width in widths.items():
        page.set_column(column, column, width)
    head_row = _write_above(page, writing, said.how_words, last)
    heads = (said.number, said.section, said.kind, said.text, said.remark)
    for column, head in enumerate(heads[:last], start=1):
        page.write_string(head_row, column, fitting(head), writing.head())
    page.set_row(head_row, 26)
    section_list, kind_list = _write_lists(lists, plan, first=head_row + 2)
    first = head_row + 1
    empty = WordRow("", "", "", "")
    for row, line in enumerate([*plan.words, *[empty] * EMPTY_LINES], start=first):
        _write_statement(page, row, row - first + 1, line, writing, has_remarks=has_remarks)
    end = first + len(plan.words) + EMPTY_LINES - 1
    wrong = {"error_title": said.wrong[:_LONGEST_TITLE], "error_type": "stop", "ignore_blank": True}
    choose = {"error_message": said.wrong_kind[:_LONGEST_NOTE], **wrong}
    page.data_validation(first, _W_SECTION, end, _W_SECTION, {"validate": "list", "source": section_list, **choose})
    page.data_validation(first, _W_KIND, end, _W_KIND, {"validate": "list", "source": kind_list, **choose})
    short = {"validate": "length", "criteria": "<=", "value": plan.longest_text}
    page.data_validation(
        first, _W_TEXT, end, _W_TEXT, {**short, "error_message": said.too_long[:_LONGEST_NOTE], **wrong}
    )
    _mark_unplaced(page, first, end, writing)
    _finish(page, head_row, end, last, plan)


def _mark_unplaced(page: Any, first: int, end: int, writing: _Writing) -> None:
    """A point that is written but has no section or kind yet is seen."""
    missing = writing.book.add_format({"bg_color": _AMBER, "font_color": _AMBER_INK})
    for column in (_W_SECTION, _W_KIND):
        own = f"{chr(ord('A') + column)}{first + 1}"
        text = f"${chr(ord('A') + _W_TEXT)}{first + 1}"
        criteria = f"=AND(ISBLANK({own}),NOT(ISBLANK({text})))"
        page.conditional_format(
            first, column, end, column, {"type": "formula", "criteria": criteria, "format": missing}
        )


def _write_lists(lists: Any, plan: Plan, *, first: int) -> tuple[str, str]:
    """The choices of sections and kinds on the hidden sheet; returns where the lists of the first line are found.

    The kinds offered are those of the section that the line chose.
    """
    for row, section in enumerate(plan.word_sections):
        lists.write_string(row, 2, section.choice)
        lists.write_number(row, 3, len(section.kinds))
        for column, kind in enumerate(section.kinds, start=4):
            lists.write_string(row, column, kind)
    end = len(plan.word_sections)
    sections = f"nennep!$C$1:$C${end}"
    chosen = f"MATCH(${chr(ord('A') + _W_SECTION)}{first},{sections},0)"
    kinds = f"=OFFSET(nennep!$E$1,{chosen}-1,0,1,INDEX(nennep!$D$1:$D${end},{chosen}))"
    return f"={sections}", kinds


def _write_statement(page: Any, row: int, number: int, line: WordRow, writing: _Writing, *, has_remarks: bool) -> None:
    page.write_string(row, _KEY, f"statement:{line.id}")
    page.write_number(row, _W_ORDER, number, writing.locked(align="center", font_color=_QUIET, font_size=10))
    short = writing.input(text_wrap=True, indent=1, num_format="@", font_size=11)
    _write_text(page, row, _W_SECTION, line.section, short)
    _write_text(page, row, _W_KIND, line.kind, short)
    text = writing.input(text_wrap=True, indent=1, num_format="@", quote_prefix=is_dangerous(line.text))
    _write_text(page, row, _W_TEXT, line.text, text)
    if has_remarks:
        looks = {"bg_color": _RED, "font_color": _RED_INK} if line.remark else {}
        remark = writing.locked(text_wrap=True, indent=1, font_size=11, quote_prefix=True, **looks)
        _write_text(page, row, _W_REMARK, line.remark, remark)
    if line.remark:
        _comment(page, row, _W_TEXT, line.remark)
    page.set_row(row, _height((line.text, 88), (line.section, 34), (line.remark, 36)))


# --- how it opens and prints ----------------------------------------------------------------------


def _finish(page: Any, head_row: int, end: int, last: int, plan: Plan) -> None:
    page.freeze_panes(head_row + 1, 0)
    page.set_selection(head_row + 2, _OWN, head_row + 2, _OWN)
    page.repeat_rows(head_row)
    page.print_area(1, 1, end, last)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer(f'&L&"Times New Roman"&9{_in_footer(plan.line)}&R&"Times New Roman"&9&P / &N')


def _in_footer(text: str) -> str:
    """An ampersand begins an order to the printer; two of them are one."""
    return legible(text).replace("&", "&&")
