"""The draft of many reports as a paper: the text with its source marks, and four annexes that lead everything back.

Papers are written in Vietnamese, the language in which they are issued.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePath

import loom
from loom.files import Noted
from nennep.documents.rules import (
    Align,
    Annex,
    Block,
    Column,
    Emphasis,
    Figure,
    Heading,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Span,
    Table,
    format_number,
    roman,
)

_NAMES_SHOWN = 3
_UNNAMED = "Đơn vị tổng hợp"
_MARKING = "Bản dự thảo ghép từ báo cáo của các đơn vị; người soạn thảo phải kiểm tra từng câu, từng số liệu."
# The chapters of a summary report, and the kinds that make each; a kind with a name has a heading of its own.
_CHAPTERS: tuple[tuple[str, tuple[tuple[loom.Kind, str], ...]], ...] = (
    ("Kết quả thực hiện nhiệm vụ", ((loom.Kind.RESULT, "Kết quả chung"), (loom.Kind.COMMENDATION, "Khen thưởng"))),
    (
        "Hạn chế, nguyên nhân, bài học kinh nghiệm",
        (
            (loom.Kind.SHORTCOMING, "Hạn chế, khuyết điểm"),
            (loom.Kind.CAUSE, "Nguyên nhân"),
            (loom.Kind.LESSON, "Bài học kinh nghiệm"),
        ),
    ),
    ("Phương hướng, nhiệm vụ", ((loom.Kind.TASK, ""),)),
    ("Đề xuất, kiến nghị", ((loom.Kind.PROPOSAL, ""),)),
)
_PERIODS = {"H1": "6 tháng đầu năm", "H2": "6 tháng cuối năm", "9M": "9 tháng đầu năm"}
_QUALIFIED = {
    loom.Qualifier.EXACT: "",
    loom.Qualifier.OVER: "hơn ",
    loom.Qualifier.UNDER: "gần ",
    loom.Qualifier.ABOUT: "khoảng ",
}
_NOT_ADDED = {
    loom.Refused.AMBIGUOUS: "Không cộng: có số đọc được theo nhiều cách",
    loom.Refused.RANGE: "Không cộng: có số nêu theo khoảng",
    loom.Refused.PARTS_AND_WHOLES: "Không cộng: có số là một phần (trong đó), có số là tổng",
    loom.Refused.PERIODS: "Không cộng: các báo cáo khác kỳ hoặc không nêu kỳ",
    loom.Refused.ROLES: "Không cộng: có số trong kỳ, có số lũy kế",
    loom.Refused.SAME_UNIT: "Không cộng: hai báo cáo của cùng một đơn vị",
    loom.Refused.TOLD_TWICE: "Không cộng: một báo cáo nêu hai số khác nhau",
    loom.Refused.NOT_ADDITIVE: "Không cộng: chỉ tiêu không cộng được giữa các đơn vị",
}
_BROKEN_RULES = {
    loom.Rule.SUM: "Tổng không khớp với các số thành phần",
    loom.Rule.RATIO: "Tỷ lệ không khớp với các số đã nêu",
    loom.Rule.PART_LE_WHOLE: "Số thành phần lớn hơn tổng",
}
_REMARKS = {
    Noted.FROM_TCVN3: "Chữ đã chuyển từ mã TCVN3 (ABC)",
    Noted.FROM_VNI: "Chữ đã chuyển từ mã VNI",
    Noted.FROM_WINDOWS_1258: "Chữ đã chuyển từ mã Windows-1258",
    Noted.MACROS: "Không xét các macro trong tệp",
    Noted.HIDDEN_SHEETS: "Bỏ qua các trang tính ẩn",
    Noted.HIDDEN_TEXT: "Bỏ qua chữ ẩn",
    Noted.DELETED_TEXT: "Bỏ qua chữ đã đánh dấu xóa",
    Noted.NOTES_LEFT_OUT: "Bỏ qua các chú thích cuối trang",
    Noted.EMPTY_PAGES: "Có trang không có lớp chữ (có thể là bản quét)",
    Noted.INVISIBLE_MARKS: "Đã bỏ các ký tự không nhìn thấy",
    Noted.CONTROL_MARKS: "Đã bỏ các ký tự điều khiển",
    Noted.RENAMED: "Tên tệp trong gói nén đã được làm sạch",
}


@dataclass(frozen=True)
class Report:
    """A report that the draft was made from, and what was noted when its text was taken out of the file."""

    reading: loom.Reading
    notes: tuple[Noted, ...] = ()

    @property
    def file(self) -> str:
        return PurePath(self.reading.name).name


@dataclass(frozen=True)
class NotRead:
    """A file that could not be used, and why, in a Vietnamese sentence."""

    file: str
    why: str


def woven_paper(
    reports: Sequence[Report], draft: loom.Draft, not_read: Sequence[NotRead], *, dated_on: date, unit: str = ""
) -> Paper:
    """The draft in the state layout: sentences with marks that lead to their sources, and the annexes.

    Annexes: the reports, the sources of every sentence, figures of one kind, and what has to be checked.
    """
    period = _period([report.reading for report in reports])
    return Paper(
        issuer=unit or _UNNAMED,
        symbol="BC",
        place="…………",
        dated_on=dated_on,
        kind="Báo cáo",
        subject=" ".join(filter(None, ("Tổng hợp kết quả công tác", period))),
        blocks=(_coverage(reports, draft, not_read), *_chapters(draft)),
        annexes=tuple(
            annex
            for annex in (
                _reports_annex(reports),
                _sources_annex(reports, draft),
                _additions_annex(reports, draft),
                _doubts_annex(reports, draft, not_read),
            )
            if annex
        ),
        marking=_MARKING,
    )


def _period(readings: Sequence[loom.Reading]) -> str:
    """The period in words when all the reports that name one name the same: `2024-H1` is `6 tháng đầu năm 2024`."""
    named = {reading.period.value for reading in readings if reading.period}
    return _in_words(named.pop()) if len(named) == 1 else ""


def _in_words(period: str) -> str:
    """A period as papers name it; one of another form stays as it is, its years joined by a dash."""
    year, _, part = period.partition("-")
    if not part and year.isdigit():
        return f"năm {year}"
    if part in _PERIODS:
        return f"{_PERIODS[part]} {year}"
    if part.isdigit():
        return f"tháng {int(part)} năm {year}"
    if part.startswith("Q") and part[1:].isdigit():
        return f"quý {roman(int(part[1:]))} năm {year}"
    return period.replace("..", "–")


def _coverage(reports: Sequence[Report], draft: loom.Draft, not_read: Sequence[NotRead]) -> Note:
    told = f"Ghép từ {len(reports)} báo cáo của {draft.units} đơn vị"
    missing = f"; {len(not_read)} tệp không dùng được, xem phụ lục cuối" if not_read else ""
    marks = "số nhỏ sau mỗi câu dẫn tới nguyên văn trong phụ lục"
    return Note((f"({told}{missing}; {marks}.)",))


# --- the text -------------------------------------------------------------------------------------


def _chapters(draft: loom.Draft) -> Iterator[Block]:
    by_number = {source.number: source for source in draft.sources}
    number = 0
    for title, kinds in _CHAPTERS:
        sections = [(section, name) for kind, name in kinds for section in draft.sections if section.kind is kind]
        if not sections:
            continue
        number += 1
        yield Heading(Level.ROMAN, roman(number), title)
        clause = 0
        for section, name in sections:
            if heading := _in_small_letters(section.heading) or name:
                clause += 1
                yield Heading(Level.CLAUSE, str(clause), heading)
            for sentence in section.sentences:
                yield Paragraph(_spans(sentence, by_number, draft.units))


def _in_small_letters(heading: str) -> str:
    """A heading as a clause is headed: one all in capitals is put in small letters."""
    text = heading.rstrip(" :.")
    return text.capitalize() if text.isupper() and len(text.split()) > 1 else text


def _spans(sentence: loom.Sentence, sources: Mapping[int, loom.Source], units: int) -> tuple[Span, ...]:
    """The sentence, who says it, and a raised mark for each source."""
    whole = _closed(sentence.text)
    said_by = list(dict.fromkeys(sources[mark].unit for mark in sentence.sources))
    named = ", ".join(said_by) if len(said_by) <= _NAMES_SHOWN else f"{sentence.units} trên {units} đơn vị"
    spans: list[Span] = [f"{whole[:1].upper()}{whole[1:]} ", Emphasis(f"({named})", italic=True)]
    for place, mark in enumerate(sentence.sources):
        spans.append(Figure("", _key(mark), f"{',' if place else ''}{mark}"))
    return tuple(spans)


# What leads in to points that stand elsewhere in the draft: `…, gồm:`, `…, cụ thể như sau:`.
_LEADS_IN = re.compile(
    r"(?:[,;]?\s*(?<!\w)(?:trong đó|bao gồm|gồm|cụ thể(?: là)?|như sau|sau đây|là|như))*\s*[:;,]+$", re.IGNORECASE
)


def _closed(text: str) -> str:
    """A sentence with its end mark; a colon or semicolon at its end, and the word that leads in to it, give way."""
    said = text.strip()
    said = _LEADS_IN.sub("", said).rstrip() or said.rstrip(" :;,")
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def _key(mark: int) -> str:
    return f"source-of-sentence-{mark}"


# --- the annexes ----------------------------------------------------------------------------------


def _reports_annex(reports: Sequence[Report]) -> Annex:
    columns = (
        Column("TT", 0.5, Align.CENTRE),
        Column("Đơn vị", 3),
        Column("Kỳ", 2.4),
        Column("Tệp", 3),
        Column("Số ý", 0.9, Align.RIGHT),
        Column("Số liệu", 1.1, Align.RIGHT),
    )
    rows = tuple(
        Row(
            (
                str(number),
                report.reading.unit.value if report.reading.unit else "(không nêu)",
                _in_words(report.reading.period.value) if report.reading.period else "(không nêu)",
                report.file,
                str(len(report.reading.statements)),
                str(len(report.reading.quantities)),
            )
        )
        for number, report in enumerate(reports, start=1)
    )
    return Annex("Các báo cáo được ghép", (Table(columns, rows),))


def _sources_annex(reports: Sequence[Report], draft: loom.Draft) -> Annex | None:
    columns = (
        Column("Số", 0.5, Align.CENTRE),
        Column("Đơn vị", 1.8),
        Column("Nguyên văn trong báo cáo", 6),
        Column("Tệp, dòng", 2),
    )
    rows = tuple(
        Row(
            (
                str(source.number),
                source.unit,
                source.text,
                f"{reports[source.reading].file}, dòng {_line(reports[source.reading].reading, source.span)}",
            ),
            key=_key(source.number),
        )
        for source in draft.sources
    )
    return Annex("Nguồn của từng câu", (Table(columns, rows),), landscape=True) if rows else None


def _line(reading: loom.Reading, span: loom.Span) -> int:
    """On which line of its report a place stands, from 1."""
    return reading.text.count("\n", 0, span.start) + 1


def _additions_annex(reports: Sequence[Report], draft: loom.Draft) -> Annex | None:
    columns = (
        Column("Nội dung", 3),
        Column("Đơn vị tính", 1.2),
        Column("Cộng", 1.2, Align.RIGHT),
        Column("Số liệu của từng đơn vị", 5),
    )
    rows = tuple(_addition_row(reports, addition) for addition in draft.additions)
    note = "(Chỉ cộng những số liệu cùng nội dung, cùng đơn vị tính, cùng kỳ, mỗi đơn vị một số)"
    return Annex("Số liệu nhiều đơn vị cùng nêu", (Table(columns, rows, note=note),), landscape=True) if rows else None


def _addition_row(reports: Sequence[Report], addition: loom.Addition) -> Row:
    told = []
    for part in addition.parts:
        reading = reports[part.reading].reading
        quantity = reading.quantities[part.quantity]
        who = reading.unit.value if reading.unit else reports[part.reading].file
        told.append(f"{who}: {_QUALIFIED[quantity.qualifier]}{quantity.quote}")
    if addition.refused:
        told.append(f"({_NOT_ADDED[addition.refused]})")
    total = "–" if addition.total is None else _shown(addition.total, addition.qualifier)
    return Row((addition.label, addition.measure, total, "; ".join(told)))


def _shown(value: Decimal, qualifier: loom.Qualifier) -> str:
    return _QUALIFIED[qualifier] + format_number(value, "vi")


def _doubts_annex(reports: Sequence[Report], draft: loom.Draft, not_read: Sequence[NotRead]) -> Annex | None:
    columns = (Column("TT", 0.5, Align.CENTRE), Column("Đơn vị, tệp", 3), Column("Điều cần kiểm tra", 6))
    found = [*_doubts_of_text(reports), *_doubts_of_numbers(reports, draft), *((one.file, one.why) for one in not_read)]
    rows = tuple(Row((str(number), where, what)) for number, (where, what) in enumerate(found, start=1))
    return Annex("Những điểm cần kiểm tra", (Table(columns, rows),)) if rows else None


def _doubts_of_text(reports: Sequence[Report]) -> Iterable[tuple[str, str]]:
    named = Counter(report.reading.unit.value for report in reports if report.reading.unit)
    periods = sorted({_in_words(report.reading.period.value) for report in reports if report.reading.period})
    if len(periods) > 1:
        yield "Toàn bộ", f"Các báo cáo không cùng kỳ: {'; '.join(periods)}"
    for report in reports:
        unit, period = report.reading.unit, report.reading.period
        if not unit:
            yield report.file, "Không rõ đơn vị báo cáo"
        elif named[unit.value] > 1:
            yield f"{unit.value}, {report.file}", "Có nhiều báo cáo của cùng đơn vị"
        if not period:
            yield report.file, "Không rõ kỳ báo cáo"
        for note in report.notes:
            if note in _REMARKS:
                yield report.file, _REMARKS[note]


def _doubts_of_numbers(reports: Sequence[Report], draft: loom.Draft) -> Iterable[tuple[str, str]]:
    for doubt in draft.doubts:
        quotes = "; ".join(f"“{quantity.quote}”" for quantity in doubt.quantities)
        where = f"{doubt.unit}, {reports[doubt.reading].file}"
        if doubt.arithmetic:
            yield where, f"{_BROKEN_RULES[doubt.arithmetic.rule]}: {quotes}"
        else:
            ways = " hoặc ".join(format_number(value, "vi") for value in doubt.quantities[0].readings)
            yield where, f"Số đọc được theo nhiều cách: {quotes} ({ways})"
