"""A document as the paper it becomes, and the table of opinions on it.

Papers are written in Vietnamese, the language in which they are issued.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nennep.documents.models import Dispatch, Document
from nennep.documents.queries import documents as queries
from nennep.documents.queries.drafts import MatrixRow
from nennep.documents.rules import paper as rules
from nennep.documents.rules.layout import Family, layout_on
from nennep.documents.rules.numbering import symbol_of
from nennep.documents.rules.paper import Align, Capacity, Column, Level, Paper, Paragraph, Row, Signature, Table
from nennep.documents.rules.points import Component, Point
from nennep.documents.rules.points import layout_check as points_of
from nennep.documents.rules.states import Urgency, Verdict
from nennep.documents.rules.text import (
    Block,
    BlockKind,
    Reference,
    Text,
    labels,
    numbering_gaps,
    shown,
    spans,
)
from nennep.organisation import queries as organisation

__all__ = ["Component", "Letterhead", "Point", "layout_check", "opinions_paper", "paper_of"]

#: Up to so many units are named one by one under `Nơi nhận`; more are named by their kind, with their number.
MOST_NAMED = 8
_AS_ABOVE = "Như trên"
# A clause of at most so many letters that more follows under is a title.
_LONGEST_TITLE = 120
_WIDEST_SHARE, _NARROWEST_SHARE = 40, 5


@dataclass(frozen=True)
class Letterhead:
    """What stands around the text of a unit's papers of one family: its names, letters and fixed lines.

    `unit_symbol` are its letters (`BTL`, `ĐU`), `office` those of the office that drafts letters. `addressees` are
    whom its letters and reports go to where the document names nobody; `recipients` the fixed lines, the archive last.
    `kinds` names the units of a kind together: `{"post": "Các đồn Biên phòng"}`.
    """

    issuer: str
    unit_symbol: str
    place: str
    superior: str = ""
    office: str = ""
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    marking: str = ""
    drafter_mark: str = ""


def paper_of(document: Document, text: Text, head: Letterhead, *, day: date) -> Paper:
    """The paper that a document is, from its draft's text or a version's.

    `day` is today; what is issued bears the day of its issue. The number stays blank until then. A few queries,
    however many it is sent to.
    """
    family = Family(document.type.series.family)
    on = document.issued_on or day
    named = _Addressed.of(document, head, on)
    return Paper(
        issuer=head.issuer,
        superior=head.superior,
        symbol=document.symbol or _symbol(document, family, head),
        place=head.place,
        dated_on=on,
        kind=document.type.name,
        subject=document.subject,
        number=document.number,
        bases=tuple(block.text for block in text.blocks if block.kind is BlockKind.BASIS),
        blocks=_blocks([block for block in text.blocks if block.kind is not BlockKind.BASIS]),
        addressees=named.addressees,
        recipients=named.recipients,
        signature=_signature(document, on),
        marking=head.marking,
        family=family,
        letter=document.type.is_letter,
        urgency=Urgency(document.urgency),
        drafter_mark=head.drafter_mark,
    )


def layout_check(paper: Paper, text: Text | None = None) -> list[Point]:
    """Which components of its form the paper satisfies, each with its clause: `Thể thức đạt 14 trên 14 mục`.

    With the text, numbers that do not follow one another count too.
    """
    cited = labels(text) if text else {}
    gaps = [f"{cited[gap.block]}: {gap}" for gap in numbering_gaps(text)] if text else []
    return points_of(paper, layout_on(paper.dated_on, paper.family), gaps=gaps)


def _symbol(document: Document, family: Family, head: Letterhead) -> str:
    type_ = document.type
    return symbol_of(family, type_.abbreviation, head.unit_symbol, letter=type_.is_letter, office=head.office)


# --- the signature --------------------------------------------------------------------------------


def _signature(document: Document, day: date) -> Signature | None:
    """Who signed, or is to sign: the one who was named, or without a name the first who may."""
    if document.signed_at is not None:
        return Signature(
            document.signer_post,
            document.signer_name,
            document.signer_rank,
            Capacity[document.capacity],
            document.in_place_of,
        )
    possible = queries.signers_for(document.type, document.unit_id, day)
    named = next((one for one in possible if one.appointment_id == document.signer_id), None)
    one = named or next(iter(possible), None)
    if one is None:
        return None
    name, rank = (one.name, one.rank) if named else ("", "")
    return Signature(one.post, name, rank, one.capacity, one.in_place_of)


# --- to whom --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Addressed:
    """Whom a paper is written to, and who gets it."""

    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document, head: Letterhead, day: date) -> _Addressed:
        sent = list(Dispatch.objects.filter(document_id=document.pk).order_by("pk").values_list("unit_id", "to_act"))
        to_act = [unit for unit, acts in sent if acts]
        told = _Told(head, document.unit_id, day, [unit for unit, _acts in sent])
        fixed = tuple(line for line in head.recipients if not line.casefold().startswith(_AS_ABOVE.casefold()))
        if not document.type.has_addressee:
            return cls((), _once(*told.lines(unit for unit, _acts in sent), *fixed))
        addressees = told.lines(to_act, plain=True) or head.addressees
        others = told.lines(unit for unit, acts in sent if not acts)
        return cls(addressees, _once(_AS_ABOVE, *others, *fixed))


def _once(*lines: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))


class _Told:
    """The names of units as a paper lists them."""

    def __init__(self, head: Letterhead, unit_id: int, day: date, units: Collection[int]) -> None:
        self._head = head
        self._units = organisation.units_known_by(day, ids=units) if units else {}
        self._above = organisation.tree_on(day).superiors(unit_id) if units else ()

    def lines(self, units: Iterable[int], *, plain: bool = False) -> tuple[str, ...]:
        """Superiors first, each by name and marked; others by name, or by kind with their number where they are many.

        With `plain` nobody is marked.
        """
        known = [self._units[unit] for unit in units if unit in self._units]
        above = [one for one in known if one.id in self._above]
        others = [one for one in known if one.id not in self._above]
        lines = [one.name if plain else f"{one.name} (để báo cáo)" for one in above]
        if len(others) <= MOST_NAMED:
            return (*lines, *(one.name for one in others))
        kinds: dict[str, list[str]] = {}
        for one in others:
            kinds.setdefault(one.kind, []).append(one.name)
        for kind, names in kinds.items():
            together = self._head.kinds.get(kind)
            lines += [f"{together} ({len(names):02})"] if together and len(names) > 1 else names
        return tuple(lines)


# --- the text -------------------------------------------------------------------------------------


def _blocks(blocks: Sequence[Block]) -> tuple[rules.Block, ...]:
    return tuple(_block(block, after) for block, after in zip(blocks, [*blocks[1:], None], strict=True))


def _block(block: Block, after: Block | None) -> rules.Block:
    if block.kind is BlockKind.TABLE:
        return _table(block)
    if block.level is Level.ARTICLE and not _could_be_a_title(block):
        return Paragraph((rules.Emphasis(f"Điều {block.number}.", bold=True), " ", *_spans(block.text)))
    if block.kind is BlockKind.HEADING:
        return rules.Heading(block.level or Level.ROMAN, block.number, shown(block.text))
    level = _LEVELS.get(block.kind)
    if level is not None and _is_title(block, after):
        return rules.Heading(level, block.number, shown(block.text))
    return Paragraph((_MARKS[block.kind].format(block.number or "-"), *_spans(block.text)))


_LEVELS = {BlockKind.CLAUSE: Level.CLAUSE, BlockKind.POINT: Level.POINT}
_MARKS = {
    BlockKind.BASIS: "",
    BlockKind.PARAGRAPH: "",
    BlockKind.CLAUSE: "{}. ",
    BlockKind.POINT: "{}) ",
    BlockKind.DASH: "{} ",
}
_BELOW = {
    BlockKind.CLAUSE: {BlockKind.POINT, BlockKind.DASH, BlockKind.PARAGRAPH, BlockKind.TABLE},
    BlockKind.POINT: {BlockKind.DASH, BlockKind.PARAGRAPH, BlockKind.TABLE},
}


def _is_title(block: Block, after: Block | None) -> bool:
    """Whether a clause is only the title of what follows: short, without a stop, and something stands under it.

    Decree 30/2020, Annex I, part II, item 6: a clause with a title is bold.
    """
    if after is None or not _could_be_a_title(block):
        return False
    is_deeper = after.kind is BlockKind.CLAUSE and after.number.startswith(f"{block.number}.")
    return is_deeper or after.kind in _BELOW[block.kind]


def _could_be_a_title(block: Block) -> bool:
    return bool(block.text) and len(block.text) <= _LONGEST_TITLE and block.text[-1] not in ".;:,"


def _spans(text: str) -> tuple[rules.Span, ...]:
    return tuple(_span(span) for span in spans(text))


def _span(span: str | Reference) -> rules.Span:
    if isinstance(span, str):
        return span
    return rules.Figure(span.shown, span.key) if span.is_figure else span.shown


def _table(block: Block) -> Table:
    """The first row holds the heads; columns of numbers stand to the right."""
    heads, *rows = block.rows
    columns = [[row[place] for row in rows] for place in range(len(heads))]
    return Table(
        tuple(_column(shown(head), cells) for head, cells in zip(heads, columns, strict=True)),
        tuple(Row(tuple(_cell(cell) for cell in row)) for row in rows),
    )


def _column(head: str, cells: Sequence[str]) -> Column:
    told = [shown(cell) for cell in cells]
    widest = max((len(cell) for cell in (head, *told)), default=0)
    share = min(max(widest, _NARROWEST_SHARE), _WIDEST_SHARE)
    are_numbers = any(told) and all(_is_number(cell) for cell in told if cell)
    return Column(head, float(share), Align.RIGHT if are_numbers else Align.LEFT)


def _is_number(cell: str) -> bool:
    return cell.strip("%+-–").replace(".", "").replace(",", "").replace(" ", "").isdigit()


def _cell(cell: str) -> rules.Cell:
    found = spans(cell)
    if len(found) == 1 and isinstance(found[0], Reference) and found[0].is_figure:
        return rules.Figure(found[0].shown, found[0].key)
    return shown(cell)


# --- the table of opinions ------------------------------------------------------------------------

_VERDICTS = {Verdict.OPEN: "Chưa xử lý", Verdict.ACCEPTED: "Tiếp thu", Verdict.EXPLAINED: "Giải trình"}
_OPINION_COLUMNS = (
    Column("TT", 5, Align.CENTRE),
    Column("Đơn vị", 18),
    Column("Nội dung dự thảo", 26),
    Column("Ý kiến", 26),
    Column("Tiếp thu, giải trình", 30),
)


def opinions_paper(document: Document, rows: Sequence[MatrixRow], head: Letterhead, *, day: date) -> Paper:
    """The table of opinions on a draft (bảng tổng hợp ý kiến): who said what, and what was made of it."""
    units = {row.request.unit_id for row in rows}
    answered = {row.request.unit_id for row in rows if row.is_answered}
    said = [row for row in rows if row.opinion is not None]
    counts = {verdict: sum(row.verdict is verdict for row in said) for verdict in _VERDICTS}
    told = (
        f"Đã xin ý kiến {len(units)} đơn vị; {len(answered)} đơn vị đã trả lời, {len(said)} ý kiến: tiếp thu "
        f"{counts[Verdict.ACCEPTED]}, giải trình {counts[Verdict.EXPLAINED]}, chưa xử lý {counts[Verdict.OPEN]}."
    )
    table = Table(
        _OPINION_COLUMNS, tuple(Row((str(number), *_opinion_cells(row))) for number, row in enumerate(rows, start=1))
    )
    annex = rules.Annex("Tổng hợp ý kiến tham gia", (table,), landscape=True)
    return Paper(
        issuer=head.issuer,
        superior=head.superior,
        symbol=head.unit_symbol,
        place=head.place,
        dated_on=day,
        kind="Bảng tổng hợp",
        subject=f"Ý kiến tham gia dự thảo {document.type.name} {document.subject}",
        blocks=(Paragraph((told,)),),
        annexes=(annex,),
        marking=head.marking,
        family=Family(document.type.series.family),
    )


def _opinion_cells(row: MatrixRow) -> tuple[str, str, str, str]:
    if row.opinion is None:
        answer = "Nhất trí, không có ý kiến thêm" if row.is_answered else "Chưa trả lời"
        return row.unit_name, "", answer, ""
    place = f"{row.label}: {row.words}" if row.label else "Toàn văn"
    return row.unit_name, place, row.opinion.text, _settled(row)


def _settled(row: MatrixRow) -> str:
    told = [_VERDICTS[row.verdict]]
    if row.opinion is not None and row.opinion.explanation:
        told.append(row.opinion.explanation)
    if row.change is not None and row.change.after is not None:
        told.append(f"Sửa thành: “{shown(row.change.after.words)}”")
    elif row.change is not None:
        told.append("Đã bỏ nội dung này")
    joined = ". ".join(piece.rstrip(".") for piece in told)
    return joined if joined.endswith("”") else f"{joined}."
