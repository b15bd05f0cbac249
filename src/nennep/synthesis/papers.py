"""The consolidated report as an official paper, with the tables and the sources behind every figure and sentence.

Papers are written in Vietnamese, the language in which they are issued.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from nennep.documents.rules import (
    Align,
    Annex,
    Block,
    Column,
    Figure,
    Heading,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Signature,
    Span,
    Table,
    format_number,
)
from nennep.documents.sheets import Column as SheetColumn
from nennep.documents.sheets import Line, Sheet
from nennep.reporting.queries import VersionHead
from nennep.reporting.rules.content import IndicatorRule, Layout, Section
from nennep.synthesis import figures as consolidation
from nennep.synthesis.rules.drafts import Compared, ItemKind, pieces, references, spelled_out

MISSING = "(chưa có số liệu)"


@dataclass(frozen=True)
class Letterhead:
    """What stands around the text: who issues, to whom, and who signs."""

    issuer: str
    symbol: str
    place: str
    superior: str = ""
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signature: Signature | None = None
    marking: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the report with the names of the units that said it and the versions it stands in."""

    section: str
    kind: ItemKind
    text: str
    said_by: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """A unit right below, and its figures over its own subtree."""

    name: str
    figures: Mapping[str, consolidation.Figure]


class Behind(Enum):
    """What the annexes tell, in their order: one annex each."""

    TABLES = "tables"
    FIGURES = "sources of the figures"
    SENTENCES = "sources of the sentences"
    VERSIONS = "versions"


@dataclass(frozen=True)
class Material:
    """Everything a consolidated report is written from: the same material gives the same paper.

    `compared`, `contributions` and `versions` are told in annexes alone: they are empty where the material was gathered
    without the annexes that tell them.
    """

    unit_name: str
    form_name: str
    period_name: str
    layout: Layout
    rules: Mapping[str, IndicatorRule]
    figures: Mapping[str, consolidation.Figure]
    compared: Mapping[str, Compared]
    sentences: Sequence[Sentence]
    contributions: Sequence[Contribution]
    versions: Sequence[VersionHead]
    unit_names: Mapping[int, str]
    reported: int
    expected: int
    missing: Sequence[str]
    as_of: datetime
    tree_of: str = ""
    #: How many units were to say something in words: those that report to this one.
    speakers: int = 0
    #: Sentences of a draft that nobody has accepted yet.
    waiting: int = 0
    #: The annexes for which it was gathered; the others stand with their title alone.
    annexes: Collection[Behind] = tuple(Behind)

    def shown(self, code: str) -> str:
        """A figure as the paper prints it."""
        figure = self.figures.get(code)
        return MISSING if figure is None else self.number(code, figure.value)

    def number(self, code: str, value: Decimal | None) -> str:
        return "" if value is None else printed(value, self.rules[code])

    def spelled(self, text: str) -> str:
        """A sentence with its figures as the paper prints them."""
        return spelled_out(text, {code: self.shown(code) for code in references(text) if code in self.rules})


def printed(value: Decimal, rule: IndicatorRule) -> str:
    """A figure as papers print it."""
    return format_number(value, "vi", 2 if rule.is_computed else None)


# --- the paper ------------------------------------------------------------------------------------


def consolidated_paper(material: Material, head: Letterhead) -> Paper:
    """The report in the state layout: the text, the tables, and three annexes that lead every figure and sentence
    back.
    """
    blocks: list[Block] = []
    coverage = Note((coverage_sentence(material),))
    for section in material.layout.sections:
        mine = [sentence for sentence in material.sentences if sentence.section == section.letter]
        paragraphs = [block for sentence in mine for block in _sentence_blocks(sentence, material)]
        if not paragraphs:
            continue
        blocks.append(Heading(Level.ROMAN, section.letter, section.heading or section.title))
        blocks += paragraphs
        if coverage not in blocks:
            blocks.append(coverage)
    if material.waiting:
        blocks.append(Note((f"(Dự thảo: còn {material.waiting} ý chưa có người xem xét, chấp nhận.)",)))
    return Paper(
        issuer=head.issuer,
        superior=head.superior,
        symbol=head.symbol,
        place=head.place,
        dated_on=material.as_of.date(),
        kind="Báo cáo",
        subject=_subject(material),
        addressees=head.addressees,
        blocks=tuple(blocks or [coverage]),
        signature=head.signature,
        recipients=head.recipients,
        annexes=tuple(_annex(one, material) for one in Behind),
        marking=head.marking,
    )


def _subject(material: Material) -> str:
    """`Kết quả công tác Biên phòng và CTĐ, CTCT tháng 10 năm 2026`, from the form's name and the period."""
    words = material.form_name.removeprefix("Báo cáo ").split()
    # The form is named after its kind of period ("Báo cáo tháng …"); the paper names the very period instead.
    topic = " ".join(word for word in words if word.lower() not in _PERIOD_WORDS)
    return f"Kết quả {topic} {material.period_name[:1].lower()}{material.period_name[1:]}"


_PERIOD_WORDS = {"6", "tuần", "tháng", "quý", "năm"}


