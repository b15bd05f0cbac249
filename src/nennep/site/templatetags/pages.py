"""How pages name forms and periods, and how they lead from one view of a thing to another. A builtin of the
templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from nennep.documents.rules import Block, Cell, Emphasis, Heading, Note, Paragraph, Span, Table
from nennep.reporting.models import Form, Indicator
from nennep.reporting.rules.periods import Period
from nennep.reporting.rules.states import Standing, State
from nennep.site.looking import address
from nennep.site.sayings import STANDINGS, STATES, in_language, period_dates, period_label
from nennep.site.templatetags.look import number

register = template.Library()

#: What a view of figures keeps when it leads on: the unit, and the two dates.
_KEPT = ("unit", "known_at", "on", "synthesis")


@register.filter
def form_name(form: Form) -> str:
    return in_language(form.name, form.name_en)


@register.filter
def indicator_name(indicator: Indicator) -> str:
    return in_language(indicator.name, indicator.name_en)


@register.filter
def period_name(period: Period) -> str:
    return period_label(period)


@register.filter
def period_days(period: Period) -> str:
    return period_dates(period)


@register.filter
def standing_name(standing: str) -> str:
    return str(STANDINGS[Standing(standing)])


@register.filter
def state_name(state: str) -> str:
    return str(STATES[State(state)])


@register.simple_tag(takes_context=True)
def again(context: Context, **changed: str | int) -> str:
    """The same page with parts of its question changed: `{% again unit=3 %}`; an empty value takes a part out."""
    request: HttpRequest = context["request"]
    return address(request, **changed)


@register.simple_tag(takes_context=True)
def source_url(context: Context, round_id: int, code: str) -> str:
    """Where a figure came from, seen as this page sees it."""
    return _with_question(context, reverse("source", args=[round_id, code]))


@register.simple_tag(takes_context=True)
def sentence(context: Context, pieces: Sequence[Mapping[str, Any]], none: str | Promise) -> SafeString:
    """A sentence of a draft, its figures leading to their sources; `none` stands for a figure that is not there."""
    return mark_safe("".join(_piece(context, one, none) for one in pieces))  # noqa: S308 -- every text was escaped


def _piece(context: Context, piece: Mapping[str, Any], none: str | Promise) -> str:
    if "text" in piece:
        return escape(piece["text"])
    if piece["figure"] is None:
        return escape(str(none))  # what a template translates may come late, and stays late when it is escaped
    where = source_url(context, context["round"].pk, piece["code"])
    address = escape(f"{where}&synthesis={context['synthesis'].pk}")
    return _link_to_source(address, number(piece["figure"].value, piece["decimals"]))


def _link_to_source(address: str, text: str) -> str:
    """`address` is escaped already."""
    return f'<a class="askable" href="{address}" hx-get="{address}" hx-target="#drawer">{escape(text)}</a>'


@register.simple_tag(takes_context=True)
def again_figure(context: Context, code: str) -> str:
    """The source of another figure, from the source of one."""
    return _with_question(context, reverse("source", args=[context["round"].pk, code]))


@register.simple_tag(takes_context=True)
def again_file(context: Context, kind: str) -> str:
    """The figures of this page as a file."""
    return _with_question(context, reverse("figures-sheet", args=[context["round"].pk, kind]))


def _with_question(context: Context, path: str) -> str:
    request: HttpRequest = context["request"]
    kept = {key: request.GET[key] for key in _KEPT if request.GET.get(key)}
    kept.setdefault("unit", str(context["unit"].id))
    return f"{path}?{urlencode(kept)}"


@register.simple_tag
def table_rows(table: Table, round_id: int, question: str) -> SafeString:
    """The rows of a paper's table, figures leading to their sources.

    An annex of headquarters has thousands of cells: written here they cost a tenth of what they do in a template.
    """
    aligned = [column.align.value for column in table.columns]
    rows = []
    for row in table.rows:
        cells = []
        for position, (cell, where) in enumerate(zip(row.cells, aligned, strict=True)):
            deep = f" depth-{row.level}" if position == table.indented_column else ""
            cells.append(f'<td class="{where}{deep}">{_cell(cell, round_id, question)}</td>')
        opening = '<tr class="strong">' if row.bold else "<tr>"
        rows.append(f"{opening}{''.join(cells)}</tr>")
    return mark_safe("".join(rows))  # noqa: S308 -- every text went through escape


def _cell(cell: Cell, round_id: int, question: str) -> str:
    if isinstance(cell, str):
        return escape(cell)
    address = escape(f"{reverse('source', args=[round_id, cell.key])}?{question}")
    return _link_to_source(address, cell.text)


@register.simple_tag
def paper_blocks(blocks: Sequence[Block], round_id: int, unit_id: int, synthesis_id: int) -> SafeString:
    """The blocks of a paper as a page shows them, figures leading to their sources.

    A report of headquarters has hundreds of paragraphs: they are one template, and their spans are written here.
    """
    question = urlencode({"unit": unit_id, "synthesis": synthesis_id})
    told = [
        (kind, block, _spans(block.spans, round_id, question) if isinstance(block, (Paragraph, Note)) else "")
        for block in blocks
        for kind in [_KINDS[type(block)]]
    ]
    return render_to_string("synthesis/_blocks.html", {"blocks": told, "round_id": round_id, "question": question})


_KINDS: dict[type[Any], str] = {Heading: "heading", Paragraph: "paragraph", Note: "note", Table: "table"}


def _spans(spans: Iterable[Span], round_id: int, question: str) -> SafeString:
    return mark_safe("".join(_span(span, round_id, question) for span in spans))  # noqa: S308 -- as in table_rows


def _span(span: Span, round_id: int, question: str) -> str:
    if not isinstance(span, Emphasis):
        return _cell(span, round_id, question)
    words = escape(span.text)
    if span.bold:
        return f"<strong>{words}</strong>"
    return f"<em>{words}</em>" if span.italic else words