def coverage_sentence(material: Material) -> str:
    """`(Số liệu của 9 trên 12 đơn vị; chưa có báo cáo: …)`: who is in the figures, and who is not, by name."""
    said = f"Số liệu của {material.reported} trên {material.expected} đơn vị"
    if material.missing:
        said += f"; chưa có báo cáo: {', '.join(material.missing)}"
    if material.tree_of:
        said += f"; {material.tree_of}"
    return f"({said}.)"


def _sentence_blocks(sentence: Sentence, material: Material) -> list[Block]:
    spans: list[Span] = []
    found = False
    for kind, part in pieces(sentence.text):
        if kind == "figure" and part in material.rules:
            spans.append(Figure(material.shown(part), part))
            found = found or part in material.figures
        else:
            spans.append(part)
    if sentence.kind is ItemKind.FIGURES and not found and len(spans) > 1:
        return []
    if sentence.kind is ItemKind.STATEMENT:
        spans.insert(0, "- ")
        if len(sentence.said_by) > 1:
            spans.append(f" ({said_by_how_many(sentence, material)})")
    return [Paragraph(tuple(spans))]


def said_by_how_many(sentence: Sentence, material: Material) -> str:
    """`5/12 đơn vị`: of the units that report to this one, how many say it."""
    return f"{len(sentence.said_by)}/{max(material.speakers, len(sentence.said_by))} đơn vị"


def _annex(told: Behind, material: Material) -> Annex:
    title = _TITLES[told].format(period=material.period_name.lower())
    blocks = (_TABLES[told](material),) if told in material.annexes else ()
    return Annex(title, blocks, landscape=told in _LANDSCAPE)


def _tables(material: Material) -> Table:
    columns = (
        Column("TT", 0.5, Align.CENTRE),
        Column("Chỉ tiêu", 4),
        Column("Đơn vị tính", 1.3),
        Column("Kỳ này", 1.2, Align.RIGHT),
        Column("Kỳ trước", 1.2, Align.RIGHT),
        Column("Cùng kỳ năm trước", 1.2, Align.RIGHT),
        Column("Lũy kế năm", 1.2, Align.RIGHT),
        Column("Chỉ tiêu năm", 1.2, Align.RIGHT),
    )
    rows = [row for section in material.layout.sections if section.is_cells for row in _table_rows(section, material)]
    return Table(columns, tuple(rows), note=coverage_sentence(material))


def _table_rows(section: Section, material: Material) -> Iterable[Row]:
    yield Row((section.letter, section.title, "", "", "", "", "", ""), bold=True)
    for row in section.rows:
        code = row.indicator
        compared = material.compared.get(code, Compared(None, None, None))
        yield Row(
            (
                row.number,
                material.rules[code].name,
                material.rules[code].unit_of_measure,
                Figure(material.shown(code), code) if code in material.figures else "chưa có",
                material.number(code, compared.before),
                material.number(code, compared.year_before),
                material.number(code, compared.reached),
                material.number(code, compared.target),
            ),
            level=depth(code, material.rules),
        )


def depth(code: str, rules: Mapping[str, IndicatorRule]) -> int:
    """How deep an indicator lies under its wholes (`trong đó`)."""
    level = 0
    while (rule := rules.get(code)) is not None and rule.part_of in rules:
        code, level = rule.part_of, level + 1
    return level


def _figure_sources(material: Material) -> Table:
    """Each figure of the paper and what each unit right below put into it."""
    columns = (
        Column("TT", 0.5, Align.CENTRE),
        Column("Số trong báo cáo", 3),
        Column("Bằng", 1.2, Align.RIGHT),
        Column("Từ các đơn vị", 7),
    )
    named = [code for sentence in material.sentences for code in references(sentence.text)]
    codes = [code for code in dict.fromkeys([*material.layout.indicators, *named]) if code in material.figures]
    rows = [
        Row(
            (str(place), _named(code, material), material.shown(code), _contributions(code, material)),
            key=code,
        )
        for place, code in enumerate(codes, start=1)
    ]
    note = "Mỗi số của báo cáo và phần của từng đơn vị trực thuộc; các bản báo cáo ở phụ lục cuối."
    return Table(columns, tuple(rows), note=note)


def _named(code: str, material: Material) -> str:
    rule = material.rules[code]
    return f"{rule.name} ({rule.unit_of_measure})"


def _contributions(code: str, material: Material) -> str:
    parts = [
        f"{one.name} {material.number(code, one.figures[code].value)}"
        for one in material.contributions
        if code in one.figures
    ]
    return "; ".join(parts)


def _sentence_sources(material: Material) -> Table:
    columns = (
        Column("TT", 0.5, Align.CENTRE),
        Column("Câu trong báo cáo", 5),
        Column("Số đơn vị", 0.9, Align.CENTRE),
        Column("Đơn vị báo cáo", 3),
    )
    told = [sentence for sentence in material.sentences if sentence.kind is ItemKind.STATEMENT]
    rows = [
        Row(
            (
                str(place),
                material.spelled(sentence.text),
                said_by_how_many(sentence, material).removesuffix(" đơn vị"),
                ", ".join(sentence.said_by),
            )
        )
        for place, sentence in enumerate(told, start=1)
    ]
    return Table(columns, tuple(rows))


def _version_list(material: Material) -> Table:
    """The versions that everything leads back to: unit, number, receipt and the first digits of its digest."""
    columns = (
        Column("TT", 0.5, Align.CENTRE),
        Column("Đơn vị", 4),
        Column("Bản", 0.6, Align.RIGHT),
        Column("Nhận lúc", 1.8),
        Column("Mã bản", 1.8),
    )
    rows = [
        Row(
            (
                str(place),
                material.unit_names.get(version.unit_id, version.unit_code),
                str(version.number),
                f"{version.received_at.astimezone(material.as_of.tzinfo):%d/%m/%Y %H:%M}",
                version.digest[:12],
            )
        )
        for place, version in enumerate(material.versions, start=1)
    ]
    note = f"Số liệu như biết đến {material.as_of:%d/%m/%Y %H:%M}."
    return Table(columns, tuple(rows), note=note)


_TITLES: Mapping[Behind, str] = {
    Behind.TABLES: "Biểu số liệu {period}",
    Behind.FIGURES: "Nguồn của số liệu",
    Behind.SENTENCES: "Nguồn của các ý",
    Behind.VERSIONS: "Các bản báo cáo làm nguồn",
}
_TABLES: Mapping[Behind, Callable[[Material], Table]] = {
    Behind.TABLES: _tables,
    Behind.FIGURES: _figure_sources,
    Behind.SENTENCES: _sentence_sources,
    Behind.VERSIONS: _version_list,
}
_LANDSCAPE = {Behind.TABLES, Behind.FIGURES}


# --- the same as a workbook -----------------------------------------------------------------------


def workbook(material: Material) -> list[Sheet]:
    """The tables of the paper as sheets: figures, figures by unit, and the versions behind them."""
    remarks = (material.unit_name, material.period_name, coverage_sentence(material), _known(material))
    return [_figure_sheet(material, remarks), _unit_sheet(material, remarks), _version_sheet(material, remarks)]


def _known(material: Material) -> str:
    return f"Số liệu như biết đến {material.as_of:%d/%m/%Y %H:%M}"


def _figure_sheet(material: Material, remarks: tuple[str, ...]) -> Sheet:
    columns = (
        SheetColumn("TT", 6),
        SheetColumn("Chỉ tiêu", 52),
        SheetColumn("Đơn vị tính", 16),
        SheetColumn("Kỳ này", is_number=True),
        SheetColumn("Kỳ trước", is_number=True),
        SheetColumn("Cùng kỳ năm trước", is_number=True),
        SheetColumn("Lũy kế năm", is_number=True),
        SheetColumn("Chỉ tiêu năm", is_number=True),
        SheetColumn("Đơn vị có số", is_number=True),
        SheetColumn("Đơn vị phải báo cáo", is_number=True),
    )
    lines = []
    for section in material.layout.sections:
        if not section.is_cells:
            continue
        lines.append(Line((section.letter, section.title, *(None,) * 8), bold=True))
        for row in section.rows:
            code, rule = row.indicator, material.rules[row.indicator]
            figure = material.figures.get(code)
            compared = material.compared.get(code, Compared(None, None, None))
            lines.append(
                Line(
                    (
                        row.number,
                        rule.name,
                        rule.unit_of_measure,
                        figure.value if figure else None,
                        compared.before,
                        compared.year_before,
                        compared.reached,
                        compared.target,
                        figure.reported if figure else None,
                        figure.expected if figure else None,
                    ),
                    level=depth(code, material.rules),
                )
            )
    return Sheet("Số liệu", columns, tuple(lines), title=_subject(material), remarks=remarks)


def _unit_sheet(material: Material, remarks: tuple[str, ...]) -> Sheet:
    codes = [code for code in material.layout.indicators if code in material.figures]
    columns = (
        SheetColumn("Đơn vị", 36),
        *(SheetColumn(material.rules[code].name, 14, is_number=True) for code in codes),
    )
    lines = [Line(("Tổng hợp", *(material.figures[code].value for code in codes)), bold=True)]
    for one in material.contributions:
        values = (one.figures[code].value if code in one.figures else None for code in codes)
        lines.append(Line((one.name, *values)))
    return Sheet("Theo đơn vị", columns, tuple(lines), title=_subject(material), remarks=remarks)


def _version_sheet(material: Material, remarks: tuple[str, ...]) -> Sheet:
    columns = (
        SheetColumn("Đơn vị", 36),
        SheetColumn("Bản", 8, is_number=True),
        SheetColumn("Nhận lúc", 18),
        SheetColumn("Mã bản (SHA-256)", 68),
    )
    lines = [
        Line(
            (
                material.unit_names.get(version.unit_id, version.unit_code),
                version.number,
                f"{version.received_at.astimezone(material.as_of.tzinfo):%d/%m/%Y %H:%M}",
                version.digest,
            )
        )
        for version in material.versions
    ]
    return Sheet("Bản báo cáo", columns, tuple(lines), title=_subject(material), remarks=remarks)
